/* plico quarantine list, show, accept, reject, retry: what waits for a person. */
#include "base/archive.h"
#include "base/clock.h"
#include "base/durable.h"
#include "base/error.h"
#include "cmd/cmd.h"
#include "status/status.h"
#include "validate/validate.h"

static char *note;

static const GOptionEntry decide_options[] = {
	{ "note", 0, 0, G_OPTION_ARG_STRING, &note,
	    N_("why, for the history; to set aside, it is required"), "TEXT" },
	G_OPTION_ENTRY_NULL,
};

static char *values_file;

static const GOptionEntry accept_options[] = {
	{ "note", 0, 0, G_OPTION_ARG_STRING, &note, N_("why, for the history"), "TEXT" },
	{ "values", 0, 0, G_OPTION_ARG_FILENAME, &values_file,
	    N_("what you have typed in: the file that the page of plico quarantine enter saves, or its sheet.pdf as you filled it"),
	    "FILE" },
	G_OPTION_ENTRY_NULL,
};

static char *page_file;

static const GOptionEntry show_options[] = {
	{ "page", 0, 0, G_OPTION_ARG_FILENAME, &page_file,
	    N_("draw the first page of the file into this PNG"), "FILE" },
	G_OPTION_ENTRY_NULL,
};

static void
add_pending_json(JsonBuilder *builder, const Pending *pending)
{
	g_autofree char *when = clock_iso(pending->received_at);

	cmd_json_text(builder, "id", pending->id);
	cmd_json_text(builder, "kind", pending->is_message ? "message" : "return");
	cmd_json_text(builder, "state", pending->state);
	cmd_json_text(builder, "reason", pending->reason);
	cmd_json_text(builder, "detail", pending->detail);
	cmd_json_text(builder, "received_at", when);
	cmd_json_text(builder, "sender", pending->sender);
	cmd_json_text(builder, "subject", pending->subject);
	cmd_json_text(builder, "file", pending->file_name);
	cmd_json_text(builder, "file_sha256", pending->file_sha256);
	cmd_json_text(builder, "message_sha256", pending->raw_sha256);
	cmd_json_text(builder, "unit", pending->unit_code);
	cmd_json_text(builder, "unit_name", pending->unit_name);
	json_builder_set_member_name(builder, "unit_by_sender");
	json_builder_add_boolean_value(builder, pending->by_sender);
	cmd_json_text(builder, "section", pending->section);
	json_builder_set_member_name(builder, "acceptable");
	json_builder_add_boolean_value(builder, pending->acceptable);
}

static void
print_list_json(const GPtrArray *list)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_int(builder, "count", list->len);
	json_builder_set_member_name(builder, "items");
	json_builder_begin_array(builder);
	for (guint i = 0; i < list->len; i++) {
		json_builder_begin_object(builder);
		add_pending_json(builder, g_ptr_array_index(list, i));
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

static void
print_list(const GPtrArray *list)
{
	g_autoptr(CmdTable) table = cmd_table_new("lllllll");
	static const char *const heads[] = { N_("no."), N_("received"), N_("state"), N_("unit"),
		N_("section"), N_("reason"), N_("sender (as claimed)") };

	for (gsize i = 0; i < G_N_ELEMENTS(heads); i++)
		cmd_table_add(table, _(heads[i]));
	cmd_table_add_rule(table);
	for (guint i = 0; i < list->len; i++) {
		const Pending *pending = g_ptr_array_index(list, i);
		g_autofree char *when = clock_local(pending->received_at);
		g_autofree char *unit =
		    g_strconcat(pending->unit_name, pending->by_sender ? " ?" : "", NULL);

		cmd_table_add(table, pending->id);
		cmd_table_add(table, when);
		cmd_table_add(table, pending->acceptable ? _("to confirm") : _("in quarantine"));
		cmd_table_add(table, unit);
		cmd_table_add(table, pending->section);
		cmd_table_add(table, validate_reason_words(pending->reason));
		cmd_table_add(table, pending->sender);
	}
	cmd_table_print(table);
	g_print(ngettext("%u item waits; plico quarantine show NO. tells more.\n",
		    "%u items wait; plico quarantine show NO. tells more.\n", list->len),
	    list->len);
}

static gboolean
run_list(App *app, char **words, GError **error)
{
	g_autoptr(GPtrArray) list = intake_pending(app->store, NULL, error);

	(void)words;
	if (list == NULL)
		return FALSE;
	if (app->json)
		print_list_json(list);
	else if (list->len == 0)
		g_print(_("Nothing waits.\n"));
	else
		print_list(list);
	return TRUE;
}

/* The one that waits with this number. Returns: (transfer none): owned by @list */
static const Pending *
find_pending(Store *store, const char *id, GPtrArray **list, GError **error)
{
	*list = intake_pending(store, id, error);
	if (*list == NULL)
		return NULL;
	if ((*list)->len > 0)
		return g_ptr_array_index(*list, 0);
	fail(error, PLICO_ERROR_NOT_FOUND,
	    _("%s: does not wait; plico quarantine list shows what does"), id);
	return NULL;
}

static void
print_line(const char *name, const char *value)
{
	if (*value != '\0')
		g_print("%-18s %s\n", name, value);
}

static void
print_pending(const App *app, const Pending *pending)
{
	g_autofree char *archive = cmd_path(app, "archive");
	g_autofree char *shelf = g_strndup(pending->raw_sha256, 2);
	g_autofree char *raw = g_build_filename(archive, shelf, pending->raw_sha256 + 2, NULL);
	g_autofree char *when = clock_local(pending->received_at);
	g_autofree char *unit = g_strdup_printf("%s %s", pending->unit_code, pending->unit_name);

	print_line(_("number"), pending->id);
	print_line(_("received"), when);
	print_line(_("state"), status_words(pending->state));
	print_line(_("reason"), validate_reason_words(pending->reason));
	print_line("", pending->detail);
	print_line(pending->by_sender ? _("unit (by sender)") : _("unit (by sheet)"),
	    *pending->unit_code != '\0' ? unit : "");
	print_line(_("section"), pending->section);
	print_line(_("sender"), pending->sender);
	print_line(_("subject"), pending->subject);
	print_line(_("file"), pending->file_name);
	print_line(_("whole message"), raw);
}

/* @form: of a delegation sheet, its own. */
static void
print_section(const StoredAnswers *stored, const Form *form)
{
	const Section *section = form_section(form, stored->section);
	g_autoptr(GPtrArray) questions = section != NULL ? cmd_questions(section) : NULL;
	g_autoptr(CmdTable) table = cmd_table_new("ll");

	if (section == NULL || g_hash_table_size(stored->values) == 0)
		return;
	for (guint i = 0; i < questions->len; i++) {
		const Item *item = g_ptr_array_index(questions, i);
		const char *value = g_hash_table_lookup(stored->values, item->name);
		g_autofree char *shown =
		    value != NULL ? answer_words(form, item, value, form->default_lang) : NULL;

		if (shown == NULL)
			continue;
		cmd_table_add(table, item->name);
		cmd_table_add(table, shown);
	}
	g_print("\n");
	cmd_table_print(table);
	cmd_print_findings(stored->findings);
}

static gboolean
print_answers(const App *app, const Pending *pending, const StoredAnswers *stored, const Form *form,
    GError **error)
{
	g_autoptr(Unit) unit = NULL;
	g_autoptr(FormView) view = NULL;
	g_autoptr(Form) delegation = NULL;

	if (strcmp(stored->section, FORM_DELEGATION) != 0) {
		print_section(stored, form);
		return TRUE;
	}
	unit = registry_find(app->store, pending->unit_code, error);
	if (unit == NULL)
		return FALSE;
	view = form_view_new(form, unit);
	delegation = form_delegation(view);
	print_section(stored, delegation);
	return TRUE;
}

/* What a viewer would show, without the danger: drawn in the cage. */
static gboolean
write_page(const App *app, const Pending *pending, GError **error)
{
	g_autofree char *archive = cmd_path(app, "archive");
	g_autoptr(PecTrust) trust = NULL;
	g_autoptr(GBytes) raw = NULL;
	g_autoptr(GBytes) png = NULL;

	if (pending->is_message)
		return fail(error, PLICO_ERROR_USAGE,
		    _("%s: a message has no page; only files that came with one do"), pending->id);
	trust = pec_trust_open(config_text(app->config, CONFIG_pec_certificates),
	    config_text(app->config, CONFIG_mail_from), error);
	raw = trust != NULL ? archive_open(archive, pending->raw_sha256, error) : NULL;
	if (raw == NULL)
		return FALSE;
	collect_prepare();
	png = collect_page(raw, trust, pending->file_sha256, 0, error);
	return png != NULL && durable_replace(page_file, png, 0600, error);
}

static gboolean
run_show(App *app, char **words, GError **error)
{
	g_autoptr(GPtrArray) list = NULL;
	g_autoptr(StoredAnswers) stored = NULL;
	g_autoptr(Form) form = cmd_form(app, error);
	const Pending *pending =
	    form != NULL ? find_pending(app->store, words[0], &list, error) : NULL;

	if (pending == NULL || (page_file != NULL && !write_page(app, pending, error)))
		return FALSE;
	if (app->json) {
		print_list_json(list);
		return TRUE;
	}
	print_pending(app, pending);
	if (pending->is_message)
		return TRUE;
	stored = stored_answers_of_return(app->store, pending->number, error);
	return stored != NULL && print_answers(app, pending, stored, form, error);
}

typedef gboolean (*Decision)(
    const IntakeTools *tools, gint64 number, const char *actor, const char *why, GError **error);

/* Carries out @of_return or @of_message, whichever the number names; NULL: not for these. */
static gboolean
decide(App *app, const char *id, Decision of_return, Decision of_message, const char *refusal,
    GError **error)
{
	g_autoptr(GPtrArray) list = NULL;
	g_autoptr(Form) form = cmd_form(app, error);
	const IntakeTools tools = { app->store, app->config, app->keyring, form, NULL, NULL };
	const Pending *pending = form != NULL ? find_pending(app->store, id, &list, error) : NULL;
	Decision decision;

	if (pending == NULL)
		return FALSE;
	decision = pending->is_message ? of_message : of_return;
	if (decision == NULL)
		return fail(error, PLICO_ERROR_USAGE, "%s: %s", id, refusal);
	return decision(&tools, pending->number, cmd_operator(), note != NULL ? note : "", error);
}

/* Returns: (transfer full): fields by name */
static FieldSet *
open_values(GError **error)
{
	g_autofree char *content = NULL;
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(CollectedPdf) pdf = NULL;
	gsize size;

	if (!g_file_get_contents(values_file, &content, &size, error))
		return NULL;
	bytes = g_bytes_new_take(g_steal_pointer(&content), size);
	if (size < 5 || memcmp(g_bytes_get_data(bytes, NULL), "%PDF-", 5) != 0)
		return entry_read(bytes, values_file, error);
	collect_prepare();
	pdf = collect_pdf(bytes, values_file, error);
	if (pdf == NULL)
		return NULL;
	if (pdf->verdict != PDF_REFUSED && pdf->fields != NULL)
		return g_hash_table_ref(pdf->fields);
	fail(error, PLICO_ERROR_INPUT, "%s: %s", values_file, pdf->detail);
	return NULL;
}

static gboolean
accept_entry(
    const IntakeTools *tools, gint64 number, const char *actor, const char *why, GError **error)
{
	g_autofree char *kept =
	    g_build_filename(config_workspace(tools->config), "archive", "forms", NULL);
	g_autoptr(FormShelf) shelf = form_shelf_new(tools->form, kept);
	g_autoptr(FieldSet) fields = open_values(error);
	IntakeTools all = *tools;

	all.shelf = shelf; /* the sheet may be of another version */
	return fields != NULL && intake_enter(&all, number, fields, actor, why, error);
}

static gboolean
run_accept(App *app, char **words, GError **error)
{
	if (!decide(app, words[0], values_file != NULL ? accept_entry : intake_accept, NULL,
		_("only returns can be accepted; plico quarantine reject sets a message aside"),
		error))
		return FALSE;
	g_print(_("%s: accepted, its answers count\n"), words[0]);
	return TRUE;
}

static gboolean
run_reject(App *app, char **words, GError **error)
{
	if (!decide(app, words[0], intake_reject, intake_dismiss, "", error))
		return FALSE;
	g_print(_("%s: set aside; the message stays in the archive\n"), words[0]);
	return TRUE;
}

static gboolean
run_retry(App *app, char **words, GError **error)
{
	if (!decide(app, words[0], NULL, intake_retry, _("only whole messages can be read again"),
		error))
		return FALSE;
	g_print(_("%s: will be read again by the next plico collect\n"), words[0]);
	return TRUE;
}

const Command command_quarantine_list = {
	.name = "quarantine list",
	.summary = N_("list what waits for a person"),
	.help = N_(
	    "Returns to confirm: the sheet is genuine, but came without the unit's access code. In quarantine: files and messages that cannot be answers as they are."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.run = run_list,
};

const Command command_quarantine_show = {
	.name = "quarantine show",
	.words = "NO.",
	.summary = N_("show one thing that waits, with the answers that could be read"),
	.help = N_(
	    "--page draws the first page as a viewer would show it, with what is in its fields, without that the file could do anything: look at the picture, not at the file."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.least = 1,
	.most = 1,
	.options = show_options,
	.run = run_show,
};

const Command command_quarantine_accept = {
	.name = "quarantine accept",
	.words = "NO.",
	.summary = N_("let the answers of a return count"),
	.help = N_(
	    "Your login and the note go into the history. A return that is older than the one that counts for its section is refused. A sheet that was scanned, or printed to a file, is accepted with --values: what you have read in it."),
	.needs = NEEDS_STORE | NEEDS_KEYS,
	.least = 1,
	.most = 1,
	.options = accept_options,
	.run = run_accept,
};

const Command command_quarantine_reject = {
	.name = "quarantine reject",
	.words = "NO.",
	.summary = N_("set a return or a message aside"),
	.needs = NEEDS_STORE | NEEDS_KEYS,
	.least = 1,
	.most = 1,
	.options = decide_options,
	.run = run_reject,
};

const Command command_quarantine_retry = {
	.name = "quarantine retry",
	.words = "NO.",
	.summary = N_("read a quarantined message again"),
	.needs = NEEDS_STORE | NEEDS_KEYS,
	.least = 1,
	.most = 1,
	.options = decide_options,
	.run = run_retry,
};

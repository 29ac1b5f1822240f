/* plico messages list, show: what people and machines have written, for those who answer them. */
#include "base/archive.h"
#include "base/clock.h"
#include "base/error.h"
#include "cmd/cmd.h"
#include "status/status.h"
#include "validate/incoming.h"
#include "validate/validate.h"

static char *message_class;
static char *state;
static char *since;

static const GOptionEntry list_options[] = {
	{ "class", 0, 0, G_OPTION_ARG_STRING, &message_class,
	    N_("only these, all of them: other (texts of people), auto_reply, complaint, bounce, receipt, read_receipt or return"),
	    "CLASS" },
	{ "state", 0, 0, G_OPTION_ARG_STRING, &state,
	    N_("only these: new (not read yet), parsed or quarantined"), "STATE" },
	{ "since", 0, 0, G_OPTION_ARG_STRING, &since,
	    N_("only what was received on this day or later: 2025-10-18"), "DAY" },
	G_OPTION_ENTRY_NULL,
};

/* --- list ------------------------------------------------------------------------------------------------------------- */

static void
add_json(JsonBuilder *builder, const Incoming *incoming)
{
	g_autofree char *id = g_strdup_printf("m%" PRId64, incoming->id);
	g_autofree char *when = clock_iso(incoming->received_at);

	cmd_json_text(builder, "id", id);
	cmd_json_text(builder, "class", incoming->message_class);
	cmd_json_text(builder, "state", incoming->state);
	cmd_json_text(builder, "reason", incoming->reason);
	cmd_json_text(builder, "note", incoming->note);
	cmd_json_text(builder, "received_at", when);
	cmd_json_text(builder, "sender", incoming->sender);
	cmd_json_text(builder, "subject", incoming->subject);
	cmd_json_text(builder, "unit", incoming->unit_code);
	cmd_json_text(builder, "unit_name", incoming->unit_name);
	cmd_json_text(builder, "effect", incoming->effect);
	cmd_json_text(builder, "message_sha256", incoming->sha256);
}

static void
print_list_json(const GPtrArray *list, const IdleReceipts *idle)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_int(builder, "count", list->len);
	cmd_json_int(builder, "receipts_not_ours", idle->not_ours);
	cmd_json_int(builder, "receipts_unverified", idle->unverified);
	json_builder_set_member_name(builder, "items");
	json_builder_begin_array(builder);
	for (guint i = 0; i < list->len; i++) {
		json_builder_begin_object(builder);
		add_json(builder, g_ptr_array_index(list, i));
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

/* What was done with it. */
static const char *
done_with(const Incoming *incoming)
{
	if (*incoming->reason != '\0')
		return validate_reason_words(incoming->reason);
	return *incoming->effect != '\0' ? status_words(incoming->effect)
					 : status_words(incoming->state);
}

static void
print_list(const GPtrArray *list)
{
	static const char *const heads[] = { N_("no."), N_("received"), N_("kind"), N_("unit"),
		N_("sender (as claimed)"), N_("subject"), N_("what was done") };
	g_autoptr(CmdTable) table = cmd_table_new("lllllll");

	for (gsize i = 0; i < G_N_ELEMENTS(heads); i++)
		cmd_table_add(table, _(heads[i]));
	cmd_table_add_rule(table);
	for (guint i = 0; i < list->len; i++) {
		const Incoming *incoming = g_ptr_array_index(list, i);
		g_autofree char *id = g_strdup_printf("m%" PRId64, incoming->id);
		g_autofree char *when = clock_local(incoming->received_at);

		cmd_table_add(table, id);
		cmd_table_add(table, when);
		cmd_table_add(table, incoming_class_words(incoming->message_class));
		cmd_table_add(table, incoming->unit_name);
		cmd_table_add(table, incoming->sender);
		cmd_table_add(table, incoming->subject);
		cmd_table_add(table, done_with(incoming));
	}
	cmd_table_print(table);
	g_print(ngettext("%u message; plico messages show NO. tells what it says.\n",
		    "%u messages; plico messages show NO. tells what one says.\n", list->len),
	    list->len);
}

static void
print_idle(const IdleReceipts *idle)
{
	if (idle->not_ours > 0)
		g_print(_("Receipts about no message of ours, or about what was known: %u.\n"),
		    idle->not_ours);
	if (idle->unverified > 0)
		g_print(_("Receipts that no provider vouches for: %u.\n"), idle->unverified);
}

static gboolean
read_filter(IncomingFilter *filter, GError **error)
{
	*filter = (IncomingFilter){ message_class, state, 0 };
	if (since == NULL)
		return TRUE;
	filter->since = clock_day_of(since);
	return filter->since >= 0 ||
	       fail(error, PLICO_ERROR_USAGE, _("--since %s: no day, such as 2025-10-18"), since);
}

static gboolean
run_list(App *app, char **words, GError **error)
{
	IncomingFilter filter;
	IdleReceipts idle = { 0 };
	g_autoptr(GPtrArray) list = NULL;

	(void)words;
	if (!read_filter(&filter, error))
		return FALSE;
	list = incoming_list(app->store, &filter, error);
	if (list == NULL || !incoming_idle_receipts(app->store, &idle, error))
		return FALSE;
	if (app->json) {
		print_list_json(list, &idle);
		return TRUE;
	}
	if (list->len == 0)
		g_print(_("No messages.\n"));
	else
		print_list(list);
	print_idle(&idle);
	return TRUE;
}

/* --- show ------------------------------------------------------------------------------------------------------------- */

/* One message as it is shown: @read is what the cage says of it, or @why says why nothing can be. */
typedef struct {
	Incoming *incoming;
	GPtrArray *events; /* of IncomingEvent */
	Collected *read;   /* (nullable) */
	GError *why;	   /* (nullable) */
} Opened;

static void
opened_clear(Opened *opened)
{
	incoming_free(opened->incoming);
	g_clear_pointer(&opened->events, g_ptr_array_unref);
	collected_free(opened->read);
	g_clear_error(&opened->why);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Opened, opened_clear)

/* Read anew in the cage: the database keeps no texts. A message that cannot be read is shown without. */
static gboolean
open_message(const App *app, Opened *opened, GError **error)
{
	g_autofree char *archive = cmd_path(app, "archive");
	g_autoptr(PecTrust) trust =
	    pec_trust_open(config_text(app->config, CONFIG_pec_certificates),
		config_text(app->config, CONFIG_mail_from), error);
	g_autoptr(GBytes) raw =
	    trust != NULL ? archive_open(archive, opened->incoming->sha256, error) : NULL;

	if (raw == NULL)
		return FALSE;
	collect_prepare();
	opened->read = collect_message(raw, trust, &opened->why);
	if (opened->read != NULL || g_error_matches(opened->why, PLICO_ERROR, PLICO_ERROR_INPUT))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&opened->why));
	return FALSE;
}

static void
add_events_json(JsonBuilder *builder, const GPtrArray *events)
{
	json_builder_set_member_name(builder, "events");
	json_builder_begin_array(builder);
	for (guint i = 0; i < events->len; i++) {
		const IncomingEvent *event = g_ptr_array_index(events, i);
		g_autofree char *when = clock_iso(event->at);

		json_builder_begin_object(builder);
		cmd_json_text(builder, "at", when);
		cmd_json_text(builder, "what", event->what);
		cmd_json_text(builder, "unit", event->unit_code);
		cmd_json_text(builder, "note", event->note);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
}

static void
add_names_json(JsonBuilder *builder, const Collected *read)
{
	json_builder_set_member_name(builder, "files");
	json_builder_begin_array(builder);
	for (guint i = 0; read != NULL && i < read->pdfs->len; i++) {
		const CollectedPdf *pdf = g_ptr_array_index(read->pdfs, i);

		json_builder_add_string_value(builder, pdf->file_name);
	}
	for (guint i = 0; read != NULL && i < read->attachments->len; i++)
		json_builder_add_string_value(builder, g_ptr_array_index(read->attachments, i));
	json_builder_end_array(builder);
}

static void
print_opened_json(const Opened *opened)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	add_json(builder, opened->incoming);
	cmd_json_text(builder, "text", opened->read != NULL ? opened->read->text : "");
	cmd_json_text(builder, "unreadable", opened->why != NULL ? opened->why->message : "");
	add_names_json(builder, opened->read);
	add_events_json(builder, opened->events);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

static void
print_line(const char *name, const char *value)
{
	if (*value != '\0')
		g_print("%-18s %s\n", name, value);
}

static void
print_head(const App *app, const Incoming *incoming)
{
	g_autofree char *archive = cmd_path(app, "archive");
	g_autofree char *raw =
	    g_strdup_printf("%s/%.2s/%s", archive, incoming->sha256, incoming->sha256 + 2);
	g_autofree char *id = g_strdup_printf("m%" PRId64, incoming->id);
	g_autofree char *when = clock_local(incoming->received_at);
	g_autofree char *unit = g_strdup_printf("%s %s", incoming->unit_code, incoming->unit_name);

	print_line(_("number"), id);
	print_line(_("received"), when);
	print_line(_("kind"), incoming_class_words(incoming->message_class));
	print_line(_("state"), status_words(incoming->state));
	print_line(
	    _("reason"), *incoming->reason != '\0' ? validate_reason_words(incoming->reason) : "");
	print_line(_("unit (by sender)"), *incoming->unit_code != '\0' ? unit : "");
	print_line(_("sender"), incoming->sender);
	print_line(_("subject"), incoming->subject);
	print_line(_("whole message"), raw);
}

static void
print_opened(const App *app, const Opened *opened)
{
	print_head(app, opened->incoming);
	for (guint i = 0; opened->read != NULL && i < opened->read->pdfs->len; i++)
		print_line(_("file"),
		    ((const CollectedPdf *)g_ptr_array_index(opened->read->pdfs, i))->file_name);
	for (guint i = 0; opened->read != NULL && i < opened->read->attachments->len; i++)
		print_line(_("file"), g_ptr_array_index(opened->read->attachments, i));
	for (guint i = 0; i < opened->events->len; i++) {
		const IncomingEvent *event = g_ptr_array_index(opened->events, i);
		g_autofree char *when = clock_local(event->at);
		g_autofree char *line =
		    g_strdup_printf("%s %s %s", when, status_words(event->what), event->unit_code);

		if (!g_str_has_prefix(event->what, "message."))
			print_line(_("followed by"), line);
	}
	if (opened->why != NULL)
		g_print(_("\nIts text cannot be read: %s\n"), opened->why->message);
	else
		g_print("\n%s\n", g_strchomp(opened->read->text));
}

static gboolean
run_show(App *app, char **words, GError **error)
{
	g_auto(Opened) opened = { 0 };

	opened.incoming = incoming_find(app->store, words[0], error);
	if (opened.incoming == NULL)
		return FALSE;
	opened.events = incoming_events(app->store, opened.incoming, error);
	if (opened.events == NULL || !open_message(app, &opened, error))
		return FALSE;
	if (app->json)
		print_opened_json(&opened);
	else
		print_opened(app, &opened);
	return TRUE;
}

const Command command_messages_list = {
	.name = "messages list",
	.summary = N_("list what has been written to the survey, apart from sheets"),
	.help = N_(
	    "Questions and other texts of people, automatic replies, complaints, and receipts and bounces that tell of no message of ours: what somebody may have to answer. Sheets that came back are left out, and so are receipts that did their work; --class shows them. The municipality is the one whose registered address, or whose delegate's, the sender claims: a hint, no proof."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.options = list_options,
	.run = run_list,
};

const Command command_messages_show = {
	.name = "messages show",
	.words = "NO.",
	.summary = N_("show what a message says, and what followed from it"),
	.help = N_(
	    "The text is read in the cage, as at its arrival: what a terminal might obey is not in it, pictures and links do nothing. The answer goes by your mail program to the municipality's registered address; plico units show has it."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.least = 1,
	.most = 1,
	.run = run_show,
};

/* plico status: where the survey stands, on one screen. */
#include "status/status.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/troubles.h"
#include "outbox/outbox.h"

#include <string.h>

#define BAR_WIDTH 24

static char *by;
static gboolean rebuild;

static const GOptionEntry options[] = {
	{ "by", 0, 0, G_OPTION_ARG_STRING, &by, N_("one line for each region, province or size"),
	    "region|province|size" },
	{ "rebuild", 0, 0, G_OPTION_ARG_NONE, &rebuild,
	    N_("make the states anew from the whole history first"), NULL },
	G_OPTION_ENTRY_NULL,
};

typedef struct {
	const Form *form;
	StatusCounts *total;
	GPtrArray *groups; /* (nullable) of StatusCounts */
	GPtrArray *sections;
	guint
	    unknown_messages; /* dispatches of all kinds and editions that wait for a person's word */
	Troubles troubles;    /* why the undelivered are */
	gint64 as_of;
} Status;

static void
status_clear(Status *status)
{
	g_clear_pointer(&status->total, status_counts_free);
	g_clear_pointer(&status->groups, g_ptr_array_unref);
	g_clear_pointer(&status->sections, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Status, status_clear)

static gboolean
load_groups(Store *store, Status *status, GError **error)
{
	static const char *const names[] = {
		[BY_REGION] = "region", [BY_PROVINCE] = "province", [BY_SIZE] = "size"
	};

	if (by == NULL)
		return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(by, names[i]) == 0) {
			status->groups = status_by(store, status->form, (StatusBy)i, error);
			return status->groups != NULL;
		}
	return fail(error, PLICO_ERROR_USAGE, _("--by %s: choose region, province or size"), by);
}

static gboolean
count_unknown(Store *store, Status *status, GError **error)
{
	g_autoptr(GHashTable) counts = outbox_counts(store, 0, error);

	if (counts != NULL)
		status->unknown_messages = GPOINTER_TO_UINT(g_hash_table_lookup(counts, "unknown"));
	return counts != NULL;
}

static gboolean
load_troubles(Store *store, Status *status, GError **error)
{
	g_autoptr(Rows) rows =
	    store_query(store, error, SQL_status_undelivered, "t", status->form->id);

	return rows != NULL && troubles_read(&status->troubles, rows, error);
}

static gboolean
load(Store *store, Status *status, GError **error)
{
	status->as_of = clock_now();
	if (rebuild && !status_rebuild(store, status->form, error))
		return FALSE;
	if (!status_refresh(store, status->form, error) || !load_groups(store, status, error) ||
	    !count_unknown(store, status, error) || !load_troubles(store, status, error))
		return FALSE;
	status->total = status_total(store, status->form, error);
	if (status->total == NULL)
		return FALSE;
	status->sections = status_sections(store, status->form, error);
	return status->sections != NULL;
}

static void
add_counts_json(JsonBuilder *builder, const StatusCounts *counts)
{
	cmd_json_int(builder, "units", counts->units);
	cmd_json_int(builder, "never_opened", counts->never_opened);
	cmd_json_int(builder, "in_progress", counts->in_progress);
	cmd_json_int(builder, "completed", counts->completed);
	cmd_json_int(builder, "declined", counts->declined);
	cmd_json_int(builder, "excluded", counts->excluded);
	cmd_json_int(builder, "undelivered", counts->undelivered);
	cmd_json_int(builder, "unknown", counts->unknown);
}

static void
add_groups_json(JsonBuilder *builder, const Status *status)
{
	if (status->groups == NULL)
		return;
	json_builder_set_member_name(builder, "by");
	json_builder_add_string_value(builder, by);
	json_builder_set_member_name(builder, "groups");
	json_builder_begin_array(builder);
	for (guint i = 0; i < status->groups->len; i++) {
		const StatusCounts *group = g_ptr_array_index(status->groups, i);

		json_builder_begin_object(builder);
		cmd_json_text(builder, "name", group->name);
		add_counts_json(builder, group);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
}

static void
print_json(const Status *status)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autofree char *as_of = clock_iso(status->as_of);
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_text(builder, "as_of", as_of);
	cmd_json_text(builder, "edition", status->form->id);
	add_counts_json(builder, status->total);
	cmd_json_int(builder, "closed", status->total->closed);
	cmd_json_int(builder, "unknown_messages", status->unknown_messages);
	troubles_add_json(&status->troubles, builder);
	json_builder_set_member_name(builder, "sections");
	json_builder_begin_array(builder);
	for (guint i = 0; i < status->sections->len; i++) {
		const SectionCounts *counts = g_ptr_array_index(status->sections, i);

		json_builder_begin_object(builder);
		cmd_json_text(builder, "name", counts->section->name);
		cmd_json_int(builder, "sent", counts->sent);
		cmd_json_int(builder, "received", counts->received);
		cmd_json_int(builder, "received_with_findings", counts->received_with_findings);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
	add_groups_json(builder, status);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

/* "6.253  79,2%": one cell, so that the head stands above both. */
static void
add_share(CmdTable *table, gint64 part, gint64 whole)
{
	g_autofree char *number = text_number(part);
	g_autofree char *percent = text_percent(part, whole);
	g_autofree char *cell = g_strdup_printf("%s %6s", number, percent);

	cmd_table_add(table, cell);
}

/* Those who left take a column only where there are any, of all or of none of the lines. */
static void
add_counts(CmdTable *table, const char *name, const StatusCounts *counts, const StatusCounts *total)
{
	cmd_table_add(table, name);
	cmd_table_add_number(table, counts->units);
	add_share(table, counts->never_opened, counts->units);
	add_share(table, counts->in_progress, counts->units);
	add_share(table, counts->completed, counts->units);
	if (total->declined > 0)
		cmd_table_add_number(table, counts->declined);
	if (total->excluded > 0)
		cmd_table_add_number(table, counts->excluded);
	cmd_table_add_number(table, counts->undelivered);
}

static void
add_heads(CmdTable *table, const StatusCounts *total)
{
	cmd_table_add(table, "");
	cmd_table_add(table, _("units"));
	cmd_table_add(table, _("never opened"));
	cmd_table_add(table, _("in progress"));
	cmd_table_add(table, _("completed"));
	if (total->declined > 0)
		cmd_table_add(table, _("declined"));
	if (total->excluded > 0)
		cmd_table_add(table, _("excluded"));
	cmd_table_add(table, _("not delivered"));
	cmd_table_add_rule(table);
}

static void
print_units(const Status *status)
{
	const StatusCounts *total = status->total;
	g_autofree char *align = g_strdup_printf(
	    "lrrrrr%s%s", total->declined > 0 ? "r" : "", total->excluded > 0 ? "r" : "");
	g_autoptr(CmdTable) table = cmd_table_new(align);

	add_heads(table, total);
	for (guint i = 0; status->groups != NULL && i < status->groups->len; i++) {
		const StatusCounts *group = g_ptr_array_index(status->groups, i);

		add_counts(table, group->name, group, total);
	}
	if (status->groups != NULL)
		cmd_table_add_rule(table);
	add_counts(table, _("all"), total, total);
	cmd_table_print(table);
}

/* Full boxes for what is right, half ones for what holds errors, empty ones for what is out. */
static char *
draw_bar(const SectionCounts *counts)
{
	g_autoptr(GString) bar = g_string_new(NULL);
	gint64 sent = MAX(counts->sent, 1);
	gint64 full = counts->received * BAR_WIDTH / sent;
	gint64 half = (counts->received + counts->received_with_findings) * BAR_WIDTH / sent - full;

	for (gint64 i = 0; i < BAR_WIDTH && counts->sent > 0; i++)
		g_string_append(bar, i < full ? "█" : i < full + half ? "▒" : "·");
	return g_string_free(g_steal_pointer(&bar), FALSE);
}

static void
print_sections(const Status *status)
{
	g_autoptr(CmdTable) table = cmd_table_new("llrrrl");

	cmd_table_add(table, "");
	cmd_table_add(table, _("section"));
	cmd_table_add(table, _("sent"));
	cmd_table_add(table, _("received"));
	cmd_table_add(table, _("with errors"));
	cmd_table_add(table, "");
	cmd_table_add_rule(table);
	for (guint i = 0; i < status->sections->len; i++) {
		const SectionCounts *counts = g_ptr_array_index(status->sections, i);
		g_autofree char *bar = draw_bar(counts);

		cmd_table_add(table, counts->section->number);
		cmd_table_add(table, form_text(status->form, counts->section->group->labels,
					 status->form->default_lang));
		cmd_table_add_number(table, counts->sent);
		add_share(table, counts->received, counts->sent);
		cmd_table_add_number(table, counts->received_with_findings);
		cmd_table_add(table, bar);
	}
	cmd_table_print(table);
}

static void
print_notes(const Status *status)
{
	const StatusCounts *total = status->total;
	g_autofree char *unknown = text_number(status->unknown_messages);
	g_autofree char *closed = text_number(total->closed);

	if (status->unknown_messages > 0)
		g_print(
		    _("Nobody knows whether these messages left: %s; `plico wave list` tells of which waves, `plico wave show` what to do\n"),
		    unknown);
	if (total->closed > 0)
		g_print(_("Not counted, closed in the registry: %s\n"), closed);
}

static void
print_status(const Status *status)
{
	g_autofree char *as_of = clock_local(status->as_of);

	g_print("%s (%s), %s\n\n", status->form->title, status->form->id, as_of);
	print_units(status);
	g_print("\n");
	print_sections(status);
	troubles_print(&status->troubles, _("units"));
	print_notes(status);
}

static gboolean
run(App *app, char **words, GError **error)
{
	g_autoptr(Form) form = cmd_form(app, error);
	g_auto(Status) status = { .form = form };

	(void)words;
	if (form == NULL || !load(app->store, &status, error))
		return FALSE;
	if (app->json)
		print_json(&status);
	else
		print_status(&status);
	return TRUE;
}

const Command command_status = {
	.name = "status",
	.summary = N_("show where the survey stands"),
	.help = N_(
	    "Never opened: nothing has come back. In progress: at least one sheet has. Completed: every section that asks the unit something is in without errors. Units closed in the registry are not counted."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.options = options,
	.run = run,
};

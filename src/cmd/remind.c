/* plico remind: plans the next wave of reminders. */
#include "remind/remind.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "cmd/segment.h"

#include <string.h>

#define ROWS_SHOWN 20

static gboolean dry_run;
static char *only;

static const GOptionEntry options[] = {
	{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, N_("tell, plan nothing"), NULL },
	{ "only", 0, 0, G_OPTION_ARG_STRING, &only,
	    N_("only this policy: never_opened, in_progress, second_address, wrong_answers, last_call"),
	    "POLICY" },
	SEGMENT_OPTIONS,
	G_OPTION_ENTRY_NULL,
};

static const char *
verdict_words(RemindVerdict verdict)
{
	static const char *const words[REMIND_VERDICTS] = {
		[REMIND_NEVER_OPENED] = N_("reminded: never opened"),
		[REMIND_IN_PROGRESS] = N_("reminded: in progress"),
		[REMIND_SECOND_ADDRESS] = N_("invited anew: at another address"),
		[REMIND_WRONG_ANSWERS] = N_("asked to correct answers"),
		[REMIND_LAST_CALL] = N_("last call before the deadline"),
		[REMIND_WITH_US] = N_("waiting for us: to confirm or to correct"),
		[REMIND_TOO_EARLY] = N_("too early"),
		[REMIND_ON_ITS_WAY] = N_("a message is on its way"),
		[REMIND_ENOUGH] = N_("had all reminders"),
		[REMIND_OFF] = N_("not asked for, or switched off"),
		[REMIND_LATE] = N_("the deadline has passed"),
		[REMIND_NOT_INVITED] = N_("invitation not sent, or not known whether"),
		[REMIND_UNDELIVERED] = N_("not delivered: find another address"),
		[REMIND_DONE] = N_("done, declined or excluded"),
	};

	return _(words[verdict]);
}

static const char *
policy_words(RemindVerdict policy)
{
	static const char *const words[REMIND_POLICIES] = {
		[REMIND_NEVER_OPENED] = N_("never opened"),
		[REMIND_IN_PROGRESS] = N_("in progress"),
		[REMIND_SECOND_ADDRESS] = N_("another address"),
		[REMIND_WRONG_ANSWERS] = N_("to be corrected"),
		[REMIND_LAST_CALL] = N_("last call"),
	};

	return _(words[policy]);
}

static guint
count_verdict(const GPtrArray *decisions, RemindVerdict verdict)
{
	guint count = 0;

	for (guint i = 0; i < decisions->len; i++) {
		const RemindDecision *decision = g_ptr_array_index(decisions, i);

		count += decision->verdict == verdict ? 1 : 0;
	}
	return count;
}

static guint
count_due(const GPtrArray *decisions)
{
	guint count = 0;

	for (guint i = 0; i < decisions->len; i++)
		count += remind_is_due(g_ptr_array_index(decisions, i)) ? 1 : 0;
	return count;
}

/* --- JSON --------------------------------------------------------------------------------------------------------- */

static gboolean
add_due(JsonBuilder *builder, Store *store, const RemindDecision *decision, GError **error)
{
	g_autoptr(Unit) unit = registry_unit(store, decision->unit_id, error);
	g_autofree char *since = clock_iso(decision->due);

	if (unit == NULL)
		return FALSE;
	json_builder_begin_object(builder);
	cmd_json_text(builder, "unit", unit->code);
	cmd_json_text(builder, "name", unit->name);
	cmd_json_text(builder, "policy", remind_verdict_name(decision->verdict));
	cmd_json_int(builder, "number", decision->number);
	cmd_json_text(builder, "sections", decision->sections);
	cmd_json_text(builder, "address", decision->address);
	cmd_json_text(builder, "raised", decision->raised);
	cmd_json_text(builder, "since", since);
	json_builder_end_object(builder);
	return TRUE;
}

static void
add_counts(JsonBuilder *builder, const char *name, const GPtrArray *decisions, guint verdicts)
{
	json_builder_set_member_name(builder, name);
	json_builder_begin_object(builder);
	for (guint i = 0; i < verdicts; i++)
		cmd_json_int(builder, remind_verdict_name((RemindVerdict)i),
		    count_verdict(decisions, (RemindVerdict)i));
	json_builder_end_object(builder);
}

static gboolean
print_json(
    Store *store, const GPtrArray *decisions, const WavePlan *plan, guint unread, GError **error)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autofree char *as_of = clock_iso(clock_now());
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_text(builder, "as_of", as_of);
	cmd_json_int(builder, "units", decisions->len);
	add_counts(builder, "verdicts", decisions, REMIND_VERDICTS);
	add_counts(builder, "policies", decisions, REMIND_POLICIES);
	json_builder_set_member_name(builder, "due");
	json_builder_begin_array(builder);
	for (guint i = 0; i < decisions->len; i++)
		if (remind_is_due(g_ptr_array_index(decisions, i)) &&
		    !add_due(builder, store, g_ptr_array_index(decisions, i), error))
			return FALSE;
	json_builder_end_array(builder);
	json_builder_set_member_name(builder, "dry_run");
	json_builder_add_boolean_value(builder, plan == NULL);
	cmd_json_int(builder, "wave", plan != NULL ? plan->wave_id : 0);
	cmd_json_int(builder, "planned", plan != NULL ? plan->planned : 0);
	cmd_json_int(builder, "without_address", plan != NULL ? plan->without_address : 0);
	cmd_json_int(builder, "unread", unread);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
	return TRUE;
}

/* --- words -------------------------------------------------------------------------------------------------------- */

static void
print_verdicts(const GPtrArray *decisions)
{
	g_autoptr(CmdTable) table = cmd_table_new("lr");

	for (guint i = 0; i < REMIND_VERDICTS; i++) {
		guint count = count_verdict(decisions, (RemindVerdict)i);

		if (count == 0)
			continue;
		cmd_table_add(table, verdict_words((RemindVerdict)i));
		cmd_table_add_number(table, count);
	}
	cmd_table_add_rule(table);
	cmd_table_add(table, _("all units"));
	cmd_table_add_number(table, decisions->len);
	cmd_table_print(table);
}

/* Who is asked why, for which sections and where. */
static gboolean
add_row(CmdTable *table, Store *store, const RemindDecision *decision, GError **error)
{
	g_autoptr(Unit) unit = registry_unit(store, decision->unit_id, error);
	g_autofree char *due = clock_local(decision->due);
	g_autofree char *to = *decision->raised != '\0'
				  ? g_strdup_printf("%s (%s)", decision->address, decision->raised)
				  : g_strdup(decision->address);

	if (unit == NULL)
		return FALSE;
	cmd_table_add(table, unit->name);
	cmd_table_add_number(table, decision->number);
	cmd_table_add(table, decision->sections);
	cmd_table_add(table, due);
	cmd_table_add(table, policy_words(decision->verdict));
	cmd_table_add(table, *to != '\0' ? to : _("no address is known"));
	return TRUE;
}

static gboolean
print_first(Store *store, const GPtrArray *decisions, GError **error)
{
	static const char *const heads[] = { N_("unit"), N_("reminder"), N_("sheets"),
		N_("due since"), N_("why"), N_("goes to") };
	g_autoptr(CmdTable) table = cmd_table_new("lrllll");
	guint shown = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(heads); i++)
		cmd_table_add(table, _(heads[i]));
	cmd_table_add_rule(table);
	for (guint i = 0; i < decisions->len && shown < ROWS_SHOWN; i++) {
		const RemindDecision *decision = g_ptr_array_index(decisions, i);

		if (!remind_is_due(decision))
			continue;
		if (!add_row(table, store, decision, error))
			return FALSE;
		shown++;
	}
	if (shown > 0) {
		g_print("\n");
		cmd_table_print(table);
	}
	return TRUE;
}

static void
print_wave(const Config *config, const WavePlan *plan, const char *planned)
{
	if (strcmp(config_text(config, CONFIG_waves_approval), "none") == 0)
		g_print(
		    _("Wave %" PRId64
		      ": %s reminders are planned. Look at some with `plico wave preview %" PRId64
		      "`, then send them with `plico wave send %" PRId64 "`.\n"),
		    plan->wave_id, planned, plan->wave_id, plan->wave_id);
	else
		g_print(
		    _("Wave %" PRId64
		      ": %s reminders are planned. They leave once they are approved: look at some "
		      "with `plico wave preview %" PRId64 "`, then `plico wave approve %" PRId64
		      "`.\n"),
		    plan->wave_id, planned, plan->wave_id, plan->wave_id);
}

static void
print_plan(const Config *config, const WavePlan *plan, guint due, guint unread)
{
	g_autofree char *planned = text_number(plan != NULL ? plan->planned : due);

	g_print("\n");
	if (due == 0)
		g_print(_("Nobody is to be reminded now.\n"));
	else if (plan == NULL)
		g_print(_("%s reminders would be planned; nothing was.\n"), planned);
	else if (plan->wave_id == 0)
		g_print(_("No reminder was planned.\n"));
	else
		print_wave(config, plan, planned);
	if (unread > 0)
		g_print(
		    ngettext(
			"%u message has come and has not been read: `plico collect` reads it.\n",
			"%u messages have come and have not been read: `plico collect` reads them.\n",
			unread),
		    unread);
	if (plan != NULL)
		cmd_print_findings(plan->findings);
}

static gboolean
ask_from(const Segment *segment, RemindAsk *ask, char **text, GError **error)
{
	*ask = remind_everybody;
	ask->filter = &segment->filter;
	if (only != NULL) {
		ask->only = remind_policy_find(only);
		if (ask->only == REMIND_POLICIES)
			return fail(error, PLICO_ERROR_USAGE,
			    _("--only %s: there are never_opened, in_progress, second_address, wrong_answers, last_call"),
			    only);
	}
	*text = g_strdup_printf("%s%s%s%s", only != NULL ? "--only " : "", only != NULL ? only : "",
	    only != NULL && *segment->words != '\0' ? " " : "", segment->words);
	ask->filter_text = *text;
	return TRUE;
}

static gboolean
run(App *app, char **words, GError **error)
{
	g_autoptr(Form) form = cmd_form(app, error);
	g_autoptr(Renderer) renderer =
	    form != NULL ? renderer_new(app->config, app->keyring, form, error) : NULL;
	const OutboxTools tools = { app->store, app->config, app->keyring, form, renderer };
	g_autoptr(Segment) segment = renderer != NULL ? segment_new(app, form, NULL, error) : NULL;
	g_autoptr(GPtrArray) decisions = NULL;
	g_autoptr(WavePlan) plan = NULL;
	g_autofree char *text = NULL;
	RemindAsk ask;
	guint unread;

	(void)words;
	if (segment == NULL || !ask_from(segment, &ask, &text, error) ||
	    !remind_count_unread(app->store, &unread, error))
		return FALSE;
	decisions = remind_decide(app->store, app->config, form, &ask, error);
	if (decisions == NULL)
		return FALSE;
	if (!dry_run) {
		plan = remind_plan(&tools, &ask, cmd_operator(), error);
		if (plan == NULL)
			return FALSE;
		app->findings = plan->findings->len > 0;
	}
	if (app->json)
		return print_json(app->store, decisions, plan, unread, error);
	print_verdicts(decisions);
	if (!print_first(app->store, decisions, error))
		return FALSE;
	print_plan(app->config, plan, count_due(decisions), unread);
	return TRUE;
}

const Command command_remind = {
	.name = "remind",
	.summary = N_("plan reminders for the units that are due"),
	.help = N_(
	    "Five policies, each with its days and its maximum in plico.conf, [remind] and [remind_*]: units that never opened get all their sheets again; those in progress the missing ones, with who has them; where a message came back, the invitation goes to another contact; sections with errors are sent again with what is wrong; before the deadline there is a last call. After remind.escalate_after reminders without an answer the next goes to another contact. It sends nothing: plico wave send does, and leaves out whoever has answered by then."),
	.needs = NEEDS_STORE | NEEDS_KEYS | OFFERS_JSON,
	.options = options,
	.run = run,
};

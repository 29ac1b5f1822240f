/* plico remind: plans the next wave of reminders. */
#include "remind/remind.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "cmd/cmd.h"

#include <string.h>

#define ROWS_SHOWN 10

static gboolean dry_run;

static const GOptionEntry options[] = {
	{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, N_("tell, plan nothing"), NULL },
	G_OPTION_ENTRY_NULL,
};

static const char *
verdict_words(RemindVerdict verdict)
{
	static const char *const words[REMIND_VERDICTS] = {
		[REMIND_NEVER_OPENED] = N_("reminded: never opened"),
		[REMIND_IN_PROGRESS] = N_("reminded: in progress"),
		[REMIND_WITH_US] = N_("waiting for us: to confirm or to correct"),
		[REMIND_TOO_EARLY] = N_("too early"),
		[REMIND_ON_ITS_WAY] = N_("a message is on its way"),
		[REMIND_ENOUGH] = N_("had all reminders"),
		[REMIND_NOT_INVITED] = N_("invitation not sent, or not known whether"),
		[REMIND_UNDELIVERED] = N_("not delivered: find another address"),
		[REMIND_DONE] = N_("done, declined or excluded"),
	};

	return _(words[verdict]);
}

static gboolean
is_due(const RemindDecision *decision)
{
	return decision->verdict == REMIND_NEVER_OPENED || decision->verdict == REMIND_IN_PROGRESS;
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

static void
print_json(const GPtrArray *decisions, const WavePlan *plan)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autofree char *as_of = clock_iso(clock_now());
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_text(builder, "as_of", as_of);
	cmd_json_int(builder, "units", decisions->len);
	json_builder_set_member_name(builder, "verdicts");
	json_builder_begin_object(builder);
	for (guint i = 0; i < REMIND_VERDICTS; i++)
		cmd_json_int(builder, remind_verdict_name((RemindVerdict)i),
		    count_verdict(decisions, (RemindVerdict)i));
	json_builder_end_object(builder);
	json_builder_set_member_name(builder, "dry_run");
	json_builder_add_boolean_value(builder, plan == NULL);
	cmd_json_int(builder, "wave", plan != NULL ? plan->wave_id : 0);
	cmd_json_int(builder, "planned", plan != NULL ? plan->planned : 0);
	cmd_json_int(builder, "without_address", plan != NULL ? plan->without_address : 0);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

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

static gboolean
print_first(Store *store, const GPtrArray *decisions, GError **error)
{
	static const char *const heads[] = { N_("unit"), N_("reminder"), N_("sheets"),
		N_("due since") };
	g_autoptr(CmdTable) table = cmd_table_new("lrll");
	guint shown = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(heads); i++)
		cmd_table_add(table, _(heads[i]));
	cmd_table_add_rule(table);
	for (guint i = 0; i < decisions->len && shown < ROWS_SHOWN; i++) {
		const RemindDecision *decision = g_ptr_array_index(decisions, i);
		g_autoptr(Unit) unit = NULL;
		g_autofree char *due = clock_local(decision->due);

		if (!is_due(decision))
			continue;
		unit = registry_unit(store, decision->unit_id, error);
		if (unit == NULL)
			return FALSE;
		cmd_table_add(table, unit->name);
		cmd_table_add_number(table, decision->number);
		cmd_table_add(table, decision->missing);
		cmd_table_add(table, due);
		shown++;
	}
	if (shown > 0) {
		g_print("\n");
		cmd_table_print(table);
	}
	return TRUE;
}

static void
print_plan(const WavePlan *plan, guint due)
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
		g_print(_("Wave %" PRId64
			  ": %s reminders are planned. Look at some with `plico wave preview`, "
			  "then send them with `plico wave send %" PRId64 "`.\n"),
		    plan->wave_id, planned, plan->wave_id);
	if (plan != NULL)
		cmd_print_findings(plan->findings);
}

static gboolean
run(App *app, char **words, GError **error)
{
	g_autoptr(Form) form = cmd_form(app, error);
	g_autoptr(Renderer) renderer =
	    form != NULL ? renderer_new(app->config, app->keyring, form, error) : NULL;
	const OutboxTools tools = { app->store, app->config, app->keyring, form, renderer };
	g_autoptr(GPtrArray) decisions = NULL;
	g_autoptr(WavePlan) plan = NULL;

	(void)words;
	if (renderer == NULL)
		return FALSE;
	decisions = remind_decide(app->store, app->config, form, error);
	if (decisions == NULL)
		return FALSE;
	if (!dry_run) {
		plan = remind_plan(&tools, cmd_operator(), error);
		if (plan == NULL)
			return FALSE;
		app->findings = plan->findings->len > 0;
	}
	if (app->json) {
		print_json(decisions, plan);
		return TRUE;
	}
	print_verdicts(decisions);
	if (!print_first(app->store, decisions, error))
		return FALSE;
	print_plan(plan, count_verdict(decisions, REMIND_NEVER_OPENED) +
			     count_verdict(decisions, REMIND_IN_PROGRESS));
	return TRUE;
}

const Command command_remind = {
	.name = "remind",
	.summary = N_("plan reminders for the units that are due"),
	.help = N_(
	    "Units that never opened get all their sheets again, those in progress the missing ones; never before remind.distance_days after the last message, at most remind.maximum times. It sends nothing: plico wave send does."),
	.needs = NEEDS_STORE | NEEDS_KEYS | OFFERS_JSON,
	.options = options,
	.run = run,
};

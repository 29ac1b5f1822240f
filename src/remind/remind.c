#include "remind/remind.h"

#include "base/clock.h"

#include <inttypes.h>
#include <string.h>

#define KIND_REMINDER "reminder"

void
remind_decision_free(RemindDecision *decision)
{
	if (decision == NULL)
		return;
	g_free(decision->missing);
	g_free(decision);
}

static char *
place_key(gint64 unit_id, const char *section)
{
	return g_strdup_printf("%" PRId64 " %s", unit_id, section);
}

/* A set of "unit section": what need not be asked for again. */
static GHashTable *
load_came_back(Store *store, const Form *form, GError **error)
{
	g_autoptr(GHashTable) places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, SQL_remind_came_back, "t", form->id);

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why))
		g_hash_table_add(places, place_key(rows_int(rows, 0), rows_text(rows, 1)));
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	return g_steal_pointer(&places);
}

/* The sections that ask the unit something and have not come back. Returns: (transfer full), NULL on error */
static char *
missing_sections(
    Store *store, const Form *form, GHashTable *came_back, gint64 unit_id, GError **error)
{
	g_autoptr(Unit) unit = registry_unit(store, unit_id, error);
	g_autoptr(FormView) view = NULL;
	g_autoptr(GPtrArray) sections = NULL;
	g_autoptr(GString) missing = g_string_new(NULL);

	if (unit == NULL)
		return NULL;
	view = form_view_new(form, unit);
	sections = form_view_sections(view);
	for (guint i = 0; i < sections->len; i++) {
		const Section *section = g_ptr_array_index(sections, i);
		g_autofree char *key = place_key(unit_id, section->name);

		if (!g_hash_table_contains(came_back, key))
			g_string_append_printf(
			    missing, "%s%s", missing->len > 0 ? " " : "", section->name);
	}
	return g_string_free(g_steal_pointer(&missing), FALSE);
}

static gboolean
is_due(const RemindDecision *decision)
{
	return decision->verdict == REMIND_NEVER_OPENED || decision->verdict == REMIND_IN_PROGRESS;
}

/* The decision about the unit at which @rows stands. */
static RemindDecision *
decide_unit(Store *store, const Form *form, const RemindRules *rules, GHashTable *came_back,
    Rows *rows, GError **error)
{
	g_autoptr(RemindDecision) decision = g_new0(RemindDecision, 1);
	const RemindFacts facts = {
		.state = rows_text(rows, 1),
		.delivery = rows_text(rows, 2),
		.last_contact = rows_int(rows, 3),
		.reminders = rows_int(rows, 4),
		.on_its_way = rows_int(rows, 5) != 0,
	};

	decision->unit_id = rows_int(rows, 0);
	decision->verdict = remind_judge(&facts, rules, clock_now(), &decision->due);
	decision->number = facts.reminders + 1;
	if (!is_due(decision)) {
		decision->missing = g_strdup("");
		return g_steal_pointer(&decision);
	}
	decision->missing = missing_sections(store, form, came_back, decision->unit_id, error);
	if (decision->missing == NULL)
		return NULL;
	if (*decision->missing == '\0') {
		decision->verdict = REMIND_WITH_US;
		decision->due = 0;
	}
	return g_steal_pointer(&decision);
}

/* The states in the tables are up to date. */
static GPtrArray *
decide_all(Store *store, const Config *config, const Form *form, GError **error)
{
	const RemindRules rules = { config_int(config, CONFIG_remind_distance_days),
		config_int(config, CONFIG_remind_maximum) };
	g_autoptr(GPtrArray) decisions =
	    g_ptr_array_new_with_free_func((GDestroyNotify)remind_decision_free);
	g_autoptr(GHashTable) came_back = load_came_back(store, form, error);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = NULL;

	if (came_back == NULL)
		return NULL;
	rows = store_query(store, error, SQL_remind_units, "tt", form->id, kind_contacts());
	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why)) {
		RemindDecision *decision = decide_unit(store, form, &rules, came_back, rows, error);

		if (decision == NULL)
			return NULL;
		g_ptr_array_add(decisions, decision);
	}
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	return g_steal_pointer(&decisions);
}

GPtrArray *
remind_decide(Store *store, const Config *config, const Form *form, GError **error)
{
	if (!status_refresh(store, form, error))
		return NULL;
	return decide_all(store, config, form, error);
}

static gboolean
add_dispatches(const OutboxTools *tools, const GPtrArray *decisions, WavePlan *plan, GError **error)
{
	for (guint i = 0; i < decisions->len; i++) {
		const RemindDecision *decision = g_ptr_array_index(decisions, i);
		g_autoptr(Unit) unit = NULL;

		if (!is_due(decision))
			continue;
		unit = registry_unit(tools->store, decision->unit_id, error);
		if (unit == NULL || !outbox_add(tools, plan->wave_id, KIND_REMINDER, unit,
					decision->missing, decision->number, plan, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
anybody_due(const GPtrArray *decisions)
{
	for (guint i = 0; i < decisions->len; i++)
		if (is_due(g_ptr_array_index(decisions, i)))
			return TRUE;
	return FALSE;
}

WavePlan *
remind_plan(const OutboxTools *tools, const char *actor, GError **error)
{
	g_autoptr(WavePlan) plan = wave_plan_new();
	g_autoptr(Transaction) transaction = NULL;
	g_autoptr(GPtrArray) decisions = NULL;

	if (!status_refresh(tools->store, tools->form, error))
		return NULL;
	/* decided and planned in one transaction: two who plan at once plan one wave */
	transaction = transaction_begin(tools->store, error);
	if (transaction == NULL)
		return NULL;
	decisions = decide_all(tools->store, tools->config, tools->form, error);
	if (decisions == NULL)
		return NULL;
	if (!anybody_due(decisions))
		return g_steal_pointer(&plan);
	if (!outbox_wave_new(tools, KIND_REMINDER, "", actor, &plan->wave_id, error) ||
	    !add_dispatches(tools, decisions, plan, error))
		return NULL;
	if (plan->planned == 0) { /* nobody has an address: no empty wave */
		plan->wave_id = 0;
		return g_steal_pointer(&plan);
	}
	if (tools->renderer != NULL && !outbox_try_out(tools, plan, error))
		return NULL;
	return transaction_commit(transaction, error) ? g_steal_pointer(&plan) : NULL;
}

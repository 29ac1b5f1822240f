#include "remind/remind.h"

#include "base/clock.h"
#include "remind/past.h"

#include <string.h>

const RemindAsk remind_everybody = { NULL, "", REMIND_POLICIES, FALSE, "reminder" };

/* The kind of message that each policy sends. */
static const char *const policy_kinds[REMIND_POLICIES] = {
	[REMIND_NEVER_OPENED] = "reminder",
	[REMIND_IN_PROGRESS] = "reminder",
	[REMIND_SECOND_ADDRESS] = "redirect",
	[REMIND_WRONG_ANSWERS] = "correction",
	[REMIND_LAST_CALL] = "reminder",
};

void
remind_decision_free(RemindDecision *decision)
{
	if (decision == NULL)
		return;
	g_free(decision->sections);
	g_free(decision->address);
	g_free(decision->raised);
	g_free(decision);
}

gboolean
remind_is_due(const RemindDecision *decision)
{
	return decision->verdict < REMIND_POLICIES;
}

gboolean
remind_count_unread(Store *store, guint *out, GError **error)
{
	gint64 count;

	if (!store_int(store, &count, 0, error, SQL_remind_unread, ""))
		return FALSE;
	*out = (guint)count;
	return TRUE;
}

/* What all decisions are made from. */
typedef struct {
	Store *store;
	const Form *form;
	const RemindRules *rules;
	const History *history;
} Deciding;

/* --- which sections ----------------------------------------------------------------------------------------------- */

static gboolean
is_asked_for(const Deciding *deciding, const RemindDecision *decision, const char *section)
{
	const History *history = deciding->history;

	if (decision->verdict == REMIND_WRONG_ANSWERS)
		return history_has(history->mistaken, decision->unit_id, section);
	return !history_has(history->came, decision->unit_id, section);
}

/* Of the sections that ask the unit something, those that the policy is about. */
static gboolean
find_sections(const Deciding *deciding, RemindDecision *decision, GError **error)
{
	g_autoptr(Unit) unit = registry_unit(deciding->store, decision->unit_id, error);
	g_autoptr(FormView) view = NULL;
	g_autoptr(GPtrArray) sections = NULL;
	g_autoptr(GString) names = g_string_new(NULL);

	if (unit == NULL)
		return FALSE;
	view = form_view_new(deciding->form, unit);
	sections = form_view_sections(view);
	for (guint i = 0; i < sections->len; i++) {
		const Section *section = g_ptr_array_index(sections, i);

		if (is_asked_for(deciding, decision, section->name))
			g_string_append_printf(
			    names, "%s%s", names->len > 0 ? " " : "", section->name);
	}
	decision->sections = g_string_free(g_steal_pointer(&names), FALSE);
	return TRUE;
}

/* --- to whom ------------------------------------------------------------------------------------------------------- */

/* Of @contacts those that can be written to: the address is sound and the last message to it did not fail.
 * Returns: (transfer full): of const Contact * */
static GPtrArray *
usable(const GPtrArray *contacts, GHashTable *dead)
{
	GPtrArray *found = g_ptr_array_new();

	for (guint i = 0; i < contacts->len; i++) {
		Contact *contact = g_ptr_array_index(contacts, i);
		g_autofree char *address = NULL;
		const char *why;

		if (address_check(contact->address, &address, &why) &&
		    !g_hash_table_contains(dead, address))
			g_ptr_array_add(found, contact);
	}
	return found;
}

/* Those of @found in the configured roles, in their order, but the one that has been written to so far.
 * Returns: (transfer full): of const Contact * */
static GPtrArray *
others(const RemindRules *rules, const GPtrArray *found)
{
	GPtrArray *list = g_ptr_array_new();

	for (gsize r = 0; rules->escalate_to[r] != NULL; r++)
		for (guint i = 1; i < found->len; i++) {
			Contact *contact = g_ptr_array_index(found, i);

			if (strcmp(contact->role, rules->escalate_to[r]) == 0)
				g_ptr_array_add(list, contact);
		}
	return list;
}

/* After so many reminders without an answer the next goes one step further, and stays with the last. */
static const Contact *
step_up(const Deciding *deciding, const Past *past, const GPtrArray *found)
{
	const RemindRules *rules = deciding->rules;
	g_autoptr(GPtrArray) list = NULL;

	if (rules->escalate_after == 0 || past->unanswered < rules->escalate_after)
		return NULL;
	list = others(rules, found);
	if (list->len == 0)
		return NULL;
	return g_ptr_array_index(
	    list, MIN(past->unanswered - rules->escalate_after, (gint64)list->len - 1));
}

static gboolean
find_contact(const Deciding *deciding, const Past *past, RemindDecision *decision, GError **error)
{
	gboolean calls = strcmp(policy_kinds[decision->verdict], "reminder") == 0;
	g_autoptr(GPtrArray) contacts =
	    registry_contacts(deciding->store, decision->unit_id, error);
	g_autoptr(GHashTable) dead =
	    contacts != NULL ? outbox_dead_addresses(deciding->store, decision->unit_id, error)
			     : NULL;
	g_autoptr(GPtrArray) found = dead != NULL ? usable(contacts, dead) : NULL;
	const Contact *contact;

	if (found == NULL)
		return FALSE;
	if (found->len == 0)
		return TRUE;
	contact = calls ? step_up(deciding, past, found) : NULL;
	if (contact != NULL) {
		g_free(decision->raised);
		decision->raised = g_strdup(contact->role);
	} else
		contact = g_ptr_array_index(found, 0);
	decision->contact_id = contact->id;
	g_free(decision->address);
	decision->address = g_strdup(contact->address);
	return TRUE;
}

/* --- decisions ------------------------------------------------------------------------------------------------------ */

static gboolean
is_reachable(const Deciding *deciding, const Past *past, gboolean *out, GError **error)
{
	g_autoptr(GPtrArray) contacts = NULL;
	g_autoptr(GHashTable) dead = NULL;
	g_autoptr(GPtrArray) found = NULL;

	*out = TRUE;
	if (strcmp(past->facts.delivery, "undelivered") != 0)
		return TRUE;
	contacts = registry_contacts(deciding->store, past->unit_id, error);
	dead =
	    contacts != NULL ? outbox_dead_addresses(deciding->store, past->unit_id, error) : NULL;
	if (dead == NULL)
		return FALSE;
	found = usable(contacts, dead);
	*out = found->len > 0;
	return TRUE;
}

static RemindDecision *
decide_unit(const Deciding *deciding, const Past *past, GError **error)
{
	g_autoptr(RemindDecision) decision = g_new0(RemindDecision, 1);
	RemindFacts facts = past->facts;

	if (!is_reachable(deciding, past, &facts.reachable, error))
		return NULL;
	decision->unit_id = past->unit_id;
	decision->verdict = remind_judge(&facts, deciding->rules, clock_now(), &decision->due);
	decision->address = g_strdup("");
	decision->raised = g_strdup("");
	if (!remind_is_due(decision)) {
		decision->sections = g_strdup("");
		return g_steal_pointer(&decision);
	}
	decision->number = 1 + GPOINTER_TO_INT(g_hash_table_lookup(
				   past->serials, policy_kinds[decision->verdict]));
	if (!find_sections(deciding, decision, error) ||
	    !find_contact(deciding, past, decision, error))
		return NULL;
	if (*decision->sections == '\0') {
		decision->verdict = REMIND_WITH_US;
		decision->due = 0;
	}
	return g_steal_pointer(&decision);
}

/* A person who asks for one policy at once waits for no day and no maximum. */
static void
narrow(RemindRules *rules, const RemindAsk *ask)
{
	for (gsize i = 0; i < REMIND_POLICIES && ask->only < REMIND_POLICIES; i++)
		if (i != ask->only)
			rules->policies[i].on = FALSE;
	if (!ask->at_once)
		return;
	rules->policies[ask->only] = (RemindPolicy){ TRUE, 0, 0, G_MAXINT64 };
	g_clear_pointer(&rules->pace, pace_free);
}

/* Ids of the units that are asked about; NULL with @error unset: all of them. */
static GHashTable *
find_asked(Store *store, const UnitFilter *filter, GError **error)
{
	g_autoptr(GPtrArray) units = NULL;
	GHashTable *ids;

	units = registry_list(store, filter, error);
	if (units == NULL)
		return NULL;
	ids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	for (guint i = 0; i < units->len; i++) {
		const Unit *unit = g_ptr_array_index(units, i);

		g_hash_table_add(ids, g_memdup2(&unit->id, sizeof(unit->id)));
	}
	return ids;
}

/* The states in the tables are up to date. */
static GPtrArray *
decide_all(
    Store *store, const Config *config, const Form *form, const RemindAsk *ask, GError **error)
{
	g_autoptr(GPtrArray) decisions =
	    g_ptr_array_new_with_free_func((GDestroyNotify)remind_decision_free);
	g_autoptr(RemindRules) rules = remind_rules_new(config, error);
	g_autoptr(History) history =
	    rules != NULL ? history_load(store, config, form, error) : NULL;
	const Deciding deciding = { store, form, rules, history };
	g_autoptr(GHashTable) asked =
	    history != NULL ? find_asked(store, ask->filter, error) : NULL;

	if (asked == NULL)
		return NULL;
	narrow(rules, ask);
	for (guint i = 0; i < history->units->len; i++) {
		const Past *past = g_ptr_array_index(history->units, i);
		RemindDecision *decision;

		if (!g_hash_table_contains(asked, &past->unit_id))
			continue;
		decision = decide_unit(&deciding, past, error);
		if (decision == NULL)
			return NULL;
		g_ptr_array_add(decisions, decision);
	}
	return g_steal_pointer(&decisions);
}

GPtrArray *
remind_decide(
    Store *store, const Config *config, const Form *form, const RemindAsk *ask, GError **error)
{
	if (!status_refresh(store, form, error))
		return NULL;
	return decide_all(store, config, form, ask, error);
}

/* --- the wave ------------------------------------------------------------------------------------------------------- */

static const Contact *
contact_of(const GPtrArray *contacts, gint64 id)
{
	for (guint i = 0; i < contacts->len; i++) {
		const Contact *contact = g_ptr_array_index(contacts, i);

		if (contact->id == id)
			return contact;
	}
	return NULL;
}

static gboolean
add_dispatch(
    const OutboxTools *tools, const RemindDecision *decision, WavePlan *plan, GError **error)
{
	gboolean calls = decision->verdict == REMIND_LAST_CALL;
	g_autoptr(Unit) unit = registry_unit(tools->store, decision->unit_id, error);
	g_autoptr(GPtrArray) contacts =
	    unit != NULL ? registry_contacts(tools->store, unit->id, error) : NULL;
	DispatchPlan what = { .kind = policy_kinds[decision->verdict],
		.sections = decision->sections,
		.serial = decision->number,
		.cause = remind_verdict_name(decision->verdict),
		.raised = decision->raised,
		.deadline = calls ? config_text(tools->config, CONFIG_survey_deadline) : "" };

	if (contacts == NULL)
		return FALSE;
	what.contact = contact_of(contacts, decision->contact_id);
	return outbox_add_as(tools, plan->wave_id, unit, &what, plan, error);
}

static gboolean
add_dispatches(const OutboxTools *tools, const GPtrArray *decisions, WavePlan *plan, GError **error)
{
	for (guint i = 0; i < decisions->len; i++) {
		const RemindDecision *decision = g_ptr_array_index(decisions, i);

		if (remind_is_due(decision) && !add_dispatch(tools, decision, plan, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
anybody_due(const GPtrArray *decisions)
{
	for (guint i = 0; i < decisions->len; i++)
		if (remind_is_due(g_ptr_array_index(decisions, i)))
			return TRUE;
	return FALSE;
}

WavePlan *
remind_plan(const OutboxTools *tools, const RemindAsk *ask, const char *actor, GError **error)
{
	g_autoptr(WavePlan) plan = wave_plan_new();
	/* decided and planned in one transaction: two who plan at once plan one wave, and what comes meanwhile comes after */
	g_autoptr(Transaction) transaction = transaction_begin(tools->store, error);
	g_autoptr(GPtrArray) decisions = NULL;

	if (transaction == NULL || !status_refresh_within(tools->store, tools->form, error))
		return NULL;
	decisions = decide_all(tools->store, tools->config, tools->form, ask, error);
	if (decisions == NULL)
		return NULL;
	if (!anybody_due(decisions))
		return g_steal_pointer(&plan);
	if (!outbox_wave_new(tools, ask->kind, ask->filter_text, actor, &plan->wave_id, error) ||
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

/* Planning the invitation: each unit gets its credential, its letter and the sheets of what it is asked. */
#include "outbox/rows.h"

/* "s1 s2 s5": the sections that hold a question for this unit. */
static char *
sections_of(const OutboxTools *tools, const Unit *unit)
{
	g_autoptr(FormView) view = form_view_new(tools->form, unit);
	g_autoptr(GPtrArray) sections = form_view_sections(view);
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; i < sections->len; i++) {
		const Section *section = g_ptr_array_index(sections, i);

		g_string_append_printf(names, "%s%s", i > 0 ? " " : "", section->name);
	}
	return g_string_free(g_steal_pointer(&names), FALSE);
}

/* The unit keeps the credential it has; it gets its first one only with a letter that can leave. */
static gboolean
plan_unit(const OutboxTools *tools, const Unit *unit, WavePlan *plan, GError **error)
{
	g_autofree char *sections = sections_of(tools, unit);
	guint before = plan->planned;
	gint64 had;

	if (!outbox_serial(tools->store, tools->form->id, unit->id, &had, error) ||
	    !outbox_add(
		tools, plan->wave_id, "invitation", unit, sections, MAX(had, 1), plan, error))
		return FALSE;
	return had > 0 || plan->planned == before || outbox_issue(tools, unit, 1, error);
}

WavePlan *
outbox_plan_invitation(const OutboxTools *tools, const UnitFilter *filter, const char *filter_text,
    const char *actor, GError **error)
{
	g_autoptr(WavePlan) plan = wave_plan_new();
	g_autoptr(GPtrArray) units = registry_list(tools->store, filter, error);
	g_autoptr(Transaction) tx = units != NULL ? transaction_begin(tools->store, error) : NULL;

	if (tx == NULL ||
	    !outbox_wave_new(tools, "invitation", filter_text, actor, &plan->wave_id, error))
		return NULL;
	for (guint i = 0; i < units->len; i++)
		if (!plan_unit(tools, g_ptr_array_index(units, i), plan, error))
			return NULL;
	if (plan->planned == 0) { /* no empty wave */
		plan->wave_id = 0;
		return g_steal_pointer(&plan);
	}
	if (tools->renderer != NULL && !outbox_try_out(tools, plan, error))
		return NULL;
	return transaction_commit(tx, error) ? g_steal_pointer(&plan) : NULL;
}

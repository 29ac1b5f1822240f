#include "outbox/kind.h"

#include <string.h>

#define ANY_END (STOPPED_BY_CLOSING | STOPPED_BY_EVIDENCE)

/* redirect: the invitation anew, to another contact, because the first address failed. */
static const Kind kinds[] = {
	/* name, letter, numbered, sheets, contact, delivery, stops, planners, delegate */
	{ "invitation", "invitation", FALSE, TRUE, TRUE, TRUE, STOPPED_BY_CLOSING, PLANNED_BY_WAVE,
	    FALSE },
	{ "redirect", "invitation", TRUE, TRUE, TRUE, TRUE, ANY_END, PLANNED_BY_REMIND, FALSE },
	{ "reminder", NULL, TRUE, TRUE, TRUE, FALSE, ANY_END, PLANNED_BY_REMIND, FALSE },
	{ "correction", NULL, TRUE, TRUE, TRUE, FALSE, ANY_END, PLANNED_BY_WAVE | PLANNED_BY_REMIND,
	    FALSE },
	{ "sections", NULL, TRUE, TRUE, FALSE, FALSE, STOPPED_BY_DELEGATION, PLANNED_BY_WAVE,
	    TRUE },
	{ "withdrawal", NULL, TRUE, FALSE, FALSE, FALSE, STOPPED_BY_DELEGATION, PLANNED_BY_DELEGATE,
	    TRUE },
	{ "delegations", NULL, TRUE, FALSE, TRUE, FALSE, STOPPED_BY_CLOSING | STOPPED_BY_DELEGATION,
	    PLANNED_BY_DELEGATE, FALSE },
	{ "thanks", NULL, TRUE, FALSE, TRUE, FALSE, ANY_END, PLANNED_BY_WAVE, FALSE },
	{ "announcement", NULL, TRUE, FALSE, TRUE, FALSE, STOPPED_BY_CLOSING, PLANNED_BY_WAVE,
	    FALSE },
};

const Kind *
kind_find(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

const Kind *
kind_of(const char *name)
{
	const Kind *kind = kind_find(name);

	if (kind == NULL)
		g_error("outbox: the unknown kind %s", name);
	return kind;
}

char *
kind_list(KindPlanner planner)
{
	g_autoptr(GString) list = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if ((kinds[i].planners & (guint)planner) != 0)
			g_string_append_printf(
			    list, "%s%s", list->len > 0 ? ", " : "", kinds[i].name);
	return g_string_free(g_steal_pointer(&list), FALSE);
}

static const char *
names_of(gboolean contacts, gboolean deliveries)
{
	g_autoptr(GString) names = g_string_new(" ");

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if ((contacts && kinds[i].contact) || (deliveries && kinds[i].delivery))
			g_string_append_printf(names, "%s ", kinds[i].name);
	return g_intern_string(names->str);
}

const char *
kind_contacts(void)
{
	return names_of(TRUE, FALSE);
}

const char *
kind_deliveries(void)
{
	return names_of(FALSE, TRUE);
}

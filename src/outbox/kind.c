#include "outbox/kind.h"

#include <string.h>

#define CLOSED	 STOPPED_BY_CLOSING
#define ANSWERED (STOPPED_BY_CLOSING | STOPPED_BY_EVIDENCE)
#define OVER	 (ANSWERED | STOPPED_BY_DEADLINE)

static const Kind kinds[] = {
	{ .name = "invitation",
	    .letter = "invitation",
	    .sheets = TRUE,
	    .contact = TRUE,
	    .delivery = TRUE,
	    .stops = CLOSED,
	    .planners = PLANNED_BY_WAVE },
	/* the invitation anew, to another contact, because the first address failed */
	{ .name = "redirect",
	    .letter = "invitation",
	    .numbered = TRUE,
	    .sheets = TRUE,
	    .contact = TRUE,
	    .delivery = TRUE,
	    .stops = OVER,
	    .planners = PLANNED_BY_REMIND },
	{ .name = "reminder",
	    .numbered = TRUE,
	    .sheets = TRUE,
	    .contact = TRUE,
	    .stops = OVER,
	    .planners = PLANNED_BY_REMIND },
	{ .name = "correction",
	    .numbered = TRUE,
	    .sheets = TRUE,
	    .corrects = TRUE,
	    .contact = TRUE,
	    .stops = ANSWERED,
	    .planners = PLANNED_BY_WAVE | PLANNED_BY_REMIND },
	/* to somebody who was given sections */
	{ .name = "sections",
	    .numbered = TRUE,
	    .sheets = TRUE,
	    .delegate = TRUE,
	    .stops = STOPPED_BY_DELEGATION,
	    .planners = PLANNED_BY_WAVE },
	{ .name = "withdrawal",
	    .numbered = TRUE,
	    .delegate = TRUE,
	    .stops = STOPPED_BY_DELEGATION,
	    .planners = PLANNED_BY_DELEGATE },
	/* to the unit: how they stand now */
	{ .name = "delegations",
	    .numbered = TRUE,
	    .contact = TRUE,
	    .stops = STOPPED_BY_CLOSING | STOPPED_BY_DELEGATION,
	    .planners = PLANNED_BY_DELEGATE },
	/* the automatic answer to what came back, where nothing is to be corrected */
	{ .name = "receipt",
	    .numbered = TRUE,
	    .receipt = TRUE,
	    .stops = CLOSED,
	    .planners = PLANNED_BY_INTAKE },
	{ .name = "thanks",
	    .numbered = TRUE,
	    .contact = TRUE,
	    .stops = ANSWERED,
	    .planners = PLANNED_BY_WAVE },
	{ .name = "announcement",
	    .numbered = TRUE,
	    .contact = TRUE,
	    .stops = CLOSED,
	    .planners = PLANNED_BY_WAVE },
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

const char *
kind_text(const Kind *kind, const char *cause)
{
	return strcmp(cause, "last_call") == 0 ? "reminder_last_call" : kind->name;
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

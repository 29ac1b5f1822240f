/* Whether a message still has its cause, asked of the event log itself: the states of status/ are folded now and then, and what
 * came a second ago must count. */
#include "outbox/delegate.h"
#include "outbox/rows.h"

#include "base/clock.h"
#include "base/error.h"

#include <string.h>

gboolean
outbox_closing(Store *store, const char *edition, gint64 unit_id, const char **out, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(store, error, SQL_outbox_closing, "it", unit_id, edition);

	*out = NULL;
	if (rows == NULL)
		return FALSE;
	if (rows_next(rows, &why))
		*out = g_intern_string(rows_text(rows, 0));
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

char *
outbox_closing_words(const char *closing)
{
	if (strcmp(closing, "unit.declined") == 0)
		return g_strdup(_("the unit declines"));
	return g_strdup(strcmp(closing, "unit.excluded") == 0 ? _("the unit is excluded")
							      : _("the unit is closed"));
}

static char *
evidence_words(const char *what, const char *section)
{
	if (g_str_has_prefix(what, "delegation."))
		return g_strdup_printf(_("it was said who fills in section %s"), section);
	return *section != '\0' ? g_strdup_printf(_("section %s has come"), section)
				: g_strdup(_("a sheet has come"));
}

/* Who has sent one section may still be asked to correct another. */
static gboolean
is_about(const Dispatch *dispatch, const char *what, const char *section)
{
	g_auto(GStrv) sections = g_strsplit(dispatch->sections, " ", 0);

	return dispatch->answers == 0 ||
	       (g_str_has_prefix(what, "return.") &&
		   g_strv_contains((const char *const *)sections, section));
}

/* What has come since @dispatch was planned. @why: (out) (transfer full) (nullable) */
static gboolean
find_evidence(Store *store, const Dispatch *dispatch, char **why, GError **error)
{
	g_autoptr(GError) trouble = NULL;
	g_autoptr(Rows) rows = store_query(store, error, SQL_outbox_evidence, "iti",
	    dispatch->unit_id, dispatch->edition, dispatch->id);

	if (rows == NULL)
		return FALSE;
	while (*why == NULL && rows_next(rows, &trouble))
		if (is_about(dispatch, rows_text(rows, 0), rows_text(rows, 1)))
			*why = evidence_words(rows_text(rows, 0), rows_text(rows, 1));
	if (trouble == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&trouble));
	return FALSE;
}

/* A last call is one for the deadline that it was planned for. */
static char *
deadline_words(const Config *config, const Dispatch *dispatch)
{
	const char *deadline = config_text(config, CONFIG_survey_deadline);
	gint64 day = clock_day_of(deadline);

	if (day >= 0 && clock_now() >= clock_day(day, 1))
		return g_strdup_printf(_("the deadline, %s, has passed"), deadline);
	if (*dispatch->deadline == '\0' || strcmp(dispatch->deadline, deadline) == 0)
		return NULL;
	return g_strdup_printf(
	    _("a last call for %s, and the deadline is another now"), dispatch->deadline);
}

/* @why: (out) (transfer full) (nullable): NULL where the cause of @dispatch is still there */
static gboolean
find_end(const OutboxTools *tools, const Dispatch *dispatch, char **why, GError **error)
{
	guint stops = kind_of(dispatch->kind)->stops;
	const char *closing = NULL;

	if ((stops & STOPPED_BY_CLOSING) != 0 &&
	    !outbox_closing(tools->store, dispatch->edition, dispatch->unit_id, &closing, error))
		return FALSE;
	if (closing != NULL) {
		*why = outbox_closing_words(closing);
		return TRUE;
	}
	if ((stops & STOPPED_BY_DEADLINE) != 0)
		*why = deadline_words(tools->config, dispatch);
	if (*why != NULL)
		return TRUE;
	if ((stops & STOPPED_BY_DELEGATION) != 0)
		return delegate_find_end(tools, dispatch, why, error);
	return (stops & STOPPED_BY_EVIDENCE) == 0 ||
	       find_evidence(tools->store, dispatch, why, error);
}

gboolean
outbox_may_leave(const OutboxTools *tools, const Dispatch *dispatch, gboolean *leaves, char **why,
    GError **error)
{
	*leaves = FALSE;
	*why = NULL;
	if (!outbox_wave_leaves(tools->store, dispatch->wave_id, leaves, error))
		return FALSE;
	if (!*leaves)
		return TRUE;
	if (!find_end(tools, dispatch, why, error))
		return FALSE;
	*leaves = *why == NULL;
	return TRUE;
}

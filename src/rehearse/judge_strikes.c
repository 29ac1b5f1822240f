/* What became of the messages of strangers. */
#include "base/error.h"
#include "rehearse/judge.h"

#include <string.h>

enum { STATE, APPLIED, ANSWERS, RETURNS, QUARANTINED, HELD, DISPATCHES };

static Fate
fate_of(Rows *row)
{
	if (strcmp(rows_text(row, STATE), "quarantined") == 0 ||
	    (rows_int(row, RETURNS) > 0 && rows_int(row, RETURNS) == rows_int(row, QUARANTINED)))
		return FATE_QUARANTINED;
	if (rows_int(row, HELD) > 0)
		return FATE_HELD;
	return rows_int(row, RETURNS) > 0 ? FATE_COPY : FATE_IGNORED;
}

static void
count(HostileCounts *counts, Fate fate)
{
	switch (fate) {
	case FATE_QUARANTINED:
		counts->quarantined++;
		break;
	case FATE_HELD:
		counts->held++;
		break;
	case FATE_COPY:
		counts->copies++;
		break;
	case FATE_IGNORED:
		counts->ignored++;
		break;
	}
}

static void
judge_one(const Strike *strike, Rows *row, Verdict *verdict, GHashTable *opened)
{
	Fate fate = fate_of(row);

	if (rows_int(row, APPLIED) > 0) {
		verdict->mismatches += (guint)MAX(rows_int(row, ANSWERS), 1);
		judge_say(verdict, _("%s: answers of a stranger count (%s)"), strike->unit,
		    strike->attack);
		return;
	}
	if ((strike->fates & fate) == 0 || rows_int(row, DISPATCHES) > 0) {
		verdict->surprises++;
		judge_say(verdict, _("%s: a stranger's message (%s) became what it should not"),
		    strike->unit, strike->attack);
	}
	count(&verdict->hostile, fate);
	if (fate == FATE_HELD)
		g_hash_table_add(opened, strike->unit);
}

gboolean
judge_strikes(
    Store *store, const Journal *journal, Verdict *verdict, GHashTable *opened, GError **error)
{
	for (guint i = 0; i < journal->strikes->len; i++) {
		const Strike *strike = g_ptr_array_index(journal->strikes, i);
		g_autoptr(GError) why = NULL;
		g_autoptr(Rows) rows =
		    store_query(store, error, SQL_rehearse_strike, "t", strike->sha256);

		if (rows == NULL)
			return FALSE;
		verdict->hostile.sent++;
		if (rows_next(rows, &why)) {
			judge_one(strike, rows, verdict, opened);
			continue;
		}
		if (why != NULL) {
			g_propagate_error(error, g_steal_pointer(&why));
			return FALSE;
		}
		verdict->surprises++;
		judge_say(verdict, _("%s: a stranger's message (%s) has not arrived"), strike->unit,
		    strike->attack);
	}
	return TRUE;
}

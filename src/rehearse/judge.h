/*
 * The judge of a rehearsal: compares what is stored with what the municipalities sent and meant. A stored answer that
 * was not meant, a meant one that is not stored and one with another value or origin are a mismatch each. What became of a file, or
 * of a unit, other than it should is a surprise. No answer that a stranger has sent may count.
 */
#ifndef PLICO_REHEARSE_JUDGE_H
#define PLICO_REHEARSE_JUDGE_H

#include "rehearse/rehearse.h"
#include "rehearse/town.h"
#include "store/store.h"
#include "validate/validate.h"

#define JUDGE_EXAMPLES 20 /* sentences at most */

typedef struct {
	guint answers;	 /* stored answers that were compared */
	guint confirmed; /* of them: last year's, confirmed */
	guint copied;	 /* last year's, untouched */
	guint mismatches;
	guint surprises;
	HostileCounts hostile;
	GPtrArray *examples; /* of char *: the first of both, in words */
} Verdict;

void verdict_clear(Verdict *verdict);

/* Adds a sentence to the examples, while there is room. */
void judge_say(Verdict *verdict, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The messages of strangers. @opened: gets the codes (borrowed) of towns whose sheet a stranger has sent, so that it waits for a
 * person: it was opened by somebody. */
gboolean judge_strikes(Store *store, const Journal *journal, Verdict *verdict, GHashTable *opened,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* @towns: of Town. The states must be up to date. */
gboolean judge_campaign(Store *store, const TownTools *tools, const GPtrArray *towns,
    const Journal *journal, Verdict *verdict, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif

/*
 * The judge of a rehearsal: compares what is stored with what the municipalities sent and meant. A stored answer that
 * was not meant, a meant one that is not stored and one with another value or origin are a mismatch each. What became of a file, or
 * of a unit, other than it should is a surprise.
 */
#ifndef PLICO_REHEARSE_JUDGE_H
#define PLICO_REHEARSE_JUDGE_H

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
	GPtrArray *examples; /* of char *: the first of both, in words */
} Verdict;

void verdict_clear(Verdict *verdict);

/* @towns: of Town. @journal: of Sent, in the order of sending. The states must be up to date. */
gboolean judge_campaign(Store *store, const TownTools *tools, const GPtrArray *towns,
    const GPtrArray *journal, Verdict *verdict, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif

/*
 * 10 AGAIN: who is reminded, when, and how often at most. It plans waves and sends nothing itself. The completed,
 * declined and excluded are never reminded; between two messages to a unit lie remind.distance_days calendar days, by
 * the clock of Rome, whatever the second message is.
 */
#ifndef PLICO_REMIND_REMIND_H
#define PLICO_REMIND_REMIND_H

#include "outbox/outbox.h"
#include "status/status.h"

typedef enum {
	REMIND_NEVER_OPENED, /* due: gets all its sheets again */
	REMIND_IN_PROGRESS,  /* due: gets the sheets that are missing */
	REMIND_WITH_US,	     /* what is missing has come back: held here, or to be corrected */
	REMIND_TOO_EARLY,    /* the distance is not over */
	REMIND_ON_ITS_WAY,   /* a message to it is in the outbox */
	REMIND_ENOUGH,	     /* had the maximum */
	REMIND_NOT_INVITED,  /* its invitation has not been sent, or nobody knows whether it was */
	REMIND_UNDELIVERED,  /* a message came back: a person must find another address */
	REMIND_DONE,	     /* completed, declined, excluded */
	REMIND_VERDICTS
} RemindVerdict;

/* "never_opened", "too_early" ...: as in JSON. */
const char *remind_verdict_name(RemindVerdict verdict);

/* What is known of one unit; all texts borrowed. */
typedef struct {
	const char *state;    /* as status/ has it */
	const char *delivery; /* of its invitation, as status/ has it */
	gint64 last_contact; /* Unix time of the last message that left or may have left; 0: none */
	gint64 reminders;    /* the number of the last reminder, 0: none yet */
	gboolean on_its_way; /* a dispatch of any kind is still in the outbox */
} RemindFacts;

typedef struct {
	gint64 distance_days;
	gint64 maximum;
} RemindRules;

/* What follows from the facts at @now, before one looks which sections are missing: REMIND_WITH_US comes of that.
 * @out_due: Unix time from which it may be reminded, 0 where that is not the question. Pure. */
RemindVerdict remind_judge(
    const RemindFacts *facts, const RemindRules *rules, gint64 now, gint64 *out_due);

typedef struct {
	gint64 unit_id;
	RemindVerdict verdict;
	gint64 number; /* which reminder this is, from 1 */
	char *missing; /* "s2 s5": sections still awaited; "" unless due */
	gint64 due;    /* Unix time from which it may be sent, or 0 */
} RemindDecision;

void remind_decision_free(RemindDecision *decision);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RemindDecision, remind_decision_free)

/* What would be done for every open unit, now. Returns: (transfer full): of RemindDecision */
GPtrArray *remind_decide(Store *store, const Config *config, const Form *form, GError **error);

/* Plans the wave for those who are due. Returns: (transfer full); wave_id 0 where nobody is due */
WavePlan *remind_plan(const OutboxTools *tools, const char *actor, GError **error);

#endif

/*
 * 10 AGAIN: who is reminded, when, and how often at most. It plans waves and sends nothing itself. The completed,
 * declined and excluded are never reminded; between two messages to a unit lies remind.distance_days.
 */
#ifndef PLICO_REMIND_REMIND_H
#define PLICO_REMIND_REMIND_H

#include "outbox/outbox.h"
#include "status/status.h"

typedef enum {
	REMIND_NEVER_OPENED,
	REMIND_IN_PROGRESS,
	REMIND_TOO_EARLY,   /* the distance is not over */
	REMIND_ENOUGH,	    /* had the maximum */
	REMIND_NOT_INVITED, /* its invitation has not been sent, or nobody knows whether it was */
	REMIND_UNDELIVERED, /* the invitation came back: a person must find another address */
	REMIND_DONE	    /* completed, declined, excluded */
} RemindVerdict;

typedef struct {
	gint64 unit_id;
	RemindVerdict verdict;
	gint64 number; /* which reminder this is, from 1 */
	char *missing; /* "s2 s5": sections still awaited */
	gint64 due;    /* Unix time from which it may be sent */
} RemindDecision;

void remind_decision_free(RemindDecision *decision);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RemindDecision, remind_decision_free)

/* What would be done for every open unit, now. Returns: (transfer full): of RemindDecision */
GPtrArray *remind_decide(Store *store, const Config *config, const Form *form, GError **error);

/* Plans the wave for those who are due. Returns: (transfer full); wave_id 0 where nobody is due */
WavePlan *remind_plan(const OutboxTools *tools, const char *actor, GError **error);

const char *remind_verdict_name(RemindVerdict verdict);

#endif

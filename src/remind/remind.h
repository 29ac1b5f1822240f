/*
 * 10 AGAIN: who is reminded, why, when, and how often at most: a few policies, each with its keys in plico.conf. It plans
 * waves and sends nothing itself.
 *
 * A unit gets one message at a time. Between two lie so many calendar days as its policy says, by the clocks of Rome, on
 * days on which by pace.* messages may leave. The completed, declined and excluded are never reminded. What is planned
 * leaves only if its cause is still there in that second: outbox_may_leave().
 */
#ifndef PLICO_REMIND_REMIND_H
#define PLICO_REMIND_REMIND_H

#include "outbox/outbox.h"
#include "send/send.h"
#include "status/status.h"

/* Those for whom something is due come first: the policies, in no order of rank. */
typedef enum {
	REMIND_NEVER_OPENED,   /* gets all its sheets again */
	REMIND_IN_PROGRESS,    /* gets the sheets that are missing, and reads who has them */
	REMIND_SECOND_ADDRESS, /* a message came back: the invitation goes to another contact */
	REMIND_WRONG_ANSWERS,  /* gets the sections with errors again, and reads what is wrong */
	REMIND_LAST_CALL,      /* the deadline is near */
	REMIND_POLICIES,
	REMIND_WITH_US = REMIND_POLICIES, /* what is missing has come back and is held here */
	REMIND_TOO_EARLY,		  /* the days are not over, or nothing leaves today */
	REMIND_ON_ITS_WAY,		  /* a message to it is in the outbox */
	REMIND_ENOUGH,			  /* had the maximum */
	REMIND_OFF,			  /* its policy is switched off */
	REMIND_LATE,			  /* the deadline has passed */
	REMIND_NOT_INVITED, /* its invitation has not been sent, or nobody knows whether it was */
	REMIND_UNDELIVERED, /* a message came back: a person must find another address */
	REMIND_DONE,	    /* completed, declined, excluded */
	REMIND_VERDICTS
} RemindVerdict;

/* "never_opened", "too_early" ...: as in JSON, and of a policy as in `remind --only` and in a dispatch's cause. */
const char *remind_verdict_name(RemindVerdict verdict);
/* REMIND_POLICIES where there is none of that name. */
RemindVerdict remind_policy_find(const char *name);

typedef struct {
	gboolean on;
	gint64 distance_days; /* from the last message to the unit */
	gint64
	    first_days; /* from what calls for it: the letter, the last sign, the failure, the sheet */
	gint64 maximum;
} RemindPolicy;

/* What plico.conf says. */
typedef struct {
	RemindPolicy policies[REMIND_POLICIES];
	gint64 maximum; /* of all reminders but the last call */
	gint64
	    calls_from; /* Unix time: the last call may go out from here on; -1: there is no deadline */
	gint64 over_from;      /* Unix time: the deadline has passed; -1 likewise */
	Pace *pace;	       /* (nullable): its days are those on which messages leave */
	gint64 escalate_after; /* 0: never */
	char **escalate_to;    /* roles */
} RemindRules;

/* Returns: (transfer full), NULL with PLICO_ERROR_CONFIG and the key */
RemindRules *remind_rules_new(const Config *config, GError **error);
void remind_rules_free(RemindRules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RemindRules, remind_rules_free)

/* What is known of one unit; all texts borrowed, all times in seconds of Unix time, 0: never. */
typedef struct {
	const char *state;    /* as status/ has it */
	const char *delivery; /* of its letter, as status/ has it */
	gint64 last_contact;  /* the last message that left or may have left */
	gint64 invited;	      /* the last one with the letter */
	gint64 last_sign;     /* the last sheet or delegation that came */
	gint64 failed;	      /* when a message to it failed or came back */
	gint64 wrong;	  /* when the newest of its sections with errors came; 0: none has errors */
	gint64 reminders; /* how many it had, but for last calls */
	gint64 had[REMIND_POLICIES];
	gboolean called;     /* the last call for this deadline is done */
	gboolean on_its_way; /* a dispatch that is a contact is still in the outbox */
	gboolean reachable;  /* there is an address that has not failed */
} RemindFacts;

/* What follows from the facts at @now, before one looks which sections are missing: REMIND_WITH_US comes of that.
 * @out_due: Unix time from which it may be reminded, 0 where that is not the question. Pure. */
RemindVerdict remind_judge(
    const RemindFacts *facts, const RemindRules *rules, gint64 now, gint64 *out_due);

typedef struct {
	gint64 unit_id;
	RemindVerdict verdict;
	gint64 number;	   /* which message of its kind this is, from 1 */
	char *sections;	   /* "s2 s5": what is asked for; "" unless due */
	gint64 due;	   /* Unix time from which it may be sent, or 0 */
	char *address;	   /* whom it goes to; "" unless due, and where no address can be used */
	char *raised;	   /* role of a contact other than those that stay silent; "" */
	gint64 contact_id; /* of that contact, or of the second address; 0: the first */
} RemindDecision;

void remind_decision_free(RemindDecision *decision);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RemindDecision, remind_decision_free)
gboolean remind_is_due(const RemindDecision *decision);

/* Of whom is asked, and for what. */
typedef struct {
	const UnitFilter *filter; /* (nullable): all units */
	const char *filter_text;  /* as typed, kept with the wave */
	RemindVerdict only;	  /* a policy; REMIND_POLICIES: all that are switched on */
	gboolean at_once;	  /* a person asks: no days are waited for, no maximum holds */
	const char *kind;	  /* of the wave: "reminder" or "correction" */
} RemindAsk;
extern const RemindAsk remind_everybody;

/* What would be done for every open unit of @ask, now. Returns: (transfer full): of RemindDecision */
GPtrArray *remind_decide(
    Store *store, const Config *config, const Form *form, const RemindAsk *ask, GError **error);

/* Plans the wave for those who are due. Returns: (transfer full); wave_id 0 where nobody is due */
WavePlan *remind_plan(
    const OutboxTools *tools, const RemindAsk *ask, const char *actor, GError **error);

/* Messages that have been received and not yet read: in them may be answers of towns that are due. */
gboolean remind_count_unread(Store *store, guint *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif

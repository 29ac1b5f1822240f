/*
 * The kinds of waves and dispatches, one row each: what a message of a kind carries, what follows from its leaving, what
 * keeps it from leaving. Rooms ask this table and compare no names.
 */
#ifndef PLICO_OUTBOX_KIND_H
#define PLICO_OUTBOX_KIND_H

#include <glib.h>

/* What takes away the cause of a message that has not left yet. */
typedef enum {
	STOPPED_BY_CLOSING =
	    1 << 0, /* the unit declined, was excluded, or is closed in the registry */
	STOPPED_BY_EVIDENCE =
	    1 << 1, /* anything came from the unit since the message was planned */
	STOPPED_BY_DELEGATION =
	    1 << 3, /* what was given to somebody has changed: outbox/delegate.c */
	STOPPED_BY_DEADLINE =
	    1 << 4, /* survey.deadline has passed, or has moved under a last call */
} KindStop;

/* Which verbs plan it. */
typedef enum {
	PLANNED_BY_WAVE = 1 << 0,     /* wave plan --kind */
	PLANNED_BY_REMIND = 1 << 1,   /* remind */
	PLANNED_BY_DELEGATE = 1 << 2, /* what follows from a delegation */
	PLANNED_BY_INTAKE = 1 << 3,   /* what follows from a return: outbox/reply.c */
} KindPlanner;

typedef struct {
	const char *name; /* as in the store; its mail is mailtemplates/LANG/NAME.md */
	const char
	    *letter; /* (nullable): LETTER.letter.md goes with it, and the access code in that */
	/* its serial says the how-many-th of the unit's it is; otherwise it is the credential's */
	gboolean numbered;
	gboolean sheets;   /* it carries those of its sections */
	gboolean corrects; /* with the answers that came; it says what is wrong in them */
	gboolean receipt;  /* it says how the sections stand, and brings the answers so far */
	/* the unit itself is written to: counts for the days between two messages */
	gboolean contact;
	gboolean delivery; /* what becomes of it tells where the unit's letter is */
	guint stops;	   /* of KindStop */
	guint planners;	   /* of KindPlanner */
	/* it goes to somebody who was given sections, for the units of dispatch_part */
	gboolean delegate;
} Kind;

/* Returns: (transfer none) (nullable) */
const Kind *kind_find(const char *name);
/* The same for the kind of a row of the store, which is one of these. Returns: (transfer none) */
const Kind *kind_of(const char *name);

/* The name of the mail text of a dispatch that was planned for @cause: "reminder_last_call". Returns: (transfer none) */
const char *kind_text(const Kind *kind, const char *cause);

/* The names of the kinds that a verb plans: "invitation, thanks". Returns: (transfer full) */
char *kind_list(KindPlanner planner);

/* The names of the kinds that are contacts, and of those that decide the delivery, with a blank before and behind each, for a
 * query that looks for ' ' || kind || ' ' in them. Returns: (transfer none) */
const char *kind_contacts(void);
const char *kind_deliveries(void);

#endif

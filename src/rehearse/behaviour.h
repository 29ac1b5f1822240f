/*
 * What the simulated municipalities do. The table in behaviour.c is its own documentation: one row a kind of
 * municipality, with how many of a thousand are of that kind. Who is of which kind depends on the seed and the town's
 * code alone, so that a rehearsal can be repeated, and the meant answers be made again instead of kept.
 */
#ifndef PLICO_REHEARSE_BEHAVIOUR_H
#define PLICO_REHEARSE_BEHAVIOUR_H

#include <glib.h>

/* How much comes back after the invitation. */
typedef enum {
	SENDS_NOTHING,
	SENDS_TEXT,	  /* a question, and no sheet */
	SENDS_AUTO_REPLY, /* a machine answers (RFC 3834) */
	SENDS_BOUNCE,	  /* its server took the message on and gives it back (RFC 3464) */
	SENDS_PART,	  /* some sections */
	SENDS_ALL
} Sends;

/* What follows after the reminder, or three weeks later. */
typedef enum {
	LATER_NOTHING,
	LATER_REST, /* the sections that have not counted yet, without the fault of the first time */
	LATER_ALL,  /* the first answer at all */
	LATER_CORRECTION, /* one section once more, with other answers */
	LATER_AGAIN	  /* the same files in a new message */
} Later;

/* How the sheets travel. */
typedef enum {
	SHAPE_ONE_MAIL,	 /* all of them in one message, named */
	SHAPE_MAIL_EACH, /* one message a section */
	SHAPE_NAMELESS,	 /* inline, application/octet-stream, no name */
	SHAPE_FORWARDED, /* a colleague's message inside (message/rfc822) */
	SHAPE_PEC,	 /* inside a PEC transport envelope */
	SHAPE_TWICE	 /* the very same message comes two times */
} Shape;

/* What is wrong with them. */
typedef enum {
	FAULT_NONE,
	FAULT_GAPS,	  /* required questions are left empty */
	FAULT_SUMS,	  /* percentages do not make 100; "Nessuno" stands beside others */
	FAULT_RANK,	  /* the ranking ends after three */
	FAULT_IRRELEVANT, /* answers what does not concern it */
	FAULT_NO_CODE,	  /* no access code */
	FAULT_WRONG_CODE, /* another town's access code */
	FAULT_BLANK,	  /* the first sheet is empty */
	FAULT_CUT,	  /* the first file is cut off */
	FAULT_ALTERED,	  /* the first sheet's hidden identity names another town */
	FAULT_FOREIGN	  /* the letter comes back among the sheets */
} Fault;

typedef struct {
	const char *name;
	guint share;	  /* of 1000 */
	gboolean refused; /* its server says 550 */
	Sends sends;
	Shape shape;
	Fault fault;
	Later later;
} Behaviour;

/* NULL name at the end. */
extern const Behaviour behaviours[];

const Behaviour *behaviour_of(guint64 seed, const char *unit);
/* Whether its mail server lets a first attempt wait (about 2 in 100). */
gboolean behaviour_greylists(guint64 seed, const char *unit);
/* Whether it will ever read what it receives. */
gboolean behaviour_reads(const Behaviour *behaviour);

/* A die for every question: the same words always give the same number below @sides. */
guint dice(guint64 seed, const char *unit, const char *what, guint sides);

#endif

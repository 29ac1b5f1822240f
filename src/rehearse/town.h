/*
 * One simulated municipality at work: it reads its mail, fills the sheets it got, makes the mistakes of its kind, and
 * writes back. What it sent is noted in a journal, sheet by sheet, for the judge.
 */
#ifndef PLICO_REHEARSE_TOWN_H
#define PLICO_REHEARSE_TOWN_H

#include "base/keyring.h"
#include "form/form.h"
#include "rehearse/behaviour.h"
#include "rehearse/post.h"
#include "rehearse/provider.h"

/* A municipality as the rehearsal knows it. */
typedef struct {
	Unit *unit;
	char *address; /* to which the invitation goes */
	guint serial;  /* of its credential */
} Town;

void town_free(Town *town);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Town, town_free)

/* What must become of a sheet. */
typedef enum { EXPECT_ANSWERS, EXPECT_HELD, EXPECT_QUARANTINE } Expect;

/* What may become of a message that a stranger has sent. */
typedef enum {
	FATE_QUARANTINED = 1 << 0, /* it, or each of its files */
	FATE_HELD = 1 << 1,
	FATE_COPY = 1 << 2,   /* of answers that are there already */
	FATE_IGNORED = 1 << 3 /* it is kept, and nothing follows from it */
} Fate;

#define FATES 4

/* What all towns share; all borrowed. */
typedef struct {
	guint64 seed;
	guint hostile; /* of 100 messages: how many a stranger follows up */
	const Form *form;
	const Keyring *keyring;
	const char *edition;
	const char *survey;	  /* the address to answer to */
	const char *mailboxes;	  /* receiver_folder()s stand in it */
	const char *examples;	  /* where @shown leaves its papers */
	const Town *shown;	  /* (nullable) */
	const Provider *provider; /* of their certified mail */
} TownTools;

/* One sheet that was sent, as the journal has it. */
typedef struct {
	char *unit;    /* cadastral code */
	char *section; /* "" for a file that is no sheet */
	guint edit;
	Fault fault;
	Expect expect;
	char *sha256; /* of the file */
} Sent;

void sent_free(Sent *sent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sent, sent_free)

/* One message of a stranger. */
typedef struct {
	char *unit; /* the town that it is about */
	char *attack;
	guint fates;  /* Fate: what may become of it */
	char *sha256; /* of the raw message */
} Strike;

Strike *strike_new(const char *unit, const char *attack, guint fates, const char *sha256);
void strike_free(Strike *strike);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Strike, strike_free)

typedef struct {
	GPtrArray *sent;    /* of Sent, in the order of sending */
	GPtrArray *strikes; /* of Strike */
	guint posted;	    /* messages */
} Journal;

Journal *journal_new(void);
void journal_free(Journal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Journal, journal_free)

/* Whether the town does anything in this round: 1 after the invitation, 2 after the reminder. */
gboolean town_acts(const TownTools *tools, const Town *town, guint round);
/* The town's work of one round, and that of the strangers behind it. Adds to @journal what was sent. */
gboolean town_act(const TownTools *tools, const Town *town, guint round, Post *post,
    Journal *journal, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The journal of one worker as a file; and back, added to what is there. */
gboolean journal_write(const Journal *journal, const char *path, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
gboolean journal_read(Journal *journal, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif

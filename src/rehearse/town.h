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

/* What all towns share; all borrowed. */
typedef struct {
	guint64 seed;
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

/* Whether the town does anything in this round: 1 after the invitation, 2 after the reminder. */
gboolean town_acts(const TownTools *tools, const Town *town, guint round);
/* The town's work of one round. Adds to @journal (of Sent, owned) what it sent. */
gboolean town_act(const TownTools *tools, const Town *town, guint round, Post *post,
    GPtrArray *journal, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The journal of one worker as a file, with the number of messages it posted; and back, added to both. */
gboolean journal_write(const GPtrArray *journal, const char *path, guint posted, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
gboolean journal_read(GPtrArray *journal, const char *path, guint *posted, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif

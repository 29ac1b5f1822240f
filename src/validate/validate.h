/*
 * 8 TRUE?: from fields to answers and findings, and from a message to returns in the database.
 *
 * A return counts only with a right tag, the exact field set of its form version, a sound file and at least one answer.
 * Right access code, or certified mail from the unit's registered address: applied at once. Without: held until a person
 * confirms. Anything else is quarantined with its reason; nothing is guessed.
 */
#ifndef PLICO_VALIDATE_VALIDATE_H
#define PLICO_VALIDATE_VALIDATE_H

#include "base/config.h"
#include "collect/collect.h"
#include "store/store.h"

/* Where an answer comes from: written this year; last year's, which was confirmed; last year's, which nobody touched. */
#define ORIGIN_GIVEN	 "given"
#define ORIGIN_CONFIRMED "confirmed"
#define ORIGIN_COPIED	 "copied"

/* Last year's answers as they stood on a sheet. */
typedef struct {
	GHashTable *values; /* question -> canonical text; borrowed */
	gboolean suffice;   /* nothing else is needed: memory.untouched = accept */
} Printed;

/* The answers of one section as its fields say, and what is wrong with them. */
typedef struct {
	GHashTable *values;  /* question name -> canonical text, only those that hold something */
	GHashTable *origins; /* question name of each of them -> ORIGIN_..., static */
	gboolean confirmed;  /* last year's answers were confirmed, and nothing was changed */
	/* of Finding: place is the question's name, text the wording for staff; in the form's order, one for each
	 * question at most */
	GPtrArray *findings;
	/* question name -> what stands in its one field, where that could not be read */
	GHashTable *unread;
	gboolean blank; /* nothing was written: such a sheet is never answers */
	char *sha256;	/* of the canonical answers and their origins: equal answers, equal sum */
} Answers;

void answers_free(Answers *answers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Answers, answers_free)

/* Reads and checks: required, ranges, constraints, exclusive choices, permutations, conditions. Pure. @fields must
 * hold the section's field set. An answer to a question that is not relevant is kept, flagged, and counts as empty for
 * whatever depends on it.
 *
 * @printed (nullable): what stood on the sheet. An answer equal to it was confirmed or merely copied; a section that came
 * back with nothing else and unconfirmed is asked for again (finding "unconfirmed", at the section's name), and is blank
 * where not even the access code was written. Returns: (transfer full) */
Answers *validate_answers(
    const FormView *view, const Section *section, const FieldSet *fields, const Printed *printed);

/* The names (const char *) of @values, in the order of their bytes. Returns: (transfer container) */
gpointer *validate_answers_names(GHashTable *values, guint *count);

/* Of the canonical answers and where each comes from (ORIGIN_...): name and value with their lengths, by name, so that no two
 * sets are the same bytes. Of those given this year the origin goes without saying. Returns: (transfer full): SHA-256 */
char *validate_answers_sum(GHashTable *values, GHashTable *origins);

typedef struct {
	guint messages;
	guint returns; /* PDFs looked at */
	guint applied;
	guint duplicates;
	guint held;
	guint quarantined; /* returns, and messages that could not be read */
	guint receipts;
	guint
	    unverified; /* certified mail that is not believed: collect.h says why it may not be */
	guint bounces;
	guint read_receipts;
	guint complaints;
	guint auto_replies;
	guint other;
} IntakeReport;

typedef struct Replay Replay;

typedef struct {
	Store *store;
	const Config *config;
	const Keyring *keyring;
	const Form *form;
	FormShelf *shelf; /* (nullable): its other versions, of which sheets are out */
	Replay *replay;	  /* (nullable): the log has what is read already (replay.h) */
} IntakeTools;

/* Reads every message in state new, oldest first: counts the attempt and commits, reads it in the cage, stores its
 * class, returns, answers, findings and events. Several are read at once and some stored in one transaction, but always in the
 * order in which they came. A message at which the process has died among others, and then three times alone, is quarantined unread. Adds to @report what was
 * committed. An error (archive, database) stops the run and leaves the message, and those behind it, in the queue. */
gboolean intake_run(const IntakeTools *tools, IntakeReport *report, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same for who puts messages into the queue at the same time: what can be read is, while the caller does something else. Only
 * intake_finish() leaves nothing behind. After an error it can only be freed. One process at a time. */
typedef struct IntakeRun IntakeRun;

/* @tools must outlive it. Returns: (transfer full), NULL with PLICO_ERROR_CONFIG where pec.certificates cannot be read */
IntakeRun *intake_begin(const IntakeTools *tools, GError **error);
void intake_free(IntakeRun *intake);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IntakeRun, intake_free)

/* What the archive holds under this name, from who has just put it there and seen that it lies there so: it need not be read from
 * there. Good for the next intake_go_on(). */
void intake_hand_over(IntakeRun *intake, const char *sha256, GBytes *raw);
/* Starts to read what is new in the queue, and stores what was read as far as there is more than can be read at once. */
gboolean intake_go_on(IntakeRun *intake, IntakeReport *report, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Waits until all is read and stored. */
gboolean intake_finish(IntakeRun *intake, IntakeReport *report, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* A person decides on a held or quarantined return. accept applies it with the person's name in the history; only a
 * return whose answers could be read can be accepted, and none that is older than what counts already. reject takes a @note that
 * is not empty: why. */
gboolean intake_accept(const IntakeTools *tools, gint64 return_id, const char *actor,
    const char *note, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of a sheet that a person has read from its pages: @fields are all that it has, its identity too, as intake_desk()
 * gives them and the person has filled them in; of a return that did not tell which sheet it is, that identity does. They are
 * kept in the archive, and checked as those of any other sheet. */
gboolean intake_enter(const IntakeTools *tools, gint64 return_id, const FieldSet *fields,
    const char *actor, const char *note, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean intake_reject(const IntakeTools *tools, gint64 return_id, const char *actor,
    const char *note, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A section is awaited once more although its answers count: they go on counting until new ones come, and whoever then says the
 * same has answered. @note (not empty) says why. */
gboolean intake_reopen(const IntakeTools *tools, gint64 unit_id, const char *section,
    const char *actor, const char *note, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A quarantined message was seen and needs no more (@note says why); or is to be read again. */
gboolean intake_dismiss(const IntakeTools *tools, gint64 message_id, const char *actor,
    const char *note, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean intake_retry(const IntakeTools *tools, gint64 message_id, const char *actor,
    const char *note, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a person needs who reads a sheet from its pages. All but @owner are borrowed from it. */
typedef struct {
	GBytes *sheet;	       /* as it was sent */
	FieldSet *fields;      /* all of it: identity, what is certain, "" for what is not */
	GHashTable *uncertain; /* set of char *: the latter */
	GPtrArray *pages;      /* of PaperPage */
	const Unit *unit;
	const FormView *view;
	const Section *section;
	gpointer owner;
} EntryDesk;

void entry_desk_free(EntryDesk *desk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EntryDesk, entry_desk_free)

/* The desk for a return that waits with the reason flattened or scanned: its message is read again. collect_prepare() was called.
 * @code (nullable): of one that does not tell, or has no form, what a person read at its foot. Returns: (transfer full), NULL with
 * PLICO_ERROR_INPUT where its sheet is not known */
EntryDesk *intake_desk(
    const IntakeTools *tools, gint64 return_id, const char *code, GError **error);

/* Fields as text: two columns, field and value (RFC 4180), by name. Returns: (transfer full) */
GBytes *entry_write(const FieldSet *fields);
/* The same as it comes back; @path for messages. Returns: (transfer full), NULL with PLICO_ERROR_INPUT */
FieldSet *entry_read(GBytes *text, const char *path, GError **error);

/* What waits for a person: a held or quarantined return, or a quarantined message. */
typedef struct {
	char *id; /* "17" a return, "m5" a message: what the verbs take */
	gint64 number;
	gboolean is_message;
	char *state;  /* held or quarantined */
	char *reason; /* stable word */
	char *detail; /* one sentence */
	gint64 received_at;
	char *sender; /* as claimed */
	char *subject;
	char *file_name;   /* as the sender called it */
	char *file_sha256; /* "" of a message */
	char *raw_sha256;  /* of the whole message, in the archive */
	char *unit_code;   /* proposed; "" where nothing names one of ours */
	char *unit_name;
	gboolean
	    by_sender; /* the proposal is not the sheet's, but whose address the sender claims */
	char *section;
	gboolean acceptable; /* its answers could be read */
} Pending;

void pending_free(Pending *pending);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pending, pending_free)

/* All that waits, oldest first; or the one with the id (NULL: all). Returns: (transfer full): of Pending, empty where
 * there is none */
GPtrArray *intake_pending(Store *store, const char *id, GError **error);

/* A reason in a few words of the reader's language. Returns: (transfer none) */
const char *validate_reason_words(const char *reason);

/* Answers as they are stored, with where they came from. */
typedef struct {
	gint64 return_id;
	char *section;
	char *state;
	char *reason;
	char *detail;
	char *trust;
	gint64 received_at;
	char *sender;
	char *file_name;
	char *file_sha256;
	char *form_version;
	gboolean confirmed; /* last year's answers, and nothing was changed */
	gint64 base;	    /* of a sheet of some questions: the return with the other answers; 0 */
	char *questions;    /* of such a sheet: names with blanks between; "" */
	GHashTable *values; /* question -> canonical text */
	GHashTable *origins; /* question -> given, confirmed or copied */
	GPtrArray *findings; /* of Finding: place is the question */
} StoredAnswers;

/* The return from which such a sheet took the answer to @question along; 0: it stood on the sheet itself. */
gint64 stored_answers_taken_from(const StoredAnswers *stored, const char *question);

/* How many of the answers have this origin. */
guint stored_answers_count(const StoredAnswers *stored, const char *origin);

void stored_answers_free(StoredAnswers *stored);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoredAnswers, stored_answers_free)

/* Every return of a unit in this edition, oldest first, with its answers. Returns: (transfer full): of StoredAnswers */
GPtrArray *stored_answers_of_unit(Store *store, const Form *form, gint64 unit_id, GError **error);
/* Returns: (transfer full) */
StoredAnswers *stored_answers_of_return(Store *store, gint64 return_id, GError **error);

#endif

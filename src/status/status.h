/*
 * 9 WHERE: the state of each unit and section, derived from the event log by one table, and never otherwise.
 * status_refresh() folds what is new in the log; status_rebuild() folds it all again: the result is the same.
 *
 * never_opened + in_progress + completed + declined + excluded = units, at any moment. Units are those that are open in
 * the registry: a town that has merged into another is not counted.
 *
 * What it reads of the log (edition, unit and subject_id are set; a dispatch tells its kind and sections itself):
 *   dispatch.queued deferred cancelled sent unknown accepted delivered
 *   dispatch.failed undelivered                                            (note: the reason)
 *   dispatch.opened                                                        a read receipt
 *   return.applied (section; note "findings" where answers hold errors)  return.held
 *   delegation.set withdrawn (section)
 *   section.reopened (section)
 *   unit.declined excluded reopened
 */
#ifndef PLICO_STATUS_STATUS_H
#define PLICO_STATUS_STATUS_H

#include "form/form.h"

/* Brings the states of @form's edition up to date. Every reader calls it first. */
gboolean status_refresh(Store *store, const Form *form, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same inside a transaction of the caller. */
gboolean status_refresh_within(Store *store, const Form *form, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
gboolean status_rebuild(Store *store, const Form *form, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Counts of one group of units. */
typedef struct {
	char *name; /* of the group: a region, a size class; "" for all */
	gint64 units;
	gint64 never_opened;
	gint64 in_progress;
	gint64 completed;
	gint64 declined;
	gint64 excluded;
	gint64 undelivered; /* by their delivery, whatever their state */
	gint64 unknown;
	gint64 closed; /* of all: closed in the registry, in none of the counts above */
} StatusCounts;

void status_counts_free(StatusCounts *counts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StatusCounts, status_counts_free)

StatusCounts *status_total(Store *store, const Form *form, GError **error);

typedef enum { BY_REGION, BY_PROVINCE, BY_SIZE } StatusBy;
/* Returns: (transfer full): of StatusCounts, in the order of the table */
GPtrArray *status_by(Store *store, const Form *form, StatusBy by, GError **error);

typedef struct {
	const Section *section;
	gint64 sent; /* sheets that left */
	gint64 received;
	gint64 received_with_findings;
} SectionCounts;

/* Returns: (transfer full): of SectionCounts, in the form's order */
GPtrArray *status_sections(Store *store, const Form *form, GError **error);

/* Ids of the open units whose state or delivery is one of @words, with commas between; PLICO_ERROR_USAGE, with those that there
 * are, where a word is none. Refreshes first. Returns: (transfer full): gint64 * -> itself */
GHashTable *status_units_in(Store *store, const Form *form, const char *words, GError **error);

/* One unit's state and its sections' (name -> state). Returns: (transfer full) */
char *status_unit(
    Store *store, const Form *form, gint64 unit_id, GHashTable **out_sections, GError **error);

typedef enum { UNIT_DECLINES, UNIT_EXCLUDED, UNIT_REOPENED } Declaration;

/* A person says that a unit does not take part, or does again; @note (not empty) says why. Refused where it changes
 * nothing. */
gboolean status_declare(Store *store, const Form *form, const Unit *unit, Declaration declaration,
    const char *actor, const char *note, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a state, a kind of message or an event of the store is called in the reader's language; @code itself where it has
 * no other name. Returns: (transfer none) */
const char *status_words(const char *code);

#endif

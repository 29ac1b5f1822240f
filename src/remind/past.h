/* Internal to remind/: what has happened with each unit so far. */
#ifndef PLICO_REMIND_PAST_H
#define PLICO_REMIND_PAST_H

#include "remind/remind.h"

typedef struct {
	gint64 unit_id;
	RemindFacts facts;   /* its texts are interned; reachable is not asked here */
	gint64 sign_seq;     /* of the last sign */
	gint64 unanswered;   /* reminders since */
	GHashTable *serials; /* kind (interned) -> GINT_TO_POINTER(number of the last one) */
} Past;

typedef struct {
	GPtrArray *units;     /* of Past, in the order of ISTAT's list */
	GHashTable *by_id;    /* id -> Past */
	GHashTable *came;     /* a set of "unit section": what is here */
	GHashTable *mistaken; /* a set of the same: what has errors */
} History;

/* The states in the tables are up to date. Returns: (transfer full) */
History *history_load(Store *store, const Config *config, const Form *form, GError **error);
void history_free(History *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(History, history_free)

/* Whether a section is in one of the sets. */
gboolean history_has(GHashTable *places, gint64 unit_id, const char *section);

#endif

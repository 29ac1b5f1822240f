/* Writing down the answers of one edition, town by town. Private to memory/. */
#ifndef PLICO_MEMORY_LEDGER_H
#define PLICO_MEMORY_LEDGER_H

#include "memory/memory.h"

typedef struct {
	Store *store;
	const MemorySource *source;
	const char *name; /* of the file; "" */
	MemoryReport *report;
	GHashTable
	    *codes; /* what a list may call a town -> its cadastral code then; "": several towns */
	GHashTable *gone; /* "question choice" that this year's form lacks -> how often (guint) */
} Ledger;

/* @source, @name and @store must outlive it. */
gboolean ledger_open(Ledger *ledger, Store *store, const MemorySource *source, const char *name,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ledger_clear(Ledger *ledger);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ledger, ledger_clear)

/* The question of then, or where that form is not at hand the one of today that takes its answer; NULL: neither is
 * there. Returns: (transfer none) */
const Item *ledger_question(const Ledger *ledger, const char *name);

/* @text as the canonical answer to @item, a number as Italians write it too; NULL where it is none.
 * Returns: (transfer full) (nullable) */
char *ledger_canonical(const Item *item, const char *text);

/* Makes @answers (name then -> Said) all that is known of the town's in this edition; counts. */
typedef struct {
	char *value;
	char *source;
} Said;

void said_free(gpointer said);
gboolean ledger_write(Ledger *ledger, const char *code, GHashTable *answers, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* What all of it amounts to: findings about choices that are gone, one event. In the transaction of the writing. */
gboolean ledger_finish(Ledger *ledger, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif

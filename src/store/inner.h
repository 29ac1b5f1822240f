/* What the files of store/ share. Private to store/. */
#ifndef PLICO_STORE_INNER_H
#define PLICO_STORE_INNER_H

#include "store/store.h"

#include <sqlite3.h>

#define BUSY_TIMEOUT_MS 10000
#define CACHE_SIZE                                                                                 \
	"-8192" /* KiB of pages: the indexes of a survey's log and answers are written all over */

struct Store {
	sqlite3 *db;
	char *path;
	Fd lock; /* held as long as it is open: nobody puts another database in its place */
	GPtrArray *idle
	    [SQL_STATEMENTS]; /* prepared and not in use: a query may run inside another of its name */
};

struct Rows {
	Store *store;
	SqlId id; /* SQL_STATEMENTS: none of them, the statement is this one's own */
	sqlite3_stmt *stmt;
};

/* Waits a while for whoever has store_lock(). */
gboolean store_share(const char *path, Fd *lock, GError **error);

/* The last failure of SQLite as an error. Returns: FALSE */
gboolean store_fail(Store *store, GError **error);
/* Runs @text, which gives no rows. */
gboolean store_execute(Store *store, const char *text, GError **error);

#endif

/*
 * The store: the only room that knows SQLite. All SQL stands in sql/, in blocks headed `-- name:`; a statement
 * is run by its name, SQL_unit_by_code, so that a typing error does not compile.
 *
 * One writer; WAL with synchronous=FULL: what was committed survives a power cut if the disk obeys.
 */
#ifndef PLICO_STORE_STORE_H
#define PLICO_STORE_STORE_H

#include "base/durable.h"

typedef enum {
#define X(name, sql) SQL_##name,
#include "sql.def"
#undef X
	SQL_STATEMENTS
} SqlId;

/* Of one thread at a time. */
typedef struct Store Store;
typedef struct Rows Rows;

/* Opens the database at @path, makes it if it is not there, brings an older one up to date. A newer one, or a file
 * that is no plico database, is refused with a sentence. Returns: (transfer full) */
Store *store_open(const char *path, GError **error);
void store_free(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_free)

/* Nobody else has the database at @path open, nor can open it, until @lock is closed; this process must not either, but for
 * store_snapshot(). PLICO_ERROR_TRY_AGAIN where somebody has. */
gboolean store_lock(const char *path, Fd *lock, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts the database at @fresh, which nobody has open, in the place of the one at @path, whose lock the caller has, in one step; the
 * former one, if there is one, stays under the name @aside. */
gboolean store_replace(const char *path, const char *fresh, const char *aside, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Transactions do not nest. Declare `g_autoptr(Transaction) tx = transaction_begin(...)`: unless it is committed
 * it rolls back when it goes out of scope. */
typedef struct Transaction Transaction;
Transaction *transaction_begin(Store *store, GError **error);
gboolean transaction_commit(Transaction *transaction, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void transaction_free(Transaction *transaction);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transaction, transaction_free)

/* Runs a statement that gives no rows. @types has a letter for each parameter: t const char * (NULL: SQL NULL),
 * i gint64, r double, b GBytes * (NULL: SQL NULL), n nothing (SQL NULL; takes no argument). */
gboolean store_run(Store *store, GError **error, SqlId statement, const char *types, ...)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same for a statement of many parameters: the first is @id, the others are @texts (of const char *). */
gboolean store_run_texts(Store *store, GError **error, SqlId statement, gint64 id,
    const GPtrArray *texts) G_GNUC_WARN_UNUSED_RESULT;

/* How many rows the last store_run() changed; the id of the row it inserted. */
gint64 store_changes(Store *store);
gint64 store_last_id(Store *store);

/* Starts a query. Read it by `while (rows_next(rows, &row_error))`; it is reset when freed.
 * Returns: (transfer full), NULL on error */
Rows *store_query(Store *store, GError **error, SqlId statement, const char *types, ...);
void rows_free(Rows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rows, rows_free)

/* TRUE: there is a row, its cells are valid until the next call. FALSE: the end, or @error is set. */
gboolean rows_next(Rows *rows, GError **error);
/* NULL values read as "", 0 and 0.0. Text is (transfer none). */
const char *rows_text(Rows *rows, int column);
gint64 rows_int(Rows *rows, int column);
double rows_real(Rows *rows, int column);
gboolean rows_is_null(Rows *rows, int column);
/* Returns: (transfer full) */
GBytes *rows_bytes(Rows *rows, int column);

/* The one integer of a query's first row, or @fallback where there is no row. */
gboolean store_int(Store *store, gint64 *out, gint64 fallback, GError **error, SqlId statement,
    const char *types, ...) G_GNUC_WARN_UNUSED_RESULT;

/* --- snapshot.c: a database looked at from outside -------------------------------------------------------------- */

/* A copy of the database at @path as it stands at this moment, brought up to date; nothing is written to the database
 * itself, and others may go on using it. The copy is this process's own and goes away with it. Returns: (transfer full) */
Store *store_snapshot(const char *path, GError **error);

/* Every row of @table by its primary key, all columns. Returns: (transfer full) */
Rows *store_table(Store *store, const char *table, GError **error);

typedef enum { CELL_NULL, CELL_INT, CELL_REAL, CELL_TEXT, CELL_BYTES } CellType;
int rows_width(Rows *rows);
/* Returns: (transfer none) */
const char *rows_name(Rows *rows, int column);
CellType rows_type(Rows *rows, int column);

/* Puts the rows, which have all columns of @table in their order, into @to. A key that is there already is an error. */
gboolean store_copy_rows(Store *to, const char *table, Rows *rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
gboolean store_copy_table(Store *to, Store *from, const char *table, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* A row that is not the same in two databases. */
typedef struct {
	const char *table;
	const char *key; /* "17", "mappa-2024 12 s5" */
	gboolean in_one; /* otherwise only in the other */
	gboolean in_other;
	const GPtrArray *names; /* of const char *: the columns that differ, where it is in both */
	const char *change;	/* "state: held, applied": the cells of both, for a person */
} RowDifference;

typedef void (*RowDiffers)(const RowDifference *difference, gpointer data);

/* Tells @differs of every row of @table that is not in both databases, equal in all columns. */
gboolean store_compare(Store *one, Store *other, const char *table, RowDiffers differs,
    gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One row of the event log. Text may be NULL where the column may be empty; @unit_id 0 means none. */
typedef struct {
	const char *actor; /* NULL: "plico" */
	const char *edition;
	gint64 unit_id;
	const char *section;
	const char *subject;
	gint64 subject_id;
	const char *what;
	const char *from_state;
	const char *to_state;
	const char *evidence;
	const char *note;
} Event;

/* Appends @event with the clock's time; call it in the transaction of its cause. */
gboolean store_event(Store *store, const Event *event, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The number of the newest schema this program knows, for tests and `plico --version`. */
int store_schema_version(void);

/* Prepares every statement once: a test calls it. */
gboolean store_prepare_all(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif

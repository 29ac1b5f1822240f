/* Opening, transactions, statements. sqlite3.h is included in this room only. */
#include "store/store.h"

#include "base/clock.h"
#include "base/error.h"
#include "store/inner.h"
#include "store/migrate.h"

#include <stdarg.h>

static const char *const sql[SQL_STATEMENTS] = {
#define X(name, text) [SQL_##name] = text,
#include "sql.def"
#undef X
};

struct Transaction {
	Store *store;
	gboolean open;
};

gboolean
store_fail(Store *store, GError **error)
{
	int code = sqlite3_errcode(store->db);
	PlicoError kind =
	    code == SQLITE_BUSY || code == SQLITE_LOCKED ? PLICO_ERROR_TRY_AGAIN : PLICO_ERROR_IO;

	if (kind == PLICO_ERROR_TRY_AGAIN)
		return fail(error, kind, _("%s: another plico is writing; try again in a moment"),
		    store->path);
	return fail(error, kind, "%s: %s", store->path, sqlite3_errmsg(store->db));
}

gboolean
store_execute(Store *store, const char *text, GError **error)
{
	if (sqlite3_exec(store->db, text, NULL, NULL, NULL) != SQLITE_OK)
		return store_fail(store, error);
	return TRUE;
}

/* SQLite counts its memory under a lock, for a question that nobody asks; in a system's build that is each allocation of a row. */
static void
leave_memory_uncounted(void)
{
	static gsize done;

	if (!g_once_init_enter(&done))
		return;
	(void)sqlite3_config(
	    SQLITE_CONFIG_MEMSTATUS, 0); /* too late after the first use: no harm */
	g_once_init_leave(&done, 1);
}

Store *
store_open(const char *path, GError **error)
{
	g_autoptr(Store) store = g_new0(Store, 1);

	leave_memory_uncounted();
	store->path = g_strdup(path);
	store->lock = -1;
	if (!store_share(path, &store->lock, error))
		return NULL;
	if (sqlite3_open_v2(path, &store->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW |
		    SQLITE_OPEN_NOMUTEX,
		NULL) != SQLITE_OK) {
		fail(error, PLICO_ERROR_IO, "%s: %s", path, sqlite3_errmsg(store->db));
		return NULL;
	}
	sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	if (!migrate_check(store->db, path, error) ||
	    !store_execute(store,
		"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=" CACHE_SIZE,
		error) ||
	    !migrate_run(store->db, path, error))
		return NULL;
	return g_steal_pointer(&store);
}

static void
finalize(gpointer stmt)
{
	sqlite3_finalize(stmt);
}

void
store_free(Store *store)
{
	if (store == NULL)
		return;
	for (gsize i = 0; i < SQL_STATEMENTS; i++)
		g_clear_pointer(&store->idle[i], g_ptr_array_unref);
	sqlite3_close(store->db);
	fd_close(&store->lock);
	g_free(store->path);
	g_free(store);
}

Transaction *
transaction_begin(Store *store, GError **error)
{
	Transaction *transaction;

	/* SQLite begins all the same, and fails at the first write, when other things are done already */
	if (sqlite3_db_readonly(store->db, "main") == 1) {
		fail(error, PLICO_ERROR_IO, _("%s: this user may read it, but not write"),
		    store->path);
		return NULL;
	}
	if (!store_execute(store, "BEGIN IMMEDIATE", error))
		return NULL;
	transaction = g_new0(Transaction, 1);
	transaction->store = store;
	transaction->open = TRUE;
	return transaction;
}

gboolean
transaction_commit(Transaction *transaction, GError **error)
{
	if (!store_execute(transaction->store, "COMMIT", error))
		return FALSE;
	transaction->open = FALSE;
	return TRUE;
}

void
transaction_free(Transaction *transaction)
{
	if (transaction == NULL)
		return;
	if (transaction->open)
		(void)sqlite3_exec(transaction->store->db, "ROLLBACK", NULL, NULL, NULL);
	g_free(transaction);
}

static sqlite3_stmt *
take_statement(Store *store, SqlId id, GError **error)
{
	sqlite3_stmt *stmt = NULL;

	if (store->idle[id] != NULL && store->idle[id]->len > 0) {
		stmt = g_ptr_array_index(store->idle[id], store->idle[id]->len - 1);
		g_ptr_array_index(store->idle[id], store->idle[id]->len - 1) = NULL;
		g_ptr_array_set_size(store->idle[id], (int)store->idle[id]->len - 1);
		return stmt;
	}
	if (sqlite3_prepare_v3(store->db, sql[id], -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) !=
	    SQLITE_OK) {
		store_fail(store, error);
		return NULL;
	}
	return stmt;
}

static void
give_back(Store *store, SqlId id, sqlite3_stmt *stmt)
{
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	if (store->idle[id] == NULL)
		store->idle[id] = g_ptr_array_new_with_free_func(finalize);
	g_ptr_array_add(store->idle[id], stmt);
}

/* @lasting: SQLITE_STATIC where what is bound outlives the statement's run. */
static int
bind_bytes(sqlite3_stmt *stmt, int number, GBytes *bytes, sqlite3_destructor_type lasting)
{
	gsize size;
	gconstpointer data;

	if (bytes == NULL)
		return sqlite3_bind_null(stmt, number);
	data = g_bytes_get_data(bytes, &size);
	return sqlite3_bind_blob64(stmt, number, data != NULL ? data : "", size, lasting);
}

static gboolean
bind(Store *store, sqlite3_stmt *stmt, sqlite3_destructor_type lasting, const char *types,
    va_list args, GError **error)
{
	int number = 0;
	int result = SQLITE_OK;

	for (; *types != '\0' && result == SQLITE_OK; types++) {
		number++;
		switch (*types) {
		case 't':
			result = sqlite3_bind_text(
			    stmt, number, va_arg(args, const char *), -1, lasting);
			break;
		case 'i':
			result = sqlite3_bind_int64(stmt, number, va_arg(args, gint64));
			break;
		case 'r':
			result = sqlite3_bind_double(stmt, number, va_arg(args, double));
			break;
		case 'b':
			result = bind_bytes(stmt, number, va_arg(args, GBytes *), lasting);
			break;
		case 'n':
			result = sqlite3_bind_null(stmt, number);
			break;
		default:
			g_error("bind: type %c of parameter %d", *types, number);
		}
	}
	g_assert(number == sqlite3_bind_parameter_count(stmt) || result != SQLITE_OK);
	return result == SQLITE_OK ? TRUE : store_fail(store, error);
}

static Rows *
query_valist(Store *store, GError **error, SqlId id, sqlite3_destructor_type lasting,
    const char *types, va_list args)
{
	sqlite3_stmt *stmt = take_statement(store, id, error);
	g_autoptr(Rows) rows = NULL;

	if (stmt == NULL)
		return NULL;
	rows = g_new0(Rows, 1);
	rows->store = store;
	rows->id = id;
	rows->stmt = stmt;
	return bind(store, stmt, lasting, types, args, error) ? g_steal_pointer(&rows) : NULL;
}

gboolean
store_run(Store *store, GError **error, SqlId statement, const char *types, ...)
{
	g_autoptr(Rows) rows = NULL;
	va_list args;
	int result;

	va_start(args, types);
	rows = query_valist(store, error, statement, SQLITE_STATIC, types, args);
	va_end(args);
	if (rows == NULL)
		return FALSE;
	result = sqlite3_step(rows->stmt);
	g_assert(result != SQLITE_ROW);
	return result == SQLITE_DONE ? TRUE : store_fail(store, error);
}

gboolean
store_run_texts(Store *store, GError **error, SqlId statement, gint64 id, const GPtrArray *texts)
{
	sqlite3_stmt *stmt = take_statement(store, statement, error);
	gboolean done;

	if (stmt == NULL)
		return FALSE;
	g_assert(sqlite3_bind_parameter_count(stmt) == (int)texts->len + 1);
	done = sqlite3_bind_int64(stmt, 1, id) == SQLITE_OK;
	for (guint i = 0; done && i < texts->len; i++)
		done = sqlite3_bind_text(stmt, (int)i + 2, g_ptr_array_index(texts, i), -1,
			   SQLITE_STATIC) == SQLITE_OK;
	done = (done && sqlite3_step(stmt) == SQLITE_DONE) || store_fail(store, error);
	give_back(store, statement, stmt);
	return done;
}

gint64
store_changes(Store *store)
{
	return sqlite3_changes64(store->db);
}

gint64
store_last_id(Store *store)
{
	return sqlite3_last_insert_rowid(store->db);
}

Rows *
store_query(Store *store, GError **error, SqlId statement, const char *types, ...)
{
	Rows *rows;
	va_list args;

	va_start(args, types);
	rows = query_valist(store, error, statement, SQLITE_TRANSIENT, types, args);
	va_end(args);
	return rows;
}

void
rows_free(Rows *rows)
{
	if (rows == NULL)
		return;
	if (rows->id == SQL_STATEMENTS)
		sqlite3_finalize(rows->stmt);
	else
		give_back(rows->store, rows->id, rows->stmt);
	g_free(rows);
}

gboolean
rows_next(Rows *rows, GError **error)
{
	int result = sqlite3_step(rows->stmt);

	if (result == SQLITE_ROW)
		return TRUE;
	if (result != SQLITE_DONE)
		store_fail(rows->store, error);
	return FALSE;
}

const char *
rows_text(Rows *rows, int column)
{
	const guchar *text = sqlite3_column_text(rows->stmt, column);

	return text != NULL ? (const char *)text : "";
}

gint64
rows_int(Rows *rows, int column)
{
	return sqlite3_column_int64(rows->stmt, column);
}

double
rows_real(Rows *rows, int column)
{
	return sqlite3_column_double(rows->stmt, column);
}

gboolean
rows_is_null(Rows *rows, int column)
{
	return sqlite3_column_type(rows->stmt, column) == SQLITE_NULL;
}

GBytes *
rows_bytes(Rows *rows, int column)
{
	gconstpointer data = sqlite3_column_blob(rows->stmt, column);

	return g_bytes_new(data, (gsize)sqlite3_column_bytes(rows->stmt, column));
}

gboolean
store_int(Store *store, gint64 *out, gint64 fallback, GError **error, SqlId statement,
    const char *types, ...)
{
	g_autoptr(Rows) rows = NULL;
	g_autoptr(GError) why = NULL;
	va_list args;

	va_start(args, types);
	rows = query_valist(store, error, statement, SQLITE_STATIC, types, args);
	va_end(args);
	if (rows == NULL)
		return FALSE;
	*out = rows_next(rows, &why) ? rows_int(rows, 0) : fallback;
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	return TRUE;
}

static const char *
or_empty(const char *text)
{
	return text != NULL ? text : "";
}

gboolean
store_event(Store *store, const Event *event, GError **error)
{
	gint64 now = clock_now();
	const char *actor = event->actor != NULL ? event->actor : "plico";

	if (event->unit_id == 0)
		return store_run(store, error, SQL_event_insert, "ittnttittttt", now, actor,
		    or_empty(event->edition), or_empty(event->section), event->subject,
		    event->subject_id, event->what, or_empty(event->from_state),
		    or_empty(event->to_state), or_empty(event->evidence), or_empty(event->note));
	return store_run(store, error, SQL_event_insert, "ittittittttt", now, actor,
	    or_empty(event->edition), event->unit_id, or_empty(event->section), event->subject,
	    event->subject_id, event->what, or_empty(event->from_state), or_empty(event->to_state),
	    or_empty(event->evidence), or_empty(event->note));
}

int
store_schema_version(void)
{
	return migrate_newest();
}

gboolean
store_prepare_all(Store *store, GError **error)
{
	for (int id = 0; id < SQL_STATEMENTS; id++) {
		sqlite3_stmt *stmt = take_statement(store, (SqlId)id, error);

		if (stmt == NULL) {
			g_prefix_error(error, "%s: ", sql[id]);
			return FALSE;
		}
		give_back(store, (SqlId)id, stmt);
	}
	return TRUE;
}

/* A database looked at from outside: copied as it stands, and compared with another table by table. */
#include "store/store.h"

#include "base/error.h"
#include "store/inner.h"
#include "store/migrate.h"

#include <string.h>

/* All of @from into the empty @to, at one moment: in one step nobody can write in between. */
static gboolean
copy_all(Store *to, Store *from, GError **error)
{
	sqlite3_backup *backup = sqlite3_backup_init(to->db, "main", from->db, "main");
	int result;

	if (backup == NULL)
		return store_fail(to, error);
	do {
		result = sqlite3_backup_step(backup, -1);
		if (result == SQLITE_BUSY || result == SQLITE_LOCKED)
			sqlite3_sleep(50);
	} while (result == SQLITE_BUSY || result == SQLITE_LOCKED);
	(void)sqlite3_backup_finish(backup);
	if (result != SQLITE_DONE)
		return fail(error, PLICO_ERROR_IO, "%s: %s", from->path, sqlite3_errstr(result));
	return TRUE;
}

Store *
store_snapshot(const char *path, GError **error)
{
	g_autoptr(Store) from = g_new0(Store, 1);
	g_autoptr(Store) copy = g_new0(Store, 1);

	from->lock = copy->lock = -1;
	from->path = g_strdup(path);
	copy->path = g_strdup(path); /* what sentences speak of */
	if (sqlite3_open_v2(path, &from->db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX,
		NULL) != SQLITE_OK) {
		fail(error, PLICO_ERROR_IO, "%s: %s", path, sqlite3_errmsg(from->db));
		return NULL;
	}
	sqlite3_busy_timeout(from->db, BUSY_TIMEOUT_MS);
	/* a name of no letters: a file of SQLite's own, which goes away with the process however that ends */
	if (sqlite3_open_v2("", &copy->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
		NULL) != SQLITE_OK) {
		store_fail(copy, error);
		return NULL;
	}
	if (!migrate_check(from->db, path, error) || !copy_all(copy, from, error) ||
	    !migrate_run(copy->db, path, error))
		return NULL;
	return g_steal_pointer(&copy);
}

/* --- tables by their name ------------------------------------------------------------------------------------- */

/* The numbers of the columns of the primary key, in its order; empty on error. Returns: (transfer full): of int */
static GArray *
key_of(Store *store, const char *table)
{
	GArray *key = g_array_new(FALSE, FALSE, sizeof(int));
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(store->db,
		"SELECT cid FROM pragma_table_info (?1) WHERE pk > 0 ORDER BY pk", -1, &stmt,
		NULL) != SQLITE_OK)
		return key;
	(void)sqlite3_bind_text(stmt, 1, table, -1, SQLITE_STATIC);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		int column = sqlite3_column_int(stmt, 0);

		g_array_append_val(key, column);
	}
	sqlite3_finalize(stmt);
	return key;
}

Rows *
store_table(Store *store, const char *table, GError **error)
{
	g_autoptr(GArray) key = key_of(store, table);
	g_autoptr(GString) text = g_string_new(NULL);
	Rows *rows;
	sqlite3_stmt *stmt = NULL;

	if (key->len == 0) { /* every table of the schema has one */
		store_fail(store, error);
		return NULL;
	}
	g_string_printf(text, "SELECT * FROM \"%s\" ORDER BY", table);
	for (guint i = 0; i < key->len; i++)
		g_string_append_printf(
		    text, "%s %d", i > 0 ? "," : "", g_array_index(key, int, i) + 1);
	if (sqlite3_prepare_v2(store->db, text->str, -1, &stmt, NULL) != SQLITE_OK) {
		store_fail(store, error);
		return NULL;
	}
	rows = g_new0(Rows, 1);
	rows->store = store;
	rows->id = SQL_STATEMENTS;
	rows->stmt = stmt;
	return rows;
}

int
rows_width(Rows *rows)
{
	return sqlite3_column_count(rows->stmt);
}

const char *
rows_name(Rows *rows, int column)
{
	return sqlite3_column_name(rows->stmt, column);
}

CellType
rows_type(Rows *rows, int column)
{
	switch (sqlite3_column_type(rows->stmt, column)) {
	case SQLITE_INTEGER:
		return CELL_INT;
	case SQLITE_FLOAT:
		return CELL_REAL;
	case SQLITE_TEXT:
		return CELL_TEXT;
	case SQLITE_BLOB:
		return CELL_BYTES;
	default:
		return CELL_NULL;
	}
}

/* As ORDER BY sees them: below, at or above 0. */
static int
compare_cells(Rows *one, Rows *other, int column)
{
	CellType type = rows_type(one, column);

	if (type != rows_type(other, column))
		return type < rows_type(other, column) ? -1 : 1;
	switch (type) {
	case CELL_NULL:
		return 0;
	case CELL_INT: {
		gint64 a = rows_int(one, column), b = rows_int(other, column);

		return (a > b) - (a < b);
	}
	case CELL_REAL: {
		double a = rows_real(one, column), b = rows_real(other, column);

		return (a > b) - (a < b);
	}
	case CELL_TEXT:
		return strcmp(rows_text(one, column), rows_text(other, column));
	case CELL_BYTES: {
		g_autoptr(GBytes) a = rows_bytes(one, column);
		g_autoptr(GBytes) b = rows_bytes(other, column);

		return g_bytes_compare(a, b);
	}
	}
	g_assert_not_reached();
}

/* --- copying -------------------------------------------------------------------------------------------------- */

static sqlite3_stmt *
prepare_insert(Store *to, const char *table, int width, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	sqlite3_stmt *stmt = NULL;

	g_string_printf(text, "INSERT INTO \"%s\" VALUES (", table);
	for (int i = 0; i < width; i++)
		g_string_append(text, i > 0 ? ", ?" : "?");
	g_string_append_c(text, ')');
	if (sqlite3_prepare_v2(to->db, text->str, -1, &stmt, NULL) != SQLITE_OK)
		store_fail(to, error);
	return stmt;
}

static gboolean
copy_row(Store *to, sqlite3_stmt *insert, Rows *row, GError **error)
{
	for (int i = 0; i < rows_width(row); i++)
		if (sqlite3_bind_value(insert, i + 1, sqlite3_column_value(row->stmt, i)) !=
		    SQLITE_OK)
			return store_fail(to, error);
	if (sqlite3_step(insert) != SQLITE_DONE)
		return store_fail(to, error);
	sqlite3_reset(insert);
	return TRUE;
}

gboolean
store_copy_rows(Store *to, const char *table, Rows *rows, GError **error)
{
	sqlite3_stmt *insert = prepare_insert(to, table, rows_width(rows), error);
	g_autoptr(GError) why = NULL;
	gboolean done = insert != NULL;

	while (done && rows_next(rows, &why))
		done = copy_row(to, insert, rows, error);
	sqlite3_finalize(insert);
	if (why != NULL)
		g_propagate_error(error, g_steal_pointer(&why));
	return done && why == NULL;
}

gboolean
store_copy_table(Store *to, Store *from, const char *table, GError **error)
{
	g_autoptr(Rows) rows = store_table(from, table, error);

	return rows != NULL && store_copy_rows(to, table, rows, error);
}

/* --- comparing -------------------------------------------------------------------------------------------------- */

typedef struct {
	const char *table;
	Rows *rows[2];
	gboolean has[2]; /* a row stands there */
	GArray *key;
	RowDiffers differs;
	gpointer data;
} Comparison;

static gboolean
step(Comparison *comparison, int side, GError **error)
{
	g_autoptr(GError) why = NULL;

	comparison->has[side] = rows_next(comparison->rows[side], &why);
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* Which of the two rows comes first. */
static int
compare_keys(const Comparison *comparison)
{
	int order = 0;

	if (!comparison->has[0] || !comparison->has[1])
		return comparison->has[0] ? -1 : 1;
	for (guint i = 0; i < comparison->key->len && order == 0; i++)
		order = compare_cells(comparison->rows[0], comparison->rows[1],
		    g_array_index(comparison->key, int, i));
	return order;
}

static char *
key_words(const Comparison *comparison, Rows *rows)
{
	g_autoptr(GString) words = g_string_new(NULL);

	for (guint i = 0; i < comparison->key->len; i++)
		g_string_append_printf(words, "%s%s", i > 0 ? " " : "",
		    rows_text(rows, g_array_index(comparison->key, int, i)));
	return g_string_free(g_steal_pointer(&words), FALSE);
}

static void
tell(const Comparison *comparison, gboolean in_one, gboolean in_other, const GPtrArray *names,
    const char *change)
{
	g_autofree char *key = key_words(comparison, comparison->rows[in_one ? 0 : 1]);
	const RowDifference difference = { comparison->table, key, in_one, in_other, names,
		change };

	comparison->differs(&difference, comparison->data);
}

static gboolean
are_equal(Rows *one, Rows *other)
{
	int width = rows_width(one);

	for (int i = 0; i < width; i++)
		if (compare_cells(one, other, i) != 0)
			return FALSE;
	return TRUE;
}

/* Two rows with the same key, which are not equal. */
static void
tell_change(const Comparison *comparison)
{
	Rows *one = comparison->rows[0];
	Rows *other = comparison->rows[1];
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autoptr(GString) change = g_string_new(NULL);

	for (int i = 0; i < rows_width(one); i++) {
		const char *name = rows_name(one, i);

		if (compare_cells(one, other, i) == 0)
			continue;
		g_ptr_array_add(names, (gpointer)(gsize)name);
		g_string_append_printf(change, "%s%s: \"%s\", \"%s\"", change->len > 0 ? "; " : "",
		    rows_name(one, i), rows_text(one, i), rows_text(other, i));
	}
	tell(comparison, TRUE, TRUE, names, change->str);
}

static gboolean
compare_all(Comparison *comparison, GError **error)
{
	if (!step(comparison, 0, error) || !step(comparison, 1, error))
		return FALSE;
	while (comparison->has[0] || comparison->has[1]) {
		int order = compare_keys(comparison);

		if (order != 0)
			tell(comparison, order<0, order> 0, NULL, "");
		else if (!are_equal(comparison->rows[0], comparison->rows[1]))
			tell_change(comparison);
		if ((order <= 0 && !step(comparison, 0, error)) ||
		    (order >= 0 && !step(comparison, 1, error)))
			return FALSE;
	}
	return TRUE;
}

gboolean
store_compare(
    Store *one, Store *other, const char *table, RowDiffers differs, gpointer data, GError **error)
{
	g_autoptr(GArray) key = key_of(one, table);
	g_autoptr(Rows) first = store_table(one, table, error);
	g_autoptr(Rows) second = first != NULL ? store_table(other, table, error) : NULL;
	Comparison comparison = { table, { first, second }, { FALSE, FALSE }, key, differs, data };

	if (second == NULL)
		return FALSE;
	g_assert(rows_width(first) == rows_width(second));
	return compare_all(&comparison, error);
}

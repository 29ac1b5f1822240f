#include "store/migrate.h"

#include "base/error.h"

#include <gio/gio.h>

#define APPLICATION_ID 0x506c6963 /* "Plic" */

static GBytes *
migration_text(int number)
{
	g_autofree char *name = g_strdup_printf("/plico/src/store/sql/migrations/%03d.sql", number);

	return g_resources_lookup_data(name, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

int
migrate_newest(void)
{
	int number = 0;

	for (;;) {
		g_autoptr(GBytes) text = migration_text(number + 1);

		if (text == NULL)
			return number;
		number++;
	}
}

static gboolean
sqlite_fail(sqlite3 *db, const char *path, GError **error)
{
	if (sqlite3_errcode(db) == SQLITE_NOTADB)
		return fail(error, PLICO_ERROR_INPUT, _("%s: is not a plico database"), path);
	return fail(error, PLICO_ERROR_IO, "%s: %s", path, sqlite3_errmsg(db));
}

static gboolean
read_pragma(sqlite3 *db, const char *path, const char *pragma, int *out, GError **error)
{
	sqlite3_stmt *stmt = NULL;
	gboolean done = sqlite3_prepare_v2(db, pragma, -1, &stmt, NULL) == SQLITE_OK &&
			sqlite3_step(stmt) == SQLITE_ROW;

	if (done)
		*out = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return done ? TRUE : sqlite_fail(db, path, error);
}

gboolean
migrate_check(sqlite3 *db, const char *path, GError **error)
{
	int id;
	int version;
	int tables;

	if (!read_pragma(db, path, "PRAGMA application_id", &id, error) ||
	    !read_pragma(db, path, "PRAGMA user_version", &version, error) ||
	    !read_pragma(db, path, "SELECT count(*) FROM sqlite_schema", &tables, error))
		return FALSE;
	if (id != APPLICATION_ID && tables > 0)
		return fail(error, PLICO_ERROR_INPUT, _("%s: is not a plico database"), path);
	if (version > migrate_newest())
		return fail(error, PLICO_ERROR_CONFIG,
		    _("%s: made by a newer plico (schema %d, this one knows %d): use that one"),
		    path, version, migrate_newest());
	return TRUE;
}

static gboolean
run_one(sqlite3 *db, const char *path, int number, GError **error)
{
	g_autoptr(GBytes) text = migration_text(number);
	g_autofree char *script = g_strdup_printf(
	    "BEGIN IMMEDIATE;\n%s\nPRAGMA application_id = %d; PRAGMA user_version = %d;\nCOMMIT;",
	    (const char *)g_bytes_get_data(text, NULL), APPLICATION_ID, number);

	if (sqlite3_exec(db, script, NULL, NULL, NULL) == SQLITE_OK)
		return TRUE;
	sqlite_fail(db, path, error);
	(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	g_prefix_error(error, _("migration %d: "), number);
	return FALSE;
}

gboolean
migrate_run(sqlite3 *db, const char *path, GError **error)
{
	int version;

	if (!read_pragma(db, path, "PRAGMA user_version", &version, error))
		return FALSE;
	for (int number = version + 1; number <= migrate_newest(); number++)
		if (!run_one(db, path, number, error))
			return FALSE;
	return TRUE;
}

/*
 * For the unit tests that need a workspace: a temporary one with the small form of tests/data/forms/prova-2024, keys and
 * a few towns. Foreign tables are filled by plain SQL, so that a room's tests need no other room's code.
 */
#ifndef PLICO_TESTS_FIXTURE_H
#define PLICO_TESTS_FIXTURE_H

#include "base/clock.h"
#include "base/config.h"
#include "base/durable.h"
#include "base/keyring.h"
#include "form/form.h"
#include "store/store.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <string.h>

#define FIXTURE_NOW 1726000000 /* 10 September 2024 */

typedef struct {
	char *directory;
	Store *store;
	sqlite3 *db; /* a second connection, for what a test arranges and looks at */
	Form *form;
	Config *config;
	Keyring *keyring;
} Fixture;

static inline void G_GNUC_PRINTF(2, 3) fixture_sql(Fixture *fixture, const char *format, ...)
{
	g_autofree char *text = NULL;
	char *why = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	(void)sqlite3_exec(fixture->db, text, NULL, NULL, &why);
	g_assert_cmpstr(why, ==, NULL);
}

/* All rows of a query as text, cells with '|' and rows with '\n' between. Returns: (transfer full) */
static inline char *G_GNUC_PRINTF(2, 3) fixture_rows(Fixture *fixture, const char *format, ...)
{
	g_autofree char *text = NULL;
	g_autoptr(GString) all = g_string_new(NULL);
	sqlite3_stmt *stmt = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	g_assert_cmpint(sqlite3_prepare_v2(fixture->db, text, -1, &stmt, NULL), ==, SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		if (all->len > 0)
			g_string_append_c(all, '\n');
		for (int i = 0; i < sqlite3_column_count(stmt); i++) {
			const unsigned char *cell = sqlite3_column_text(stmt, i);

			g_string_append_printf(all, "%s%s", i > 0 ? "|" : "",
			    cell != NULL ? (const char *)cell : "NULL");
		}
	}
	sqlite3_finalize(stmt);
	return g_string_free(g_steal_pointer(&all), FALSE);
}

static inline char *
fixture_source(const char *path)
{
	const char *root = g_getenv("SRCDIR");

	return g_build_filename(root != NULL ? root : ".", path, NULL);
}

static inline void
fixture_add_unit(Fixture *fixture, gint64 id, const char *code, const char *name,
    const char *region, gint64 population)
{
	fixture_sql(fixture,
	    "INSERT INTO unit (id, code, istat_code, name, name_folded, region, province, province_code, population) "
	    "VALUES (%" PRId64 ", '%s', '%06" PRId64
	    "', '%s', lower('%s'), '%s', '%s', 'XX', %" PRId64 ")",
	    id, code, id, name, name, region, region, population);
}

static inline void
fixture_write(const Fixture *fixture, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(fixture->directory, name, NULL);
	g_autoptr(GError) error = NULL;

	g_file_set_contents(path, text, -1, &error);
	g_assert_no_error(error);
}

static inline void
fixture_open(Fixture *fixture)
{
	g_autofree char *forms = fixture_source("tests/data/forms/prova-2024");
	g_autoptr(GError) error = NULL;
	g_autofree char *database = NULL;
	g_autofree char *keys = NULL;

	clock_set(FIXTURE_NOW);
	fixture->directory = g_dir_make_tmp("plico-XXXXXX", &error);
	g_assert_no_error(error);
	database = g_build_filename(fixture->directory, "plico.db", NULL);
	keys = g_build_filename(fixture->directory, "keys", NULL);
	fixture->store = store_open(database, &error);
	g_assert_no_error(error);
	g_assert_cmpint(sqlite3_open(database, &fixture->db), ==, SQLITE_OK);
	fixture_write(fixture, "plico.conf", "[survey]\nedition = prova-2024\n");
	fixture->config = config_open(fixture->directory, &error);
	g_assert_no_error(error);
	g_assert_true(durable_mkdir(keys, &error));
	g_assert_true(keyring_create(keys, "k1", &error));
	fixture->keyring = keyring_open(keys, &error);
	g_assert_no_error(error);
	fixture->form = form_open_strict(forms, &error);
	g_assert_no_error(error);
	fixture_add_unit(fixture, 1, "A001", "Grande", "Piemonte", 60001);
	fixture_add_unit(fixture, 2, "A002", "Medio", "Piemonte", 5001);
	fixture_add_unit(fixture, 3, "A003", "Piccolo", "Sicilia", 5000);
	fixture_add_unit(fixture, 4, "A004", "Minimo", "Sicilia", 90);
}

static inline void
fixture_close(Fixture *fixture)
{
	g_autofree char *command = g_strdup_printf("rm -rf '%s'", fixture->directory);

	form_free(fixture->form);
	keyring_free(fixture->keyring);
	config_free(fixture->config);
	sqlite3_close(fixture->db);
	store_free(fixture->store);
	g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
	g_free(fixture->directory);
	clock_set(-1);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fixture, fixture_close)

/* One sent, queued ... dispatch of a wave of its own. Returns its id. */
static inline gint64
fixture_dispatch(
    Fixture *fixture, gint64 unit_id, const char *kind, const char *sections, gint64 serial)
{
	fixture_sql(fixture,
	    "INSERT INTO wave (edition, kind, state, form_version, planned_at, planned_by) "
	    "VALUES ('prova-2024', '%s', 'sending', '1', 1, 'test')",
	    kind);
	fixture_sql(fixture,
	    "INSERT INTO dispatch (wave_id, edition, unit_id, kind, sections, serial, address, channel, lang, message_id, state, changed_at) "
	    "VALUES ((SELECT max(id) FROM wave), 'prova-2024', %" PRId64 ", '%s', '%s', %" PRId64
	    ", 'a@b.example', 'pec', 'it', (SELECT count(*) FROM dispatch) || '@mappa.example', 'queued', 1)",
	    unit_id, kind, sections, serial);
	return sqlite3_last_insert_rowid(fixture->db);
}

static inline void
fixture_event(Fixture *fixture, gint64 unit_id, const char *section, const char *subject,
    gint64 subject_id, const char *what, const char *note)
{
	const Event event = {
		.edition = "prova-2024",
		.unit_id = unit_id,
		.section = section,
		.subject = subject,
		.subject_id = subject_id,
		.what = what,
		.note = note,
	};
	g_autoptr(GError) error = NULL;

	g_assert_true(store_event(fixture->store, &event, &error));
}

#endif

/* Opening, refusing, transactions, statements, and the schema as it is written down. */
#include "base/clock.h"
#include "base/error.h"
#include "store/store.h"
#include "unit/base/workshop.h"

#include <sys/wait.h>

static Store *
open_store(const Workshop *shop, const char *name)
{
	g_autofree char *path = workshop_path(shop, name);
	g_autoptr(GError) error = NULL;
	Store *store = store_open(path, &error);

	g_assert_no_error(error);
	return store;
}

/* Runs sqlite3 on a file; what it prints. @fails: it must fail, and its words are those of standard error. */
static char *
sqlite(const Workshop *shop, const char *name, const char *sql, gboolean fails)
{
	g_autofree char *path = workshop_path(shop, name);
	const char *argv[] = { "sqlite3", "-batch", "-bail", path, sql, NULL };
	g_autoptr(GError) error = NULL;
	g_autofree char *out = NULL;
	g_autofree char *err = NULL;
	int status = 0;
	g_auto(GStrv) words = g_strdupv((char **)(gsize)argv);

	g_assert_true(g_spawn_sync(
	    NULL, words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err, &status, &error));
	g_assert_no_error(error);
	g_assert_cmpint(status != 0, ==, fails);
	return fails ? g_steal_pointer(&err) : g_steal_pointer(&out);
}

/* Everything that makes a schema but the wording: tables with their columns, indices, foreign keys, triggers. */
static char *
schema_of(const Workshop *shop, const char *name)
{
	static const char sql[] =
	    "SELECT 'table', t.name, t.strict, t.wr, x.cid, x.name, x.type, x.\"notnull\", x.dflt_value, x.pk, x.hidden"
	    " FROM pragma_table_list t, pragma_table_xinfo(t.name) x WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite_%'"
	    " ORDER BY t.name, x.cid;"
	    "SELECT 'index', t.name, i.name, i.\"unique\", i.origin, i.partial, c.seqno, c.name, c.desc, c.coll"
	    " FROM pragma_table_list t, pragma_index_list(t.name) i, pragma_index_xinfo(i.name) c"
	    " WHERE t.schema = 'main' AND c.key ORDER BY t.name, i.name, c.seqno;"
	    "SELECT 'key', t.name, f.* FROM pragma_table_list t, pragma_foreign_key_list(t.name) f ORDER BY t.name, f.id, f.seq;"
	    "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view') ORDER BY name;";

	return sqlite(shop, name, sql, FALSE);
}

/* A comment ends with its line, a run of blanks is one; what is left of CHECK and the like must be the same words. */
static char *
words_of_tables(const Workshop *shop, const char *name)
{
	g_autofree char *sql = sqlite(shop, name,
	    "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type, name",
	    FALSE);
	g_autoptr(GRegex) comments = g_regex_new("--[^\n]*", 0, 0, NULL);
	g_autoptr(GRegex) blanks = g_regex_new("\\s+", 0, 0, NULL);
	g_autofree char *bare = g_regex_replace(comments, sql, -1, 0, "", 0, NULL);

	return g_regex_replace(blanks, bare, -1, 0, " ", 0, NULL);
}

static void
test_schema(void)
{
	const char *source = g_getenv("SRCDIR");
	g_autofree char *file =
	    g_build_filename(source != NULL ? source : ".", "src/store/sql/schema.sql", NULL);
	g_autofree char *read = g_strdup_printf(".read %s", file);
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Store) store = open_store(&shop, "made.db");
	g_autofree char *nothing = sqlite(&shop, "written.db", read, FALSE);
	g_autofree char *made = schema_of(&shop, "made.db");
	g_autofree char *written = schema_of(&shop, "written.db");
	g_autofree char *made_words = words_of_tables(&shop, "made.db");
	g_autofree char *written_words = words_of_tables(&shop, "written.db");

	g_assert_cmpstr(nothing, ==, "");
	g_assert_nonnull(strstr(made, "table|unit|"));
	g_assert_nonnull(strstr(made, "trigger|event_is_never_changed|"));
	g_assert_cmpstr(made, ==, written);
	g_assert_cmpstr(made_words, ==, written_words);
}

static void
test_prepare(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Store) store = open_store(&shop, "plico.db");
	g_autoptr(GError) error = NULL;

	g_assert_true(store_prepare_all(store, &error));
	g_assert_no_error(error);
}

static void
test_pragmas(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Store) store = open_store(&shop, "plico.db");
	g_autofree char *said = sqlite(&shop, "plico.db",
	    "SELECT printf('%x', application_id) FROM pragma_application_id;"
	    "SELECT user_version FROM pragma_user_version; PRAGMA journal_mode;",
	    FALSE);
	g_autofree char *expected = g_strdup_printf("506c6963\n%d\nwal\n", store_schema_version());

	g_assert_cmpstr(said, ==, expected);
}

static void
test_again(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(GError) error = NULL;

	for (int i = 0; i < 3; i++) {
		g_autoptr(Store) store = open_store(&shop, "plico.db");
		const Event event = { .subject = "unit", .subject_id = i, .what = "x.y" };
		gint64 seq = 0;

		g_assert_true(store_event(store, &event, &error));
		g_assert_no_error(error);
		seq = store_last_id(store);
		g_assert_cmpint(seq, ==, i + 1);
	}
}

/* --- what is refused --- */

static void
expect_refusal(const Workshop *shop, const char *name, PlicoError code, const char *says)
{
	g_autofree char *path = workshop_path(shop, name);
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = store_open(path, &error);

	g_assert_null(store);
	g_assert_error(error, PLICO_ERROR, (int)code);
	g_assert_nonnull(strstr(error->message, path));
	g_assert_nonnull(strstr(error->message, says));
}

static void
test_newer(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Store) store = open_store(&shop, "plico.db");
	g_autofree char *nothing = NULL;
	g_autofree char *version = NULL;

	g_clear_pointer(&store, store_free);
	nothing = sqlite(&shop, "plico.db", "PRAGMA user_version = 9999", FALSE);
	expect_refusal(&shop, "plico.db", PLICO_ERROR_CONFIG, "made by a newer plico");
	version = sqlite(&shop, "plico.db", "PRAGMA user_version", FALSE);
	g_assert_cmpstr(version, ==, "9999\n");
	g_assert_cmpstr(nothing, ==, "");
}

static void
test_stranger(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autofree char *nothing = sqlite(&shop, "other.db", "CREATE TABLE t (x)", FALSE);
	g_autofree char *tables = NULL;
	g_autofree char *mode = NULL;
	g_autofree char *garbage = g_strnfill(8192, 'x');

	expect_refusal(&shop, "other.db", PLICO_ERROR_INPUT, "not a plico database");
	tables = sqlite(&shop, "other.db", "SELECT group_concat(name) FROM sqlite_schema", FALSE);
	mode = sqlite(&shop, "other.db", "PRAGMA journal_mode", FALSE);
	g_assert_cmpstr(tables, ==, "t\n");
	g_assert_cmpstr(mode, ==, "delete\n");
	g_assert_cmpstr(nothing, ==, "");
	workshop_write(&shop, "text.db", garbage, 0600);
	expect_refusal(&shop, "text.db", PLICO_ERROR_INPUT, "not a plico database");
	workshop_write(&shop, "short.db", "SQLite format 3", 0600);
	expect_refusal(&shop, "short.db", PLICO_ERROR_INPUT, "not a plico database");
}

static void
test_paths(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autofree char *link = workshop_path(&shop, "link.db");
	g_autoptr(Store) store = open_store(&shop, "plico.db");

	expect_refusal(&shop, "nowhere/plico.db", PLICO_ERROR_IO, "unable to open");
	expect_refusal(&shop, "", PLICO_ERROR_IO, "unable to open");
	/* a database behind a link has its journal elsewhere than a copy of it would look */
	g_assert_cmpint(symlink("plico.db", link), ==, 0);
	expect_refusal(&shop, "link.db", PLICO_ERROR_IO, "unable to open");
}

/* Where only somebody else may write: whoever can read may look, and to write is an error that names the file. Root may
 * all, so a child that is nobody tries it. */
static void
expect_no_writing_by_nobody(const Workshop *shop, const char *name)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		g_autofree char *path = workshop_path(shop, name);
		g_autoptr(GError) error = NULL;
		g_autoptr(Store) store = NULL;

		if (geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0))
			_exit(3);
		store = store_open(path, &error);
		if (store != NULL && transaction_begin(store, &error) != NULL)
			_exit(1);
		_exit(
		    error->code == PLICO_ERROR_IO && strstr(error->message, path) != NULL ? 0 : 2);
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_true(WIFEXITED(status));
	g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

static void
test_read_only(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autofree char *path = workshop_path(&shop, "plico.db");
	g_autoptr(Store) store = open_store(&shop, "plico.db");

	g_clear_pointer(&store, store_free);
	g_assert_cmpint(g_chmod(path, 0444), ==, 0);
	g_assert_cmpint(g_chmod(shop.directory, 0777), ==, 0);
	expect_no_writing_by_nobody(&shop, "plico.db");
	g_assert_cmpint(g_chmod(path, 0666), ==, 0);
	g_assert_cmpint(g_chmod(shop.directory, 0555), ==, 0);
	expect_no_writing_by_nobody(&shop, "plico.db");
	expect_no_writing_by_nobody(&shop, "new.db");
	g_assert_cmpint(g_chmod(shop.directory, 0700), ==, 0);
}

/* --- events --- */

static void
test_append_only(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Store) store = open_store(&shop, "plico.db");
	const Event event = { .actor = "somebody",
		.edition = "e",
		.subject = "unit",
		.subject_id = 7,
		.what = "unit.added",
		.to_state = "open",
		.note = "a'b\"c" };
	g_autoptr(GError) error = NULL;
	g_autofree char *update = NULL;
	g_autofree char *delete = NULL;
	g_autofree char *row = NULL;

	clock_set(1700000000);
	g_assert_true(store_event(store, &event, &error));
	update = sqlite(&shop, "plico.db", "UPDATE event SET what = 'x'", TRUE);
	delete = sqlite(&shop, "plico.db", "DELETE FROM event", TRUE);
	row = sqlite(&shop, "plico.db", "SELECT * FROM event", FALSE);
	g_assert_nonnull(strstr(update, "append-only"));
	g_assert_nonnull(strstr(delete, "append-only"));
	g_assert_cmpstr(row, ==, "1|1700000000|somebody|e|||unit|7|unit.added||open||a'b\"c\n");
}

/* An event of a unit that is not there breaks its reference: such a program is wrong, and is told. */
static void
test_foreign_key(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Store) store = open_store(&shop, "plico.db");
	const Event event = { .unit_id = 4711, .subject = "unit", .what = "x.y" };
	g_autoptr(GError) error = NULL;

	g_assert_false(store_event(store, &event, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
	g_assert_nonnull(strstr(error->message, "FOREIGN KEY"));
}

/* --- transactions and statements --- */

static void
add_unit(Store *store, int number)
{
	g_autofree char *code = g_strdup_printf("A%03d", number);
	g_autoptr(GError) error = NULL;

	g_assert_true(store_run(store, &error, SQL_registry_unit_save, "tttttttttttttttnn", code,
	    "000000", code, "", code, "", "", "", "", "5", "", "", "", "it", ""));
	g_assert_no_error(error);
}

static guint
count_units(Store *store)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Rows) rows = store_query(store, &error, SQL_registry_unit_all, "");
	guint n = 0;

	g_assert_no_error(error);
	while (rows_next(rows, &error))
		n++;
	g_assert_no_error(error);
	return n;
}

static void
test_transactions(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Store) store = open_store(&shop, "plico.db");
	g_autoptr(GError) error = NULL;

	{
		g_autoptr(Transaction) tx = transaction_begin(store, &error);

		add_unit(store, 1);
		g_assert_cmpuint(count_units(store), ==, 1);
		g_assert_cmpint(store_changes(store), ==, 1);
	}
	g_assert_cmpuint(count_units(store), ==, 0);
	{
		g_autoptr(Transaction) tx = transaction_begin(store, &error);

		add_unit(store, 1);
		g_assert_true(transaction_commit(tx, &error));
	}
	g_assert_cmpuint(count_units(store), ==, 1);
	{
		g_autoptr(Transaction) tx = transaction_begin(store, &error);
		g_autoptr(Transaction) inner = transaction_begin(store, &error);

		g_assert_nonnull(tx);
		g_assert_null(inner);
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
	}
	g_clear_error(&error);
	/* an open query does not hinder the end of a transaction */
	{
		g_autoptr(Rows) rows = store_query(store, &error, SQL_registry_unit_all, "");

		g_assert_true(rows_next(rows, &error));
		{
			g_autoptr(Transaction) tx = transaction_begin(store, &error);

			g_assert_no_error(error);
			add_unit(store, 2);
			g_assert_true(transaction_commit(tx, &error));
		}
	}
	g_assert_cmpuint(count_units(store), ==, 2);
}

/* A process that dies in a transaction leaves nothing of it. */
static void
test_died(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Store) store = open_store(&shop, "plico.db");
	int status = 0;
	pid_t pid;

	add_unit(store, 1);
	g_clear_pointer(&store, store_free);
	pid = fork();
	if (pid == 0) {
		Store *child = open_store(&shop, "plico.db");

		if (transaction_begin(child, NULL) == NULL)
			_exit(1);
		add_unit(child, 2);
		_exit(0);
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_cmpint(status, ==, 0);
	store = open_store(&shop, "plico.db");
	g_assert_cmpuint(count_units(store), ==, 1);
}

/* The same statement runs inside itself, each at its own row. */
static void
test_nested(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Store) store = open_store(&shop, "plico.db");
	g_autoptr(GError) error = NULL;
	guint pairs = 0;

	for (int i = 1; i <= 4; i++)
		add_unit(store, i);
	for (int again = 0; again < 2; again++) {
		g_autoptr(Rows) outer = store_query(store, &error, SQL_registry_unit_all, "");

		while (rows_next(outer, &error)) {
			g_autoptr(Rows) inner =
			    store_query(store, &error, SQL_registry_unit_all, "");
			g_autofree char *code = g_strdup(rows_text(outer, 1));

			while (rows_next(inner, &error))
				pairs++;
			g_assert_cmpstr(rows_text(outer, 1), ==, code);
		}
	}
	g_assert_no_error(error);
	g_assert_cmpuint(pairs, ==, 2 * 4 * 4);
}

static void
test_values(void)
{
	static const char text[] = "è \"' ; DROP TABLE unit; --\n\x01";
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Store) store = open_store(&shop, "plico.db");
	g_autoptr(GError) error = NULL;
	g_autoptr(Rows) rows = NULL;
	gint64 none = 0;

	g_assert_true(store_run(store, &error, SQL_registry_unit_save, "ttttttttttttttttt", "A001",
	    "1", text, "", "", "", "", "", "", NULL, "", "", "", "it", "", "45.5", NULL));
	rows = store_query(store, &error, SQL_registry_unit_by_code, "t", "A001");
	g_assert_true(rows_next(rows, &error));
	g_assert_cmpstr(rows_text(rows, 3), ==, text);
	g_assert_true(rows_is_null(rows, 9));
	g_assert_cmpint(rows_int(rows, 9), ==, 0);
	g_assert_cmpfloat_with_epsilon(rows_real(rows, 15), 45.5, 1e-9);
	g_assert_true(rows_is_null(rows, 16));
	g_assert_cmpstr(rows_text(rows, 16), ==, "");
	g_assert_false(rows_next(rows, &error));
	g_assert_no_error(error);
	g_assert_true(store_int(store, &none, -5, &error, SQL_registry_unit_id, "t", "Z999"));
	g_assert_cmpint(none, ==, -5);
	/* a number where STRICT wants one */
	g_assert_false(store_run(store, &error, SQL_registry_unit_save, "ttttttttttttttttt", "A002",
	    "1", "x", "", "", "", "", "", "", "many", "", "", "", "it", "", NULL, NULL));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
}

/* A number of rows in one statement: all of them, or none. */
static void
test_many_rows(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Store) store = open_store(&shop, "plico.db");
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	g_autoptr(Rows) rows = NULL;

	g_assert_true(store_run(
	    store, &error, SQL_inbox_insert_message, "titi", "ab", (gint64)1, "", (gint64)1));
	g_assert_true(store_run(store, &error, SQL_validate_return_insert,
	    "iitttittiiittttt"
	    "iiii",
	    store_last_id(store), (gint64)0, "cd", "", "", (gint64)0, "", "", (gint64)0, (gint64)0,
	    (gint64)0, "", "applied", "", "", "", (gint64)1, (gint64)7, (gint64)0, (gint64)0));
	for (guint i = 0; i < 8; i++) {
		g_ptr_array_add(texts, g_strdup_printf("q%u", i));
		g_ptr_array_add(texts, g_strdup_printf("value %u", i));
		g_ptr_array_add(texts, g_strdup("given"));
	}
	g_assert_true(store_run_texts(store, &error, SQL_validate_answer_insert_8, 7, texts));
	g_assert_no_error(error);
	rows = store_query(store, &error, SQL_validate_stored_answers, "i", (gint64)7);
	for (guint i = 0; i < texts->len; i += 3) {
		g_assert_true(rows_next(rows, &error));
		for (guint k = 0; k < 3; k++)
			g_assert_cmpstr(
			    rows_text(rows, (int)k), ==, g_ptr_array_index(texts, i + k));
	}
	g_assert_false(rows_next(rows, &error));
	g_clear_pointer(&rows, rows_free);
	/* the last of them is there already */
	for (guint i = 0; i < 7; i++)
		*(char *)g_ptr_array_index(texts, 3 * i) = 'p';
	g_assert_false(store_run_texts(store, &error, SQL_validate_answer_insert_8, 7, texts));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
	g_clear_error(&error);
	rows = store_query(store, &error, SQL_validate_stored_answers, "i", (gint64)7);
	g_assert_true(rows_next(rows, &error));
	g_assert_cmpstr(rows_text(rows, 0), ==, "q0");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/the-schema-is-what-the-migrations-make", test_schema);
	g_test_add_func("/store/every-statement-is-sound", test_prepare);
	g_test_add_func("/store/a-file-says-whose-it-is", test_pragmas);
	g_test_add_func("/store/opened-again-it-goes-on", test_again);
	g_test_add_func("/store/a-newer-one-is-refused-and-left-alone", test_newer);
	g_test_add_func("/store/what-is-not-ours-is-refused-and-left-alone", test_stranger);
	g_test_add_func("/store/paths-that-lead-nowhere", test_paths);
	g_test_add_func("/store/where-one-may-not-write-one-is-told", test_read_only);
	g_test_add_func("/store/events-are-never-changed-or-deleted", test_append_only);
	g_test_add_func("/store/references-hold", test_foreign_key);
	g_test_add_func("/store/without-commit-nothing-stays", test_transactions);
	g_test_add_func("/store/who-dies-in-a-transaction-leaves-nothing", test_died);
	g_test_add_func("/store/a-query-runs-inside-itself", test_nested);
	g_test_add_func("/store/values-come-back-as-they-were", test_values);
	g_test_add_func(
	    "/store/several-rows-of-one-statement-are-all-there-or-none", test_many_rows);
	return g_test_run();
}

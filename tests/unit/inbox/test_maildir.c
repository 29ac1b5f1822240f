#include "base/archive.h"
#include "base/clock.h"
#include "base/error.h"
#include "inbox/inbox.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

extern const Source source_maildir;

typedef struct {
	char *workspace;
	Config *config;
	Store *store;
} Place;

static char *
inside(const Place *place, const char *name)
{
	return g_build_filename(place->workspace, name, NULL);
}

static void
set_up(Place *place, gconstpointer data)
{
	static const char *const folders[] = { "archive", "Maildir/new", "Maildir/cur",
		"Maildir/tmp" };
	g_autofree char *conf = NULL;
	g_autofree char *database = NULL;
	g_autoptr(GError) error = NULL;

	(void)data;
	place->workspace = g_dir_make_tmp("plico-inbox-XXXXXX", NULL);
	conf = inside(place, "plico.conf");
	database = inside(place, "plico.db");
	g_assert_true(g_file_set_contents(conf, "", 0, NULL));
	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path = inside(place, folders[i]);

		g_assert_cmpint(g_mkdir_with_parents(path, 0700), ==, 0);
	}
	place->config = config_open(place->workspace, &error);
	g_assert_no_error(error);
	place->store = store_open(database, &error);
	g_assert_no_error(error);
	clock_set(1760000000);
}

static void
remove_tree(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *child = g_build_filename(path, name, NULL);

		remove_tree(child);
	}
	(void)g_remove(path);
}

static void
tear_down(Place *place, gconstpointer data)
{
	(void)data;
	store_free(place->store);
	config_free(place->config);
	remove_tree(place->workspace);
	g_free(place->workspace);
}

static void
deliver(const Place *place, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(place->workspace, "Maildir", name, NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* How many files a folder of the Maildir holds. */
static guint
count(const Place *place, const char *folder)
{
	g_autofree char *path = g_build_filename(place->workspace, "Maildir", folder, NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	guint n = 0;

	while (dir != NULL && g_dir_read_name(dir) != NULL)
		n++;
	return n;
}

static gboolean
is_done(const Place *place, const char *name)
{
	g_autofree char *path =
	    g_build_filename(place->workspace, "Maildir/.Processed/cur", name, NULL);

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void
take(const Place *place, guint taken, guint again, guint too_large)
{
	InboxReport report = { 0 };
	g_autoptr(GError) error = NULL;

	g_assert_true(inbox_take(place->config, place->store, &report, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(report.taken, ==, taken);
	g_assert_cmpuint(report.again, ==, again);
	g_assert_cmpuint(report.too_large, ==, too_large);
}

static gint64
ask(const Place *place, SqlId statement)
{
	gint64 n = -1;

	g_assert_true(store_int(place->store, &n, -1, NULL, statement, ""));
	return n;
}

static void
test_takes(Place *place, gconstpointer data)
{
	g_autofree char *sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "uno", -1);
	g_autofree char *archive = inside(place, "archive");
	g_autoptr(GBytes) expected = g_bytes_new_static("uno", 3);
	g_autoptr(GBytes) bytes = NULL;

	(void)data;
	deliver(place, "new/2.M1.host", "due");
	deliver(place, "cur/1.M1.host:2,RS", "uno");
	take(place, 2, 0, 0);
	g_assert_cmpuint(count(place, "new"), ==, 0);
	g_assert_cmpuint(count(place, "cur"), ==, 0);
	g_assert_true(is_done(place, "1.M1.host:2,RS"));
	g_assert_true(is_done(place, "2.M1.host:2,S"));
	bytes = archive_open(archive, sha256, NULL);
	g_assert_true(g_bytes_equal(bytes, expected));
	take(place, 0, 0, 0);
}

/* Rows come in the order of delivery, whatever the folder. */
static void
test_order(Place *place, gconstpointer data)
{
	g_autofree char *sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "primo", -1);
	g_autoptr(Rows) rows = NULL;

	(void)data;
	deliver(place, "new/1760000009.M1.host", "secondo");
	deliver(place, "cur/1760000008.M1.host:2,", "primo");
	take(place, 2, 0, 0);
	rows = store_query(place->store, NULL, SQL_validate_message_next, "iii",
	    G_GINT64_CONSTANT(0), G_GINT64_CONSTANT(0), G_GINT64_CONSTANT(1));
	g_assert_true(rows_next(rows, NULL));
	g_assert_cmpstr(rows_text(rows, 1), ==, sha256);
}

static void
test_many(Place *place, gconstpointer data)
{
	(void)data;
	for (guint i = 0; i < 3 * INBOX_BATCH + 2; i++) {
		g_autofree char *name = g_strdup_printf("new/%u.M1.host", i);

		deliver(place, name, name);
	}
	take(place, 3 * INBOX_BATCH + 2, 0, 0);
	g_assert_cmpuint(count(place, ".Processed/cur"), ==, 3 * INBOX_BATCH + 2);
}

static void
test_same_bytes(Place *place, gconstpointer data)
{
	(void)data;
	deliver(place, "new/1.M1.host", "uguale");
	deliver(place, "new/2.M1.host", "uguale");
	take(place, 1, 1, 0);
	g_assert_cmpuint(count(place, ".Processed/cur"), ==, 2);
	/* as after a crash between the commit and the move */
	deliver(place, "new/3.M1.host", "uguale");
	take(place, 0, 1, 0);
	g_assert_cmpuint(count(place, "new"), ==, 0);
}

/* A processed message is never overwritten by another of the same name. */
static void
test_same_name(Place *place, gconstpointer data)
{
	(void)data;
	deliver(place, "new/1.M1.host", "uno");
	deliver(place, "cur/1.M1.host:2,S", "due");
	take(place, 2, 0, 0);
	g_assert_cmpuint(count(place, ".Processed/cur"), ==, 2);
	deliver(place, "new/1.M1.host", "tre");
	take(place, 1, 0, 0);
	g_assert_cmpuint(count(place, ".Processed/cur"), ==, 3);
}

static void
test_too_large(Place *place, gconstpointer data)
{
	g_autofree char *path = inside(place, "Maildir/new/1.M1.host");

	(void)data;
	deliver(place, "new/1.M1.host", "");
	deliver(place, "new/2.M1.host", "piccolo");
	g_assert_cmpint(truncate(path, (off_t)INBOX_MESSAGE_LIMIT + 1), ==, 0);
	take(place, 1, 0, 1);
	g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
}

/* Hidden files, folders and names that are no UTF-8. */
static void
test_odd_names(Place *place, gconstpointer data)
{
	g_autofree char *folder = inside(place, "Maildir/new/folder");

	(void)data;
	deliver(place, "new/.hidden", "nascosto");
	deliver(place, "new/1.\xff\xfe.host", "strano");
	g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
	take(place, 1, 0, 0);
	g_assert_true(is_done(place, "1.\xff\xfe.host:2,S"));
}

/* A mail client renames a message between our reading and our move. */
static void
test_vanished(Place *place, gconstpointer data)
{
	g_autofree char *path = inside(place, "Maildir/new/1.M1.host");
	g_autofree char *other = inside(place, "Maildir/new/2.M1.host");
	g_autoptr(GPtrArray) places = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	InboxItem item = { 0 };
	gpointer session;

	(void)data;
	deliver(place, "new/1.M1.host", "uno");
	deliver(place, "new/2.M1.host", "due");
	session = source_maildir.open(place->config, &error);
	g_assert_no_error(error);
	g_assert_true(source_maildir.next(session, &item, &error));
	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_cmpint(g_unlink(other), ==, 0);
	g_ptr_array_add(places, item.place);
	g_bytes_unref(item.raw);
	g_assert_false(source_maildir.next(session, &item, &error));
	g_assert_no_error(error);
	g_assert_true(source_maildir.commit(session, places, &error));
	g_assert_no_error(error);
	source_maildir.close(session);
}

static void
test_no_maildir(Place *place, gconstpointer data)
{
	InboxReport report = { 0 };
	g_autoptr(GError) error = NULL;

	(void)data;
	g_assert_true(config_set(place->config, CONFIG_inbox_maildir, "nowhere", NULL));
	g_assert_false(inbox_take(place->config, place->store, &report, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
}

/* Each new message is one event in the log. */
static void
test_event(Place *place, gconstpointer data)
{
	gint64 before = ask(place, SQL_status_newest_event);

	(void)data;
	deliver(place, "new/1.M1.host", "uno");
	deliver(place, "new/2.M1.host", "uno");
	take(place, 1, 1, 0);
	g_assert_cmpint(ask(place, SQL_status_newest_event), ==, before + 1);
}

/* What was being written and is not committed is the mailbox's. */
static void
test_stopped(Place *place, gconstpointer data)
{
	InboxReport report = { 0 };
	g_autoptr(Inbox) inbox = inbox_open(place->config, place->store);
	g_autoptr(GError) error = NULL;
	gboolean more;

	(void)data;
	deliver(place, "new/1.M1.host", "uno");
	deliver(place, "new/2.M1.host", "due");
	g_assert_true(inbox_take_some(inbox, &report, &more, &error));
	g_assert_true(more);
	g_clear_pointer(&inbox, inbox_close);
	g_assert_cmpuint(report.taken, ==, 0);
	g_assert_cmpuint(count(place, "new"), ==, 2);
	take(place, 2, 0, 0);
}

/* A file stands where the archive should. */
static void
test_not_written(Place *place, gconstpointer data)
{
	g_autofree char *archive = inside(place, "archive");
	InboxReport report = { 0 };
	g_autoptr(GError) error = NULL;

	(void)data;
	deliver(place, "new/1.M1.host", "uno");
	g_assert_cmpint(g_rmdir(archive), ==, 0);
	g_assert_true(g_file_set_contents(archive, "", 0, NULL));
	g_assert_false(inbox_take(place->config, place->store, &report, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
	g_assert_cmpuint(report.taken, ==, 0);
	g_assert_cmpuint(count(place, "new"), ==, 1);
	g_assert_cmpint(ask(place, SQL_status_newest_event), ==, 0);
}

static void
note_taken(const char *sha256, GBytes *raw, gpointer data)
{
	GString *told = data;
	g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, raw);

	g_assert_cmpstr(sha256, ==, sum);
	g_string_append_len(told, g_bytes_get_data(raw, NULL), (gssize)g_bytes_get_size(raw));
}

static void
test_tells(Place *place, gconstpointer data)
{
	InboxReport report = { 0 };
	g_autoptr(Inbox) inbox = inbox_open(place->config, place->store);
	g_autoptr(GString) told = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	gboolean more = TRUE;

	(void)data;
	deliver(place, "new/1.M1.host", "uno,");
	deliver(place, "new/2.M1.host", "due,");
	deliver(place, "new/3.M1.host", "uno,");
	inbox_tell(inbox, note_taken, told);
	while (more)
		g_assert_true(inbox_take_some(inbox, &report, &more, &error));
	g_assert_cmpstr(told->str, ==, "uno,due,");
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*run)(Place *place, gconstpointer data);
	} tests[] = {
		{ "/maildir/messages are archived, recorded and moved", test_takes },
		{ "/maildir/the oldest comes first", test_order },
		{ "/maildir/several batches are taken in one run", test_many },
		{ "/maildir/equal bytes are one message", test_same_bytes },
		{ "/maildir/equal names are two files", test_same_name },
		{ "/maildir/what is too large stays", test_too_large },
		{ "/maildir/odd names", test_odd_names },
		{ "/maildir/a message that vanishes is no error", test_vanished },
		{ "/maildir/no Maildir is an error of the configuration", test_no_maildir },
		{ "/maildir/a new message is an event", test_event },
		{ "/maildir/what a stopped run had begun to write comes again", test_stopped },
		{ "/maildir/what cannot be archived stays in the mailbox", test_not_written },
		{ "/maildir/each new message is told once", test_tells },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Place, NULL, set_up, tests[i].run, tear_down);
	return g_test_run();
}

/* Mail that came after the exported log was written: the archive has it, the log does not. */
#include "cmd/rebuild_rest.h"

#include "base/clock.h"
#include "base/error.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define SHELVES	    256
#define NAME_DIGITS 62
#define TEMPLATE    "%PDF" /* how those begin; no message does */

typedef struct {
	char *sha256;
	gint64 size;
	gint64 at; /* when it was archived */
} Unknown;

static void
unknown_clear(gpointer data)
{
	g_free(((Unknown *)data)->sha256);
}

static gboolean
is_template(const char *path)
{
	g_auto(Fd) fd = g_open(path, O_RDONLY | O_CLOEXEC);
	char head[sizeof TEMPLATE - 1];

	return fd >= 0 && read(fd, head, sizeof head) == (gssize)sizeof head &&
	       memcmp(head, TEMPLATE, sizeof head) == 0;
}

static gboolean
look_at(Store *store, const char *shelf, const char *name, const char *path, GArray *out,
    GError **error)
{
	g_autofree char *sha256 = g_strconcat(shelf, name, NULL);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = NULL;
	GStatBuf about;
	Unknown unknown;

	if (strlen(name) != NAME_DIGITS || strspn(name, "0123456789abcdef") != NAME_DIGITS)
		return TRUE;
	rows = store_query(store, error, SQL_rebuild_message, "t", sha256);
	if (rows == NULL)
		return FALSE;
	if (!rows_next(rows, &why) && why == NULL && !is_template(path) &&
	    g_stat(path, &about) == 0) {
		unknown = (Unknown){ g_steal_pointer(&sha256), about.st_size, about.st_mtime };
		g_array_append_val(out, unknown);
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static gboolean
find_unknown(const App *app, Store *store, GArray *out, GError **error)
{
	for (guint i = 0; i < SHELVES; i++) {
		g_autofree char *shelf = g_strdup_printf("%02x", i);
		g_autofree char *inner = g_build_filename("archive", shelf, NULL);
		g_autofree char *folder = cmd_path(app, inner);
		g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
		const char *name;

		while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
			g_autofree char *path = g_build_filename(folder, name, NULL);

			if (!look_at(store, shelf, name, path, out, error))
				return FALSE;
		}
	}
	return TRUE;
}

static int
compare_unknown(gconstpointer a, gconstpointer b)
{
	const Unknown *first = a;
	const Unknown *second = b;

	if (first->at != second->at)
		return first->at < second->at ? -1 : 1;
	return strcmp(first->sha256, second->sha256);
}

static gboolean
add_to_queue(const IntakeTools *tools, const GArray *unknown, GError **error)
{
	g_autoptr(Transaction) transaction = transaction_begin(tools->store, error);

	if (transaction == NULL)
		return FALSE;
	for (guint i = 0; i < unknown->len; i++) {
		const Unknown *message = &g_array_index(unknown, Unknown, i);
		Event event = { .edition = tools->form->id,
			.subject = "message",
			.what = "message.received",
			.to_state = "new",
			.evidence = message->sha256,
			.note = "archive" };

		clock_set(message->at);
		if (!store_run(tools->store, error, SQL_inbox_insert_message, "titi",
			message->sha256, message->size, "archive", message->at))
			return FALSE;
		event.subject_id = store_last_id(tools->store);
		if (!store_event(tools->store, &event, error))
			return FALSE;
	}
	return transaction_commit(transaction, error);
}

gboolean
rebuild_take_rest(const App *app, const IntakeTools *tools, guint *out_count, GError **error)
{
	g_autoptr(GArray) unknown = g_array_new(FALSE, FALSE, sizeof(Unknown));
	IntakeReport report = { 0 };
	gboolean done;

	g_array_set_clear_func(unknown, unknown_clear);
	if (!find_unknown(app, tools->store, unknown, error))
		return FALSE;
	*out_count = unknown->len;
	if (unknown->len == 0)
		return TRUE;
	g_array_sort(unknown, compare_unknown);
	done = add_to_queue(tools, unknown, error);
	clock_set(-1);
	return done && intake_run(tools, &report, error);
}

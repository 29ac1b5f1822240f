/*
 * A Maildir (Bernstein's maildir(5); folders as in Maildir++): new/ and cur/ are the queue, what is safe goes to
 * .Processed/cur. Delivery programs and mail clients may be at work in it at the same time: a file that vanishes was
 * renamed, and comes again under its new name.
 */
#include "inbox/inbox.h"

#include "base/durable.h"
#include "base/error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define PLACE_PREFIX "maildir:"

typedef struct {
	char *directory;
	char *done;	  /* .Processed/cur */
	GPtrArray *names; /* of char *: "new/NAME" and "cur/NAME", oldest first */
	guint next;
} Maildir;

static void
maildir_close(gpointer session)
{
	Maildir *maildir = session;

	if (maildir == NULL)
		return;
	g_free(maildir->directory);
	g_free(maildir->done);
	g_ptr_array_unref(maildir->names);
	g_free(maildir);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Maildir, maildir_close)

/* Names begin with the time of delivery. */
static int
by_time(gconstpointer a, gconstpointer b)
{
	const char *left = *(const char *const *)a;
	const char *right = *(const char *const *)b;

	return strcmp(strchr(left, '/'), strchr(right, '/'));
}

static gboolean
list(Maildir *maildir, const char *folder, GError **error)
{
	g_autofree char *path = g_build_filename(maildir->directory, folder, NULL);
	g_autoptr(GError) why = NULL;
	g_autoptr(GDir) dir = g_dir_open(path, 0, &why);
	const char *name;

	if (dir == NULL)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("%s: no Maildir here (%s); inbox.maildir says where it is"),
		    maildir->directory, why->message);
	while ((name = g_dir_read_name(dir)) != NULL)
		if (*name != '.')
			g_ptr_array_add(maildir->names, g_build_filename(folder, name, NULL));
	return TRUE;
}

static gboolean
make_done_folder(Maildir *maildir, GError **error)
{
	static const char *const folders[] = { "tmp", "new", "cur" };

	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path =
		    g_build_filename(maildir->directory, ".Processed", folders[i], NULL);

		if (!durable_mkdir(path, error))
			return FALSE;
	}
	return TRUE;
}

static gpointer
maildir_open(const Config *config, GError **error)
{
	g_autoptr(Maildir) maildir = g_new0(Maildir, 1);

	maildir->directory = g_strdup(config_text(config, CONFIG_inbox_maildir));
	maildir->done = g_build_filename(maildir->directory, ".Processed", "cur", NULL);
	maildir->names = g_ptr_array_new_with_free_func(g_free);
	if (!list(maildir, "new", error) || !list(maildir, "cur", error) ||
	    !make_done_folder(maildir, error))
		return NULL;
	g_ptr_array_sort(maildir->names, by_time);
	return g_steal_pointer(&maildir);
}

/* @raw stays NULL where the file is too large; @there: FALSE where it is gone or no file. */
static gboolean
read_message(const char *path, GBytes **raw, gboolean *there, GError **error)
{
	g_autoptr(GError) why = NULL;
	struct stat about;

	*there = g_lstat(path, &about) == 0 && S_ISREG(about.st_mode);
	if (!*there)
		return TRUE;
	*raw = durable_read(path, INBOX_MESSAGE_LIMIT, &why);
	if (*raw != NULL || g_error_matches(why, PLICO_ERROR, PLICO_ERROR_INPUT))
		return TRUE;
	*there = g_file_test(path, G_FILE_TEST_EXISTS);
	if (!*there) /* renamed while we read */
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static gboolean
maildir_next(gpointer session, InboxItem *item, GError **error)
{
	Maildir *maildir = session;

	while (maildir->next < maildir->names->len) {
		const char *name = g_ptr_array_index(maildir->names, maildir->next++);
		g_autofree char *path = g_build_filename(maildir->directory, name, NULL);
		gboolean there;

		if (!read_message(path, &item->raw, &there, error))
			return FALSE;
		if (there) {
			item->place = g_strconcat(PLACE_PREFIX, name, NULL);
			return TRUE;
		}
	}
	return FALSE;
}

/* A name in @directory that is free, with the flag S (seen) where it has none. Nothing done is ever overwritten.
 * Returns: (transfer full) */
static char *
free_name(const char *directory, const char *name)
{
	const char *base = strchr(name, '/') + 1;
	const char *flags = strstr(base, ":2,");
	g_autofree char *stem =
	    g_strndup(base, flags != NULL ? (gsize)(flags - base) : strlen(base));
	g_autofree char *path =
	    g_strconcat(directory, "/", stem, flags != NULL ? flags : ":2,S", NULL);

	for (guint i = 1; g_file_test(path, G_FILE_TEST_EXISTS); i++) {
		g_free(path);
		path = g_strdup_printf(
		    "%s/%s.%u%s", directory, stem, i, flags != NULL ? flags : ":2,S");
	}
	return g_steal_pointer(&path);
}

static gboolean
maildir_commit(gpointer session, const GPtrArray *places, GError **error)
{
	Maildir *maildir = session;
	g_autofree char *new = g_build_filename(maildir->directory, "new", NULL);
	g_autofree char *cur = g_build_filename(maildir->directory, "cur", NULL);

	for (guint i = 0; i < places->len; i++) {
		const char *name =
		    (const char *)g_ptr_array_index(places, i) + strlen(PLACE_PREFIX);
		g_autofree char *from = g_build_filename(maildir->directory, name, NULL);
		g_autofree char *to = free_name(maildir->done, name);

		if (g_rename(from, to) < 0 && errno != ENOENT)
			return fail_errno(error, "%s", from);
	}
	/* the new name first: a crash between leaves the message twice, never nowhere */
	return durable_sync_directory(maildir->done, error) && durable_sync_directory(new, error) &&
	       durable_sync_directory(cur, error);
}

const Source source_maildir = {
	.name = "maildir",
	.open = maildir_open,
	.next = maildir_next,
	.commit = maildir_commit,
	.close = maildir_close,
};

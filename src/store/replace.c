/*
 * One database in the place of another. Whoever has a database open would go on writing to a file that nobody reads any more,
 * and SQLite would take the log of the one for that of the other: so each store shares a lock, on the folder, since that is
 * never replaced, and whoever replaces needs it alone.
 */
#include "base/error.h"
#include "store/inner.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#define PATIENCE_MS 10000
#define STEP_MS	    100

/* A folder that cannot be opened for reading has no lock; what is in it can still be used. */
static Fd
open_folder(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);

	return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

gboolean
store_share(const char *path, Fd *lock, GError **error)
{
	*lock = open_folder(path);
	if (*lock < 0)
		return TRUE;
	for (int waited = 0; flock(*lock, LOCK_SH | LOCK_NB) < 0; waited += STEP_MS) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return fail_errno(error, "%s", path);
		if (waited >= PATIENCE_MS)
			return fail(error, PLICO_ERROR_TRY_AGAIN,
			    _("%s: is being made anew; try again in some minutes"), path);
		g_usleep(STEP_MS * 1000);
	}
	return TRUE;
}

gboolean
store_lock(const char *path, Fd *lock, GError **error)
{
	fd_close(lock);
	*lock = open_folder(path);
	if (*lock < 0)
		return fail_errno(error, "%s", path);
	if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
		return TRUE;
	if (errno != EWOULDBLOCK)
		return fail_errno(error, "%s", path);
	return fail(error, PLICO_ERROR_TRY_AGAIN,
	    _("%s: another plico is using it; end plico collect, plico serve and the like, then try again"),
	    path);
}

/* What stands in the log of @path goes into the file, and the log goes away. Where it cannot, the file is damaged. */
static void
fold_log(const char *path)
{
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, NULL) ==
	    SQLITE_OK)
		(void)sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
	sqlite3_close(db);
}

/* The log of a damaged database stays with it. */
static gboolean
set_log_aside(const char *path, const char *aside, const char *ending, GError **error)
{
	g_autofree char *from = g_strconcat(path, ending, NULL);
	g_autofree char *to = g_strconcat(aside, ending, NULL);

	return g_rename(from, to) == 0 || errno == ENOENT || fail_errno(error, "%s", from);
}

gboolean
store_replace(const char *path, const char *fresh, const char *aside, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_auto(Fd) file = open(fresh, O_RDONLY | O_CLOEXEC);

	if (file < 0 || fsync(file) < 0)
		return fail_errno(error, "%s", fresh);
	if (g_file_test(path, G_FILE_TEST_EXISTS)) {
		fold_log(path);
		if (link(path, aside) < 0)
			return fail_errno(error, "%s", aside);
		if (!set_log_aside(path, aside, "-wal", error) ||
		    !set_log_aside(path, aside, "-shm", error))
			return FALSE;
	}
	if (!durable_sync_directory(folder, error))
		return FALSE;
	if (g_rename(fresh, path) < 0)
		return fail_errno(error, "%s", path);
	return durable_sync_directory(folder, error);
}

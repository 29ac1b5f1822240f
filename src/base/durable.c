#include "base/durable.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

void
fd_close(Fd *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

gboolean
durable_write_all(int fd, const void *data, gsize size, GError **error)
{
	const char *at = data;

	while (size > 0) {
		gssize n = write(fd, at, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_errno(error, "write");
		at += n;
		size -= (gsize)n;
	}
	return TRUE;
}

gboolean
durable_sync_directory(const char *path, GError **error)
{
	g_auto(Fd) fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return fail_errno(error, "%s", path);
	if (fsync(fd) < 0)
		return fail_errno(error, "%s: fsync", path);
	return TRUE;
}

static int
create_new(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

/* A new file, not yet for good; one in its place is of an earlier process with our number. @out: (out): still open. */
static gboolean
write_new(const char *path, GBytes *bytes, guint mode, Fd *out, GError **error)
{
	g_auto(Fd) fd = create_new(path);
	gsize size;
	gconstpointer data = g_bytes_get_data(bytes, &size);

	if (fd < 0 && errno == EEXIST && g_unlink(path) == 0)
		fd = create_new(path);
	if (fd < 0)
		return fail_errno(error, "%s", path);
	if (!durable_write_all(fd, data, size, error)) {
		g_prefix_error(error, "%s: ", path);
		return FALSE;
	}
	if (fchmod(fd, (mode_t)mode) < 0)
		return fail_errno(error, "%s", path);
	*out = fd;
	fd = -1;
	return TRUE;
}

static gboolean
write_and_sync(const char *path, GBytes *bytes, guint mode, GError **error)
{
	g_auto(Fd) fd = -1;

	if (!write_new(path, bytes, mode, &fd, error))
		return FALSE;
	return fsync(fd) == 0 || fail_errno(error, "%s: fsync", path);
}

gboolean
durable_replace(const char *path, GBytes *bytes, guint mode, GError **error)
{
	g_autofree char *directory = g_path_get_dirname(path);
	g_autofree char *temporary = g_strdup_printf("%s.%d.tmp", path, (int)getpid());

	if (!write_and_sync(temporary, bytes, mode, error)) {
		(void)g_unlink(temporary);
		return FALSE;
	}
	if (g_rename(temporary, path) < 0) {
		fail_errno(error, "%s", path);
		(void)g_unlink(temporary);
		return FALSE;
	}
	return durable_sync_directory(directory, error);
}

/* --- several files ------------------------------------------------------------------------------------- */

void
durable_file_free(DurableFile *file)
{
	g_free(file->path);
	g_bytes_unref(file->bytes);
	g_free(file);
}

static char *
temporary_of(const DurableFile *file)
{
	return g_strdup_printf("%s.%d.tmp", file->path, (int)getpid());
}

static gboolean
flush(const char *directory, GError **error)
{
	g_auto(Fd) fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return fail_errno(error, "%s", directory);
	if (syncfs(fd) < 0)
		return fail_errno(error, "%s: syncfs", directory);
	return TRUE;
}

static gboolean
write_all_new(const GPtrArray *files, guint mode, GError **error)
{
	for (guint i = 0; i < files->len; i++) {
		const DurableFile *file = g_ptr_array_index(files, i);
		g_autofree char *temporary = temporary_of(file);
		g_auto(Fd) fd = -1;

		if (!write_new(temporary, file->bytes, mode, &fd, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
rename_all(const GPtrArray *files, GError **error)
{
	for (guint i = 0; i < files->len; i++) {
		const DurableFile *file = g_ptr_array_index(files, i);
		g_autofree char *temporary = temporary_of(file);

		if (g_rename(temporary, file->path) < 0)
			return fail_errno(error, "%s", file->path);
	}
	return TRUE;
}

gboolean
durable_replace_all(const char *directory, const GPtrArray *files, guint mode, GError **error)
{
	if (files->len == 0)
		return TRUE;
	if (files->len == 1) {
		const DurableFile *file = g_ptr_array_index(files, 0);

		return durable_replace(file->path, file->bytes, mode, error);
	}
	if (write_all_new(files, mode, error) && flush(directory, error) &&
	    rename_all(files, error) && flush(directory, error))
		return TRUE;
	for (guint i = 0; i < files->len; i++) {
		g_autofree char *temporary = temporary_of(g_ptr_array_index(files, i));

		(void)g_unlink(temporary);
	}
	return FALSE;
}

gboolean
durable_mkdir(const char *path, GError **error)
{
	g_autofree char *parent = g_path_get_dirname(path);

	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		return TRUE;
	if (g_strcmp0(parent, path) != 0 && !durable_mkdir(parent, error))
		return FALSE;
	if (g_mkdir(path, 0700) < 0 && errno != EEXIST)
		return fail_errno(error, "%s", path);
	return durable_sync_directory(parent, error);
}

gboolean
durable_lock(const char *path, Fd *lock, GError **error)
{
	fd_close(lock);
	*lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*lock < 0)
		return fail_errno(error, "%s", path);
	if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
		return TRUE;
	if (errno != EWOULDBLOCK)
		return fail_errno(error, "%s", path);
	return fail(error, PLICO_ERROR_TRY_AGAIN,
	    _("%s: another plico is doing this already; try again when it has ended"), path);
}

#define CHUNK	      ((gsize)64 << 10)
#define SIZE_BELIEVED ((gsize)1 << 20) /* of a file, before it is read */

GBytes *
durable_read_open(int fd, const char *name, gsize limit, GError **error)
{
	g_autofree guint8 *bytes = NULL; /* no array, which has room for twice as much */
	struct stat about;
	gsize room;
	gsize size = 0;

	if (fstat(fd, &about) < 0) {
		fail_errno(error, "%s", name);
		return NULL;
	}
	room = (gsize)CLAMP(about.st_size, 0, (off_t)MIN(limit, SIZE_BELIEVED)) + 1;
	/* counted while reading: the size that a device or a growing file tells is not what comes */
	for (;;) {
		gssize n;

		if (size == room)
			room += MAX(room / 2, CHUNK);
		bytes = g_realloc(bytes, room);
		n = read(fd, bytes + size, room - size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			fail_errno(error, "%s", name);
			return NULL;
		}
		size += (gsize)n;
		if (size > limit) {
			fail(error, PLICO_ERROR_INPUT,
			    _("%s: at most %zu bytes are read, it has more"), name, limit);
			return NULL;
		}
		if (n == 0)
			break;
	}
	return g_bytes_new_take(g_steal_pointer(&bytes), size);
}

GBytes *
durable_read(const char *path, gsize limit, GError **error)
{
	g_auto(Fd) fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		return durable_read_open(fd, path, limit, error);
	fail_errno(error, "%s", path);
	return NULL;
}

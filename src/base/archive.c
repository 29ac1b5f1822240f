#include "base/archive.h"

#include "base/durable.h"
#include "base/error.h"
#include "base/sum.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARCHIVE_LIMIT ((gsize)64 << 20) /* above the 35 MB that a mailbox source accepts */

static char *
archive_path(const char *directory, const char *sha256)
{
	g_autofree char *shelf = g_strndup(sha256, 2);

	return g_build_filename(directory, shelf, sha256 + 2, NULL);
}

/* Piece by piece: nothing is kept of what was read. */
static gboolean
has_just(int fd, GBytes *bytes)
{
	guint8 chunk[65536];
	gsize size;
	const guint8 *data = g_bytes_get_data(bytes, &size);
	gsize at = 0;
	gssize n;

	while ((n = read(fd, chunk, sizeof chunk)) > 0 || (n < 0 && errno == EINTR)) {
		if (n < 0)
			continue;
		if ((gsize)n > size - at || memcmp(chunk, data + at, (gsize)n) != 0)
			return FALSE;
		at += (gsize)n;
	}
	return n == 0 && at == size;
}

/* A disk that lies about a write is found here, not next year. */
static gboolean
check_written(const char *path, GBytes *bytes, GError **error)
{
	g_auto(Fd) fd = open(path, O_RDONLY | O_CLOEXEC);

	return (fd >= 0 && has_just(fd, bytes)) ||
	       fail(
		   error, PLICO_ERROR_IO, _("%s: read back different from what was written"), path);
}

gboolean
archive_put(const char *directory, GBytes *bytes, char **out_sha256, GError **error)
{
	g_autofree char *sum = sum_bytes(bytes);
	g_autofree char *path = archive_path(directory, sum);
	g_autofree char *shelf = g_path_get_dirname(path);

	if (!durable_mkdir(shelf, error))
		return FALSE;
	if (!durable_replace(path, bytes, 0400, error))
		return FALSE;
	if (!check_written(path, bytes, error))
		return FALSE;
	*out_sha256 = g_steal_pointer(&sum);
	return TRUE;
}

/* A file for each name, even where two have the same. @files: of DurableFile */
static void
list_files(const char *directory, const GPtrArray *all, GPtrArray *files, GPtrArray *out_sums)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < all->len; i++) {
		GBytes *bytes = g_ptr_array_index(all, i);
		char *sum = sum_bytes(bytes);
		DurableFile *file;

		g_ptr_array_add(out_sums, sum);
		if (!g_hash_table_add(seen, sum))
			continue;
		file = g_new0(DurableFile, 1);
		file->path = archive_path(directory, sum);
		file->bytes = g_bytes_ref(bytes);
		g_ptr_array_add(files, file);
	}
}

/* What is written into a shelf flushes the file system, and the shelf with it; unless it is one file. */
static gboolean
make_shelves(const GPtrArray *files, GError **error)
{
	for (guint i = 0; i < files->len; i++) {
		const DurableFile *file = g_ptr_array_index(files, i);
		g_autofree char *shelf = g_path_get_dirname(file->path);

		if (files->len == 1)
			return durable_mkdir(shelf, error);
		if (g_mkdir(shelf, 0700) < 0 && errno != EEXIST)
			return fail_errno(error, "%s", shelf);
	}
	return TRUE;
}

gboolean
archive_put_all(const char *directory, const GPtrArray *all, GPtrArray *out_sums, GError **error)
{
	g_autoptr(GPtrArray) files =
	    g_ptr_array_new_with_free_func((GDestroyNotify)durable_file_free);

	list_files(directory, all, files, out_sums);
	if (!make_shelves(files, error) || !durable_replace_all(directory, files, 0400, error))
		return FALSE;
	for (guint i = 0; i < files->len; i++) {
		const DurableFile *file = g_ptr_array_index(files, i);

		if (!check_written(file->path, file->bytes, error))
			return FALSE;
	}
	return TRUE;
}

gsize
archive_size(const char *directory, const char *sha256)
{
	g_autofree char *path = archive_path(directory, sha256);
	struct stat about;

	return stat(path, &about) == 0 ? (gsize)about.st_size : 0;
}

GBytes *
archive_open(const char *directory, const char *sha256, GError **error)
{
	g_autoptr(GBytes) bytes = NULL;
	g_autofree char *path = NULL;
	g_autofree char *sum = NULL;

	g_return_val_if_fail(strlen(sha256) == 64, NULL);
	path = archive_path(directory, sha256);
	bytes = durable_read(path, ARCHIVE_LIMIT, error);
	if (bytes == NULL)
		return NULL;
	sum = sum_bytes(bytes);
	if (strcmp(sum, sha256) != 0) {
		fail(error, PLICO_ERROR_IO,
		    _("%s: altered: its SHA-256 is %s; restore it from a backup"), path, sum);
		return NULL;
	}
	return g_steal_pointer(&bytes);
}

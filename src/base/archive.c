#include "base/archive.h"

#include "base/durable.h"
#include "base/error.h"
#include "base/sum.h"

#include <string.h>

#define ARCHIVE_LIMIT ((gsize)64 << 20) /* above the 35 MB that a mailbox source accepts */

static char *
archive_path(const char *directory, const char *sha256)
{
	g_autofree char *shelf = g_strndup(sha256, 2);

	return g_build_filename(directory, shelf, sha256 + 2, NULL);
}

static gboolean
is_intact(const char *path, const char *sha256)
{
	g_autoptr(GBytes) bytes = durable_read(path, ARCHIVE_LIMIT, NULL);
	g_autofree char *sum = NULL;

	if (bytes == NULL)
		return FALSE;
	sum = sum_bytes(bytes);
	return strcmp(sum, sha256) == 0;
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
	if (!is_intact(path, sum)) /* a disk that lies about a write is found here, not next year */
		return fail(error, PLICO_ERROR_IO,
		    _("%s: read back different from what was written"), path);
	*out_sha256 = g_steal_pointer(&sum);
	return TRUE;
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

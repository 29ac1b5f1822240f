/* Zip files (PKWARE APPNOTE) by libzip, from memory: sizes are believed only as far as what really comes out. */
#include "collect/unpack.h"

#include <string.h>
#include <zip.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(zip_t, zip_discard)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(zip_file_t, zip_fclose)

/* What packers leave for themselves. */
static gboolean
is_litter(const char *name)
{
	const char *base = strrchr(name, '/') != NULL ? strrchr(name, '/') + 1 : name;

	return *base == '\0' || g_str_has_prefix(name, "__MACOSX/") ||
	       strcmp(base, ".DS_Store") == 0 || g_ascii_strcasecmp(base, "Thumbs.db") == 0 ||
	       g_ascii_strcasecmp(base, "desktop.ini") == 0;
}

/* Returns: (transfer full), NULL: encrypted, damaged, or more than @left bytes */
static GBytes *
read_entry(zip_t *zip, guint64 index, gsize left)
{
	g_autoptr(zip_file_t) file = zip_fopen_index(zip, index, 0);
	g_autoptr(GByteArray) out = g_byte_array_new();
	guint8 chunk[65536];
	zip_int64_t n;

	if (file == NULL)
		return NULL;
	while ((n = zip_fread(file, chunk, sizeof chunk)) > 0) {
		if ((gsize)n > left - out->len)
			return NULL;
		g_byte_array_append(out, chunk, (guint)n);
	}
	return n == 0 ? g_byte_array_free_to_bytes(g_steal_pointer(&out)) : NULL;
}

static zip_t *
open_zip(GBytes *bytes)
{
	gsize size;
	const void *data = g_bytes_get_data(bytes, &size);
	zip_error_t why;
	zip_source_t *source;
	zip_t *zip;

	zip_error_init(&why);
	source = zip_source_buffer_create(data, size, 0, &why);
	zip =
	    source != NULL ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &why) : NULL;
	if (zip == NULL && source != NULL)
		zip_source_free(source);
	zip_error_fini(&why);
	return zip;
}

gboolean
unpack_zip(GBytes *bytes, GPtrArray *pieces, GPtrArray *names)
{
	g_autoptr(zip_t) zip = open_zip(bytes);
	zip_int64_t entries = zip != NULL ? zip_get_num_entries(zip, 0) : -1;
	gsize left = UNPACK_SIZE_LIMIT;

	if (entries < 0 || entries > UNPACK_ENTRIES_LIMIT)
		return FALSE;
	for (guint64 i = 0; i < (guint64)entries; i++) {
		const char *name = zip_get_name(zip, i, 0); /* guessed as UTF-8 or CP437 */
		g_autoptr(GBytes) entry = NULL;

		if (name == NULL)
			return FALSE;
		if (is_litter(name))
			continue;
		entry = read_entry(zip, i, left);
		if (entry == NULL)
			return FALSE;
		left -= g_bytes_get_size(entry);
		if (!unpack_keep(name, entry, pieces, names))
			return FALSE;
	}
	return TRUE;
}

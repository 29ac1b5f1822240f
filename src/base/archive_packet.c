#include "base/archive_packet.h"

#include "base/archive.h"
#include "base/durable.h"
#include "base/error.h"
#include "base/sum.h"

#include <string.h>
#include <zstd.h>

#define SENT_LIMIT ((gsize)64 << 20) /* of a message, packed or not */
#define LEVEL                                                                                      \
	(-1) /* of zstd: a tenth of the time that deflate takes; a message fills two blocks of the disk in any case */
#define STEMS_KEPT 200 /* in memory, of those that one message after the other uses */

/* The file: "plico-sent 1 KID\n", then, sealed and in one frame of zstd (RFC 8878), a GVariant of this type: for each part whether it is in
 * base64, the SHA-256 of its stem or "", and its bytes. Nothing in it depends on the byte order. */
#define HEAD	   "plico-sent 1 "
#define PARTS_TYPE "a(bsay)"

struct ArchiveBatch {
	char *directory;
	const Keyring *keyring;
	ZSTD_CCtx *zstd;
	GHashTable *stems;   /* SHA-256 of those that are kept */
	GHashTable *shelves; /* the folders that are there */
	GPtrArray *files;    /* of DurableFile */
};

ArchiveBatch *
archive_batch_new(const char *directory, const Keyring *keyring)
{
	ArchiveBatch *batch = g_new0(ArchiveBatch, 1);

	batch->directory = g_strdup(directory);
	batch->keyring = keyring;
	batch->zstd = ZSTD_createCCtx();
	batch->stems = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	batch->shelves = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	batch->files = g_ptr_array_new_with_free_func((GDestroyNotify)durable_file_free);
	return batch;
}

void
archive_batch_free(ArchiveBatch *batch)
{
	if (batch == NULL)
		return;
	g_free(batch->directory);
	(void)ZSTD_freeCCtx(batch->zstd);
	g_hash_table_unref(batch->stems);
	g_hash_table_unref(batch->shelves);
	g_ptr_array_unref(batch->files);
	g_free(batch);
}

static char *
sent_path(const char *directory, const char *sha256)
{
	g_autofree char *shelf = g_strndup(sha256, 2);
	g_autofree char *name = g_strconcat(sha256 + 2, ".sent", NULL);

	return g_build_filename(directory, shelf, name, NULL);
}

/* --- packing -------------------------------------------------------------------------------------------- */

static GBytes *
compress(ZSTD_CCtx *zstd, GVariant *parts)
{
	gsize room = ZSTD_compressBound(g_variant_get_size(parts));
	g_autofree guint8 *out = g_malloc(room);
	gsize size = ZSTD_compressCCtx(
	    zstd, out, room, g_variant_get_data(parts), g_variant_get_size(parts), LEVEL);

	g_assert(!ZSTD_isError(size)); /* there is room, and no other error of one call */
	return g_bytes_new_take(g_steal_pointer(&out), size);
}

/* At most SENT_LIMIT bytes come out. Returns: (transfer full), NULL where it cannot */
static GBytes *
decompress(GBytes *bytes)
{
	gsize size;
	const void *data = g_bytes_get_data(bytes, &size);
	guint64 claimed = ZSTD_getFrameContentSize(data, size);
	g_autofree guint8 *out = NULL;

	if (claimed == 0 || claimed > SENT_LIMIT) /* errors are the largest numbers */
		return NULL;
	out = g_malloc(claimed);
	if (ZSTD_decompress(out, claimed, data, size) != claimed)
		return NULL;
	return g_bytes_new_take(g_steal_pointer(&out), claimed);
}

static GBytes *
pack(const Packet *packet, ZSTD_CCtx *zstd, const Keyring *keyring)
{
	g_autoptr(GByteArray) file = g_byte_array_new();
	g_autofree char *head = g_strdup_printf(HEAD "%s\n", keyring_current(keyring));
	g_autoptr(GVariant) parts = NULL;
	g_autoptr(GBytes) small = NULL;
	g_autoptr(GBytes) sealed = NULL;
	GVariantBuilder builder;

	g_variant_builder_init(&builder, G_VARIANT_TYPE(PARTS_TYPE));
	for (guint i = 0; i < packet->len; i++) {
		const PacketPart *part = g_ptr_array_index(packet, i);

		g_variant_builder_add(&builder, "(bs@ay)", part->encoded,
		    part->stem != NULL ? part->stem->sha256 : "",
		    g_variant_new_from_bytes(G_VARIANT_TYPE_BYTESTRING, part->bytes, TRUE));
	}
	parts = g_variant_ref_sink(g_variant_builder_end(&builder));
	small = compress(zstd, parts);
	sealed = keyring_seal(keyring, small);
	g_byte_array_append(file, (const guint8 *)head, (guint)strlen(head));
	g_byte_array_append(file, g_bytes_get_data(sealed, NULL), (guint)g_bytes_get_size(sealed));
	return g_byte_array_free_to_bytes(g_steal_pointer(&file));
}

/* Keeps the stem unless it is there as it should be. */
static gboolean
keep_stem(ArchiveBatch *batch, const Stem *stem, GError **error)
{
	g_autoptr(GBytes) kept = NULL;
	g_autofree char *sum = NULL;

	if (g_hash_table_contains(batch->stems, stem->sha256))
		return TRUE;
	kept = archive_open(batch->directory, stem->sha256, NULL);
	if (kept == NULL && !archive_put(batch->directory, stem->bytes, &sum, error))
		return FALSE;
	g_hash_table_add(batch->stems, g_strdup(stem->sha256));
	return TRUE;
}

static gboolean
make_shelf(ArchiveBatch *batch, const char *path, GError **error)
{
	g_autofree char *shelf = g_path_get_dirname(path);

	if (g_hash_table_contains(batch->shelves, shelf))
		return TRUE;
	if (!durable_mkdir(shelf, error))
		return FALSE;
	g_hash_table_add(batch->shelves, g_steal_pointer(&shelf));
	return TRUE;
}

gboolean
archive_batch_add(ArchiveBatch *batch, const Packet *packet, const char *sha256, GError **error)
{
	g_autofree char *path = sent_path(batch->directory, sha256);
	DurableFile *file;

	for (guint i = 0; i < packet->len; i++) {
		const PacketPart *part = g_ptr_array_index(packet, i);

		if (part->stem != NULL && !keep_stem(batch, part->stem, error))
			return FALSE;
	}
	if (!make_shelf(batch, path, error))
		return FALSE;
	file = g_new0(DurableFile, 1);
	file->path = g_steal_pointer(&path);
	file->bytes = pack(packet, batch->zstd, batch->keyring);
	g_ptr_array_add(batch->files, file);
	return TRUE;
}

gboolean
archive_batch_commit(ArchiveBatch *batch, GError **error)
{
	gboolean good = durable_replace_all(batch->directory, batch->files, 0400, error);

	g_ptr_array_set_size(batch->files, 0);
	return good;
}

/* --- opening -------------------------------------------------------------------------------------------- */

/* What stands behind the head. Returns: (transfer full) */
static GVariant *
unpack(GBytes *file, const Keyring *keyring, const char *path, GError **error)
{
	gsize size;
	const char *data = g_bytes_get_data(file, &size);
	const char *line = size > strlen(HEAD) ? memchr(data, '\n', MIN(size, 100)) : NULL;
	g_autofree char *kid = NULL;
	g_autoptr(GBytes) small = NULL;
	g_autoptr(GBytes) plain = NULL;

	if (line == NULL || memcmp(data, HEAD, strlen(HEAD)) != 0) {
		fail(
		    error, PLICO_ERROR_IO, _("%s: no sent message of this version of plico"), path);
		return NULL;
	}
	kid = g_strndup(data + strlen(HEAD), (gsize)(line - data) - strlen(HEAD));
	small =
	    keyring_unseal(keyring, kid, (const guint8 *)line + 1, size - (gsize)(line + 1 - data));
	if (small == NULL) {
		fail(error, PLICO_ERROR_IO,
		    _("%s: altered, or sealed by another key than keys/%s.key; restore it from a backup"),
		    path, kid);
		return NULL;
	}
	plain = decompress(small);
	if (plain == NULL) {
		fail(error, PLICO_ERROR_IO, _("%s: cannot be unpacked"), path);
		return NULL;
	}
	return g_variant_ref_sink(
	    g_variant_new_from_bytes(G_VARIANT_TYPE(PARTS_TYPE), plain, FALSE));
}

/* @stems: (nullable): those that were read before. Returns: (transfer full) */
static Stem *
open_stem(const char *directory, const char *sha256, GHashTable *stems, GError **error)
{
	Stem *known = stems != NULL ? g_hash_table_lookup(stems, sha256) : NULL;
	g_autoptr(GBytes) kept = NULL;
	Stem *stem;

	if (known != NULL)
		return stem_ref(known);
	kept = archive_open(directory, sha256, error);
	if (kept == NULL)
		return NULL;
	stem = stem_new(kept);
	/* beyond the limit only their names are remembered */
	if (stems != NULL)
		g_hash_table_replace(stems, g_strdup(sha256),
		    g_hash_table_size(stems) < STEMS_KEPT ? stem_ref(stem) : NULL);
	return stem;
}

static gboolean
add_part(Packet *packet, const char *directory, GVariant *part, GHashTable *stems, GError **error)
{
	gboolean encoded;
	const char *sha256;
	g_autoptr(GVariant) data = NULL;
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(Stem) stem = NULL;

	g_variant_get(part, "(b&s@ay)", &encoded, &sha256, &data);
	bytes = g_variant_get_data_as_bytes(data);
	if (!encoded) {
		packet_add(packet, bytes);
		return TRUE;
	}
	if (strlen(sha256) == 64) {
		stem = open_stem(directory, sha256, stems, error);
		if (stem == NULL)
			return FALSE;
	}
	packet_add_encoded(packet, stem, bytes);
	return TRUE;
}

static GBytes *
put_together(const char *directory, GVariant *parts, GHashTable *stems, GError **error)
{
	g_autoptr(Packet) packet = packet_new();

	for (gsize i = 0; i < g_variant_n_children(parts); i++) {
		g_autoptr(GVariant) part = g_variant_get_child_value(parts, i);

		if (!add_part(packet, directory, part, stems, error))
			return NULL;
	}
	return packet_join(packet);
}

static void
free_stem(gpointer stem)
{
	if (stem != NULL)
		stem_unref(stem);
}

GHashTable *
archive_stems_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_stem);
}

GBytes *
archive_open_sent(const char *directory, const Keyring *keyring, const char *sha256,
    GHashTable *stems, GError **error)
{
	g_autofree char *path = NULL;
	g_autoptr(GBytes) file = NULL;
	g_autoptr(GVariant) parts = NULL;
	g_autoptr(GBytes) message = NULL;
	g_autofree char *sum = NULL;

	g_return_val_if_fail(strlen(sha256) == 64, NULL);
	path = sent_path(directory, sha256);
	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		fail(error, PLICO_ERROR_NOT_FOUND, _("%s: no such message was kept"), path);
		return NULL;
	}
	file = durable_read(path, SENT_LIMIT, error);
	parts = file != NULL ? unpack(file, keyring, path, error) : NULL;
	message = parts != NULL ? put_together(directory, parts, stems, error) : NULL;
	if (message == NULL)
		return NULL;
	sum = sum_bytes(message);
	if (strcmp(sum, sha256) != 0) {
		fail(error, PLICO_ERROR_IO,
		    _("%s: altered: its SHA-256 is %s; restore it from a backup"), path, sum);
		return NULL;
	}
	return g_steal_pointer(&message);
}

#include "base/stem.h"

#include "base/sum.h"

#include <openssl/evp.h>
#include <string.h>

#define LINE_BYTES 57 /* of the file on a line */
#define LINE_SIZE  78 /* of the line, with its end */

static guint8 *
grow(GByteArray *out, gsize size)
{
	guint before = out->len;

	g_byte_array_set_size(out, (guint)(before + size));
	return out->data + before;
}

/* Encodes @size bytes into lines at @at; only the last may be shorter. The line's end covers the NUL that
 * EVP_EncodeBlock() puts behind its text. Returns the end. */
static guint8 *
encode_lines(guint8 *at, const guint8 *bytes, gsize size)
{
	for (gsize done = 0; done < size; done += LINE_BYTES) {
		at += EVP_EncodeBlock(at, bytes + done, (int)MIN(LINE_BYTES, size - done));
		*at++ = '\r';
		*at++ = '\n';
	}
	return at;
}

static gsize
encoded_size(gsize size)
{
	gsize rest = size % LINE_BYTES;

	return size / LINE_BYTES * LINE_SIZE + (rest > 0 ? (rest + 2) / 3 * 4 + 2 : 0);
}

Stem *
stem_new(GBytes *bytes)
{
	Stem *stem = g_rc_box_new0(Stem);
	g_autoptr(GByteArray) lines = g_byte_array_new();
	gsize size;
	const guint8 *data = g_bytes_get_data(bytes, &size);

	size -= size % LINE_BYTES;
	(void)encode_lines(grow(lines, encoded_size(size)), data, size);
	stem->bytes = g_bytes_ref(bytes);
	stem->encoded = g_byte_array_free_to_bytes(g_steal_pointer(&lines));
	stem->sha256 = sum_bytes(bytes);
	return stem;
}

Stem *
stem_ref(Stem *stem)
{
	return g_rc_box_acquire(stem);
}

static void
stem_clear(gpointer data)
{
	Stem *stem = data;

	g_bytes_unref(stem->bytes);
	g_bytes_unref(stem->encoded);
	g_free(stem->sha256);
}

void
stem_unref(Stem *stem)
{
	if (stem != NULL)
		g_rc_box_release_full(stem, stem_clear);
}

GBytes *
stem_join(const Stem *stem, GBytes *rest)
{
	gsize head;
	gsize tail;
	const guint8 *first = g_bytes_get_data(stem->bytes, &head);
	const guint8 *second = g_bytes_get_data(rest, &tail);
	g_autoptr(GByteArray) whole = g_byte_array_sized_new((guint)(head + tail));

	g_byte_array_append(whole, first, (guint)head);
	g_byte_array_append(whole, second, (guint)tail);
	return g_byte_array_free_to_bytes(g_steal_pointer(&whole));
}

void
stem_encode(const Stem *stem, GBytes *rest, GByteArray *out)
{
	gsize left;
	const guint8 *data = g_bytes_get_data(rest, &left);
	guint8 joint[LINE_BYTES];
	gsize held = 0; /* of the stem behind its last whole line */
	gsize taken;
	guint8 *at;

	if (stem != NULL) {
		gsize size;
		const guint8 *bytes = g_bytes_get_data(stem->bytes, &size);

		g_byte_array_append(out, g_bytes_get_data(stem->encoded, NULL),
		    (guint)g_bytes_get_size(stem->encoded));
		held = size % LINE_BYTES;
		if (held > 0)
			memcpy(joint, bytes + size - held, held);
	}
	taken = held > 0 ? MIN(left, LINE_BYTES - held) : 0;
	at = grow(out, encoded_size(held + left));
	if (held > 0) {
		if (taken > 0)
			memcpy(joint + held, data, taken);
		at = encode_lines(at, joint, held + taken);
	}
	(void)encode_lines(at, data + taken, left - taken);
}

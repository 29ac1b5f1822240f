#include "base/stem.h"

#include <string.h>

static GBytes *
some_bytes(gsize size, guint seed)
{
	guint8 *data = g_malloc(size + 1);

	for (gsize i = 0; i < size; i++)
		data[i] = (guint8)(i * 31 + i / 7 + seed);
	return g_bytes_new_take(data, size);
}

/* GLib's base64 in lines of 76, with CRLF. */
static char *
expected_lines(GBytes *bytes)
{
	gsize size;
	const guchar *data = g_bytes_get_data(bytes, &size);
	g_autofree char *flat = g_base64_encode(data, size);
	GString *lines = g_string_new(NULL);

	for (const char *at = flat; *at != '\0'; at += MIN(strlen(at), 76)) {
		g_string_append_len(lines, at, (gssize)MIN(strlen(at), 76));
		g_string_append(lines, "\r\n");
	}
	return g_string_free(lines, FALSE);
}

static void
expect_encoded(const Stem *stem, GBytes *rest, GBytes *whole)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	g_autofree char *wanted = expected_lines(whole);

	g_byte_array_append(out, (const guint8 *)"before", 6);
	stem_encode(stem, rest, out);
	g_assert_cmpuint(out->len - 6, ==, strlen(wanted));
	g_assert_true(memcmp(out->data + 6, wanted, strlen(wanted)) == 0);
}

static void
test_all_cuts(void)
{
	guint compared = 0;

	for (gsize head = 0; head < 120; head += head < 60 ? 1 : 7) {
		for (gsize tail = 0; tail < 130; tail += tail < 61 ? 1 : 5) {
			g_autoptr(GBytes) bytes = some_bytes(head, 1);
			g_autoptr(GBytes) rest = some_bytes(tail, 99);
			g_autoptr(Stem) stem = stem_new(bytes);
			g_autoptr(GBytes) whole = stem_join(stem, rest);

			g_assert_cmpuint(g_bytes_get_size(whole), ==, head + tail);
			expect_encoded(stem, rest, whole);
			expect_encoded(NULL, whole, whole);
			compared++;
		}
	}
	g_assert_cmpuint(compared, >, 3000);
}

static void
test_sum(void)
{
	g_autoptr(GBytes) bytes = some_bytes(1000, 3);
	g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
	g_autoptr(Stem) stem = stem_new(bytes);
	g_autoptr(Stem) other = stem_ref(stem);

	g_assert_cmpstr(other->sha256, ==, sum);
	g_assert_true(other->bytes == bytes);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/stem/lines-are-those-of-the-whole-wherever-it-is-cut", test_all_cuts);
	g_test_add_func("/stem/it-knows-its-hash", test_sum);
	return g_test_run();
}

/* What is decoded the fast way and the rest by GLib are together what GLib alone makes of it, whatever is broken. */
#include "collect/base64.h"

#include <string.h>

#define LINE 57 /* bytes in a line of 76 letters */

static GString *
encode(const guint8 *bytes, gsize size, const char *line_end)
{
	GString *text = g_string_new(NULL);

	for (gsize i = 0; i < size; i += LINE) {
		g_autofree char *line = g_base64_encode(bytes + i, MIN(LINE, size - i));

		g_string_append(text, line);
		g_string_append(text, line_end);
	}
	return text;
}

static GBytes *
decode_rest(const char *text, gsize size, guint8 *out, gsize done)
{
	int state = 0;
	guint save = 0;

	done += g_base64_decode_step(text, size, out + done, &state, &save);
	return g_bytes_new(out, done);
}

static GBytes *
decode(const GString *text, gsize *used)
{
	g_autofree guint8 *out = g_malloc(BASE64_ROOM(text->len));
	gsize done = base64_decode_plain(text->str, text->len, out, used);

	g_assert_cmpuint(*used, <=, text->len);
	return decode_rest(text->str + *used, text->len - *used, out, done);
}

static void
assert_as_glib(const GString *text)
{
	g_autofree guint8 *out = g_malloc(BASE64_ROOM(text->len));
	gsize used;
	g_autoptr(GBytes) expected = decode_rest(text->str, text->len, out, 0);
	g_autoptr(GBytes) decoded = decode(text, &used);

	g_assert_true(g_bytes_equal(decoded, expected));
}

static void
test_sizes(void)
{
	guint8 bytes[3 * LINE];

	for (gsize i = 0; i < sizeof bytes; i++)
		bytes[i] = (guint8)(i * 37 + i / 7);
	for (gsize size = 0; size <= sizeof bytes; size++) {
		g_autoptr(GString) text = encode(bytes, size, size % 2 == 0 ? "\r\n" : "\n");
		g_autoptr(GBytes) original = g_bytes_new(bytes, size);
		gsize used;
		g_autoptr(GBytes) decoded = decode(text, &used);

		g_assert_true(g_bytes_equal(decoded, original));
		g_assert_cmpuint(text->len - used, <=, strlen("AA==\r\n"));
	}
}

/* Each character of a text replaced, left out and doubled. */
static void
test_damage(void)
{
	static const char damage[] = "=-*\r\n \t\xff";
	guint8 bytes[2 * LINE + 1];

	for (gsize i = 0; i < sizeof bytes; i++)
		bytes[i] = (guint8)(i * 91);
	for (gsize i = 0; i < 160; i++) {
		g_autoptr(GString) cut = encode(bytes, sizeof bytes, "\r\n");
		g_autoptr(GString) doubled = g_string_new_len(cut->str, (gssize)cut->len);

		for (gsize k = 0; damage[k] != '\0'; k++) {
			g_autoptr(GString) replaced = g_string_new_len(cut->str, (gssize)cut->len);

			replaced->str[i] = damage[k];
			assert_as_glib(replaced);
		}
		g_string_erase(cut, (gssize)i, 1);
		assert_as_glib(cut);
		g_string_insert_c(doubled, (gssize)i, doubled->str[i]);
		assert_as_glib(doubled);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base64/every size comes back", test_sizes);
	g_test_add_func("/base64/damage is left to the library", test_damage);
	return g_test_run();
}

#include "layout/syntax.h"

#include <math.h>
#include <string.h>

static const char hex_digits[] = "0123456789ABCDEF";

char *
syntax_grow(GString *out, gsize size)
{
	gsize before = out->len;

	g_string_set_size(out, before + size);
	return out->str + before;
}

char *
syntax_code(char *at, guint16 code)
{
	*at++ = hex_digits[code >> 12];
	*at++ = hex_digits[code >> 8 & 15];
	*at++ = hex_digits[code >> 4 & 15];
	*at++ = hex_digits[code & 15];
	return at;
}

void
syntax_put_code(GString *out, guint16 code)
{
	(void)syntax_code(syntax_grow(out, 4), code);
}

void
syntax_put_hex(GString *out, const guint8 *bytes, gsize size)
{
	char *at = syntax_grow(out, 2 * size);

	for (gsize i = 0; i < size; i++) {
		*at++ = hex_digits[bytes[i] >> 4];
		*at++ = hex_digits[bytes[i] & 15];
	}
}

/* Letters, digits and what has no meaning anywhere in PDF or in a program that reads it line by line. */
static gboolean
is_plain(const char *text)
{
	for (; *text != '\0'; text++)
		if (!g_ascii_isalnum(*text) && strchr(" -_.,:;'/+@", *text) == NULL)
			return FALSE;
	return TRUE;
}

static char *
write_utf16(char *at, gunichar c)
{
	if (c > 0xffff) {
		at = syntax_code(at, (guint16)(0xd800 + ((c - 0x10000) >> 10)));
		c = 0xdc00 + ((c - 0x10000) & 0x3ff);
	}
	return syntax_code(at, (guint16)c);
}

/* No byte of UTF-8 becomes more than one code. */
static void
put_utf16(GString *out, const char *utf8)
{
	char *at = syntax_grow(out, 4 * strlen(utf8));

	while (*utf8 != '\0') {
		gunichar c = (guchar)*utf8;

		if (c < 0x80) {
			utf8++;
		} else if ((c = g_utf8_get_char_validated(utf8, -1)) <= 0x10ffff) {
			utf8 = g_utf8_next_char(utf8);
		} else { /* (gunichar)-1 or -2: not UTF-8 */
			c = 0xfffd;
			utf8++;
		}
		at = write_utf16(at, c);
	}
	g_string_truncate(out, (gsize)(at - out->str));
}

void
syntax_put_text(GString *out, const char *utf8)
{
	gboolean plain = is_plain(utf8);

	g_string_append(out, plain ? "(" : "<FEFF");
	if (plain)
		g_string_append(out, utf8);
	else
		put_utf16(out, utf8);
	g_string_append_c(out, plain ? ')' : '>');
}

void
syntax_put_int(GString *out, gint64 number)
{
	char digits[24];
	char *at = digits + sizeof digits;
	guint64 rest = number < 0 ? (guint64)-number : (guint64)number;

	do {
		*--at = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (number < 0)
		*--at = '-';
	g_string_append_len(out, at, digits + sizeof digits - at);
}

void
syntax_put_number(GString *out, double number)
{
	gint64 hundredths = llround(number * 100);

	if (hundredths < 0)
		g_string_append_c(out, '-');
	hundredths = ABS(hundredths);
	syntax_put_int(out, hundredths / 100);
	if (hundredths % 100 != 0) {
		g_string_append_c(out, '.');
		g_string_append_c(out, (char)('0' + hundredths / 10 % 10));
		if (hundredths % 10 != 0)
			g_string_append_c(out, (char)('0' + hundredths % 10));
	}
	g_string_append_c(out, ' ');
}

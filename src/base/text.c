#include "base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

char *
text_fold(const char *utf8)
{
	g_autofree char *apart = g_utf8_normalize(utf8, -1, G_NORMALIZE_ALL);
	g_autofree char *folded = g_utf8_casefold(apart != NULL ? apart : "", -1);
	g_autoptr(GString) out = g_string_sized_new(strlen(folded));

	for (const char *at = folded; *at != '\0'; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		if (g_unichar_ismark(c) || c == '\'' || c == '`' || c == 0x2019)
			continue;
		if (c == '-' || c == '/' || g_unichar_isspace(c))
			c = ' ';
		if (c == ' ' && (out->len == 0 || out->str[out->len - 1] == ' '))
			continue;
		g_string_append_unichar(out, c);
	}
	if (out->len > 0 && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

char *
text_slug(const char *utf8)
{
	g_autofree char *folded = text_fold(utf8);
	g_autofree char *ascii = g_str_to_ascii(folded, "C");

	g_strcanon(ascii, "abcdefghijklmnopqrstuvwxyz0123456789", '_');
	return *ascii != '\0' ? g_steal_pointer(&ascii) : g_strdup("_");
}

/* Whether all is printable ASCII, as nearly everything is. */
static gboolean
is_plain(const char *bytes, gsize size)
{
	for (gsize i = 0; i < size; i++)
		if ((bytes[i] < ' ' || bytes[i] > '~') && bytes[i] != '\n' && bytes[i] != '\t')
			return FALSE;
	return TRUE;
}

static char *
make_printable(const char *bytes, gssize size, gsize limit)
{
	g_autofree char *valid = g_utf8_make_valid(bytes, size);
	g_autoptr(GString) out = g_string_new(NULL);
	gsize n = 0;

	for (const char *at = valid; *at != '\0' && n < limit; at = g_utf8_next_char(at), n++) {
		gunichar c = g_utf8_get_char(at);
		gboolean shown = c == '\n' || c == '\t' ||
				 (g_unichar_isprint(c) && g_unichar_type(c) != G_UNICODE_FORMAT);

		g_string_append_unichar(out, shown ? c : 0xfffd);
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

char *
text_printable(const char *bytes, gssize size, gsize limit)
{
	gsize length = size < 0 ? strlen(bytes) : (gsize)size;

	return is_plain(bytes, length) ? g_strndup(bytes, MIN(length, limit))
				       : make_printable(bytes, size, limit);
}

char *
text_number(gint64 number)
{
	g_autofree char *digits = g_strdup_printf("%" PRId64, ABS(number));
	g_autoptr(GString) text = g_string_new(number < 0 ? "-" : "");
	gsize length = strlen(digits);

	for (gsize i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			g_string_append_c(text, '.');
		g_string_append_c(text, digits[i]);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

char *
text_percent(gint64 part, gint64 whole)
{
	gint64 tenths;

	if (whole == 0)
		return g_strdup("");
	tenths = (part * 2000 + whole) / (whole * 2);
	return g_strdup_printf("%" PRId64 ",%" PRId64 "%%", tenths / 10, tenths % 10);
}

/* @args: names, each with its value behind it. */
static void
append_named(GString *out, const char *wanted, gsize size, va_list args)
{
	for (const char *name; (name = va_arg(args, const char *)) != NULL;) {
		const char *value = va_arg(args, const char *);

		if (strncmp(name, wanted, size) == 0 && name[size] == '\0') {
			g_string_append(out, value);
			return;
		}
	}
	g_assert_not_reached();
}

char *
text_fill(const char *text, ...)
{
	g_autoptr(GString) out = g_string_new(NULL);
	const char *at = text;

	for (const char *open; (open = strchr(at, '{')) != NULL;) {
		const char *close = strchr(open, '}');
		va_list args;

		g_string_append_len(out, at, open - at);
		va_start(args, text);
		append_named(out, open + 1, (gsize)(close - open - 1), args);
		va_end(args);
		at = close + 1;
	}
	g_string_append(out, at);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

#include "layout/measure.h"

#include <string.h>

#define BEYOND 0x2600 /* the fonts' characters lie below */

/* Thousandths of the size; 0: there is no such glyph. */
static const guint16 widths[BEYOND][FACES] = {
#define WIDTHS(c, ...) [c] = { __VA_ARGS__ },
#include "widths.def"
#undef WIDTHS
};

/* All faces hold the same characters. */
static gboolean
is_there(gunichar c)
{
	return c < BEYOND && widths[c][FACE_REGULAR] != 0;
}

gboolean
measure_can_draw(const char *text, gunichar *missing)
{
	for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		if (c != '\n' && !is_there(c)) {
			*missing = c;
			return FALSE;
		}
	}
	return TRUE;
}

/* Of its base letter, where it is not there: what is shown instead. */
static gunichar
shown(gunichar c)
{
	gunichar base[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];

	if (is_there(c))
		return c;
	(void)g_unichar_fully_decompose(c, TRUE, base, G_N_ELEMENTS(base));
	return is_there(base[0]) ? base[0] : '?';
}

/* The fonts' characters are all composed ones. */
static gboolean
is_drawable(const char *text)
{
	for (;; text = g_utf8_next_char(text)) {
		while (g_ascii_isprint(*text))
			text++;
		if (*text == '\0')
			return TRUE;
		if (!is_there(g_utf8_get_char_validated(text, -1)))
			return FALSE;
	}
}

char *
measure_drawable(const char *text)
{
	g_autofree char *valid = NULL;
	g_autofree char *composed = NULL;
	g_autoptr(GString) out = NULL;

	if (is_drawable(text))
		return g_strdup(text);
	valid = g_utf8_make_valid(text, -1);
	composed = g_utf8_normalize(valid, -1, G_NORMALIZE_DEFAULT_COMPOSE);
	out = g_string_new(NULL);
	for (const char *at = composed; *at != '\0'; at = g_utf8_next_char(at))
		g_string_append_unichar(out, shown(g_utf8_get_char(at)));
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* --- repertoires ---------------------------------------------------------------------------------------- */

static Repertoire
repertoire_of(gunichar c)
{
	if (c < 0x80)
		return c == ' ' || c == '-' || g_ascii_isdigit(c) || g_ascii_isupper(c)
			   ? REPERTOIRE_CODE
			   : REPERTOIRE_ASCII;
	/* Latin-1, the ligature and the punctuation that Windows-1252 has beside it */
	if (c < 0x100 || c == 0x152 || c == 0x153 || (c >= 0x2010 && c <= 0x2026) || c == 0x20ac)
		return REPERTOIRE_WESTERN;
	return REPERTOIRE_ALL;
}

Repertoire
measure_repertoire(const char *text)
{
	Repertoire needed = REPERTOIRE_NONE;

	for (; *text != '\0'; text = g_utf8_next_char(text))
		needed = MAX(needed, repertoire_of(g_utf8_get_char(text)));
	return needed;
}

char *
measure_characters(Repertoire repertoire)
{
	g_autoptr(GString) all = g_string_new(NULL);

	for (gunichar c = 0; c < BEYOND; c++)
		if (is_there(c) && repertoire_of(c) <= repertoire)
			g_string_append_unichar(all, c);
	return g_string_free(g_steal_pointer(&all), FALSE);
}

/* --- widths --------------------------------------------------------------------------------------------- */

double
measure_part(const Style *style, const char *text, gsize size)
{
	const char *end = text + size;
	guint width = 0;

	while (text < end) {
		gunichar c = (guchar)*text;

		if (c < 0x80) {
			text++;
		} else {
			c = g_utf8_get_char(text);
			text = g_utf8_next_char(text);
		}
		width += widths[is_there(c) ? c : shown(c)][style->face];
	}
	return width * style->size / 1000.0;
}

double
measure_width(const Style *style, const char *text)
{
	g_autofree char *clean = is_drawable(text) ? NULL : measure_drawable(text);

	if (clean != NULL)
		text = clean;
	return measure_part(style, text, strlen(text));
}

/* Where the piece of a line that begins at @from may end: behind blanks, behind / and - inside a word. */
static const char *
piece_end(const char *from)
{
	const char *at = from;

	for (; *at != '\0' && *at != '\n'; at++) {
		if (*at == ' ')
			return at + strspn(at, " ");
		if ((*at == '/' || *at == '-') && at - from >= 3 && g_ascii_isalpha(at[1]))
			return at + 1;
	}
	return at;
}

/* How much of @text, one piece wider than @width, fits: at least one character. */
static gsize
split_piece(const Style *style, const char *text, gsize size, double width)
{
	const char *end = g_utf8_next_char(text);

	while (end < text + size &&
	       measure_part(style, text, (gsize)(g_utf8_next_char(end) - text)) <= width)
		end = g_utf8_next_char(end);
	return (gsize)(end - text);
}

static void
end_line(GPtrArray *lines, GString *line)
{
	while (line->len > 0 && line->str[line->len - 1] == ' ')
		g_string_truncate(line, line->len - 1);
	g_ptr_array_add(lines, g_strdup(line->str));
	g_string_truncate(line, 0);
}

static void
fill_lines(GPtrArray *lines, const Style *style, const char *text, double width)
{
	g_autoptr(GString) line = g_string_new(NULL);
	double used = 0;

	for (const char *at = text; *at != '\0';) {
		gsize size = (gsize)(piece_end(at) - at);
		gsize blanks = 0;
		double piece = measure_part(style, at, size);
		double words;

		while (blanks < size && at[size - blanks - 1] == ' ')
			blanks++;
		words = measure_part(style, at, size - blanks);
		if (line->len > 0 && used + words > width) {
			end_line(lines, line);
			used = 0;
		}
		if (line->len == 0 && words > width) {
			size = split_piece(style, at, size - blanks, width);
			piece = width;
		}
		g_string_append_len(line, at, (gssize)size);
		used += piece;
		at += size;
		if (*at == '\n') {
			end_line(lines, line);
			used = 0;
			at++;
		}
	}
	if (line->len > 0 || lines->len == 0)
		end_line(lines, line);
}

char **
measure_wrap(const Style *style, const char *text, double width)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new();
	g_autofree char *valid =
	    g_utf8_validate(text, -1, NULL) ? NULL : g_utf8_make_valid(text, -1);

	fill_lines(lines, style, valid != NULL ? valid : text, width);
	g_ptr_array_add(lines, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&lines), FALSE);
}

char *
measure_clip(const Style *style, const char *text, double width)
{
	g_autoptr(GString) cut = g_string_new(text);

	if (measure_width(style, text) <= width)
		return g_strdup(text);
	while (cut->len > 0) {
		g_autofree char *shown_text = NULL;

		g_string_truncate(
		    cut, (gsize)(g_utf8_find_prev_char(cut->str, cut->str + cut->len) - cut->str));
		shown_text = g_strconcat(g_strchomp(cut->str), "…", NULL);
		cut->len = strlen(cut->str);
		if (measure_width(style, shown_text) <= width)
			return g_steal_pointer(&shown_text);
	}
	return g_strdup("");
}

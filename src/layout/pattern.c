#include "layout/pattern.h"

#define FIRST_HOLE 0xe000

typedef struct {
	gsize end; /* of the text before it */
	guint hole;
} Hole;

struct Pattern {
	char *text; /* without the marks of its holes */
	gsize size;
	GArray *holes; /* of Hole */
};

const char *
pattern_hole(guint i)
{
	static const char *const marks[PATTERN_HOLES] = { "\ue000", "\ue001", "\ue002", "\ue003",
		"\ue004", "\ue005", "\ue006", "\ue007", "\ue008", "\ue009", "\ue00a", "\ue00b",
		"\ue00c", "\ue00d", "\ue00e", "\ue00f" };

	g_assert(i < PATTERN_HOLES);
	return marks[i];
}

Pattern *
pattern_new(const char *text)
{
	Pattern *pattern = g_new0(Pattern, 1);
	GString *fixed = g_string_new(NULL);

	pattern->holes = g_array_new(FALSE, FALSE, sizeof(Hole));
	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);
		Hole hole = { fixed->len, c - FIRST_HOLE };

		if (c >= FIRST_HOLE && c < FIRST_HOLE + PATTERN_HOLES)
			g_array_append_val(pattern->holes, hole);
		else
			g_string_append_unichar(fixed, c);
	}
	pattern->size = fixed->len;
	pattern->text = g_string_free(fixed, FALSE);
	return pattern;
}

void
pattern_free(Pattern *pattern)
{
	if (pattern == NULL)
		return;
	g_array_unref(pattern->holes);
	g_free(pattern->text);
	g_free(pattern);
}

void
pattern_fill(const Pattern *pattern, GString *out, const char *const *values, PatternPut put)
{
	gsize done = 0;

	for (guint i = 0; i < pattern->holes->len; i++) {
		const Hole *hole = &g_array_index(pattern->holes, Hole, i);

		g_string_append_len(out, pattern->text + done, (gssize)(hole->end - done));
		put(out, values[hole->hole]);
		done = hole->end;
	}
	g_string_append_len(out, pattern->text + done, (gssize)(pattern->size - done));
}

void
pattern_put_plain(GString *out, const char *value)
{
	g_string_append(out, value);
}

/* Whether XML has it as it is. */
static gboolean
is_plain(char c)
{
	return !g_ascii_iscntrl(c) && c != '&' && c != '<' && c != '>' && c != '"' && c != '\'';
}

void
pattern_put_markup(GString *out, const char *value)
{
	while (*value != '\0') {
		gsize plain = 0;

		while (is_plain(value[plain]))
			plain++;
		g_string_append_len(out, value, (gssize)plain);
		value += plain;
		if (*value == '&')
			g_string_append(out, "&amp;");
		else if (*value == '<')
			g_string_append(out, "&lt;");
		else if (*value == '>')
			g_string_append(out, "&gt;");
		else if (*value == '"')
			g_string_append(out, "&quot;");
		else if (*value == '\'')
			g_string_append(out, "&apos;");
		else if (*value != '\0') /* XML 1.0 knows no other control characters */
			g_string_append_c(out, ' ');
		value += *value != '\0' ? 1 : 0;
	}
}

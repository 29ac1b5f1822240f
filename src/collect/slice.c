#include "collect/slice.h"

#include <string.h>

gboolean
slice_starts_with(Slice text, const char *word)
{
	gsize size = strlen(word);

	return text.size >= size && g_ascii_strncasecmp(text.at, word, size) == 0;
}

gboolean
slice_is(Slice text, const char *word)
{
	return text.size == strlen(word) && slice_starts_with(text, word);
}

gboolean
slice_mentions(Slice text, const char *word)
{
	for (; text.size > 0; text.at++, text.size--)
		if (slice_starts_with(text, word))
			return TRUE;
	return FALSE;
}

gboolean
slice_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

Slice
slice_trim(Slice text)
{
	while (text.size > 0 && slice_is_blank(*text.at)) {
		text.at++;
		text.size--;
	}
	while (text.size > 0 && slice_is_blank(text.at[text.size - 1]))
		text.size--;
	return text;
}

static void
skip(Slice *rest, gsize size)
{
	rest->at += size;
	rest->size -= size;
}

gboolean
slice_next_line(Slice *rest, Slice *line)
{
	const char *feed = rest->size > 0 ? memchr(rest->at, '\n', rest->size) : NULL;
	gsize whole = feed != NULL ? (gsize)(feed - rest->at) + 1 : rest->size;

	if (rest->size == 0)
		return FALSE;
	*line = (Slice){ rest->at, feed != NULL ? whole - 1 : whole };
	if (line->size > 0 && line->at[line->size - 1] == '\r')
		line->size--;
	skip(rest, whole);
	return TRUE;
}

Slice
slice_field_value(Slice field)
{
	const char *colon = field.at != NULL ? memchr(field.at, ':', field.size) : NULL;

	if (colon == NULL)
		return (Slice){ NULL, 0 };
	return slice_trim((Slice){ colon + 1, (gsize)(field.at + field.size - colon - 1) });
}

Slice
slice_next_parameter(Slice *rest)
{
	Slice taken = { rest->at, 0 };
	gboolean quoted = FALSE;

	while (taken.size < rest->size && (quoted || taken.at[taken.size] != ';')) {
		if (taken.at[taken.size] == '"')
			quoted = !quoted;
		taken.size++;
	}
	skip(rest, MIN(taken.size + 1, rest->size));
	return slice_trim(taken);
}

/* The value behind the name of @size bytes, quoted or not. FALSE: written in no plain way. */
static gboolean
read_value(Slice parameter, gsize size, Slice *out)
{
	Slice value = slice_trim((Slice){ parameter.at + size, parameter.size - size });

	if (value.size == 0 || *value.at != '=')
		return FALSE;
	value = slice_trim((Slice){ value.at + 1, value.size - 1 });
	if (value.size >= 2 && value.at[0] == '"' && value.at[value.size - 1] == '"')
		value = (Slice){ value.at + 1, value.size - 2 };
	for (gsize i = 0; i < value.size; i++)
		if (strchr("\"\\()\r\n", value.at[i]) != NULL)
			return FALSE;
	*out = value;
	return TRUE;
}

gboolean
slice_boundary(Slice type, Slice *boundary)
{
	static const char name[] = "boundary";
	Slice rest = type;
	gboolean found = FALSE;

	(void)slice_next_parameter(&rest);
	while (rest.size > 0) {
		Slice parameter = slice_next_parameter(&rest);

		if (!slice_starts_with(parameter, name))
			continue;
		if (found || !read_value(parameter, strlen(name), boundary))
			return FALSE;
		found = TRUE;
	}
	return found || !slice_mentions(type, name);
}

Slice
slice_parameter(Slice value, const char *name)
{
	Slice found = { NULL, 0 };

	(void)slice_next_parameter(&value);
	while (value.size > 0 && found.at == NULL) {
		Slice parameter = slice_next_parameter(&value);

		if (slice_starts_with(parameter, name) &&
		    !read_value(parameter, strlen(name), &found))
			found = (Slice){ NULL, 0 };
	}
	return found;
}

char *
slice_dup(Slice text)
{
	return g_strndup(text.at != NULL ? text.at : "", text.size);
}

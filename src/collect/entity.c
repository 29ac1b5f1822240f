#include "collect/entity.h"

#include <string.h>

Entity
entity_of(Slice whole)
{
	Slice rest = whole;
	Slice line;

	while (slice_next_line(&rest, &line))
		if (line.size == 0)
			return (Entity){ { whole.at, (gsize)(line.at - whole.at) }, rest };
	return (Entity){ whole, { whole.at + whole.size, 0 } };
}

/* The field at the beginning of @rest, with its folds. */
static gboolean
next_field(Slice *rest, Slice *field)
{
	Slice line;

	if (!slice_next_line(rest, field))
		return FALSE;
	while (rest->size > 0 && (*rest->at == ' ' || *rest->at == '\t') &&
	       slice_next_line(rest, &line))
		field->size = (gsize)(line.at + line.size - field->at);
	return TRUE;
}

guint
entity_field(const Entity *entity, const char *name, Slice *out)
{
	Slice rest = entity->header;
	Slice field;
	guint count = 0;

	while (next_field(&rest, &field)) {
		const char *colon = memchr(field.at, ':', field.size);
		Slice head = { field.at, colon != NULL ? (gsize)(colon - field.at) : 0 };

		if (slice_is(slice_trim(head), name) && ++count == 1 && out != NULL)
			*out = slice_field_value(field);
	}
	return count;
}

/* --- multipart ---------------------------------------------------------------------------------------------- */

typedef enum { LINE_TEXT, LINE_DELIMITER, LINE_END } LineKind;

static LineKind
kind_of(Slice line, Slice boundary)
{
	Slice behind;

	if (line.size < boundary.size + 2 || memcmp(line.at, "--", 2) != 0 ||
	    memcmp(line.at + 2, boundary.at, boundary.size) != 0)
		return LINE_TEXT;
	behind = slice_trim((Slice){ line.at + 2 + boundary.size, line.size - 2 - boundary.size });
	if (behind.size == 0)
		return LINE_DELIMITER;
	return slice_is(behind, "--") ? LINE_END : LINE_TEXT;
}

/* From @begin to the line end before @delimiter. */
static Slice
until(const char *begin, const char *delimiter)
{
	if (delimiter > begin && delimiter[-1] == '\n')
		delimiter--;
	if (delimiter > begin && delimiter[-1] == '\r')
		delimiter--;
	return (Slice){ begin, (gsize)(delimiter - begin) };
}

gboolean
entity_parts(Slice body, Slice boundary, Slice *parts, guint max, guint *out_count)
{
	Slice rest = body;
	Slice line;
	const char *begin = NULL;

	*out_count = 0;
	if (boundary.size == 0)
		return FALSE;
	while (slice_next_line(&rest, &line)) {
		LineKind kind = kind_of(line, boundary);

		if (kind == LINE_TEXT)
			continue;
		if (begin != NULL && *out_count == max)
			return FALSE;
		if (begin != NULL)
			parts[(*out_count)++] = until(begin, line.at);
		if (kind == LINE_END)
			return *out_count > 0;
		begin = rest.at;
	}
	return FALSE;
}

/* --- transfer encodings --------------------------------------------------------------------------------------- */

static GBytes *
from_base64(Slice body)
{
	g_autofree guchar *data = g_malloc(body.size / 4 * 3 + 3);
	int state = 0;
	guint save = 0;
	gsize size = g_base64_decode_step(body.at, body.size, data, &state, &save);

	return g_bytes_new_take(g_steal_pointer(&data), size);
}

/* RFC 2045, 6.7; what is no escape stays as it is. */
static GBytes *
from_quoted_printable(Slice body)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	const char *end = body.at + body.size;
	Slice line;

	while (slice_next_line(&body, &line)) {
		gboolean soft = line.size > 0 && line.at[line.size - 1] == '=';
		gboolean last = line.at + line.size == end;

		line.size -= soft ? 1 : 0;
		for (gsize i = 0; i < line.size; i++) {
			guint8 byte = (guint8)line.at[i];

			if (byte == '=' && i + 2 < line.size && g_ascii_isxdigit(line.at[i + 1]) &&
			    g_ascii_isxdigit(line.at[i + 2])) {
				byte = (guint8)(g_ascii_xdigit_value(line.at[i + 1]) << 4 |
						g_ascii_xdigit_value(line.at[i + 2]));
				i += 2;
			}
			g_byte_array_append(out, &byte, 1);
		}
		if (!soft && !last)
			g_byte_array_append(out, (const guint8 *)"\n", 1);
	}
	return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}

GBytes *
entity_content(const Entity *entity)
{
	Slice encoding = { NULL, 0 };
	guint count = entity_field(entity, "Content-Transfer-Encoding", &encoding);

	if (count > 1)
		return NULL;
	if (slice_is(encoding, "base64"))
		return from_base64(entity->body);
	if (slice_is(encoding, "quoted-printable"))
		return from_quoted_printable(entity->body);
	if (count == 0 || slice_is(encoding, "7bit") || slice_is(encoding, "8bit") ||
	    slice_is(encoding, "binary"))
		return g_bytes_new(entity->body.at, entity->body.size);
	return NULL;
}

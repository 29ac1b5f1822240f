#include "pdf/update.h"

#include <math.h>
#include <string.h>

#define LENGTH_DIGITS 9 /* room for a /Length that is known only behind its stream */
#define ENTRY_SIZE    6 /* in the cross-reference stream */

typedef struct {
	int num;
	gsize offset; /* in the buffer */
} Entry;

struct PdfUpdate {
	const PdfBase *base;
	GString *out;
	GArray *entries; /* of Entry, by number */
	int count;
	gsize length_at; /* of the open stream */
	gsize content_at;
};

void
pdf_base_free(PdfBase *base)
{
	if (base == NULL)
		return;
	g_free(base->trailer);
	g_free(base);
}

PdfUpdate *
update_new(void)
{
	PdfUpdate *update = g_new0(PdfUpdate, 1);

	update->out = g_string_sized_new(8192);
	update->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
	return update;
}

void
update_free(PdfUpdate *update)
{
	if (update == NULL)
		return;
	g_string_free(update->out, TRUE);
	g_array_unref(update->entries);
	g_free(update);
}

void
update_begin(PdfUpdate *update, const PdfBase *base)
{
	update->base = base;
	update->count = base->count;
	g_string_truncate(update->out, 0);
	g_array_set_size(update->entries, 0);
}

int
update_add_number(PdfUpdate *update)
{
	return update->count++;
}

GString *
update_out(PdfUpdate *update)
{
	return update->out;
}

/* --- objects ------------------------------------------------------------------------------------------ */

/* Objects come nearly in order. */
static void
add_entry(PdfUpdate *update, int num)
{
	Entry entry = { num, update->out->len };
	guint at = update->entries->len;

	while (at > 0 && g_array_index(update->entries, Entry, at - 1).num > num)
		at--;
	g_assert(at == 0 || g_array_index(update->entries, Entry, at - 1).num != num);
	g_array_insert_val(update->entries, at, entry);
}

void
update_open(PdfUpdate *update, int num, const char *head)
{
	add_entry(update, num);
	syntax_put_int(update->out, num);
	g_string_append(update->out, " 0 obj\n");
	g_string_append(update->out, head);
}

void
update_close(PdfUpdate *update)
{
	g_string_append(update->out, "\nendobj\n");
}

void
update_open_stream(PdfUpdate *update, int num, const char *head)
{
	update_open(update, num, head);
	g_string_append(update->out, "/Length ");
	update->length_at = update->out->len;
	g_string_append(update->out, "         >>\nstream\n");
	update->content_at = update->out->len;
}

void
update_close_stream(PdfUpdate *update)
{
	gsize rest = update->out->len - update->content_at;
	char *digit = update->out->str + update->length_at + LENGTH_DIGITS;

	do {
		*--digit = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0 && digit > update->out->str + update->length_at);
	g_assert(rest == 0);
	g_string_append(update->out, "\nendstream\nendobj\n");
}

/* --- the end of an update --------------------------------------------------------------------------- */

/* Runs of consecutive numbers: first and how many (ISO 32000-1, table 17). */
static void
put_index(PdfUpdate *update)
{
	const GArray *entries = update->entries;

	g_string_append(update->out, "/Index[");
	for (guint i = 0, run; i < entries->len; i += run) {
		int first = g_array_index(entries, Entry, i).num;

		for (run = 1; i + run < entries->len &&
			      g_array_index(entries, Entry, i + run).num == first + (int)run;)
			run++;
		syntax_put_int(update->out, first);
		g_string_append_c(update->out, ' ');
		syntax_put_int(update->out, run);
		g_string_append_c(update->out, ' ');
	}
	update->out->str[update->out->len - 1] = ']';
}

/* Table 18: each entry in use, at an offset of four bytes, generation 0. */
static void
put_entries(PdfUpdate *update)
{
	char *at = syntax_grow(update->out, (gsize)update->entries->len * ENTRY_SIZE);

	for (guint i = 0; i < update->entries->len; i++) {
		gsize offset = update->base->size + g_array_index(update->entries, Entry, i).offset;

		*at++ = 1;
		*at++ = (char)(offset >> 24);
		*at++ = (char)(offset >> 16);
		*at++ = (char)(offset >> 8);
		*at++ = (char)offset;
		*at++ = 0;
	}
}

const guint8 *
update_finish(PdfUpdate *update, const guint8 id[PDF_ID_SIZE], gsize *size)
{
	const PdfBase *base = update->base;
	gsize start = base->size + update->out->len;
	int num = update_add_number(update);

	g_assert(start <= G_MAXUINT32);
	update_open(update, num, base->trailer);
	g_string_append_c(update->out, '<');
	syntax_put_hex(update->out, id, PDF_ID_SIZE);
	g_string_append(update->out, ">]/Type/XRef/Size ");
	syntax_put_int(update->out, num + 1);
	g_string_append(update->out, "/Prev ");
	syntax_put_int(update->out, base->start);
	g_string_append(update->out, "/W[1 4 1]");
	put_index(update);
	g_string_append(update->out, "/Length ");
	syntax_put_int(update->out, (gint64)update->entries->len * ENTRY_SIZE);
	g_string_append(update->out, ">>\nstream\n");
	put_entries(update);
	g_string_append(update->out, "\nendstream\nendobj\nstartxref\n");
	syntax_put_int(update->out, (gint64)start);
	g_string_append(update->out, "\n%%EOF\n");
	*size = update->out->len;
	return (const guint8 *)update->out->str;
}

/* --- data ------------------------------------------------------------------------------------------------ */

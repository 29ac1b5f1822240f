#include "render/pdf_update.h"

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
	update_put_int(update->out, num);
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
		update_put_int(update->out, first);
		g_string_append_c(update->out, ' ');
		update_put_int(update->out, run);
		g_string_append_c(update->out, ' ');
	}
	update->out->str[update->out->len - 1] = ']';
}

/* Table 18: each entry in use, at an offset of four bytes, generation 0. */
static void
put_entries(PdfUpdate *update)
{
	char *at = update_grow(update->out, (gsize)update->entries->len * ENTRY_SIZE);

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
	update_put_hex(update->out, id, PDF_ID_SIZE);
	g_string_append(update->out, ">]/Type/XRef/Size ");
	update_put_int(update->out, num + 1);
	g_string_append(update->out, "/Prev ");
	update_put_int(update->out, base->start);
	g_string_append(update->out, "/W[1 4 1]");
	put_index(update);
	g_string_append(update->out, "/Length ");
	update_put_int(update->out, (gint64)update->entries->len * ENTRY_SIZE);
	g_string_append(update->out, ">>\nstream\n");
	put_entries(update);
	g_string_append(update->out, "\nendstream\nendobj\nstartxref\n");
	update_put_int(update->out, (gint64)start);
	g_string_append(update->out, "\n%%EOF\n");
	*size = update->out->len;
	return (const guint8 *)update->out->str;
}

/* --- data ------------------------------------------------------------------------------------------------ */

static const char hex_digits[] = "0123456789ABCDEF";

char *
update_grow(GString *out, gsize size)
{
	gsize before = out->len;

	g_string_set_size(out, before + size);
	return out->str + before;
}

char *
update_code(char *at, guint16 code)
{
	*at++ = hex_digits[code >> 12];
	*at++ = hex_digits[code >> 8 & 15];
	*at++ = hex_digits[code >> 4 & 15];
	*at++ = hex_digits[code & 15];
	return at;
}

void
update_put_code(GString *out, guint16 code)
{
	(void)update_code(update_grow(out, 4), code);
}

void
update_put_hex(GString *out, const guint8 *bytes, gsize size)
{
	char *at = update_grow(out, 2 * size);

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
		at = update_code(at, (guint16)(0xd800 + ((c - 0x10000) >> 10)));
		c = 0xdc00 + ((c - 0x10000) & 0x3ff);
	}
	return update_code(at, (guint16)c);
}

/* No byte of UTF-8 becomes more than one code. */
static void
put_utf16(GString *out, const char *utf8)
{
	char *at = update_grow(out, 4 * strlen(utf8));

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
update_put_text(GString *out, const char *utf8)
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
update_put_int(GString *out, gint64 number)
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
update_put_number(GString *out, double number)
{
	gint64 hundredths = llround(number * 100);

	if (hundredths < 0)
		g_string_append_c(out, '-');
	hundredths = ABS(hundredths);
	update_put_int(out, hundredths / 100);
	if (hundredths % 100 != 0) {
		g_string_append_c(out, '.');
		g_string_append_c(out, (char)('0' + hundredths / 10 % 10));
		if (hundredths % 10 != 0)
			g_string_append_c(out, (char)('0' + hundredths % 10));
	}
	g_string_append_c(out, ' ');
}

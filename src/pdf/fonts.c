/* The fonts that libhpdf has embedded: what is wrong with them is put right, what nobody needs is left out. */
#include "pdf/template.h"

#include "base/error.h"

#include <string.h>

/* --- Unicode ------------------------------------------------------------------------------------ */

#define BLOCK_RANGES 100 /* in one block of a CMap: Adobe Technical Note 5014 */

typedef struct {
	guint first;
	guint last;
} Range;

/* The codes that have a glyph. @glyphs: two bytes for each code. No range crosses a high byte (ISO 32000-1, 9.10.3). */
static GArray *
find_ranges(const unsigned char *glyphs, size_t size)
{
	GArray *ranges = g_array_new(FALSE, FALSE, sizeof(Range));
	gboolean open = FALSE;

	for (guint code = 1; code < size / 2; code++) {
		Range range = { code, code };

		if (glyphs[2 * code] == 0 && glyphs[2 * code + 1] == 0) {
			open = FALSE;
			continue;
		}
		if (open && (code & 0xff) != 0)
			g_array_index(ranges, Range, ranges->len - 1).last = code;
		else
			g_array_append_val(ranges, range);
		open = TRUE;
	}
	return ranges;
}

/* libhpdf's codes are UTF-16, so the identity is the right map, as far as there are glyphs; its own is malformed
 * (begincidrange). Code 0 may not be in it: ISO 14289-1, 7.21.7. */
static char *
make_to_unicode(const unsigned char *glyphs, size_t size)
{
	g_autoptr(GArray) ranges = find_ranges(glyphs, size);
	GString *map =
	    g_string_new("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
			 "/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def\n"
			 "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
			 "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");

	for (guint i = 0; i < ranges->len; i++) {
		const Range *range = &g_array_index(ranges, Range, i);

		if (i % BLOCK_RANGES == 0)
			g_string_append_printf(
			    map, "%u beginbfrange\n", MIN(BLOCK_RANGES, ranges->len - i));
		g_string_append_printf(
		    map, "<%04X> <%04X> <%04X>\n", range->first, range->last, range->first);
		if ((i + 1) % BLOCK_RANGES == 0 || i + 1 == ranges->len)
			g_string_append(map, "endbfrange\n");
	}
	g_string_append(map, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
	return g_string_free(map, FALSE);
}

/* Returns the number of the CMap. */
static int
add_to_unicode(PdfBuild *build, pdf_obj *descendant)
{
	fz_context *ctx = build->ctx;
	fz_buffer *glyphs = NULL;
	char *map = NULL;
	int num = 0;

	fz_var(glyphs);
	fz_var(map);
	fz_try(ctx)
	{
		unsigned char *data;
		size_t size;

		glyphs = pdf_load_stream(ctx, pdf_dict_gets(ctx, descendant, "CIDToGIDMap"));
		size = fz_buffer_storage(ctx, glyphs, &data);
		map = make_to_unicode(data, size);
		(void)pdf_new_dict_object(ctx, build->doc, &num);
		pdf_replace_stream(ctx, build->doc, num, map);
	}
	fz_always(ctx)
	{
		fz_drop_buffer(ctx, glyphs);
		g_free(map);
	}
	fz_catch(ctx)
	{
		fz_rethrow(ctx);
	}
	return num;
}

/* --- font programs ------------------------------------------------------------------------------ */

/* What an embedded TrueType program needs (ISO 32000-1, 9.9), and last the names of glyphs: the font that viewers write with keeps
 * them, for Ghostscript finds there what letters beyond Latin-1 are. The rest of what libhpdf leaves in nobody reads. */
static const char *const kept_tables[] = { "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp",
	"post" };

#define CHECKSUM_OF 0xb1b0afbaU /* of a whole file, with the one that is in it */

enum {
	TABLES = G_N_ELEMENTS(kept_tables),
	HEAD = 2,
	DIRECTORY = 12, /* bytes before its rows */
	DIRECTORY_ROW = 16,
	CHECKSUM_AT = 8, /* of the whole file, in the table "head" */
};

typedef struct {
	const guint8 *data;
	gsize size;
} Table;

static guint32
read_32(const guint8 *at)
{
	return (guint32)at[0] << 24 | (guint32)at[1] << 16 | (guint32)at[2] << 8 | at[3];
}

static void
write_32(guint8 *at, guint32 number)
{
	for (gsize i = 0; i < 4; i++)
		at[i] = (guint8)(number >> (24 - 8 * i));
}

static guint32
sum_of(const guint8 *data, gsize size)
{
	guint32 sum = 0;

	for (gsize i = 0; i + 4 <= size; i += 4)
		sum += read_32(data + i);
	return sum;
}

/* FALSE: @program has no such table. */
static gboolean
find_table(const guint8 *program, gsize size, const char *name, Table *table)
{
	guint count = size >= DIRECTORY ? read_32(program + 4) >> 16 : 0;

	for (guint i = 0; i < count && DIRECTORY + (i + 1) * DIRECTORY_ROW <= size; i++) {
		const guint8 *row = program + DIRECTORY + i * DIRECTORY_ROW;
		guint32 begin = read_32(row + 8);
		guint32 length = read_32(row + 12);

		if (memcmp(row, name, 4) != 0)
			continue;
		*table = (Table){ program + begin, length };
		return begin <= size && length <= size - begin;
	}
	return FALSE;
}

static void
append_padded(GByteArray *out, const guint8 *data, gsize size)
{
	static const guint8 zeros[4] = { 0 };

	g_byte_array_append(out, data, (guint)size);
	g_byte_array_append(out, zeros, -out->len % 4);
}

/* Puts the first @count of @tables, in the order of kept_tables, into one file. Returns: (transfer full) */
static GByteArray *
join_tables(const guint8 *version, const Table *tables, guint count)
{
	guint log = g_bit_storage(count) - 1;
	guint found = DIRECTORY_ROW << log; /* with what a search among the rows begins */
	const guint8 search[] = { 0, (guint8)count, 0, (guint8)found, 0, (guint8)log, 0,
		(guint8)(count * DIRECTORY_ROW - found) };
	GByteArray *out = g_byte_array_new();
	guint head = 0;

	g_byte_array_append(out, version, 4);
	g_byte_array_append(out, search, sizeof search);
	g_byte_array_set_size(out, DIRECTORY + count * DIRECTORY_ROW);
	for (guint i = 0; i < count; i++) {
		guint begin = out->len;
		guint8 *row;

		append_padded(out, tables[i].data, tables[i].size);
		if (i == HEAD) {
			head = begin;
			write_32(out->data + head + CHECKSUM_AT, 0);
		}
		row = out->data + DIRECTORY + i * DIRECTORY_ROW;
		memcpy(row, kept_tables[i], 4);
		write_32(row + 4, sum_of(out->data + begin, out->len - begin));
		write_32(row + 8, begin);
		write_32(row + 12, (guint32)tables[i].size);
	}
	write_32(out->data + head + CHECKSUM_AT, CHECKSUM_OF - sum_of(out->data, out->len));
	return out;
}

/* NULL: there is a table missing. Returns: (transfer full) */
static GByteArray *
without_rest(const guint8 *program, gsize size, gboolean names)
{
	guint count = names ? TABLES : TABLES - 1;
	Table tables[TABLES];

	for (guint i = 0; i < count; i++)
		if (!find_table(program, size, kept_tables[i], &tables[i]))
			return NULL;
	return tables[HEAD].size >= CHECKSUM_AT + 4 ? join_tables(program, tables, count) : NULL;
}

static void
slim_program(PdfBuild *build, pdf_obj *stream, gboolean names)
{
	fz_context *ctx = build->ctx;
	fz_buffer *program = NULL;
	fz_buffer *slim = NULL;
	GByteArray *bytes = NULL;

	fz_var(program);
	fz_var(slim);
	fz_var(bytes);
	fz_try(ctx)
	{
		unsigned char *data;
		size_t size;

		program = pdf_load_stream(ctx, stream);
		size = fz_buffer_storage(ctx, program, &data);
		bytes = without_rest(data, size, names);
		if (bytes == NULL)
			fz_throw(ctx, FZ_ERROR_GENERIC, "%s", _("the pages have a broken font"));
		slim = fz_new_buffer_from_copied_data(ctx, bytes->data, bytes->len);
		pdf_update_stream(ctx, build->doc, stream, slim, 0);
		pdf_dict_put_int(ctx, stream, PDF_NAME(Length1), bytes->len);
	}
	fz_always(ctx)
	{
		fz_drop_buffer(ctx, slim);
		fz_drop_buffer(ctx, program);
		if (bytes != NULL)
			g_byte_array_unref(bytes);
	}
	fz_catch(ctx)
	{
		fz_rethrow(ctx);
	}
}

/* --- all fonts ------------------------------------------------------------------------------------ */

/* @written: viewers write with it. */
static void
repair_font(PdfBuild *build, pdf_obj *font, gboolean written)
{
	fz_context *ctx = build->ctx;
	pdf_obj *descendant =
	    pdf_array_get(ctx, pdf_dict_get(ctx, font, PDF_NAME(DescendantFonts)), 0);
	pdf_obj *info = pdf_dict_put_dict(ctx, descendant, PDF_NAME(CIDSystemInfo), 3);

	pdf_put_ref(ctx, font, "ToUnicode", add_to_unicode(build, descendant));
	slim_program(build, pdf_dict_getp(ctx, descendant, "FontDescriptor/FontFile2"), written);
	pdf_dict_put_string(ctx, info, PDF_NAME(Registry), "Adobe", 5);
	pdf_dict_put_string(ctx, info, PDF_NAME(Ordering), "Identity", 8);
	pdf_dict_put_int(ctx, info, PDF_NAME(Supplement), 0);
}

/* The font that is neither bold nor monospaced is for texts written in later. */
void
pdf_repair_fonts(PdfBuild *build)
{
	fz_context *ctx = build->ctx;
	GHashTable *done = build->fonts;

	for (guint page = 0; page < build->drawing->pages; page++) {
		pdf_obj *dict = pdf_lookup_page_obj(ctx, build->doc, (int)page);
		pdf_obj *fonts = pdf_dict_getp(ctx, dict, "Resources/Font");

		for (int i = 0; i < pdf_dict_len(ctx, fonts); i++) {
			pdf_obj *font = pdf_dict_get_val(ctx, fonts, i);
			const char *name = pdf_dict_get_name(ctx, font, PDF_NAME(BaseFont));
			gboolean own = strstr(name, "Sans") != NULL && strstr(name, "Bold") == NULL;

			if (g_hash_table_add(done, GINT_TO_POINTER(pdf_to_num(ctx, font))))
				repair_font(build, font, own && build->fillable);
			if (own)
				build->own = pdf_to_num(ctx, font);
		}
	}
	if (build->own == 0)
		fz_throw(ctx, FZ_ERROR_GENERIC, "%s", _("the pages have no regular font"));
}

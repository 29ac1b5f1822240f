/* SpreadsheetML (ECMA-376 part 1, 18): the parts of a workbook that hold text, and no others. */
#include "form/book.h"
#include "form/xlsx_number.h"
#include "form/xlsx_package.h"

#include "base/error.h"

#include <string.h>

#define STRINGS_MAX 200000 /* shared strings */
#define FORMATS_MAX 65490  /* cell formats; Excel's own limit */

typedef struct {
	Book *book;
	Package *package;
	char *main_part;	/* xl/workbook.xml */
	GHashTable *targets;	/* relationship -> part, of the part read last */
	GHashTable *types;	/* last word of a relationship's type -> part */
	GPtrArray *sheet_parts; /* of char *, as book->sheets */
	GPtrArray *strings;	/* of const char *, in @text */
	GStringChunk *text;
	gsize text_size;
	GHashTable *codes;   /* id -> format code, of the author's own */
	GArray *formats;     /* of NumberFormat, by cell format */
	gboolean in_formats; /* inside cellXfs */
	gboolean from_1904;
	/* where we are in a sheet */
	Sheet *sheet;
	guint row;    /* from 1 */
	guint column; /* from 0 */
	char *kind;   /* t= of the cell */
	guint format; /* s= */
	gboolean formula;
	gboolean has_value;
	/* where we are in a text */
	GString *run;
	gboolean in_text; /* <t>, <v> */
	guint phonetic;	  /* inside <rPh> */
} Xlsx;

static void
xlsx_clear(Xlsx *xlsx)
{
	g_clear_pointer(&xlsx->package, package_free);
	g_free(xlsx->main_part);
	g_free(xlsx->kind);
	g_hash_table_unref(xlsx->targets);
	g_hash_table_unref(xlsx->types);
	g_hash_table_unref(xlsx->codes);
	g_ptr_array_unref(xlsx->sheet_parts);
	g_ptr_array_unref(xlsx->strings);
	g_array_unref(xlsx->formats);
	g_string_chunk_free(xlsx->text);
	g_string_free(xlsx->run, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Xlsx, xlsx_clear)

/* --- relationships -------------------------------------------------------------------------------------------- */

typedef struct {
	Xlsx *xlsx;
	const char *base;
} Relations;

static void
begin_relation(Part *part, const char *name, gpointer data)
{
	const Relations *relations = data;
	g_autofree char *id = part_attribute(part, "Id");
	g_autofree char *type = part_attribute(part, "Type");
	g_autofree char *target = part_attribute(part, "Target");
	g_autofree char *mode = part_attribute(part, "TargetMode");
	g_autofree char *resolved = NULL;
	const char *slash;

	if (strcmp(name, "Relationship") != 0 || id == NULL || type == NULL || target == NULL ||
	    g_strcmp0(mode, "External") == 0)
		return;
	resolved = package_resolve(relations->base, target);
	if (resolved == NULL) {
		part_fail(part, _("%.100s leads out of the file"), target);
		return;
	}
	slash = strrchr(type, '/');
	g_hash_table_replace(
	    relations->xlsx->types, g_strdup(slash != NULL ? slash + 1 : type), g_strdup(resolved));
	g_hash_table_replace(
	    relations->xlsx->targets, g_steal_pointer(&id), g_steal_pointer(&resolved));
}

/* Those of the part @base; "" for the package's own (ECMA-376 part 2, 9.3). */
static gboolean
read_relations(Xlsx *xlsx, const char *base, GError **error)
{
	static const PartEvents events = { .begin = begin_relation };
	g_autofree char *folder = g_path_get_dirname(base);
	g_autofree char *file = *base != '\0' ? g_path_get_basename(base) : g_strdup("");
	g_autofree char *name = g_strdup_printf("%s%s_rels/%s.rels",
	    strcmp(folder, ".") == 0 ? "" : folder, strcmp(folder, ".") == 0 ? "" : "/", file);
	Relations relations = { xlsx, base };

	g_hash_table_remove_all(xlsx->targets);
	g_hash_table_remove_all(xlsx->types);
	return package_read(xlsx->package, name, &events, &relations, error);
}

/* --- the workbook --------------------------------------------------------------------------------------------- */

static void
begin_sheet(Part *part, Xlsx *xlsx)
{
	g_autofree char *name = part_attribute(part, "name");
	g_autofree char *id = part_attribute(part, "id"); /* r:id; sheetId has a name of its own */
	g_autoptr(GError) error = NULL;
	const char *target = id != NULL ? g_hash_table_lookup(xlsx->targets, id) : NULL;

	if (name == NULL || target == NULL) {
		part_fail(part, _("the sheet %s has no part"), name != NULL ? name : "");
		return;
	}
	if (book_add_sheet(xlsx->book, name, &error) == NULL)
		part_stop(part, g_steal_pointer(&error));
	else
		g_ptr_array_add(xlsx->sheet_parts, g_strdup(target));
}

static void
begin_workbook(Part *part, const char *name, gpointer data)
{
	Xlsx *xlsx = data;

	if (strcmp(name, "sheet") == 0) {
		begin_sheet(part, xlsx);
	} else if (strcmp(name, "workbookPr") == 0) {
		g_autofree char *from_1904 = part_attribute(part, "date1904");

		xlsx->from_1904 =
		    g_strcmp0(from_1904, "1") == 0 || g_strcmp0(from_1904, "true") == 0;
	}
}

/* --- texts ---------------------------------------------------------------------------------------------------- */

/* "_x000D_" stands for a character that XML cannot hold (ECMA-376 part 1, 22.9.2.19); lines end with LF. */
static void
unescape(GString *text)
{
	g_autoptr(GString) plain = g_string_sized_new(text->len);

	for (const char *at = text->str; *at != '\0'; at++) {
		gboolean escaped = at[0] == '_' && at[1] == 'x' && g_ascii_isxdigit(at[2]) &&
				   g_ascii_isxdigit(at[3]) && g_ascii_isxdigit(at[4]) &&
				   g_ascii_isxdigit(at[5]) && at[6] == '_';
		gunichar c = '\0';

		for (guint i = 2; escaped && i < 6; i++)
			c = c * 16 + (gunichar)g_ascii_xdigit_value(at[i]);
		if (escaped && c != 0 && g_unichar_validate(c)) {
			g_string_append_unichar(plain, c);
			at += 6;
		} else {
			g_string_append_c(plain, *at);
		}
	}
	g_string_replace(plain, "\r\n", "\n", 0);
	g_string_replace(plain, "\r", "\n", 0);
	g_string_assign(text, plain->str);
}

static void
take_text(Part *part, const char *text, gsize size, gpointer data)
{
	Xlsx *xlsx = data;

	if (!xlsx->in_text || xlsx->phonetic > 0)
		return;
	if (xlsx->run->len + size > BOOK_CELL_MAX)
		part_fail(part, _("a cell holds more than %d bytes"), BOOK_CELL_MAX);
	else
		g_string_append_len(xlsx->run, text, (gssize)size);
}

static void
begin_string(Part *part, const char *name, gpointer data)
{
	Xlsx *xlsx = data;

	(void)part;
	if (strcmp(name, "si") == 0)
		g_string_truncate(xlsx->run, 0);
	xlsx->phonetic += strcmp(name, "rPh") == 0 ? 1 : 0;
	xlsx->in_text = strcmp(name, "t") == 0;
}

static void
end_string(Part *part, const char *name, gpointer data)
{
	Xlsx *xlsx = data;

	xlsx->in_text = FALSE;
	if (strcmp(name, "rPh") == 0 && xlsx->phonetic > 0)
		xlsx->phonetic--;
	if (strcmp(name, "si") != 0)
		return;
	unescape(xlsx->run);
	xlsx->text_size += xlsx->run->len;
	if (xlsx->strings->len == STRINGS_MAX || xlsx->text_size > BOOK_TEXT_MAX)
		part_fail(part, _("more than %d texts or %zu bytes"), STRINGS_MAX, BOOK_TEXT_MAX);
	else
		g_ptr_array_add(xlsx->strings, g_string_chunk_insert(xlsx->text, xlsx->run->str));
}

/* --- formats -------------------------------------------------------------------------------------------------- */

static void
begin_style(Part *part, const char *name, gpointer data)
{
	Xlsx *xlsx = data;

	if (strcmp(name, "numFmt") == 0) {
		guint id = part_number(part, "numFmtId", G_MAXINT32, 0);

		g_hash_table_replace(
		    xlsx->codes, GUINT_TO_POINTER(id), part_attribute(part, "formatCode"));
	} else if (strcmp(name, "cellXfs") == 0) {
		xlsx->in_formats = TRUE;
	} else if (xlsx->in_formats && strcmp(name, "xf") == 0) {
		guint id = part_number(part, "numFmtId", G_MAXINT32, 0);
		NumberFormat format =
		    number_format(id, g_hash_table_lookup(xlsx->codes, GUINT_TO_POINTER(id)));

		if (xlsx->formats->len == FORMATS_MAX)
			part_fail(part, _("more than %d cell formats"), FORMATS_MAX);
		else
			g_array_append_val(xlsx->formats, format);
	}
}

static void
end_style(Part *part, const char *name, gpointer data)
{
	Xlsx *xlsx = data;

	(void)part;
	if (strcmp(name, "cellXfs") == 0)
		xlsx->in_formats = FALSE;
}

/* --- cells ---------------------------------------------------------------------------------------------------- */

/* "AB12": FALSE where it is none. */
static gboolean
parse_place(const char *text, guint *column, guint *row)
{
	guint64 c = 0;
	guint64 r = 0;

	for (; g_ascii_isupper(*text) && c <= SHEET_COLUMN_MAX; text++)
		c = c * 26 + (guint64)(*text - 'A' + 1);
	if (c == 0 || c > SHEET_COLUMN_MAX ||
	    !g_ascii_string_to_unsigned(text, 10, 1, SHEET_ROW_MAX, &r, NULL))
		return FALSE;
	*column = (guint)c - 1;
	*row = (guint)r;
	return TRUE;
}

static void
begin_row(Part *part, Xlsx *xlsx)
{
	xlsx->row = part_number(part, "r", SHEET_ROW_MAX, xlsx->row + 1);
	xlsx->column = G_MAXUINT; /* the first cell is the next one */
}

static void
begin_cell(Part *part, Xlsx *xlsx)
{
	g_autofree char *place = part_attribute(part, "r");
	guint row = xlsx->row;

	xlsx->column++;
	if (place != NULL && (!parse_place(place, &xlsx->column, &row) || row != xlsx->row)) {
		part_fail(part, _("row %u: no cell can stand at %.40s"), xlsx->row, place);
		return;
	}
	if (xlsx->column >= SHEET_COLUMN_MAX)
		part_fail(part, _("row %u: more than %d columns"), xlsx->row, SHEET_COLUMN_MAX);
	g_free(xlsx->kind);
	xlsx->kind = part_attribute(part, "t");
	xlsx->format = part_number(part, "s", FORMATS_MAX, 0);
	xlsx->formula = FALSE;
	xlsx->has_value = FALSE;
	g_string_truncate(xlsx->run, 0);
}

static void
begin_in_sheet(Part *part, const char *name, gpointer data)
{
	Xlsx *xlsx = data;

	xlsx->in_text = FALSE;
	if (strcmp(name, "row") == 0) {
		begin_row(part, xlsx);
	} else if (strcmp(name, "c") == 0) {
		begin_cell(part, xlsx);
	} else if (strcmp(name, "f") == 0) {
		xlsx->formula = TRUE;
	} else if (strcmp(name, "rPh") == 0) {
		xlsx->phonetic++;
	} else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0) {
		xlsx->in_text = TRUE;
		xlsx->has_value = TRUE; /* of a formula it may be empty */
	}
}

/* The text of a cell whose value is a number in the file. */
static void
show_number(Part *part, Xlsx *xlsx, Cell *cell)
{
	static const NumberFormat plain = { .shown = SHOWN_GENERAL };
	const NumberFormat *format = xlsx->format < xlsx->formats->len
					 ? &g_array_index(xlsx->formats, NumberFormat, xlsx->format)
					 : &plain;
	g_autofree char *text =
	    number_shown(g_strstrip(xlsx->run->str), format, xlsx->from_1904, &cell->doubt);

	if (text == NULL)
		part_fail(part, _("row %u: «%.40s» is no number"), cell->row, xlsx->run->str);
	else
		g_string_assign(xlsx->run, text);
	cell->text = xlsx->run->str;
}

/* ECMA-376 part 1, 18.18.11: what t= says of the value. */
static void
find_text(Part *part, Xlsx *xlsx, Cell *cell)
{
	const char *kind = xlsx->kind != NULL ? xlsx->kind : "n";
	guint64 index = 0;

	cell->text = xlsx->run->str;
	if (strcmp(kind, "s") == 0) {
		if (g_ascii_string_to_unsigned(
			g_strstrip(xlsx->run->str), 10, 0, G_MAXUINT32, &index, NULL) &&
		    index < xlsx->strings->len)
			cell->text = g_ptr_array_index(xlsx->strings, (guint)index);
		else
			part_fail(part, _("row %u: there is no shared text %.40s"), cell->row,
			    xlsx->run->str);
	} else if (strcmp(kind, "b") == 0) {
		cell->text = strcmp(g_strstrip(xlsx->run->str), "1") == 0 ||
				     strcmp(xlsx->run->str, "true") == 0
				 ? "TRUE"
				 : "FALSE";
	} else if (strcmp(kind, "e") == 0) {
		cell->doubt = DOUBT_ERROR;
	} else if (strcmp(kind, "n") == 0) {
		show_number(part, xlsx, cell);
	} else { /* str, inlineStr, d (a date as ISO 8601 writes it) */
		unescape(xlsx->run);
		cell->text = xlsx->run->str;
	}
}

static void
end_cell(Part *part, Xlsx *xlsx)
{
	g_autoptr(GError) error = NULL;
	Cell cell = { .row = xlsx->row, .column = xlsx->column, .text = "" };

	if (xlsx->row == 0) {
		part_fail(part, _("a cell stands in no row"));
		return;
	}
	if (xlsx->run->len > 0)
		find_text(part, xlsx, &cell);
	else if (xlsx->formula && !xlsx->has_value)
		cell.doubt = DOUBT_FORMULA;
	if (!part_failed(part) && !book_add_cell(xlsx->book, xlsx->sheet, &cell, &error))
		part_stop(part, g_steal_pointer(&error));
}

static void
end_in_sheet(Part *part, const char *name, gpointer data)
{
	Xlsx *xlsx = data;

	xlsx->in_text = FALSE;
	if (strcmp(name, "c") == 0)
		end_cell(part, xlsx);
	else if (strcmp(name, "rPh") == 0 && xlsx->phonetic > 0)
		xlsx->phonetic--;
}

static int
compare_cells(gconstpointer a, gconstpointer b)
{
	const Cell *one = a;
	const Cell *other = b;

	if (one->row != other->row)
		return one->row < other->row ? -1 : 1;
	return (one->column > other->column) - (one->column < other->column);
}

static gboolean
read_sheet(Xlsx *xlsx, guint i, GError **error)
{
	static const PartEvents events = { begin_in_sheet, end_in_sheet, take_text };

	xlsx->sheet = g_ptr_array_index(xlsx->book->sheets, i);
	xlsx->row = 0;
	xlsx->column = G_MAXUINT;
	xlsx->phonetic = 0;
	if (!package_read(
		xlsx->package, g_ptr_array_index(xlsx->sheet_parts, i), &events, xlsx, error))
		return FALSE;
	g_array_sort(xlsx->sheet->cells, compare_cells);
	return TRUE;
}

/* --- the whole ------------------------------------------------------------------------------------------------ */

/* Zips that are no .xlsx, by a part that they have. */
static gboolean
find_main_part(Xlsx *xlsx, GError **error)
{
	static const struct {
		const char *part;
		const char *sentence;
	} foreign[] = {
		{ "xl/workbook.bin", N_("a binary Excel file (.xlsb); save it as .xlsx") },
		{ "content.xml", N_("an OpenDocument file (.ods); save it as .xlsx") },
		{ "word/document.xml", N_("a text document (.docx); send the spreadsheet") },
		{ "Index/Document.iwa", N_("a Numbers file; export it as .xlsx") },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(foreign); i++)
		if (package_has(xlsx->package, foreign[i].part))
			return fail(error, PLICO_ERROR_INPUT, "%s", _(foreign[i].sentence));
	if (!package_has(xlsx->package, "_rels/.rels"))
		return fail(error, PLICO_ERROR_INPUT, _("a zip, but no .xlsx: it has no workbook"));
	if (!read_relations(xlsx, "", error))
		return FALSE;
	xlsx->main_part = g_strdup(g_hash_table_lookup(xlsx->types, "officeDocument"));
	if (xlsx->main_part == NULL)
		return fail(error, PLICO_ERROR_INPUT, _("a zip, but no .xlsx: it has no workbook"));
	return TRUE;
}

/* A part that a workbook may do without. */
static gboolean
read_optional(Xlsx *xlsx, const char *type, const PartEvents *events, GError **error)
{
	const char *name = g_hash_table_lookup(xlsx->types, type);

	return name == NULL || package_read(xlsx->package, name, events, xlsx, error);
}

static gboolean
read_parts(Xlsx *xlsx, GError **error)
{
	static const PartEvents workbook = { .begin = begin_workbook };
	static const PartEvents strings = { begin_string, end_string, take_text };
	static const PartEvents styles = { .begin = begin_style, .end = end_style };

	if (!find_main_part(xlsx, error) || !read_relations(xlsx, xlsx->main_part, error) ||
	    !package_read(xlsx->package, xlsx->main_part, &workbook, xlsx, error) ||
	    !read_optional(xlsx, "sharedStrings", &strings, error) ||
	    !read_optional(xlsx, "styles", &styles, error))
		return FALSE;
	for (guint i = 0; i < xlsx->sheet_parts->len; i++)
		if (!read_sheet(xlsx, i, error))
			return FALSE;
	return TRUE;
}

gboolean
xlsx_read(Book *book, GBytes *bytes, GError **error)
{
	g_auto(Xlsx) xlsx = {
		.book = book,
		.targets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
		.types = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
		.codes = g_hash_table_new_full(NULL, NULL, NULL, g_free),
		.sheet_parts = g_ptr_array_new_with_free_func(g_free),
		.strings = g_ptr_array_new(),
		.formats = g_array_new(FALSE, FALSE, sizeof(NumberFormat)),
		.text = g_string_chunk_new(65536),
		.run = g_string_new(NULL),
	};

	xlsx.package = package_open(bytes, error);
	return xlsx.package != NULL && read_parts(&xlsx, error);
}

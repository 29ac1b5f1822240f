/* Which dialect a file is of, the two that are text, and the limits of all. */
#include "form/book.h"

#include "base/durable.h"
#include "base/error.h"
#include "base/table.h"

#include <string.h>

#define BOM "\xef\xbb\xbf"

static void
sheet_free(Sheet *sheet)
{
	g_free(sheet->name);
	g_array_unref(sheet->cells);
	g_free(sheet);
}

Book *
book_new(void)
{
	Book *book = g_new0(Book, 1);

	book->sheets = g_ptr_array_new_with_free_func((GDestroyNotify)sheet_free);
	book->text = g_string_chunk_new(65536);
	return book;
}

void
book_free(Book *book)
{
	if (book == NULL)
		return;
	g_ptr_array_unref(book->sheets);
	g_string_chunk_free(book->text);
	g_free(book);
}

char *
column_letters(guint column)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint n = column + 1; n > 0; n = (n - 1) / 26)
		g_string_prepend_c(text, (char)('A' + (n - 1) % 26));
	return g_string_free(g_steal_pointer(&text), FALSE);
}

Sheet *
book_add_sheet(Book *book, const char *name, GError **error)
{
	Sheet *sheet;

	if (book->sheets->len == BOOK_SHEETS_MAX) {
		fail(error, PLICO_ERROR_INPUT, _("more than %d sheets"), BOOK_SHEETS_MAX);
		return NULL;
	}
	sheet = g_new0(Sheet, 1);
	sheet->name = g_strdup(name);
	sheet->cells = g_array_new(FALSE, FALSE, sizeof(Cell));
	g_ptr_array_add(book->sheets, sheet);
	return sheet;
}

static gboolean
is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

gboolean
book_add_cell(Book *book, Sheet *sheet, const Cell *cell, GError **error)
{
	const gsize size = strlen(cell->text);
	Cell added = *cell;

	if (is_blank(cell->text) && cell->doubt == DOUBT_NONE)
		return TRUE;
	if (cell->column >= TABLE_COLUMNS)
		return fail(error, PLICO_ERROR_INPUT,
		    _("sheet %s, row %u: a cell beyond column %d holds something; a form has at most that many"),
		    sheet->name, cell->row, TABLE_COLUMNS);
	if (size > BOOK_CELL_MAX)
		return fail(error, PLICO_ERROR_INPUT,
		    _("sheet %s, row %u: a cell holds more than %d bytes"), sheet->name, cell->row,
		    BOOK_CELL_MAX);
	book->size += size;
	if (++book->cells > BOOK_CELLS_MAX || book->size > BOOK_TEXT_MAX)
		return fail(error, PLICO_ERROR_INPUT,
		    _("sheet %s, row %u: more than %d cells or %zu bytes of text before this row"),
		    sheet->name, cell->row, BOOK_CELLS_MAX, BOOK_TEXT_MAX);
	added.text = g_string_chunk_insert_len(book->text, cell->text, (gssize)size);
	g_array_append_val(sheet->cells, added);
	return TRUE;
}

/* --- text --------------------------------------------------------------------------------------------------- */

/* A row of one of the text dialects: its first cell names a sheet, or the others are cells of the last one named. */
static gboolean
take_row(Book *book, guint row, const char *const *cells, guint n, GError **error)
{
	Sheet *sheet =
	    book->sheets->len > 0 ? g_ptr_array_index(book->sheets, book->sheets->len - 1) : NULL;

	if (n > 0 && *cells[0] != '\0') {
		sheet = book_add_sheet(book, cells[0], error);
		if (sheet == NULL)
			return FALSE;
	}
	for (guint i = 1; i < n; i++) {
		const Cell cell = { .row = row, .column = i, .text = cells[i] };

		if (*cells[i] == '\0')
			continue;
		if (sheet == NULL)
			return fail(error, PLICO_ERROR_INPUT,
			    _("row %u: the first row must name a sheet in its first cell: survey"),
			    row);
		if (!book_add_cell(book, sheet, &cell, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
read_csv(Book *book, GBytes *bytes, const char *path, GError **error)
{
	g_autoptr(Table) table = table_parse(bytes, path, error);
	const char *cells[TABLE_COLUMNS];

	if (table == NULL)
		return FALSE;
	for (guint i = 0; i < table_columns(table); i++)
		cells[i] = table_header(table, i);
	if (!take_row(book, table_header_number(table), cells, table_columns(table), error))
		return FALSE;
	for (guint row = 0; row < table_rows(table); row++) {
		for (guint i = 0; i < table_cells(table, row); i++)
			cells[i] = table_cell(table, row, (int)i);
		if (!take_row(
			book, table_row_number(table, row), cells, table_cells(table, row), error))
			return FALSE;
	}
	return TRUE;
}

/* The cells of "| a | b\|c |". Returns: (transfer full) */
static GPtrArray *
split_row(const char *line)
{
	GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) cell = g_string_new(NULL);

	for (const char *at = line + 1; *at != '\0'; at++) {
		if (at[0] == '\\' && (at[1] == '|' || at[1] == '\\')) {
			g_string_append_c(cell, *++at);
		} else if (*at == '|') {
			g_ptr_array_add(cells, g_strstrip(g_strdup(cell->str)));
			g_string_truncate(cell, 0);
		} else {
			g_string_append_c(cell, *at);
		}
	}
	if (!is_blank(cell->str)) /* the last bar is missing */
		g_ptr_array_add(cells, g_strstrip(g_strdup(cell->str)));
	return cells;
}

/* "|---|:--:|": the line under a head. */
static gboolean
is_rule(const char *line)
{
	return strstr(line, "--") != NULL && line[strspn(line, "|-: \t\r")] == '\0';
}

static gboolean
read_markdown(Book *book, const char *text, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (guint i = 0; lines[i] != NULL; i++) {
		const char *line = g_strstrip(lines[i]);
		g_autoptr(GPtrArray) cells = NULL;

		if (*line == '\0' || is_rule(line))
			continue;
		if (*line != '|')
			return fail(error, PLICO_ERROR_INPUT,
			    _("line %u: a row of the table begins with |"), i + 1);
		cells = split_row(line);
		if (!take_row(book, i + 1, (const char *const *)cells->pdata, cells->len, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
read_text(Book *book, GBytes *bytes, const char *path, GError **error)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	g_autofree char *text = g_strndup(data != NULL ? data : "", size);
	const char *begin = g_str_has_prefix(text, BOM) ? text + strlen(BOM) : text;

	if (begin[strspn(begin, " \t\r\n")] != '|')
		return read_csv(book, bytes, path, error);
	if (!g_utf8_validate(text, -1, NULL) || strlen(text) != size)
		return fail(
		    error, PLICO_ERROR_INPUT, _("%s: is not UTF-8: save it as UTF-8"), path);
	if (read_markdown(book, begin, error))
		return TRUE;
	g_prefix_error(error, "%s: ", path);
	return FALSE;
}

/* --- which ---------------------------------------------------------------------------------------------------- */

/* What people send by mistake, by its first bytes. */
static const struct {
	const char *bytes;
	gsize size;
	const char *sentence;
} foreign[] = {
	{ "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8,
	    N_("an Excel file of before 2007 (.xls, BIFF in OLE2) or one with a password, whatever its name says; save it as .xlsx without a password") },
	{ "\x09\x08\x10\x00", 4,
	    N_("an Excel file of before 2007 (.xls, BIFF); save it as .xlsx") },
	{ "\x09\x04\x06\x00", 4,
	    N_("an Excel file of before 2007 (.xls, BIFF); save it as .xlsx") },
	{ "%PDF", 4, N_("a PDF, not a spreadsheet; send the .xlsx") },
	{ "<?xml", 5, N_("an XML file, not a workbook; save it as .xlsx") },
	{ "<html", 5, N_("a web page, whatever its name says; save it as .xlsx") },
	{ "<table", 6, N_("a web page, whatever its name says; save it as .xlsx") },
	{ "{\\rtf", 5, N_("a text document; save the tables as .xlsx") },
};

static gboolean
begins(GBytes *bytes, const char *with, gsize size)
{
	gsize length;
	const char *data = g_bytes_get_data(bytes, &length);

	return length >= size && memcmp(data, with, size) == 0;
}

Book *
book_parse(GBytes *bytes, const char *path, GError **error)
{
	g_autoptr(Book) book = book_new();
	gboolean done;

	for (gsize i = 0; i < G_N_ELEMENTS(foreign); i++)
		if (begins(bytes, foreign[i].bytes, foreign[i].size)) {
			fail(error, PLICO_ERROR_INPUT, "%s: %s", path, _(foreign[i].sentence));
			return NULL;
		}
	if (!begins(bytes, "PK\x03\x04", 4) && !begins(bytes, "PK\x05\x06", 4))
		return read_text(book, bytes, path, error) ? g_steal_pointer(&book) : NULL;
	done = xlsx_read(book, bytes, error);
	if (!done)
		g_prefix_error(error, "%s: ", path);
	return done ? g_steal_pointer(&book) : NULL;
}

Book *
book_open(const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = durable_read(path, BOOK_FILE_MAX, error);

	return bytes != NULL ? book_parse(bytes, path, error) : NULL;
}

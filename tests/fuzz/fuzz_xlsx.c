/*
 * Workbooks (form/book.h). A zip is read as it is; of anything else, pieces that begin with a line "== NAME", a workbook is
 * packed with those parts, since nobody guesses checksums.
 */
#include "form/book.h"
#include "fuzz/fuzz.h"

#include <string.h>
#include <zip.h>

static void
add_part(zip_t *archive, const char *name, const char *data, gsize size)
{
	zip_source_t *source = zip_source_buffer(archive, data, size, 0);
	zip_int64_t at = zip_file_add(archive, name, source, ZIP_FL_OVERWRITE);

	if (at < 0)
		zip_source_free(source);
	else
		zip_set_file_compression(archive, (zip_uint64_t)at, ZIP_CM_STORE, 0);
}

static void
add_parts(zip_t *archive, const char *text)
{
	for (const char *at = strstr(text, "== "); at != NULL;) {
		const char *line = strchr(at, '\n');
		const char *next = line != NULL ? strstr(line, "\n== ") : NULL;
		g_autofree char *name = NULL;

		if (line == NULL)
			return;
		name = g_strndup(at + 3, (gsize)(line - at - 3));
		line++;
		add_part(archive, name, line,
		    next != NULL && next > line ? (gsize)(next - line) : strlen(line));
		at = next != NULL ? next + 1 : NULL;
	}
}

/* Returns: (transfer full) (nullable) */
static GBytes *
pack(const char *text)
{
	zip_error_t why;
	zip_source_t *source;
	zip_t *archive;
	zip_stat_t about;
	g_autofree char *data = NULL;

	zip_error_init(&why);
	source = zip_source_buffer_create(NULL, 0, 0, &why);
	zip_source_keep(source);
	archive = zip_open_from_source(source, ZIP_TRUNCATE, &why);
	add_parts(archive, text);
	if (zip_close(archive) < 0 || zip_source_stat(source, &about) < 0 || about.size == 0) {
		zip_source_free(source);
		return NULL;
	}
	data = g_malloc(about.size);
	if (zip_source_open(source) < 0 || zip_source_read(source, data, about.size) < 0)
		g_error("a packed workbook cannot be read");
	zip_source_close(source);
	zip_source_free(source);
	return g_bytes_new_take(g_steal_pointer(&data), about.size);
}

static void
check_sheet(const Sheet *sheet)
{
	guint row = 0;
	guint column = 0;

	g_assert_true(g_utf8_validate(sheet->name, -1, NULL));
	for (guint i = 0; i < sheet->cells->len; i++) {
		const Cell *cell = &g_array_index(sheet->cells, Cell, i);

		g_assert_true(g_utf8_validate(cell->text, -1, NULL));
		g_assert_cmpuint(strlen(cell->text), <=, BOOK_CELL_MAX);
		g_assert_cmpuint(cell->row, >=, 1);
		g_assert_cmpuint(cell->row, <=, SHEET_ROW_MAX);
		g_assert_cmpuint(cell->column, <, SHEET_COLUMN_MAX);
		g_assert_true(
		    i == 0 || cell->row > row || (cell->row == row && cell->column > column));
		row = cell->row;
		column = cell->column;
	}
}

static void
run(const guint8 *data, gsize size)
{
	g_autofree char *text = fuzz_text(data, size);
	gboolean packed = size > 2 && memcmp(data, "PK", 2) == 0;
	g_autoptr(GBytes) bytes = packed ? g_bytes_new_static(data, size) : pack(text);
	g_autoptr(GError) error = NULL;
	g_autoptr(Book) book = bytes != NULL ? book_parse(bytes, "a.xlsx", &error) : NULL;

	g_assert_true(bytes == NULL || (book == NULL) == (error != NULL));
	if (book == NULL)
		return;
	g_assert_cmpuint(book->sheets->len, <=, BOOK_SHEETS_MAX);
	g_assert_cmpuint(book->cells, <=, BOOK_CELLS_MAX);
	for (guint i = 0; i < book->sheets->len; i++)
		check_sheet(g_ptr_array_index(book->sheets, i));
}

const FuzzTarget fuzz_xlsx = { NULL, run };

#include "base/table.h"

#include "base/durable.h"
#include "base/error.h"

#include <csv.h>
#include <string.h>

#define CELL_STEP  65536 /* a long cell grows by; libcsv's own 128 bytes make it quadratic */
#define CELL_BEGUN 2	 /* csv_parser.pstate inside a cell; 3 behind its closing quote */

typedef struct {
	guint line;   /* of the file */
	guint number; /* of the spreadsheet's row */
} Place;

struct Table {
	GStringChunk *text;
	GPtrArray *header; /* of const char * in text */
	GPtrArray *rows;   /* of GPtrArray of const char * in text */
	GArray *places;	   /* of Place, for each row */
	guint header_number;
	const char *charset;
	char separator;
};

typedef struct {
	Table *table;
	GPtrArray *cells; /* of the row being read */
	const char *path;
	guint line;	/* where the cell being read ends */
	guint row_line; /* where the row began */
	guint number;	/* of the last row that ended */
	gboolean too_large;
} Reader;

static char *
to_utf8(GBytes *bytes, gsize *size, const char **charset, GError **error)
{
	const char *data = g_bytes_get_data(bytes, size);
	char *converted;

	if (data == NULL) /* GBytes of nothing */
		data = "";
	if (*size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
		data += 3;
		*size -= 3;
	}
	if (*size > 0 && memchr(data, '\0', *size) != NULL) {
		fail(error, PLICO_ERROR_INPUT,
		    _("holds NUL bytes: not a text file (a spreadsheet must be saved as CSV)"));
		return NULL;
	}
	*charset = "UTF-8";
	if (g_utf8_validate_len(data, *size, NULL))
		return g_strndup(data, *size);
	*charset = "windows-1252";
	converted = g_convert(data, (gssize)*size, "UTF-8", "WINDOWS-1252", NULL, size, NULL);
	if (converted == NULL)
		fail(error, PLICO_ERROR_INPUT,
		    _("is neither UTF-8 nor windows-1252: save it as UTF-8"));
	return converted;
}

/* The separator that occurs most in the first line, of those outside quotes, that has any. */
static char
guess_separator(const char *text)
{
	guint counts[3] = { 0 };
	static const char separators[] = { ',', ';', '\t' };
	gboolean quoted = FALSE;
	guint best = 0;

	for (; *text != '\0' && (quoted || *text != '\n' || counts[0] + counts[1] + counts[2] == 0);
	     text++) {
		if (*text == '"')
			quoted = !quoted;
		for (guint i = 0; i < 3 && !quoted; i++)
			counts[i] += *text == separators[i];
	}
	for (guint i = 1; i < 3; i++)
		if (counts[i] > counts[best])
			best = i;
	return separators[best];
}

/* @text without blanks at its ends, kept by the table. */
static char *
keep_trimmed(Table *table, const char *text, gsize size)
{
	while (size > 0 && g_ascii_isspace(text[0])) {
		text++;
		size--;
	}
	while (size > 0 && g_ascii_isspace(text[size - 1]))
		size--;
	return size > 0 ? g_string_chunk_insert_len(table->text, text, (gssize)size)
			: g_string_chunk_insert_const(table->text, "");
}

static void
on_cell(void *data, size_t size, void *user)
{
	Reader *reader = user;
	const char *text = data != NULL ? data : "";

	if (reader->cells->len >= TABLE_COLUMNS) {
		reader->too_large = TRUE;
		return;
	}
	g_ptr_array_add(reader->cells, keep_trimmed(reader->table, text, size));
}

static gboolean
is_blank_row(const GPtrArray *cells)
{
	for (guint i = 0; i < cells->len; i++)
		if (*(const char *)g_ptr_array_index(cells, i) != '\0')
			return FALSE;
	return TRUE;
}

static void
on_row(int c, void *user)
{
	Reader *reader = user;
	Table *table = reader->table;
	const Place place = { reader->row_line, ++reader->number };

	(void)c;
	reader->row_line = reader->line + 1;
	if (table->header == NULL && is_blank_row(reader->cells)) {
		g_ptr_array_set_size(reader->cells, 0);
		return;
	}
	if (table->header == NULL) {
		table->header = g_steal_pointer(&reader->cells);
		table->header_number = place.number;
	} else if (table->rows->len < TABLE_ROWS) {
		g_ptr_array_add(table->rows, g_steal_pointer(&reader->cells));
		g_array_append_val(table->places, place);
	} else {
		reader->too_large = TRUE;
	}
	if (reader->cells == NULL)
		reader->cells = g_ptr_array_new();
}

static gboolean
is_empty_line(const char *text, gsize size)
{
	return *text == '\n' || (size == 2 && *text == '\r');
}

/* One line at a time, so that a row knows where in the file it began. */
static gboolean
feed(struct csv_parser *parser, Reader *reader, const char *text, gsize size)
{
	const char *end = text + size;

	while (text < end) {
		const char *feed_end = memchr(text, '\n', (gsize)(end - text));
		gsize n = feed_end != NULL ? (gsize)(feed_end - text) + 1 : (gsize)(end - text);

		reader->line++;
		if (reader->row_line == reader->line && is_empty_line(text, n)) {
			reader->row_line++; /* libcsv passes over it, a spreadsheet does not */
			reader->number++;
		}
		if (csv_parse(parser, text, n, on_cell, on_row, reader) != n)
			return FALSE;
		text += n;
	}
	/* libcsv tells of an open quote only where it takes no stray ones either, and lists are full of those */
	if (parser->quoted && parser->pstate == CELL_BEGUN)
		return FALSE;
	return csv_fini(parser, on_cell, on_row, reader) == 0;
}

static void
fold_header(Table *table)
{
	for (guint i = 0; i < table->header->len; i++) {
		g_auto(GStrv) words =
		    g_strsplit_set(g_ptr_array_index(table->header, i), " \t\r\n", 0);
		g_autoptr(GString) name = g_string_new(NULL);

		for (gsize w = 0; words[w] != NULL; w++)
			if (*words[w] != '\0')
				g_string_append_printf(
				    name, "%s%s", name->len > 0 ? " " : "", words[w]);
		g_ptr_array_index(table->header, i) = g_string_chunk_insert(table->text, name->str);
	}
}

static gboolean
parse_text(Table *table, const char *path, const char *text, gsize size, GError **error)
{
	Reader reader = { .table = table, .path = path, .cells = g_ptr_array_new(), .row_line = 1 };
	struct csv_parser parser;
	gboolean done;

	if (csv_init(&parser, 0) != 0)
		g_error("csv_init");
	csv_set_delim(&parser, (guchar)table->separator);
	csv_set_space_func(&parser, NULL);
	csv_set_blk_size(&parser, CELL_STEP);
	done = feed(&parser, &reader, text, size);
	g_ptr_array_unref(reader.cells);
	csv_free(&parser);
	if (!done)
		return fail(error, PLICO_ERROR_INPUT, _("%s: line %u: a quoted cell is not closed"),
		    path, reader.row_line);
	if (reader.too_large)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s: line %u: more than %d columns or %d rows"), path, reader.line,
		    TABLE_COLUMNS, TABLE_ROWS);
	if (table->header == NULL)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s: the file is empty: a row with the column names is expected"), path);
	fold_header(table);
	return TRUE;
}

static Table *
table_alloc(void)
{
	Table *table = g_new0(Table, 1);

	table->text = g_string_chunk_new(65536);
	table->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	table->places = g_array_new(FALSE, FALSE, sizeof(Place));
	return table;
}

static GPtrArray *
keep_cells(Table *table, const char *const *cells, guint n)
{
	GPtrArray *kept = g_ptr_array_sized_new(n);

	for (guint i = 0; i < n; i++)
		g_ptr_array_add(kept, keep_trimmed(table, cells[i], strlen(cells[i])));
	return kept;
}

Table *
table_new(guint number, const char *const *header, guint columns)
{
	Table *table = table_alloc();

	g_assert(columns <= TABLE_COLUMNS);
	table->charset = "UTF-8";
	table->separator = ',';
	table->header = keep_cells(table, header, columns);
	table->header_number = number;
	fold_header(table);
	return table;
}

void
table_add_row(Table *table, guint number, const char *const *cells, guint n)
{
	const Place place = { number, number };

	g_assert(n <= TABLE_COLUMNS && table->rows->len < TABLE_ROWS);
	g_ptr_array_add(table->rows, keep_cells(table, cells, n));
	g_array_append_val(table->places, place);
}

Table *
table_parse(GBytes *bytes, const char *path, GError **error)
{
	g_autoptr(Table) table = table_alloc();
	g_autofree char *text = NULL;
	gsize size;

	text = to_utf8(bytes, &size, &table->charset, error);
	if (text == NULL) {
		g_prefix_error(error, "%s: ", path);
		return NULL;
	}
	table->separator = guess_separator(text);
	if (!parse_text(table, path, text, size, error))
		return NULL;
	return g_steal_pointer(&table);
}

Table *
table_open(const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = durable_read(path, TABLE_LIMIT, error);

	return bytes != NULL ? table_parse(bytes, path, error) : NULL;
}

void
table_free(Table *table)
{
	if (table == NULL)
		return;
	g_clear_pointer(&table->header, g_ptr_array_unref);
	g_clear_pointer(&table->rows, g_ptr_array_unref);
	g_clear_pointer(&table->places, g_array_unref);
	g_clear_pointer(&table->text, g_string_chunk_free);
	g_free(table);
}

const char *
table_charset(const Table *table)
{
	return table->charset;
}

char
table_separator(const Table *table)
{
	return table->separator;
}

guint
table_columns(const Table *table)
{
	return table->header->len;
}

const char *
table_header(const Table *table, guint column)
{
	return g_ptr_array_index(table->header, column);
}

guint
table_header_number(const Table *table)
{
	return table->header_number;
}

int
table_find(const Table *table, const char *name)
{
	g_autofree char *wanted = g_utf8_casefold(name, -1);

	for (guint i = 0; i < table->header->len; i++) {
		g_autofree char *folded = g_utf8_casefold(g_ptr_array_index(table->header, i), -1);

		if (strcmp(folded, wanted) == 0)
			return (int)i;
	}
	return -1;
}

guint
table_rows(const Table *table)
{
	return table->rows->len;
}

guint
table_line(const Table *table, guint row)
{
	return g_array_index(table->places, Place, row).line;
}

guint
table_row_number(const Table *table, guint row)
{
	return g_array_index(table->places, Place, row).number;
}

guint
table_cells(const Table *table, guint row)
{
	return ((const GPtrArray *)g_ptr_array_index(table->rows, row))->len;
}

const char *
table_cell(const Table *table, guint row, int column)
{
	const GPtrArray *cells = g_ptr_array_index(table->rows, row);

	if (column < 0 || (guint)column >= cells->len)
		return "";
	return g_ptr_array_index(cells, (guint)column);
}

/* Delimited text as it comes, and as nobody should send it. */
#include "base/error.h"
#include "base/table.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static Table *
parse(const char *text, gssize size, GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, size < 0 ? strlen(text) : (gsize)size);

	return table_parse(bytes, "list.csv", error);
}

static Table *
read_well(const char *text)
{
	g_autoptr(GError) error = NULL;
	Table *table = parse(text, -1, &error);

	g_assert_no_error(error);
	return table;
}

/* Cells with | between, rows with a blank. */
static char *
cells_of(const Table *table)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (guint row = 0; row < table_rows(table); row++)
		for (guint i = 0; i < table_columns(table); i++)
			g_string_append_printf(out, "%s%s",
			    i > 0     ? "|"
			    : row > 0 ? " "
				      : "",
			    table_cell(table, row, (int)i));
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
test_forms(void)
{
	static const struct {
		const char *text;
		const char *cells;
		char separator;
		const char *charset;
	} table[] = {
		{ "a,b\n1,2\n3,4\n", "1|2 3|4", ',', "UTF-8" },
		{ "a,b\r\n1,2\r\n3,4", "1|2 3|4", ',', "UTF-8" },
		{ "a,b\r1,2\r3,4\r", "1|2 3|4", ',', "UTF-8" },
		{ "\xef\xbb\xbf"
		  "a;b\n\xc3\xa8;2\n",
		    "\xc3\xa8|2", ';', "UTF-8" },
		{ "a;b\n\xe8;\x80\n", "\xc3\xa8|\xe2\x82\xac", ';', "windows-1252" },
		{ "a\tb\n1\t2\n\t4\n", "1|2 |4", '\t', "UTF-8" },
		{ "\"a;b;c\",b\n1,2\n", "1|2", ',', "UTF-8" },
		{ "a,b\n 1 ,\" 2 \"\n", "1|2", ',', "UTF-8" },
		{ "a,b\n\"1\n,\",2\n", "1\n,|2", ',', "UTF-8" },
		{ "a,b\n\"say \"\"one\"\"\",2\n", "say \"one\"|2", ',', "UTF-8" },
		{ "a,b\nsay \"one\",2\n", "say \"one\"|2", ',', "UTF-8" },
		{ "\n;;\n\na;b\n1;2\n", "1|2", ';', "UTF-8" },
		{ "a,b\n1\n1,2,3\n", "1| 1|2", ',', "UTF-8" },
		{ "a\n1\n", "1", ',', "UTF-8" },
		{ "a,b\n", "", ',', "UTF-8" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(Table) read = read_well(table[i].text);
		g_autofree char *cells = cells_of(read);

		g_assert_cmpstr(cells, ==, table[i].cells);
		g_assert_cmpint(table_separator(read), ==, table[i].separator);
		g_assert_cmpstr(table_charset(read), ==, table[i].charset);
	}
}

static void
test_header(void)
{
	g_autoptr(Table) table =
	    read_well("\"Codice  dell'Unit\xc3\xa0 \n(fini)\"; NAME ;Name;\n1;2;3;4\n");

	g_assert_cmpuint(table_columns(table), ==, 4);
	g_assert_cmpstr(table_header(table, 0), ==, "Codice dell'Unit\xc3\xa0 (fini)");
	g_assert_cmpint(table_find(table, "codice dell'unit\xc3\x80 (FINI)"), ==, 0);
	g_assert_cmpint(table_find(table, "name"), ==, 1);
	g_assert_cmpint(table_find(table, "nam"), ==, -1);
	g_assert_cmpstr(table_cell(table, 0, -1), ==, "");
	g_assert_cmpstr(table_cell(table, 0, 4), ==, "");
}

/* A finding must name the row that a person sees, whether in an editor or in a spreadsheet. */
static void
test_places(void)
{
	g_autoptr(Table) table = read_well("\n\"a\n\",b\n1,2\n\n\r\n\"x\ny\nz\",2\n3,4\n,\n5,6\n");
	static const guint lines[] = { 4, 7, 10, 11, 12 };
	static const guint numbers[] = { 3, 6, 7, 8, 9 };

	g_assert_cmpuint(table_rows(table), ==, G_N_ELEMENTS(lines));
	for (guint row = 0; row < table_rows(table); row++) {
		g_assert_cmpuint(table_line(table, row), ==, lines[row]);
		g_assert_cmpuint(table_row_number(table, row), ==, numbers[row]);
	}
}

static void
test_cells(void)
{
	g_autoptr(Table) table = read_well("a,b\n1\n1,2\n1,2,3,\n");

	g_assert_cmpuint(table_cells(table, 0), ==, 1);
	g_assert_cmpuint(table_cells(table, 1), ==, 2);
	g_assert_cmpuint(table_cells(table, 2), ==, 4);
}

static void
test_refused(void)
{
	static const struct {
		const char *text;
		gssize size;
		const char *says;
	} table[] = {
		{ "", 0, "empty" },
		{ "\n\n;;\n", -1, "empty" },
		{ "a,b\n1,2\n\"3,4\n5,6\n", -1, "line 3: a quoted cell is not closed" },
		{ "a,\"b", -1, "not closed" },
		{ "a,b\n1\0,2\n", 9, "NUL" },
		{ "a,b\n\x81,2\n", -1, "neither UTF-8 nor windows-1252" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Table) read = parse(table[i].text, table[i].size, &error);

		g_assert_null(read);
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
		g_assert_nonnull(strstr(error->message, "list.csv: "));
		g_assert_nonnull(strstr(error->message, table[i].says));
	}
}

static void
test_huge(void)
{
	g_autofree char *wide = g_strnfill(TABLE_COLUMNS, ',');
	g_autofree char *widest = g_strndup(wide, TABLE_COLUMNS - 1);
	g_autofree char *path = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(Table) table = parse(wide, -1, &error);
	g_autofree char *cell = g_strnfill((gsize)8 << 20, 'x');
	g_autofree char *text = g_strdup_printf("a,b\n%s,2\n", cell);
	int fd;

	g_assert_null(table);
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	g_assert_nonnull(strstr(error->message, "2000 columns"));
	g_clear_error(&error);
	/* all blank: no header, but no complaint about its width */
	table = parse(widest, -1, &error);
	g_assert_nonnull(strstr(error->message, "empty"));
	g_clear_error(&error);

	table = read_well(text);
	g_assert_cmpstr(table_cell(table, 0, 0), ==, cell);

	fd = g_file_open_tmp("plico-huge-XXXXXX", &path, NULL);
	g_assert_cmpint(ftruncate(fd, (off_t)TABLE_LIMIT + 1), ==, 0);
	close(fd);
	g_assert_null(table_open(path, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	(void)g_unlink(path);
}

/* Whatever the bytes: no crash, and every cell can be asked for. */
static void
test_random(void)
{
	static const char pieces[] = "a1,;\t\"\n\r \xc3\xa8\xff";
	guint read = 0;

	for (guint n = 0; n < 20000; n++) {
		char text[64];
		guint size = (guint)g_test_rand_int_range(0, (gint32)sizeof text);
		g_autoptr(Table) table = NULL;
		g_autofree char *cells = NULL;

		for (guint i = 0; i < size; i++)
			text[i] = pieces[g_test_rand_int_range(0, (gint32)strlen(pieces))];
		table = parse(text, (gssize)size, NULL);
		if (table == NULL)
			continue;
		read++;
		cells = cells_of(table);
		g_assert_true(g_utf8_validate(cells, -1, NULL));
		for (guint row = 1; row < table_rows(table); row++)
			g_assert_cmpuint(
			    table_row_number(table, row), >, table_row_number(table, row - 1));
	}
	g_assert_cmpuint(read, >, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/table/as-programs-write-it", test_forms);
	g_test_add_func("/table/columns-by-folded-name", test_header);
	g_test_add_func("/table/lines-and-rows-as-a-person-counts-them", test_places);
	g_test_add_func("/table/cells-of-a-row", test_cells);
	g_test_add_func("/table/what-is-none-is-refused-with-its-place", test_refused);
	g_test_add_func("/table/large-is-read-larger-is-refused", test_huge);
	g_test_add_func("/table/no-bytes-break-it", test_random);
	return g_test_run();
}

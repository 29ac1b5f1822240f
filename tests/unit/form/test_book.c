/* Cells of workbooks: against what another reader found in the same files; numbers as people see them; text dialects. */
#include "base/error.h"
#include "form/book.h"
#include "form/exchange.h"
#include "form/xlsx_number.h"
#include "form/xlsx_package.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

static char *
source_path(const char *name)
{
	const char *root = g_getenv("SRCDIR");

	return g_build_filename(root != NULL ? root : ".", "tests/data/xlsform", name, NULL);
}

/* What the XML has for a number or a truth value, and what people see. */
static gboolean
same_text(const char *expected, const char *actual)
{
	static const struct {
		const char *stored;
		const char *seen;
	} both[] = { { "12.0", "12" }, { "1.0", "1" }, { "2.0", "2" }, { "1", "TRUE" },
		{ "0", "FALSE" } };

	if (strcmp(expected, actual) == 0)
		return TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(both); i++)
		if (strcmp(expected, both[i].stored) == 0 && strcmp(actual, both[i].seen) == 0)
			return TRUE;
	return FALSE;
}

static const Cell *
find_cell(const Sheet *sheet, const char *place)
{
	for (guint i = 0; i < sheet->cells->len; i++) {
		const Cell *cell = &g_array_index(sheet->cells, Cell, i);
		g_autofree char *column = column_letters(cell->column);
		g_autofree char *name = g_strdup_printf("%s%u", column, cell->row);

		if (strcmp(name, place) == 0)
			return cell;
	}
	return NULL;
}

/* Every cell of the list is in the sheet, and the sheet has no others. */
static void
compare_sheet(const Sheet *sheet, JsonObject *expected)
{
	g_autoptr(GList) rows =
	    json_array_get_elements(json_object_get_array_member(expected, "rows"));
	guint n = 0;

	for (const GList *row = rows; row != NULL; row = row->next) {
		JsonObject *cells =
		    json_object_get_object_member(json_node_get_object(row->data), "cells");
		g_autoptr(GList) places = json_object_get_members(cells);

		for (const GList *place = places; place != NULL; place = place->next) {
			const char *text = json_object_get_string_member(cells, place->data);
			const Cell *cell = find_cell(sheet, place->data);

			if (text[strspn(text, " \n")] == '\0')
				continue; /* blanks alone are nothing */
			n++;
			g_assert_true(cell != NULL && cell->text != NULL);
			if (cell != NULL && !same_text(text, cell->text))
				g_assert_cmpstr(cell->text, ==, text);
		}
	}
	g_assert_cmpuint(sheet->cells->len, ==, n);
}

static void
test_cells(gconstpointer data)
{
	g_autofree char *path = source_path(data);
	g_autofree char *stem = g_path_get_basename(path);
	g_autofree char *list = NULL;
	g_autofree char *json = NULL;
	g_autoptr(JsonParser) parser = json_parser_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(Book) book = book_open(path, &error);
	g_autoptr(GList) names = NULL;
	JsonObject *expected;
	guint i = 0;

	g_assert_no_error(error);
	*strrchr(stem, '.') = '\0';
	list = g_strdup_printf("cells/%s.json", stem);
	json = source_path(list);
	g_assert_true(json_parser_load_from_file(parser, json, &error));
	expected = json_node_get_object(json_parser_get_root(parser));
	names = json_object_get_members(expected);
	g_assert_cmpuint(book->sheets->len, ==, g_list_length(names));
	for (const GList *name = names; name != NULL; name = name->next) {
		const Sheet *sheet = g_ptr_array_index(book->sheets, i++);

		g_assert_cmpstr(sheet->name, ==, name->data);
		compare_sheet(sheet, json_object_get_object_member(expected, name->data));
	}
}

static void
test_numbers(void)
{
	static const struct {
		const char *value;
		const char *code;
		const char *text; /* NULL: no number */
		CellDoubt doubt;
	} cases[] = {
		{ "5", "General", "5", DOUBT_NONE },
		{ "12.0", "General", "12", DOUBT_NONE },
		{ "-3", "General", "-3", DOUBT_NONE },
		{ "-0", "General", "0", DOUBT_NONE },
		{ "5.0999999999999996", "General", "5.1", DOUBT_ZERO },
		{ "2024071101", "General", "2024071101", DOUBT_NONE },
		{ "123456789012345678", "General", "1.23456789012346e+17", DOUBT_DIGITS },
		{ "5.1", "0.00", "5.10", DOUBT_NONE },
		{ "-5.1", "0.00", "-5.10", DOUBT_NONE },
		{ "7", "000", "007", DOUBT_NONE },
		{ "7", "0_ ;[Red]\\-0\\ ", "7", DOUBT_NONE },
		{ "0.125", "0.0%", "12.5%", DOUBT_NONE },
		{ "5.1", "@", "5.1", DOUBT_ZERO },
		{ "1234.5", "#,##0.00", "1234.5", DOUBT_FORMAT },
		{ "3", "0\" km\"", "3", DOUBT_FORMAT },
		{ "45484", "dd/mm/yyyy", "2024-07-11", DOUBT_DATE },
		{ "45484.5", "d/m/yy h:mm", "2024-07-11 12:00:00", DOUBT_DATE },
		{ "0.25", "hh:mm", "06:00:00", DOUBT_DATE },
		{ "1", "yyyy-mm-dd", "1900-01-01", DOUBT_DATE },
		{ "61", "yyyy-mm-dd", "1900-03-01", DOUBT_DATE },
		{ "2958465", "[$-410]d mmmm yyyy;@", "9999-12-31", DOUBT_DATE },
		{ "3000000", "yyyy-mm-dd", "3000000", DOUBT_FORMAT },
		{ "-1", "yyyy-mm-dd", "-1", DOUBT_FORMAT },
		{ "1e999", "General", NULL, DOUBT_NONE },
		{ "nan", "General", NULL, DOUBT_NONE },
		{ "5,1", "General", NULL, DOUBT_NONE },
		{ "", "General", NULL, DOUBT_NONE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const NumberFormat format = number_format(200, cases[i].code);
		CellDoubt doubt;
		g_autofree char *text = number_shown(cases[i].value, &format, FALSE, &doubt);

		g_test_message("%s as %s", cases[i].value, cases[i].code);
		g_assert_cmpstr(text, ==, cases[i].text);
		if (text != NULL)
			g_assert_cmpint(doubt, ==, cases[i].doubt);
	}
}

static void
test_paths(void)
{
	static const struct {
		const char *base;
		const char *target;
		const char *part;
	} cases[] = {
		{ "", "xl/workbook.xml", "xl/workbook.xml" },
		{ "xl/workbook.xml", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml" },
		{ "xl/workbook.xml", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml" },
		{ "xl/workbook.xml", "./../xl//sheet.xml", "xl/sheet.xml" },
		{ "xl/workbook.xml", "../../etc/passwd", NULL },
		{ "", "..", NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *part = package_resolve(cases[i].base, cases[i].target);

		g_assert_cmpstr(part, ==, cases[i].part);
	}
}

static void
test_columns(void)
{
	static const struct {
		guint column;
		const char *letters;
	} cases[] = { { 0, "A" }, { 25, "Z" }, { 26, "AA" }, { 701, "ZZ" }, { 702, "AAA" },
		{ SHEET_COLUMN_MAX - 1, "XFD" } };

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *letters = column_letters(cases[i].column);

		g_assert_cmpstr(letters, ==, cases[i].letters);
	}
}

static void
compare_books(const Book *one, const Book *other)
{
	g_assert_cmpuint(one->sheets->len, ==, other->sheets->len);
	for (guint s = 0; s < one->sheets->len; s++) {
		const Sheet *first = g_ptr_array_index(one->sheets, s);
		const Sheet *second = g_ptr_array_index(other->sheets, s);

		g_assert_cmpstr(first->name, ==, second->name);
		g_assert_cmpuint(first->cells->len, ==, second->cells->len);
		for (guint i = 0; i < first->cells->len; i++) {
			const Cell *a = &g_array_index(first->cells, Cell, i);
			const Cell *b = &g_array_index(second->cells, Cell, i);

			g_assert_cmpuint(a->column, ==, b->column);
			g_assert_cmpstr(a->text, ==, b->text);
		}
	}
}

static Book *
parse(const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_autoptr(GError) error = NULL;
	Book *book = book_parse(bytes, "form", &error);

	g_assert_no_error(error);
	return book;
}

static void
test_dialects(void)
{
	static const char *const same[] = {
		"survey,,\n,type,name\n,text,q1\nchoices,,\n,list_name,\n",
		"\xef\xbb\xbfsurvey\r\n;type;name\r\n;text;\"q1\"\r\n\r\nchoices;;\r\n;list_name\r\n",
		"survey\n\ttype\tname\n\ttext\tq1\nchoices\n\tlist_name\n",
		"| survey |\n| | type | name |\n|---|:--|--:|\n| | text | q1 |\n| choices\n|  | list_name |\n",
		"\n  |survey|\r\n||type|name|\r\n||text|q1|\r\n\r\n|choices||\r\n||list_name||\r\n",
	};
	g_autoptr(Book) first = parse(same[0]);

	for (gsize i = 1; i < G_N_ELEMENTS(same); i++) {
		g_autoptr(Book) book = parse(same[i]);

		compare_books(first, book);
	}
}

static void
remove_folder(const char *directory)
{
	static const char *const names[] = { "survey.csv", "choices.csv", "settings.csv",
		"frutta.csv" };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(directory, names[i], NULL);

		g_unlink(path);
	}
	g_rmdir(directory);
}

/* A choice under several conditions: one to tick, offered where any of its rows is. */
static void
test_duplicates(void)
{
	g_autofree char *folder = g_dir_make_tmp("plico-book-XXXXXX", NULL);
	g_autofree char *path = source_path("pyxform/choice_filter_test.xlsx");
	g_autoptr(GPtrArray) findings = findings_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(Form) form = form_import(path, folder, FALSE, findings, &error);
	const Item *county;
	const Choice *king;
	const Unit unit = { .population = 1 };
	g_autoptr(FormView) view = NULL;
	g_autoptr(GHashTable) answers =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

	g_assert_no_error(error);
	g_assert_cmpuint(findings_count(findings, SEVERITY_ERROR), ==, 0);
	county = form_item(form, "county");
	g_assert_cmpuint(county->list->choices->len, ==, 3);
	king = choice_list_find(county->list, "king");
	view = form_view_new(form, &unit);
	g_assert_cmpint(form_view_offers(view, county, king, answers), ==, TRUTH_UNKNOWN);
	g_hash_table_insert(answers, g_strdup("state"), g_strdup("texas"));
	g_assert_cmpint(form_view_offers(view, county, king, answers), ==, TRUTH_TRUE);
	g_hash_table_insert(answers, g_strdup("state"), g_strdup("washington"));
	g_assert_cmpint(form_view_offers(view, county, king, answers), ==, TRUTH_TRUE);
	g_assert_cmpint(
	    form_view_offers(view, county, choice_list_find(county->list, "cameron"), answers), ==,
	    TRUTH_FALSE);
	remove_folder(folder);
}

static void
put(const char *directory, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* ${fruit} in a label: what a table beside the form says, kept with the form's version. */
static void
test_data(void)
{
	g_autofree char *folder = g_dir_make_tmp("plico-book-XXXXXX", NULL);
	g_autofree char *shelf = g_dir_make_tmp("plico-shelf-XXXXXX", NULL);
	g_autofree char *kept = g_build_filename(shelf, "prova", "v1", "frutta.csv", NULL);
	g_autoptr(GPtrArray) findings = findings_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(Form) form = NULL;
	g_autoptr(Form) changed = NULL;

	put(folder, "settings.csv", "form_title,form_id,version\nProva,prova,1\n");
	put(folder, "choices.csv", "list_name,name,label\nsn,si,Con ${f}\n");
	put(folder, "survey.csv",
	    "type,name,label,calculation\nbegin_group,s1,S,\ncalculate,f,,\"pulldata('frutta', 'nome', 'chiave', 'm')\"\n"
	    "select_one sn,q1,Le piace ${f}?,\nend_group,,,\n");
	put(folder, "frutta.csv", "chiave,nome\na,mela\nm,mango\n");
	form = form_open(folder, findings, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(findings->len, ==, 0);
	g_assert_cmpstr(
	    form_text(form, form_item(form, "q1")->labels, "it"), ==, "Le piace mango?");
	g_assert_cmpstr(
	    form_text(form, choice_list_find(form_item(form, "q1")->list, "si")->labels, "it"), ==,
	    "Con mango");
	g_assert_true(form_keep(form, shelf, &error));
	g_assert_true(g_file_test(kept, G_FILE_TEST_EXISTS));
	put(folder, "frutta.csv", "chiave,nome\nm,melone\n");
	changed = form_open(folder, findings, &error);
	g_assert_false(form_keep(changed, shelf, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
	remove_folder(folder);
	{
		g_autofree char *inner = g_path_get_dirname(kept);
		g_autofree char *edition = g_path_get_dirname(inner);

		remove_folder(inner);
		g_rmdir(edition);
		g_rmdir(shelf);
	}
}

static void
test_missing_data(void)
{
	g_autofree char *folder = g_dir_make_tmp("plico-book-XXXXXX", NULL);
	g_autofree char *path = source_path("pyxform/pull_data.xlsx");
	g_autoptr(GPtrArray) findings = findings_new();
	g_autoptr(GPtrArray) later = findings_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(Form) form = form_import(path, folder, FALSE, findings, &error);
	g_autoptr(Form) opened = NULL;

	g_assert_no_error(error);
	g_assert_nonnull(form);
	g_assert_cmpuint(findings_count(findings, SEVERITY_ERROR), ==, 0);
	opened = form_open(folder, later, &error);
	g_assert_cmpuint(findings_count(later, SEVERITY_ERROR), ==, 1);
	g_assert_cmpstr(((const Finding *)g_ptr_array_index(later, 0))->code, ==, "pulldata");
	remove_folder(folder);
}

int
main(int argc, char **argv)
{
	static const char *const files[] = { "pyxform/xlsform_spec_test.xlsx",
		"pyxform/choice_filter_test.xlsx", "pyxform/or_other.xlsx",
		"pyxform/pull_data.xlsx", "rank/all-question-types.xlsx",
		"multilang/socio-economic-survey.xlsx", "odd/case_insensitivity.xlsx",
		"odd/extra_columns.xlsx", "odd/extra_sheet_names.xlsx", "odd/survey_no_name.xlsx",
		"odd/duplicate_columns.xlsx" };

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *name =
		    g_strdup_printf("/book/every cell is as another reader sees it/%s", files[i]);

		g_test_add_data_func(name, files[i], test_cells);
	}
	g_test_add_func("/book/numbers are what people see", test_numbers);
	g_test_add_func("/book/parts are found by their paths and never outside", test_paths);
	g_test_add_func("/book/columns have letters", test_columns);
	g_test_add_func("/book/the text dialects say the same", test_dialects);
	g_test_add_func("/import/a choice under several conditions is one", test_duplicates);
	g_test_add_func("/import/a text has values of tables beside the form", test_data);
	g_test_add_func("/import/a table that is missing is said", test_missing_data);
	return g_test_run();
}

/* What an export may hold: whole values for programs, nothing that a spreadsheet would run. */
#include "report/csv.h"

#include <glib/gstdio.h>

static char *
saved(Csv *csv)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *directory = g_dir_make_tmp("plico-XXXXXX", &error);
	g_autofree char *path = NULL;
	char *text = NULL;

	g_assert_true(csv_save(csv, directory, "prova", &path, &error));
	g_assert_no_error(error);
	g_assert_true(g_file_get_contents(path, &text, NULL, &error));
	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_cmpint(g_rmdir(directory), ==, 0);
	return text;
}

static void
guards_formulas(void)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "=1+1", "\"'=1+1\"" },
		{ "+39 06 123", "\"'+39 06 123\"" },
		{ "@SUM(A1)", "\"'@SUM(A1)\"" },
		{ "-cmd|' /C calc'!A0", "\"'-cmd|' /C calc'!A0\"" },
		{ "\t=1", "\"'\t=1\"" },
		{ "\r=1", "\"'\r=1\"" },
		{ "-5", "\"-5\"" },
		{ "-5,25", "\"-5,25\"" },
		{ "+5.25", "\"+5.25\"" },
		{ "-5\n=1", "\"'-5\n=1\"" },
		{ "-5\n", "\"'-5\n\"" },
		{ "--5", "\"'--5\"" },
		{ "Canzo = bello", "\"Canzo = bello\"" },
		{ "a;b", "\"a;b\"" },
		{ "detto \"il Gobbo\"", "\"detto \"\"il Gobbo\"\"\"" },
		{ "\"\"\"\"", "\"\"\"\"\"\"\"\"\"\"" },
		{ "", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Csv) csv = csv_new(FALSE);
		g_autofree char *expected =
		    g_strdup_printf("\xEF\xBB\xBF%s\r\n", cases[i].expected);
		g_autofree char *text = NULL;

		csv_text(csv, cases[i].text);
		csv_end_row(csv);
		text = saved(csv);
		g_assert_cmpstr(text, ==, expected);
	}
}

static void
speaks_italian_to_spreadsheets(void)
{
	g_autoptr(Csv) csv = csv_new(FALSE);
	g_autofree char *text = NULL;

	csv_code(csv, "001090");
	csv_number(csv, "0.5");
	csv_number(csv, "-12");
	csv_int(csv, 7896);
	csv_code(csv, "=HYPERLINK(1)");
	csv_end_row(csv);
	text = saved(csv);
	g_assert_cmpstr(text, ==,
	    "\xEF\xBB\xBF\"=\"\"001090\"\"\";\"0,5\";\"-12\";\"7896\";\"'=HYPERLINK(1)\"\r\n");
}

static void
gives_programs_the_bytes(void)
{
	g_autoptr(Csv) csv = csv_new(TRUE);
	g_autofree char *text = NULL;

	csv_text(csv, "=1+1");
	csv_text(csv, "due\nrighe, \"così\"");
	csv_code(csv, "001090");
	csv_number(csv, "0.5");
	csv_text(csv, "");
	csv_end_row(csv);
	text = saved(csv);
	g_assert_cmpstr(text, ==, "\"=1+1\",\"due\nrighe, \"\"così\"\"\",\"001090\",\"0.5\",\r\n");
}

static void
warns_in_the_name_of_raw_files(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *directory = g_dir_make_tmp("plico-XXXXXX", &error);
	g_autoptr(Csv) csv = csv_new(TRUE);
	g_autofree char *path = NULL;

	g_assert_true(csv_save(csv, directory, "units", &path, &error));
	g_assert_true(g_str_has_suffix(path, "/units.raw.csv"));
	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_cmpint(g_rmdir(directory), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/report/guards-formulas", guards_formulas);
	g_test_add_func("/report/speaks-italian-to-spreadsheets", speaks_italian_to_spreadsheets);
	g_test_add_func("/report/gives-programs-the-bytes", gives_programs_the_bytes);
	g_test_add_func("/report/warns-in-the-name-of-raw-files", warns_in_the_name_of_raw_files);
	return g_test_run();
}

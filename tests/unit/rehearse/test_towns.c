#include "rehearse/towns.h"

#include "base/error.h"
#include "base/table.h"

#include <glib/gstdio.h>
#include <string.h>

static Table *
towns(guint units, guint64 seed)
{
	g_autofree char *path = NULL;
	g_autoptr(GError) error = NULL;
	int fd = g_file_open_tmp("towns-XXXXXX.csv", &path, &error);
	Table *table;

	g_assert_no_error(error);
	(void)g_close(fd, NULL);
	g_assert_true(towns_write(units, seed, path, &error));
	table = table_open(path, &error);
	g_assert_no_error(error);
	(void)g_unlink(path);
	g_assert_cmpuint(table_rows(table), ==, units);
	return table;
}

static void
test_country(void)
{
	g_autoptr(Table) table = towns(7896, 7);
	static const char *const keys[] = { "cadastral_code", "istat_code", "pec" };
	guint large = 0;

	for (gsize k = 0; k < G_N_ELEMENTS(keys); k++) {
		g_autoptr(GHashTable) seen =
		    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
		int column = table_find(table, keys[k]);

		for (guint row = 0; row < table_rows(table); row++)
			g_assert_true(
			    g_hash_table_add(seen, g_strdup(table_cell(table, row, column))));
	}
	for (guint row = 0; row < table_rows(table); row++) {
		const char *pec = table_cell(table, row, table_find(table, "pec"));
		const char *people = table_cell(table, row, table_find(table, "population"));

		g_assert_true(g_str_has_suffix(pec, ".example"));
		large += g_ascii_strtoull(people, NULL, 10) > 5000 ? 1 : 0;
	}
	g_assert_cmpuint(large, >, 7896 * 28 / 100);
	g_assert_cmpuint(large, <, 7896 * 32 / 100);
}

/* A few towns come from all over the sample, and are real. */
static void
test_few(void)
{
	g_autoptr(Table) few = towns(10, 7);
	g_autoptr(Table) other_seed = towns(10, 8);
	g_autoptr(GHashTable) regions =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint row = 0; row < 10; row++) {
		const char *code = table_cell(few, row, table_find(few, "cadastral_code"));
		const char *region = table_cell(few, row, table_find(few, "region"));

		g_assert_cmpint(*code, <, 'N');
		(void)g_hash_table_add(regions, g_strdup(region));
		g_assert_cmpstr(code, ==,
		    table_cell(other_seed, row, table_find(other_seed, "cadastral_code")));
	}
	g_assert_cmpuint(g_hash_table_size(regions), >, 5);
}

static void
test_limits(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_false(towns_write(0, 7, "/nowhere", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_USAGE);
	g_clear_error(&error);
	g_assert_false(towns_write(TOWNS_MAX + 1, 7, "/nowhere", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_USAGE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/towns/a whole country has each key once and its sizes", test_country);
	g_test_add_func("/towns/a few are real ones from everywhere", test_few);
	g_test_add_func("/towns/none and too many are refused", test_limits);
	return g_test_run();
}

#include "form/form.h"

#include <glib.h>

static void
check_source(const char *memory, const char *edition, const char *expected)
{
	Item item = { .name = (char *)(gsize) "q8_8", .memory = (char *)(gsize)memory };
	g_autofree char *source = form_memory_source(&item, edition);

	g_assert_cmpstr(source, ==, expected);
}

static void
test_same_name(void)
{
	check_source("si", "mappa-2024", "q8_8");
	check_source("si", "mappa-2023", "q8_8");
}

static void
test_not_printed(void)
{
	check_source("", "mappa-2024", NULL);
	check_source(NULL, "mappa-2024", NULL);
}

static void
test_renamed(void)
{
	check_source("q5_13@2024", "mappa-2024", "q5_13");
	check_source("q5_13@mappa-2024", "mappa-2024", "q5_13");
	check_source("q5_13@2024", "2024", "q5_13");
}

static void
test_other_edition(void)
{
	check_source("q5_13@2024", "mappa-2023", NULL);
	check_source("q5_13@24", "mappa-2024", NULL);
	check_source("q5_13@mappa", "mappa-2024", NULL);
	check_source("q5_13@2024", "mappa-2024-bis", NULL);
}

/* Read from a form: the words of the cell, and whether the answer stands beside. */
static void
check_read(const char *name, const char *edition, const char *source, gboolean beside)
{
	g_autofree char *path =
	    g_build_filename(g_getenv("SRCDIR") != NULL ? g_getenv("SRCDIR") : ".",
		"tests/data/forms/prova-2025", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(Form) form = form_open_strict(path, &error);
	g_autofree char *found = NULL;

	g_assert_no_error(error);
	found = form_memory_source(form_item(form, name), edition);
	g_assert_cmpstr(found, ==, source);
	g_assert_cmpint(form_item(form, name)->beside, ==, beside);
}

static void
test_beside(void)
{
	check_read("q1_2", "prova-2024", "q1_2", TRUE);
	check_read("q2_7", "prova-2024", "q1_3", TRUE);
	check_read("q2_7", "prova-2023", NULL, TRUE);
	check_read("q2_4", "prova-2024", "q2_4", FALSE);
	check_read("q1_1", "prova-2024", NULL, FALSE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/memory/a-question-that-kept-its-name-has-its-own-answer", test_same_name);
	g_test_add_func("/memory/what-is-not-remembered-has-none", test_not_printed);
	g_test_add_func("/memory/a-renamed-question-has-the-answer-of-its-old-name", test_renamed);
	g_test_add_func("/memory/a-name-of-another-edition-is-no-name-here", test_other_edition);
	g_test_add_func("/memory/accanto-is-said-before-either", test_beside);
	return g_test_run();
}

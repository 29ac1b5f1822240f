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

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/memory/a-question-that-kept-its-name-has-its-own-answer", test_same_name);
	g_test_add_func("/memory/what-is-not-remembered-has-none", test_not_printed);
	g_test_add_func("/memory/a-renamed-question-has-the-answer-of-its-old-name", test_renamed);
	g_test_add_func("/memory/a-name-of-another-edition-is-no-name-here", test_other_edition);
	return g_test_run();
}

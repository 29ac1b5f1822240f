/* The fixed texts: the same {names} in every language. */
#include "render/words.h"

#include "base/lang.h"

#include <string.h>

/* Greetings of a mayor name nobody where that needs a sex that the registry does not tell; how a place is called
 * depends on the language. */
static gboolean
may_differ(Word text)
{
	static const Word free[] = { WORD_GREETING_MAYOR, WORD_GREETING_MAYORESS,
		WORD_GREETING_OTHER, WORD_PLACE };

	for (gsize i = 0; i < G_N_ELEMENTS(free); i++)
		if (free[i] == text)
			return TRUE;
	return text == WORD_QUESTIONS_ONE;
}

static int
by_name(gconstpointer one, gconstpointer other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

/* "name other": the names in @text, sorted. */
static char *
names_in(const char *text)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

	for (const char *at = strchr(text, '{'); at != NULL; at = strchr(at, '{')) {
		const char *close = strchr(at, '}');

		g_assert_nonnull(close);
		g_ptr_array_add(names, g_strndup(at + 1, (gsize)(close - at - 1)));
		at = close;
	}
	g_ptr_array_sort(names, by_name);
	g_ptr_array_add(names, NULL);
	return g_strjoinv(" ", (char **)names->pdata);
}

static void
test_names(void)
{
	for (Word text = 0; text < WORDS; text++) {
		g_autofree char *italian = names_in(word("it", text));

		for (gsize i = 1; lang_all[i] != NULL; i++) {
			g_autofree char *names = names_in(word(lang_all[i], text));

			g_test_message("%s: %s", lang_all[i], word("it", text));
			g_assert_true(g_utf8_validate(word(lang_all[i], text), -1, NULL));
			g_assert_cmpuint(strlen(word(lang_all[i], text)), >, 0);
			if (!may_differ(text))
				g_assert_cmpstr(names, ==, italian);
		}
	}
}

/* French sets a blank that ends no line before high punctuation and inside quotation marks, and a curved apostrophe. */
static void
test_french(void)
{
	static const char *const wrong[] = { "'", " :", " ;", " !", " ?", "« ", " »" };

	for (Word text = 0; text < WORDS; text++)
		for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
			g_test_message("%s", word("fr", text));
			g_assert_null(strstr(word("fr", text), wrong[i]));
		}
}

static void
test_languages(void)
{
	g_assert_cmpstr(word("it", WORD_SECTION_ITEM), ==, "Sezione {number}: {section}");
	g_assert_cmpstr(word("de+it", WORD_SECTION_ITEM), ==, "Abschnitt {number}: {section}");
	g_assert_cmpstr(word("sl", WORD_SECTION_ITEM), ==, "Razdelek {number}: {section}");
	g_assert_cmpstr(word("en", WORD_SECTION_ITEM), ==, "Sezione {number}: {section}");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/words/every language uses the same names", test_names);
	g_test_add_func("/words/of two languages the first", test_languages);
	g_test_add_func("/words/French has its punctuation", test_french);
	return g_test_run();
}

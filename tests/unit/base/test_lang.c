#include "base/lang.h"

static void
test_parts(void)
{
	static const struct {
		const char *lang;
		gboolean good;
		const char *first;
		const char *second;
	} table[] = {
		{ "it", TRUE, "it", NULL },
		{ "sl", TRUE, "sl", NULL },
		{ "de+it", TRUE, "de", "it" },
		{ "it+fr", TRUE, "it", "fr" },
		{ "", FALSE, "it", NULL },
		{ "+", FALSE, "it", NULL },
		{ "de+", FALSE, "it", NULL },
		{ "+it", FALSE, "it", NULL },
		{ "de+de", FALSE, "it", NULL },
		{ "de+it+fr", FALSE, "it", NULL },
		{ "de it", FALSE, "it", NULL },
		{ "DE", FALSE, "it", NULL },
		{ "en", FALSE, "it", NULL },
		{ "it/../de", FALSE, "it", NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_assert_cmpint(lang_check(table[i].lang), ==, table[i].good);
		g_assert_cmpstr(lang_first(table[i].lang), ==, table[i].first);
		g_assert_cmpstr(lang_second(table[i].lang), ==, table[i].second);
		g_assert_cmpstr(
		    lang_or_italian(table[i].lang), ==, table[i].good ? table[i].lang : "it");
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/lang/one or two joined, and Italian for everything else", test_parts);
	return g_test_run();
}

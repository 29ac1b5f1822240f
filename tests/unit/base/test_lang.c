#include "base/lang.h"

#include "base/error.h"

#include <string.h>

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

static void
test_rules(void)
{
	static const char *const rules =
	    "B145 = it; BZ E098=de+it ;AO=it+fr;slovena  F382=it+sl; A952=fr;";
	static const struct {
		const char *province;
		const char *code;
		const char *lang;
	} table[] = {
		{ "BZ", "A952", "de+it" }, /* the first rule that names it */
		{ "BZ", "B145", "it" },
		{ "GO", "E098", "de+it" },
		{ "AO", "A326", "it+fr" },
		{ "TS", "L424", "it+sl" },
		{ "UD", "C758", "it+sl" },
		{ "UD", "L483", "it" },
		{ "UD", "F382", "it+sl" },
		{ "RM", "H501", "it" },
		{ "", "A952", "fr" },
		{ "", "", "it" },
	};

	g_assert_true(lang_rules_check(rules, NULL));
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *lang = lang_by_rules(rules, table[i].province, table[i].code);

		g_test_message("%s %s", table[i].province, table[i].code);
		g_assert_cmpstr(lang, ==, table[i].lang);
	}
}

/* Six of Trieste, eight of Gorizia, eighteen of Udine. */
static void
test_slovene_area(void)
{
	static const struct {
		const char *code;
		const char *province;
	} towns[] = {
#define X(code, province, name) { #code, province },
#include "base/slovene.def"
#undef X
	};
	static const struct {
		const char *province;
		guint towns;
	} expected[] = { { "TS", 6 }, { "GO", 8 }, { "UD", 18 } };
	g_autoptr(GHashTable) codes = g_hash_table_new(g_str_hash, g_str_equal);

	for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
		guint count = 0;

		for (gsize k = 0; k < G_N_ELEMENTS(towns); k++)
			count += strcmp(towns[k].province, expected[i].province) == 0 ? 1 : 0;
		g_assert_cmpuint(count, ==, expected[i].towns);
	}
	for (gsize k = 0; k < G_N_ELEMENTS(towns); k++)
		g_assert_true(g_hash_table_add(codes, (gpointer)(gsize)towns[k].code));
	g_assert_cmpuint(g_hash_table_size(codes), ==, 32);
}

static void
test_wrong_rules(void)
{
	static const char *const wrong[] = { "BZ", "=de", "BZ=", "BZ=de+de", "BZ=en", "bz=de",
		"BZZ=de", "A95=de", "A9522=de", "slovene=sl", "BZ,AO=de", "BZ=de it" };

	g_assert_true(lang_rules_check("", NULL));
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(GError) error = NULL;

		g_test_message("%s", wrong[i]);
		g_assert_false(lang_rules_check(wrong[i], &error));
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/lang/one or two joined, and Italian for everything else", test_parts);
	g_test_add_func("/lang/the first rule that names a town counts", test_rules);
	g_test_add_func("/lang/rules that are none are refused", test_wrong_rules);
	g_test_add_func("/lang/the Slovene area has 32 towns", test_slovene_area);
	return g_test_run();
}

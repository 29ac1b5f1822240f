/* Folding, slugs and what may be shown. */
#include "base/text.h"

#include <string.h>

static void
test_fold(void)
{
	static const struct {
		const char *text;
		const char *folded;
	} table[] = {
		{ "", "" },
		{ "Torino", "torino" },
		{ "Stalettì", "staletti" },
		{ "Staletti'", "staletti" },
		{ "STALETTI\xe2\x80\x99", "staletti" },
		{ "Staletti\xcc\x80", "staletti" },
		{ "  Sant'Andrea  Apostolo ", "santandrea apostolo" },
		{ "Toscolano-Maderno", "toscolano maderno" },
		{ "Bolzano/Bozen", "bolzano bozen" },
		{ "Kurtatsch an der Weinstraße", "kurtatsch an der weinstrasse" },
		{ "Duino Aurisina / Devin Nabrežina", "duino aurisina devin nabrezina" },
		{ "Sovodnje ob Soči", "sovodnje ob soci" },
		{ "Vo'", "vo" },
		{ "'-/", "" },
		{ "\xc2\xa0x\ty\n", "x y" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *folded = text_fold(table[i].text);
		g_autofree char *again = text_fold(folded);

		g_assert_cmpstr(folded, ==, table[i].folded);
		g_assert_cmpstr(again, ==, folded);
	}
}

static void
test_slug(void)
{
	static const struct {
		const char *text;
		const char *slug;
	} table[] = {
		{ "Cantù", "cantu" },
		{ "Forlì-Cesena", "forli_cesena" },
		{ "Straße", "strasse" },
		{ "", "_" },
		{ "..", "__" },
		{ "../../etc/passwd", "______etc_passwd" },
		{ "a\nb", "a_b" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *slug = text_slug(table[i].text);

		g_assert_true(g_str_is_ascii(slug));
		g_assert_null(strpbrk(slug, "/. \n"));
		g_assert_cmpstr(slug, ==, table[i].slug);
	}
}

static void
test_printable(void)
{
#define NO "\xef\xbf\xbd"
	static const struct {
		const char *bytes;
		gssize size;
		gsize limit;
		const char *shown;
	} table[] = {
		{ "abc", -1, 10, "abc" },
		{ "abc", 2, 10, "ab" },
		{ "abc", -1, 2, "ab" },
		{ "èèè", -1, 2, "èè" },
		{ "a\nb\tc", -1, 10, "a\nb\tc" },
		{ "a\x1b[2Jb\r", -1, 10, "a" NO "[2Jb" NO },
		{ "a\xff\xfe", -1, 10, "a" NO NO },
		{ "a\0b", 3, 10, "a" NO "b" },
		{ "ab\xe2\x80\xae"
		  "ba",
		    -1, 10, "ab" NO "ba" },
		{ "a\xe2\x80\x8b", -1, 10, "a" NO },
		{ "", -1, 10, "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *shown =
		    text_printable(table[i].bytes, table[i].size, table[i].limit);

		g_assert_cmpstr(shown, ==, table[i].shown);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/text/names-meet-whatever-their-writing", test_fold);
	g_test_add_func("/text/a-slug-is-no-path", test_slug);
	g_test_add_func("/text/what-is-shown-steers-no-terminal", test_printable);
	return g_test_run();
}

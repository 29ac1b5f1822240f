#include "layout/measure.h"
#include "pdf/mupdf.h"

#include <math.h>
#include <string.h>

static const Style plain = { FACE_REGULAR, FALSE, 10, 12, { 0, 0, 0 } };

static void
test_wrap(void)
{
	static const char text[] =
	    "Quante risorse IT sono previste nella dotazione organica dell'Ente, "
	    "front-office e back-office compresi, e perché così poche?";
	g_auto(GStrv) lines = measure_wrap(&plain, text, 150);
	g_autofree char *joined = g_strjoinv(" ", lines);
	g_autofree char *compact = NULL;

	g_assert_cmpuint(g_strv_length(lines), >, 3);
	for (gsize i = 0; lines[i] != NULL; i++)
		g_assert_cmpfloat(measure_width(&plain, lines[i]), <=, 150.01);
	g_strdelimit(joined, "-", ' ');
	compact = g_strjoinv("", lines);
	g_assert_cmpuint(strlen(compact) + 0, <=, strlen(text));
	g_assert_nonnull(strstr(joined, "perché così poche?"));
}

static void
test_long_word(void)
{
	g_auto(GStrv) lines =
	    measure_wrap(&plain, "precipitevolissimevolmenteprecipitevolissimevolmenteèèèè", 60);
	g_autofree char *joined = g_strjoinv("", lines);

	g_assert_cmpuint(g_strv_length(lines), >, 3);
	g_assert_cmpstr(joined, ==, "precipitevolissimevolmenteprecipitevolissimevolmenteèèèè");
	g_assert_true(g_utf8_validate(lines[g_strv_length(lines) - 1], -1, NULL));
}

static void
test_line_feeds(void)
{
	g_auto(GStrv) lines = measure_wrap(&plain, "uno\ndue  tre\n\nquattro", 300);
	g_auto(GStrv) nothing = measure_wrap(&plain, "", 300);

	g_assert_cmpuint(g_strv_length(lines), ==, 4);
	g_assert_cmpstr(lines[0], ==, "uno");
	g_assert_cmpstr(lines[2], ==, "");
	g_assert_cmpstr(lines[3], ==, "quattro");
	g_assert_cmpuint(g_strv_length(nothing), ==, 1);
}

static void
test_clip(void)
{
	g_autofree char *whole = measure_clip(&plain, "breve", 200);
	g_autofree char *cut = measure_clip(&plain, "San Valentino in Abruzzo Citeriore", 80);

	g_assert_cmpstr(whole, ==, "breve");
	g_assert_true(g_str_has_prefix(cut, "San Valentino"));
	g_assert_true(g_str_has_suffix(cut, "…"));
	g_assert_cmpfloat(measure_width(&plain, cut), <=, 80);
}

static void
test_repertoire(void)
{
	gunichar missing = 0;

	g_assert_true(measure_can_draw("àèéìòùÀÈ «» “” ’ – — … € č š ž Đ ß ü ă ș ħ ŵ °", &missing));
	g_assert_false(measure_can_draw("sole ☀", &missing));
	g_assert_cmpuint(missing, ==, 0x2600);
	g_assert_false(measure_can_draw("tab\t", &missing));
	for (Repertoire each = REPERTOIRE_CODE; each <= REPERTOIRE_ALL; each++) {
		g_autofree char *all = measure_characters(each);

		g_assert_true(measure_can_draw(all, &missing));
		g_assert_cmpuint(measure_repertoire(all), ==, each);
	}
	g_assert_cmpuint(measure_repertoire(""), ==, REPERTOIRE_NONE);
	g_assert_cmpuint(measure_repertoire("A1B2-C3"), ==, REPERTOIRE_CODE);
	g_assert_cmpuint(measure_repertoire("Roma"), ==, REPERTOIRE_ASCII);
	g_assert_cmpuint(measure_repertoire("Forlì, l’Œuvre"), ==, REPERTOIRE_WESTERN);
	g_assert_cmpuint(measure_repertoire("Soči"), ==, REPERTOIRE_ALL);
}

static void
test_drawable(void)
{
	static const struct {
		const char *text;
		const char *shown;
	} table[] = {
		{ "Forlì", "Forlì" },
		{ "Forli\xcc\x80", "Forlì" }, /* composed */
		{ "Ǎ", "A" },
		{ "😀", "?" },
		{ "a\xff"
		  "b\xe2",
		    "a?b?" }, /* no UTF-8 */
		{ "", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *shown = measure_drawable(table[i].text);

		g_assert_cmpstr(shown, ==, table[i].shown);
		g_assert_cmpfloat(
		    fabs(measure_width(&plain, table[i].text) - measure_width(&plain, shown)), <,
		    0.001);
	}
}

/* What is measured is what the font says, in whole thousandths. */
static void
test_widths(void)
{
	g_autofree char *all = measure_characters(REPERTOIRE_ALL);
	g_autoptr(GError) error = NULL;
	g_autoptr(PdfMaker) maker = pdf_maker_new(&error);

	g_assert_no_error(error);
	g_assert_cmpint(g_utf8_strlen(all, -1), >, 300);
	for (const char *at = all; *at != '\0'; at = g_utf8_next_char(at)) {
		gsize size = (gsize)(g_utf8_next_char(at) - at);
		double off = pdf_glyphs_width(maker->glyphs, at, size) * plain.size -
			     measure_part(&plain, at, size);

		g_assert_cmpfloat(off, >, -0.001);
		g_assert_cmpfloat(off, <, 0.011);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/text/lines-are-no-wider-than-asked-and-lose-nothing", test_wrap);
	g_test_add_func("/text/a-word-too-long-is-cut-between-characters", test_long_word);
	g_test_add_func("/text/line-feeds-stand", test_line_feeds);
	g_test_add_func("/text/a-clipped-text-ends-in-an-ellipsis", test_clip);
	g_test_add_func("/text/the-fonts-know-latin-and-say-what-they-lack", test_repertoire);
	g_test_add_func("/measure/what the fonts lack becomes its letter or a mark", test_drawable);
	g_test_add_func("/measure/widths are those of the fonts", test_widths);
	return g_test_run();
}

/* Pages without a QR: the code in their letters, and the marks alone. */
#include "collect/paper.h"
#include "layout/page_marks.h"

#include <math.h>
#include <string.h>

/* --- the code at the foot --------------------------------------------------------------------------------------------------- */

/* Writes @text from (x, y) on, each letter (dx, dy) behind the one before. */
static void
write_letters(GArray *out, const char *text, double x, double y, double dx, double dy)
{
	for (; *text != '\0'; text = g_utf8_next_char(text), x += dx, y += dy) {
		Letter letter = { g_utf8_get_char(text), { x, y }, { x, y - 8, x + 6, y }, 10 };

		g_array_append_val(out, letter);
	}
}

static char *
codes_of(const GArray *letters)
{
	g_autoptr(GPtrArray) codes = paper_text_codes(letters);

	g_ptr_array_add(codes, NULL);
	return g_strjoinv(" ", (char **)codes->pdata);
}

static void
test_codes(void)
{
	static const struct {
		const char *text;
		const char *codes;
	} cases[] = {
		{ "C860:S2:1:3F7KQ2WX · mappa-2024 · C860 Collegno", "C860:S2:1:3F7KQ2WX" },
		{ "Pagina 1 di 2", "" },
		{ "12:30:00 00:1B:44:11 http://a:b", "" },
		{ "c860:s2:1:3f7kq2wx", "" },
		{ "A:S2:3+7:00000000 A:S2:3+7:00000000 B:S2:3-7:00000000",
		    "A:S2:3+7:00000000 B:S2:3-7:00000000" },
		{ "xA:S2:1:00000000 A:S2:1:00000000:1 Č:S2:1:00000000", "" },
		{ "A:S2:1:0000000 A:S2:1:000000000 A:S2:1:1:00000000 S2:1:00000000", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GArray) letters = g_array_new(FALSE, FALSE, sizeof(Letter));
		g_autofree char *codes = NULL;

		write_letters(letters, cases[i].text, 40, 700, 6, 0);
		codes = codes_of(letters);
		g_assert_cmpstr(codes, ==, cases[i].codes);
	}
}

static void
test_codes_any_way(void)
{
	static const double ways[][2] = { { -6, 0 }, { 0, 6 }, { 0, -6 }, { 5.9, 0.4 } };

	for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
		g_autoptr(GArray) letters = g_array_new(FALSE, FALSE, sizeof(Letter));
		g_autofree char *codes = NULL;

		write_letters(letters, "Fine", 300, 300, ways[i][0], ways[i][1]);
		write_letters(letters, "A:S2:1:00000000", 300, 400, ways[i][0], ways[i][1]);
		/* what goes on in the same line, without a blank that anybody has written */
		write_letters(letters, "PAG", 300 + 19 * ways[i][0], 400 + 19 * ways[i][1],
		    ways[i][0], ways[i][1]);
		codes = codes_of(letters);
		g_assert_cmpstr(codes, ==, "A:S2:1:00000000");
	}
}

/* --- the marks -------------------------------------------------------------------------------------------------------------- */

#define SCALE 2.0 /* dots of a point */

static const Spot nowhere[4] = { { 0, 0 } };

static Grey *
blank(guint width, guint height)
{
	Grey *grey = g_new0(Grey, 1);

	grey->width = width;
	grey->height = height;
	grey->at = g_malloc((gsize)width * height);
	memset(grey->at, 250, (gsize)width * height);
	return grey;
}

/* Points. */
static void
fill(Grey *grey, double x, double y, double width, double height)
{
	for (guint row = (guint)lround(y * SCALE); row < (guint)lround((y + height) * SCALE); row++)
		for (guint at = (guint)lround(x * SCALE); at < (guint)lround((x + width) * SCALE);
		     at++)
			grey->at[(gsize)row * grey->width + at] = 10;
}

/* A sheet's page without anything but its marks. @corners: how many of them. */
static Grey *
marked(guint corners, guint32 bars)
{
	static const Spot at[] = { { CORNER_LEFT, CORNER_TOP }, { CORNER_LEFT, CORNER_BOTTOM },
		{ CORNER_RIGHT, CORNER_BOTTOM }, { CORNER_RIGHT, CORNER_TOP } };
	Grey *grey = blank((guint)(PAPER_WIDTH * SCALE), (guint)(PAPER_HEIGHT * SCALE));

	for (guint i = 0; i < corners; i++)
		fill(grey, at[i].x - CORNER_SIDE / 2, at[i].y - CORNER_SIDE / 2, CORNER_SIDE,
		    CORNER_SIDE);
	for (guint i = 0; i < PAGE_MARK_BARS; i++) {
		double height =
		    (bars >> (PAGE_MARK_BARS - 1 - i) & 1) != 0 ? PAGE_MARK_TALL : PAGE_MARK_SHORT;

		fill(grey, PAGE_MARK_LEFT + i * PAGE_MARK_PITCH, PAGE_MARK_FOOT - height,
		    PAGE_MARK_WIDTH, height);
	}
	return grey;
}

/* By a quarter, clockwise. */
static Grey *
turned(const Grey *grey)
{
	Grey *out = blank(grey->height, grey->width);

	for (guint y = 0; y < grey->height; y++)
		for (guint x = 0; x < grey->width; x++)
			out->at[(gsize)x * out->width + (grey->height - 1 - y)] =
			    grey->at[(gsize)y * grey->width + x];
	return out;
}

#define DOT_LEFT 100 /* points: of a dot that lies in no middle */
#define DOT_TOP	 300

static void
test_marks(void)
{
	g_autoptr(Grey) page = marked(4, page_mark_encode(3, 2));

	fill(page, DOT_LEFT, DOT_TOP, 2, 2);
	for (int quarters = 0; quarters < 4; quarters++) {
		Grey *next = turned(page);
		PaperMap map;
		guint section, number;
		Spot dot;

		g_assert_true(paper_map_both(page, nowhere, &map, &section, &number));
		g_assert_cmpuint(section, ==, 3);
		g_assert_cmpuint(number, ==, 2);
		g_assert_cmpfloat_with_epsilon(map.scale, SCALE, 0.02);
		dot = paper_map_place(&map, DOT_LEFT + 1, DOT_TOP + 1);
		g_assert_true(dot.x >= 0 && dot.x < page->width);
		g_assert_true(dot.y >= 0 && dot.y < page->height);
		g_assert_cmpint(page->at[(gsize)dot.y * page->width + (gsize)dot.x], ==, 10);
		grey_free(g_steal_pointer(&page));
		page = next;
	}
}

static void
test_no_marks(void)
{
	g_autoptr(Grey) paper = blank(1190, 1683);
	g_autoptr(Grey) dot = blank(1, 1);
	g_autoptr(Grey) torn = marked(3, page_mark_encode(3, 2));
	g_autoptr(Grey) other = marked(4, page_mark_encode(3, 2) ^ 1);
	Grey *const none[] = { paper, dot, torn, other };

	for (gsize i = 0; i < G_N_ELEMENTS(none); i++) {
		PaperMap map;
		guint section, number;

		g_assert_false(paper_map_both(none[i], nowhere, &map, &section, &number));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/collect/paper/the-code-at-the-foot-is-found-among-words", test_codes);
	g_test_add_func("/collect/paper/whichever-way-the-page-lies", test_codes_any_way);
	g_test_add_func("/collect/paper/four-marks-square-a-page-any-way-up", test_marks);
	g_test_add_func("/collect/paper/without-them-it-is-none-of-ours", test_no_marks);
	return g_test_run();
}

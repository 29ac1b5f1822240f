#include "layout/galley.h"
#include "render/words.h"

#include <string.h>

static const Style plain = { FACE_REGULAR, FALSE, 10, 12, { 0, 0, 0 } };

typedef struct {
	Canvas *canvas;
	Galley *galley;
} Desk;

static void
open_desk(Desk *desk, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	(void)data;
	desk->canvas = canvas_new(FACE_BOLD, &error);
	g_assert_no_error(error);
	desk->galley = galley_new();
}

static void
close_desk(Desk *desk, gconstpointer data)
{
	(void)data;
	galley_free(desk->galley);
	canvas_free(desk->canvas);
}

/* --- pages ------------------------------------------------------------------------------------------------- */

static GArray *pages_painted;

static void
note_page(Canvas *canvas, guint page, guint pages, gpointer data)
{
	(void)canvas;
	(void)pages;
	(void)data;
	g_array_append_val(pages_painted, page);
}

/* The page on which each widget came to lie. */
static guint
page_of(const Desk *desk, guint widget)
{
	const Widget *placed = g_ptr_array_index(canvas_drawing(desk->canvas)->widgets, widget);

	return placed->page;
}

static Strip *
add_strip(Desk *desk, double height, guint block, gboolean keep)
{
	Strip *strip = galley_add(desk->galley, 0);
	const Box box = { 100, 0, 10, height };

	strip->block = block;
	strip->keep = keep;
	strip_widget(strip, box, widget_new(FIELD_TEXT, "x", "", ""));
	return strip;
}

static guint
cut_and_paint(Desk *desk)
{
	guint pages = galley_cut(desk->galley, 100, 700);

	pages_painted = g_array_new(FALSE, FALSE, sizeof(guint));
	galley_paint(desk->galley, desk->canvas, note_page, NULL);
	g_assert_cmpuint(pages_painted->len, ==, pages);
	g_array_unref(pages_painted);
	return pages;
}

static void
test_block_whole(Desk *desk, gconstpointer data)
{
	(void)data;
	add_strip(desk, 500, 1, FALSE);
	for (guint i = 0; i < 4; i++)
		add_strip(desk, 50, 2, FALSE); /* 200 points where 100 are left */
	add_strip(desk, 300, 3, FALSE);
	g_assert_cmpuint(cut_and_paint(desk), ==, 2);
	for (guint i = 1; i < 5; i++)
		g_assert_cmpuint(page_of(desk, i), ==, 1);
}

static void
test_block_split(Desk *desk, gconstpointer data)
{
	(void)data;
	add_strip(desk, 300, 1, FALSE);
	for (guint i = 0; i < 10; i++)
		add_strip(desk, 50, 2, i == 0 || i == 8); /* 500 points where 300 are left */
	g_assert_cmpuint(cut_and_paint(desk), ==, 2);
	g_assert_cmpuint(page_of(desk, 1), ==, 0);
	g_assert_cmpuint(page_of(desk, 10), ==, 1);
	g_assert_cmpuint(page_of(desk, 9), ==, 1);
}

static void
test_keep(Desk *desk, gconstpointer data)
{
	(void)data;
	add_strip(desk, 580, 0, FALSE);
	add_strip(desk, 15, 0, TRUE); /* a heading would fit, but not what it heads */
	add_strip(desk, 400, 0, FALSE);
	g_assert_cmpuint(cut_and_paint(desk), ==, 2);
	g_assert_cmpuint(page_of(desk, 1), ==, 1);
	g_assert_cmpuint(page_of(desk, 2), ==, 1);
}

static void
test_head_again(Desk *desk, gconstpointer data)
{
	Strip *head = galley_add_head(desk->galley);
	const Widget *last;

	(void)data;
	(void)strip_text(head, "P", &plain, ALIGN_LEFT, 100, 0, 200, "segue");
	head->height = 30;
	add_strip(desk, 20, 1, TRUE);
	for (guint i = 0; i < 30; i++)
		add_strip(desk, 40, 1, FALSE)->head = head;
	g_assert_cmpuint(cut_and_paint(desk), ==, 3);
	last = g_ptr_array_index(canvas_drawing(desk->canvas)->widgets, 16);
	g_assert_cmpuint(last->page, ==, 1);
	for (guint i = 1; i < 31; i++) {
		const Widget *widget = g_ptr_array_index(canvas_drawing(desk->canvas)->widgets, i);

		if (widget->page > 0)
			g_assert_cmpfloat(widget->box.y, >=, 130);
	}
}

static void
test_scant_page(Desk *desk, gconstpointer data)
{
	(void)data;
	for (guint i = 0; i < 11; i++)
		add_strip(desk, 40, 0, FALSE)->before = 20; /* 640 with blanks, 584 with less */
	g_assert_cmpuint(cut_and_paint(desk), ==, 1);
}

/* 150 lines of 12 points on pages of 600. */
static void
test_long_text(Desk *desk, gconstpointer data)
{
	g_autoptr(GString) text = g_string_new("riga");
	Strip *strip = galley_add(desk->galley, 0);
	const GArray *blocks;
	guint parts = 0;
	guint last_page = 0;

	(void)data;
	for (guint i = 1; i < 150; i++)
		g_string_append(text, "\nriga");
	strip->lang = "de";
	(void)strip_text(strip, "P", &plain, ALIGN_LEFT, 100, 0, 200, text->str);
	strip->lang = NULL;
	add_strip(desk, 20, 0, FALSE);
	g_assert_cmpuint(cut_and_paint(desk), ==, 4);
	g_assert_cmpuint(page_of(desk, 0), ==, 3);
	blocks = canvas_drawing(desk->canvas)->blocks;
	g_assert_cmpstr(g_array_index(blocks, Block, 0).tag, ==, "P");
	g_assert_cmpstr(g_array_index(blocks, Block, 0).lang, ==, "de");
	/* one element, with a part in each piece */
	for (guint i = 1; i < blocks->len; i++) {
		const Block *block = &g_array_index(blocks, Block, i);

		if (block->parent != 0)
			continue;
		g_assert_cmpstr(block->tag, ==, "Span");
		g_assert_cmpuint(block->page, >=, last_page);
		last_page = block->page;
		parts++;
	}
	g_assert_cmpuint(parts, >, 3);
	g_assert_cmpuint(last_page, ==, 3);
}

/* A question whose parts are kept together, but are more than a page. */
static void
test_keep_too_much(Desk *desk, gconstpointer data)
{
	(void)data;
	for (guint i = 0; i < 4; i++)
		add_strip(desk, 250, 1, TRUE);
	g_assert_cmpuint(cut_and_paint(desk), ==, 2);
	g_assert_cmpuint(page_of(desk, 1), ==, 0);
	g_assert_cmpuint(page_of(desk, 2), ==, 1);
	for (guint i = 0; i < 4; i++) {
		const Widget *widget = g_ptr_array_index(canvas_drawing(desk->canvas)->widgets, i);

		g_assert_cmpfloat(widget->box.y + widget->box.height, <=, 700);
	}
}

static void
test_structure(Desk *desk, gconstpointer data)
{
	Strip *strip = galley_add(desk->galley, 0);
	const Drawing *drawing;
	const Block *item;

	(void)data;
	strip_open(strip, "L");
	strip_open(strip, "LI");
	(void)strip_text(strip, "LBody", &plain, ALIGN_LEFT, 0, 0, 100, "uno due");
	strip_close(strip);
	strip_close(strip);
	(void)strip_text(strip, "P", &plain, ALIGN_LEFT, 0, 20, 100, "dopo");
	(void)cut_and_paint(desk);
	drawing = canvas_drawing(desk->canvas);
	g_assert_cmpuint(drawing->blocks->len, ==, 4);
	item = &g_array_index(drawing->blocks, Block, 2);
	g_assert_cmpstr(item->tag, ==, "LBody");
	g_assert_cmpint(item->parent, ==, 1);
	g_assert_cmpint(item->mcid, ==, 0);
	item = &g_array_index(drawing->blocks, Block, 3);
	g_assert_cmpint(item->parent, ==, -1);
	g_assert_cmpint(item->mcid, ==, 1);
}

static void
test_saved(Desk *desk, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) file = NULL;

	(void)data;
	add_strip(desk, 50, 0, FALSE);
	(void)cut_and_paint(desk);
	file = canvas_save(desk->canvas, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(g_bytes_get_size(file), >, 1000);
	g_assert_cmpint(memcmp(g_bytes_get_data(file, NULL), "%PDF-", 5), ==, 0);
}

/* --- words --------------------------------------------------------------------------------------------------- */

static void
test_words_fill(void)
{
	g_autofree char *filled = words_fill("{a} e {b}, {a}", "a", "{b}", "b", "due", NULL);

	g_assert_cmpstr(filled, ==, "{b} e due, {b}");
}

static void
test_words_fall_back(void)
{
	g_assert_cmpstr(word("xx", WORD_TOWN), ==, word("it", WORD_TOWN));
	for (gsize i = 0; i < WORDS; i++)
		g_assert_cmpint((int)strlen(word("it", (Word)i)), >, 0);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Desk *, gconstpointer);
	} tests[] = {
		{ "/pages/a-block-is-not-cut-for-a-small-hole", test_block_whole },
		{ "/pages/a-block-is-cut-rather-than-leave-a-large-hole", test_block_split },
		{ "/pages/what-is-kept-together-goes-on-together", test_keep },
		{ "/pages/a-head-comes-again-where-its-rows-go-on", test_head_again },
		{ "/pages/a-text-longer-than-a-page-goes-on-as-one-element", test_long_text },
		{ "/pages/what-is-kept-together-but-too-much-is-cut", test_keep_too_much },
		{ "/pages/all-moves-closer-to-save-a-scant-last-page", test_scant_page },
		{ "/pages/the-record-holds-the-structure-in-reading-order", test_structure },
		{ "/pages/what-was-drawn-is-a-pdf", test_saved },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Desk, NULL, open_desk, tests[i].test, close_desk);
	g_test_add_func("/words/values-are-not-filled-in-again", test_words_fill);
	g_test_add_func(
	    "/words/a-language-without-texts-has-the-italian-ones", test_words_fall_back);
	return g_test_run();
}

/* Where pages end. */
#include "layout/galley_mark.h"

#define ROUNDING 0.01

/* How much of a page the strips from @from to @to (without it) take, the first without the blank above it. */
static double
run_height(const Galley *galley, guint from, guint to)
{
	double height = 0;

	for (guint i = from; i < to; i++) {
		const Strip *strip = galley_strip(galley, i);

		height += strip->height + (i > from ? strip->before * galley->spacing : 0);
	}
	return height;
}

/* A block, with what must not be parted from it. */
static guint
block_end(const Galley *galley, guint from)
{
	guint i = from + 1;

	while (i < galley->strips->len) {
		const Strip *last = galley_strip(galley, i - 1);
		const Strip *next = galley_strip(galley, i);

		if (!last->keep && !next->joined &&
		    (last->block == 0 || next->block != last->block))
			break;
		i++;
	}
	return i;
}

static guint
keep_end(const Galley *galley, guint from, guint limit)
{
	guint i = from + 1;

	while (i < limit && (galley_strip(galley, i - 1)->keep || galley_strip(galley, i)->joined))
		i++;
	return i;
}

typedef struct {
	double top;
	double bottom;
	double y;
	guint page;
} Cut;

static void
next_page(Cut *cut)
{
	cut->page++;
	cut->y = cut->top;
}

static void
put(Galley *galley, Cut *cut, const Strip *strip, gboolean inside, gboolean again)
{
	gboolean fresh = cut->y <= cut->top;
	double before = strip->before * galley->spacing;
	Place place = { .strip = strip, .page = cut->page, .again = again };

	cut->y += fresh ? 0 : before;
	place.y = cut->y;
	place.above = inside && !fresh ? before : 0;
	g_array_append_val(galley->places, place);
	cut->y += strip->height;
}

static void
put_block(Galley *galley, Cut *cut, guint from, guint to)
{
	for (guint i = from, end; i < to; i = end) {
		double before = galley_strip(galley, i)->before * galley->spacing;

		end = keep_end(galley, i, to);
		if (cut->y > cut->top && cut->y + before + run_height(galley, i, end) > cut->bottom)
			next_page(cut);
		for (guint k = i; k < end; k++) {
			const Strip *strip = galley_strip(galley, k);

			/* what should stay together is more than a page holds */
			if (cut->y > cut->top &&
			    cut->y + strip->before * galley->spacing + strip->height >
				cut->bottom + ROUNDING)
				next_page(cut);
			if (strip->head != NULL && cut->y <= cut->top && k > from)
				put(galley, cut, strip->head, FALSE, TRUE);
			put(galley, cut, strip, k > from, FALSE);
		}
	}
}

/* Finds a place for every strip. */
static void
place_all(Galley *galley, double top, double bottom)
{
	Cut cut = { .top = top, .bottom = bottom, .y = top };

	g_array_set_size(galley->places, 0);
	for (guint i = 0, end; i < galley->strips->len; i = end) {
		double before = galley_strip(galley, i)->before * galley->spacing;
		double height;

		end = block_end(galley, i);
		height = run_height(galley, i, end);
		if (cut.y > top && cut.y + before + height > bottom &&
		    bottom - cut.y < galley->hole && height <= bottom - top)
			next_page(&cut);
		put_block(galley, &cut, i, end);
	}
	galley->pages = cut.page + 1;
}

/* From the ample to the close; each but the first only where it may save a page. */
static const struct {
	double spacing; /* factor of the blanks between strips */
	double hole;	/* of a page may stay empty so that a block is not cut */
} ways[] = { { 1, 170 }, { 1, 90 }, { 0.86, 170 }, { 0.86, 90 }, { 0.72, 170 }, { 0.72, 90 } };

#define CLOSEST ways[G_N_ELEMENTS(ways) - 1].spacing

static void
place_in_way(Galley *galley, gsize way, double top, double bottom)
{
	galley->spacing = ways[way].spacing;
	galley->hole = ways[way].hole;
	place_all(galley, top, bottom);
}

/* FALSE only where no way saves so many: the strips with the smallest blanks are more than @pages of @height hold, which leave
 * out the blank above their first strip. */
static gboolean
may_fit(const Galley *galley, guint pages, double height)
{
	double total = 0;
	double largest = 0; /* blank */

	for (guint i = 0; i < galley->strips->len; i++) {
		const Strip *strip = galley_strip(galley, i);
		double before = strip->before * CLOSEST;

		total += MIN(strip->height, height) + before;
		largest = MAX(largest, before);
	}
	return total <= pages * (height + largest + 2 * ROUNDING);
}

guint
galley_cut(Galley *galley, double top, double bottom)
{
	guint fewest = G_MAXUINT;
	gsize best = 0;
	gsize way = 0;

	galley_split_tall(galley->strips, bottom - top);
	for (; way < G_N_ELEMENTS(ways) && (way == 0 || may_fit(galley, fewest - 1, bottom - top));
	     way++) {
		place_in_way(galley, way, top, bottom);
		if (galley->pages < fewest) {
			fewest = galley->pages;
			best = way;
		}
	}
	if (best + 1 != way)
		place_in_way(galley, best, top, bottom);
	return galley->pages;
}

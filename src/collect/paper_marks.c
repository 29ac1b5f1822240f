/* Squaring a page by its marks; pure. */
#include "collect/paper.h"
#include "layout/layout.h"

#include <math.h>
#include <string.h>

#define QR_X	   520.28 /* centre of the code, points */
#define QR_Y	   58.0
#define CODE_LEAST 30.0 /* dots: a side of a code that is worth looking at */
#define CODE_MOST  600.0
#define CODE_PART                                                                                  \
	0.785 /* of QR_SIDE that the code without its quiet zone takes, 29 modules of 37; others differ by little */
#define CODE_BOX   68.0
#define NEAR	   14.0 /* points: how far from where it must be the first mark is looked for */
#define FAR	   26.0 /* the others */
#define MARK_LEAST 0.45 /* of its area, in dots: a mark that has lost some to the printer */
#define MARK_MOST  1.8
#define REACH	   45.0 /* points: how far, where nothing but the picture's edges says */
#define SKEW                                                                                       \
	0.03 /* how much lengths that are equal on the sheet may differ, where no code says that it is one */
#define FULL	    0.62 /* of its box that is dark, turned by some degrees */
#define MISS_CENTRE 3.0	 /* points: where the map says that the code is, and where it is */
#define PAPER_LIGHT 120	 /* nothing below that is paper */
#define CONTRAST    60

static double
distance(Spot a, Spot b)
{
	return hypot(a.x - b.x, a.y - b.y);
}

/* --- one mark ------------------------------------------------------------------------------------------------------------- */

/* A window of the picture; seen: dots that were looked at. */
typedef struct {
	const Grey *grey;
	int left, top, width, height;
	guchar level; /* what is darker belongs to a mark */
	guchar *seen;
	GArray *stack; /* of int: dots still to look at */
} Window;

typedef struct {
	Spot centre;
	guint dots;
	int left, right, top, bottom;
	double sum; /* of their values */
} Patch;

static guchar
dot(const Grey *grey, int x, int y)
{
	return grey->at[(gsize)y * grey->width + (gsize)x];
}

static void
look_at(Window *window, int x, int y)
{
	int at = y * window->width + x;

	if (x < 0 || y < 0 || x >= window->width || y >= window->height || window->seen[at] != 0 ||
	    dot(window->grey, window->left + x, window->top + y) >= window->level)
		return;
	window->seen[at] = 1;
	g_array_append_val(window->stack, at);
}

/* All that hangs together with the dot. */
static Patch
patch_at(Window *window, int x, int y)
{
	Patch patch = { { 0, 0 }, 0, x, x, y, y, 0 };

	look_at(window, x, y);
	while (window->stack->len > 0) {
		int at = g_array_index(window->stack, int, window->stack->len - 1);
		int px = at % window->width;
		int py = at / window->width;

		g_array_set_size(window->stack, window->stack->len - 1);
		patch.dots++;
		patch.centre.x += px + 0.5;
		patch.centre.y += py + 0.5;
		patch.sum += dot(window->grey, window->left + px, window->top + py);
		patch.left = MIN(patch.left, px);
		patch.right = MAX(patch.right, px);
		patch.top = MIN(patch.top, py);
		patch.bottom = MAX(patch.bottom, py);
		look_at(window, px - 1, py);
		look_at(window, px + 1, py);
		look_at(window, px, py - 1);
		look_at(window, px, py + 1);
	}
	if (patch.dots > 0) {
		patch.centre.x = patch.centre.x / patch.dots + window->left;
		patch.centre.y = patch.centre.y / patch.dots + window->top;
	}
	return patch;
}

static gboolean
is_mark(const Patch *patch, double scale)
{
	double area = CORNER_SIDE * CORNER_SIDE * scale * scale;
	double width = patch->right - patch->left + 1;
	double height = patch->bottom - patch->top + 1;

	return patch->dots >= MARK_LEAST * area && patch->dots <= MARK_MOST * area &&
	       width < 1.5 * height && height < 1.5 * width && patch->dots >= FULL * width * height;
}

static void
find_levels(Window *window, guchar *darkest, guchar *lightest)
{
	*darkest = 255;
	*lightest = 0;
	for (int y = 0; y < window->height; y++)
		for (int x = 0; x < window->width; x++) {
			guchar value = dot(window->grey, window->left + x, window->top + y);

			*darkest = MIN(*darkest, value);
			*lightest = MAX(*lightest, value);
		}
}

/* The square that lies nearest to @where, within @reach dots. */
static gboolean
find_mark(const Grey *grey, Spot where, double reach, double scale, Spot *out, guchar *black)
{
	int left = (int)CLAMP(where.x - reach, 0, grey->width);
	int top = (int)CLAMP(where.y - reach, 0, grey->height);
	int right = (int)CLAMP(where.x + reach, 0, grey->width);
	int bottom = (int)CLAMP(where.y + reach, 0, grey->height);
	Window window = { .grey = grey,
		.left = left,
		.top = top,
		.width = right - left,
		.height = bottom - top };
	g_autofree guchar *seen = NULL;
	g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(int));
	guchar darkest, lightest;
	double best = reach;

	if (window.width <= 0 || window.height <= 0)
		return FALSE;
	find_levels(&window, &darkest, &lightest);
	if (lightest - darkest < CONTRAST)
		return FALSE;
	seen = g_malloc0((gsize)window.width * (gsize)window.height);
	window.seen = seen;
	window.stack = stack;
	window.level = (guchar)((darkest + lightest) / 2);
	for (int y = 0; y < window.height; y++)
		for (int x = 0; x < window.width; x++) {
			Patch patch = patch_at(&window, x, y);

			if (!is_mark(&patch, scale) || distance(patch.centre, where) >= best)
				continue;
			best = distance(patch.centre, where);
			*out = patch.centre;
			*black = (guchar)(patch.sum / patch.dots);
		}
	return best < reach;
}

/* --- the map ---------------------------------------------------------------------------------------------------------------- */

/* Solves eight equations in place (Gauss, with pivots). FALSE: they do not tell. */
static gboolean
solve(double a[8][9])
{
	for (int i = 0; i < 8; i++) {
		int pivot = i;

		for (int k = i + 1; k < 8; k++)
			if (fabs(a[k][i]) > fabs(a[pivot][i]))
				pivot = k;
		if (fabs(a[pivot][i]) < 1e-9)
			return FALSE;
		for (int k = 0; k < 9; k++) {
			double kept = a[i][k];

			a[i][k] = a[pivot][k];
			a[pivot][k] = kept;
		}
		for (int k = 0; k < 8; k++) {
			double factor = a[k][i] / a[i][i];

			for (int j = i; j < 9 && k != i; j++)
				a[k][j] -= factor * a[i][j];
		}
	}
	return TRUE;
}

/* The map that takes @from to @to. Places are made small first: the equations are then well-conditioned. */
static gboolean
map_of(const Spot from[4], const Spot to[4], double m[9])
{
	double a[8][9] = { { 0 } };

	for (int i = 0; i < 4; i++) {
		double x = from[i].x / PAPER_WIDTH;
		double y = from[i].y / PAPER_WIDTH;
		const double across[9] = { x, y, 1, 0, 0, 0, -x * to[i].x, -y * to[i].x, to[i].x };
		const double down[9] = { 0, 0, 0, x, y, 1, -x * to[i].y, -y * to[i].y, to[i].y };

		memcpy(a[2 * i], across, sizeof across);
		memcpy(a[2 * i + 1], down, sizeof down);
	}
	if (!solve(a))
		return FALSE;
	for (int i = 0; i < 8; i++)
		m[i] = a[i][8] / a[i][i] / (i % 3 == 2 ? 1 : PAPER_WIDTH);
	m[8] = 1;
	return TRUE;
}

Spot
paper_map_place(const PaperMap *map, double x, double y)
{
	const double *m = map->m;
	double w = m[6] * x + m[7] * y + m[8];

	if (fabs(w) < 1e-9)
		return (Spot){ -1, -1 };
	return (Spot){ (m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w };
}

static Spot
middle(const Spot corners[4])
{
	Spot sum = { 0, 0 };

	for (int i = 0; i < 4; i++) {
		sum.x += corners[i].x / 4;
		sum.y += corners[i].y / 4;
	}
	return sum;
}

/* Dots for one point to the right, and downwards, as the sides of a four-sided figure of @width by @height points say. */
typedef struct {
	Spot right;
	Spot down;
} Step;

static Step
step_of(const Spot corners[4], double width, double height)
{
	return (Step){
		{ (corners[1].x - corners[0].x + corners[2].x - corners[3].x) / (2 * width),
		    (corners[1].y - corners[0].y + corners[2].y - corners[3].y) / (2 * width) },
		{ (corners[3].x - corners[0].x + corners[2].x - corners[1].x) / (2 * height),
		    (corners[3].y - corners[0].y + corners[2].y - corners[1].y) / (2 * height) },
	};
}

static Spot
go(Spot from, Step step, double right, double down)
{
	return (Spot){ from.x + step.right.x * right + step.down.x * down,
		from.y + step.right.y * right + step.down.y * down };
}

static const Spot marks[4] = { { CORNER_LEFT, CORNER_TOP }, { CORNER_RIGHT, CORNER_TOP },
	{ CORNER_RIGHT, CORNER_BOTTOM }, { CORNER_LEFT, CORNER_BOTTOM } };

/* Turns and stretches @step so that it leads from @from to @to, which lie @right and @down points from each other. */
static Step
adjust(Step step, Spot from, Spot to, double right, double down)
{
	Spot meant = go((Spot){ 0, 0 }, step, right, down);
	Spot found = { to.x - from.x, to.y - from.y };
	double square = meant.x * meant.x + meant.y * meant.y;
	double c = (meant.x * found.x + meant.y * found.y) / square;
	double s = (meant.x * found.y - meant.y * found.x) / square;

	return (Step){ { c * step.right.x - s * step.right.y, s * step.right.x + c * step.right.y },
		{ c * step.down.x - s * step.down.y, s * step.down.x + c * step.down.y } };
}

/* The upper right mark lies beside the code; each mark makes it clearer where the next one is. */
static gboolean
find_marks(const Grey *grey, const Spot corners[4], Spot found[4], guchar *black)
{
	double side = CODE_BOX * CODE_PART;
	Step step = step_of(corners, side, side);
	Spot code = middle(corners);
	double scale = hypot(step.right.x, step.right.y);
	double width = CORNER_RIGHT - CORNER_LEFT;
	double height = CORNER_BOTTOM - CORNER_TOP;
	guchar level[4];

	if (side * scale < CODE_LEAST || side * scale > CODE_MOST ||
	    !find_mark(grey, go(code, step, CORNER_RIGHT - QR_X, CORNER_TOP - QR_Y), NEAR * scale,
		scale, &found[1], &level[1]))
		return FALSE;
	step = adjust(step, code, found[1], CORNER_RIGHT - QR_X, CORNER_TOP - QR_Y);
	scale = hypot(step.right.x, step.right.y);
	if (!find_mark(
		grey, go(found[1], step, -width, 0), FAR * scale, scale, &found[0], &level[0]))
		return FALSE;
	step = adjust(step, found[1], found[0], -width, 0);
	if (!find_mark(
		grey, go(found[1], step, 0, height), FAR * scale, scale, &found[2], &level[2]) ||
	    !find_mark(
		grey, go(found[0], step, 0, height), FAR * scale, scale, &found[3], &level[3]))
		return FALSE;
	*black = MAX(MAX(level[0], level[1]), MAX(level[2], level[3]));
	return TRUE;
}

/* What the paper is: lighter than nine of ten dots that are not dark. */
static guchar
white_of(const Grey *grey)
{
	guint counts[256] = { 0 };
	gsize size = (gsize)grey->width * grey->height;
	gsize left;
	guint value = 255;

	for (gsize i = 0; i < size; i++)
		counts[grey->at[i]]++;
	left = size / 2; /* of a page of ours more than half is paper */
	while (value > 0 && counts[value] <= left)
		left -= counts[value--];
	return (guchar)value;
}

/* Measures what the marks say of the page's scale and shades. FALSE: they are no marks on paper. */
static gboolean
complete(const Grey *grey, const Spot found[4], PaperMap *out)
{
	out->scale = distance(found[0], found[1]) / (CORNER_RIGHT - CORNER_LEFT);
	out->white = white_of(grey);
	return out->white >= PAPER_LIGHT && out->white - out->black >= CONTRAST;
}

gboolean
paper_map_find(const Grey *grey, const Spot corners[4], PaperMap *out)
{
	Spot found[4] = { { 0, 0 } };
	Spot code = middle(corners);

	if (!find_marks(grey, corners, found, &out->black) || !map_of(marks, found, out->m))
		return FALSE;
	return complete(grey, found, out) &&
	       distance(paper_map_place(out, QR_X, QR_Y), code) <= MISS_CENTRE * out->scale;
}

/* The marks of a page that fills the picture, turned by @quarters. The lower ones lie farther from all else: they come first. */
static gboolean
guess_marks(const Grey *grey, int quarters, Spot found[4], guchar *black)
{
	static const double cosines[] = { 1, 0, -1, 0 };
	double c = cosines[quarters];
	double s = cosines[(quarters + 3) % 4];
	gboolean upright = quarters % 2 == 0;
	double scale = MIN((upright ? grey->width : grey->height) / PAPER_WIDTH,
	    (upright ? grey->height : grey->width) / PAPER_HEIGHT);
	Step step = { { c * scale, s * scale }, { -s * scale, c * scale } };
	Spot centre = { grey->width / 2.0, grey->height / 2.0 };
	double width = CORNER_RIGHT - CORNER_LEFT;
	double height = CORNER_BOTTOM - CORNER_TOP;
	guchar level[4];

	if (!find_mark(grey, go(centre, step, -width / 2, height / 2), REACH * scale, scale,
		&found[3], &level[3]) ||
	    !find_mark(
		grey, go(found[3], step, width, 0), REACH * scale, scale, &found[2], &level[2]))
		return FALSE;
	step = adjust(step, found[3], found[2], width, 0);
	scale = hypot(step.right.x, step.right.y);
	if (!find_mark(
		grey, go(found[3], step, 0, -height), FAR * scale, scale, &found[0], &level[0]) ||
	    !find_mark(
		grey, go(found[2], step, 0, -height), FAR * scale, scale, &found[1], &level[1]))
		return FALSE;
	*black = MAX(MAX(level[0], level[1]), MAX(level[2], level[3]));
	return TRUE;
}

static gboolean
is_about(double length, double other)
{
	return fabs(length - other) <= SKEW * other;
}

/* Of an A4 page, seen from above. */
static gboolean
is_rectangle(const Spot found[4])
{
	double width = distance(found[0], found[1]);
	double height = distance(found[0], found[3]);

	return is_about(distance(found[3], found[2]), width) &&
	       is_about(distance(found[1], found[2]), height) &&
	       is_about(distance(found[0], found[2]), distance(found[1], found[3])) &&
	       is_about(
		   width / height, (CORNER_RIGHT - CORNER_LEFT) / (CORNER_BOTTOM - CORNER_TOP));
}

static gboolean
is_nowhere(const Spot corners[4])
{
	for (int i = 0; i < 4; i++)
		if (fabs(corners[i].x) + fabs(corners[i].y) > 0)
			return FALSE;
	return TRUE;
}

gboolean
paper_map_both(const Grey *grey, const Spot corners[4], PaperMap *out, guint *section, guint *page)
{
	if (!is_nowhere(corners))
		return paper_map_find(grey, corners, out) &&
		       paper_map_page(grey, out, section, page);
	for (int quarters = 0; quarters < 4; quarters++) {
		Spot found[4] = { { 0, 0 } };

		if (guess_marks(grey, quarters, found, &out->black) && is_rectangle(found) &&
		    map_of(marks, found, out->m) && complete(grey, found, out) &&
		    paper_map_page(grey, out, section, page))
			return TRUE;
	}
	return FALSE;
}

/* --- what is at a place ------------------------------------------------------------------------------------------------------- */

/* How dark the dot at (x, y) points is. */
static double
darkness_at(const Grey *grey, const PaperMap *map, double x, double y)
{
	Spot spot = paper_map_place(map, x, y);
	double value;

	if (!(spot.x >= 0 && spot.y >= 0 && spot.x < grey->width && spot.y < grey->height))
		return 0;
	value = dot(grey, (int)spot.x, (int)spot.y);
	return CLAMP((map->white - value) / (map->white - map->black), 0, 1);
}

guchar
grey_between(const Grey *grey, Spot spot)
{
	double x = spot.x - 0.5;
	double y = spot.y - 0.5;
	double across, down;
	int left, top;

	if (!(x >= 0 && y >= 0 && x < grey->width - 1 && y < grey->height - 1))
		return 255;
	left = (int)x;
	top = (int)y;
	across = x - left;
	down = y - top;
	return (guchar)((dot(grey, left, top) * (1 - across) + dot(grey, left + 1, top) * across) *
			    (1 - down) +
			(dot(grey, left, top + 1) * (1 - across) +
			    dot(grey, left + 1, top + 1) * across) *
			    down);
}

typedef struct {
	double mean;
	double most;
} Shade;

/* @fine: by half dots. */
static Shade
shade_of(const Grey *grey, const PaperMap *map, Area area, gboolean fine)
{
	double step = MAX((fine ? 0.5 : 1.6) / map->scale, 0.05);
	Shade shade = { 0, 0 };
	guint count = 0;

	for (double y = area.y0 + step / 2; y < area.y1; y += step)
		for (double x = area.x0 + step / 2; x < area.x1; x += step) {
			double dark = darkness_at(grey, map, x, y);

			shade.mean += dark;
			shade.most = MAX(shade.most, dark);
			count++;
		}
	shade.mean = count > 0 ? shade.mean / count : 0;
	return shade;
}

double
paper_map_darkness(const Grey *grey, const PaperMap *map, Area area)
{
	return shade_of(grey, map, area, TRUE).mean;
}

double
paper_map_shade(const Grey *grey, const PaperMap *map, Area area)
{
	return shade_of(grey, map, area, FALSE).mean;
}

double
paper_map_darkest(const Grey *grey, const PaperMap *map, Area area)
{
	return shade_of(grey, map, area, FALSE).most;
}

gboolean
paper_map_page(const Grey *grey, const PaperMap *map, guint *section, guint *page)
{
	guint32 bars = 0;

	for (guint i = 0; i < PAGE_MARK_BARS; i++) {
		double left = PAGE_MARK_LEFT + i * PAGE_MARK_PITCH + 0.25;
		double right = left + PAGE_MARK_WIDTH - 0.5;
		double upper = paper_map_darkness(grey, map,
		    (Area){ left, PAGE_MARK_FOOT - PAGE_MARK_TALL + 0.8, right,
			PAGE_MARK_FOOT - PAGE_MARK_SHORT - 0.8 });
		double lower = paper_map_darkness(grey, map,
		    (Area){ left, PAGE_MARK_FOOT - PAGE_MARK_SHORT + 0.5, right,
			PAGE_MARK_FOOT - 0.5 });

		bars = bars << 1 | (upper > 0.5 * lower ? 1 : 0);
	}
	return page_mark_decode(bars, section, page);
}

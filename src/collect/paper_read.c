/*
 * One page that came back beside the page that was sent: what was written into its fields. Whatever is not certain is said to be so; the
 * bands between which nothing is certain are wide on purpose, because a wrong answer is worse than one that a person types.
 */
#include "collect/paper.h"

#include <math.h>
#include <string.h>

#define POINTS_PER_INCH 72.0
#define AROUND		1.0 /* points: what lies this far outside a field is still in it */
#define INSIDE_MARK                                                                                \
	2.6 /* points: what is looked at of a box to mark lies this far inside it: its line does not */
#define INSIDE_TEXT   1.6 /* the same of a box to write in */
#define LETTERS_LEAST 40  /* a page with less text is a picture */
#define HIT	      0.3 /* darkness of a dot where a letter is printed */
#define HITS_LEAST    0.9 /* of the letters of a sheet that a scan of it shows */
#define VISIBLE	      24 /* shades between a page with its text and without: a letter that is seen */
/* Darkness inside a box to mark, beyond that of the empty box: below the first it is empty, between the other two it is marked. The
 * marks of a program fill half of it; a pen may do less, and what is scribbled out is nearly black. */
#define DRAWN_EMPTY 0.02
#define DRAWN_LEAST 0.12
#define DRAWN_MOST  0.95
#define SCAN_EMPTY  0.05
#define SCAN_LEAST  0.22
#define SCAN_MOST   0.78
/* The same in a box to write in: what it may have where nothing is written. */
#define INK_DRAWN 0.002
#define INK_SCAN  0.004
#define CELL                                                                                       \
	12.0 /* points: what was drawn beside the fields is looked for in squares of this side */
#define CELL_INK  0.08
#define CELL_DARK 0.25 /* of the sheet: bands, and the code */

PaperRead *
paper_read_new(void)
{
	PaperRead *read = g_new0(PaperRead, 1);

	read->values = g_ptr_array_new();
	return read;
}

static void
value_free(gpointer data)
{
	PaperValue *value = data;

	g_free(value->name);
	g_free(value->value);
	g_free(value);
}

void
paper_read_free(PaperRead *read)
{
	if (read == NULL)
		return;
	g_ptr_array_set_free_func(read->values, value_free);
	g_ptr_array_unref(read->values);
	g_free(read);
}

void
paper_read_add(PaperRead *read, const char *name, gboolean certain, const char *text)
{
	PaperValue *value = g_new0(PaperValue, 1);

	value->name = g_strdup(name);
	value->certain = certain;
	value->value = g_strdup(certain ? text : "");
	g_ptr_array_add(read->values, value);
}

/* --- both pages ------------------------------------------------------------------------------------------------------------ */

/* A page, drawn. */
typedef struct {
	Grey *all;
	Grey *bare;	 /* without its text */
	GArray *letters; /* of Letter; of the sheet, in points */
	gboolean
	    fields; /* there are some left, of no form: what they show may not be what they hold */
	PaperMap map;
} Page;

typedef struct {
	Page sent;
	Page back;
	GPtrArray *fields; /* of PaperField */
	gboolean drawings; /* somebody has drawn on the page that came back */
	PaperRead *out;
} Pair;

static void
page_clear(Page *page)
{
	g_clear_pointer(&page->all, grey_free);
	g_clear_pointer(&page->bare, grey_free);
	g_clear_pointer(&page->letters, g_array_unref);
}

static void
pair_clear(Pair *pair)
{
	page_clear(&pair->sent);
	page_clear(&pair->back);
	g_clear_pointer(&pair->fields, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pair, pair_clear)

static Area
grown(Area area, double by)
{
	return (Area){ area.x0 - by, area.y0 - by, area.x1 + by, area.y1 + by };
}

/* Letters of the sheet, from dots to points. */
static void
to_points(GArray *letters)
{
	const double step = POINTS_PER_INCH / PAPER_RESOLUTION;

	for (guint i = 0; i < letters->len; i++) {
		Letter *letter = &g_array_index(letters, Letter, i);

		letter->origin = (Spot){ letter->origin.x * step, letter->origin.y * step };
		letter->box = (Area){ letter->box.x0 * step, letter->box.y0 * step,
			letter->box.x1 * step, letter->box.y1 * step };
		letter->size *= step;
	}
}

static gboolean
open_sent(Pair *pair, PaperFile *sheet, guint number)
{
	const double scale = PAPER_RESOLUTION / POINTS_PER_INCH;

	pair->sent.all = paper_draw(sheet, number, PAPER_ALL);
	pair->sent.bare = paper_draw(sheet, number, PAPER_NO_TEXT);
	pair->sent.letters = paper_letters(sheet, number, TEXT_CONTENTS);
	pair->sent.map = (PaperMap){
		.m = { scale, 0, 0, 0, scale, 0, 0, 0, 1 }, .scale = scale, .black = 0, .white = 255
	};
	pair->fields = paper_fields(sheet, number);
	if (pair->sent.all == NULL || pair->sent.bare == NULL || pair->sent.letters == NULL ||
	    pair->fields == NULL)
		return FALSE;
	to_points(pair->sent.letters);
	return TRUE;
}

/* --- whether it is this sheet ---------------------------------------------------------------------------------------------------- */

/* Of a scan: there is something dark wherever the sheet has a letter. */
static gboolean
shows_letters(const Pair *pair)
{
	const GArray *letters = pair->sent.letters;
	guint hits = 0;
	guint all = 0;

	for (guint i = 0; i < letters->len; i++) {
		const Letter *letter = &g_array_index(letters, Letter, i);
		Area body = { letter->box.x0, letter->origin.y - 0.7 * letter->size, letter->box.x1,
			letter->origin.y };

		if (!g_unichar_isalnum(letter->c) ||
		    paper_map_darkest(pair->sent.all, &pair->sent.map, body) < HIT)
			continue;
		all++;
		hits += paper_map_darkest(pair->back.all, &pair->back.map, body) >= HIT ? 1 : 0;
	}
	return all >= LETTERS_LEAST && hits >= HITS_LEAST * all;
}

/* --- boxes to mark ---------------------------------------------------------------------------------------------------------------- */

typedef enum { MARK_EMPTY, MARK_SET, MARK_UNCERTAIN } Mark;

static Mark
mark_of(const Pair *pair, const PaperField *field)
{
	Area inside = grown(field->area, -INSIDE_MARK);
	double dark = paper_map_darkness(pair->back.all, &pair->back.map, inside) -
		      paper_map_darkness(pair->sent.all, &pair->sent.map, inside);
	gboolean drawn = pair->out->drawn;

	if (dark <= (drawn ? DRAWN_EMPTY : SCAN_EMPTY))
		return MARK_EMPTY;
	if (dark >= (drawn ? DRAWN_LEAST : SCAN_LEAST) && dark <= (drawn ? DRAWN_MOST : SCAN_MOST))
		return MARK_SET;
	return MARK_UNCERTAIN;
}

/* All buttons with the name of @first, which is the first of them: one mark at most, and none that could be one. On paper an
 * empty box says nothing: the mark may stand beside it. */
static void
read_buttons(Pair *pair, guint first)
{
	const PaperField *field = g_ptr_array_index(pair->fields, first);
	const char *chosen = "";
	gboolean certain = TRUE;

	for (guint i = first; i < pair->fields->len; i++) {
		const PaperField *button = g_ptr_array_index(pair->fields, i);
		Mark mark;

		if (strcmp(button->name, field->name) != 0)
			continue;
		mark = mark_of(pair, button);
		certain =
		    certain && mark != MARK_UNCERTAIN && (mark == MARK_EMPTY || *chosen == '\0');
		if (mark == MARK_SET)
			chosen = button->on;
	}
	/* what somebody has drawn elsewhere may go through a box as well */
	certain = certain && !pair->drawings && (pair->out->drawn || *chosen != '\0');
	paper_read_add(pair->out, field->name, certain, chosen);
}

/* --- boxes to write in -------------------------------------------------------------------------------------------------------------- */

/* @area as a box of dots of the page that came back. */
static Area
in_dots(const PaperMap *map, Area area)
{
	const Spot corners[] = { paper_map_place(map, area.x0, area.y0),
		paper_map_place(map, area.x1, area.y0), paper_map_place(map, area.x1, area.y1),
		paper_map_place(map, area.x0, area.y1) };
	Area box = { corners[0].x, corners[0].y, corners[0].x, corners[0].y };

	for (gsize i = 1; i < G_N_ELEMENTS(corners); i++) {
		box.x0 = MIN(box.x0, corners[i].x);
		box.y0 = MIN(box.y0, corners[i].y);
		box.x1 = MAX(box.x1, corners[i].x);
		box.y1 = MAX(box.y1, corners[i].y);
	}
	return box;
}

/* Ink in @field that is not on the sheet as it was sent, and is no text. */
static gboolean
has_ink(const Pair *pair, const PaperField *field)
{
	Area inside = grown(field->area, -INSIDE_TEXT);
	const Grey *back = pair->out->drawn ? pair->back.bare : pair->back.all;

	return paper_map_darkness(back, &pair->back.map, inside) -
		   paper_map_darkness(pair->sent.bare, &pair->sent.map, inside) >
	       (pair->out->drawn ? INK_DRAWN : INK_SCAN);
}

/* Whether each letter in the field is seen: what is white, or lies below something, is not what its sender saw. */
static gboolean
all_visible(const Pair *pair, Area area)
{
	const Grey *all = pair->back.all;

	for (guint i = 0; i < pair->back.letters->len; i++) {
		const Letter *letter = &g_array_index(pair->back.letters, Letter, i);
		gboolean seen = FALSE;

		if (letter->origin.x < area.x0 || letter->origin.x > area.x1 ||
		    letter->origin.y < area.y0 || letter->origin.y > area.y1)
			continue;
		for (int y = (int)MAX(letter->box.y0, 0); y <= (int)letter->box.y1; y++)
			for (int x = (int)MAX(letter->box.x0, 0); x <= (int)letter->box.x1; x++)
				if (x < (int)all->width && y < (int)all->height) {
					gsize at = (gsize)y * all->width + (gsize)x;

					seen = seen || abs(all->at[at] - pair->back.bare->at[at]) >=
							   VISIBLE;
				}
		if (!seen)
			return FALSE;
	}
	return TRUE;
}

static void
read_text(Pair *pair, const PaperField *field)
{
	Area box = in_dots(&pair->back.map, grown(field->area, AROUND));
	g_autofree char *text = NULL;
	gboolean certain = !has_ink(pair, field);

	if (pair->out->drawn) {
		certain = certain && all_visible(pair, box);
		text = paper_text(pair->back.letters, box, field->kind == FIELD_AREA);
		certain = certain && text != NULL;
	}
	paper_read_add(pair->out, field->name, certain, certain && text != NULL ? text : "");
}

static gboolean
is_button(const PaperField *field)
{
	return field->kind == FIELD_RADIO || field->kind == FIELD_CHECK;
}

static gboolean
is_first(const GPtrArray *fields, guint at)
{
	const PaperField *field = g_ptr_array_index(fields, at);

	for (guint i = 0; i < at; i++)
		if (strcmp(((const PaperField *)g_ptr_array_index(fields, i))->name, field->name) ==
		    0)
			return FALSE;
	return TRUE;
}

/* What a mark is drawn with may be a letter of a font of signs. */
static void
forget_signs(Pair *pair)
{
	for (guint i = 0; i < pair->fields->len; i++) {
		const PaperField *field = g_ptr_array_index(pair->fields, i);
		Area box = in_dots(&pair->back.map, grown(field->area, AROUND));

		for (guint k = pair->back.letters->len; is_button(field) && k > 0; k--) {
			const Letter *letter = &g_array_index(pair->back.letters, Letter, k - 1);
			double x = (letter->box.x0 + letter->box.x1) / 2;
			double y = letter->origin.y - 0.3 * letter->size;

			if (x >= box.x0 && x <= box.x1 && y >= box.y0 && y <= box.y1)
				g_array_remove_index(pair->back.letters, k - 1);
		}
	}
}

/* --- what stands beside them ---------------------------------------------------------------------------------------------------------- */

static gboolean
touches_field(const Pair *pair, Area area)
{
	for (guint i = 0; i < pair->fields->len; i++) {
		const PaperField *field = g_ptr_array_index(pair->fields, i);

		if (field->area.x0 - AROUND < area.x1 && field->area.x1 + AROUND > area.x0 &&
		    field->area.y0 - AROUND < area.y1 && field->area.y1 + AROUND > area.y0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
has_more_ink(const Pair *pair, Area cell)
{
	double sent = paper_map_shade(pair->sent.bare, &pair->sent.map, cell);

	return sent < CELL_DARK &&
	       paper_map_shade(pair->back.bare, &pair->back.map, cell) - sent > CELL_INK;
}

/* Lines that somebody has drawn on a page that is otherwise text: through an answer, around one. */
static gboolean
has_drawings(const Pair *pair)
{
	for (double y = 0; y + CELL <= PAPER_HEIGHT; y += CELL)
		for (double x = 0; x + CELL <= PAPER_WIDTH; x += CELL) {
			Area cell = { x, y, x + CELL, y + CELL };

			if (!touches_field(pair, cell) && has_more_ink(pair, cell))
				return TRUE;
		}
	return FALSE;
}

/* --- the page --------------------------------------------------------------------------------------------------------------------------- */

static void
read_fields(Pair *pair)
{
	if (pair->out->drawn) {
		forget_signs(pair);
		pair->drawings = pair->back.fields || has_drawings(pair);
	}
	for (guint i = 0; i < pair->fields->len; i++) {
		const PaperField *field = g_ptr_array_index(pair->fields, i);

		if (!is_button(field))
			read_text(pair, field);
		else if (is_first(pair->fields, i))
			read_buttons(pair, i);
	}
	if (pair->out->drawn)
		pair->out->beside = pair->drawings || pair->back.letters->len > 0;
}

/* The page mark of the sheet says the same. */
static gboolean
is_same_page(const Pair *pair, guint section, guint page)
{
	guint own_section, own_page;

	return paper_map_page(pair->sent.all, &pair->sent.map, &own_section, &own_page) &&
	       own_section == section && own_page == page;
}

void
paper_read(PaperFile *sheet, PaperFile *file, guint number, const Spot corners[4], PaperRead *out)
{
	g_auto(Pair) pair = { .out = out };
	g_autoptr(GPtrArray) left = NULL;
	guint section, page;

	pair.back.all = paper_draw(file, number, PAPER_ALL);
	if (pair.back.all == NULL ||
	    !paper_map_both(pair.back.all, corners, &pair.back.map, &section, &page) || page == 0 ||
	    page > paper_count(sheet) || !open_sent(&pair, sheet, page - 1) ||
	    !is_same_page(&pair, section, page))
		return;
	out->page = page;
	pair.back.letters = paper_letters(file, number, TEXT_SEEN);
	out->drawn = pair.back.letters != NULL && pair.back.letters->len >= LETTERS_LEAST;
	if (out->drawn)
		pair.back.bare = paper_draw(file, number, PAPER_NO_TEXT);
	if (out->drawn && pair.back.bare == NULL)
		return;
	left = paper_fields(file, number);
	pair.back.fields = left == NULL || left->len > 0;
	out->ours = out->drawn ? paper_match(&pair.back.map, pair.sent.letters, pair.back.letters)
			       : shows_letters(&pair);
	if (out->ours)
		read_fields(&pair);
}

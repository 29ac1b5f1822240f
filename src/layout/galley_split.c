/* A text that is longer than a page: its strip becomes several, cut between lines. */
#include "layout/galley_mark.h"

#define LONG_TEXT  (1.0 / 3) /* of a page: a plain text that is longer may go on on the next */
#define PIECE	   (1.0 / 6) /* of a page: so finely that what is left of a page is used */
#define LAST_PIECE 1.5	     /* pieces: a smaller rest is not cut again */

static double
mark_top(const Mark *mark)
{
	return mark->kind == MARK_TEXT ? mark->box.y - style_baseline(mark->style) : mark->box.y;
}

static double
mark_bottom(const Mark *mark)
{
	return mark->kind == MARK_TEXT ? mark_top(mark) + mark->style->lead
				       : mark->box.y + mark->box.height;
}

/* Those that no cut may go through. */
static gboolean
is_solid(const Mark *mark)
{
	return mark->kind == MARK_TEXT || mark->kind == MARK_FRAME || mark->kind == MARK_RING ||
	       mark->kind == MARK_QR || mark->kind == MARK_WIDGET;
}

/* Whether it is text in one column and nothing else. */
static gboolean
is_plain(const Strip *strip)
{
	double below = 0;

	for (guint i = 0; i < strip->marks->len; i++) {
		const Mark *mark = &g_array_index(strip->marks, Mark, i);

		if (!is_solid(mark))
			continue;
		if (mark->kind != MARK_TEXT || mark_top(mark) < below - 1)
			return FALSE;
		below = mark_top(mark);
	}
	return TRUE;
}

/* The lowest place down to @wanted where no mark is cut; @wanted where there is none. */
static double
find_cut(const Strip *strip, double from, double wanted)
{
	double cut = wanted;
	gboolean moved = TRUE;

	while (moved) {
		moved = FALSE;
		for (guint i = 0; i < strip->marks->len; i++) {
			const Mark *mark = &g_array_index(strip->marks, Mark, i);

			if (is_solid(mark) && mark_top(mark) < cut - 0.01 &&
			    mark_bottom(mark) > cut + 0.01) {
				cut = mark_top(mark);
				moved = TRUE;
			}
		}
	}
	return cut > from ? cut : wanted;
}

typedef struct {
	const Strip *whole;
	GPtrArray *pieces; /* of Strip */
	GArray *tops;	   /* of double: where each begins in the whole */
	guint at;	   /* the piece that is being filled */
	const char *lang;  /* of the content that is open */
	gboolean inside;   /* marked content is open */
	gboolean personal; /* so is that */
} Split;

static void
add_piece(Split *split, double top, double bottom)
{
	Strip *piece = strip_new();

	piece->before = split->pieces->len == 0 ? split->whole->before : 0;
	piece->height = bottom - top;
	piece->aside = split->whole->aside;
	piece->block = split->whole->block;
	piece->head = split->whole->head;
	g_ptr_array_add(split->pieces, piece);
	g_array_append_val(split->tops, top);
}

static void
add_to_piece(Split *split, guint position, Mark mark)
{
	Strip *piece = g_ptr_array_index(split->pieces, position);

	mark.box.y -= g_array_index(split->tops, double, position);
	g_array_append_val(piece->marks, mark);
}

static void
add_kind(Split *split, MarkKind kind, const char *tag, const char *lang)
{
	add_to_piece(split, split->at,
	    (Mark){ .kind = kind, .tag = tag, .lang = lang, .personal = split->personal });
}

static void
begin_content(Split *split)
{
	add_kind(split, MARK_BEGIN, "Span", split->lang);
}

/* Never back to an earlier piece: elements are open over what follows. */
static void
move_to(Split *split, double y)
{
	while (split->at + 1 < split->pieces->len &&
	       y >= g_array_index(split->tops, double, split->at + 1) - 0.01) {
		if (split->inside)
			add_kind(split, MARK_END, NULL, NULL);
		split->at++;
		if (split->inside)
			begin_content(split);
	}
}

/* A ground is in all pieces that it reaches. */
static void
add_fill(Split *split, Mark mark)
{
	for (guint i = 0; i < split->pieces->len; i++) {
		const Strip *piece = g_ptr_array_index(split->pieces, i);
		double top = g_array_index(split->tops, double, i);
		double from = MAX(mark.box.y, top);
		double to = MIN(mark.box.y + mark.box.height, top + piece->height);
		Mark part = mark;

		part.box.y = from;
		part.box.height = to - from;
		if (to > from)
			add_to_piece(split, i, part);
	}
}

/* Marked content may be cut: it becomes an element that holds a part in each piece. */
static void
add_mark_to(Split *split, Mark mark)
{
	if (mark.kind == MARK_FILL) {
		add_fill(split, mark);
	} else if (mark.kind == MARK_BEGIN) {
		split->personal = mark.personal;
		add_kind(split, MARK_OPEN, mark.tag, mark.lang);
		split->lang = mark.lang;
		begin_content(split);
		split->inside = TRUE;
	} else if (mark.kind == MARK_END) {
		split->inside = FALSE;
		add_kind(split, MARK_END, NULL, NULL);
		add_kind(split, MARK_CLOSE, NULL, NULL);
	} else {
		if (is_solid(&mark) || mark.kind == MARK_LINE)
			move_to(split, mark_top(&mark));
		add_to_piece(split, split->at, mark);
	}
}

/* @pieces: those of @whole are added. */
static void
split_strip(Strip *whole, double piece, GPtrArray *pieces)
{
	g_autoptr(GArray) tops = g_array_new(FALSE, FALSE, sizeof(double));
	g_autoptr(GPtrArray) own = g_ptr_array_new();
	Split split = { .whole = whole, .pieces = own, .tops = tops };
	double top = 0;

	while (whole->height - top > piece * LAST_PIECE) {
		double cut = find_cut(whole, top, top + piece);

		add_piece(&split, top, cut);
		top = cut;
	}
	add_piece(&split, top, whole->height);
	for (guint i = 0; i < whole->marks->len; i++)
		add_mark_to(&split, g_array_index(whole->marks, Mark, i));
	((Strip *)g_ptr_array_index(own, 0))->joined = whole->joined;
	((Strip *)g_ptr_array_index(own, own->len - 1))->keep = whole->keep;
	/* what the marks own is the pieces' now */
	g_array_set_clear_func(whole->marks, NULL);
	g_ptr_array_extend(pieces, own, NULL, NULL);
}

gboolean
strip_is_tall(const Strip *strip, double page)
{
	return strip->height > page || (strip->height > page * LONG_TEXT && is_plain(strip));
}

static gboolean
any_is_tall(const GPtrArray *strips, double page)
{
	for (guint i = 0; i < strips->len; i++)
		if (strip_is_tall(g_ptr_array_index(strips, i), page))
			return TRUE;
	return FALSE;
}

void
galley_split_tall(GPtrArray *strips, double page)
{
	g_autoptr(GPtrArray) all = NULL;

	if (!any_is_tall(strips, page))
		return;
	all = g_ptr_array_sized_new(strips->len);
	while (strips->len > 0) {
		g_autoptr(Strip) strip = g_ptr_array_steal_index(strips, 0);

		if (strip_is_tall(strip, page))
			split_strip(strip, page * PIECE, all);
		else
			g_ptr_array_add(all, g_steal_pointer(&strip));
	}
	g_ptr_array_extend_and_steal(strips, g_steal_pointer(&all));
}

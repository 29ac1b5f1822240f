/* What many documents share of a column that is cut into pages, and what is personal in it. The passes here go the way of
 * galley_paint(): what is a hole there is one here. */
#include "layout/galley_mark.h"
#include "layout/syntax.h"

#include <string.h>

#define SLANT "0.21 "

/* --- the key -------------------------------------------------------------------------------------------- */

static void
put_bytes(GString *key, const void *bytes, gsize size)
{
	g_string_append_len(key, bytes, (gssize)size);
}

/* With its end, so that no two neighbours can be taken for two others. */
static void
put_string(GString *key, const char *text)
{
	if (text != NULL)
		put_bytes(key, text, strlen(text) + 1);
	else
		put_bytes(key, "\xff", 2); /* no text is this */
}

/* @y: of the strip */
static void
sign_shared(GString *key, double y, const Mark *mark)
{
	const double numbers[] = { mark->box.x, mark->box.y + y, mark->box.width, mark->box.height,
		mark->line, mark->ink.red, mark->ink.green, mark->ink.blue };

	g_assert(mark->kind != MARK_WIDGET);
	g_string_append_c(key, (char)('a' + mark->kind));
	if (mark_is_shape(mark)) {
		put_bytes(key, numbers, sizeof numbers);
		put_bytes(key, &mark->style, sizeof mark->style);
		put_string(key, mark->text);
	} else {
		put_string(key, mark->tag);
		put_string(key, mark->lang);
	}
}

/* Not what it says, nor where it stands on its page. */
static void
sign_personal(GString *key, const Mark *mark, Repertoire needs[FACES])
{
	if (mark->kind == MARK_BEGIN) {
		g_string_append_c(key, 'P');
		put_string(key, mark->tag);
		put_string(key, mark->lang);
	} else if (mark->kind == MARK_TEXT) {
		Repertoire *needed = &needs[mark->style->face];

		*needed = MAX(*needed, measure_repertoire(mark->text));
	}
}

static void
sign_place(GString *key, const Place *place)
{
	const double aside[] = { place->y - place->above, place->y + place->strip->height };

	g_string_append_c(key, 'S');
	put_bytes(key, &place->page, sizeof place->page);
	put_bytes(key, &place->again, sizeof place->again);
	if (place->strip->aside)
		put_bytes(key, aside, sizeof aside);
}

StripSum *
strip_sum(const Strip *strip)
{
	g_autoptr(GString) key = g_string_sized_new(1024);
	StripSum *sum = g_new0(StripSum, 1);

	for (guint i = 0; i < strip->marks->len; i++) {
		const Mark *mark = &g_array_index(strip->marks, Mark, i);

		g_assert(!mark_is_personal(mark));
		sign_shared(key, 0, mark);
		sum->contents += mark->kind == MARK_BEGIN;
		sum->ends_hole |= mark_ends_hole(mark);
	}
	sum_digest(key->str, key->len, sum->digest);
	return sum;
}

/* The same as its marks, with where it stands. */
static void
sign_sum(GString *key, const Place *place)
{
	g_string_append_c(key, 'K');
	put_bytes(key, &place->y, sizeof place->y);
	put_bytes(key, place->strip->sum->digest, SUM_SIZE);
}

void
galley_sign(const Galley *galley, GString *key, Repertoire needs[FACES])
{
	gboolean hole = FALSE;

	for (guint i = 0; i < galley->places->len; i++) {
		const Place *place = &g_array_index(galley->places, Place, i);

		sign_place(key, place);
		if (place->strip->aside || (i > 0 && place->page != place[-1].page))
			hole = FALSE;
		if (place->strip->sum != NULL) {
			hole &= !place->strip->sum->ends_hole;
			sign_sum(key, place);
			continue;
		}
		for (guint k = 0; k < place->strip->marks->len; k++) {
			const Mark *mark = &g_array_index(place->strip->marks, Mark, k);

			if (mark_is_personal(mark)) {
				if (!hole)
					g_string_append_c(key, 'H');
				hole = TRUE;
				sign_personal(key, mark, needs);
			} else {
				hole &= !mark_ends_hole(mark);
				sign_shared(key, place->y, mark);
			}
		}
	}
}

/* --- what is in the holes ------------------------------------------------------------------------------- */

typedef struct {
	GPtrArray *holes;
	GString *out; /* NULL: outside of a hole */
	int mcid;     /* the next of the page */
	gboolean tagged;
	guint fonts[FACES]; /* the numbers in their names */
} Filling;

static void
put_text(Filling *filling, const Mark *mark, double y)
{
	const Style *style = mark->style;
	GString *out = filling->out;

	g_string_append(out, "BT /F");
	syntax_put_int(out, filling->fonts[style->face]);
	g_string_append_c(out, ' ');
	syntax_put_number(out, style->size);
	g_string_append(out, "Tf ");
	syntax_put_number(out, style->ink.red);
	syntax_put_number(out, style->ink.green);
	syntax_put_number(out, style->ink.blue);
	g_string_append(out, "rg 1 0 ");
	g_string_append(out, style->oblique ? SLANT : "0 ");
	g_string_append(out, "1 ");
	syntax_put_number(out, mark->box.x);
	syntax_put_number(out, CANVAS_HEIGHT - y);
	g_string_append(out, "Tm <");
	for (const char *at = mark->text; *at != '\0'; at = g_utf8_next_char(at))
		syntax_put_code(out, (guint16)g_utf8_get_char(at));
	g_string_append(out, "> Tj ET\n");
}

static void
put_qr(GString *out, const Mark *mark, double y)
{
	g_string_append(out, "q 1 0 0 1 ");
	syntax_put_number(out, mark->box.x);
	syntax_put_number(out, CANVAS_HEIGHT - y - mark->box.height);
	g_string_append(out, "cm ");
	qr_put(out, mark->qr, mark->box.width);
	g_string_append(out, "Q\n");
}

static void
put_shape(Filling *filling, const Mark *mark, double y)
{
	if (!filling->tagged)
		g_string_append(filling->out, "/Artifact BMC\n");
	if (mark->kind == MARK_QR)
		put_qr(filling->out, mark, y);
	else if (mark->kind == MARK_TEXT)
		put_text(filling, mark, y);
	else
		g_assert_not_reached(); /* what is drawn for all is not personal */
	if (!filling->tagged)
		g_string_append(filling->out, "EMC\n");
}

static void
fill_personal(Filling *filling, const Mark *mark, double y)
{
	if (filling->out == NULL) {
		filling->out = g_string_new(NULL);
		g_ptr_array_add(filling->holes, filling->out);
	}
	if (mark->kind == MARK_BEGIN) {
		g_string_append_c(filling->out, '/');
		g_string_append(filling->out, mark->tag);
		g_string_append(filling->out, " <</MCID ");
		syntax_put_int(filling->out, filling->mcid++);
		g_string_append(filling->out, ">> BDC\n");
		filling->tagged = TRUE;
	} else if (mark->kind == MARK_END) {
		g_string_append(filling->out, "EMC\n");
		filling->tagged = FALSE;
	} else {
		put_shape(filling, mark, y);
	}
}

static void
fill_place(Filling *filling, const Place *place)
{
	const StripSum *sum = place->strip->sum;

	if (sum != NULL) {
		if (sum->ends_hole)
			filling->out = NULL;
		filling->mcid += (int)sum->contents;
		return;
	}
	for (guint i = 0; i < place->strip->marks->len; i++) {
		const Mark *mark = &g_array_index(place->strip->marks, Mark, i);

		if (place->again && !mark_is_shape(mark))
			continue;
		if (mark_is_personal(mark)) {
			fill_personal(filling, mark, mark->box.y + place->y);
			continue;
		}
		if (mark_ends_hole(mark))
			filling->out = NULL;
		filling->mcid += mark->kind == MARK_BEGIN;
	}
}

void
galley_fill(const Galley *galley, const Repertoire needs[FACES], GPtrArray *holes)
{
	Filling filling = { .holes = holes };
	guint kept = 0;

	for (gsize face = 0; face < FACES; face++)
		if (needs[face] != REPERTOIRE_NONE)
			filling.fonts[face] = ++kept;
	for (guint i = 0; i < galley->places->len; i++) {
		const Place *place = &g_array_index(galley->places, Place, i);
		gboolean turned = i > 0 && place->page != place[-1].page;

		if (turned)
			filling.mcid = 0;
		if (turned || place->strip->aside)
			filling.out = NULL;
		fill_place(&filling, place);
	}
}

#include "layout/galley_mark.h"

#include <string.h>

#define ASIDE_AT (MARGIN + 3)

static void
mark_clear(gpointer data)
{
	Mark *mark = data;

	g_free(mark->text);
	widget_free(mark->widget);
	g_free(mark->qr);
}

Strip *
strip_new(void)
{
	Strip *strip = g_rc_box_new0(Strip);

	strip->marks = g_array_sized_new(FALSE, TRUE, sizeof(Mark), 4); /* a line of a letter */
	g_array_set_clear_func(strip->marks, mark_clear);
	return strip;
}

static void
strip_clear(gpointer data)
{
	Strip *strip = data;

	g_array_unref(strip->marks);
	g_free(strip->sum);
}

void
strip_unref(Strip *strip)
{
	if (strip != NULL)
		g_rc_box_release_full(strip, strip_clear);
}

Galley *
galley_new(void)
{
	Galley *galley = g_new0(Galley, 1);

	galley->spacing = 1;
	galley->strips = g_ptr_array_new_with_free_func((GDestroyNotify)strip_unref);
	galley->heads = g_ptr_array_new_with_free_func((GDestroyNotify)strip_unref);
	galley->places = g_array_new(FALSE, TRUE, sizeof(Place));
	return galley;
}

void
galley_free(Galley *galley)
{
	if (galley == NULL)
		return;
	g_ptr_array_unref(galley->strips);
	g_ptr_array_unref(galley->heads);
	g_array_unref(galley->places);
	g_free(galley);
}

Strip *
galley_add(Galley *galley, double before)
{
	Strip *strip = strip_new();

	strip->before = before;
	g_ptr_array_add(galley->strips, strip);
	return strip;
}

Strip *
galley_add_head(Galley *galley)
{
	Strip *strip = strip_new();

	g_ptr_array_add(galley->heads, strip);
	return strip;
}

Strip *
galley_last(const Galley *galley)
{
	return galley->strips->len > 0 ? galley_strip(galley, galley->strips->len - 1) : NULL;
}

guint
galley_length(const Galley *galley)
{
	return galley->strips->len;
}

Strip *
galley_strip(const Galley *galley, guint position)
{
	return g_ptr_array_index(galley->strips, position);
}

GPtrArray *
galley_keep(const Galley *galley, guint first, double height)
{
	GPtrArray *kept;

	for (guint i = first; i < galley->strips->len; i++)
		if (strip_is_tall(galley_strip(galley, i), height))
			return NULL;
	kept = g_ptr_array_new_with_free_func((GDestroyNotify)strip_unref);
	for (guint i = first; i < galley->strips->len; i++) {
		Strip *strip = galley_strip(galley, i);

		strip->sum = strip_sum(strip);
		g_ptr_array_add(kept, g_rc_box_acquire(strip));
	}
	return kept;
}

void
galley_add_kept(Galley *galley, const GPtrArray *strips)
{
	for (guint i = 0; i < strips->len; i++)
		g_ptr_array_add(galley->strips, g_rc_box_acquire(g_ptr_array_index(strips, i)));
}

/* --- marks -------------------------------------------------------------------------------------- */

/* The strip owns what @mark points to. Returns: (transfer none), until the next mark */
static Mark *
add_mark(Strip *strip, MarkKind kind, Box box)
{
	Mark mark = { .kind = kind, .box = box, .personal = strip->personal };

	g_array_append_val(strip->marks, mark);
	if (kind != MARK_TEXT && kind != MARK_UPRIGHT && kind != MARK_LINE)
		strip->height = MAX(strip->height, box.y + box.height);
	return &g_array_index(strip->marks, Mark, strip->marks->len - 1);
}

static void
add_tag(Strip *strip, MarkKind kind, const char *tag)
{
	Mark *mark = add_mark(strip, kind, (Box){ 0 });

	mark->tag = tag;
	mark->lang = strip->lang;
}

double
strip_text(Strip *strip, const char *tag, const Style *style, Align align, double x, double y,
    double width, const char *text)
{
	g_auto(GStrv) lines = measure_wrap(style, text, width);
	double first = y + style_baseline(style);
	double height = g_strv_length(lines) * style->lead;

	if (tag != NULL)
		add_tag(strip, MARK_BEGIN, tag);
	for (gsize i = 0; lines[i] != NULL; i++) {
		double blank = align == ALIGN_LEFT ? 0 : width - measure_width(style, lines[i]);
		Box at = { x + (align == ALIGN_CENTRE ? blank / 2 : blank),
			first + (double)i * style->lead, 0, 0 };
		Mark *mark = add_mark(strip, MARK_TEXT, at);
		g_autofree char *spaced = NULL;

		mark->style = style;
		/* a screen reader must not run the words at the end and the beginning of lines together */
		spaced = g_strconcat(lines[i], lines[i + 1] != NULL ? " " : "", NULL);
		mark->text = measure_drawable(spaced);
	}
	if (tag != NULL)
		add_tag(strip, MARK_END, tag);
	strip->height = MAX(strip->height, y + height);
	return height;
}

double
strip_text_height(const Style *style, double width, const char *text)
{
	g_auto(GStrv) lines = measure_wrap(style, text, width);

	return g_strv_length(lines) * style->lead;
}

void
strip_begin(Strip *strip, const char *tag)
{
	add_tag(strip, MARK_BEGIN, tag);
}

void
strip_end(Strip *strip)
{
	add_tag(strip, MARK_END, NULL);
}

static void
add_word(Strip *strip, MarkKind kind, const Style *style, double x, double y, const char *text)
{
	Mark *mark = add_mark(strip, kind, (Box){ x, y, 0, 0 });

	mark->style = style;
	mark->text = measure_drawable(text);
}

void
strip_word(Strip *strip, const Style *style, double x, double y, const char *text)
{
	add_word(strip, MARK_TEXT, style, x, y, text);
}

void
strip_word_upright(Strip *strip, const Style *style, double x, double y, const char *text)
{
	add_word(strip, MARK_UPRIGHT, style, x, y, text);
}

void
strip_fill(Strip *strip, Ink ink, Box box)
{
	add_mark(strip, MARK_FILL, box)->ink = ink;
}

static void
add_stroke(Strip *strip, MarkKind kind, Ink ink, double line, Box box)
{
	Mark *mark = add_mark(strip, kind, box);

	mark->ink = ink;
	mark->line = line;
}

void
strip_frame(Strip *strip, Ink ink, double line, Box box)
{
	add_stroke(strip, MARK_FRAME, ink, line, box);
}

void
strip_ring(Strip *strip, Ink ink, double line, Box box)
{
	add_stroke(strip, MARK_RING, ink, line, box);
}

void
strip_line(Strip *strip, Ink ink, double line, double x1, double y1, double x2, double y2)
{
	add_stroke(strip, MARK_LINE, ink, line, (Box){ x1, y1, x2 - x1, y2 - y1 });
}

void
strip_qr(Strip *strip, Box box, const QrCode *code)
{
	g_assert(strip->personal);
	add_mark(strip, MARK_QR, box)->qr = g_memdup2(code, sizeof *code);
}

void
strip_widget(Strip *strip, Box box, Widget *widget)
{
	add_mark(strip, MARK_WIDGET, box)->widget = widget;
}

void
strip_open(Strip *strip, const char *tag)
{
	add_tag(strip, MARK_OPEN, tag);
}

void
strip_close(Strip *strip)
{
	add_tag(strip, MARK_CLOSE, NULL);
}

/* --- painting ----------------------------------------------------------------------------------- */

/* Shapes, and text outside structure elements, are decoration: ISO 32000-1, 14.8.2.2. */
static void
set_artifact(Canvas *canvas, gboolean *inside, gboolean wanted)
{
	if (*inside == wanted)
		return;
	if (wanted)
		canvas_begin_artifact(canvas);
	else
		canvas_end(canvas);
	*inside = wanted;
}

static void
paint_shape(Canvas *canvas, const Mark *mark, Box box)
{
	switch (mark->kind) {
	case MARK_TEXT:
		canvas_write(canvas, mark->style, box.x, box.y, mark->text);
		break;
	case MARK_UPRIGHT:
		canvas_write_upright(canvas, mark->style, box.x, box.y, mark->text);
		break;
	case MARK_FILL:
		canvas_fill(canvas, mark->ink, box);
		break;
	case MARK_FRAME:
		canvas_frame(canvas, mark->ink, mark->line, box);
		break;
	case MARK_RING:
		canvas_ring(canvas, mark->ink, mark->line, box);
		break;
	case MARK_LINE:
		canvas_line(canvas, mark->ink, mark->line, box.x, box.y, box.x + box.width,
		    box.y + box.height);
		break;
	case MARK_QR: /* only in holes */
	case MARK_BEGIN:
	case MARK_END:
	case MARK_OPEN:
	case MARK_CLOSE:
	case MARK_WIDGET:
		break;
	}
}

static void
paint_structure(Canvas *canvas, const Mark *mark, Box box)
{
	Widget *placed = mark->widget;

	canvas_set_lang(canvas, mark->lang);
	if (mark->kind == MARK_BEGIN)
		canvas_begin(canvas, mark->tag);
	else if (mark->kind == MARK_END)
		canvas_end(canvas);
	else if (mark->kind == MARK_OPEN)
		canvas_open(canvas, mark->tag);
	else if (mark->kind == MARK_CLOSE)
		canvas_close(canvas);
	else if (mark->kind == MARK_WIDGET) {
		placed->box = box;
		canvas_add_widget(canvas, placed, "Form");
	}
}

typedef struct {
	Canvas *canvas;
	gboolean artifact; /* decoration is being drawn */
	gboolean hole;	   /* what was last, was in one */
} Painting;

static void
paint_personal(Painting *painting, const Mark *mark)
{
	set_artifact(painting->canvas, &painting->artifact, FALSE);
	if (!painting->hole)
		canvas_hole(painting->canvas);
	painting->hole = TRUE;
	if (mark->kind != MARK_BEGIN)
		return;
	canvas_set_lang(painting->canvas, mark->lang);
	canvas_reserve(painting->canvas, mark->tag);
}

static void
paint_aside(Painting *painting, const Place *place)
{
	painting->hole = FALSE;
	set_artifact(painting->canvas, &painting->artifact, TRUE);
	canvas_line(painting->canvas, ink_rule, 2, ASIDE_AT, place->y - place->above, ASIDE_AT,
	    place->y + place->strip->height);
}

static void
paint_strip(Painting *painting, const Place *place)
{
	gboolean tagged = FALSE;

	if (place->strip->aside)
		paint_aside(painting, place);
	for (guint i = 0; i < place->strip->marks->len; i++) {
		const Mark *mark = &g_array_index(place->strip->marks, Mark, i);
		gboolean shape = mark_is_shape(mark);
		Box box = mark->box;

		if (!shape && place->again)
			continue;
		if (mark_is_personal(mark)) {
			paint_personal(painting, mark);
			continue;
		}
		box.y += place->y;
		painting->hole &= !mark_ends_hole(mark);
		set_artifact(painting->canvas, &painting->artifact, shape && !tagged);
		if (mark->kind == MARK_BEGIN || mark->kind == MARK_END)
			tagged = mark->kind == MARK_BEGIN;
		if (shape)
			paint_shape(painting->canvas, mark, box);
		else
			paint_structure(painting->canvas, mark, box);
	}
	set_artifact(painting->canvas, &painting->artifact, FALSE);
}

/* A block of strips is a section of the structure: a question with its explanations and fields. */
static void
enter_section(Canvas *canvas, guint *open, guint block)
{
	if (*open == block)
		return;
	canvas_set_lang(canvas, NULL);
	if (*open != 0)
		canvas_close(canvas);
	if (block != 0)
		canvas_open(canvas, "Sect");
	*open = block;
}

void
galley_paint(const Galley *galley, Canvas *canvas, GalleyFrame frame, gpointer data)
{
	guint next = 0;
	guint open = 0;

	for (guint page = 0; page < galley->pages; page++) {
		Painting painting = { .canvas = canvas };

		canvas_add_page(canvas);
		frame(canvas, page, galley->pages, data);
		for (; next < galley->places->len; next++) {
			const Place *place = &g_array_index(galley->places, Place, next);

			if (place->page != page)
				break;
			if (!place->again)
				enter_section(canvas, &open, place->strip->block);
			paint_strip(&painting, place);
		}
	}
	enter_section(canvas, &open, 0);
}

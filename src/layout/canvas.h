/*
 * The drawing layer: A4 pages, text, boxes, circles, lines, marked content. libhpdf is behind it
 * and nowhere else. Coordinates are points from the page's top left corner, downwards.
 */
#ifndef PLICO_LAYOUT_CANVAS_H
#define PLICO_LAYOUT_CANVAS_H

#include "layout/drawing.h"
#include "layout/measure.h"

#define CANVAS_WIDTH  595.28
#define CANVAS_HEIGHT 841.89

typedef struct Canvas Canvas;

/* An empty document that is written in the faces up to @last: each costs some milliseconds. Returns: (transfer full) */
Canvas *canvas_new(Face last, GError **error);
void canvas_free(Canvas *canvas);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Canvas, canvas_free)

/* Info dictionary (ISO 32000-1, 14.3.3); UTF-8. */
void canvas_set_info(Canvas *canvas, const char *title, const char *author);

/* What follows is drawn on a new page. */
void canvas_add_page(Canvas *canvas);

/* Puts the glyphs of @repertoire into the file, for texts that are added later. The faces kept before the first page are
 * the fonts F1, F2 … of each page, in the order in which they were kept. */
void canvas_keep_repertoire(Canvas *canvas, Face face, Repertoire repertoire);

/* One line; @y is the baseline. Characters that no font has become "?". */
void canvas_write(Canvas *canvas, const Style *style, double x, double y, const char *text);
/* The same upwards: @x is the baseline, and the text begins at @y. */
void canvas_write_upright(Canvas *canvas, const Style *style, double x, double y, const char *text);
void canvas_fill(Canvas *canvas, Ink ink, Box box);
void canvas_frame(Canvas *canvas, Ink ink, double line, Box box);
/* A circle with a white ground. */
void canvas_ring(Canvas *canvas, Ink ink, double line, Box box);
void canvas_line(Canvas *canvas, Ink ink, double line, double x1, double y1, double x2, double y2);
/* Shows the named form XObject, whose space is one point to a point, with its lower left corner in that of @box. */
void canvas_place(Canvas *canvas, const char *name, Box box);

/* Marked content: what is drawn up to canvas_end() is a structure element of type @tag, or decoration. */
void canvas_begin(Canvas *canvas, const char *tag);
void canvas_begin_artifact(Canvas *canvas);
/* Decoration that comes again at the top or the bottom of every page (ISO 32000-1, 14.8.2.2). */
void canvas_begin_header(Canvas *canvas);
void canvas_begin_footer(Canvas *canvas);
void canvas_end(Canvas *canvas);
/* Structure elements begun or opened from now on are in this language. @lang: (nullable): that of the document */
void canvas_set_lang(Canvas *canvas, const char *lang);
/* Structure elements up to canvas_close() are inside one of type @tag. */
void canvas_open(Canvas *canvas, const char *tag);
void canvas_close(Canvas *canvas);
/* What is drawn later stands here, between what is drawn before and behind: the next of the drawing's holes. */
void canvas_hole(Canvas *canvas);
/* Marked content that a hole will hold: the next number of the page, and its structure element of type @tag. */
void canvas_reserve(Canvas *canvas, const char *tag);
/* A field at its box on the current page. @widget: copied. */
void canvas_add_widget(Canvas *canvas, const Widget *widget, const char *tag);

/* Returns: (transfer none) */
const Drawing *canvas_drawing(const Canvas *canvas);

/* The file. Returns: (transfer full); NULL with PLICO_ERROR_IO where anything failed since canvas_new(). */
GBytes *canvas_save(Canvas *canvas, GError **error);

#endif

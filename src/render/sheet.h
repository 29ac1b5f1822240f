/* Drawing the pages of one section: flow (sheet.c), the frame of a page and the box of instructions (sheet_frame.c),
 * one function for each Layout (sheet_items.c, sheet_options.c, sheet_grid.c). Private to the room. */
#ifndef PLICO_RENDER_SHEET_H
#define PLICO_RENDER_SHEET_H

#include "base/config.h"
#include "render/galley.h"
#include "render/words.h"

/* Form XObjects whose content is written for each unit. */
#define PLACE_NAME "PlicoName"
#define PLACE_FOOT "PlicoFoot"
#define PLACE_QR   "PlicoQR"

typedef struct {
	const Config *config;
	const Form *form;
	const FormView *view; /* any unit of the shape */
	const Section *section;
	const char *lang;     /* "it"; or "de+it": lang_first(), lang_second() of base/lang.h */
	const char *deadline; /* in the first language, "18 ottobre 2025"; "" without */

	Canvas *canvas;
	Galley *galley;
	guint block;	    /* of the question being laid out */
	gboolean aside;	    /* it depends on another answer */
	const char *number; /* of the question laid out last */
	double left;	    /* where it begins */
} Sheet;

/* Draws the section on @sheet's canvas, whose drawing then holds its fields. Returns: (transfer full) the file, without
 * a form */
GBytes *sheet_draw(Sheet *sheet, GError **error);

/* "Mappa dei Comuni Digitali 2024 – Sezione 5: Servizi ..." Returns: (transfer full) */
char *sheet_title(const Sheet *sheet);

/* --- among the files of a sheet --------------------------------------------------------------------- */

/* The introduction and the box of instructions, at the beginning. */
void sheet_add_panel(Sheet *sheet);
/* A GalleyFrame. */
void sheet_paint_frame(Canvas *canvas, guint page, guint pages, gpointer data);

/* Lays out @item and what stands in it; @next (nullable): the item behind it.
 * Returns how many items it took: 2 where @next went into the same line. */
guint sheet_add_item(Sheet *sheet, const Item *item, const Item *next);

/* A new strip of the current question. Returns: (transfer none) */
Strip *sheet_strip(Sheet *sheet, double before);
/* Left edge of a question's text, behind its number; right edge of the page's body. */
double sheet_text_left(const Sheet *sheet);
#define SHEET_RIGHT (MARGIN + BODY_WIDTH)

/* Width of a text on one line. */
double sheet_width(const Sheet *sheet, const Style *style, const char *text);
const char *sheet_text(const Sheet *sheet, const GPtrArray *texts);
/* "5.1 Servizi demografici: Protocollo", cut where it is long. Returns: (transfer full) */
char *sheet_tip(const Sheet *sheet, const Item *item, const char *detail);

/* A circle or a box to mark, 11 points wide, with its field. @widget: (transfer full). */
void sheet_mark(Strip *strip, double x, double y, Widget *widget);
/* A box to write in. */
void sheet_write_box(Strip *strip, Box box, Widget *widget);

/* How each Layout but those of sheet_items.c lies on the page. */
void sheet_add_options(Sheet *sheet, const Item *item);
void sheet_add_grid(Sheet *sheet, const Item *item);

#endif

/*
 * Drawing the pages of one section: flow (sheet.c), texts in one or two languages (sheet_text.c), the frame of a page
 * (sheet_frame.c), the box of instructions (sheet_panel.c), one function for each Layout (sheet_items.c, sheet_list.c,
 * sheet_options.c, sheet_grid.c). Private to the room.
 *
 * A sheet has one language or two. The second stands below or behind the first, quieter; where the form has no text of
 * its own in a language, the text in the form's language stands once.
 */
#ifndef PLICO_RENDER_SHEET_H
#define PLICO_RENDER_SHEET_H

#include "base/config.h"
#include "memory/memory.h"
#include "layout/layout.h"
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
	const char *lang;
	const char *other;	    /* (nullable): the second language */
	const char *deadline;	    /* "18 ottobre 2025"; "" without */
	const char *other_deadline; /* in the second language, where there is one */
	const char *memory;	    /* (nullable): the edition whose answers stand on the sheet */
	gboolean prefilled;	    /* some of them in its fields, which are to be confirmed */
	const GPtrArray
	    *remarks;	     /* (nullable) of Finding: on a sheet of corrections, what is wrong */
	GPtrArray *findings; /* (nullable) of Finding: what does not lie well on the page */

	Canvas *canvas;
	Galley *galley;
	guint block;	    /* of the question being laid out */
	gboolean grouped;   /* it stands below the heading of a group */
	gboolean aside;	    /* it depends on another answer */
	const char *number; /* of the question laid out last */
	double left;	    /* where it begins */
	char *condition;    /* of the note laid out last; "" */
} Sheet;

/* Draws the section on @sheet's canvas, whose drawing then holds its fields. Returns: (transfer full) the file, without
 * a form */
GBytes *sheet_draw(Sheet *sheet, GError **error);

/* Lays the section's questions out and draws nothing: for the findings alone. Returns how many pages they take. */
guint sheet_try(Sheet *sheet);

/* "Mappa dei Comuni Digitali 2024 – Sezione 5: Servizi ..." in the main language. Returns: (transfer full) */
char *sheet_title(const Sheet *sheet);
char *sheet_title_of(const Form *form, const Section *section, gboolean corrects, const char *lang);

/* Whether it is the delegation sheet, which asks who fills in the others. */
gboolean sheet_delegates(const Sheet *sheet);

/* Whether it asks some questions once more, to be put right; what then stands at its beginning, and at a question or a table
 * whose answers are wrong, below what was laid out last (sheet_remark.c). */
gboolean sheet_corrects(const Sheet *sheet);
void sheet_add_correction_head(Sheet *sheet);
void sheet_add_remarks(Sheet *sheet, const Item *item, double left);

/* How many numbered questions the sheet asks; rows with the same number are one. */
guint sheet_questions(const Sheet *sheet);

/* How many minutes the section takes, to the next five: sheet_time.c says how they are reckoned. */
guint sheet_minutes(const Sheet *sheet);

/* --- texts (sheet_text.c) ------------------------------------------------------------------------------ */

/* What is said, in one language or two. It borrows the texts. */
typedef struct {
	const char *text;
	const char *lang;	/* (nullable): where it is not the sheet's main one */
	const char *other;	/* (nullable): the same in the second language */
	const char *other_lang; /* (nullable), likewise */
} Wording;

/* A text of the form; a fixed text; any text. @other: (nullable), left out where it says the same. */
Wording sheet_wording(const Sheet *sheet, const GPtrArray *texts);
Wording sheet_word(const Sheet *sheet, Word name);
Wording wording_of(const Sheet *sheet, const char *text, const char *other);
/* "Deutsch / Italiano". Returns: (transfer full) */
char *wording_join(Wording wording);

/* Draws it in an element of type @tag (static; NULL: decoration); returns its height. */
double sheet_put(Strip *strip, const char *tag, const Look *look, Align align, double x, double y,
    double width, Wording wording);
double sheet_put_height(const Look *look, double width, Wording wording);
/* Its width where both languages stand on one line, and where they stand on two. */
double sheet_line_width(const Look *look, Wording wording);
double sheet_column_width(const Look *look, Wording wording);

/* "5.1 Servizi demografici: Protocollo", cut where it is long, in both languages. Returns: (transfer full) */
char *sheet_tip(const Sheet *sheet, const Item *item, Wording detail);
#define NO_DETAIL ((Wording){ .text = "" })

/* --- among the files of a sheet --------------------------------------------------------------------- */

/* The introduction and the box of instructions, at the beginning. */
void sheet_add_panel(Sheet *sheet);
/* On a sheet with last year's answers: the box that confirms those in its fields, and the mark at a question that takes
 * one, on the strip of its title (sheet_memory.c). */
void sheet_add_confirmation(Sheet *sheet);
void sheet_add_memory_mark(const Sheet *sheet, Strip *strip, const Item *item);
/* The quiet line with last year's answer, where @item has it beside it: below what was laid out last, from @left on. */
void sheet_add_beside(Sheet *sheet, const Item *item, double left);
/* The same on the line of a short box, from @x to the page's edge; @y and @height are the box's. */
void sheet_put_beside(
    const Sheet *sheet, Strip *strip, const Item *item, double x, double y, double height);
/* A GalleyFrame. */
void sheet_paint_frame(Canvas *canvas, guint page, guint pages, gpointer data);
/* Office and its addresses. Returns: (transfer full) */
char *sheet_help(const Sheet *sheet, const char *lang);

/* Lays out @item and what stands in it; @next (nullable): the item behind it.
 * Returns how many items it took: 2 where @next went into the same line. */
guint sheet_add_item(Sheet *sheet, const Item *item, const Item *next);

/* A new strip of the current question. Returns: (transfer none) */
Strip *sheet_strip(Sheet *sheet, double before);
/* Left edge of a question's text, behind its number; right edge of the page's body. */
double sheet_text_left(const Sheet *sheet);
#define SHEET_RIGHT (MARGIN + BODY_WIDTH)

/* Notes what does not lie well on the page, at the row of @item in survey.csv. */
void sheet_say(const Sheet *sheet, Severity severity, const char *code, const Item *item,
    const char *format, ...) G_GNUC_PRINTF(5, 6);

/* A circle or a box to mark, 11 points wide, with its field. @widget: (transfer full). */
void sheet_mark(Strip *strip, double x, double y, Widget *widget);
/* A box to write in. */
void sheet_write_box(Strip *strip, Box box, Widget *widget);
/* One box to tick and its label, which ends at the page's right edge. Returns its height. */
double sheet_check(const Sheet *sheet, Strip *strip, const Item *item, double x, double y);

#define LINE_HEIGHT	   18.0 /* of a box to write in */
#define SHEET_NUMBER_WIDTH 84.0 /* of the box of a number or a date */

/* The widget of an item with one field. Returns: (transfer full) */
Widget *sheet_widget(const Sheet *sheet, const Item *item);
gboolean sheet_is_short(const Item *item); /* a number or a date */
/* The box of @item in a line of @strip; returns where it ends. */
double sheet_entry_box(const Sheet *sheet, Strip *strip, const Item *item, double x, double y);
/* Its label and its box: on one line, or the box below a label that is long. */
void sheet_labelled_entry(Sheet *sheet, const Item *item, double label_width, double before);
/* "Rispondere solo se ...", a hint below a label. */
void sheet_add_condition(Sheet *sheet, const Item *item, double before);
void sheet_add_explanations(Sheet *sheet, const Item *item, double left);

/* How each Layout but those of sheet_items.c lies on the page. */
void sheet_add_area(Sheet *sheet, const Item *item);
void sheet_add_options(Sheet *sheet, const Item *item);
void sheet_add_grid(Sheet *sheet, const Item *item);
void sheet_add_rank(Sheet *sheet, const Item *item);
void sheet_add_list(Sheet *sheet, const Item *group);
/* A row of a list, or what goes with the question above it. @before: the blank above it. */
void sheet_add_list_row(Sheet *sheet, const Item *item, double label_width, double before);

#endif

/* How sheets and letters look: measures, inks, styles of text. All must be legible printed in black and white. */
#ifndef PLICO_LAYOUT_LOOK_H
#define PLICO_LAYOUT_LOOK_H

#include "layout/canvas.h"

#define MARGIN	    48.0 /* left and right */
#define BODY_TOP    110.0
#define BODY_BOTTOM 790.0
#define BODY_WIDTH  (CANVAS_WIDTH - 2 * MARGIN)
#define INDENT	    36.0 /* of a question's text behind its number */

#define QR_SIDE	   68.0 /* 24 mm */
#define MARK_SIZE  11.0 /* circles and boxes to mark */
#define MARK_GAP   6.0	/* between a mark and its label */
#define COLUMN_GAP 16.0 /* between columns of labels */

/* Space for what is written in for each unit (form XObjects). */
#define NAME_WIDTH  (BODY_WIDTH - QR_SIDE - 12)
#define NAME_HEIGHT 18.0
#define FOOT_WIDTH  (BODY_WIDTH - 90)
#define FOOT_HEIGHT 10.0

extern const Ink ink_black;
extern const Ink ink_dark;  /* bands */
extern const Ink ink_grey;  /* secondary text */
extern const Ink ink_rule;  /* lines */
extern const Ink ink_edge;  /* circles and boxes */
extern const Ink ink_zebra; /* every other row */
extern const Ink ink_panel; /* the box of instructions */
extern const Ink ink_white;

/* How far below the top of its line the baseline of a text is. */
double style_baseline(const Style *style);

extern const Style style_survey;   /* title of the survey above the band */
extern const Style style_band;	   /* title of the section */
extern const Style style_question; /* also its number */
extern const Style style_heading;  /* of a group */
extern const Style style_option;
extern const Style style_hint;
extern const Style style_condition; /* "Rispondere solo se" */
extern const Style style_head;	    /* of a grid's column */
extern const Style style_row;	    /* of a grid */
extern const Style style_panel;
extern const Style style_panel_head;
extern const Style style_foot;
extern const Style style_fact;	     /* the figures at the head of the instructions */
extern const Style style_band_first; /* of two languages */
extern const Style style_band_second;

/* A text in the main language and below it, or behind it where it is @compact and both fit on a line, the same in the
 * second one, quieter: without bold, slanted. */
typedef struct {
	const Style *main;
	const Style *second;
	gboolean compact;
} Look;

extern const Look look_question;
extern const Look look_heading;
extern const Look look_option;
extern const Look look_text; /* introductions and notes */
extern const Look look_hint;
extern const Look look_behind; /* a hint behind a label */
extern const Look look_condition;
extern const Look look_head;
extern const Look look_row;
extern const Look look_block; /* a row of a grid that stands by itself */
extern const Look look_panel;
extern const Look look_panel_head;
extern const Look look_code_label;
extern const Look look_caption; /* of a figure */
extern const Look look_fact;
extern const Look look_total;

#define LETTER_MARGIN 70.0
#define LETTER_RIGHT  (CANVAS_WIDTH - LETTER_MARGIN)
#define LETTER_WIDTH  (CANVAS_WIDTH - 2 * LETTER_MARGIN)

extern const Style style_sender;
extern const Style style_office;
extern const Style style_letter;
extern const Style style_letter_bold;
extern const Style style_letter_oblique;
extern const Style style_letter_mono;
extern const Style style_letter_heading;
extern const Style style_code;
extern const Style style_code_label;

#endif

#include "render/look.h"

#define BLACK                                                                                      \
	{                                                                                          \
		0, 0, 0                                                                            \
	}
#define DARK                                                                                       \
	{                                                                                          \
		0.09, 0.20, 0.30                                                                   \
	}
#define GREY                                                                                       \
	{                                                                                          \
		0.33, 0.33, 0.33                                                                   \
	}

const Ink ink_black = BLACK;
const Ink ink_dark = DARK;
const Ink ink_grey = GREY;
const Ink ink_rule = { 0.62, 0.66, 0.70 };
const Ink ink_edge = { 0.28, 0.32, 0.36 };
const Ink ink_zebra = { 0.945, 0.953, 0.961 };
const Ink ink_panel = { 0.955, 0.962, 0.970 };
const Ink ink_white = { 1, 1, 1 };

const Style style_survey = { FACE_BOLD, FALSE, 8.5, 11, DARK };
const Style style_band = { FACE_BOLD, FALSE, 14, 17, { 1, 1, 1 } };
const Style style_question = { FACE_BOLD, FALSE, 10, 12.6, BLACK };
const Style style_heading = { FACE_BOLD, FALSE, 12, 15, DARK };
const Style style_option = { FACE_REGULAR, FALSE, 9.5, 11.8, BLACK };
const Style style_hint = { FACE_REGULAR, FALSE, 8.5, 10.8, GREY };
const Style style_condition = { FACE_BOLD, FALSE, 8.5, 10.8, DARK };
const Style style_head = { FACE_BOLD, FALSE, 7.8, 9.2, BLACK };
const Style style_row = { FACE_REGULAR, FALSE, 9, 10.8, BLACK };
const Style style_panel = { FACE_REGULAR, FALSE, 9, 11.4, BLACK };
const Style style_panel_head = { FACE_BOLD, FALSE, 9, 11.4, DARK };
const Style style_foot = { FACE_REGULAR, FALSE, 7.2, 9, GREY };

const Style style_sender = { FACE_BOLD, FALSE, 12, 15, DARK };
const Style style_office = { FACE_REGULAR, FALSE, 9, 12, GREY };
const Style style_letter = { FACE_REGULAR, FALSE, 10.3, 14, BLACK };
const Style style_letter_bold = { FACE_BOLD, FALSE, 10.3, 14, BLACK };
const Style style_letter_oblique = { FACE_REGULAR, TRUE, 10.3, 14, BLACK };
const Style style_letter_mono = { FACE_MONO, FALSE, 10, 14, BLACK };
const Style style_letter_heading = { FACE_BOLD, FALSE, 11, 14.5, DARK };
const Style style_code = { FACE_MONO, FALSE, 17, 22, BLACK };
const Style style_code_label = { FACE_BOLD, FALSE, 9.5, 12.5, DARK };

double
style_baseline(const Style *style)
{
	return (style->lead - style->size) / 2 + style->size * 0.8;
}

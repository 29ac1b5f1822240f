#include "layout/look.h"

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
const Style style_panel = { FACE_REGULAR, FALSE, 8.5, 10.5, BLACK };
const Style style_panel_head = { FACE_BOLD, FALSE, 8.5, 10.5, DARK };
const Style style_foot = { FACE_REGULAR, FALSE, 7.2, 9, GREY };
const Style style_fact = { FACE_BOLD, FALSE, 11, 13.6, DARK };
const Style style_band_first = { FACE_BOLD, FALSE, 11.5, 14, { 1, 1, 1 } };
const Style style_band_second = { FACE_REGULAR, TRUE, 9.2, 11, { 1, 1, 1 } };

static const Style style_block = { FACE_BOLD, FALSE, 9, 11.4, BLACK };
static const Style style_caption = { FACE_REGULAR, FALSE, 8, 10, GREY };
static const Style second_question = { FACE_REGULAR, TRUE, 9.2, 11.6, GREY };
static const Style second_heading = { FACE_REGULAR, TRUE, 10.5, 13, GREY };
static const Style second_option = { FACE_REGULAR, TRUE, 8.8, 10.8, GREY };
static const Style second_hint = { FACE_REGULAR, TRUE, 8, 10, GREY };
static const Style second_head = { FACE_REGULAR, TRUE, 7.3, 8.6, GREY };
static const Style second_row = { FACE_REGULAR, TRUE, 8.3, 9.8, GREY };
static const Style second_panel = { FACE_REGULAR, TRUE, 8, 9.8, GREY };
static const Style second_fact = { FACE_REGULAR, TRUE, 8.8, 11, GREY };

const Look look_question = { &style_question, &second_question, FALSE };
const Look look_heading = { &style_heading, &second_heading, FALSE };
const Look look_option = { &style_option, &second_option, TRUE };
const Look look_text = { &style_option, &second_option, FALSE };
const Look look_hint = { &style_hint, &second_hint, FALSE };
const Look look_behind = { &style_hint, &second_hint, TRUE };
const Look look_condition = { &style_condition, &second_hint, FALSE };
const Look look_head = { &style_head, &second_head, FALSE };
const Look look_row = { &style_row, &second_row, TRUE };
const Look look_block = { &style_block, &second_option, FALSE };
const Look look_panel = { &style_panel, &second_panel, FALSE };
const Look look_panel_head = { &style_panel_head, &second_panel, FALSE };
const Look look_caption = { &style_caption, &second_hint, TRUE };
const Look look_code_label = { &style_panel_head, &second_panel, TRUE };
const Look look_total = { &style_panel_head, &second_option, TRUE };
const Look look_fact = { &style_fact, &second_fact, TRUE };

const Style style_sender = { FACE_BOLD, FALSE, 12, 15, DARK };
const Style style_office = { FACE_REGULAR, FALSE, 9, 12, GREY };
const Style style_letter = { FACE_REGULAR, FALSE, 10.3, 14, BLACK };
const Style style_letter_bold = { FACE_BOLD, FALSE, 10.3, 14, BLACK };
const Style style_letter_oblique = { FACE_REGULAR, TRUE, 10.3, 14, BLACK };
const Style style_letter_mono = { FACE_MONO, FALSE, 10, 14, BLACK };
const Style style_letter_heading = { FACE_BOLD, FALSE, 11, 14.5, DARK };
const Style style_code = { FACE_MONO, FALSE, 20, 25, BLACK };
const Style style_code_label = { FACE_BOLD, FALSE, 9.5, 12.5, DARK };

double
style_baseline(const Style *style)
{
	return (style->lead - style->size) / 2 + style->size * 0.8;
}

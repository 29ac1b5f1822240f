/* One function for each Layout of form.h but grids: how a question lies on the page. */
#include "render/sheet.h"

#include <string.h>

#define QUESTION_GAP 15.0
#define LINE_HEIGHT  18.0 /* of a box to write in */
#define AREA_HEIGHT  90.0
#define NUMBER_WIDTH 84.0 /* of the box of a number or a date */
#define RANK_WIDTH   38.0
#define ASIDE_INDENT 12.0

typedef void (*LayOut)(Sheet *sheet, const Item *item);

void
sheet_mark(Strip *strip, double x, double y, Widget *widget)
{
	Box box = { x, y, MARK_SIZE, MARK_SIZE };

	if (widget->kind == FIELD_RADIO)
		strip_ring(strip, ink_edge, 0.7, box);
	else
		strip_frame(strip, ink_edge, 0.7, box);
	strip_widget(strip, box, widget);
}

void
sheet_write_box(Strip *strip, Box box, Widget *widget)
{
	strip_fill(strip, ink_white, box);
	strip_frame(strip, ink_edge, 0.6, box);
	strip_widget(strip, (Box){ box.x + 1, box.y + 1, box.width - 2, box.height - 2 }, widget);
}

/* "Altro: specificare" under its question: forms/README.md says that its name ends so. */
static const Item *
question_of_other(const Sheet *sheet, const Item *item)
{
	g_autofree char *name = NULL;

	if (!g_str_has_suffix(item->name, "_altro"))
		return NULL;
	name = g_strndup(item->name, strlen(item->name) - strlen("_altro"));
	return form_item(sheet->form, name);
}

/* --- titles ---------------------------------------------------------------------------------------- */

static void
add_explanation(Sheet *sheet, const GPtrArray *texts, double left)
{
	const char *text = sheet_text(sheet, texts);
	Strip *strip;

	if (*text == '\0')
		return;
	strip = sheet_strip(sheet, 1.5);
	(void)strip_text(
	    sheet->galley, strip, "P", &style_hint, ALIGN_LEFT, left, 0, SHEET_RIGHT - left, text);
	strip->keep = TRUE;
}

static void
add_condition(Sheet *sheet, const Item *item, double before)
{
	double left = sheet->left;
	g_autofree char *condition = NULL;
	g_autofree char *text = NULL;
	Strip *strip;

	if (!form_view_has_condition(sheet->view, item) || question_of_other(sheet, item) != NULL)
		return;
	condition = form_view_condition(sheet->view, item, sheet->lang);
	text = words_fill(word(sheet->lang, WORD_ONLY_IF), "condition", condition, NULL);
	strip = sheet_strip(sheet, before);
	(void)strip_text(sheet->galley, strip, "P", &style_condition, ALIGN_LEFT, left, 0,
	    SHEET_RIGHT - left, text);
	strip->keep = TRUE;
}

/* With a blank, lest a reader runs it together with the text. */
static void
add_number(const Sheet *sheet, Strip *strip, const char *number)
{
	g_autofree char *spaced = g_strconcat(number, " ", NULL);

	strip_begin(strip, "Span");
	strip_word(strip, &style_question, sheet->left, style_baseline(&style_question), spaced);
	strip_end(strip);
}

/* Number, text and explanations of a question; its condition above them. */
static void
add_title(Sheet *sheet, const Item *item)
{
	double left = sheet_text_left(sheet);
	guint before = galley_length(sheet->galley);
	const char *number = form_item_number(item);
	Strip *strip;

	add_condition(sheet, item, QUESTION_GAP);
	strip = sheet_strip(sheet, galley_length(sheet->galley) > before ? 2 : QUESTION_GAP);
	strip_open(strip, "H2");
	if (*number != '\0')
		add_number(sheet, strip, number);
	(void)strip_text(sheet->galley, strip, "Span", &style_question, ALIGN_LEFT, left, 0,
	    SHEET_RIGHT - left, sheet_text(sheet, item->labels));
	strip_close(strip);
	strip->keep = TRUE;
	add_explanation(sheet, item->hints, sheet_text_left(sheet));
	add_explanation(sheet, item->guidance, sheet_text_left(sheet));
	galley_last(sheet->galley)->keep = TRUE;
}

/* --- boxes to write in ------------------------------------------------------------------------------ */

static gboolean
is_short(const Item *item)
{
	return strcmp(item->type->name, "text") != 0;
}

static Widget *
entry_widget(const Sheet *sheet, const Item *item)
{
	g_autoptr(GPtrArray) specs = form_item_fields(item);
	const FieldSpec *spec = g_ptr_array_index(specs, 0);
	g_autofree char *tip = sheet_tip(sheet, item, "");
	Widget *widget = widget_new(spec->kind, spec->name, "", tip);

	widget->max_length = spec->max_length;
	return widget;
}

/* The box of @item in a line of @strip; returns where it ends. */
static double
add_entry_box(const Sheet *sheet, Strip *strip, const Item *item, double x, double y)
{
	double width = is_short(item) ? NUMBER_WIDTH : SHEET_RIGHT - x;
	gboolean date = strcmp(item->type->name, "date") == 0;

	sheet_write_box(strip, (Box){ x, y, width, LINE_HEIGHT }, entry_widget(sheet, item));
	if (date)
		(void)strip_text(sheet->galley, strip, "P", &style_hint, ALIGN_LEFT, x + width + 6,
		    y + 4, 80, word(sheet->lang, WORD_DATE_HINT));
	return x + width;
}

static void
lay_entry(Sheet *sheet, const Item *item)
{
	(void)add_entry_box(sheet, sheet_strip(sheet, 5), item, sheet_text_left(sheet), 0);
}

static void
lay_area(Sheet *sheet, const Item *item)
{
	double left = sheet_text_left(sheet);

	sheet_write_box(sheet_strip(sheet, 5), (Box){ left, 0, SHEET_RIGHT - left, AREA_HEIGHT },
	    entry_widget(sheet, item));
}

/* Label and box on one line: of a row, or of what goes with the question above. */
static Strip *
add_labelled_entry(Sheet *sheet, const Item *item, double label_width, double before)
{
	double left = sheet_text_left(sheet);
	const char *label = sheet_text(sheet, item->labels);
	double height = strip_text_height(sheet->galley, &style_option, label_width, label);
	double row = MAX(height, LINE_HEIGHT);
	Strip *strip = sheet_strip(sheet, before);

	(void)strip_text(sheet->galley, strip, "P", &style_option, ALIGN_LEFT, left,
	    (row - height) / 2, label_width, label);
	(void)add_entry_box(sheet, strip, item, left + label_width + 8, (row - LINE_HEIGHT) / 2);
	return strip;
}

/* --- one box to tick -------------------------------------------------------------------------------- */

static void
add_check(const Sheet *sheet, Strip *strip, const Item *item, const char *label, double x, double y)
{
	g_autoptr(GPtrArray) specs = form_item_fields(item);
	const FieldSpec *spec = g_ptr_array_index(specs, 0);
	g_autofree char *tip = sheet_tip(sheet, item, "");

	sheet_mark(strip, x, y + (style_option.lead - MARK_SIZE) / 2,
	    widget_new(spec->kind, spec->name, "si", tip));
	(void)strip_text(sheet->galley, strip, "P", &style_option, ALIGN_LEFT,
	    x + MARK_SIZE + MARK_GAP, y, SHEET_RIGHT - x - MARK_SIZE - MARK_GAP, label);
}

static void
lay_check_row(Sheet *sheet, const Item *item)
{
	add_check(sheet, sheet_strip(sheet, 5), item, sheet_text(sheet, item->labels),
	    sheet_text_left(sheet), 0);
}

/* The number stands before the box itself: the label is the question. */
static void
add_numbered_check(Sheet *sheet, const Item *item)
{
	guint before = galley_length(sheet->galley);
	double left = sheet_text_left(sheet);
	Strip *strip;

	add_condition(sheet, item, QUESTION_GAP);
	strip = sheet_strip(sheet, galley_length(sheet->galley) > before ? 2 : QUESTION_GAP);
	(void)strip_text(sheet->galley, strip, "P", &style_question, ALIGN_LEFT, sheet->left, 0,
	    INDENT, form_item_number(item));
	add_check(sheet, strip, item, sheet_text(sheet, item->labels), left, 0);
	add_explanation(sheet, item->hints, sheet_text_left(sheet));
	add_explanation(sheet, item->guidance, sheet_text_left(sheet));
	galley_last(sheet->galley)->keep = FALSE;
}

/* --- ranking ----------------------------------------------------------------------------------------- */

static Widget *
position_widget(const Sheet *sheet, const Item *item, const FieldSpec *spec)
{
	g_autofree char *detail = g_strdup_printf(
	    "%s, %s", sheet_text(sheet, spec->choice->labels), word(sheet->lang, WORD_POSITION));
	g_autofree char *tip = sheet_tip(sheet, item, detail);
	Widget *widget = widget_new(spec->kind, spec->name, "", tip);

	widget->positions = spec->positions;
	return widget;
}

/* In two columns where all labels are short enough, read downwards. */
static void
lay_rank(Sheet *sheet, const Item *item)
{
	g_autoptr(GPtrArray) specs = form_item_fields(item);
	double left = sheet_text_left(sheet);
	guint columns = 2;
	double width = (SHEET_RIGHT - left) / columns;
	guint rows;

	for (guint i = 0; i < specs->len; i++) {
		const FieldSpec *spec = g_ptr_array_index(specs, i);
		const char *label = sheet_text(sheet, spec->choice->labels);

		if (sheet_width(sheet, &style_option, label) >
		    width - RANK_WIDTH - 8 - COLUMN_GAP / 2)
			columns = 1;
	}
	width = (SHEET_RIGHT - left) / columns;
	rows = (specs->len + columns - 1) / columns;
	for (guint i = 0; i < specs->len; i++) {
		const FieldSpec *spec = g_ptr_array_index(specs, i);
		double x = left + (i / rows) * width;
		double y = columns > 1 ? (i % rows) * (LINE_HEIGHT + 2) : 0;
		Strip *strip = columns == 1 || i == 0 ? sheet_strip(sheet, i == 0 ? 5 : 3)
						      : galley_last(sheet->galley);

		sheet_write_box(strip, (Box){ x, y, RANK_WIDTH, LINE_HEIGHT - 1 },
		    position_widget(sheet, item, spec));
		(void)strip_text(sheet->galley, strip, "P", &style_option, ALIGN_LEFT,
		    x + RANK_WIDTH + 8, y + 2.6, width - RANK_WIDTH - 8,
		    sheet_text(sheet, spec->choice->labels));
		strip->keep = i + 1 < specs->len && (i == 0 || i + 2 == specs->len);
	}
}

/* --- groups ------------------------------------------------------------------------------------------ */

/* The width that the labels of short lines need, so that their boxes stand in a column. */
static double
list_label_width(const Sheet *sheet, const Item *group)
{
	double widest = 60;

	for (guint i = 0; i < group->items->len; i++) {
		const Item *item = g_ptr_array_index(group->items, i);

		if (item->layout == LAYOUT_ENTRY)
			widest = MAX(widest,
			    sheet_width(sheet, &style_option, sheet_text(sheet, item->labels)) + 1);
	}
	return MIN(widest, (SHEET_RIGHT - sheet_text_left(sheet)) * 0.55);
}

/* @before: the blank above it. */
static void
add_list_row(Sheet *sheet, const Item *item, double label_width, double before)
{
	static const LayOut layouts[] = {
		[LAYOUT_CHOICES] = sheet_add_options,
		[LAYOUT_AREA] = lay_area,
		[LAYOUT_CHECK] = lay_check_row,
		[LAYOUT_RANK] = lay_rank,
	};
	double left = sheet_text_left(sheet);

	add_condition(sheet, item, 6);
	if (item->layout == LAYOUT_ENTRY) {
		add_labelled_entry(sheet, item, label_width, before)->keep =
		    *sheet_text(sheet, item->hints) != '\0';
	} else {
		if (item->layout != LAYOUT_CHECK) {
			Strip *strip = sheet_strip(sheet, before + 2);

			(void)strip_text(sheet->galley, strip, "P", &style_option, ALIGN_LEFT, left,
			    0, SHEET_RIGHT - left, sheet_text(sheet, item->labels));
			strip->keep = TRUE;
		}
		if (item->layout < G_N_ELEMENTS(layouts) && layouts[item->layout] != NULL)
			layouts[item->layout](sheet, item);
	}
	add_explanation(sheet, item->hints, sheet_text_left(sheet));
	add_explanation(sheet, item->guidance, sheet_text_left(sheet));
	galley_last(sheet->galley)->keep = FALSE;
}

static void
lay_list(Sheet *sheet, const Item *group)
{
	double label_width = list_label_width(sheet, group);
	guint first = galley_length(sheet->galley);
	double before = 5;

	for (guint i = 0; i < group->items->len; i++) {
		const Item *item = g_ptr_array_index(group->items, i);

		if (form_view_asked(sheet->view, item) == ASKED_NO || item->layout == LAYOUT_NONE)
			continue;
		add_list_row(sheet, item, label_width, before);
		before = item->layout == LAYOUT_ENTRY ? 4 : 9;
	}
	if (galley_length(sheet->galley) > first + 1)
		galley_strip(sheet->galley, first)->keep = TRUE;
}

static void
add_group(Sheet *sheet, const Item *group)
{
	const char *label = sheet_text(sheet, group->labels);

	if (*label != '\0') {
		Strip *strip = sheet_strip(sheet, QUESTION_GAP + 6);

		(void)strip_text(sheet->galley, strip, "H2", &style_heading, ALIGN_LEFT, MARGIN, 0,
		    BODY_WIDTH, label);
		strip->keep = TRUE;
		add_explanation(sheet, group->hints, MARGIN);
	}
	for (guint i = 0; i < group->items->len;) {
		const Item *next =
		    i + 1 < group->items->len ? g_ptr_array_index(group->items, i + 1) : NULL;

		i += sheet_add_item(sheet, g_ptr_array_index(group->items, i), next);
	}
}

/* --- one item ----------------------------------------------------------------------------------------- */

/* Words for the reader, which stay with what follows. */
static void
add_note(Sheet *sheet, const Item *item)
{
	guint before = galley_length(sheet->galley);
	Strip *strip;

	sheet->block++;
	add_condition(sheet, item, QUESTION_GAP);
	strip = sheet_strip(sheet, galley_length(sheet->galley) > before ? 2 : QUESTION_GAP);
	(void)strip_text(sheet->galley, strip, "P", &style_option, ALIGN_LEFT, sheet->left, 0,
	    SHEET_RIGHT - sheet->left, sheet_text(sheet, item->labels));
	strip->keep = TRUE;
	add_explanation(sheet, item->hints, sheet->left);
}

/* What goes with the question above, whose number it has: the text behind "Altro", a detail, "Dato non disponibile". */
static void
add_continuation(Sheet *sheet, const Item *item)
{
	Strip *above = galley_last(sheet->galley);

	if (above != NULL)
		above->keep = TRUE;
	if (item->layout == LAYOUT_ENTRY) {
		double width =
		    sheet_width(sheet, &style_option, sheet_text(sheet, item->labels)) + 1;

		add_condition(sheet, item, 9);
		(void)add_labelled_entry(
		    sheet, item, MIN(width, (SHEET_RIGHT - sheet_text_left(sheet)) * 0.6), 5);
	} else {
		add_list_row(sheet, item, 0, 5);
	}
}

/* "Dato non disponibile" on the line of the number that it replaces. */
static gboolean
joins(const Item *item, const Item *next)
{
	return next != NULL && item->layout == LAYOUT_ENTRY && is_short(item) &&
	       next->layout == LAYOUT_CHECK &&
	       strcmp(form_item_number(item), form_item_number(next)) == 0;
}

static void
set_question(Sheet *sheet, const Item *item, gboolean continues)
{
	const Item *base = question_of_other(sheet, item);

	sheet->aside = form_view_asked(sheet->view, base != NULL ? base : item) == ASKED_IF;
	sheet->left = MARGIN + (sheet->aside ? ASIDE_INDENT : 0);
	if (!continues)
		sheet->block++;
	if (item->layout != LAYOUT_NOTE)
		sheet->number = form_item_number(item);
}

static void
add_question(Sheet *sheet, const Item *item, const Item *joined)
{
	static const LayOut layouts[] = {
		[LAYOUT_CHOICES] = sheet_add_options,
		[LAYOUT_ENTRY] = lay_entry,
		[LAYOUT_AREA] = lay_area,
		[LAYOUT_RANK] = lay_rank,
		[LAYOUT_GRID] = sheet_add_grid,
		[LAYOUT_LIST] = lay_list,
	};

	add_title(sheet, item);
	if (joined != NULL) {
		Strip *strip = sheet_strip(sheet, 5);
		double end = add_entry_box(sheet, strip, item, sheet_text_left(sheet), 0);

		add_check(sheet, strip, joined, sheet_text(sheet, joined->labels), end + 18,
		    (LINE_HEIGHT - style_option.lead) / 2);
	} else {
		layouts[item->layout](sheet, item);
	}
	galley_last(sheet->galley)->keep = FALSE;
}

guint
sheet_add_item(Sheet *sheet, const Item *item, const Item *next)
{
	const char *number = form_item_number(item);
	gboolean continues = *number != '\0' && strcmp(number, sheet->number) == 0;
	gboolean joined = joins(item, next);

	if (form_view_asked(sheet->view, item) == ASKED_NO || item->layout == LAYOUT_NONE)
		return 1;
	if (item->layout == LAYOUT_GROUP) {
		add_group(sheet, item);
		return 1;
	}
	set_question(sheet, item, continues);
	if (item->layout == LAYOUT_NOTE)
		add_note(sheet, item);
	else if (continues)
		add_continuation(sheet, item);
	else if (item->layout == LAYOUT_CHECK)
		add_numbered_check(sheet, item);
	else
		add_question(sheet, item, joined ? next : NULL);
	return joined ? 2 : 1;
}

/* One function for each Layout of form.h but grids: how a question lies on the page. */
#include "render/sheet.h"

#include <string.h>

#define QUESTION_GAP 15.0
#define LINE_HEIGHT  18.0 /* of a box to write in */
#define AREA_HEIGHT  90.0
#define MARK_GAP     6.0 /* between a mark and its label */
#define COLUMN_GAP   16.0
#define NUMBER_WIDTH 84.0 /* of the box of a number or a date */
#define RANK_WIDTH   38.0
#define ASIDE_INDENT 12.0
#define LONG_LIST    8 /* options */

typedef void (*LayOut)(Sheet *sheet, const Item *item);

static double
width_of(const Sheet *sheet, const Style *style, const char *text)
{
	return canvas_text_width(sheet->canvas, style, text);
}

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
add_note_text(Sheet *sheet, const GPtrArray *texts)
{
	const char *text = sheet_text(sheet, texts);
	double left = sheet_text_left(sheet);
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
		(void)strip_text(sheet->galley, strip, "Span", &style_question, ALIGN_LEFT,
		    sheet->left, 0, INDENT, number);
	(void)strip_text(sheet->galley, strip, "Span", &style_question, ALIGN_LEFT, left, 0,
	    SHEET_RIGHT - left, sheet_text(sheet, item->labels));
	strip_close(strip);
	strip->keep = TRUE;
	add_note_text(sheet, item->hints);
	add_note_text(sheet, item->guidance);
	galley_last(sheet->galley)->keep = TRUE;
}

/* --- choices ----------------------------------------------------------------------------------------- */

typedef struct {
	const Choice *choice;
	const char *label;
	double width; /* of the label on one line */
	Widget *widget;
} Option;

static GArray *
make_options(const Sheet *sheet, const Item *item)
{
	g_autoptr(GPtrArray) specs = form_item_fields(item);
	GArray *options = g_array_new(FALSE, TRUE, sizeof(Option));

	for (guint i = 0; i < item->list->choices->len; i++) {
		const Choice *choice = g_ptr_array_index(item->list->choices, i);
		const FieldSpec *spec = g_ptr_array_index(specs, specs->len > 1 ? i : 0);
		const char *label = sheet_text(sheet, choice->labels);
		g_autofree char *tip = sheet_tip(sheet, item, label);
		gboolean radio = spec->kind == FIELD_RADIO;
		Option option = { .choice = choice, .label = label };

		option.width = width_of(sheet, &style_option, label);
		if (choice->exclusive)
			option.width +=
			    4 + width_of(sheet, &style_hint, word(sheet->lang, WORD_EXCLUSIVE));
		option.widget =
		    widget_new(spec->kind, spec->name, radio ? choice->name : "si", tip);
		if (radio) {
			g_free(option.widget->group_tip);
			option.widget->group_tip = sheet_tip(sheet, item, "");
		}
		g_array_append_val(options, option);
	}
	return options;
}

/* "(esclude le altre)" behind the label, or below it; returns the height of both. */
static double
add_exclusive(const Sheet *sheet, Strip *strip, const Option *option, double x, double y,
    double width, double height)
{
	const char *text = word(sheet->lang, WORD_EXCLUSIVE);
	double label = width_of(sheet, &style_option, option->label);
	gboolean behind = option->width <= width - MARK_SIZE - MARK_GAP;

	(void)strip_text(sheet->galley, strip, NULL, &style_hint, ALIGN_LEFT,
	    behind ? x + label + 4 : x, behind ? y + 0.6 : y + height, SHEET_RIGHT, text);
	return behind ? height : height + style_hint.lead;
}

/* Draws a mark and its label; returns their height. */
static double
add_option(const Sheet *sheet, Strip *strip, Option *option, double x, double y, double width)
{
	double label_x = x + MARK_SIZE + MARK_GAP;
	double height;

	strip_open(strip, "LI");
	sheet_mark(
	    strip, x, y + (style_option.lead - MARK_SIZE) / 2, g_steal_pointer(&option->widget));
	height = strip_text(sheet->galley, strip, "LBody", &style_option, ALIGN_LEFT, label_x, y,
	    width - MARK_SIZE - MARK_GAP, option->label);
	strip_close(strip);
	if (option->choice->exclusive)
		height =
		    MAX(height, add_exclusive(sheet, strip, option, label_x, y, width, height));
	return MAX(height, MARK_SIZE);
}

/* All on one line, where they fit and are few. */
static gboolean
add_options_line(Sheet *sheet, GArray *options, double left)
{
	double used = 0;
	Strip *strip;

	for (guint i = 0; i < options->len; i++)
		used += g_array_index(options, Option, i).width + MARK_SIZE + MARK_GAP + COLUMN_GAP;
	if (options->len > 5 || used - COLUMN_GAP > SHEET_RIGHT - left)
		return FALSE;
	strip = sheet_strip(sheet, 5);
	strip_open(strip, "L");
	for (guint i = 0; i < options->len; i++) {
		Option *option = &g_array_index(options, Option, i);
		double width = option->width + MARK_SIZE + MARK_GAP;

		(void)add_option(sheet, strip, option, left, 0, width + 1);
		left += width + COLUMN_GAP;
	}
	strip_close(strip);
	return TRUE;
}

/* How many of the options take more than one line in a column of @width; G_MAXUINT: one of them more than two. */
static guint
count_wrapped(const Sheet *sheet, const GArray *options, double width)
{
	guint wrapped = 0;

	for (guint i = 0; i < options->len; i++) {
		const Option *option = &g_array_index(options, Option, i);
		double height;

		if (option->width <= width)
			continue;
		height = strip_text_height(sheet->galley, &style_option, width, option->label);
		if (height > 2 * style_option.lead)
			return G_MAXUINT;
		wrapped++;
	}
	return wrapped;
}

/* Short options stand in two or three columns; long lists in two, even where a few of them wrap. */
static guint
option_columns(const Sheet *sheet, const GArray *options, double left)
{
	const double taken = MARK_SIZE + MARK_GAP + COLUMN_GAP;

	for (guint columns = 3; columns > 1; columns--)
		if (options->len >= 2 * columns &&
		    count_wrapped(sheet, options, (SHEET_RIGHT - left) / columns - taken) == 0)
			return columns;
	if (options->len >= LONG_LIST &&
	    count_wrapped(sheet, options, (SHEET_RIGHT - left) / 2 - taken) <= options->len / 4)
		return 2;
	return 1;
}

/* Read downwards, so that they are one strip. */
static void
add_options_columns(Sheet *sheet, GArray *options, guint columns, double left)
{
	double width = (SHEET_RIGHT - left) / columns;
	guint rows = (options->len + columns - 1) / columns;
	Strip *strip = sheet_strip(sheet, 5);
	double y = 0;

	strip_open(strip, "L");
	for (guint i = 0; i < options->len; i++) {
		if (i % rows == 0)
			y = 0;
		y += add_option(sheet, strip, &g_array_index(options, Option, i),
			 left + (i / rows) * width, y, width - COLUMN_GAP) +
		     4;
	}
	strip_close(strip);
}

/* What comes again where a list goes on. */
static const Strip *
make_continued(const Sheet *sheet, const Item *item)
{
	g_autofree char *text =
	    words_fill(word(sheet->lang, WORD_CONTINUED), "number", form_item_number(item), NULL);
	Strip *strip = galley_add_head(sheet->galley);

	(void)strip_text(sheet->galley, strip, NULL, &style_condition, ALIGN_LEFT, sheet->left, 0,
	    BODY_WIDTH, text);
	strip->height += 4;
	return strip;
}

static void
add_options_list(Sheet *sheet, GArray *options, const Item *item, double left)
{
	const Strip *again = make_continued(sheet, item);

	for (guint i = 0; i < options->len; i++) {
		Strip *strip = sheet_strip(sheet, i == 0 ? 5 : 4);

		if (i == 0)
			strip_open(strip, "L");
		(void)add_option(
		    sheet, strip, &g_array_index(options, Option, i), left, 0, SHEET_RIGHT - left);
		if (i + 1 == options->len)
			strip_close(strip);
		/* neither the first nor the last one alone on a page */
		strip->keep = i == 0 || i + 2 == options->len;
		strip->head = again;
	}
}

static void
add_options(Sheet *sheet, const Item *item, double left)
{
	g_autoptr(GArray) options = make_options(sheet, item);
	guint columns;

	if (add_options_line(sheet, options, left))
		return;
	columns = option_columns(sheet, options, left);
	if (columns > 1)
		add_options_columns(sheet, options, columns, left);
	else
		add_options_list(sheet, options, item, left);
}

static void
lay_choices(Sheet *sheet, const Item *item)
{
	add_options(sheet, item, sheet_text_left(sheet));
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
	add_note_text(sheet, item->hints);
	add_note_text(sheet, item->guidance);
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

		if (width_of(sheet, &style_option, label) > width - RANK_WIDTH - 8 - COLUMN_GAP / 2)
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
			    width_of(sheet, &style_option, sheet_text(sheet, item->labels)) + 1);
	}
	return MIN(widest, (SHEET_RIGHT - sheet_text_left(sheet)) * 0.55);
}

/* @before: the blank above it. */
static void
add_list_row(Sheet *sheet, const Item *item, double label_width, double before)
{
	static const LayOut layouts[] = {
		[LAYOUT_CHOICES] = lay_choices,
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
	add_note_text(sheet, item->hints);
	add_note_text(sheet, item->guidance);
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
		add_note_text(sheet, group->hints);
	}
	for (guint i = 0; i < group->items->len;) {
		const Item *next =
		    i + 1 < group->items->len ? g_ptr_array_index(group->items, i + 1) : NULL;

		i += sheet_add_item(sheet, g_ptr_array_index(group->items, i), next);
	}
}

/* --- one item ----------------------------------------------------------------------------------------- */

static void
lay_note(Sheet *sheet, const Item *item)
{
	(void)sheet;
	(void)item;
}

/* What goes with the question above, whose number it has: the text behind "Altro", a detail, "Dato non disponibile". */
static void
add_continuation(Sheet *sheet, const Item *item)
{
	Strip *above = galley_last(sheet->galley);

	if (above != NULL)
		above->keep = TRUE;
	if (item->layout == LAYOUT_ENTRY) {
		double width = width_of(sheet, &style_option, sheet_text(sheet, item->labels)) + 1;

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
	sheet->number = form_item_number(item);
}

static void
add_question(Sheet *sheet, const Item *item, const Item *joined)
{
	static const LayOut layouts[] = {
		[LAYOUT_NOTE] = lay_note,
		[LAYOUT_CHOICES] = lay_choices,
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
	if (continues)
		add_continuation(sheet, item);
	else if (item->layout == LAYOUT_CHECK)
		add_numbered_check(sheet, item);
	else
		add_question(sheet, item, joined ? next : NULL);
	return joined ? 2 : 1;
}

/* A question on the page: its title, its condition, and the layouts of one field. */
#include "render/sheet.h"

#include <string.h>

#define QUESTION_GAP 15.0
#define AREA_HEIGHT  90.0
#define ASIDE_INDENT 12.0
#define BESIDE_GAP   24.0
#define LABEL_HEIGHT 60.0 /* a higher label stands above its box */

typedef void (*LayOut)(Sheet *sheet, const Item *item);

void
sheet_mark(Strip *strip, double x, double y, Widget *widget)
{
	Box box = { x, y, MARK_SIZE, MARK_SIZE };

	if (widget->kind == FIELD_RADIO) {
		strip_ring(strip, ink_edge, 0.7, box);
	} else {
		strip_fill(strip, ink_white, box);
		strip_frame(strip, ink_edge, 0.7, box);
	}
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
	Wording wording = sheet_wording(sheet, texts);
	Strip *strip;

	if (*wording.text == '\0')
		return;
	strip = sheet_strip(sheet, 1.5);
	(void)sheet_put(strip, "P", &look_hint, ALIGN_LEFT, left, 0, SHEET_RIGHT - left, wording);
	strip->keep = TRUE;
}

void
sheet_add_explanations(Sheet *sheet, const Item *item, double left)
{
	add_explanation(sheet, item->hints, left);
	add_explanation(sheet, item->guidance, left);
}

static char *
condition_in(const Sheet *sheet, const Item *item, const char *lang)
{
	g_autofree char *condition = NULL;

	if (lang == NULL)
		return NULL;
	condition = form_view_condition(sheet->view, item, lang);
	return words_fill(word(lang, WORD_ONLY_IF), "condition", condition, NULL);
}

/* A condition that stands at the note just above is not said again. */
void
sheet_add_condition(Sheet *sheet, const Item *item, double before)
{
	double left = sheet->left;
	g_autofree char *text = NULL;
	g_autofree char *other = NULL;
	Strip *strip;

	if (!form_view_has_condition(sheet->view, item) || question_of_other(sheet, item) != NULL)
		return;
	text = condition_in(sheet, item, sheet->lang);
	if (g_strcmp0(text, sheet->condition) == 0)
		return;
	other = condition_in(sheet, item, sheet->other);
	strip = sheet_strip(sheet, before);
	(void)sheet_put(strip, "P", &look_condition, ALIGN_LEFT, left, 0, SHEET_RIGHT - left,
	    wording_of(sheet, text, other));
	strip->keep = TRUE;
}

/* With a blank, lest a reader runs it together with the text. */
static void
add_number(const Sheet *sheet, Strip *strip, const char *tag, const char *number)
{
	g_autofree char *spaced = g_strconcat(number, " ", NULL);

	strip_begin(strip, tag);
	strip_word(strip, &style_question, sheet->left, style_baseline(&style_question), spaced);
	strip_end(strip);
}

/* The strip below a condition is nearer to it than to the question above. */
static Strip *
add_first_strip(Sheet *sheet, const Item *item)
{
	guint before = galley_length(sheet->galley);

	sheet_add_condition(sheet, item, QUESTION_GAP);
	return sheet_strip(sheet, galley_length(sheet->galley) > before ? 2 : QUESTION_GAP);
}

/* Number, text and explanations of a question; its condition above them. */
static void
add_title(Sheet *sheet, const Item *item)
{
	double left = sheet_text_left(sheet);
	const char *number = form_item_number(item);
	Strip *strip = add_first_strip(sheet, item);

	strip_open(strip, sheet->grouped ? "H3" : "H2");
	if (*number != '\0')
		add_number(sheet, strip, "Span", number);
	(void)sheet_put(strip, "Span", &look_question, ALIGN_LEFT, left, 0, SHEET_RIGHT - left,
	    sheet_wording(sheet, item->labels));
	strip_close(strip);
	sheet_add_memory_mark(sheet, strip, item);
	strip->keep = TRUE;
	sheet_add_explanations(sheet, item, left);
	sheet_add_remarks(sheet, item, left);
	sheet_add_beside(sheet, item, left);
	galley_last(sheet->galley)->keep = TRUE;
}

/* --- boxes to write in ------------------------------------------------------------------------------ */

gboolean
sheet_is_short(const Item *item)
{
	return strcmp(item->type->name, "text") != 0;
}

Widget *
sheet_widget(const Sheet *sheet, const Item *item)
{
	g_autoptr(GPtrArray) specs = form_item_fields(item);
	const FieldSpec *spec = g_ptr_array_index(specs, 0);
	g_autofree char *tip = sheet_tip(sheet, item, NO_DETAIL);
	Widget *widget =
	    widget_new(spec->kind, spec->name, spec->kind == FIELD_CHECK ? "si" : "", tip);

	widget->max_length = spec->max_length;
	return widget;
}

double
sheet_entry_box(const Sheet *sheet, Strip *strip, const Item *item, double x, double y)
{
	double width = sheet_is_short(item) ? SHEET_NUMBER_WIDTH : SHEET_RIGHT - x;
	gboolean date = strcmp(item->type->name, "date") == 0;

	sheet_write_box(strip, (Box){ x, y, width, LINE_HEIGHT }, sheet_widget(sheet, item));
	if (date) {
		g_autofree char *hint = wording_join(sheet_word(sheet, WORD_DATE_HINT));

		(void)strip_text(strip, "P", &style_hint, ALIGN_LEFT, x + width + 6,
		    y + (LINE_HEIGHT - style_hint.lead) / 2, SHEET_RIGHT - x - width - 6, hint);
	}
	return x + width;
}

static void
lay_entry(Sheet *sheet, const Item *item)
{
	(void)sheet_entry_box(sheet, sheet_strip(sheet, 5), item, sheet_text_left(sheet), 0);
}

void
sheet_add_area(Sheet *sheet, const Item *item)
{
	double left = sheet_text_left(sheet);

	sheet_write_box(sheet_strip(sheet, 5), (Box){ left, 0, SHEET_RIGHT - left, AREA_HEIGHT },
	    sheet_widget(sheet, item));
}

/* Last year's answer stands behind a number, and behind the percent sign that a list may have; below other boxes. */
static void
add_labelled_box(Sheet *sheet, Strip *strip, const Item *item, double x, double y)
{
	double end = sheet_entry_box(sheet, strip, item, x, y);

	if (sheet_is_short(item) && strcmp(item->type->name, "date") != 0)
		sheet_put_beside(sheet, strip, item, end + BESIDE_GAP, y, LINE_HEIGHT);
	else
		sheet_add_beside(sheet, item, x);
}

void
sheet_labelled_entry(Sheet *sheet, const Item *item, double label_width, double before)
{
	double left = sheet_text_left(sheet);
	Wording label = sheet_wording(sheet, item->labels);
	double height = sheet_put_height(&look_option, label_width, label);
	double row = MAX(height, LINE_HEIGHT);
	Strip *strip = sheet_strip(sheet, before);

	if (height > LABEL_HEIGHT) {
		(void)sheet_put(
		    strip, "P", &look_option, ALIGN_LEFT, left, 0, SHEET_RIGHT - left, label);
		strip->keep = TRUE;
		add_labelled_box(sheet, sheet_strip(sheet, 3), item, left, 0);
		return;
	}
	(void)sheet_put(
	    strip, "P", &look_option, ALIGN_LEFT, left, (row - height) / 2, label_width, label);
	add_labelled_box(sheet, strip, item, left + label_width + 8, (row - LINE_HEIGHT) / 2);
}

/* --- one box to tick -------------------------------------------------------------------------------- */

double
sheet_check(const Sheet *sheet, Strip *strip, const Item *item, double x, double y)
{
	sheet_mark(strip, x, y + (style_option.lead - MARK_SIZE) / 2, sheet_widget(sheet, item));
	return sheet_put(strip, "P", &look_option, ALIGN_LEFT, x + MARK_SIZE + MARK_GAP, y,
	    SHEET_RIGHT - x - MARK_SIZE - MARK_GAP, sheet_wording(sheet, item->labels));
}

/* The number stands before the box itself: the label is the question. */
static void
add_numbered_check(Sheet *sheet, const Item *item)
{
	double left = sheet_text_left(sheet);
	Strip *strip = add_first_strip(sheet, item);

	add_number(sheet, strip, "P", form_item_number(item));
	(void)sheet_check(sheet, strip, item, left, 0);
	strip->keep = TRUE;
	sheet_add_explanations(sheet, item, left + MARK_SIZE + MARK_GAP);
	sheet_add_remarks(sheet, item, left + MARK_SIZE + MARK_GAP);
	galley_last(sheet->galley)->keep = FALSE;
}

/* --- one item ----------------------------------------------------------------------------------------- */

static void
add_group(Sheet *sheet, const Item *group)
{
	Wording label = sheet_wording(sheet, group->labels);

	if (*label.text != '\0') {
		Strip *strip;

		sheet->block++;
		sheet->grouped = TRUE;
		strip = sheet_strip(sheet, QUESTION_GAP + 6);
		(void)sheet_put(
		    strip, "H2", &look_heading, ALIGN_LEFT, MARGIN, 0, BODY_WIDTH, label);
		strip->keep = TRUE;
		add_explanation(sheet, group->hints, MARGIN);
	}
	for (guint i = 0; i < group->items->len;) {
		const Item *next =
		    i + 1 < group->items->len ? g_ptr_array_index(group->items, i + 1) : NULL;

		i += sheet_add_item(sheet, g_ptr_array_index(group->items, i), next);
	}
	sheet->grouped = FALSE;
}

/* Words for the reader, which stay with what follows. */
static void
add_note(Sheet *sheet, const Item *item)
{
	Strip *strip;

	strip = add_first_strip(sheet, item);
	g_free(sheet->condition);
	sheet->condition = condition_in(sheet, item, sheet->lang);
	(void)sheet_put(strip, "P", &look_text, ALIGN_LEFT, sheet->left, 0,
	    SHEET_RIGHT - sheet->left, sheet_wording(sheet, item->labels));
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
	sheet_add_remarks(sheet, item, sheet_text_left(sheet));
	if (item->layout == LAYOUT_ENTRY) {
		double width =
		    sheet_line_width(&look_option, sheet_wording(sheet, item->labels)) + 1;

		sheet_add_condition(sheet, item, 9);
		sheet_labelled_entry(
		    sheet, item, MIN(width, (SHEET_RIGHT - sheet_text_left(sheet)) * 0.6), 5);
	} else {
		sheet_add_list_row(sheet, item, 0, 5);
	}
}

/* "Dato non disponibile" on the line of the number that it replaces. */
static gboolean
joins(const Item *item, const Item *next)
{
	return next != NULL && item->layout == LAYOUT_ENTRY && sheet_is_short(item) &&
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
		[LAYOUT_AREA] = sheet_add_area,
		[LAYOUT_RANK] = sheet_add_rank,
		[LAYOUT_GRID] = sheet_add_grid,
		[LAYOUT_LIST] = sheet_add_list,
	};

	add_title(sheet, item);
	if (joined != NULL) {
		Strip *strip = sheet_strip(sheet, 5);
		double end = sheet_entry_box(sheet, strip, item, sheet_text_left(sheet), 0);

		(void)sheet_check(
		    sheet, strip, joined, end + 18, (LINE_HEIGHT - style_option.lead) / 2);
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
	if (item->layout == LAYOUT_NOTE) {
		add_note(sheet, item);
		return 1;
	}
	if (continues)
		add_continuation(sheet, item);
	else if (item->layout == LAYOUT_CHECK)
		add_numbered_check(sheet, item);
	else
		add_question(sheet, item, joined ? next : NULL);
	g_clear_pointer(&sheet->condition, g_free);
	return joined ? 2 : 1;
}

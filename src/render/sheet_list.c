/* Groups whose items are short lines with their boxes in a column, and rankings. */
#include "render/sheet.h"

#include <string.h>

#define RANK_WIDTH 38.0
#define RANK_GAP   8.0
#define RANK_CHUNK 30 /* items of a ranking that stand in one piece of two columns */

typedef void (*LayOut)(Sheet *sheet, const Item *item);

/* --- ranking ----------------------------------------------------------------------------------------- */

static Widget *
position_widget(const Sheet *sheet, const Item *item, const FieldSpec *spec)
{
	Wording choice = sheet_wording(sheet, spec->choice->labels);
	Wording position = sheet_word(sheet, WORD_POSITION);
	g_autofree char *first = g_strdup_printf("%s, %s", choice.text, position.text);
	g_autofree char *second =
	    g_strdup_printf("%s, %s", choice.other != NULL ? choice.other : choice.text,
		position.other != NULL ? position.other : position.text);
	Wording detail = wording_of(sheet, first, sheet->other != NULL ? second : NULL);
	g_autofree char *tip = sheet_tip(sheet, item, detail);
	Widget *widget = widget_new(spec->kind, spec->name, "", tip);

	widget->positions = spec->positions;
	return widget;
}

static double
add_ranked(const Sheet *sheet, Strip *strip, const Item *item, const FieldSpec *spec, double x,
    double y, double width)
{
	Wording label = sheet_wording(sheet, spec->choice->labels);
	double room = width - RANK_WIDTH - RANK_GAP;
	double text = sheet_put_height(&look_option, room, label);
	double height = MAX(LINE_HEIGHT - 1, text);
	/* in the middle of a label of two lines, at the head of a longer one */
	double box = text <= 3 * style_option.lead ? (height - LINE_HEIGHT + 1) / 2 : 0;

	strip_open(strip, "LI");
	strip_open(strip, "LBody");
	sheet_write_box(strip, (Box){ x, y + box, RANK_WIDTH, LINE_HEIGHT - 1 },
	    position_widget(sheet, item, spec));
	(void)sheet_put(strip, "Span", &look_option, ALIGN_LEFT, x + RANK_WIDTH + RANK_GAP,
	    y + (height - text) / 2, room, label);
	strip_close(strip);
	strip_close(strip);
	return height;
}

/* In two columns where all labels are short enough. */
static guint
rank_columns(const Sheet *sheet, const GPtrArray *specs, double width)
{
	for (guint i = 0; i < specs->len; i++) {
		const FieldSpec *spec = g_ptr_array_index(specs, i);
		Wording label = sheet_wording(sheet, spec->choice->labels);

		if (sheet_column_width(&look_option, label) >
		    width / 2 - RANK_WIDTH - RANK_GAP - COLUMN_GAP)
			return 1;
	}
	return specs->len > RANK_CHUNK ? 1 : 2;
}

static void
add_rank_columns(Sheet *sheet, const Item *item, const GPtrArray *specs)
{
	double left = sheet_text_left(sheet);
	double width = (SHEET_RIGHT - left) / 2;
	guint rows = (specs->len + 1) / 2;
	Strip *strip = sheet_strip(sheet, 5);
	double y = 0;

	strip_open(strip, "L");
	for (guint i = 0; i < specs->len; i++) {
		y = i % rows == 0 ? 0 : y;
		y += add_ranked(sheet, strip, item, g_ptr_array_index(specs, i),
			 left + (i / rows) * width, y, width - COLUMN_GAP) +
		     3;
	}
	strip_close(strip);
}

void
sheet_add_rank(Sheet *sheet, const Item *item)
{
	g_autoptr(GPtrArray) specs = form_item_fields(item);
	double left = sheet_text_left(sheet);

	if (rank_columns(sheet, specs, SHEET_RIGHT - left) > 1) {
		add_rank_columns(sheet, item, specs);
		return;
	}
	for (guint i = 0; i < specs->len; i++) {
		Strip *strip = sheet_strip(sheet, i == 0 ? 5 : 3);

		if (i == 0)
			strip_open(strip, "L");
		(void)add_ranked(
		    sheet, strip, item, g_ptr_array_index(specs, i), left, 0, SHEET_RIGHT - left);
		if (i + 1 == specs->len)
			strip_close(strip);
		strip->keep = i + 1 < specs->len && (i == 0 || i + 2 == specs->len);
	}
}

/* --- short lines --------------------------------------------------------------------------------------- */

/* The width that the labels of short lines need, so that their boxes stand in a column. */
static double
list_label_width(const Sheet *sheet, const Item *group)
{
	double widest = 60;

	for (guint i = 0; i < group->items->len; i++) {
		const Item *item = g_ptr_array_index(group->items, i);

		if (item->layout == LAYOUT_ENTRY)
			widest = MAX(widest,
			    sheet_line_width(&look_option, sheet_wording(sheet, item->labels)) + 1);
	}
	return MIN(widest, (SHEET_RIGHT - sheet_text_left(sheet)) * 0.55);
}

void
sheet_add_list_row(Sheet *sheet, const Item *item, double label_width, double before)
{
	static const LayOut layouts[] = {
		[LAYOUT_CHOICES] = sheet_add_options,
		[LAYOUT_AREA] = sheet_add_area,
		[LAYOUT_RANK] = sheet_add_rank,
	};
	double left = sheet_text_left(sheet);

	sheet_add_condition(sheet, item, 6);
	if (item->layout == LAYOUT_ENTRY) {
		sheet_labelled_entry(sheet, item, label_width, before);
	} else if (item->layout == LAYOUT_CHECK) {
		(void)sheet_check(sheet, sheet_strip(sheet, 5), item, left, 0);
	} else {
		Strip *strip = sheet_strip(sheet, before + 2);

		(void)sheet_put(strip, "P", &look_text, ALIGN_LEFT, left, 0, SHEET_RIGHT - left,
		    sheet_wording(sheet, item->labels));
		strip->keep = TRUE;
		sheet_add_beside(sheet, item, left);
		galley_last(sheet->galley)->keep = TRUE;
		if (item->layout < G_N_ELEMENTS(layouts) && layouts[item->layout] != NULL)
			layouts[item->layout](sheet, item);
	}
	galley_last(sheet->galley)->keep = TRUE;
	sheet_add_explanations(sheet, item, left);
	galley_last(sheet->galley)->keep = FALSE;
}

/* --- parts of a hundred -------------------------------------------------------------------------------- */

typedef struct {
	const char *name; /* (nullable): the item that has @figure; the others have 0 */
	const char *figure;
} Trial;

static char *
trial_value(const char *name, gpointer data)
{
	const Trial *trial = data;

	return g_strdup(g_strcmp0(name, trial->name) == 0 ? trial->figure : "0");
}

static gboolean
holds(const Item *item, const char *name, const char *figure)
{
	Trial trial = { name, figure };
	Scope scope = {
		.lookup = trial_value, .data = &trial, .self = name == NULL ? figure : "0"
	};

	return expr_truth(item->constraint, &scope) == TRUTH_TRUE;
}

/* Whether the constraint says that @item and those it names make 100: tried with figures, so that it may be written in
 * any way. */
static gboolean
sums_to_hundred(const Item *item)
{
	g_autoptr(GPtrArray) names = expr_references(item->constraint);

	if (names->len == 0 || !holds(item, NULL, "100") || holds(item, NULL, "99"))
		return FALSE;
	for (guint i = 0; i < names->len; i++)
		if (!holds(item, g_ptr_array_index(names, i), "100"))
			return FALSE;
	return TRUE;
}

/* Whether the figures of @group are parts of a hundred; a box beside them says that they are not known.
 * @out_last: (out): the last of them. */
static gboolean
is_split(const Item *group, const Item **out_last)
{
	gboolean sum = FALSE;

	for (guint i = 0; i < group->items->len; i++) {
		const Item *item = g_ptr_array_index(group->items, i);

		if (item->layout == LAYOUT_CHECK)
			continue;
		if (item->layout != LAYOUT_ENTRY || !sheet_is_short(item))
			return FALSE;
		*out_last = item;
		sum = sum || (item->constraint != NULL && sums_to_hundred(item));
	}
	return sum;
}

static void
add_percent(Strip *strip, double x, double y)
{
	(void)strip_text(strip, "P", &style_option, ALIGN_LEFT, x, y, 20, "%");
}

/* The line below them: no field, it is reckoned when the sheet comes back. */
static void
add_total(Sheet *sheet, double label_width)
{
	double left = sheet_text_left(sheet);
	double box = left + label_width + 8;
	Strip *strip = sheet_strip(sheet, 5);
	double width = SHEET_NUMBER_WIDTH;

	strip_line(strip, ink_edge, 0.8, left, 0, box + width, 0);
	(void)sheet_put(strip, "P", &look_total, ALIGN_LEFT, left, 3, label_width,
	    sheet_word(sheet, WORD_TOTAL));
	(void)strip_text(strip, "P", &style_panel_head, ALIGN_LEFT, box + 3, 3, width, "100");
	add_percent(strip, box + width + 5,
	    3 + style_baseline(&style_panel_head) - style_baseline(&style_option));
}

void
sheet_add_list(Sheet *sheet, const Item *group)
{
	const Item *last = NULL;
	gboolean split = is_split(group, &last);
	double label_width = list_label_width(sheet, group);
	guint first = galley_length(sheet->galley);
	double before = 5;

	for (guint i = 0; i < group->items->len; i++) {
		const Item *item = g_ptr_array_index(group->items, i);
		guint row = galley_length(sheet->galley);

		if (form_view_asked(sheet->view, item) == ASKED_NO || item->layout == LAYOUT_NONE)
			continue;
		sheet_add_list_row(sheet, item, label_width, before);
		if (split && item->layout == LAYOUT_ENTRY &&
		    galley_length(sheet->galley) == row + 1)
			add_percent(galley_last(sheet->galley),
			    sheet_text_left(sheet) + label_width + 8 + SHEET_NUMBER_WIDTH + 5,
			    (galley_last(sheet->galley)->height - style_option.lead) / 2);
		before = item->layout == LAYOUT_ENTRY ? 4 : 9;
		if (split && item == last) {
			galley_last(sheet->galley)->keep = TRUE;
			add_total(sheet, label_width);
		}
	}
	if (galley_length(sheet->galley) > first + 1)
		galley_strip(sheet->galley, first)->keep = TRUE;
}

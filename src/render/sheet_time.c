/*
 * How long a section takes. A question takes the time to read its words, and then, by its kind, to look the answer up and
 * give it: a circle is chosen at once, a figure must be asked for in another office. Questions that only some are asked
 * count half. The sum is said to the next five minutes; nobody would believe more.
 */
#include "render/sheet.h"

#define LETTERS_READ 18.0 /* a second: some 180 words a minute */

enum {
	SECONDS_CHOICE = 5,
	SECONDS_LINE = 12, /* a name, a date */
	SECONDS_FIGURE = 30,
	SECONDS_AREA = 90,
	SECONDS_CHECK = 2,
	SECONDS_RANKED = 6, /* each of the list */
	STEP = 5	    /* minutes */
};

static double
reading(const Sheet *sheet, const GPtrArray *texts)
{
	glong letters = g_utf8_strlen(form_text(sheet->form, texts, sheet->lang), -1);

	return (double)letters / LETTERS_READ;
}

static double
reading_list(const Sheet *sheet, const Item *item)
{
	double seconds = 0;

	for (guint i = 0; i < item->list->choices->len; i++) {
		const Choice *choice = g_ptr_array_index(item->list->choices, i);

		seconds += reading(sheet, choice->labels);
	}
	return seconds;
}

static double
answering(const Item *item)
{
	switch (item->layout) {
	case LAYOUT_CHOICES:
		return SECONDS_CHOICE;
	case LAYOUT_ENTRY:
		return item->type == question_type_find("integer") ||
			       item->type == question_type_find("decimal")
			   ? SECONDS_FIGURE
			   : SECONDS_LINE;
	case LAYOUT_AREA:
		return SECONDS_AREA;
	case LAYOUT_CHECK:
		return SECONDS_CHECK;
	case LAYOUT_RANK:
		return SECONDS_RANKED * item->list->choices->len;
	case LAYOUT_NONE:
	case LAYOUT_NOTE:
	case LAYOUT_GRID:
	case LAYOUT_LIST:
	case LAYOUT_GROUP:
		return 0;
	}
	return 0;
}

/* @in_grid: the choices are read once, at its head. */
static double
seconds_of(const Sheet *sheet, const Item *item, gboolean in_grid)
{
	Asked asked = form_view_asked(sheet->view, item);
	double seconds;

	if (asked == ASKED_NO || item->layout == LAYOUT_NONE)
		return 0;
	seconds = reading(sheet, item->labels) + reading(sheet, item->hints) +
		  reading(sheet, item->guidance) + answering(item);
	if (item->list != NULL && !in_grid)
		seconds += reading_list(sheet, item);
	if (asked == ASKED_IF)
		seconds /= 2;
	for (guint i = 0; i < item->items->len; i++)
		seconds += seconds_of(
		    sheet, g_ptr_array_index(item->items, i), item->layout == LAYOUT_GRID && i > 0);
	return seconds;
}

guint
sheet_minutes(const Sheet *sheet)
{
	double minutes = seconds_of(sheet, sheet->section->group, FALSE) / 60;

	return MAX(STEP, ((guint)minutes + STEP - 1) / STEP * STEP);
}

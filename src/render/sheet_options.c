/* The choices of a question, each with its circle or box: on a line, in columns or one below the other. */
#include "render/sheet.h"

#include <string.h>

#define LONG_LIST 8 /* options */

typedef struct {
	const char *label;
	gboolean exclusive; /* a box that stands alone: said on the sheet */
	double width;	    /* of the label on one line */
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
		Option option = { .label = label };

		option.width = sheet_width(sheet, &style_option, label);
		option.exclusive = choice->exclusive && !radio;
		if (option.exclusive)
			option.width +=
			    4 + sheet_width(sheet, &style_hint, word(sheet->lang, WORD_EXCLUSIVE));
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
	double label = sheet_width(sheet, &style_option, option->label);
	gboolean behind = option->width <= width - MARK_SIZE - MARK_GAP;

	(void)strip_text(sheet->galley, strip, "Span", &style_hint, ALIGN_LEFT,
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
	strip_open(strip, "LBody");
	sheet_mark(
	    strip, x, y + (style_option.lead - MARK_SIZE) / 2, g_steal_pointer(&option->widget));
	height = strip_text(sheet->galley, strip, "Span", &style_option, ALIGN_LEFT, label_x, y,
	    width - MARK_SIZE - MARK_GAP, option->label);
	if (option->exclusive)
		height =
		    MAX(height, add_exclusive(sheet, strip, option, label_x, y, width, height));
	strip_close(strip);
	strip_close(strip);
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

void
sheet_add_options(Sheet *sheet, const Item *item)
{
	g_autoptr(GArray) options = make_options(sheet, item);
	double left = sheet_text_left(sheet);
	guint columns;

	if (add_options_line(sheet, options, left))
		return;
	columns = option_columns(sheet, options, left);
	if (columns > 1)
		add_options_columns(sheet, options, columns, left);
	else
		add_options_list(sheet, options, item, left);
}

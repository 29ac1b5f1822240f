/* The choices of a question, each with its circle or box: on a line, in columns or one below the other. */
#include "base/error.h"
#include "render/sheet.h"

#include <string.h>

#define LONG_LIST    8	/* options: columns even where some labels wrap */
#define ENDLESS_LIST 40 /* options: said to the author */
#define CHUNK_ROWS   12 /* of columns that are longer, so that they go on over pages */
#define MAX_COLUMNS  3

typedef struct {
	Wording label;
	gboolean exclusive; /* a box that stands alone: said on the sheet */
	double line;	    /* width of all of it on one line */
	double column;	    /* width with the second language below the first */
	Widget *widget;
} Option;

static void
option_clear(gpointer data)
{
	Option *option = data;

	widget_free(option->widget);
}

static GArray *
make_options(const Sheet *sheet, const Item *item)
{
	g_autoptr(GPtrArray) specs = form_item_fields(item);
	double exclusive = 4 + sheet_line_width(&look_behind, sheet_word(sheet, WORD_EXCLUSIVE));
	GArray *options = g_array_new(FALSE, TRUE, sizeof(Option));

	g_array_set_clear_func(options, option_clear);
	for (guint i = 0; i < item->list->choices->len; i++) {
		const Choice *choice = g_ptr_array_index(item->list->choices, i);
		const FieldSpec *spec = g_ptr_array_index(specs, specs->len > 1 ? i : 0);
		gboolean radio = spec->kind == FIELD_RADIO;
		Option option = { .label = sheet_wording(sheet, choice->labels) };
		g_autofree char *tip = sheet_tip(sheet, item, option.label);

		option.exclusive = choice->exclusive && !radio;
		option.line = sheet_line_width(&look_option, option.label) +
			      (option.exclusive ? exclusive : 0);
		option.column = sheet_column_width(&look_option, option.label);
		if (option.exclusive && option.label.other == NULL)
			option.column += exclusive;
		option.widget =
		    widget_new(spec->kind, spec->name, radio ? choice->name : "si", tip);
		if (radio) {
			g_free(option.widget->group_tip);
			option.widget->group_tip = sheet_tip(sheet, item, NO_DETAIL);
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
	double label = sheet_line_width(&look_option, option->label);
	gboolean behind = option->line <= width;

	if (behind) {
		(void)sheet_put(strip, "Span", &look_behind, ALIGN_LEFT, x + label + 4, y + 0.6,
		    width - label - 3, sheet_word(sheet, WORD_EXCLUSIVE));
		return height;
	}
	return height + sheet_put(strip, "Span", &look_behind, ALIGN_LEFT, x, y + height, width,
			    sheet_word(sheet, WORD_EXCLUSIVE));
}

/* Draws a mark and its label; returns their height. */
static double
add_option(const Sheet *sheet, Strip *strip, Option *option, double x, double y, double width)
{
	double label_x = x + MARK_SIZE + MARK_GAP;
	double label_width = width - MARK_SIZE - MARK_GAP;
	double height;

	strip_open(strip, "LI");
	strip_open(strip, "LBody");
	sheet_mark(
	    strip, x, y + (style_option.lead - MARK_SIZE) / 2, g_steal_pointer(&option->widget));
	height = sheet_put(
	    strip, "Span", &look_option, ALIGN_LEFT, label_x, y, label_width, option->label);
	if (option->exclusive)
		height = add_exclusive(sheet, strip, option, label_x, y, label_width, height);
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
		used += g_array_index(options, Option, i).line + MARK_SIZE + MARK_GAP + COLUMN_GAP;
	if (options->len > 5 || used - COLUMN_GAP > SHEET_RIGHT - left)
		return FALSE;
	strip = sheet_strip(sheet, 5);
	strip_open(strip, "L");
	for (guint i = 0; i < options->len; i++) {
		Option *option = &g_array_index(options, Option, i);
		double width = option->line + MARK_SIZE + MARK_GAP;

		(void)add_option(sheet, strip, option, left, 0, width + 1);
		left += width + COLUMN_GAP;
	}
	strip_close(strip);
	return TRUE;
}

/* How many of the options take more than one line in a column of @width; G_MAXUINT: one of them more than two. */
static guint
count_wrapped(const GArray *options, double width)
{
	guint wrapped = 0;

	for (guint i = 0; i < options->len; i++) {
		const Option *option = &g_array_index(options, Option, i);
		double lines = option->label.other != NULL ? 4 : 2;

		if (option->column <= width)
			continue;
		if (sheet_put_height(&look_option, width, option->label) >
		    lines * style_option.lead)
			return G_MAXUINT;
		wrapped++;
	}
	return wrapped;
}

/* Short options stand in two or three columns; long lists in two, even where a few of them wrap. */
static guint
option_columns(const GArray *options, double left)
{
	const double taken = MARK_SIZE + MARK_GAP + COLUMN_GAP;

	for (guint columns = MAX_COLUMNS; columns > 1; columns--)
		if (options->len >= 2 * columns &&
		    count_wrapped(options, (SHEET_RIGHT - left) / columns - taken) == 0)
			return columns;
	if (options->len >= LONG_LIST &&
	    count_wrapped(options, (SHEET_RIGHT - left) / 2 - taken) <= options->len / 4)
		return 2;
	return 1;
}

/* What comes again where a list goes on. */
static const Strip *
make_continued(const Sheet *sheet, const Item *item)
{
	g_autofree char *text =
	    words_fill(word(sheet->lang, WORD_CONTINUED), "number", form_item_number(item), NULL);
	Strip *strip = galley_add_head(sheet->galley);

	(void)strip_text(
	    strip, NULL, &style_condition, ALIGN_LEFT, sheet->left, 0, BODY_WIDTH, text);
	strip->height += 4;
	return strip;
}

/* The options from @first, @rows in each column, read downwards: they are one strip. */
static void
add_chunk(Sheet *sheet, GArray *options, guint first, guint rows, guint columns, Strip *strip)
{
	double left = sheet_text_left(sheet);
	double width = (SHEET_RIGHT - left) / columns;
	double y = 0;

	for (guint i = 0; i < rows * columns && first + i < options->len; i++) {
		y = i % rows == 0 ? 0 : y;
		y += add_option(sheet, strip, &g_array_index(options, Option, first + i),
			 left + (i / rows) * width, y, width - COLUMN_GAP) +
		     4;
	}
}

/* Long lists come in pieces that are read downwards each: a page may end between them. */
static void
add_options_columns(Sheet *sheet, GArray *options, guint columns, const Item *item)
{
	guint rows = (options->len + columns - 1) / columns;
	guint chunks = (rows + CHUNK_ROWS * 2 - 1) / (CHUNK_ROWS * 2);
	guint chunk_rows = chunks > 1 ? CHUNK_ROWS : rows;
	const Strip *again = make_continued(sheet, item);

	for (guint first = 0; first < options->len; first += chunk_rows * columns) {
		guint left = options->len - first;
		Strip *strip = sheet_strip(sheet, first == 0 ? 5 : 7);

		if (first == 0)
			strip_open(strip, "L");
		strip->head = again;
		if (left <= chunk_rows * columns)
			chunk_rows = (left + columns - 1) / columns;
		add_chunk(sheet, options, first, chunk_rows, columns, strip);
	}
	strip_close(galley_last(sheet->galley));
}

static void
add_options_list(Sheet *sheet, GArray *options, const Item *item)
{
	const Strip *again = make_continued(sheet, item);
	double left = sheet_text_left(sheet);

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

	if (options->len > ENDLESS_LIST)
		sheet_say(sheet, SEVERITY_NOTE, "list-long", item,
		    _("%s offers %u options, which take much room; a text to write may do better"),
		    item->name, options->len);
	if (add_options_line(sheet, options, left))
		return;
	columns = option_columns(options, left);
	if (columns > 1)
		add_options_columns(sheet, options, columns, item);
	else
		add_options_list(sheet, options, item);
}

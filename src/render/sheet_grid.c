/*
 * Grids: rows are questions, columns the choices of their list. Where the heads are too wide for the page they stand
 * upright; where that does not help either, or a text is as long as a page, each row becomes a question with its options.
 */
#include "base/error.h"
#include "render/sheet.h"

#include <string.h>

#define ROW_MIN	      17.0
#define ROW_PADDING   3.0
#define COLUMN_WANTED 44.0
#define COLUMN_MIN    24.0
#define COLUMN_MAX    92.0
#define LABEL_MIN     92.0
#define LABEL_WANTED  150.0
#define LABEL_MAX     240.0
#define HEAD_PADDING  2.0
#define ROUNDING      0.1   /* widths of a word and of a text that holds it */
#define HEAD_MAX      110.0 /* height of the heads */
#define ROW_MAX	      200.0 /* height of a row */
#define MANY_COLUMNS  7

typedef struct {
	Sheet *sheet;
	const ChoiceList *list;
	guint columns;
	double left;
	double label; /* width of the column of labels */
	double *widths;
	double head_height;
	gboolean upright;
} Grid;

static const Choice *
choice_at(const Grid *grid, guint column)
{
	return g_ptr_array_index(grid->list->choices, column);
}

static Wording
column_label(const Grid *grid, guint column)
{
	return sheet_wording(grid->sheet, choice_at(grid, column)->labels);
}

/* --- measures ------------------------------------------------------------------------------------------- */

static double
widest_word(const Style *style, const char *text)
{
	g_auto(GStrv) words = g_strsplit_set(text, " /-", 0);
	double widest = 0;

	for (gsize i = 0; words[i] != NULL; i++) {
		g_autofree char *hyphened = g_strconcat(words[i], "-", NULL);

		widest = MAX(
		    widest, measure_width(style, strchr(text, '-') != NULL ? hyphened : words[i]));
	}
	return widest;
}

static double
widest_word_of(const Grid *grid, guint column)
{
	Wording label = column_label(grid, column);
	double widest = widest_word(look_head.main, label.text);

	return label.other != NULL ? MAX(widest, widest_word(look_head.second, label.other))
				   : widest;
}

static double
widest_label(const Grid *grid, const Item *group)
{
	double widest = 0;

	for (guint i = 0; i < group->items->len; i++) {
		const Item *row = g_ptr_array_index(group->items, i);

		widest = MAX(
		    widest, sheet_column_width(&look_row, sheet_wording(grid->sheet, row->labels)));
	}
	return widest + 12;
}

/* How wide each column must be for its longest word; returns the sum. */
static double
set_least(Grid *grid)
{
	double sum = 0;

	for (guint i = 0; i < grid->columns; i++) {
		grid->widths[i] =
		    MAX(COLUMN_MIN, widest_word_of(grid, i) + 2 * HEAD_PADDING + ROUNDING);
		sum += grid->widths[i];
	}
	return sum;
}

/* Columns as their words need them, and a share for each of what the rows' labels leave. */
static void
set_close(Grid *grid, double label)
{
	double room = SHEET_RIGHT - grid->left;
	double sum = set_least(grid);
	double spare = MAX(0, room - label - sum) / grid->columns;

	for (guint i = 0; i < grid->columns; i++)
		grid->widths[i] += spare;
	grid->label = room - sum - spare * grid->columns;
}

/* Equal columns where their words fit so beside labels of @label. */
static void
set_equal(Grid *grid, double label)
{
	double room = SHEET_RIGHT - grid->left;
	double equal = MIN(COLUMN_MAX, (room - label) / grid->columns);
	double least = COLUMN_WANTED;

	(void)set_least(grid);
	for (guint i = 0; i < grid->columns; i++)
		least = MAX(least, grid->widths[i]);
	if (least > equal) {
		set_close(grid, label);
		return;
	}
	for (guint i = 0; i < grid->columns; i++)
		grid->widths[i] = equal;
	grid->label = room - equal * grid->columns;
}

static void
set_head_height(Grid *grid)
{
	grid->head_height = 0;
	for (guint i = 0; i < grid->columns; i++)
		grid->head_height = MAX(grid->head_height,
		    sheet_put_height(
			&look_head, grid->widths[i] - 2 * HEAD_PADDING, column_label(grid, i)));
}

/* How wide a column must be whose head stands upright in lines of at most HEAD_MAX. */
static double
upright_width(const Grid *grid, guint column)
{
	return MAX(COLUMN_MIN,
	    sheet_put_height(&look_head, HEAD_MAX, column_label(grid, column)) + 2 * HEAD_PADDING);
}

static double
upright_length(const Style *style, const char *text)
{
	g_auto(GStrv) lines = measure_wrap(style, text, HEAD_MAX);
	double longest = 0;

	for (gsize i = 0; lines[i] != NULL; i++)
		longest = MAX(longest, measure_width(style, lines[i]));
	return longest;
}

static void
set_upright(Grid *grid, const Item *group)
{
	double room = SHEET_RIGHT - grid->left;
	double natural = CLAMP(widest_label(grid, group), LABEL_MIN, LABEL_MAX);
	double sum = 0;
	double spare;

	grid->upright = TRUE;
	grid->head_height = 0;
	for (guint i = 0; i < grid->columns; i++) {
		Wording label = column_label(grid, i);

		grid->widths[i] = upright_width(grid, i);
		sum += grid->widths[i];
		grid->head_height =
		    MAX(grid->head_height, upright_length(look_head.main, label.text));
		if (label.other != NULL)
			grid->head_height =
			    MAX(grid->head_height, upright_length(look_head.second, label.other));
	}
	spare = CLAMP((room - natural - sum) / grid->columns, 0, 12);
	for (guint i = 0; i < grid->columns; i++)
		grid->widths[i] += spare;
	grid->label = room - sum - spare * grid->columns;
}

static double
row_height(const Grid *grid, const Item *row)
{
	double text =
	    sheet_put_height(&look_row, grid->label - 8, sheet_wording(grid->sheet, row->labels));

	return MAX(ROW_MIN, text + 2 * ROW_PADDING);
}

static gboolean
fits(const Grid *grid, const Item *group)
{
	if (grid->label < LABEL_MIN || grid->head_height > HEAD_MAX + 1)
		return FALSE;
	for (guint i = 0; i < group->items->len; i++) {
		const Item *row = g_ptr_array_index(group->items, i);

		if (row_height(grid, row) > ROW_MAX)
			return FALSE;
	}
	return TRUE;
}

static double
grid_height(const Grid *grid, const Item *group)
{
	double height = grid->head_height;

	for (guint i = 0; i < group->items->len; i++)
		height += row_height(grid, g_ptr_array_index(group->items, i));
	return height;
}

typedef enum {
	HEADS_EQUAL,  /* columns of one width, as far as words allow */
	HEADS_NARROW, /* the same beside narrow labels */
	HEADS_CLOSE,  /* columns as narrow as their words */
	HEADS_UPRIGHT,
	HEADS
} Heads;

static void
set_heads(Grid *grid, const Item *group, Heads heads)
{
	double natural = CLAMP(widest_label(grid, group), LABEL_MIN, LABEL_MAX);

	grid->upright = FALSE;
	if (heads == HEADS_UPRIGHT) {
		set_upright(grid, group);
		return;
	}
	if (heads == HEADS_CLOSE)
		set_close(grid, natural);
	else
		set_equal(grid, heads == HEADS_EQUAL ? natural : MIN(natural, LABEL_WANTED));
	set_head_height(grid);
}

/* The lowest grid, but for looks: degrees stand best at equal distances, and upright heads are worth it only where
 * columns are many. FALSE where none fits. */
static gboolean
set_columns(Grid *grid, const Item *group)
{
	const double dear[HEADS] = { [HEADS_EQUAL] = 1,
		[HEADS_NARROW] = 1,
		[HEADS_CLOSE] = 1.06,
		[HEADS_UPRIGHT] = grid->columns >= MANY_COLUMNS ? 1.15 : 2 };
	double least = G_MAXDOUBLE;
	Heads best = HEADS;

	for (Heads i = 0; i < HEADS; i++) {
		set_heads(grid, group, i);
		if (!fits(grid, group) || grid_height(grid, group) * dear[i] >= least)
			continue;
		least = grid_height(grid, group) * dear[i];
		best = i;
	}
	if (best < HEADS)
		set_heads(grid, group, best);
	return best < HEADS;
}

static double
column_left(const Grid *grid, guint column)
{
	double x = grid->left + grid->label;

	for (guint i = 0; i < column; i++)
		x += grid->widths[i];
	return x;
}

/* --- the head ------------------------------------------------------------------------------------------- */

/* One language of an upright head; returns where its last line's place ends. */
static double
put_upright(const Grid *grid, Strip *strip, const Style *style, double x, const char *text)
{
	g_auto(GStrv) lines = measure_wrap(style, text, HEAD_MAX);

	strip_begin(strip, "Span");
	for (gsize i = 0; lines[i] != NULL; i++) {
		g_autofree char *line =
		    g_strconcat(lines[i], lines[i + 1] != NULL ? " " : "", NULL);

		strip_word_upright(
		    strip, style, x + style_baseline(style), grid->head_height, line);
		x += style->lead;
	}
	strip_end(strip);
	return x;
}

static void
add_upright_head(const Grid *grid, Strip *strip, guint column)
{
	Wording label = column_label(grid, column);
	double taken = sheet_put_height(&look_head, HEAD_MAX, label);
	double x = column_left(grid, column) + (grid->widths[column] - taken) / 2;

	strip_open(strip, "TH");
	strip->lang = label.lang;
	x = put_upright(grid, strip, look_head.main, x, label.text);
	strip->lang = label.other_lang;
	if (label.other != NULL)
		(void)put_upright(grid, strip, look_head.second, x, label.other);
	strip->lang = NULL;
	strip_close(strip);
}

static void
add_head(const Grid *grid, Strip *strip, guint column)
{
	double width = grid->widths[column] - 2 * HEAD_PADDING;
	Wording label = column_label(grid, column);
	double height = sheet_put_height(&look_head, width, label);

	(void)sheet_put(strip, "TH", &look_head, ALIGN_CENTRE,
	    column_left(grid, column) + HEAD_PADDING, grid->head_height - height, width, label);
}

/* A column that stands apart from the degrees or services beside it. */
static gboolean
is_apart(const Grid *grid, guint column)
{
	const Choice *choice = choice_at(grid, column);

	return column > 0 && (choice->exclusive || strcmp(choice->name, "nd") == 0);
}

static void
add_rules(const Grid *grid, Strip *strip, double top, double bottom)
{
	for (guint i = 1; i < grid->columns; i++)
		if (is_apart(grid, i))
			strip_line(strip, ink_rule, 0.8, column_left(grid, i), top,
			    column_left(grid, i), bottom);
}

/* @again: the head on a page where the grid goes on; it names the question. */
static void
fill_head(const Grid *grid, Strip *strip, const char *corner)
{
	double bottom = grid->head_height + 3;

	strip_open(strip, "TR");
	strip_open(strip, "TD");
	if (*corner != '\0')
		(void)strip_text(strip, "Span", &style_condition, ALIGN_LEFT, grid->left,
		    grid->head_height - style_condition.lead, grid->label, corner);
	strip_close(strip);
	for (guint i = 0; i < grid->columns; i++) {
		if (grid->upright)
			add_upright_head(grid, strip, i);
		else
			add_head(grid, strip, i);
	}
	strip_close(strip);
	add_rules(grid, strip, 0, bottom);
	strip_line(strip, ink_edge, 0.8, grid->left, bottom, SHEET_RIGHT, bottom);
	strip->height = bottom;
}

/* --- rows ----------------------------------------------------------------------------------------------- */

static Widget *
cell_widget(const Grid *grid, const Item *row, const GPtrArray *specs, guint column)
{
	const FieldSpec *spec = g_ptr_array_index(specs, specs->len > 1 ? column : 0);
	gboolean radio = spec->kind == FIELD_RADIO;
	g_autofree char *tip = sheet_tip(grid->sheet, row, column_label(grid, column));
	Widget *widget =
	    widget_new(spec->kind, spec->name, radio ? choice_at(grid, column)->name : "si", tip);

	if (radio) {
		g_free(widget->group_tip);
		widget->group_tip = sheet_tip(grid->sheet, row, NO_DETAIL);
	}
	return widget;
}

static Strip *
add_row(const Grid *grid, const Item *row, gboolean shaded)
{
	g_autoptr(GPtrArray) specs = form_item_fields(row);
	Sheet *sheet = grid->sheet;
	Wording label = sheet_wording(sheet, row->labels);
	double width = grid->label - 8;
	double text = sheet_put_height(&look_row, width, label);
	double height = row_height(grid, row);
	Strip *strip = sheet_strip(sheet, 0);

	if (shaded)
		strip_fill(
		    strip, ink_zebra, (Box){ grid->left, 0, SHEET_RIGHT - grid->left, height });
	add_rules(grid, strip, 0, height);
	strip_open(strip, "TR");
	(void)sheet_put(
	    strip, "TH", &look_row, ALIGN_LEFT, grid->left + 4, (height - text) / 2, width, label);
	for (guint i = 0; i < grid->columns; i++) {
		strip_open(strip, "TD");
		sheet_mark(strip, column_left(grid, i) + (grid->widths[i] - MARK_SIZE) / 2,
		    (height - MARK_SIZE) / 2, cell_widget(grid, row, specs, i));
		strip_close(strip);
	}
	strip_close(strip);
	strip->height = height;
	return strip;
}

static void
end_table(const Grid *grid, Strip *last)
{
	strip_line(last, ink_rule, 0.6, grid->left, last->height, SHEET_RIGHT, last->height);
}

static void
add_rows(const Grid *grid, const Item *group, const Strip *again)
{
	guint first = galley_length(grid->sheet->galley);
	guint last;

	for (guint i = 0; i < group->items->len; i++) {
		const Item *row = g_ptr_array_index(group->items, i);

		if (form_view_asked(grid->sheet->view, row) == ASKED_NO)
			continue;
		add_row(grid, row, galley_length(grid->sheet->galley) % 2 == first % 2)->head =
		    again;
	}
	last = galley_length(grid->sheet->galley) - 1;
	for (guint i = first; i < last; i++)
		galley_strip(grid->sheet->galley, i)->keep = i == first || i + 1 == last;
	strip_close(galley_last(grid->sheet->galley));
	end_table(grid, galley_last(grid->sheet->galley));
}

/* Which boxes admit no other in their row, said below the grid. */
static void
add_exclusive(const Grid *grid, const Item *model)
{
	Sheet *sheet = grid->sheet;

	for (guint i = 0; i < grid->columns; i++) {
		Wording label = column_label(grid, i);
		g_autofree char *text = NULL;
		g_autofree char *other = NULL;

		if (!choice_at(grid, i)->exclusive ||
		    strcmp(model->type->name, "select_multiple") != 0)
			continue;
		text =
		    words_fill(word(sheet->lang, WORD_ROW_EXCLUSIVE), "choice", label.text, NULL);
		if (sheet->other != NULL)
			other = words_fill(word(sheet->other, WORD_ROW_EXCLUSIVE), "choice",
			    label.other != NULL ? label.other : label.text, NULL);
		galley_last(sheet->galley)->keep = TRUE;
		(void)sheet_put(sheet_strip(sheet, 3), "P", &look_behind, ALIGN_LEFT,
		    grid->left + 4, 0, SHEET_RIGHT - grid->left - 4,
		    wording_of(sheet, text, other));
	}
}

/* --- without columns ------------------------------------------------------------------------------------ */

/* Each row with its options below it. */
static void
add_blocks(Sheet *sheet, const Item *group)
{
	double before = 6;

	sheet_say(sheet, SEVERITY_WARNING, "grid-wide", group,
	    _("the grid %s is too wide for the page: its rows are printed one by one with their options; shorten the labels of the list or of the rows"),
	    group->name);
	for (guint i = 0; i < group->items->len; i++) {
		const Item *row = g_ptr_array_index(group->items, i);
		double left = sheet_text_left(sheet);
		Strip *strip;

		if (form_view_asked(sheet->view, row) == ASKED_NO)
			continue;
		strip = sheet_strip(sheet, before);
		(void)sheet_put(strip, "P", &look_block, ALIGN_LEFT, left, 0, SHEET_RIGHT - left,
		    sheet_wording(sheet, row->labels));
		strip->keep = TRUE;
		sheet_add_options(sheet, row);
		galley_last(sheet->galley)->keep = FALSE;
		before = 9;
	}
}

void
sheet_add_grid(Sheet *sheet, const Item *group)
{
	const Item *model = g_ptr_array_index(group->items, 0);
	g_autofree double *widths = g_new0(double, model->list->choices->len);
	g_autofree char *corner =
	    words_fill(word(sheet->lang, WORD_CONTINUED), "number", form_item_number(group), NULL);
	Grid grid = { .sheet = sheet,
		.list = model->list,
		.columns = model->list->choices->len,
		.left = sheet->left,
		.widths = widths };
	Strip *strip;
	Strip *again;

	if (!set_columns(&grid, group)) {
		add_blocks(sheet, group);
		return;
	}
	strip = sheet_strip(sheet, 6);
	strip_open(strip, "Table");
	fill_head(&grid, strip, "");
	strip->keep = TRUE;
	again = galley_add_head(sheet->galley);
	fill_head(&grid, again, corner);
	add_rows(&grid, group, again);
	add_exclusive(&grid, model);
}

/* Grids: rows are questions, columns the choices of their list. */
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

typedef struct {
	Sheet *sheet;
	const ChoiceList *list;
	guint columns;
	double left;
	double label; /* width of the column of labels */
	double *widths;
	double head_height;
} Grid;

static const char *
column_label(const Grid *grid, guint column)
{
	const Choice *choice = g_ptr_array_index(grid->list->choices, column);

	return sheet_text(grid->sheet, choice->labels);
}

static double
widest_word(const Grid *grid, const char *text)
{
	g_auto(GStrv) words = g_strsplit_set(text, " /-", 0);
	double widest = 0;

	for (gsize i = 0; words[i] != NULL; i++) {
		g_autofree char *hyphened = g_strconcat(words[i], "-", NULL);

		widest = MAX(widest, canvas_text_width(grid->sheet->canvas, &style_head,
					 strchr(text, '-') != NULL ? hyphened : words[i]));
	}
	return widest;
}

static double
widest_label(const Grid *grid, const Item *group)
{
	double widest = 0;

	for (guint i = 0; i < group->items->len; i++) {
		const Item *row = g_ptr_array_index(group->items, i);

		widest = MAX(widest, canvas_text_width(grid->sheet->canvas, &style_row,
					 sheet_text(grid->sheet, row->labels)));
	}
	return widest + 12;
}

/* Equal columns where their words fit so; otherwise each as wide as its longest word, and a share of what is left. */
static void
set_widths(Grid *grid, const Item *group)
{
	double room = SHEET_RIGHT - grid->left;
	double natural = CLAMP(widest_label(grid, group), LABEL_MIN, LABEL_MAX);
	double wanted = natural;
	double least = COLUMN_WANTED;
	double sum = 0;
	double equal;

	for (guint i = 0; i < grid->columns; i++) {
		grid->widths[i] =
		    MAX(COLUMN_MIN, widest_word(grid, column_label(grid, i)) + 2 * HEAD_PADDING);
		least = MAX(least, grid->widths[i]);
		sum += grid->widths[i];
	}
	if (least > (room - wanted) / grid->columns)
		wanted = MIN(natural, LABEL_WANTED);
	equal = MIN(COLUMN_MAX, (room - wanted) / grid->columns);
	if (least <= equal) {
		for (guint i = 0; i < grid->columns; i++)
			grid->widths[i] = equal;
		sum = equal * grid->columns;
	} else {
		double spare = MAX(0, room - wanted - sum) / grid->columns;

		for (guint i = 0; i < grid->columns; i++)
			grid->widths[i] += spare;
		sum += spare * grid->columns;
	}
	grid->label = room - sum;
}

static double
column_left(const Grid *grid, guint column)
{
	double x = grid->left + grid->label;

	for (guint i = 0; i < column; i++)
		x += grid->widths[i];
	return x;
}

/* @again: the head on a page where the grid goes on; it names the question. */
static void
fill_head(const Grid *grid, Strip *strip, const char *corner)
{
	const Galley *galley = grid->sheet->galley;
	double bottom = grid->head_height + 3;

	strip_open(strip, "TR");
	strip_open(strip, "TD");
	if (*corner != '\0')
		(void)strip_text(grid->sheet->galley, strip, "Span", &style_condition, ALIGN_LEFT,
		    grid->left, grid->head_height - style_condition.lead, grid->label, corner);
	strip_close(strip);
	for (guint i = 0; i < grid->columns; i++) {
		double width = grid->widths[i] - 2 * HEAD_PADDING;
		const char *label = column_label(grid, i);
		double height = strip_text_height(galley, &style_head, width, label);

		(void)strip_text(grid->sheet->galley, strip, "TH", &style_head, ALIGN_CENTRE,
		    column_left(grid, i) + HEAD_PADDING, grid->head_height - height, width, label);
	}
	strip_close(strip);
	strip_line(strip, ink_edge, 0.8, grid->left, bottom, SHEET_RIGHT, bottom);
	strip->height = bottom;
}

static Widget *
cell_widget(const Grid *grid, const Item *row, const GPtrArray *specs, guint column)
{
	const FieldSpec *spec = g_ptr_array_index(specs, specs->len > 1 ? column : 0);
	const Choice *choice = g_ptr_array_index(grid->list->choices, column);
	gboolean radio = spec->kind == FIELD_RADIO;
	g_autofree char *tip = sheet_tip(grid->sheet, row, column_label(grid, column));
	Widget *widget = widget_new(spec->kind, spec->name, radio ? choice->name : "si", tip);

	if (radio) {
		g_free(widget->group_tip);
		widget->group_tip = sheet_tip(grid->sheet, row, "");
	}
	return widget;
}

static Strip *
add_row(const Grid *grid, const Item *row, gboolean shaded)
{
	g_autoptr(GPtrArray) specs = form_item_fields(row);
	Sheet *sheet = grid->sheet;
	const char *label = sheet_text(sheet, row->labels);
	double width = grid->label - 8;
	double text = strip_text_height(sheet->galley, &style_row, width, label);
	double height = MAX(ROW_MIN, text + 2 * ROW_PADDING);
	Strip *strip = sheet_strip(sheet, 0);

	if (shaded)
		strip_fill(
		    strip, ink_zebra, (Box){ grid->left, 0, SHEET_RIGHT - grid->left, height });
	strip_open(strip, "TR");
	(void)strip_text(sheet->galley, strip, "TH", &style_row, ALIGN_LEFT, grid->left + 4,
	    (height - text) / 2, width, label);
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

	set_widths(&grid, group);
	for (guint i = 0; i < grid.columns; i++)
		grid.head_height = MAX(
		    grid.head_height, strip_text_height(sheet->galley, &style_head,
					  widths[i] - 2 * HEAD_PADDING, column_label(&grid, i)));
	strip = sheet_strip(sheet, 6);
	strip_open(strip, "Table");
	fill_head(&grid, strip, "");
	strip->keep = TRUE;
	again = galley_add_head(sheet->galley);
	fill_head(&grid, again, corner);
	add_rows(&grid, group, again);
}

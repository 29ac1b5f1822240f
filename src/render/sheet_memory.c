/* What a sheet with last year's answers has beside others: a mark at the questions that take one in their fields, and the
 * box in which the town says that what it left as it stood still holds; a quiet line at those that show one beside. */
#include "render/sheet.h"

#define PADDING	   8.0
#define TEXT_LEFT  (MARGIN + PADDING)
#define TEXT_WIDTH (BODY_WIDTH - 2 * PADDING)
#define MARK_LEFT  (SHEET_RIGHT + 8) /* in the margin, beside the question */
#define MARK_WIDTH 24.0

static char *
fill_year(const Sheet *sheet, const char *lang, Word name)
{
	return lang != NULL ? words_fill(word(lang, name), "year", memory_year(sheet->memory), NULL)
			    : NULL;
}

/* The box, or where @strip is NULL its height. */
static double
confirm(const Sheet *sheet, Strip *strip)
{
	g_autofree char *head = fill_year(sheet, sheet->lang, WORD_MEMORY);
	g_autofree char *head_other = fill_year(sheet, sheet->other, WORD_MEMORY);
	g_autofree char *text = fill_year(sheet, sheet->lang, WORD_MEMORY_TEXT);
	g_autofree char *text_other = fill_year(sheet, sheet->other, WORD_MEMORY_TEXT);
	g_autofree char *label = fill_year(sheet, sheet->lang, WORD_MEMORY_CONFIRM);
	g_autofree char *label_other = fill_year(sheet, sheet->other, WORD_MEMORY_CONFIRM);
	Wording heading = wording_of(sheet, head, head_other);
	Wording words = wording_of(sheet, text, text_other);
	Wording promise = wording_of(sheet, label, label_other);
	g_autofree char *tip = wording_join(promise);
	const double label_left = TEXT_LEFT + MARK_SIZE + MARK_GAP;
	const double label_width = TEXT_WIDTH - MARK_SIZE - MARK_GAP;
	double y = PADDING - 2;

	if (strip == NULL)
		return y + sheet_put_height(&look_panel_head, TEXT_WIDTH, heading) +
		       sheet_put_height(&look_panel, TEXT_WIDTH, words) + 4 +
		       sheet_put_height(&look_option, label_width, promise) + PADDING - 1;
	y += sheet_put(strip, "P", &look_panel_head, ALIGN_LEFT, TEXT_LEFT, y, TEXT_WIDTH, heading);
	y += sheet_put(strip, "P", &look_panel, ALIGN_LEFT, TEXT_LEFT, y, TEXT_WIDTH, words) + 4;
	sheet_mark(strip, TEXT_LEFT, y + (style_option.lead - MARK_SIZE) / 2,
	    widget_new(FIELD_CHECK, FIELD_CONFIRM, FIELD_ON, tip));
	y += sheet_put(strip, "P", &look_option, ALIGN_LEFT, label_left, y, label_width, promise);
	return y + PADDING - 1;
}

void
sheet_add_confirmation(Sheet *sheet)
{
	double height;
	Strip *strip;

	if (!sheet->prefilled)
		return;
	height = confirm(sheet, NULL);
	strip = sheet_strip(sheet, 8);
	strip_frame(strip, ink_dark, 0.8, (Box){ MARGIN, 0, BODY_WIDTH, height });
	(void)confirm(sheet, strip);
	strip->height = height;
}

static gboolean
takes_memory(const Sheet *sheet, const Item *item)
{
	g_autofree char *then = memory_question(item, sheet->memory);

	if (form_view_asked(sheet->view, item) == ASKED_NO)
		return FALSE;
	for (guint i = 0; i < item->items->len; i++)
		if (takes_memory(sheet, g_ptr_array_index(item->items, i)))
			return TRUE;
	return then != NULL && !item->beside;
}

void
sheet_add_memory_mark(const Sheet *sheet, Strip *strip, const Item *item)
{
	double before = strip->height;

	if (!sheet->prefilled || !takes_memory(sheet, item))
		return;
	(void)strip_text(strip, "P", &style_foot, ALIGN_CENTRE, MARK_LEFT, 2.5, MARK_WIDTH,
	    memory_year(sheet->memory));
	strip_frame(strip, ink_edge, 0.4, (Box){ MARK_LEFT, 1.5, MARK_WIDTH, 10.5 });
	strip->height = before;
}

/* --- beside a question ---------------------------------------------------------------------------------- */

static gboolean
shows_beside(const Sheet *sheet, const Item *item)
{
	return sheet->memory != NULL && memory_is_beside(item, sheet->memory);
}

/* A field and no text of the page: what it says is each town's own. */
static void
put_beside(const Sheet *sheet, Strip *strip, const Item *item, Box box)
{
	g_autofree char *name = memory_beside_name(item);
	g_autofree char *year = fill_year(sheet, sheet->lang, WORD_MEMORY);
	g_autofree char *other = fill_year(sheet, sheet->other, WORD_MEMORY);
	g_autofree char *tip = sheet_tip(sheet, item, wording_of(sheet, year, other));
	Widget *widget = widget_new(FIELD_TEXT, name, "", tip);

	widget->quiet = TRUE;
	strip_widget(strip, box, widget);
	strip->height = MAX(strip->height, box.y + box.height);
}

void
sheet_add_beside(Sheet *sheet, const Item *item, double left)
{
	Strip *strip;

	if (!shows_beside(sheet, item))
		return;
	galley_last(sheet->galley)->keep = TRUE;
	strip = sheet_strip(sheet, 1.5);
	put_beside(sheet, strip, item, (Box){ left, 0, SHEET_RIGHT - left, style_hint.lead });
}

void
sheet_put_beside(
    const Sheet *sheet, Strip *strip, const Item *item, double x, double y, double height)
{
	if (shows_beside(sheet, item))
		put_beside(sheet, strip, item,
		    (Box){
			x, y + (height - style_hint.lead) / 2, SHEET_RIGHT - x, style_hint.lead });
}

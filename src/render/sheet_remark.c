/* What a sheet of corrections has beside others: what it is, and at each question what is wrong with its answer. */
#include "render/sheet.h"

#include <string.h>

#define BAR	 1.6 /* points: the line before a remark */
#define BAR_LEFT 7.0

gboolean
sheet_corrects(const Sheet *sheet)
{
	return sheet->remarks != NULL;
}

void
sheet_add_correction_head(Sheet *sheet)
{
	Strip *strip;

	if (!sheet_corrects(sheet))
		return;
	strip = sheet_strip(sheet, 0);
	(void)sheet_put(strip, "P", &look_heading, ALIGN_LEFT, MARGIN, 0, BODY_WIDTH,
	    sheet_word(sheet, WORD_CORRECTION_HEAD));
	strip->keep = TRUE;
	sheet_strip(sheet, 0)->height = 6;
}

/* "Da correggere: Manca la risposta."; of a row of a table with its name before it. */
static char *
remark_text(const Sheet *sheet, const Finding *remark, const Item *row, const char *lang)
{
	g_autofree char *text = NULL;
	g_autofree char *named = NULL;

	if (lang == NULL)
		return NULL;
	text = form_remark(sheet->form, remark->place, remark->code, lang);
	if (row != NULL)
		named = words_fill(word(lang, WORD_CORRECTION_ROW), "row",
		    form_text(sheet->form, row->labels, lang), "text", text, NULL);
	return words_fill(word(lang, WORD_TO_CORRECT), "text", named != NULL ? named : text, NULL);
}

static void
add_remark(Sheet *sheet, const Finding *remark, const Item *row, double left)
{
	g_autofree char *text = remark_text(sheet, remark, row, sheet->lang);
	g_autofree char *other = remark_text(sheet, remark, row, sheet->other);
	Wording words = wording_of(sheet, text, other);
	double width = SHEET_RIGHT - left - BAR_LEFT;
	Strip *strip;

	galley_last(sheet->galley)->keep = TRUE;
	strip = sheet_strip(sheet, 3);
	strip_line(
	    strip, ink_dark, BAR, left, 0.5, left, sheet_put_height(&look_condition, width, words));
	(void)sheet_put(strip, "P", &look_condition, ALIGN_LEFT, left + BAR_LEFT, 0, width, words);
	strip->keep = TRUE;
}

static gboolean
is_table(const Item *item)
{
	return item->layout == LAYOUT_GRID || item->layout == LAYOUT_LIST;
}

void
sheet_add_remarks(Sheet *sheet, const Item *item, double left)
{
	for (guint i = 0; sheet_corrects(sheet) && i < sheet->remarks->len; i++) {
		const Finding *remark = g_ptr_array_index(sheet->remarks, i);
		const Item *place = form_item(sheet->form, remark->place);

		if (place == item)
			add_remark(sheet, remark, NULL, left);
		else if (place != NULL && place->parent == item && is_table(item))
			add_remark(sheet, remark, place, left);
	}
}

#include "render/sheet.h"

#include "base/error.h"

#include <string.h>

#define TIP_MAX 160 /* characters of a tooltip */

const char *
sheet_text(const Sheet *sheet, const GPtrArray *texts)
{
	return form_text(sheet->form, texts, sheet->lang);
}

double
sheet_width(const Sheet *sheet, const Style *style, const char *text)
{
	return canvas_text_width(sheet->canvas, style, text);
}

char *
sheet_title(const Sheet *sheet)
{
	return words_fill(word(sheet->lang, WORD_SHEET_TITLE), "form", sheet->form->title, "number",
	    sheet->section->number, "section", sheet_text(sheet, sheet->section->group->labels),
	    NULL);
}

double
sheet_text_left(const Sheet *sheet)
{
	return sheet->left + INDENT;
}

Strip *
sheet_strip(Sheet *sheet, double before)
{
	Strip *strip = galley_add(sheet->galley, before);

	strip->block = sheet->block;
	strip->aside = sheet->aside;
	return strip;
}

/* "5.1 Quali servizi …? Altro": number, label of at most @most characters, detail. */
static char *
join_tip(const char *number, const char *label, const char *detail, glong most)
{
	gboolean cut = g_utf8_strlen(label, -1) > most;
	g_autofree char *kept = cut ? g_utf8_substring(label, 0, most - 1) : g_strdup(label);
	gboolean ended = !cut && *kept != '\0' && strchr("?:.!", kept[strlen(kept) - 1]) != NULL;
	const char *colon = *detail == '\0' ? "" : ended ? " " : ": ";

	return g_strdup_printf("%s%s%s%s%s%s", number, *number != '\0' ? " " : "", kept,
	    cut ? "…" : "", colon, detail);
}

char *
sheet_tip(const Sheet *sheet, const Item *item, const char *detail)
{
	const char *number = form_item_number(item);
	glong taken = g_utf8_strlen(number, -1) + g_utf8_strlen(detail, -1) + 3;
	char *tip =
	    join_tip(number, sheet_text(sheet, item->labels), detail, MAX(20, TIP_MAX - taken));

	return g_strdelimit(tip, "\n", ' ');
}

/* Fonts hold what Europe's Latin scripts need. A form with another character must not lose it silently. */
static gboolean
check_texts(const Sheet *sheet, const GPtrArray *texts, const char *name, GError **error)
{
	const char *text = sheet_text(sheet, texts);
	gunichar missing;

	if (canvas_can_draw(sheet->canvas, text, &missing))
		return TRUE;
	return fail(error, PLICO_ERROR_INPUT,
	    _("form %s, %s: the character U+%04X cannot be printed; write it otherwise"),
	    sheet->form->id, name, missing);
}

static gboolean
check_item(const Sheet *sheet, const Item *item, GError **error)
{
	if (!check_texts(sheet, item->labels, item->name, error) ||
	    !check_texts(sheet, item->hints, item->name, error) ||
	    !check_texts(sheet, item->guidance, item->name, error))
		return FALSE;
	for (guint i = 0; item->list != NULL && i < item->list->choices->len; i++) {
		const Choice *choice = g_ptr_array_index(item->list->choices, i);

		if (!check_texts(sheet, choice->labels, item->list->name, error))
			return FALSE;
	}
	for (guint i = 0; i < item->items->len; i++)
		if (!check_item(sheet, g_ptr_array_index(item->items, i), error))
			return FALSE;
	return TRUE;
}

GBytes *
sheet_draw(Sheet *sheet, GError **error)
{
	g_autoptr(Galley) galley = galley_new(sheet->canvas);
	g_autofree char *title = sheet_title(sheet);
	const Item *group = sheet->section->group;

	if (!check_item(sheet, group, error))
		return NULL;
	canvas_set_info(sheet->canvas, title, config_text(sheet->config, CONFIG_survey_sender));
	canvas_keep_repertoire(sheet->canvas, FACE_REGULAR);
	sheet->galley = galley;
	sheet->number = "";
	sheet->left = MARGIN;
	sheet_add_panel(sheet);
	for (guint i = 0; i < group->items->len;) {
		const Item *item = g_ptr_array_index(group->items, i);
		const Item *next =
		    i + 1 < group->items->len ? g_ptr_array_index(group->items, i + 1) : NULL;

		i += sheet_add_item(sheet, item, next);
	}
	(void)galley_cut(galley, BODY_TOP, BODY_BOTTOM);
	galley_paint(galley, sheet_paint_frame, sheet);
	sheet->galley = NULL;
	return canvas_save(sheet->canvas, error);
}

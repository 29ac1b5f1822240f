#include "render/sheet.h"

#include "base/error.h"

#include <string.h>

gboolean
sheet_delegates(const Sheet *sheet)
{
	return strcmp(sheet->section->name, FORM_DELEGATION) == 0;
}

char *
sheet_title_of(const Form *form, const Section *section, gboolean corrects, const char *lang)
{
	gboolean delegates = strcmp(section->name, FORM_DELEGATION) == 0;
	Word title = delegates	? WORD_DELEGATION_TITLE
		     : corrects ? WORD_CORRECTION_TITLE
				: WORD_SHEET_TITLE;

	return words_fill(word(lang, title), "form", form->title, "number", section->number,
	    "section", form_text(form, section->group->labels, lang), NULL);
}

char *
sheet_title(const Sheet *sheet)
{
	return sheet_title_of(sheet->form, sheet->section, sheet_corrects(sheet), sheet->lang);
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

void
sheet_say(const Sheet *sheet, Severity severity, const char *code, const Item *item,
    const char *format, ...)
{
	g_autofree char *place =
	    g_strdup_printf(_("%s, row %u, column %s"), "survey.csv", item->row, "label");
	g_autofree char *text = NULL;
	va_list args;

	if (sheet->findings == NULL)
		return;
	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	findings_add(sheet->findings, severity, code, place, "%s", text);
}

/* --- how many, how long -------------------------------------------------------------------------------- */

static void
collect_numbers(const Sheet *sheet, const Item *item, GHashTable *numbers)
{
	const char *number = form_item_number(item);

	if (form_view_asked(sheet->view, item) == ASKED_NO)
		return;
	if (item->items->len == 0 && item->layout != LAYOUT_NONE && *number != '\0')
		g_hash_table_add(numbers, g_strdup(number));
	for (guint i = 0; i < item->items->len; i++)
		collect_numbers(sheet, g_ptr_array_index(item->items, i), numbers);
}

guint
sheet_questions(const Sheet *sheet)
{
	g_autoptr(GHashTable) numbers =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	collect_numbers(sheet, sheet->section->group, numbers);
	return g_hash_table_size(numbers);
}

/* --- flow ---------------------------------------------------------------------------------------------- */

/* A text that fills a page is drawn over several, but nobody wants to read it. */
static void
check_heights(const Sheet *sheet, const Item *item, guint first)
{
	for (guint i = first; i < galley_length(sheet->galley); i++) {
		if (galley_strip(sheet->galley, i)->height <= BODY_BOTTOM - BODY_TOP)
			continue;
		sheet_say(sheet, SEVERITY_WARNING, "text-long", item,
		    _("the text of %s is longer than a page and goes on on the next; shorten it"),
		    item->name);
		return;
	}
}

static void
lay_items(Sheet *sheet)
{
	const GPtrArray *items = sheet->section->group->items;

	sheet->number = "";
	sheet->left = MARGIN;
	for (guint i = 0; i < items->len;) {
		const Item *item = g_ptr_array_index(items, i);
		const Item *next = i + 1 < items->len ? g_ptr_array_index(items, i + 1) : NULL;
		guint first = galley_length(sheet->galley);

		i += sheet_add_item(sheet, item, next);
		check_heights(sheet, item, first);
	}
	g_clear_pointer(&sheet->condition, g_free);
}

GBytes *
sheet_draw(Sheet *sheet, GError **error)
{
	g_autoptr(Galley) galley = galley_new();
	g_autofree char *title = sheet_title(sheet);

	canvas_set_info(sheet->canvas, title, config_text(sheet->config, CONFIG_survey_sender));
	canvas_keep_repertoire(sheet->canvas, FACE_REGULAR, REPERTOIRE_ALL);
	sheet->galley = galley;
	sheet_add_panel(sheet);
	lay_items(sheet);
	(void)galley_cut(galley, BODY_TOP, BODY_BOTTOM);
	galley_paint(galley, sheet->canvas, sheet_paint_frame, sheet);
	sheet->galley = NULL;
	return canvas_save(sheet->canvas, error);
}

guint
sheet_try(Sheet *sheet)
{
	g_autoptr(Galley) galley = galley_new();
	guint pages;

	sheet->galley = galley;
	lay_items(sheet);
	pages = galley_cut(galley, BODY_TOP, BODY_BOTTOM);
	sheet->galley = NULL;
	return pages;
}

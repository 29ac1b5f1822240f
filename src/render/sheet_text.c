/* Texts of a sheet in its one or two languages. */
#include "render/sheet.h"

#include <string.h>

#define TIP_MAX	     160 /* characters of a tooltip in one language, but for */
#define TIP_QUESTION 120 /* the question that it belongs to */

/* What stands between two languages on one line. */
#define BETWEEN " / "

/* The language in which form_text() gives @text, one of @texts. */
static const char *
lang_of(const Sheet *sheet, const GPtrArray *texts, const char *text)
{
	for (guint i = 0; i < texts->len && i < sheet->form->langs->len; i++)
		if (g_ptr_array_index(texts, i) == text)
			return g_ptr_array_index(sheet->form->langs, i);
	return sheet->lang;
}

static const char *
unless_main(const Sheet *sheet, const char *lang)
{
	return strcmp(lang, sheet->lang) != 0 ? lang : NULL;
}

Wording
wording_of(const Sheet *sheet, const char *text, const char *other)
{
	gboolean twice = other != NULL && *other != '\0' && strcmp(text, other) != 0;

	return (Wording){ .text = text,
		.other = twice ? other : NULL,
		.other_lang = twice ? sheet->other : NULL };
}

Wording
sheet_wording(const Sheet *sheet, const GPtrArray *texts)
{
	const char *text = form_text(sheet->form, texts, sheet->lang);
	Wording wording = { .text = text };
	const char *other;

	if (*text == '\0')
		return wording;
	wording.lang = unless_main(sheet, lang_of(sheet, texts, text));
	if (sheet->other == NULL)
		return wording;
	other = form_text(sheet->form, texts, sheet->other);
	if (strcmp(text, other) != 0) {
		wording.other = other;
		wording.other_lang = unless_main(sheet, lang_of(sheet, texts, other));
	}
	return wording;
}

Wording
sheet_word(const Sheet *sheet, Word name)
{
	return wording_of(
	    sheet, word(sheet->lang, name), sheet->other != NULL ? word(sheet->other, name) : NULL);
}

char *
wording_join(Wording wording)
{
	return wording.other != NULL ? g_strconcat(wording.text, BETWEEN, wording.other, NULL)
				     : g_strdup(wording.text);
}

/* --- measuring ---------------------------------------------------------------------------------------- */

double
sheet_line_width(const Look *look, Wording wording)
{
	double width = measure_width(look->main, wording.text);

	if (wording.other != NULL)
		width += measure_width(look->second, BETWEEN) +
			 measure_width(look->second, wording.other);
	return width;
}

double
sheet_column_width(const Look *look, Wording wording)
{
	double width = measure_width(look->main, wording.text);

	return wording.other != NULL ? MAX(width, measure_width(look->second, wording.other))
				     : width;
}

static gboolean
fits_line(const Look *look, double width, Wording wording)
{
	return look->compact && strchr(wording.text, '\n') == NULL &&
	       strchr(wording.other, '\n') == NULL && sheet_line_width(look, wording) <= width;
}

double
sheet_put_height(const Look *look, double width, Wording wording)
{
	double height = strip_text_height(look->main, width, wording.text);

	if (wording.other == NULL || fits_line(look, width, wording))
		return height;
	return height + strip_text_height(look->second, width, wording.other);
}

/* --- drawing ------------------------------------------------------------------------------------------ */

static void
put_line(Strip *strip, const Look *look, double x, double y, Wording wording)
{
	g_autofree char *first = g_strconcat(wording.text, " ", NULL);
	g_autofree char *second = g_strconcat(BETWEEN + 1, wording.other, NULL);
	double baseline = y + style_baseline(look->main);

	strip->lang = wording.lang;
	strip_begin(strip, "Span");
	strip_word(strip, look->main, x, baseline, first);
	strip_end(strip);
	strip->lang = wording.other_lang;
	strip_begin(strip, "Span");
	strip_word(strip, look->second, x + measure_width(look->main, first), baseline, second);
	strip_end(strip);
	strip->height = MAX(strip->height, y + look->main->lead);
}

/* Both, in elements of their own inside @tag. */
static double
put_both(Strip *strip, const Look *look, Align align, double x, double y, double width,
    Wording wording, const char *tag)
{
	double height;

	if (align == ALIGN_LEFT && fits_line(look, width, wording)) {
		put_line(strip, look, x, y, wording);
		return look->main->lead;
	}
	strip->lang = wording.lang;
	height = strip_text(strip, tag, look->main, align, x, y, width, wording.text);
	strip->lang = wording.other_lang;
	return height +
	       strip_text(strip, tag, look->second, align, x, y + height, width, wording.other);
}

double
sheet_put(Strip *strip, const char *tag, const Look *look, Align align, double x, double y,
    double width, Wording wording)
{
	double height;

	strip->lang = wording.lang;
	if (wording.other == NULL) {
		height = strip_text(strip, tag, look->main, align, x, y, width, wording.text);
	} else {
		if (tag != NULL) {
			strip->lang = NULL;
			strip_open(strip, tag);
		}
		height =
		    put_both(strip, look, align, x, y, width, wording, tag != NULL ? "Span" : NULL);
		if (tag != NULL)
			strip_close(strip);
	}
	strip->lang = NULL;
	return height;
}

/* --- tooltips ----------------------------------------------------------------------------------------- */

/* @text, cut to at most @most characters. Returns: (transfer full) */
static char *
shorten(const char *text, glong most)
{
	g_autofree char *kept = NULL;

	if (g_utf8_strlen(text, -1) <= most)
		return g_strdup(text);
	kept = g_utf8_substring(text, 0, most - 1);
	return g_strconcat(g_strchomp(kept), "…", NULL);
}

/* "5.1 Quali servizi …? Altro (…)": number, label, detail, and the question where the label is but a row of it. */
static char *
tip_in(const char *number, const char *label, const char *detail, const char *question)
{
	glong taken = g_utf8_strlen(number, -1) + g_utf8_strlen(detail, -1) + 3;
	g_autofree char *kept = shorten(label, MAX(20, TIP_MAX - taken));
	g_autofree char *asked = shorten(question, TIP_QUESTION);
	gsize size = strlen(kept);
	gboolean ended = size > 0 && strchr("?:.!", kept[size - 1]) != NULL;
	const char *colon = *detail == '\0' ? "" : ended ? " " : ": ";
	g_autoptr(GString) tip = g_string_new(number);

	g_string_append_printf(tip, "%s%s%s%s", *number != '\0' ? " " : "", kept, colon, detail);
	if (*asked != '\0')
		g_string_append_printf(tip, " (%s)", asked);
	return g_strdelimit(g_string_free(g_steal_pointer(&tip), FALSE), "\n", ' ');
}

/* The question whose number @item shares: that of its rows, or the one above "Altro: specificare". NULL: @item itself. */
static const Item *
question_of(const Item *item)
{
	const char *number = form_item_number(item);
	const Item *group = item->parent;

	if (group != NULL && (group->layout == LAYOUT_GRID || group->layout == LAYOUT_LIST))
		return group;
	if (group == NULL || *number == '\0')
		return NULL;
	for (guint i = 0; i < group->items->len; i++) {
		const Item *other = g_ptr_array_index(group->items, i);

		if (other->layout != LAYOUT_NONE && other->layout != LAYOUT_NOTE &&
		    strcmp(form_item_number(other), number) == 0)
			return other != item ? other : NULL;
	}
	return NULL;
}

char *
sheet_tip(const Sheet *sheet, const Item *item, Wording detail)
{
	const char *number = form_item_number(item);
	const Item *base = question_of(item);
	Wording label = sheet_wording(sheet, item->labels);
	Wording asked = base != NULL ? sheet_wording(sheet, base->labels) : NO_DETAIL;
	g_autofree char *tip = tip_in(number, label.text, detail.text, asked.text);
	g_autofree char *second = NULL;

	if (label.other == NULL && detail.other == NULL && asked.other == NULL)
		return g_steal_pointer(&tip);
	second = tip_in("", label.other != NULL ? label.other : label.text,
	    detail.other != NULL ? detail.other : detail.text,
	    asked.other != NULL ? asked.other : asked.text);
	return g_strconcat(tip, BETWEEN, second, NULL);
}

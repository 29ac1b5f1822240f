/* What stands around a section's questions: band, footer, and the box of instructions on the first page. */
#include "render/names.h"
#include "render/sheet.h"

#define BAND_TOP      42.0
#define BAND_HEIGHT   27.0
#define NAME_TOP      75.0
#define QR_TOP	      24.0
#define QR_QUIET      7.0
#define PANEL_PADDING 10.0
#define PANEL_HEADS   96.0 /* width of the column of words before the texts */
#define CODE_WIDTH    190.0
#define CODE_HEIGHT   19.0

/* @text in the largest size up to that of @style at which it fits @width; one that is too long even at three quarters
 * stands on two lines about the same height. */
static void
write_fitted(Canvas *canvas, const Style *style, double x, double y, double width, const char *text)
{
	Style smaller = *style;
	g_auto(GStrv) lines = NULL;

	while (
	    smaller.size > style->size * 0.75 && canvas_text_width(canvas, &smaller, text) > width)
		smaller.size -= 0.5;
	if (canvas_text_width(canvas, &smaller, text) <= width) {
		canvas_write(canvas, &smaller, x, y, text);
		return;
	}
	smaller.size = style->size * 0.68;
	lines = canvas_wrap(canvas, &smaller, text, width);
	for (gsize i = 0; lines[i] != NULL && i < 2; i++) {
		g_autofree char *rest = i == 1 ? g_strjoinv(" ", lines + 1) : NULL;
		g_autofree char *shown =
		    canvas_clip(canvas, &smaller, i == 1 ? rest : lines[0], width);
		g_autofree char *spaced = g_strconcat(shown, " ", NULL);

		canvas_write(canvas, &smaller, x, y + (i == 0 ? -6.5 : 5), spaced);
	}
}

static void
paint_band(const Sheet *sheet, Canvas *canvas, gboolean first)
{
	const char *title = sheet_text(sheet, sheet->section->group->labels);
	/* the blank parts number and title for a reader */
	g_autofree char *number = g_strconcat(sheet->section->number, " ", NULL);
	double number_width = 30;
	Box band = { MARGIN, BAND_TOP, NAME_WIDTH, BAND_HEIGHT };
	double baseline = BAND_TOP + 18.6;

	canvas_begin_artifact(canvas);
	canvas_write(canvas, &style_survey, MARGIN, BAND_TOP - 7, sheet->form->title);
	canvas_fill(canvas, ink_dark, band);
	canvas_line(canvas, ink_white, 0.8, MARGIN + number_width, BAND_TOP + 5,
	    MARGIN + number_width, BAND_TOP + BAND_HEIGHT - 5);
	if (first) {
		canvas_end(canvas);
		canvas_begin(canvas, "H1");
	}
	canvas_write(canvas, &style_band,
	    MARGIN +
		(number_width - canvas_text_width(canvas, &style_band, sheet->section->number)) / 2,
	    baseline, number);
	write_fitted(canvas, &style_band, MARGIN + number_width + 9, baseline,
	    NAME_WIDTH - number_width - 18, title);
	canvas_end(canvas);
}

static void
paint_foot(const Sheet *sheet, Canvas *canvas, guint page, guint pages)
{
	g_autofree char *this = g_strdup_printf("%u", page + 1);
	g_autofree char *all = g_strdup_printf("%u", pages);
	g_autofree char *text =
	    words_fill(word(sheet->lang, WORD_PAGE), "page", this, "pages", all, NULL);
	g_autofree char *where = name_contacts(sheet->config, sheet->lang);
	g_autofree char *help = words_fill(word(sheet->lang, WORD_HELP_TEXT), "office",
	    config_text(sheet->config, CONFIG_survey_office), "contacts", where, NULL);
	double top = BODY_BOTTOM + 8;
	Box foot = { MARGIN, top + 12, FOOT_WIDTH, FOOT_HEIGHT };

	canvas_begin_artifact(canvas);
	canvas_line(canvas, ink_rule, 0.6, MARGIN, top, MARGIN + BODY_WIDTH, top);
	canvas_write(canvas, &style_foot, MARGIN, top + 9.5, help);
	canvas_place(canvas, PLACE_FOOT, foot);
	canvas_write(canvas, &style_foot,
	    MARGIN + BODY_WIDTH - canvas_text_width(canvas, &style_foot, text), top + 9.5, text);
	canvas_end(canvas);
}

void
sheet_paint_frame(Canvas *canvas, guint page, guint pages, gpointer data)
{
	const Sheet *sheet = data;
	Box name = { MARGIN, NAME_TOP, NAME_WIDTH, NAME_HEIGHT };
	/* its quiet zone lies in the margin */
	Box qr = { MARGIN + BODY_WIDTH - QR_SIDE + QR_QUIET, QR_TOP, QR_SIDE, QR_SIDE };

	paint_band(sheet, canvas, page == 0);
	if (page == 0)
		canvas_begin(canvas, "P");
	else
		canvas_begin_artifact(canvas);
	canvas_place(canvas, PLACE_NAME, name);
	canvas_end(canvas);
	canvas_begin_artifact(canvas);
	canvas_place(canvas, PLACE_QR, qr);
	canvas_end(canvas);
	paint_foot(sheet, canvas, page, pages);
}

/* --- the box of instructions ------------------------------------------------------------------- */

/* Questions are counted by their numbers: rows of one question share it. */
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

static char *
about_text(const Sheet *sheet)
{
	g_autoptr(GHashTable) numbers =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *figure = NULL;
	g_autofree char *questions = NULL;
	guint count;

	collect_numbers(sheet, sheet->section->group, numbers);
	count = g_hash_table_size(numbers);
	figure = g_strdup_printf("%u", count);
	questions =
	    words_fill(word(sheet->lang, count == 1 ? WORD_QUESTIONS_ONE : WORD_QUESTIONS_MANY),
		"count", figure, NULL);
	return words_fill(word(sheet->lang, WORD_ABOUT_TEXT), "number", sheet->section->number,
	    "form", sheet->form->title, "sender", config_text(sheet->config, CONFIG_survey_sender),
	    "questions", questions, NULL);
}

static char *
return_text(const Sheet *sheet)
{
	g_autofree char *deadline =
	    *sheet->deadline != '\0'
		? words_fill(word(sheet->lang, WORD_DEADLINE), "date", sheet->deadline, NULL)
		: g_strdup(word(sheet->lang, WORD_NO_DEADLINE));

	return words_fill(word(sheet->lang, WORD_RETURN_TEXT), "deadline", deadline, "address",
	    config_text(sheet->config, CONFIG_mail_from), NULL);
}

/* One line of the box: a word and its text. Returns the height down to its end. */
static double
add_point(const Sheet *sheet, Strip *strip, double y, Word head, const char *text)
{
	double left = MARGIN + PANEL_PADDING;
	double height;

	(void)strip_text(sheet->galley, strip, "P", &style_panel_head, ALIGN_LEFT, left, y,
	    PANEL_HEADS, word(sheet->lang, head));
	height = strip_text(sheet->galley, strip, "P", &style_panel, ALIGN_LEFT, left + PANEL_HEADS,
	    y, BODY_WIDTH - PANEL_HEADS - 2 * PANEL_PADDING, text);
	return y + height + 3;
}

static double
add_code(const Sheet *sheet, Strip *strip, double y)
{
	double left = MARGIN + PANEL_PADDING + PANEL_HEADS;
	const char *label = word(sheet->lang, WORD_CODE);
	double height;
	Widget *widget = widget_new(FIELD_TEXT, FIELD_CODE, "", label);

	widget->max_length = 40;
	y += 3;
	height = strip_text(sheet->galley, strip, "P", &style_panel_head, ALIGN_LEFT,
	    MARGIN + PANEL_PADDING, y, PANEL_HEADS - 8, label);
	sheet_write_box(strip, (Box){ left, y + 3, CODE_WIDTH, CODE_HEIGHT }, widget);
	(void)strip_text(sheet->galley, strip, "P", &style_hint, ALIGN_LEFT, left + CODE_WIDTH + 10,
	    y + 2, SHEET_RIGHT - PANEL_PADDING - left - CODE_WIDTH - 10,
	    word(sheet->lang, WORD_CODE_TEXT));
	return y + MAX(height, CODE_HEIGHT + 3);
}

static double
fill_panel(const Sheet *sheet, Strip *strip)
{
	g_autofree char *about = about_text(sheet);
	g_autofree char *back = return_text(sheet);
	g_autofree char *where = name_contacts(sheet->config, sheet->lang);
	g_autofree char *help = words_fill(word(sheet->lang, WORD_HELP_TEXT), "office",
	    config_text(sheet->config, CONFIG_survey_office), "contacts", where, NULL);
	double y = PANEL_PADDING - 2;

	y = add_point(sheet, strip, y, WORD_ABOUT, about);
	y = add_point(sheet, strip, y, WORD_VOLUNTARY, word(sheet->lang, WORD_VOLUNTARY_TEXT));
	y = add_point(sheet, strip, y, WORD_HOW, word(sheet->lang, WORD_HOW_TEXT));
	y = add_point(sheet, strip, y, WORD_RETURN, back);
	y = add_point(sheet, strip, y, WORD_HELP, help);
	return add_code(sheet, strip, y) + PANEL_PADDING - 2;
}

void
sheet_add_panel(Sheet *sheet)
{
	const char *intro = sheet_text(sheet, sheet->section->group->hints);
	/* its height is known only once it is filled, its ground is painted first */
	Strip *measured = galley_add_head(sheet->galley);
	double height = fill_panel(sheet, measured);
	Strip *strip;

	if (*intro != '\0') {
		strip = sheet_strip(sheet, 0);
		(void)strip_text(sheet->galley, strip, "P", &style_option, ALIGN_LEFT, MARGIN, 0,
		    BODY_WIDTH, intro);
		strip->keep = TRUE;
	}
	strip = sheet_strip(sheet, 8);
	strip_fill(strip, ink_panel, (Box){ MARGIN, 0, BODY_WIDTH, height });
	strip_fill(strip, ink_dark, (Box){ MARGIN, 0, 3, height });
	(void)fill_panel(sheet, strip);
}

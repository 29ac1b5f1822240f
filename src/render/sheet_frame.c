/* What stands around a section's questions on every page: band, town, QR, footer, and the marks for scans. */
#include "render/sheet.h"

#include <string.h>

#define BAND_TOP    42.0
#define BAND_HEIGHT 27.0
#define NAME_TOP    75.0
#define QR_TOP	    24.0
#define QR_QUIET    7.0
#define NUMBER	    30.0 /* width of the section's number in the band */

/* @style in the largest size down to three quarters of it at which @text fits @width. */
static Style
fitted(const Style *style, double width, const char *text)
{
	Style smaller = *style;

	while (smaller.size > style->size * 0.75 && measure_width(&smaller, text) > width)
		smaller.size -= 0.5;
	return smaller;
}

/* On one line; what is too long at three quarters is cut. */
static void
write_one(Canvas *canvas, const Style *style, double x, double y, double width, const char *text)
{
	Style smaller = fitted(style, width, text);
	g_autofree char *shown = measure_clip(&smaller, text, width);

	canvas_write(canvas, &smaller, x, y, shown);
}

/* The same, but what is too long stands on two lines about the same height. */
static void
write_two(Canvas *canvas, const Style *style, double x, double y, double width, const char *text)
{
	Style smaller = fitted(style, width, text);
	g_auto(GStrv) lines = NULL;

	if (measure_width(&smaller, text) <= width) {
		canvas_write(canvas, &smaller, x, y, text);
		return;
	}
	smaller.size = style->size * 0.68;
	lines = measure_wrap(&smaller, text, width);
	for (gsize i = 0; lines[i] != NULL && i < 2; i++) {
		g_autofree char *rest = i == 1 ? g_strjoinv(" ", lines + 1) : NULL;
		g_autofree char *shown = measure_clip(&smaller, i == 1 ? rest : lines[0], width);
		g_autofree char *spaced = g_strconcat(shown, " ", NULL);

		canvas_write(canvas, &smaller, x, y + (i == 0 ? -6.5 : 5), spaced);
	}
}

/* A part of the heading on the first page; on the others it is repeated, which is decoration. */
static void
begin_part(Canvas *canvas, gboolean first, const char *tag, const char *lang)
{
	canvas_set_lang(canvas, lang);
	if (first)
		canvas_begin(canvas, tag);
	else
		canvas_begin_header(canvas);
}

/* Number and title of the section, in the second language below it. */
static void
paint_title(const Sheet *sheet, Canvas *canvas, gboolean first)
{
	Wording title = sheet_wording(sheet, sheet->section->group->labels);
	double left = MARGIN + NUMBER + 9;
	double width = NAME_WIDTH - NUMBER - 18;
	double number = measure_width(&style_band, sheet->section->number);
	/* the blank parts number and title for a reader */
	g_autofree char *spaced = g_strconcat(sheet->section->number, " ", NULL);

	if (first && title.other != NULL)
		canvas_open(canvas, "H1");
	begin_part(canvas, first, title.other != NULL ? "Span" : "H1", title.lang);
	canvas_write(canvas, &style_band, MARGIN + (NUMBER - number) / 2, BAND_TOP + 18.6, spaced);
	if (title.other == NULL)
		write_two(canvas, &style_band, left, BAND_TOP + 18.6, width, title.text);
	else
		write_one(canvas, &style_band_first, left, BAND_TOP + 12, width, title.text);
	canvas_end(canvas);
	if (title.other == NULL)
		return;
	begin_part(canvas, first, "Span", title.other_lang);
	write_one(canvas, &style_band_second, left, BAND_TOP + 22.8, width, title.other);
	canvas_end(canvas);
	canvas_set_lang(canvas, NULL);
	if (first)
		canvas_close(canvas);
}

static void
paint_band(const Sheet *sheet, Canvas *canvas, gboolean first)
{
	Box band = { MARGIN, BAND_TOP, NAME_WIDTH, BAND_HEIGHT };
	const char *own = sheet->form->default_lang; /* settings.csv has one title */
	const char *title_lang = strcmp(sheet->lang, own) != 0 ? own : NULL;

	begin_part(canvas, first, "P", title_lang);
	canvas_write(canvas, &style_survey, MARGIN, BAND_TOP - 7, sheet->form->title);
	canvas_end(canvas);
	canvas_begin_header(canvas);
	canvas_fill(canvas, ink_dark, band);
	canvas_line(canvas, ink_white, 0.8, MARGIN + NUMBER, BAND_TOP + 5, MARGIN + NUMBER,
	    BAND_TOP + BAND_HEIGHT - 5);
	canvas_end(canvas);
	paint_title(sheet, canvas, first);
	canvas_set_lang(canvas, NULL);
}

static void
paint_corners(Canvas *canvas)
{
	static const double across[] = { CORNER_LEFT, CORNER_RIGHT };
	static const double down[] = { CORNER_TOP, CORNER_BOTTOM };

	for (gsize i = 0; i < G_N_ELEMENTS(across); i++)
		for (gsize k = 0; k < G_N_ELEMENTS(down); k++)
			canvas_fill(canvas, ink_black,
			    (Box){ across[i] - CORNER_SIDE / 2, down[k] - CORNER_SIDE / 2,
				CORNER_SIDE, CORNER_SIDE });
}

static guint
section_place(const Sheet *sheet)
{
	guint place = 0;

	(void)g_ptr_array_find(sheet->form->sections, sheet->section, &place);
	return place + 1;
}

static void
paint_page_mark(const Sheet *sheet, Canvas *canvas, guint page)
{
	guint32 bars = page_mark_encode(section_place(sheet), page + 1);

	for (guint i = 0; i < PAGE_MARK_BARS; i++) {
		gboolean tall = (bars >> (PAGE_MARK_BARS - 1 - i) & 1) != 0;
		double height = tall ? PAGE_MARK_TALL : PAGE_MARK_SHORT;

		canvas_fill(canvas, ink_black,
		    (Box){ PAGE_MARK_LEFT + i * PAGE_MARK_PITCH, PAGE_MARK_FOOT - height,
			PAGE_MARK_WIDTH, height });
	}
}

static char *
page_text(const char *lang, guint page, guint pages)
{
	g_autofree char *this = g_strdup_printf("%u", page + 1);
	g_autofree char *all = g_strdup_printf("%u", pages);

	return words_fill(word(lang, WORD_PAGE), "page", this, "pages", all, NULL);
}

static void
paint_foot(const Sheet *sheet, Canvas *canvas, guint page, guint pages)
{
	g_autofree char *first = page_text(sheet->lang, page, pages);
	g_autofree char *second =
	    sheet->other != NULL ? page_text(sheet->other, page, pages) : NULL;
	g_autofree char *text = wording_join(wording_of(sheet, first, second));
	g_autofree char *help = sheet_help(sheet, sheet->lang);
	double width = measure_width(&style_foot, text);
	g_autofree char *shown = measure_clip(&style_foot, help, BODY_WIDTH - width - 12);
	double top = BODY_BOTTOM + 8;
	Box foot = { MARGIN, top + 12, FOOT_WIDTH, FOOT_HEIGHT };

	canvas_begin_footer(canvas);
	canvas_line(canvas, ink_rule, 0.6, MARGIN, top, MARGIN + BODY_WIDTH, top);
	canvas_write(canvas, &style_foot, MARGIN, top + 9.5, shown);
	canvas_place(canvas, PLACE_FOOT, foot);
	canvas_write(canvas, &style_foot, MARGIN + BODY_WIDTH - width, top + 9.5, text);
	paint_corners(canvas);
	paint_page_mark(sheet, canvas, page);
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
		canvas_begin_header(canvas);
	canvas_place(canvas, PLACE_NAME, name);
	canvas_end(canvas);
	canvas_begin_header(canvas);
	canvas_place(canvas, PLACE_QR, qr);
	canvas_end(canvas);
	paint_foot(sheet, canvas, page, pages);
}

/* The beginning of a section: its introduction, and the box that says what this is, how long it takes and what to do. */
#include "render/names.h"
#include "render/sheet.h"

#define PADDING	    10.0
#define HEADS	    96.0 /* width of the column of words before the texts */
#define POINT_GAP   2.5
#define OVERLAP	    0.4 /* of the grounds of two points: viewers would show a hair between them */
#define CODE_WIDTH  190.0
#define CODE_HEIGHT 19.0
#define FACT_GAP    14.0
#define FACT_FIRST  84.0 /* width of the first figure, which is the shortest */

#define LEFT  (MARGIN + PADDING)
#define TEXTS (LEFT + HEADS)
#define WIDTH (SHEET_RIGHT - PADDING - TEXTS)

/* One text for each language. */
typedef char *(*Compose)(const Sheet *sheet, const char *lang);

/* A strip of the box: its ground is painted first, so that its height must be known. */
static Strip *
panel_strip(Sheet *sheet, double height)
{
	Strip *strip = sheet_strip(sheet, 0);

	strip_fill(strip, ink_panel, (Box){ MARGIN, 0, BODY_WIDTH, height + OVERLAP });
	strip_fill(strip, ink_dark, (Box){ MARGIN, 0, 3, height + OVERLAP });
	strip->height = height;
	strip->keep = TRUE;
	return strip;
}

/* --- figures -------------------------------------------------------------------------------------------- */

static char *
questions_figure(const Sheet *sheet, const char *lang)
{
	(void)lang;
	return g_strdup_printf("%u", sheet_questions(sheet));
}

static char *
minutes_figure(const Sheet *sheet, const char *lang)
{
	g_autofree char *figure = g_strdup_printf("%u", sheet_minutes(sheet));

	return words_fill(word(lang, WORD_FACT_MINUTES), "minutes", figure, NULL);
}

static char *
deadline_figure(const Sheet *sheet, const char *lang)
{
	return g_strdup(lang == sheet->other ? sheet->other_deadline : sheet->deadline);
}

typedef struct {
	double x;
	double width;
	Word head;
	Compose compose;
} Fact;

/* Draws it, or measures where @strip is NULL. Returns the height. */
static double
add_fact(const Sheet *sheet, Strip *strip, const Fact *fact)
{
	Wording head = sheet_word(sheet, fact->head);
	g_autofree char *text = fact->compose(sheet, sheet->lang);
	g_autofree char *other = sheet->other != NULL ? fact->compose(sheet, sheet->other) : NULL;
	Wording figure = wording_of(sheet, text, other);
	double height = sheet_put_height(&look_caption, fact->width, head);

	if (strip == NULL)
		return height + sheet_put_height(&look_fact, fact->width, figure);
	strip_open(strip, "LI");
	(void)sheet_put(
	    strip, "Lbl", &look_caption, ALIGN_LEFT, fact->x, PADDING - 2, fact->width, head);
	height += sheet_put(strip, "LBody", &look_fact, ALIGN_LEFT, fact->x, PADDING - 2 + height,
	    fact->width, figure);
	strip_close(strip);
	return height;
}

static void
add_facts(Sheet *sheet)
{
	const double rest = (SHEET_RIGHT - PADDING - LEFT - FACT_FIRST - 2 * FACT_GAP) / 2;
	const Fact facts[] = {
		{ LEFT, FACT_FIRST, WORD_FACT_QUESTIONS, questions_figure },
		{ TEXTS, rest, WORD_FACT_TIME, minutes_figure },
		{ TEXTS + rest + FACT_GAP, rest, WORD_FACT_DEADLINE, deadline_figure },
	};
	gsize count = *sheet->deadline != '\0' ? 3 : 2;
	double height = 0;
	Strip *strip;

	for (gsize i = 0; i < count; i++)
		height = MAX(height, add_fact(sheet, NULL, &facts[i]));
	height += 2 * PADDING - 6;
	strip = panel_strip(sheet, height + 4);
	strip_open(strip, "L");
	for (gsize i = 0; i < count; i++)
		(void)add_fact(sheet, strip, &facts[i]);
	strip_close(strip);
	strip_line(strip, ink_rule, 0.6, LEFT, height, SHEET_RIGHT - PADDING, height);
}

/* --- texts ---------------------------------------------------------------------------------------------- */

static char *
about_text(const Sheet *sheet, const char *lang)
{
	guint count = sheet_questions(sheet);
	g_autofree char *figure = g_strdup_printf("%u", count);
	g_autofree char *questions =
	    words_fill(word(lang, count == 1 ? WORD_QUESTIONS_ONE : WORD_QUESTIONS_MANY), "count",
		figure, NULL);

	if (sheet_delegates(sheet))
		return words_fill(
		    word(lang, WORD_DELEGATION_TEXT), "form", sheet->form->title, NULL);
	if (sheet_corrects(sheet))
		return words_fill(word(lang, WORD_CORRECTION_TEXT), "number",
		    sheet->section->number, "form", sheet->form->title, NULL);
	return words_fill(word(lang, WORD_ABOUT_TEXT), "number", sheet->section->number, "form",
	    sheet->form->title, "sender", config_text_in(sheet->config, CONFIG_survey_sender, lang),
	    "questions", questions, NULL);
}

static char *
voluntary_text(const Sheet *sheet, const char *lang)
{
	(void)sheet;
	return g_strdup(word(lang, WORD_VOLUNTARY_TEXT));
}

static char *
how_text(const Sheet *sheet, const char *lang)
{
	(void)sheet;
	return g_strdup(word(lang, WORD_HOW_TEXT));
}

static char *
return_text(const Sheet *sheet, const char *lang)
{
	g_autofree char *date = deadline_figure(sheet, lang);
	g_autofree char *deadline = *date != '\0'
					? words_fill(word(lang, WORD_DEADLINE), "date", date, NULL)
					: g_strdup(word(lang, WORD_NO_DEADLINE));

	return words_fill(word(lang, WORD_RETURN_TEXT), "deadline", deadline, "address",
	    config_text(sheet->config, CONFIG_mail_from), NULL);
}

static char *
privacy_text(const Sheet *sheet, const char *lang)
{
	const char *url = config_text(sheet->config, CONFIG_survey_privacy_url);
	g_autofree char *where =
	    *url != '\0' ? words_fill(word(lang, WORD_PRIVACY_URL), "url", url, NULL) : NULL;

	return g_strjoin(" ", word(lang, WORD_PRIVACY_TEXT), where, NULL);
}

char *
sheet_help(const Sheet *sheet, const char *lang)
{
	g_autofree char *where = name_contacts(sheet->config, lang);

	return words_fill(word(lang, WORD_HELP_TEXT), "office",
	    config_text_in(sheet->config, CONFIG_survey_office, lang), "contacts", where, NULL);
}

/* A word and its text. */
typedef struct {
	Word head;
	Compose compose;
} Point;

static const Point points[] = {
	{ WORD_ABOUT, about_text },
	{ WORD_VOLUNTARY, voluntary_text },
	{ WORD_HOW, how_text },
	{ WORD_RETURN, return_text },
	{ WORD_PRIVACY, privacy_text },
	{ WORD_HELP, sheet_help },
};

/* All of them are one list. */
static void
add_point(Sheet *sheet, const Point *point)
{
	Wording head = sheet_word(sheet, point->head);
	g_autofree char *first = point->compose(sheet, sheet->lang);
	g_autofree char *other = sheet->other != NULL ? point->compose(sheet, sheet->other) : NULL;
	Wording text = wording_of(sheet, first, other);
	double height = MAX(sheet_put_height(&look_panel_head, HEADS - 6, head),
	    sheet_put_height(&look_panel, WIDTH, text));
	Strip *strip = panel_strip(sheet, height + POINT_GAP);

	if (point == points)
		strip_open(strip, "L");
	strip_open(strip, "LI");
	(void)sheet_put(strip, "Lbl", &look_panel_head, ALIGN_LEFT, LEFT, 0, HEADS - 6, head);
	(void)sheet_put(strip, "LBody", &look_panel, ALIGN_LEFT, TEXTS, 0, WIDTH, text);
	strip_close(strip);
	if (point + 1 == points + G_N_ELEMENTS(points))
		strip_close(strip);
}

/* Its label takes as much of a line as it needs: in some languages it is long. */
static void
add_code(Sheet *sheet)
{
	const double width = SHEET_RIGHT - PADDING - LEFT;
	const double text_width = width - CODE_WIDTH - 10;
	Wording label = sheet_word(sheet, WORD_CODE);
	Wording text = sheet_word(sheet, WORD_CODE_TEXT);
	g_autofree char *tip = wording_join(label);
	double top = sheet_put_height(&look_code_label, width, label) + 3;
	double text_height = sheet_put_height(&look_hint, text_width, text);
	double height = MAX(CODE_HEIGHT, text_height);
	Strip *strip = panel_strip(sheet, top + height + PADDING);
	Widget *widget = widget_new(FIELD_TEXT, FIELD_CODE, "", tip);

	widget->max_length = 40;
	(void)sheet_put(strip, "P", &look_code_label, ALIGN_LEFT, LEFT, 1, width, label);
	sheet_write_box(strip,
	    (Box){ LEFT, top + (height - CODE_HEIGHT) / 2, CODE_WIDTH, CODE_HEIGHT }, widget);
	(void)sheet_put(strip, "P", &look_hint, ALIGN_LEFT, LEFT + CODE_WIDTH + 10,
	    top + (height - text_height) / 2, text_width, text);
	strip->keep = FALSE;
}

void
sheet_add_panel(Sheet *sheet)
{
	Wording intro = sheet_wording(sheet, sheet->section->group->hints);

	sheet->block++;
	sheet_add_correction_head(sheet);
	if (*intro.text != '\0' && !sheet_corrects(sheet)) {
		(void)sheet_put(sheet_strip(sheet, 0), "P", &look_text, ALIGN_LEFT, MARGIN, 0,
		    BODY_WIDTH, intro);
		sheet_strip(sheet, 0)->height = 8;
	}
	if (sheet_delegates(sheet))
		(void)panel_strip(sheet, PADDING - 2);
	else
		add_facts(sheet);
	for (gsize i = 0; i < G_N_ELEMENTS(points); i++)
		add_point(sheet, &points[i]);
	add_code(sheet);
	sheet_add_confirmation(sheet);
}

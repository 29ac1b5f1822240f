#include "render/summary.h"

#include "base/clock.h"
#include "render/names.h"

#include <string.h>

#define BAND_HEIGHT  27.0
#define BAND_TITLE   18.6 /* of its baseline */
#define PADDING	     9.0
#define ANSWER_LEFT  (MARGIN + INDENT)
#define ANSWER_WIDTH (MARGIN + BODY_WIDTH - ANSWER_LEFT)
#define ROW_SHARE    0.58 /* of the width: the label of a row, before its answer */
#define ROW_GAP	     10.0
#define LINES_WHOLE  12 /* longer answers may go over the end of a page */

typedef struct {
	Galley *galley;
	const Config *config;
	const Summary *summary;
	const SummarySection *section; /* the one being laid out */
	const char *lang;
	guint block;
} Draft;

static const Form *
form_of(const Draft *draft)
{
	return form_view_form(draft->section->view);
}

static const char *
label_of(const Draft *draft, const Item *item)
{
	return form_text(form_of(draft), item->labels, draft->lang);
}

static Strip *
add_strip(Draft *draft, double before)
{
	Strip *strip = galley_add(draft->galley, before);

	strip->block = draft->block;
	return strip;
}

/* --- what was answered ------------------------------------------------------------------------------- */

/* "" where nothing was. */
static const char *
answer_to(const Draft *draft, const Item *item)
{
	const char *words = g_hash_table_lookup(draft->section->words, item->name);

	if (words == NULL || *words == '\0')
		return "";
	return item->layout == LAYOUT_CHECK ? word(draft->lang, WORD_YES) : words;
}

/* The respondent's words for what is wrong with an answer, NULL where it is right. */
static const char *
remark_on(const Draft *draft, const Item *item)
{
	for (guint i = 0; i < draft->section->remarks->len; i++) {
		const Finding *remark = g_ptr_array_index(draft->section->remarks, i);

		if (strcmp(remark->place, item->name) == 0)
			return remark->text;
	}
	return NULL;
}

/* A question that was not put to the town, or fell away with its other answers, leaves no gap. */
static gboolean
belongs(const Draft *draft, const Item *item)
{
	const SummarySection *section = draft->section;

	if (item->layout == LAYOUT_NONE || item->layout == LAYOUT_NOTE)
		return FALSE;
	if (item->type == NULL || *answer_to(draft, item) != '\0' || remark_on(draft, item) != NULL)
		return TRUE;
	/* boxes beside a question speak only when they are used */
	return form_view_asked(section->view, item) != ASKED_NO && item->layout != LAYOUT_CHECK &&
	       form_view_relevant(section->view, item, section->values) != TRUTH_FALSE;
}

/* --- questions and rows ------------------------------------------------------------------------------ */

static void
add_remark(Draft *draft, const Item *item, double left, double width)
{
	const char *text = remark_on(draft, item);
	g_autofree char *said = NULL;
	Strip *strip;

	if (text == NULL)
		return;
	said = words_fill(word(draft->lang, WORD_TO_CORRECT), "text", text, NULL);
	galley_last(draft->galley)->keep = TRUE;
	strip = add_strip(draft, 2);
	strip_line(strip, ink_dark, 1.6, left, 0.5, left,
	    strip_text_height(&style_condition, width - 7, said));
	(void)strip_text(strip, "P", &style_condition, ALIGN_LEFT, left + 7, 0, width - 7, said);
}

/* A text over many lines, one strip a line, so that it may go on on the next page. */
static void
add_long_answer(Draft *draft, const char *text)
{
	g_auto(GStrv) lines = measure_wrap(&style_panel_head, text, ANSWER_WIDTH);

	draft->block = 0;
	for (gsize i = 0; lines[i] != NULL; i++)
		(void)strip_text(add_strip(draft, i == 0 ? 2 : 0), "P", &style_panel_head,
		    ALIGN_LEFT, ANSWER_LEFT, 0, ANSWER_WIDTH, lines[i]);
}

static void
add_answer(Draft *draft, const Item *item)
{
	const char *answer = answer_to(draft, item);
	gboolean none = *answer == '\0';
	const Style *style = none ? &style_hint : &style_panel_head;
	const char *text = none ? word(draft->lang, WORD_NO_ANSWER) : answer;

	if (strip_text_height(style, ANSWER_WIDTH, text) > LINES_WHOLE * style->lead)
		add_long_answer(draft, text);
	else
		(void)strip_text(add_strip(draft, 2), "P", style, ALIGN_LEFT, ANSWER_LEFT, 0,
		    ANSWER_WIDTH, text);
	add_remark(draft, item, ANSWER_LEFT, ANSWER_WIDTH);
}

/* Number and text of a question; the blank parts them for a reader. */
static void
add_label(Draft *draft, const Item *item, const char *number, double before)
{
	g_autofree char *spaced = g_strconcat(number, " ", NULL);
	Strip *strip = add_strip(draft, before);

	(void)strip_text(strip, "P", &style_question, ALIGN_LEFT, MARGIN, 0, INDENT, spaced);
	(void)strip_text(strip, "P", &style_option, ALIGN_LEFT, ANSWER_LEFT, 0.4, ANSWER_WIDTH,
	    label_of(draft, item));
	strip->keep = TRUE;
}

/* One row of a grid or of a list of figures: its label, and the answer beside it. */
static void
add_row(Draft *draft, const Item *item, guint number)
{
	const char *answer = answer_to(draft, item);
	const char *shown = *answer != '\0' ? answer : "–";
	double label_width = ANSWER_WIDTH * ROW_SHARE - ROW_GAP;
	double answer_left = ANSWER_LEFT + ANSWER_WIDTH * ROW_SHARE;
	double answer_width = ANSWER_WIDTH * (1 - ROW_SHARE) - 4;
	double height = MAX(strip_text_height(&style_row, label_width, label_of(draft, item)),
			    strip_text_height(&style_panel_head, answer_width, shown)) +
			3;
	Strip *strip = add_strip(draft, number == 0 ? 3 : 0);

	if (number % 2 == 0)
		strip_fill(strip, ink_zebra, (Box){ ANSWER_LEFT, 0, ANSWER_WIDTH, height });
	if (number == 0)
		strip_open(strip, "Table");
	strip_open(strip, "TR");
	(void)strip_text(strip, "TH", &style_row, ALIGN_LEFT, ANSWER_LEFT + 4, 1.5, label_width - 4,
	    label_of(draft, item));
	(void)strip_text(
	    strip, "TD", &style_panel_head, ALIGN_LEFT, answer_left, 1.5, answer_width, shown);
	strip_close(strip);
	strip->height = height;
}

static void
add_rows(Draft *draft, const Item *group)
{
	guint count = 0;
	Strip *strip = NULL;

	for (guint i = 0; i < group->items->len; i++) {
		const Item *row = g_ptr_array_index(group->items, i);

		if (row->type == NULL || !belongs(draft, row))
			continue;
		add_row(draft, row, count);
		strip = galley_last(draft->galley);
		count++;
	}
	if (strip != NULL)
		strip_close(strip);
	for (guint i = 0; i < group->items->len; i++)
		add_remark(draft, g_ptr_array_index(group->items, i), ANSWER_LEFT, ANSWER_WIDTH);
}

static gboolean
has_rows(const Draft *draft, const Item *group)
{
	for (guint i = 0; i < group->items->len; i++)
		if (belongs(draft, g_ptr_array_index(group->items, i)))
			return TRUE;
	return FALSE;
}

static void add_items(Draft *draft, const GPtrArray *items);

static void
add_group(Draft *draft, const Item *group)
{
	if (!has_rows(draft, group))
		return;
	if (group->layout == LAYOUT_GRID || group->layout == LAYOUT_LIST) {
		draft->block++;
		add_label(draft, group, group->number, 9);
		add_rows(draft, group);
		return;
	}
	if (*label_of(draft, group) != '\0') {
		Strip *strip = add_strip(draft, 10);

		(void)strip_text(strip, "H3", &style_heading, ALIGN_LEFT, MARGIN, 0, BODY_WIDTH,
		    label_of(draft, group));
		strip->keep = TRUE;
	}
	add_items(draft, group->items);
}

/* Rows with the number of the question before them belong to it: "Altro (specificare)". */
static void
add_items(Draft *draft, const GPtrArray *items)
{
	const char *number = "";

	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		gboolean again = strcmp(item->number, number) == 0;

		if (item->type == NULL) {
			add_group(draft, item);
			number = item->number;
			continue;
		}
		if (!belongs(draft, item))
			continue;
		draft->block += again ? 0 : 1;
		add_label(draft, item, again ? "" : item->number, again ? 3 : 9);
		add_answer(draft, item);
		number = item->number;
	}
}

/* --- what stands above ------------------------------------------------------------------------------- */

static char *
town_of(const Draft *draft)
{
	return name_town_alone(draft->summary->unit, draft->lang);
}

/* "18 ottobre 2025, ore 10:30" on the clocks of Rome. */
static char *
moment(const Draft *draft, gint64 seconds)
{
	g_autofree char *day = clock_long_date(seconds, draft->lang);
	g_autoptr(GDateTime) rome = clock_rome(seconds);
	g_autofree char *time = g_date_time_format(rome, "%H:%M");

	return words_fill(word(draft->lang, WORD_MOMENT), "date", day, "time", time, NULL);
}

char *
summary_title(const Summary *summary, const char *lang)
{
	const SummarySection *only = g_ptr_array_index(summary->sections, 0);
	g_autofree char *town = name_town_alone(summary->unit, lang);
	g_autofree char *title =
	    words_fill(word(lang, summary->receipt ? WORD_RECEIPT_TITLE : WORD_SUMMARY_TITLE),
		"number", only->section->number, NULL);

	return g_strdup_printf("%s – %s", title, town);
}

static void
add_title(Draft *draft)
{
	const Summary *summary = draft->summary;
	const SummarySection *only = g_ptr_array_index(summary->sections, 0);
	g_autofree char *title = words_fill(
	    word(draft->lang, summary->receipt ? WORD_RECEIPT_TITLE : WORD_SUMMARY_TITLE), "number",
	    only->section->number, NULL);
	g_autofree char *town = town_of(draft);
	const Form *form = form_view_form(only->view);
	Strip *strip = add_strip(draft, 0);
	double y;

	strip_word(strip, &style_survey, MARGIN, 8, form->title);
	strip_fill(strip, ink_dark, (Box){ MARGIN, 14, BODY_WIDTH, BAND_HEIGHT });
	strip_begin(strip, "H1");
	strip_word(strip, &style_band, MARGIN + PADDING, 14 + BAND_TITLE, title);
	strip_end(strip);
	y = 14 + BAND_HEIGHT + 7;
	(void)strip_text(strip, "P", &style_heading, ALIGN_LEFT, MARGIN, y, BODY_WIDTH, town);
	strip->keep = TRUE;
}

static void
add_about(Draft *draft)
{
	const Summary *summary = draft->summary;
	g_autofree char *town = town_of(draft);
	g_autofree char *when = moment(draft, summary->date);
	g_autofree char *about = words_fill(
	    word(draft->lang, summary->receipt ? WORD_RECEIPT_ABOUT : WORD_SUMMARY_ABOUT), "town",
	    town, "date", when, "address", config_text(draft->config, CONFIG_mail_from), NULL);
	double width = BODY_WIDTH - 2 * PADDING;
	double height = strip_text_height(&style_panel, width, about) + 2 * PADDING;
	Strip *strip = add_strip(draft, 8);

	strip_fill(strip, ink_panel, (Box){ MARGIN, 0, BODY_WIDTH, height });
	strip_fill(strip, ink_dark, (Box){ MARGIN, 0, 3, height });
	(void)strip_text(
	    strip, "P", &style_panel, ALIGN_LEFT, MARGIN + PADDING, PADDING, width, about);
	strip->height = height;
}

/* When and from which file the section came: what an office needs to find its own copy. */
static void
add_source(Draft *draft)
{
	const SummarySection *section = draft->section;
	g_autofree char *when = moment(draft, section->received_at);
	g_autofree char *count = g_strdup_printf("%u", g_hash_table_size(section->values));
	gboolean named = *section->sender != '\0';
	g_autofree char *received =
	    words_fill(word(draft->lang, named ? WORD_RECEIVED : WORD_RECEIVED_PLAIN), "date", when,
		"count", count, "sender", section->sender, NULL);
	g_autofree char *sum = words_fill(word(draft->lang, WORD_FILE_SUM), "file",
	    *section->file_name != '\0' ? section->file_name : "PDF", "sum", section->file_sha256,
	    NULL);
	Strip *strip = add_strip(draft, 2);
	double y = strip_text(strip, "P", &style_hint, ALIGN_LEFT, MARGIN, 0, BODY_WIDTH, received);

	(void)strip_text(strip, "P", &style_hint, ALIGN_LEFT, MARGIN, y, BODY_WIDTH, sum);
	strip->keep = TRUE;
}

static void
add_section(Draft *draft)
{
	const SummarySection *section = draft->section;
	g_autofree char *heading = words_fill(word(draft->lang, WORD_SECTION_ITEM), "number",
	    section->section->number, "section", label_of(draft, section->section->group), NULL);
	Strip *strip;

	draft->block++;
	strip = add_strip(draft, 18);
	strip_line(strip, ink_dark, 1.2, MARGIN, 0, MARGIN + BODY_WIDTH, 0);
	(void)strip_text(strip, "H2", &style_heading, ALIGN_LEFT, MARGIN, 5, BODY_WIDTH, heading);
	strip->keep = TRUE;
	if (section->received_at == 0) {
		(void)strip_text(add_strip(draft, 2), "P", &style_hint, ALIGN_LEFT, MARGIN, 0,
		    BODY_WIDTH, word(draft->lang, WORD_NOT_RECEIVED));
		return;
	}
	add_source(draft);
	add_items(draft, section->section->group->items);
}

/* --- the whole --------------------------------------------------------------------------------------- */

static void
paint_frame(Canvas *canvas, guint page, guint pages, gpointer data)
{
	const Draft *draft = data;
	const Unit *unit = draft->summary->unit;
	g_autofree char *this = g_strdup_printf("%u", page + 1);
	g_autofree char *all = g_strdup_printf("%u", pages);
	g_autofree char *number =
	    words_fill(word(draft->lang, WORD_PAGE), "page", this, "pages", all, NULL);
	g_autofree char *town = town_of(draft);
	g_autofree char *foot = g_strdup_printf("%s · %s", town, unit->code);
	double y = BODY_BOTTOM + 18;

	canvas_begin_artifact(canvas);
	canvas_line(canvas, ink_rule, 0.6, MARGIN, y - 10, MARGIN + BODY_WIDTH, y - 10);
	canvas_write(canvas, &style_foot, MARGIN, y, foot);
	canvas_write(canvas, &style_foot, MARGIN + BODY_WIDTH - measure_width(&style_foot, number),
	    y, number);
	canvas_end(canvas);
}

GBytes *
summary_draw(
    Canvas *canvas, const Config *config, const Summary *summary, const char *lang, GError **error)
{
	g_autoptr(Galley) galley = galley_new();
	g_autofree char *title = summary_title(summary, lang);
	Draft draft = { .galley = galley, .config = config, .summary = summary, .lang = lang };

	canvas_set_info(canvas, title, config_text(config, CONFIG_survey_sender));
	add_title(&draft);
	add_about(&draft);
	for (guint i = 0; i < summary->sections->len; i++) {
		draft.section = g_ptr_array_index(summary->sections, i);
		add_section(&draft);
	}
	(void)galley_cut(galley, MARGIN, BODY_BOTTOM);
	galley_paint(galley, canvas, paint_frame, &draft);
	return canvas_save(canvas, error);
}

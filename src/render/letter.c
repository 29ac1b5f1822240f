#include "render/letter.h"

#include "base/clock.h"
#include "render/galley.h"
#include "render/mayor.h"

#include <string.h>

#define LETTER_TOP     54.0
#define LETTER_BOTTOM  776.0
#define ADDRESSEE_LEFT 318.0
#define LIST_INDENT    16.0
#define CODE_PADDING   11.0
#define CODE_QR	       74.0

typedef struct {
	Canvas *canvas;
	Galley *galley;
	const NameScope *scope;
	GBytes *qr;
	guint qr_side;
	const char *lang;  /* (nullable): this one's, where that is not the document's */
	const char *other; /* (nullable): the language of the letter behind this one */
	guint before;	   /* pages of the letter in the other language, in front of this one */
	guint pages;	   /* of all */
} Letter;

/* A strip in the letter's language, which is not the document's behind the first letter. */
static Strip *
add_strip(const Letter *letter, double before)
{
	Strip *strip = galley_add(letter->galley, before);

	strip->lang = letter->lang;
	return strip;
}

/* --- words of several styles ------------------------------------------------------------------------- */

typedef struct {
	const Style *style;
	char *text;	/* no blanks; NULL: a hard break */
	gboolean glued; /* to the word before */
} Piece;

static void
word_clear(gpointer data)
{
	Piece *word = data;

	g_free(word->text);
}

static void
add_words(GArray *words, const Style *style, const char *text, gboolean *blank)
{
	g_auto(GStrv) pieces = g_strsplit(text, " ", 0);

	for (gsize i = 0; pieces[i] != NULL; i++) {
		Piece word = { .style = style, .glued = !*blank && i == 0 };

		if (i > 0)
			*blank = TRUE;
		if (*pieces[i] == '\0')
			continue;
		word.glued = !*blank;
		word.text = g_strdup(pieces[i]);
		g_array_append_val(words, word);
		*blank = FALSE;
	}
}

static const Style *
style_of(MarkdownNode *node)
{
	for (; node != NULL; node = cmark_node_parent(node)) {
		if (cmark_node_get_type(node) == CMARK_NODE_CODE)
			return &style_letter_mono;
		if (cmark_node_get_type(node) == CMARK_NODE_STRONG)
			return &style_letter_bold;
		if (cmark_node_get_type(node) == CMARK_NODE_EMPH)
			return &style_letter_oblique;
	}
	return &style_letter;
}

static GArray *
collect_words(MarkdownNode *block)
{
	GArray *words = g_array_new(FALSE, TRUE, sizeof(Piece));
	cmark_iter *iter = cmark_iter_new(block);
	gboolean blank = TRUE;

	g_array_set_clear_func(words, word_clear);
	while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
		MarkdownNode *node = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(node);
		Piece hard = { 0 };

		if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)
			add_words(words, style_of(node), cmark_node_get_literal(node), &blank);
		else if (type == CMARK_NODE_SOFTBREAK)
			blank = TRUE;
		else if (type == CMARK_NODE_LINEBREAK) {
			g_array_append_val(words, hard);
			blank = TRUE;
		}
	}
	cmark_iter_free(iter);
	return words;
}

/* How far the words from @from to the next place where a line may break reach. */
static guint
glued_end(const GArray *words, guint from)
{
	guint i = from + 1;

	while (i < words->len && g_array_index(words, Piece, i).text != NULL &&
	       g_array_index(words, Piece, i).glued)
		i++;
	return i;
}

static double
run_width(const Letter *letter, const GArray *words, guint from, guint to)
{
	double width = 0;

	for (guint i = from; i < to; i++) {
		const Piece *word = &g_array_index(words, Piece, i);

		width += canvas_text_width(letter->canvas, word->style, word->text);
	}
	return width;
}

static void
put_words(Strip *strip, const Letter *letter, const GArray *words, guint from, guint to, double x,
    double y)
{
	for (guint i = from; i < to; i++) {
		const Piece *word = &g_array_index(words, Piece, i);
		g_autofree char *spaced = g_strconcat(word->text, i + 1 == to ? " " : "", NULL);

		strip_word(strip, word->style, x, y, spaced);
		x += canvas_text_width(letter->canvas, word->style, word->text);
	}
}

/* What stands before the first line of a paragraph: the beginning of a list and of one of its items (ISO 32000-1,
 * 14.8.4.3.3). */
typedef struct {
	const char *list;  /* (nullable): a list begins, of this ListNumbering */
	const char *label; /* (nullable): an item begins */
} Lead;

static void
open_item(const Letter *letter, Strip *strip, const Lead *lead)
{
	if (lead->list != NULL)
		strip_open(strip, lead->list);
	if (lead->label == NULL)
		return;
	strip_open(strip, "LI");
	(void)strip_text(letter->galley, strip, "Lbl", &style_letter, ALIGN_LEFT, LETTER_MARGIN + 3,
	    0, LIST_INDENT, lead->label);
	strip_open(strip, "LBody");
}

static Strip *
add_line(const Letter *letter, gboolean first, double before, const Lead *lead)
{
	Strip *strip = add_strip(letter, first ? before : 0);

	if (first) {
		open_item(letter, strip, lead);
		strip_open(strip, "P");
	}
	strip->height = style_letter.lead;
	strip_begin(strip, "Span");
	return strip;
}

/* One strip a line, so that a page may end within a long paragraph; never behind its first or before its last line. */
static void
add_lines(const Letter *letter, const GArray *words, double left, double right, double before,
    const Lead *lead)
{
	const Style *plain = &style_letter;
	double blank = canvas_text_width(letter->canvas, plain, " ");
	double baseline = style_baseline(plain);
	guint first = galley_length(letter->galley);
	Strip *strip = NULL;
	double x = left;

	for (guint i = 0, end; i < words->len; i = end) {
		double width;

		end = i + 1;
		if (g_array_index(words, Piece, i).text == NULL) {
			x = right + 1;
			continue;
		}
		end = glued_end(words, i);
		width = run_width(letter, words, i, end);
		if (strip == NULL || (x > left && x + width > right)) {
			if (strip != NULL)
				strip_end(strip);
			strip =
			    add_line(letter, galley_length(letter->galley) == first, before, lead);
			x = left;
		}
		put_words(strip, letter, words, i, end, x, baseline);
		x += width + blank;
	}
	if (strip != NULL) {
		strip_end(strip);
		strip_close(strip);
	}
	for (guint i = first; i + 1 < galley_length(letter->galley); i++)
		galley_strip(letter->galley, i)->keep =
		    i == first || i + 2 == galley_length(letter->galley);
}

/* --- blocks -------------------------------------------------------------------------------------------- */

static void
add_paragraph(
    const Letter *letter, MarkdownNode *node, double left, double before, const Lead *lead)
{
	g_autoptr(GArray) words = collect_words(node);

	add_lines(letter, words, left, LETTER_RIGHT, before, lead);
}

static void
add_heading(const Letter *letter, MarkdownNode *node)
{
	g_autofree char *text = markdown_plain(node);
	Strip *strip = add_strip(letter, 13);

	(void)strip_text(letter->galley, strip, "H2", &style_letter_heading, ALIGN_LEFT,
	    LETTER_MARGIN, 0, LETTER_WIDTH, text);
	strip->keep = TRUE;
}

/* Lays out one item; whether there is anything in it. */
static gboolean
add_item(const Letter *letter, MarkdownNode *item, double before, Lead lead)
{
	guint first = galley_length(letter->galley);

	for (MarkdownNode *node = cmark_node_first_child(item); node != NULL;
	     node = cmark_node_next(node)) {
		add_paragraph(letter, node, LETTER_MARGIN + LIST_INDENT, before, &lead);
		if (galley_length(letter->galley) == first)
			continue;
		before = 3;
		lead = (Lead){ 0 };
	}
	if (galley_length(letter->galley) == first)
		return FALSE;
	strip_close(galley_last(letter->galley));
	strip_close(galley_last(letter->galley));
	return TRUE;
}

static void
add_list(const Letter *letter, MarkdownNode *list)
{
	int number = cmark_node_get_list_start(list);
	gboolean ordered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST;
	gboolean tight = cmark_node_get_list_tight(list) != 0;
	const char *begins = ordered ? "L Decimal" : "L Disc";

	for (MarkdownNode *item = cmark_node_first_child(list); item != NULL;
	     item = cmark_node_next(item)) {
		g_autofree char *mark = ordered ? g_strdup_printf("%d.", number++) : g_strdup("•");
		Lead lead = { .list = begins, .label = mark };

		if (add_item(letter, item, begins != NULL || !tight ? 5 : 1.5, lead))
			begins = NULL;
	}
	if (begins == NULL)
		strip_close(galley_last(letter->galley));
}

/* The code in large letters that cannot be confused, and the QR that names the letter but does not tell the code. */
static void
add_code_box(const Letter *letter, MarkdownNode *node)
{
	const char *lang = letter->scope->lang;
	g_autofree char *code = markdown_plain(node);
	g_autofree char *town = name_whole_town(letter->scope);
	g_autofree char *label = words_fill(word(lang, WORD_CODE_BOX), "town", town, NULL);
	double left = LETTER_MARGIN + CODE_PADDING;
	double width = LETTER_WIDTH - 3 * CODE_PADDING - CODE_QR;
	Strip *strip = add_strip(letter, 10);
	double y = CODE_PADDING;

	y += strip_text(
		 letter->galley, strip, "P", &style_code_label, ALIGN_LEFT, left, y, width, label) +
	     4;
	y += strip_text(letter->galley, strip, "P", &style_code, ALIGN_LEFT, left, y, width, code) +
	     4;
	y += strip_text(letter->galley, strip, "P", &style_office, ALIGN_LEFT, left, y, width,
	    word(lang, WORD_CODE_BOX_TEXT));
	y = MAX(y, CODE_QR + CODE_PADDING) + CODE_PADDING - 2;
	strip_qr(strip, (Box){ LETTER_RIGHT - CODE_QR - 6, (y - CODE_QR) / 2, CODE_QR, CODE_QR },
	    letter->qr, letter->qr_side);
	strip_frame(strip, ink_dark, 1.2, (Box){ LETTER_MARGIN, 0, LETTER_WIDTH, y });
	strip->height = y + 4;
}

static void
add_signature(const Letter *letter, MarkdownNode *node)
{
	g_autofree char *signatory = markdown_plain(node);
	Strip *above = galley_last(letter->galley);
	Strip *strip = add_strip(letter, 20);
	double y = 0;

	if (above != NULL)
		above->keep = TRUE;
	y += strip_text(letter->galley, strip, "P", &style_letter, ALIGN_CENTRE, ADDRESSEE_LEFT, 0,
	    LETTER_RIGHT - ADDRESSEE_LEFT, signatory);
	(void)strip_text(letter->galley, strip, "P", &style_office, ALIGN_CENTRE, ADDRESSEE_LEFT,
	    y + 2, LETTER_RIGHT - ADDRESSEE_LEFT,
	    config_text_in(letter->scope->config, CONFIG_survey_sender, letter->scope->lang));
}

static void
add_block(const Letter *letter, MarkdownNode *node)
{
	NameKind kind = markdown_kind(node);

	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_HEADING:
		add_heading(letter, node);
		break;
	case CMARK_NODE_LIST:
		add_list(letter, node);
		break;
	case CMARK_NODE_THEMATIC_BREAK:
		strip_line(add_strip(letter, 12), ink_rule, 0.6, LETTER_MARGIN, 0, LETTER_RIGHT, 0);
		break;
	default:
		if (kind == NAME_CODE_BOX)
			add_code_box(letter, node);
		else if (kind == NAME_SIGNATURE)
			add_signature(letter, node);
		else
			add_paragraph(letter, node, LETTER_MARGIN, 7.5, &(Lead){ 0 });
		break;
	}
}

/* --- what stands before the body -------------------------------------------------------------------- */

static void
add_letterhead(const Letter *letter)
{
	const NameScope *scope = letter->scope;
	const Config *config = scope->config;
	const char *address = config_text(config, CONFIG_survey_address);
	Strip *strip = add_strip(letter, 0);
	double y = 0;

	y += strip_text(letter->galley, strip, "P", &style_sender, ALIGN_LEFT, LETTER_MARGIN, 0,
	    LETTER_WIDTH, config_text_in(config, CONFIG_survey_sender, scope->lang));
	y += strip_text(letter->galley, strip, "P", &style_office, ALIGN_LEFT, LETTER_MARGIN, y,
	    LETTER_WIDTH, config_text_in(config, CONFIG_survey_office, scope->lang));
	if (*address != '\0')
		y += strip_text(letter->galley, strip, "P", &style_office, ALIGN_LEFT,
		    LETTER_MARGIN, y, LETTER_WIDTH, address);
	strip->lang = letter->other; /* of all that is added last */
	if (letter->other != NULL)
		(void)strip_text(letter->galley, strip, "P", &style_office, ALIGN_RIGHT,
		    LETTER_MARGIN, 0, LETTER_WIDTH, word(letter->other, WORD_FOLLOWS));
	strip_line(strip, ink_dark, 1.2, LETTER_MARGIN, y + 7, LETTER_RIGHT, y + 7);
	strip->height = y + 8;
}

static void
add_date(const Letter *letter)
{
	const NameScope *scope = letter->scope;
	g_autofree char *day = clock_long_date(scope->letter->date, scope->lang);
	g_autofree char *where = g_strdup_printf(
	    "%s, %s", config_text_in(scope->config, CONFIG_survey_place, scope->lang), day);
	const char *number = scope->letter->reference != NULL
				 ? scope->letter->reference
				 : config_text(scope->config, CONFIG_survey_protocol);
	g_autofree char *protocol =
	    words_fill(word(scope->lang, WORD_PROTOCOL), "number", number, NULL);
	Strip *strip = add_strip(letter, 16);

	(void)strip_text(letter->galley, strip, "P", &style_letter, ALIGN_LEFT, LETTER_MARGIN, 0,
	    ADDRESSEE_LEFT - LETTER_MARGIN - 10, where);
	if (*number != '\0')
		(void)strip_text(letter->galley, strip, "P", &style_letter, ALIGN_LEFT,
		    LETTER_MARGIN, style_letter.lead, ADDRESSEE_LEFT - LETTER_MARGIN - 10,
		    protocol);
}

static void
add_addressee(const Letter *letter)
{
	static const Word addressees[] = { [HEAD_MAYOR] = WORD_MAYOR_OF,
		[HEAD_MAYORESS] = WORD_MAYORESS_OF,
		[HEAD_OTHER] = WORD_TOWN_OF };
	const NameScope *scope = letter->scope;
	const Unit *unit = scope->letter->unit;
	g_autofree char *name = name_of_place(scope);
	g_autofree char *town = name_whole_town(scope);
	g_autofree char *called =
	    words_fill(word(scope->lang, WORD_PLACE), "name", name, "town", town, NULL);
	g_autofree char *place = *unit->province_code != '\0'
				     ? g_strdup_printf("%s (%s)", called, unit->province_code)
				     : g_strdup(called);
	const char *leader;
	Head head = mayor_read(unit->mayor, &leader);
	double width = LETTER_RIGHT - ADDRESSEE_LEFT;
	Strip *strip = add_strip(letter, 12);
	double y = 0;

	y += strip_text(letter->galley, strip, "P", &style_letter, ALIGN_LEFT, ADDRESSEE_LEFT, y,
	    width, word(scope->lang, addressees[*leader != '\0' ? head : HEAD_MAYOR]));
	y += strip_text(letter->galley, strip, "P", &style_letter_bold, ALIGN_LEFT, ADDRESSEE_LEFT,
	    y, width, place);
	if (*leader != '\0')
		(void)strip_text(letter->galley, strip, "P", &style_letter, ALIGN_LEFT,
		    ADDRESSEE_LEFT, y, width, leader);
}

static void
add_subject(const Letter *letter, MarkdownNode *heading)
{
	g_autofree char *text = markdown_plain(heading);
	g_autofree char *subject =
	    words_fill(word(letter->scope->lang, WORD_SUBJECT), "subject", text, NULL);
	Strip *strip = add_strip(letter, 20);

	(void)strip_text(letter->galley, strip, "H1", &style_letter_bold, ALIGN_LEFT, LETTER_MARGIN,
	    0, LETTER_WIDTH, subject);
	strip->keep = TRUE;
}

/* --- the whole ------------------------------------------------------------------------------------------ */

static void
paint_frame(Canvas *canvas, guint page, guint pages, gpointer data)
{
	const Letter *letter = data;
	const NameScope *scope = letter->scope;
	g_autofree char *this = g_strdup_printf("%u", letter->before + page + 1);
	g_autofree char *all = g_strdup_printf("%u", letter->pages);
	g_autofree char *number =
	    words_fill(word(scope->lang, WORD_PAGE), "page", this, "pages", all, NULL);
	g_autofree char *where = name_contacts(scope->config, scope->lang);
	g_autofree char *help = words_fill(word(scope->lang, WORD_HELP_TEXT), "office",
	    config_text_in(scope->config, CONFIG_survey_office, scope->lang), "contacts", where,
	    NULL);
	double y = LETTER_BOTTOM + 22;

	(void)pages; /* of this language */
	canvas_begin_footer(canvas);
	canvas_line(canvas, ink_rule, 0.6, LETTER_MARGIN, y - 10, LETTER_RIGHT, y - 10);
	canvas_write(canvas, &style_foot, LETTER_MARGIN, y, help);
	canvas_write(canvas, &style_foot,
	    LETTER_RIGHT - canvas_text_width(canvas, &style_foot, number), y, number);
	canvas_end(canvas);
}

static void
lay_out(const Letter *letter, MarkdownNode *document)
{
	MarkdownNode *heading = cmark_node_first_child(document);

	add_letterhead(letter);
	add_date(letter);
	add_addressee(letter);
	add_subject(letter, heading);
	for (MarkdownNode *node = cmark_node_next(heading); node != NULL;
	     node = cmark_node_next(node))
		add_block(letter, node);
}

GBytes *
letter_draw(Canvas *canvas, const FilledText *text, GBytes *qr, guint qr_side, GError **error)
{
	const NameScope *scope = &text->in[0].scope;
	g_autofree char *subject = markdown_plain(cmark_node_first_child(text->in[0].document));
	Letter letters[TEXT_LANGS] = { 0 };
	guint pages = 0;

	canvas_set_info(canvas, subject, config_text(scope->config, CONFIG_survey_sender));
	for (guint i = 0; i < text->count; i++) {
		letters[i] = (Letter){ .canvas = canvas,
			.galley = galley_new(canvas),
			.scope = &text->in[i].scope,
			.lang = i > 0 ? text->in[i].scope.lang : NULL,
			.other = i + 1 < text->count ? text->in[i + 1].scope.lang : NULL,
			.qr = qr,
			.qr_side = qr_side,
			.before = pages };
		lay_out(&letters[i], text->in[i].document);
		pages += galley_cut(letters[i].galley, LETTER_TOP, LETTER_BOTTOM);
	}
	for (guint i = 0; i < text->count; i++) {
		letters[i].pages = pages;
		galley_paint(letters[i].galley, paint_frame, &letters[i]);
		galley_free(letters[i].galley);
	}
	return canvas_save(canvas, error);
}

#include "render/letter.h"

#include "base/clock.h"
#include "render/mayor.h"
#include "render/paragraph.h"

#include <string.h>

#define LETTER_TOP     54.0
#define LETTER_BOTTOM  776.0
#define ADDRESSEE_LEFT 318.0 /* 112 mm */
#define ADDRESSEE_TOP                                                                              \
	152.0 /* 54 mm: in the window at the right of an envelope for a letter folded in three */
#define CODE_PADDING 11.0
#define CODE_QR	     74.0
#define CODE_QR_TOP  5.0

/* One language of a letter. */
typedef struct {
	Galley *galley;
	const NameScope *scope;
	const QrCode *qr;
	const char *lang;  /* (nullable): this one's, where that is not the document's */
	const char *other; /* (nullable): the language of the letter behind this one */
	guint before;	   /* pages of the letter in the other language, in front of this one */
	guint pages;	   /* of all */
} Letter;

struct LetterDraft {
	const FilledText *text;
	char *title;
	gboolean personal; /* is the title */
	guint count;
	Letter letters[TEXT_LANGS];
	Repertoire needs[FACES];
};

/* A strip in the letter's language, which is not the document's behind the first letter. */
static Strip *
add_strip(const Letter *letter, double before)
{
	Strip *strip = galley_add(letter->galley, before);

	strip->lang = letter->lang;
	return strip;
}

/* --- blocks -------------------------------------------------------------------------------------------- */

static void
add_paragraph(
    const Letter *letter, MarkdownNode *node, double left, double before, const Lead *lead)
{
	paragraph_add(letter->galley, letter->lang, node, left, before, lead);
}

static void
add_heading(const Letter *letter, MarkdownNode *node)
{
	g_autofree char *text = markdown_plain(node);
	Strip *strip = add_strip(letter, 13);

	strip->personal = markdown_personal(node);
	(void)strip_text(
	    strip, "H2", &style_letter_heading, ALIGN_LEFT, LETTER_MARGIN, 0, LETTER_WIDTH, text);
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

/* The code in large letters that cannot be confused, and the QR that names the letter but does not tell the code. Its
 * quiet zone keeps what is below it away. */
static void
add_code_box(const Letter *letter, MarkdownNode *node)
{
	const char *lang = letter->scope->lang;
	g_autofree char *code = markdown_plain(node);
	g_autofree char *town = name_whole_town(letter->scope);
	g_autofree char *label = words_fill(word(lang, WORD_CODE_BOX), "town", town, NULL);
	double left = LETTER_MARGIN + CODE_PADDING;
	double width = LETTER_WIDTH - 3 * CODE_PADDING - CODE_QR;
	const Box qr = { LETTER_RIGHT - CODE_QR - 6, CODE_QR_TOP, CODE_QR, CODE_QR };
	Strip *strip = add_strip(letter, 10);
	double y = CODE_PADDING;

	strip->personal = TRUE;
	y += strip_text(strip, "P", &style_code_label, ALIGN_LEFT, left, y, width, label) + 4;
	y += strip_text(strip, "P", &style_code, ALIGN_LEFT, left, y, width, code) + 4;
	strip->personal = FALSE;
	y += strip_text(
	    strip, "P", &style_office, ALIGN_LEFT, left, y, width, word(lang, WORD_CODE_BOX_TEXT));
	y = MAX(y, CODE_QR_TOP + CODE_QR + style_foot.lead) + CODE_PADDING - 2;
	(void)strip_text(strip, "P", &style_foot, ALIGN_CENTRE, qr.x, qr.y + CODE_QR, CODE_QR,
	    word(lang, WORD_CODE_BOX_QR));
	strip_frame(strip, ink_dark, 1.2, (Box){ LETTER_MARGIN, 0, LETTER_WIDTH, y });
	strip->personal = TRUE;
	strip_qr(strip, qr, letter->qr);
	strip->height = y + 4;
}

static void
add_signature(const Letter *letter, MarkdownNode *node)
{
	g_autofree char *signatory = markdown_plain(node);
	Strip *strip = add_strip(letter, 20);
	double y = 0;

	strip->joined = TRUE;
	y += strip_text(strip, "P", &style_letter, ALIGN_CENTRE, ADDRESSEE_LEFT, 0,
	    LETTER_RIGHT - ADDRESSEE_LEFT, signatory);
	(void)strip_text(strip, "P", &style_office, ALIGN_CENTRE, ADDRESSEE_LEFT, y + 2,
	    LETTER_RIGHT - ADDRESSEE_LEFT,
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

	y += strip_text(strip, "P", &style_sender, ALIGN_LEFT, LETTER_MARGIN, 0, LETTER_WIDTH,
	    config_text_in(config, CONFIG_survey_sender, scope->lang));
	y += strip_text(strip, "P", &style_office, ALIGN_LEFT, LETTER_MARGIN, y, LETTER_WIDTH,
	    config_text_in(config, CONFIG_survey_office, scope->lang));
	if (*address != '\0')
		y += strip_text(
		    strip, "P", &style_office, ALIGN_LEFT, LETTER_MARGIN, y, LETTER_WIDTH, address);
	strip->lang = letter->other; /* of all that is added last */
	if (letter->other != NULL)
		(void)strip_text(strip, "P", &style_office, ALIGN_RIGHT, LETTER_MARGIN, 0,
		    LETTER_WIDTH, word(letter->other, WORD_FOLLOWS));
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

	strip->personal = scope->letter->reference != NULL;
	(void)strip_text(strip, "P", &style_letter, ALIGN_LEFT, LETTER_MARGIN, 0,
	    ADDRESSEE_LEFT - LETTER_MARGIN - 10, where);
	if (*number != '\0')
		(void)strip_text(strip, "P", &style_letter, ALIGN_LEFT, LETTER_MARGIN,
		    style_letter.lead, ADDRESSEE_LEFT - LETTER_MARGIN - 10, protocol);
}

/* How far what is there reaches down. */
static double
bottom_of(const Letter *letter)
{
	double bottom = LETTER_TOP;

	for (guint i = 0; i < galley_length(letter->galley); i++) {
		const Strip *strip = galley_strip(letter->galley, i);

		bottom += strip->height + (i > 0 ? strip->before : 0);
	}
	return bottom;
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
	Strip *strip = add_strip(letter, MAX(12, ADDRESSEE_TOP - bottom_of(letter)));
	double y = 0;

	strip->personal = TRUE;
	y += strip_text(strip, "P", &style_letter, ALIGN_LEFT, ADDRESSEE_LEFT, y, width,
	    word(scope->lang, addressees[*leader != '\0' ? head : HEAD_MAYOR]));
	y +=
	    strip_text(strip, "P", &style_letter_bold, ALIGN_LEFT, ADDRESSEE_LEFT, y, width, place);
	if (*leader != '\0')
		(void)strip_text(
		    strip, "P", &style_letter, ALIGN_LEFT, ADDRESSEE_LEFT, y, width, leader);
}

static void
add_subject(const Letter *letter, MarkdownNode *heading)
{
	g_autofree char *text = markdown_plain(heading);
	g_autofree char *subject =
	    words_fill(word(letter->scope->lang, WORD_SUBJECT), "subject", text, NULL);
	Strip *strip = add_strip(letter, 20);

	strip->personal = markdown_personal(heading);
	(void)strip_text(
	    strip, "H1", &style_letter_bold, ALIGN_LEFT, LETTER_MARGIN, 0, LETTER_WIDTH, subject);
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
	canvas_write(
	    canvas, &style_foot, LETTER_RIGHT - measure_width(&style_foot, number), y, number);
	canvas_end(canvas);
}

static void
add_head(const Letter *letter, MarkdownNode *document)
{
	(void)document;
	add_letterhead(letter);
	add_date(letter);
}

/* What stays the same for other readers is laid out for the first of them. */
static void
add_once(const Letter *letter, MarkdownNode *node, gboolean personal,
    void (*add)(const Letter *letter, MarkdownNode *node))
{
	GPtrArray *kept = personal ? NULL : markdown_kept(node);
	guint first = galley_length(letter->galley);

	if (kept != NULL) {
		galley_add_kept(letter->galley, kept);
		return;
	}
	add(letter, node);
	kept = personal ? NULL : galley_keep(letter->galley, first, LETTER_BOTTOM - LETTER_TOP);
	if (kept != NULL)
		markdown_keep(node, kept, (GDestroyNotify)g_ptr_array_unref);
}

static void
lay_out(const Letter *letter, MarkdownNode *document)
{
	MarkdownNode *heading = cmark_node_first_child(document);

	add_once(letter, document, letter->scope->letter->reference != NULL, add_head);
	add_addressee(letter);
	add_once(letter, heading, markdown_personal(heading), add_subject);
	for (MarkdownNode *node = cmark_node_next(heading); node != NULL;
	     node = cmark_node_next(node))
		add_once(letter, node, markdown_personal(node), add_block);
}

LetterDraft *
letter_lay_out(const FilledText *text, const QrCode *qr)
{
	LetterDraft *draft = g_new0(LetterDraft, 1);
	MarkdownNode *heading = cmark_node_first_child(text->in[0].document);
	guint pages = 0;

	draft->text = text;
	draft->title = markdown_plain(heading);
	draft->personal = markdown_personal(heading);
	draft->count = text->count;
	for (guint i = 0; i < text->count; i++) {
		Letter *letter = &draft->letters[i];

		*letter = (Letter){ .galley = galley_new(),
			.scope = &text->in[i].scope,
			.lang = i > 0 ? text->in[i].scope.lang : NULL,
			.other = i + 1 < text->count ? text->in[i + 1].scope.lang : NULL,
			.qr = qr,
			.before = pages };
		lay_out(letter, text->in[i].document);
		pages += galley_cut(letter->galley, LETTER_TOP, LETTER_BOTTOM);
	}
	for (guint i = 0; i < text->count; i++)
		draft->letters[i].pages = pages;
	return draft;
}

void
letter_draft_free(LetterDraft *draft)
{
	if (draft == NULL)
		return;
	for (guint i = 0; i < draft->count; i++)
		galley_free(draft->letters[i].galley);
	g_free(draft->title);
	g_free(draft);
}

GBytes *
letter_sign(LetterDraft *draft)
{
	GString *key = g_string_sized_new(16384);

	g_string_append(key, draft->personal ? "" : draft->title);
	g_string_append_c(key, '\0');
	for (guint i = 0; i < draft->count; i++) {
		const Letter *letter = &draft->letters[i];

		g_string_append_printf(
		    key, "%s %u %u", letter->scope->lang, letter->before, letter->pages);
		g_string_append_c(key, '\0');
		galley_sign(letter->galley, key, draft->needs);
	}
	g_string_append_len(key, (const char *)draft->needs, sizeof draft->needs);
	return g_string_free_to_bytes(key);
}

GBytes *
letter_paint(const LetterDraft *draft, Canvas *canvas, GError **error)
{
	const Config *config = draft->text->in[0].scope.config;

	canvas_set_info(
	    canvas, draft->personal ? "" : draft->title, config_text(config, CONFIG_survey_sender));
	for (Face face = 0; face < FACES; face++)
		if (draft->needs[face] != REPERTOIRE_NONE)
			canvas_keep_repertoire(canvas, face, draft->needs[face]);
	for (guint i = 0; i < draft->count; i++) {
		const Letter *letter = &draft->letters[i];

		galley_paint(letter->galley, canvas, paint_frame, (gpointer)(gsize)letter);
	}
	return canvas_save(canvas, error);
}

static void
free_content(gpointer content)
{
	g_string_free(content, TRUE);
}

GPtrArray *
letter_fill(const LetterDraft *draft)
{
	GPtrArray *holes = g_ptr_array_new_with_free_func(free_content);

	for (guint i = 0; i < draft->count; i++)
		galley_fill(draft->letters[i].galley, draft->needs, holes);
	return holes;
}

const char *
letter_title(const LetterDraft *draft, gboolean *personal)
{
	*personal = draft->personal;
	return draft->title;
}

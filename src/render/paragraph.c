#include "render/paragraph.h"

#include <string.h>

/* --- words of several styles ------------------------------------------------------------------------- */

typedef struct {
	const Style *style;
	const char *text; /* no blanks; NULL: a hard break */
	gsize size;
	double width;
	gboolean glued; /* to the word before */
} Piece;

/* A paragraph. */
typedef struct {
	GArray *pieces;
	GPtrArray *texts; /* that they are parts of */
	gboolean personal;
	gboolean blank; /* the next is not glued */
} Words;

static void
words_clear(Words *words)
{
	g_array_unref(words->pieces);
	g_ptr_array_unref(words->texts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Words, words_clear)

static void
add_words(Words *words, const Style *style, const char *literal)
{
	char *text = measure_drawable(literal);

	g_ptr_array_add(words->texts, text);
	for (const char *at = text; *at != '\0';) {
		Piece word = { .style = style, .text = at, .size = strcspn(at, " ") };

		if (word.size == 0) {
			words->blank = TRUE;
			at++;
			continue;
		}
		word.glued = !words->blank;
		word.width = measure_part(style, at, word.size);
		g_array_append_val(words->pieces, word);
		words->blank = FALSE;
		at += word.size;
	}
}

static void
add_break(Words *words)
{
	Piece hard = { 0 };

	g_array_append_val(words->pieces, hard);
	words->blank = TRUE;
}

static void
add_code(Words *words, const char *literal)
{
	g_auto(GStrv) lines = g_strsplit(literal, "\n", 0);

	for (gsize i = 0; lines[i] != NULL; i++) {
		add_words(words, &style_letter_mono, lines[i]);
		add_break(words);
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

/* Where a link leads is printed behind it. */
static void
add_address(Words *words, MarkdownNode *link)
{
	g_autofree char *address = g_strdup_printf(" (%s)", cmark_node_get_url(link));

	add_words(words, style_of(link), address);
}

static void
collect_words(Words *words, MarkdownNode *block)
{
	cmark_iter *iter = cmark_iter_new(block);

	words->pieces = g_array_sized_new(FALSE, TRUE, sizeof(Piece), 128);
	words->texts = g_ptr_array_new_with_free_func(g_free);
	words->personal = markdown_personal(block);
	words->blank = TRUE;
	for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
		MarkdownNode *node = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(node);

		if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)
			add_words(words, style_of(node), cmark_node_get_literal(node));
		else if (type == CMARK_NODE_CODE_BLOCK)
			add_code(words, cmark_node_get_literal(node));
		else if (type == CMARK_NODE_SOFTBREAK)
			words->blank = TRUE;
		else if (type == CMARK_NODE_LINEBREAK ||
			 (type == CMARK_NODE_PARAGRAPH && words->pieces->len > 0))
			add_break(words); /* paragraphs of a quotation too */
		else if (type == CMARK_NODE_LINK && event == CMARK_EVENT_EXIT)
			add_address(words, node);
	}
	cmark_iter_free(iter);
}

static const Piece *
piece_at(const Words *words, guint i)
{
	return &g_array_index(words->pieces, Piece, i);
}

/* How far the words from @from to the next place where a line may break reach. @width: (out) of them together */
static guint
glued_end(const Words *words, guint from, double *width)
{
	guint i = from + 1;

	*width = piece_at(words, from)->width;
	for (; i < words->pieces->len; i++) {
		const Piece *word = piece_at(words, i);

		if (word->text == NULL || !word->glued)
			break;
		*width += word->width;
	}
	return i;
}

/* --- lines ---------------------------------------------------------------------------------------------- */

static void
open_item(Strip *strip, const Lead *lead)
{
	if (lead->list != NULL)
		strip_open(strip, lead->list);
	if (lead->label == NULL)
		return;
	strip_open(strip, "LI");
	/* numbers stand with their points below each other, long ones into the margin */
	if (g_ascii_isdigit(*lead->label))
		(void)strip_text(strip, "Lbl", &style_letter, ALIGN_RIGHT, 0, 0,
		    LETTER_MARGIN + LIST_INDENT - 3, lead->label);
	else
		(void)strip_text(strip, "Lbl", &style_letter, ALIGN_LEFT, LETTER_MARGIN + 3, 0,
		    LIST_INDENT, lead->label);
	strip_open(strip, "LBody");
}

/* What is being set: lines of words, of which neighbours of one style become one text. */
typedef struct {
	Galley *galley;
	const char *lang;
	const Words *words;
	const Lead *lead;
	double left;
	double right;
	double before; /* above the first line */
	Strip *strip;  /* the line; NULL before the first */
	double x;      /* where the next word goes */
	const Style *style;
	GString *run;
	double run_x;
} Setting;

/* With a blank at its end, so that a screen reader does not run words together. */
static void
end_run(Setting *setting, gboolean blank)
{
	if (setting->run->len == 0)
		return;
	if (blank)
		g_string_append_c(setting->run, ' ');
	strip_word(setting->strip, setting->style, setting->run_x, style_baseline(&style_letter),
	    setting->run->str);
	g_string_truncate(setting->run, 0);
}

static void
end_line(Setting *setting)
{
	if (setting->strip == NULL)
		return;
	end_run(setting, TRUE);
	strip_end(setting->strip);
}

static void
begin_line(Setting *setting)
{
	gboolean first = setting->strip == NULL;

	end_line(setting);
	setting->strip = galley_add(setting->galley, first ? setting->before : 0);
	setting->strip->lang = setting->lang;
	setting->strip->personal = setting->words->personal;
	if (first) {
		open_item(setting->strip, setting->lead);
		strip_open(setting->strip, "P");
	}
	setting->strip->height = style_letter.lead;
	strip_begin(setting->strip, "Span");
	setting->x = setting->left;
}

static void
set_word(Setting *setting, const Piece *word)
{
	gboolean blank = !word->glued && setting->x > setting->left;

	if (word->style != setting->style)
		end_run(setting, blank);
	else if (blank && setting->run->len > 0)
		g_string_append_c(setting->run, ' ');
	if (setting->run->len == 0)
		setting->run_x = setting->x;
	setting->style = word->style;
	g_string_append_len(setting->run, word->text, (gssize)word->size);
	setting->x += word->width;
}

/* Between a word and the next: as wide as what is written there. */
static double
blank_before(const Setting *setting, const Piece *word)
{
	const Style *style = word->style == setting->style ? word->style : &style_letter;

	return setting->x > setting->left ? measure_part(style, " ", 1) : 0;
}

static void
set_words(Setting *setting)
{
	const Words *words = setting->words;

	for (guint i = 0, end; i < words->pieces->len; i = end) {
		const Piece *word = piece_at(words, i);
		double width;

		end = i + 1;
		if (word->text == NULL) {
			setting->x = setting->right + 1;
			continue;
		}
		end = glued_end(words, i, &width);
		if (setting->strip == NULL ||
		    (setting->x > setting->left &&
			setting->x + blank_before(setting, word) + width > setting->right))
			begin_line(setting);
		else
			setting->x += blank_before(setting, word);
		for (; i < end; i++)
			set_word(setting, piece_at(words, i));
	}
}

/* No page ends behind the first line or before the last one. */
static void
keep_ends(Galley *galley, guint first)
{
	guint length = galley_length(galley);

	for (guint i = first; i + 1 < length; i++)
		galley_strip(galley, i)->keep = i == first || i + 2 == length;
}

void
paragraph_add(Galley *galley, const char *lang, MarkdownNode *node, double left, double before,
    const Lead *lead)
{
	g_autoptr(GString) run = g_string_new(NULL);
	g_auto(Words) words = { 0 };
	Setting setting = { .galley = galley,
		.lang = lang,
		.words = &words,
		.lead = lead,
		.left = left,
		.right = LETTER_RIGHT,
		.before = before,
		.x = left,
		.run = run };
	guint first = galley_length(galley);

	collect_words(&words, node);
	set_words(&setting);
	if (setting.strip == NULL)
		return;
	end_line(&setting);
	strip_close(setting.strip);
	keep_ends(galley, first);
}

/* A mail's subject, text and HTML from one CommonMark text. */
#include "render/mail.h"

#include <stdlib.h>
#include <string.h>

#define LINE_MAX_CHARS	  76
#define SUBJECT_MAX_CHARS 64 /* what the protocol software of towns takes */

void
mail_text_free(MailText *text)
{
	if (text == NULL)
		return;
	g_free(text->subject);
	g_free(text->text);
	g_free(text->html);
	g_free(text);
}

/* At most 64 characters, cut between words. */
static char *
make_subject(MarkdownNode *heading)
{
	g_autofree char *whole = markdown_plain(heading);
	g_autofree char *cut = NULL;
	char *blank;

	g_strstrip(whole);
	if (g_utf8_strlen(whole, -1) <= SUBJECT_MAX_CHARS)
		return g_steal_pointer(&whole);
	cut = g_utf8_substring(whole, 0, SUBJECT_MAX_CHARS - 1);
	blank = whole[strlen(cut)] != ' ' ? strrchr(cut, ' ') : NULL;
	if (blank != NULL && blank > cut + strlen(cut) / 2)
		*blank = '\0';
	g_strchomp(cut);
	while (*cut != '\0' && strchr(",;:-", cut[strlen(cut) - 1]) != NULL)
		cut[strlen(cut) - 1] = '\0';
	return g_strconcat(cut, "…", NULL);
}

/* --- text ---------------------------------------------------------------------------------------------- */

/* Appends @words in lines, the first behind @first, the others behind @rest. */
static void
append_wrapped(GString *out, const char *text, const char *first, const char *rest)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", 0);

	for (gsize i = 0; lines[i] != NULL; i++) {
		g_auto(GStrv) words = g_strsplit(lines[i], " ", 0);
		const char *lead = i == 0 ? first : rest;
		glong used = g_utf8_strlen(lead, -1);
		gboolean begun = FALSE;

		g_string_append(out, lead);
		for (gsize k = 0; words[k] != NULL; k++) {
			glong size = g_utf8_strlen(words[k], -1);

			if (size == 0)
				continue;
			if (begun && used + 1 + size > LINE_MAX_CHARS) {
				g_string_append_printf(out, "\n%s", rest);
				used = g_utf8_strlen(rest, -1);
			} else if (begun) {
				g_string_append_c(out, ' ');
				used++;
			}
			g_string_append(out, words[k]);
			used += size;
			begun = TRUE;
		}
		g_string_append_c(out, '\n');
	}
}

/* The text of a paragraph; hard breaks as line feeds, addresses of links behind them. */
static char *
inline_text(MarkdownNode *node)
{
	g_autoptr(GString) text = g_string_new(NULL);
	cmark_iter *iter = cmark_iter_new(node);

	while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
		MarkdownNode *at = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(at);
		gboolean enter = cmark_iter_get_event_type(iter) == CMARK_EVENT_ENTER;

		if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)
			g_string_append(text, cmark_node_get_literal(at));
		else if (type == CMARK_NODE_SOFTBREAK)
			g_string_append_c(text, ' ');
		else if (type == CMARK_NODE_LINEBREAK)
			g_string_append_c(text, '\n');
		else if (type == CMARK_NODE_LINK && !enter)
			g_string_append_printf(text, " (%s)", cmark_node_get_url(at));
	}
	cmark_iter_free(iter);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static void append_blocks(GString *out, MarkdownNode *node, const char *first, const char *rest);

static void
append_list(GString *out, MarkdownNode *list, const char *margin)
{
	int number = cmark_node_get_list_start(list);
	gboolean ordered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST;

	for (MarkdownNode *item = cmark_node_first_child(list); item != NULL;
	     item = cmark_node_next(item)) {
		g_autofree char *mark =
		    ordered ? g_strdup_printf("%d. ", number++) : g_strdup("- ");
		g_autofree char *first = g_strconcat(margin, mark, NULL);
		g_autofree char *rest = g_strdup_printf("%s%*s", margin, (int)strlen(mark), "");

		append_blocks(out, cmark_node_first_child(item), first, rest);
	}
}

static void
append_block(GString *out, MarkdownNode *node, const char *first, const char *rest)
{
	g_autofree char *text = NULL;
	g_autofree char *quoted = NULL;

	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_LIST:
		append_list(out, node, rest);
		break;
	case CMARK_NODE_BLOCK_QUOTE:
		quoted = g_strconcat(rest, "> ", NULL);
		append_blocks(out, cmark_node_first_child(node), quoted, quoted);
		break;
	case CMARK_NODE_THEMATIC_BREAK:
		g_string_append_printf(out, "%s----\n", rest);
		break;
	case CMARK_NODE_CODE_BLOCK:
		text = g_strchomp(g_strdup(cmark_node_get_literal(node)));
		append_wrapped(out, text, first, rest);
		break;
	default:
		text = inline_text(node);
		append_wrapped(out, text, first, rest);
		break;
	}
}

/* @node (nullable) and those behind it. */
static void
append_blocks(GString *out, MarkdownNode *node, const char *first, const char *rest)
{
	gboolean tight =
	    node != NULL && cmark_node_get_type(cmark_node_parent(node)) == CMARK_NODE_ITEM;

	for (; node != NULL; node = cmark_node_next(node)) {
		append_block(out, node, first, rest);
		first = rest;
		if (!tight && cmark_node_next(node) != NULL)
			g_string_append_c(out, '\n');
	}
}

/* --- HTML ------------------------------------------------------------------------------------------------ */

static char *
make_html(const char *parts, const char *subject, const char *lang)
{
	g_autofree char *title = g_markup_escape_text(subject, -1);

	return g_strconcat("<!DOCTYPE html>\n"
			   "<html lang=\"",
	    lang,
	    "\">\n"
	    "<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width\">\n"
	    "<title>",
	    title,
	    "</title>\n"
	    "</head>\n"
	    "<body style=\"margin:0;background-color:#ffffff;color:#1a1a1a\">\n"
	    "<div style=\"max-width:40em;margin:0 auto;padding:1em;"
	    "font-family:Arial,'Liberation Sans',sans-serif;font-size:16px;"
	    "line-height:1.5\">\n",
	    parts,
	    "</div>\n"
	    "</body>\n"
	    "</html>\n",
	    NULL);
}

/* --- both ------------------------------------------------------------------------------------------------- */

/* A block as both. */
typedef struct {
	char *text;
	char *html;
} Both;

static void
both_free(gpointer data)
{
	Both *both = data;

	g_free(both->text);
	g_free(both->html);
	g_free(both);
}

static Both *
both_new(MarkdownNode *node)
{
	Both *both = g_new0(Both, 1);
	GString *text = g_string_new(NULL);
	char *html = cmark_render_html(node, CMARK_OPT_DEFAULT);

	append_block(text, node, "", "");
	both->text = g_string_free(text, FALSE);
	both->html = g_strdup(html);
	free(html);
	return both;
}

/* @node (nullable), a block of the document, and those behind it. What is not personal is made once. */
static void
append_body(GString *text, GString *html, MarkdownNode *node)
{
	for (; node != NULL; node = cmark_node_next(node)) {
		Both *kept = markdown_kept(node);
		Both *both = kept != NULL ? kept : both_new(node);

		g_string_append(text, both->text);
		if (cmark_node_next(node) != NULL)
			g_string_append_c(text, '\n');
		g_string_append(html, both->html);
		if (markdown_personal(node))
			both_free(both);
		else if (kept == NULL)
			markdown_keep(node, both, both_free);
	}
}

/* Says above the main language that the other one follows, and sets that apart with its own heading. */
static void
append_other(GString *text, GString *html, MarkdownNode *heading, const char *lang)
{
	MarkdownNode *body = cmark_node_next(heading);
	g_autofree char *subject = markdown_plain(heading);
	const char *follows = word(lang, WORD_FOLLOWS);
	g_autofree char *before = g_strdup_printf("%s\n\n", follows);
	g_autofree char *note = g_strdup_printf("<p lang=\"%s\"><em>%s</em></p>\n", lang, follows);
	g_autofree char *title = g_markup_escape_text(subject, -1);
	g_autofree char *rule = g_strnfill(LINE_MAX_CHARS, '-');

	g_string_prepend(text, before);
	g_string_append_printf(text, "\n%s\n\n", rule);
	append_wrapped(text, subject, "", "");
	g_string_append_c(text, '\n');
	g_string_prepend(html, note);
	g_string_append_printf(html, "<hr>\n<div lang=\"%s\">\n<h2>%s</h2>\n", lang, title);
	append_body(text, html, body);
	g_string_append(html, "</div>\n");
}

MailText *
mail_make(const FilledText *filled)
{
	g_autoptr(MailText) mail = g_new0(MailText, 1);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GString) html = g_string_new(NULL);
	MarkdownNode *subject = cmark_node_first_child(filled->in[0].document);

	mail->subject = make_subject(subject);
	append_body(text, html, cmark_node_next(subject));
	for (guint i = 1; i < filled->count; i++)
		append_other(text, html, cmark_node_first_child(filled->in[i].document),
		    filled->in[i].scope.lang);
	mail->html = make_html(html->str, mail->subject, filled->in[0].scope.lang);
	mail->text = g_string_free(g_steal_pointer(&text), FALSE);
	return g_steal_pointer(&mail);
}

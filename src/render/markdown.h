/* Texts of letters and mails: CommonMark with {names}. Values are put into the parsed document, so that nothing in them
 * can become markup. libcmark's nodes stay among the files that draw them: markdown.c, mail.c, letter.c. */
#ifndef PLICO_RENDER_MARKDOWN_H
#define PLICO_RENDER_MARKDOWN_H

#include "render/names.h"

#include <cmark.h>

#define TEXT_LANGS     2		  /* in which one town is written to, at most */
#define MARKDOWN_LIMIT ((gsize)256 << 10) /* bytes of a text */

typedef cmark_node MarkdownNode;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MarkdownNode, cmark_node_free)

/* A text that was read once, and is filled in for one reader after the other. */
typedef struct MarkdownText MarkdownText;

/* Parses @source and checks it: it begins with a heading of level 1, and names what there is.
 * @path is for messages; @letter: names for letters only are allowed.
 * Returns: (transfer full); NULL with PLICO_ERROR_INPUT, file and line. */
MarkdownText *markdown_read(const char *source, const char *path, gboolean letter, GError **error);
void markdown_text_free(MarkdownText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MarkdownText, markdown_text_free)

/* Fills in the names. Where all that is not personal says the same as for an earlier reader of the same @role, those nodes
 * are the same too, with what was kept with them. Returns: (transfer none): the document, until it is filled in again; NULL
 * with PLICO_ERROR_INPUT or _CONFIG where it names an access code that there is not. */
MarkdownNode *markdown_fill(
    MarkdownText *text, const char *role, const NameScope *scope, GError **error);

/* A text, filled in, in each of its reader's languages: the main one first. */
typedef struct {
	guint count;
	struct {
		MarkdownNode *document; /* (transfer none) */
		NameScope scope;
		char *deadline; /* of the scope */
	} in[TEXT_LANGS];
} FilledText;

void filled_text_clear(FilledText *text);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FilledText, filled_text_clear)

/* The text of @node without markup. Returns: (transfer full) */
char *markdown_plain(MarkdownNode *node);

/* What a paragraph stands for by itself: NAME_INLINE for ordinary ones. */
NameKind markdown_kind(MarkdownNode *node);
/* Whether a node says what belongs to this unit. */
gboolean markdown_personal(MarkdownNode *node);

/* What was made of a block that is not personal, or of the document for what stands around it, so that it is made once. It
 * may draw on the configuration, on the text's date and languages, and on what the block says. @release: frees it. */
void markdown_keep(MarkdownNode *node, gpointer kept, GDestroyNotify release);
/* NULL where nothing is kept yet. Returns: (transfer none) */
gpointer markdown_kept(MarkdownNode *node);

#endif

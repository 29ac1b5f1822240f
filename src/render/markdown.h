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

/* Parses @source, checks it and fills in the names. The document begins with a heading of level 1.
 * @path is for messages; @letter: names for letters only are allowed.
 * Returns: (transfer full); NULL with PLICO_ERROR_INPUT, file and line. */
MarkdownNode *markdown_expand(
    const char *source, const char *path, gboolean letter, const NameScope *scope, GError **error);

/* A text, filled in, in each of its reader's languages: the main one first. */
typedef struct {
	guint count;
	struct {
		MarkdownNode *document;
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
/* Whether a paragraph or heading says what belongs to this unit. */
gboolean markdown_personal(MarkdownNode *node);

#endif

/* A paragraph of a letter: words of several styles, set in lines. */
#ifndef PLICO_RENDER_PARAGRAPH_H
#define PLICO_RENDER_PARAGRAPH_H

#include "layout/layout.h"
#include "render/markdown.h"

#define LIST_INDENT 16.0

/* What stands before the first line of a paragraph: the beginning of a list and of one of its items (ISO 32000-1,
 * 14.8.4.3.3). */
typedef struct {
	const char *list;  /* (nullable): a list begins, of this ListNumbering */
	const char *label; /* (nullable): an item begins */
} Lead;

/* Adds @node's text, one strip a line, so that a page may end within a long paragraph; lines reach from @left to the letter's
 * right edge. @lang: (nullable): where it is not the document's. */
void paragraph_add(Galley *galley, const char *lang, MarkdownNode *node, double left, double before,
    const Lead *lead);

#endif

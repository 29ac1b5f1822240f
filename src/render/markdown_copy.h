/* A parsed text in which all that is not personal stands already: what many readers share, once. Private to markdown*.c. */
#ifndef PLICO_RENDER_MARKDOWN_COPY_H
#define PLICO_RENDER_MARKDOWN_COPY_H

#include "render/markdown.h"

typedef struct {
	const Name *name;
	char *text; /* what it says, as its function gives it */
} NameValue;

typedef struct MarkdownCopy MarkdownCopy;

/* @source: checked. @values: of NameValue: of all names in it. Returns: (transfer full) */
MarkdownCopy *copy_new(const char *source, const GArray *values);
void copy_free(MarkdownCopy *copy);

/* Fills in what is personal. @values: likewise, the others as they were. Returns: (transfer none), until it is filled in again */
MarkdownNode *copy_fill(MarkdownCopy *copy, const GArray *values);

#endif

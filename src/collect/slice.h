/*
 * Pieces of raw bytes and what stands in header fields (RFC 5322, 2045), by hand: for readers that must agree with nobody's
 * library, and must not be fooled where readers differ. Nothing is copied.
 */
#ifndef PLICO_COLLECT_SLICE_H
#define PLICO_COLLECT_SLICE_H

#include <glib.h>

typedef struct {
	const char *at;
	gsize size;
} Slice;

gboolean slice_is_blank(char c);

/* Blanks, tabs and line ends off both sides. */
Slice slice_trim(Slice text);

/* Without regard to case, as in all of the following. */
gboolean slice_starts_with(Slice text, const char *word);
gboolean slice_is(Slice text, const char *word);
gboolean slice_mentions(Slice text, const char *word);

/* Cuts the next line off @rest, without its LF or CRLF. FALSE: nothing is left. */
gboolean slice_next_line(Slice *rest, Slice *line);

/* What stands behind the colon of a header field. */
Slice slice_field_value(Slice field);

/* Cuts @rest at the next ';' outside quotes and returns what stood before it. */
Slice slice_next_parameter(Slice *rest);

/* The boundary of a multipart type; empty where it has none: then nobody finds parts in it. FALSE: written in no plain way
 * (twice, RFC 2231, escapes, folds, comments): not to be trusted. */
gboolean slice_boundary(Slice type, Slice *boundary);

/* The plain value of parameter @name of a field's @value, without quotes; empty where there is none. */
Slice slice_parameter(Slice value, const char *name);

/* Returns: (transfer full) */
char *slice_dup(Slice text);

#endif

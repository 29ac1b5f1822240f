/*
 * One level of MIME (RFC 2045, 2046), by hand: what a provider signed must be the very bytes that are read as its word, so
 * no library may see more or other parts here. Strict: what could be read in two ways is not read.
 */
#ifndef PLICO_COLLECT_ENTITY_H
#define PLICO_COLLECT_ENTITY_H

#include "collect/slice.h"

/* Header and body of a message or part; both point into its bytes. */
typedef struct {
	Slice header; /* with the line end of its last field */
	Slice body;
} Entity;

Entity entity_of(Slice whole);

/* How often the header has the field @name; @out (nullable) is the value of the first one, with its folds. */
guint entity_field(const Entity *entity, const char *name, Slice *out);

/* The parts of a multipart body, each without the line end before its delimiter; what stands before and behind is nobody's.
 * FALSE: none, more than @max, or its end is missing. */
gboolean entity_parts(Slice body, Slice boundary, Slice *parts, guint max, guint *out_count);

/* The body without its transfer encoding. Returns: (transfer full); NULL: an encoding of which nobody knows */
GBytes *entity_content(const Entity *entity);

#endif

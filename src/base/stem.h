/*
 * The beginning that many files share: a PDF template, behind which each unit's sheet has only an incremental update of
 * its own. What follows from the beginning alone is worked out once.
 */
#ifndef PLICO_BASE_STEM_H
#define PLICO_BASE_STEM_H

#include <glib.h>

typedef struct {
	GBytes *bytes;
	GBytes *encoded; /* base64 of as much of it as makes whole lines */
	char *sha256;	 /* of @bytes */
} Stem;

/* Counted by references; one thread at a time. Returns: (transfer full) */
Stem *stem_new(GBytes *bytes);
Stem *stem_ref(Stem *stem);
void stem_unref(Stem *stem);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stem, stem_unref)

/* The file: the stem and @rest. Returns: (transfer full) */
GBytes *stem_join(const Stem *stem, GBytes *rest);

/* Appends the file in base64, in lines of 76 characters ended by CRLF (RFC 2045, 6.8). @stem NULL: all is @rest. */
void stem_encode(const Stem *stem, GBytes *rest, GByteArray *out);

#endif

/* Base64 (RFC 2045, 6.8) as nearly everybody writes it, several times as fast as libraries read it. Private to collect/. */
#ifndef PLICO_COLLECT_BASE64_H
#define PLICO_COLLECT_BASE64_H

#include <glib.h>

/* Room that @size characters may need when they are decoded. */
#define BASE64_ROOM(size) ((size) / 4 * 3 + 3)

/* Decodes the beginning of @text into @out, as far as it is whole groups of four letters with line ends between them. @used: how
 * many characters those are. What follows (the padding, or damage) is for a library, to be begun anew: nothing is carried over.
 * Returns: bytes written */
gsize base64_decode_plain(const char *text, gsize size, guint8 *out, gsize *used);

#endif

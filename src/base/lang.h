/*
 * The languages that sheets, letters and mails speak: it, de, fr, sl (ISO 639-1). Two may be joined, "de+it": the first
 * is the main one, the second stands beside it.
 */
#ifndef PLICO_BASE_LANG_H
#define PLICO_BASE_LANG_H

#include <glib.h>

/* All of them, Italian first; NULL-terminated. */
extern const char *const lang_all[];

/* Whether @text is one of them, or two different ones joined by "+". */
gboolean lang_check(const char *text);

/* "de" of "de+it" and of "de"; "it" of what lang_check() refuses. Returns: (transfer none), static */
const char *lang_first(const char *lang);
/* "it" of "de+it"; NULL of a single one. Returns: (transfer none) (nullable), static */
const char *lang_second(const char *lang);
/* @lang, or "it" where lang_check() refuses it: fit for a key and for the path of a file. Returns: (transfer none) */
const char *lang_or_italian(const char *lang);

#endif

/* The fixed texts of sheets and letters, by language of the municipality. A new language is one table in words.c. */
#ifndef PLICO_RENDER_WORDS_H
#define PLICO_RENDER_WORDS_H

#include <glib.h>

typedef enum {
#define X(name, text) WORD_##name,
#include "render/words.def"
#undef X
	WORDS
} Word;

/* The text in @lang, of two joined the first; in Italian where the language has none. Returns: (transfer none) */
const char *word(const char *lang, Word word);

/* @text with each {name} replaced by the value that follows the name. Values stand as they are.
 * Returns: (transfer full) */
char *words_fill(const char *text, ...) G_GNUC_NULL_TERMINATED;

#endif

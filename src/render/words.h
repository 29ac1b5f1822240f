/* The fixed texts of sheets and letters, by language of the municipality. A new language is one table:
 * words_LANG.def. */
#ifndef PLICO_RENDER_WORDS_H
#define PLICO_RENDER_WORDS_H

#include "base/text.h"

typedef enum {
#define X(name, text) WORD_##name,
#include "render/words.def"
#undef X
	WORDS
} Word;

/* The text in @lang, of two joined the first. Returns: (transfer none) */
const char *word(const char *lang, Word word);

/* A text with its {names} filled in. */
#define words_fill text_fill

#endif

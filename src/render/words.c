#include "render/words.h"

#include "base/lang.h"

#include <string.h>

/* The same names in each table: one that is missing shows in the count, one too many and one that stands twice do not
 * compile. */
#define X(name, text) +1
_Static_assert(0
#include "render/words_de.def"
		   == WORDS,
    "words_de.def has not all texts of words.def");
_Static_assert(0
#include "render/words_fr.def"
		   == WORDS,
    "words_fr.def has not all texts of words.def");
_Static_assert(0
#include "render/words_sl.def"
		   == WORDS,
    "words_sl.def has not all texts of words.def");
#undef X

static const struct {
	const char *lang;
	const char *texts[WORDS];
} languages[] = {
#define X(name, text) [WORD_##name] = text,
	{ "it",
	    {
#include "render/words.def"
	    } },
	{ "de",
	    {
#include "render/words_de.def"
	    } },
	{ "fr",
	    {
#include "render/words_fr.def"
	    } },
	{ "sl",
	    {
#include "render/words_sl.def"
	    } },
#undef X
};

const char *
word(const char *lang, Word word)
{
	const char *first = lang_first(lang);

	for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
		if (strcmp(languages[i].lang, first) == 0)
			return languages[i].texts[word];
	g_assert_not_reached();
}

#include "render/words.h"

#include "base/lang.h"

#include <string.h>

static const char *const italian[WORDS] = {
#define X(name, text) [WORD_##name] = text,
#include "render/words.def"
#undef X
};

static const struct {
	const char *lang;
	const char *const *texts; /* NULL elements: as in Italian */
} languages[] = {
	{ "it", italian },
};

const char *
word(const char *lang, Word word)
{
	const char *first = lang_first(lang);

	for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
		if (strcmp(languages[i].lang, first) == 0 && languages[i].texts[word] != NULL)
			return languages[i].texts[word];
	return italian[word];
}

#include "render/words.h"

#include "base/lang.h"

#include <stdarg.h>
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

char *
words_fill(const char *text, ...)
{
	g_autoptr(GHashTable) values =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GString) out = g_string_new(NULL);
	const char *at = text;
	va_list args;

	va_start(args, text);
	for (const char *name = va_arg(args, const char *); name != NULL;
	     name = va_arg(args, const char *))
		g_hash_table_insert(values, g_strdup(name), g_strdup(va_arg(args, const char *)));
	va_end(args);
	for (const char *open; (open = strchr(at, '{')) != NULL;) {
		const char *close = strchr(open, '}');
		g_autofree char *name = g_strndup(open + 1, (gsize)(close - open - 1));

		g_string_append_len(out, at, open - at);
		g_string_append(out, g_hash_table_lookup(values, name));
		at = close + 1;
	}
	g_string_append(out, at);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Answers in words. */
#include "form/form.h"

#include <string.h>

/* "sito app" -> "Sito, App"; of a ranking "1. Costi, 2. Tempi"; a name with ":3" behind it keeps its position. */
static char *
choice_words(const Form *form, const Item *item, const char *value, const char *lang)
{
	gboolean ranked = strcmp(item->type->name, "rank") == 0;
	g_auto(GStrv) names = g_strsplit(value, " ", 0);
	g_autoptr(GString) text = g_string_new(NULL);

	for (gsize i = 0; names[i] != NULL; i++) {
		g_auto(GStrv) parts = g_strsplit(names[i], ":", 2);
		const Choice *choice = choice_list_find(item->list, parts[0]);
		const char *label =
		    choice != NULL ? form_text(form, choice->labels, lang) : parts[0];

		g_string_append(text, i > 0 ? ", " : "");
		if (ranked && parts[0] != NULL && parts[1] != NULL)
			g_string_append_printf(text, "%s. ", parts[1]);
		else if (ranked)
			g_string_append_printf(text, "%zu. ", i + 1);
		g_string_append(text, label);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

char *
answer_words(const Form *form, const Item *item, const char *value, const char *lang)
{
	char *words;

	if (item->list != NULL)
		return choice_words(form, item, value, lang);
	words = g_strdup(value);
	if (strcmp(item->type->name, "decimal") == 0)
		g_strdelimit(words, ".", ',');
	return words;
}

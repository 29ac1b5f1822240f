#include "base/lang.h"

#include <string.h>

#define JOINT '+'

const char *const lang_all[] = { "it", "de", "fr", "sl", NULL };

/* The language of which @text is the name, in @length bytes; NULL where it is none. */
static const char *
find(const char *text, gsize length)
{
	for (gsize i = 0; lang_all[i] != NULL; i++)
		if (strlen(lang_all[i]) == length && strncmp(lang_all[i], text, length) == 0)
			return lang_all[i];
	return NULL;
}

static gboolean
split(const char *text, const char **first, const char **second)
{
	const char *joint = strchr(text, JOINT);

	*first = find(text, joint != NULL ? (gsize)(joint - text) : strlen(text));
	*second = joint != NULL ? find(joint + 1, strlen(joint + 1)) : NULL;
	return *first != NULL && (joint == NULL || *second != NULL) && *first != *second;
}

gboolean
lang_check(const char *text)
{
	const char *first;
	const char *second;

	return split(text, &first, &second);
}

const char *
lang_first(const char *lang)
{
	const char *first;
	const char *second;

	return split(lang, &first, &second) ? first : lang_all[0];
}

const char *
lang_second(const char *lang)
{
	const char *first;
	const char *second;

	return split(lang, &first, &second) ? second : NULL;
}

const char *
lang_or_italian(const char *lang)
{
	return lang_check(lang) ? lang : lang_all[0];
}

/* Which answer of an earlier edition stands behind a question: bind::anci:memoria. */
#include "form/form.h"

#include <string.h>

/* "2024" stands for "mappa-2024". */
static gboolean
is_edition(const char *written, const char *edition)
{
	const char *hyphen = strrchr(edition, '-');

	return strcmp(written, edition) == 0 ||
	       (hyphen != NULL && strcmp(written, hyphen + 1) == 0);
}

char *
form_memory_source(const Item *item, const char *edition)
{
	const char *at = item->memory != NULL ? strchr(item->memory, '@') : NULL;

	if (at != NULL)
		return is_edition(at + 1, edition)
			   ? g_strndup(item->memory, (gsize)(at - item->memory))
			   : NULL;
	return g_strcmp0(item->memory, "si") == 0 ? g_strdup(item->name) : NULL;
}

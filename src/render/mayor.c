#include "render/mayor.h"

#include "base/text.h"

#include <string.h>

/* Folded first words of titles, in the languages in which towns register them. */
static const struct {
	const char *begins;
	Head head;
} titles[] = {
	{ "sindaco ", HEAD_MAYOR },
	{ "sindaca ", HEAD_MAYORESS },
	{ "burgermeister ", HEAD_MAYOR },
	{ "burgermeisterin ", HEAD_MAYORESS },
	{ "syndic ", HEAD_MAYOR },
	{ "syndique ", HEAD_MAYORESS },
	{ "zupan ", HEAD_MAYOR },
	{ "zupanja ", HEAD_MAYORESS },
	{ "commissari", HEAD_OTHER },
	{ "commissione ", HEAD_OTHER },
	{ "sub commissari", HEAD_OTHER },
	{ "subcommissari", HEAD_OTHER },
	{ "pro sindac", HEAD_OTHER },
	{ "prosindac", HEAD_OTHER },
	{ "vice ", HEAD_OTHER },
	{ "vicesindac", HEAD_OTHER },
	{ "presidente ", HEAD_OTHER },
	{ "segretari", HEAD_OTHER },
	{ "responsabile ", HEAD_OTHER },
	{ "dirigente ", HEAD_OTHER },
};
/* Second words that belong to a mayor's title. */
static const char *const kinds[] = { "metropolitano", "metropolitana", "pro tempore", "p.t.",
	"reggente" };

static const char *
skip_word(const char *text)
{
	text += strcspn(text, " ");
	return text + strspn(text, " ");
}

static const char *
skip_title(const char *text)
{
	const char *name = skip_word(text);

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		gsize length = strlen(kinds[i]);

		if (g_ascii_strncasecmp(name, kinds[i], length) == 0 &&
		    (name[length] == ' ' || name[length] == '\0'))
			return name + length + strspn(name + length, " ");
	}
	return name;
}

Head
mayor_read(const char *text, const char **name)
{
	g_autofree char *folded = NULL;
	g_autofree char *spaced = NULL;

	*name = text != NULL ? text + strspn(text, " ") : "";
	folded = text_fold(*name);
	spaced = g_strconcat(folded, " ", NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(titles); i++) {
		if (!g_str_has_prefix(spaced, titles[i].begins))
			continue;
		if (titles[i].head != HEAD_OTHER)
			*name = skip_title(*name);
		return titles[i].head;
	}
	return HEAD_MAYOR;
}

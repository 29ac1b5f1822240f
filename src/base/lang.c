#include "base/lang.h"

#include "base/error.h"

#include <string.h>

#define BLANKS	     " \t"
#define SLOVENE_AREA "slovena"

#define JOINT '+'

const char *const lang_all[LANGS + 1] = { "it", "de", "fr", "sl", NULL };

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

guint
lang_position(const char *lang)
{
	const char *first = lang_first(lang);
	guint i = 0;

	while (lang_all[i] != first) /* it is one of them */
		i++;
	return i;
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

/* --- rules ------------------------------------------------------------------------------------------------ */

static gboolean
in_slovene_area(const char *code)
{
	static const char *const codes[] = {
#define X(code, province, name) #code,
#include "base/slovene.def"
#undef X
	};

	for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
		if (strcmp(codes[i], code) == 0)
			return TRUE;
	return FALSE;
}

static gboolean
is_province(const char *who)
{
	return strlen(who) == 2 && g_ascii_isupper(who[0]) && g_ascii_isupper(who[1]);
}

static gboolean
is_code(const char *who)
{
	return strlen(who) == 4 && g_ascii_isupper(who[0]) && strspn(who + 1, "0123456789") == 3;
}

/* "BZ A952" of "BZ A952 = de+it", and "de+it". A rule without "=": FALSE. @who, @lang: (out) (transfer full) */
static gboolean
split_rule(const char *rule, char **who, char **lang)
{
	const char *equals = strchr(rule, '=');

	if (equals == NULL)
		return FALSE;
	*who = g_strndup(rule, (gsize)(equals - rule));
	*lang = g_strdup(equals + 1);
	g_strdelimit(g_strstrip(*who), BLANKS, ' ');
	g_strstrip(*lang);
	return TRUE;
}

static gboolean
check_rule(const char *rule, GError **error)
{
	g_autofree char *who = NULL;
	g_autofree char *lang = NULL;
	g_auto(GStrv) words = NULL;

	if (!split_rule(rule, &who, &lang) || *who == '\0')
		return fail(error, PLICO_ERROR_CONFIG,
		    _("“%s”: provinces or cadastral codes, = and a language are expected"), rule);
	if (!lang_check(lang))
		return fail(error, PLICO_ERROR_CONFIG,
		    _("“%s”: it, de, fr, sl, or two of them joined by + are expected"), lang);
	words = g_strsplit(who, " ", 0);
	for (gsize i = 0; words[i] != NULL; i++)
		if (*words[i] != '\0' && !is_province(words[i]) && !is_code(words[i]) &&
		    strcmp(words[i], SLOVENE_AREA) != 0)
			return fail(error, PLICO_ERROR_CONFIG,
			    _("“%s”: the code of a province (BZ), a cadastral code (A952) or %s is expected"),
			    words[i], SLOVENE_AREA);
	return TRUE;
}

/* Returns: (transfer full), without empty ones */
static char **
split_rules(const char *rules)
{
	g_auto(GStrv) parts = g_strsplit(rules, ";", 0);
	g_autoptr(GStrvBuilder) some = g_strv_builder_new();

	for (gsize i = 0; parts[i] != NULL; i++)
		if (*g_strstrip(parts[i]) != '\0')
			g_strv_builder_add(some, parts[i]);
	return g_strv_builder_end(some);
}

gboolean
lang_rules_check(const char *rules, GError **error)
{
	g_auto(GStrv) parts = split_rules(rules);

	for (gsize i = 0; parts[i] != NULL; i++)
		if (!check_rule(parts[i], error))
			return FALSE;
	return TRUE;
}

static gboolean
names_town(const char *who, const char *province_code, const char *code)
{
	g_auto(GStrv) words = g_strsplit(who, " ", 0);

	return (*code != '\0' && g_strv_contains((const char *const *)words, code)) ||
	       (*province_code != '\0' &&
		   g_strv_contains((const char *const *)words, province_code)) ||
	       (g_strv_contains((const char *const *)words, SLOVENE_AREA) && in_slovene_area(code));
}

char *
lang_by_rules(const char *rules, const char *province_code, const char *code)
{
	g_auto(GStrv) parts = split_rules(rules);

	for (gsize i = 0; parts[i] != NULL; i++) {
		g_autofree char *who = NULL;
		g_autofree char *lang = NULL;

		if (split_rule(parts[i], &who, &lang) && names_town(who, province_code, code))
			return g_steal_pointer(&lang);
	}
	return g_strdup(lang_all[0]);
}

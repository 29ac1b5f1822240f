#include "registry/registry.h"

#include "base/lang.h"

#include <inttypes.h>
#include <string.h>

void
unit_free(Unit *unit)
{
	if (unit == NULL)
		return;
	g_free(unit->code);
	g_free(unit->istat_code);
	g_free(unit->name);
	g_free(unit->name_other);
	g_free(unit->province);
	g_free(unit->province_code);
	g_free(unit->region);
	g_free(unit->area);
	g_free(unit->zip);
	g_free(unit->tax_code);
	g_free(unit->ipa_code);
	g_free(unit->lang);
	g_free(unit->mayor);
	g_free(unit);
}

static gboolean
has_two_names(const Unit *unit)
{
	/* some towns have one name in both languages: Gais, Lana */
	return unit->name_other != NULL && *unit->name_other != '\0' &&
	       strcmp(unit->name, unit->name_other) != 0;
}

const char *
unit_name(const Unit *unit, const char *lang)
{
	return has_two_names(unit) && strcmp(lang_first(lang), "it") != 0 ? unit->name_other
									  : unit->name;
}

char *
unit_names(const Unit *unit, const char *lang)
{
	const char *first = unit_name(unit, lang);

	if (!has_two_names(unit))
		return g_strdup(first);
	return g_strdup_printf("%s/%s", first, first == unit->name ? unit->name_other : unit->name);
}

char *
unit_full_name(const Unit *unit)
{
	return unit_names(unit, "it");
}

char *
unit_lang(const Unit *unit, const Config *config)
{
	if (unit->lang != NULL && *unit->lang != '\0')
		return g_strdup(unit->lang);
	return lang_by_rules(
	    config_text(config, CONFIG_survey_languages), unit->province_code, unit->code);
}

const char *
unit_size_class(const Unit *unit)
{
	static const struct {
		gint64 up_to;
		const char *name;
	} classes[] = {
		{ -1, "popolazione non nota" },
		{ 1000, "fino a 1.000" },
		{ 5000, "1.001-5.000" },
		{ 20000, "5.001-20.000" },
		{ 60000, "20.001-60.000" },
		{ 250000, "60.001-250.000" },
		{ G_MAXINT64, "oltre 250.000" },
	};
	gsize i = 0;

	while (unit->population > classes[i].up_to)
		i++;
	return classes[i].name;
}

char *
unit_attribute(const Unit *unit, const char *name)
{
	const struct {
		const char *name;
		const char *value;
	} texts[] = {
		{ "istat", unit->istat_code },
		{ "codice", unit->code },
		{ "denominazione", unit->name },
		{ "provincia", unit->province },
		{ "sigla", unit->province_code },
		{ "regione", unit->region },
		{ "ripartizione", unit->area },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		if (strcmp(texts[i].name, name) == 0)
			return g_strdup(texts[i].value != NULL ? texts[i].value : "");
	if (strcmp(name, "popolazione") != 0)
		return NULL;
	return unit->population < 0 ? g_strdup("") : g_strdup_printf("%" PRId64, unit->population);
}

void
contact_free(Contact *contact)
{
	if (contact == NULL)
		return;
	g_free(contact->role);
	g_free(contact->channel);
	g_free(contact->address);
	g_free(contact->name);
	g_free(contact->source);
	g_free(contact);
}

/* A unit's names, size and attributes. */
#include "registry/registry.h"

static void
test_full_name(void)
{
	static struct {
		char name[16];
		char other[16];
		const char *full;
	} table[] = {
		{ "Torino", "", "Torino" },
		{ "Bolzano", "Bozen", "Bolzano/Bozen" },
		{ "Gais", "Gais", "Gais" },
	};
	const Unit one_name = { .name = table[0].name };
	g_autofree char *torino = unit_full_name(&one_name);

	g_assert_cmpstr(torino, ==, "Torino");
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		const Unit unit = { .name = table[i].name, .name_other = table[i].other };
		g_autofree char *full = unit_full_name(&unit);

		g_assert_cmpstr(full, ==, table[i].full);
	}
}

static void
test_names(void)
{
	static struct {
		char name[16];
		char other[16];
		const char *lang;
		const char *names;
		const char *alone;
	} table[] = {
		{ "Bolzano", "Bozen", "it", "Bolzano/Bozen", "Bolzano" },
		{ "Bolzano", "Bozen", "de", "Bozen/Bolzano", "Bozen" },
		{ "Bolzano", "Bozen", "de+it", "Bozen/Bolzano", "Bozen" },
		{ "Bolzano", "Bozen", "it+de", "Bolzano/Bozen", "Bolzano" },
		{ "Gais", "Gais", "de", "Gais", "Gais" },
		{ "Arvier", "", "fr", "Arvier", "Arvier" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		const Unit unit = { .name = table[i].name, .name_other = table[i].other };
		g_autofree char *names = unit_names(&unit, table[i].lang);

		g_assert_cmpstr(names, ==, table[i].names);
		g_assert_cmpstr(unit_name(&unit, table[i].lang), ==, table[i].alone);
	}
}

static void
test_size_class(void)
{
	static const struct {
		gint64 population;
		const char *name;
	} table[] = {
		{ -1, "popolazione non nota" },
		{ 0, "fino a 1.000" },
		{ 1000, "fino a 1.000" },
		{ 1001, "1.001-5.000" },
		{ 5000, "1.001-5.000" },
		{ 5001, "5.001-20.000" },
		{ 20000, "5.001-20.000" },
		{ 20001, "20.001-60.000" },
		{ 60001, "60.001-250.000" },
		{ 250000, "60.001-250.000" },
		{ 250001, "oltre 250.000" },
		{ G_MAXINT64, "oltre 250.000" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		const Unit unit = { .population = table[i].population };

		g_assert_cmpstr(unit_size_class(&unit), ==, table[i].name);
	}
}

static void
test_attributes(void)
{
	char code[] = "F839";
	char istat[] = "063049";
	char name[] = "Napoli";
	char sigla[] = "NA";
	char region[] = "Campania";
	const Unit unit = { .code = code,
		.istat_code = istat,
		.name = name,
		.province = name,
		.province_code = sigla,
		.region = region,
		.population = 921142 };
	static const struct {
		const char *name;
		const char *value;
	} table[] = {
		{ "istat", "063049" },
		{ "codice", "F839" },
		{ "denominazione", "Napoli" },
		{ "provincia", "Napoli" },
		{ "sigla", "NA" },
		{ "regione", "Campania" },
		{ "ripartizione", "" },
		{ "popolazione", "921142" },
		{ "sindaco", NULL },
		{ "", NULL },
	};
	const Unit unknown = { .population = -1 };
	g_autofree char *none = unit_attribute(&unknown, "popolazione");

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *value = unit_attribute(&unit, table[i].name);

		g_assert_cmpstr(value, ==, table[i].value);
	}
	g_assert_cmpstr(none, ==, "");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/unit/both-names-unless-they-are-one", test_full_name);
	g_test_add_func("/unit/the name in a language goes first", test_names);
	g_test_add_func("/unit/five-thousand-is-small", test_size_class);
	g_test_add_func("/unit/a-form-can-ask-for-its-attributes", test_attributes);
	return g_test_run();
}

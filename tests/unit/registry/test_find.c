/* Finding a unit as a person names it; listing those that fit. */
#include "base/error.h"
#include "unit/registry/workshop.h"

static const char towns[] =
    "istat_code,cadastral_code,name,name_other,province,province_code,region,area,population,pec,zip,tax_code,ipa_code\n"
    "001235,H753,Samone,,Torino,TO,Piemonte,Nord-ovest,1500,comune@samone-to.example,10010,,c_h753\n"
    "007003,A326,Aosta,Aoste,Valle d'Aosta/Vallée d'Aoste,AO,Valle d'Aosta/Vallée d'Aoste,Nord-ovest,33093,p@aosta.example,11100,,\n"
    "010042,F862,Ne,,Genova,GE,Liguria,Nord-ovest,2144,p@ne.example,16040,,\n"
    "021008,A952,Bolzano,Bozen,Bolzano,BZ,Trentino-Alto Adige/Südtirol,Nord-est,106107,p@bz.example,39100,,\n"
    "021110,L724,Velturno,Feldthurns,Bolzano,BZ,Trentino-Alto Adige/Südtirol,Nord-est,,p@velturno.example,39040,,\n"
    "022165,H754,Samone,,Trento,TN,Trentino-Alto Adige/Südtirol,Nord-est,526,p@samone.example,38059,,\n"
    "063049,F839,Napoli,,Napoli,NA,Campania,Sud,921142,p@napoli.example,80133,,C_F839\n"
    "079143,I937,Stalettì,,Catanzaro,CZ,Calabria,Sud,2372,Sindaco@staletti.example,88069,,c_i937q\n"
    "103017,B615,Cannobio,,Verbano-Cusio-Ossola,VB,Piemonte,Nord-ovest,5000,p@cannobio.example,28822,,\n"
    "999001,Z001,Tre Ville,,Trento,TN,Trentino-Alto Adige/Südtirol,Nord-est,1,p@treville.example,38095,,\n";

static void
test_words(void)
{
	static const struct {
		const char *words;
		const char *code;
	} table[] = {
		{ "F839", "F839" },
		{ "f839", "F839" },
		{ "063049", "F839" },
		{ "c_f839", "F839" },
		{ "C_I937Q", "I937" },
		{ "sindaco@STALETTI.example", "I937" },
		{ "STALETTI'", "I937" },
		{ "stalettì", "I937" },
		{ "Staletti\u0300", "I937" },
		{ "napol", "F839" },
		{ "Ne", "F862" },
		{ "bozen", "A952" },
		{ "Bolzano/Bozen", "A952" },
		{ "bolzano  bozen", "A952" },
		{ "Samone (TN)", "H754" },
		{ "samone to", "H753" },
		{ "tre-ville", "Z001" },
	};
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) report = take_list(&shop, towns, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(Unit) unit = find_unit(&shop, table[i].words);

		g_assert_cmpstr(unit->code, ==, table[i].code);
	}
}

static void
test_not_found(void)
{
	static const struct {
		const char *words;
		const char *says;
	} table[] = {
		{ "Samone", "H753 Samone (TO), H754 Samone (TN)" },
		{ "Atlantide", "no unit" },
		{ "", "no unit" },
		{ "  ", "no unit" },
		{ "nobody@napoli.example", "no unit" },
		{ "samone na", "no unit" },
		{ "o", "units fit" },
		{ "A'; DROP TABLE unit; --", "no unit" },
	};
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) report = take_list(&shop, towns, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Unit) unit = registry_find(shop.store, table[i].words, &error);

		g_assert_null(unit);
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_NOT_FOUND);
		g_assert_nonnull(strstr(error->message, table[i].says));
	}
}

/* A unit that is closed hides no open one, and can still be found. */
static void
test_closed(void)
{
	static const ImportOptions many = { .actor = "test", .many_gone = TRUE };
	const char *second = strchr(towns, '\n') + 1;
	g_autofree char *less =
	    g_strdup_printf("%.*s%s", (int)(second - towns), towns, strchr(second, '\n') + 1);
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) all = take_list(&shop, towns, NULL);
	g_autoptr(ImportReport) report = take_list(&shop, less, &many);
	g_autoptr(Unit) open = find_unit(&shop, "Samone");
	g_autoptr(Unit) closed = find_unit(&shop, "H753");

	g_assert_cmpuint(report->gone, ==, 1);
	g_assert_cmpstr(open->code, ==, "H754");
	g_assert_true(closed->closed);
	g_assert_nonnull(all);
}

/* The codes of the units that fit, or the error's text. */
static char *
codes_that_fit(Workshop *shop, const UnitFilter *filter)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) units = registry_list(shop->store, filter, &error);
	g_autoptr(GString) out = g_string_new(NULL);

	if (units == NULL)
		return g_strdup(error->message);
	for (guint i = 0; i < units->len; i++) {
		const Unit *unit = g_ptr_array_index(units, i);

		g_string_append_printf(out, "%s%s", i > 0 ? " " : "", unit->code);
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
test_filter(void)
{
	char napoli[] = "f839";
	char cannobio[] = "103017";
	char nowhere[] = "X999";
	char *two[] = { napoli, cannobio, NULL };
	char *wrong[] = { napoli, nowhere, NULL };
	const struct {
		UnitFilter filter;
		const char *codes;
	} table[] = {
		{ { .above = -1, .up_to = -1 },
		    "H753 A326 F862 A952 L724 H754 F839 I937 B615 Z001" },
		{ { .region = "piemonte", .above = -1, .up_to = -1 }, "H753 B615" },
		{ { .region = "Valle d’Aosta", .above = -1, .up_to = -1 }, "A326" },
		{ { .region = "SUDTIROL", .above = -1, .up_to = -1 }, "A952 L724 H754 Z001" },
		{ { .province = "NA", .above = -1, .up_to = -1 }, "F839" },
		{ { .province = "na", .above = -1, .up_to = -1 }, "F839" },
		{ { .province = "Verbano Cusio Ossola", .above = -1, .up_to = -1 }, "B615" },
		{ { .above = 5000, .up_to = -1 }, "A326 A952 F839" },
		{ { .above = -1, .up_to = 5000 }, "H753 F862 H754 I937 B615 Z001" },
		{ { .above = 4999, .up_to = 5000 }, "B615" },
		{ { .words = "Boz", .above = -1, .up_to = -1 }, "A952" },
		{ { .codes = two, .above = -1, .up_to = -1 }, "F839 B615" },
		{ { .codes = two, .region = "Campania", .above = -1, .up_to = -1 }, "F839" },
		{ { .region = "Campania", .province = "CZ", .above = -1, .up_to = -1 },
		    "CZ: no unit lies in a province of this name or code" },
		{ { .region = "Campani", .above = -1, .up_to = -1 },
		    "Campani: no unit lies in a region of this name" },
		{ { .codes = wrong, .above = -1, .up_to = -1 }, "X999: no unit has this code" },
	};
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) report = take_list(&shop, towns, NULL);
	g_autofree char *all = codes_that_fit(&shop, NULL);

	g_assert_cmpstr(all, ==, table[0].codes);
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *codes = codes_that_fit(&shop, &table[i].filter);

		g_assert_cmpstr(codes, ==, table[i].codes);
	}
}

static void
test_by_id(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) report = take_list(&shop, towns, NULL);
	g_autoptr(Unit) found = find_unit(&shop, "Stalettì");
	g_autoptr(GError) error = NULL;
	g_autoptr(Unit) unit = registry_unit(shop.store, found->id, &error);
	g_autoptr(Unit) none = NULL;

	g_assert_no_error(error);
	g_assert_cmpstr(unit->code, ==, "I937");
	g_assert_cmpstr(unit->zip, ==, "88069");
	g_assert_cmpint(unit->population, ==, 2372);
	g_assert_false(unit->closed);
	none = registry_unit(shop.store, 4711, &error);
	g_assert_null(none);
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_NOT_FOUND);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/find/codes-addresses-and-names-in-any-writing", test_words);
	g_test_add_func("/find/none-or-several-is-said-with-names", test_not_found);
	g_test_add_func("/find/a-filter-restricts-and-a-wrong-one-is-told", test_filter);
	g_test_add_func("/find/a-closed-one-hides-no-open-one", test_closed);
	g_test_add_func("/find/one-by-its-number", test_by_id);
	return g_test_run();
}

/* Import is a diff: what is added, changed and gone, and that a second time changes nothing. */
#include "base/clock.h"
#include "base/error.h"
#include "unit/registry/workshop.h"

#include <math.h>

#define HEADER                                                                                     \
	"istat_code,cadastral_code,name,name_other,province,province_code,region,area,population," \
	"pec,zip,tax_code,ipa_code,lat,lon\n"
#define TORINO                                                                                     \
	"001272,L219,Torino,,Torino,TO,Piemonte,Nord-ovest,848748,p@torino.example,10121,"         \
	"00514490010,c_l219,45.0792,7.67611\n"
#define NAPOLI                                                                                     \
	"063049,F839,Napoli,,Napoli,NA,Campania,Sud,921142,p@napoli.example,80133,80014890638,,,\n"
#define CUNEO                                                                                      \
	"004078,D205,Cuneo,,Cuneo,CN,Piemonte,Nord-ovest,55697,p@cuneo.example,12100,,c_d205,,\n"

static const ImportOptions many = { .actor = "test", .many_gone = TRUE };
static const ImportOptions part = { .actor = "test", .partial = TRUE };
static const ImportOptions dry = { .actor = "test", .dry_run = TRUE, .many_gone = TRUE };

static void
expect(Workshop *shop, const char *text, const ImportOptions *options, const char *counts)
{
	g_autoptr(ImportReport) report = take_list(shop, text, options);
	g_autofree char *got = counts_of(report);

	g_assert_cmpstr(got, ==, counts);
}

/* The history of a unit: "what from>to note", one a line. */
static char *
history_of(Workshop *shop, const char *words)
{
	g_autoptr(Unit) unit = find_unit(shop, words);
	g_autoptr(GError) error = NULL;
	g_autoptr(Rows) rows =
	    store_query(shop->store, &error, SQL_registry_event_of_unit, "i", unit->id);
	g_autoptr(GString) out = g_string_new(NULL);

	g_assert_no_error(error);
	while (rows_next(rows, &error))
		g_string_append_printf(out, "%s %s>%s %s\n", rows_text(rows, 2), rows_text(rows, 4),
		    rows_text(rows, 5), rows_text(rows, 6));
	g_assert_no_error(error);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
test_twice(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Unit) unit = NULL;

	expect(&shop, HEADER TORINO NAPOLI, NULL, "2/0/0/0/0 2/0/0");
	expect(&shop, HEADER TORINO NAPOLI, NULL, "0/0/0/2/0 0/0/0");
	unit = find_unit(&shop, "torino");
	g_assert_cmpstr(unit->istat_code, ==, "001272");
	g_assert_cmpstr(unit->province_code, ==, "TO");
	g_assert_cmpstr(unit->area, ==, "Nord-ovest");
	g_assert_cmpstr(unit->tax_code, ==, "00514490010");
	g_assert_cmpstr(unit->ipa_code, ==, "c_l219");
	g_assert_cmpint(unit->population, ==, 848748);
	g_assert_cmpfloat_with_epsilon(unit->lat, 45.0792, 1e-9);
	g_assert_cmpfloat_with_epsilon(unit->lon, 7.67611, 1e-9);
	unit_free(unit);
	unit = find_unit(&shop, "napoli");
	g_assert_cmpstr(unit->province_code, ==, "NA");
	g_assert_true(isnan(unit->lat));
}

static void
test_changed(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) report = NULL;
	g_autofree char *history = NULL;
	g_autofree char *addresses = NULL;

	expect(&shop, HEADER TORINO NAPOLI, NULL, "2/0/0/0/0 2/0/0");
	report = take_list(&shop,
	    HEADER TORINO
	    "063050,F839,Napoli,,Napoli,NA,Campania,Sud,900000,new@napoli.example,80133,80014890638,,,\n",
	    NULL);
	g_assert_cmpuint(report->changed, ==, 1);
	g_assert_cmpuint(report->unchanged, ==, 1);
	g_assert_cmpuint(report->lines->len, ==, 1);
	g_assert_cmpstr(g_ptr_array_index(report->lines, 0), ==,
	    "~ F839 Napoli (NA): istat_code 063049 -> 063050, population 921142 -> 900000, "
	    "- p@napoli.example, + new@napoli.example");
	history = history_of(&shop, "napoli");
	g_assert_cmpstr(history, ==,
	    "unit.added >open + p@napoli.example\n"
	    "unit.changed open>open istat_code 063049 -> 063050, population 921142 -> 900000, "
	    "- p@napoli.example, + new@napoli.example\n");
	addresses = addresses_of(&shop, "napoli");
	g_assert_cmpstr(addresses, ==, "pec:new@napoli.example");
}

static void
test_gone_and_back(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autofree char *history = NULL;

	expect(&shop, HEADER TORINO NAPOLI, NULL, "2/0/0/0/0 2/0/0");
	expect(&shop, HEADER TORINO, &part, "0/0/0/1/0 0/0/0");
	expect(&shop, HEADER TORINO, &many, "0/0/1/1/0 0/0/0");
	expect(&shop, HEADER TORINO, NULL, "0/0/0/1/0 0/0/0");
	{
		g_autoptr(Unit) unit = find_unit(&shop, "F839");

		g_assert_true(unit->closed);
	}
	expect(&shop, HEADER TORINO NAPOLI, NULL, "0/1/0/1/0 0/0/0");
	{
		g_autoptr(Unit) unit = find_unit(&shop, "F839");

		g_assert_false(unit->closed);
	}
	history = history_of(&shop, "F839");
	g_assert_cmpstr(history, ==,
	    "unit.added >open + p@napoli.example\nunit.closed open>closed \n"
	    "unit.changed closed>open open again\n");
}

static char *
towns_in_number(int n)
{
	g_autoptr(GString) list = g_string_new(HEADER);

	for (int i = 0; i < n; i++)
		g_string_append_printf(list,
		    "%06d,A%03d,Paese,,Roma,RM,Lazio,Centro,1,p@x%d.example,,,,,\n", 58000 + i,
		    100 + i, i);
	return g_string_free(g_steal_pointer(&list), FALSE);
}

static void
test_many_gone(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autofree char *twenty = towns_in_number(20);
	g_autofree char *nineteen = towns_in_number(19);
	g_autofree char *eighteen = towns_in_number(18);
	g_autoptr(GError) error = NULL;
	g_autoptr(ImportReport) refused = NULL;

	expect(&shop, twenty, NULL, "20/0/0/0/0 20/0/0");
	g_assert_true(g_file_set_contents(shop.list, eighteen, -1, NULL));
	refused = registry_import(shop.store, shop.list, &(ImportOptions){ .actor = "t" }, &error);
	g_assert_null(refused);
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	g_assert_nonnull(strstr(error->message, "lacks 2 of the 20 units"));
	g_assert_nonnull(strstr(error->message, "--partial"));
	g_assert_nonnull(strstr(error->message, "--yes"));
	/* nothing of it was done; one of twenty is no question */
	expect(&shop, eighteen, &dry, "0/0/2/18/0 0/0/0");
	expect(&shop, nineteen, NULL, "0/0/1/19/0 0/0/0");
}

static void
test_dry_run(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) units = NULL;

	expect(&shop, HEADER TORINO NAPOLI, &dry, "2/0/0/0/0 2/0/0");
	units = registry_list(shop.store, NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(units->len, ==, 0);
	expect(&shop, HEADER TORINO NAPOLI, NULL, "2/0/0/0/0 2/0/0");
}

/* An empty or wrong cell takes nothing away. */
static void
test_nothing_lost(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) report = NULL;
	g_autofree char *findings = NULL;
	g_autofree char *addresses = NULL;
	g_autoptr(Unit) unit = NULL;

	expect(&shop, HEADER TORINO NAPOLI, NULL, "2/0/0/0/0 2/0/0");
	report = take_list(&shop,
	    HEADER
	    "001272,L219,,,,,,,,,,,,,\n"
	    "063049,F839,Napol1,,Napoli,N,Campania,Sud,many,p@napoli..example,8013,8001489063x,?,91,x\n",
	    NULL);
	findings = findings_of(report);
	g_assert_cmpstr(findings, ==,
	    "cell-empty:2 population-missing:2 address-missing:2 name-invalid:3 "
	    "province-code-invalid:3 population-invalid:3 zip-invalid:3 tax-code-invalid:3 "
	    "ipa-code-invalid:3 coordinate-invalid:3 coordinate-invalid:3 address-invalid:3");
	g_assert_cmpuint(report->unchanged, ==, 2);
	g_assert_cmpuint(report->contacts_gone, ==, 0);
	unit = find_unit(&shop, "Napoli");
	g_assert_cmpstr(unit->zip, ==, "80133");
	g_assert_cmpint(unit->population, ==, 921142);
	addresses = addresses_of(&shop, "Torino");
	g_assert_cmpstr(addresses, ==, "pec:p@torino.example");
}

/* Bad rows stop none of the others, and the units of refused rows are not closed. */
static void
test_bad_rows(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) report = NULL;
	g_autofree char *findings = NULL;
	g_autofree char *counts = NULL;

	expect(&shop, HEADER TORINO NAPOLI, NULL, "2/0/0/0/0 2/0/0");
	report = take_list(&shop,
	    HEADER
	    "001272,L219,Torino\n" /* short */
	    "\n"
	    "063049,F839,Napoli,,Napoli,NA,Campania,Sud,1,p@napoli.example,80133,,,,,,extra\n"
	    "004078,D2O5,Cuneo,,Cuneo,CN,Piemonte,Nord-ovest,1,,,,,,\n" /* letter O */
	    ",,,,,,,,,,,,,,\n"
	    "00407,D205,Cuneo,,Cuneo,CN,Piemonte,Nord-ovest,1,,,,,,\n" CUNEO CUNEO
	    "004078,D206,Cuneo bis,,Cuneo,CN,Piemonte,Nord-ovest,1,,,,,,\n"
	    "004079,,Nessuno,,Cuneo,CN,Piemonte,Nord-ovest,1,,,,,,\n"
	    "004080,D208,,,Cuneo,CN,Piemonte,Nord-ovest,1,,,,,,\n",
	    NULL);
	findings = findings_of(report);
	counts = counts_of(report);
	g_assert_cmpstr(findings, ==,
	    "row-short:2 row-long:4 code-invalid:5 istat-invalid:7 code-duplicate:9 "
	    "code-duplicate:10 cell-empty:11 cell-empty:12");
	g_assert_cmpstr(counts, ==, "1/0/0/0/8 1/0/0");
	g_assert_cmpuint(report->rows, ==, 9);
}

/* A row that may be anybody's keeps the missing units open. */
static void
test_gone_kept(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) report = NULL;
	g_autofree char *findings = NULL;

	expect(&shop, HEADER TORINO NAPOLI, NULL, "2/0/0/0/0 2/0/0");
	report = take_list(&shop, HEADER TORINO "063O49,F8399,Napoli,,,,,,,,,,,,\n", &many);
	findings = findings_of(report);
	g_assert_cmpstr(findings, ==, "code-invalid:3 istat-invalid:3 gone-kept");
	g_assert_cmpuint(report->gone, ==, 0);
}

/* A cadastral code that nobody knows, with the ISTAT code of a unit that the list lacks, is a typing error. */
static void
test_istat_taken(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) report = NULL;
	g_autofree char *findings = NULL;

	expect(&shop, HEADER TORINO NAPOLI, NULL, "2/0/0/0/0 2/0/0");
	report = take_list(
	    &shop, HEADER TORINO "063049,F893,Napoli,,Napoli,NA,Campania,Sud,1,,,,,,\n", NULL);
	findings = findings_of(report);
	g_assert_cmpstr(findings, ==, "istat-taken:3");
	g_assert_cmpuint(report->gone, ==, 0);
	/* but codes may go round, and a new town may take the code of one that moves */
	expect(&shop,
	    HEADER
	    "063049,L219,Torino,,Torino,TO,Piemonte,Nord-ovest,848748,p@torino.example,10121,,,,\n"
	    "063050,F839,Napoli,,Napoli,NA,Campania,Sud,921142,p@napoli.example,80133,,,,\n"
	    "001272,Z002,Altra,,Torino,TO,Piemonte,Nord-ovest,1,,,,,,\n",
	    NULL, "1/2/0/0/0 0/0/0");
}

static void
test_zeros(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) report = take_list(&shop,
	    HEADER "1272,L219,Torino,,Torino,TO,Piemonte,Nord-ovest,848748,,10121,514490010,,,\n"
		   "58091,H501,Roma,,Roma,RM,Lazio,Centro,2748109,,118,2438750586,,,\n"
		   "100005,G999,Prato,,Prato,PO,Toscana,Centro,195820,,59100,84006890481,,,\n",
	    NULL);
	g_autofree char *findings = findings_of(report);
	g_autoptr(Unit) torino = find_unit(&shop, "001272");
	g_autoptr(Unit) roma = find_unit(&shop, "058091");

	g_assert_cmpstr(
	    findings, ==, "zeros-restored:2 address-missing:2 address-missing:3 address-missing:4");
	g_assert_cmpstr(torino->tax_code, ==, "00514490010");
	g_assert_cmpstr(roma->zip, ==, "00118");
	g_assert_cmpstr(roma->tax_code, ==, "02438750586");
}

static void
test_shared(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) report = take_list(&shop,
	    HEADER TORINO
	    "063049,F839,Napoli,,Napoli,NA,Campania,Sud,1,P@TORINO.example,80133,,,,\n" CUNEO,
	    NULL);
	g_autofree char *findings = findings_of(report);

	g_assert_cmpstr(findings, ==, "address-shared:2 address-shared:3");
	g_assert_cmpuint(report->contacts_added, ==, 3);
}

static void
test_suspect(void)
{
	static const struct {
		const char *pec;
		const char *findings;
	} table[] = {
		{ "a@comune.torino.it.example", "" },
		{ "a@torino.example", "" },
		{ "a@pec.example", "address-suspect:2" },
		{ "a@pec.comune.cenatesotto.b.git.example", "address-suspect:2" },
		{ "a@comunemottasg.itt", "address-suspect:2" },
		{ "a@provincia.so.it.it.example", "address-suspect:2" },
		{ "a@legamail.it.example", "address-suspect:2" },
		{ "a@egalmail.it.example", "address-suspect:2" },
		{ "a@lgealmail.it.example", "address-suspect:2" },
		{ "a@legalmail.it.example", "" },
		{ "a@legalmail.net.example", "" },
		{ "a@xlegallmail.it.example", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_auto(Workshop) shop = workshop_new();
		g_autofree char *list = g_strdup_printf(
		    HEADER "001272,L219,Torino,,Torino,TO,,,1,%s,,,,,\n", table[i].pec);
		g_autoptr(ImportReport) report = take_list(&shop, list, NULL);
		g_autofree char *findings = findings_of(report);

		g_assert_cmpstr(findings, ==, table[i].findings);
		g_assert_cmpuint(report->contacts_added, ==, 1);
	}
}

/* Names and addresses that would be more than that in a header or an envelope. */
static void
test_hostile(void)
{
	static const char *const names[] = { "\"Torino\r\nBcc: evil@x.example\"",
		"\"Torino\nBcc: evil@x.example\"", "\"Torino <evil@x.example>\"",
		"\"\"\"Torino\"\" <evil@x.example>\"", "\"Torino, Napoli\"", "\"Torino\x1b[2J\"",
		"Torino\xe2\x80\xaeoniroT", "Torin\xd0\xbe", "=cmd|'/c calc'!A1", "7orino", "-",
		"{{ .Env }}" };
	static const char *const pecs[] = { "\"a@x.example>\r\nRCPT TO:<evil@x.example\"",
		"\"a@x.example,evil@x.example\"", "\"Torino <a@x.example>\"",
		"\"\"\"a b\"\"@x.example\"", "\"a@x.example\nBcc: evil@x.example\"",
		"a@x.example;evil@x.example", "-oQ@x.example" };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_auto(Workshop) shop = workshop_new();
		g_autofree char *list = g_strdup_printf(
		    HEADER "001272,L219,%s,,,,,,1,p@x.example,,,,,\n%s", names[i], NAPOLI);
		g_autoptr(ImportReport) report = take_list(&shop, list, NULL);
		g_autofree char *findings = findings_of(report);
		g_autofree char *counts = counts_of(report);

		g_assert_cmpstr(findings, ==, "name-invalid:2");
		g_assert_cmpstr(counts, ==, "1/0/0/0/1 1/0/0");
	}
	for (gsize i = 0; i < G_N_ELEMENTS(pecs); i++) {
		g_auto(Workshop) shop = workshop_new();
		g_autofree char *list = g_strdup_printf(
		    HEADER "001272,L219,Torino,,,,,,1,%s,,,,,\n%s", pecs[i], NAPOLI);
		g_autoptr(ImportReport) report = take_list(&shop, list, NULL);
		g_autofree char *findings = findings_of(report);
		g_autofree char *counts = counts_of(report);

		g_assert_cmpstr(findings, ==, "address-invalid:2");
		g_assert_cmpstr(counts, ==, "2/0/0/0/0 1/0/0");
	}
}

static void
test_language(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) report = take_list(&shop,
	    "istat_code,cadastral_code,name,name_other,province_code,region,lang\n"
	    "021008,A952,Bolzano,Bozen,BZ,Trentino-Alto Adige/Südtirol,\n"
	    "021040,E421,Laives,Leifers,BZ,Trentino-Alto Adige/Südtirol,it\n"
	    "007003,A326,Aosta,Aoste,AO,Valle d'Aosta/Vallée d'Aoste,it+fr\n"
	    "007066,I442,Sarre,,AO,Valle d'Aosta/Vallée d'Aoste,\n"
	    "032001,D383,Duino Aurisina,Devin Nabrežina,TS,Friuli-Venezia Giulia,\n"
	    "022036,B579,Canazei,Cianacei,TN,Trentino-Alto Adige/Südtirol,\n"
	    "022037,B580,Altro,Anders,TN,Trentino-Alto Adige/Südtirol,xx\n",
	    NULL);
	/* what the list does not say is left to the rules of the configuration */
	static const char *const langs[][2] = { { "A952", "" }, { "E421", "it" },
		{ "A326", "it+fr" }, { "I442", "" }, { "D383", "" }, { "B579", "" },
		{ "B580", "" } };
	g_autofree char *findings = findings_of(report);

	g_assert_cmpstr(findings, ==, "lang-invalid:8 population-missing");
	for (gsize i = 0; i < G_N_ELEMENTS(langs); i++) {
		g_autoptr(Unit) unit = find_unit(&shop, langs[i][0]);

		g_assert_cmpstr(unit->lang, ==, langs[i][1]);
	}
}

static void
test_not_a_list(void)
{
	static const struct {
		const char *text;
		const char *says;
	} table[] = {
		{ "", "is empty" },
		{ "a,b\n1,2\n", "its columns are: a, b" },
		{ "istat_code,name\n",
		    "looks like the list of plico, but has no column cadastral_code" },
		{ "istat_code,cadastral_code,name\n\"001272,L219,Torino\n", "not closed" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_auto(Workshop) shop = workshop_new();
		g_autoptr(GError) error = NULL;
		g_autoptr(ImportReport) report = NULL;

		g_assert_true(g_file_set_contents(shop.list, table[i].text, -1, NULL));
		report = registry_import(
		    shop.store, shop.list, &(ImportOptions){ .actor = "test" }, &error);
		g_assert_null(report);
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
		g_assert_nonnull(strstr(error->message, table[i].says));
		g_assert_nonnull(strstr(error->message, shop.list));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	clock_set(1700000000);
	g_test_add_func("/import/a-second-time-changes-nothing", test_twice);
	g_test_add_func("/import/what-changed-is-told-and-kept-in-the-history", test_changed);
	g_test_add_func("/import/who-is-gone-is-closed-and-may-come-back", test_gone_and_back);
	g_test_add_func("/import/many-gone-is-a-question", test_many_gone);
	g_test_add_func("/import/a-dry-run-tells-and-changes-nothing", test_dry_run);
	g_test_add_func("/import/bad-cells-take-nothing-away", test_nothing_lost);
	g_test_add_func("/import/bad-rows-stop-no-others", test_bad_rows);
	g_test_add_func("/import/an-unreadable-row-closes-nobody", test_gone_kept);
	g_test_add_func("/import/a-mistyped-code-makes-no-second-town", test_istat_taken);
	g_test_add_func("/import/zeros-that-a-spreadsheet-ate-come-back", test_zeros);
	g_test_add_func("/import/shared-addresses-are-named-on-both-sides", test_shared);
	g_test_add_func("/import/mistyped-domains-are-warned-of", test_suspect);
	g_test_add_func("/import/hostile-cells-become-no-address-and-no-name", test_hostile);
	g_test_add_func("/import/the-second-name-says-the-language", test_language);
	g_test_add_func("/import/what-is-no-list-is-refused-with-its-columns", test_not_a_list);
	return g_test_run();
}

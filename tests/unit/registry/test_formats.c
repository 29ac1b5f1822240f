/* The lists as they are found: ISTAT's editions, SITUAS, IPA present and former, and how their addresses meet. */
#include "unit/registry/workshop.h"

#define PLICO_LIST                                                                                 \
	"istat_code,cadastral_code,name,province_code,population,pec,zip,tax_code,ipa_code\n"      \
	"001272,L219,Torino,TO,848748,Protocollo@torino.example,10121,00514490010,\n"              \
	"071054,I962,Stornara,FG,5000,p@stornara.example,71047,,\n"                                \
	"079143,I937,Stalettì,CZ,2372,,,,\n"                                                      \
	"021008,A952,Bolzano,BZ,1,,,,\n"

#define ISTAT_2020                                                                                 \
	"Codice Regione;\"Codice dell'Unit\xe0 territoriale sovracomunale \n"                      \
	"(valida a fini statistici)\";Codice Provincia (Storico)(1);Progressivo del Comune (2);"   \
	"Codice Comune formato alfanumerico;Denominazione (Italiana e straniera);"                 \
	"Denominazione in italiano;Denominazione altra lingua;Codice Ripartizione Geografica;"     \
	"Ripartizione geografica;Denominazione regione;"                                           \
	"\"Denominazione dell'Unit\xe0 territoriale sovracomunale \n"                              \
	"(valida a fini statistici)\";Sigla automobilistica;Codice Catastale del comune;"          \
	"Popolazione legale 2011 (09/10/2011);Codice NUTS1 2010\r\n"

static void
test_istat(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) report = take_list(&shop,
	    ISTAT_2020
	    "01;201;001; 001 ;001001;Agli\xe8;Agli\xe8;;1;Nord-ovest;Piemonte;Torino;TO;A074;2.644;ITC\r\n"
	    "04;021;021; 008 ;021008;Bolzano/Bozen;Bolzano;Bozen;2;Nord-est;"
	    "Trentino-Alto Adige/S\xfc"
	    "dtirol;Bolzano/Bozen;BZ;A952;102.575;ITH\r\n",
	    NULL);
	g_autofree char *findings = findings_of(report);
	g_autoptr(Unit) aglie = find_unit(&shop, "agliè");
	g_autoptr(Unit) bolzano = find_unit(&shop, "bozen");

	g_assert_cmpint(report->format, ==, REGISTRY_ISTAT);
	g_assert_cmpstr(report->charset, ==, "windows-1252");
	g_assert_cmpstr(findings, ==, "census-old");
	g_assert_cmpstr(aglie->istat_code, ==, "001001");
	g_assert_cmpint(aglie->population, ==, 2644);
	g_assert_cmpstr(bolzano->region, ==, "Trentino-Alto Adige/Südtirol");
	g_assert_cmpstr(bolzano->province, ==, "Bolzano/Bozen");
	g_assert_cmpstr(bolzano->lang, ==, "");
	g_assert_cmpint(bolzano->population, ==, 102575);
}

/* The population of 2011 does not replace that of 2021, which decides what a town is asked. */
static void
test_census(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) first = take_list(
	    &shop, "istat_code,cadastral_code,name,population\n001001,A074,Agliè,2562\n", NULL);
	g_autoptr(ImportReport) report = take_list(&shop,
	    ISTAT_2020
	    "01;201;001; 001 ;001001;Agli\xe8;Agli\xe8;;1;Nord-ovest;Piemonte;Torino;TO;A074;2.644;ITC\r\n",
	    NULL);
	g_autoptr(Unit) aglie = find_unit(&shop, "A074");

	g_assert_cmpuint(report->changed, ==, 1);
	g_assert_cmpstr(aglie->region, ==, "Piemonte");
	g_assert_cmpint(aglie->population, ==, 2562);
}

static void
test_lost_letter(void)
{
	static const char list[] =
	    "Codice Comune formato alfanumerico;Denominazione in italiano;Denominazione altra lingua;"
	    "Denominazione Regione;Sigla automobilistica;Codice Catastale del comune\r\n"
	    "031022;Savogna d'Isonzo;Sovodnje ob So?i;Friuli-Venezia Giulia;GO;I479\r\n";
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) first = take_list(&shop, list, NULL);
	g_autoptr(ImportReport) good = take_list(&shop,
	    "istat_code,cadastral_code,name,name_other\n"
	    "031022,I479,Savogna d'Isonzo,Sovodnje ob Soči\n",
	    NULL);
	g_autoptr(ImportReport) again = take_list(&shop, list, NULL);
	g_autofree char *findings = findings_of(again);
	g_autoptr(Unit) unit = find_unit(&shop, "sovodnje");

	g_assert_cmpuint(first->added, ==, 1);
	g_assert_cmpuint(good->changed, ==, 1);
	g_assert_cmpuint(again->changed, ==, 0);
	g_assert_cmpstr(findings, ==, "name-lost-letter:2 population-missing");
	g_assert_cmpstr(unit->name_other, ==, "Sovodnje ob Soči");
	g_assert_cmpstr(unit->lang, ==, "");
}

static void
test_resaved(void)
{
	static const char *const lists[] = {
		/* UTF-8 with BOM */
		"\xef\xbb\xbf"
		"Codice Comune formato alfanumerico;Denominazione in italiano;Codice Catastale del comune;x\n"
		"001001;Agliè;A074;\n",
		/* comma, other capitals, blanks in the header */
		"CODICE COMUNE  FORMATO ALFANUMERICO ,Denominazione in italiano,codice catastale del comune\r\n"
		"001001,\"Agliè\",a074\r\n",
		/* SITUAS */
		"\xef\xbb\xbf"
		"Codice Comune (alfanumerico);Comune (dizione italiana);Comune (dizione straniera);Codice catasto\n"
		"001001;Agliè;;A074\n",
		/* decomposed accents, tabs, no-break space */
		"Codice Comune formato alfanumerico\tDenominazione in italiano\tCodice Catastale del comune\n"
		" 001001 \tAglie\xcc\x80\xc2\xa0\tA074\n",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
		g_auto(Workshop) shop = workshop_new();
		g_autoptr(ImportReport) report = take_list(&shop, lists[i], NULL);
		g_autoptr(Unit) unit = find_unit(&shop, "A074");

		g_assert_cmpint(report->format, ==, REGISTRY_ISTAT);
		g_assert_cmpuint(report->added, ==, 1);
		g_assert_cmpstr(unit->name, ==, "Agliè");
	}
}

#define IPA                                                                                        \
	"_id,Codice_IPA,Denominazione_ente,Codice_fiscale_ente,Codice_Categoria,"                  \
	"Ente_in_liquidazione,Nome_responsabile,Cognome_responsabile,Titolo_responsabile,"         \
	"Codice_comune_ISTAT,Codice_catastale_comune,CAP,Mail1,Tipo_Mail1,Mail2,Tipo_Mail2,"       \
	"Mail3,Tipo_Mail3\n"

static void
test_ipa(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) first = take_list(&shop, PLICO_LIST, NULL);
	g_autoptr(ImportReport) report = take_list(&shop,
	    IPA
	    /* under the town's code, but not the town */
	    "1,cit,Consorzio Intercomunale Torinese,11111111111,L6,,Ida,Montefosco,Presidente,001272,L219,10121,cit@pec.example,Pec,,,,\n"
	    "2,c_L219,Comune di Torino,00514490010,L6,,BRUNA,D'ESEMPIO,SINDACO,001272,L219,10100,PROTOCOLLO@torino.example,Pec,,,,\n"
	    "3,c_l219x,Comune di Torino - Istituzione Musei,22222222222,L6,,,,,001272,L219,10121,m@pec.example,Pec,,,,\n"
	    "4,c_i962,Comune di Stornara,,L6,,Ivo,Negrefinto,Sindaco,071054,,71047,ragioneria@stornara.example,Pec,i@stornara.example,Altro,protocollo@stornara.example,Pec\n"
	    "5,c_i937q,Comune di Staletti',,L6,,ugo,de cortefinta,Commissario prefettizio,079143,I937,88071,bad@@x.example,Pec,info@staletti.example,Altro,,\n"
	    "6,uc,Unione dei Comuni,,L18,,,,,071054,I962,,u@pec.example,Pec,,,,\n"
	    "7,sc,Scuola,,L33,,,,,071054,I962,,s@pec.example\n"
	    "8,c_x,Comune di Atlantide,,L6,,,,,999999,X999,,a@pec.example,Pec,,,,\n"
	    "9,c_y,Comune di Stornara,,L6,,,,,071054,I962,,b@pec.example,Pec,,,,\n",
	    NULL);
	g_autofree char *findings = findings_of(report);
	g_autofree char *torino = addresses_of(&shop, "L219");
	g_autofree char *stornara = addresses_of(&shop, "I962");
	g_autofree char *staletti = addresses_of(&shop, "I937");
	g_autoptr(Unit) one = find_unit(&shop, "L219");
	g_autoptr(Unit) other = find_unit(&shop, "I937");

	g_assert_cmpint(report->format, ==, REGISTRY_IPA);
	g_assert_cmpstr(findings, ==,
	    "entity-other:2 entity-other:4 pec-choice:5 address-invalid:6 address-missing:6 "
	    "unit-unknown:9 entity-duplicate:10");
	g_assert_cmpuint(report->passed_over, ==, 4);
	g_assert_cmpuint(report->refused, ==, 2);
	g_assert_cmpuint(report->added + report->gone, ==, 0);
	/* the spelling that is known stays; what the lists of towns know better too */
	g_assert_cmpstr(torino, ==, "pec:Protocollo@torino.example");
	g_assert_cmpstr(one->zip, ==, "10121");
	g_assert_cmpstr(one->mayor, ==, "Sindaco Bruna D'Esempio");
	g_assert_cmpstr(one->ipa_code, ==, "c_L219");
	/* IPA's protocol office first, then its others, then what another list said, then ordinary mail */
	g_assert_cmpstr(stornara, ==,
	    "pec:protocollo@stornara.example pec:ragioneria@stornara.example "
	    "pec:p@stornara.example mail:i@stornara.example");
	g_assert_cmpstr(staletti, ==, "mail:info@staletti.example");
	g_assert_cmpstr(other->zip, ==, "88071");
	g_assert_cmpstr(other->mayor, ==, "Commissario prefettizio Ugo De Cortefinta");
}

/* Two lists of addresses: each stays what it is when either is imported again. */
static void
test_two_sources(void)
{
	static const char ipa[] = IPA
	    "4,c_i962,Comune di Stornara,,L6,,,,,071054,I962,71047,protocollo@stornara.example,Pec,p@stornara.example,Pec,,\n";
	static const char less[] = IPA
	    "4,c_i962,Comune di Stornara,,L6,,,,,071054,I962,71047,protocollo@stornara.example,Pec,,,,\n";
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) one = take_list(&shop, PLICO_LIST, NULL);
	g_autoptr(ImportReport) two = take_list(&shop, ipa, NULL);
	g_autoptr(ImportReport) three = take_list(&shop, PLICO_LIST, NULL);
	g_autoptr(ImportReport) four = take_list(&shop, ipa, NULL);
	g_autofree char *both = addresses_of(&shop, "I962");
	g_autoptr(ImportReport) five = take_list(&shop, less, NULL);
	g_autofree char *fewer = addresses_of(&shop, "I962");
	g_autoptr(ImportReport) six = take_list(&shop, PLICO_LIST, NULL);
	g_autofree char *again = addresses_of(&shop, "I962");

	g_assert_cmpuint(two->contacts_added, ==, 1);
	g_assert_cmpuint(two->contacts_changed, ==, 1);
	g_assert_cmpuint(three->changed + three->contacts_added + three->contacts_changed, ==, 0);
	g_assert_cmpuint(four->changed + four->contacts_added + four->contacts_changed, ==, 0);
	g_assert_cmpstr(both, ==, "pec:protocollo@stornara.example pec:p@stornara.example");
	g_assert_cmpuint(five->contacts_gone, ==, 1);
	g_assert_cmpstr(fewer, ==, "pec:protocollo@stornara.example");
	g_assert_cmpuint(six->contacts_added, ==, 1);
	g_assert_cmpstr(again, ==, both);
	g_assert_nonnull(one);
}

#define FORMER                                                                                     \
	"cod_amm\tdes_amm\tComune\tnome_resp\tcogn_resp\tCap\tProvincia\ttitolo_resp\t"            \
	"tipologia_istat\tCf\tmail1\ttipo_mail1\tmail2\ttipo_mail2\n"
#define TOWNS "Comuni e loro Consorzi e Associazioni"

static void
test_former(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) first = take_list(&shop, PLICO_LIST, NULL);
	g_autoptr(ImportReport) report = take_list(&shop,
	    FORMER
	    /* its name is another, its tax code the town's */
	    "c_l219\tCitta' di Torino\tTORINO (TO)\tnull\tnull\t10121\tTO\tSindaco\t" TOWNS
	    "\t00514490010\tPROTOCOLLO@TORINO.EXAMPLE\tpec\tnull\tnull\n"
	    "c_i937q\tComune di Staletti'\tStaletti'\tUgo\tCortefinta\tnull\tCZ\tSindaco\t" TOWNS
	    "\tnull\tSINDACO@STALETTI.EXAMPLE\tpec\tnull\tnull\n"
	    "c_x\tComune di Torino\tTorino\tnull\tnull\tnull\tRM\tnull\t" TOWNS
	    "\tnull\tx@x.example\tpec\tnull\tnull\n"
	    "uc\tUnione dei Comuni\tStornara\tnull\tnull\tnull\tFG\tnull\t" TOWNS
	    "\tnull\tu@x.example\tpec\tnull\tnull\n"
	    "sc\tScuola\tTorino\tnull\tnull\tnull\tTO\tnull\tScuole\tnull\ts@x.example\tpec\tnull\tnull\n",
	    NULL);
	g_autofree char *findings = findings_of(report);
	g_autofree char *torino = addresses_of(&shop, "L219");
	g_autofree char *staletti = addresses_of(&shop, "I937");
	g_autoptr(Unit) one = find_unit(&shop, "L219");
	g_autoptr(Unit) other = find_unit(&shop, "I937");

	g_assert_cmpint(report->format, ==, REGISTRY_IPA_FORMER);
	g_assert_cmpstr(findings, ==, "unit-unknown:4 entity-other:5");
	g_assert_cmpuint(report->passed_over, ==, 2);
	g_assert_cmpstr(torino, ==, "pec:Protocollo@torino.example");
	g_assert_cmpstr(one->mayor, ==, "");
	g_assert_cmpstr(staletti, ==, "pec:SINDACO@staletti.example");
	g_assert_cmpstr(other->mayor, ==, "Sindaco Ugo Cortefinta");
	g_assert_cmpstr(other->zip, ==, "");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/formats/istat-in-cp1252-with-line-feeds-in-its-header", test_istat);
	g_test_add_func("/formats/an-old-census-replaces-no-newer-one", test_census);
	g_test_add_func("/formats/a-lost-letter-replaces-no-known-name", test_lost_letter);
	g_test_add_func("/formats/istat-as-others-saved-it", test_resaved);
	g_test_add_func("/formats/ipa-gives-towns-their-addresses-and-nobody-else", test_ipa);
	g_test_add_func("/formats/two-sources-of-addresses-come-to-rest", test_two_sources);
	g_test_add_func("/formats/former-ipa-by-tax-code-name-and-province", test_former);
	return g_test_run();
}

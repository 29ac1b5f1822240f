#include "workshop.h"

#include "base/error.h"

static GBytes *
letter(const Workshop *shop, const Unit *unit)
{
	LetterContext context = shop_letter(shop, unit);
	g_autoptr(GError) error = NULL;
	GBytes *pdf = renderer_letter(shop->renderer, "invitation", "it", &context, &error);

	g_assert_no_error(error);
	return pdf;
}

static void
test_says(Workshop *shop, gconstpointer data)
{
	static char mayor[] = "Čedomir Žužek";
	g_autofree char *code = keyring_access_code(shop->keyring, "k1", "mappa-2024", "I939", 1);
	g_autoptr(GBytes) pdf = NULL;
	g_autofree char *text = NULL;
	const char *expected[] = { "ANCI - Associazione Nazionale Comuni Italiani",
		"Roma, 11 luglio 2024", "Al Sindaco del Comune di",
		"Savogna d'Isonzo/Sovodnje ob Soči", "Gentile Sindaco Čedomir Žužek,", "volontaria",
		"Sezione 7: Governance e innovazione", "entro il 18 ottobre 2024", code,
		"06 000 0000", "autentica", "Informativa sul trattamento", "Il Segretario Generale",
		"Pagina 1 di 2", "Pagina 2 di 2" };

	(void)data;
	shop->large.mayor = mayor;
	pdf = letter(shop, &shop->large);
	text = shop_text(shop, pdf);
	for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
		if (strstr(text, expected[i]) == NULL)
			g_test_message("the letter does not say “%s”", expected[i]);
		g_assert_nonnull(strstr(text, expected[i]));
	}
}

static void
test_same(Workshop *shop, gconstpointer data)
{
	g_autoptr(GBytes) first = letter(shop, &shop->large);
	g_autoptr(GBytes) again = letter(shop, &shop->large);
	g_autoptr(GBytes) other = letter(shop, &shop->small);

	(void)data;
	g_assert_true(g_bytes_equal(first, again));
	g_assert_false(g_bytes_equal(first, other));
}

static void
test_sound(Workshop *shop, gconstpointer data)
{
	static const char *const check[] = { "qpdf", "--check", "@", NULL };
	static const char *const info[] = { "pdfinfo", "@", NULL };
	g_autoptr(GBytes) pdf = letter(shop, &shop->small);
	g_autofree char *said = shop_ask(shop, pdf, check);
	g_autofree char *about = shop_ask(shop, pdf, info);

	(void)data;
	g_assert_nonnull(strstr(said, "No syntax or stream encoding errors"));
	g_assert_nonnull(strstr(about, "Tagged:          yes"));
	g_assert_nonnull(strstr(about, "Page size:       595.276 x 841.89 pts (A4)"));
	g_assert_cmpuint(g_bytes_get_size(pdf), <, 50 * 1024);
}

/* A long text goes on over pages; none of it is lost. */
static void
test_long(Workshop *shop, gconstpointer data)
{
	g_autoptr(GString) source = g_string_new("# Prova\n\n");
	LetterContext context = shop_letter(shop, &shop->small);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) pdf = NULL;
	g_autofree char *text = NULL;

	(void)data;
	for (int i = 0; i < 120; i++)
		g_string_append_printf(source,
		    "Paragrafo %d con **parole in grassetto** e *in corsivo*, `codice`, "
		    "abbastanza lungo da stare su due righe del foglio.\n\n",
		    i);
	shop_write(shop, "mailtemplates/it/trial.letter.md", source->str);
	pdf = renderer_letter(shop->renderer, "trial", "it", &context, &error);
	g_assert_no_error(error);
	text = shop_text(shop, pdf);
	for (int i = 0; i < 120; i++) {
		g_autofree char *wanted =
		    g_strdup_printf("Paragrafo %d con parole in grassetto", i);

		g_assert_nonnull(strstr(text, wanted));
	}
	g_assert_nonnull(strstr(text, "Pagina 6 di"));
}

static void
test_code_needs_serial(Workshop *shop, gconstpointer data)
{
	LetterContext context = shop_letter(shop, &shop->small);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) pdf = NULL;

	(void)data;
	context.serial = 0;
	pdf = renderer_letter(shop->renderer, "invitation", "it", &context, &error);
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	g_assert_null(pdf);
}

/* The whole letter in the first language, then in the second, each naming the town in its own. */
static void
test_two_languages(Workshop *shop, gconstpointer data)
{
	static const struct {
		const char *lang;
		const char *first;
		const char *second;
		const char *tagged;
	} table[] = {
		{ "de+it", "Gemeinde Sovodnje ob Soči", "Comune di Savogna d'Isonzo",
		    "/Lang (it)" },
		{ "it+fr", "Comune di Savogna d'Isonzo", "Commune de Sovodnje ob Soči",
		    "/Lang (fr)" },
		{ "it+sl", "Comune di Savogna d'Isonzo", "Občina Sovodnje ob Soči", "/Lang (sl)" },
	};
	static const char *const info[] = { "pdfinfo", "@", NULL };
	static const char *const tree[] = { "qpdf", "--qdf", "--object-streams=disable", "@", "-",
		NULL };

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		LetterContext context = shop_letter(shop, &shop->large);
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) pdf =
		    renderer_letter(shop->renderer, "invitation", table[i].lang, &context, &error);
		g_autofree char *code =
		    keyring_access_code(shop->keyring, "k1", "mappa-2024", "I939", 1);
		g_autofree char *text = NULL;
		g_autofree char *about = NULL;
		g_autofree char *structure = NULL;
		const char *first;
		const char *second;

		g_assert_no_error(error);
		text = shop_text(shop, pdf);
		about = shop_ask(shop, pdf, info);
		structure = shop_ask(shop, pdf, tree);
		g_assert_nonnull(strstr(structure, table[i].tagged));
		first = strstr(text, table[i].first);
		second = strstr(text, table[i].second);
		g_assert_nonnull(first);
		g_assert_nonnull(second);
		g_assert_true(first < second);
		g_assert_true(strstr(text, code) < second);
		g_assert_nonnull(strstr(second, code));
		g_assert_nonnull(strstr(about, "Pages:           4\n"));
		g_assert_null(strstr(text, "Savogna d'Isonzo/Sovodnje"));
		g_assert_nonnull(strstr(text, "4 di 4") ?: strstr(text, "4 sur 4") ?: strstr(text, "4 od 4"));
	}
}

/* The registry has a title with the name; whoever is no mayor is not called one. */
static void
test_head_of_town(Workshop *shop, gconstpointer data)
{
	static const struct {
		const char *lang;
		const char *mayor;
		const char *says[3];
	} table[] = {
		{ "it", "Sindaco Bruna D'Esempio",
		    { "Al Sindaco del Comune di", "  Bruna D'Esempio",
			"Gentile Sindaco Bruna D'Esempio," } },
		{ "it", "Commissario prefettizio Ugo Finta",
		    { "Al Comune di", "  Commissario prefettizio Ugo Finta",
			"Gentile Commissario prefettizio Ugo Finta," } },
		{ "de", "Sindaca Ada Probe",
		    { "An die Bürgermeisterin der Gemeinde", "  Ada Probe",
			"Sehr geehrte Frau Bürgermeisterin Ada Probe," } },
		{ "fr", "",
		    { "À la Syndique / Au Syndic de la", "Commune de Sovodnje",
			"Madame la Syndique, Monsieur le Syndic," } },
		{ "sl", "Commissario Ugo Finta",
		    { "Občini", "Commissario Ugo Finta", "Spoštovani!" } },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *mayor = g_strdup(table[i].mayor);
		LetterContext context = shop_letter(shop, &shop->large);
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) pdf = NULL;
		g_autofree char *text = NULL;

		shop->large.mayor = mayor;
		pdf =
		    renderer_letter(shop->renderer, "invitation", table[i].lang, &context, &error);
		g_assert_no_error(error);
		text = shop_text(shop, pdf);
		for (gsize k = 0; k < G_N_ELEMENTS(table[i].says); k++) {
			g_test_message("%s: %s", table[i].lang, table[i].says[k]);
			g_assert_nonnull(strstr(text, table[i].says[k]));
		}
		g_assert_null(strstr(text, "Sindaco Sindaco"));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add(
	    "/letter/says-what-a-mayor-needs", Workshop, NULL, shop_open, test_says, shop_close);
	g_test_add("/letter/same-input-gives-the-same-bytes", Workshop, NULL, shop_open, test_same,
	    shop_close);
	g_test_add(
	    "/letter/is-sound-tagged-and-small", Workshop, NULL, shop_open, test_sound, shop_close);
	g_test_add("/letter/goes-on-over-pages-and-loses-nothing", Workshop, NULL, shop_open,
	    test_long, shop_close);
	g_test_add("/letter/the-code-of-no-credential-is-refused", Workshop, NULL, shop_open,
	    test_code_needs_serial, shop_close);
	g_test_add("/letter/stands in two languages in one file", Workshop, NULL, shop_open,
	    test_two_languages, shop_close);
	g_test_add("/letter/greets whoever is at the head of the town", Workshop, NULL, shop_open,
	    test_head_of_town, shop_close);
	return g_test_run();
}

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
	return g_test_run();
}

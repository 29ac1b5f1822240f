/* A letter is a stem that others share and an update of its own: what is in which, and that no letter depends on those
 * that were made before it. */
#include "workshop.h"

#include "base/error.h"

static GBytes *
make(Renderer *renderer, const char *kind, const char *lang, const LetterContext *context,
    Stem **stem)
{
	g_autoptr(GError) error = NULL;
	GBytes *update = renderer_letter_update(renderer, kind, lang, context, stem, &error);

	g_assert_no_error(error);
	return update;
}

static GBytes *
whole(Renderer *renderer, const char *lang, const LetterContext *context)
{
	g_autoptr(GError) error = NULL;
	GBytes *pdf = renderer_letter(renderer, "invitation", lang, context, &error);

	g_assert_no_error(error);
	return pdf;
}

static Renderer *
fresh(const Workshop *shop)
{
	g_autoptr(GError) error = NULL;
	Renderer *renderer = renderer_new(shop->config, shop->keyring, shop->form, &error);

	g_assert_no_error(error);
	return renderer;
}

static void
expect_sound(const Workshop *shop, GBytes *pdf)
{
	static const char *const check[] = { "qpdf", "--check", "@", NULL };
	g_autofree char *said = shop_ask(shop, pdf, check);

	g_assert_nonnull(strstr(said, "No syntax or stream encoding errors"));
	g_assert_null(strstr(said, "WARNING"));
}

static void
expect_order(const char *text, const char *const *words)
{
	for (gsize i = 0; words[i] != NULL; i++) {
		const char *found = strstr(text, words[i]);

		if (found == NULL)
			g_test_message("“%s” is not there, or not in its place", words[i]);
		g_assert_nonnull(found);
		text = found + strlen(words[i]);
	}
}

/* "raw" is the order of the pages' content. */
static char *
raw_text(const Workshop *shop, GBytes *pdf)
{
	static const char *const words[] = { "pdftotext", "-raw", "@", "-", NULL };

	return shop_ask(shop, pdf, words);
}

/* --- what is shared ------------------------------------------------------------------------------------- */

static void
test_share(Workshop *shop, gconstpointer data)
{
	static char mayor[] = "Sindaco Aldo Finto";
	static char other_mayor[] = "Sindaco Ugo Esempio";
	Unit other = shop_unit("A944", "Bologna", "", 25000);
	LetterContext one = shop_letter(shop, &shop->large);
	LetterContext two = shop_letter(shop, &other);
	g_autoptr(Stem) stem = NULL;
	g_autoptr(Stem) other_stem = NULL;
	g_autoptr(GBytes) update = NULL;
	g_autoptr(GBytes) other_update = NULL;
	g_autoptr(GBytes) pdf = NULL;
	g_autofree char *text = NULL;

	(void)data;
	shop->large.name_other = shop->large.mayor; /* none */
	shop->large.mayor = mayor;
	other.mayor = other_mayor;
	update = make(shop->renderer, "invitation", "it", &one, &stem);
	other_update = make(shop->renderer, "invitation", "it", &two, &other_stem);
	g_assert_true(stem == other_stem);
	g_assert_false(g_bytes_equal(update, other_update));
	g_assert_cmpuint(g_bytes_get_size(update), <, 6000);
	/* the stem says nothing of either */
	text = shop_text(shop, stem->bytes);
	for (gsize i = 0; i < 4; i++) {
		static const char *const own[] = { "Savogna", "Finto", "Bologna", "GO" };

		g_assert_null(strstr(text, own[i]));
	}
	g_assert_nonnull(strstr(text, "volontaria"));
	pdf = stem_join(stem, update);
	expect_sound(shop, pdf);
	expect_sound(shop, stem->bytes);
}

/* In the pages' content the personal parts stand where they are read, not behind the rest. */
static void
test_order(Workshop *shop, gconstpointer data)
{
	static char mayor[] = "Sindaco Aldo Finto";
	static const char *const words[] = { "Roma, 11 luglio 2024", "Al Sindaco del Comune di",
		"Aldo Finto", "Oggetto:", "Gentile Sindaco Aldo Finto,", "volontaria",
		"Codice di accesso", "Per chiarimenti", NULL };
	LetterContext context = shop_letter(shop, &shop->large);
	g_autoptr(GBytes) pdf = NULL;
	g_autofree char *text = NULL;

	(void)data;
	shop->large.mayor = mayor;
	pdf = whole(shop->renderer, "it", &context);
	text = raw_text(shop, pdf);
	expect_order(text, words);
}

/* --- no letter depends on another ----------------------------------------------------------------------- */

static void
test_alone(Workshop *shop, gconstpointer data)
{
	static char mayors[][40] = { "", "Sindaca Ada Probe", "Čedomir Žužek",
		"Niccolò Dalla Città" };
	static const char *const langs[] = { "it", "de+it", "fr", "it+sl" };

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(mayors) * G_N_ELEMENTS(langs); i++) {
		const char *lang = langs[i % G_N_ELEMENTS(langs)];
		LetterContext context = shop_letter(shop, i % 3 == 0 ? &shop->small : &shop->large);
		g_autoptr(Renderer) renderer = fresh(shop);
		g_autoptr(GBytes) alone = NULL;
		g_autoptr(GBytes) among = NULL;

		shop->small.mayor = shop->large.mayor = mayors[i / G_N_ELEMENTS(langs)];
		alone = whole(renderer, lang, &context);
		among = whole(shop->renderer, lang, &context);
		g_assert_true(g_bytes_equal(alone, among));
	}
}

/* More shapes than are kept: what was forgotten comes out the same again. */
static void
test_forgotten(Workshop *shop, gconstpointer data)
{
	enum { DAYS = 70 };
	LetterContext context = shop_letter(shop, &shop->small);
	const gint64 first = context.date;
	g_autoptr(Stem) kept = NULL;
	g_autoptr(Stem) again = NULL;
	g_autoptr(GBytes) update = make(shop->renderer, "invitation", "it", &context, &kept);
	g_autoptr(GBytes) same = NULL;

	(void)data;
	for (gint64 day = 1; day <= DAYS; day++) {
		g_autoptr(GBytes) pdf = NULL;

		context.date = first + day * 86400;
		pdf = whole(shop->renderer, "it", &context);
		g_assert_nonnull(pdf);
	}
	context.date = first;
	same = make(shop->renderer, "invitation", "it", &context, &again);
	g_assert_true(kept != again);
	g_assert_true(g_bytes_equal(kept->bytes, again->bytes));
	g_assert_true(g_bytes_equal(update, same));
}

/* --- what may be personal -------------------------------------------------------------------------------- */

static const char trial[] =
    "# Lettera per {comune}\n\n{saluto}\n\n"
    "Comune di **{comune}**, *{popolazione}* abitanti, `{codice}`: "
    "un paragrafo che va oltre la fine della riga e dunque ne prende almeno due, se non tre, del foglio.\n\n"
    "> Protocollo {protocollo}\n>\n> secondo capoverso\n\n"
    "## Per {ente}\n\n"
    "1. prima voce\n2. voce di {comune}\n\n"
    "{elenco_mancanti}\n\n"
    "    codice riga uno\n    codice riga due\n\n"
    "[il sito](https://mappa.example/guida)\n\n"
    "{riquadro_codice}\n\n{firma}\n";

static void
test_everywhere(Workshop *shop, gconstpointer data)
{
	static const char *const words[] = { "Oggetto: Lettera per Savogna", " abitanti",
		"Protocollo 12/2024\n", "secondo capoverso", "Per Comune di Savogna", "1.",
		"prima voce", "2.", "voce di Savogna", "Sezione 1", "Sezione 7", "codice riga uno",
		"codice riga due", "il sito (https://mappa.example/guida)", "Codice di accesso",
		NULL };
	static const char *const about[] = { "sh", "-c", "pdfinfo \"$0\"; pdfinfo -meta \"$0\"",
		"@", NULL };
	Unit other = shop_unit("A944", "Bologna", "", 300);
	LetterContext one = shop_letter(shop, &shop->large);
	LetterContext two = shop_letter(shop, &other);
	g_autoptr(Stem) stem = NULL;
	g_autoptr(Stem) other_stem = NULL;
	g_autoptr(GBytes) update = NULL;
	g_autoptr(GBytes) other_update = NULL;
	g_autoptr(GBytes) pdf = NULL;
	g_autofree char *text = NULL;
	g_autofree char *said = NULL;

	(void)data;
	shop_write(shop, "mailtemplates/it/trial.letter.md", trial);
	one.reference = "12/2024";
	two.reference = "13/2024";
	one.missing = two.missing = shop->form->sections;
	update = make(shop->renderer, "trial", "it", &one, &stem);
	other_update = make(shop->renderer, "trial", "it", &two, &other_stem);
	pdf = stem_join(stem, update);
	expect_sound(shop, pdf);
	text = shop_text(shop, pdf);
	expect_order(text, words);
	said = shop_ask(shop, pdf, about);
	g_assert_nonnull(
	    strstr(said, "Title:           Lettera per Savogna d'Isonzo/Sovodnje ob Soči\n"));
	g_assert_nonnull(
	    strstr(said, "x-default\">Lettera per Savogna d&apos;Isonzo/Sovodnje ob Soči<"));
	/* they differ in the faces' repertoire only: č */
	g_assert_false(stem == other_stem);
	other.name_other = shop->large.name_other;
	g_clear_pointer(&other_stem, stem_unref);
	g_clear_pointer(&other_update, g_bytes_unref);
	other_update = make(shop->renderer, "trial", "it", &two, &other_stem);
	g_assert_true(stem == other_stem);
}

/* Texts that a registry may hold, or a person who means harm. */
static void
test_hostile(Workshop *shop, gconstpointer data)
{
	static char strange[][60] = { ")", "\\", "a\\) Tj ET (b", "<41> Tj", "%hole",
		"endstream endobj", "EMC /P <</MCID 0>> BDC", "riga\rriga\nriga\t",
		"<script>&amp;</script>]]>", "x \xff\xfe y", "\x7f\x1b[31m", "{codice}",
		"**forte** [x](http://x.example)" };

	(void)data;
	shop_write(shop, "mailtemplates/it/trial.letter.md", trial);
	for (gsize i = 0; i < G_N_ELEMENTS(strange); i++) {
		LetterContext context = shop_letter(shop, &shop->small);
		g_autoptr(Stem) stem = NULL;
		g_autoptr(GBytes) update = NULL;
		g_autoptr(GBytes) pdf = NULL;

		shop->small.name = shop->small.mayor = shop->small.province_code = strange[i];
		context.reference = strange[i];
		update = make(shop->renderer, "trial", "it", &context, &stem);
		pdf = stem_join(stem, update);
		expect_sound(shop, pdf);
		if (i == 2) {
			g_autofree char *text = shop_text(shop, pdf);

			g_assert_nonnull(strstr(text, "Comune di a\\) Tj ET (b"));
		}
	}
}

/* A name that takes two lines moves what is below it: the same words, another template. */
static void
test_longer(Workshop *shop, gconstpointer data)
{
	static char longer[] =
	    "Commissario straordinario Maria Antonietta Guglielma della Rovere Colonna";
	LetterContext context = shop_letter(shop, &shop->small);
	g_autoptr(Stem) stem = NULL;
	g_autoptr(Stem) other_stem = NULL;
	g_autoptr(GBytes) update = NULL;
	g_autoptr(GBytes) other_update = NULL;
	g_autoptr(GBytes) pdf = NULL;
	g_autofree char *text = NULL;

	(void)data;
	update = make(shop->renderer, "invitation", "it", &context, &stem);
	shop->small.mayor = longer;
	other_update = make(shop->renderer, "invitation", "it", &context, &other_stem);
	g_assert_true(stem != other_stem);
	pdf = stem_join(other_stem, other_update);
	expect_sound(shop, pdf);
	text = raw_text(shop, pdf);
	g_assert_nonnull(strstr(text, "della Rovere Colonna,"));
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Workshop *, gconstpointer);
	} tests[] = {
		{ "/letter-update/towns share all but what is theirs", test_share },
		{ "/letter-update/content is in the order of reading", test_order },
		{ "/letter-update/no letter depends on those before it", test_alone },
		{ "/letter-update/what was forgotten comes out the same", test_forgotten },
		{ "/letter-update/any block may be personal", test_everywhere },
		{ "/letter-update/hostile texts stay texts", test_hostile },
		{ "/letter-update/a longer name moves what is below it", test_longer },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Workshop, NULL, shop_open, tests[i].test, shop_close);
	return g_test_run();
}

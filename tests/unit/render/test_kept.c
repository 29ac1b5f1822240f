/* What a renderer keeps from one reader to the next changes no byte of what it makes: each letter and each mail is what a
 * renderer makes that has made nothing else. */
#include "workshop.h"

#define READERS 60

/* A reader, as the dice have it. */
typedef struct {
	GString *name;
	GString *other;
	GString *mayor;
	GPtrArray *sections;
	GPtrArray *missing;
	gint64 size;
	gint64 days;
	const char *reference;
	const char *raised;
	const char *lang;
	Unit unit;
	LetterContext context;
} Reader;

static void
append_words(GRand *dice, GString *out, gint32 most)
{
	static const char *const words[] = { "Brè", "Sant'Agata", "San", "Giovanni", "in",
		"Montecatini-Val", "d'Isonzo", "Čedad", "Übersee", "(TO)", "Ò", "l'Àquila", "ÅŁ",
		"Roccabascerana" };
	gint32 count = g_rand_int_range(dice, 0, most);

	g_string_truncate(out, 0);
	for (gint32 i = 0; i < count; i++)
		g_string_append_printf(out, "%s%s", i > 0 ? " " : "",
		    words[g_rand_int_range(dice, 0, G_N_ELEMENTS(words))]);
}

static void
choose_sections(const Workshop *shop, GRand *dice, GPtrArray *out)
{
	guint32 chosen = g_rand_int(dice) & g_rand_int(dice);

	g_ptr_array_set_size(out, 0);
	for (guint i = 0; i < shop->form->sections->len; i++)
		if ((chosen >> i & 1) != 0)
			g_ptr_array_add(out, g_ptr_array_index(shop->form->sections, i));
}

static void
reader_open(Reader *reader)
{
	*reader = (Reader){ .lang = "it" };
	reader->name = g_string_new(NULL);
	reader->other = g_string_new(NULL);
	reader->mayor = g_string_new(NULL);
	reader->sections = g_ptr_array_new();
	reader->missing = g_ptr_array_new();
}

static void
reader_close(Reader *reader)
{
	g_string_free(reader->name, TRUE);
	g_string_free(reader->other, TRUE);
	g_string_free(reader->mayor, TRUE);
	g_ptr_array_unref(reader->sections);
	g_ptr_array_unref(reader->missing);
}

/* Each differs from the one before in a few things. */
static gboolean
changes(GRand *dice)
{
	return g_rand_int_range(dice, 0, 4) == 0;
}

static void
reader_roll(Reader *reader, const Workshop *shop, GRand *dice)
{
	static const char *const langs[] = { "it", "it", "de+it", "it+sl", "fr" };
	static const gint64 sizes[] = { -1, 300, 4999, 5000, 5001, 90000 };

	append_words(dice, reader->name, 12);
	append_words(dice, reader->mayor, 20);
	if (changes(dice))
		append_words(dice, reader->other, 3);
	if (changes(dice))
		choose_sections(shop, dice, reader->sections);
	if (changes(dice))
		choose_sections(shop, dice, reader->missing);
	if (changes(dice))
		reader->size = sizes[g_rand_int_range(dice, 0, G_N_ELEMENTS(sizes))];
	if (changes(dice))
		reader->reference = g_rand_boolean(dice) ? NULL : "12/2024";
	if (changes(dice))
		reader->raised = g_rand_boolean(dice) ? NULL : "rtd";
	if (changes(dice))
		reader->days = g_rand_int_range(dice, 0, 3);
	if (changes(dice))
		reader->lang = langs[g_rand_int_range(dice, 0, G_N_ELEMENTS(langs))];
	reader->unit = shop_unit("A944", reader->name->str, reader->other->str, reader->size);
	reader->unit.mayor = reader->mayor->str;
	reader->context = shop_letter(shop, &reader->unit);
	reader->context.serial = (guint)g_rand_int_range(dice, 1, 30);
	reader->context.date += 86400 * reader->days;
	reader->context.reference = reader->reference;
	reader->context.raised = reader->raised;
	reader->context.sections = reader->sections;
	reader->context.missing = reader->missing;
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
expect_letter(const Workshop *shop, const Reader *reader, const char *kind)
{
	g_autoptr(Renderer) renderer = fresh(shop);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) alone =
	    renderer_letter(renderer, kind, reader->lang, &reader->context, &error);
	g_autoptr(GBytes) among =
	    renderer_letter(shop->renderer, kind, reader->lang, &reader->context, &error);

	g_assert_no_error(error);
	g_assert_true(g_bytes_equal(alone, among));
}

static void
expect_mail(const Workshop *shop, const Reader *reader, const char *kind)
{
	g_autoptr(Renderer) renderer = fresh(shop);
	g_autoptr(GError) error = NULL;
	g_autoptr(MailText) alone =
	    renderer_mail(renderer, kind, reader->lang, &reader->context, &error);
	g_autoptr(MailText) among =
	    renderer_mail(shop->renderer, kind, reader->lang, &reader->context, &error);

	g_assert_no_error(error);
	g_assert_cmpstr(among->subject, ==, alone->subject);
	g_assert_cmpstr(among->text, ==, alone->text);
	g_assert_cmpstr(among->html, ==, alone->html);
}

static void
expect_all(const Workshop *shop, guint32 seed, guint count, const char *kind,
    void (*expect)(const Workshop *shop, const Reader *reader, const char *kind))
{
	g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
	Reader reader;

	reader_open(&reader);
	for (guint i = 0; i < count; i++) {
		reader_roll(&reader, shop, dice);
		expect(shop, &reader, kind);
	}
	reader_close(&reader);
}

static void
test_letters(Workshop *shop, gconstpointer data)
{
	(void)data;
	expect_all(shop, 1, READERS, "invitation", expect_letter);
}

/* Paragraphs that are not there for all, lists of any length before fixed ones, and a heading that is cut into two: pages end now
 * here, now there. */
static void
test_pages(Workshop *shop, gconstpointer data)
{
	g_autoptr(GString) text = g_string_new("# Lettera per {comune}\n\n{inoltro}\n\n");

	(void)data;
	g_string_append(text, "{elenco_mancanti}\n\n{elenco_sezioni}\n\n## ");
	for (guint i = 0; i < 150; i++)
		g_string_append(text, "titolo lungo ");
	g_string_append(text, "\n\n");
	for (guint i = 0; i < 14; i++)
		g_string_append_printf(text,
		    "Al %u capoverso, di **due righe** per chi ha `{casella}` e sa che le domande sono {numero_domande}.\n\n"
		    "%u. voce\n%u. voce di {data}\n\nSegue.\n\n{inoltro}\n\n{firma}\n\n",
		    i, i + 1, i + 2);
	g_string_append(
	    text, "{riquadro_codice}\n\n> citazione di {ente}\n>\n> senza nomi\n\n---\n");
	shop_write(shop, "mailtemplates/it/trial.letter.md", text->str);
	shop_write(shop, "mailtemplates/de/trial.letter.md", text->str);
	expect_all(shop, 2, READERS, "trial", expect_letter);
}

/* All on one page, however much what is above it takes. */
static void
test_page(Workshop *shop, gconstpointer data)
{
	(void)data;
	shop_write(shop, "mailtemplates/it/trial.letter.md",
	    "# Lettera\n\n{saluto}\n\nUna riga.\n\n{firma}\n");
	expect_all(shop, 5, READERS, "trial", expect_letter);
}

static void
test_mails(Workshop *shop, gconstpointer data)
{
	static const char *const kinds[] = { "invitation", "reminder", "reminder_last_call",
		"correction", "receipt", "thanks", "redirect" };

	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		expect_all(shop, 3 + i, READERS, kinds[i], expect_mail);
}

/* A text that says something else to each: what is kept of it is forgotten again and again. */
static void
test_many(Workshop *shop, gconstpointer data)
{
	Reader reader;
	g_autoptr(GRand) dice = g_rand_new_with_seed(4);

	(void)data;
	shop_write(shop, "mailtemplates/it/trial.md",
	    "# Per {comune}\n\nIl {data}.\n\n{elenco_sezioni}\n\n{saluto}\n\nFine.\n");
	reader_open(&reader);
	for (guint i = 0; i < READERS; i++) {
		reader_roll(&reader, shop, dice);
		reader.context.date += 86400 * (i % 40);
		reader.lang = "it";
		expect_mail(shop, &reader, "trial");
	}
	reader_close(&reader);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Workshop *, gconstpointer);
	} tests[] = {
		{ "/kept/letters are what a renderer makes first", test_letters },
		{ "/kept/so they are wherever pages end", test_pages },
		{ "/kept/so they are on a single page", test_page },
		{ "/kept/mails are what a renderer makes first", test_mails },
		{ "/kept/so are those of which nothing is kept", test_many },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Workshop, NULL, shop_open, tests[i].test, shop_close);
	return g_test_run();
}

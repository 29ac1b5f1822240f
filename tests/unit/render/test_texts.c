#include "workshop.h"

#include "base/error.h"

static MailText *
mail(const Workshop *shop, const char *kind, const LetterContext *context)
{
	g_autoptr(GError) error = NULL;
	MailText *text = renderer_mail(shop->renderer, kind, "it", context, &error);

	g_assert_no_error(error);
	return text;
}

/* Makes the mail "trial" of @source and expects an error whose message has @part. */
static void
expect_error(const char *file, const char *source, const char *part)
{
	Workshop shop = { 0 };
	LetterContext context;
	g_autoptr(GError) error = NULL;
	g_autofree char *name = g_strconcat("mailtemplates/it/", file, NULL);

	shop_open(&shop, NULL);
	context = shop_letter(&shop, &shop.large);
	shop_write(&shop, name, source);
	if (g_str_has_suffix(file, ".letter.md")) {
		g_autoptr(GBytes) pdf =
		    renderer_letter(shop.renderer, "trial", "it", &context, &error);

		g_assert_null(pdf);
	} else {
		g_autoptr(MailText) text =
		    renderer_mail(shop.renderer, "trial", "it", &context, &error);

		g_assert_null(text);
	}
	g_assert_nonnull(error);
	if (strstr(error->message, part) == NULL)
		g_test_message("%s: no “%s”", error->message, part);
	g_assert_nonnull(strstr(error->message, part));
	shop_close(&shop, NULL);
}

static void
test_errors(void)
{
	expect_error("trial.md", "# Ciao\n\nA {comune} e {comunne}.\n", "trial.md:3: {comunne}");
	expect_error("trial.md", "# Ciao\n\n{comune\n", "trial.md:3: “{comune”");
	expect_error("trial.md", "# Ciao\n\nfine }\n", "trial.md:3: “}”");
	expect_error("trial.md", "# Ciao\n\n{Comune}\n", "trial.md:3:");
	expect_error("trial.md", "# Ciao\n\n{codice}\n", "trial.md:3: the access code");
	expect_error("trial.md", "Ciao\n", "trial.md:1:");
	expect_error("trial.md", "", "trial.md:1:");
	expect_error("trial.md", "# Ciao\n\ntesto\n\n<div>x</div>\n", "trial.md:5: HTML");
	expect_error("trial.md", "# Ciao\n\nuna <b>parola</b>\n", "trial.md:3: HTML");
	expect_error("trial.md", "# Ciao\n\n![x](http://a.example/b.png)\n", "trial.md:3:");
	expect_error("trial.md", "# Ciao\n\n[x](http://a.example/{comune})\n", "trial.md:3:");
	expect_error("trial.md", "# Ciao\n\n\xff\n", "trial.md: ");
	expect_error("other.md", "# Ciao\n", "trial.md");
	expect_error("trial.letter.md", "# Ciao\n\n{codicee}\n", "trial.letter.md:3: {codicee}");
}

static void
test_shipped(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	(void)data;
	g_assert_true(renderer_check_texts(shop->renderer, "invitation", "it", TRUE, &error));
	g_assert_no_error(error);
	g_assert_true(renderer_check_texts(shop->renderer, "reminder", "sl", FALSE, &error));
	g_assert_no_error(error);
	g_assert_false(renderer_check_texts(shop->renderer, "reminder", "it", TRUE, &error));
	g_assert_nonnull(strstr(error->message, "reminder.letter.md"));
}

static void
test_check_finds(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	(void)data;
	shop_write(shop, "mailtemplates/it/reminder_in_progress.md", "# Ciao\n\n{oggi}\n");
	g_assert_false(renderer_check_texts(shop->renderer, "reminder", "it", FALSE, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	g_assert_nonnull(strstr(error->message, "reminder_in_progress.md:3: {oggi}"));
}

static void
test_text(Workshop *shop, gconstpointer data)
{
	LetterContext context = shop_letter(shop, &shop->large);
	g_autoptr(MailText) text = mail(shop, "invitation", &context);
	g_auto(GStrv) lines = g_strsplit(text->text, "\n", 0);

	(void)data;
	g_assert_cmpstr(
	    text->subject, ==, "Mappa dei Comuni Digitali: moduli per Savogna d'Isonzo/Sovodnje…");
	for (gsize i = 0; lines[i] != NULL; i++) {
		g_assert_cmpint(g_utf8_strlen(lines[i], -1), <=, 76);
		g_assert_false(g_str_has_suffix(lines[i], " "));
	}
	g_assert_nonnull(strstr(text->text, "\n- Sezione 4: Sicurezza\n"));
	g_assert_nonnull(strstr(text->text, "entro il 18 ottobre 2024"));
	g_assert_nonnull(strstr(text->text, "\n1. Aprire"));
	g_assert_null(strchr(text->text, '{'));
	g_assert_null(strstr(text->html, "src="));
	g_assert_null(strstr(text->html, "href="));
	g_assert_nonnull(strstr(text->html, "<html lang=\"it\">"));
	g_assert_nonnull(strstr(text->html, "<li>Sezione 4: Sicurezza</li>"));
}

static void
test_markup(Workshop *shop, gconstpointer data)
{
	Unit hostile = shop_unit(
	    "Z998", "*A* _b_ [c](http://d.example) <script>e</script> & `f`\n# g", "", 100);
	LetterContext context = shop_letter(shop, &hostile);
	g_autoptr(MailText) text = NULL;

	(void)data;
	shop_write(shop, "mailtemplates/it/trial.md", "# Prova\n\nComune di {comune}.\n");
	text = mail(shop, "trial", &context);
	g_assert_cmpstr(text->text, ==,
	    "Comune di *A* _b_ [c](http://d.example) <script>e</script> & `f` # g.\n");
	g_assert_null(strstr(text->html, "<script>"));
	g_assert_null(strstr(text->html, "<em>"));
	g_assert_null(strstr(text->html, "<a "));
	g_assert_null(strstr(text->html, "<code>"));
	g_assert_nonnull(strstr(text->html, "&lt;script&gt;"));
}

static void
test_subject(Workshop *shop, gconstpointer data)
{
	LetterContext context = shop_letter(shop, &shop->large);
	g_autoptr(MailText) text = NULL;
	g_autoptr(MailText) dense = NULL;

	(void)data;
	shop_write(shop, "mailtemplates/it/trial.md",
	    "# Un oggetto di parole **importanti**, che va ben oltre le sessantaquattro battute\n\nx\n");
	shop_write(shop, "mailtemplates/it/dense.md",
	    "# "
	    "àààààààààààààààààààààààààààààààààààààààààààààààààààààààààààààààààààààààààààààààà\n\nx\n");
	text = mail(shop, "trial", &context);
	dense = mail(shop, "dense", &context);
	g_assert_cmpstr(text->subject, ==, "Un oggetto di parole importanti, che va ben oltre le…");
	g_assert_cmpint(g_utf8_strlen(dense->subject, -1), ==, 64);
}

static void
test_progress(Workshop *shop, gconstpointer data)
{
	LetterContext context = shop_letter(shop, &shop->large);
	g_autoptr(GPtrArray) some = g_ptr_array_new();
	g_autoptr(MailText) silent = NULL;
	g_autoptr(MailText) begun = NULL;

	(void)data;
	context.serial = 0;
	context.missing = shop->form->sections;
	silent = mail(shop, "reminder", &context);
	g_assert_nonnull(strstr(silent->subject, "promemoria"));
	g_ptr_array_add(some, g_ptr_array_index(shop->form->sections, 2));
	g_ptr_array_add(some, g_ptr_array_index(shop->form->sections, 3));
	context.missing = some;
	begun = mail(shop, "reminder", &context);
	g_assert_nonnull(strstr(begun->subject, "sezioni mancanti"));
	g_strdelimit(begun->text, "\n", ' ');
	g_assert_nonnull(strstr(begun->text,
	    "mancano ancora:  - Sezione 3: Infrastruttura ICT - Sezione 4: Sicurezza "));
}

/* What is wrong, with the row of a table; and why it comes to somebody else. */
static void
test_correction(Workshop *shop, gconstpointer data)
{
	LetterContext context = shop_letter(shop, &shop->large);
	g_autoptr(GPtrArray) remarks = findings_new();
	g_autoptr(MailText) text = NULL;
	g_autoptr(MailText) raised = NULL;

	(void)data;
	context.serial = 0;
	context.missing = shop->form->sections;
	findings_add(remarks, SEVERITY_ERROR, "number", "q6_2", "%s", "");
	findings_add(remarks, SEVERITY_ERROR, "choice", "q6_7_pec", "%s", "");
	findings_add(remarks, SEVERITY_ERROR, "unconfirmed", "s3", "%s", "");
	context.remarks = remarks;
	text = mail(shop, "correction", &context);
	g_strdelimit(text->text, "\n", ' ');
	g_assert_nonnull(strstr(text->text, "- Domanda 6.2: Scrivere un numero in cifre"));
	g_assert_nonnull(strstr(text->text, "- Domanda 6.7 («PEC»): Scegliere una delle"));
	g_assert_nonnull(strstr(text->text, "- Sezione 3: Le risposte riportate"));
	context.raised = "secretary";
	raised = mail(shop, "reminder", &context);
	g_strdelimit(raised->text, "\n", ' ');
	g_assert_nonnull(strstr(raised->text, "Ci rivolgiamo alla Segreteria comunale perché"));
}

static void
test_holders(Workshop *shop, gconstpointer data)
{
	static char texts[][20] = { "s2", "s3", "s4", "Ada Bianchi", "CED", "ced@torino.example",
		"" };
	Delegation held[] = {
		{ .section = texts[0], .name = texts[3], .office = texts[4], .email = texts[5] },
		{ .section = texts[1], .name = texts[6], .office = texts[6], .email = texts[5] },
		{ .section = texts[2], .name = texts[6], .office = texts[4], .email = texts[5] },
	};
	LetterContext context = shop_letter(shop, &shop->large);
	g_autoptr(GPtrArray) delegations = g_ptr_array_new();
	g_autoptr(GPtrArray) some = g_ptr_array_new();
	g_autoptr(MailText) text = NULL;

	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(held); i++)
		g_ptr_array_add(delegations, &held[i]);
	for (guint i = 1; i < 5; i++)
		g_ptr_array_add(some, g_ptr_array_index(shop->form->sections, i));
	context.missing = some;
	context.delegations = delegations;
	shop_write(shop, "mailtemplates/it/trial.md", "# Prova\n\n{elenco_mancanti_con_chi}\n");
	text = mail(shop, "trial", &context);
	g_assert_nonnull(
	    strstr(text->html, " (affidata a Ada Bianchi, CED)</li>\n<li>Sezione 3: "));
	g_assert_nonnull(strstr(text->html, "ICT (affidata a ced@torino.example)</li>\n"));
	g_assert_nonnull(strstr(text->html, "<li>Sezione 4: Sicurezza (affidata a CED)</li>\n"));
	g_assert_nonnull(strstr(text->html, "</li>\n<li>Sezione 5: "));
	g_assert_null(strstr(strstr(text->html, "<li>Sezione 5: "), "affidata"));
}

static void
test_blocks(Workshop *shop, gconstpointer data)
{
	LetterContext context = shop_letter(shop, &shop->small);
	g_autoptr(MailText) text = NULL;

	(void)data;
	shop_write(shop, "mailtemplates/it/trial.md",
	    "# Prova\n\n> citato\n\n3. tre\n4. quattro\n\n---\n\n{informativa}\n\n"
	    "[ANCI](https://www.anci.example)\n\nriga\\\naltra\n\n    codice\n");
	text = mail(shop, "trial", &context);
	g_assert_cmpstr(text->text, ==,
	    "> citato\n\n3. tre\n4. quattro\n\n----\n\nANCI (https://www.anci.example)\n\n"
	    "riga\naltra\n\ncodice\n");
}

static int
by_name(gconstpointer one, gconstpointer other, gpointer data)
{
	(void)data;
	return strcmp(one, other);
}

/* The {names} in @source, each once, sorted; {ente} is {comune} where a language shortens its "of". */
static char *
names_of(const char *source)
{
	g_autoptr(GRegex) regex = g_regex_new("\\{[a-z_]+\\}", 0, 0, NULL);
	g_autoptr(GMatchInfo) info = NULL;
	g_autoptr(GTree) names = g_tree_new_full(by_name, NULL, g_free, NULL);
	g_autoptr(GString) list = g_string_new(NULL);

	for (g_regex_match(regex, source, 0, &info); g_match_info_matches(info);
	     g_match_info_next(info, NULL)) {
		char *name = g_match_info_fetch(info, 0);

		if (strcmp(name, "{ente}") == 0)
			g_free(name);
		else
			g_tree_insert(names, name, name);
	}
	for (GTreeNode *node = g_tree_node_first(names); node != NULL;
	     node = g_tree_node_next(node))
		g_string_append(list, g_tree_node_key(node));
	return g_string_free(g_steal_pointer(&list), FALSE);
}

/* What each block of @source begins with: "# p - p 1. p". */
static char *
blocks_of(const char *source)
{
	g_auto(GStrv) lines = g_strsplit(source, "\n", 0);
	g_autoptr(GString) kinds = g_string_new(NULL);

	for (gsize i = 0; lines[i] != NULL; i++) {
		const char *line = lines[i];
		gboolean begins = i == 0 || *lines[i - 1] == '\0' || strchr("#-", *line) != NULL;

		if (*line == '\0')
			continue;
		if (strchr("#-", *line) != NULL)
			g_string_append_c(kinds, *line);
		else if (g_regex_match_simple("^[0-9]+[.)] ", line, 0, 0))
			g_string_append_c(kinds, '1');
		else if (begins)
			g_string_append_c(kinds, 'p');
	}
	return g_string_free(g_steal_pointer(&kinds), FALSE);
}

static MailText *
mail_in(const Workshop *shop, const char *kind, const char *lang)
{
	LetterContext context = shop_letter(shop, &shop->large);
	g_autoptr(GError) error = NULL;
	MailText *text = renderer_mail(shop->renderer, kind, lang, &context, &error);

	g_assert_no_error(error);
	g_assert_cmpint(g_utf8_strlen(text->subject, -1), <=, 64);
	return text;
}

static void
test_languages(Workshop *shop, gconstpointer data)
{
	static const char *const subjects[][2] = { { "it", "promemoria per Savogna" },
		{ "de", "Erinnerung für Sovodnje" }, { "fr", "rappel pour Sovodnje" },
		{ "sl", "opomnik za Sovodnje" } };
	static const char *const kinds[] = { "invitation", "reminder", NULL };

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++) {
		g_autoptr(MailText) text = mail_in(shop, "reminder", subjects[i][0]);
		g_autofree char *html = g_strdup_printf("<html lang=\"%s\">", subjects[i][0]);

		g_assert_nonnull(strstr(text->subject, subjects[i][1]));
		g_assert_nonnull(strstr(text->html, html));
		for (gsize k = 0; kinds[k] != NULL; k++) {
			g_autoptr(GError) error = NULL;

			g_assert_true(renderer_check_texts(
			    shop->renderer, kinds[k], subjects[i][0], k == 0, &error));
			g_assert_no_error(error);
		}
	}
}

/* Each language has all texts, and they say the same: by the names that they use, and by their blocks. */
static void
test_complete(Workshop *shop, gconstpointer data)
{
	static const char *const files[] = { "invitation.letter.md", "invitation.md", "reminder.md",
		"reminder_in_progress.md", "sections.md", "withdrawal.md", "delegations.md" };
	static const char *const langs[] = { "it", "de", "fr", "sl" };

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *expected = NULL;
		g_autofree char *shape = NULL;

		for (gsize k = 0; k < G_N_ELEMENTS(langs); k++) {
			g_autofree char *name =
			    g_build_filename("mailtemplates", langs[k], files[i], NULL);
			g_autofree char *path = shop_path(shop, name);
			g_autofree char *source = NULL;
			g_autofree char *names = NULL;
			g_autofree char *blocks = NULL;

			g_test_message("%s", name);
			g_assert_true(g_file_get_contents(path, &source, NULL, NULL));
			names = names_of(source);
			blocks = blocks_of(source);
			if (k == 0) {
				expected = g_steal_pointer(&names);
				shape = g_steal_pointer(&blocks);
			} else {
				g_assert_cmpstr(names, ==, expected);
				g_assert_cmpstr(blocks, ==, shape);
			}
		}
	}
}

static void
test_two_languages(Workshop *shop, gconstpointer data)
{
	g_autoptr(MailText) text = mail_in(shop, "invitation", "de+it");
	const char *rule = strstr(text->text, "\n----");
	const char *other = strstr(text->html, "<div lang=\"it\">\n<h2>Mappa");

	(void)data;
	g_assert_cmpstr(
	    text->subject, ==, "Mappa dei Comuni Digitali: Formulare für Sovodnje ob Soči");
	g_assert_true(g_str_has_prefix(text->text, "Il testo in italiano segue.\n\nSehr geehrte"));
	g_assert_nonnull(rule);
	g_assert_nonnull(
	    strstr(rule, "\n\nMappa dei Comuni Digitali: moduli per Savogna d'Isonzo\n\nGentile"));
	g_assert_nonnull(strstr(text->text, "- Abschnitt 4: "));
	g_assert_nonnull(strstr(rule, "- Sezione 4: Sicurezza\n"));
	g_assert_nonnull(strstr(text->html, "<html lang=\"de\">"));
	g_assert_nonnull(other);
	g_assert_nonnull(strstr(other, "<li>Sezione 4: Sicurezza</li>"));
}

static void
test_numbers(Workshop *shop, gconstpointer data)
{
	static const char *const numbers[][2] = { { "it", "25.000\n" }, { "de", "25.000\n" },
		{ "fr", "25\302\240000\n" }, { "sl", "25.000\n" } };

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
		g_autofree char *name =
		    g_build_filename("mailtemplates", numbers[i][0], "trial.md", NULL);
		g_autoptr(MailText) text = NULL;

		shop_write(shop, name, "# N\n\n{popolazione}\n");
		text = mail_in(shop, "trial", numbers[i][0]);
		g_assert_cmpstr(text->text, ==, numbers[i][1]);
	}
}

/* What a language lacks stands in Italian, once. */
static void
test_falls_back(Workshop *shop, gconstpointer data)
{
	g_autofree char *path = shop_path(shop, "mailtemplates/fr/reminder.md");
	g_autoptr(MailText) italian = mail_in(shop, "reminder", "it");
	g_autoptr(MailText) one = NULL;
	g_autoptr(MailText) two = NULL;
	g_autoptr(MailText) strange = mail_in(shop, "reminder", "../../keys");

	(void)data;
	g_assert_cmpint(g_unlink(path), ==, 0);
	one = mail_in(shop, "reminder", "fr");
	two = mail_in(shop, "reminder", "it+fr");
	g_assert_cmpstr(one->text, ==, italian->text);
	g_assert_cmpstr(two->text, ==, italian->text);
	g_assert_cmpstr(strange->text, ==, italian->text);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Workshop *, gconstpointer);
	} tests[] = {
		{ "/texts/those-shipped-can-be-made", test_shipped },
		{ "/texts/a-fault-is-found-before-anything-is-sent", test_check_finds },
		{ "/texts/a-mail-has-subject-short-lines-and-plain-html", test_text },
		{ "/texts/a-value-cannot-become-markup", test_markup },
		{ "/texts/a-long-subject-is-cut-between-words", test_subject },
		{ "/texts/a-town-that-has-begun-gets-other-words", test_progress },
		{ "/texts/a missing section names who has it", test_holders },
		{ "/texts/a correction says what is wrong", test_correction },
		{ "/texts/each language has its own words", test_languages },
		{ "/texts/each language says the same", test_complete },
		{ "/texts/two languages stand in one mail", test_two_languages },
		{ "/texts/numbers are grouped as each language does", test_numbers },
		{ "/texts/what a language lacks stands in Italian", test_falls_back },
		{ "/texts/each-kind-of-block-has-its-plain-form", test_blocks },
	};

	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/texts/errors-name-file-and-line", test_errors);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Workshop, NULL, shop_open, tests[i].test, shop_close);
	return g_test_run();
}

/* What a reader that cannot see the page gets: every character, in the right order, with a name for every field.
 * tests/tool/pdf_ua.py checks the files as a whole; run from the root of the repository, or with SRCDIR. */
#include "workshop.h"

#define PER_FIELD 24 /* characters */

/* The characters that the fonts of this program hold: Makefile, pyftsubset. */
static const struct {
	gunichar first;
	gunichar last;
} repertoire[] = {
	{ 0x21, 0x7e },
	{ 0xa1, 0xac },
	{ 0xae, 0x17f },
	{ 0x192, 0x192 },
	{ 0x218, 0x21b },
	{ 0x2c6, 0x2c6 },
	{ 0x2dc, 0x2dc },
	{ 0x2010, 0x2011 },
	{ 0x2013, 0x2015 },
	{ 0x2017, 0x201e },
	{ 0x2020, 0x2022 },
	{ 0x2026, 0x2026 },
	{ 0x2030, 0x2030 },
	{ 0x2039, 0x203a },
	{ 0x20ac, 0x20ac },
	{ 0x2122, 0x2122 },
	{ 0x2190, 0x2193 },
	{ 0x2212, 0x2212 },
	{ 0x25a0, 0x25a0 },
	{ 0x25cb, 0x25cb },
	{ 0x25cf, 0x25cf },
};

static GString *
all_characters(void)
{
	GString *all = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(repertoire); i++)
		for (gunichar c = repertoire[i].first; c <= repertoire[i].last; c++)
			g_string_append_unichar(all, c);
	return all;
}

/* No line is said about the file. */
static void
assert_accessible(const Workshop *shop, GBytes *pdf)
{
	const char *root = g_getenv("SRCDIR");
	g_autofree char *program = g_build_filename(
	    root != NULL ? root : g_get_current_dir(), "tests/tool/pdf_ua.py", NULL);
	const char *const words[] = { "/bin/sh", "-c", "\"$0\" \"$1\" 2>&1 || :", program, "@",
		NULL };
	g_autofree char *said = shop_ask(shop, pdf, words);

	g_assert_cmpstr(said, ==, "");
}

static void
assert_holds(const char *text, const char *characters)
{
	for (const char *at = characters; *at != '\0'; at = g_utf8_next_char(at)) {
		char one[7] = "";

		(void)g_unichar_to_utf8(g_utf8_get_char(at), one);
		if (strstr(text, one) == NULL)
			g_test_message("U+%04X is not there", g_utf8_get_char(at));
		g_assert_nonnull(strstr(text, one));
	}
}

/* Puts the next characters into each text field of the section; returns what is left. */
static const char *
spread(const FormView *view, const Section *section, const char *rest, FieldSet *values)
{
	g_autoptr(GPtrArray) specs = form_view_fields(view, section);

	for (guint i = 0; i < specs->len && *rest != '\0'; i++) {
		const FieldSpec *spec = g_ptr_array_index(specs, i);
		glong count = MIN(PER_FIELD, g_utf8_strlen(rest, -1));
		const char *end = g_utf8_offset_to_pointer(rest, count);
		g_autofree char *value = g_strndup(rest, (gsize)(end - rest));

		if (spec->kind != FIELD_TEXT)
			continue;
		field_set_put(values, spec->name, value);
		rest = end;
	}
	return rest;
}

static void
test_repertoire(Workshop *shop, gconstpointer data)
{
	g_autoptr(FormView) view = form_view_new(shop->form, &shop->large);
	g_autoptr(GString) all = all_characters();
	const char *rest = all->str;

	(void)data;
	for (guint i = 0; i < shop->form->sections->len && *rest != '\0'; i++) {
		const Section *section = g_ptr_array_index(shop->form->sections, i);
		g_autoptr(FieldSet) values = field_set_new();
		const char *from = rest;
		g_autoptr(GBytes) pdf = NULL;
		g_autofree char *text = NULL;
		g_autofree char *drawn = NULL;

		rest = spread(view, section, rest, values);
		drawn = g_strndup(from, (gsize)(rest - from));
		pdf = shop_sheet(shop, &shop->large, section->name, values);
		text = shop_text(shop, pdf);
		assert_holds(text, drawn);
		assert_accessible(shop, pdf);
	}
	g_assert_cmpstr(rest, ==, "");
}

/* A town's name in the characters that are hardest to come by. */
static void
test_name(Workshop *shop, gconstpointer data)
{
	Unit unit = shop_unit("X001", "Šćđžłşțőűğı", "Ċřňŵŷœß", 9000);
	g_autoptr(GBytes) pdf = shop_sheet(shop, &unit, "s1", NULL);
	g_autofree char *text = shop_text(shop, pdf);

	(void)data;
	g_assert_nonnull(strstr(text, "Šćđžłşțőűğı"));
	g_assert_nonnull(strstr(text, "Ċřňŵŷœß"));
	assert_accessible(shop, pdf);
}

/* Saved again after it was filled: a third version of the file. */
static void
test_filled_later(Workshop *shop, gconstpointer data)
{
	g_autoptr(FormView) view = form_view_new(shop->form, &shop->large);
	g_autoptr(GBytes) blank = shop_sheet(shop, &shop->large, "s1", NULL);
	g_autoptr(FieldSet) values = field_set_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) filled = NULL;

	(void)data;
	(void)spread(view, form_section(shop->form, "s1"), "Città di Nova Gorica, č €", values);
	filled = render_fill(blank, values, &error);
	g_assert_no_error(error);
	assert_accessible(shop, filled);
}

static void
test_letter(Workshop *shop, gconstpointer data)
{
	LetterContext context = shop_letter(shop, &shop->large);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) pdf = NULL;

	(void)data;
	shop_write(shop, "mailtemplates/it/invitation.letter.md",
	    "# Titolo\n\nUno.\n\n## Altro\n\n1. primo\n2. secondo\n\n   ancora\n\n- punto\n-\n\n{riquadro_codice}\n");
	pdf = renderer_letter(shop->renderer, "invitation", "it", &context, &error);
	g_assert_no_error(error);
	assert_accessible(shop, pdf);
}

/* What is each town's own stands on all pages, with what is everybody's before, between and behind it: both are told apart by
 * numbers that are the page's. */
static void
test_pages(Workshop *shop, gconstpointer data)
{
	g_autoptr(GString) text = g_string_new("# Lettera per {comune}\n\n");

	(void)data;
	for (guint i = 0; i < 30; i++)
		g_string_append_printf(text,
		    "Capoverso %u, per tutti.\n\nAl {comune}, che ha `{casella}`.\n\n"
		    "%u. voce di tutti\n%u. voce di {comune}\n\n   e di tutti\n\n{saluto}\n\n",
		    i, i + 1, i + 2);
	g_string_append(text, "{riquadro_codice}\n\n{elenco_sezioni}\n\n{firma}\n");
	shop_write(shop, "mailtemplates/it/trial.letter.md", text->str);
	for (guint i = 0; i < 2; i++) {
		LetterContext context = shop_letter(shop, i == 0 ? &shop->large : &shop->small);
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) pdf =
		    renderer_letter(shop->renderer, "trial", "it", &context, &error);
		g_autofree char *said = NULL;

		g_assert_no_error(error);
		said = shop_text(shop, pdf);
		g_assert_nonnull(strstr(said, "Pagina 3 di"));
		assert_accessible(shop, pdf);
	}
}

/* The numbers of the questions as a reader of the tree hears them. */
static void
test_order(Workshop *shop, gconstpointer data)
{
	static const char *const words[] = { "pdfinfo", "-struct-text", "@", NULL };
	guint found = 0;

	(void)data;
	for (guint i = 0; i < shop->form->sections->len; i++) {
		const Section *section = g_ptr_array_index(shop->form->sections, i);
		g_autoptr(GBytes) pdf = shop_sheet(shop, &shop->large, section->name, NULL);
		g_autofree char *said = shop_ask(shop, pdf, words);
		g_auto(GStrv) lines = g_strsplit(said, "\n", 0);
		guint last = 0;

		for (gsize k = 0; lines[k] != NULL; k++) {
			g_autofree char *start = g_strdup_printf("\"%s.", section->number);
			const char *text = g_strchug(lines[k]);

			if (!g_str_has_prefix(text, start) || !g_ascii_isdigit(text[strlen(start)]))
				continue;
			g_assert_cmpuint(
			    (guint)g_ascii_strtoull(text + strlen(start), NULL, 10), >=, last);
			last = (guint)g_ascii_strtoull(text + strlen(start), NULL, 10);
			found++;
		}
	}
	g_assert_cmpuint(found, >=, 50);
}

/* The tooltip of one field as pdftk tells it; NULL without. */
static char *
find_tip(char **records, const char *field)
{
	g_autofree char *wanted = g_strdup_printf("\nFieldName: %s\n", field);

	for (gsize i = 0; records[i] != NULL; i++) {
		const char *tip = strstr(records[i], "FieldNameAlt: ");

		if (strstr(records[i], wanted) == NULL || tip == NULL)
			continue;
		tip += strlen("FieldNameAlt: ");
		return g_strndup(tip, strcspn(tip, "\n"));
	}
	return NULL;
}

/* The first words of the label. */
static void
assert_names(const char *tip, const Item *item)
{
	const char *label = g_ptr_array_index(item->labels, 0);
	g_autofree char *start = g_utf8_substring(label, 0, MIN(20, g_utf8_strlen(label, -1)));

	if (strstr(tip, start) == NULL)
		g_test_message("“%s” is not in “%s”", start, tip);
	g_assert_nonnull(strstr(tip, start));
}

static void
test_tooltips(Workshop *shop, gconstpointer data)
{
	static const char *const words[] = { "pdftk", "@", "dump_data_fields_utf8", NULL };
	g_autoptr(FormView) view = form_view_new(shop->form, &shop->large);

	(void)data;
	for (guint i = 0; i < shop->form->sections->len; i++) {
		const Section *section = g_ptr_array_index(shop->form->sections, i);
		g_autoptr(GPtrArray) specs = form_view_fields(view, section);
		g_autoptr(GBytes) pdf = shop_sheet(shop, &shop->large, section->name, NULL);
		g_autofree char *said = shop_ask(shop, pdf, words);
		g_auto(GStrv) records = g_strsplit(said, "---", 0);

		for (guint k = 0; k < specs->len; k++) {
			const FieldSpec *spec = g_ptr_array_index(specs, k);
			const Item *group = spec->item->parent;
			g_autofree char *tip = find_tip(records, spec->name);

			g_assert_nonnull(tip);
			g_assert_true(g_str_has_prefix(tip, form_item_number(spec->item)));
			assert_names(tip, spec->item);
			if (group->layout == LAYOUT_GRID || group->layout == LAYOUT_LIST)
				assert_names(tip, group);
		}
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(path, function) g_test_add(path, Workshop, NULL, shop_open, function, shop_close)
	ADD("/accessible/every character of the fonts can be drawn and read", test_repertoire);
	ADD("/accessible/a name in letters of all Latin scripts is read whole", test_name);
	ADD("/accessible/a sheet filled after it was sent stays accessible", test_filled_later);
	ADD("/accessible/a letter with lists and headings is accessible", test_letter);
	ADD("/accessible/so is one of several pages with something of the town's on each",
	    test_pages);
	ADD("/accessible/questions are read in their order", test_order);
	ADD("/accessible/every field is named by its question's number and words", test_tooltips);
	return g_test_run();
}

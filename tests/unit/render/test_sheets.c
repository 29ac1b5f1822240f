#include "workshop.h"

static void
test_same_input(Workshop *shop, gconstpointer data)
{
	g_autoptr(GBytes) first = shop_sheet(shop, &shop->large, "s5", NULL);
	g_autoptr(GBytes) again = shop_sheet(shop, &shop->large, "s5", NULL);
	g_autoptr(Renderer) other = NULL;
	g_autoptr(FormView) view = form_view_new(shop->form, &shop->large);
	g_autoptr(GBytes) elsewhere = NULL;
	g_autoptr(GError) error = NULL;

	(void)data;
	g_assert_true(g_bytes_equal(first, again));
	other = renderer_new(shop->config, shop->keyring, shop->form, &error);
	g_assert_no_error(error);
	elsewhere = renderer_sheet(
	    other, &shop->large, view, form_section(shop->form, "s5"), 1, "it", NULL, &error);
	g_assert_no_error(error);
	g_assert_true(g_bytes_equal(first, elsewhere));
}

static void
test_other_unit(Workshop *shop, gconstpointer data)
{
	Unit neighbour = shop_unit("A944", "Bologna", "", 390000);
	g_autoptr(GBytes) first = shop_sheet(shop, &shop->large, "s3", NULL);
	g_autoptr(GBytes) other = shop_sheet(shop, &neighbour, "s3", NULL);
	gsize size;
	gsize other_size;
	const char *bytes = g_bytes_get_data(first, &size);
	const char *other_bytes = g_bytes_get_data(other, &other_size);
	const char *end = g_strstr_len(bytes, (gssize)size, "%%EOF");
	gsize shared = 0;

	(void)data;
	while (shared < MIN(size, other_size) && bytes[shared] == other_bytes[shared])
		shared++;
	/* strstr stops at the first zero byte: find the end of the template by hand */
	for (gsize i = 0; end == NULL && i + 5 < size; i++)
		if (memcmp(bytes + i, "%%EOF", 5) == 0)
			end = bytes + i;
	g_assert_nonnull(end);
	g_assert_cmpuint(shared, >=, (gsize)(end - bytes));
	g_assert_false(g_bytes_equal(first, other));
}

static void
test_sound(Workshop *shop, gconstpointer data)
{
	static const char *const check[] = { "qpdf", "--check", "@", NULL };
	static const char *const info[] = { "pdfinfo", "@", NULL };
	const Unit *units[] = { &shop->large, &shop->small };
	guint checked = 0;

	(void)data;
	for (gsize u = 0; u < G_N_ELEMENTS(units); u++) {
		for (guint i = 0; i < shop->form->sections->len; i++) {
			const Section *section = g_ptr_array_index(shop->form->sections, i);
			g_autoptr(GBytes) pdf = shop_sheet(shop, units[u], section->name, NULL);
			g_autofree char *said = shop_ask(shop, pdf, check);
			g_autofree char *about = shop_ask(shop, pdf, info);

			g_assert_nonnull(strstr(said, "No syntax or stream encoding errors"));
			g_assert_null(strstr(said, "WARNING"));
			g_assert_nonnull(strstr(about, "Tagged:          yes"));
			g_assert_nonnull(strstr(about, "JavaScript:      no"));
			g_assert_cmpuint(g_bytes_get_size(pdf), <, 120 * 1024);
			checked++;
		}
	}
	g_assert_cmpuint(checked, ==, 14);
}

static void
add_expected(FieldSet *expected, const FormView *view, const Section *section)
{
	static const char *const own[] = { FIELD_VERSION, FIELD_KID, FIELD_EDITION, FIELD_UNIT,
		FIELD_SECTION, FIELD_FORM, FIELD_SERIAL, FIELD_TAG, FIELD_CODE };
	g_autoptr(GPtrArray) specs = form_view_fields(view, section);

	for (guint i = 0; i < specs->len; i++) {
		const FieldSpec *spec = g_ptr_array_index(specs, i);

		field_set_put(expected, spec->name, "");
	}
	for (gsize i = 0; i < G_N_ELEMENTS(own); i++)
		field_set_put(expected, own[i], "");
}

static void
test_fields(Workshop *shop, gconstpointer data)
{
	const Unit *units[] = { &shop->large, &shop->small };
	guint compared = 0;

	(void)data;
	for (gsize u = 0; u < G_N_ELEMENTS(units); u++) {
		g_autoptr(FormView) view = form_view_new(shop->form, units[u]);

		for (guint i = 0; i < shop->form->sections->len; i++) {
			const Section *section = g_ptr_array_index(shop->form->sections, i);
			g_autoptr(GBytes) pdf = shop_sheet(shop, units[u], section->name, NULL);
			g_autoptr(FieldSet) found = shop_fields(shop, pdf);
			g_autoptr(FieldSet) expected = field_set_new();
			GHashTableIter each;
			gpointer name;

			add_expected(expected, view, section);
			g_hash_table_iter_init(&each, expected);
			while (g_hash_table_iter_next(&each, &name, NULL)) {
				if (!field_set_has(found, name))
					g_test_message(
					    "%s: no field %s", section->name, (char *)name);
				g_assert_true(field_set_has(found, name));
				compared++;
			}
			g_assert_cmpuint(g_hash_table_size(found), ==, g_hash_table_size(expected));
		}
	}
	g_assert_cmpuint(compared, >, 800);
}

static void
test_identity(Workshop *shop, gconstpointer data)
{
	static const char *const info[] = { "pdfinfo", "-custom", "@", NULL };
	static const char *const xmp[] = { "pdfinfo", "-meta", "@", NULL };
	g_autoptr(GBytes) pdf = shop_sheet(shop, &shop->large, "s4", NULL);
	g_autoptr(FieldSet) fields = shop_fields(shop, pdf);
	g_autoptr(SheetId) id = sheet_id_read(fields);
	g_autofree char *custom = shop_ask(shop, pdf, info);
	g_autofree char *meta = shop_ask(shop, pdf, xmp);

	(void)data;
	g_assert_true(sheet_id_verify(id, shop->keyring));
	g_assert_cmpstr(id->unit, ==, "I939");
	g_assert_cmpstr(id->section, ==, "s4");
	g_assert_cmpstr(id->serial, ==, "1");
	g_assert_nonnull(strstr(custom, id->tag));
	g_assert_nonnull(strstr(meta, id->tag));
	g_assert_nonnull(strstr(meta, "Sovodnje ob Soči"));
}

static void
test_reserved(Workshop *shop, gconstpointer data)
{
	g_autoptr(GBytes) large = shop_sheet(shop, &shop->large, "s4", NULL);
	g_autoptr(GBytes) small = shop_sheet(shop, &shop->small, "s4", NULL);
	g_autofree char *large_text = shop_text(shop, large);
	g_autofree char *small_text = shop_text(shop, small);

	(void)data;
	g_assert_nonnull(strstr(large_text, "4.3"));
	g_assert_nonnull(strstr(large_text, "Ransomware"));
	g_assert_null(strstr(small_text, "4.3"));
	g_assert_null(strstr(small_text, "Ransomware"));
	g_assert_nonnull(strstr(small_text, "4.2"));
}

/* Every question that is asked stands on the page with its number and its words. */
static void
expect_item(const FormView *view, const Item *item, const char *text, guint *found)
{
	const char *number = form_item_number(item);
	const char *label = g_ptr_array_index(item->labels, 0);
	g_auto(GStrv) words = g_strsplit(label != NULL ? label : "", " ", 0);

	if (form_view_asked(view, item) == ASKED_NO || item->layout == LAYOUT_NONE)
		return;
	if (*number != '\0') {
		g_assert_nonnull(strstr(text, number));
		(*found)++;
	}
	for (gsize i = 0; words[i] != NULL; i++)
		if (g_utf8_strlen(words[i], -1) > 2 && strpbrk(words[i], "-/") == NULL)
			g_assert_nonnull(strstr(text, words[i]));
	for (guint i = 0; i < item->items->len; i++)
		expect_item(view, g_ptr_array_index(item->items, i), text, found);
}

static void
test_words(Workshop *shop, gconstpointer data)
{
	g_autoptr(FormView) view = form_view_new(shop->form, &shop->large);
	guint found = 0;

	(void)data;
	for (guint i = 0; i < shop->form->sections->len; i++) {
		const Section *section = g_ptr_array_index(shop->form->sections, i);
		g_autoptr(GBytes) pdf = shop_sheet(shop, &shop->large, section->name, NULL);
		g_autofree char *text = shop_text(shop, pdf);

		g_assert_nonnull(strstr(text, "Comune di Savogna d'Isonzo/Sovodnje ob Soči"));
		g_assert_nonnull(strstr(text, "18 ottobre 2024"));
		g_assert_nonnull(strstr(text, "Pagina 1 di"));
		expect_item(view, section->group, text, &found);
	}
	g_assert_cmpuint(found, >, 200);
}

static void
test_condition(Workshop *shop, gconstpointer data)
{
	g_autoptr(GBytes) pdf = shop_sheet(shop, &shop->large, "s3", NULL);
	g_autofree char *text = shop_text(shop, pdf);

	(void)data;
	g_assert_nonnull(strstr(text, "Rispondere solo se la risposta alla 3.1 è «No» oppure "
				      "«Sì, meno del 50% dei server»."));
}

static void
test_hostile_name(Workshop *shop, gconstpointer data)
{
	static const char *const qdf[] = { "qpdf", "--qdf", "--object-streams=disable", "@", "-",
		NULL };
	Unit hostile = shop_unit("Z998", "(\\) Tj ET Q /JS (app.alert(1)) <script>", "", 9000);
	g_autoptr(GBytes) pdf = shop_sheet(shop, &hostile, "s1", NULL);
	g_autofree char *text = shop_text(shop, pdf);
	g_autofree char *plain = shop_ask(shop, pdf, qdf);

	(void)data;
	g_assert_nonnull(strstr(text, "Comune di (\\) Tj ET Q /JS (app.alert(1)) <script>"));
	for (const char *at = plain; *at != '\0'; at++)
		g_assert_false(g_str_has_prefix(at, "/JavaScript"));
}

static void
test_long_name(Workshop *shop, gconstpointer data)
{
	static const char name[] = "San Dorligo della Valle del Carso Triestino Superiore";
	static const char other[] = "Dolina pri Trstu na Kraškem robu";
	Unit unit = shop_unit("D324", name, other, 5700);
	Unit endless = shop_unit("Z997",
	    "Abcdefghi jklmnopqrs tuvwxyzabc defghijklm nopqrstuvw xyzabcdefg "
	    "hijklmnopq rstuvwxyza bcdefghijk lmnopqrstu vwxyzabcde",
	    "", 10);
	g_autoptr(GBytes) pdf = shop_sheet(shop, &unit, "s2", NULL);
	g_autoptr(GBytes) cut = shop_sheet(shop, &endless, "s2", NULL);
	g_autofree char *text = shop_text(shop, pdf);
	g_autofree char *cut_text = shop_text(shop, cut);

	(void)data;
	g_assert_nonnull(strstr(text, "Comune di San Dorligo della Valle"));
	g_assert_nonnull(strstr(text, "Kraškem robu"));
	g_assert_nonnull(strstr(cut_text, "…"));
}

/* A letter that no font has is drawn as its base letter or as "?", and the value stays what it is. */
static void
test_strange_name(Workshop *shop, gconstpointer data)
{
	Unit unit = shop_unit("Z996", "Hội An 😀", "", 10);
	g_autoptr(GBytes) pdf = shop_sheet(shop, &unit, "s1", NULL);
	g_autofree char *text = shop_text(shop, pdf);

	(void)data;
	g_assert_nonnull(strstr(text, "Comune di Hoi An ?"));
}

static void
test_file_name(Workshop *shop, gconstpointer data)
{
	g_autofree char *name =
	    renderer_sheet_name(shop->renderer, &shop->large, form_section(shop->form, "s5"));

	(void)data;
	g_assert_cmpstr(name, ==, "mappa-2024_I939_sezione_5.pdf");
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Workshop *, gconstpointer);
	} tests[] = {
		{ "/sheets/same-input-gives-the-same-bytes", test_same_input },
		{ "/sheets/units-share-the-template-byte-for-byte", test_other_unit },
		{ "/sheets/each-is-sound-tagged-small-and-without-scripts", test_sound },
		{ "/sheets/fields-are-those-of-the-form-and-the-identity", test_fields },
		{ "/sheets/the-identity-verifies-and-stands-in-info-and-xmp", test_identity },
		{ "/sheets/a-small-town-is-not-shown-reserved-questions", test_reserved },
		{ "/sheets/numbers-words-and-the-town-can-be-read-out", test_words },
		{ "/sheets/a-condition-is-printed-with-the-words-of-the-answers", test_condition },
		{ "/sheets/a-hostile-name-comes-out-as-text", test_hostile_name },
		{ "/sheets/a-long-name-fits-and-an-endless-one-is-cut", test_long_name },
		{ "/sheets/letters-that-no-font-has-are-replaced", test_strange_name },
		{ "/sheets/the-file-name-is-ascii", test_file_name },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Workshop, NULL, shop_open, tests[i].test, shop_close);
	return g_test_run();
}

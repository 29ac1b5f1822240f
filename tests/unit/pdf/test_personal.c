/* A sheet's update is written by hand: here mupdf writes the same, and both must be one to every reader. */
#include "unit/render/workshop.h"

#include "base/error.h"
#include "registry/registry.h"
#include "render/names.h"
#include "pdf/template.h"
#include "render/words.h"

/* Texts that a registry may hold, or a person who means harm. */
static const char *const strange[] = {
	"Roma",
	"Savogna d'Isonzo/Sovodnje ob Soči",
	")",
	"(",
	"\\",
	"a\\) /V (b",
	"riga\rriga\nriga",
	"endobj 3 0 obj <</JS(x)>> endstream",
	"<script>&amp;</script>]]>",
	"€ ž Č Ł ß ø “x” …",
	"😀 𝔄 \xef\xbf\xbd",
	"\x7f\x1b[31m",
};

static void
expect_sound(const Workshop *shop, GBytes *pdf)
{
	static const char *const check[] = { "qpdf", "--check", "@", NULL };
	g_autofree char *said = shop_ask(shop, pdf, check);

	g_assert_nonnull(strstr(said, "No syntax or stream encoding errors"));
	g_assert_null(strstr(said, "WARNING"));
}

/* The pages as pixels, up to @last. */
static char *
pixels_of(const Workshop *shop, GBytes *pdf, const char *last)
{
	const char *words[] = { "sh", "-c",
		"pdftoppm -r 40 -l $1 \"$0\" asked-page && cat asked-page* | sha256sum && rm asked-page*",
		"@", last, NULL };

	return shop_ask(shop, pdf, words);
}

static char *
pdfinfo_of(const Workshop *shop, GBytes *pdf, const char *option)
{
	const char *words[] = { "pdfinfo", option, "@", NULL };
	char *said = shop_ask(shop, pdf, words);
	char *size = strstr(said, "File size:");

	if (size != NULL) /* the one thing in which they differ */
		memmove(size, strchr(size, '\n'), strlen(strchr(size, '\n')) + 1);
	return said;
}

static void
expect_same_fields(const FieldSet *one, const FieldSet *other)
{
	GHashTableIter each;
	gpointer name;

	g_assert_cmpuint(g_hash_table_size((FieldSet *)(gsize)one), ==,
	    g_hash_table_size((FieldSet *)(gsize)other));
	g_hash_table_iter_init(&each, (FieldSet *)(gsize)one);
	while (g_hash_table_iter_next(&each, &name, NULL))
		g_assert_cmpstr(field_set_value(one, name), ==, field_set_value(other, name));
}

static void
expect_one(const Workshop *shop, GBytes *one, GBytes *other)
{
	static const char *const options[] = { "-meta", "-custom", "-box" };
	g_autoptr(FieldSet) fields = shop_fields(shop, one);
	g_autoptr(FieldSet) other_fields = shop_fields(shop, other);
	g_autofree char *pixels = pixels_of(shop, one, "99");
	g_autofree char *other_pixels = pixels_of(shop, other, "99");
	g_autofree char *text = shop_text(shop, one);
	g_autofree char *other_text = shop_text(shop, other);

	expect_same_fields(fields, other_fields);
	g_assert_cmpstr(pixels, ==, other_pixels);
	g_assert_cmpstr(text, ==, other_text);
	for (gsize i = 0; i < G_N_ELEMENTS(options); i++) {
		g_autofree char *said = pdfinfo_of(shop, one, options[i]);
		g_autofree char *other_said = pdfinfo_of(shop, other, options[i]);

		g_assert_cmpstr(said, ==, other_said);
	}
	expect_sound(shop, one);
}

/* --- the same by mupdf -------------------------------------------------------------------------------- */

typedef struct {
	PdfMaker *maker;
	pdf_document *doc;
	const PdfUnit *unit;
} Reference;

static void
put_places(const Reference *reference)
{
	static const struct {
		const char *name;
		const char *ink;
		double size;
	} places[] = { { "PlicoName", "0 g ", 12.5 }, { "PlicoFoot", "0.33 g ", 7.2 },
		{ "PlicoQR", NULL, 0 } };
	fz_context *ctx = reference->maker->ctx;
	pdf_obj *page = pdf_lookup_page_obj(ctx, reference->doc, 0);
	pdf_obj *objects = pdf_dict_getp(ctx, page, "Resources/XObject");

	for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
		pdf_obj *form = pdf_dict_gets(ctx, objects, places[i].name);
		fz_rect box = pdf_dict_get_rect(ctx, form, PDF_NAME(BBox));
		g_autoptr(GString) content = g_string_new(places[i].ink);
		const char *text = i == 0 ? reference->unit->name : reference->unit->foot;

		if (places[i].ink == NULL)
			qr_put(content, reference->unit->qr, (double)box.x1);
		else
			pdf_show_fitted(reference->maker, content, places[i].size, (double)box.x1,
			    (double)box.y1, text);
		pdf_replace_stream(ctx, reference->doc, pdf_to_num(ctx, form), content->str);
	}
}

static void
put_identity(const Reference *reference)
{
	fz_context *ctx = reference->maker->ctx;
	const SheetId *id = reference->unit->id;
	const char *const values[] = { id->version, id->kid, id->edition, id->unit, id->section,
		id->form, id->serial, id->tag };
	const PdfAbout about = { .author = "ANCI - Associazione Nazionale Comuni Italiani",
		.lang = "it" };
	g_autofree char *xmp = pdf_xmp(&about, reference->unit);
	pdf_obj *trailer = pdf_trailer(ctx, reference->doc);
	pdf_obj *info = pdf_dict_get(ctx, trailer, PDF_NAME(Info));
	pdf_obj *fields = pdf_dict_getp(ctx, trailer, "Root/AcroForm/Fields");

	for (gsize i = 0; i < IDENTITY_FIELDS; i++) {
		for (int k = 0; k < pdf_array_len(ctx, fields); k++) {
			pdf_obj *field = pdf_array_get(ctx, fields, k);

			if (strcmp(pdf_dict_get_text_string(ctx, field, PDF_NAME(T)),
				pdf_identity_fields[i]) == 0)
				pdf_dict_put_text_string(ctx, field, PDF_NAME(V), values[i]);
		}
		pdf_dict_puts_drop(
		    ctx, info, pdf_identity_fields[i], pdf_new_text_string(ctx, values[i]));
	}
	pdf_dict_put_text_string(ctx, info, PDF_NAME(Title), reference->unit->title);
	pdf_replace_stream(ctx, reference->doc,
	    pdf_to_num(ctx, pdf_dict_getp(ctx, trailer, "Root/Metadata")), xmp);
}

static GBytes *
write_by_mupdf(const Stem *stem, const PdfUnit *unit)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PdfMaker) maker = pdf_maker_new(&error);
	fz_context *ctx = maker->ctx;
	fz_stream *stream =
	    fz_open_memory(ctx, g_bytes_get_data(stem->bytes, NULL), g_bytes_get_size(stem->bytes));
	Reference reference = { maker, pdf_open_document_with_stream(ctx, stream), unit };
	g_autoptr(GByteArray) out = g_byte_array_new();

	put_places(&reference);
	put_identity(&reference);
	pdf_append_update(ctx, reference.doc, stem->bytes, out);
	pdf_drop_document(ctx, reference.doc);
	fz_drop_stream(ctx, stream);
	return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}

/* The sheet of a town, by hand and by mupdf. */
static GBytes *
write_both(const Workshop *shop, const Unit *unit, const char *section, GBytes **by_mupdf)
{
	const Section *found = form_section(shop->form, section);
	g_autoptr(FormView) view = form_view_new(shop->form, unit);
	g_autoptr(SheetId) id = sheet_id_new(
	    shop->keyring, shop->form->id, unit->code, section, shop->form->version, 3);
	g_autofree char *text = sheet_id_qr(id, shop->keyring);
	g_autofree char *name = name_town(unit, "it");
	g_autofree char *full = unit_full_name(unit);
	g_autofree char *foot = words_fill(word("it", WORD_IDENTITY), "edition", id->edition,
	    "unit", id->unit, "name", full, "section", found->number, "form", id->form, "code",
	    sheet_code_short(text), NULL);
	g_autofree char *sheet =
	    words_fill(word("it", WORD_SHEET_TITLE), "form", shop->form->title, "number",
		found->number, "section", form_text(shop->form, found->group->labels, "it"), NULL);
	g_autofree char *title = g_strdup_printf("%s – %s", sheet, name);
	g_autoptr(QrMaker) maker = qr_maker_new();
	g_autoptr(GError) error = NULL;
	Stem *stem = NULL;
	g_autoptr(GBytes) update = NULL;
	QrCode qr;

	g_assert_true(qr_make(maker, text, &qr, &error));
	update =
	    renderer_sheet_update(shop->renderer, unit, view, found, 3, "it", NULL, &stem, &error);
	g_assert_no_error(error);
	*by_mupdf = write_by_mupdf(
	    stem, &(PdfUnit){ .id = id, .title = title, .name = name, .foot = foot, .qr = &qr });
	return stem_join(stem, update);
}

/* --- tests ---------------------------------------------------------------------------------------------- */

static void
test_all_sections(Workshop *shop, gconstpointer data)
{
	const Unit *units[] = { &shop->large, &shop->small };

	(void)data;
	for (guint i = 0; i < shop->form->sections->len; i++) {
		const Section *section = g_ptr_array_index(shop->form->sections, i);
		g_autoptr(GBytes) by_mupdf = NULL;
		g_autoptr(GBytes) by_hand =
		    write_both(shop, units[i % 2], section->name, &by_mupdf);

		expect_one(shop, by_hand, by_mupdf);
	}
}

static void
test_strange(Workshop *shop, gconstpointer data)
{
	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(strange); i++) {
		Unit unit = shop_unit("Z998", strange[i], "", 9000);
		g_autoptr(GBytes) by_mupdf = NULL;
		g_autoptr(GBytes) by_hand = write_both(shop, &unit, "s1", &by_mupdf);
		g_autoptr(FieldSet) fields = shop_fields(shop, by_hand);
		g_autofree char *pixels = pixels_of(shop, by_hand, "1");
		g_autofree char *other_pixels = pixels_of(shop, by_mupdf, "1");

		expect_sound(shop, by_hand);
		g_assert_cmpstr(field_set_value(fields, FIELD_UNIT), ==, "Z998");
		g_assert_cmpstr(pixels, ==, other_pixels);
	}
}

/* XMP with such a name is XML, and says it. */
static void
test_metadata(Workshop *shop, gconstpointer data)
{
	static const char *const words[] = { "pdfinfo", "-meta", "@", NULL };
	static const GMarkupParser parser = { 0 };

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(strange); i++) {
		Unit unit = shop_unit("Z998", strange[i], "", 9000);
		g_autoptr(GBytes) pdf = shop_sheet(shop, &unit, "s1", NULL);
		g_autofree char *xmp = shop_ask(shop, pdf, words);
		g_autoptr(GMarkupParseContext) context =
		    g_markup_parse_context_new(&parser, 0, NULL, NULL);
		g_autoptr(GError) error = NULL;

		g_markup_parse_context_parse(context, xmp, (gssize)strlen(xmp), &error);
		g_assert_no_error(error);
		g_assert_true(g_markup_parse_context_end_parse(context, &error));
		for (const char *at = xmp; *at != '\0'; at++)
			g_assert_true(*at == '\n' || !g_ascii_iscntrl(*at));
	}
}

static void
test_endless(Workshop *shop, gconstpointer data)
{
	g_autofree char *name = g_strnfill(300, 'W');
	Unit unit = shop_unit("Z998", name, "", 9000);
	g_autoptr(GBytes) by_mupdf = NULL;
	g_autoptr(GBytes) by_hand = write_both(shop, &unit, "s3", &by_mupdf);

	(void)data;
	expect_one(shop, by_hand, by_mupdf);
}

/* Something in each field of a section. */
static FieldSet *
fill_all(const FormView *view, const Section *section)
{
	g_autoptr(GPtrArray) specs = form_view_fields(view, section);
	FieldSet *values = field_set_new();

	for (guint i = 0; i < specs->len; i++) {
		const FieldSpec *spec = g_ptr_array_index(specs, i);
		const ChoiceList *list = spec->item->list;

		switch (spec->kind) {
		case FIELD_RADIO:
			field_set_put(values, spec->name,
			    ((Choice *)g_ptr_array_index(list->choices, i % list->choices->len))
				->name);
			break;
		case FIELD_CHECK:
			field_set_put(values, spec->name, i % 3 == 0 ? "" : FIELD_ON);
			break;
		case FIELD_COMBO:
			field_set_put(values, spec->name, "1");
			break;
		case FIELD_TEXT:
		case FIELD_AREA:
			field_set_put(values, spec->name, strange[i % G_N_ELEMENTS(strange)]);
			break;
		}
	}
	return values;
}

static void
test_values(Workshop *shop, gconstpointer data)
{
	guint filled = 0;

	(void)data;
	for (guint i = 0; i < shop->form->sections->len; i++) {
		const Section *section = g_ptr_array_index(shop->form->sections, i);
		g_autoptr(FormView) view = form_view_new(shop->form, &shop->large);
		g_autoptr(FieldSet) values = fill_all(view, section);
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) blank = shop_sheet(shop, &shop->large, section->name, NULL);
		g_autoptr(GBytes) by_mupdf = render_fill(blank, values, &error);
		g_autoptr(GBytes) by_hand = shop_sheet(shop, &shop->large, section->name, values);
		g_autoptr(GBytes) again = shop_sheet(shop, &shop->large, section->name, values);

		g_assert_no_error(error);
		expect_one(shop, by_hand, by_mupdf);
		g_assert_true(g_bytes_equal(by_hand, again));
		filled += g_hash_table_size(values);
	}
	g_assert_cmpuint(filled, >, 300);
}

static void
expect_refusal(const Workshop *shop, const char *name, const char *value)
{
	g_autoptr(FormView) view = form_view_new(shop->form, &shop->large);
	g_autoptr(FieldSet) wrong = field_set_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) sheet = NULL;

	field_set_put(wrong, name, value);
	sheet = renderer_sheet(shop->renderer, &shop->large, view, form_section(shop->form, "s2"),
	    1, "it", wrong, &error);
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	g_assert_null(sheet);
}

static void
test_refusals(Workshop *shop, gconstpointer data)
{
	(void)data;
	expect_refusal(shop, "q9_9", "x");
	expect_refusal(shop, "q2_1", "no_such_choice");
	expect_refusal(shop, "q2_1", "Off");
	expect_refusal(shop, "q2_4__dirigente", "yes");
}

/* The second half of /ID tells two sheets apart, the first says that they come from one template. */
static char *
id_of(const Workshop *shop, GBytes *pdf)
{
	static const char *const words[] = { "sh", "-c",
		"qpdf --show-object=trailer \"$0\" | grep -o '/ID \\[[^]]*]'", "@", NULL };

	return shop_ask(shop, pdf, words);
}

static void
test_id(Workshop *shop, gconstpointer data)
{
	g_autoptr(FormView) view = form_view_new(shop->form, &shop->large);
	g_autoptr(FieldSet) values = fill_all(view, form_section(shop->form, "s2"));
	Unit neighbour = shop_unit("A944", "Bologna", "", 390000);
	g_autoptr(GBytes) one = shop_sheet(shop, &shop->large, "s2", NULL);
	g_autoptr(GBytes) other = shop_sheet(shop, &neighbour, "s2", NULL);
	g_autoptr(GBytes) filled = shop_sheet(shop, &shop->large, "s2", values);
	g_autofree char *one_id = id_of(shop, one);
	g_autofree char *other_id = id_of(shop, other);
	g_autofree char *filled_id = id_of(shop, filled);

	(void)data;
	g_assert_true(strncmp(one_id, other_id, 39) == 0);
	g_assert_true(strncmp(one_id, filled_id, 39) == 0);
	g_assert_cmpstr(one_id, !=, other_id);
	g_assert_cmpstr(one_id, !=, filled_id);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Workshop *, gconstpointer);
	} tests[] = {
		{ "/personal/all-sections-are-as-mupdf-would-write-them", test_all_sections },
		{ "/personal/strange-names-are-shown-and-do-nothing-else", test_strange },
		{ "/personal/metadata-with-strange-names-are-sound-xml", test_metadata },
		{ "/personal/an-endless-name-is-as-mupdf-would-write-it", test_endless },
		{ "/personal/values-are-as-mupdf-would-write-them", test_values },
		{ "/personal/unknown-fields-and-choices-are-refused", test_refusals },
		{ "/personal/each-sheet-has-an-id-of-its-own", test_id },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Workshop, NULL, shop_open, tests[i].test, shop_close);
	return g_test_run();
}

/* A template: libhpdf's pages with repaired fonts, places for what each unit gets, form, structure and metadata. */
#include "pdf/personal.h"

#include "base/error.h"

#include <string.h>

const char *const pdf_identity_fields[IDENTITY_FIELDS] = { FIELD_VERSION, FIELD_KID, FIELD_EDITION,
	FIELD_UNIT, FIELD_SECTION, FIELD_FORM, FIELD_SERIAL, FIELD_TAG };

void
pdf_template_free(PdfTemplate *template)
{
	if (template == NULL)
		return;
	g_clear_pointer(&template->bytes, g_bytes_unref);
	pdf_personal_free(template->personal);
	pdf_holes_free(template->holes);
	g_free(template->id);
	g_free(template->lang);
	g_free(template->author);
	g_free(template);
}

GBytes *
pdf_template_bytes(const PdfTemplate *template)
{
	return template->bytes;
}

/* --- places for what each unit gets --------------------------------------------------------------- */

static void
add_places(PdfBuild *build)
{
	fz_context *ctx = build->ctx;
	PdfTemplate *template = build->template;
	int shared;
	pdf_obj *objects = pdf_new_dict_object(ctx, build->doc, &shared);

	for (gsize i = 0; i < PLACES; i++) {
		const PdfPlace *place = &build->about->places[i];

		template->widths[i] = place->width;
		template->heights[i] = place->height;
		template->places[i] = pdf_new_form(ctx, build->doc, place->width, place->height,
		    "\n", i == PLACE_OF_QR ? 0 : build->own);
		pdf_put_ref(ctx, objects, place->name, template->places[i]);
	}
	for (guint page = 0; page < build->drawing->pages; page++) {
		pdf_obj *dict = pdf_lookup_page_obj(ctx, build->doc, (int)page);

		pdf_put_ref(ctx, pdf_dict_get(ctx, dict, PDF_NAME(Resources)), "XObject", shared);
	}
}

/* --- metadata ------------------------------------------------------------------------------------- */

static void
append_xmp(GString *xmp, const char *name, const char *value)
{
	g_autofree char *escaped = g_markup_escape_text(value, -1);

	g_string_append_printf(xmp, "<%s>%s</%s>\n", name, escaped, name);
}

char *
pdf_xmp(const PdfAbout *about, const PdfUnit *unit)
{
	g_autofree char *title =
	    g_markup_escape_text(unit != NULL ? unit->title : about->title, -1);
	g_autofree char *author = g_markup_escape_text(about->author, -1);
	g_autoptr(GString) xmp = g_string_new(
	    "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
	    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
	    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
	    "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
	    "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
	    "xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\" "
	    "xmlns:plico=\"https://plico.example/ns/sheet/1/\">\n");

	g_string_append_printf(xmp,
	    "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:title>\n"
	    "<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>\n"
	    "<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>\n",
	    title, author, about->lang);
	append_xmp(xmp, "xmp:CreatorTool", "plico " PLICO_VERSION);
	/* ISO 14289-1, 5: claimed because tests/tool/pdf_ua.py finds nothing; docs/accessibility.md tells what it looks at */
	append_xmp(xmp, "pdfuaid:part", "1");
	if (unit != NULL) {
		append_xmp(xmp, "plico:v", unit->id->version);
		append_xmp(xmp, "plico:kid", unit->id->kid);
		append_xmp(xmp, "plico:edition", unit->id->edition);
		append_xmp(xmp, "plico:unit", unit->id->unit);
		append_xmp(xmp, "plico:section", unit->id->section);
		append_xmp(xmp, "plico:form", unit->id->form);
		append_xmp(xmp, "plico:serial", unit->id->serial);
		append_xmp(xmp, "plico:tag", unit->id->tag);
	}
	g_string_append(
	    xmp, "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>\n");
	return g_string_free(g_steal_pointer(&xmp), FALSE);
}

static void
add_metadata(PdfBuild *build, const char *xmp)
{
	fz_context *ctx = build->ctx;
	pdf_obj *trailer = pdf_trailer(ctx, build->doc);
	pdf_obj *root = pdf_dict_get(ctx, trailer, PDF_NAME(Root));
	pdf_obj *metadata = pdf_new_dict_object(ctx, build->doc, &build->template->metadata);

	pdf_dict_put(ctx, metadata, PDF_NAME(Type), PDF_NAME(Metadata));
	pdf_dict_put(ctx, metadata, PDF_NAME(Subtype), PDF_NAME(XML));
	pdf_replace_stream(ctx, build->doc, build->template->metadata, xmp);
	pdf_put_ref(ctx, root, "Metadata", build->template->metadata);
	build->template->info = pdf_to_num(ctx, pdf_dict_get(ctx, trailer, PDF_NAME(Info)));
	pdf_dict_put_name(ctx, root, PDF_NAME(Version), "1.7");
	pdf_dict_put_text_string(ctx, root, PDF_NAME(Lang), build->about->lang);
	pdf_dict_puts_drop(ctx, pdf_dict_puts_dict(ctx, root, "ViewerPreferences", 1),
	    "DisplayDocTitle", PDF_TRUE);
}

/* --- the whole -------------------------------------------------------------------------------------- */

/* What updates change must not lie in an object stream, lest the reader of each update unpacks one for it. */
static void
collect_plain(const PdfBuild *build, GHashTable *plain)
{
	fz_context *ctx = build->ctx;
	pdf_obj *root = pdf_dict_get(ctx, pdf_trailer(ctx, build->doc), PDF_NAME(Root));
	const int others[] = { pdf_to_num(ctx, root), build->template->info,
		pdf_to_num(ctx, pdf_dict_get(ctx, root, PDF_NAME(AcroForm))),
		pdf_to_num(ctx, pdf_dict_get(ctx, root, PDF_NAME(Pages))) };

	for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
		g_hash_table_add(plain, GINT_TO_POINTER(others[i]));
	for (gsize i = 0; build->fillable && i < IDENTITY_FIELDS; i++)
		g_hash_table_add(plain, GINT_TO_POINTER(build->template->identity[i]));
}

static void
build_template(PdfBuild *build, const char *xmp, GHashTable *plain, GByteArray *out)
{
	fz_context *ctx = build->ctx;

	pdf_repair_fonts(build);
	for (guint page = 0; page < build->drawing->pages; page++)
		build->pages[page] =
		    pdf_to_num(ctx, pdf_lookup_page_obj(ctx, build->doc, (int)page));
	if (build->fillable) {
		add_places(build);
		pdf_add_fields(build);
	}
	pdf_cut_holes(build);
	pdf_add_structure(build);
	add_metadata(build, xmp);
	collect_plain(build, plain);
	pdf_pack(ctx, build->doc, plain, out, &build->template->id);
}

static gboolean
try_build(PdfBuild *build, GBytes *pages, GByteArray *out, GError **error)
{
	fz_context *ctx = build->ctx;
	g_autofree char *xmp = pdf_xmp(build->about, NULL);
	g_autoptr(GHashTable) plain = g_hash_table_new(NULL, NULL);
	const unsigned char *data;
	gsize size;
	fz_stream *stream = NULL;
	gboolean done = TRUE;

	data = g_bytes_get_data(pages, &size);
	fz_var(stream);
	fz_try(ctx)
	{
		stream = fz_open_memory(ctx, data, size);
		build->doc = pdf_open_document_with_stream(ctx, stream);
		build_template(build, xmp, plain, out);
	}
	fz_always(ctx)
	{
		pdf_drop_document(ctx, build->doc);
		fz_drop_stream(ctx, stream);
	}
	fz_catch(ctx)
	{
		done = pdf_caught(ctx, error, build->about->title);
	}
	return done;
}

static PdfTemplate *
make(PdfMaker *maker, GBytes *pages, const Drawing *drawing, const PdfAbout *about,
    gboolean fillable, GError **error)
{
	g_autoptr(PdfTemplate) template = g_new0(PdfTemplate, 1);
	g_autoptr(GByteArray) out = g_byte_array_new();
	g_autofree int *page_numbers = g_new0(int, drawing->pages);
	g_autofree int *widget_numbers = g_new0(int, drawing->widgets->len);
	g_autoptr(GHashTable) forms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) fonts = g_hash_table_new(NULL, NULL);
	PdfBuild build = { .ctx = maker->ctx,
		.maker = maker,
		.drawing = drawing,
		.about = about,
		.fillable = fillable,
		.template = template,
		.pages = page_numbers,
		.widgets = widget_numbers,
		.forms = forms,
		.fonts = fonts };

	template->lang = g_strdup(about->lang);
	template->author = g_strdup(about->author);
	if (!try_build(&build, pages, out, error))
		return NULL;
	template->bytes = g_byte_array_free_to_bytes(g_steal_pointer(&out));
	if (fillable) {
		template->personal = pdf_personal_new(maker, template, error);
		if (template->personal == NULL)
			return NULL;
	}
	return g_steal_pointer(&template);
}

PdfTemplate *
pdf_template_new(
    PdfMaker *maker, GBytes *pages, const Drawing *drawing, const PdfAbout *about, GError **error)
{
	return make(maker, pages, drawing, about, TRUE, error);
}

PdfTemplate *
pdf_template_holed(
    PdfMaker *maker, GBytes *pages, const Drawing *drawing, const PdfAbout *about, GError **error)
{
	g_autoptr(PdfTemplate) template = make(maker, pages, drawing, about, FALSE, error);

	if (template == NULL || !pdf_read_holes(maker, template, error))
		return NULL;
	return g_steal_pointer(&template);
}

GBytes *
pdf_finish(
    PdfMaker *maker, GBytes *pages, const Drawing *drawing, const PdfAbout *about, GError **error)
{
	g_autoptr(PdfTemplate) whole = make(maker, pages, drawing, about, FALSE, error);

	return whole != NULL ? g_bytes_ref(whole->bytes) : NULL;
}

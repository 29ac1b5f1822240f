/* A template: libhpdf's pages with repaired fonts, places for what each unit gets, form, structure and metadata. */
#include "render/pdf_personal.h"

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

/* --- fonts -------------------------------------------------------------------------------------- */

#define BLOCK_RANGES 100 /* in one block of a CMap: Adobe Technical Note 5014 */

typedef struct {
	guint first;
	guint last;
} Range;

/* The codes that have a glyph. @glyphs: two bytes for each code. No range crosses a high byte (ISO 32000-1, 9.10.3). */
static GArray *
find_ranges(const unsigned char *glyphs, size_t size)
{
	GArray *ranges = g_array_new(FALSE, FALSE, sizeof(Range));
	gboolean open = FALSE;

	for (guint code = 1; code < size / 2; code++) {
		Range range = { code, code };

		if (glyphs[2 * code] == 0 && glyphs[2 * code + 1] == 0) {
			open = FALSE;
			continue;
		}
		if (open && (code & 0xff) != 0)
			g_array_index(ranges, Range, ranges->len - 1).last = code;
		else
			g_array_append_val(ranges, range);
		open = TRUE;
	}
	return ranges;
}

/* libhpdf's codes are UTF-16, so the identity is the right map, as far as there are glyphs; its own is malformed
 * (begincidrange). Code 0 may not be in it: ISO 14289-1, 7.21.7. */
static char *
make_to_unicode(const unsigned char *glyphs, size_t size)
{
	g_autoptr(GArray) ranges = find_ranges(glyphs, size);
	GString *map =
	    g_string_new("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
			 "/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def\n"
			 "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
			 "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");

	for (guint i = 0; i < ranges->len; i++) {
		const Range *range = &g_array_index(ranges, Range, i);

		if (i % BLOCK_RANGES == 0)
			g_string_append_printf(
			    map, "%u beginbfrange\n", MIN(BLOCK_RANGES, ranges->len - i));
		g_string_append_printf(
		    map, "<%04X> <%04X> <%04X>\n", range->first, range->last, range->first);
		if ((i + 1) % BLOCK_RANGES == 0 || i + 1 == ranges->len)
			g_string_append(map, "endbfrange\n");
	}
	g_string_append(map, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
	return g_string_free(map, FALSE);
}

/* Returns the number of the CMap. */
static int
add_to_unicode(PdfBuild *build, pdf_obj *descendant)
{
	fz_context *ctx = build->ctx;
	fz_buffer *glyphs = NULL;
	char *map = NULL;
	int num = 0;

	fz_var(glyphs);
	fz_var(map);
	fz_try(ctx)
	{
		unsigned char *data;
		size_t size;

		glyphs = pdf_load_stream(ctx, pdf_dict_gets(ctx, descendant, "CIDToGIDMap"));
		size = fz_buffer_storage(ctx, glyphs, &data);
		map = make_to_unicode(data, size);
		(void)pdf_new_dict_object(ctx, build->doc, &num);
		pdf_replace_stream(ctx, build->doc, num, map);
	}
	fz_always(ctx)
	{
		fz_drop_buffer(ctx, glyphs);
		g_free(map);
	}
	fz_catch(ctx)
	{
		fz_rethrow(ctx);
	}
	return num;
}

static void
repair_font(PdfBuild *build, pdf_obj *font)
{
	fz_context *ctx = build->ctx;
	pdf_obj *descendant =
	    pdf_array_get(ctx, pdf_dict_get(ctx, font, PDF_NAME(DescendantFonts)), 0);
	pdf_obj *info = pdf_dict_put_dict(ctx, descendant, PDF_NAME(CIDSystemInfo), 3);

	pdf_put_ref(ctx, font, "ToUnicode", add_to_unicode(build, descendant));
	pdf_dict_put_string(ctx, info, PDF_NAME(Registry), "Adobe", 5);
	pdf_dict_put_string(ctx, info, PDF_NAME(Ordering), "Identity", 8);
	pdf_dict_put_int(ctx, info, PDF_NAME(Supplement), 0);
}

/* Fonts are shared by all pages, each is repaired once. The one that is neither bold nor monospaced is for texts written
 * in later. */
static void
repair_fonts(PdfBuild *build)
{
	fz_context *ctx = build->ctx;
	GHashTable *done = build->fonts;

	for (guint page = 0; page < build->drawing->pages; page++) {
		pdf_obj *dict = pdf_lookup_page_obj(ctx, build->doc, (int)page);
		pdf_obj *fonts = pdf_dict_getp(ctx, dict, "Resources/Font");

		for (int i = 0; i < pdf_dict_len(ctx, fonts); i++) {
			pdf_obj *font = pdf_dict_get_val(ctx, fonts, i);
			const char *name = pdf_dict_get_name(ctx, font, PDF_NAME(BaseFont));

			if (g_hash_table_add(done, GINT_TO_POINTER(pdf_to_num(ctx, font))))
				repair_font(build, font);
			if (strstr(name, "Sans") != NULL && strstr(name, "Bold") == NULL)
				build->own = pdf_to_num(ctx, font);
		}
	}
	if (build->own == 0)
		fz_throw(ctx, FZ_ERROR_GENERIC, _("the pages have no regular font"));
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

	repair_fonts(build);
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

#include "pdf/personal.h"

#include "base/error.h"
#include "base/sum.h"
#include "pdf/prefill.h"

#include <string.h>

#define NAME_SIZE 12.5
#define FOOT_SIZE 7.2

#define TITLE IDENTITY_FIELDS /* the hole behind those of the identity */

/* Fixed texts of what changes: dictionaries open at their end. */
struct PdfPersonal {
	PdfBase *base;
	PdfPrefill *prefill;
	char *info;
	char *metadata;
	Pattern *xmp;
	char *places[PLACES];
	char *identity[IDENTITY_FIELDS];
};

void
pdf_personal_free(PdfPersonal *personal)
{
	if (personal == NULL)
		return;
	pdf_base_free(personal->base);
	pdf_prefill_free(personal->prefill);
	pattern_free(personal->xmp);
	g_free(personal->info);
	g_free(personal->metadata);
	for (gsize i = 0; i < PLACES; i++)
		g_free(personal->places[i]);
	for (gsize i = 0; i < IDENTITY_FIELDS; i++)
		g_free(personal->identity[i]);
	g_free(personal);
}

/* --- reading a template ------------------------------------------------------------------------------- */

static Pattern *
make_xmp(const PdfTemplate *template)
{
	const PdfAbout about = { .author = template->author, .lang = template->lang };
	SheetId id;
	const PdfUnit unit = { .id = &id, .title = pattern_hole(TITLE) };
	char **const fields[IDENTITY_FIELDS] = { &id.version, &id.kid, &id.edition, &id.unit,
		&id.section, &id.form, &id.serial, &id.tag };
	g_autofree char *xmp = NULL;

	for (guint i = 0; i < IDENTITY_FIELDS; i++) {
		const char *hole = pattern_hole(i);

		*fields[i] = (char *)(gsize)hole;
	}
	xmp = pdf_xmp(&about, &unit);
	return pattern_new(xmp);
}

static char *
read_info(fz_context *ctx, pdf_document *doc, int num)
{
	const char *without[IDENTITY_FIELDS + 2] = { "Title" };

	for (gsize i = 0; i < IDENTITY_FIELDS; i++)
		without[i + 1] = pdf_identity_fields[i];
	return pdf_read_head(ctx, doc, num, without);
}

static void
read_template(
    PdfPersonal *personal, fz_context *ctx, pdf_document *doc, const PdfTemplate *template)
{
	static const char *const value[] = { "V", NULL };
	static const char *const nothing[] = { NULL };

	personal->base = pdf_read_base(ctx, doc, template->bytes);
	personal->prefill = pdf_prefill_new(ctx, doc);
	personal->info = read_info(ctx, doc, template->info);
	personal->metadata = pdf_read_head(ctx, doc, template->metadata, nothing);
	for (gsize i = 0; i < PLACES; i++)
		personal->places[i] = pdf_read_head(ctx, doc, template->places[i], nothing);
	for (gsize i = 0; i < IDENTITY_FIELDS; i++)
		personal->identity[i] = pdf_read_head(ctx, doc, template->identity[i], value);
}

PdfPersonal *
pdf_personal_new(PdfMaker *maker, const PdfTemplate *template, GError **error)
{
	fz_context *ctx = maker->ctx;
	PdfPersonal *personal = g_new0(PdfPersonal, 1);
	fz_stream *stream = NULL;
	pdf_document *doc = NULL;
	gsize size;
	const unsigned char *data = g_bytes_get_data(template->bytes, &size);
	gboolean done = TRUE;

	personal->xmp = make_xmp(template);
	fz_var(stream);
	fz_var(doc);
	fz_try(ctx)
	{
		stream = fz_open_memory(ctx, data, size);
		doc = pdf_open_document_with_stream(ctx, stream);
		read_template(personal, ctx, doc, template);
	}
	fz_always(ctx)
	{
		pdf_drop_document(ctx, doc);
		fz_drop_stream(ctx, stream);
	}
	fz_catch(ctx)
	{
		done = pdf_caught(ctx, error, _("the template cannot be read"));
		pdf_personal_free(personal);
	}
	return done ? personal : NULL;
}

/* --- writing a sheet ----------------------------------------------------------------------------------- */

/* Whose values stand where the template has its own: in the order of pdf_identity_fields, then the title. */
static void
collect(const PdfUnit *unit, const char *values[IDENTITY_FIELDS + 1])
{
	const SheetId *id = unit->id;
	const char *const all[IDENTITY_FIELDS + 1] = { id->version, id->kid, id->edition, id->unit,
		id->section, id->form, id->serial, id->tag, unit->title };

	memcpy(values, all, sizeof all);
}

static void
write_places(PdfMaker *maker, const PdfTemplate *template, const PdfUnit *unit)
{
	static const PdfPlaces texts[] = { PLACE_OF_NAME, PLACE_OF_FOOT };
	static const double sizes[] = { NAME_SIZE, FOOT_SIZE };
	static const char *const inks[] = { "0 g ", "0.33 g " };
	const char *const shown[] = { unit->name, unit->foot };
	PdfUpdate *update = maker->update;

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		PdfPlaces place = texts[i];

		update_open_stream(
		    update, template->places[place], template->personal->places[place]);
		g_string_append(update_out(update), inks[i]);
		pdf_show_fitted(maker, update_out(update), sizes[i], template->widths[place],
		    template->heights[place], shown[i]);
		update_close_stream(update);
	}
	update_open_stream(
	    update, template->places[PLACE_OF_QR], template->personal->places[PLACE_OF_QR]);
	qr_put(update_out(update), unit->qr, template->widths[PLACE_OF_QR]);
	update_close_stream(update);
}

static void
write_identity(PdfUpdate *update, const PdfTemplate *template, const char *const *values)
{
	const PdfPersonal *personal = template->personal;
	GString *out = update_out(update);

	for (gsize i = 0; i < IDENTITY_FIELDS; i++) {
		update_open(update, template->identity[i], personal->identity[i]);
		g_string_append(out, "/V");
		syntax_put_text(out, values[i]);
		g_string_append(out, ">>");
		update_close(update);
	}
	update_open(update, template->info, personal->info);
	g_string_append(out, "/Title");
	syntax_put_text(out, values[TITLE]);
	for (gsize i = 0; i < IDENTITY_FIELDS; i++) {
		g_string_append_c(out, '/');
		g_string_append(out, pdf_identity_fields[i]);
		syntax_put_text(out, values[i]);
	}
	g_string_append(out, ">>");
	update_close(update);
	update_open_stream(update, template->metadata, personal->metadata);
	pattern_fill(personal->xmp, out, values, pattern_put_markup);
	update_close_stream(update);
}

/* The second half of /ID (14.4) tells sheets apart: by their tag, and by the values in them if there are any. */
static void
make_id(PdfUpdate *update, const char *tag, gboolean valued, guint8 id[PDF_ID_SIZE])
{
	guint8 digest[SUM_SIZE];

	memset(id, 0, PDF_ID_SIZE);
	memcpy(id, tag, MIN(strlen(tag), PDF_ID_SIZE));
	if (!valued)
		return;
	sum_digest(update_out(update)->str, update_out(update)->len, digest);
	memcpy(id, digest, PDF_ID_SIZE);
}

GBytes *
pdf_template_personalise(PdfMaker *maker, const PdfTemplate *template, const PdfUnit *unit,
    const FieldSet *values, GError **error)
{
	PdfUpdate *update = maker->update;
	const char *texts[IDENTITY_FIELDS + 1];
	guint8 id[PDF_ID_SIZE];
	const guint8 *bytes;
	gsize size;

	collect(unit, texts);
	update_begin(update, template->personal->base);
	write_places(maker, template, unit);
	write_identity(update, template, texts);
	if (values != NULL &&
	    !pdf_prefill_write(maker, template->personal->prefill, update, values, error)) {
		g_prefix_error(error, "%s: ", unit->title);
		return NULL;
	}
	make_id(update, unit->id->tag, values != NULL, id);
	bytes = update_finish(update, id, &size);
	return g_bytes_new(bytes, size);
}

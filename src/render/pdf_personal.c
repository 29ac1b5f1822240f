/* One unit's sheet: what changes in the template, as an incremental update. */
#include "base/error.h"
#include "render/pdf_template.h"

#include <string.h>

#define NAME_SIZE 12.5
#define FOOT_SIZE 7.2
#define FOOT_GREY "0.33 g "

/* @text at the left of a place, in the largest size up to @size that fits, then cut. */
static void
show_fitted(
    PdfMaker *maker, const PdfTemplate *template, PdfPlaces place, double size, const char *text)
{
	double width = template->widths[place];
	double height = template->heights[place];
	g_autoptr(GString) shown = g_string_new(text);
	double least = size * 0.7;

	while (size > least && pdf_text_width(maker, size, text) > width)
		size -= 0.25;
	while (shown->len > 0 && pdf_text_width(maker, size, shown->str) > width) {
		const char *last = g_utf8_find_prev_char(shown->str, shown->str + shown->len);

		if (g_str_has_suffix(shown->str, "…"))
			last = g_utf8_find_prev_char(shown->str, last);
		g_string_truncate(shown, last != NULL ? (gsize)(last - shown->str) : 0);
		g_string_append(shown, "…");
	}
	g_string_assign(maker->content, place == PLACE_OF_NAME ? "0 g " : FOOT_GREY);
	pdf_show_text(maker, maker->content, size, 0, (height - size * 0.72) / 2, shown->str);
}

/* Dark modules of each row as runs; the quiet zone lies inside the place (ISO/IEC 18004). */
static void
draw_qr(PdfMaker *maker, double width, const PdfUnit *unit)
{
	GString *content = maker->content;
	guint side = unit->qr_side;
	double module = width / (side + 8);

	g_string_assign(content, "0 g ");
	g_string_append_printf(content, "%.5f 0 0 %.5f 0 0 cm\n", module, module);
	for (guint row = 0; row < side; row++) {
		for (guint column = 0, run; column < side; column += run + 1) {
			for (run = 0;
			     column + run < side && (unit->qr[row * side + column + run] & 1) != 0;)
				run++;
			if (run > 0)
				g_string_append_printf(
				    content, "%u %u %u 1 re\n", column + 4, side + 3 - row, run);
		}
	}
	g_string_append(content, "f\n");
}

static void
write_places(PdfMaker *maker, pdf_document *doc, const PdfTemplate *template, const PdfUnit *unit)
{
	fz_context *ctx = maker->ctx;

	show_fitted(maker, template, PLACE_OF_NAME, NAME_SIZE, unit->name);
	pdf_replace_stream(ctx, doc, template->places[PLACE_OF_NAME], maker->content->str);
	show_fitted(maker, template, PLACE_OF_FOOT, FOOT_SIZE, unit->foot);
	pdf_replace_stream(ctx, doc, template->places[PLACE_OF_FOOT], maker->content->str);
	draw_qr(maker, template->widths[PLACE_OF_QR], unit);
	pdf_replace_stream(ctx, doc, template->places[PLACE_OF_QR], maker->content->str);
}

static void
put_text(fz_context *ctx, pdf_document *doc, int num, pdf_obj *key, const char *text)
{
	pdf_obj *ref = pdf_new_indirect(ctx, doc, num, 0);

	fz_try(ctx)
	{
		pdf_dict_put_text_string(ctx, ref, key, text);
	}
	fz_always(ctx)
	{
		pdf_drop_obj(ctx, ref);
	}
	fz_catch(ctx)
	{
		fz_rethrow(ctx);
	}
}

static void
write_identity(fz_context *ctx, pdf_document *doc, const PdfTemplate *template, const PdfUnit *unit)
{
	const SheetId *id = unit->id;
	const char *const values[IDENTITY_FIELDS] = { id->version, id->kid, id->edition, id->unit,
		id->section, id->form, id->serial, id->tag };
	g_autofree char *last = NULL;
	pdf_obj *info = pdf_dict_get(ctx, pdf_trailer(ctx, doc), PDF_NAME(Info));

	for (gsize i = 0; i < IDENTITY_FIELDS; i++) {
		put_text(ctx, doc, template->identity[i], PDF_NAME(V), values[i]);
		pdf_dict_puts_drop(
		    ctx, info, pdf_identity_fields[i], pdf_new_text_string(ctx, values[i]));
	}
	pdf_dict_put_text_string(ctx, info, PDF_NAME(Title), unit->title);
	last = g_compute_checksum_for_string(G_CHECKSUM_SHA256, id->tag, -1);
	pdf_put_id(ctx, pdf_trailer(ctx, doc), template->id, last);
}

GBytes *
pdf_template_personalise(PdfMaker *maker, const PdfTemplate *template, const PdfUnit *unit,
    const FieldSet *values, GError **error)
{
	const PdfAbout about = {
		.title = unit->title, .author = template->author, .lang = template->lang
	};
	fz_context *ctx = maker->ctx;
	g_autoptr(GByteArray) out = g_byte_array_new();
	g_autofree char *xmp = pdf_xmp(&about, unit);
	gsize size;
	const unsigned char *data = g_bytes_get_data(template->bytes, &size);
	fz_stream *stream = NULL;
	pdf_document *doc = NULL;
	gboolean done = TRUE;

	fz_var(stream);
	fz_var(doc);
	fz_try(ctx)
	{
		stream = fz_open_memory(ctx, data, size);
		doc = pdf_open_document_with_stream(ctx, stream);
		write_places(maker, doc, template, unit);
		write_identity(ctx, doc, template, unit);
		pdf_replace_stream(ctx, doc, template->metadata, xmp);
		if (values != NULL)
			pdf_fill_fields(maker, doc, values);
		pdf_append_update(ctx, doc, template->bytes, out);
	}
	fz_always(ctx)
	{
		pdf_drop_document(ctx, doc);
		fz_drop_stream(ctx, stream);
	}
	fz_catch(ctx)
	{
		done = pdf_caught(ctx, error, unit->title);
	}
	return done ? g_byte_array_free_to_bytes(g_steal_pointer(&out)) : NULL;
}

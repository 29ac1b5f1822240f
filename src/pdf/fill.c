/* Values written into the fields of a sheet, as a viewer's saving does: /V, the state of buttons, and an appearance with
 * the embedded font, which has the letters that a viewer's Helvetica lacks. */
#include "base/error.h"
#include "pdf/mupdf.h"

#include <string.h>

#define FIELDS_MOST 5000

typedef struct {
	PdfMaker *maker;
	pdf_document *doc;
	int font;
} Fill;

/* --- appearance of text ---------------------------------------------------------------------------- */

static int
make_appearance(Fill *fill, pdf_obj *field, const char *value)
{
	fz_context *ctx = fill->maker->ctx;
	fz_rect rect = pdf_dict_get_rect(ctx, field, PDF_NAME(Rect));
	double width = (double)(rect.x1 - rect.x0);
	double height = (double)(rect.y1 - rect.y0);
	int flags = pdf_dict_get_int(ctx, field, PDF_NAME(Ff));
	PdfFieldText text = { .width = width,
		.height = height,
		.multiline = (flags & PDF_TX_FIELD_IS_MULTILINE) != 0,
		.quiet = (flags & PDF_FIELD_IS_READ_ONLY) != 0,
		.value = value };
	g_autoptr(GString) stream = g_string_new(NULL);

	pdf_put_field_text(fill->maker, stream, &text);
	return pdf_new_form(ctx, fill->doc, width, height, stream->str, fill->font);
}

static void
fill_text(Fill *fill, pdf_obj *field, const char *value)
{
	fz_context *ctx = fill->maker->ctx;
	pdf_obj *appearance;

	if (strcmp(pdf_dict_get_text_string(ctx, field, PDF_NAME(V)), value) == 0)
		return;
	pdf_dict_put_text_string(ctx, field, PDF_NAME(V), value);
	appearance = pdf_dict_put_dict(ctx, field, PDF_NAME(AP), 1);
	pdf_put_ref(ctx, appearance, "N", make_appearance(fill, field, value));
}

/* As viewers do: what is so already is not written again. */
static void
put_name(fz_context *ctx, pdf_obj *dict, pdf_obj *key, const char *name)
{
	if (strcmp(pdf_to_name(ctx, pdf_dict_get(ctx, dict, key)), name) != 0)
		pdf_dict_put_name(ctx, dict, key, name);
}

/* --- buttons ---------------------------------------------------------------------------------------- */

/* Sets a widget to the state named @value if it has it, to Off otherwise. Returns whether it has. */
static gboolean
set_state(fz_context *ctx, pdf_obj *widget, const char *value)
{
	pdf_obj *states = pdf_dict_getp(ctx, widget, "AP/N");
	gboolean has = *value != '\0' && pdf_dict_gets(ctx, states, value) != NULL;

	put_name(ctx, widget, PDF_NAME(AS), has ? value : "Off");
	return has;
}

static void
fill_button(Fill *fill, pdf_obj *field, const char *name, const char *value)
{
	fz_context *ctx = fill->maker->ctx;
	pdf_obj *kids = pdf_dict_get(ctx, field, PDF_NAME(Kids));
	gboolean found = FALSE;

	if (kids == NULL)
		found = set_state(ctx, field, value);
	for (int i = 0; i < pdf_array_len(ctx, kids); i++)
		found |= set_state(ctx, pdf_array_get(ctx, kids, i), value);
	if (!found && *value != '\0')
		fz_throw(ctx, FZ_ERROR_GENERIC, _("the field %s cannot be %s"), name, value);
	put_name(ctx, field, PDF_NAME(V), *value != '\0' ? value : "Off");
}

/* --- all fields --------------------------------------------------------------------------------------- */

static void
fill_field(Fill *fill, pdf_obj *field, const char *name, const char *value)
{
	fz_context *ctx = fill->maker->ctx;

	if (pdf_name_eq(ctx, pdf_dict_get(ctx, field, PDF_NAME(FT)), PDF_NAME(Btn)))
		fill_button(fill, field, name, value);
	else
		fill_text(fill, field, value);
}

void
pdf_fill_fields(PdfMaker *maker, pdf_document *doc, const FieldSet *values)
{
	fz_context *ctx = maker->ctx;
	pdf_obj *form = pdf_dict_getp(ctx, pdf_trailer(ctx, doc), "Root/AcroForm");
	pdf_obj *fields = pdf_dict_get(ctx, form, PDF_NAME(Fields));
	int count = MIN(pdf_array_len(ctx, fields), FIELDS_MOST);
	Fill fill = { .maker = maker, .doc = doc };
	guint filled = 0;

	fill.font = pdf_to_num(ctx, pdf_dict_getp(ctx, form, "DR/Font/" PDF_FONT_OWN));
	for (int i = 0; i < count; i++) {
		pdf_obj *field = pdf_array_get(ctx, fields, i);
		const char *name = pdf_dict_get_text_string(ctx, field, PDF_NAME(T));

		if (!field_set_has(values, name))
			continue;
		fill_field(&fill, field, name, field_set_value(values, name));
		filled++;
	}
	if (filled != g_hash_table_size((FieldSet *)(gsize)values))
		fz_throw(ctx, FZ_ERROR_GENERIC, "%s", _("a value is for no field of this sheet"));
}

GBytes *
pdf_fill(PdfMaker *maker, GBytes *pdf, const FieldSet *values, GError **error)
{
	fz_context *ctx = maker->ctx;
	g_autoptr(GByteArray) out = g_byte_array_new();
	gsize size;
	const unsigned char *data = g_bytes_get_data(pdf, &size);
	fz_stream *stream = NULL;
	pdf_document *doc = NULL;
	gboolean done = TRUE;

	fz_var(stream);
	fz_var(doc);
	fz_try(ctx)
	{
		stream = fz_open_memory(ctx, data, size);
		doc = pdf_open_document_with_stream(ctx, stream);
		pdf_fill_fields(maker, doc, values);
		pdf_append_update(ctx, doc, pdf, out);
	}
	fz_always(ctx)
	{
		pdf_drop_document(ctx, doc);
		fz_drop_stream(ctx, stream);
	}
	fz_catch(ctx)
	{
		done = pdf_caught(ctx, error, _("the sheet cannot be filled"));
	}
	return done ? g_byte_array_free_to_bytes(g_steal_pointer(&out)) : NULL;
}

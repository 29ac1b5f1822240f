/* Pages as pictures and as text, by mupdf; runs in the cage. */
#include "collect/paper.h"

#include <mupdf/fitz.h>
#include <mupdf/pdf.h>
#include <string.h>

#define POINTS_PER_INCH 72.0
#define STORE_LIMIT	((gsize)8 << 20)
#define DOTS_LIMIT	((gint64)60 << 20) /* of a picture: what is larger would not fit */

struct PaperFile {
	fz_context *ctx;
	fz_stream *stream;
	pdf_document *doc; /* NULL: a picture */
	fz_buffer *buffer;
	gboolean tiff;
	guint count;
};

void
grey_free(Grey *grey)
{
	if (grey == NULL)
		return;
	g_free(grey->at);
	g_free(grey);
}

static void
hear_nothing(void *opaque, const char *message)
{
	(void)opaque;
	(void)message;
}

/* --- opening ------------------------------------------------------------------------------------------------------------ */

static gboolean
is_pdf(const guchar *data, gsize size)
{
	return size > 0 && memmem(data, MIN(size, 1024), "%PDF-", 5) != NULL;
}

static gboolean
is_tiff(const guchar *data, gsize size)
{
	return size > 4 && (memcmp(data, "II*\0", 4) == 0 || memcmp(data, "MM\0*", 4) == 0);
}

static guint
count_pages(PaperFile *file, const guchar *data, gsize size)
{
	if (file->doc != NULL)
		return pdf_needs_password(file->ctx, file->doc)
			   ? 0
			   : (guint)MAX(pdf_count_pages(file->ctx, file->doc), 0);
	return file->tiff ? (guint)MAX(fz_load_tiff_subimage_count(file->ctx, data, size), 0) : 1;
}

PaperFile *
paper_open(GBytes *bytes)
{
	PaperFile *file = g_new0(PaperFile, 1);
	fz_context *ctx = fz_new_context(NULL, NULL, STORE_LIMIT);
	gsize size;
	const guchar *data = g_bytes_get_data(bytes, &size);

	if (ctx == NULL)
		g_error("fz_new_context: no context");
	file->ctx = ctx;
	fz_set_error_callback(ctx, hear_nothing, NULL);
	fz_set_warning_callback(ctx, hear_nothing, NULL);
	fz_try(ctx)
	{
		if (is_pdf(data, size)) {
			file->stream = fz_open_memory(ctx, data, size);
			file->doc = pdf_open_document_with_stream(ctx, file->stream);
		} else {
			file->buffer = fz_new_buffer_from_shared_data(ctx, data, size);
			file->tiff = is_tiff(data, size);
		}
		file->count = count_pages(file, data, size);
	}
	fz_catch(ctx) file->count = 0;
	return file;
}

void
paper_close(PaperFile *file)
{
	fz_context *ctx;

	if (file == NULL)
		return;
	ctx = file->ctx;
	pdf_drop_document(ctx, file->doc);
	fz_drop_stream(ctx, file->stream);
	fz_drop_buffer(ctx, file->buffer);
	fz_drop_context(ctx);
	g_free(file);
}

guint
paper_count(PaperFile *file)
{
	return file->count;
}

/* --- drawing ------------------------------------------------------------------------------------------------------------- */

/* Dots of a point; what claims to be larger is made to fit. */
static float
scale_of(fz_rect bounds, double resolution)
{
	float side = fz_max(bounds.x1 - bounds.x0, bounds.y1 - bounds.y0);
	float scale = (float)(resolution / POINTS_PER_INCH);

	return side * scale > PAPER_SIDE ? PAPER_SIDE / side : scale;
}

static fz_matrix
matrix_of(fz_context *ctx, pdf_page *page)
{
	fz_rect bounds = pdf_bound_page(ctx, page);
	float scale = scale_of(bounds, PAPER_RESOLUTION);

	return fz_concat(fz_translate(-bounds.x0, -bounds.y0), fz_scale(scale, scale));
}

static Grey *
grey_of(fz_context *ctx, fz_pixmap *pixmap)
{
	Grey *grey = g_new0(Grey, 1);
	const guchar *samples = fz_pixmap_samples(ctx, pixmap);
	gsize stride = (gsize)fz_pixmap_stride(ctx, pixmap);

	grey->width = (guint)fz_pixmap_width(ctx, pixmap);
	grey->height = (guint)fz_pixmap_height(ctx, pixmap);
	grey->at = g_malloc((gsize)grey->width * grey->height);
	for (guint y = 0; y < grey->height; y++)
		memcpy(grey->at + (gsize)y * grey->width, samples + y * stride, grey->width);
	return grey;
}

static void
leave_text_out(fz_device *device)
{
	device->fill_text = NULL;
	device->stroke_text = NULL;
	device->ignore_text = NULL;
}

static void
run_page(PaperFile *file, guint number, fz_pixmap *pixmap, PaperLayer layer)
{
	fz_context *ctx = file->ctx;
	pdf_page *page = NULL;
	fz_device *device = NULL;

	fz_var(page);
	fz_var(device);
	fz_try(ctx)
	{
		page = pdf_load_page(ctx, file->doc, (int)number);
		device = fz_new_draw_device(ctx, matrix_of(ctx, page), pixmap);
		if (layer == PAPER_NO_TEXT)
			leave_text_out(device);
		pdf_run_page(ctx, page, device, fz_identity, NULL);
		fz_close_device(ctx, device);
	}
	fz_always(ctx)
	{
		fz_drop_device(ctx, device);
		fz_drop_page(ctx, page != NULL ? &page->super : NULL);
	}
	fz_catch(ctx) fz_rethrow(ctx);
}

static fz_irect
page_box(PaperFile *file, guint number)
{
	fz_context *ctx = file->ctx;
	pdf_page *page = NULL;
	fz_irect box = fz_empty_irect;

	fz_var(page);
	fz_var(box);
	fz_try(ctx)
	{
		page = pdf_load_page(ctx, file->doc, (int)number);
		box = fz_round_rect(
		    fz_transform_rect(pdf_bound_page(ctx, page), matrix_of(ctx, page)));
	}
	fz_always(ctx) fz_drop_page(ctx, page != NULL ? &page->super : NULL);
	fz_catch(ctx) fz_rethrow(ctx);
	return box;
}

static fz_image *
load_image(PaperFile *file, guint number)
{
	fz_context *ctx = file->ctx;
	fz_pixmap *pixmap = NULL;
	fz_image *image = NULL;
	unsigned char *data;
	gsize size;

	if (!file->tiff)
		return fz_new_image_from_buffer(ctx, file->buffer);
	size = fz_buffer_storage(ctx, file->buffer, &data);
	fz_var(pixmap);
	fz_var(image);
	fz_try(ctx)
	{
		pixmap = fz_load_tiff_subimage(ctx, data, size, (int)number);
		image = fz_new_image_from_pixmap(ctx, pixmap, NULL);
	}
	fz_always(ctx) fz_drop_pixmap(ctx, pixmap);
	fz_catch(ctx) fz_rethrow(ctx);
	return image;
}

/* @image over all of @pixmap. */
static void
lay_image(fz_context *ctx, fz_image *image, fz_pixmap *pixmap)
{
	fz_device *device = NULL;
	int width = fz_pixmap_width(ctx, pixmap);
	int height = fz_pixmap_height(ctx, pixmap);

	fz_var(device);
	fz_try(ctx)
	{
		device = fz_new_draw_device(ctx, fz_identity, pixmap);
		fz_fill_image(ctx, device, image, fz_scale((float)width, (float)height), 1,
		    fz_default_color_params);
		fz_close_device(ctx, device);
	}
	fz_always(ctx) fz_drop_device(ctx, device);
	fz_catch(ctx) fz_rethrow(ctx);
}

static fz_pixmap *
draw_image(PaperFile *file, guint number)
{
	fz_context *ctx = file->ctx;
	fz_image *image = NULL;
	fz_pixmap *pixmap = NULL;

	fz_var(image);
	fz_var(pixmap);
	fz_try(ctx)
	{
		float scale;

		image = load_image(file, number);
		if ((gint64)image->w * image->h > DOTS_LIMIT)
			fz_throw(ctx, FZ_ERROR_GENERIC, "too large");
		scale = fz_min(1, (float)PAPER_SIDE / (float)MAX(image->w, image->h));
		pixmap =
		    fz_new_pixmap(ctx, fz_device_gray(ctx), MAX((int)((float)image->w * scale), 1),
			MAX((int)((float)image->h * scale), 1), NULL, 0);
		fz_clear_pixmap_with_value(ctx, pixmap, 255);
		lay_image(ctx, image, pixmap);
	}
	fz_always(ctx) fz_drop_image(ctx, image);
	fz_catch(ctx)
	{
		fz_drop_pixmap(ctx, pixmap);
		fz_rethrow(ctx);
	}
	return pixmap;
}

static fz_pixmap *
draw_page(PaperFile *file, guint number, PaperLayer layer)
{
	fz_context *ctx = file->ctx;
	fz_pixmap *pixmap = NULL;

	fz_var(pixmap);
	fz_try(ctx)
	{
		pixmap = fz_new_pixmap_with_bbox(
		    ctx, fz_device_gray(ctx), page_box(file, number), NULL, 0);
		fz_clear_pixmap_with_value(ctx, pixmap, 255);
		run_page(file, number, pixmap, layer);
	}
	fz_catch(ctx)
	{
		fz_drop_pixmap(ctx, pixmap);
		fz_rethrow(ctx);
	}
	return pixmap;
}

Grey *
paper_draw(PaperFile *file, guint page, PaperLayer layer)
{
	fz_context *ctx = file->ctx;
	fz_pixmap *pixmap = NULL;
	g_autoptr(Grey) grey = NULL;

	if (page >= file->count)
		return NULL;
	fz_var(pixmap);
	fz_var(grey);
	fz_try(ctx)
	{
		pixmap = file->doc != NULL ? draw_page(file, page, layer) : draw_image(file, page);
	}
	fz_catch(ctx) pixmap = NULL;
	if (pixmap != NULL && fz_pixmap_width(ctx, pixmap) > 0 && fz_pixmap_height(ctx, pixmap) > 0)
		grey = grey_of(ctx, pixmap);
	fz_drop_pixmap(ctx, pixmap);
	return g_steal_pointer(&grey);
}

/* --- text ---------------------------------------------------------------------------------------------------------------- */

static void
add_letters(fz_stext_page *text, GArray *out)
{
	for (const fz_stext_block *block = text->first_block; block != NULL; block = block->next) {
		if (block->type != FZ_STEXT_BLOCK_TEXT)
			continue;
		for (const fz_stext_line *line = block->u.t.first_line; line != NULL;
		     line = line->next)
			for (const fz_stext_char *c = line->first_char; c != NULL; c = c->next) {
				fz_rect box = fz_rect_from_quad(c->quad);
				Letter letter = { (gunichar)c->c,
					{ (double)c->origin.x, (double)c->origin.y },
					{ (double)box.x0, (double)box.y0, (double)box.x1,
					    (double)box.y1 },
					(double)c->size };

				g_array_append_val(out, letter);
			}
	}
}

static void
run_text(PaperFile *file, pdf_page *page, PaperText which, GArray *out)
{
	static const fz_stext_options options = { .flags = FZ_STEXT_PRESERVE_WHITESPACE |
							   FZ_STEXT_INHIBIT_SPACES };
	fz_context *ctx = file->ctx;
	fz_stext_page *text = NULL;
	fz_device *device = NULL;
	fz_matrix matrix = matrix_of(ctx, page);

	fz_var(text);
	fz_var(device);
	fz_try(ctx)
	{
		text = fz_new_stext_page(ctx, fz_infinite_rect);
		device = fz_new_stext_device(ctx, text, &options);
		if (which != TEXT_HIDDEN)
			device->ignore_text = NULL;
		if (which == TEXT_CONTENTS)
			pdf_run_page_contents(ctx, page, device, matrix, NULL);
		else
			pdf_run_page(ctx, page, device, matrix, NULL);
		fz_close_device(ctx, device);
		add_letters(text, out);
	}
	fz_always(ctx)
	{
		fz_drop_device(ctx, device);
		fz_drop_stext_page(ctx, text);
	}
	fz_catch(ctx) fz_rethrow(ctx);
}

GArray *
paper_letters(PaperFile *file, guint page, PaperText which)
{
	fz_context *ctx = file->ctx;
	GArray *letters = g_array_new(FALSE, FALSE, sizeof(Letter));
	pdf_page *loaded = NULL;
	gboolean good = TRUE;

	if (file->doc == NULL || page >= file->count)
		return letters;
	fz_var(loaded);
	fz_var(good);
	fz_try(ctx)
	{
		loaded = pdf_load_page(ctx, file->doc, (int)page);
		run_text(file, loaded, which, letters);
	}
	fz_always(ctx) fz_drop_page(ctx, loaded != NULL ? &loaded->super : NULL);
	fz_catch(ctx) good = FALSE;
	if (!good)
		g_clear_pointer(&letters, g_array_unref);
	return letters;
}

/* --- fields of our own sheet ------------------------------------------------------------------------------------------------ */

static void
field_free(gpointer data)
{
	PaperField *field = data;

	g_free(field->name);
	g_free(field->on);
	g_free(field);
}

static FieldKind
kind_of(fz_context *ctx, pdf_annot *widget, pdf_obj *dict)
{
	switch (pdf_widget_type(ctx, widget)) {
	case PDF_WIDGET_TYPE_CHECKBOX:
		return FIELD_CHECK;
	case PDF_WIDGET_TYPE_RADIOBUTTON:
		return FIELD_RADIO;
	case PDF_WIDGET_TYPE_COMBOBOX:
		return FIELD_COMBO;
	default:
		return (pdf_field_flags(ctx, dict) & PDF_TX_FIELD_IS_MULTILINE) != 0 ? FIELD_AREA
										     : FIELD_TEXT;
	}
}

static void
add_field(fz_context *ctx, pdf_annot *widget, GPtrArray *out)
{
	pdf_obj *dict = pdf_annot_obj(ctx, widget);
	fz_rect rect = pdf_bound_widget(ctx, widget);
	PaperField *field;
	char *name;

	if ((pdf_dict_get_int(ctx, dict, PDF_NAME(F)) & PDF_ANNOT_IS_HIDDEN) != 0 ||
	    fz_is_empty_rect(rect))
		return;
	field = g_new0(PaperField, 1);
	g_ptr_array_add(out, field);
	name = pdf_field_name(ctx, dict);
	field->name = g_strdup(name);
	fz_free(ctx, name);
	field->kind = kind_of(ctx, widget, dict);
	field->area = (Area){ (double)rect.x0, (double)rect.y0, (double)rect.x1, (double)rect.y1 };
	if (field->kind == FIELD_CHECK || field->kind == FIELD_RADIO)
		field->on = g_strdup(pdf_to_name(ctx, pdf_button_field_on_state(ctx, dict)));
}

GPtrArray *
paper_fields(PaperFile *file, guint page)
{
	fz_context *ctx = file->ctx;
	GPtrArray *fields = g_ptr_array_new_with_free_func(field_free);
	pdf_page *loaded = NULL;
	gboolean good = file->doc != NULL && page < file->count;

	if (good) {
		fz_var(loaded);
		fz_var(good);
		fz_try(ctx)
		{
			loaded = pdf_load_page(ctx, file->doc, (int)page);
			for (pdf_annot *widget = pdf_first_widget(ctx, loaded); widget != NULL;
			     widget = pdf_next_widget(ctx, widget))
				add_field(ctx, widget, fields);
		}
		fz_always(ctx) fz_drop_page(ctx, loaded != NULL ? &loaded->super : NULL);
		fz_catch(ctx) good = FALSE;
	}
	if (!good)
		g_clear_pointer(&fields, g_ptr_array_unref);
	return fields;
}

/*
 * A page of a PDF, or of a file that is a picture itself, as a picture, by mupdf: drawn in the cage, since drawing runs all that a hostile file holds but scripts.
 * The child answers with bare pixels; what a person's viewer opens is made of them here.
 */
#include "collect/picture.h"

#include "base/error.h"
#include "collect/collect.h"
#include "collect/tasks.h"

#include <mupdf/fitz.h>
#include <mupdf/pdf.h>
#include <string.h>

#define POINTS_PER_INCH 72.0F
#define RESOLUTION	110.0F
#define HEADER_WITHIN	1024 /* where readers look for %PDF- */
#define STORE_LIMIT	((gsize)8 << 20)
#define COLOURS		3

const CageLimits picture_limits = {
	.memory = (gsize)128 << 20,
	.cpu = 2,
	.wall_ms = 8000,
	.answer = (gsize)PICTURE_SIDE * PICTURE_SIDE * COLOURS + 4096,
};

/* --- in the cage ------------------------------------------------------------------------------------------------ */

/* A page may say that it is a kilometre wide. */
static fz_matrix
matrix_of(fz_rect bounds)
{
	float side = fz_max(bounds.x1 - bounds.x0, bounds.y1 - bounds.y0);
	float scale = RESOLUTION / POINTS_PER_INCH;

	if (side * scale > (float)(PICTURE_SIDE - 1))
		scale = (float)(PICTURE_SIDE - 1) / side;
	return fz_scale(scale, scale);
}

static GVariant *
pixels_of(fz_context *ctx, fz_pixmap *pixmap)
{
	guint width = (guint)fz_pixmap_width(ctx, pixmap);
	guint height = (guint)fz_pixmap_height(ctx, pixmap);
	const guchar *samples = fz_pixmap_samples(ctx, pixmap);
	gsize stride = (gsize)fz_pixmap_stride(ctx, pixmap);
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_autoptr(GBytes) pixels = NULL;

	for (guint y = 0; y < height; y++)
		g_byte_array_append(bytes, samples + y * stride, width * COLOURS);
	pixels = g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
	return g_variant_new("(uus@ay)", width, height, "",
	    g_variant_new_from_bytes(G_VARIANT_TYPE_BYTESTRING, pixels, TRUE));
}

/* There is nobody to complain to in the cage. */
static void
hear_nothing(void *opaque, const char *message)
{
	(void)opaque;
	(void)message;
}

static GVariant *
nothing(const char *why)
{
	g_autofree char *text = g_utf8_make_valid(why, -1);
	g_autoptr(GBytes) none = g_bytes_new(NULL, 0);

	return g_variant_new("(uus@ay)", 0U, 0U, text,
	    g_variant_new_from_bytes(G_VARIANT_TYPE_BYTESTRING, none, TRUE));
}

static fz_pixmap *
draw(fz_context *ctx, pdf_document *doc, guint number)
{
	pdf_page *page = NULL;
	fz_pixmap *pixmap = NULL;

	fz_var(page);
	fz_var(pixmap);
	fz_try(ctx)
	{
		page = pdf_load_page(ctx, doc, (int)number);
		pixmap = fz_new_pixmap_from_page(ctx, &page->super,
		    matrix_of(fz_bound_page(ctx, &page->super)), fz_device_rgb(ctx), 0);
	}
	fz_always(ctx) fz_drop_page(ctx, page != NULL ? &page->super : NULL);
	fz_catch(ctx) fz_rethrow(ctx);
	return pixmap;
}

/* A file that is no PDF: page @number of a TIFF, otherwise all there is. */
static fz_image *
load_image(fz_context *ctx, const guchar *bytes, gsize size, guint number)
{
	fz_buffer *buffer = NULL;
	fz_pixmap *pixmap = NULL;
	fz_image *image = NULL;

	fz_var(buffer);
	fz_var(pixmap);
	fz_var(image);
	fz_try(ctx)
	{
		if (memcmp(bytes, "II", 2) == 0 || memcmp(bytes, "MM", 2) == 0) {
			pixmap = fz_load_tiff_subimage(ctx, bytes, size, (int)number);
			image = fz_new_image_from_pixmap(ctx, pixmap, NULL);
		} else {
			buffer = fz_new_buffer_from_shared_data(ctx, bytes, size);
			image = fz_new_image_from_buffer(ctx, buffer);
		}
	}
	fz_always(ctx)
	{
		fz_drop_pixmap(ctx, pixmap);
		fz_drop_buffer(ctx, buffer);
	}
	fz_catch(ctx) fz_rethrow(ctx);
	return image;
}

static void
lay(fz_context *ctx, fz_image *image, fz_matrix matrix, fz_pixmap *pixmap)
{
	fz_device *device = NULL;

	fz_var(device);
	fz_try(ctx)
	{
		device = fz_new_draw_device(ctx, fz_identity, pixmap);
		fz_fill_image(ctx, device, image, matrix, 1, fz_default_color_params);
		fz_close_device(ctx, device);
	}
	fz_always(ctx) fz_drop_device(ctx, device);
	fz_catch(ctx) fz_rethrow(ctx);
}

/* As the camera was held. */
static fz_pixmap *
draw_image(fz_context *ctx, fz_image *image)
{
	float side = (float)MAX(image->w, image->h);
	float scale = fz_min(1, (float)(PICTURE_SIDE - 1) / side);
	fz_matrix turn = fz_image_orientation_matrix(ctx, image);
	fz_rect bounds =
	    fz_transform_rect(fz_make_rect(0, 0, (float)image->w, (float)image->h), turn);
	fz_matrix matrix = fz_concat(
	    fz_scale((float)image->w, (float)image->h), fz_concat(turn, fz_scale(scale, scale)));
	fz_pixmap *pixmap = NULL;

	matrix = fz_concat(matrix, fz_translate(-bounds.x0 * scale, -bounds.y0 * scale));
	fz_var(pixmap);
	fz_var(scale);
	fz_try(ctx)
	{
		pixmap = fz_new_pixmap(ctx, fz_device_rgb(ctx),
		    MAX((int)((bounds.x1 - bounds.x0) * scale), 1),
		    MAX((int)((bounds.y1 - bounds.y0) * scale), 1), NULL, 0);
		fz_clear_pixmap_with_value(ctx, pixmap, 255);
		lay(ctx, image, matrix, pixmap);
	}
	fz_catch(ctx)
	{
		fz_drop_pixmap(ctx, pixmap);
		fz_rethrow(ctx);
	}
	return pixmap;
}

static fz_pixmap *
draw_file(fz_context *ctx, const guchar *bytes, gsize size, guint number)
{
	fz_stream *stream = NULL;
	pdf_document *doc = NULL;
	fz_image *image = NULL;
	fz_pixmap *pixmap = NULL;

	fz_var(stream);
	fz_var(doc);
	fz_var(image);
	fz_var(pixmap);
	fz_try(ctx)
	{
		if (size > 0 && memmem(bytes, MIN(size, HEADER_WITHIN), "%PDF-", 5) != NULL) {
			stream = fz_open_memory(ctx, bytes, size);
			doc = pdf_open_document_with_stream(ctx, stream);
			pixmap = draw(ctx, doc, number);
		} else {
			image = size < 2 ? NULL : load_image(ctx, bytes, size, number);
			pixmap = image != NULL ? draw_image(ctx, image) : NULL;
		}
	}
	fz_always(ctx)
	{
		fz_drop_image(ctx, image);
		pdf_drop_document(ctx, doc);
		fz_drop_stream(ctx, stream);
	}
	fz_catch(ctx) fz_rethrow(ctx);
	return pixmap;
}

GVariant *
picture_task(GBytes *input, gconstpointer data)
{
	fz_context *ctx = fz_new_context(NULL, NULL, STORE_LIMIT);
	const guint *number = data;
	gsize size;
	const guchar *bytes = g_bytes_get_data(input, &size);
	fz_pixmap *pixmap = NULL;
	GVariant *picture = NULL;

	if (ctx == NULL)
		return nothing("no memory");
	fz_set_error_callback(ctx, hear_nothing, NULL);
	fz_set_warning_callback(ctx, hear_nothing, NULL);
	fz_var(pixmap);
	fz_var(picture);
	fz_try(ctx)
	{
		pixmap = draw_file(ctx, bytes, size, *number);
		picture = pixmap != NULL ? pixels_of(ctx, pixmap) : nothing("empty");
	}
	fz_always(ctx) fz_drop_pixmap(ctx, pixmap);
	fz_catch(ctx) picture = nothing(fz_caught_message(ctx));
	fz_drop_context(ctx);
	return picture;
}

/* --- the parent -------------------------------------------------------------------------------------------------- */

static GBytes *
encode(fz_context *ctx, guint width, guint height, guint colours, const guchar *pixels)
{
	fz_pixmap *pixmap = NULL;
	fz_buffer *buffer = NULL;
	GBytes *png = NULL;

	fz_var(pixmap);
	fz_var(buffer);
	fz_var(png);
	fz_try(ctx)
	{
		unsigned char *data;
		gsize size;

		pixmap = fz_new_pixmap(ctx,
		    colours == COLOURS ? fz_device_rgb(ctx) : fz_device_gray(ctx), (int)width,
		    (int)height, NULL, 0);
		for (guint y = 0; y < height; y++)
			memcpy(fz_pixmap_samples(ctx, pixmap) +
				   (gsize)fz_pixmap_stride(ctx, pixmap) * y,
			    pixels + (gsize)y * width * colours, (gsize)width * colours);
		buffer = fz_new_buffer_from_pixmap_as_png(ctx, pixmap, fz_default_color_params);
		size = fz_buffer_storage(ctx, buffer, &data);
		png = g_bytes_new(data, size);
	}
	fz_always(ctx)
	{
		fz_drop_buffer(ctx, buffer);
		fz_drop_pixmap(ctx, pixmap);
	}
	fz_catch(ctx) g_error("a picture of our own: %s", fz_caught_message(ctx));
	return png;
}

static GBytes *
encode_alone(guint width, guint height, guint colours, const guchar *pixels)
{
	fz_context *ctx = fz_new_context(NULL, NULL, STORE_LIMIT);
	GBytes *png;

	if (ctx == NULL)
		g_error("fz_new_context: no context");
	png = encode(ctx, width, height, colours, pixels);
	fz_drop_context(ctx);
	return png;
}

GBytes *
picture_read(GVariant *record, GError **error)
{
	g_autoptr(GVariant) content = NULL;
	guint width, height;
	const char *why;
	gsize size;
	const guchar *pixels;

	g_variant_get(record, "(uu&s@ay)", &width, &height, &why, &content);
	pixels = g_variant_get_fixed_array(content, &size, 1);
	if (width == 0 || height == 0 || width > PICTURE_SIDE || height > PICTURE_SIDE ||
	    size != (gsize)width * height * COLOURS) {
		g_autofree char *shown = shown_line(why);

		fail(error, PLICO_ERROR_INPUT, _("the page cannot be drawn: %s"), shown);
		return NULL;
	}
	return encode_alone(width, height, COLOURS, pixels);
}

GBytes *
picture_of_grey(guint width, guint height, const guchar *dots)
{
	return encode_alone(width, height, 1, dots);
}

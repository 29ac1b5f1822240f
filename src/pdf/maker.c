/* One mupdf context; updates written to memory. */
#include "base/error.h"
#include "pdf/mupdf.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

/* mupdf would print what it tells by exceptions anyway. */
static void
quiet(void *user, const char *message)
{
	(void)user;
	g_debug("mupdf: %s", message);
}

static gboolean
load_font(PdfMaker *maker, GError **error)
{
	gsize size;
	const unsigned char *data = g_bytes_get_data(maker->font_file, &size);
	fz_font *font = NULL;
	gboolean done = TRUE;

	fz_var(font);
	fz_try(maker->ctx)
	{
		font = fz_new_font_from_memory(maker->ctx, NULL, data, (int)size, 0, 0);
		maker->glyphs = pdf_glyphs_new(maker->ctx, font);
	}
	fz_always(maker->ctx)
	{
		fz_drop_font(maker->ctx, font);
	}
	fz_catch(maker->ctx)
	{
		done = pdf_caught(maker->ctx, error, "LiberationSans-Regular.ttf");
	}
	return done;
}

PdfMaker *
pdf_maker_new(GError **error)
{
	g_autoptr(PdfMaker) maker = g_new0(PdfMaker, 1);

	maker->update = update_new();
	maker->font_file = g_resources_lookup_data(
	    "/plico/fonts/LiberationSans-Regular.ttf", G_RESOURCE_LOOKUP_FLAGS_NONE, error);
	if (maker->font_file == NULL)
		return NULL;
	maker->ctx = fz_new_context(NULL, NULL, FZ_STORE_DEFAULT);
	if (maker->ctx == NULL) {
		fail(error, PLICO_ERROR_IO, _("mupdf cannot begin"));
		return NULL;
	}
	fz_set_error_callback(maker->ctx, quiet, NULL);
	fz_set_warning_callback(maker->ctx, quiet, NULL);
	return load_font(maker, error) ? g_steal_pointer(&maker) : NULL;
}

void
pdf_maker_free(PdfMaker *maker)
{
	if (maker == NULL)
		return;
	if (maker->ctx != NULL)
		fz_drop_context(maker->ctx);
	pdf_glyphs_free(maker->glyphs);
	g_clear_pointer(&maker->font_file, g_bytes_unref);
	update_free(maker->update);
	g_free(maker);
}

gboolean
pdf_caught(fz_context *ctx, GError **error, const char *what)
{
	return fail(error, PLICO_ERROR_INPUT, "%s: %s", what, fz_caught_message(ctx));
}

/* --- objects ------------------------------------------------------------------------------------ */

pdf_obj *
pdf_new_dict_object(fz_context *ctx, pdf_document *doc, int *num)
{
	pdf_obj *ref = pdf_add_new_dict(ctx, doc, 8);
	pdf_obj *dict = pdf_resolve_indirect(ctx, ref);

	*num = pdf_to_num(ctx, ref);
	pdf_drop_obj(ctx, ref);
	return dict;
}

void
pdf_put_ref(fz_context *ctx, pdf_obj *dict, const char *key, int num)
{
	pdf_document *doc = pdf_get_bound_document(ctx, dict);

	pdf_dict_puts_drop(ctx, dict, key, pdf_new_indirect(ctx, doc, num, 0));
}

void
pdf_push_ref(fz_context *ctx, pdf_obj *array, int num)
{
	pdf_document *doc = pdf_get_bound_document(ctx, array);

	pdf_array_push_drop(ctx, array, pdf_new_indirect(ctx, doc, num, 0));
}

float
pdf_hundredths(double points)
{
	return (float)(round(points * 100) / 100);
}

int
pdf_new_form(
    fz_context *ctx, pdf_document *doc, double width, double height, const char *content, int font)
{
	int num;
	pdf_obj *form = pdf_new_dict_object(ctx, doc, &num);
	pdf_obj *resources;

	pdf_dict_put(ctx, form, PDF_NAME(Type), PDF_NAME(XObject));
	pdf_dict_put(ctx, form, PDF_NAME(Subtype), PDF_NAME(Form));
	pdf_dict_put_rect(ctx, form, PDF_NAME(BBox),
	    fz_make_rect(0, 0, pdf_hundredths(width), pdf_hundredths(height)));
	resources = pdf_dict_put_dict(ctx, form, PDF_NAME(Resources), 1);
	if (font != 0)
		pdf_put_ref(
		    ctx, pdf_dict_put_dict(ctx, resources, PDF_NAME(Font), 1), PDF_FONT_OWN, font);
	pdf_replace_stream(ctx, doc, num, content);
	return num;
}

void
pdf_replace_stream(fz_context *ctx, pdf_document *doc, int num, const char *content)
{
	fz_buffer *buffer = NULL;
	pdf_obj *ref = NULL;

	fz_var(buffer);
	fz_var(ref);
	fz_try(ctx)
	{
		buffer = fz_new_buffer_from_copied_data(
		    ctx, (const unsigned char *)content, strlen(content));
		ref = pdf_new_indirect(ctx, doc, num, 0);
		pdf_update_stream(ctx, doc, ref, buffer, 0);
	}
	fz_always(ctx)
	{
		fz_drop_buffer(ctx, buffer);
		pdf_drop_obj(ctx, ref);
	}
	fz_catch(ctx)
	{
		fz_rethrow(ctx);
	}
}

void
pdf_put_id(fz_context *ctx, pdf_obj *trailer, const char *first, const char *last)
{
	pdf_obj *id = pdf_dict_put_array(ctx, trailer, PDF_NAME(ID), 2);
	const char *const both[] = { first, last };

	for (gsize i = 0; i < G_N_ELEMENTS(both); i++) {
		char bytes[16];

		for (gsize k = 0; k < sizeof bytes; k++)
			bytes[k] = (char)(g_ascii_xdigit_value(both[i][2 * k]) * 16 +
					  g_ascii_xdigit_value(both[i][2 * k + 1]));
		pdf_array_push_string(ctx, id, bytes, sizeof bytes);
	}
}

/* --- updates in memory ---------------------------------------------------------------------------- */

/* mupdf's output to a buffer cannot be read back, which an update needs. */
typedef struct {
	GByteArray *bytes;
	gsize at;
} Memory;

static void
memory_write(fz_context *ctx, void *state, const void *data, size_t size)
{
	Memory *memory = state;

	(void)ctx;
	if (memory->at + size > memory->bytes->len)
		g_byte_array_set_size(memory->bytes, (guint)(memory->at + size));
	memcpy(memory->bytes->data + memory->at, data, size);
	memory->at += size;
}

static void
memory_seek(fz_context *ctx, void *state, int64_t offset, int whence)
{
	Memory *memory = state;
	int64_t from = 0;

	(void)ctx;
	if (whence == SEEK_END)
		from = memory->bytes->len;
	else if (whence == SEEK_CUR)
		from = (int64_t)memory->at;
	memory->at = (gsize)(from + offset);
}

static int64_t
memory_tell(fz_context *ctx, void *state)
{
	const Memory *memory = state;

	(void)ctx;
	return (int64_t)memory->at;
}

static void
memory_truncate(fz_context *ctx, void *state)
{
	const Memory *memory = state;

	(void)ctx;
	g_byte_array_set_size(memory->bytes, (guint)memory->at);
}

static fz_stream *
memory_stream(fz_context *ctx, void *state)
{
	const Memory *memory = state;

	return fz_open_memory(ctx, memory->bytes->data, memory->bytes->len);
}

/* mupdf draws the second half of /ID anew at each update, from numbers that it seeds by the time: let them follow from
 * the one that stands there, so that the same input gives the same bytes on any day (ISO 32000-1, 14.4). */
static void
seed_from_id(fz_context *ctx, pdf_document *doc)
{
	pdf_obj *last =
	    pdf_array_get(ctx, pdf_dict_get(ctx, pdf_trailer(ctx, doc), PDF_NAME(ID)), 1);
	size_t size;
	const char *bytes = pdf_to_string(ctx, last, &size);

	memset(ctx->seed48, 0, 3 * sizeof ctx->seed48[0]); /* behind these stand constants */
	memcpy(ctx->seed48, bytes, MIN(size, 3 * sizeof ctx->seed48[0]));
}

void
pdf_append_update(fz_context *ctx, pdf_document *doc, GBytes *before, GByteArray *out)
{
	pdf_write_options options = pdf_default_write_options;
	Memory memory = { .bytes = out };
	fz_output *output = NULL;

	fz_var(output);
	g_byte_array_append(out, g_bytes_get_data(before, NULL), (guint)g_bytes_get_size(before));
	memory.at = out->len;
	options.do_incremental = 1;
	options.do_compress = 1;
	options.dont_regenerate_id = 1; /* equal input shall give equal bytes */
	fz_try(ctx)
	{
		output = fz_new_output(ctx, 8192, &memory, memory_write, NULL, NULL);
		output->seek = memory_seek;
		output->tell = memory_tell;
		output->truncate = memory_truncate;
		output->as_stream = memory_stream;
		seed_from_id(ctx, doc);
		pdf_write_document(ctx, doc, output, &options);
		fz_close_output(ctx, output);
	}
	fz_always(ctx)
	{
		fz_drop_output(ctx, output);
	}
	fz_catch(ctx)
	{
		fz_rethrow(ctx);
	}
}

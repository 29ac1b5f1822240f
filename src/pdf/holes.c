/* A letter's template has holes in its pages: streams of their own between those that all letters of the kind share, in the
 * order in which they are read. A letter is an update that fills them. */
#include "pdf/compile.h"
#include "pdf/template.h"

#include "base/error.h"
#include "base/sum.h"

#include <string.h>

struct PdfHoles {
	GArray *numbers; /* of int: their objects */
	PdfBase *base;
	/* dictionaries open at their end */
	char *info;
	char *metadata;
	Pattern *xmp; /* hole 0: the title */
};

void
pdf_holes_free(PdfHoles *holes)
{
	if (holes == NULL)
		return;
	g_array_unref(holes->numbers);
	pdf_base_free(holes->base);
	pattern_free(holes->xmp);
	g_free(holes->info);
	g_free(holes->metadata);
	g_free(holes);
}

/* --- cutting -------------------------------------------------------------------------------------------- */

/* Returns: (transfer full) */
static char *
load_content(const PdfBuild *build, pdf_obj *stream)
{
	fz_context *ctx = build->ctx;
	fz_buffer *buffer = pdf_load_stream(ctx, stream);
	unsigned char *data;
	size_t size = fz_buffer_storage(ctx, buffer, &data);
	char *content = g_strndup((const char *)data, size);

	fz_drop_buffer(ctx, buffer);
	return content;
}

static void
add_stream(PdfBuild *build, pdf_obj *contents, int num, const char *content)
{
	pdf_replace_stream(build->ctx, build->doc, num, content);
	pdf_push_ref(build->ctx, contents, num);
}

/* @first: the stream with the whole content, which keeps the first part of it. */
static void
add_parts(PdfBuild *build, pdf_obj *contents, int first, char **parts)
{
	GArray *numbers = build->template->holes->numbers;

	add_stream(build, contents, first, parts[0]);
	for (gsize i = 1; parts[i] != NULL; i++) {
		int hole;
		int part;

		(void)pdf_new_dict_object(build->ctx, build->doc, &hole);
		add_stream(build, contents, hole, "");
		g_array_append_val(numbers, hole);
		(void)pdf_new_dict_object(build->ctx, build->doc, &part);
		add_stream(build, contents, part, parts[i]);
	}
}

static void
cut_page(PdfBuild *build, guint number)
{
	fz_context *ctx = build->ctx;
	pdf_obj *page = pdf_lookup_page_obj(ctx, build->doc, (int)number);
	pdf_obj *stream = pdf_dict_get(ctx, page, PDF_NAME(Contents));
	int first = pdf_to_num(ctx, stream);
	char *content = load_content(build, stream);
	char **parts = g_strsplit(content, DRAWING_HOLE, 0);

	g_free(content);
	fz_try(ctx)
	{
		add_parts(
		    build, pdf_dict_put_array(ctx, page, PDF_NAME(Contents), 8), first, parts);
	}
	fz_always(ctx)
	{
		g_strfreev(parts);
	}
	fz_catch(ctx)
	{
		fz_rethrow(ctx);
	}
}

void
pdf_cut_holes(PdfBuild *build)
{
	const GArray *holes = build->drawing->holes;

	build->template->holes = g_new0(PdfHoles, 1);
	build->template->holes->numbers = g_array_new(FALSE, FALSE, sizeof(int));
	for (guint i = 0; i < holes->len; i++) {
		guint page = g_array_index(holes, guint, i);

		if (i == 0 || g_array_index(holes, guint, i - 1) != page)
			cut_page(build, page);
	}
	g_assert(build->template->holes->numbers->len == holes->len);
}

/* --- reading -------------------------------------------------------------------------------------------- */

static void
read_heads(PdfHoles *holes, fz_context *ctx, pdf_document *doc, const PdfTemplate *template)
{
	static const char *const title[] = { "Title", NULL };
	static const char *const nothing[] = { NULL };

	holes->base = pdf_read_base(ctx, doc, template->bytes);
	holes->info = pdf_read_head(ctx, doc, template->info, title);
	holes->metadata = pdf_read_head(ctx, doc, template->metadata, nothing);
}

gboolean
pdf_read_holes(PdfMaker *maker, PdfTemplate *template, GError **error)
{
	fz_context *ctx = maker->ctx;
	const PdfAbout about = {
		.title = pattern_hole(0), .author = template->author, .lang = template->lang
	};
	g_autofree char *xmp = pdf_xmp(&about, NULL);
	fz_stream *stream = NULL;
	pdf_document *doc = NULL;
	gsize size;
	const unsigned char *data = g_bytes_get_data(template->bytes, &size);
	gboolean done = TRUE;

	template->holes->xmp = pattern_new(xmp);
	fz_var(stream);
	fz_var(doc);
	fz_try(ctx)
	{
		stream = fz_open_memory(ctx, data, size);
		doc = pdf_open_document_with_stream(ctx, stream);
		read_heads(template->holes, ctx, doc, template);
	}
	fz_always(ctx)
	{
		pdf_drop_document(ctx, doc);
		fz_drop_stream(ctx, stream);
	}
	fz_catch(ctx)
	{
		done = pdf_caught(ctx, error, _("the template cannot be read"));
	}
	return done;
}

/* --- filling -------------------------------------------------------------------------------------------- */

static void
write_title(PdfUpdate *update, const PdfTemplate *template, const char *title)
{
	const PdfHoles *holes = template->holes;

	update_open(update, template->info, holes->info);
	g_string_append(update_out(update), "/Title");
	syntax_put_text(update_out(update), title);
	g_string_append(update_out(update), ">>");
	update_close(update);
	update_open_stream(update, template->metadata, holes->metadata);
	pattern_fill(holes->xmp, update_out(update), &title, pattern_put_markup);
	update_close_stream(update);
}

/* The second half of /ID (14.4) tells the letters of a template apart by what is in them. */
static void
make_id(PdfUpdate *update, guint8 id[PDF_ID_SIZE])
{
	guint8 digest[SUM_SIZE];

	sum_digest(update_out(update)->str, update_out(update)->len, digest);
	memcpy(id, digest, PDF_ID_SIZE);
}

GBytes *
pdf_template_fill(
    PdfMaker *maker, const PdfTemplate *template, const char *title, const GPtrArray *contents)
{
	const PdfHoles *holes = template->holes;
	PdfUpdate *update = maker->update;
	guint8 id[PDF_ID_SIZE];
	const guint8 *bytes;
	gsize size;

	g_assert(contents->len == holes->numbers->len);
	update_begin(update, holes->base);
	for (guint i = 0; i < contents->len; i++) {
		const GString *content = g_ptr_array_index(contents, i);

		update_open_stream(update, g_array_index(holes->numbers, int, i), "<<");
		g_string_append_len(update_out(update), content->str, (gssize)content->len);
		update_close_stream(update);
	}
	if (title != NULL)
		write_title(update, template, title);
	make_id(update, id);
	bytes = update_finish(update, id, &size);
	return g_bytes_new(bytes, size);
}

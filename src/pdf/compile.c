#include "pdf/compile.h"

#include "base/error.h"

#include <string.h>

/* @obj as text, without the ">>" at its end. */
static char *
sprint_open(fz_context *ctx, pdf_obj *obj)
{
	size_t size = 0;
	char *text = pdf_sprint_obj(ctx, NULL, 0, &size, obj, 1, 1);
	char *copy = g_strndup(text, size);

	fz_free(ctx, text);
	g_assert(g_str_has_suffix(copy, ">>"));
	copy[strlen(copy) - 2] = '\0';
	return copy;
}

char *
pdf_read_head(fz_context *ctx, pdf_document *doc, int num, const char *const *without)
{
	pdf_obj *obj = pdf_load_object(ctx, doc, num);
	pdf_obj *dict = NULL;
	char *head = NULL;

	fz_var(dict);
	fz_var(head);
	fz_try(ctx)
	{
		dict = pdf_copy_dict(ctx, obj);
		pdf_dict_del(ctx, dict, PDF_NAME(Length));
		pdf_dict_del(ctx, dict, PDF_NAME(Filter));
		for (gsize i = 0; without[i] != NULL; i++)
			pdf_dict_dels(ctx, dict, without[i]);
		head = sprint_open(ctx, dict);
	}
	fz_always(ctx)
	{
		pdf_drop_obj(ctx, dict);
		pdf_drop_obj(ctx, obj);
	}
	fz_catch(ctx)
	{
		fz_rethrow(ctx);
	}
	return head;
}

/* "<</Root 1 0 R/Info 3 0 R/ID[<...>" */
static char *
read_trailer(fz_context *ctx, pdf_document *doc)
{
	pdf_obj *trailer = pdf_trailer(ctx, doc);
	size_t size = 0;
	const char *first = pdf_to_string(
	    ctx, pdf_array_get(ctx, pdf_dict_get(ctx, trailer, PDF_NAME(ID)), 0), &size);
	GString *text;

	if (size != PDF_ID_SIZE)
		fz_throw(ctx, FZ_ERROR_GENERIC, "%s", _("the template has no /ID"));
	text = g_string_new(NULL);
	g_string_printf(text, "<</Root %d 0 R/Info %d 0 R/ID[<",
	    pdf_to_num(ctx, pdf_dict_get(ctx, trailer, PDF_NAME(Root))),
	    pdf_to_num(ctx, pdf_dict_get(ctx, trailer, PDF_NAME(Info))));
	syntax_put_hex(text, (const guint8 *)first, size);
	g_string_append_c(text, '>');
	return g_string_free(text, FALSE);
}

PdfBase *
pdf_read_base(fz_context *ctx, pdf_document *doc, GBytes *file)
{
	char *trailer;
	PdfBase *base;

	if (!doc->has_xref_streams || pdf_was_repaired(ctx, doc))
		fz_throw(
		    ctx, FZ_ERROR_GENERIC, "%s", _("the template has no cross-reference stream"));
	trailer = read_trailer(ctx, doc);
	base = g_new0(PdfBase, 1);
	base->size = g_bytes_get_size(file);
	base->start = doc->startxref;
	base->count = pdf_xref_len(ctx, doc);
	base->trailer = trailer;
	return base;
}

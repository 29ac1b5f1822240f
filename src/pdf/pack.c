/* A document written with object streams and a cross-reference stream (ISO 32000-1, 7.5.7 and 7.5.8). */
#include "pdf/mupdf.h"

#include <string.h>

#define STREAM_OBJECTS 200 /* in one object stream: their index fits a byte */
#define LEAST_DEFLATED 64  /* bytes: shorter streams grow by being compressed */

typedef struct {
	guint8 type; /* 0 free, 1 at an offset, 2 in an object stream */
	guint32 where;
	guint8 index;
} Entry;

typedef struct {
	fz_context *ctx;
	pdf_document *doc;
	GByteArray *out;
	GArray *entries; /* of Entry, by number */
	GString *head;	 /* of the object stream being filled: numbers and offsets */
	GString *body;
	guint held;
	int stream; /* its number */
	char *id;
} Pack;

static void
append(Pack *pack, const char *text)
{
	g_byte_array_append(pack->out, (const guint8 *)text, (guint)strlen(text));
}

static void
set_entry(Pack *pack, int num, guint8 type, guint32 where, guint8 index)
{
	Entry entry = { type, where, index };

	if ((guint)num >= pack->entries->len)
		g_array_set_size(pack->entries, (guint)num + 1);
	g_array_index(pack->entries, Entry, num) = entry;
}

static void
begin_object(Pack *pack, int num)
{
	g_autofree char *head = g_strdup_printf("%d 0 obj\n", num);

	set_entry(pack, num, 1, pack->out->len, 0);
	append(pack, head);
}

/* Appends @obj as text. @whole: to the file, otherwise to the object stream. */
static void
append_object(Pack *pack, pdf_obj *obj, gboolean whole)
{
	fz_context *ctx = pack->ctx;
	size_t size = 0;
	char *text = pdf_sprint_obj(ctx, NULL, 0, &size, obj, 1, 0);

	if (whole)
		g_byte_array_append(pack->out, (const guint8 *)text, (guint)size);
	else
		g_string_append_len(pack->body, text, (gssize)size);
	fz_free(ctx, text);
}

static void
append_stream(Pack *pack, pdf_obj *dict, const unsigned char *data, size_t size)
{
	pdf_dict_put_int(pack->ctx, dict, PDF_NAME(Length), (int64_t)size);
	append_object(pack, dict, TRUE);
	append(pack, "\nstream\n");
	g_byte_array_append(pack->out, data, (guint)size);
	append(pack, "\nendstream\nendobj\n");
}

/* @data, compressed, as the stream of @dict. */
static void
append_deflated(Pack *pack, pdf_obj *dict, const void *data, size_t size)
{
	fz_context *ctx = pack->ctx;
	size_t packed = 0;
	unsigned char *deflated = fz_new_deflated_data(ctx, &packed, data, size, FZ_DEFLATE_BEST);

	fz_try(ctx)
	{
		pdf_dict_put(ctx, dict, PDF_NAME(Filter), PDF_NAME(FlateDecode));
		append_stream(pack, dict, deflated, packed);
	}
	fz_always(ctx)
	{
		fz_free(ctx, deflated);
	}
	fz_catch(ctx)
	{
		fz_rethrow(ctx);
	}
}

static void
end_object_stream(Pack *pack)
{
	pdf_obj *dict;

	if (pack->held == 0)
		return;
	dict = pdf_new_dict(pack->ctx, pack->doc, 6);
	pdf_dict_put(pack->ctx, dict, PDF_NAME(Type), PDF_NAME(ObjStm));
	pdf_dict_put_int(pack->ctx, dict, PDF_NAME(N), pack->held);
	pdf_dict_put_int(pack->ctx, dict, PDF_NAME(First), (int64_t)pack->head->len);
	g_string_append_len(pack->head, pack->body->str, (gssize)pack->body->len);
	begin_object(pack, pack->stream);
	append_deflated(pack, dict, pack->head->str, pack->head->len);
	pdf_drop_obj(pack->ctx, dict);
	g_string_truncate(pack->head, 0);
	g_string_truncate(pack->body, 0);
	pack->held = 0;
}

/* Numbers of object streams lie behind those of the document. */
static void
hold_object(Pack *pack, int num, pdf_obj *obj)
{
	if (pack->held == STREAM_OBJECTS)
		end_object_stream(pack);
	if (pack->held == 0) {
		pack->stream = (int)pack->entries->len;
		set_entry(pack, pack->stream, 1, 0, 0);
	}
	set_entry(pack, num, 2, (guint32)pack->stream, (guint8)pack->held);
	g_string_append_printf(pack->head, "%d %zu ", num, pack->body->len);
	append_object(pack, obj, FALSE);
	g_string_append_c(pack->body, '\n');
	pack->held++;
}

/* @obj stays as it is: a document may be written twice. */
static void
write_stream(Pack *pack, int num, pdf_obj *obj)
{
	fz_context *ctx = pack->ctx;
	gboolean packed = pdf_dict_get(ctx, obj, PDF_NAME(Filter)) != NULL;
	fz_buffer *buffer = NULL;
	pdf_obj *dict = NULL;

	fz_var(buffer);
	fz_var(dict);
	fz_try(ctx)
	{
		unsigned char *data;
		size_t size;

		buffer = pdf_load_raw_stream_number(ctx, pack->doc, num);
		size = fz_buffer_storage(ctx, buffer, &data);
		dict = pdf_copy_dict(ctx, obj);
		begin_object(pack, num);
		if (packed || size < LEAST_DEFLATED)
			append_stream(pack, dict, data, size);
		else
			append_deflated(pack, dict, data, size);
	}
	fz_always(ctx)
	{
		fz_drop_buffer(ctx, buffer);
		pdf_drop_obj(ctx, dict);
	}
	fz_catch(ctx)
	{
		fz_rethrow(ctx);
	}
}

/* Object streams are read as a whole: who reads fields shall find them together, and needs neither the rest (fonts are long lists of
 * numbers) nor the elements of the logical structure, which most objects are. Fields come last: of a file that is cut, no program
 * shall make an empty form. */
typedef enum { KIND_PAGES, KIND_STRUCTURE, KIND_FORM, KINDS } Kind;

static gboolean
is_type(fz_context *ctx, pdf_obj *obj, pdf_obj *type)
{
	return pdf_name_eq(ctx, pdf_dict_get(ctx, obj, PDF_NAME(Type)), type);
}

static Kind
kind_of(fz_context *ctx, pdf_obj *obj)
{
	if (is_type(ctx, obj, PDF_NAME(Catalog)) ||
	    pdf_name_eq(ctx, pdf_dict_get(ctx, obj, PDF_NAME(Subtype)), PDF_NAME(Widget)) ||
	    pdf_dict_get(ctx, obj, PDF_NAME(FT)) != NULL ||
	    pdf_dict_get(ctx, obj, PDF_NAME(Fields)) != NULL)
		return KIND_FORM;
	return pdf_dict_get(ctx, obj, PDF_NAME(S)) != NULL &&
		       pdf_dict_get(ctx, obj, PDF_NAME(P)) != NULL /* 14.7.2 */
		   ? KIND_STRUCTURE
		   : KIND_PAGES;
}

static void
write_object(Pack *pack, int num, gboolean plain, Kind kind)
{
	fz_context *ctx = pack->ctx;
	pdf_obj *obj = pdf_load_object(ctx, pack->doc, num);

	fz_try(ctx)
	{
		gboolean now = kind_of(ctx, obj) == kind;

		if (now && pdf_obj_num_is_stream(ctx, pack->doc, num)) {
			write_stream(pack, num, obj);
		} else if (now && plain) {
			begin_object(pack, num);
			append_object(pack, obj, TRUE);
			append(pack, "\nendobj\n");
		} else if (now && !pdf_is_null(ctx, obj)) {
			hold_object(pack, num, obj);
		}
	}
	fz_always(ctx)
	{
		pdf_drop_obj(ctx, obj);
	}
	fz_catch(ctx)
	{
		fz_rethrow(ctx);
	}
}

static void
append_tail(Pack *pack, guint start)
{
	g_autofree char *tail = g_strdup_printf("startxref\n%u\n%%%%EOF\n", start);

	append(pack, tail);
}

/* The cross-reference stream is also the trailer. */
static void
write_xref(Pack *pack)
{
	static const int widths[] = { 1, 3, 1 };
	fz_context *ctx = pack->ctx;
	pdf_obj *trailer = pdf_trailer(ctx, pack->doc);
	pdf_obj *dict = pdf_new_dict(ctx, pack->doc, 8);
	guint start = pack->out->len;
	GString *table = pack->body;
	int num = (int)pack->entries->len;
	pdf_obj *array;

	g_assert(start < 1U << 24); /* nobody could mail it */
	begin_object(pack, num);
	pdf_dict_put(ctx, dict, PDF_NAME(Type), PDF_NAME(XRef));
	pdf_dict_put_int(ctx, dict, PDF_NAME(Size), num + 1);
	pdf_dict_put(ctx, dict, PDF_NAME(Root), pdf_dict_get(ctx, trailer, PDF_NAME(Root)));
	pdf_dict_put(ctx, dict, PDF_NAME(Info), pdf_dict_get(ctx, trailer, PDF_NAME(Info)));
	pdf_put_id(ctx, dict, pack->id, pack->id);
	array = pdf_dict_put_array(ctx, dict, PDF_NAME(W), 3);
	for (gsize i = 0; i < G_N_ELEMENTS(widths); i++)
		pdf_array_push_int(ctx, array, widths[i]);
	for (guint i = 0; i < pack->entries->len; i++) {
		const Entry *entry = &g_array_index(pack->entries, Entry, i);
		const char row[] = { (char)entry->type, (char)(entry->where >> 16),
			(char)(entry->where >> 8), (char)entry->where,
			(char)(i == 0 ? 0xff : entry->index) };

		g_string_append_len(table, row, sizeof row);
	}
	append_deflated(pack, dict, table->str, table->len);
	pdf_drop_obj(ctx, dict);
	append_tail(pack, start);
}

static void
write_objects(Pack *pack, GHashTable *plain, Kind kind)
{
	int count = pdf_count_objects(pack->ctx, pack->doc);

	for (int num = 1; num < count; num++)
		if (pdf_cache_object(pack->ctx, pack->doc, num)->type != 'f')
			write_object(
			    pack, num, g_hash_table_contains(plain, GINT_TO_POINTER(num)), kind);
	end_object_stream(pack);
}

void
pdf_pack(fz_context *ctx, pdf_document *doc, GHashTable *plain, GByteArray *out, char **id)
{
	Pack pack = { .ctx = ctx, .doc = doc, .out = out };
	int count = pdf_count_objects(ctx, doc);

	pack.entries = g_array_new(FALSE, TRUE, sizeof(Entry));
	pack.head = g_string_new(NULL);
	pack.body = g_string_new(NULL);
	g_array_set_size(pack.entries, (guint)count);
	fz_try(ctx)
	{
		append(&pack, "%PDF-1.7\n%\xc2\xb5\xc2\xb6\n");
		for (Kind kind = 0; kind < KINDS; kind++)
			write_objects(&pack, plain, kind);
		pack.id = g_compute_checksum_for_data(G_CHECKSUM_SHA256, out->data, out->len);
		write_xref(&pack);
	}
	fz_always(ctx)
	{
		g_array_unref(pack.entries);
		g_string_free(pack.head, TRUE);
		g_string_free(pack.body, TRUE);
	}
	fz_catch(ctx)
	{
		g_free(pack.id);
		fz_rethrow(ctx);
	}
	*id = pack.id;
}

/*
 * The fields of a PDF (ISO 32000-1, 12.7) by mupdf; runs in the cage. mupdf turns damage and lack of memory into good
 * documents with no fields, so everything it complains of is noted. Streams are never decoded for their content,
 * nothing is drawn, no script runs.
 */
#include "collect/heap.h"
#include "collect/pdf_facts.h"
#include "collect/pdf_names.h"

#include <mupdf/fitz.h>
#include <mupdf/pdf.h>
#include <string.h>

#define FIELD_NAME_LIMIT 255
#define STORE_LIMIT	 ((gsize)1 << 20) /* mupdf's cache: we open each object once */

/* --- text -------------------------------------------------------------------------------------------------- */

/* One line end, no control characters: what a damaged surrogate or a terminal code was is U+FFFD. */
static void
append_character(GString *out, gunichar c)
{
	if (c >= 0x20 && c < 0x7f) /* nearly all */
		g_string_append_c(out, (char)c);
	else if (c == '\n' && out->len > 0 && out->str[out->len - 1] == '\r')
		out->str[out->len - 1] = '\n';
	else if (c == '\n' || c == '\t' || c == '\r' || c >= 0xa0)
		g_string_append_unichar(out, c);
	else
		g_string_append_unichar(out, 0xfffd);
}

static gunichar
utf16_at(const guchar *data, gsize size, gsize i, gboolean little)
{
	if (i + 1 >= size)
		return 0xfffd;
	return little ? (gunichar)(data[i] | data[i + 1] << 8)
		      : (gunichar)(data[i] << 8 | data[i + 1]);
}

/* mupdf swallows the character behind a lone surrogate; here it becomes U+FFFD and the next one stays. */
static void
append_utf16(GString *out, const guchar *data, gsize size, gboolean little)
{
	for (gsize i = 0; i < size; i += 2) {
		gunichar c = utf16_at(data, size, i, little);
		gunichar low = utf16_at(data, size, i + 2, little);

		if ((c & 0xfc00) == 0xd800 && (low & 0xfc00) == 0xdc00) {
			c = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
			i += 2;
		} else if ((c & 0xf800) == 0xd800) {
			c = 0xfffd;
		}
		append_character(out, c);
	}
}

static void
append_utf8(GString *out, const char *data, gsize size)
{
	g_autofree char *valid = g_utf8_make_valid(data, (gssize)size);

	for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at))
		append_character(out, g_utf8_get_char(at));
}

static void
append_doc_encoding(GString *out, const guchar *data, gsize size)
{
	for (gsize i = 0; i < size; i++) {
		gunichar c = fz_unicode_from_pdf_doc_encoding[data[i]];

		append_character(out, c != 0 ? c : data[i]);
	}
}

/* A text string, ISO 32000-1, 7.9.2.2: UTF-16 by its mark, UTF-8 by its mark (ISO 32000-2), or PDFDocEncoding. */
static void
append_string(GString *out, const char *string, gsize size)
{
	const guchar *data = (const guchar *)string;
	gsize begin = out->len;

	if (size >= 2 && data[0] == 0xfe && data[1] == 0xff)
		append_utf16(out, data + 2, size - 2, FALSE);
	else if (size >= 2 && data[0] == 0xff && data[1] == 0xfe)
		append_utf16(out, data + 2, size - 2, TRUE);
	else if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
		append_utf8(out, string + 3, size - 3);
	else
		append_doc_encoding(out, data, size);
	g_strdelimit(out->str + begin, "\r", '\n');
}

/* --- the walk ------------------------------------------------------------------------------------------------ */

typedef struct {
	fz_context *ctx;
	PdfRead *read;
	GPtrArray *names; /* owns the names, as exceptions pass by their users */
	GString *value;	  /* of the field being read, likewise */
	guint nodes;
	gsize text;
} Walk;

/* What a field has of its parents. */
typedef struct {
	const char *name;
	pdf_obj *type;
	pdf_obj *value;
	int flags;
	guint depth;
} Place;

/* Facts after which there is no sense in going on. */
#define WALK_ENDS (PDF_FACT_LONG | PDF_FACT_FIELDS | PDF_FACT_LOOP)

static gboolean
walk_ended(const Walk *walk)
{
	return (walk->read->facts & WALK_ENDS) != 0;
}

/* Looked up once: mupdf would do it for each entry that is asked for. */
static pdf_obj *
array_item(fz_context *ctx, pdf_obj *array, int i)
{
	return pdf_resolve_indirect_chain(ctx, pdf_array_get(ctx, array, i));
}

/* Returns: (transfer none) */
static const char *
full_name(Walk *walk, const char *parent, pdf_obj *partial)
{
	size_t size = 0;
	const char *string = pdf_to_string(walk->ctx, partial, &size);
	GString *name;

	if (size == 0)
		return parent;
	if (size > FIELD_NAME_LIMIT || strlen(parent) > FIELD_NAME_LIMIT) {
		pdf_read_add(walk->read, PDF_FACT_LONG, NULL);
		return parent;
	}
	name = g_string_new(parent);
	if (name->len > 0)
		g_string_append_c(name, '.');
	append_string(name, string, size);
	g_ptr_array_add(walk->names, name->str);
	return g_string_free(name, FALSE);
}

/* Adds what a value that is no list says. FALSE: it is no text. */
static gboolean
append_value(Walk *walk, pdf_obj *value)
{
	fz_context *ctx = walk->ctx;
	size_t size = 0;
	const char *string;

	if (pdf_is_stream(ctx, value))
		return FALSE;
	if (pdf_is_string(ctx, value)) {
		string = pdf_to_string(ctx, value, &size);
		if (size > PDF_VALUE_LIMIT)
			pdf_read_add(walk->read, PDF_FACT_LONG, NULL);
		else
			append_string(walk->value, string, size);
	} else if (pdf_is_name(ctx, value)) {
		string = pdf_to_name(ctx, value);
		append_utf8(walk->value, string, strlen(string));
	} else if (pdf_is_number(ctx, value)) {
		g_string_append_printf(walk->value, "%.9g", (double)pdf_to_real(ctx, value));
	} else {
		return pdf_is_null(ctx, value);
	}
	return TRUE;
}

/* The value of text and choice fields in walk->value: the lines of a list follow each other. */
static void
read_value(Walk *walk, const Place *place)
{
	fz_context *ctx = walk->ctx;
	gboolean is_text = TRUE;

	if (!pdf_is_array(ctx, place->value)) {
		is_text = append_value(walk, place->value);
	} else {
		int n = pdf_array_len(ctx, place->value);

		for (int i = 0; i < n && is_text && walk->value->len <= PDF_VALUE_LIMIT; i++) {
			if (i > 0)
				g_string_append_c(walk->value, '\n');
			is_text = append_value(walk, pdf_array_get(ctx, place->value, i));
		}
	}
	if (!is_text)
		pdf_read_add(walk->read, PDF_FACT_ODD_VALUE, place->name);
}

/* The name of the state that @widget shows; NULL for off. */
static const char *
shown_state(fz_context *ctx, pdf_obj *widget)
{
	const char *state = pdf_to_name(ctx, pdf_dict_get(ctx, widget, PDF_NAME(AS)));

	return *state != '\0' && strcmp(state, "Off") != 0 ? state : NULL;
}

/* A button's V is its value and AS what is seen (12.7.4.2.3): where they differ a person must look. V is kept. */
static void
read_button(Walk *walk, pdf_obj *field, pdf_obj *kids, const Place *place)
{
	fz_context *ctx = walk->ctx;
	int n = pdf_array_len(ctx, kids);
	const char *shown = n == 0 ? shown_state(ctx, field) : NULL;
	gboolean several = FALSE;

	read_value(walk, place);
	if (strcmp(walk->value->str, "Off") == 0)
		g_string_truncate(walk->value, 0);
	for (int i = 0; i < n; i++) {
		const char *state = shown_state(ctx, array_item(ctx, kids, i));

		several = several || (state != NULL && shown != NULL && strcmp(state, shown) != 0);
		shown = state != NULL ? state : shown;
	}
	if (several || strcmp(walk->value->str, shown != NULL ? shown : "") != 0)
		pdf_read_add(walk->read, PDF_FACT_BUTTON, place->name);
}

static void
store_value(Walk *walk, const char *name)
{
	FieldSet *fields = walk->read->fields;

	walk->text += strlen(name) + walk->value->len;
	if (walk->value->len > PDF_VALUE_LIMIT || walk->text > PDF_TEXT_LIMIT) {
		pdf_read_add(walk->read, PDF_FACT_LONG, name);
		return;
	}
	if (!field_set_has(fields, name))
		field_set_put(fields, name, walk->value->str);
	else if (strcmp(field_set_value(fields, name), walk->value->str) == 0)
		pdf_read_add(walk->read, PDF_FACT_DOUBLED, name);
	else
		pdf_read_add(walk->read, PDF_FACT_DIFFERENT, name);
}

static void
read_field(Walk *walk, pdf_obj *field, pdf_obj *kids, const Place *place)
{
	fz_context *ctx = walk->ctx;

	g_string_truncate(walk->value, 0);
	if (pdf_name_eq(ctx, place->type, PDF_NAME(Sig)))
		return;
	if (!pdf_name_eq(ctx, place->type, PDF_NAME(Btn)))
		read_value(walk, place);
	else if ((place->flags & PDF_BTN_FIELD_IS_PUSHBUTTON) != 0)
		return;
	else
		read_button(walk, field, kids, place);
	store_value(walk, place->name);
}

/* What @field says of itself, and of its parents where it does not. */
static Place
place_of(Walk *walk, pdf_obj *field, const Place *parent)
{
	fz_context *ctx = walk->ctx;
	pdf_obj *type = pdf_dict_get(ctx, field, PDF_NAME(FT));
	pdf_obj *value = pdf_dict_get(ctx, field, PDF_NAME(V));
	pdf_obj *flags = pdf_dict_get(ctx, field, PDF_NAME(Ff));

	return (Place){
		.name = full_name(walk, parent->name, pdf_dict_get(ctx, field, PDF_NAME(T))),
		.type = type != NULL ? type : parent->type,
		.value = value != NULL ? value : parent->value,
		.flags = flags != NULL ? pdf_to_int(ctx, flags) : parent->flags,
		.depth = parent->depth + 1,
	};
}

/* Fields may share their kids: what is looked at counts, not what is there. */
static gboolean
count_nodes(Walk *walk, int n)
{
	if ((guint)n > PDF_FORM_FIELDS_LIMIT - walk->nodes) {
		pdf_read_add(walk->read, PDF_FACT_FIELDS, NULL);
		return FALSE;
	}
	walk->nodes += (guint)n;
	return TRUE;
}

static void walk_array(Walk *walk, pdf_obj *array, const Place *parent);

/* Kids with a name are fields of their own; kids without are the widgets of this one. */
static void
walk_field(Walk *walk, pdf_obj *field, const Place *parent)
{
	fz_context *ctx = walk->ctx;
	Place place = place_of(walk, field, parent);
	pdf_obj *kids = pdf_dict_get(ctx, field, PDF_NAME(Kids));
	int n = pdf_array_len(ctx, kids);
	gboolean has_fields = FALSE;

	if (!count_nodes(walk, n))
		return;
	for (int i = 0; i < n && !has_fields; i++)
		has_fields = pdf_dict_get(ctx, array_item(ctx, kids, i), PDF_NAME(T)) != NULL;
	if (has_fields)
		walk_array(walk, kids, &place);
	else
		read_field(walk, field, kids, &place);
}

static void
walk_array(Walk *walk, pdf_obj *array, const Place *parent)
{
	fz_context *ctx = walk->ctx;
	int n = pdf_array_len(ctx, array);

	if (parent->depth > PDF_DEPTH_LIMIT || pdf_mark_obj(ctx, array)) {
		pdf_read_add(walk->read, PDF_FACT_LOOP, NULL);
		return;
	}
	fz_try(ctx)
	{
		for (int i = 0; i < n && !walk_ended(walk); i++) {
			pdf_obj *field = count_nodes(walk, 1) ? array_item(ctx, array, i) : NULL;

			if (pdf_is_dict(ctx, field))
				walk_field(walk, field, parent);
		}
	}
	fz_always(ctx) pdf_unmark_obj(ctx, array);
	fz_catch(ctx) fz_rethrow(ctx);
}

/* --- the document -------------------------------------------------------------------------------------------- */

static void
read_document(fz_context *ctx, pdf_document *doc, Walk *walk)
{
	PdfRead *read = walk->read;
	const Place top = { .name = "" };
	pdf_obj *root;
	pdf_obj *form;

	if (pdf_needs_password(ctx, doc)) {
		pdf_read_add(read, PDF_FACT_PASSWORD, NULL);
		return;
	}
	if (pdf_xref_len(ctx, doc) > PDF_OBJECTS_LIMIT) {
		pdf_read_add(read, PDF_FACT_OBJECTS, NULL);
		return;
	}
	root = pdf_dict_get(ctx, pdf_trailer(ctx, doc), PDF_NAME(Root));
	form = pdf_dict_get(ctx, root, PDF_NAME(AcroForm));
	if (pdf_dict_get(ctx, form, PDF_NAME(XFA)) != NULL ||
	    pdf_dict_gets(ctx, root, "NeedsRendering") != NULL)
		pdf_read_add(read, PDF_FACT_XFA, NULL);
	if (pdf_count_versions(ctx, doc) > PDF_VERSIONS_LIMIT)
		pdf_read_add(read, PDF_FACT_VERSIONS, NULL);
	walk_array(walk, pdf_dict_get(ctx, form, PDF_NAME(Fields)), &top);
	if (g_hash_table_size(read->fields) == 0)
		pdf_read_add(read, PDF_FACT_NO_FIELDS, NULL);
	if (pdf_was_repaired(
		ctx, doc)) /* asked last: objects are read, and tables rebuilt, on the way */
		pdf_read_add(read, PDF_FACT_REPAIRED, NULL);
}

static void
note_complaint(void *opaque, const char *message)
{
	pdf_read_add(opaque, PDF_FACT_WARNED, message);
}

static void
open_and_read(fz_context *ctx, GBytes *pdf, Walk *walk)
{
	gsize size;
	const guchar *data = g_bytes_get_data(pdf, &size);

	/* nothing is dropped: it goes with the heap */
	fz_try(ctx)
	{
		read_document(
		    ctx, pdf_open_document_with_stream(ctx, fz_open_memory(ctx, data, size)), walk);
	}
	fz_always(ctx) fz_flush_warnings(ctx);
	fz_catch(ctx) pdf_read_add(walk->read, PDF_FACT_BROKEN, fz_caught_message(ctx));
}

/* What one document is read with. Nothing of it is ever dropped: it goes with its heap. */
typedef struct {
	Heap *heap;
	fz_context *ctx;
} Desk;

static Desk prepared; /* for the first document of this process: a child has no other */

static void
desk_clear(Desk *desk)
{
	heap_free(desk->heap);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_clear)

static Desk
desk_new(void)
{
	Desk desk = { .heap = heap_new(PDF_HEAP_LIMIT) };
	const fz_alloc_context alloc = { desk.heap, heap_take, heap_resize, heap_drop };

	desk.ctx = fz_new_context(&alloc, NULL, STORE_LIMIT);
	if (desk.ctx == NULL)
		g_error("fz_new_context: no context");
	return desk;
}

void
pdf_prepare(void)
{
	if (prepared.ctx == NULL)
		prepared = desk_new();
	pdf_names_prepare(prepared.ctx);
	heap_part(prepared.heap);
}

static Desk
take_desk(void)
{
	Desk desk = prepared.ctx != NULL ? prepared : desk_new();

	prepared = (Desk){ NULL, NULL };
	return desk;
}

void
pdf_extract(GBytes *pdf, PdfRead *read)
{
	g_auto(Desk) desk = take_desk();
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) value = g_string_new(NULL);
	Walk walk = { .ctx = desk.ctx, .read = read, .names = names, .value = value };

	fz_set_error_callback(desk.ctx, note_complaint, read);
	fz_set_warning_callback(desk.ctx, note_complaint, read);
	open_and_read(desk.ctx, pdf, &walk);
	/* mupdf swallows some of its exceptions: the heap tells that it was exhausted */
	if (heap_is_exhausted(desk.heap))
		pdf_read_add(read, PDF_FACT_HEAP, NULL);
}

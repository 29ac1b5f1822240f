#include "collect/record.h"

#include "base/error.h"
#include "base/sum.h"
#include "base/text.h"
#include "collect/mime_text.h"

#include <string.h>

PdfPart *
pdf_part_new(const char *file_name, GBytes *bytes)
{
	PdfPart *part = g_new0(PdfPart, 1);

	part->file_name = g_strdup(file_name);
	part->bytes = g_bytes_ref(bytes);
	part->signer = g_strdup("");
	return part;
}

void
pdf_part_free(PdfPart *part)
{
	if (part == NULL)
		return;
	g_free(part->file_name);
	g_free(part->signer);
	g_bytes_unref(part->bytes);
	g_free(part);
}

char *
shown_line(const char *text)
{
	g_autofree char *copy = g_strdelimit(g_strdup(text), "\r\n\t", ' ');
	g_autofree char *printable = text_printable(copy, -1, SHOWN_LINE_LIMIT);
	g_autoptr(GString) line = g_string_new(NULL);

	for (const char *at = printable; *at != '\0'; at++)
		if (*at != ' ' || (line->len > 0 && line->str[line->len - 1] != ' '))
			g_string_append_c(line, *at);
	g_strchomp(line->str);
	return g_string_free(g_steal_pointer(&line), FALSE);
}

char *
shown_text(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\r\n", 0);
	g_autofree char *joined = g_strdelimit(g_strjoinv("\n", lines), "\r", '\n');

	return text_printable(joined, -1, SHOWN_TEXT_LIMIT);
}

static GVariant *
strings_new(const GPtrArray *strings)
{
	return g_variant_new_strv((const char *const *)strings->pdata, (gssize)strings->len);
}

GVariant *
message_record_new(ScanVerdict verdict, const Collected *message, const GPtrArray *parts)
{
	GVariantBuilder pdfs;

	g_variant_builder_init(&pdfs, G_VARIANT_TYPE("a(sayb)"));
	for (guint i = 0; i < parts->len; i++) {
		const PdfPart *part = g_ptr_array_index(parts, i);

		g_variant_builder_add(&pdfs, "(s@ayb)", part->file_name,
		    g_variant_new_from_bytes(G_VARIANT_TYPE_BYTESTRING, part->bytes, TRUE),
		    part->is_message);
	}
	return g_variant_new("(yybsssss@assssb@as@a(sayb)bs)", (guchar)verdict,
	    (guchar)message->message_class, message->automatic, message->sender, message->subject,
	    message->text, message->transport, message->receipt, strings_new(message->references),
	    message->bounce_action, message->bounce_status, message->bounce_detail, message->seen,
	    strings_new(message->attachments), g_variant_builder_end(&pdfs), message->silent,
	    message->message_id);
}

/* --- the parent's side --------------------------------------------------------------------------------------- */

/* As one line; what is not printable is shown as such. */
static void
take_line(const char *text, char **out)
{
	g_free(*out);
	*out = shown_line(text);
}

static void
take_lines(GVariant *lines, guint limit, GPtrArray *out)
{
	gsize n = MIN(g_variant_n_children(lines), limit);

	for (gsize k = 0; k < n; k++) {
		const char *text;

		g_variant_get_child(lines, k, "&s", &text);
		g_ptr_array_add(out, shown_line(text));
	}
}

static void
take_parts(GVariant *pdfs, GPtrArray *parts)
{
	gsize n = MIN(g_variant_n_children(pdfs), COLLECT_PIECES_LIMIT);

	for (gsize k = 0; k < n; k++) {
		g_autoptr(GVariant) pdf = g_variant_get_child_value(pdfs, k);
		g_autoptr(GVariant) content = g_variant_get_child_value(pdf, 1);
		g_autoptr(GBytes) bytes = g_variant_get_data_as_bytes(content);
		g_autofree char *name = NULL;
		const char *text;
		PdfPart *part;

		g_variant_get_child(pdf, 0, "&s", &text);
		take_line(text, &name);
		part = pdf_part_new(name, bytes);
		g_variant_get_child(pdf, 2, "b", &part->is_message);
		g_ptr_array_add(parts, part);
	}
}

/* It will stand in a header of ours: the characters of RFC 5322, 3.6.4, without brackets, or none. */
static void
take_message_id(const char *text, Collected *message)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *bracketed = g_strconcat("<", text, ">", NULL);

	text_message_ids(bracketed, ids);
	if (ids->len != 1 || strcmp(g_ptr_array_index(ids, 0), text) != 0)
		return;
	g_free(message->message_id);
	message->message_id = g_strdup(text);
}

Collected *
message_record_read(GVariant *record, GPtrArray *parts, GError **error)
{
	g_autoptr(Collected) message = collected_new();
	g_autoptr(GVariant) references = NULL;
	g_autoptr(GVariant) attachments = NULL;
	g_autoptr(GVariant) pdfs = NULL;
	const char *sender, *subject, *text, *transport, *receipt, *action, *status, *detail, *id;
	guchar verdict, message_class;

	/* at once: one by one each would be looked for anew */
	g_variant_get(record, "(yyb&s&s&s&s&s@as&s&s&sb@as@a(sayb)b&s)", &verdict, &message_class,
	    &message->automatic, &sender, &subject, &text, &transport, &receipt, &references,
	    &action, &status, &detail, &message->seen, &attachments, &pdfs, &message->silent, &id);
	if (verdict != SCAN_SOUND || message_class > MESSAGE_OTHER) {
		fail(error, PLICO_ERROR_INPUT, _("the message is not read: %s"),
		    verdict < SCAN_VERDICTS ? scan_text(verdict) : "?");
		return NULL;
	}
	message->message_class = message_class;
	take_line(sender, &message->sender);
	take_line(subject, &message->subject);
	g_free(message->text);
	message->text = shown_text(text);
	take_line(transport, &message->transport);
	take_line(receipt, &message->receipt);
	take_lines(references, REFERENCES_LIMIT, message->references);
	take_line(action, &message->bounce_action);
	take_line(status, &message->bounce_status);
	take_line(detail, &message->bounce_detail);
	take_lines(attachments, COLLECT_PARTS_LIMIT, message->attachments);
	take_parts(pdfs, parts);
	take_message_id(id, message);
	if (parts->len > 0) /* by definition, whatever the child says */
		message->message_class = MESSAGE_RETURN;
	else if (message->message_class == MESSAGE_RETURN)
		message->message_class = MESSAGE_OTHER;
	return g_steal_pointer(&message);
}

/* --- one PDF ------------------------------------------------------------------------------------------------- */

GVariant *
pdf_record_new(const PdfRead *read)
{
	g_autoptr(GString) fields = g_string_new(NULL);
	GHashTableIter iter;
	gpointer name;
	gpointer value;

	g_hash_table_iter_init(&iter, read->fields);
	while (g_hash_table_iter_next(&iter, &name, &value)) {
		g_string_append_len(fields, name, (gssize)strlen(name) + 1);
		g_string_append_len(fields, value, (gssize)strlen(value) + 1);
	}
	return g_variant_new("(us@ay)", read->facts, read->note != NULL ? read->note : "",
	    g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, fields->str, fields->len, 1));
}

/* What the child makes of every name and value: UTF-8 without control characters. */
static gboolean
is_value(const char *text, gsize size)
{
	if (!g_utf8_validate(text, (gssize)size, NULL))
		return FALSE;
	for (; *text != '\0'; text = g_utf8_next_char(text))
		if ((*text < ' ' || *text == 0x7f) && g_unichar_iscntrl(g_utf8_get_char(text)) &&
		    *text != '\n' && *text != '\t')
			return FALSE;
	return TRUE;
}

/* @size bytes of names and values, at least one; FALSE where they are not in order. */
static gboolean
take_fields(const char *at, gsize size, FieldSet *fields)
{
	const char *end = at + size;

	if (end[-1] != '\0')
		return FALSE;
	for (guint n = 0; at < end; n++) {
		const char *name = at;
		gsize length = strlen(name);
		const char *value = name + length + 1;
		gsize value_length;

		if (value == end || n == PDF_FORM_FIELDS_LIMIT || !is_value(name, length))
			return FALSE;
		value_length = strlen(value);
		if (value_length > PDF_VALUE_LIMIT || !is_value(value, value_length))
			return FALSE;
		field_set_put(fields, name, value);
		at = value + value_length + 1;
	}
	return TRUE;
}

PdfRead *
pdf_record_read(GVariant *record, GError **error)
{
	g_autoptr(PdfRead) read = pdf_read_new();
	g_autoptr(GVariant) fields = NULL;
	const char *note;
	const char *text;
	gsize size;

	g_variant_get(record, "(u&s@ay)", &read->facts, &note, &fields);
	text = g_variant_get_fixed_array(fields, &size, 1);
	take_line(note, &read->note);
	/* where there are none, there is no text either */
	if (size > 0 && !take_fields(text, size, read->fields)) {
		fail(error, PLICO_ERROR_INPUT, _("the reader's answer is not in order"));
		return NULL;
	}
	return g_steal_pointer(&read);
}

/* --- a message and its only sheet ------------------------------------------------------------------------------ */

GVariant *
whole_record_new(
    ScanVerdict verdict, const Collected *message, GPtrArray *parts, const PdfRead *sheet)
{
	GVariant *read = NULL;

	if (sheet != NULL) {
		PdfPart *part = g_ptr_array_index(parts, 0);
		g_autofree char *sum = sum_bytes(part->bytes);

		read = g_variant_new("(ts@" PDF_WORD ")", (guint64)g_bytes_get_size(part->bytes),
		    sum, pdf_record_new(sheet));
		g_bytes_unref(part->bytes);
		part->bytes = g_bytes_new(NULL, 0);
	}
	return g_variant_new("(@" MESSAGE_WORD "@m" SHEET_WORD ")",
	    message_record_new(verdict, message, parts),
	    g_variant_new_maybe(G_VARIANT_TYPE(SHEET_WORD), read));
}

static gboolean
is_sum(const char *text)
{
	return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

/* Returns: (transfer full): a good one; NULL with @error: what only a captured child would say. */
static CollectedPdf *
take_sheet(GVariant *said, const PdfPart *part, GError **error)
{
	g_autoptr(CollectedPdf) pdf = g_new0(CollectedPdf, 1);
	g_autoptr(GVariant) record = NULL;
	g_autoptr(PdfRead) read = NULL;
	guint64 size;
	const char *sum;

	g_variant_get(said, "(t&s@" PDF_WORD ")", &size, &sum, &record);
	read = pdf_record_read(record, error);
	if (read == NULL)
		return NULL;
	if (read->facts != 0 || g_hash_table_size(read->fields) == 0 || size > PDF_SIZE_LIMIT ||
	    !is_sum(sum)) {
		fail(error, PLICO_ERROR_INPUT, _("the reader's answer is not in order"));
		return NULL;
	}
	pdf->file_name = shown_line(part->file_name);
	pdf->sha256 = g_strdup(sum);
	pdf->size = size;
	pdf->signer = g_strdup("");
	pdf_judge(read->facts, read->note, pdf);
	pdf->fields = g_steal_pointer(&read->fields);
	return g_steal_pointer(&pdf);
}

Collected *
whole_record_read(GVariant *record, GPtrArray *parts, CollectedPdf **sheet, GError **error)
{
	g_autoptr(GVariant) head = g_variant_get_child_value(record, 0);
	g_autoptr(GVariant) maybe = g_variant_get_child_value(record, 1);
	g_autoptr(GVariant) said = g_variant_get_maybe(maybe);
	g_autoptr(Collected) message = message_record_read(head, parts, error);

	*sheet = NULL;
	if (message == NULL || said == NULL)
		return g_steal_pointer(&message);
	if (parts->len != 1) {
		fail(error, PLICO_ERROR_INPUT, _("the reader's answer is not in order"));
		return NULL;
	}
	*sheet = take_sheet(said, g_ptr_array_index(parts, 0), error);
	g_ptr_array_set_size(parts, 0);
	return *sheet != NULL ? g_steal_pointer(&message) : NULL;
}

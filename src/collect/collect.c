/* From raw bytes to what they say: two tasks for the cage, and what the parent makes of their answers. */
#include "collect/collect.h"

#include "base/cage.h"
#include "base/error.h"
#include "base/sum.h"
#include "collect/mime.h"
#include "collect/pdf_facts.h"
#include "collect/pec.h"
#include "collect/record.h"
#include "collect/scan.h"

const char *
message_class_name(MessageClass message_class)
{
	static const char *const names[] = {
		[MESSAGE_RETURN] = "return",
		[MESSAGE_RECEIPT] = "receipt",
		[MESSAGE_BOUNCE] = "bounce",
		[MESSAGE_READ_RECEIPT] = "read_receipt",
		[MESSAGE_COMPLAINT] = "complaint",
		[MESSAGE_AUTO_REPLY] = "auto_reply",
		[MESSAGE_OTHER] = "other",
	};

	return names[message_class];
}

void
collected_pdf_free(CollectedPdf *pdf)
{
	if (pdf == NULL)
		return;
	g_free(pdf->file_name);
	g_free(pdf->sha256);
	g_free(pdf->detail);
	g_clear_pointer(&pdf->fields, g_hash_table_unref);
	g_free(pdf);
}

static void
free_pdf(gpointer pdf)
{
	collected_pdf_free(pdf);
}

Collected *
collected_new(void)
{
	Collected *message = g_new0(Collected, 1);

	message->message_class = MESSAGE_OTHER;
	message->sender = g_strdup("");
	message->subject = g_strdup("");
	message->text = g_strdup("");
	message->transport = g_strdup("");
	message->receipt = g_strdup("");
	pec_init(&message->pec);
	message->references = g_ptr_array_new_with_free_func(g_free);
	message->bounce_action = g_strdup("");
	message->bounce_status = g_strdup("");
	message->bounce_detail = g_strdup("");
	message->attachments = g_ptr_array_new_with_free_func(g_free);
	message->pdfs = g_ptr_array_new_with_free_func(free_pdf);
	return message;
}

void
collected_free(Collected *message)
{
	if (message == NULL)
		return;
	g_free(message->sender);
	g_free(message->subject);
	g_free(message->text);
	g_free(message->transport);
	g_free(message->receipt);
	pec_clear(&message->pec);
	g_ptr_array_unref(message->references);
	g_free(message->bounce_action);
	g_free(message->bounce_status);
	g_free(message->bounce_detail);
	g_ptr_array_unref(message->attachments);
	g_ptr_array_unref(message->pdfs);
	g_free(message);
}

/* In the keeper. @trust (nullable): a PecTrust, packed. */
static void
prepare(GBytes *trust)
{
	mime_prepare();
	pec_prepare(trust);
}

void
collect_prepare(void)
{
	cage_prepare(prepare, NULL);
}

/* --- in the cage ------------------------------------------------------------------------------------------- */

static void
free_part(gpointer part)
{
	pdf_part_free(part);
}

static GVariant *
message_task(GBytes *input, gconstpointer data)
{
	g_autoptr(Collected) message = collected_new();
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(free_part);
	g_autoptr(GBytes) raw = scan_line_ends(input);
	ScanVerdict verdict = scan_message(raw);

	if (verdict == SCAN_SOUND)
		verdict = mime_read(raw, data, message, parts);
	return message_record_new(verdict, message, parts);
}

static GVariant *
pdf_task(GBytes *input, gconstpointer data)
{
	g_autoptr(PdfRead) read = pdf_read_new();

	(void)data;
	pdf_outline(input, read);
	pdf_extract(input, read);
	return pdf_record_new(read);
}

/* --- the parent --------------------------------------------------------------------------------------------- */

static CollectedPdf *
refuse(CollectedPdf *pdf, const char *reason, const char *detail)
{
	pdf->verdict = PDF_REFUSED;
	pdf->reason = reason;
	pdf->detail = g_strdup(detail);
	return pdf;
}

CollectedPdf *
collect_pdf(GBytes *bytes, const char *file_name, GError **error)
{
	static const CageLimits limits = {
		.memory = (gsize)192 << 20,
		.cpu = 5,
		.wall_ms = 8000,
		.answer = 2 * PDF_TEXT_LIMIT,
	};
	g_autoptr(CollectedPdf) pdf = g_new0(CollectedPdf, 1);
	g_autoptr(GVariant) record = NULL;
	g_autoptr(PdfRead) read = NULL;
	g_autoptr(GError) why = NULL;

	pdf->file_name = shown_line(file_name);
	pdf->size = g_bytes_get_size(bytes);
	pdf->sha256 = sum_bytes(bytes);
	if (pdf->size > PDF_SIZE_LIMIT)
		return refuse(
		    g_steal_pointer(&pdf), "too_large", _("the file is larger than 10 MB"));
	record = cage_run(pdf_task, bytes, NULL, 0, PDF_RECORD, &limits, &why);
	read = record != NULL ? pdf_record_read(record, &why) : NULL;
	if (read == NULL && g_error_matches(why, PLICO_ERROR, PLICO_ERROR_INPUT))
		return refuse(g_steal_pointer(&pdf), "died", why->message);
	if (read == NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	pdf_judge(read->facts, read->note, pdf);
	if (g_hash_table_size(read->fields) > 0)
		pdf->fields = g_steal_pointer(&read->fields);
	return g_steal_pointer(&pdf);
}

Collected *
collect_message(GBytes *raw, const PecTrust *trust, GError **error)
{
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(free_part);
	g_autoptr(GVariant) record = NULL;
	g_autoptr(Collected) message = NULL;
	g_auto(Pec) pec = { 0 };
	Signed region = { 0, 0 };

	pec_init(&pec);
	if (pec_is_marked(raw)) {
		cage_prepare(prepare, trust != NULL ? pec_trust_packed(trust) : NULL);
		if (!pec_check(raw, trust, &pec, &region, error))
			return NULL;
	}
	record = cage_run(
	    message_task, raw, &region, sizeof region, MESSAGE_RECORD, &cage_limits_default, error);
	message = record != NULL ? message_record_read(record, parts, error) : NULL;
	if (message == NULL)
		return NULL;
	pec_take(&message->pec, &pec);
	for (guint i = 0; i < parts->len; i++) {
		const PdfPart *part = g_ptr_array_index(parts, i);
		CollectedPdf *pdf = collect_pdf(part->bytes, part->file_name, error);

		if (pdf == NULL)
			return NULL;
		g_ptr_array_add(message->pdfs, pdf);
	}
	return g_steal_pointer(&message);
}

/* In the cage: the readers of a message and of a PDF; those of certified mail, packages and pictures have files of their own. */
#include "collect/tasks.h"

#include "base/sum.h"
#include "collect/mime.h"
#include "collect/pdf_facts.h"
#include "collect/pec.h"
#include "collect/record.h"
#include "collect/scan.h"
#include "collect/unpack.h"

void
tasks_prepare(GBytes *trust)
{
	g_autoptr(GBytes) nothing = g_bytes_new(NULL, 0);
	g_autofree char *sum = sum_bytes(nothing); /* so that OpenSSL has looked it up */

	(void)sum;
	mime_prepare();
	pdf_prepare();
	pec_prepare(trust);
	unpack_prepare();
}

static void
free_part(gpointer part)
{
	pdf_part_free(part);
}

static ScanVerdict
read_message(GBytes *input, const Signed *region, Collected *message, GPtrArray *parts)
{
	g_autoptr(GBytes) raw = scan_line_ends(input);
	ScanVerdict verdict = scan_message(raw);

	return verdict == SCAN_SOUND ? mime_read(raw, region, message, parts) : verdict;
}

/* @data: the Signed region of it that counts. */
GVariant *
message_task(GBytes *input, gconstpointer data)
{
	g_autoptr(Collected) message = collected_new();
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(free_part);
	ScanVerdict verdict = read_message(input, data, message, parts);

	return message_record_new(verdict, message, parts);
}

static PdfRead *
read_pdf(GBytes *pdf)
{
	g_autoptr(PdfRead) read = pdf_read_new();

	pdf_outline(pdf, read);
	pdf_extract(pdf, read);
	return g_steal_pointer(&read);
}

GVariant *
pdf_task(GBytes *input, gconstpointer data)
{
	g_autoptr(PdfRead) read = read_pdf(input);

	(void)data;
	return pdf_record_new(read);
}

/* All that a mail carries: a sound sheet. NULL: something else, too. Returns: (transfer full) */
static PdfRead *
read_only_sheet(ScanVerdict verdict, const GPtrArray *parts)
{
	const PdfPart *part = verdict == SCAN_SOUND && parts->len == 1 ? parts->pdata[0] : NULL;
	g_autoptr(PdfRead) read = NULL;

	if (part == NULL || piece_kind(part->bytes, part->file_name, part->is_message) != PIECE_PDF)
		return NULL;
	read = read_pdf(part->bytes);
	return read->facts == 0 ? g_steal_pointer(&read) : NULL;
}

/* @data: as of message_task(). */
GVariant *
whole_task(GBytes *input, gconstpointer data)
{
	g_autoptr(Collected) message = collected_new();
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(free_part);
	ScanVerdict verdict = read_message(input, data, message, parts);
	g_autoptr(PdfRead) sheet = read_only_sheet(verdict, parts);

	return whole_record_new(verdict, message, parts, sheet);
}

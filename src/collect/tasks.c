/* In the cage: the readers of a message and of a PDF; those of certified mail, packages and pictures have files of their own. */
#include "collect/tasks.h"

#include "collect/mime.h"
#include "collect/pdf_facts.h"
#include "collect/pec.h"
#include "collect/record.h"
#include "collect/scan.h"
#include "collect/unpack.h"

void
tasks_prepare(GBytes *trust)
{
	mime_prepare();
	pec_prepare(trust);
	unpack_prepare();
}

static void
free_part(gpointer part)
{
	pdf_part_free(part);
}

/* @data: the Signed region of it that counts. */
GVariant *
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

GVariant *
pdf_task(GBytes *input, gconstpointer data)
{
	g_autoptr(PdfRead) read = pdf_read_new();

	(void)data;
	pdf_outline(input, read);
	pdf_extract(input, read);
	return pdf_record_new(read);
}

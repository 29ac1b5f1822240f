/*
 * What a captured child may tell its parent: any bytes at all. The first byte of an input chooses the record, the rest is what
 * came through the pipe.
 */
#include "base/cage.h"
#include "base/error.h"
#include "collect/paper.h"
#include "collect/picture.h"
#include "collect/record.h"
#include "fuzz/fuzz.h"

#include <string.h>

static void
free_part(gpointer part)
{
	pdf_part_free(part);
}

static void
check_sheet(const CollectedPdf *sheet)
{
	g_assert_cmpint(sheet->verdict, ==, PDF_GOOD);
	g_assert_cmpuint(strlen(sheet->sha256), ==, 64);
	g_assert_cmpuint(sheet->size, <=, PDF_SIZE_LIMIT);
	g_assert_true(fuzz_is_shown(sheet->file_name, SHOWN_LINE_LIMIT));
	g_assert_cmpuint(g_hash_table_size(sheet->fields), <=, PDF_FORM_FIELDS_LIMIT);
}

static void
check_message(GVariant *record, gboolean whole)
{
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(free_part);
	g_autoptr(GError) error = NULL;
	g_autoptr(CollectedPdf) sheet = NULL;
	g_autoptr(Collected) message = whole ? whole_record_read(record, parts, &sheet, &error)
					     : message_record_read(record, parts, &error);

	g_assert_cmpuint(parts->len, <=, COLLECT_PIECES_LIMIT);
	if (message == NULL) {
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
		g_assert_null(sheet);
		return;
	}
	if (sheet != NULL)
		check_sheet(sheet);
	g_assert_true(
	    (parts->len > 0 || sheet != NULL) == (message->message_class == MESSAGE_RETURN));
	g_assert_true(parts->len == 0 || sheet == NULL);
	g_assert_nonnull(message_class_name(message->message_class));
	g_assert_true(fuzz_is_shown(message->sender, SHOWN_LINE_LIMIT));
	g_assert_true(fuzz_is_shown(message->subject, SHOWN_LINE_LIMIT));
	g_assert_true(fuzz_is_shown(message->text, SHOWN_TEXT_LIMIT));
	g_assert_true(fuzz_is_shown(message->bounce_detail, SHOWN_LINE_LIMIT));
	for (guint i = 0; i < message->references->len; i++)
		g_assert_true(
		    fuzz_is_shown(g_ptr_array_index(message->references, i), SHOWN_LINE_LIMIT));
}

static void
check_alone(GVariant *record)
{
	check_message(record, FALSE);
}

static void
check_whole(GVariant *record)
{
	check_message(record, TRUE);
}

static void
check_pdf(GVariant *record)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PdfRead) read = pdf_record_read(record, &error);
	g_autoptr(CollectedPdf) judged = g_new0(CollectedPdf, 1);
	GHashTableIter iter;
	gpointer name;
	gpointer value;

	if (read == NULL) {
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
		return;
	}
	g_assert_cmpuint(g_hash_table_size(read->fields), <=, PDF_FORM_FIELDS_LIMIT);
	g_hash_table_iter_init(&iter, read->fields);
	while (g_hash_table_iter_next(&iter, &name, &value)) {
		g_assert_true(fuzz_is_shown(name, PDF_TEXT_LIMIT));
		g_assert_true(fuzz_is_shown(value, PDF_VALUE_LIMIT));
	}
	pdf_judge(read->facts, read->note, judged);
}

static void
check_picture(GVariant *record)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) png = picture_read(record, &error);

	if (png == NULL)
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
}

static void
check_paper_look(GVariant *record)
{
	g_autoptr(PaperPage) page = g_new0(PaperPage, 1);
	guint count;

	page->code = g_strdup("");
	if (paper_look_record(record, &count, page))
		g_assert_true(fuzz_is_shown(page->code, SHOWN_LINE_LIMIT));
}

static void
check_paper_read(GVariant *record)
{
	g_autoptr(PaperRead) read = paper_read_record(record);

	for (guint i = 0; read != NULL && i < read->values->len; i++) {
		const PaperValue *value = g_ptr_array_index(read->values, i);

		g_assert_true(fuzz_is_shown(value->name, PDF_VALUE_LIMIT));
		g_assert_true(fuzz_is_shown(value->value, PDF_VALUE_LIMIT));
	}
}

static void
run(const guint8 *data, gsize size)
{
	const struct {
		const GVariantType *type;
		void (*check)(GVariant *record);
	} records[] = {
		{ MESSAGE_RECORD, check_alone },
		{ PDF_RECORD, check_pdf },
		{ PICTURE_RECORD, check_picture },
		{ WHOLE_RECORD, check_whole },
		{ PAPER_LOOK_RECORD, check_paper_look },
		{ PAPER_READ_RECORD, check_paper_read },
	};
	guint which = size > 0 ? data[0] % G_N_ELEMENTS(records) : 0;
	g_autoptr(GBytes) said = g_bytes_new_static(data + 1, size > 0 ? size - 1 : 0);
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) record = NULL;

	record = cage_read_answer(said, records[which].type, &error);
	if (record == NULL)
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	else
		records[which].check(record);
}

const FuzzTarget fuzz_record = { NULL, run };

/* The reader of form fields (collect/pdf_facts.h): twice the same, and the parent understands what the child tells. */
#include "collect/record.h"
#include "fuzz/fuzz.h"

#include <string.h>

static PdfRead *
read_pdf(GBytes *pdf)
{
	PdfRead *read = pdf_read_new();

	pdf_outline(pdf, read);
	pdf_extract(pdf, read);
	return read;
}

static void
check_equal(FieldSet *one, FieldSet *other)
{
	GHashTableIter iter;
	gpointer name;
	gpointer value;

	g_assert_cmpuint(g_hash_table_size(one), ==, g_hash_table_size(other));
	g_hash_table_iter_init(&iter, one);
	while (g_hash_table_iter_next(&iter, &name, &value)) {
		g_assert_cmpstr(field_set_value(other, name), ==, value);
		g_assert_true(fuzz_is_shown(name, PDF_TEXT_LIMIT));
		g_assert_true(fuzz_is_shown(value, PDF_VALUE_LIMIT));
	}
}

static void
run(const guint8 *data, gsize size)
{
	g_autoptr(GBytes) pdf = g_bytes_new_static(data, size);
	g_autoptr(PdfRead) told = read_pdf(pdf);
	g_autoptr(PdfRead) again = read_pdf(pdf);
	g_autoptr(GVariant) record = g_variant_ref_sink(pdf_record_new(told));
	g_autoptr(PdfRead) read = NULL;
	g_autoptr(CollectedPdf) judged = g_new0(CollectedPdf, 1);
	g_autoptr(GError) error = NULL;

	g_assert_cmpuint(told->facts, ==, again->facts);
	check_equal(told->fields, again->fields);
	g_assert_true(g_variant_is_normal_form(record));
	read = pdf_record_read(record, &error);
	g_assert_no_error(error);
	check_equal(told->fields, read->fields);
	pdf_judge(read->facts, read->note, judged);
	g_assert_true((judged->verdict == PDF_GOOD) == (*judged->reason == '\0'));
	if (judged->verdict == PDF_GOOD)
		g_assert_cmpuint(g_hash_table_size(read->fields), >, 0);
}

const FuzzTarget fuzz_pdf = { NULL, run };

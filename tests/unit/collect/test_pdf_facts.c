#include "collect/pdf_facts.h"

#include <string.h>

static guint
outline(const char *text)
{
	g_autoptr(GBytes) pdf = g_bytes_new(text, strlen(text));
	g_autoptr(PdfRead) read = pdf_read_new();

	pdf_outline(pdf, read);
	return read->facts;
}

static guint
outline_with_tail(gsize size)
{
	g_autofree char *tail = g_strnfill(size, 'x');
	g_autofree char *text = g_strconcat("%PDF-1.7\nbody\n%%EOF\n", tail, NULL);

	return outline(text);
}

static void
test_outline(void)
{
	g_assert_cmphex(outline("%PDF-1.7\nbody\n%%EOF"), ==, 0);
	g_assert_cmphex(outline("%PDF-1.7\nbody\n%%EOF\r\n \t\f\n"), ==, 0);
	g_assert_cmphex(outline("%PDF-1.7\na\n%%EOF\nb\n%%EOF\n"), ==, 0);
	g_assert_cmphex(outline("\n%PDF-1.7\nbody\n%%EOF\n"), ==, 0);
	g_assert_cmphex(outline("<html>%PDF-1.7\nbody\n%%EOF\n"), ==, PDF_FACT_PREFIX);
	g_assert_cmphex(outline("%PDF-1.7\nbody\n"), ==, PDF_FACT_NO_END);
	g_assert_cmphex(outline("%PDF-1.7\nbody\n%%EOF\n4 0 obj"), ==, PDF_FACT_TAIL);
	g_assert_cmphex(outline("hello"), ==, PDF_FACT_BROKEN);
	g_assert_cmphex(outline(""), ==, PDF_FACT_BROKEN);
	g_assert_cmphex(
	    outline("%PDF-1.7\na\n%%EOF\n%PDF-1.4\nb\n%%EOF\n"), ==, PDF_FACT_TWO_FILES);
	/* a PDF attached to a PDF is the data of a stream */
	g_assert_cmphex(
	    outline("%PDF-1.7\nstream\r\n%PDF-1.4\nb\n%%EOF\nendstream\n%%EOF\n"), ==, 0);
	g_assert_cmphex(outline_with_tail(PDF_TAIL_LIMIT), ==, PDF_FACT_TAIL);
	g_assert_cmphex(outline_with_tail(PDF_TAIL_LIMIT + 1), ==, PDF_FACT_LONG_TAIL);
}

static void
expect(guint facts, PdfVerdict verdict, const char *reason)
{
	g_autoptr(CollectedPdf) pdf = g_new0(CollectedPdf, 1);

	pdf_judge(facts, "q1", pdf);
	g_assert_cmpint(pdf->verdict, ==, verdict);
	g_assert_cmpstr(pdf->reason, ==, reason);
	if (facts == 0)
		g_assert_cmpstr(pdf->detail, ==, "");
	else
		g_assert_true(g_str_has_suffix(pdf->detail, "(q1)"));
}

/* The verdict rule, line by line. */
static void
test_rule(void)
{
	expect(0, PDF_GOOD, "");
	expect(PDF_FACT_PASSWORD, PDF_REFUSED, "encrypted");
	expect(PDF_FACT_HEAP, PDF_REFUSED, "too_large");
	expect(PDF_FACT_LONG, PDF_REFUSED, "too_large");
	expect(PDF_FACT_OBJECTS, PDF_REFUSED, "too_many");
	expect(PDF_FACT_FIELDS, PDF_REFUSED, "too_many");
	expect(PDF_FACT_LOOP, PDF_REFUSED, "unreadable");
	expect(PDF_FACT_BROKEN, PDF_REFUSED, "unreadable");
	expect(PDF_FACT_TWO_FILES, PDF_REFUSED, "two_files");
	expect(PDF_FACT_XFA, PDF_REFUSED, "xfa");
	expect(PDF_FACT_LONG_TAIL, PDF_REFUSED, "tail");
	expect(PDF_FACT_DIFFERENT, PDF_REFUSED, "doubled_fields");
	expect(PDF_FACT_ODD_VALUE, PDF_REFUSED, "unreadable");
	expect(PDF_FACT_NO_FIELDS, PDF_REFUSED, "no_form");
	expect(PDF_FACT_NO_FIELDS | PDF_FACT_WARNED, PDF_REFUSED, "unreadable");
	expect(PDF_FACT_REPAIRED, PDF_REVIEW, "repaired");
	expect(PDF_FACT_NO_END, PDF_REVIEW, "tail");
	expect(PDF_FACT_TAIL, PDF_REVIEW, "tail");
	expect(PDF_FACT_PREFIX, PDF_REVIEW, "prefix");
	expect(PDF_FACT_DOUBLED, PDF_REVIEW, "doubled_fields");
	expect(PDF_FACT_BUTTON, PDF_REVIEW, "button_mismatch");
	expect(PDF_FACT_VERSIONS, PDF_REVIEW, "versions");
	expect(PDF_FACT_WARNED, PDF_REVIEW, "warning");
}

/* Whatever blemish a person may overlook, a refusal beside it stands. */
static void
test_refusal_is_stronger(void)
{
	for (guint refusal = PDF_FACT_HEAP; refusal <= PDF_FACT_NO_FIELDS; refusal <<= 1)
		for (guint blemish = PDF_FACT_REPAIRED; blemish <= PDF_FACT_WARNED; blemish <<= 1) {
			g_autoptr(CollectedPdf) pdf = g_new0(CollectedPdf, 1);

			pdf_judge(refusal | blemish, NULL, pdf);
			g_assert_cmpint(pdf->verdict, ==, PDF_REFUSED);
		}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pdf/the bytes alone tell prefix, tail and second file", test_outline);
	g_test_add_func("/pdf/each fact has its verdict", test_rule);
	g_test_add_func("/pdf/a refusal is stronger than a blemish", test_refusal_is_stronger);
	return g_test_run();
}

/* Through the cage and back. The many shapes and damages are in tests/cli/6500-hostile.t. */
#include "base/error.h"
#include "collect/collect.h"

#include <string.h>

/* A form with one text field; offsets as a writer computes them. */
static char *
make_pdf(const char *value)
{
	g_autoptr(GString) pdf = g_string_new("%PDF-1.7\n");
	g_autofree char *field = g_strdup_printf("<</FT/Tx/T(q1)/V(%s)>>", value);
	const char *const objects[] = { "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>",
		"<</Type/Pages/Kids[]/Count 0>>", field };
	gsize at[G_N_ELEMENTS(objects)];
	gsize xref;

	for (gsize i = 0; i < G_N_ELEMENTS(objects); i++) {
		at[i] = pdf->len;
		g_string_append_printf(pdf, "%u 0 obj\n%s\nendobj\n", (guint)i + 1, objects[i]);
	}
	xref = pdf->len;
	g_string_append(pdf, "xref\n0 4\n0000000000 65535 f \n");
	for (gsize i = 0; i < G_N_ELEMENTS(objects); i++)
		g_string_append_printf(pdf, "%010u 00000 n \n", (guint)at[i]);
	g_string_append_printf(
	    pdf, "trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%u\n%%%%EOF\n", (guint)xref);
	return g_string_free(g_steal_pointer(&pdf), FALSE);
}

static void
test_pdf(void)
{
	g_autofree char *text = make_pdf("dodici");
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_autofree char *sha256 = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
	g_autoptr(GError) error = NULL;
	g_autoptr(CollectedPdf) pdf = collect_pdf(bytes, "a\nb\x01.pdf", &error);

	g_assert_no_error(error);
	g_assert_cmpint(pdf->verdict, ==, PDF_GOOD);
	g_assert_cmpstr(pdf->reason, ==, "");
	g_assert_cmpstr(pdf->detail, ==, "");
	g_assert_cmpstr(pdf->file_name, ==, "a b\xef\xbf\xbd.pdf");
	g_assert_cmpstr(pdf->sha256, ==, sha256);
	g_assert_cmpuint(pdf->size, ==, strlen(text));
	g_assert_cmpstr(field_set_value(pdf->fields, "q1"), ==, "dodici");
}

static void
test_large_pdf(void)
{
	g_autofree char *text = make_pdf("dodici");
	g_autofree char *large = g_malloc0(PDF_SIZE_LIMIT + 1);
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(CollectedPdf) pdf = NULL;

	memcpy(large, text, strlen(text));
	bytes = g_bytes_new_take(g_steal_pointer(&large), PDF_SIZE_LIMIT + 1);
	pdf = collect_pdf(bytes, "", NULL);
	g_assert_cmpint(pdf->verdict, ==, PDF_REFUSED);
	g_assert_cmpstr(pdf->reason, ==, "too_large");
	g_assert_null(pdf->fields);
}

static Collected *
collect(const char *text, GError **error)
{
	g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));

	return collect_message(raw, NULL, error);
}

static void
test_message(void)
{
	g_autofree char *pdf = make_pdf("sette");
	g_autofree char *coded = g_base64_encode((const guchar *)pdf, strlen(pdf));
	g_autofree char *text = g_strdup_printf(
	    "From: =?utf-8?Q?Comune_di_Cant=C3=B9?= <protocollo@cantu.example>\n"
	    "Subject: R: Mappa\nIn-Reply-To: <l1.B639@mappa.example>\n"
	    "Content-Type: multipart/mixed; boundary=b\n\n"
	    "--b\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n"
	    "In allegato, perch=E9 richiesto.\n"
	    "--b\nContent-Type: application/zip; name=altro.zip\n\nPK\n"
	    "--b\nContent-Type: image/png; name=logo.png\nContent-Transfer-Encoding: base64\n\n%s\n--b--\n",
	    coded);
	g_autoptr(GError) error = NULL;
	g_autoptr(Collected) message = collect(text, &error);
	const CollectedPdf *first;

	g_assert_no_error(error);
	g_assert_cmpstr(message_class_name(message->message_class), ==, "return");
	g_assert_false(message->automatic);
	g_assert_cmpstr(message->sender, ==, "Comune di Cantù <protocollo@cantu.example>");
	g_assert_cmpstr(message->subject, ==, "R: Mappa");
	g_assert_cmpstr(message->text, ==, "In allegato, perché richiesto.");
	g_assert_cmpuint(message->references->len, ==, 1);
	g_assert_cmpstr(g_ptr_array_index(message->references, 0), ==, "l1.B639@mappa.example");
	g_assert_cmpuint(message->attachments->len, ==, 1);
	g_assert_cmpstr(g_ptr_array_index(message->attachments, 0), ==, "altro.zip");
	g_assert_cmpuint(message->pdfs->len, ==, 1);
	first = g_ptr_array_index(message->pdfs, 0);
	g_assert_cmpstr(first->file_name, ==, "logo.png");
	g_assert_cmpstr(field_set_value(first->fields, "q1"), ==, "sette");
}

static void
test_refused_message(void)
{
	g_autofree char *groups = g_strnfill(100000, ':');
	g_autofree char *text = g_strdup_printf("From: %s\n\nx\n", groups);
	g_autoptr(GError) error = NULL;

	g_assert_null(collect(text, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	collect_prepare();
	g_test_add_func("/collect/a sound PDF gives its fields", test_pdf);
	g_test_add_func("/collect/a PDF over 10 MB is not read", test_large_pdf);
	g_test_add_func(
	    "/collect/a message gives its PDFs, text and names of the rest", test_message);
	g_test_add_func(
	    "/collect/a message over a limit is an error of the input", test_refused_message);
	return g_test_run();
}

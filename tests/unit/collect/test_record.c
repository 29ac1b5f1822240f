/* The parent believes nothing that a child says. */
#include "base/error.h"
#include "collect/record.h"

#include <string.h>

static void
free_part(gpointer part)
{
	pdf_part_free(part);
}

static Collected *
read_message(const char *text, GPtrArray *parts, GError **error)
{
	g_autoptr(GVariant) record = g_variant_parse(MESSAGE_RECORD, text, NULL, NULL, NULL);

	g_assert_nonnull(record);
	return message_record_read(record, parts, error);
}

static void
test_round_trip(void)
{
	g_autoptr(Collected) message = collected_new();
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(free_part);
	g_autoptr(GPtrArray) back = g_ptr_array_new_with_free_func(free_part);
	g_autoptr(GBytes) pdf = g_bytes_new_static("%PDF-1.7", 8);
	g_autoptr(GVariant) record = NULL;
	g_autoptr(Collected) read = NULL;
	g_autoptr(GError) error = NULL;
	const PdfPart *part;

	message->message_class = MESSAGE_RETURN;
	message->automatic = TRUE;
	message->silent = TRUE;
	g_free(message->message_id);
	message->message_id = g_strdup("1@b.example");
	g_free(message->sender);
	message->sender = g_strdup("Comune <a@b.example>");
	g_ptr_array_add(message->references, g_strdup("l1.A944@mappa.example"));
	g_ptr_array_add(message->attachments, g_strdup("a.p7m"));
	g_ptr_array_add(parts, pdf_part_new("città.pdf", pdf));
	record = g_variant_ref_sink(message_record_new(SCAN_SOUND, message, parts));
	g_assert_true(g_variant_is_of_type(record, MESSAGE_RECORD));
	read = message_record_read(record, back, &error);
	g_assert_no_error(error);
	g_assert_cmpint(read->message_class, ==, MESSAGE_RETURN);
	g_assert_true(read->automatic);
	g_assert_true(read->silent);
	g_assert_cmpstr(read->message_id, ==, "1@b.example");
	g_assert_cmpstr(read->sender, ==, "Comune <a@b.example>");
	g_assert_cmpstr(g_ptr_array_index(read->references, 0), ==, "l1.A944@mappa.example");
	g_assert_cmpstr(g_ptr_array_index(read->attachments, 0), ==, "a.p7m");
	g_assert_cmpuint(back->len, ==, 1);
	part = g_ptr_array_index(back, 0);
	g_assert_cmpstr(part->file_name, ==, "città.pdf");
	g_assert_true(g_bytes_equal(part->bytes, pdf));
}

static void
test_refusal(void)
{
	static const char *const refused[] = {
		"(byte 1, byte 0, false, '', '', '', '', '', [], '', '', '', false, [], [], false, '')",
		"(byte 200, byte 0, false, '', '', '', '', '', [], '', '', '', false, [], [], false, '')",
		"(byte 0, byte 7, false, '', '', '', '', '', [], '', '', '', false, [], [], false, '')",
		"(byte 0, byte 255, false, '', '', '', '', '', [], '', '', '', false, [], [], false, '')",
	};
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(free_part);

	for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(read_message(refused[i], parts, &error));
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	}
}

/* What is shown is printable and short, whoever wrote it; PDFs decide the class. */
static void
test_lies(void)
{
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(free_part);
	g_autoptr(GString) text = g_string_new("(byte 0, byte 4, false, 'a\\u001b[2Jb\\nc', '");
	g_autoptr(Collected) message = NULL;

	for (guint i = 0; i < 5000; i++)
		g_string_append(text, "x");
	g_string_append(text, "', '', '', '', [], '', '', '', false, [");
	for (guint i = 0; i < 5000; i++)
		g_string_append(text, "'a',");
	g_string_append(text, "'a'], [");
	for (guint i = 0; i < COLLECT_PIECES_LIMIT; i++)
		g_string_append(text, "('n', [byte 1], false),");
	g_string_append(text, "('../../x\\u0001', [byte 1], true)], true, 'a b@c')");
	message = read_message(text->str, parts, NULL);
	g_assert_nonnull(message);
	g_assert_cmpstr(message->sender, ==, "a\xef\xbf\xbd[2Jb c");
	g_assert_cmpuint(strlen(message->subject), ==, SHOWN_LINE_LIMIT);
	g_assert_cmpuint(message->attachments->len, ==, COLLECT_PARTS_LIMIT);
	g_assert_cmpuint(parts->len, ==, COLLECT_PIECES_LIMIT);
	g_assert_cmpint(message->message_class, ==, MESSAGE_RETURN);
	g_assert_cmpstr(message->message_id, ==, "");
}

static void
test_return_without_pdf(void)
{
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(free_part);
	g_autoptr(Collected) message = read_message(
	    "(byte 0, byte 0, false, '', '', '', '', '', [], '', '', '', false, [], [], false, '')",
	    parts, NULL);

	g_assert_cmpint(message->message_class, ==, MESSAGE_OTHER);
}

static void
expect_pdf(const char *name, const char *value, gboolean good)
{
	g_autoptr(PdfRead) read = pdf_read_new();
	g_autoptr(PdfRead) back = NULL;
	g_autoptr(GVariant) record = NULL;
	g_autoptr(GError) error = NULL;

	pdf_read_add(read, PDF_FACT_DOUBLED, "q1");
	field_set_put(read->fields, name, value);
	record = g_variant_ref_sink(pdf_record_new(read));
	back = pdf_record_read(record, &error);
	if (!good) {
		g_assert_null(back);
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
		return;
	}
	g_assert_no_error(error);
	g_assert_cmphex(back->facts, ==, PDF_FACT_DOUBLED);
	g_assert_cmpstr(back->note, ==, "q1");
	g_assert_cmpstr(field_set_value(back->fields, name), ==, value);
}

static void
test_pdf(void)
{
	g_autofree char *longest = g_strnfill(PDF_VALUE_LIMIT, 'x');
	g_autofree char *too_long = g_strnfill(PDF_VALUE_LIMIT + 1, 'x');

	expect_pdf("q1", "città\n\tdue", TRUE);
	expect_pdf("q1", longest, TRUE);
	expect_pdf("q1", too_long, FALSE);
	expect_pdf("q1", "a\x1b[2J", FALSE);
	expect_pdf("q\r1", "a", FALSE);
}

static void
test_many_fields(void)
{
	g_autoptr(PdfRead) read = pdf_read_new();
	g_autoptr(GVariant) record = NULL;
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i <= PDF_FORM_FIELDS_LIMIT; i++) {
		g_autofree char *name = g_strdup_printf("q%u", i);

		field_set_put(read->fields, name, "");
	}
	record = g_variant_ref_sink(pdf_record_new(read));
	g_assert_null(pdf_record_read(record, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
}

/* Of @said, the part of WHOLE_RECORD about the sheet. Returns: (transfer full) (nullable) */
static CollectedPdf *
read_sheet(const char *mail, const char *said, Collected **message, GError **error)
{
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(free_part);
	g_autofree char *text = g_strdup_printf("(%s, %s)", mail, said);
	g_autoptr(GVariant) record = g_variant_parse(WHOLE_RECORD, text, NULL, NULL, NULL);
	CollectedPdf *sheet;

	g_assert_nonnull(record);
	*message = whole_record_read(record, parts, &sheet, error);
	return sheet;
}

#define ONE_PDF                                                                                    \
	"(byte 0, byte 0, false, 'a', '', '', '', '', [], '', '', '', false, [], [('a.pdf', b'', " \
	"false)], false, '')"
#define NO_PDF                                                                                     \
	"(byte 0, byte 0, false, '', '', '', '', '', [], '', '', '', false, [], [], false, '')"
/* names and values, each with its NUL */
#define Q1  "0x71, 0x31, 0"
#define UNO "0x75, 0x6e, 0x6f, 0"
#define Q2  "0x71, 0x32, 0"
#define ONE "[byte " Q1 ", " UNO "]"
#define SUM "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5"

static void
test_whole(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Collected) message = NULL;
	g_autoptr(CollectedPdf) sheet =
	    read_sheet(ONE_PDF, "(8, '" SUM "', (0, '', " ONE "))", &message, &error);

	g_assert_no_error(error);
	g_assert_cmpstr(message->sender, ==, "a");
	g_assert_cmpint(message->message_class, ==, MESSAGE_RETURN);
	g_assert_cmpint(sheet->verdict, ==, PDF_GOOD);
	g_assert_cmpstr(sheet->file_name, ==, "a.pdf");
	g_assert_cmpstr(sheet->sha256, ==, SUM);
	g_assert_cmpuint(sheet->size, ==, 8);
	g_assert_cmpstr(field_set_value(sheet->fields, "q1"), ==, "uno");
}

/* Whatever is not sound goes another way: who says so here is captured. */
static void
test_whole_lies(void)
{
	static const struct {
		const char *mail;
		const char *said;
	} lies[] = {
		{ NO_PDF, "(8, '" SUM "', (0, '', " ONE "))" },
		{ ONE_PDF, "(8, '" SUM "0', (0, '', " ONE "))" },
		{ ONE_PDF, "(8, '../../" SUM "', (0, '', " ONE "))" },
		{ ONE_PDF, "(8, '" SUM "', (1, '', " ONE "))" },
		{ ONE_PDF, "(8, '" SUM "', (0, '', @ay []))" },
		{ ONE_PDF, "(8, '" SUM "', (0, '', [byte 0x71]))" },
		{ ONE_PDF, "(8, '" SUM "', (0, '', [byte " Q1 ", 0x75]))" },
		{ ONE_PDF, "(8, '" SUM "', (0, '', [byte " Q1 ", 0xc3, 0]))" },
		{ ONE_PDF, "(8, '" SUM "', (0, '', [byte " Q1 ", " UNO ", " Q2 "]))" },
		{ ONE_PDF,
		    "(8, '" SUM "', (0, '', [byte " Q1 ", 0x61, 0x1b, 0x5b, 0x32, 0x4a, 0]))" },
		{ ONE_PDF, "(99999999999, '" SUM "', (0, '', " ONE "))" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(lies); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Collected) message = NULL;

		g_assert_null(read_sheet(lies[i].mail, lies[i].said, &message, &error));
		g_assert_null(message);
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/record/a message goes through", test_round_trip);
	g_test_add_func("/record/a refusal is an error of the input", test_refusal);
	g_test_add_func("/record/lies of a captured child are cut to size", test_lies);
	g_test_add_func("/record/a return has a PDF", test_return_without_pdf);
	g_test_add_func("/record/values of a PDF are checked", test_pdf);
	g_test_add_func("/record/a mail and its only sheet come together", test_whole);
	g_test_add_func("/record/a sheet that came so is sound, or a lie", test_whole_lies);
	g_test_add_func("/record/too many fields are no answer", test_many_fields);
	return g_test_run();
}

/* The walk through a message (collect/mime.h), what the caged child tells of it, and what its parent makes of that. */
#include "collect/mime.h"
#include "collect/record.h"
#include "fuzz/fuzz.h"

static void
free_part(gpointer part)
{
	pdf_part_free(part);
}

static void
check_strings(const GPtrArray *strings, guint limit)
{
	g_assert_cmpuint(strings->len, <=, limit);
	for (guint i = 0; i < strings->len; i++)
		g_assert_true(fuzz_is_shown(g_ptr_array_index(strings, i), SHOWN_LINE_LIMIT));
}

static void
check_message(const Collected *message)
{
	g_assert_true(fuzz_is_shown(message->sender, SHOWN_LINE_LIMIT));
	g_assert_true(fuzz_is_shown(message->subject, SHOWN_LINE_LIMIT));
	g_assert_true(fuzz_is_shown(message->text, SHOWN_TEXT_LIMIT));
	g_assert_true(fuzz_is_shown(message->transport, SHOWN_LINE_LIMIT));
	g_assert_true(fuzz_is_shown(message->receipt, SHOWN_LINE_LIMIT));
	g_assert_true(fuzz_is_shown(message->bounce_action, SHOWN_LINE_LIMIT));
	g_assert_true(fuzz_is_shown(message->bounce_status, SHOWN_LINE_LIMIT));
	g_assert_true(fuzz_is_shown(message->bounce_detail, SHOWN_LINE_LIMIT));
	check_strings(message->references, REFERENCES_LIMIT);
	check_strings(message->attachments, COLLECT_PARTS_LIMIT);
}

static void
run(const guint8 *data, gsize size)
{
	g_autoptr(GBytes) raw = g_bytes_new_static(data, size);
	g_autoptr(GBytes) lines = scan_line_ends(raw);
	g_autoptr(Collected) told = collected_new();
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(free_part);
	g_autoptr(GPtrArray) back = g_ptr_array_new_with_free_func(free_part);
	g_autoptr(GVariant) record = NULL;
	g_autoptr(Collected) message = NULL;
	g_autoptr(GError) error = NULL;
	ScanVerdict verdict;

	if (scan_message(lines) != SCAN_SOUND)
		return;
	verdict = mime_read(lines, NULL, told, parts);
	/* the scanner has counted: a library that finds more reads the message in another way */
	g_assert_cmpint(verdict, !=, SCAN_DEPTH);
	g_assert_cmpint(verdict, !=, SCAN_PARTS);
	record = g_variant_ref_sink(message_record_new(verdict, told, parts));
	g_assert_true(g_variant_is_normal_form(record));
	message = message_record_read(record, back, &error);
	g_assert_true((message != NULL) == (verdict == SCAN_SOUND));
	if (message == NULL)
		return;
	g_assert_cmpint(message->message_class, ==, told->message_class);
	g_assert_cmpuint(back->len, ==, parts->len);
	check_message(message);
}

const FuzzTarget fuzz_mime = { mime_prepare, run };

/* The counter of what a message is made of, before any library sees it (collect/scan.h). */
#include "collect/scan.h"
#include "fuzz/fuzz.h"

#include <string.h>

static void
run(const guint8 *data, gsize size)
{
	g_autoptr(GBytes) raw = g_bytes_new_static(data, size);
	g_autoptr(GBytes) lines = scan_line_ends(raw);
	g_autoptr(GBytes) again = scan_line_ends(lines);
	ScanVerdict verdict = scan_message(lines);

	g_assert_cmpuint(g_bytes_get_size(lines), ==, size);
	g_assert_true(g_bytes_equal(lines, again));
	g_assert_cmpint(verdict, <, SCAN_VERDICTS);
	g_assert_cmpint(scan_message(lines), ==, verdict);
	g_assert_true((*scan_text(verdict) == '\0') == (verdict == SCAN_SOUND));
}

const FuzzTarget fuzz_scan = { NULL, run };

#include "collect/collect.h"
#include "collect/scan.h"

#include <string.h>

static ScanVerdict
scan(const char *text)
{
	g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));

	return scan_message(raw);
}

/* @before, then @what @times, then @after */
static ScanVerdict
scan_repeated(const char *before, const char *what, guint times, const char *after)
{
	g_autoptr(GString) text = g_string_new(before);

	for (guint i = 0; i < times; i++)
		g_string_append(text, what);
	g_string_append(text, after);
	return scan(text->str);
}

static void
test_field(void)
{
	const guint limit = COLLECT_FIELD_LIMIT;

	g_assert_cmpint(scan_repeated("S: ", "x", limit - 3, "\n\n"), ==, SCAN_SOUND);
	g_assert_cmpint(scan_repeated("S: ", "x", limit - 2, "\n\n"), ==, SCAN_FIELD);
	/* folds count: "S:" and its lines */
	g_assert_cmpint(scan_repeated("S:", "\n x", limit / 3 - 1, "\n\n"), ==, SCAN_SOUND);
	g_assert_cmpint(scan_repeated("S:", "\n x", limit / 3 + 1, "\n\n"), ==, SCAN_FIELD);
	/* a long body line is no field */
	g_assert_cmpint(scan_repeated("S: a\n\n", "x", limit * 4, "\n"), ==, SCAN_SOUND);
}

static void
test_header(void)
{
	g_autofree char *line = g_strnfill(1000, 'x');
	g_autofree char *field = g_strdup_printf("X-Long: %s\n", line);
	const guint fit = (guint)(COLLECT_HEADER_LIMIT / strlen(field));

	g_assert_cmpint(scan_repeated("", field, fit, "\n"), ==, SCAN_SOUND);
	g_assert_cmpint(scan_repeated("", field, fit + 1, "\n"), ==, SCAN_HEADER);
	g_assert_cmpint(scan_repeated("", "A: b\n", COLLECT_FIELDS_LIMIT, "\n"), ==, SCAN_SOUND);
	g_assert_cmpint(
	    scan_repeated("", "A: b\n", COLLECT_FIELDS_LIMIT + 1, "\n"), ==, SCAN_FIELDS);
}

static void
test_parts(void)
{
	static const char head[] = "Content-Type: multipart/mixed; boundary=\"b\"\n\n";
	static const char part[] = "--b\nContent-Type: text/plain\n\nx\n";

	g_assert_cmpint(scan_repeated(head, part, COLLECT_PARTS_LIMIT, "--b--\n"), ==, SCAN_SOUND);
	g_assert_cmpint(
	    scan_repeated(head, part, COLLECT_PARTS_LIMIT + 1, "--b--\n"), ==, SCAN_PARTS);
	/* lines that only look like boundaries */
	g_assert_cmpint(scan_repeated(head, "--bc\n-- b\n--\n", 1000, "--b--\n"), ==, SCAN_PARTS);
	g_assert_cmpint(scan_repeated(head, "--bc\n--\n---\n", 1000, "--b--\n"), ==, SCAN_SOUND);
	/* behind the end boundary there are none */
	g_assert_cmpint(scan_repeated(head, "--b--\n--b\n", 2, ""), ==, SCAN_SOUND);
	g_assert_cmpint(scan_repeated("S: a\n\n", "--b\n", 1000, ""), ==, SCAN_SOUND);
}

/* Each part's header counts, not only the first. */
static void
test_header_of_part(void)
{
	static const char head[] = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n";

	g_assert_cmpint(
	    scan_repeated(head, "A: b\r\n", COLLECT_FIELDS_LIMIT + 1, "\r\n"), ==, SCAN_FIELDS);
}

static void
test_depth(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	guint i;

	for (i = 0; i < COLLECT_DEPTH_LIMIT; i++)
		g_string_append_printf(
		    text, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
	g_string_append(text, "\n");
	g_assert_cmpint(scan(text->str), ==, SCAN_SOUND);
	g_string_truncate(text, text->len - 1);
	g_string_append(text, "Content-Type: multipart/mixed; boundary=c\n\n--c\n\n");
	g_assert_cmpint(scan(text->str), ==, SCAN_DEPTH);
	g_assert_cmpint(
	    scan_repeated("", "Content-Type: message/rfc822\n\n", COLLECT_DEPTH_LIMIT, "A: b\n\n"),
	    ==, SCAN_SOUND);
	g_assert_cmpint(scan_repeated("", "Content-Type: message/rfc822\n\n",
			    COLLECT_DEPTH_LIMIT + 1, "A: b\n\n"),
	    ==, SCAN_DEPTH);
}

/* A boundary of an outer multipart closes those inside; their depth does not add up. */
static void
test_depth_is_given_back(void)
{
	static const char head[] = "Content-Type: multipart/mixed; boundary=b\n\n";
	static const char inner[] =
	    "--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\nx\n";

	g_assert_cmpint(scan_repeated(head, inner, 60, "--b--\n"), ==, SCAN_SOUND);
	g_assert_cmpint(
	    scan_repeated(head, "--b\nContent-Type: message/rfc822\n\nA: b\n\nx\n", 60, "--b--\n"),
	    ==, SCAN_SOUND);
}

static void
test_digest(void)
{
	g_autoptr(GString) text =
	    g_string_new("Content-Type: multipart/digest; boundary=d\n\n--d\n\n");

	/* a part without a type is a message there: the second block is its header */
	for (guint i = 0; i <= COLLECT_FIELDS_LIMIT; i++)
		g_string_append(text, "A: b\n");
	g_string_append(text, "\n");
	g_assert_cmpint(scan(text->str), ==, SCAN_FIELDS);
}

static void
test_two_ways(void)
{
	static const char *const unclear[] = {
		"multipart/mixed; boundary*=us-ascii''b",
		"multipart/mixed; boundary*0=b; boundary*1=c",
		"multipart/mixed; boundary=a; boundary=b",
		"multipart/mixed; (x) boundary=b",
		"multipart/mixed; boundary=\"a\\\"b\"",
		"multipart/mixed\nContent-Type: text/plain",
		"text/plain\nContent-Type : multipart/mixed; boundary=b",
	};
	static const char *const clear[] = {
		"multipart/mixed; boundary=b",
		"multipart/mixed;\r\n\tBoundary = \"=_b c?:/'+\"",
		"multipart/mixed",
		"text/plain; boundary*=x",
		"multipart/report; report-type=delivery-status; boundary=\"a;b\"",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(unclear); i++) {
		g_autofree char *text = g_strdup_printf("Content-Type: %s\n\nx\n", unclear[i]);

		g_assert_cmpint(scan(text), ==, SCAN_TWO_WAYS);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(clear); i++) {
		g_autofree char *text = g_strdup_printf("Content-Type: %s\n\nx\n", clear[i]);

		g_assert_cmpint(scan(text), ==, SCAN_SOUND);
	}
}

static void
expect_line_ends(const char *from, const char *to)
{
	g_autoptr(GBytes) raw = g_bytes_new(from, strlen(from));
	g_autoptr(GBytes) expected = g_bytes_new(to, strlen(to));
	g_autoptr(GBytes) got = scan_line_ends(raw);

	g_assert_true(g_bytes_equal(expected, got));
}

static void
test_line_ends(void)
{
	expect_line_ends("A: b\r\rtext\r", "A: b\n\ntext\n");
	expect_line_ends("A: b\r\n\r\nte\rxt\r\n", "A: b\r\n\r\nte\rxt\r\n");
	expect_line_ends("A: b\n\n", "A: b\n\n");
	expect_line_ends("", "");
}

/* Whatever the bytes, the scan ends and says something; under AddressSanitizer it also stays inside them. */
static void
test_noise(void)
{
	static const char alphabet[] =
	    "-b\r\n :;=\"\\multipart/mixed;boundary=bContent-Type: message/rfc822\n\n--b";
	g_autoptr(GRand) dice = g_rand_new_with_seed(5);

	for (guint i = 0; i < 2000; i++) {
		gsize size = (gsize)g_rand_int_range(dice, 0, 400);
		g_autofree char *data = g_malloc(size + 1);
		g_autoptr(GBytes) raw = NULL;

		for (gsize k = 0; k < size;) {
			gsize from = (gsize)g_rand_int_range(dice, 0, (gint32)sizeof alphabet - 1);
			gsize n = (gsize)g_rand_int_range(dice, 1, 30);

			n = MIN(n, MIN(size - k, sizeof alphabet - 1 - from));
			memcpy(data + k, alphabet + from, n);
			k += n;
		}
		raw = g_bytes_new(data, size);
		g_assert_cmpint(scan_message(raw), <, SCAN_VERDICTS);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scan/a field has a longest length, folds included", test_field);
	g_test_add_func("/scan/a header has a longest length and most fields", test_header);
	g_test_add_func("/scan/a message has most parts", test_parts);
	g_test_add_func("/scan/headers of parts are counted", test_header_of_part);
	g_test_add_func("/scan/parts have a greatest depth", test_depth);
	g_test_add_func("/scan/an outer boundary closes what is inside", test_depth_is_given_back);
	g_test_add_func("/scan/parts of a digest are messages", test_digest);
	g_test_add_func("/scan/what can be read in two ways is not read", test_two_ways);
	g_test_add_func("/scan/old Mac line ends become new lines", test_line_ends);
	g_test_add_func("/scan/noise does no harm", test_noise);
	return g_test_run();
}

#include "base/sum.h"

#include <string.h>

/* FIPS 180-4's example, nothing at all, and what GLib says of longer ones. */
static void
test_sums(void)
{
	g_autoptr(GBytes) nothing = g_bytes_new(NULL, 0);
	g_autoptr(GBytes) abc = g_bytes_new("abc", 3);
	g_autofree char *of_nothing = sum_bytes(nothing);
	g_autofree char *of_abc = sum_bytes(abc);

	g_assert_cmpstr(
	    of_nothing, ==, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	g_assert_cmpstr(
	    of_abc, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	for (gsize size = 1; size < 300; size += 7) {
		g_autofree char *text = g_strnfill(size, 'x');
		g_autoptr(GBytes) bytes = g_bytes_new(text, size);
		g_autofree char *sum = sum_bytes(bytes);
		g_autofree char *wanted = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);

		g_assert_cmpstr(sum, ==, wanted);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sum/is-sha-256", test_sums);
	return g_test_run();
}

/* Kept for good under its SHA-256, and found out when altered. */
#include "base/archive.h"
#include "base/error.h"
#include "unit/base/workshop.h"

#include <sys/stat.h>

#define SUM                                                                                        \
	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" /* of "abc": FIPS 180-2 */

static char *
put(const Workshop *shop, const char *text, gsize size)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, size);
	g_autoptr(GError) error = NULL;
	char *sum = NULL;

	g_assert_true(archive_put(shop->directory, bytes, &sum, &error));
	g_assert_no_error(error);
	return sum;
}

static void
expect_abc(const Workshop *shop)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = archive_open(shop->directory, SUM, &error);
	g_autoptr(GBytes) abc = g_bytes_new_static("abc", 3);

	g_assert_no_error(error);
	g_assert_true(g_bytes_equal(bytes, abc));
}

static void
test_put(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autofree char *path = workshop_path(
	    &shop, "ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	g_autofree char *sum = put(&shop, "abc", 3);
	g_autofree char *again = put(&shop, "abc", 3);
	g_autofree char *nothing = put(&shop, "", 0);
	g_autoptr(GBytes) empty = NULL;
	struct stat about;

	g_assert_cmpstr(sum, ==, SUM);
	g_assert_cmpstr(again, ==, SUM);
	g_assert_cmpuint(archive_size(shop.directory, SUM), ==, 3);
	g_assert_cmpuint(archive_size(shop.directory, nothing), ==, 0);
	g_assert_cmpint(g_stat(path, &about), ==, 0);
	g_assert_cmpuint(about.st_mode & 0777, ==, 0400);
	g_assert_cmpuint(about.st_nlink, ==, 1);
	expect_abc(&shop);
	empty = archive_open(shop.directory, nothing, NULL);
	g_assert_cmpuint(g_bytes_get_size(empty), ==, 0);
}

static void
test_altered(void)
{
	static const char *const contents[] = { "abd", "ab", "abcc", "" };

	for (gsize i = 0; i < G_N_ELEMENTS(contents); i++) {
		g_auto(Workshop) shop = workshop_new();
		g_autofree char *sum = put(&shop, "abc", 3);
		g_autofree char *name = g_strdup_printf("%.2s/%s", sum, sum + 2);
		g_autofree char *path = workshop_path(&shop, name);
		g_autofree char *healed = NULL;
		g_autoptr(GError) error = NULL;

		g_assert_cmpint(g_unlink(path), ==, 0);
		workshop_write(&shop, name, contents[i], 0400);
		g_assert_null(archive_open(shop.directory, sum, &error));
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
		g_assert_nonnull(strstr(error->message, path));
		g_assert_nonnull(strstr(error->message, "altered"));
		healed = put(&shop, "abc", 3);
		expect_abc(&shop);
	}
}

static void
test_not_there(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(GError) error = NULL;

	g_assert_null(archive_open(shop.directory, SUM, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
	g_clear_error(&error);
	workshop_write(&shop, "ba", "", 0600);
	{
		g_autoptr(GBytes) bytes = g_bytes_new_static("abc", 3);
		g_autofree char *sum = NULL;

		g_assert_false(archive_put(shop.directory, bytes, &sum, &error));
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
		g_assert_null(sum);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/archive/twice-is-once", test_put);
	g_test_add_func("/archive/what-is-altered-is-found-out-and-healed", test_altered);
	g_test_add_func("/archive/what-cannot-be-kept-is-told", test_not_there);
	return g_test_run();
}

/* A directory of one test, gone with it and all that is in it. */
#ifndef TESTS_UNIT_BASE_WORKSHOP_H
#define TESTS_UNIT_BASE_WORKSHOP_H

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
	char *directory;
} Workshop;

static inline void
remove_tree(const char *path)
{
	g_autoptr(GDir) dir = NULL;
	const char *name;

	if (!g_file_test(path, G_FILE_TEST_IS_DIR) || g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
		(void)g_unlink(path);
		return;
	}
	dir = g_dir_open(path, 0, NULL);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *child = g_build_filename(path, name, NULL);

		remove_tree(child);
	}
	(void)g_rmdir(path);
}

static inline void
workshop_clear(Workshop *shop)
{
	remove_tree(shop->directory);
	g_free(shop->directory);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Workshop, workshop_clear)

static inline Workshop
workshop_new(void)
{
	g_autoptr(GError) error = NULL;
	Workshop shop = { g_dir_make_tmp("plico-base-XXXXXX", &error) };

	g_assert_no_error(error);
	return shop;
}

/* Returns: (transfer full) */
static inline char *
workshop_path(const Workshop *shop, const char *name)
{
	return g_build_filename(shop->directory, name, NULL);
}

/* Writes a file of the workshop. */
static inline void
workshop_write(const Workshop *shop, const char *name, const char *text, mode_t mode)
{
	g_autofree char *path = workshop_path(shop, name);
	g_autoptr(GError) error = NULL;

	g_assert_true(g_file_set_contents(path, text, -1, &error));
	g_assert_no_error(error);
	g_assert_cmpint(g_chmod(path, mode), ==, 0);
}

#endif

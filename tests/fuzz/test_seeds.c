/*
 * Every target reads what is kept for it: seeds, and the inputs that once broke it.
 *
 *     test_seeds FOLDER...    in each: a folder for a target, with files
 */
#include "fuzz/fuzz.h"

#include <string.h>

static const struct {
	const char *name;
	const FuzzTarget *target;
} targets[] = {
#define X(name) { #name, &fuzz_##name },
#include "fuzz/targets.def"
#undef X
};

static void
run_file(const FuzzTarget *target, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *data = NULL;
	gsize size;

	g_test_message("%s", path);
	g_assert_true(g_file_get_contents(path, &data, &size, &error));
	g_assert_no_error(error);
	target->run((const guint8 *)data, size);
}

/* How many files there are. */
static guint
run_folder(const FuzzTarget *target, const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;
	guint n = 0;

	for (; dir != NULL && (name = g_dir_read_name(dir)) != NULL; n++) {
		g_autofree char *file = g_build_filename(path, name, NULL);

		run_file(target, file);
	}
	return n;
}

static char **folders;

static void
test_target(gconstpointer data)
{
	gsize i = GPOINTER_TO_SIZE(data);
	guint n = 0;

	if (targets[i].target->prepare != NULL)
		targets[i].target->prepare();
	targets[i].target->run((const guint8 *)"", 0);
	for (char **folder = folders; *folder != NULL; folder++) {
		g_autofree char *path = g_build_filename(*folder, targets[i].name, NULL);

		n += run_folder(targets[i].target, path);
	}
	g_test_message("%s: %u files", targets[i].name, n);
	g_assert_cmpuint(n, >, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	folders = argv + 1;
	for (gsize i = 0; i < G_N_ELEMENTS(targets); i++) {
		g_autofree char *path =
		    g_strdup_printf("/fuzz/%s/survives-what-is-kept", targets[i].name);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_target);
	}
	return g_test_run();
}

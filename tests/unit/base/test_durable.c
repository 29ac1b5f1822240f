/* Files that are whole or not there, and reading with a limit. */
#include "base/durable.h"
#include "base/error.h"
#include "unit/base/workshop.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static guint
files_in(const char *directory)
{
	g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
	guint n = 0;

	while (g_dir_read_name(dir) != NULL)
		n++;
	return n;
}

static void
test_replace(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autofree char *path = workshop_path(&shop, "file");
	g_autoptr(GBytes) first = g_bytes_new_static("first\0byte", 10);
	g_autoptr(GBytes) second = g_bytes_new_static("", 0);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) read = NULL;
	g_autoptr(GBytes) again = NULL;
	struct stat about;

	g_assert_true(durable_replace(path, first, 0400, &error));
	g_assert_no_error(error);
	read = durable_read(path, 100, &error);
	g_assert_no_error(error);
	g_assert_true(g_bytes_equal(read, first));
	g_assert_cmpint(g_stat(path, &about), ==, 0);
	g_assert_cmpuint(about.st_mode & 0777, ==, 0400);
	g_assert_true(durable_replace(path, second, 0640, &error));
	again = durable_read(path, 100, &error);
	g_assert_cmpuint(g_bytes_get_size(again), ==, 0);
	g_assert_cmpint(g_stat(path, &about), ==, 0);
	g_assert_cmpuint(about.st_mode & 0777, ==, 0640);
	g_assert_cmpuint(files_in(shop.directory), ==, 1);
}

/* What is in the way fails with the path, and leaves no temporary file. */
static void
test_in_the_way(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autofree char *directory = workshop_path(&shop, "directory");
	g_autofree char *nowhere = workshop_path(&shop, "nowhere/file");
	g_autofree char *child = workshop_path(&shop, "directory/child");
	g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
	g_autoptr(GError) error = NULL;

	g_assert_true(durable_mkdir(child, &error));
	g_assert_false(durable_replace(directory, bytes, 0600, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
	g_assert_nonnull(strstr(error->message, directory));
	g_clear_error(&error);
	g_assert_false(durable_replace(nowhere, bytes, 0600, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
	g_clear_error(&error);
	g_assert_cmpuint(files_in(shop.directory), ==, 1);
	workshop_write(&shop, "file", "", 0600);
	g_clear_pointer(&child, g_free);
	child = workshop_path(&shop, "file/child");
	g_assert_false(durable_mkdir(child, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
}

/* A full disk, for which the limit on the size of files stands: the old file is there, whole, and nothing else. */
static void
test_full_disk(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autofree char *path = workshop_path(&shop, "file");
	g_autofree char *much = g_strnfill((gsize)1 << 20, 'x');
	g_autoptr(GBytes) bytes = g_bytes_new(much, (gsize)1 << 20);
	g_autoptr(GBytes) read = NULL;
	g_autoptr(GError) error = NULL;
	int status = 0;
	pid_t pid;

	workshop_write(&shop, "file", "old", 0600);
	pid = fork();
	if (pid == 0) {
		const struct rlimit limit = { 65536, 65536 };

		(void)signal(SIGXFSZ, SIG_IGN);
		(void)setrlimit(RLIMIT_FSIZE, &limit);
		_exit(durable_replace(path, bytes, 0600, &error) ? 1
		      : error->code == PLICO_ERROR_IO		 ? 0
								 : 2);
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_cmpint(status, ==, 0);
	read = durable_read(path, 100, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(g_bytes_get_size(read), ==, 3);
	g_assert_cmpuint(files_in(shop.directory), ==, 1);
}

static void
test_read_limit(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autofree char *path = workshop_path(&shop, "ten");
	g_autofree char *nowhere = workshop_path(&shop, "nowhere");
	const char *const refused[] = { "/dev/zero", path };
	const char *const failing[] = { nowhere, shop.directory };
	g_autoptr(GBytes) read = NULL;

	workshop_write(&shop, "ten", "0123456789", 0600);
	read = durable_read(path, 10, NULL);
	g_assert_cmpuint(g_bytes_get_size(read), ==, 10);
	for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(durable_read(refused[i], 9, &error));
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(failing); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(durable_read(failing[i], 9, &error));
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
		g_assert_nonnull(strstr(error->message, failing[i]));
	}
}

static void
test_mkdir(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autofree char *deep = workshop_path(&shop, "a/b/c");
	g_autoptr(GError) error = NULL;
	struct stat about;

	g_assert_true(durable_mkdir(deep, &error));
	g_assert_true(durable_mkdir(deep, &error));
	g_assert_no_error(error);
	g_assert_cmpint(g_stat(deep, &about), ==, 0);
	g_assert_cmpuint(about.st_mode & 0777, ==, 0700);
}

/* A pipe takes what fits; the rest follows when somebody reads. */
static void
test_short_writes(void)
{
	g_autofree char *much = g_strnfill((gsize)1 << 20, 'x');
	gsize got = 0;
	int ends[2];
	int status = 0;
	pid_t pid;

	g_assert_cmpint(pipe(ends), ==, 0);
	pid = fork();
	if (pid == 0)
		_exit(durable_write_all(ends[1], much, (gsize)1 << 20, NULL) ? 0 : 1);
	close(ends[1]);
	for (;;) {
		char chunk[1000];
		gssize n = read(ends[0], chunk, sizeof chunk);

		if (n <= 0)
			break;
		got += (gsize)n;
	}
	close(ends[0]);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_cmpint(status, ==, 0);
	g_assert_cmpuint(got, ==, (gsize)1 << 20);
}

static GPtrArray *
three_files(const Workshop *shop, const char *last)
{
	const char *const names[] = { "one", "two", last };
	GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify)durable_file_free);

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		DurableFile *file = g_new0(DurableFile, 1);

		file->path = workshop_path(shop, names[i]);
		file->bytes = g_bytes_new_static(names[i], strlen(names[i]));
		g_ptr_array_add(files, file);
	}
	return files;
}

static void
test_several(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(GPtrArray) files = three_files(&shop, "three");
	g_autoptr(GPtrArray) astray = three_files(&shop, "no/where");
	g_autoptr(GError) error = NULL;
	struct stat about;

	g_assert_false(durable_replace_all(shop.directory, astray, 0400, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
	g_assert_cmpuint(files_in(shop.directory), ==, 0);
	g_clear_error(&error);
	for (guint turn = 0; turn < 2; turn++) {
		g_assert_true(durable_replace_all(shop.directory, files, 0400, &error));
		g_assert_no_error(error);
		g_assert_cmpuint(files_in(shop.directory), ==, 3);
	}
	for (guint i = 0; i < files->len; i++) {
		const DurableFile *file = g_ptr_array_index(files, i);
		g_autoptr(GBytes) read = durable_read(file->path, 100, &error);

		g_assert_true(g_bytes_equal(read, file->bytes));
		g_assert_cmpint(g_stat(file->path, &about), ==, 0);
		g_assert_cmpuint(about.st_mode & 0777, ==, 0400);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/durable/replaced-whole-with-its-mode", test_replace);
	g_test_add_func("/durable/what-is-in-the-way-is-named", test_in_the_way);
	g_test_add_func("/durable/a-full-disk-leaves-the-old-file", test_full_disk);
	g_test_add_func("/durable/a-read-has-a-limit", test_read_limit);
	g_test_add_func("/durable/directories-with-their-parents", test_mkdir);
	g_test_add_func("/durable/all-is-written-through-short-writes", test_short_writes);
	g_test_add_func("/durable/several-files-are-there-at-once", test_several);
	return g_test_run();
}

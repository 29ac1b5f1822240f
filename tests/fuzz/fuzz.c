#include "fuzz/fuzz.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *folder;
static pid_t owner;

static void
remove_all(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *inner = g_build_filename(path, name, NULL);

		if (g_file_test(inner, G_FILE_TEST_IS_DIR))
			remove_all(inner);
		else
			(void)g_unlink(inner);
	}
	(void)g_rmdir(path);
}

static void
remove_folder(void)
{
	if (getpid() == owner)
		remove_all(folder);
	g_clear_pointer(&folder, g_free);
}

const char *
fuzz_folder(void)
{
	const char *base = g_access("/dev/shm", W_OK) == 0 ? "/dev/shm" : g_get_tmp_dir();

	if (folder != NULL)
		return folder;
	folder = g_build_filename(base, "plico-fuzz-XXXXXX", NULL);
	if (g_mkdtemp(folder) == NULL)
		g_error("%s: no folder", folder);
	owner = getpid();
	(void)atexit(remove_folder);
	return folder;
}

char *
fuzz_file(const char *name, const guint8 *data, gsize size)
{
	g_autofree char *path = g_build_filename(fuzz_folder(), name, NULL);
	FILE *file = g_fopen(path, "w");

	if (file == NULL || fwrite(data, 1, size, file) != size || fclose(file) != 0)
		g_error("%s: cannot be written", path);
	return g_steal_pointer(&path);
}

char *
fuzz_text(const guint8 *data, gsize size)
{
	return g_strndup((const char *)data, size);
}

gboolean
fuzz_is_shown(const char *text, gsize limit)
{
	if (!g_utf8_validate(text, -1, NULL) || (gsize)g_utf8_strlen(text, -1) > limit)
		return FALSE;
	for (; *text != '\0'; text = g_utf8_next_char(text))
		if (g_unichar_iscntrl(g_utf8_get_char(text)) && *text != '\n' && *text != '\t')
			return FALSE;
	return TRUE;
}

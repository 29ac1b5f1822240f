#include "form/form_folder.h"
#include "form/view.h"

#include "base/durable.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FOLDER_FILES_MAX 1000 /* that a form's folder may hold beside it */

typedef GDir Dir;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dir, g_dir_close)

static gboolean
is_ours(const char *name)
{
	for (gsize i = 0; i < FORM_FILES; i++)
		if (strcmp(name, form_file_names[i]) == 0)
			return TRUE;
	return FALSE;
}

/* --- CSV -------------------------------------------------------------------------------------------------------- */

/* RFC 4180, section 2: quotes only where the cell holds a comma, a quote or the end of a line. */
static void
add_cell(GString *csv, const char *text, gboolean first)
{
	if (!first)
		g_string_append_c(csv, ',');
	if (strpbrk(text, ",\"\r\n") == NULL) {
		g_string_append(csv, text);
		return;
	}
	g_string_append_c(csv, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			g_string_append_c(csv, '"');
		g_string_append_c(csv, *text);
	}
	g_string_append_c(csv, '"');
}

static void
add_row(const FormReader *reader, FormFile file, guint row, GString *csv)
{
	const GPtrArray *headers = reader->headers[file];
	gboolean first = TRUE;

	for (guint at = 0; at < headers->len; at++) {
		if (g_ptr_array_index(headers, at) == NULL)
			continue;
		add_cell(csv, reader_present(reader, file, row, at), first);
		first = FALSE;
	}
	g_string_append_c(csv, '\n');
}

/* Returns: (transfer full) */
static GBytes *
make_csv(const FormReader *reader, FormFile file)
{
	const GPtrArray *headers = reader->headers[file];
	GString *csv = g_string_new(NULL);
	gboolean first = TRUE;

	for (guint at = 0; at < headers->len; at++) {
		if (g_ptr_array_index(headers, at) == NULL)
			continue;
		add_cell(csv, g_ptr_array_index(headers, at), first);
		first = FALSE;
	}
	g_string_append_c(csv, '\n');
	for (guint row = 0; row < table_rows(reader->tables[file]); row++)
		if (!reader_row_is_blank(reader, file, row))
			add_row(reader, file, row, csv);
	return g_string_free_to_bytes(csv);
}

/* --- the folder ------------------------------------------------------------------------------------------------- */

gboolean
form_folder_check(const char *directory, gboolean replace, GError **error)
{
	g_autoptr(Dir) dir = NULL;
	const char *name;
	guint n = 0;

	if (!g_file_test(directory, G_FILE_TEST_EXISTS))
		return TRUE;
	if (!g_file_test(directory, G_FILE_TEST_IS_DIR))
		return fail(error, PLICO_ERROR_USAGE,
		    _("%s is a file: a form is written to a folder"), directory);
	dir = g_dir_open(directory, 0, error);
	if (dir == NULL)
		return FALSE;
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(directory, name, NULL);

		if (is_ours(name) && !replace)
			return fail(error, PLICO_ERROR_USAGE,
			    _("%s is there already: give another folder, or --force to replace the form"),
			    path);
		if (!g_file_test(path, G_FILE_TEST_IS_REGULAR) ||
		    g_file_test(path, G_FILE_TEST_IS_SYMLINK) || ++n > FOLDER_FILES_MAX)
			return fail(error, PLICO_ERROR_USAGE,
			    _("%s: a form's folder holds plain files only: give a folder of its own"),
			    path);
	}
	return TRUE;
}

/* Takes away a folder of plain files. */
static void
drop_folder(const char *directory)
{
	g_autoptr(Dir) dir = g_dir_open(directory, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(directory, name, NULL);

		(void)g_unlink(path);
	}
	(void)g_rmdir(directory);
}

/* The files of @old that are not of the form stand in @fresh too: the same files under a second name. */
static gboolean
link_others(const char *old, const char *fresh, GError **error)
{
	g_autoptr(Dir) dir = g_dir_open(old, 0, error);
	const char *name;

	if (dir == NULL)
		return FALSE;
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *from = g_build_filename(old, name, NULL);
		g_autofree char *to = g_build_filename(fresh, name, NULL);

		if (!g_file_test(to, G_FILE_TEST_EXISTS) && !is_ours(name) && link(from, to) < 0)
			return fail_errno(error, "%s", to);
	}
	return TRUE;
}

static gboolean
write_files(const FormReader *reader, const char *directory, GError **error)
{
	GHashTableIter iter;
	gpointer name, data;

	for (FormFile file = 0; file < FORM_FILES; file++) {
		g_autofree char *path = g_build_filename(directory, form_file_names[file], NULL);
		g_autoptr(GBytes) csv = make_csv(reader, file);

		if (!durable_replace(path, csv, 0644, error))
			return FALSE;
	}
	g_hash_table_iter_init(&iter, reader->form->inner->data);
	while (g_hash_table_iter_next(&iter, &name, &data)) {
		g_autofree char *file = g_strdup_printf("%s.csv", (const char *)name);
		g_autofree char *path = g_build_filename(directory, file, NULL);

		if (!durable_replace(path, ((const DataTable *)data)->bytes, 0644, error))
			return FALSE;
	}
	return TRUE;
}

/* Puts @fresh in the place of @directory in one step: rename(2) where there is none yet, else both change places. */
static gboolean
put_in_place(const char *fresh, const char *directory, GError **error)
{
	g_autofree char *parent = g_path_get_dirname(directory);
	const gboolean there = g_file_test(directory, G_FILE_TEST_IS_DIR);

	if (renameat2(AT_FDCWD, fresh, AT_FDCWD, directory, there ? RENAME_EXCHANGE : 0) < 0)
		return fail_errno(error, "%s", directory);
	return durable_sync_directory(parent, error);
}

gboolean
form_folder_write(const FormReader *reader, const char *directory, gboolean replace, GError **error)
{
	const gboolean there = g_file_test(directory, G_FILE_TEST_IS_DIR);
	g_autofree char *real =
	    there ? realpath(directory, NULL) : g_canonicalize_filename(directory, NULL);
	g_autofree char *parent = NULL;
	g_autofree char *fresh = NULL;
	gboolean done;

	if (real == NULL)
		return fail_errno(error, "%s", directory);
	parent = g_path_get_dirname(real);
	if (!form_folder_check(real, replace, error) || !durable_mkdir(parent, error))
		return FALSE;
	fresh = g_strdup_printf("%s.XXXXXX", real);
	if (g_mkdtemp_full(fresh, 0755) == NULL)
		return fail_errno(error, "%s", parent);
	done = write_files(reader, fresh, error) && (!there || link_others(real, fresh, error)) &&
	       durable_sync_directory(fresh, error) && put_in_place(fresh, real, error);
	if (!done || there)
		drop_folder(fresh); /* after the exchange it is the old one */
	return done;
}

/* The versions of a form of which sheets went out: kept as they were, found again by what a sheet says of itself. */
#include "form/read.h"
#include "form/view.h"

#include "base/durable.h"
#include "base/error.h"

#include <string.h>

struct FormShelf {
	const Form *current;
	char *directory;
	GHashTable *forms; /* version -> Form */
};

/* Identifiers are texts of a file and of a sheet; as names of folders they must not lead elsewhere. */
static char *
folder_of(const char *shelf, const char *edition, const char *version)
{
	g_autofree char *first = g_uri_escape_string(edition, NULL, FALSE);
	g_autofree char *second = g_uri_escape_string(version, NULL, FALSE);
	g_autofree char *marked = g_strconcat("v", second, NULL); /* "..", "" */

	return g_build_filename(shelf, first, marked, NULL);
}

static gboolean
check_same(const Form *form, const char *path, GBytes *bytes, GError **error)
{
	g_autoptr(GBytes) kept = durable_read(path, TABLE_LIMIT, error);

	if (kept == NULL)
		return FALSE;
	if (g_bytes_equal(kept, bytes))
		return TRUE;
	return fail(error, PLICO_ERROR_CONFIG,
	    _("%s: the form has changed since messages of version %s were planned; give it another version in settings.csv, or put it back as in %s"),
	    form->id, form->version, path);
}

static gboolean
keep_file(const Form *form, const char *folder, const char *name, GBytes *bytes, GError **error)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return check_same(form, path, bytes, error);
	return durable_replace(path, bytes, 0400, error);
}

/* settings.csv is written last: a crash leaves a folder that is completed by the next call. */
gboolean
form_keep(const Form *form, const char *shelf, GError **error)
{
	g_autofree char *folder = folder_of(shelf, form->id, form->version);
	GHashTableIter iter;
	gpointer name, data;

	if (!durable_mkdir(folder, error))
		return FALSE;
	g_hash_table_iter_init(&iter, form->inner->data);
	while (g_hash_table_iter_next(&iter, &name, &data)) {
		g_autofree char *file = g_strdup_printf("%s.csv", (const char *)name);

		if (!keep_file(form, folder, file, ((const DataTable *)data)->bytes, error))
			return FALSE;
	}
	for (int i = FORM_FILES - 1; i >= 0; i--)
		if (!keep_file(form, folder, form_file_names[i],
			g_ptr_array_index(form->inner->sources, i), error))
			return FALSE;
	return TRUE;
}

FormShelf *
form_shelf_new(const Form *current, const char *directory)
{
	FormShelf *shelf = g_new0(FormShelf, 1);

	shelf->current = current;
	shelf->directory = g_strdup(directory);
	shelf->forms =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)form_free);
	return shelf;
}

void
form_shelf_free(FormShelf *shelf)
{
	if (shelf == NULL)
		return;
	g_hash_table_unref(shelf->forms);
	g_free(shelf->directory);
	g_free(shelf);
}

gboolean
form_shelf_find(FormShelf *shelf, const char *version, const Form **out, GError **error)
{
	g_autofree char *folder = folder_of(shelf->directory, shelf->current->id, version);
	Form *form;

	*out = shelf->current;
	if (strcmp(version, shelf->current->version) == 0)
		return TRUE;
	*out = g_hash_table_lookup(shelf->forms, version);
	if (*out != NULL || !g_file_test(folder, G_FILE_TEST_IS_DIR))
		return TRUE;
	form = form_open_strict(folder, error);
	if (form == NULL)
		return FALSE;
	g_hash_table_insert(shelf->forms, g_strdup(version), form);
	*out = form;
	return TRUE;
}

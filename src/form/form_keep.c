/* The versions of a form of which sheets went out: kept as they were, found again by what a sheet says of itself. */
#include "form/read.h"
#include "form/view.h"

#include "base/durable.h"
#include "base/error.h"
#include "base/finding.h"
#include "base/sum.h"

#include <string.h>

#define FORM_SUMS "SHA256SUMS" /* in the folder of each version */

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

static int
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What sha256sum -c reads: nobody else knows what the files were. */
static GBytes *
sums_of(const Form *form)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) text = g_string_new(NULL);
	GHashTableIter iter;
	gpointer name, data;

	g_hash_table_iter_init(&iter, form->inner->data);
	while (g_hash_table_iter_next(&iter, &name, &data)) {
		g_autofree char *sum = sum_bytes(((const DataTable *)data)->bytes);

		g_ptr_array_add(lines, g_strdup_printf("%s  %s.csv\n", sum, (const char *)name));
	}
	for (int i = 0; i < FORM_FILES; i++) {
		g_autofree char *sum = sum_bytes(g_ptr_array_index(form->inner->sources, i));

		g_ptr_array_add(lines, g_strdup_printf("%s  %s\n", sum, form_file_names[i]));
	}
	g_ptr_array_sort(lines, compare_names);
	for (guint i = 0; i < lines->len; i++)
		g_string_append(text, g_ptr_array_index(lines, i));
	return g_string_free_to_bytes(g_steal_pointer(&text));
}

/* settings.csv is written last: a crash leaves a folder that is completed by the next call. */
gboolean
form_keep(const Form *form, const char *shelf, GError **error)
{
	g_autofree char *folder = folder_of(shelf, form->id, form->version);
	g_autoptr(GBytes) sums = sums_of(form);
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
	if (!keep_file(form, folder, FORM_SUMS, sums, error))
		return FALSE;
	for (int i = FORM_FILES - 1; i >= 0; i--)
		if (!keep_file(form, folder, form_file_names[i],
			g_ptr_array_index(form->inner->sources, i), error))
			return FALSE;
	return TRUE;
}

Form *
form_keep_open(const char *shelf, const char *edition, const char *version, GError **error)
{
	g_autofree char *folder = folder_of(shelf, edition, version);

	return form_open_strict(folder, error);
}

/* --- looking whether it is still so --------------------------------------------------------------------------- */

static void
check_file(const char *folder, const char *line, GPtrArray *findings)
{
	/* 64 digits, two blanks, the name */
	const char *name = strlen(line) > 66 ? line + 66 : "";
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autoptr(GError) why = NULL;
	g_autoptr(GBytes) bytes = NULL;
	g_autofree char *sum = NULL;

	if (*name == '\0' || strchr(name, '/') != NULL) {
		findings_add(findings, SEVERITY_ERROR, "altered", folder,
		    _("%s: a line that is no sum"), FORM_SUMS);
		return;
	}
	bytes = durable_read(path, TABLE_LIMIT, &why);
	if (bytes == NULL) {
		findings_add(findings, SEVERITY_ERROR,
		    g_file_test(path, G_FILE_TEST_EXISTS) ? "unreadable" : "missing", path, "%s",
		    why->message);
		return;
	}
	sum = sum_bytes(bytes);
	if (strncmp(sum, line, 64) != 0)
		findings_add(findings, SEVERITY_ERROR, "altered", path,
		    _("altered: its SHA-256 is %s; restore it from a backup"), sum);
}

void
form_keep_check(const char *shelf, const char *edition, const char *version, GPtrArray *findings)
{
	g_autofree char *folder = folder_of(shelf, edition, version);
	g_autofree char *path = g_build_filename(folder, FORM_SUMS, NULL);
	g_autoptr(GBytes) sums = NULL;
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
		findings_add(findings, SEVERITY_ERROR, "missing", folder,
		    _("the form of which sheets went out was not kept: they cannot be read"));
		return;
	}
	sums = durable_read(path, TABLE_LIMIT, NULL);
	if (sums == NULL) {
		findings_add(findings, SEVERITY_WARNING, "no_sums", folder,
		    _("kept without sums, so that nobody can tell whether it was altered; the next `plico wave plan` adds them"));
		return;
	}
	text = g_strndup(g_bytes_get_data(sums, NULL), g_bytes_get_size(sums));
	lines = g_strsplit(text, "\n", 0);
	for (gsize i = 0; lines[i] != NULL; i++)
		if (*lines[i] != '\0')
			check_file(folder, lines[i], findings);
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

/* Tables beside the form: fruits.csv for pulldata('fruits', ...). They are of the form and are kept with it. */
#include "form/book.h"
#include "form/read.h"
#include "form/view.h"

#include "base/durable.h"

#include <string.h>

static void
data_table_free(DataTable *data)
{
	g_clear_pointer(&data->bytes, g_bytes_unref);
	g_clear_pointer(&data->table, table_free);
	g_free(data);
}

GHashTable *
data_tables_new(void)
{
	return g_hash_table_new_full(
	    g_str_hash, g_str_equal, g_free, (GDestroyNotify)data_table_free);
}

char *
data_value(const FormInner *inner, const char *table, const char *column, const char *key_column,
    const char *key)
{
	const DataTable *data = g_hash_table_lookup(inner->data, table);
	int keys, values;

	if (data == NULL)
		return NULL;
	keys = table_find(data->table, key_column);
	values = table_find(data->table, column);
	for (guint row = 0; row < table_rows(data->table); row++)
		if (strcmp(table_cell(data->table, row, keys), key) == 0)
			return g_strdup(table_cell(data->table, row, values));
	return g_strdup("");
}

/* Its name is a part of a file's name, and must not lead elsewhere or to the form itself. */
static gboolean
may_be_read(const char *name)
{
	g_autofree char *file = g_strconcat(name, ".csv", NULL);

	for (gsize i = 0; i < FORM_FILES; i++)
		if (strcmp(form_file_names[i], file) == 0)
			return FALSE;
	return name_is_good(name, strlen(name));
}

const Table *
reader_data(FormReader *reader, const char *name, GError **error)
{
	GHashTable *all = reader->form->inner->data;
	const DataTable *known = g_hash_table_lookup(all, name);

	if (known != NULL)
		return known->table;
	for (gsize i = 0; i < G_N_ELEMENTS(reader->source->directories); i++) {
		const char *directory = reader->source->directories[i];
		g_autofree char *file = g_strconcat(name, ".csv", NULL);
		g_autofree char *path =
		    directory != NULL ? g_build_filename(directory, file, NULL) : NULL;
		g_autoptr(GBytes) bytes = NULL;
		g_autoptr(Table) table = NULL;
		DataTable *data;

		if (path == NULL || !may_be_read(name) || !g_file_test(path, G_FILE_TEST_EXISTS))
			continue;
		bytes = durable_read(path, BOOK_FILE_MAX, error);
		table = bytes != NULL ? table_parse(bytes, path, error) : NULL;
		if (table == NULL)
			return NULL;
		data = g_new0(DataTable, 1);
		data->bytes = g_steal_pointer(&bytes);
		data->table = g_steal_pointer(&table);
		g_hash_table_insert(all, g_strdup(name), data);
		return data->table;
	}
	return NULL;
}

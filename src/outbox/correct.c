/* What a correction says: what is wrong in the answers that have come, and those answers on the sheet, so that nothing is
 * written twice. */
#include "outbox/rows.h"

#include <string.h>

/* The sheet that counted for @section when @dispatch was planned: what came later stops the message. @id: 0 where there is
 * none. @version: (out) (transfer full), of the form that was answered */
static gboolean
find_return(Store *store, const Dispatch *dispatch, const Section *section, gint64 *id,
    char **version, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, SQL_outbox_correction_return, "itti",
	    dispatch->unit_id, dispatch->edition, section->name, dispatch->id);

	if (rows == NULL)
		return FALSE;
	*id = 0;
	if (rows_next(rows, &why)) {
		*id = rows_int(rows, 0);
		*version = g_strdup(rows_text(rows, 1));
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static gboolean
load_remarks(Store *store, gint64 id, GPtrArray *remarks, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, SQL_outbox_correction_remarks, "i", id);

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why))
		findings_add(
		    remarks, SEVERITY_ERROR, rows_text(rows, 1), rows_text(rows, 0), "%s", "");
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static void
add_names(const GPtrArray *items, GHashTable *values)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		if (item->type != NULL && item->type->write != NULL)
			g_hash_table_insert(values, g_strdup(item->name), g_strdup(""));
		add_names(item->items, values);
	}
}

/* The answers as they came, "" where there was none. Last year's that nobody looked at are left as they are printed. */
static gboolean
load_fields(
    const OutboxTools *tools, gint64 id, const Section *section, FieldSet **out, GError **error)
{
	g_autoptr(GHashTable) values =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(tools->store, error, SQL_outbox_correction_answers, "i", id);

	if (rows == NULL)
		return FALSE;
	add_names(section->group->items, values);
	while (rows_next(rows, &why))
		if (!g_hash_table_contains(values, rows_text(rows, 0)))
			continue;
		else if (strcmp(rows_text(rows, 2), "copied") == 0)
			g_hash_table_remove(values, rows_text(rows, 0));
		else
			g_hash_table_insert(
			    values, g_strdup(rows_text(rows, 0)), g_strdup(rows_text(rows, 1)));
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	*out = memory_fields(tools->form, values);
	return TRUE;
}

gboolean
correction_load(const OutboxTools *tools, const Dispatch *dispatch, const Section *section,
    GPtrArray *remarks, FieldSet **fields, GError **error)
{
	g_autofree char *version = NULL;
	gint64 id = 0;

	if (!find_return(tools->store, dispatch, section, &id, &version, error))
		return FALSE;
	if (id == 0)
		return TRUE;
	/* answers to another version of the form do not fit its fields: that sheet stays as it is printed */
	if (strcmp(version, tools->form->version) == 0 &&
	    !load_fields(tools, id, section, fields, error))
		return FALSE;
	return load_remarks(tools->store, id, remarks, error);
}

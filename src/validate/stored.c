/* Answers as they are stored. */
#include "base/error.h"
#include "validate/validate.h"

#include <string.h>

void
stored_answers_free(StoredAnswers *stored)
{
	if (stored == NULL)
		return;
	g_free(stored->section);
	g_free(stored->state);
	g_free(stored->reason);
	g_free(stored->detail);
	g_free(stored->trust);
	g_free(stored->sender);
	g_free(stored->file_name);
	g_free(stored->file_sha256);
	g_free(stored->form_version);
	g_free(stored->questions);
	g_clear_pointer(&stored->values, g_hash_table_unref);
	g_clear_pointer(&stored->origins, g_hash_table_unref);
	g_clear_pointer(&stored->findings, g_ptr_array_unref);
	g_free(stored);
}

static gboolean
load_values(Store *store, StoredAnswers *stored, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(store, error, SQL_validate_stored_answers, "i", stored->return_id);

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why)) {
		g_hash_table_insert(
		    stored->values, g_strdup(rows_text(rows, 0)), g_strdup(rows_text(rows, 1)));
		g_hash_table_insert(
		    stored->origins, g_strdup(rows_text(rows, 0)), g_strdup(rows_text(rows, 2)));
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static Severity
read_severity(const char *name)
{
	for (int i = SEVERITY_NOTE; i < SEVERITY_ERROR; i++)
		if (strcmp(severity_name((Severity)i), name) == 0)
			return (Severity)i;
	return SEVERITY_ERROR;
}

static gboolean
load_findings(Store *store, StoredAnswers *stored, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(store, error, SQL_validate_stored_findings, "i", stored->return_id);

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why))
		findings_add(stored->findings, read_severity(rows_text(rows, 0)),
		    rows_text(rows, 1), rows_text(rows, 2), "%s", rows_text(rows, 3));
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static StoredAnswers *
stored_from(Store *store, Rows *rows, GError **error)
{
	g_autoptr(StoredAnswers) stored = g_new0(StoredAnswers, 1);

	stored->return_id = rows_int(rows, 0);
	stored->section = g_strdup(rows_text(rows, 1));
	stored->state = g_strdup(rows_text(rows, 2));
	stored->reason = g_strdup(rows_text(rows, 3));
	stored->detail = g_strdup(rows_text(rows, 4));
	stored->trust = g_strdup(rows_text(rows, 5));
	stored->received_at = rows_int(rows, 6);
	stored->sender = g_strdup(rows_text(rows, 7));
	stored->file_name = g_strdup(rows_text(rows, 8));
	stored->file_sha256 = g_strdup(rows_text(rows, 9));
	stored->form_version = g_strdup(rows_text(rows, 10));
	stored->confirmed = rows_int(rows, 11) != 0;
	stored->base = rows_int(rows, 12);
	stored->questions = g_strdup(rows_text(rows, 13));
	stored->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	stored->origins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	stored->findings = findings_new();
	if (!load_values(store, stored, error) || !load_findings(store, stored, error))
		return NULL;
	return g_steal_pointer(&stored);
}

static GPtrArray *
all_stored(Store *store, Rows *rows, GError **error)
{
	g_autoptr(GPtrArray) list =
	    g_ptr_array_new_with_free_func((GDestroyNotify)stored_answers_free);
	g_autoptr(GError) why = NULL;

	while (rows_next(rows, &why)) {
		StoredAnswers *stored = stored_from(store, rows, error);

		if (stored == NULL)
			return NULL;
		g_ptr_array_add(list, stored);
	}
	if (why == NULL)
		return g_steal_pointer(&list);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

gint64
stored_answers_taken_from(const StoredAnswers *stored, const char *question)
{
	g_auto(GStrv) asked = g_strsplit(stored->questions, " ", 0);

	return stored->base == 0 || g_strv_contains((const char *const *)asked, question)
		   ? 0
		   : stored->base;
}

guint
stored_answers_count(const StoredAnswers *stored, const char *origin)
{
	GHashTableIter iter;
	gpointer own;
	guint count = 0;

	g_hash_table_iter_init(&iter, stored->origins);
	while (g_hash_table_iter_next(&iter, NULL, &own))
		count += strcmp(own, origin) == 0 ? 1 : 0;
	return count;
}

GPtrArray *
stored_answers_of_unit(Store *store, const Form *form, gint64 unit_id, GError **error)
{
	g_autoptr(Rows) rows =
	    store_query(store, error, SQL_validate_stored_of_unit, "it", unit_id, form->id);

	return rows != NULL ? all_stored(store, rows, error) : NULL;
}

StoredAnswers *
stored_answers_of_return(Store *store, gint64 return_id, GError **error)
{
	g_autoptr(Rows) rows =
	    store_query(store, error, SQL_validate_stored_of_return, "i", return_id);
	g_autoptr(GPtrArray) list = rows != NULL ? all_stored(store, rows, error) : NULL;

	if (list == NULL)
		return NULL;
	if (list->len == 0) {
		fail(
		    error, PLICO_ERROR_NOT_FOUND, _("return %" PRId64 ": is not there"), return_id);
		return NULL;
	}
	return g_ptr_array_steal_index(list, 0);
}

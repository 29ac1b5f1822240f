/* What waits for a person, and answers as they are stored. */
#include "base/error.h"
#include "validate/validate.h"

#include <string.h>

void
pending_free(Pending *pending)
{
	if (pending == NULL)
		return;
	g_free(pending->id);
	g_free(pending->state);
	g_free(pending->reason);
	g_free(pending->detail);
	g_free(pending->sender);
	g_free(pending->subject);
	g_free(pending->file_name);
	g_free(pending->file_sha256);
	g_free(pending->raw_sha256);
	g_free(pending->unit_code);
	g_free(pending->unit_name);
	g_free(pending->section);
	g_free(pending);
}

static gboolean
load_pending(Store *store, SqlId statement, gboolean messages, gint64 number, GPtrArray *list,
    GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, statement, "i", number);

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why)) {
		Pending *pending = g_new0(Pending, 1);

		pending->number = rows_int(rows, 0);
		pending->is_message = messages;
		pending->id = g_strdup_printf("%s%" PRId64, messages ? "m" : "", pending->number);
		pending->state = g_strdup(rows_text(rows, 1));
		pending->reason = g_strdup(rows_text(rows, 2));
		pending->detail = g_strdup(rows_text(rows, 3));
		pending->received_at = rows_int(rows, 4);
		pending->sender = g_strdup(rows_text(rows, 5));
		pending->subject = g_strdup(rows_text(rows, 6));
		pending->file_name = g_strdup(rows_text(rows, 7));
		pending->file_sha256 = g_strdup(rows_text(rows, 8));
		pending->raw_sha256 = g_strdup(rows_text(rows, 9));
		pending->unit_code = g_strdup(rows_text(rows, 10));
		pending->unit_name = g_strdup(rows_text(rows, 11));
		pending->section = g_strdup(rows_text(rows, 12));
		pending->acceptable = rows_int(rows, 13) != 0;
		g_ptr_array_add(list, pending);
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* Where the file names no unit, whose registered address the sender claims: a hint for the person, no evidence. Two
 * units with one address are no hint. */
static gboolean
propose_by_sender(Store *store, Pending *pending, GError **error)
{
	g_autofree char *address = address_of_sender(pending->sender);
	g_autofree char *code = NULL;
	g_autofree char *name = NULL;
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = NULL;
	guint found = 0;

	if (*pending->unit_code != '\0' || *address == '\0')
		return TRUE;
	rows = store_query(store, error, SQL_validate_units_by_address, "t", address);
	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why)) {
		g_free(code);
		g_free(name);
		code = g_strdup(rows_text(rows, 0));
		name = g_strdup(rows_text(rows, 1));
		found++;
	}
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	if (found != 1)
		return TRUE;
	g_free(pending->unit_code);
	g_free(pending->unit_name);
	pending->unit_code = g_steal_pointer(&code);
	pending->unit_name = g_steal_pointer(&name);
	pending->by_sender = TRUE;
	return TRUE;
}

static int
compare_pending(gconstpointer a, gconstpointer b)
{
	const Pending *first = *(const Pending *const *)a;
	const Pending *second = *(const Pending *const *)b;

	if (first->received_at != second->received_at)
		return first->received_at < second->received_at ? -1 : 1;
	if (first->is_message != second->is_message)
		return first->is_message ? 1 : -1;
	return (first->number > second->number) - (first->number < second->number);
}

/* "17", "m5": which table, which row. */
static gboolean
read_id(const char *id, gboolean *out_message, gint64 *out_number, GError **error)
{
	guint64 number;

	*out_message = *id == 'm';
	if (!g_ascii_string_to_unsigned(
		id + (*out_message ? 1 : 0), 10, 1, G_MAXINT64, &number, NULL))
		return fail(error, PLICO_ERROR_USAGE,
		    _("%s: no number of the quarantine, such as 17 or m5"), id);
	*out_number = (gint64)number;
	return TRUE;
}

GPtrArray *
intake_pending(Store *store, const char *id, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)pending_free);
	gboolean message = FALSE;
	gint64 number = 0;

	if (id != NULL && !read_id(id, &message, &number, error))
		return NULL;
	if ((id == NULL || !message) &&
	    !load_pending(store, SQL_validate_pending_returns, FALSE, number, list, error))
		return NULL;
	if ((id == NULL || message) &&
	    !load_pending(store, SQL_validate_pending_messages, TRUE, number, list, error))
		return NULL;
	for (guint i = 0; i < list->len; i++)
		if (!propose_by_sender(store, g_ptr_array_index(list, i), error))
			return NULL;
	g_ptr_array_sort(list, compare_pending);
	return g_steal_pointer(&list);
}

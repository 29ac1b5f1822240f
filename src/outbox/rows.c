/* Reading waves and dispatches; the event that each change of a dispatch writes. */
#include "outbox/rows.h"

#include "base/clock.h"
#include "base/error.h"

#include <string.h>

void
dispatch_free(Dispatch *dispatch)
{
	if (dispatch == NULL)
		return;
	g_free(dispatch->edition);
	g_free(dispatch->kind);
	g_free(dispatch->sections);
	g_free(dispatch->address);
	g_free(dispatch->channel);
	g_free(dispatch->lang);
	g_free(dispatch->message_id);
	g_free(dispatch->state);
	g_free(dispatch->reply);
	g_free(dispatch->sha256);
	g_free(dispatch->facts);
	g_free(dispatch->cause);
	g_free(dispatch->raised);
	g_free(dispatch->text);
	g_free(dispatch->deadline);
	g_free(dispatch->in_reply_to);
	g_free(dispatch);
}

static Dispatch *
dispatch_from(Rows *rows)
{
	Dispatch *dispatch = g_new0(Dispatch, 1);

	dispatch->id = rows_int(rows, 0);
	dispatch->wave_id = rows_int(rows, 1);
	dispatch->edition = g_strdup(rows_text(rows, 2));
	dispatch->unit_id = rows_int(rows, 3);
	dispatch->kind = g_strdup(rows_text(rows, 4));
	dispatch->sections = g_strdup(rows_text(rows, 5));
	dispatch->serial = rows_int(rows, 6);
	dispatch->address = g_strdup(rows_text(rows, 7));
	dispatch->channel = g_strdup(rows_text(rows, 8));
	dispatch->lang = g_strdup(rows_text(rows, 9));
	dispatch->message_id = g_strdup(rows_text(rows, 10));
	dispatch->state = g_strdup(rows_text(rows, 11));
	dispatch->tries = rows_int(rows, 12);
	dispatch->reply = g_strdup(rows_text(rows, 13));
	dispatch->sha256 = g_strdup(rows_text(rows, 14));
	dispatch->date = rows_int(rows, 15);
	dispatch->facts = g_strdup(rows_text(rows, 16));
	dispatch->memory = rows_int(rows, 17);
	dispatch->cause = g_strdup(rows_text(rows, 18));
	dispatch->raised = g_strdup(rows_text(rows, 19));
	dispatch->text = g_strdup(rows_text(rows, 20));
	dispatch->deadline = g_strdup(rows_text(rows, 21));
	dispatch->answers = rows_int(rows, 22);
	dispatch->in_reply_to = g_strdup(rows_text(rows, 23));
	return dispatch;
}

void
wave_free(Wave *wave)
{
	if (wave == NULL)
		return;
	g_free(wave->edition);
	g_free(wave->kind);
	g_free(wave->state);
	g_free(wave->form_version);
	g_free(wave->planned_by);
	g_free(wave->filter);
	g_free(wave->text);
	g_free(wave);
}

static Wave *
wave_from(Rows *rows)
{
	Wave *wave = g_new0(Wave, 1);

	wave->id = rows_int(rows, 0);
	wave->edition = g_strdup(rows_text(rows, 1));
	wave->kind = g_strdup(rows_text(rows, 2));
	wave->state = g_strdup(rows_text(rows, 3));
	wave->form_version = g_strdup(rows_text(rows, 4));
	wave->planned_at = rows_int(rows, 5);
	wave->planned_by = g_strdup(rows_text(rows, 6));
	wave->filter = g_strdup(rows_text(rows, 7));
	wave->message_size = rows_int(rows, 8);
	wave->text = g_strdup(rows_text(rows, 9));
	return wave;
}

GPtrArray *
outbox_dispatches_wanted(Rows *rows, guint limit, OutboxWants wants, gpointer self, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)dispatch_free);
	g_autoptr(GError) why = NULL;

	while (list->len < limit && rows_next(rows, &why))
		if (wants == NULL || wants(rows_text(rows, 7), self))
			g_ptr_array_add(list, dispatch_from(rows));
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	return g_steal_pointer(&list);
}

GPtrArray *
outbox_dispatches_from(Rows *rows, GError **error)
{
	return outbox_dispatches_wanted(rows, G_MAXUINT, NULL, NULL, error);
}

GPtrArray *
outbox_waves_from(Rows *rows, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)wave_free);
	g_autoptr(GError) why = NULL;

	while (rows_next(rows, &why))
		g_ptr_array_add(list, wave_from(rows));
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	return g_steal_pointer(&list);
}

GPtrArray *
outbox_waves(Store *store, GError **error)
{
	g_autoptr(Rows) rows = store_query(store, error, SQL_outbox_wave_all, "");

	return rows != NULL ? outbox_waves_from(rows, error) : NULL;
}

Wave *
outbox_wave(Store *store, gint64 id, GError **error)
{
	g_autoptr(Rows) rows = store_query(store, error, SQL_outbox_wave_by_id, "i", id);
	g_autoptr(GPtrArray) found = rows != NULL ? outbox_waves_from(rows, error) : NULL;

	if (found == NULL)
		return NULL;
	if (found->len == 0) {
		fail(error, PLICO_ERROR_NOT_FOUND,
		    _("wave %" PRId64 ": there is none; `plico wave list` tells which"), id);
		return NULL;
	}
	return g_ptr_array_steal_index(found, 0);
}

GPtrArray *
outbox_list(
    Store *store, gint64 wave_id, const char *state, gint64 unit_id, guint limit, GError **error)
{
	g_autoptr(Rows) rows = store_query(store, error, SQL_outbox_dispatch_of_wave, "itii",
	    wave_id, state != NULL ? state : "", unit_id, limit == 0 ? (gint64)-1 : (gint64)limit);

	return rows != NULL ? outbox_dispatches_from(rows, error) : NULL;
}

GHashTable *
outbox_counts(Store *store, gint64 wave_id, GError **error)
{
	g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(Rows) rows = store_query(store, error, SQL_outbox_dispatch_counts, "i", wave_id);
	g_autoptr(GError) why = NULL;

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why))
		g_hash_table_insert(counts, g_strdup(rows_text(rows, 0)),
		    GUINT_TO_POINTER((guint)rows_int(rows, 1)));
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	return g_steal_pointer(&counts);
}

gboolean
outbox_count_due(const OutboxTools *tools, gint64 wave_id, guint *out, GError **error)
{
	gint64 count;

	if (!store_int(tools->store, &count, 0, error, SQL_outbox_dispatch_count_due, "iit",
		wave_id, clock_now(), tools->form->id))
		return FALSE;
	*out = (guint)count;
	return TRUE;
}

gboolean
outbox_count_waiting(Store *store, guint *out, GError **error)
{
	gint64 count;

	if (!store_int(store, &count, 0, error, SQL_outbox_dispatch_count_waiting, ""))
		return FALSE;
	*out = (guint)count;
	return TRUE;
}

gboolean
outbox_busiest(Store *store, gint64 wave_id, guint *out, GError **error)
{
	gint64 count;

	if (!store_int(store, &count, 0, error, SQL_outbox_dispatch_busiest, "i", wave_id))
		return FALSE;
	*out = (guint)count;
	return TRUE;
}

/* What a server or a bounce says, without the address that it says it of. */
static char *
without_address(const Dispatch *dispatch, const char *note)
{
	const char *address = dispatch->address;
	g_autofree char *escaped =
	    address != NULL && *address != '\0' ? g_regex_escape_string(address, -1) : NULL;
	g_autoptr(GRegex) regex =
	    escaped != NULL ? g_regex_new(escaped, G_REGEX_CASELESS | G_REGEX_RAW, 0, NULL) : NULL;

	return regex != NULL ? g_regex_replace_literal(regex, note, -1, 0, "…", 0, NULL)
			     : g_strdup(note);
}

GArray *
outbox_units(Store *store, const Dispatch *dispatch, GError **error)
{
	g_autoptr(GArray) units = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = NULL;

	if (!kind_of(dispatch->kind)->delegate) {
		g_array_append_val(units, dispatch->unit_id);
		return g_steal_pointer(&units);
	}
	rows = store_query(store, error, SQL_outbox_town_units, "i", dispatch->id);
	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why)) {
		gint64 unit_id = rows_int(rows, 0);

		g_array_append_val(units, unit_id);
	}
	if (why == NULL)
		return g_steal_pointer(&units);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

gboolean
outbox_log(Store *store, const Dispatch *dispatch, const Event *event, GError **error)
{
	g_autoptr(GArray) units = NULL;
	g_autofree char *note = NULL;
	Event copy = *event;

	if (!kind_of(dispatch->kind)->delegate &&
	    g_strcmp0(dispatch->raised, OUTBOX_TO_HOLDER) != 0)
		return store_event(store, event, error);
	units = outbox_units(store, dispatch, error);
	note = without_address(dispatch, event->note != NULL ? event->note : "");
	copy.note = note;
	for (guint i = 0; units != NULL && i < units->len; i++) {
		copy.unit_id = g_array_index(units, gint64, i);
		if (!store_event(store, &copy, error))
			return FALSE;
	}
	return units != NULL;
}

gboolean
outbox_event(Store *store, const Dispatch *dispatch, const char *what, const char *from,
    const char *to, const char *note, GError **error)
{
	const Event event = { .edition = dispatch->edition,
		.unit_id = dispatch->unit_id,
		.subject = "dispatch",
		.subject_id = dispatch->id,
		.what = what,
		.from_state = from,
		.to_state = to,
		.evidence = dispatch->sha256,
		.note = note };

	return outbox_log(store, dispatch, &event, error);
}

gboolean
outbox_credential(
    Store *store, const Dispatch *dispatch, gint64 *out_serial, char **out_kid, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = !kind_of(dispatch->kind)->numbered
				   ? store_query(store, error, SQL_outbox_credential_get, "tii",
					 dispatch->edition, dispatch->unit_id, dispatch->serial)
				   : store_query(store, error, SQL_outbox_credential_newest, "ti",
					 dispatch->edition, dispatch->unit_id);

	if (rows == NULL)
		return FALSE;
	if (rows_next(rows, &why)) {
		*out_serial = rows_int(rows, 0);
		*out_kid = g_strdup(rows_text(rows, 1));
		return TRUE;
	}
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	return fail(error, PLICO_ERROR_INPUT,
	    _("dispatch %" PRId64 " to %s: the unit has no credential; plan its invitation first"),
	    dispatch->id, dispatch->address);
}

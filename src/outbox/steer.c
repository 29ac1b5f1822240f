/* What people do with a wave: approve, pause, resume, cancel. Each is one UPDATE that names the state it starts from, and
 * an event with the person's name. */
#include "outbox/outbox.h"

#include "base/clock.h"
#include "base/error.h"
#include "outbox/rows.h"

#include <string.h>

/* Moves @wave from the state in which it was read, inside the caller's transaction. @what: the event. */
static gboolean
move(Store *store, const Wave *wave, const char *to, const char *what, const char *actor,
    const char *note, GError **error)
{
	const Event event = { .actor = actor,
		.edition = wave->edition,
		.subject = "wave",
		.subject_id = wave->id,
		.what = what,
		.from_state = wave->state,
		.to_state = to,
		.note = note };

	if (!store_run(store, error, SQL_outbox_wave_move, "itt", wave->id, wave->state, to))
		return FALSE;
	if (store_changes(store) != 1)
		return fail(error, PLICO_ERROR_TRY_AGAIN,
		    _("wave %" PRId64 ": it has just changed; look at `plico wave show %" PRId64
		      "`, then run this again"),
		    wave->id, wave->id);
	return store_event(store, &event, error);
}

static gboolean
move_alone(Store *store, const Wave *wave, const char *to, const char *what, const char *actor,
    const char *note, GError **error)
{
	g_autoptr(Transaction) tx = transaction_begin(store, error);

	return tx != NULL && move(store, wave, to, what, actor, note, error) &&
	       transaction_commit(tx, error);
}

gboolean
outbox_count_open(Store *store, gint64 wave_id, guint *out, GError **error)
{
	static const char *const open[] = { "queued", "claimed", "dot", "deferred" };
	g_autoptr(GHashTable) counts = outbox_counts(store, wave_id, error);

	if (counts == NULL)
		return FALSE;
	*out = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(open); i++)
		*out += GPOINTER_TO_UINT(g_hash_table_lookup(counts, open[i]));
	return TRUE;
}

gboolean
outbox_approve(Store *store, const Config *config, const Wave *wave, guint count, const char *actor,
    const char *note, GError **error)
{
	guint there;

	if (strcmp(wave->state, "proposed") != 0)
		return fail(error, PLICO_ERROR_INPUT,
		    _("wave %" PRId64
		      ": it waits for no approval; waves.approval makes those that are planned wait"),
		    wave->id);
	if (strcmp(config_text(config, CONFIG_waves_approval), "other") == 0 &&
	    strcmp(wave->planned_by, actor) == 0)
		return fail(error, PLICO_ERROR_INPUT,
		    _("wave %" PRId64
		      ": %s planned it; waves.approval = other wants another person's approval"),
		    wave->id, actor);
	if (!outbox_count_open(store, wave->id, &there, error))
		return FALSE;
	if (there != count)
		return fail(error, PLICO_ERROR_INPUT,
		    _("wave %" PRId64 ": it has %u messages, not %u; it was not approved"),
		    wave->id, there, count);
	return move_alone(store, wave, "planned", "wave.approved", actor, note, error);
}

static gboolean
is_in(const Wave *wave, const char *const *states)
{
	return g_strv_contains(states, wave->state);
}

gboolean
outbox_pause(Store *store, const Wave *wave, const char *actor, const char *note, GError **error)
{
	static const char *const from[] = { "planned", "sending", NULL };

	if (!is_in(wave, from))
		return fail(error, PLICO_ERROR_INPUT,
		    _("wave %" PRId64
		      ": no message of it would leave, so there is nothing to pause"),
		    wave->id);
	return move_alone(store, wave, "paused", "wave.paused", actor, note, error);
}

gboolean
outbox_resume(Store *store, const Wave *wave, const char *actor, const char *note, GError **error)
{
	gint64 begun;

	if (strcmp(wave->state, "paused") != 0)
		return fail(
		    error, PLICO_ERROR_INPUT, _("wave %" PRId64 ": it is not paused"), wave->id);
	if (!store_int(store, &begun, 0, error, SQL_outbox_wave_had_begun, "i", wave->id))
		return FALSE;
	return move_alone(
	    store, wave, begun > 0 ? "sending" : "planned", "wave.resumed", actor, note, error);
}

/* --- cancelling -------------------------------------------------------------------------------------------------- */

/* Of all cancelled waves, inside the caller's transaction. */
static gboolean
cancel_stranded(Store *store, guint *out, GError **error)
{
	g_autoptr(Rows) rows = store_query(store, error, SQL_outbox_dispatch_stranded, "");
	g_autoptr(GPtrArray) stranded = rows != NULL ? outbox_dispatches_from(rows, error) : NULL;

	if (stranded == NULL)
		return FALSE;
	g_clear_pointer(&rows, rows_free);
	for (guint i = 0; i < stranded->len; i++) {
		const Dispatch *dispatch = g_ptr_array_index(stranded, i);

		if (!store_run(store, error, SQL_outbox_dispatch_cancel, "ii", dispatch->id,
			clock_now()) ||
		    !outbox_event(store, dispatch, "dispatch.cancelled", dispatch->state,
			"cancelled", "", error))
			return FALSE;
	}
	*out = stranded->len;
	return TRUE;
}

gboolean
outbox_sweep(Store *store, GError **error)
{
	g_autoptr(Transaction) tx = transaction_begin(store, error);
	guint count;

	return tx != NULL && cancel_stranded(store, &count, error) && transaction_commit(tx, error);
}

gboolean
outbox_cancel(
    Store *store, const Wave *wave, const char *actor, const char *note, guint *out, GError **error)
{
	static const char *const from[] = { "proposed", "planned", "sending", "paused", NULL };
	g_autoptr(Transaction) tx = NULL;

	if (!is_in(wave, from))
		return fail(error, PLICO_ERROR_INPUT,
		    _("wave %" PRId64 ": it is over, so there is nothing to cancel"), wave->id);
	tx = transaction_begin(store, error);
	return tx != NULL && move(store, wave, "cancelled", "wave.cancelled", actor, note, error) &&
	       cancel_stranded(store, out, error) && transaction_commit(tx, error);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

gboolean
outbox_wave_leaves(Store *store, gint64 wave_id, gboolean *out, GError **error)
{
	gint64 count;

	if (!store_int(store, &count, 0, error, SQL_outbox_wave_leaves, "i", wave_id))
		return FALSE;
	*out = count > 0;
	return TRUE;
}

void
wave_event_free(WaveEvent *event)
{
	if (event == NULL)
		return;
	g_free(event->actor);
	g_free(event->what);
	g_free(event->note);
	g_free(event);
}

GPtrArray *
outbox_history(Store *store, gint64 wave_id, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)wave_event_free);
	g_autoptr(Rows) rows = store_query(store, error, SQL_outbox_wave_history, "i", wave_id);
	g_autoptr(GError) why = NULL;

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why)) {
		WaveEvent *event = g_new0(WaveEvent, 1);

		event->at = rows_int(rows, 0);
		event->actor = g_strdup(rows_text(rows, 1));
		event->what = g_strdup(rows_text(rows, 2));
		event->note = g_strdup(rows_text(rows, 3));
		g_ptr_array_add(list, event);
	}
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	return g_steal_pointer(&list);
}

/* The states of a dispatch. Every change is one UPDATE that names the state it starts from, so that a row which
 * somebody else changed is found and not overwritten. */
#include "outbox/outbox.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/sum.h"
#include "outbox/rows.h"

#include <string.h>

static void
set_text(char **place, const char *text)
{
	g_free(*place);
	*place = g_strdup(text);
}

gint64
outbox_backoff(gint64 tries)
{
	static const gint64 minutes[] = { 5, 15, 60, 240 };
	gint64 step = CLAMP(tries, 1, (gint64)G_N_ELEMENTS(minutes));

	return minutes[step - 1] * 60;
}

/* One of @store's rows was to change, and must have. */
static gboolean
changed_one(Store *store, const Dispatch *dispatch, GError **error)
{
	if (store_changes(store) == 1)
		return TRUE;
	return fail(error, PLICO_ERROR_TRY_AGAIN,
	    _("dispatch %" PRId64
	      ": another program changed its state; look at `plico wave show`, then run this again"),
	    dispatch->id);
}

/* The row was not in the state it was held in. What came back meanwhile may have told that an earlier copy has arrived: then
 * it is sent, whatever this attempt came to. */
static gboolean
is_proven(Store *store, Dispatch *dispatch, GError **error)
{
	gint64 sent;

	if (!store_int(store, &sent, 0, error, SQL_outbox_dispatch_is_sent, "i", dispatch->id))
		return FALSE;
	if (sent == 0)
		return changed_one(store, dispatch, error);
	set_text(&dispatch->state, "sent");
	return TRUE;
}

static gboolean
settle_dot(Store *store, GPtrArray *dispatches, GError **error)
{
	for (guint i = 0; i < dispatches->len; i++)
		if (!outbox_record(store, g_ptr_array_index(dispatches, i), OUTCOME_UNKNOWN,
			_("stopped between the final dot and the reply"), error))
			return FALSE;
	return TRUE;
}

gboolean
outbox_settle(Store *store, guint *out_unknown, GError **error)
{
	g_autoptr(Rows) rows = store_query(store, error, SQL_outbox_dispatch_in_state, "t", "dot");
	g_autoptr(GPtrArray) dot = rows != NULL ? outbox_dispatches_from(rows, error) : NULL;

	if (dot == NULL)
		return FALSE;
	g_clear_pointer(&rows, rows_free);
	*out_unknown = dot->len;
	return settle_dot(store, dot, error) &&
	       store_run(store, error, SQL_outbox_dispatch_release, "i", clock_now()) &&
	       outbox_sweep(store, error);
}

/* A wave is sending from its first claimed dispatch on. */
static gboolean
begin_wave(Store *store, const Dispatch *dispatch, GError **error)
{
	const Event event = { .edition = dispatch->edition,
		.subject = "wave",
		.subject_id = dispatch->wave_id,
		.what = "wave.sending",
		.from_state = "planned",
		.to_state = "sending" };

	if (!store_run(
		store, error, SQL_outbox_wave_move, "itt", dispatch->wave_id, "planned", "sending"))
		return FALSE;
	return store_changes(store) == 0 || store_event(store, &event, error);
}

static gboolean
claim(Store *store, Dispatch *dispatch, GError **error)
{
	if (!store_run(store, error, SQL_outbox_dispatch_claim, "ii", dispatch->id, clock_now()) ||
	    !changed_one(store, dispatch, error))
		return FALSE;
	set_text(&dispatch->state, "claimed");
	return begin_wave(store, dispatch, error);
}

GPtrArray *
outbox_claim_wanted(const OutboxTools *tools, gint64 wave_id, guint limit, OutboxWants wants,
    gpointer self, GError **error)
{
	Store *store = tools->store;
	g_autoptr(Transaction) tx = transaction_begin(store, error);
	g_autoptr(Rows) rows = NULL;
	g_autoptr(GPtrArray) due = NULL;

	if (tx == NULL)
		return NULL;
	rows = store_query(
	    store, error, SQL_outbox_dispatch_due, "iit", wave_id, clock_now(), tools->form->id);
	due = rows != NULL ? outbox_dispatches_wanted(rows, limit, wants, self, error) : NULL;
	if (due == NULL)
		return NULL;
	g_clear_pointer(&rows, rows_free);
	for (guint i = 0; i < due->len; i++)
		if (!claim(store, g_ptr_array_index(due, i), error))
			return NULL;
	return transaction_commit(tx, error) ? g_steal_pointer(&due) : NULL;
}

GPtrArray *
outbox_claim(const OutboxTools *tools, gint64 wave_id, guint limit, GError **error)
{
	return outbox_claim_wanted(tools, wave_id, limit, NULL, NULL, error);
}

gboolean
outbox_check_bytes(Dispatch *dispatch, GBytes *message, GError **error)
{
	g_autofree char *sum = sum_bytes(message);

	if (*dispatch->sha256 != '\0' && strcmp(dispatch->sha256, sum) != 0)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("dispatch %" PRId64
		      " to %s: an earlier attempt had other words, as after a change of survey.deadline; put templates, form and configuration back as they were, or let the new words go out by `plico wave send --changed`"),
		    dispatch->id, dispatch->address);
	set_text(&dispatch->sha256, sum);
	return TRUE;
}

gboolean
outbox_forget_bytes(Store *store, gint64 wave_id, guint *out, GError **error)
{
	if (!store_run(store, error, SQL_outbox_dispatch_forget, "i", wave_id))
		return FALSE;
	*out = (guint)store_changes(store);
	return TRUE;
}

gboolean
outbox_mark_dot(Store *store, Dispatch *dispatch, GError **error)
{
	g_return_val_if_fail(*dispatch->sha256 != '\0', FALSE);
	if (!store_run(store, error, SQL_outbox_dispatch_dot, "iti", dispatch->id, dispatch->sha256,
		clock_now()))
		return FALSE;
	if (store_changes(store) != 1)
		return is_proven(store, dispatch, error) &&
		       fail(error, PLICO_ERROR_TRY_AGAIN,
			   _("dispatch %" PRId64
			     ": what came back tells that it has left already; run this again"),
			   dispatch->id);
	set_text(&dispatch->state, "dot");
	return TRUE;
}

gboolean
outbox_hold(Store *store, Dispatch *dispatch, GError **error)
{
	if (strcmp(dispatch->state, "dot") != 0)
		return TRUE;
	if (!store_run(store, error, SQL_outbox_dispatch_hold, "ii", dispatch->id, clock_now()))
		return FALSE;
	if (store_changes(store) != 1)
		return is_proven(store, dispatch, error);
	set_text(&dispatch->state, "claimed");
	return TRUE;
}

/* Where each outcome leads. */
static const struct {
	const char *state;
	const char *what;
	gboolean counts; /* as a try */
} ends[] = {
	[OUTCOME_SENT] = { "sent", "dispatch.sent", TRUE },
	[OUTCOME_DEFERRED] = { "deferred", "dispatch.deferred", TRUE },
	[OUTCOME_FAILED] = { "failed", "dispatch.failed", TRUE },
	[OUTCOME_UNKNOWN] = { "unknown", "dispatch.unknown", TRUE },
	[OUTCOME_UNSENT] = { "queued", NULL, FALSE },
	[OUTCOME_CANCELLED] = { "cancelled", "dispatch.cancelled", FALSE },
};

static gint64
next_try(Outcome outcome, gint64 tries, const char *reply)
{
	if (outcome == OUTCOME_DEFERRED)
		return clock_now() + outbox_backoff(tries);
	return outcome == OUTCOME_UNSENT && *reply != '\0' ? clock_now() : 0;
}

gboolean
outbox_record_here(
    Store *store, Dispatch *dispatch, Outcome outcome, const char *reply, GError **error)
{
	const char *words = reply != NULL ? reply : "";
	gint64 tries = dispatch->tries + (ends[outcome].counts ? 1 : 0);
	Outcome end =
	    outcome == OUTCOME_DEFERRED && tries >= OUTBOX_TRIES_MAX ? OUTCOME_FAILED : outcome;

	if (!store_run(store, error, SQL_outbox_dispatch_record, "itiitti", dispatch->id,
		ends[end].state, tries, next_try(end, tries, words), words, dispatch->sha256,
		clock_now()))
		return FALSE;
	if (store_changes(store) != 1)
		return is_proven(store, dispatch, error);
	if (ends[end].what != NULL && !outbox_event(store, dispatch, ends[end].what,
					  dispatch->state, ends[end].state, words, error))
		return FALSE;
	dispatch->tries = tries;
	set_text(&dispatch->state, ends[end].state);
	set_text(&dispatch->reply, words);
	return TRUE;
}

gboolean
outbox_record(Store *store, Dispatch *dispatch, Outcome outcome, const char *reply, GError **error)
{
	g_autoptr(Transaction) tx = transaction_begin(store, error);

	return tx != NULL && outbox_record_here(store, dispatch, outcome, reply, error) &&
	       transaction_commit(tx, error);
}

static gboolean
close_wave(Store *store, const Wave *wave, GError **error)
{
	const Event event = { .edition = wave->edition,
		.subject = "wave",
		.subject_id = wave->id,
		.what = "wave.done",
		.from_state = "sending",
		.to_state = "done" };

	return store_run(store, error, SQL_outbox_wave_move, "itt", wave->id, "sending", "done") &&
	       store_event(store, &event, error);
}

gboolean
outbox_close_waves(Store *store, GError **error)
{
	g_autoptr(Transaction) tx = transaction_begin(store, error);
	g_autoptr(Rows) rows = NULL;
	g_autoptr(GPtrArray) finished = NULL;

	if (tx == NULL)
		return FALSE;
	rows = store_query(store, error, SQL_outbox_wave_finished, "");
	finished = rows != NULL ? outbox_waves_from(rows, error) : NULL;
	if (finished == NULL)
		return FALSE;
	g_clear_pointer(&rows, rows_free);
	for (guint i = 0; i < finished->len; i++)
		if (!close_wave(store, g_ptr_array_index(finished, i), error))
			return FALSE;
	return transaction_commit(tx, error);
}

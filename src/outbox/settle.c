/*
 * What became of a message whose last reply was lost. Only a third party's evidence or a person's word settles
 * that: SMTP has no other way (RFC 1047), and a letter that is sent again on a guess arrives twice.
 */
#include "outbox/outbox.h"

#include "base/clock.h"
#include "base/error.h"
#include "outbox/kind.h"
#include "outbox/rows.h"

#include <string.h>

static gboolean
is_one_of(const Dispatch *dispatch, const char *const *states)
{
	return g_strv_contains(states, dispatch->state);
}

/* Returns: (transfer full), NULL on error */
static Dispatch *
load(Store *store, gint64 id, GError **error)
{
	g_autoptr(Rows) rows = store_query(store, error, SQL_outbox_dispatch_by_id, "i", id);
	g_autoptr(GPtrArray) found = rows != NULL ? outbox_dispatches_from(rows, error) : NULL;

	if (found == NULL)
		return NULL;
	if (found->len > 0)
		return g_ptr_array_steal_index(found, 0);
	fail(error, PLICO_ERROR_NOT_FOUND, _("dispatch %" PRId64 ": there is none"), id);
	return NULL;
}

gboolean
outbox_find(Store *store, const char *reference, gint64 *out, GError **error)
{
	g_autofree char *tag = outbox_bounce_tag(reference);

	return tag != NULL ? store_int(store, out, 0, error, SQL_outbox_dispatch_by_tag, "t", tag)
			   : store_int(store, out, 0, error, SQL_outbox_dispatch_by_message_id, "t",
				 reference);
}

/* --- what comes back ------------------------------------------------------------------------------------------- */

typedef struct {
	Store *store;
	Dispatch *dispatch;
	const char *evidence;
	const char *note;
} Testimony;

static gboolean
tell(const Testimony *testimony, const char *what, const char *to, GError **error)
{
	const Dispatch *dispatch = testimony->dispatch;
	const Event event = { .edition = dispatch->edition,
		.unit_id = dispatch->unit_id,
		.subject = "dispatch",
		.subject_id = dispatch->id,
		.what = what,
		.from_state = dispatch->state,
		.to_state = to,
		.evidence = testimony->evidence,
		.note = testimony->note };

	return outbox_log(testimony->store, dispatch, &event, error);
}

static gboolean
becomes_sent(const Testimony *testimony, GError **error)
{
	Dispatch *dispatch = testimony->dispatch;

	if (strcmp(dispatch->state, "sent") == 0)
		return TRUE;
	if (!store_run(testimony->store, error, SQL_outbox_dispatch_proven, "iti", dispatch->id,
		dispatch->state, clock_now()) ||
	    !tell(testimony, "dispatch.sent", "sent", error))
		return FALSE;
	g_free(dispatch->state);
	dispatch->state = g_strdup("sent");
	return TRUE;
}

/* A receipt that came before tells of another copy, which was taken on. What a person has put back into the queue is not
 * out of it for the first copy's refusal. */
static gboolean
is_refused(const Testimony *testimony, GError **error)
{
	static const char *const believed[] = { "unknown", "sent", NULL };
	const Dispatch *dispatch = testimony->dispatch;
	gint64 accepted;

	if (!store_int(testimony->store, &accepted, 0, error, SQL_outbox_dispatch_was_accepted,
		"ii", dispatch->id, dispatch->unit_id))
		return FALSE;
	if (accepted > 0 || !is_one_of(dispatch, believed))
		return tell(testimony, "dispatch.refused", dispatch->state, error);
	return store_run(testimony->store, error, SQL_outbox_dispatch_refused, "itti", dispatch->id,
		   dispatch->state, testimony->note, clock_now()) &&
	       tell(testimony, "dispatch.failed", "failed", error);
}

/* What a server refused stays failed, so that it may be planned for another address. */
static gboolean
is_undelivered(const Testimony *testimony, GError **error)
{
	return (strcmp(testimony->dispatch->state, "failed") == 0 ||
		   becomes_sent(testimony, error)) &&
	       tell(testimony, "dispatch.undelivered", "undelivered", error);
}

gboolean
outbox_prove(Store *store, gint64 dispatch_id, Proof proof, const char *recipient,
    const char *evidence, const char *note, GError **error)
{
	g_autoptr(Dispatch) dispatch = load(store, dispatch_id, error);
	const Testimony testimony = { store, dispatch, evidence, note };

	if (dispatch == NULL)
		return FALSE;
	if (recipient != NULL && g_ascii_strcasecmp(recipient, dispatch->address) != 0)
		return TRUE;
	switch (proof) {
	case PROOF_LEFT:
		return becomes_sent(&testimony, error);
	case PROOF_ACCEPTED:
		return becomes_sent(&testimony, error) &&
		       tell(&testimony, "dispatch.accepted", "accepted", error);
	case PROOF_DELIVERED:
		return becomes_sent(&testimony, error) &&
		       tell(&testimony, "dispatch.delivered", "delivered", error);
	case PROOF_REFUSED:
		return is_refused(&testimony, error);
	case PROOF_UNDELIVERED:
		return is_undelivered(&testimony, error);
	case PROOF_OPENED:
		return becomes_sent(&testimony, error) &&
		       tell(&testimony, "dispatch.opened", "opened", error);
	case PROOF_COMPLAINT:
		return becomes_sent(&testimony, error) &&
		       tell(&testimony, "dispatch.complained", "complained", error);
	}
	g_assert_not_reached();
}

/* --- what a person says ------------------------------------------------------------------------------------------ */

gboolean
outbox_unknown_since(Store *store, const Dispatch *dispatch, gint64 *out_since,
    gint64 *out_receipt_until, GError **error)
{
	if (!store_int(
		store, out_since, 0, error, SQL_outbox_dispatch_changed_at, "i", dispatch->id))
		return FALSE;
	*out_receipt_until =
	    strcmp(dispatch->channel, "pec") == 0 ? *out_since + OUTBOX_RECEIPT_WAIT : 0;
	return TRUE;
}

/* Whether it can leave again as what it was. */
static gboolean
check_again(Store *store, const Dispatch *dispatch, gboolean early, GError **error)
{
	const Kind *kind = kind_of(dispatch->kind);
	gint64 since, until, outdated;

	if (!outbox_unknown_since(store, dispatch, &since, &until, error) ||
	    !store_int(store, &outdated, 0, error, SQL_outbox_dispatch_is_outdated, "ii",
		dispatch->id, (gint64)kind->numbered))
		return FALSE;
	if (outdated > 0 && (kind->letter != NULL || kind->sheets))
		return fail(error, PLICO_ERROR_INPUT,
		    _("dispatch %" PRId64
		      " to %s: the municipality has got a new access code since, so this letter must not leave again; settle it as sent"),
		    dispatch->id, dispatch->address);
	if (!early && clock_now() < until) {
		g_autofree char *when = clock_local(until);

		return fail(error, PLICO_ERROR_INPUT,
		    _("dispatch %" PRId64
		      " to %s: the provider's receipt may still come, until %s; wait for it, or say --early"),
		    dispatch->id, dispatch->address, when);
	}
	return TRUE;
}

/* A wave that was done has something to send again. */
static gboolean
reopen(Store *store, const Wave *wave, const Settlement *settlement, GError **error)
{
	const Event event = { .actor = settlement->actor,
		.edition = wave->edition,
		.subject = "wave",
		.subject_id = wave->id,
		.what = "wave.sending",
		.from_state = "done",
		.to_state = "sending" };

	if (!store_run(store, error, SQL_outbox_wave_move, "itt", wave->id, "done", "sending"))
		return FALSE;
	return store_changes(store) == 0 || store_event(store, &event, error);
}

/* In the caller's transaction. */
static gboolean
settle_one(Store *store, const Wave *wave, const Dispatch *dispatch, const Settlement *settlement,
    GError **error)
{
	gboolean cancelled = strcmp(wave->state, "cancelled") == 0;
	const char *to = settlement->sent ? "sent" : cancelled ? "cancelled" : "queued";
	g_autofree char *what = g_strconcat("dispatch.", to, NULL);
	const Event event = { .actor = settlement->actor,
		.edition = dispatch->edition,
		.unit_id = dispatch->unit_id,
		.subject = "dispatch",
		.subject_id = dispatch->id,
		.what = what,
		.from_state = "unknown",
		.to_state = to,
		.evidence = dispatch->sha256,
		.note = settlement->note };

	if (strcmp(dispatch->state, "unknown") != 0)
		return fail(error, PLICO_ERROR_INPUT,
		    _("dispatch %" PRId64 " to %s: it is %s, so there is nothing to settle"),
		    dispatch->id, dispatch->address, _(dispatch->state));
	return (settlement->sent || check_again(store, dispatch, settlement->early, error)) &&
	       store_run(store, error, SQL_outbox_dispatch_settle, "itti", dispatch->id, to,
		   settlement->note, clock_now()) &&
	       outbox_log(store, dispatch, &event, error);
}

/* The wave's history tells it too: @what of its messages. */
static gboolean
close_settlement(
    Store *store, const Wave *wave, const char *what, const Settlement *settlement, GError **error)
{
	g_autofree char *note = g_strdup_printf("%s: %s", what, settlement->note);
	const Event event = { .actor = settlement->actor,
		.edition = wave->edition,
		.subject = "wave",
		.subject_id = wave->id,
		.what = settlement->sent ? "wave.settled_sent" : "wave.settled_not_sent",
		.from_state = wave->state,
		.to_state = wave->state,
		.note = note };

	return store_event(store, &event, error) &&
	       (settlement->sent || reopen(store, wave, settlement, error));
}

/* As the log may name a message: a delegate is a person. */
static const char *
name_of(const Dispatch *dispatch)
{
	return kind_of(dispatch->kind)->delegate ? dispatch->message_id : dispatch->address;
}

gboolean
outbox_decide(Store *store, const Dispatch *asked, const Settlement *settlement, GError **error)
{
	g_autoptr(Transaction) tx = transaction_begin(store, error);
	g_autoptr(Dispatch) dispatch = tx != NULL ? load(store, asked->id, error) : NULL;
	g_autoptr(Wave) wave =
	    dispatch != NULL ? outbox_wave(store, dispatch->wave_id, error) : NULL;

	g_return_val_if_fail(*settlement->note != '\0', FALSE);
	return wave != NULL && settle_one(store, wave, dispatch, settlement, error) &&
	       close_settlement(store, wave, name_of(dispatch), settlement, error) &&
	       transaction_commit(tx, error);
}

gboolean
outbox_decide_all(
    Store *store, const Wave *asked, guint count, const Settlement *settlement, GError **error)
{
	g_autoptr(Transaction) tx = transaction_begin(store, error);
	g_autoptr(Wave) wave = tx != NULL ? outbox_wave(store, asked->id, error) : NULL;
	g_autoptr(GPtrArray) all =
	    wave != NULL ? outbox_list(store, wave->id, "unknown", 0, 0, error) : NULL;
	g_autofree char *number = g_strdup_printf("%u", count);

	g_return_val_if_fail(*settlement->note != '\0', FALSE);
	if (all == NULL)
		return FALSE;
	if (all->len != count || count == 0)
		return fail(error, PLICO_ERROR_INPUT,
		    _("wave %" PRId64 ": %u messages are unknown, not %u; none was settled"),
		    wave->id, all->len, count);
	for (guint i = 0; i < all->len; i++)
		if (!settle_one(store, wave, g_ptr_array_index(all, i), settlement, error))
			return FALSE;
	return close_settlement(store, wave, number, settlement, error) &&
	       transaction_commit(tx, error);
}

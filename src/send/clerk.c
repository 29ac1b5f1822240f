#include "send/clerk.h"

#include "base/error.h"
#include "send/breaker.h"

#include <string.h>

#define GATHER_US 2000 /* how long an entry may wait for others while there is other work */

typedef struct {
	Task *task;
	gboolean dot;  /* or its end */
	gboolean good; /* the dot may leave */
} Entry;

struct Clerk {
	Store *store;
	SendReport *report;
	Breaker *breaker;
	GArray *entries; /* of Entry */
	gint64 since;	 /* the first of them; monotonic */
};

Clerk *
clerk_new(Store *store, SendReport *report)
{
	Clerk *clerk = g_new0(Clerk, 1);

	clerk->store = store;
	clerk->report = report;
	clerk->breaker = breaker_new();
	clerk->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
	return clerk;
}

void
clerk_free(Clerk *clerk)
{
	if (clerk == NULL)
		return;
	g_array_unref(clerk->entries);
	breaker_free(clerk->breaker);
	g_free(clerk);
}

static void
add(Clerk *clerk, Task *task, gboolean dot)
{
	const Entry entry = { .task = task, .dot = dot };

	if (clerk->entries->len == 0)
		clerk->since = g_get_monotonic_time();
	g_array_append_val(clerk->entries, entry);
}

void
clerk_add_dot(Clerk *clerk, Task *task)
{
	add(clerk, task, TRUE);
}

void
clerk_add_end(Clerk *clerk, Task *task)
{
	add(clerk, task, FALSE);
}

gboolean
clerk_is_empty(const Clerk *clerk)
{
	return clerk->entries->len == 0;
}

gboolean
clerk_is_due(const Clerk *clerk, guint lanes)
{
	return clerk->entries->len > 0 &&
	       (clerk->entries->len >= lanes || g_get_monotonic_time() - clerk->since >= GATHER_US);
}

/* --- outcomes, inside the group's transaction ---------------------------------------------------------------------- */

static void
count(Clerk *clerk, const Dispatch *dispatch)
{
	SendReport *report = clerk->report;
	guint *const place = strcmp(dispatch->state, "sent") == 0	? &report->sent
			     : strcmp(dispatch->state, "deferred") == 0 ? &report->deferred
			     : strcmp(dispatch->state, "failed") == 0	? &report->failed
									: &report->unknown;

	(*place)++;
}

static gboolean
record(Clerk *clerk, Dispatch *dispatch, Outcome outcome, const char *reply, GError **error)
{
	if (!outbox_record_here(clerk->store, dispatch, outcome, reply, error))
		return FALSE;
	if (outcome != OUTCOME_UNSENT && outcome != OUTCOME_CANCELLED)
		count(clerk, dispatch);
	return TRUE;
}

/* The refusals that the breaker holds: the addresses' fault, or, where it tripped, the server's. */
static gboolean
record_held(Clerk *clerk, GError **error)
{
	Outcome outcome = breaker_tripped(clerk->breaker) ? OUTCOME_UNSENT : OUTCOME_FAILED;
	gboolean good = TRUE;

	while (good) {
		g_autofree char *reply = NULL;
		g_autoptr(Dispatch) dispatch = breaker_take(clerk->breaker, &reply);

		if (dispatch == NULL)
			break;
		good = record(clerk, dispatch, outcome, reply, error);
	}
	return good;
}

/* Other lanes may bring further refusals when the breaker has tripped: they are the server's as well. */
static gboolean
end_refused(Clerk *clerk, Task *task, GError **error)
{
	const char *reply = task->job.reply;

	if (breaker_tripped(clerk->breaker))
		return record(clerk, task->dispatch, OUTCOME_UNSENT, reply, error);
	if (!breaker_same(clerk->breaker, reply) && !record_held(clerk, error))
		return FALSE;
	return outbox_hold(clerk->store, task->dispatch, error) &&
	       breaker_hold(clerk->breaker, g_steal_pointer(&task->dispatch), reply, error);
}

static gboolean
end_other(Clerk *clerk, Task *task, GError **error)
{
	const SendJob *job = &task->job;

	/* this first: it is the one that must not be lost */
	if (!record(clerk, task->dispatch, job->outcome, job->reply, error))
		return FALSE;
	if (job->outcome == OUTCOME_UNSENT || job->outcome == OUTCOME_CANCELLED)
		return TRUE;
	return record_held(clerk, error) &&
	       breaker_watch(clerk->breaker, job->outcome, job->reply, error);
}

/* Where a receipt for an earlier copy has just come this one stays here, and the others go on. */
static gboolean
mark_dot(Clerk *clerk, Entry *entry, GError **error)
{
	g_autoptr(GError) why = NULL;

	entry->good = outbox_mark_dot(clerk->store, entry->task->dispatch, &why);
	if (entry->good || strcmp(entry->task->dispatch->state, "sent") == 0)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static gboolean
write_entry(Clerk *clerk, Entry *entry, GError **error)
{
	Task *task = entry->task;

	if (entry->dot)
		return mark_dot(clerk, entry, error);
	return task->job.outcome == OUTCOME_FAILED ? end_refused(clerk, task, error)
						   : end_other(clerk, task, error);
}

/* --- groups ---------------------------------------------------------------------------------------------------------- */

/* All of them, also behind one that fails: where a row was not as it should be, nothing of that one was written. The first
 * error is told. */
static gboolean
write_entries(Clerk *clerk, GError **error)
{
	g_autoptr(Transaction) tx = transaction_begin(clerk->store, error);
	g_autoptr(GError) first = NULL;

	if (tx == NULL)
		return FALSE;
	for (guint i = 0; i < clerk->entries->len; i++) {
		Entry *entry = &g_array_index(clerk->entries, Entry, i);

		(void)write_entry(clerk, entry, first != NULL ? NULL : &first);
	}
	if (!transaction_commit(tx, first != NULL ? NULL : &first))
		for (guint i = 0; i < clerk->entries->len; i++)
			g_array_index(clerk->entries, Entry, i).good = FALSE;
	if (first == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&first));
	return FALSE;
}

gboolean
clerk_write(Clerk *clerk, GError **error)
{
	gboolean good;

	if (clerk_is_empty(clerk))
		return TRUE;
	good = write_entries(clerk, error);
	for (guint i = 0; i < clerk->entries->len; i++) {
		const Entry *entry = &g_array_index(clerk->entries, Entry, i);

		if (entry->dot)
			lane_answer_dot(entry->task, entry->good);
		else
			task_free(entry->task);
	}
	g_array_set_size(clerk->entries, 0);
	return good;
}

gboolean
clerk_close(Clerk *clerk, GError **error)
{
	g_autoptr(Transaction) tx = transaction_begin(clerk->store, error);

	return tx != NULL && record_held(clerk, error) && transaction_commit(tx, error);
}

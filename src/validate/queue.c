/*
 * The queue of messages. Many are read at once (read_ahead.h), stored in groups and in the order in which they came, and none
 * stops those behind it: an attempt is counted before a message is read, those of which one has killed plico are read again one by
 * one, and one at which it then dies three times is set aside.
 */
#include "validate/message.h"

#include "base/clock.h"
#include "base/error.h"
#include "validate/read_ahead.h"

#define GROUP 32 /* messages of one transaction */

struct IntakeRun {
	const IntakeTools *tools;
	PecTrust *trust;
	ReadAhead *ahead;
	GQueue
	    reading; /* of Message: their attempt is counted, they are in @ahead, in this order */
	gint64 last_at; /* the last that was taken from the queue */
	gint64 last_id;
	gboolean cautious; /* at what is being read plico may have died: it is alone */
	gboolean broken;   /* a commit failed */
};

void
message_free(Message *message)
{
	g_free(message->sha256);
	collected_free(message->collected);
	g_clear_error(&message->why);
	g_free(message);
}

static void
free_message(gpointer message)
{
	message_free(message);
}

IntakeRun *
intake_begin(const IntakeTools *tools, GError **error)
{
	g_autoptr(IntakeRun) intake = g_new0(IntakeRun, 1);
	g_autofree char *archive =
	    g_build_filename(config_workspace(tools->config), "archive", NULL);

	intake->trust = pec_trust_open(config_text(tools->config, CONFIG_pec_certificates),
	    config_text(tools->config, CONFIG_mail_from), error);
	if (intake->trust == NULL)
		return NULL;
	collect_prepare();
	intake->tools = tools;
	intake->ahead = read_ahead_new(archive, intake->trust);
	return g_steal_pointer(&intake);
}

void
intake_free(IntakeRun *intake)
{
	if (intake == NULL)
		return;
	read_ahead_free(intake->ahead);
	pec_trust_free(intake->trust);
	g_queue_clear_full(&intake->reading, free_message);
	g_free(intake);
}

/* --- what is read next -------------------------------------------------------------------------------------- */

/* The next of the queue, at most a group. Returns: (transfer full): of Message */
static GPtrArray *
next_messages(const IntakeRun *intake, GError **error)
{
	g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(free_message);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(intake->tools->store, error, SQL_validate_message_next,
	    "iii", intake->last_at, intake->last_id, (gint64)GROUP);

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why)) {
		Message *message = g_new0(Message, 1);

		message->id = rows_int(rows, 0);
		message->sha256 = g_strdup(rows_text(rows, 1));
		message->received_at = rows_int(rows, 2);
		message->attempts = rows_int(rows, 3);
		g_ptr_array_add(messages, message);
	}
	if (why == NULL)
		return g_steal_pointer(&messages);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

/* In a transaction of its own: a crash while reading must find the attempts counted. */
static gboolean
count_attempts(Store *store, const GPtrArray *messages, gint64 by, GError **error)
{
	g_autoptr(Transaction) transaction = transaction_begin(store, error);

	if (transaction == NULL)
		return FALSE;
	for (guint i = 0; i < messages->len; i++) {
		const Message *message = g_ptr_array_index(messages, i);

		if (message->attempts < ATTEMPTS_MAX &&
		    !store_run(store, error, SQL_validate_message_attempt, "ii", message->id, by))
			return FALSE;
	}
	return transaction_commit(transaction, error);
}

/* Leaves those of @messages that may be read together. One that was being read when a plico died is read while no other is: if
 * it was the cause, nobody else's attempts are counted with its own. */
static void
part_company(IntakeRun *intake, GPtrArray *messages)
{
	guint n = 0;

	while (
	    n < messages->len && ((const Message *)g_ptr_array_index(messages, n))->attempts == 0)
		n++;
	intake->cautious = n == 0 && messages->len > 0 && g_queue_is_empty(&intake->reading);
	g_ptr_array_set_size(messages, intake->cautious ? 1 : (int)n);
}

static void
start_reading(IntakeRun *intake, GPtrArray *messages)
{
	for (guint i = 0; i < messages->len; i++) {
		Message *message = g_ptr_array_index(messages, i);

		intake->last_at = message->received_at;
		intake->last_id = message->id;
		if (message->attempts < ATTEMPTS_MAX)
			read_ahead_add(intake->ahead, message->sha256, clock_now());
		g_queue_push_tail(&intake->reading, message);
	}
	g_ptr_array_set_free_func(messages, NULL); /* they are the queue's now */
}

/* Gives the readers what waits, as long as they have room for a group. */
static gboolean
fill(IntakeRun *intake, GError **error)
{
	intake->cautious = intake->cautious && !g_queue_is_empty(&intake->reading);
	while (!intake->cautious && read_ahead_room(intake->ahead) >= GROUP) {
		g_autoptr(GPtrArray) messages = next_messages(intake, error);

		if (messages == NULL)
			return FALSE;
		part_company(intake, messages);
		if (messages->len == 0)
			break;
		if (!count_attempts(intake->tools->store, messages, 1, error))
			return FALSE;
		start_reading(intake, messages);
	}
	return TRUE;
}

/* --- what was read ------------------------------------------------------------------------------------------- */

/* Waits for the oldest group; of a failure that is none of the message's (archive, cage) it takes those before it. @group: gets
 * them, of Message; the one that failed stays the first of those being read. */
static gboolean
take_group(IntakeRun *intake, GPtrArray *group, GError **error)
{
	while (group->len < GROUP && !g_queue_is_empty(&intake->reading)) {
		Message *message = g_queue_peek_head(&intake->reading);

		if (message->attempts < ATTEMPTS_MAX)
			message->collected = read_ahead_take(intake->ahead, &message->why);
		if (message->why != NULL &&
		    !g_error_matches(message->why, PLICO_ERROR, PLICO_ERROR_INPUT)) {
			g_propagate_error(error, g_steal_pointer(&message->why));
			return FALSE;
		}
		g_ptr_array_add(group, g_queue_pop_head(&intake->reading));
	}
	return TRUE;
}

static void
add_report(IntakeReport *total, const IntakeReport *more)
{
	total->messages += more->messages;
	total->returns += more->returns;
	total->applied += more->applied;
	total->duplicates += more->duplicates;
	total->held += more->held;
	total->quarantined += more->quarantined;
	total->receipts += more->receipts;
	total->unverified += more->unverified;
	total->bounces += more->bounces;
	total->read_receipts += more->read_receipts;
	total->complaints += more->complaints;
	total->auto_replies += more->auto_replies;
	total->other += more->other;
}

/* A commit that failed is not tried again, nor anything after it: nobody knows what the disk has. */
static gboolean
commit(IntakeRun *intake, Transaction *transaction, GError **error)
{
	intake->broken = !transaction_commit(transaction, error);
	return !intake->broken;
}

/* Those from @from to before @to, in one transaction; only what is committed counts. */
static gboolean
record(IntakeRun *intake, const GPtrArray *group, guint from, guint to, IntakeReport *report,
    GError **error)
{
	g_autoptr(Transaction) transaction = transaction_begin(intake->tools->store, error);
	IntakeReport mine = { 0 };

	if (transaction == NULL)
		return FALSE;
	for (guint i = from; i < to; i++)
		if (!message_record(intake->tools, g_ptr_array_index(group, i), &mine, error))
			return FALSE;
	if (!commit(intake, transaction, error))
		return FALSE;
	add_report(report, &mine);
	return TRUE;
}

/* Where one of them cannot be stored, one by one: those before it are done. It goes back to what is being read, and those behind
 * it. */
static gboolean
record_group(IntakeRun *intake, GPtrArray *group, IntakeReport *report, GError **error)
{
	g_autoptr(GError) why = NULL;
	guint done = 0;

	if (group->len == 0 || record(intake, group, 0, group->len, report, &why))
		return TRUE;
	if (intake->broken) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	while (done < group->len && record(intake, group, done, done + 1, report, error))
		done++;
	if (done == group->len)
		return TRUE;
	while (group->len > done)
		g_queue_push_head(&intake->reading, g_ptr_array_steal_index(group, group->len - 1));
	return FALSE;
}

static gboolean
finish_group(IntakeRun *intake, IntakeReport *report, GError **error)
{
	g_autoptr(GPtrArray) group = g_ptr_array_new_with_free_func(free_message);
	g_autoptr(GError) why = NULL;
	gboolean taken = take_group(intake, group, &why);

	if (!record_group(intake, group, report, error))
		return FALSE;
	if (!taken)
		g_propagate_error(error, g_steal_pointer(&why));
	return taken;
}

/* Told, not crashed: a full disk is not the messages' fault. */
static void
take_attempts_back(IntakeRun *intake)
{
	g_autoptr(GPtrArray) messages = g_ptr_array_new();

	if (intake->broken)
		return;
	for (GList *link = intake->reading.head; link != NULL; link = link->next)
		g_ptr_array_add(messages, link->data);
	(void)count_attempts(intake->tools->store, messages, -1, NULL);
}

/* --- the run ------------------------------------------------------------------------------------------------- */

static gboolean
go_on(IntakeRun *intake, IntakeReport *report, GError **error)
{
	if (!fill(intake, error))
		return FALSE;
	while (read_ahead_room(intake->ahead) < GROUP)
		if (!finish_group(intake, report, error) || !fill(intake, error))
			return FALSE;
	return TRUE;
}

static gboolean
finish(IntakeRun *intake, IntakeReport *report, GError **error)
{
	do {
		/* from the beginning: when the clock was set back, the newest are not the last */
		intake->last_at = intake->last_id = 0;
		if (!fill(intake, error))
			return FALSE;
		while (!g_queue_is_empty(&intake->reading))
			if (!finish_group(intake, report, error) || !fill(intake, error))
				return FALSE;
	} while (intake->last_id != 0);
	return TRUE;
}

void
intake_hand_over(IntakeRun *intake, const char *sha256, GBytes *raw)
{
	read_ahead_hand_over(intake->ahead, sha256, raw);
}

gboolean
intake_go_on(IntakeRun *intake, IntakeReport *report, GError **error)
{
	gboolean done = go_on(intake, report, error);

	read_ahead_forget(intake->ahead);
	if (!done)
		take_attempts_back(intake);
	return done;
}

gboolean
intake_finish(IntakeRun *intake, IntakeReport *report, GError **error)
{
	/* what is being read comes first: below, the queue is looked at from its beginning */
	gboolean done = TRUE;

	while (done && !g_queue_is_empty(&intake->reading))
		done = finish_group(intake, report, error);
	done = done && finish(intake, report, error);
	if (!done)
		take_attempts_back(intake);
	return done;
}

gboolean
intake_run(const IntakeTools *tools, IntakeReport *report, GError **error)
{
	g_autoptr(IntakeRun) intake = intake_begin(tools, error);

	return intake != NULL && intake_finish(intake, report, error);
}

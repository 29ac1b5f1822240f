/* The queue of messages: each is read once, in one transaction, and never stops those behind it. */
#include "base/archive.h"
#include "base/error.h"
#include "validate/evidence.h"
#include "validate/record.h"

#include <string.h>

#define ATTEMPTS_MAX 3

typedef struct {
	gint64 id;
	char *sha256;
	gint64 received_at;
	gint64 attempts;
} Message;

static void
message_clear(Message *message)
{
	g_clear_pointer(&message->sha256, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Message, message_clear)

/* @out keeps its id 0 where none waits. */
static gboolean
next_message(Store *store, Message *out, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, SQL_validate_message_next, "");

	if (rows == NULL)
		return FALSE;
	if (rows_next(rows, &why)) {
		out->id = rows_int(rows, 0);
		out->sha256 = g_strdup(rows_text(rows, 1));
		out->received_at = rows_int(rows, 2);
		out->attempts = rows_int(rows, 3);
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* In a transaction of its own: a crash while reading must find the attempt counted. */
static gboolean
count_attempt(Store *store, const Message *message, gint64 by, GError **error)
{
	return store_run(store, error, SQL_validate_message_attempt, "ii", message->id, by);
}

/* The message's last word: parsed, or quarantined with its @reason (a stable word). */
static gboolean
close_message(const IntakeTools *tools, const Message *message, const Collected *collected,
    const char *class_name, const char *reason, const char *note, GError **error)
{
	const char *state = *reason != '\0' ? "quarantined" : "parsed";
	g_autofree char *what = g_strconcat("message.", state, NULL);
	const Event event = {
		.edition = tools->form->id,
		.subject = "message",
		.subject_id = message->id,
		.what = what,
		.from_state = "new",
		.to_state = state,
		.evidence = message->sha256,
		.note = note,
	};

	if (!store_run(tools->store, error, SQL_validate_message_done, "ittttt", message->id, state,
		class_name, collected != NULL ? collected->sender : "",
		collected != NULL ? collected->subject : "", reason))
		return FALSE;
	if (store_changes(tools->store) != 1)
		return fail(error, PLICO_ERROR_TRY_AGAIN,
		    _("message %" PRId64 ": another plico has just read it"), message->id);
	return store_event(tools->store, &event, error);
}

static GPtrArray *
examine_pdfs(
    const IntakeTools *tools, const Message *message, const Collected *collected, GError **error)
{
	g_autoptr(GPtrArray) arrivals =
	    g_ptr_array_new_with_free_func((GDestroyNotify)arrival_free);

	for (guint i = 0; i < collected->pdfs->len; i++) {
		Arrival *arrival = arrival_new(tools, g_ptr_array_index(collected->pdfs, i), error);

		if (arrival == NULL)
			return NULL;
		arrival->pec = &collected->pec;
		arrival->message_sha256 = message->sha256;
		arrival->message_id = message->id;
		arrival->received_at = message->received_at;
		arrival->part = i;
		g_ptr_array_add(arrivals, arrival);
	}
	return g_steal_pointer(&arrivals);
}

/* An automatic reply that quotes our own blank sheets brings nothing. */
static gboolean
only_echoes(const Collected *collected, const GPtrArray *arrivals)
{
	if (!collected->automatic)
		return FALSE;
	for (guint i = 0; i < arrivals->len; i++) {
		const Arrival *arrival = g_ptr_array_index(arrivals, i);

		if (arrival->answers == NULL || !arrival->answers->blank)
			return FALSE;
	}
	return TRUE;
}

/* Documents that were not read may be answers: a signed sheet, a packed one. A logo beside a sheet is not. */
static gboolean
hides_documents(const Collected *collected)
{
	static const char *const endings[] = { ".p7m", ".pdf", ".zip", ".7z", ".rar" };

	if (collected->message_class == MESSAGE_OTHER)
		return collected->attachments->len > 0;
	for (guint i = 0; i < collected->attachments->len; i++) {
		g_autofree char *name =
		    g_ascii_strdown(g_ptr_array_index(collected->attachments, i), -1);

		for (gsize j = 0; j < G_N_ELEMENTS(endings); j++)
			if (g_str_has_suffix(name, endings[j]))
				return TRUE;
	}
	return FALSE;
}

static char *
attachment_names(const Collected *collected)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; i < collected->attachments->len; i++)
		g_string_append_printf(names, "%s%s", i > 0 ? ", " : "",
		    (const char *)g_ptr_array_index(collected->attachments, i));
	return g_string_free(g_steal_pointer(&names), FALSE);
}

static void
count_class(MessageClass message_class, IntakeReport *report)
{
	switch (message_class) {
	case MESSAGE_RETURN:
		break;
	case MESSAGE_RECEIPT:
		report->receipts++;
		break;
	case MESSAGE_BOUNCE:
		report->bounces++;
		break;
	case MESSAGE_AUTO_REPLY:
		report->auto_replies++;
		break;
	case MESSAGE_OTHER:
		report->other++;
		break;
	}
}

static gboolean
is_unverified(const Pec *pec)
{
	return (pec->kind != PEC_NONE || pec->doubt != PEC_VERIFIED) && !pec_verified(pec);
}

/* "return", "receipt delivery", "receipt delivery unsigned": for the log. Returns: (transfer full) */
static char *
note_of(MessageClass message_class, const Pec *pec)
{
	gboolean pec_said = pec->kind != PEC_NONE || is_unverified(pec);

	return g_strjoin(" ", message_class_name(message_class),
	    pec_said ? pec_kind_name(pec->kind) : NULL,
	    pec_said && is_unverified(pec) ? pec_doubt_name(pec->doubt) : NULL, NULL);
}

/* Everything that one readable message says, in a transaction of the caller. */
static gboolean
record_message(const IntakeTools *tools, const Message *message, const Collected *collected,
    IntakeReport *report, GError **error)
{
	g_autoptr(GPtrArray) arrivals = examine_pdfs(tools, message, collected, error);
	g_autofree char *names = attachment_names(collected);
	g_autofree char *class_note = NULL;
	MessageClass message_class = collected->message_class;
	gboolean hides = (message_class == MESSAGE_RETURN || message_class == MESSAGE_OTHER) &&
			 hides_documents(collected);

	if (arrivals == NULL)
		return FALSE;
	if (message_class == MESSAGE_RETURN && only_echoes(collected, arrivals))
		message_class = MESSAGE_AUTO_REPLY;
	for (guint i = 0; message_class == MESSAGE_RETURN && i < arrivals->len; i++)
		if (!record_arrival(tools, g_ptr_array_index(arrivals, i), report, error))
			return FALSE;
	if (!evidence_record(tools, collected, message->sha256, error))
		return FALSE;
	count_class(message_class, report);
	report->unverified += is_unverified(&collected->pec) ? 1 : 0;
	report->quarantined += hides ? 1 : 0;
	class_note = note_of(message_class, &collected->pec);
	return close_message(tools, message, collected, message_class_name(message_class),
	    hides ? "attachment" : "", hides ? names : class_note, error);
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
	total->auto_replies += more->auto_replies;
	total->other += more->other;
}

/* @collected NULL: the message could not be read, for @reason. */
static gboolean
finish_message(const IntakeTools *tools, const Message *message, const Collected *collected,
    const char *reason, const char *note, IntakeReport *report, GError **error)
{
	g_autoptr(Transaction) transaction = transaction_begin(tools->store, error);
	IntakeReport mine = { .messages = 1 };

	if (transaction == NULL)
		return FALSE;
	if (collected == NULL) {
		mine.quarantined++;
		if (!close_message(tools, message, NULL, "", reason, note, error))
			return FALSE;
	} else if (!record_message(tools, message, collected, &mine, error)) {
		return FALSE;
	}
	if (!transaction_commit(transaction, error))
		return FALSE;
	add_report(report, &mine); /* only what is committed counts */
	return TRUE;
}

static gboolean
read_message(const IntakeTools *tools, const PecTrust *trust, const Message *message,
    IntakeReport *report, GError **error)
{
	g_autofree char *archive =
	    g_build_filename(config_workspace(tools->config), "archive", NULL);
	g_autoptr(GBytes) raw = archive_open(archive, message->sha256, error);
	g_autoptr(GError) why = NULL;
	g_autoptr(Collected) collected = NULL;

	if (raw == NULL)
		return FALSE;
	collected = collect_message(raw, trust, &why);
	if (collected != NULL)
		return finish_message(tools, message, collected, "", "", report, error);
	if (g_error_matches(why, PLICO_ERROR, PLICO_ERROR_INPUT))
		return finish_message(
		    tools, message, NULL, "unreadable", why->message, report, error);
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

gboolean
intake_run(const IntakeTools *tools, IntakeReport *report, GError **error)
{
	g_autoptr(PecTrust) trust =
	    pec_trust_open(config_text(tools->config, CONFIG_pec_certificates),
		config_text(tools->config, CONFIG_mail_from), error);

	if (trust == NULL)
		return FALSE;
	collect_prepare();
	for (;;) {
		g_auto(Message) message = { 0 };

		if (!next_message(tools->store, &message, error))
			return FALSE;
		if (message.id == 0)
			return TRUE;
		if (message.attempts >= ATTEMPTS_MAX) {
			if (!finish_message(tools, &message, NULL, "crash",
				_("plico ended three times while reading this message"), report,
				error))
				return FALSE;
			continue;
		}
		if (!count_attempt(tools->store, &message, 1, error))
			return FALSE;
		if (!read_message(tools, trust, &message, report, error)) {
			/* told, not crashed: a full disk is not the message's fault */
			(void)count_attempt(tools->store, &message, -1, NULL);
			return FALSE;
		}
	}
}

/* From a message that was read to rows: its class, returns, answers, what it tells of our own messages. */
#include "base/error.h"
#include "validate/evidence.h"
#include "validate/merged.h"
#include "validate/message.h"
#include "validate/paper.h"
#include "validate/record.h"
#include "validate/reply.h"

#include <string.h>

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

	if (!store_run(tools->store, error, SQL_validate_message_done,
		"ittttt"
		"ti",
		message->id, state, class_name, collected != NULL ? collected->sender : "",
		collected != NULL ? collected->subject : "", reason,
		collected != NULL ? collected->message_id : "",
		(gint64)(collected != NULL && reply_is_unwanted(collected) ? 1 : 0)))
		return FALSE;
	if (store_changes(tools->store) != 1)
		return fail(error, PLICO_ERROR_TRY_AGAIN,
		    _("message %" PRId64 ": another plico has just read it"), message->id);
	return record_event(tools, &event, error);
}

static GPtrArray *
examine_pdfs(
    const IntakeTools *tools, const Message *message, const Collected *collected, GError **error)
{
	g_autoptr(GPtrArray) arrivals =
	    g_ptr_array_new_with_free_func((GDestroyNotify)arrival_free);

	if (!merged_split(tools, collected->pdfs, error) ||
	    !paper_split(tools, collected->pdfs, message->received_at, error))
		return NULL;
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
	static const char *const endings[] = { ".p7m", ".pdf", ".zip", ".7z", ".rar", ".dat",
		".eml" };

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
	case MESSAGE_READ_RECEIPT:
		report->read_receipts++;
		break;
	case MESSAGE_COMPLAINT:
		report->complaints++;
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
	if (tools->replay == NULL && (!evidence_record(tools, collected, message->sha256, error) ||
					 (message_class == MESSAGE_RETURN &&
					     !reply_to_message(tools, collected, arrivals, error))))
		return FALSE;
	count_class(message_class, report);
	report->unverified += is_unverified(&collected->pec) ? 1 : 0;
	report->quarantined += hides ? 1 : 0;
	class_note = note_of(message_class, &collected->pec);
	return close_message(tools, message, collected, message_class_name(message_class),
	    hides ? "attachment" : "", hides ? names : class_note, error);
}

gboolean
message_record(
    const IntakeTools *tools, const Message *message, IntakeReport *report, GError **error)
{
	report->messages++;
	if (message->collected != NULL)
		return record_message(tools, message, message->collected, report, error);
	report->quarantined++;
	if (message->why == NULL)
		return close_message(tools, message, NULL, "", "crash",
		    _("plico ended three times while reading this message"), error);
	return close_message(tools, message, NULL, "", "unreadable", message->why->message, error);
}

#include "validate/evidence.h"

#include "outbox/outbox.h"

#include <string.h>

/* RFC 3464, 2.3.3. Whoever reports a delay, or nothing that can be read, has the message all the same. */
static Proof
proof_of_bounce(const Collected *collected)
{
	if (strcmp(collected->bounce_action, "failed") == 0)
		return PROOF_UNDELIVERED;
	return strcmp(collected->bounce_action, "delivered") == 0 ? PROOF_DELIVERED : PROOF_LEFT;
}

/* RFC 6109, 3.1 to 3.3. What providers tell each other comes to nobody else. FALSE: it is no evidence. */
static gboolean
proof_of_receipt(PecKind kind, Proof *out)
{
	static const Proof proofs[PEC_KINDS] = {
		[PEC_ACCEPTANCE] = PROOF_ACCEPTED,
		[PEC_NON_ACCEPTANCE] = PROOF_REFUSED,
		[PEC_DELIVERY] = PROOF_DELIVERED,
		[PEC_NON_DELIVERY] = PROOF_UNDELIVERED,
		[PEC_WARNING] = PROOF_LEFT,
	};

	*out = proofs[kind];
	return *out != PROOF_LEFT || kind == PEC_WARNING;
}

/* What the provider says is wrong. */
static const char *
words_of(const Pec *pec)
{
	if (*pec->error_detail != '\0')
		return pec->error_detail;
	return strcmp(pec->error, "nessuno") != 0 ? pec->error : "";
}

/* At most one dispatch, and only in the words that are signed. */
static gboolean
record_receipt(const IntakeTools *tools, const Pec *pec, const char *sha256, GError **error)
{
	const Trouble *trouble = trouble_of_pec(pec);
	g_autofree char *note =
	    trouble != NULL ? trouble_note(trouble, "", words_of(pec)) : g_strdup("");
	const char *recipient = *pec->recipient != '\0' ? pec->recipient : NULL;
	gint64 dispatch = 0;
	Proof proof;

	if (!pec_verified(pec) || !proof_of_receipt(pec->kind, &proof))
		return TRUE;
	if (!outbox_find(tools->store, pec->reference, &dispatch, error))
		return FALSE;
	return dispatch == 0 ||
	       outbox_prove(tools->store, dispatch, proof, recipient, sha256, note, error);
}

/* @known: the dispatches that this message has told of, since it may name one in several ways. */
static gboolean
record_one(const IntakeTools *tools, const char *reference, Proof proof, const char *sha256,
    const char *note, GHashTable *known, GError **error)
{
	gint64 dispatch;

	if (!outbox_find(tools->store, reference, &dispatch, error))
		return FALSE;
	return dispatch == 0 || !g_hash_table_add(known, GSIZE_TO_POINTER(dispatch)) ||
	       outbox_prove(tools->store, dispatch, proof, NULL, sha256, note, error);
}

/* Whoever answers, or complains, has the message. */
static Proof
proof_of_answer(const Collected *collected)
{
	switch (collected->message_class) {
	case MESSAGE_BOUNCE:
		return proof_of_bounce(collected);
	case MESSAGE_READ_RECEIPT:
		return collected->seen ? PROOF_OPENED : PROOF_LEFT;
	case MESSAGE_COMPLAINT:
		return PROOF_COMPLAINT;
	case MESSAGE_RECEIPT:
	case MESSAGE_RETURN:
	case MESSAGE_AUTO_REPLY:
	case MESSAGE_OTHER:
		return PROOF_LEFT;
	}
	g_assert_not_reached();
}

/* Why a bounce says that a message was not delivered. Returns: (transfer full), "" of anything else */
static char *
note_of_bounce(const Collected *collected)
{
	const char *status = collected->bounce_status;
	const char *words = collected->bounce_detail;

	return collected->message_class == MESSAGE_BOUNCE
		   ? trouble_note(trouble_of_status(status, words), status, words)
		   : g_strdup("");
}

/* A bounce, or an answer to what it names. */
static gboolean
record_references(
    const IntakeTools *tools, const Collected *collected, const char *sha256, GError **error)
{
	g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
	g_autofree char *note = note_of_bounce(collected);
	Proof proof = proof_of_answer(collected);

	for (guint i = 0; i < collected->references->len; i++)
		if (!record_one(tools, g_ptr_array_index(collected->references, i), proof, sha256,
			note, known, error))
			return FALSE;
	return TRUE;
}

gboolean
evidence_record(
    const IntakeTools *tools, const Collected *collected, const char *sha256, GError **error)
{
	return collected->message_class == MESSAGE_RECEIPT
		   ? record_receipt(tools, &collected->pec, sha256, error)
		   : record_references(tools, collected, sha256, error);
}

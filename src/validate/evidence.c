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

/* FALSE: it is no evidence. */
static gboolean
find_proof(const Collected *collected, Proof *out)
{
	*out = PROOF_LEFT;
	switch (collected->message_class) {
	case MESSAGE_BOUNCE:
		*out = proof_of_bounce(collected);
		return TRUE;
	case MESSAGE_RECEIPT:
		return FALSE;
	case MESSAGE_RETURN:
	case MESSAGE_AUTO_REPLY:
	case MESSAGE_OTHER:
		return TRUE; /* an answer to it */
	}
	g_assert_not_reached();
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

gboolean
evidence_record(
    const IntakeTools *tools, const Collected *collected, const char *sha256, GError **error)
{
	g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
	g_autofree char *note = g_strstrip(
	    g_strdup_printf("%s %s", collected->bounce_status, collected->bounce_detail));
	Proof proof;

	if (!find_proof(collected, &proof))
		return TRUE;
	for (guint i = 0; i < collected->references->len; i++)
		if (!record_one(tools, g_ptr_array_index(collected->references, i), proof, sha256,
			note, known, error))
			return FALSE;
	return TRUE;
}

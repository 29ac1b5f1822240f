/*
 * The codes alone lie: libesmtp leaves a stale 250 of an earlier chunk or the 354 of DATA where the line was lost behind
 * the last byte. So a message is accepted only if the recipient was, the transaction came to its end, and the reply to
 * that is 2yz; and once the final dot may have left, silence is doubt and never "not sent".
 */
#include "send/verdict.h"

static gboolean
has_enhanced(const Reply *reply, int enh_class, int subject, int detail)
{
	return reply->enh_class == enh_class && reply->enh_subject == subject &&
	       reply->enh_detail == detail;
}

/* RFC 4954, 6 (530, 535, 538, 454 4.7.0, 5.7.8); RFC 3463, 3.8 (5.7.0) and 3.4 (5.3.4). */
static gboolean
is_fault(const Reply *reply)
{
	return reply->code == 530 || reply->code == 535 || reply->code == 538 ||
	       (reply->code == 454 && has_enhanced(reply, 4, 7, 0)) ||
	       has_enhanced(reply, 5, 7, 8) || has_enhanced(reply, 5, 7, 0) ||
	       (reply->code == 552 && has_enhanced(reply, 5, 3, 4));
}

static gboolean
is_kind(const Reply *reply, int kind)
{
	return reply->code / 100 == kind;
}

/* RFC 5321, 3.8: with 421 the server ends the conversation. To MAIL it has nothing to do with the message. */
static gboolean
is_goodbye(const Seen *seen)
{
	return seen->mail.code == 421 && seen->rcpt.code == 0;
}

/* Refusals of the envelope, of the recipient first: without it nothing can have been accepted. */
static gboolean
envelope_verdict(const Seen *seen, Verdict *verdict, const Reply **reply)
{
	const Reply *const order[] = { &seen->rcpt, &seen->mail };

	for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
		*reply = order[i];
		if (is_kind(order[i], 5) || is_kind(order[i], 4)) {
			*verdict = is_kind(order[i], 5) ? VERDICT_PERM : VERDICT_TEMP;
			return TRUE;
		}
	}
	*reply = NULL;
	*verdict = VERDICT_UNSENT;
	return !is_kind(&seen->rcpt, 2);
}

Verdict
verdict_of(const Seen *seen, const Reply **out_reply)
{
	const Reply *const all[] = { &seen->mail, &seen->rcpt, &seen->data };
	Verdict verdict;

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
		*out_reply = all[i];
		if (is_fault(all[i]) && (all[i] != &seen->data || seen->completed))
			return VERDICT_FAULT;
	}
	*out_reply = &seen->mail;
	if (is_goodbye(seen))
		return VERDICT_UNSENT;
	if (envelope_verdict(seen, &verdict, out_reply))
		return verdict;
	*out_reply = &seen->data;
	if (seen->completed && is_kind(&seen->data, 2))
		return VERDICT_ACCEPTED;
	if (seen->completed && is_kind(&seen->data, 5))
		return VERDICT_PERM;
	if (seen->completed && is_kind(&seen->data, 4))
		return VERDICT_TEMP;
	*out_reply = NULL;
	return seen->ended ? VERDICT_IN_DOUBT : VERDICT_UNSENT;
}

/* Internal to send/: what the replies to one message mean. */
#ifndef PLICO_SEND_VERDICT_H
#define PLICO_SEND_VERDICT_H

#include "outbox/outbox.h"

/* A reply of the server (RFC 5321, 4.2; RFC 3463). code 0: there was none. */
typedef struct {
	int code;
	int enh_class; /* 0 in all three where it gave no enhanced code */
	int enh_subject;
	int enh_detail;
} Reply;

/* All that was seen of one message with one recipient. */
typedef struct {
	Reply mail;
	Reply rcpt;
	Reply data;	    /* to the end of data: believed only where @completed */
	gboolean completed; /* the library told that the transaction came to its end */
	gboolean ended;	    /* it was given all bytes and told to write the final dot */
} Seen;

typedef enum {
	VERDICT_ACCEPTED,
	VERDICT_TEMP,
	VERDICT_PERM,
	VERDICT_IN_DOUBT,
	VERDICT_UNSENT,
	VERDICT_FAULT /* authentication, policy, size: everybody would get this reply; no recipient is to blame */
} Verdict;

/* The first line of the table that matches. @out_reply: (out) (nullable) (transfer none): the reply it rests on. */
Verdict verdict_of(const Seen *seen, const Reply **out_reply);

#endif

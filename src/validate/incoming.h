/*
 * What people and machines have written to the survey's mailbox: for those who answer them. Sheets that came back are the
 * quarantine's and the answers'.
 */
#ifndef PLICO_VALIDATE_INCOMING_H
#define PLICO_VALIDATE_INCOMING_H

#include "collect/collect.h"
#include "store/store.h"

typedef struct {
	gint64 id;
	char *message_class; /* as message_class_name(); "" where it was not read */
	char *state;	     /* new, parsed, quarantined */
	char *reason;	     /* stable word of what is in quarantine */
	char *note;	     /* what the log says of it */
	gint64 received_at;
	char *sender; /* as claimed */
	char *subject;
	char *unit_code; /* whose registered address, or whose delegate's, the sender claims; "" */
	char *unit_name;
	char *effect; /* what followed from it, as in the log: dispatch.undelivered ...; "" */
	char *sha256; /* in the archive */
} Incoming;

void incoming_free(Incoming *incoming);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Incoming, incoming_free)

typedef struct {
	const char *message_class; /* NULL: what somebody may want to answer, see below */
	const char *state;	   /* NULL: any */
	gint64 since;
} IncomingFilter;

/* Receipts that changed nothing in what is known of our mail. */
typedef struct {
	guint
	    not_ours; /* in order, but about no message of ours, or about one of which it was known */
	guint unverified; /* no provider vouches for them */
} IdleReceipts;

/* Without a class: no returns, and no receipts, bounces or read receipts that told of one of our messages; all else: texts,
 * automatic replies, complaints, what tells of none of ours, what could not be read. Oldest first. @error: a class or state that
 * is not there. Returns: (transfer full): of Incoming */
GPtrArray *incoming_list(Store *store, const IncomingFilter *filter, GError **error);
/* One of them, of any class: "5" or "m5", as the quarantine says. Returns: (transfer full) */
Incoming *incoming_find(Store *store, const char *id, GError **error);

gboolean incoming_idle_receipts(Store *store, IdleReceipts *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* A class in a few words of the reader's language. Returns: (transfer none) */
const char *incoming_class_words(const char *message_class);

/* What the log has of the message itself and of what followed from it, oldest first. */
typedef struct {
	gint64 at;
	char *what;
	char *note;
	char *unit_code;
} IncomingEvent;

void incoming_event_free(IncomingEvent *event);
/* Returns: (transfer full): of IncomingEvent */
GPtrArray *incoming_events(Store *store, const Incoming *incoming, GError **error);

#endif

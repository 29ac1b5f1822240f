/*
 * The mail server of the simulated municipalities: SMTP (RFC 5321) with 8BITMIME, SIZE and PIPELINING, one thread a
 * connection. It is strict: a line feed without its carriage return or a line over 998 bytes is refused. It keeps what a
 * town will read, and notes every message that it has taken on, so that the rehearsal can say that nothing came twice.
 */
#ifndef PLICO_REHEARSE_RECEIVER_H
#define PLICO_REHEARSE_RECEIVER_H

#include <glib.h>

#define RECEIVER_MESSAGE_LIMIT	  ((gsize)35 << 20)
#define RECEIVER_LINE_LIMIT	  ((gsize)998) /* RFC 5321, 4.5.3.1.6, without CRLF */
#define RECEIVER_RECIPIENTS_LIMIT 100

/* What the server knows of an address; one it does not know is refused with 550. */
typedef enum {
	MAILBOX_KNOWN = 1 << 0,
	MAILBOX_KEPT = 1 << 1,	  /* somebody reads it: messages are written down */
	MAILBOX_GREYLIST = 1 << 2 /* the first RCPT gets 450 */
} Mailbox;

typedef struct Receiver Receiver;

/* Listens on a free port of 127.0.0.1. @mailboxes: address -> Mailbox (GUINT_TO_POINTER). @directory: gets
 * received.tsv (address, Message-ID) and a folder for each address with 1.eml, 2.eml ... Both must outlive it.
 * Returns: (transfer full), NULL with PLICO_ERROR_UNAVAILABLE */
Receiver *receiver_new(GHashTable *mailboxes, const char *directory, GError **error);
guint16 receiver_port(const Receiver *receiver);
/* Begins to serve, in threads: call it in the process that shall serve. */
gboolean receiver_start(Receiver *receiver, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends the open connections and closes received.tsv, where it was started. */
void receiver_free(Receiver *receiver);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Receiver, receiver_free)

/* The folder of @address in @directory. Returns: (transfer full) */
char *receiver_folder(const char *directory, const char *address);

#endif

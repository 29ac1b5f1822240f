/*
 * 6 IN: messages come in. A message is acknowledged to its source only after its bytes are in the archive and its row
 * is committed: archive, fsync, commit, then move. The source's folder is the queue; identity is the SHA-256 of the raw
 * bytes, never a UID or a file name.
 */
#ifndef PLICO_INBOX_INBOX_H
#define PLICO_INBOX_INBOX_H

#include "base/config.h"
#include "store/store.h"

#define INBOX_MESSAGE_LIMIT ((gsize)35 << 20) /* a larger one stays in the source */
/* messages of one transaction and one acknowledgement, and the bytes after which no more is added */
#define INBOX_BATCH	  64
#define INBOX_BATCH_BYTES ((gsize)16 << 20)

typedef struct {
	guint taken;	 /* new in the archive */
	guint again;	 /* had been taken before: only acknowledged */
	guint too_large; /* left where they are */
} InboxReport;

/* Takes everything that waits in the configured mailboxes; adds to @report. Killed at any moment and started again, it
 * neither loses a message nor takes one twice. Errors: PLICO_ERROR_UNAVAILABLE (the server), PLICO_ERROR_TRY_AGAIN
 * (the disk is nearly full: nothing more is taken), PLICO_ERROR_CONFIG, PLICO_ERROR_IO. A mailbox that fails does not keep the
 * others from being taken; the first failure is told. */
gboolean inbox_take(const Config *config, Store *store, InboxReport *report, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same batch by batch, for who has something to do in between. */
typedef struct Inbox Inbox;

/* @config and @store must outlive it. Returns: (transfer full) */
Inbox *inbox_open(const Config *config, Store *store);
void inbox_close(Inbox *inbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Inbox, inbox_close)

/* Tells @taken of each new message as soon as it is committed, with its bytes: for who reads them next. */
typedef void (*InboxTaken)(const char *sha256, GBytes *raw, gpointer data);
void inbox_tell(Inbox *inbox, InboxTaken taken, gpointer data);

/* Takes messages, none or some, and begins to write down those of the next call. @more: (out): FALSE: there is nothing left to
 * take, or it could not be kept. With @more and an error only one mailbox failed, and the next call goes on with the others. */
gboolean inbox_take_some(Inbox *inbox, InboxReport *report, gboolean *more, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* One message that was handed over, of which nobody else has a copy: when it returns TRUE it is in the archive and committed. @place:
 * for the log. */
gboolean inbox_receive(const Config *config, Store *store, GBytes *raw, const char *place,
    InboxReport *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One message as the source gives it. */
typedef struct {
	GBytes *raw; /* NULL: larger than the limit */
	char *
	    place; /* "maildir:NAME", "imap:UIDVALIDITY/UID": for the log and the acknowledgement */
} InboxItem;

/* A source, after fdm's fetch: open, next ... commit ..., close. The contract for a new one. */
typedef struct {
	const char *name; /* as inbox.source names it */
	gpointer (*open)(const Config *config, GError **error);
	/* TRUE: @item is filled, the caller clears it. FALSE: the end, or @error. */
	gboolean (*next)(gpointer session, InboxItem *item, GError **error);
	/* The messages at @places (of char *) are safe: moves them out of the queue, never deletes. One that is gone
	 * meanwhile is no error; one that comes back is recognised by its bytes. */
	gboolean (*commit)(gpointer session, const GPtrArray *places, GError **error);
	void (*close)(gpointer session);
} Source;

/* NULL-terminated. */
extern const Source *const sources[];

#endif

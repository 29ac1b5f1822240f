/*
 * 5 OUT: dispatches leave by a channel: smtp, dir (.eml files) or null. One run at a time in a workspace (a lock file).
 */
#ifndef PLICO_SEND_SEND_H
#define PLICO_SEND_SEND_H

#include "outbox/outbox.h"
#include "send/pace.h"

typedef struct {
	guint sent;
	guint deferred;
	guint failed;
	guint unknown; /* of this run and found at its start */
	guint left;    /* due and not sent: the run was stopped */
	guint waiting; /* of all waves: theirs is paused, or waits for approval */
} SendReport;

typedef struct {
	guint limit; /* at most so many messages; 0: all */
	gboolean
	    once; /* where the pace wants it to wait for another hour or day: PLICO_ERROR_TRY_AGAIN instead */
} SendOptions;

/* Sends what is due of a wave (0: of all waves). A fault of the configuration or of the server as a whole (no
 * connection, TLS, password, policy) ends the run with an error; no recipient is blamed for it, and what was not
 * sent stays queued. SIGINT and SIGTERM end it after the messages at hand, with PLICO_ERROR_TRY_AGAIN. @report is filled in
 * any case. Threads that it starts have ended when it returns. */
gboolean send_run(const OutboxTools *tools, gint64 wave_id, const SendOptions *options,
    SendReport *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- the contract of a channel -------------------------------------------------------------------------- */

/* One message to one recipient. */
typedef struct SendJob SendJob;
struct SendJob {
	const Dispatch *dispatch;
	const char *envelope_from;
	/* Its bytes, once they are to leave. Returns: (transfer none), until done(); NULL with an error: it shall not leave */
	GBytes *(*message)(SendJob *job, GError **error);
	/* (nullable) The last piece of it is handed over: what before_dot() has to do may begin. */
	void (*ends_soon)(SendJob *job);
	/* Must be called, and succeed, before the final dot is written; a channel that sees by itself what it delivered
	 * leaves it out. */
	gboolean (*before_dot)(SendJob *job, GError **error);
	gpointer self;
	Outcome outcome; /* set by the channel, OUTCOME_UNSENT before */
	char *
	    reply; /* (nullable) set by the channel: the server's last words; with OUTCOME_UNSENT: why it stopped here */
};

/* Where a channel's messages come from. */
typedef struct {
	/* The next one; it may wait. NULL: there is none for now, so hang up. Returns: (transfer none), until done() */
	SendJob *(*next)(gpointer self);
	/* Once for each that next() gave, as soon as its outcome is certain, also for those that did not leave. */
	void (*done)(SendJob *job);
	gpointer self;
} SendFeed;

typedef struct {
	const char *name; /* as in mail.channel */
	gboolean
	    dials; /* over lines, of which it may have several at once, each in a thread of its own */
	/* Hands over what @feed gives, in order, until that gives nothing or the line is at its end. FALSE: a fault that is
	 * nobody's address, or a message that shall not leave. */
	gboolean (*deliver)(const Config *config, const SendFeed *feed, GError **error);
} Channel;

/* All channels, NULL-terminated; by name. */
extern const Channel *const channels[];
const Channel *channel_find(const char *name);

#endif

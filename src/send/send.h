/*
 * 5 OUT: dispatches leave by a channel: smtp, dir (.eml files) or null. One run at a time in a workspace (a lock file).
 */
#ifndef PLICO_SEND_SEND_H
#define PLICO_SEND_SEND_H

#include "outbox/outbox.h"

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
 * sent stays queued. SIGINT and SIGTERM end it after the message at hand, with PLICO_ERROR_TRY_AGAIN. @limit: at most so
 * many messages, 0: all. @report is filled in any case. */
gboolean send_run(const OutboxTools *tools, gint64 wave_id, const SendOptions *options,
    SendReport *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- the contract of a channel -------------------------------------------------------------------------- */

/* One message to one recipient. The functions belong to the run, and take @self. */
typedef struct {
	Dispatch *dispatch;
	const char *envelope_from;
	/* Makes the message on the first call, so that only the one at hand is in memory. Returns: (transfer none), until
	 * done() */
	GBytes *(*message)(gpointer self, GError **error);
	/* Must be called, and succeed, before the final dot is written; a channel that sees by itself what it delivered
	 * leaves it out. */
	gboolean (*before_dot)(gpointer self, GError **error);
	gpointer self;
	Outcome outcome; /* set by the channel, OUTCOME_UNSENT before */
	char *
	    reply; /* (nullable) set by the channel: the server's last words; with OUTCOME_UNSENT: why it stopped here */
} SendJob;

typedef gboolean (*SendDone)(SendJob *job, GError **error);

typedef struct {
	const char *name; /* as in mail.channel */
	gboolean dials;	  /* takes smtp.per_connection jobs at once */
	/* Hands over each job, in order, and calls @done as soon as its outcome is known and not OUTCOME_UNSENT; @done says
	 * FALSE where nothing more shall leave. TRUE with jobs left OUTCOME_UNSENT: call again with those. FALSE: a fault that
	 * is nobody's address, or @done said so. */
	gboolean (*deliver)(const Config *config, GPtrArray *jobs, SendDone done, GError **error);
} Channel;

/* All channels, NULL-terminated; by name. */
extern const Channel *const channels[];
const Channel *channel_find(const char *name);

#endif

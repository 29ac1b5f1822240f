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
	guint left;    /* still queued: the run was stopped */
} SendReport;

/* Sends what is due of a wave (0: of all waves). A fault of the configuration or of the server as a whole (no
 * connection, TLS, password, policy) ends the run with an error; no recipient is blamed for it, and what was not
 * sent stays queued. @limit: at most so many messages, 0: all. */
gboolean send_run(const OutboxTools *tools, gint64 wave_id, guint limit, SendReport *report,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One channel; internal to send/, and the contract for a new one. */
typedef struct {
	Dispatch *dispatch;
	const char *envelope_from;
	/* Makes the message on the first call. Returns: (transfer none) */
	GBytes *(*message)(gpointer self, GError **error);
	/* Must be called, and succeed, before the final dot is written. */
	gboolean (*before_dot)(gpointer self, GError **error);
	gpointer self;
	Outcome outcome; /* set by the channel, OUTCOME_UNSENT before */
	char *reply;	 /* set by the channel: the server's last words */
} SendJob;

typedef struct {
	const char *name;
	/* Hands over each job, in order. After each job whose outcome is known it calls @done. FALSE: a fault that is
	 * nobody's address; jobs not yet handed over stay OUTCOME_UNSENT. */
	gboolean (*deliver)(const Config *config, GPtrArray *jobs,
	    gboolean (*done)(SendJob *job, GError **error), GError **error);
} Channel;

extern const Channel *const channels[];

#endif

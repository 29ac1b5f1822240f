/*
 * Internal to send/: the middle of a run. One thread, this one, owns store, letters and pace; lanes carry the messages. A
 * turn of it takes what the lanes have to say, writes that, hands out what may leave, and makes one message ahead.
 */
#ifndef PLICO_SEND_RUN_H
#define PLICO_SEND_RUN_H

#include "base/progress.h"
#include "send/clerk.h"
#include "send/pace.h"

#define RUN_SESSIONS_MAX 64

typedef struct {
	const OutboxTools *tools;
	const Channel *channel;
	gint64 wave_id;
	SendOptions options;
	const Pace *pace;
	Clerk *clerk;
	Progress *progress;
	guint due;     /* when it begins */
	guint busiest; /* of them to one domain */
} RunOrder;

/* Sends until nothing is due, with SIGINT and SIGTERM blocked by the caller. When it returns no thread of it is left, and
 * nothing is claimed but what the clerk's breaker holds. */
gboolean run_lanes(const RunOrder *order, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif

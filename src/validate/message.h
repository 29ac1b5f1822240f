/* A message of the queue: queue.c has it read, intake.c makes rows of it. Private to validate/. */
#ifndef PLICO_VALIDATE_MESSAGE_H
#define PLICO_VALIDATE_MESSAGE_H

#include "validate/validate.h"

/* One among others, at which nobody knows who was to blame, and three alone. */
#define ATTEMPTS_MAX 4

typedef struct {
	gint64 id;
	char *sha256;
	gint64 received_at;
	gint64 attempts; /* before the present one; ATTEMPTS_MAX: it is not read any more */
	Collected *collected;
	GError *why; /* what kept it from being read */
} Message;

void message_free(Message *message);

/* Stores what was read of it, or why it was not, in a transaction of the caller; adds to @report. */
gboolean message_record(const IntakeTools *tools, const Message *message, IntakeReport *report,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif

/*
 * A message of which the event log tells already is read once more: what follows from it is made anew, and takes the place of what
 * the log has of it. Of validate/ only returns, answers, findings and the message itself are made anew. What a message has done to
 * others (dispatches, delegations, mail that answers it) is kept as the log has it: whoever adds such a thing to intake leaves it
 * out where IntakeTools has a replay. Private to validate/.
 */
#ifndef PLICO_VALIDATE_REPLAY_H
#define PLICO_VALIDATE_REPLAY_H

#include "validate/validate.h"

/* A row of the event log. */
typedef struct {
	gint64 at;
	char *actor;
	char *edition;
	gint64 unit_id;
	char *section;
	char *subject;
	gint64 subject_id;
	char *what;
	char *from_state;
	char *to_state;
	char *evidence;
	char *note;
} Logged;

/* The row that stands there, of a SELECT with these columns in this order. Returns: (transfer full) */
Logged *logged_from(Rows *rows);
void logged_free(Logged *logged);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Logged, logged_free)

/* Writes it once more, as it is. */
gboolean logged_copy(Store *store, const Logged *logged, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the log has of one reading of one message. */
struct Replay {
	Store *store;
	const GPtrArray *block; /* of Logged; the last is the message's own */
	guint next;		/* those before it are written, or were made anew */
	gint64 *spare_id;	/* the next of returns that the log does not know */
};

/* Writes @event where the log has it, with the time that it has there; before it what is kept. */
gboolean replay_event(Replay *replay, const Event *event, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes what is left of the block and kept. */
gboolean replay_rest(Replay *replay, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The number that the return of the message's part @part had. */
gint64 replay_return_id(Replay *replay, guint part);

#endif

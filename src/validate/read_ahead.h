/*
 * Several messages read at once, each in cages of its own, and given back in the order in which they were asked for: what
 * follows from a message depends on those before it, what stands in it does not. Private to validate/.
 */
#ifndef PLICO_VALIDATE_READ_AHEAD_H
#define PLICO_VALIDATE_READ_AHEAD_H

#include "collect/collect.h"

typedef struct ReadAhead ReadAhead;

/* @archive: the folder with the messages' bytes. @trust (nullable): for collect_message(); must outlive it. Starts a thread for each
 * processor; they end with it. collect_prepare() must have been called. Returns: (transfer full) */
ReadAhead *read_ahead_new(const char *archive, const PecTrust *trust);
/* Waits for those being read, and forgets what was not taken. */
void read_ahead_free(ReadAhead *ahead);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReadAhead, read_ahead_free)

/* What the archive has under this name, for read_ahead_add(): then it is not read from there. Forgotten where there would be too much of
 * it in memory. */
void read_ahead_hand_over(ReadAhead *ahead, const char *sha256, GBytes *raw);
/* Of what was handed over, all that was not added. */
void read_ahead_forget(ReadAhead *ahead);

/* Reads the message of this name in the archive as soon as it is its turn, as it would have been read at the time @at
 * (collect_message_at()). Never waits: how many it makes sense to ask for is read_ahead_room(). */
void read_ahead_add(ReadAhead *ahead, const char *sha256, gint64 at);
/* How many more may be added before the readers have enough to do; what is read and not taken counts too. */
guint read_ahead_room(ReadAhead *ahead);

/* The oldest that was added and not taken yet; waits until it is read.
 * Returns: (transfer full): as collect_message(); NULL with PLICO_ERROR_INPUT where the message cannot be read, with other codes
 * where it is not its fault (the archive, the cage). */
Collected *read_ahead_take(ReadAhead *ahead, GError **error);

#endif

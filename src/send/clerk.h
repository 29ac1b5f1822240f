/*
 * Internal to send/: what the lanes report is written in groups, one transaction and one flush for all that has come in. A dot is
 * granted when its mark is committed. An outcome that is not yet written when the machine stops leaves its message in dot, and so
 * unknown: that is why a lane asks for the mark only when the last piece of its message leaves, and why an outcome waits for
 * others no longer than one message takes to be made or two.
 */
#ifndef PLICO_SEND_CLERK_H
#define PLICO_SEND_CLERK_H

#include "send/lane.h"

typedef struct Clerk Clerk;

/* Counts into @report. Both must outlive it. Returns: (transfer full) */
Clerk *clerk_new(Store *store, SendReport *report);
void clerk_free(Clerk *clerk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Clerk, clerk_free)

/* For the next clerk_write(): the mark of @task is wanted; it has ended, or goes back to the queue (transfer full). In the
 * order in which it happened. */
void clerk_add_dot(Clerk *clerk, Task *task);
void clerk_add_end(Clerk *clerk, Task *task);
gboolean clerk_is_empty(const Clerk *clerk);
/* Whether they should be written though there is other work: @lanes, all that are busy, wait, or the first has waited long
 * enough for others. */
gboolean clerk_is_due(const Clerk *clerk, guint lanes);

/* Writes them, and answers those that wait for their dot. FALSE: nothing more may leave, because the store failed or the
 * circuit breaker says so; all that could be written was. */
gboolean clerk_write(Clerk *clerk, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes the refusals that the breaker still holds, at the end of a run. */
gboolean clerk_close(Clerk *clerk, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif

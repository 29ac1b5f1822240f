/* Internal to outbox/: messages to those who were given sections. */
#ifndef PLICO_OUTBOX_DELEGATE_H
#define PLICO_OUTBOX_DELEGATE_H

#include "outbox/town.h"

/* One message to one address; all borrowed. */
typedef struct {
	gint64 wave_id;
	const char *kind; /* sections or withdrawal */
	const char *address;
	const char *channel;
	const GPtrArray *towns; /* of MailTown, not empty, as towns_of_delegate() gives them */
	gint64 replaces;	/* the dispatch in whose place it is; 0: none */
} DelegateDraft;

/* Writes the dispatch, and into the delegations that it is theirs. Inside a transaction of the caller. */
gboolean delegate_write(const OutboxTools *tools, const DelegateDraft *draft, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Whether @dispatch, about delegations, still says what is to be said. Where a part of it does not, a message with the rest is
 * planned in its place, in a transaction of its own. @why: (out) (transfer full) (nullable): NULL where it may leave. */
gboolean delegate_find_end(const OutboxTools *tools, const Dispatch *dispatch, char **why,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif

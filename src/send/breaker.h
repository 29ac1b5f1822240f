/*
 * Internal to send/: the circuit breaker. A refusal is held back until the next outcome tells that it was the address's
 * fault; the same refusal of BREAKER_REFUSALS recipients in a row is the server's, and marks none of them.
 */
#ifndef PLICO_SEND_BREAKER_H
#define PLICO_SEND_BREAKER_H

#include "outbox/outbox.h"

#define BREAKER_REFUSALS 10 /* recipients in a row with the same reply */
#define BREAKER_LINES	 3  /* lines in a row that were lost at a message, with none sent between */
#define BREAKER_DOUBTS	 10 /* messages of a run without a reply to their final dot */

typedef struct Breaker Breaker;

Breaker *breaker_new(void);
void breaker_free(Breaker *breaker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Breaker, breaker_free)

/* Whether @reply ("550 5.1.1 ...") has the codes of those held, or none is held. */
gboolean breaker_same(const Breaker *breaker, const char *reply);

/* Holds a refusal with the codes of those held. @dispatch: (transfer full), alive until it is taken.
 * FALSE with PLICO_ERROR_UNAVAILABLE: it was one too many. */
gboolean breaker_hold(Breaker *breaker, Dispatch *dispatch, const char *reply, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Takes the oldest that is held. Returns: (transfer full) (nullable). @reply: (out) (transfer full) */
Dispatch *breaker_take(Breaker *breaker, char **reply);

/* Whether it was one too many: those held are then to be queued again. */
gboolean breaker_tripped(const Breaker *breaker);

/* Looks at each outcome that is no refusal. FALSE with PLICO_ERROR_UNAVAILABLE: the server loses or closes one line
 * after the other, or one message too many is in doubt. */
gboolean breaker_watch(Breaker *breaker, Outcome outcome, const char *reply, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif

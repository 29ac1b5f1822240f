/* Whom the automatic answer to returns goes to (RFC 3834). Private to validate/. */
#ifndef PLICO_VALIDATE_REPLY_H
#define PLICO_VALIDATE_REPLY_H

#include "validate/record.h"

/* Whether no machine may answer the message, whatever it brought. */
gboolean reply_is_unwanted(const Collected *collected);

/* Plans the answers to what was applied of @arrivals (of Arrival), one for each unit, inside the caller's transaction. Not in a
 * replay: answers are kept. */
gboolean reply_to_message(const IntakeTools *tools, const Collected *collected,
    const GPtrArray *arrivals, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for a return that a person has just accepted. */
gboolean reply_to_return(const IntakeTools *tools, gint64 return_id, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif

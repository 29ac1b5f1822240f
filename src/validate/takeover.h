/* What a returned delegation sheet says becomes delegations. Private to validate/. */
#ifndef PLICO_VALIDATE_TAKEOVER_H
#define PLICO_VALIDATE_TAKEOVER_H

#include "validate/validate.h"

/* What is wrong with the persons that @values (field -> text) name for the sections of @view, beside what the form itself
 * finds: an address that cannot be written to, a name without one. */
void takeover_check(const FormView *view, GHashTable *values, GPtrArray *findings);

/* Each section for which @values name a sound address is given to that person; the coordinator gets those for which nobody
 * is named. What is not named stays as it was. Inside a transaction of the caller. */
gboolean takeover_apply(const IntakeTools *tools, gint64 unit_id, GHashTable *values,
    gint64 return_id, const char *actor, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif

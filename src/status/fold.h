/* Folding the event log into states, one event at a time. Private to status/. */
#ifndef PLICO_STATUS_FOLD_H
#define PLICO_STATUS_FOLD_H

#include "form/form.h"

/* Folds every event of the form's edition (and those of no edition) behind @after into unit_state and section_state,
 * inside a transaction of the caller, in which every unit has its row. The states it starts from are those in the
 * tables, so folding in two steps or in one gives the same. */
gboolean fold_events(Store *store, const Form *form, gint64 after, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif

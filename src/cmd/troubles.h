/* How many could not be reached, why, and what is to be done: the same table for a wave's messages and for the towns. */
#ifndef PLICO_CMD_TROUBLES_H
#define PLICO_CMD_TROUBLES_H

#include "cmd/cmd.h"

typedef struct {
	GHashTable *counts; /* code of a Trouble -> GUINT_TO_POINTER */
} Troubles;

void troubles_clear(Troubles *troubles);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Troubles, troubles_clear)

/* Of rows (note, count). */
gboolean troubles_read(Troubles *troubles, Rows *rows, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "reasons": [{code, reason, action, count}], the most frequent first. */
void troubles_add_json(const Troubles *troubles, JsonBuilder *builder);
/* A table; nothing where there is none. @what: the heading of the numbers. */
void troubles_print(const Troubles *troubles, const char *what);

#endif

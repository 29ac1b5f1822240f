/* What the verbs about last year's answers share. */
#ifndef PLICO_CMD_MEMORY_H
#define PLICO_CMD_MEMORY_H

#include "cmd/cmd.h"

/* memory.edition, which must not be empty. Returns: (transfer none) (nullable) */
const char *memory_edition(const App *app, GError **error);

#endif

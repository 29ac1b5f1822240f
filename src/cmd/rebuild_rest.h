/* Private to cmd/. */
#ifndef PLICO_CMD_REBUILD_REST_H
#define PLICO_CMD_REBUILD_REST_H

#include "cmd/cmd.h"
#include "validate/validate.h"

/* Every message of the archive that the store of @tools does not know is taken as if it had just come, at the time when it was
 * archived, and read. @out_count: how many. */
gboolean rebuild_take_rest(const App *app, const IntakeTools *tools, guint *out_count,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif

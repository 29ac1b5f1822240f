/* What the verbs of forms share. */
#ifndef PLICO_CMD_FORMS_H
#define PLICO_CMD_FORMS_H

#include "cmd/cmd.h"

/* The form in words[0], or of the workspace's edition. What is wrong with it goes to @findings.
 * @out_directory: (out) (transfer full): where it was read. Returns: (transfer full) */
Form *forms_open(App *app, char **words, GPtrArray *findings, char **out_directory, GError **error);

#endif

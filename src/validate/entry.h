/* What a person has typed in becomes the answers of a return. Private to validate/. */
#ifndef PLICO_VALIDATE_ENTRY_H
#define PLICO_VALIDATE_ENTRY_H

#include "validate/validate.h"

/* Puts the answers that @fields say in the place of those that the return has, in a transaction of the caller. They must be of the sheet
 * that the return is. */
gboolean entry_store(const IntakeTools *tools, gint64 return_id, FieldSet *fields, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same with the text @sha256 of the archive: for who goes through the log once more. */
gboolean entry_restore(const IntakeTools *tools, gint64 return_id, const char *sha256,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif

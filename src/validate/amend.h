/* Sheets that ask some questions of a section once more: what comes on them takes the place of those answers, and the others stay.
 * Private to validate/. */
#ifndef PLICO_VALIDATE_AMEND_H
#define PLICO_VALIDATE_AMEND_H

#include "validate/validate.h"

typedef struct {
	gint64 number;	   /* of the unit's correction */
	gint64 printed_id; /* the return whose answers stood on it */
	char *questions;   /* names with blanks between */
	FormView *whole;   /* as the unit was asked when it was planned */
} Amendment;

void amendment_free(Amendment *amendment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Amendment, amendment_free)

/* What the sheet @id of @unit asks. @view: gets the view of these questions. @out and @view: (out) (transfer full) (nullable): NULL
 * where it asks its whole section, and where nothing is known of that correction. */
gboolean amendment_find(const IntakeTools *tools, const SheetId *id, const Unit *unit,
    const Form *form, Amendment **out, FormView **view, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The answers of the whole section, as they are with what stands in @fields. @view: of its questions. @base: the return that they
 * rest on, which is what counts now; 0 with @out NULL where nothing does, or another version of the form was answered.
 * @out: (out) (transfer full) (nullable) */
gboolean amendment_read(const IntakeTools *tools, const Amendment *amendment, const SheetId *id,
    const Unit *unit, const FormView *view, const FieldSet *fields, gint64 *base, Answers **out,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif

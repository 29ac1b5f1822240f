/*
 * Sheets that came back without their fields: printed to a file, scanned, photographed. Whose they are says their QR, or the same code in
 * letters at the foot; what stands in
 * their fields is read beside the very sheet that was sent, from the archive. What is read so from text, and all of it for certain,
 * is an answer like any other; everything else is a proposal for a person. Private to validate/.
 */
#ifndef PLICO_VALIDATE_PAPER_H
#define PLICO_VALIDATE_PAPER_H

#include "validate/identify.h"

/* Puts, for each of @pdfs (of CollectedPdf) that has pages of ours, the sheets to which they belong in its place, with fields as far as
 * they could be read. @received_at: what was sent later is not looked at. */
gboolean paper_split(const IntakeTools *tools, GPtrArray *pdfs, gint64 received_at, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* validate_answers() of @pdf, which @sheet says the sheet of: a question that only a person can tell is left out, with a finding
 * "uncertain". Returns: (transfer full) */
Answers *paper_answers(const Sheet *sheet, const CollectedPdf *pdf, const Printed *printed);

/* What a page does not show may have been lost by the program that made it: where answers are missing or wrong, a person decides. */
void paper_doubt(Sheet *sheet, const CollectedPdf *pdf, const Answers *answers);

/* @whole, of whose pages nobody knows whose they are, as a person says: the sheet at whose foot @code stands, of the present edition.
 * Returns: (transfer full); NULL with PLICO_ERROR_USAGE where that is no code, PLICO_ERROR_INPUT where no such sheet was sent */
CollectedPdf *paper_named(const IntakeTools *tools, const CollectedPdf *whole, const char *code,
    gint64 received_at, GError **error);

/* Whether a return with this reason waits for what a person reads from its pages. */
gboolean paper_is_partial(const char *reason);
/* Whether a person may read its pages, if he or she says which sheet it is. */
gboolean paper_is_enterable(const char *reason);

#endif

/* Several sheets in one PDF, as merging programs leave them. Private to validate/. */
#ifndef PLICO_VALIDATE_MERGED_H
#define PLICO_VALIDATE_MERGED_H

#include "validate/identify.h"

/* Puts, for each of @pdfs (of CollectedPdf) that holds several sheets, the sheets in its place, each with the fields that are its
 * own. pdftk renames a field whose name is taken to "1.name", qpdf to "name+1"; the others keep theirs. A file of which a field
 * would be left over, or not be found, stays as it is: nothing is guessed. */
gboolean merged_split(const IntakeTools *tools, GPtrArray *pdfs, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif

/* Values written into the fields of a template, without mupdf: to the same result as pdf_fill_fields(). */
#ifndef PLICO_PDF_PREFILL_H
#define PLICO_PDF_PREFILL_H

#include "pdf/compile.h"

typedef struct PdfPrefill PdfPrefill;

/* Reads all fields of the form, which must be blank. May throw. Returns: (transfer full) */
PdfPrefill *pdf_prefill_new(fz_context *ctx, pdf_document *doc);
void pdf_prefill_free(PdfPrefill *prefill);

/* Adds to @update the fields that @values name; "" leaves one blank. PLICO_ERROR_INPUT for a name that is no field and for
 * a value that a button does not have. */
gboolean pdf_prefill_write(PdfMaker *maker, const PdfPrefill *prefill, PdfUpdate *update,
    const FieldSet *values, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif

/* Reading a template once, so that its updates can be written without mupdf (update.h). Functions that take a
 * fz_context may throw. */
#ifndef PLICO_PDF_COMPILE_H
#define PLICO_PDF_COMPILE_H

#include "pdf/mupdf.h"
#include "pdf/update.h"

/* @doc was opened from @file and not changed; its cross-reference must be a stream, as pdf_pack() writes it.
 * Returns: (transfer full) */
PdfBase *pdf_read_base(fz_context *ctx, pdf_document *doc, GBytes *file);

/* The dictionary of object @num as fixed text, open at its end, without the keys in @without (NULL-terminated) and
 * without /Length and /Filter: "<</Type/Annot/F 2". ASCII. Returns: (transfer full) */
char *pdf_read_head(fz_context *ctx, pdf_document *doc, int num, const char *const *without);

#endif

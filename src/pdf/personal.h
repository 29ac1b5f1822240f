/* One unit's sheet: what changes in a template, as an incremental update (ISO 32000-1, 7.5.6). */
#ifndef PLICO_PDF_PERSONAL_H
#define PLICO_PDF_PERSONAL_H

#include "pdf/template.h"

/* What the updates of @template need to know of its file. Returns: (transfer full) */
PdfPersonal *pdf_personal_new(PdfMaker *maker, const PdfTemplate *template, GError **error);
void pdf_personal_free(PdfPersonal *personal);

#endif

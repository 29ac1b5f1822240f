/* The names of PDF by a table of our own. Private to collect/. */
#ifndef PLICO_COLLECT_PDF_NAMES_H
#define PLICO_COLLECT_PDF_NAMES_H

#include <mupdf/pdf.h>

/* In the keeper, once: until then each name is looked up by mupdf. */
void pdf_names_prepare(fz_context *ctx);

#endif

/* The parts of a message, by GMime; runs in the cage. */
#ifndef PLICO_COLLECT_MIME_H
#define PLICO_COLLECT_MIME_H

#include "collect/pec.h"
#include "collect/scan.h"

/* In the keeper, once: what a child may not open any more (character sets). */
void mime_prepare(void);

/* Reads a message that scan_message() found sound into @message; the PDFs go to @parts (of PdfPart). @region (nullable): the body's
 * only part that is read; of size 0: all of it. */
ScanVerdict mime_read(GBytes *raw, const Signed *region, Collected *message, GPtrArray *parts);

#endif

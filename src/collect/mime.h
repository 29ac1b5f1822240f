/* The parts of a message, by GMime; runs in the cage. */
#ifndef PLICO_COLLECT_MIME_H
#define PLICO_COLLECT_MIME_H

#include "collect/collect.h"
#include "collect/scan.h"

/* In the parent, once: what a child may not open any more (character sets). */
void mime_prepare(void);

/* Reads a message that scan_message() found sound into @message; the PDFs go to @parts (of PdfPart). */
ScanVerdict mime_read(GBytes *raw, Collected *message, GPtrArray *parts);

#endif

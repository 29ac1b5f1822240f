/*
 * What a message is made of, counted on its raw bytes before any library sees them: GMime takes 240 MB for 100,000
 * parts and overflows the stack on one long From field (facts of RFC 5322 and 2046 mail in the wild).
 */
#ifndef PLICO_COLLECT_SCAN_H
#define PLICO_COLLECT_SCAN_H

#include <glib.h>

typedef enum {
	SCAN_SOUND,
	SCAN_HEADER, /* a header block is too long */
	SCAN_FIELD,  /* a header field is too long */
	SCAN_FIELDS, /* a header block has too many fields */
	SCAN_DEPTH,  /* parts in parts in parts */
	SCAN_PARTS,  /* too many parts */
	SCAN_TWO_WAYS, /* two types, or a boundary written so that two readers may read it differently */
	SCAN_PDFS,  /* too many PDFs: found when read */
	SCAN_EMPTY, /* no message at all */
	SCAN_VERDICTS
} ScanVerdict;

/* Checks the limits of collect.h on @raw, lines ended by LF or CRLF; stops at the first one exceeded. */
ScanVerdict scan_message(GBytes *raw);

/* @raw with LF where its lines end by CR alone (old Macs). Returns: (transfer full) */
GBytes *scan_line_ends(GBytes *raw);

/* One sentence for the operator. */
const char *scan_text(ScanVerdict verdict);

#endif

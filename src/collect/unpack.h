/*
 * What a sheet may travel in beside a mail's own parts: a zip, winmail.dat (TNEF), a signed file (.p7m, CMS), a mail as a file. Each
 * is opened in a cage of its own, one layer at a time; what comes out is looked at anew. Private to collect/.
 */
#ifndef PLICO_COLLECT_UNPACK_H
#define PLICO_COLLECT_UNPACK_H

#include "collect/collect.h"
#include "collect/record.h"

typedef enum {
	PIECE_OTHER, /* nothing that is read */
	PIECE_PDF,
	PIECE_ZIP,
	PIECE_TNEF,
	PIECE_PICTURE, /* JPEG, PNG, TIFF: a page that was scanned or photographed, or anything else */
	PIECE_CMS,     /* signed data: DER, BER, PEM or base64 */
	PIECE_MESSAGE /* RFC 5322 */
} PieceKind;

/* By its content; a mail looks like any text, so that its name or type must say it: @name, and whether @is_message. */
PieceKind piece_kind(GBytes *bytes, const char *name, gboolean is_message);

/* In the keeper, once: what the readers may not open any more. */
void unpack_prepare(void);

/* One layer of a package: what is in it goes to @pieces (of PdfPart), the names of what is not read to @names (of char *).
 * FALSE: it is not opened, because it is damaged, encrypted or over a limit; or @error, which is ours. */
gboolean unpack(PieceKind kind, const PdfPart *package, GPtrArray *pieces, GPtrArray *names,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- in the cage: one file for each kind. FALSE: not opened ------------------------------------------------------------------ */

gboolean unpack_zip(GBytes *bytes, GPtrArray *pieces, GPtrArray *names);
gboolean unpack_tnef(GBytes *bytes, GPtrArray *pieces, GPtrArray *names);
gboolean unpack_cms(GBytes *bytes, const char *name, GPtrArray *pieces);

/* For them: keeps a file that was found, its name beside the package's. FALSE: over a limit. */
gboolean unpack_keep(const char *name, GBytes *bytes, GPtrArray *pieces, GPtrArray *names);

#endif

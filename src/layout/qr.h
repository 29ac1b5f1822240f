/*
 * QR codes (ISO/IEC 18004), error correction level M.
 *
 * All sheets carry texts of the same kind and length, and a code of one length and mask is an affine function of the
 * bits of its text: what libqrencode makes of each single bit is kept, and a further code is their sum modulo 2.
 */
#ifndef PLICO_LAYOUT_QR_H
#define PLICO_LAYOUT_QR_H

#include <glib.h>

#define QR_SIDE_MOST 57 /* version 10 */
#define QR_STEP	     8	/* rows that are added together */

typedef struct {
	guint side;
	guint64 rows[QR_SIDE_MOST + QR_STEP -
		     1]; /* from the top; bit 0 is the left module, 1 is black */
} QrCode;

typedef struct QrMaker QrMaker;
QrMaker *qr_maker_new(void);
void qr_maker_free(QrMaker *maker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(QrMaker, qr_maker_free)

/* The code of @text. Capitals, digits and " $%*+-./:" (7.4.4) make it small, and are what is fast. Equal texts give equal
 * codes. PLICO_ERROR_INPUT for more than a code of this size holds. */
gboolean qr_make(QrMaker *maker, const char *text, QrCode *code, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Appends operators that draw the code in the square from 0, 0 to @width, @width points, the quiet zone of 4 modules inside
 * it: areas, not an image, because viewers that smooth images blur it. */
void qr_put(GString *out, const QrCode *code, double width);

#endif

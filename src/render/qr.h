/* QR codes (ISO/IEC 18004), by libqrencode. */
#ifndef PLICO_RENDER_QR_H
#define PLICO_RENDER_QR_H

#include <glib.h>

/* The code of @text, error correction level M. @side: (out): modules in a row. Returns: (transfer full): @side times
 * @side bytes of which bit 0 is black */
GBytes *qr_make(const char *text, guint *side, GError **error);

#endif

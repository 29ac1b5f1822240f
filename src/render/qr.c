#include "render/qr.h"

#include "base/error.h"

#include <qrencode.h>

GBytes *
qr_make(const char *text, guint *side, GError **error)
{
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	GBytes *modules;

	if (code == NULL) {
		fail_errno(error, _("no QR code can be made of “%s”"), text);
		return NULL;
	}
	*side = (guint)code->width;
	modules = g_bytes_new(code->data, (gsize)(code->width * code->width));
	QRcode_free(code);
	return modules;
}

#include "collect/base64.h"

#include <string.h>

#define NO_LETTER 0xff

static void
make_values(guint8 *values)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	memset(values, NO_LETTER, 256);
	for (guint8 i = 0; letters[i] != '\0'; i++)
		values[(guchar)letters[i]] = i;
}

gsize
base64_decode_plain(const char *text, gsize size, guint8 *out, gsize *used)
{
	guint8 values[256];
	const guchar *at = (const guchar *)text;
	const guchar *end = at + size;
	guint8 *to = out;

	make_values(values);
	while (end - at >= 4) {
		guint a = values[at[0]];
		guint b = values[at[1]];
		guint c = values[at[2]];
		guint d = values[at[3]];

		if ((a | b | c | d) < 64) {
			*to++ = (guint8)(a << 2 | b >> 4);
			*to++ = (guint8)(b << 4 | c >> 2);
			*to++ = (guint8)(c << 6 | d);
			at += 4;
		} else if (*at == '\r' || *at == '\n') {
			at++;
		} else {
			break;
		}
	}
	*used = size - (gsize)(end - at);
	return (gsize)(to - out);
}

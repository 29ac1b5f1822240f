#include "collect/base64.h"

#include <string.h>

#define WRONG 0xff000000U /* in the value of what is no letter */

/* What each letter of a group adds to its three bytes, the first one lowest. */
typedef struct {
	guint32 first[256];
	guint32 second[256];
	guint32 third[256];
	guint32 fourth[256];
} Values;

static void
make_values(Values *values)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	memset(values, 0xff, sizeof *values);
	for (guint32 i = 0; letters[i] != '\0'; i++) {
		guchar letter = (guchar)letters[i];

		values->first[letter] = i << 2;
		values->second[letter] = i >> 4 | (i & 15) << 12;
		values->third[letter] = (i >> 2) << 8 | (i & 3) << 22;
		values->fourth[letter] = i << 16;
	}
}

gsize
base64_decode_plain(const char *text, gsize size, guint8 *out, gsize *used)
{
	Values values;
	const guchar *at = (const guchar *)text;
	const guchar *end = at + size;
	guint8 *to = out;

	make_values(&values);
	while (end - at >= 4) {
		guint32 group = values.first[at[0]] | values.second[at[1]] | values.third[at[2]] |
				values.fourth[at[3]];

		if ((group & WRONG) == 0) {
			group = GUINT32_TO_LE(group);
			memcpy(to, &group, sizeof group); /* a byte more: BASE64_ROOM */
			to += 3;
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

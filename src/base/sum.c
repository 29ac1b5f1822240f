#include "base/sum.h"

#include <openssl/evp.h>

#define SUM_SIZE 32

char *
sum_bytes(GBytes *bytes)
{
	guint8 digest[SUM_SIZE];
	gsize size;
	gconstpointer data = g_bytes_get_data(bytes, &size);
	char *text = g_malloc(2 * SUM_SIZE + 1);

	if (EVP_Digest(data, size, digest, NULL, EVP_sha256(), NULL) != 1)
		g_error("libcrypto has no SHA-256");
	for (gsize i = 0; i < SUM_SIZE; i++) {
		text[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	text[2 * SUM_SIZE] = '\0';
	return text;
}

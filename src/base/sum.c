#include "base/sum.h"

#include <openssl/evp.h>

void
sum_digest(const void *data, gsize size, guint8 digest[SUM_SIZE])
{
	if (EVP_Digest(data, size, digest, NULL, EVP_sha256(), NULL) != 1)
		g_error("libcrypto has no SHA-256");
}

char *
sum_text(const void *data, gsize size)
{
	guint8 digest[SUM_SIZE];
	char *text = g_malloc(2 * SUM_SIZE + 1);

	sum_digest(data, size, digest);
	for (gsize i = 0; i < SUM_SIZE; i++) {
		text[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	text[2 * SUM_SIZE] = '\0';
	return text;
}

char *
sum_bytes(GBytes *bytes)
{
	gsize size;
	gconstpointer data = g_bytes_get_data(bytes, &size);

	return sum_text(data, size);
}

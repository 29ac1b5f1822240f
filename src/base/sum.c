#include "base/sum.h"

#include <openssl/evp.h>

#define SUM_SIZE 32

char *
sum_bytes(GBytes *bytes)
{
	guint8 digest[SUM_SIZE];
	gsize size;
	gconstpointer data = g_bytes_get_data(bytes, &size);
	GString *text = g_string_sized_new(2 * SUM_SIZE);

	if (EVP_Digest(data, size, digest, NULL, EVP_sha256(), NULL) != 1)
		g_error("libcrypto has no SHA-256");
	for (gsize i = 0; i < SUM_SIZE; i++)
		g_string_append_printf(text, "%02x", digest[i]);
	return g_string_free(text, FALSE);
}

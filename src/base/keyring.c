#include "base/keyring.h"

#include "base/durable.h"
#include "base/error.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/crypto.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#define KEY_SIZE    32
#define SIV_SIZE    16 /* stands before what is sealed */
#define CODE_LENGTH 16
#define ALPHABET    "0123456789ABCDEFGHJKMNPQRSTVWXYZ" /* Crockford: no I, L, O, U */

typedef struct {
	char *kid;
	guint8 secret[KEY_SIZE];
	GMutex lock;
	GHashTable *
	    macs; /* purpose -> EVP_MAC_CTX that has the key derived for it: a sheet takes two tags */
	EVP_CIPHER_CTX
	*sealer; /* (nullable): that has the keys; each message is sealed by a copy */
} Key;

struct Keyring {
	GPtrArray *keys; /* of Key, by name */
};

static void
key_free(Key *key)
{
	OPENSSL_cleanse(key->secret, KEY_SIZE);
	g_hash_table_unref(key->macs); /* libcrypto wipes what it frees */
	EVP_CIPHER_CTX_free(key->sealer);
	g_mutex_clear(&key->lock);
	g_free(key->kid);
	g_free(key);
}

static int
key_compare(gconstpointer a, gconstpointer b)
{
	const Key *const *one = a;
	const Key *const *other = b;

	return strcmp((*one)->kid, (*other)->kid);
}

gboolean
keyring_create(const char *directory, const char *kid, GError **error)
{
	guint8 secret[KEY_SIZE];
	g_autofree char *path = g_strdup_printf("%s/%s.key", directory, kid);
	g_autoptr(GBytes) bytes = NULL;

	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return fail(error, PLICO_ERROR_CONFIG,
		    _("%s: is there already; keys are never overwritten"), path);
	if (getrandom(secret, KEY_SIZE, 0) != KEY_SIZE)
		return fail_errno(error, "getrandom");
	bytes = g_bytes_new(secret, KEY_SIZE);
	OPENSSL_cleanse(secret, KEY_SIZE);
	return durable_replace(path, bytes, 0400, error);
}

static Key *
key_read(const char *directory, const char *file, GError **error)
{
	g_autofree char *path = g_build_filename(directory, file, NULL);
	g_autoptr(GBytes) bytes = NULL;
	struct stat about;
	Key *key;

	if (g_stat(path, &about) < 0) {
		fail_errno(error, "%s", path);
		return NULL;
	}
	if ((about.st_mode & 077) != 0) {
		fail(error, PLICO_ERROR_CONFIG, _("%s: others may read it; run chmod 400 on it"),
		    path);
		return NULL;
	}
	bytes = durable_read(path, 4096, error);
	if (bytes == NULL)
		return NULL;
	if (g_bytes_get_size(bytes) != KEY_SIZE) {
		fail(error, PLICO_ERROR_CONFIG, _("%s: not a key: %d bytes are expected"), path,
		    KEY_SIZE);
		return NULL;
	}
	key = g_new0(Key, 1);
	g_mutex_init(&key->lock);
	key->macs = g_hash_table_new_full(
	    g_str_hash, g_str_equal, g_free, (GDestroyNotify)EVP_MAC_CTX_free);
	key->kid = g_strndup(file, strlen(file) - strlen(".key"));
	memcpy(key->secret, g_bytes_get_data(bytes, NULL), KEY_SIZE);
	return key;
}

Keyring *
keyring_open(const char *directory, GError **error)
{
	g_autoptr(Keyring) keyring = g_new0(Keyring, 1);
	g_autoptr(GError) why = NULL;
	g_autoptr(GDir) dir = g_dir_open(directory, 0, &why);
	const char *file;

	keyring->keys = g_ptr_array_new_with_free_func((GDestroyNotify)key_free);
	if (dir == NULL) {
		fail(error, PLICO_ERROR_CONFIG, _("%s: no keys here (%s); `plico init` makes them"),
		    directory, why->message);
		return NULL;
	}
	while ((file = g_dir_read_name(dir)) != NULL) {
		Key *key;

		if (!g_str_has_suffix(file, ".key"))
			continue;
		key = key_read(directory, file, error);
		if (key == NULL)
			return NULL;
		g_ptr_array_add(keyring->keys, key);
	}
	if (keyring->keys->len == 0) {
		fail(error, PLICO_ERROR_CONFIG, _("%s: no keys here; `plico init` makes them"),
		    directory);
		return NULL;
	}
	g_ptr_array_sort(keyring->keys, key_compare);
	return g_steal_pointer(&keyring);
}

void
keyring_free(Keyring *keyring)
{
	if (keyring == NULL)
		return;
	g_ptr_array_unref(keyring->keys);
	g_free(keyring);
}

static Key *
keyring_last(const Keyring *keyring)
{
	return g_ptr_array_index(keyring->keys, keyring->keys->len - 1);
}

static Key *
keyring_lookup(const Keyring *keyring, const char *kid)
{
	if (kid == NULL)
		return keyring_last(keyring);
	for (guint i = 0; i < keyring->keys->len; i++) {
		Key *key = g_ptr_array_index(keyring->keys, i);

		if (strcmp(key->kid, kid) == 0)
			return key;
	}
	return NULL;
}

const char *
keyring_current(const Keyring *keyring)
{
	return keyring_last(keyring)->kid;
}

/* The fields as one message that can be read back in only one way: each behind its length. */
static GByteArray *
join_fields(const char *const *fields)
{
	GByteArray *message = g_byte_array_sized_new(256);

	for (; *fields != NULL; fields++) {
		guint32 length = GUINT32_TO_BE((guint32)strlen(*fields));

		g_byte_array_append(message, (const guint8 *)&length, sizeof length);
		g_byte_array_append(message, (const guint8 *)*fields, (guint)strlen(*fields));
	}
	return message;
}

/* HMAC-SHA-256 with @secret. Returns: (transfer full) */
static EVP_MAC_CTX *
hmac_new(const guint8 secret[KEY_SIZE])
{
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(
					  OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end() };
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(hmac);

	if (ctx == NULL || EVP_MAC_init(ctx, secret, KEY_SIZE, params) != 1)
		g_error("libcrypto has no HMAC with SHA-256");
	EVP_MAC_free(hmac);
	return ctx;
}

/* The MAC of @message; @ctx begins anew with the key it has. */
static void
hmac(EVP_MAC_CTX *ctx, const void *message, gsize size, guint8 out[KEY_SIZE])
{
	gsize length = 0;

	if (EVP_MAC_init(ctx, NULL, 0, NULL) != 1 || EVP_MAC_update(ctx, message, size) != 1 ||
	    EVP_MAC_final(ctx, out, &length, KEY_SIZE) != 1 || length != KEY_SIZE)
		g_error("libcrypto cannot make a MAC");
}

/* For each purpose a key of its own. Returns: (transfer none) */
static EVP_MAC_CTX *
find_mac(const Key *key, const char *purpose)
{
	EVP_MAC_CTX *found = g_hash_table_lookup(key->macs, purpose);
	EVP_MAC_CTX *master;
	guint8 derived[KEY_SIZE];

	if (found != NULL)
		return found;
	master = hmac_new(key->secret);
	hmac(master, purpose, strlen(purpose), derived);
	EVP_MAC_CTX_free(master);
	found = hmac_new(derived);
	OPENSSL_cleanse(derived, KEY_SIZE);
	g_hash_table_insert(key->macs, g_strdup(purpose), found);
	return found;
}

static void
mac(Key *key, const char *purpose, const guint8 *message, gsize size, guint8 out[KEY_SIZE])
{
	g_mutex_lock(&key->lock);
	hmac(find_mac(key, purpose), message, size, out);
	g_mutex_unlock(&key->lock);
}

static char *
base32(const guint8 *bytes, guint characters)
{
	char *text = g_malloc(characters + 1);

	for (guint i = 0; i < characters; i++) {
		guint bit = i * 5;
		guint pair =
		    (guint)bytes[bit / 8] << 8 | (bit / 8 + 1 < KEY_SIZE ? bytes[bit / 8 + 1] : 0U);

		text[i] = ALPHABET[pair >> (11 - bit % 8) & 31];
	}
	text[characters] = '\0';
	return text;
}

/* Sum of the values weighted by odd place numbers, modulo 32: finds each wrong character and most swaps. */
static char
check_character(const char *code)
{
	guint sum = 0;

	for (guint i = 0; i < CODE_LENGTH; i++)
		sum += (2 * i + 1) * (guint)(strchr(ALPHABET, code[i]) - ALPHABET);
	return ALPHABET[sum % 32];
}

static char *
group_by_four(const char *code, char check)
{
	return g_strdup_printf(
	    "%.4s-%.4s-%.4s-%.4s-%c", code, code + 4, code + 8, code + 12, check);
}

char *
keyring_access_code(
    const Keyring *keyring, const char *kid, const char *edition, const char *unit, guint serial)
{
	g_autofree char *number = g_strdup_printf("%u", serial);
	const char *fields[] = { edition, unit, number, NULL };
	g_autofree char *code = keyring_tag(keyring, kid, "cred", fields, CODE_LENGTH * 5);

	return code != NULL ? group_by_four(code, check_character(code)) : NULL;
}

GBytes *
keyring_verifier(const Keyring *keyring, const char *kid, const char *code)
{
	Key *key = keyring_lookup(keyring, kid);
	guint8 digest[KEY_SIZE];

	if (key == NULL)
		return NULL;
	mac(key, "verifier", (const guint8 *)code, strlen(code), digest);
	return g_bytes_new(digest, KEY_SIZE);
}

gboolean
keyring_recognise(const Keyring *keyring, const char *kid, const char *code, GBytes *verifier)
{
	g_autoptr(GBytes) right = keyring_verifier(keyring, kid, code);

	return right != NULL && g_bytes_get_size(verifier) == KEY_SIZE &&
	       CRYPTO_memcmp(
		   g_bytes_get_data(right, NULL), g_bytes_get_data(verifier, NULL), KEY_SIZE) == 0;
}

/* What stands between the groups of a code, as typed or as a program beautified it. */
static gboolean
is_between_groups(gunichar c)
{
	return c == '.' || g_unichar_isspace(c) || g_unichar_type(c) == G_UNICODE_DASH_PUNCTUATION;
}

char *
access_code_normalise(const char *typed)
{
	char code[CODE_LENGTH + 1];
	guint n = 0;

	if (!g_utf8_validate(typed, -1, NULL))
		return NULL;
	for (; *typed != '\0'; typed = g_utf8_next_char(typed)) {
		char c = g_ascii_toupper(*typed);

		if (is_between_groups(g_utf8_get_char(typed)))
			continue;
		if (c == 'O')
			c = '0';
		if (c == 'I' || c == 'L')
			c = '1';
		if (n > CODE_LENGTH || strchr(ALPHABET, c) == NULL)
			return NULL;
		code[n++] = c;
	}
	if (n != CODE_LENGTH + 1 || check_character(code) != code[CODE_LENGTH])
		return NULL;
	return group_by_four(code, code[CODE_LENGTH]);
}

char *
keyring_tag(const Keyring *keyring, const char *kid, const char *purpose, const char *const *fields,
    guint bits)
{
	Key *key = keyring_lookup(keyring, kid);
	g_autoptr(GByteArray) message = NULL;
	guint8 digest[KEY_SIZE];

	g_return_val_if_fail(bits % 5 == 0 && bits <= KEY_SIZE * 8, NULL);
	if (key == NULL)
		return NULL;
	message = join_fields(fields);
	mac(key, purpose, message->data, message->len, digest);
	return base32(digest, bits / 5);
}

gboolean
keyring_verify(const Keyring *keyring, const char *kid, const char *purpose,
    const char *const *fields, guint bits, const char *tag)
{
	g_autofree char *right = keyring_tag(keyring, kid, purpose, fields, bits);

	return right != NULL && strlen(tag) == bits / 5 && CRYPTO_memcmp(right, tag, bits / 5) == 0;
}

/* --- sealing -------------------------------------------------------------------------------------------- */

static void
cipher_free(EVP_CIPHER_CTX *ctx)
{
	EVP_CIPHER_CTX_free(ctx);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_CIPHER_CTX, cipher_free)

/* Two keys of 256 bits, as SIV takes them. Returns: (transfer full) */
static EVP_CIPHER_CTX *
siv_new(Key *key, gboolean seal)
{
	static const char *const purposes[] = { "seal-mac", "seal-ctr" };
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-256-SIV", NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	guint8 both[2 * KEY_SIZE];

	for (gsize i = 0; i < G_N_ELEMENTS(purposes); i++)
		mac(key, purposes[i], (const guint8 *)"", 0, both + i * KEY_SIZE);
	if (cipher == NULL || EVP_CipherInit_ex2(ctx, cipher, both, NULL, seal, NULL) != 1)
		g_error("libcrypto has no AES-256-SIV");
	OPENSSL_cleanse(both, sizeof both);
	EVP_CIPHER_free(cipher);
	return ctx;
}

/* SIV takes one message for each context, and a copy costs a fraction of a new one. Returns: (transfer full) */
static EVP_CIPHER_CTX *
sealer_copy(Key *key)
{
	EVP_CIPHER_CTX *copy = EVP_CIPHER_CTX_new();

	if (g_once_init_enter(&key->sealer))
		g_once_init_leave(&key->sealer, siv_new(key, TRUE));
	if (EVP_CIPHER_CTX_copy(copy, key->sealer) != 1)
		g_error("libcrypto cannot copy AES-256-SIV");
	return copy;
}

GBytes *
keyring_seal(const Keyring *keyring, GBytes *bytes)
{
	g_autoptr(EVP_CIPHER_CTX) ctx = sealer_copy(keyring_last(keyring));
	gsize size;
	const guint8 *data = g_bytes_get_data(bytes, &size);
	guint8 *sealed = g_malloc(SIV_SIZE + size);
	int length = 0;

	g_assert(size > 0 && size < G_MAXINT);
	if (EVP_CipherUpdate(ctx, sealed + SIV_SIZE, &length, data, (int)size) != 1 ||
	    (gsize)length != size ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, SIV_SIZE, sealed) != 1)
		g_error("libcrypto cannot seal");
	return g_bytes_new_take(sealed, SIV_SIZE + size);
}

GBytes *
keyring_unseal(const Keyring *keyring, const char *kid, const guint8 *sealed, gsize size)
{
	Key *key = keyring_lookup(keyring, kid);
	g_autoptr(EVP_CIPHER_CTX) ctx = NULL;
	g_autofree guint8 *bytes = NULL;
	guint8 siv[SIV_SIZE];
	int length = 0;

	if (key == NULL || size <= SIV_SIZE || size > G_MAXINT)
		return NULL;
	ctx = siv_new(key, FALSE);
	bytes = g_malloc(size);
	memcpy(siv, sealed, SIV_SIZE);
	if (EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, SIV_SIZE, siv) != 1 ||
	    EVP_CipherUpdate(ctx, bytes, &length, sealed + SIV_SIZE, (int)(size - SIV_SIZE)) != 1 ||
	    (gsize)length != size - SIV_SIZE)
		return NULL;
	return g_bytes_new_take(g_steal_pointer(&bytes), size - SIV_SIZE);
}

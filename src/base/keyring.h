/*
 * Keys, codes and tags (DESIGN section 5; RFC 2104 HMAC with SHA-256).
 *
 * A workspace holds its master keys in keys/KID.key: 32 random bytes, mode 0400. All accepted keys can
 * verify; the last by name makes. For each purpose a key of its own is derived.
 */
#ifndef PLICO_BASE_KEYRING_H
#define PLICO_BASE_KEYRING_H

#include <glib.h>

typedef struct Keyring Keyring;

/* Makes @directory/@kid.key from the system's randomness; it must not be there yet. */
gboolean keyring_create(const char *directory, const char *kid, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Reads all keys of @directory; keys that others may read are refused. Returns: (transfer full) */
Keyring *keyring_open(const char *directory, GError **error);
void keyring_free(Keyring *keyring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Keyring, keyring_free)

/* The name of the key that makes new tags and codes. Returns: (transfer none) */
const char *keyring_current(const Keyring *keyring);

/* Access code of a unit: 16 Crockford base32 characters (80 bits) and a check character, in groups:
 * "7Q4K-9M2X-...". Derived, never stored; the same key and serial always give the same code. @kid NULL means
 * the current key. Returns: (transfer full), NULL when @kid is unknown. */
char *keyring_access_code(
    const Keyring *keyring, const char *kid, const char *edition, const char *unit, guint serial);

/* What the database keeps of a code, beside @kid and the serial, to recognise it: 32 bytes. @code in canonical
 * form. Returns: (transfer full), NULL when @kid is unknown. */
GBytes *keyring_verifier(const Keyring *keyring, const char *kid, const char *code);

/* Whether @code (canonical form) is the one that @verifier was made from; in constant time. */
gboolean keyring_recognise(
    const Keyring *keyring, const char *kid, const char *code, GBytes *verifier);

/* @typed as a person typed it (small letters, O for 0, I and L for 1, blanks, hyphens) in canonical form, or
 * NULL where it cannot be a code (length, alphabet, check character). Returns: (transfer full) (nullable) */
char *access_code_normalise(const char *typed);

/* A tag over the fields, base32, @bits long (at most 256, a multiple of 5): HMAC of their count, lengths and
 * bytes, so that no two lists of fields are the same message. @purpose keeps uses apart ("sheet", "qr",
 * "message-id"). @kid NULL means the current key. Returns: (transfer full), NULL when @kid is unknown. */
char *keyring_tag(const Keyring *keyring, const char *kid, const char *purpose,
    const char *const *fields, guint bits);

/* Whether @tag is the tag of the fields, all @bits of it; in constant time. */
gboolean keyring_verify(const Keyring *keyring, const char *kid, const char *purpose,
    const char *const *fields, guint bits, const char *tag);

/* @bytes so that only who has the key can read them, or alter them unnoticed: AES-256-SIV (RFC 5297), by which equal
 * bytes are equal when sealed. By the current key. Returns: (transfer full) */
GBytes *keyring_seal(const Keyring *keyring, GBytes *bytes);
/* Returns: (transfer full), NULL where @kid is unknown or the bytes were not sealed by it, or were altered */
GBytes *keyring_unseal(const Keyring *keyring, const char *kid, const guint8 *sealed, gsize size);

#endif

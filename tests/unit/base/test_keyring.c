/* Keys, access codes and tags: what they refuse is what they are for. */
#include "base/error.h"
#include "base/keyring.h"
#include "unit/base/workshop.h"

#define CODES	 100000
#define ALPHABET "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

static Keyring *
open_keys(const Workshop *shop, const char *const *kids)
{
	g_autoptr(GError) error = NULL;
	Keyring *keyring;

	for (; *kids != NULL; kids++)
		g_assert_true(keyring_create(shop->directory, *kids, &error));
	keyring = keyring_open(shop->directory, &error);
	g_assert_no_error(error);
	return keyring;
}

static const char *const one_key[] = { "k1", NULL };
static const char *const two_keys[] = { "k2", "k1", NULL };

static void
test_files(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Keyring) keyring = open_keys(&shop, two_keys);
	g_autofree char *path = workshop_path(&shop, "k1.key");
	g_autoptr(GError) error = NULL;

	g_assert_cmpstr(keyring_current(keyring), ==, "k2");
	g_assert_false(keyring_create(shop.directory, "k1", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
	g_clear_error(&error);
	g_assert_cmpint(g_chmod(path, 0440), ==, 0);
	g_assert_null(keyring_open(shop.directory, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
	g_assert_nonnull(strstr(error->message, path));
	g_clear_error(&error);
	(void)g_unlink(path);
	workshop_write(&shop, "k1.key", "too short", 0400);
	g_assert_null(keyring_open(shop.directory, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
}

static void
test_no_keys(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autofree char *nowhere = workshop_path(&shop, "nowhere");
	const char *const directories[] = { shop.directory, nowhere };

	for (gsize i = 0; i < G_N_ELEMENTS(directories); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(keyring_open(directories[i], &error));
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
		g_assert_nonnull(strstr(error->message, "plico init"));
	}
}

/* Sum of (seen - expected)^2 / expected over the 32 characters. */
static double
chi_square(const guint counts[32], guint total)
{
	double expected = (double)total / 32.0;
	double sum = 0.0;

	for (guint i = 0; i < 32; i++)
		sum += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
	return sum;
}

static void
test_many_codes(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Keyring) keyring = open_keys(&shop, one_key);
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	guint counts[32] = { 0 };

	for (guint n = 0; n < CODES; n++) {
		g_autofree char *unit = g_strdup_printf("A%03u", n % 1000);
		char *code = keyring_access_code(keyring, NULL, "mappa-2024", unit, n / 1000);

		g_assert_cmpuint(strlen(code), ==, 21);
		for (guint i = 0; i < 19; i++)
			if (i % 5 == 4)
				g_assert_cmpint(code[i], ==, '-');
			else
				counts[strchr(ALPHABET, code[i]) - ALPHABET]++;
		g_assert_true(g_hash_table_add(seen, code));
	}
	/* 31 degrees of freedom: above 100 once in 10^9 keyrings */
	g_assert_cmpfloat(chi_square(counts, CODES * 16), <, 100.0);
}

static void
test_same_again(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Keyring) keyring = open_keys(&shop, two_keys);
	g_autofree char *code = keyring_access_code(keyring, "k1", "e", "A944", 1);
	g_autofree char *again = keyring_access_code(keyring, "k1", "e", "A944", 1);
	g_autofree char *serial = keyring_access_code(keyring, "k1", "e", "A944", 2);
	g_autofree char *edition = keyring_access_code(keyring, "k1", "f", "A944", 1);
	g_autofree char *key = keyring_access_code(keyring, "k2", "e", "A944", 1);

	g_assert_cmpstr(code, ==, again);
	g_assert_cmpstr(code, !=, serial);
	g_assert_cmpstr(code, !=, edition);
	g_assert_cmpstr(code, !=, key);
	g_assert_null(keyring_access_code(keyring, "k3", "e", "A944", 1));
}

static void
test_normalise(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Keyring) keyring = open_keys(&shop, one_key);

	for (guint serial = 0; serial < 50; serial++) {
		g_autofree char *code = keyring_access_code(keyring, NULL, "e", "A944", serial);
		g_autofree char *small = g_ascii_strdown(code, -1);
		g_autofree char *letters = g_strdelimit(g_strdup(code), "0", 'O');
		g_autofree char *ones = g_strdelimit(g_strdup(code), "1", 'l');
		g_autofree char *blanks = g_strdelimit(g_strdup(code), "-", ' ');
		g_auto(GStrv) groups = g_strsplit(code, "-", 0);
		g_autofree char *bare = g_strjoinv("", groups);
		g_autofree char *dashes = g_strjoinv("\u2013", groups);
		g_autofree char *lines = g_strjoinv("\r\n \u00a0", groups);
		const char *const typed[] = { code, small, letters, ones, blanks, bare, dashes,
			lines };

		for (gsize i = 0; i < G_N_ELEMENTS(typed); i++) {
			g_autofree char *normal = access_code_normalise(typed[i]);

			g_assert_cmpstr(normal, ==, code);
		}
	}
}

/* One wrong character is found without any key. */
static void
test_one_wrong(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Keyring) keyring = open_keys(&shop, one_key);
	g_autofree char *code = keyring_access_code(keyring, NULL, "e", "A944", 1);
	guint tried = 0;

	for (gsize i = 0; code[i] != '\0'; i++) {
		char right = code[i];

		for (const char *c = ALPHABET; *c != '\0' && right != '-'; c++) {
			if (*c == right)
				continue;
			code[i] = *c;
			g_assert_null(access_code_normalise(code));
			tried++;
		}
		code[i] = right;
	}
	g_assert_cmpuint(tried, ==, 17 * 31);
}

/* Two neighbours exchanged are found, unless they are sixteen apart in the alphabet. */
static void
test_swapped(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Keyring) keyring = open_keys(&shop, one_key);
	guint found = 0;

	for (guint serial = 0; serial < 20; serial++) {
		g_autofree char *typed = keyring_access_code(keyring, NULL, "e", "A944", serial);
		g_auto(GStrv) groups = g_strsplit(typed, "-", 0);
		g_autofree char *code = g_strjoinv("", groups);

		for (gsize i = 0; i + 2 < strlen(code); i++) {
			char first = code[i];
			gssize apart = strchr(ALPHABET, first) - strchr(ALPHABET, code[i + 1]);

			code[i] = code[i + 1];
			code[i + 1] = first;
			if (apart % 16 != 0) {
				g_assert_null(access_code_normalise(code));
				found++;
			}
			code[i + 1] = code[i];
			code[i] = first;
		}
	}
	g_assert_cmpuint(found, >, 200);
}

static void
test_no_code(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Keyring) keyring = open_keys(&shop, one_key);
	g_autofree char *code = keyring_access_code(keyring, NULL, "e", "A944", 1);
	g_autofree char *longer = g_strconcat(code, "0", NULL);
	g_autofree char *shorter = g_strndup(code, strlen(code) - 1);
	g_autofree char *broken = g_strconcat(code, "\xff", NULL);
	g_autofree char *endless = g_strnfill((gsize)1 << 20, '0');
	const char *const typed[] = { "", "-", "0000-0000-0000-0000", longer, shorter, broken,
		endless, "UUUU-UUUU-UUUU-UUUU-U", "\u00c0000-0000-0000-0000-0" };

	for (gsize i = 0; i < G_N_ELEMENTS(typed); i++)
		g_assert_null(access_code_normalise(typed[i]));
}

static void
test_verifier(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Keyring) keyring = open_keys(&shop, two_keys);
	g_autofree char *code = keyring_access_code(keyring, NULL, "e", "A944", 1);
	g_autofree char *other = keyring_access_code(keyring, NULL, "e", "A944", 2);
	g_autoptr(GBytes) verifier = keyring_verifier(keyring, "k2", code);
	g_autoptr(GBytes) cut = g_bytes_new_from_bytes(verifier, 0, 31);
	g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);

	g_assert_cmpuint(g_bytes_get_size(verifier), ==, 32);
	g_assert_true(keyring_recognise(keyring, "k2", code, verifier));
	g_assert_false(keyring_recognise(keyring, "k2", other, verifier));
	g_assert_false(keyring_recognise(keyring, "k1", code, verifier));
	g_assert_false(keyring_recognise(keyring, "k3", code, verifier));
	g_assert_false(keyring_recognise(keyring, "k2", code, cut));
	g_assert_false(keyring_recognise(keyring, "k2", code, nothing));
	g_assert_null(keyring_verifier(keyring, "k3", code));
}

static const char *const sheet[] = { "1", "mappa-2024", "A944", "s2", "", NULL };

/* Every list of fields, purpose, key and length has a tag of its own. */
static void
test_tags(void)
{
	static const char *const swapped[] = { "1", "mappa-2024", "s2", "A944", "", NULL };
	static const char *const moved[] = { "1", "mappa-2024A944", "", "s2", "", NULL };
	static const char *const fewer[] = { "1", "mappa-2024", "A944", "s2", NULL };
	static const char *const more[] = { "1", "mappa-2024", "A944", "s2", "", "", NULL };
	static const char *const none[] = { NULL };
	static const char *const *const lists[] = { swapped, moved, fewer, more, none };
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Keyring) keyring = open_keys(&shop, two_keys);
	g_autofree char *tag = keyring_tag(keyring, "k1", "sheet", sheet, 130);

	g_assert_cmpuint(strlen(tag), ==, 26);
	g_assert_true(keyring_verify(keyring, "k1", "sheet", sheet, 130, tag));
	for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
		g_assert_false(keyring_verify(keyring, "k1", "sheet", lists[i], 130, tag));
	g_assert_false(keyring_verify(keyring, "k1", "qr", sheet, 130, tag));
	g_assert_false(keyring_verify(keyring, "k2", "sheet", sheet, 130, tag));
	g_assert_false(keyring_verify(keyring, NULL, "sheet", sheet, 130, tag));
	g_assert_false(keyring_verify(keyring, "k3", "sheet", sheet, 130, tag));
	g_assert_null(keyring_tag(keyring, "k3", "sheet", sheet, 130));
}

static void
test_tag_lengths(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Keyring) keyring = open_keys(&shop, one_key);

	for (guint bits = 5; bits <= 255; bits += 5) {
		g_autofree char *tag = keyring_tag(keyring, NULL, "sheet", sheet, bits);
		g_autofree char *longer = g_strconcat(tag, "0", NULL);
		g_autofree char *shorter = g_strndup(tag, bits / 5 - 1);

		g_assert_cmpuint(strlen(tag), ==, bits / 5);
		g_assert_true(keyring_verify(keyring, NULL, "sheet", sheet, bits, tag));
		g_assert_false(keyring_verify(keyring, NULL, "sheet", sheet, bits, longer));
		g_assert_false(keyring_verify(keyring, NULL, "sheet", sheet, bits, shorter));
		g_assert_false(keyring_verify(keyring, NULL, "sheet", sheet, bits, ""));
		for (guint i = 0; i < bits / 5; i++) {
			char right = tag[i];

			tag[i] = right == '0' ? '1' : '0';
			g_assert_false(keyring_verify(keyring, NULL, "sheet", sheet, bits, tag));
			tag[i] = right;
		}
	}
}

static void
test_seal(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(Keyring) keyring = open_keys(&shop, two_keys);
	g_autoptr(GBytes) plain = g_bytes_new_static("7Q4K-9M2X", 9);
	g_autoptr(GBytes) sealed = keyring_seal(keyring, plain);
	g_autoptr(GBytes) again = keyring_seal(keyring, plain);
	gsize size;
	const guint8 *data = g_bytes_get_data(sealed, &size);
	g_autofree guint8 *copy = g_memdup2(data, size);
	g_autoptr(GBytes) opened = keyring_unseal(keyring, "k2", data, size);

	g_assert_true(g_bytes_equal(sealed, again));
	g_assert_cmpuint(size, ==, 9 + 16);
	g_assert_true(g_bytes_equal(opened, plain));
	g_assert_null(keyring_unseal(keyring, "k1", data, size));
	g_assert_null(keyring_unseal(keyring, "k3", data, size));
	for (gsize i = 0; i < size; i++) {
		g_assert_null(keyring_unseal(keyring, "k2", data, i));
		copy[i] ^= 0x10;
		g_assert_null(keyring_unseal(keyring, "k2", copy, size));
		copy[i] ^= 0x10;
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/keyring/files-that-others-read-are-refused", test_files);
	g_test_add_func("/keyring/no-keys-is-told-what-to-do", test_no_keys);
	g_test_add_func("/keyring/a-hundred-thousand-codes-are-all-different", test_many_codes);
	g_test_add_func("/keyring/the-same-serial-is-the-same-letter", test_same_again);
	g_test_add_func("/keyring/a-code-in-any-writing", test_normalise);
	g_test_add_func("/keyring/every-wrong-character-is-found", test_one_wrong);
	g_test_add_func("/keyring/swapped-neighbours-are-found", test_swapped);
	g_test_add_func("/keyring/what-is-no-code-is-none", test_no_code);
	g_test_add_func("/keyring/a-verifier-knows-one-code", test_verifier);
	g_test_add_func("/keyring/a-tag-is-of-its-fields-only", test_tags);
	g_test_add_func("/keyring/a-tag-of-another-length-is-none", test_tag_lengths);
	g_test_add_func("/keyring/what-is-sealed-opens-whole-or-not-at-all", test_seal);
	return g_test_run();
}

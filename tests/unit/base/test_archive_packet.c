/* A sent message in the archive: small, sealed, and the same bytes again. */
#include "base/archive.h"
#include "base/archive_packet.h"
#include "base/error.h"
#include "base/sum.h"
#include "unit/base/workshop.h"

#define CODE "7Q4K-9M2X-ABCD-EFGH-3"

typedef struct {
	Workshop shop;
	char *archive;
	char *keys;
	Keyring *keyring;
	Stem *stem;
	ArchiveBatch *batch;
} Desk;

static void
open_desk(Desk *desk, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = g_strnfill(100000, 't');
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

	(void)data;
	desk->shop = workshop_new();
	desk->archive = workshop_path(&desk->shop, "archive");
	desk->keys = workshop_path(&desk->shop, "keys");
	g_assert_cmpint(g_mkdir(desk->archive, 0700), ==, 0);
	g_assert_cmpint(g_mkdir(desk->keys, 0700), ==, 0);
	g_assert_true(keyring_create(desk->keys, "k1", &error));
	desk->keyring = keyring_open(desk->keys, &error);
	g_assert_no_error(error);
	desk->stem = stem_new(bytes);
	desk->batch = archive_batch_new(desk->archive, desk->keyring);
}

static void
close_desk(Desk *desk, gconstpointer data)
{
	(void)data;
	archive_batch_free(desk->batch);
	stem_unref(desk->stem);
	keyring_free(desk->keyring);
	g_free(desk->archive);
	g_free(desk->keys);
	workshop_clear(&desk->shop);
}

/* A message as outbox/ makes them: words, a letter, words, a sheet, words. */
static Packet *
make_message(const Desk *desk, guint number)
{
	g_autofree char *head =
	    g_strdup_printf("Subject: %u\r\n\r\nIl codice: " CODE "\r\n", number);
	g_autoptr(GBytes) words = g_bytes_new(head, strlen(head));
	g_autoptr(GBytes) letter = g_bytes_new_static("%PDF " CODE, strlen("%PDF " CODE));
	g_autoptr(GBytes) update = g_bytes_new(head, strlen(head));
	g_autoptr(GBytes) end = g_bytes_new_static("--\r\n", 4);
	Packet *packet = packet_new();

	packet_add(packet, words);
	packet_add_encoded(packet, NULL, letter);
	packet_add(packet, end);
	packet_add_encoded(packet, desk->stem, update);
	packet_add(packet, end);
	return packet;
}

/* Returns: (transfer full): its SHA-256 */
static char *
keep(const Desk *desk, guint number, GBytes **message)
{
	g_autoptr(Packet) packet = make_message(desk, number);
	g_autoptr(GError) error = NULL;
	g_autofree char *sum = NULL;

	*message = packet_join(packet);
	sum = sum_bytes(*message);
	g_assert_true(archive_batch_add(desk->batch, packet, sum, &error));
	g_assert_no_error(error);
	return g_steal_pointer(&sum);
}

static void
expect_again(const Desk *desk, const char *sum, GBytes *message)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) again =
	    archive_open_sent(desk->archive, desk->keyring, sum, NULL, &error);

	g_assert_no_error(error);
	g_assert_true(g_bytes_equal(again, message));
}

static char *
sent_file(const Desk *desk, const char *sum)
{
	return g_strdup_printf("%s/%.2s/%s.sent", desk->archive, sum, sum + 2);
}

static void
commit(const Desk *desk)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(archive_batch_commit(desk->batch, &error));
	g_assert_no_error(error);
}

static void
test_again(Desk *desk, gconstpointer data)
{
	g_autoptr(GBytes) message = NULL;
	g_autofree char *sum = keep(desk, 1, &message);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) early =
	    archive_open_sent(desk->archive, desk->keyring, sum, NULL, &error);
	g_autoptr(GBytes) stem = NULL;

	(void)data;
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_NOT_FOUND);
	g_clear_error(&error);
	commit(desk);
	expect_again(desk, sum, message);
	stem = archive_open(desk->archive, desk->stem->sha256, &error);
	g_assert_no_error(error);
	g_assert_true(g_bytes_equal(stem, desk->stem->bytes));
}

static void
test_small(Desk *desk, gconstpointer data)
{
	g_autoptr(GBytes) message = NULL;
	g_autofree char *sum = keep(desk, 1, &message);
	g_autofree char *path = sent_file(desk, sum);
	g_autofree char *text = NULL;
	gsize size;

	(void)data;
	commit(desk);
	g_assert_true(g_file_get_contents(path, &text, &size, NULL));
	g_assert_cmpuint(size, <, 500);
	g_assert_cmpuint(g_bytes_get_size(message), >, 100000);
}

/* Nothing of it can be read where the keys are not. */
static void
test_sealed(Desk *desk, gconstpointer data)
{
	g_autoptr(GBytes) message = NULL;
	g_autofree char *sum = keep(desk, 1, &message);
	g_autofree char *command =
	    g_strdup_printf("grep -r -F -e Subject -e '%s' %s", "7Q4K", desk->archive);
	g_autofree char *others = workshop_path(&desk->shop, "others");
	g_autoptr(Keyring) other = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) read = NULL;
	g_autofree char *found = NULL;

	(void)data;
	commit(desk);
	g_assert_true(g_spawn_command_line_sync(command, &found, NULL, NULL, &error));
	g_assert_cmpstr(found, ==, "");
	g_assert_cmpint(g_mkdir(others, 0700), ==, 0);
	g_assert_true(keyring_create(others, "k1", &error));
	other = keyring_open(others, &error);
	read = archive_open_sent(desk->archive, other, sum, NULL, &error);
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
	g_assert_nonnull(strstr(error->message, "k1.key"));
}

static void
test_new_key(Desk *desk, gconstpointer data)
{
	g_autoptr(GBytes) message = NULL;
	g_autofree char *sum = keep(desk, 1, &message);
	g_autoptr(GError) error = NULL;

	(void)data;
	commit(desk);
	g_assert_true(keyring_create(desk->keys, "k2", &error));
	archive_batch_free(desk->batch);
	keyring_free(desk->keyring);
	desk->keyring = keyring_open(desk->keys, &error);
	g_assert_no_error(error);
	desk->batch = archive_batch_new(desk->archive, desk->keyring);
	expect_again(desk, sum, message);
}

static void
test_many(Desk *desk, gconstpointer data)
{
	GBytes *messages[30];
	char *sums[30];

	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(sums); i++)
		sums[i] = keep(desk, i, &messages[i]);
	commit(desk);
	commit(desk); /* nothing */
	for (guint i = 0; i < G_N_ELEMENTS(sums); i++) {
		g_autoptr(GBytes) again = NULL;
		g_autofree char *sum = keep(desk, i, &again); /* twice is no error */

		g_assert_cmpstr(sum, ==, sums[i]);
	}
	commit(desk);
	for (guint i = 0; i < G_N_ELEMENTS(sums); i++) {
		expect_again(desk, sums[i], messages[i]);
		g_bytes_unref(messages[i]);
		g_free(sums[i]);
	}
}

/* Every byte of the file counts. */
static void
test_altered(Desk *desk, gconstpointer data)
{
	g_autoptr(GBytes) message = NULL;
	g_autofree char *sum = keep(desk, 1, &message);
	g_autofree char *path = sent_file(desk, sum);
	g_autofree char *text = NULL;
	gsize size;

	(void)data;
	commit(desk);
	g_assert_true(g_file_get_contents(path, &text, &size, NULL));
	g_assert_cmpint(g_chmod(path, 0600), ==, 0);
	for (gsize i = 0; i < size; i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) read = NULL;

		text[i] ^= 1;
		g_assert_true(g_file_set_contents(path, text, (gssize)size, NULL));
		read = archive_open_sent(desk->archive, desk->keyring, sum, NULL, &error);
		g_assert_null(read);
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
		text[i] ^= 1;
	}
}

static void
test_stem_altered(Desk *desk, gconstpointer data)
{
	g_autoptr(GBytes) message = NULL;
	g_autofree char *sum = keep(desk, 1, &message);
	g_autofree char *path = g_strdup_printf(
	    "%s/%.2s/%s", desk->archive, desk->stem->sha256, desk->stem->sha256 + 2);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) read = NULL;

	(void)data;
	commit(desk);
	g_assert_cmpint(g_chmod(path, 0600), ==, 0);
	g_assert_true(g_file_set_contents(path, "other", -1, NULL));
	read = archive_open_sent(desk->archive, desk->keyring, sum, NULL, &error);
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
	/* the next run finds it out and heals it */
	archive_batch_free(desk->batch);
	desk->batch = archive_batch_new(desk->archive, desk->keyring);
	g_bytes_unref(g_steal_pointer(&message));
	g_free(g_steal_pointer(&sum));
	sum = keep(desk, 1, &message);
	commit(desk);
	expect_again(desk, sum, message);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
	g_test_add("/archive/sent/" path, Desk, NULL, open_desk, function, close_desk)
	ADD("the-exact-bytes-come-back", test_again);
	ADD("what-others-have-too-is-not-kept-again", test_small);
	ADD("without-the-keys-nothing-can-be-read", test_sealed);
	ADD("after-a-new-key-the-old-ones-still-open", test_new_key);
	ADD("many-at-once", test_many);
	ADD("every-changed-bit-is-found", test_altered);
	ADD("a-changed-template-is-found-and-healed", test_stem_altered);
	return g_test_run();
}

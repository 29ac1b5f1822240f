#include "unit/render/workshop.h"

#include "base/error.h"
#include "layout/qr.h"

#define SCALE 4 /* pixels for a module */

/* What zbar reads in the code drawn as an image. */
static char *
read_back(const QrCode *code)
{
	guint side = (code->side + 8) * SCALE;
	g_autoptr(GString) image = g_string_new(NULL);
	g_autofree char *path = NULL;
	g_autofree char *said = NULL;
	char *argv[] = { (char[]){ "zbarimg" }, (char[]){ "-q" }, (char[]){ "--raw" }, NULL, NULL };
	int fd = g_file_open_tmp("plico-qr-XXXXXX.pgm", &path, NULL);

	g_assert_cmpint(fd, >=, 0);
	g_close(fd, NULL);
	g_string_append_printf(image, "P5 %u %u 255\n", side, side);
	for (guint y = 0; y < side; y++) {
		for (guint x = 0; x < side; x++) {
			guint row = y / SCALE - 4;
			guint column = x / SCALE - 4;
			gboolean black = row < code->side && column < code->side &&
					 (code->rows[row] >> column & 1) != 0;

			g_string_append_c(image, black ? '\0' : '\377');
		}
	}
	g_assert_true(g_file_set_contents(path, image->str, (gssize)image->len, NULL));
	argv[3] = path;
	g_assert_true(g_spawn_sync(NULL, argv, NULL,
	    G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &said, NULL, NULL, NULL));
	(void)g_remove(path);
	return g_strchomp(g_steal_pointer(&said));
}

static void
expect_text(QrMaker *maker, const char *text)
{
	g_autoptr(GError) error = NULL;
	QrCode code;
	g_autofree char *found = NULL;

	g_assert_true(qr_make(maker, text, &code, &error));
	g_assert_no_error(error);
	found = read_back(&code);
	g_assert_cmpstr(found, ==, text);
}

static void
test_texts(void)
{
	static const char *const texts[] = { "A", "AB", "PLICO1:MAPPA-2024:A944:S5:1:7Q4K9M2X",
		"PLICO1:MAPPA-2024:Z999:S7:1:00000000", "PLICO1:MAPPA-2024:H501:S10:12:ZZZZZZZZ",
		"$%*+-./: 0",
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:0123456789ABCDEFGHIJKLM",
		"https://mappa.example/verifica?c=Citta" };
	g_autoptr(QrMaker) maker = qr_maker_new();

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		expect_text(maker, texts[i]);
}

/* libqrencode masks the codes of each length as it likes. */
static void
test_lengths(void)
{
	static const char text[] =
	    "PLICO1:MAPPA-2024:A944:S5:1:7Q4K9M2X/$%*+. THE-LENGTH-OF-A-TEXT:0123456789";
	g_autoptr(QrMaker) maker = qr_maker_new();

	for (gsize length = 1; length < sizeof text; length++) {
		g_autofree char *part = g_strndup(text, length);

		if (part[length - 1] != ' ')
			expect_text(maker, part);
	}
}

/* Each character at each place, so that each bit of the text has been set and clear. */
static void
test_all_characters(void)
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
	g_autoptr(QrMaker) maker = qr_maker_new();

	for (gsize turn = 0; turn < strlen(alphabet); turn++) {
		char text[38] = "";

		for (gsize i = 0; i + 1 < sizeof text; i++)
			text[i] = alphabet[(turn + 7 * i) % strlen(alphabet)];
		text[36] = 'E'; /* zbar's output is cut at the end where it is blank */
		expect_text(maker, text);
	}
}

static void
test_equal(void)
{
	g_autoptr(QrMaker) maker = qr_maker_new();
	g_autoptr(QrMaker) other = qr_maker_new();
	QrCode one = { 0 };
	QrCode again = { 0 };

	g_assert_true(qr_make(maker, "PLICO1:X:B505:S2:1:ABCDEFGH", &one, NULL));
	g_assert_true(qr_make(other, "PLICO1:X:A001:S2:1:12345678", &again, NULL));
	g_assert_true(memcmp(one.rows, again.rows, sizeof one.rows) != 0);
	g_assert_true(qr_make(other, "PLICO1:X:B505:S2:1:ABCDEFGH", &again, NULL));
	g_assert_cmpuint(one.side, ==, again.side);
	g_assert_true(memcmp(one.rows, again.rows, sizeof one.rows) == 0);
	g_assert_cmpuint(one.side, ==, 25);
}

static void
test_too_long(void)
{
	g_autoptr(QrMaker) maker = qr_maker_new();
	g_autofree char *capitals = g_strnfill(400, 'A');
	g_autofree char *letters = g_strnfill(4000, 'a');
	const char *const texts[] = { capitals, letters };

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GError) error = NULL;
		QrCode code;

		g_assert_false(qr_make(maker, texts[i], &code, &error));
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	}
}

/* A page of each section, as a scanner at 150 dpi sees it. */
static void
test_scanned(Workshop *shop, gconstpointer data)
{
	static const char *const scan[] = { "sh", "-c",
		"pdftoppm -r 150 -gray -f 2 -l 2 -singlefile \"$0\" asked && zbarimg -q --raw asked.pgm "
		"2> asked.err",
		"@", NULL };

	(void)data;
	for (guint i = 0; i < shop->form->sections->len; i++) {
		const Section *section = g_ptr_array_index(shop->form->sections, i);
		g_autoptr(GBytes) pdf = shop_sheet(shop, &shop->large, section->name, NULL);
		g_autoptr(SheetId) id = sheet_id_new(shop->keyring, shop->form->id,
		    shop->large.code, section->name, shop->form->version, 1);
		g_autofree char *wanted = sheet_id_qr(id, shop->keyring);
		g_autofree char *found = NULL;

		if (strcmp(section->name, "s1") == 0) /* one page */
			continue;
		found = shop_ask(shop, pdf, scan);
		g_assert_cmpstr(g_strchomp(found), ==, wanted);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/qr/a-reader-reads-what-was-written", test_texts);
	g_test_add_func("/qr/every-length", test_lengths);
	g_test_add_func("/qr/every-character-at-every-place", test_all_characters);
	g_test_add_func("/qr/equal-texts-give-equal-codes", test_equal);
	g_test_add_func("/qr/a-text-too-long-is-refused", test_too_long);
	g_test_add(
	    "/qr/a-scan-of-150-dpi-is-enough", Workshop, NULL, shop_open, test_scanned, shop_close);
	return g_test_run();
}

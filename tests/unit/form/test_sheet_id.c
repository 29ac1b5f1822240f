#include "form/form.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
	char *directory;
	Keyring *keyring;
} Fixture;

static void
remove_key(const char *directory, const char *file)
{
	g_autofree char *path = g_build_filename(directory, file, NULL);

	g_unlink(path);
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	(void)data;
	fixture->directory = g_dir_make_tmp("plico-keys-XXXXXX", NULL);
	g_assert_true(keyring_create(fixture->directory, "k1", &error));
	fixture->keyring = keyring_open(fixture->directory, &error);
	g_assert_no_error(error);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
	(void)data;
	keyring_free(fixture->keyring);
	remove_key(fixture->directory, "k1.key");
	remove_key(fixture->directory, "k2.key");
	g_rmdir(fixture->directory);
	g_free(fixture->directory);
}

static SheetId *
make_id(const Keyring *keyring)
{
	return sheet_id_new(keyring, "mappa-2024", "A944", "s5", "2024071101", 3);
}

static void
test_round_trip(Fixture *fixture, gconstpointer data)
{
	g_autoptr(SheetId) id = make_id(fixture->keyring);
	g_autoptr(FieldSet) fields = field_set_new();
	g_autoptr(SheetId) back = NULL;

	(void)data;
	g_assert_true(sheet_id_verify(id, fixture->keyring));
	sheet_id_write(id, fields);
	back = sheet_id_read(fields);
	g_assert_true(sheet_id_verify(back, fixture->keyring));
	g_assert_cmpstr(back->edition, ==, "mappa-2024");
	g_assert_cmpstr(back->unit, ==, "A944");
	g_assert_cmpstr(back->section, ==, "s5");
	g_assert_cmpstr(back->form, ==, "2024071101");
	g_assert_cmpstr(back->serial, ==, "3");
	g_assert_cmpstr(back->tag, ==, id->tag);
	g_assert_cmpuint(strlen(id->tag), ==, SHEET_TAG_BITS / 5);
}

static gboolean
verifies(const FieldSet *fields, const Keyring *keyring)
{
	g_autoptr(SheetId) id = sheet_id_read(fields);

	return sheet_id_verify(id, keyring);
}

/* Each character of each field changed, dropped and doubled. */
static void
test_every_change_is_refused(Fixture *fixture, gconstpointer data)
{
	static const char *const names[] = { FIELD_VERSION, FIELD_KID, FIELD_EDITION, FIELD_UNIT,
		FIELD_SECTION, FIELD_FORM, FIELD_SERIAL, FIELD_TAG };
	g_autoptr(SheetId) id = make_id(fixture->keyring);
	g_autoptr(FieldSet) fields = field_set_new();
	guint tried = 0;

	(void)data;
	sheet_id_write(id, fields);
	for (gsize n = 0; n < G_N_ELEMENTS(names); n++) {
		g_autofree char *right = g_strdup(field_set_value(fields, names[n]));

		for (gsize i = 0; i < strlen(right); i++) {
			g_autofree char *changed = g_strdup(right);
			g_autofree char *dropped =
			    g_strdup_printf("%.*s%s", (int)i, right, right + i + 1);
			g_autofree char *doubled =
			    g_strdup_printf("%.*s%c%s", (int)i, right, right[i], right + i);

			for (changed[i] = ' '; changed[i] < '~'; changed[i]++) {
				if (changed[i] == right[i])
					continue;
				field_set_put(fields, names[n], changed);
				g_assert_false(verifies(fields, fixture->keyring));
				tried++;
			}
			field_set_put(fields, names[n], dropped);
			g_assert_false(verifies(fields, fixture->keyring));
			field_set_put(fields, names[n], doubled);
			g_assert_false(verifies(fields, fixture->keyring));
		}
		field_set_put(fields, names[n], "");
		g_assert_false(verifies(fields, fixture->keyring));
		field_set_put(fields, names[n], right);
		g_assert_true(verifies(fields, fixture->keyring));
	}
	g_assert_cmpuint(tried, >, 5000);
}

/* Moving characters from one field to its neighbour is another message. */
static void
test_fields_do_not_run_together(Fixture *fixture, gconstpointer data)
{
	g_autoptr(SheetId) id = make_id(fixture->keyring);
	g_autoptr(FieldSet) fields = field_set_new();

	(void)data;
	sheet_id_write(id, fields);
	field_set_put(fields, FIELD_UNIT, "A944s");
	field_set_put(fields, FIELD_SECTION, "5");
	g_assert_false(verifies(fields, fixture->keyring));
}

static void
test_nothing_is_refused(Fixture *fixture, gconstpointer data)
{
	g_autoptr(FieldSet) fields = field_set_new();

	(void)data;
	g_assert_false(verifies(fields, fixture->keyring));
}

static void
test_new_key(Fixture *fixture, gconstpointer data)
{
	g_autoptr(SheetId) old = make_id(fixture->keyring);
	g_autoptr(SheetId) new = NULL;
	g_autoptr(Keyring) both = NULL;

	(void)data;
	g_assert_true(keyring_create(fixture->directory, "k2", NULL));
	both = keyring_open(fixture->directory, NULL);
	new = make_id(both);
	g_assert_cmpstr(new->kid, ==, "k2");
	g_assert_true(sheet_id_verify(old, both));
	g_assert_true(sheet_id_verify(new, both));
	g_assert_false(sheet_id_verify(new, fixture->keyring));
	g_assert_null(sheet_id_qr(new, fixture->keyring));
}

static void
test_qr(Fixture *fixture, gconstpointer data)
{
	g_autoptr(SheetId) id = make_id(fixture->keyring);
	g_autoptr(SheetId) next =
	    sheet_id_new(fixture->keyring, "mappa-2024", "A944", "s5", "2024071101", 4);
	g_autofree char *text = sheet_id_qr(id, fixture->keyring);
	g_autofree char *again = sheet_id_qr(id, fixture->keyring);
	g_autofree char *other = sheet_id_qr(next, fixture->keyring);

	(void)data;
	g_assert_true(g_str_has_prefix(text, "PLICO1:MAPPA-2024:A944:S5:3:"));
	g_assert_cmpuint(strlen(text), ==, strlen("PLICO1:MAPPA-2024:A944:S5:3:") + 8);
	g_assert_cmpuint(strlen(text), <, 60);
	g_assert_cmpstr(text, ==, again);
	g_assert_cmpstr(strrchr(text, ':'), !=, strrchr(other, ':'));
}

static void
test_code(Fixture *fixture, gconstpointer data)
{
	static const char *const none[] = { "", "A944:S5:3", "A944:S5:3:0000000",
		"A944:S5:3:00000000:0", ":S5:3:00000000", "A944:S5:x:00000000", "A944:S5::00000000",
		"A944:S5:3:0000000č" };
	g_autoptr(SheetId) id = sheet_id_new_of_correction(
	    fixture->keyring, "mappa_2024", "A944", "s_5", "2024071101", 3, 7);
	g_autofree char *qr = sheet_id_qr(id, fixture->keyring);
	g_autofree char *small = g_ascii_strdown(sheet_code_short(qr), -1);
	g_autofree char *typed = g_strdup_printf(" %.5s %s\n", small, small + 5);
	g_autofree char *back = sheet_code_long("mappa_2024", typed);
	g_autofree char *mended = sheet_code_long("e", "A944:S5:3:Oil00000");

	(void)data;
	g_assert_true(g_str_has_prefix(sheet_code_short(qr), "A944:S-5:3+7:"));
	g_assert_cmpstr(back, ==, qr);
	g_assert_cmpstr(mended, ==, "PLICO1:E:A944:S5:3:01100000");
	for (gsize i = 0; i < G_N_ELEMENTS(none); i++)
		g_assert_null(sheet_code_long("e", none[i]));
}

#define ADD(path, function)                                                                        \
	g_test_add("/form/sheet-id/" path, Fixture, NULL, set_up, function, tear_down)

static void
test_correction(Fixture *fixture, gconstpointer data)
{
	g_autoptr(SheetId) id = sheet_id_new_of_correction(
	    fixture->keyring, "mappa-2024", "A944", "s5", "2024071101", 3, 7);
	g_autoptr(SheetId) whole =
	    sheet_id_new(fixture->keyring, "mappa-2024", "A944", "s5", "2024071101", 3);

	(void)data;
	g_assert_cmpstr(id->serial, ==, "3+7");
	g_assert_cmpint(sheet_id_correction(id), ==, 7);
	g_assert_cmpint(sheet_id_memory(id), ==, 0);
	g_assert_cmpint(sheet_id_correction(whole), ==, 0);
	g_assert_true(sheet_id_verify(id, fixture->keyring));
	g_free(id->serial);
	id->serial = g_strdup("3+8");
	g_assert_false(sheet_id_verify(id, fixture->keyring));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("written-and-read-back-it-verifies", test_round_trip);
	ADD("every-change-of-a-character-is-refused", test_every_change_is_refused);
	ADD("fields-do-not-run-together", test_fields_do_not_run_together);
	ADD("a-file-without-identity-is-refused", test_nothing_is_refused);
	ADD("a-new-key-makes-and-the-old-one-still-verifies", test_new_key);
	ADD("the-qr-is-short-and-has-its-own-check", test_qr);
	ADD("the-code-at-the-foot-is-the-qr-without-the-edition", test_code);
	g_test_add("/form/sheet-id/tells-which-correction", Fixture, NULL, set_up, test_correction,
	    tear_down);
	return g_test_run();
}

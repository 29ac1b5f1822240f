/* A store with three units in a folder of its own, for the tests of outbox/ and send/. */
#ifndef TEST_WORKSHOP_H
#define TEST_WORKSHOP_H

#include "outbox/outbox.h"

#include "base/clock.h"
#include "base/durable.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sqlite3.h>

#define WORKSHOP_NOW 1760689800 /* 17 October 2025, 8:30 UTC */

typedef struct {
	char *folder;
	char *path;
	Store *store;
	Keyring *keyring;
	Config *config;
	Form *form;
	OutboxTools tools;
} Workshop;

/* SQL that no room has: units come from an import, states from the program itself. */
static inline void
workshop_sql(Workshop *shop, const char *sql)
{
	sqlite3 *db = NULL;
	char *why = NULL;

	g_assert_cmpint(sqlite3_open(shop->path, &db), ==, SQLITE_OK);
	(void)sqlite3_exec(db, sql, NULL, NULL, &why);
	g_assert_cmpstr(why, ==, NULL);
	sqlite3_close(db);
}

/* As after a crash: nothing but the file is left. */
static inline void
workshop_reopen(Workshop *shop)
{
	g_autoptr(GError) error = NULL;

	g_clear_pointer(&shop->store, store_free);
	shop->store = store_open(shop->path, &error);
	g_assert_no_error(error);
	shop->tools.store = shop->store;
}

static inline void
workshop_open(Workshop *shop)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *conf = NULL;
	g_autofree char *keys = NULL;
	const char *source = g_getenv("SRCDIR");
	g_autofree char *edition =
	    g_build_filename(source != NULL ? source : ".", "forms", "mappa-2024", NULL);

	clock_set(WORKSHOP_NOW);
	shop->folder = g_dir_make_tmp("plico-outbox-XXXXXX", &error);
	g_assert_no_error(error);
	shop->path = g_build_filename(shop->folder, "plico.db", NULL);
	conf = g_build_filename(shop->folder, "plico.conf", NULL);
	keys = g_build_filename(shop->folder, "keys", NULL);
	g_assert_true(g_file_set_contents(conf, "[mail]\nchannel = null\n", -1, NULL));
	g_assert_cmpint(g_mkdir(keys, 0700), ==, 0);
	g_assert_true(keyring_create(keys, "k1", &error));
	shop->keyring = keyring_open(keys, &error);
	shop->config = config_open(shop->folder, &error);
	g_assert_no_error(error);
	shop->form = form_open_strict(edition, &error);
	g_assert_no_error(error);
	workshop_reopen(shop);
	workshop_sql(shop,
	    "INSERT INTO unit (id, code, istat_code, name, name_folded) VALUES"
	    " (1, 'A944', '037006', 'Bologna', 'bologna'), (2, 'D704', '040012', 'Forlì', 'forli'),"
	    " (3, 'Z999', '099999', 'Senza Posta', 'senza posta');"
	    "INSERT INTO contact (unit_id, role, channel, address, rank) VALUES"
	    " (1, 'protocol', 'pec', 'protocollo@comuni.example', 1),"
	    " (1, 'mayor', 'mail', 'sindaco@bologna.example', 2),"
	    " (2, 'protocol', 'mail', 'protocollo@comuni.example', 1);");
	shop->tools = (OutboxTools){
		.store = shop->store,
		.config = shop->config,
		.keyring = shop->keyring,
		.form = shop->form,
	};
}

/* Each town has an access code, so its sheets can be printed. */
static inline void
workshop_credentials(Workshop *shop)
{
	workshop_sql(shop,
	    "INSERT INTO credential (edition, unit_id, serial, kid, verifier, issued_at)"
	    " SELECT 'mappa-2024', id, 1, 'k1', x'00', 1 FROM unit");
}

/* The words of letters, as `plico init` puts them there. */
static inline void
workshop_texts(const Workshop *shop)
{
	g_autofree char *folder = g_build_filename(shop->folder, "mailtemplates", "it", NULL);
	g_auto(GStrv) names = g_resources_enumerate_children(
	    "/plico/mailtemplates/it", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	for (gsize i = 0; names[i] != NULL; i++) {
		g_autofree char *source = g_strdup_printf("/plico/mailtemplates/it/%s", names[i]);
		g_autofree char *target = g_build_filename(folder, names[i], NULL);
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) bytes =
		    g_resources_lookup_data(source, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

		g_assert_true(durable_replace(target, bytes, 0600, &error));
	}
}

static inline void
workshop_remove(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			workshop_remove(path);
		else
			(void)g_unlink(path);
	}
	(void)g_rmdir(folder);
}

static inline void
workshop_close(Workshop *shop)
{
	store_free(shop->store);
	keyring_free(shop->keyring);
	config_free(shop->config);
	workshop_remove(shop->folder);
	form_free(shop->form);
	g_free(shop->folder);
	g_free(shop->path);
	clock_set(-1);
}

/* One dispatch for each of the first @n units, in one wave. */
static inline void
workshop_plan(Workshop *shop, guint n)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Transaction) tx = transaction_begin(shop->store, &error);
	g_autoptr(WavePlan) plan = wave_plan_new();

	g_assert_true(
	    outbox_wave_new(&shop->tools, "invitation", "", "anna", &plan->wave_id, &error));
	for (guint i = 1; i <= n; i++) {
		g_autoptr(Unit) unit = registry_unit(shop->store, i, &error);

		g_assert_no_error(error);
		g_assert_true(outbox_add(
		    &shop->tools, plan->wave_id, "invitation", unit, "s1 s2", 1, plan, &error));
	}
	g_assert_true(transaction_commit(tx, &error));
}

#endif

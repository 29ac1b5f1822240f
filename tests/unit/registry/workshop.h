/* A fresh database and files of one test, both gone with it. */
#ifndef TESTS_UNIT_REGISTRY_WORKSHOP_H
#define TESTS_UNIT_REGISTRY_WORKSHOP_H

#include "registry/registry.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
	char *directory;
	char *list;
	Store *store;
} Workshop;

static inline void
workshop_clear(Workshop *shop)
{
	g_auto(GStrv) names = NULL;
	g_autoptr(GDir) dir = g_dir_open(shop->directory, 0, NULL);
	const char *name;

	store_free(shop->store);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(shop->directory, name, NULL);

		(void)g_unlink(path);
	}
	(void)g_rmdir(shop->directory);
	g_free(shop->directory);
	g_free(shop->list);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Workshop, workshop_clear)

static inline Workshop
workshop_new(void)
{
	g_autoptr(GError) error = NULL;
	Workshop shop = { .directory = g_dir_make_tmp("plico-registry-XXXXXX", &error) };
	g_autofree char *database = NULL;

	g_assert_no_error(error);
	database = g_build_filename(shop.directory, "plico.db", NULL);
	shop.list = g_build_filename(shop.directory, "list.csv", NULL);
	shop.store = store_open(database, &error);
	g_assert_no_error(error);
	return shop;
}

/* Imports @text; a failure of the whole import fails the test. */
static inline ImportReport *
take_list(Workshop *shop, const char *text, const ImportOptions *options)
{
	static const ImportOptions plain = { .actor = "test" };
	g_autoptr(GError) error = NULL;
	ImportReport *report;

	g_assert_true(g_file_set_contents(shop->list, text, -1, &error));
	report =
	    registry_import(shop->store, shop->list, options != NULL ? options : &plain, &error);
	g_assert_no_error(error);
	return report;
}

/* The findings as "code row" in their order, one blank between; rows behind the name of the list. */
static inline char *
findings_of(const ImportReport *report)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (guint i = 0; i < report->findings->len; i++) {
		const Finding *finding = g_ptr_array_index(report->findings, i);
		const char *row = strstr(finding->place, ": row ");

		g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", finding->code);
		if (row != NULL)
			g_string_append_printf(
			    out, ":%d", (int)g_ascii_strtoll(row + strlen(": row "), NULL, 10));
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* added/changed/gone/unchanged/refused contacts +/~/- */
static inline char *
counts_of(const ImportReport *report)
{
	return g_strdup_printf("%u/%u/%u/%u/%u %u/%u/%u", report->added, report->changed,
	    report->gone, report->unchanged, report->refused, report->contacts_added,
	    report->contacts_changed, report->contacts_gone);
}

static inline Unit *
find_unit(Workshop *shop, const char *words)
{
	g_autoptr(GError) error = NULL;
	Unit *unit = registry_find(shop->store, words, &error);

	g_assert_no_error(error);
	return unit;
}

/* The open addresses of a unit in their order, one blank between. */
static inline char *
addresses_of(Workshop *shop, const char *words)
{
	g_autoptr(Unit) unit = find_unit(shop, words);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) contacts = registry_contacts(shop->store, unit->id, &error);
	g_autoptr(GString) out = g_string_new(NULL);

	g_assert_no_error(error);
	for (guint i = 0; i < contacts->len; i++) {
		const Contact *contact = g_ptr_array_index(contacts, i);

		g_assert_cmpint(contact->rank, ==, (gint64)i + 1);
		g_string_append_printf(
		    out, "%s%s:%s", i > 0 ? " " : "", contact->channel, contact->address);
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

#endif

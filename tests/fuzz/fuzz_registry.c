/*
 * Lists of towns and addresses (registry/registry.h), read against a database that knows some: told, nothing changed. Every
 * row is counted, every address that is taken may stand in a header.
 */
#include "fuzz/fuzz.h"
#include "registry/registry.h"

#include <gio/gio.h>
#include <string.h>

static Store *store;

static void
prepare(void)
{
	static const ImportOptions options = { .actor = "fuzz" };
	g_autofree char *database = g_build_filename(fuzz_folder(), "registry.db", NULL);
	g_autoptr(GBytes) towns = g_resources_lookup_data(
	    "/plico/samples/comuni.csv", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	gsize size;
	const guint8 *data = g_bytes_get_data(towns, &size);
	g_autofree char *list = fuzz_file("comuni.csv", data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(ImportReport) report = NULL;

	store = store_open(database, &error);
	g_assert_no_error(error);
	report = registry_import(store, list, &options, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(report->added, >, 0);
}

static void
check_report(const ImportReport *report)
{
	g_assert_cmpuint(report->refused + report->passed_over + report->added + report->changed,
	    <=, report->rows);
	for (guint i = 0; i < report->lines->len; i++)
		g_assert_true(g_utf8_validate(g_ptr_array_index(report->lines, i), -1, NULL));
	for (guint i = 0; i < report->findings->len; i++) {
		const Finding *finding = g_ptr_array_index(report->findings, i);

		g_assert_true(g_utf8_validate(finding->text, -1, NULL));
		g_assert_true(g_utf8_validate(finding->place, -1, NULL));
	}
}

/* An address by itself: what is sound is sound again, and may stand in an envelope. */
static void
check_address(const char *text)
{
	g_autofree char *address = NULL;
	g_autofree char *again = NULL;
	const char *why = NULL;

	if (!address_check(text, &address, &why)) {
		g_assert_nonnull(why);
		return;
	}
	g_assert_true(g_str_is_ascii(address));
	g_assert_null(strpbrk(address, "\r\n\t <>\",;:()"));
	g_assert_cmpuint(strlen(address), <=, 254);
	g_assert_cmpint(address[0], !=, '-');
	g_assert_true(address_check(address, &again, &why));
	g_assert_cmpstr(again, ==, address);
	(void)address_suspect(address);
}

static void
run(const guint8 *data, gsize size)
{
	static const ImportOptions options = {
		.dry_run = TRUE, .many_gone = TRUE, .actor = "fuzz"
	};
	g_autofree char *list = fuzz_file("list.csv", data, size);
	g_autofree char *text = fuzz_text(data, MIN(size, 400));
	g_autoptr(GError) error = NULL;
	g_autoptr(ImportReport) report = registry_import(store, list, &options, &error);

	g_assert_true((report == NULL) == (error != NULL));
	if (report != NULL)
		check_report(report);
	if (g_utf8_validate(text, -1, NULL))
		check_address(text);
}

const FuzzTarget fuzz_registry = { prepare, run };

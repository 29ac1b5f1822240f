/* What the tests of this room share: a workspace with the shipped forms and texts, towns, and a way to ask other
 * programs about a PDF. */
#ifndef PLICO_TESTS_RENDER_WORKSHOP_H
#define PLICO_TESTS_RENDER_WORKSHOP_H

#include "render/render.h"

#include "base/durable.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
	char *directory;
	Config *config;
	Keyring *keyring;
	Form *form;
	Renderer *renderer;
	Unit large;
	Unit small;
} Workshop;

static inline void
shop_copy(const char *from, const char *to)
{
	g_auto(GStrv) names =
	    g_resources_enumerate_children(from, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

	g_assert_cmpint(g_mkdir_with_parents(to, 0700), ==, 0);
	for (gsize i = 0; names != NULL && names[i] != NULL; i++) {
		g_autofree char *source = g_strdup_printf("%s/%s", from, names[i]);
		g_autofree char *target = g_build_filename(to, names[i], NULL);
		g_autoptr(GBytes) bytes = NULL;
		g_autoptr(GError) error = NULL;

		if (g_str_has_suffix(names[i], "/")) {
			source[strlen(source) - 1] = '\0';
			shop_copy(source, target);
			continue;
		}
		bytes = g_resources_lookup_data(source, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
		g_assert_true(durable_replace(target, bytes, 0600, &error));
	}
}

static inline char *
shop_path(const Workshop *shop, const char *name)
{
	return g_build_filename(shop->directory, name, NULL);
}

static inline void
shop_write(const Workshop *shop, const char *name, const char *text)
{
	g_autofree char *path = shop_path(shop, name);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static inline Unit
shop_unit(const char *code, const char *name, const char *other, gint64 population)
{
	static char empty[] = "";
	static char province[] = "GO";
	Unit unit = { .istat_code = empty,
		.province = empty,
		.province_code = province,
		.region = empty,
		.area = empty,
		.zip = empty,
		.tax_code = empty,
		.ipa_code = empty,
		.mayor = empty,
		.population = population };

	unit.code = (char *)(gsize)code;
	unit.name = (char *)(gsize)name;
	unit.name_other = (char *)(gsize)other;
	return unit;
}

static inline void
shop_open(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *keys = NULL;
	g_autofree char *forms = NULL;
	g_autofree char *texts = NULL;
	g_autofree char *edition = NULL;

	(void)data;
	shop->directory = g_dir_make_tmp("plico-render-XXXXXX", &error);
	g_assert_no_error(error);
	keys = shop_path(shop, "keys");
	forms = shop_path(shop, "forms");
	texts = shop_path(shop, "mailtemplates");
	edition = shop_path(shop, "forms/mappa-2024");
	g_assert_cmpint(g_mkdir(keys, 0700), ==, 0);
	shop_copy("/plico/forms", forms);
	shop_copy("/plico/mailtemplates", texts);
	shop_write(shop, "plico.conf", "[survey]\ndeadline=2024-10-18\nhelp_phone=06 000 0000\n");
	g_assert_true(keyring_create(keys, "k1", &error));
	shop->config = config_open(shop->directory, &error);
	g_assert_no_error(error);
	shop->keyring = keyring_open(keys, &error);
	g_assert_no_error(error);
	shop->form = form_open_strict(edition, &error);
	g_assert_no_error(error);
	shop->renderer = renderer_new(shop->config, shop->keyring, shop->form, &error);
	g_assert_no_error(error);
	shop->large = shop_unit("I939", "Savogna d'Isonzo", "Sovodnje ob Soči", 25000);
	shop->small = shop_unit("B505", "Campo Calabro", "", 1700);
}

static inline void
shop_remove(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);

	for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
		g_autofree char *inner = g_build_filename(path, name, NULL);

		shop_remove(inner);
	}
	(void)g_remove(path);
}

static inline void
shop_close(Workshop *shop, gconstpointer data)
{
	(void)data;
	renderer_free(shop->renderer);
	form_free(shop->form);
	keyring_free(shop->keyring);
	config_free(shop->config);
	shop_remove(shop->directory);
	g_free(shop->directory);
}

/* The sheet of one section for @unit. */
static inline GBytes *
shop_sheet(const Workshop *shop, const Unit *unit, const char *section, const FieldSet *values)
{
	g_autoptr(FormView) view = form_view_new(shop->form, unit);
	g_autoptr(GError) error = NULL;
	GBytes *pdf = renderer_sheet(
	    shop->renderer, unit, view, form_section(shop->form, section), 1, "it", values, &error);

	g_assert_no_error(error);
	return pdf;
}

static inline LetterContext
shop_letter(const Workshop *shop, const Unit *unit)
{
	return (LetterContext){ .unit = unit,
		.kid = "k1",
		.serial = 1,
		.date = 1720688400,
		.sections = shop->form->sections };
}

/* What a program says about @pdf: "@" among @words stands for the file. */
static inline char *
shop_ask(const Workshop *shop, GBytes *pdf, const char *const *words)
{
	g_autofree char *path = shop_path(shop, "asked.pdf");
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_autoptr(GError) error = NULL;
	char *said = NULL;
	int status;

	g_assert_true(g_file_set_contents(
	    path, g_bytes_get_data(pdf, NULL), (gssize)g_bytes_get_size(pdf), NULL));
	for (gsize i = 0; words[i] != NULL; i++)
		g_ptr_array_add(
		    argv, (gpointer)(gsize)(strcmp(words[i], "@") == 0 ? path : words[i]));
	g_ptr_array_add(argv, NULL);
	g_spawn_sync(shop->directory, (char **)argv->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
	    &said, NULL, &status, &error);
	g_assert_no_error(error);
	g_assert_cmpint(status, ==, 0);
	return said;
}

static inline char *
shop_text(const Workshop *shop, GBytes *pdf)
{
	static const char *const words[] = { "pdftotext", "-layout", "@", "-", NULL };

	return shop_ask(shop, pdf, words);
}

/* All fields as pdftk reads them. */
static inline FieldSet *
shop_fields(const Workshop *shop, GBytes *pdf)
{
	static const char *const words[] = { "pdftk", "@", "dump_data_fields_utf8", NULL };
	g_autofree char *said = shop_ask(shop, pdf, words);
	g_auto(GStrv) records = g_strsplit(said, "---\n", 0);
	FieldSet *fields = field_set_new();

	for (gsize i = 0; records[i] != NULL; i++) {
		g_auto(GStrv) lines = g_strsplit(records[i], "\n", 0);
		const char *name = NULL;
		g_autoptr(GString) value = g_string_new(NULL);
		gboolean inside = FALSE;

		for (gsize k = 0; lines[k] != NULL; k++) {
			if (g_str_has_prefix(lines[k], "FieldName: ")) {
				name = lines[k] + strlen("FieldName: ");
			} else if (g_str_has_prefix(lines[k], "FieldValue: ")) {
				g_string_assign(value, lines[k] + strlen("FieldValue: "));
				inside = TRUE;
			} else if (g_str_has_prefix(lines[k], "Field")) {
				inside = FALSE;
			} else if (inside && *lines[k] != '\0') { /* a value of several lines */
				g_string_append_printf(value, "\n%s", lines[k]);
			}
		}
		if (name != NULL)
			field_set_put(fields, name, value->str);
	}
	return fields;
}

#endif

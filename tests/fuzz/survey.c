#include "fuzz/survey.h"

#include "fuzz/fuzz.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/* A folder of the program's own files. */
static void
unpack(const char *from, const char *to)
{
	g_auto(GStrv) names =
	    g_resources_enumerate_children(from, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

	g_assert_cmpint(g_mkdir_with_parents(to, 0700), ==, 0);
	for (char **name = names; name != NULL && *name != NULL; name++) {
		g_autofree char *source = g_build_filename(from, *name, NULL);
		g_autofree char *target = g_build_filename(to, *name, NULL);
		g_autoptr(GBytes) bytes = NULL;

		if (g_str_has_suffix(*name, "/")) {
			unpack(source, target);
			continue;
		}
		bytes = g_resources_lookup_data(source, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
		g_assert_true(g_file_set_contents(
		    target, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes), NULL));
	}
}

static Unit
town(const char *code, const char *name, const char *other, gint64 population)
{
	return (Unit){
		.code = g_strdup(code),
		.istat_code = g_strdup("031022"),
		.name = g_strdup(name),
		.name_other = g_strdup(other),
		.province = g_strdup("Gorizia"),
		.province_code = g_strdup("GO"),
		.region = g_strdup("Friuli-Venezia Giulia"),
		.area = g_strdup("Nord-est"),
		.zip = g_strdup("34070"),
		.tax_code = g_strdup(""),
		.ipa_code = g_strdup(""),
		.mayor = g_strdup("Sindaco Livio Quercini"),
		.population = population,
	};
}

void
fuzz_survey_open(FuzzSurvey *survey)
{
	static FuzzSurvey opened; /* targets of one program share it */
	static const char *const langs[] = { "it", "de", "fr", "sl" };
	g_autofree char *root = g_build_filename(fuzz_folder(), "survey", NULL);
	g_autofree char *keys = g_build_filename(root, "keys", NULL);
	g_autofree char *forms = g_build_filename(root, "forms/mappa-2024", NULL);
	g_autofree char *texts = g_build_filename(root, "mailtemplates", NULL);
	g_autofree char *conf = g_build_filename(root, "plico.conf", NULL);
	g_autoptr(GError) error = NULL;

	if (opened.form == NULL) {
		unpack("/plico/forms/mappa-2024", forms);
		unpack("/plico/mailtemplates", texts);
		g_assert_cmpint(g_mkdir_with_parents(keys, 0700), ==, 0);
		g_assert_true(
		    g_file_set_contents(conf, "[survey]\ndeadline=2024-10-18\n", -1, NULL));
		g_assert_true(keyring_create(keys, "k1", &error));
		opened.config = config_open(root, &error);
		g_assert_no_error(error);
		opened.keyring = keyring_open(keys, &error);
		g_assert_no_error(error);
		opened.form = form_open_strict(forms, &error);
		g_assert_no_error(error);
		opened.units[0] = town("B505", "Campo Calabro", "", 1700);
		opened.units[1] = town("I939", "Savogna d'Isonzo", "Sovodnje ob Soči", 25000);
		memcpy(opened.langs, langs, sizeof langs);
		for (gsize i = 0; i < G_N_ELEMENTS(opened.views); i++)
			opened.views[i] = form_view_new(opened.form, &opened.units[i]);
	}
	*survey = opened;
}

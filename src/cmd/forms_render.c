/* plico forms render: the blank sheets of an edition, to look at */
#include "cmd/cmd.h"

#include "base/durable.h"
#include "base/error.h"
#include "base/lang.h"
#include "render/render.h"

#define SAMPLE_POPULATION 10000

static gint64 population = SAMPLE_POPULATION;
static char *unit_words;
static char *out;
static char *lang;

static const GOptionEntry options[] = {
	{ "population", 0, 0, G_OPTION_ARG_INT64, &population,
	    N_("for a made-up town of so many inhabitants (10000)"), "N" },
	{ "unit", 0, 0, G_OPTION_ARG_STRING, &unit_words, N_("for this unit: name or code"),
	    "WORDS" },
	{ "out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_("where the files go (here)"), "DIR" },
	{ "lang", 0, 0, G_OPTION_ARG_STRING, &lang, N_("language, or two: de+it (the unit's)"),
	    "LANG" },
	G_OPTION_ENTRY_NULL,
};

static Unit *
make_sample(void)
{
	Unit *unit = g_new0(Unit, 1);
	char **const texts[] = { &unit->istat_code, &unit->name_other, &unit->province,
		&unit->province_code, &unit->region, &unit->area, &unit->zip, &unit->tax_code,
		&unit->ipa_code, &unit->mayor };

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		*texts[i] = g_strdup("");
	unit->code = g_strdup("X000");
	unit->name = g_strdup("Esempio") /* data, in Italian */;
	unit->lang = g_strdup("");
	unit->population = population;
	return unit;
}

static Form *
open_form(App *app, char **words, GError **error)
{
	return words[0] != NULL ? form_open_strict(words[0], error) : cmd_form(app, error);
}

/* No credential has the serial 0: a sheet made here never counts as an answer. */
static gboolean
write_sheet(Renderer *renderer, const Unit *unit, const FormView *view, const Section *section,
    JsonBuilder *json, GError **error)
{
	g_autofree char *name = renderer_sheet_name(renderer, unit, section);
	g_autofree char *path = g_build_filename(out != NULL ? out : ".", name, NULL);
	g_autoptr(GBytes) pdf = renderer_sheet(renderer, unit, view, section, 0, lang, NULL, error);

	if (pdf == NULL || !durable_replace(path, pdf, 0644, error))
		return FALSE;
	if (json == NULL) {
		g_print("%s\n", path);
		return TRUE;
	}
	json_builder_begin_object(json);
	json_builder_set_member_name(json, "section");
	json_builder_add_string_value(json, section->name);
	json_builder_set_member_name(json, "file");
	json_builder_add_string_value(json, path);
	json_builder_set_member_name(json, "bytes");
	json_builder_add_int_value(json, (gint64)g_bytes_get_size(pdf));
	json_builder_end_object(json);
	return TRUE;
}

static gboolean
write_sheets(
    Renderer *renderer, const Form *form, const Unit *unit, JsonBuilder *json, GError **error)
{
	g_autoptr(FormView) view = form_view_new(form, unit);
	g_autoptr(GPtrArray) sections = form_view_sections(view);

	for (guint i = 0; i < sections->len; i++)
		if (!write_sheet(renderer, unit, view, g_ptr_array_index(sections, i), json, error))
			return FALSE;
	return TRUE;
}

static gboolean
run(App *app, char **words, GError **error)
{
	g_autoptr(Form) form = open_form(app, words, error);
	g_autoptr(Renderer) renderer = NULL;
	g_autoptr(Unit) unit = NULL;
	g_autoptr(JsonBuilder) json = app->json ? json_builder_new() : NULL;
	g_autoptr(JsonNode) root = NULL;

	if (lang != NULL && !lang_check(lang))
		return fail(error, PLICO_ERROR_USAGE,
		    _("--lang %s: it, de, fr, sl, or two of them joined by + are expected"), lang);
	if (form == NULL || (out != NULL && !durable_mkdir(out, error)))
		return FALSE;
	renderer = renderer_new(app->config, app->keyring, form, error);
	if (renderer == NULL)
		return FALSE;
	unit = unit_words != NULL ? registry_find(app->store, unit_words, error) : make_sample();
	if (unit == NULL)
		return FALSE;
	if (lang == NULL)
		lang = unit_lang(unit, app->config);
	if (!app->json)
		return write_sheets(renderer, form, unit, NULL, error);
	json_builder_begin_object(json);
	json_builder_set_member_name(json, "unit");
	json_builder_add_string_value(json, unit->code);
	json_builder_set_member_name(json, "sheets");
	json_builder_begin_array(json);
	if (!write_sheets(renderer, form, unit, json, error))
		return FALSE;
	json_builder_end_array(json);
	json_builder_end_object(json);
	root = json_builder_get_root(json);
	cmd_print_json(root);
	return TRUE;
}

const Command command_forms_render = {
	.name = "forms render",
	.words = "[DIR]",
	.summary = N_("write the blank sheets of an edition, to look at"),
	.help = N_(
	    "Writes one PDF for each section of the questionnaire in DIR (the edition of the workspace) as a town would get it. "
	    "The sheets carry the serial 0, which no access code has: if one comes back it is not taken."),
	.needs = NEEDS_CONFIG | NEEDS_STORE | NEEDS_KEYS | OFFERS_JSON,
	.least = 0,
	.most = 1,
	.options = options,
	.run = run,
};

/* plico delegate: who fills in what. */
#include "base/durable.h"
#include "base/error.h"
#include "cmd/cmd.h"
#include "outbox/outbox.h"

static char *out;

static const GOptionEntry options[] = {
	{ "out", 'o', 0, G_OPTION_ARG_FILENAME, &out, N_("the file to write"), "FILE" },
	G_OPTION_ENTRY_NULL,
};

static GBytes *
make_sheet(const App *app, Renderer *renderer, const Form *form, const Unit *unit, char **path,
    GError **error)
{
	g_autoptr(FormView) view = form_view_new(form, unit);
	g_autoptr(Form) delegation = form_delegation(view);
	g_autoptr(FormView) asked = form_view_new(delegation, unit);
	const Section *section = form_section(delegation, FORM_DELEGATION);
	g_autofree char *lang = unit_lang(unit, app->config);
	gint64 serial;

	*path = out != NULL ? g_strdup(out) : renderer_sheet_name(renderer, unit, section);
	if (!outbox_serial(app->store, form->id, unit->id, &serial, error))
		return NULL;
	return renderer_sheet(renderer, unit, asked, section, (guint)serial, lang, NULL, error);
}

static gboolean
run(App *app, char **words, GError **error)
{
	g_autoptr(Form) form = cmd_form(app, error);
	g_autoptr(Renderer) renderer = NULL;
	g_autoptr(Unit) unit = NULL;
	g_autoptr(GBytes) pdf = NULL;
	g_autofree char *path = NULL;

	if (form == NULL)
		return FALSE;
	renderer = renderer_new(app->config, app->keyring, form, error);
	unit = renderer != NULL ? registry_find(app->store, words[0], error) : NULL;
	if (unit == NULL)
		return FALSE;
	pdf = make_sheet(app, renderer, form, unit, &path, error);
	if (pdf == NULL || !durable_replace(path, pdf, 0600, error))
		return FALSE;
	g_print("%s\n", path);
	return TRUE;
}

const Command command_delegate_sheet = {
	.name = "delegate sheet",
	.words = "WORDS",
	.summary = N_("write the delegation sheet of a unit: who fills in which section"),
	.help = N_(
	    "WORDS: code, address or name of the unit. The mayor fills it in and sends it back; with the unit's access code on it each person that it names has then the section; without, it waits for a person, as answers do."),
	.needs = NEEDS_STORE | NEEDS_KEYS,
	.least = 1,
	.most = 1,
	.options = options,
	.run = run,
};

/* plico answers reopen: a section is awaited once more. */
#include "base/error.h"
#include "cmd/cmd.h"
#include "registry/registry.h"
#include "validate/validate.h"

static char *section;
static char *note;

static const GOptionEntry options[] = {
	{ "section", 0, 0, G_OPTION_ARG_STRING, &section, N_("this section (required)"), "s5" },
	{ "note", 0, 0, G_OPTION_ARG_STRING, &note, N_("why, for the history (required)"), "TEXT" },
	G_OPTION_ENTRY_NULL,
};

static gboolean
run(App *app, char **words, GError **error)
{
	g_autoptr(Form) form = cmd_form(app, error);
	g_autoptr(Unit) unit = form != NULL ? registry_find(app->store, words[0], error) : NULL;
	const IntakeTools tools = { app->store, app->config, app->keyring, form, NULL, NULL };

	if (unit == NULL)
		return FALSE;
	if (section == NULL || form_section(form, section) == NULL)
		return fail(error, PLICO_ERROR_USAGE,
		    _("--section %s: the form has no such section"),
		    section != NULL ? section : "");
	if (!intake_reopen(
		&tools, unit->id, section, cmd_operator(), note != NULL ? note : "", error))
		return FALSE;
	g_print(_("%s, section %s: awaited once more; the present answers count until then\n"),
	    unit->name, section);
	return TRUE;
}

const Command command_answers_reopen = {
	.name = "answers reopen",
	.words = "WORDS",
	.summary = N_("wait for a section once more"),
	.help = N_(
	    "WORDS: code, address or name of the unit. Its answers go on counting until new ones come; reminders ask for the section again. Your login and the note go into the history."),
	.needs = NEEDS_STORE | NEEDS_KEYS,
	.least = 1,
	.most = 1,
	.options = options,
	.run = run,
};

/* plico units decline, exclude, reopen: who does not take part, and who does again. */
#include "base/error.h"
#include "cmd/cmd.h"
#include "status/status.h"

static char *note;

static const GOptionEntry options[] = {
	{ "note", 0, 0, G_OPTION_ARG_STRING, &note, N_("why, for the history (required)"), "TEXT" },
	G_OPTION_ENTRY_NULL,
};

static gboolean
declare(App *app, const char *words, Declaration declaration, GError **error)
{
	g_autoptr(Form) form = cmd_form(app, error);
	g_autoptr(Unit) unit = form != NULL ? registry_find(app->store, words, error) : NULL;
	g_autoptr(GHashTable) sections = NULL;
	g_autofree char *state = NULL;

	if (unit == NULL ||
	    !status_declare(app->store, form, unit, declaration, cmd_operator(),
		note != NULL ? note : "", error) ||
	    !status_refresh(app->store, form, error))
		return FALSE;
	state = status_unit(app->store, form, unit->id, &sections, error);
	if (state == NULL)
		return FALSE;
	g_print("%s %s: %s\n", unit->code, unit->name, status_words(state));
	return TRUE;
}

static gboolean
run_decline(App *app, char **words, GError **error)
{
	return declare(app, words[0], UNIT_DECLINES, error);
}

static gboolean
run_exclude(App *app, char **words, GError **error)
{
	return declare(app, words[0], UNIT_EXCLUDED, error);
}

static gboolean
run_reopen(App *app, char **words, GError **error)
{
	return declare(app, words[0], UNIT_REOPENED, error);
}

const Command command_units_decline = {
	.name = "units decline",
	.words = "WORDS",
	.summary = N_("note that a unit does not want to take part"),
	.help = N_(
	    "It gets no more reminders. Should it answer after all, it takes part again by itself."),
	.needs = NEEDS_STORE,
	.least = 1,
	.most = 1,
	.options = options,
	.run = run_decline,
};

const Command command_units_exclude = {
	.name = "units exclude",
	.words = "WORDS",
	.summary = N_("leave a unit out of the survey"),
	.help = N_("It gets no more reminders, whatever it answers."),
	.needs = NEEDS_STORE,
	.least = 1,
	.most = 1,
	.options = options,
	.run = run_exclude,
};

const Command command_units_reopen = {
	.name = "units reopen",
	.words = "WORDS",
	.summary = N_("take a unit in again that declined or was excluded"),
	.help = N_("It stands again where what came back from it leaves it."),
	.needs = NEEDS_STORE,
	.least = 1,
	.most = 1,
	.options = options,
	.run = run_reopen,
};

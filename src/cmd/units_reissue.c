/* plico units reissue: a new access code. */
#include "base/error.h"
#include "cmd/cmd.h"
#include "outbox/outbox.h"

static char *note;

static const GOptionEntry options[] = {
	{ "note", 0, 0, G_OPTION_ARG_STRING, &note, N_("why, for the history (required)"), "TEXT" },
	G_OPTION_ENTRY_NULL,
};

static gboolean
run(App *app, char **words, GError **error)
{
	g_autofree char *name = g_strjoinv(" ", words);
	g_autoptr(Form) form = cmd_form(app, error);
	g_autoptr(Unit) unit = form != NULL ? registry_find(app->store, name, error) : NULL;
	const OutboxTools tools = { app->store, app->config, app->keyring, form, NULL };
	gint64 serial;

	if (unit == NULL ||
	    !outbox_reissue(&tools, unit, cmd_operator(), note != NULL ? note : "", &serial, error))
		return FALSE;
	g_print(_("%s %s: its access code no. %" PRId64
		  " counts from now on; `plico wave plan` plans the letter that brings it.\n"),
	    unit->code, unit->name, serial);
	return TRUE;
}

const Command command_units_reissue = {
	.name = "units reissue",
	.words = "WORDS",
	.summary = N_("give a unit a new access code; the old one counts no more"),
	.help = N_(
	    "For a letter that is lost or came into wrong hands. The code is not shown: the next invitation that is planned brings it to the registered address. A sheet with the old code is held for a person."),
	.needs = NEEDS_STORE | NEEDS_KEYS,
	.least = 1,
	.most = -1,
	.options = options,
	.run = run,
};

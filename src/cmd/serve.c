#include "cmd/cmd.h"

#include "base/error.h"
#include "web/web.h"

static void
tell(const Config *config, guint port)
{
	g_print(_("Pages on http://%s:%u/ - stop with Ctrl-C.\n"),
	    config_text(config, CONFIG_web_address), port);
}

static gboolean
run(App *app, char **words, GError **error)
{
	g_autoptr(Form) form = cmd_form(app, error);
	const WebTools tools = { .store = app->store, .config = app->config, .form = form };

	(void)words;
	return form != NULL && web_serve(&tools, tell, error);
}

const Command command_serve = {
	.name = "serve",
	.summary = N_("show where the survey stands as web pages"),
	.help = N_("Serves pages that change nothing on web.address and web.port: the state of the "
		   "survey, the list behind each number, one page for each municipality."),
	.needs = NEEDS_CONFIG | NEEDS_STORE,
	.run = run,
};

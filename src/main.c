/* Finds the verb, opens what the verb says it needs, prints the one error, picks the exit code. */
#include "base/error.h"
#include "cmd/cmd.h"

#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

typedef struct {
	char *workspace;
	gboolean strict;
} Globals;

/* Italian unless the user's locale or LANGUAGE says otherwise. C.UTF-8 is on every Debian and lets LANGUAGE choose;
 * numbers stay with a point, for JSON, SQL and PDF. */
static void
choose_language(void)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = g_path_get_dirname(self != NULL ? self : ".");
	g_autofree char *beside = g_build_filename(folder, "locale", NULL);
	const char *locale = setlocale(LC_ALL, "");

	if (locale == NULL || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0 ||
	    strcmp(locale, "C.UTF-8") == 0) {
		(void)setlocale(LC_ALL, "C.UTF-8");
		(void)g_setenv("LANGUAGE", "it", FALSE);
	}
	(void)setlocale(LC_NUMERIC, "C");
	(void)bindtextdomain(
	    "plico", g_file_test(beside, G_FILE_TEST_IS_DIR) ? beside : PLICO_LOCALEDIR);
	(void)bind_textdomain_codeset("plico", "UTF-8");
	(void)textdomain("plico");
}

/* A crash must not leave codes and keys in a core file. */
static void
guard_secrets(void)
{
	const struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0);
	(void)umask(077);
}

/* How many words of @argv the name of @command takes, 0 if it is another verb. */
static int
match(const Command *command, int argc, char **argv)
{
	g_auto(GStrv) name = g_strsplit(command->name, " ", 0);
	int n = (int)g_strv_length(name);

	if (n > argc)
		return 0;
	for (int i = 0; i < n; i++)
		if (strcmp(name[i], argv[i]) != 0)
			return 0;
	return n;
}

static const Command *
find_command(int argc, char **argv, int *taken)
{
	const Command *found = NULL;

	*taken = 0;
	for (gsize i = 0; commands[i] != NULL; i++) {
		int n = match(commands[i], argc, argv);

		if (n > *taken) {
			*taken = n;
			found = commands[i];
		}
	}
	return found;
}

static gboolean
open_needs(App *app, unsigned needs, const char *workspace, GError **error)
{
	if ((needs & (NEEDS_CONFIG | NEEDS_STORE | NEEDS_KEYS)) == 0)
		return TRUE;
	app->config = config_open(workspace, error);
	if (app->config == NULL)
		return FALSE;
	if ((needs & NEEDS_STORE) != 0) {
		g_autofree char *path = cmd_path(app, "plico.db");

		app->store = store_open(path, error);
		if (app->store == NULL)
			return FALSE;
	}
	if ((needs & NEEDS_KEYS) != 0) {
		g_autofree char *path = cmd_path(app, "keys");

		app->keyring = keyring_open(path, error);
		if (app->keyring == NULL)
			return FALSE;
	}
	return TRUE;
}

static GOptionContext *
make_context(const Command *command, App *app, Globals *globals)
{
	GOptionEntry common[] = {
		{ "workspace", 'w', 0, G_OPTION_ARG_FILENAME, &globals->workspace,
		    N_("the workspace"), "DIR" },
		{ "strict", 0, 0, G_OPTION_ARG_NONE, &globals->strict,
		    N_("exit with 1 where something was found"), NULL },
		G_OPTION_ENTRY_NULL,
	};
	GOptionEntry json[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &app->json, N_("print one line of JSON"), NULL },
		G_OPTION_ENTRY_NULL,
	};
	/* the verb is part of the program's name: in what stands behind that a context looks for words to translate */
	g_autofree char *name = g_strdup_printf("plico %s", command->name);
	GOptionContext *context = g_option_context_new(command->words);

	g_set_prgname(name);
	g_option_context_set_translation_domain(context, "plico");
	g_option_context_set_summary(context, command->summary);
	g_option_context_set_description(context, command->help);
	if (command->options != NULL)
		g_option_context_add_main_entries(context, command->options, "plico");
	if ((command->needs & OFFERS_JSON) != 0)
		g_option_context_add_main_entries(context, json, "plico");
	g_option_context_add_main_entries(context, common, "plico");
	return context;
}

static gboolean
run_command(const Command *command, App *app, Globals *globals, char ***arguments, GError **error)
{
	g_autoptr(GOptionContext) context = make_context(command, app, globals);
	const char *workspace;
	int words;

	app->try_again = (command->needs & SAYS_TRY_AGAIN) != 0;
	if (!g_option_context_parse_strv(context, arguments, error))
		return FALSE;
	words = (int)g_strv_length(*arguments) - 1;
	if (words < command->least || (command->most >= 0 && words > command->most))
		return fail(error, PLICO_ERROR_USAGE,
		    _("plico %s %s: %d words were given; plico %s --help tells more"),
		    command->name, command->words != NULL ? command->words : "", words,
		    command->name);
	workspace = globals->workspace != NULL ? globals->workspace : g_getenv("PLICO_WORKSPACE");
	app->workspace = workspace != NULL ? workspace : ".";
	if (!open_needs(app, command->needs, app->workspace, error))
		return FALSE;
	return command->run(app, *arguments + 1, error);
}

static gboolean
fail_no_verb(const char *word, GError **error)
{
	g_autofree char *begin = g_strdup_printf("%s ", word);
	g_autoptr(GString) verbs = g_string_new(NULL);

	for (gsize i = 0; commands[i] != NULL; i++)
		if (g_str_has_prefix(commands[i]->name, begin))
			g_string_append_printf(
			    verbs, "%s%s", verbs->len > 0 ? ", " : "", commands[i]->name);
	if (verbs->len > 0)
		return fail(
		    error, PLICO_ERROR_USAGE, _("plico %s: one of these: %s"), word, verbs->str);
	return fail(
	    error, PLICO_ERROR_USAGE, _("plico %s: no such verb; plico help lists them"), word);
}

static gboolean
dispatch(App *app, Globals *globals, int argc, char **argv, GError **error)
{
	g_autofree char *help = g_strdup("help");
	g_auto(GStrv) arguments = NULL;
	const Command *command;
	int taken;

	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		g_print("plico %s (schema %d)\n", PLICO_VERSION, store_schema_version());
		return TRUE;
	}
	if (argc > 2 && strcmp(argv[1], "-w") == 0) { /* the workspace may stand before the verb */
		globals->workspace = g_strdup(argv[2]);
		argc -= 2;
		argv += 2;
	}
	if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		command = find_command(1, &help, &taken);
		arguments = g_strsplit("plico", " ", 0);
		return run_command(command, app, globals, &arguments, error);
	}
	command = find_command(argc - 1, argv + 1, &taken);
	if (command == NULL)
		return fail_no_verb(argv[1], error);
	arguments = g_strdupv(argv + taken);
	g_free(arguments
		[0]); /* the verb's last word stands where GOption looks for the program's name */
	arguments[0] = g_strdup("plico");
	return run_command(command, app, globals, &arguments, error);
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	Globals globals = { 0 };
	App app = { 0 };
	int status = EX_OK;

	choose_language();
	guard_secrets();
	(void)signal(SIGPIPE, SIG_IGN);
	if (!dispatch(&app, &globals, argc, argv, &error)) {
		g_printerr("plico: %s\n", error->message);
		status = app.try_again ? EX_TEMPFAIL : error_exit_status(error);
	} else if (app.findings && globals.strict) {
		status = 1;
	}
	keyring_free(app.keyring);
	store_free(app.store);
	config_free(app.config);
	g_free(globals.workspace);
	return status;
}

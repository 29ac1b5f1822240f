/* The list of verbs, and the manual page: both from the command table. */
#include "cmd/cmd.h"

#include "base/error.h"

static gboolean roff;

static const GOptionEntry options[] = {
	{ "roff", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &roff, "print plico(1)", NULL },
	G_OPTION_ENTRY_NULL,
};

static const char *const intro = N_(
    "plico runs a survey by mail and PDF: it sends every municipality its letter with credentials and its fillable "
    "section PDFs, chases what is missing, reads what comes back, and shows where the survey stands.");

static void
print_list(void)
{
	g_print("plico %s\n%s\n\n", PLICO_VERSION, _(intro));
	for (gsize i = 0; commands[i] != NULL; i++)
		g_print("  %-20s %s\n", commands[i]->name, _(commands[i]->summary));
	g_print(_(
	    "\nplico VERB --help tells more of each. -w DIR names the workspace (otherwise PLICO_WORKSPACE, or here).\n"));
}

/* A hyphen is a minus in roff, a leading point or apostrophe a request. */
static void
print_roff(const char *text)
{
	if (*text == '.' || *text == '\'')
		g_print("\\&");
	for (; *text != '\0'; text++) {
		if (*text == '-')
			g_print("\\-");
		else if (*text == '\\')
			g_print("\\e");
		else
			g_print("%c", *text);
	}
	g_print("\n");
}

static void
print_manual_of(const Command *command)
{
	g_print(".Ss plico %s%s%s\n", command->name, command->words != NULL ? " " : "",
	    command->words != NULL ? command->words : "");
	print_roff(_(command->summary));
	if (command->help != NULL) {
		g_print(".Pp\n");
		print_roff(_(command->help));
	}
	if (command->options == NULL && (command->needs & OFFERS_JSON) == 0)
		return;
	g_print(".Bl -tag -width indent\n");
	for (const GOptionEntry *option = command->options;
	     option != NULL && option->long_name != NULL; option++) {
		if ((option->flags & G_OPTION_FLAG_HIDDEN) != 0)
			continue;
		g_print(".It Fl \\-%s%s%s\n", option->long_name,
		    option->arg_description != NULL ? " Ar " : "",
		    option->arg_description != NULL ? option->arg_description : "");
		print_roff(_(option->description));
	}
	if ((command->needs & OFFERS_JSON) != 0)
		g_print(".It Fl \\-json\n%s\n", _("print one line of JSON"));
	g_print(".El\n");
}

static void
print_manual(void)
{
	g_print(".Dd 2026\n.Dt PLICO 1\n.Os\n.Sh NAME\n.Nm plico\n.Nd %s\n",
	    _("a survey by mail and PDF"));
	g_print(
	    ".Sh SYNOPSIS\n.Nm\n.Op Fl w Ar DIR\n.Ar VERB\n.Op Ar options\n.Op Ar words\n.Sh DESCRIPTION\n");
	print_roff(_(intro));
	g_print(".Sh COMMANDS\n");
	for (gsize i = 0; commands[i] != NULL; i++)
		print_manual_of(commands[i]);
	g_print(
	    ".Sh ENVIRONMENT\n.Bl -tag -width PLICO_WORKSPACE\n.It Ev PLICO_WORKSPACE\n%s\n.It Ev LANGUAGE\n%s\n.El\n",
	    _("the workspace, where -w is not given"), _("it or en: the language of messages"));
	g_print(".Sh EXIT STATUS\n%s\n",
	    _("0 done; 1 done with findings, under --strict; 64 usage; 65 data; 69 a server; 74 files or database; "
	      "75 try again; 78 configuration."));
}

static gboolean
run(App *app, char **words, GError **error)
{
	(void)app;
	(void)words;
	(void)error;
	if (roff)
		print_manual();
	else
		print_list();
	return TRUE;
}

const Command command_help = {
	.name = "help",
	.summary = N_("list the verbs"),
	.needs = NEEDS_NOTHING,
	.options = options,
	.run = run,
};

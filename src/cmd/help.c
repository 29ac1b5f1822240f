/* The list of verbs, and the manual page: both from the command table. */
#include "cmd/cmd.h"

#include "base/error.h"

#include <string.h>

#define LINE 78

static gboolean roff;

static const GOptionEntry options[] = {
	{ "roff", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &roff, N_("print plico(1)"), NULL },
	G_OPTION_ENTRY_NULL,
};

/* What main.c gives to every verb, or to those that offer it. */
static const GOptionEntry common[] = {
	{ "workspace", 'w', 0, G_OPTION_ARG_NONE, NULL, N_("the workspace"), "DIR" },
	{ "strict", 0, 0, G_OPTION_ARG_NONE, NULL, N_("exit with 1 where something was found"),
	    NULL },
	{ "help", 'h', 0, G_OPTION_ARG_NONE, NULL, N_("tell the words and options of a verb"),
	    NULL },
};
static const GOptionEntry json = { "json", 0, 0, G_OPTION_ARG_NONE, NULL,
	N_("print one line of JSON"), NULL };

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

/* One word as roff text: a hyphen is a minus; a leading point or apostrophe would be a request. */
static gsize
print_word(const char *word, gboolean first)
{
	if (first && (*word == '.' || *word == '\''))
		g_print("\\&");
	for (const char *at = word; *at != '\0'; at++) {
		if (*at == '-')
			g_print("\\-");
		else if (*at == '\\')
			g_print("\\e");
		else
			g_print("%c", *at);
	}
	return (gsize)g_utf8_strlen(word, -1);
}

/* Text in lines of roff: a sentence begins a line, as mdoc(7) wants it. */
static void
print_roff(const char *text)
{
	g_auto(GStrv) words = g_strsplit_set(text, " \n", 0);
	gboolean ended = FALSE;
	gsize column = 0;

	for (gsize i = 0; words[i] != NULL; i++) {
		if (*words[i] == '\0')
			continue;
		if (column > 0 && (ended || column + 1 + strlen(words[i]) > LINE)) {
			g_print("\n");
			column = 0;
		}
		if (column > 0)
			g_print(" ");
		column += print_word(words[i], column == 0) + (column > 0 ? 1 : 0);
		ended = g_str_has_suffix(words[i], ".");
	}
	g_print("\n");
}

/* ".It Fl n , Fl \-\-dry\-run Ar WORD" */
static void
print_option(const GOptionEntry *option)
{
	g_print(".It ");
	if (option->short_name != '\0')
		g_print("Fl %c , ", option->short_name);
	g_print("Fl \\-");
	(void)print_word(option->long_name, FALSE);
	if (option->arg_description != NULL)
		g_print(" Ar %s", option->arg_description);
	g_print("\n");
	print_roff(_(option->description));
}

static gboolean
has_options(const Command *command)
{
	if ((command->needs & OFFERS_JSON) != 0)
		return TRUE;
	for (const GOptionEntry *option = command->options;
	     option != NULL && option->long_name != NULL; option++)
		if ((option->flags & G_OPTION_FLAG_HIDDEN) == 0)
			return TRUE;
	return FALSE;
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
	if (!has_options(command))
		return;
	g_print(".Bl -tag -width indent\n");
	for (const GOptionEntry *option = command->options;
	     option != NULL && option->long_name != NULL; option++)
		if ((option->flags & G_OPTION_FLAG_HIDDEN) == 0)
			print_option(option);
	if ((command->needs & OFFERS_JSON) != 0)
		print_option(&json);
	g_print(".El\n");
}

static void
print_manual(void)
{
	g_print(".Dd November 21, 2026\n.Dt PLICO 1\n.Os\n.Sh NAME\n.Nm plico\n.Nd %s\n",
	    _("a survey by mail and PDF"));
	g_print(
	    ".Sh SYNOPSIS\n.Nm\n.Op Fl w Ar DIR\n.Ar VERB\n.Op Ar options\n.Op Ar words\n.Sh DESCRIPTION\n");
	print_roff(_(intro));
	g_print(".Pp\n%s\n.Bl -tag -width indent\n", _("Every verb takes:"));
	for (gsize i = 0; i < G_N_ELEMENTS(common); i++)
		print_option(&common[i]);
	g_print(".El\n.Sh COMMANDS\n");
	for (gsize i = 0; commands[i] != NULL; i++)
		print_manual_of(commands[i]);
	g_print(
	    ".Sh ENVIRONMENT\n.Bl -tag -width PLICO_WORKSPACE\n.It Ev PLICO_WORKSPACE\n%s\n.It Ev LANGUAGE\n%s\n.El\n",
	    _("the workspace, where -w is not given"), _("it or en: the language of messages"));
	g_print(".Sh EXIT STATUS\n");
	print_roff(_(
	    "0 done; 1 done with findings, under --strict; 64 usage; 65 data; 69 a server; 74 files or database; "
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

/* plico delegate set, plico delegate remove: who fills in which section, on a person's word. */
#include "base/error.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "outbox/outbox.h"

#include <string.h>

#define WORDS_MAX 120 /* characters of a name, an office */

static char **sections;
static char *name;
static char *office;
static char *email;
static char *note;

static const GOptionEntry set_options[] = {
	{ "section", 0, 0, G_OPTION_ARG_STRING_ARRAY, &sections,
	    N_("this section; may be given again. Otherwise all that nobody has yet"), "s5" },
	{ "email", 0, 0, G_OPTION_ARG_STRING, &email, N_("where the sheets go (required)"),
	    "ADDRESS" },
	{ "name", 0, 0, G_OPTION_ARG_STRING, &name, N_("who fills them in"), "NAME" },
	{ "office", 0, 0, G_OPTION_ARG_STRING, &office, N_("office or role"), "TEXT" },
	{ "note", 0, 0, G_OPTION_ARG_STRING, &note, N_("why, for the history"), "TEXT" },
	G_OPTION_ENTRY_NULL,
};

static const GOptionEntry remove_options[] = {
	{ "section", 0, 0, G_OPTION_ARG_STRING_ARRAY, &sections,
	    N_("this section; may be given again. Otherwise all"), "s5" },
	{ "note", 0, 0, G_OPTION_ARG_STRING, &note, N_("why, for the history"), "TEXT" },
	G_OPTION_ENTRY_NULL,
};

typedef struct {
	const App *app;
	Form *form;
	Unit *unit;
	FormView *view;
	GPtrArray *asked;   /* of const Section * */
	GPtrArray *present; /* of Delegation */
	Transaction *transaction;
} Change;

static void
change_clear(Change *change)
{
	g_clear_pointer(&change->transaction, transaction_free);
	g_clear_pointer(&change->present, g_ptr_array_unref);
	g_clear_pointer(&change->asked, g_ptr_array_unref);
	g_clear_pointer(&change->view, form_view_free);
	g_clear_pointer(&change->unit, unit_free);
	g_clear_pointer(&change->form, form_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Change, change_clear)

static gboolean
is_asked(const Change *change, const char *section)
{
	for (guint i = 0; i < change->asked->len; i++) {
		const Section *one = g_ptr_array_index(change->asked, i);

		if (strcmp(one->name, section) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
begin(Change *change, char **words, GError **error)
{
	g_autofree char *town = g_strjoinv(" ", words);

	change->form = cmd_form(change->app, error);
	if (change->form == NULL)
		return FALSE;
	change->unit = registry_find(change->app->store, town, error);
	if (change->unit == NULL)
		return FALSE;
	change->view = form_view_new(change->form, change->unit);
	change->asked = form_view_sections(change->view);
	for (gsize i = 0; sections != NULL && sections[i] != NULL; i++)
		if (!is_asked(change, sections[i]))
			return fail(error, PLICO_ERROR_USAGE, _("--section %s: is not asked of %s"),
			    sections[i], change->unit->name);
	change->transaction = transaction_begin(change->app->store, error);
	if (change->transaction == NULL)
		return FALSE;
	change->present =
	    registry_delegations(change->app->store, change->form->id, change->unit->id, error);
	return change->present != NULL;
}

/* The sections that are meant; without a word about them, those that somebody (@held) or nobody has.
 * Returns: (transfer container): of const char * */
static GPtrArray *
chosen(const Change *change, gboolean held)
{
	GPtrArray *names = g_ptr_array_new();

	for (gsize i = 0; sections != NULL && sections[i] != NULL; i++)
		g_ptr_array_add(names, sections[i]);
	for (guint i = 0; sections == NULL && i < change->asked->len; i++) {
		const Section *section = g_ptr_array_index(change->asked, i);

		if ((delegation_find(change->present, section->name) != NULL) == held)
			g_ptr_array_add(names, (gpointer)(gsize)section->name);
	}
	return names;
}

static gboolean
check_address(char **out, GError **error)
{
	const char *why = NULL;

	if (email == NULL)
		return fail(error, PLICO_ERROR_USAGE, _("--email: say where the sheets go"));
	if (!address_check(email, out, &why))
		return fail(error, PLICO_ERROR_USAGE, _("--email %s: %s"), email, why);
	why = address_suspect(*out);
	if (why != NULL)
		g_printerr(_("%s: taken, but probably mistyped: %s\n"), *out, why);
	return TRUE;
}

/* What is still to leave and no longer holds does not. */
static gboolean
finish(const Change *change, GError **error)
{
	const App *app = change->app;
	const OutboxTools tools = { app->store, app->config, app->keyring, change->form, NULL };

	return outbox_revise_delegates(&tools, change->unit->id, error) &&
	       transaction_commit(change->transaction, error);
}

static void
tell(const Change *change, guint count)
{
	if (count == 0)
		g_print(_("%s %s: it is so already\n"), change->unit->code, change->unit->name);
	else
		g_print(
		    ngettext("%s %s: %u section changed\n", "%s %s: %u sections changed\n", count),
		    change->unit->code, change->unit->name, count);
}

static gboolean
run_set(App *app, char **words, GError **error)
{
	g_auto(Change) change = { .app = app };
	g_autofree char *address = NULL;
	g_autofree char *who = text_printable(name != NULL ? name : "", -1, WORDS_MAX);
	g_autofree char *where = text_printable(office != NULL ? office : "", -1, WORDS_MAX);
	g_autofree char *source = g_strdup("operator");
	g_autoptr(GPtrArray) names = NULL;
	Delegation delegation = { .name = who, .office = where, .email = NULL, .source = source };
	guint count = 0;

	if (!check_address(&address, error) || !begin(&change, words, error))
		return FALSE;
	delegation.unit_id = change.unit->id;
	delegation.email = address;
	names = chosen(&change, FALSE);
	if (names->len == 0)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s: somebody has each section already; say by --section which are meant"),
		    change.unit->name);
	for (guint i = 0; i < names->len; i++) {
		gboolean changed;

		delegation.section = g_ptr_array_index(names, i);
		if (!registry_delegate(app->store, change.form->id, &delegation, cmd_operator(),
			note != NULL ? note : "", &changed, error))
			return FALSE;
		count += changed ? 1 : 0;
	}
	if (!finish(&change, error))
		return FALSE;
	tell(&change, count);
	return TRUE;
}

static gboolean
run_remove(App *app, char **words, GError **error)
{
	g_auto(Change) change = { .app = app };
	g_autoptr(GPtrArray) names = NULL;
	guint count = 0;

	if (!begin(&change, words, error))
		return FALSE;
	names = chosen(&change, TRUE);
	for (guint i = 0; i < names->len; i++) {
		const Delegation *had =
		    delegation_find(change.present, g_ptr_array_index(names, i));

		if (had == NULL)
			continue;
		if (!registry_withdraw(app->store, change.form->id, had, cmd_operator(),
			note != NULL ? note : "", error))
			return FALSE;
		count++;
	}
	if (!finish(&change, error))
		return FALSE;
	tell(&change, count);
	return TRUE;
}

const Command command_delegate_set = {
	.name = "delegate set",
	.words = "WORDS",
	.summary = N_("note who fills in sections for a unit"),
	.help = N_(
	    "WORDS: code, address or name of the unit. Whoever had the section before is withdrawn; the history keeps both."),
	.needs = NEEDS_STORE | NEEDS_KEYS,
	.least = 1,
	.most = -1,
	.options = set_options,
	.run = run_set,
};

const Command command_delegate_remove = {
	.name = "delegate remove",
	.words = "WORDS",
	.summary = N_("give sections back to the unit itself"),
	.needs = NEEDS_STORE | NEEDS_KEYS,
	.least = 1,
	.most = -1,
	.options = remove_options,
	.run = run_remove,
};

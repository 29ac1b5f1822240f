/* plico collect: takes what waits in the mailbox and reads it. */
#include "base/durable.h"
#include "base/error.h"
#include "cmd/cmd.h"
#include "inbox/inbox.h"
#include "validate/validate.h"

#include <sys/stat.h>

static gboolean once;
static Fd lock = -1;

static const GOptionEntry options[] = {
	{ "once", 0, 0, G_OPTION_ARG_NONE, &once,
	    N_("take what is there and end; otherwise look again every inbox.poll seconds"), NULL },
	G_OPTION_ENTRY_NULL,
};

typedef struct {
	InboxReport inbox;
	IntakeReport intake;
} Round;

static void
print_json(const Round *round)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_int(builder, "taken", round->inbox.taken);
	cmd_json_int(builder, "again", round->inbox.again);
	cmd_json_int(builder, "too_large", round->inbox.too_large);
	cmd_json_int(builder, "messages", round->intake.messages);
	cmd_json_int(builder, "returns", round->intake.returns);
	cmd_json_int(builder, "applied", round->intake.applied);
	cmd_json_int(builder, "duplicates", round->intake.duplicates);
	cmd_json_int(builder, "held", round->intake.held);
	cmd_json_int(builder, "quarantined", round->intake.quarantined);
	cmd_json_int(builder, "receipts", round->intake.receipts);
	cmd_json_int(builder, "unverified", round->intake.unverified);
	cmd_json_int(builder, "bounces", round->intake.bounces);
	cmd_json_int(builder, "read_receipts", round->intake.read_receipts);
	cmd_json_int(builder, "complaints", round->intake.complaints);
	cmd_json_int(builder, "auto_replies", round->intake.auto_replies);
	cmd_json_int(builder, "other", round->intake.other);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

static void
print_table(const Round *round)
{
	const struct {
		const char *label;
		guint count;
	} lines[] = {
		{ N_("messages taken from the mailbox"), round->inbox.taken },
		{ N_("taken before"), round->inbox.again },
		{ N_("too large, left in the mailbox"), round->inbox.too_large },
		{ N_("messages read"), round->intake.messages },
		{ N_("PDF files in them"), round->intake.returns },
		{ N_("answers applied"), round->intake.applied },
		{ N_("answers we had already"), round->intake.duplicates },
		{ N_("held for confirmation"), round->intake.held },
		{ N_("in quarantine"), round->intake.quarantined },
		{ N_("PEC receipts"), round->intake.receipts },
		{ N_("PEC messages not signed by a provider of the list"),
		    round->intake.unverified },
		{ N_("not delivered"), round->intake.bounces },
		{ N_("read receipts"), round->intake.read_receipts },
		{ N_("reported as junk"), round->intake.complaints },
		{ N_("automatic replies"), round->intake.auto_replies },
		{ N_("other mail"), round->intake.other },
	};
	g_autoptr(CmdTable) table = cmd_table_new("lr");

	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
		if (lines[i].count == 0)
			continue;
		cmd_table_add(table, _(lines[i].label));
		cmd_table_add_number(table, lines[i].count);
	}
	cmd_table_print(table);
}

static void
print_round(const App *app, const Round *round)
{
	gboolean quiet = round->inbox.taken == 0 && round->inbox.again == 0 &&
			 round->inbox.too_large == 0 && round->intake.messages == 0;

	if (app->json)
		print_json(round);
	else if (!quiet)
		print_table(round);
	else if (once)
		g_print(_("Nothing new in the mailbox.\n"));
}

/* A server that is down, or a disk that is full, may be better at the next look. */
static gboolean
is_passing(const GError *error)
{
	return g_error_matches(error, PLICO_ERROR, PLICO_ERROR_UNAVAILABLE) ||
	       g_error_matches(error, PLICO_ERROR, PLICO_ERROR_TRY_AGAIN);
}

static void
hand_over(const char *sha256, GBytes *raw, gpointer intake)
{
	intake_hand_over(intake, sha256, raw);
}

/* While one batch is written to the disk, those before it are read. What had been taken before is read even where a mailbox cannot
 * be reached. @why: the first failure of a mailbox. */
static gboolean
take_all(App *app, const IntakeTools *tools, Round *round, GError **why, GError **error)
{
	g_autoptr(Inbox) inbox = inbox_open(app->config, app->store);
	g_autoptr(IntakeRun) intake = intake_begin(tools, error);
	gboolean more = TRUE;

	if (intake == NULL)
		return FALSE;
	inbox_tell(inbox, hand_over, intake);
	while (more && !cmd_stop_asked()) {
		g_autoptr(GError) failure = NULL;

		if (!inbox_take_some(inbox, &round->inbox, &more, &failure)) {
			if (!more && !is_passing(failure)) {
				g_propagate_error(error, g_steal_pointer(&failure));
				return FALSE;
			}
			if (*why == NULL)
				*why = g_steal_pointer(&failure);
		}
		(void)futimens(lock, NULL); /* for plico run, which looks after us */
		if (!intake_go_on(intake, &round->intake, error))
			return FALSE;
	}
	return intake_finish(intake, &round->intake, error);
}

/* @why: the first failure of a mailbox; what the others had is taken all the same. */
static gboolean
take_and_read(App *app, const IntakeTools *tools, GError **why, GError **error)
{
	Round round = { 0 };

	if (!take_all(app, tools, &round, why, error))
		return FALSE;
	app->findings = app->findings || round.inbox.too_large > 0 || round.intake.held > 0 ||
			round.intake.quarantined > 0;
	print_round(app, &round);
	return TRUE;
}

static gboolean
check_finished(GError **error)
{
	return !cmd_stop_asked() || fail(error, PLICO_ERROR_TRY_AGAIN,
					_("stopped as asked; the rest stays in the mailbox"));
}

static gboolean
collect_once(App *app, const IntakeTools *tools, GError **error)
{
	g_autoptr(GError) why = NULL;

	if (!take_and_read(app, tools, &why, error))
		return FALSE;
	if (why == NULL)
		return check_finished(error);
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* Whether the service goes on after @why (nullable). A mailbox that is not as the configuration says is an error at the start; later
 * its server may have reasons of its own for letting nobody in. */
static gboolean
bear(GError *why, gboolean starting, GError **error)
{
	gboolean refused = g_error_matches(why, PLICO_ERROR, PLICO_ERROR_CONFIG) && !starting;

	if (why == NULL)
		return TRUE;
	if (is_passing(why) || refused) {
		g_printerr("plico: %s\n", why->message);
		g_error_free(why);
		return TRUE;
	}
	g_propagate_error(error, why);
	return FALSE;
}

static gboolean
collect_always(App *app, const IntakeTools *tools, GError **error)
{
	guint pause = (guint)MAX(config_int(app->config, CONFIG_inbox_poll), 1);

	for (gboolean starting = TRUE; !cmd_stop_asked(); starting = FALSE) {
		GError *of_mailbox = NULL;
		GError *of_ours = NULL;

		(void)take_and_read(app, tools, &of_mailbox, &of_ours);
		/* what is ours and wrong in the configuration does not pass */
		if (!bear(of_ours, TRUE, error)) {
			g_clear_error(&of_mailbox);
			return FALSE;
		}
		if (!bear(of_mailbox, starting, error))
			return FALSE;
		(void)futimens(lock, NULL);
		cmd_wait(pause);
	}
	return TRUE;
}

static gboolean
run(App *app, char **words, GError **error)
{
	g_autoptr(Form) form = cmd_form(app, error);
	g_autofree char *kept = cmd_path(app, "archive/forms");
	g_autoptr(FormShelf) shelf = form != NULL ? form_shelf_new(form, kept) : NULL;
	const IntakeTools tools = { app->store, app->config, app->keyring, form, shelf, NULL };
	g_autofree char *path = cmd_path(app, "collect.lock");

	(void)words;
	if (form == NULL || !durable_lock(path, &lock, error))
		return FALSE;
	cmd_hold_stops();
	return once ? collect_once(app, &tools, error) : collect_always(app, &tools, error);
}

const Command command_collect = {
	.name = "collect",
	.summary = N_("take what waits in the mailbox, and read it"),
	.help = N_(
	    "Messages are taken from inbox.source into the archive, moved away in the mailbox (never deleted), and read: "
	    "answers of sheets with the right identity are applied, doubtful ones wait for a person in the quarantine. "
	    "May be stopped at any moment: a signal ends it after the messages at hand, and even a crash loses nothing."),
	.needs = NEEDS_CONFIG | NEEDS_STORE | NEEDS_KEYS | OFFERS_JSON,
	.options = options,
	.run = run,
};

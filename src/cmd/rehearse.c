#include "cmd/cmd.h"

#include "base/clock.h"
#include "base/error.h"
#include "rehearse/rehearse.h"

#include <errno.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <string.h>

#define DEADLINE_DAYS 30
#define DAY	      86400
#define OPEN_FILES    16
#define HOSTILE_USUAL 1 /* of 100 */

static int units = 90;
static gint64 seed = 7;
static int hostile = -1;
static char *smtp;
static char *imap;
static char *ca_file;
static char *password_file;
static gboolean no_tls;

static const GOptionEntry options[] = {
	{ "units", 0, 0, G_OPTION_ARG_INT, &units,
	    N_("how many municipalities (default 90): real ones, then invented ones"), "N" },
	{ "seed", 0, 0, G_OPTION_ARG_INT64, &seed,
	    N_("which campaign: the same seed gives the same behaviour and answers (default 7)"),
	    "S" },
	{ "hostile", 0, 0, G_OPTION_ARG_INT, &hostile,
	    N_("how many of 100 messages are followed by a hostile one of a stranger (default 1; none with --smtp)"),
	    "N" },
	{ "smtp", 0, 0, G_OPTION_ARG_STRING, &smtp,
	    N_("send through this server instead of the own receiver; --imap must be given too"),
	    "HOST:PORT" },
	{ "imap", 0, 0, G_OPTION_ARG_STRING, &imap,
	    N_("where the survey and each municipality have a mailbox under their address"),
	    "URL" },
	{ "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &ca_file,
	    N_("the authority of the servers' certificates, if not the system's"), "FILE" },
	{ "password-file", 0, 0, G_OPTION_ARG_FILENAME, &password_file,
	    N_("the password of all these mailboxes"), "FILE" },
	{ "no-tls", 0, 0, G_OPTION_ARG_NONE, &no_tls,
	    N_("talk to these servers in clear: on this machine only"), NULL },
	G_OPTION_ENTRY_NULL,
};

/* --- the workspace ---------------------------------------------------------------------------------------- */

static int
remove_entry(const char *path, const struct stat *about, int kind, struct FTW *where)
{
	gboolean stays = where->level == 0 ||
			 (where->level == 1 && strcmp(path + where->base, REHEARSE_MARK) == 0);

	(void)about;
	(void)kind;
	return stays ? 0 : g_remove(path);
}

/* A directory may be new, empty, or a rehearsal of before, which is removed but for its mark: nothing else is touched. */
static gboolean
clear_directory(const char *directory, GError **error)
{
	g_autofree char *mark = g_build_filename(directory, REHEARSE_MARK, NULL);
	g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
	gboolean empty = dir == NULL || g_dir_read_name(dir) == NULL;

	if (empty)
		return TRUE;
	if (!g_file_test(mark, G_FILE_TEST_IS_REGULAR))
		return fail(error, PLICO_ERROR_USAGE,
		    _("%s: is not empty and no rehearsal: give the name of a new directory"),
		    directory);
	if (nftw(directory, remove_entry, OPEN_FILES, FTW_DEPTH | FTW_PHYS) != 0)
		return fail_errno(error, "%s", directory);
	return TRUE;
}

/* Nothing leaves this workspace later either: its channel is null, and what comes back is not answered. */
static char *
make_conf(void)
{
	g_autofree char *all = config_template();
	g_autofree char *deadline = clock_iso(clock_now() + DEADLINE_DAYS * DAY);

	return g_strdup_printf(
	    "# Prova generale: Comuni simulati, indirizzi .example, nessuna spedizione vera.\n"
	    "[survey]\ndeadline=%.10s\nhelp_phone=06 0000 0000\n"
	    "privacy_url=https://mappa.example/privacy\n[mail]\nchannel=null\n"
	    "[replies]\nreceipts=no\ncorrections=no\n"
	    "[pec]\ncertificates=keys/gestore.pem\n\n%s",
	    deadline, all);
}

static gboolean
make_stage(const char *directory, GError **error)
{
	g_autofree char *mark = g_build_filename(directory, REHEARSE_MARK, NULL);
	g_autofree char *conf = make_conf();

	if (g_mkdir_with_parents(directory, 0700) < 0)
		return fail_errno(error, "%s", directory);
	if (!clear_directory(directory, error))
		return FALSE;
	/* the mark comes first: what is left of a rehearsal that was stopped can be made anew */
	return g_file_set_contents(mark, "plico rehearse\n", -1, error) &&
	       cmd_make_workspace(directory, conf, error);
}

static gboolean
open_stage(App *app, const char *directory, GError **error)
{
	g_autofree char *database = g_build_filename(directory, "plico.db", NULL);
	g_autofree char *keys = g_build_filename(directory, "keys", NULL);

	app->config = config_open(directory, error);
	if (app->config == NULL)
		return FALSE;
	app->store = store_open(database, error);
	if (app->store == NULL)
		return FALSE;
	app->keyring = keyring_open(keys, error);
	return app->keyring != NULL;
}

static gboolean
set_password(Config *config, GError **error)
{
	g_autofree char *path = g_canonicalize_filename(password_file, NULL);
	const char *survey = config_text(config, CONFIG_mail_from);

	return config_set(config, CONFIG_smtp_user, survey, error) &&
	       config_set(config, CONFIG_smtp_password_file, path, error) &&
	       config_set(config, CONFIG_inbox_imap_password_file, path, error);
}

static gboolean
set_authority(Config *config, GError **error)
{
	g_autofree char *path = g_canonicalize_filename(ca_file, NULL);

	return config_set(config, CONFIG_smtp_ca_file, path, error) &&
	       config_set(config, CONFIG_inbox_imap_ca_file, path, error);
}

/* The servers of --smtp and --imap, for this process. */
static gboolean
set_servers(Config *config, GError **error)
{
	g_auto(GStrv) host = g_strsplit(smtp, ":", 2);
	const char *survey = config_text(config, CONFIG_mail_from);

	if (host[0] == NULL || host[1] == NULL)
		return fail(error, PLICO_ERROR_USAGE, _("--smtp %s: HOST:PORT is expected"), smtp);
	return config_set(config, CONFIG_smtp_host, host[0], error) &&
	       config_set(config, CONFIG_smtp_port, host[1], error) &&
	       config_set(config, CONFIG_smtp_tls, no_tls ? "none" : "starttls", error) &&
	       config_set(config, CONFIG_inbox_source, "imap", error) &&
	       config_set(config, CONFIG_inbox_imap_url, imap, error) &&
	       config_set(config, CONFIG_inbox_imap_tls, no_tls ? "none" : "required", error) &&
	       config_set(config, CONFIG_inbox_imap_user, survey, error) &&
	       (ca_file == NULL || set_authority(config, error)) &&
	       (password_file == NULL || set_password(config, error));
}

/* --- the balance ------------------------------------------------------------------------------------------ */

static void
add_seconds(JsonBuilder *builder, const RehearseReport *report)
{
	json_builder_set_member_name(builder, "seconds");
	json_builder_begin_object(builder);
	for (gsize i = 0; i < PHASES; i++) {
		json_builder_set_member_name(builder, rehearse_phase_names[i]);
		json_builder_add_double_value(builder, report->seconds[i]);
	}
	json_builder_set_member_name(builder, "total");
	json_builder_add_double_value(builder, report->seconds_total);
	json_builder_end_object(builder);
}

static void
add_hostile(JsonBuilder *builder, const HostileCounts *hostile_counts)
{
	json_builder_set_member_name(builder, "hostile");
	json_builder_begin_object(builder);
	cmd_json_int(builder, "sent", hostile_counts->sent);
	cmd_json_int(builder, "quarantined", hostile_counts->quarantined);
	cmd_json_int(builder, "held", hostile_counts->held);
	cmd_json_int(builder, "copies", hostile_counts->copies);
	cmd_json_int(builder, "ignored", hostile_counts->ignored);
	json_builder_end_object(builder);
}

static void
print_json(const RehearseReport *report)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_int(builder, "units", report->units);
	cmd_json_int(builder, "dispatches", report->dispatches);
	cmd_json_int(builder, "sent", report->sent);
	cmd_json_int(builder, "reminded", report->reminded);
	cmd_json_int(builder, "refused", report->refused);
	cmd_json_int(builder, "deferred", report->deferred);
	cmd_json_int(builder, "arrived", report->arrived);
	cmd_json_int(builder, "arrived_twice", report->arrived_twice);
	cmd_json_int(builder, "messages", report->intake.messages);
	cmd_json_int(builder, "returns", report->intake.returns);
	cmd_json_int(builder, "applied", report->intake.applied);
	cmd_json_int(builder, "duplicates", report->intake.duplicates);
	cmd_json_int(builder, "held", report->intake.held);
	cmd_json_int(builder, "quarantined", report->intake.quarantined);
	cmd_json_int(builder, "bounces", report->intake.bounces);
	cmd_json_int(builder, "auto_replies", report->intake.auto_replies);
	cmd_json_int(builder, "other", report->intake.other);
	cmd_json_int(builder, "answers", report->answers);
	cmd_json_int(builder, "confirmed", report->confirmed);
	cmd_json_int(builder, "copied", report->copied);
	cmd_json_int(builder, "mismatches", report->mismatches);
	cmd_json_int(builder, "surprises", report->surprises);
	add_hostile(builder, &report->hostile);
	cmd_json_int(builder, "units_completed", report->last->completed);
	cmd_json_int(builder, "units_in_progress", report->last->in_progress);
	cmd_json_int(builder, "units_never_opened", report->last->never_opened);
	add_seconds(builder, report);
	cmd_json_int(builder, "rss_mib", report->rss_mib);
	cmd_json_int(builder, "rss_mib_towns", report->rss_mib_towns);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

/* A label, a number, and perhaps a word about it. */
static void
add_line(CmdTable *table, const char *label, gint64 number, const char *remark)
{
	cmd_table_add(table, label);
	cmd_table_add_number(table, number);
	cmd_table_add(table, remark);
}

static void
add_mail(CmdTable *table, const RehearseReport *report)
{
	g_autofree char *large = g_strdup_printf(_("%u above 5,000 inhabitants"), report->large);
	g_autofree char *kinds = g_strdup_printf(_("invitations %u, reminders %u"),
	    report->dispatches - report->reminded, report->reminded);
	g_autofree char *later =
	    g_strdup_printf(_("%u of them at a later attempt"), report->deferred);

	add_line(table, _("Municipalities"), report->units, large);
	add_line(table, _("Messages to them"), report->dispatches, kinds);
	add_line(
	    table, _("  taken by their servers"), report->sent, report->deferred > 0 ? later : "");
	add_line(table, _("  refused"), report->refused, "");
	if (report->arrived > 0)
		add_line(table, _("  arrived twice"), report->arrived_twice, "");
}

static void
add_returns(CmdTable *table, const RehearseReport *report)
{
	const IntakeReport *in = &report->intake;
	g_autofree char *others = g_strdup_printf(_("bounces %u, automatic replies %u, letters %u"),
	    in->bounces, in->auto_replies, in->other);

	add_line(table, _("Messages from them"), in->messages, others);
	add_line(table, _("PDFs"), in->returns, "");
	add_line(table, _("  taken as answers"), in->applied, "");
	add_line(table, _("  the same once more"), in->duplicates, "");
	add_line(table, _("  held"), in->held, _("access code missing or wrong: a person decides"));
	add_line(table, _("  quarantined"), in->quarantined,
	    _("blank, cut off, altered or foreign: never an answer"));
}

static void
add_strangers(CmdTable *table, const HostileCounts *counts)
{
	g_autofree char *fates =
	    g_strdup_printf(_("quarantined %u, held %u, known already %u, without effect %u"),
		counts->quarantined, counts->held, counts->copies, counts->ignored);

	add_line(table, _("Hostile messages"), counts->sent, fates);
}

static void
add_verdict(CmdTable *table, const RehearseReport *report)
{
	add_line(
	    table, _("Answers stored"), report->answers, _("each compared with what was meant"));
	add_line(table, _("  last year's, confirmed"), report->confirmed, "");
	add_line(table, _("  last year's, untouched"), report->copied, "");
	add_line(table, _("  that differ"), report->mismatches, "");
	add_line(table, _("Surprises"), report->surprises,
	    _("a PDF, a municipality or a total that is not as it should be"));
}

static void
add_counts(CmdTable *table, const char *when, const StatusCounts *counts)
{
	cmd_table_add(table, when);
	cmd_table_add_number(table, counts->completed);
	cmd_table_add_number(table, counts->in_progress);
	cmd_table_add_number(table, counts->never_opened);
}

static void
print_states(const RehearseReport *report)
{
	g_autoptr(CmdTable) table = cmd_table_new("lrrr");

	cmd_table_add(table, "");
	cmd_table_add(table, _("completed"));
	cmd_table_add(table, _("in progress"));
	cmd_table_add(table, _("never opened"));
	add_counts(table, _("Before the reminder"), report->first);
	add_counts(table, _("At the end"), report->last);
	cmd_table_print(table);
}

static void
print_table(const RehearseReport *report, const char *directory)
{
	g_autoptr(CmdTable) table = cmd_table_new("lrl");

	g_print(_("Rehearsal in %s, seed %" PRId64 "\n\n"), directory, seed);
	add_mail(table, report);
	cmd_table_add_rule(table);
	add_returns(table, report);
	if (report->hostile.sent > 0)
		add_strangers(table, &report->hostile);
	cmd_table_add_rule(table);
	add_verdict(table, report);
	cmd_table_print(table);
	g_print("\n");
	print_states(report);
	for (guint i = 0; i < report->examples->len; i++)
		g_print("! %s\n", (const char *)g_ptr_array_index(report->examples, i));
	g_print(
	    _("\n%.1f s: plan %.1f, send %.1f, answer %.1f, collect %.1f, status %.1f, remind %.1f. "
	      "Memory: plico %u MiB, municipalities %u MiB.\n"),
	    report->seconds_total, report->seconds[PHASE_PLAN], report->seconds[PHASE_SEND],
	    report->seconds[PHASE_ANSWER], report->seconds[PHASE_COLLECT],
	    report->seconds[PHASE_STATUS], report->seconds[PHASE_REMIND], report->rss_mib,
	    report->rss_mib_towns);
}

static gboolean
run(App *app, char **words, GError **error)
{
	RehearseOptions wanted = { .units = (guint)units, .seed = (guint64)seed };
	g_autoptr(RehearseReport) report = NULL;

	if ((smtp == NULL) != (imap == NULL))
		return fail(error, PLICO_ERROR_USAGE, _("--smtp and --imap go together"));
	if (units < 1)
		return fail(error, PLICO_ERROR_USAGE, _("--units %d: at least 1"), units);
	if (hostile > 100 || (hostile > 0 && smtp != NULL))
		return fail(error, PLICO_ERROR_USAGE,
		    _("--hostile %d: 0 to 100, and not through other servers"), hostile);
	if (!make_stage(words[0], error) || !open_stage(app, words[0], error))
		return FALSE;
	wanted.servers = smtp != NULL;
	wanted.hostile = hostile >= 0 ? (guint)hostile : wanted.servers ? 0 : HOSTILE_USUAL;
	if (wanted.servers && !set_servers(app->config, error))
		return FALSE;
	if (!config_set(app->config, CONFIG_mail_channel, "smtp", error))
		return FALSE;
	report = rehearse_run(&wanted, app->store, app->config, app->keyring, error);
	if (report == NULL)
		return FALSE;
	if (app->json)
		print_json(report);
	else
		print_table(report, words[0]);
	app->findings = report->mismatches + report->surprises > 0;
	return TRUE;
}

const Command command_rehearse = {
	.name = "rehearse",
	.words = "DIR",
	.summary = N_("run a whole campaign against simulated municipalities"),
	.help = N_(
	    "Makes a workspace in DIR with N municipalities, sends them the invitation by SMTP, lets them answer as real ones "
	    "do (most never, some in part, some with mistakes, some twice), collects, reminds, collects again, and compares "
	    "every stored answer with what was meant. Now and then a stranger writes too: no answer of a stranger may count. Run it before a launch: nothing leaves this machine. DIR must be new, "
	    "empty or an earlier rehearsal, which is replaced. The plico.conf that it writes sends nothing."),
	.needs = OFFERS_JSON,
	.least = 1,
	.most = 1,
	.options = options,
	.run = run,
};

#include "rehearse/rehearse.h"

#include "base/clock.h"
#include "base/error.h"
#include "inbox/inbox.h"
#include "rehearse/crew.h"
#include "rehearse/judge.h"
#include "rehearse/past.h"
#include "rehearse/receiver.h"
#include "rehearse/towns.h"
#include "remind/remind.h"
#include "send/send.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

#define DAY	    86400
#define SEND_ROUNDS 8
#define LARGE	    5000
#define PATIENCE_MS 120000
#define PAUSE_MS    200
#define ACTOR	    "rehearsal"
#define ANSWER_DAYS 3 /* from a message to the answers */
#define SLACK_DAYS  3 /* more than the distance: some messages left late */
#define REST_DAYS   7 /* from the reminder to the end */

const char *const rehearse_phase_names[PHASES] = { "plan", "send", "answer", "collect", "status",
	"remind" };

typedef struct {
	const RehearseOptions *options;
	Store *store;
	Config *config;
	const Keyring *keyring;
	Form *form;
	FormShelf *shelf;
	Renderer *renderer;
	OutboxTools outbox;
	IntakeTools intake;
	TownTools towns_know;
	char *mailboxes;
	char *examples;
	GPtrArray *towns; /* of Town */
	Journal *journal;
	guint workers; /* processes in which they answer */
	guint round;   /* the last one in which they have answered */
	RehearseReport *report;
	GTimer *timer;
	Provider *provider;
} Campaign;

static void
campaign_clear(Campaign *campaign)
{
	g_clear_pointer(&campaign->towns, g_ptr_array_unref);
	g_clear_pointer(&campaign->journal, journal_free);
	renderer_free(campaign->renderer);
	form_shelf_free(campaign->shelf);
	form_free(campaign->form);
	g_free(campaign->mailboxes);
	g_free(campaign->examples);
	g_clear_pointer(&campaign->timer, g_timer_destroy);
	provider_free(campaign->provider);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Campaign, campaign_clear)

void
rehearse_report_free(RehearseReport *report)
{
	if (report == NULL)
		return;
	g_clear_pointer(&report->examples, g_ptr_array_unref);
	status_counts_free(report->first);
	status_counts_free(report->last);
	g_free(report);
}

/* The time since the last call goes to @phase. */
static void
clock_in(Campaign *campaign, RehearsePhase phase)
{
	campaign->report->seconds[phase] += g_timer_elapsed(campaign->timer, NULL);
	campaign->report->seconds_total += g_timer_elapsed(campaign->timer, NULL);
	g_timer_start(campaign->timer);
}

/* --- the stage -------------------------------------------------------------------------------------------- */

/* The municipalities' certified mail is signed by a provider that this campaign alone believes. */
static gboolean
open_provider(Campaign *campaign, GError **error)
{
	const char *list = config_text(campaign->config, CONFIG_pec_certificates);

	campaign->provider = provider_new(clock_now());
	campaign->towns_know.provider = campaign->provider;
	return *list == '\0' || provider_publish(campaign->provider, list, error);
}

static gboolean
open_rooms(Campaign *campaign, GError **error)
{
	const char *workspace = config_workspace(campaign->config);
	const char *edition = config_text(campaign->config, CONFIG_survey_edition);
	g_autofree char *forms = g_build_filename(workspace, "forms", edition, NULL);
	g_autofree char *kept = g_build_filename(workspace, "archive", "forms", NULL);

	campaign->mailboxes = g_build_filename(workspace, "mailboxes", NULL);
	campaign->examples = g_build_filename(workspace, REHEARSE_EXAMPLES, NULL);
	if (g_mkdir_with_parents(campaign->mailboxes, 0700) < 0)
		return fail_errno(error, "%s", campaign->mailboxes);
	if (g_mkdir_with_parents(campaign->examples, 0700) < 0)
		return fail_errno(error, "%s", campaign->examples);
	campaign->form = form_open_strict(forms, error);
	if (campaign->form == NULL)
		return FALSE;
	campaign->renderer =
	    renderer_new(campaign->config, campaign->keyring, campaign->form, error);
	if (campaign->renderer == NULL)
		return FALSE;
	campaign->outbox = (OutboxTools){ campaign->store, campaign->config, campaign->keyring,
		campaign->form, campaign->renderer };
	campaign->shelf = form_shelf_new(campaign->form, kept);
	campaign->intake = (IntakeTools){ campaign->store, campaign->config, campaign->keyring,
		campaign->form, campaign->shelf, NULL };
	campaign->towns_know = (TownTools){
		.seed = campaign->options->seed,
		.hostile = campaign->options->hostile,
		.form = campaign->form,
		.keyring = campaign->keyring,
		.edition = campaign->form->id,
		.survey = config_text(campaign->config, CONFIG_mail_from),
		.mailboxes = campaign->mailboxes,
		.examples = campaign->examples,
	};
	return open_provider(campaign, error);
}

static gboolean
import_towns(Campaign *campaign, GError **error)
{
	g_autofree char *path =
	    g_build_filename(config_workspace(campaign->config), "registry.csv", NULL);
	const ImportOptions options = { .actor = ACTOR };
	g_autoptr(ImportReport) imported = NULL;

	if (!towns_write(campaign->options->units, campaign->options->seed, path, error))
		return FALSE;
	imported = registry_import(campaign->store, path, &options, error);
	if (imported == NULL)
		return FALSE;
	if (imported->added != campaign->options->units)
		return fail(error, PLICO_ERROR_INPUT,
		    _("rehearsal: %u of %u units imported: is the workspace new?"), imported->added,
		    campaign->options->units);
	return TRUE;
}

static gboolean
import_past(Campaign *campaign, GError **error)
{
	g_autofree char *path =
	    g_build_filename(config_workspace(campaign->config), "memoria.tsv", NULL);
	g_autofree char *edition = past_edition(campaign->form->id);

	return past_import(
		   campaign->store, campaign->form, campaign->options->seed, path, ACTOR, error) &&
	       config_set(campaign->config, CONFIG_memory_edition, edition, error);
}

/* The towns to whom the invitation goes. */
static gboolean
load_towns(Campaign *campaign, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(campaign->store, error, SQL_rehearse_towns, "t", campaign->form->id);

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why)) {
		g_autoptr(Town) town = g_new0(Town, 1);

		town->unit = registry_unit(campaign->store, rows_int(rows, 0), error);
		if (town->unit == NULL)
			return FALSE;
		town->address = g_strdup(rows_text(rows, 1));
		town->serial = (guint)rows_int(rows, 2);
		campaign->report->large += town->unit->population > LARGE;
		g_ptr_array_add(campaign->towns, g_steal_pointer(&town));
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* One town whose papers are left to look at: a larger one that sends everything, without a fault. */
static const Town *
choose_example(const Campaign *campaign)
{
	const Town *found = NULL;

	for (guint i = 0; i < campaign->towns->len; i++) {
		const Town *town = g_ptr_array_index(campaign->towns, i);
		const Behaviour *behaviour =
		    behaviour_of(campaign->options->seed, town->unit->code);

		if (behaviour->sends != SENDS_ALL || behaviour->fault != FAULT_NONE)
			continue;
		if (found == NULL ||
		    (found->unit->population <= LARGE && town->unit->population > LARGE))
			found = town;
	}
	return found;
}

/* --- mail goes out ---------------------------------------------------------------------------------------- */

static GHashTable *
know_mailboxes(const Campaign *campaign, guint round)
{
	GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);
	guint64 seed = campaign->options->seed;

	for (guint i = 0; i < campaign->towns->len; i++) {
		const Town *town = g_ptr_array_index(campaign->towns, i);
		const Behaviour *behaviour = behaviour_of(seed, town->unit->code);
		guint mailbox = MAILBOX_KNOWN;

		if (behaviour->refused)
			continue;
		if (round == 1 ? behaviour_reads(behaviour) : behaviour->later != LATER_NOTHING)
			mailbox |= MAILBOX_KEPT;
		if (behaviour_greylists(seed, town->unit->code))
			mailbox |= MAILBOX_GREYLIST;
		g_hash_table_insert(known, town->address, GUINT_TO_POINTER(mailbox));
	}
	return known;
}

static gboolean
serve(CrewLine *line, guint number, gpointer data, GError **error)
{
	Receiver *receiver = data;

	(void)number;
	if (!receiver_start(receiver, error))
		return FALSE;
	crew_wait(line);
	receiver_free(receiver);
	return TRUE;
}

/* Sends until nothing is due any more; what was deferred is tried again as the days pass. */
static gboolean
send_all(Campaign *campaign, gint64 wave_id, GError **error)
{
	const SendOptions all = { 0 };

	for (guint i = 0; i < SEND_ROUNDS; i++) {
		SendReport sent = { 0 };

		if (!send_run(&campaign->outbox, wave_id, &all, &sent, error))
			return FALSE;
		campaign->report->refused += sent.failed;
		campaign->report->deferred += sent.deferred;
		if (sent.deferred == 0)
			return TRUE;
		clock_set(clock_now() + DAY / 4);
	}
	return TRUE;
}

static gboolean
send_to_receiver(Campaign *campaign, gint64 wave_id, GError **error)
{
	g_autoptr(GHashTable) mailboxes = know_mailboxes(campaign, campaign->round + 1);
	g_autoptr(Receiver) receiver = receiver_new(mailboxes, campaign->mailboxes, error);
	g_autoptr(Crew) crew = NULL;
	g_autofree char *port = NULL;

	if (receiver == NULL)
		return FALSE;
	port = g_strdup_printf("%u", receiver_port(receiver));
	if (!config_set(campaign->config, CONFIG_smtp_host, "127.0.0.1", error) ||
	    !config_set(campaign->config, CONFIG_smtp_port, port, error) ||
	    !config_set(campaign->config, CONFIG_smtp_tls, "none", error))
		return FALSE;
	crew = crew_start(1, serve, receiver, error);
	return crew != NULL && send_all(campaign, wave_id, error) && crew_stop(crew, error);
}

static gboolean
send_wave(Campaign *campaign, gint64 wave_id, GError **error)
{
	if (wave_id == 0)
		return TRUE;
	return campaign->options->servers ? send_all(campaign, wave_id, error)
					  : send_to_receiver(campaign, wave_id, error);
}

/* --- the municipalities answer ---------------------------------------------------------------------------- */

static char *
journal_path(const Campaign *campaign, guint worker)
{
	return g_strdup_printf(
	    "%s/journal-%u-%u.tsv", campaign->mailboxes, campaign->round, worker);
}

/* Those of one worker, in a process of their own. */
static gboolean
answer(CrewLine *line, guint worker, gpointer data, GError **error)
{
	Campaign *campaign = data;
	const char *maildir =
	    campaign->options->servers ? NULL : config_text(campaign->config, CONFIG_inbox_maildir);
	g_autoptr(Post) post = post_new(campaign->config, maildir);
	g_autoptr(Journal) journal = journal_new();
	g_autofree char *path = journal_path(campaign, worker);

	for (guint i = worker; i < campaign->towns->len; i += campaign->workers) {
		const Town *town = g_ptr_array_index(campaign->towns, i);

		if (!town_acts(&campaign->towns_know, town, campaign->round))
			continue;
		if (!town_act(&campaign->towns_know, town, campaign->round, post, journal, error))
			return FALSE;
		crew_step(line);
	}
	journal->posted = post_count(post);
	return journal_write(journal, path, error);
}

static gboolean
answer_all(Campaign *campaign, guint round, GError **error)
{
	g_autoptr(Crew) crew = NULL;
	guint acting = 0;

	clock_set(clock_now() + ANSWER_DAYS * DAY);
	campaign->round = round;
	campaign->journal->posted = 0;
	for (guint i = 0; i < campaign->towns->len; i++)
		if (town_acts(&campaign->towns_know, g_ptr_array_index(campaign->towns, i), round))
			acting++;
	if (round == 1)
		campaign->report->answering = acting;
	crew = crew_start(campaign->workers, answer, campaign, error);
	if (crew == NULL || !crew_join(crew, _("Municipalities answer"), acting, error))
		return FALSE;
	for (guint worker = 0; worker < campaign->workers; worker++) {
		g_autofree char *path = journal_path(campaign, worker);

		if (!journal_read(campaign->journal, path, error))
			return FALSE;
	}
	return TRUE;
}

/* --- mail comes in ---------------------------------------------------------------------------------------- */

/* Real servers take their time: until all that was written has come, or two minutes have passed. */
static gboolean
take_all(Campaign *campaign, GError **error)
{
	InboxReport taken = { 0 };

	for (guint waited = 0; waited < PATIENCE_MS; waited += PAUSE_MS) {
		if (!inbox_take(campaign->config, campaign->store, &taken, error))
			return FALSE;
		if (!campaign->options->servers ||
		    taken.taken + taken.again >= campaign->journal->posted)
			return TRUE;
		g_usleep((gulong)PAUSE_MS * 1000);
	}
	return fail(error, PLICO_ERROR_UNAVAILABLE,
	    _("rehearsal: of %u messages to the survey only %u have come within two minutes"),
	    campaign->journal->posted, taken.taken + taken.again);
}

static gboolean
collect(Campaign *campaign, GError **error)
{
	return take_all(campaign, error) &&
	       intake_run(&campaign->intake, &campaign->report->intake, error);
}

static gboolean
look(Campaign *campaign, StatusCounts **out, GError **error)
{
	if (!status_refresh(campaign->store, campaign->form, error))
		return FALSE;
	*out = status_total(campaign->store, campaign->form, error);
	return *out != NULL;
}

/* --- the campaign ----------------------------------------------------------------------------------------- */

static gboolean
invite(Campaign *campaign, GError **error)
{
	g_autoptr(WavePlan) plan = NULL;

	if (!import_towns(campaign, error) || !import_past(campaign, error))
		return FALSE;
	plan = outbox_plan_invitation(&campaign->outbox, NULL, "", ACTOR, error);
	if (plan == NULL || !load_towns(campaign, error))
		return FALSE;
	campaign->towns_know.shown = choose_example(campaign);
	clock_in(campaign, PHASE_PLAN);
	if (!send_wave(campaign, plan->wave_id, error))
		return FALSE;
	clock_in(campaign, PHASE_SEND);
	return TRUE;
}

static gboolean
run_round(Campaign *campaign, guint round, StatusCounts **counts, GError **error)
{
	if (!answer_all(campaign, round, error))
		return FALSE;
	clock_in(campaign, PHASE_ANSWER);
	if (!collect(campaign, error))
		return FALSE;
	clock_in(campaign, PHASE_COLLECT);
	if (!look(campaign, counts, error))
		return FALSE;
	clock_in(campaign, PHASE_STATUS);
	return TRUE;
}

static gboolean
remind_all(Campaign *campaign, GError **error)
{
	g_autoptr(WavePlan) plan = remind_plan(&campaign->outbox, &remind_everybody, ACTOR, error);

	if (plan == NULL)
		return FALSE;
	campaign->report->reminded = plan->planned;
	clock_in(campaign, PHASE_REMIND);
	if (!send_wave(campaign, plan->wave_id, error))
		return FALSE;
	clock_in(campaign, PHASE_SEND);
	return TRUE;
}

/* --- the balance ------------------------------------------------------------------------------------------ */

/* What the receiver took on: each line is an address and a Message-ID. */
static gboolean
count_arrivals(Campaign *campaign, GError **error)
{
	g_autofree char *path = g_build_filename(campaign->mailboxes, "received.tsv", NULL);
	g_autofree char *text = NULL;
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_auto(GStrv) lines = NULL;

	if (campaign->options->servers)
		return TRUE;
	if (!g_file_get_contents(path, &text, NULL, error))
		return FALSE;
	lines = g_strsplit(text, "\n", 0);
	for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++) {
		campaign->report->arrived++;
		if (!g_hash_table_add(seen, lines[i]))
			campaign->report->arrived_twice++;
	}
	return TRUE;
}

static gboolean
count_dispatches(Campaign *campaign, GError **error)
{
	g_autoptr(Rows) rows = store_query(campaign->store, error, SQL_rehearse_sent, "");
	g_autoptr(GError) why = NULL;

	if (rows == NULL)
		return FALSE;
	if (!rows_next(rows, &why)) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	campaign->report->dispatches = (guint)rows_int(rows, 0);
	campaign->report->sent = (guint)rows_int(rows, 1);
	return TRUE;
}

static guint
peak_memory(int who)
{
	struct rusage usage;

	return getrusage(who, &usage) == 0 ? (guint)(usage.ru_maxrss / 1024) : 0;
}

static void
expect(RehearseReport *report, gboolean holds, const char *otherwise)
{
	if (holds)
		return;
	report->surprises++;
	g_ptr_array_add(report->examples, g_strdup(otherwise));
}

/* What must hold of the campaign as a whole. */
static void
expect_totals(const Campaign *campaign)
{
	RehearseReport *report = campaign->report;
	const StatusCounts *last = report->last;

	expect(report,
	    last->never_opened + last->in_progress + last->completed + last->declined +
		    last->excluded ==
		last->units,
	    _("the states do not add up to the units"));
	expect(report, campaign->options->servers || report->arrived == report->sent,
	    _("not all messages that were sent have arrived"));
	expect(report, report->arrived_twice == 0, _("messages have arrived twice"));
}

static gboolean
balance(Campaign *campaign, GError **error)
{
	RehearseReport *report = campaign->report;
	Verdict verdict = { 0 };
	gboolean good = judge_campaign(campaign->store, &campaign->towns_know, campaign->towns,
	    campaign->journal, &verdict, error);

	report->answers = verdict.answers;
	report->confirmed = verdict.confirmed;
	report->copied = verdict.copied;
	report->mismatches = verdict.mismatches;
	report->surprises = verdict.surprises;
	report->hostile = verdict.hostile;
	report->examples = g_steal_pointer(&verdict.examples);
	if (!good || !count_dispatches(campaign, error) || !count_arrivals(campaign, error))
		return FALSE;
	expect_totals(campaign);
	report->units = (guint)report->last->units;
	report->rss_mib = peak_memory(RUSAGE_SELF);
	report->rss_mib_towns = peak_memory(RUSAGE_CHILDREN);
	return TRUE;
}

static gboolean
play(Campaign *campaign, gint64 now, GError **error)
{
	gint64 distance = config_int(campaign->config, CONFIG_remind_distance_days);
	gint64 reminder = now - REST_DAYS * DAY;

	clock_set(reminder - (distance + SLACK_DAYS) * DAY);
	if (!open_rooms(campaign, error) || !invite(campaign, error) ||
	    !run_round(campaign, 1, &campaign->report->first, error))
		return FALSE;
	clock_set(reminder);
	return remind_all(campaign, error) &&
	       run_round(campaign, 2, &campaign->report->last, error) && balance(campaign, error);
}

RehearseReport *
rehearse_run(const RehearseOptions *options, Store *store, Config *config, const Keyring *keyring,
    GError **error)
{
	g_autoptr(RehearseReport) report = g_new0(RehearseReport, 1);
	g_auto(Campaign) campaign = {
		.options = options,
		.store = store,
		.config = config,
		.keyring = keyring,
		.report = report,
	};
	gint64 now = clock_now();
	gboolean good;

	campaign.towns = g_ptr_array_new_with_free_func((GDestroyNotify)town_free);
	campaign.journal = journal_new();
	campaign.timer = g_timer_new();
	campaign.workers = g_get_num_processors();
	good = play(&campaign, now, error);
	clock_set(-1);
	return good ? g_steal_pointer(&report) : NULL;
}

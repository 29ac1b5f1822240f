/* A run: settle what a crash left, then claim, deliver and record until nothing is due. */
#include "send/send.h"

#include "base/archive_packet.h"
#include "base/clock.h"
#include "base/durable.h"
#include "base/error.h"
#include "base/progress.h"
#include "send/breaker.h"
#include "send/pace.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>

#define WAIT_STEP_US (G_USEC_PER_SEC / 5)
#define IDLE_MAX     10		/* seconds that a line may be silent between two messages */
#define TURN_MAX     60		/* seconds that claimed messages wait for their turn */
#define BATCH	     20		/* claimed in one transaction where the channel does not dial */
#define GROUP	     10		/* messages that are made and archived together */
#define GROUP_SIZE   (8u << 20) /* bytes of them */

typedef struct {
	const OutboxTools *tools;
	const Channel *channel;
	SendReport *report;
	Breaker *breaker;
	Progress *progress;
	ArchiveBatch *archive;
	GPtrArray *tasks; /* of Task: the batch at hand, borrowed */
	gint64 wave_id;
	SendOptions options;
	guint over; /* messages whose outcome is known */
	gboolean
	    halted; /* the batch at hand: a person stopped its wave, or the pace wants a long wait */
	Pace *pace;
	PaceLog *left;
	gint64
	    wall; /* the clock when the run began, and the monotonic one: a clock that is set stands still */
	gint64 steady;
	guint due;     /* when it began */
	guint busiest; /* of them to one domain */
} Run;

/* One job, and what only the run needs of it. */
typedef struct {
	SendJob job;
	Run *run;
	Dispatch *dispatch; /* NULL when the breaker has it */
	GBytes *message;
	char *envelope_from;
	guint position; /* in the run's tasks */
} Task;

static void
task_free(Task *task)
{
	g_clear_pointer(&task->message, g_bytes_unref);
	dispatch_free(task->dispatch);
	g_free(task->envelope_from);
	g_free(task->job.reply);
	g_free(task);
}

/* --- what a channel asks of the run -------------------------------------------------------------------------- */

/* Makes the message and hands it to the archive, which does not keep it for good yet. */
static gboolean
make_message(Task *task, GError **error)
{
	Run *run = task->run;
	Dispatch *dispatch = task->job.dispatch;
	g_autoptr(Packet) packet = outbox_pack(run->tools, dispatch, error);
	g_autoptr(GBytes) message = packet != NULL ? packet_join(packet) : NULL;

	if (message == NULL || !outbox_check_bytes(dispatch, message, error) ||
	    !archive_batch_add(run->archive, packet, dispatch->sha256, error))
		return FALSE;
	task->message = g_steal_pointer(&message);
	return TRUE;
}

/* The next messages too, so that the archive makes them last at once. One that cannot be made tells so in its turn. */
static void
make_next(Run *run, guint position, gsize size)
{
	for (guint i = position; i < run->tasks->len && i < position + GROUP - 1; i++) {
		Task *task = g_ptr_array_index(run->tasks, i);

		if (size >= GROUP_SIZE || task->message != NULL || task->dispatch == NULL ||
		    !make_message(task, NULL))
			break;
		size += g_bytes_get_size(task->message);
	}
}

/* Whether @dispatch leaves; one whose cause is gone is cancelled. */
static gboolean
ask_leave(Run *run, Dispatch *dispatch, gboolean *leaves, GError **error)
{
	g_autofree char *why = NULL;

	if (!outbox_may_leave(run->tools, dispatch, leaves, &why, error))
		return FALSE;
	return why == NULL ||
	       outbox_record(run->tools->store, dispatch, OUTCOME_CANCELLED, why, error);
}

/* A person may have paused or cancelled the wave since its messages were claimed, or the town have answered: the batch begins
 * anew without it. */
static gboolean
may_leave(Run *run, Dispatch *dispatch, GError **error)
{
	gboolean leaves;

	if (!ask_leave(run, dispatch, &leaves, error))
		return FALSE;
	if (leaves)
		return TRUE;
	run->halted = TRUE;
	return fail(
	    error, PLICO_ERROR_TRY_AGAIN, _("wave %" PRId64 ": stopped"), dispatch->wave_id);
}

/* What leaves is in the archive before it leaves. */
static GBytes *
task_message(gpointer self, GError **error)
{
	Task *task = self;

	if (!may_leave(task->run, task->job.dispatch, error))
		return NULL;
	if (task->message != NULL)
		return task->message;
	if (!make_message(task, error))
		return NULL;
	make_next(task->run, task->position + 1, g_bytes_get_size(task->message));
	return archive_batch_commit(task->run->archive, error) ? task->message : NULL;
}

static gboolean
task_before_dot(gpointer self, GError **error)
{
	Task *task = self;
	Dispatch *dispatch = task->job.dispatch;

	if (outbox_mark_dot(task->run->tools->store, dispatch, error))
		return TRUE;
	/* a receipt for an earlier copy has just come: this one stays here, and the others go on */
	if (strcmp(dispatch->state, "sent") == 0)
		task->run->halted = TRUE;
	return FALSE;
}

static void
count(Run *run, const Dispatch *dispatch)
{
	SendReport *report = run->report;
	guint *const place = strcmp(dispatch->state, "sent") == 0	? &report->sent
			     : strcmp(dispatch->state, "deferred") == 0 ? &report->deferred
			     : strcmp(dispatch->state, "failed") == 0	? &report->failed
									: &report->unknown;

	(*place)++;
}

static gboolean
record(Run *run, Dispatch *dispatch, Outcome outcome, const char *reply, GError **error)
{
	if (!outbox_record(run->tools->store, dispatch, outcome, reply, error))
		return FALSE;
	if (outcome != OUTCOME_UNSENT)
		count(run, dispatch);
	return TRUE;
}

/* The refusals that the breaker holds: the addresses' fault, or, where it tripped, the server's. */
static gboolean
record_held(Run *run, GError **error)
{
	Outcome outcome = breaker_tripped(run->breaker) ? OUTCOME_UNSENT : OUTCOME_FAILED;
	gboolean good = TRUE;

	while (good) {
		g_autofree char *reply = NULL;
		g_autoptr(Dispatch) dispatch = breaker_take(run->breaker, &reply);

		if (dispatch == NULL)
			break;
		good = record(run, dispatch, outcome, reply, error);
	}
	return good;
}

static gboolean
stop_was_asked(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 &&
	       (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

static gboolean
hold_refusal(Run *run, Task *task, GError **error)
{
	const char *reply = task->job.reply;

	if (!breaker_same(run->breaker, reply) && !record_held(run, error))
		return FALSE;
	return outbox_hold(run->tools->store, task->dispatch, error) &&
	       breaker_hold(run->breaker, g_steal_pointer(&task->dispatch), reply, error);
}

static gboolean
record_now(Run *run, Task *task, GError **error)
{
	/* this first: it is the one that must not be lost */
	if (!record(run, task->dispatch, task->job.outcome, task->job.reply, error) ||
	    !record_held(run, error))
		return FALSE;
	return breaker_watch(run->breaker, task->job.outcome, task->job.reply, error);
}

/* --- the pace ------------------------------------------------------------------------------------------------- */

static gint64
run_now(const Run *run)
{
	return run->wall + (g_get_monotonic_time() - run->steady) / G_USEC_PER_SEC;
}

static gboolean
stopped(GError **error)
{
	return stop_was_asked() && !fail(error, PLICO_ERROR_TRY_AGAIN,
				       _("stopped as asked; what was not sent stays queued"));
}

static void
predict(Run *run)
{
	gint64 now = run_now(run);
	guint due = run->options.limit > 0 ? MIN(run->options.limit, run->due) : run->due;
	guint left = due > run->over ? due - run->over : 0;
	gint64 end;

	if (!pace_is_limited(run->pace) && !pace_has_calendar(run->pace))
		return;
	end = pace_end(run->pace, left, MIN(left, run->busiest), now);
	if (end != PACE_NEVER)
		progress_expect(run->progress, end - now);
}

/* Waits until @dispatch may leave, at most @patience seconds: otherwise the batch is given back. */
static gboolean
wait_turn(Run *run, Dispatch *dispatch, gint64 patience, GError **error)
{
	gint64 now = run_now(run);
	gint64 when = pace_next(run->pace, run->left, dispatch->address, now);

	if (when - now > patience) {
		run->halted = TRUE;
		return fail(error, PLICO_ERROR_TRY_AGAIN, _("wave %" PRId64 ": stopped"),
		    dispatch->wave_id);
	}
	for (; now < when; now = run_now(run)) {
		if (stopped(error) || !may_leave(run, dispatch, error))
			return FALSE;
		g_usleep(WAIT_STEP_US);
	}
	return TRUE;
}

/* The line stays open only for a short wait. */
static gboolean
next_turn(Run *run, guint position, GError **error)
{
	const Task *next =
	    position < run->tasks->len ? g_ptr_array_index(run->tasks, position) : NULL;

	return next == NULL || next->dispatch == NULL ||
	       wait_turn(run, next->dispatch, IDLE_MAX, error);
}

static gboolean
task_done(SendJob *job, GError **error)
{
	Task *task = job->self;
	Run *run = task->run;

	g_clear_pointer(&task->message, g_bytes_unref);
	pace_log_add(run->left, job->dispatch->address, run_now(run));
	predict(run);
	progress_step(run->progress, ++run->over);
	if (task->job.outcome == OUTCOME_FAILED ? !hold_refusal(run, task, error)
						: !record_now(run, task, error))
		return FALSE;
	return !stopped(error) && next_turn(run, task->position + 1, error);
}

/* --- the run -------------------------------------------------------------------------------------------------- */

static void
add_task(Run *run, Dispatch *dispatch, GPtrArray *tasks)
{
	Task *task = g_new0(Task, 1);

	task->run = run;
	task->dispatch = dispatch;
	task->position = tasks->len;
	task->envelope_from = outbox_envelope_from(run->tools->config, dispatch);
	task->job = (SendJob){
		.dispatch = dispatch,
		.envelope_from = task->envelope_from,
		.message = task_message,
		.before_dot = task_before_dot,
		.self = task,
		.outcome = OUTCOME_UNSENT,
	};
	g_ptr_array_add(tasks, task);
}

/* Those of @claimed that still have their cause. */
static gboolean
add_tasks(Run *run, GPtrArray *claimed, GPtrArray *tasks, GError **error)
{
	while (claimed->len > 0) {
		g_autoptr(Dispatch) dispatch = g_ptr_array_steal_index(claimed, 0);
		gboolean leaves;

		if (!ask_leave(run, dispatch, &leaves, error))
			return FALSE;
		if (strcmp(dispatch->state, "claimed") == 0)
			add_task(run, g_steal_pointer(&dispatch), tasks);
	}
	return TRUE;
}

static guint
batch_size(const Run *run)
{
	guint size = run->channel->dials
			 ? (guint)config_int(run->tools->config, CONFIG_smtp_per_connection)
			 : BATCH;

	size = CLAMP(size, 1, 1000);
	return run->options.limit > 0 ? MIN(size, run->options.limit - run->over) : size;
}

/* What the channel did not come to goes back to the queue. A second error here is not told: the first one is the cause,
 * and the next run settles what is left. */
static void
release(Run *run, const GPtrArray *tasks)
{
	for (guint i = 0; i < tasks->len; i++) {
		Task *task = g_ptr_array_index(tasks, i);

		if (task->dispatch != NULL && task->job.outcome == OUTCOME_UNSENT &&
		    strcmp(task->dispatch->state, "cancelled") != 0)
			(void)record(run, task->dispatch, OUTCOME_UNSENT, task->job.reply, NULL);
	}
}

/* Before there is a line. Where the day's end comes first, its last seconds go by here. */
static gboolean
first_turn(Run *run, const GPtrArray *tasks, GError **error)
{
	const Task *first = g_ptr_array_index(tasks, 0);

	if (wait_turn(run, first->job.dispatch, TURN_MAX, error))
		return TRUE;
	if (run->halted && pace_open(run->pace, run_now(run)) == run_now(run))
		g_usleep(WAIT_STEP_US);
	return FALSE;
}

/* One batch. @more: whether there was any. */
static gboolean
send_batch(Run *run, gboolean *more, GError **error)
{
	g_autoptr(GPtrArray) claimed =
	    outbox_claim(run->tools->store, run->wave_id, batch_size(run), error);
	g_autoptr(GPtrArray) tasks = g_ptr_array_new_with_free_func((GDestroyNotify)task_free);
	g_autoptr(GError) why = NULL;
	guint before = run->over;

	if (claimed == NULL)
		return FALSE;
	*more = claimed->len > 0;
	if (!*more)
		return TRUE;
	if (!add_tasks(run, claimed, tasks, error))
		return FALSE;
	if (tasks->len == 0)
		return TRUE;
	run->tasks = tasks;
	run->halted = FALSE;
	if (first_turn(run, tasks, &why))
		(void)run->channel->deliver(run->tools->config, tasks, task_done, &why);
	run->tasks = NULL;
	release(run, tasks);
	if (run->halted) /* whatever the channel made of it: other waves go on */
		return TRUE;
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	return run->over > before ||
	       fail(error, PLICO_ERROR_UNAVAILABLE,
		   _("mail.channel = %s: nothing could be handed over"), run->channel->name);
}

/* Waits, with nothing claimed and no line open, for the hour at which the calendar lets messages leave: until a person
 * takes back what is due. */
static gboolean
wait_open(Run *run, GError **error)
{
	gint64 now = run_now(run);
	gint64 open = pace_open(run->pace, now);
	g_autofree char *when = NULL;
	g_autofree char *sentence = NULL;
	guint due = 0;

	if (open == now)
		return TRUE;
	if (!outbox_count_due(run->tools->store, run->wave_id, &due, error) || due == 0)
		return due == 0;
	if (open == PACE_NEVER)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("pace.hours, pace.days and pace.silence leave no moment in two years"));
	when = clock_local(open);
	if (run->options.once)
		return fail(error, PLICO_ERROR_TRY_AGAIN,
		    _("by pace.* nothing leaves now; from %s on it does"), when);
	sentence = g_strdup_printf(_("By pace.* nothing leaves now; it goes on at %s."), when);
	progress_note(run->progress, sentence);
	for (; due > 0 && run_now(run) < open; g_usleep(WAIT_STEP_US))
		if (stopped(error) ||
		    !outbox_count_due(run->tools->store, run->wave_id, &due, error))
			return FALSE;
	return TRUE;
}

static gboolean
send_batches(Run *run, GError **error)
{
	gboolean more = TRUE;

	while (more && (run->options.limit == 0 || run->over < run->options.limit))
		if (!wait_open(run, error) || !send_batch(run, &more, error))
			return FALSE;
	return TRUE;
}

static gboolean
take_lock(const Config *config, Fd *lock, GError **error)
{
	g_autofree char *path = g_build_filename(config_workspace(config), "send.lock", NULL);

	*lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*lock < 0)
		return fail_errno(error, "%s", path);
	if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
		return TRUE;
	if (errno != EWOULDBLOCK)
		return fail_errno(error, "%s", path);
	return fail(error, PLICO_ERROR_TRY_AGAIN,
	    _("%s: another run is sending in this workspace; wait for its end"), path);
}

static const Channel *
find_channel(const Config *config, GError **error)
{
	const char *name = config_text(config, CONFIG_mail_channel);
	g_autofree char *from = NULL;
	const char *why = NULL;

	if (!address_check(config_text(config, CONFIG_mail_from), &from, &why)) {
		fail(error, PLICO_ERROR_CONFIG, _("mail.from = %s: %s"),
		    config_text(config, CONFIG_mail_from), why);
		return NULL;
	}
	if (!outbox_check_bounces(config, error))
		return NULL;
	return channel_find(name); /* the configuration knows the same names */
}

/* Settles, sends and puts in order what is still open at the end, whatever that was. */
static gboolean
run_under_lock(Run *run, GError **error)
{
	Store *store = run->tools->store;
	guint settled = 0;
	guint due = 0;
	gboolean good;

	if (!outbox_keep_form(run->tools, error) || !outbox_settle(store, &settled, error) ||
	    !outbox_count_due(store, run->wave_id, &due, error) ||
	    !outbox_busiest(store, run->wave_id, &run->busiest, error))
		return FALSE;
	run->report->unknown = settled;
	run->progress =
	    progress_new(_("sending"), run->options.limit > 0 ? MIN(run->options.limit, due) : due);
	run->due = due;
	predict(run);
	good = send_batches(run, error);
	progress_free(run->progress);
	good = record_held(run, good ? error : NULL) && good;
	good = outbox_sweep(store, good ? error : NULL) && good;
	good = outbox_close_waves(store, good ? error : NULL) && good;
	return outbox_count_due(store, run->wave_id, &run->report->left, good ? error : NULL) &&
	       outbox_count_waiting(store, &run->report->waiting, good ? error : NULL) && good;
}

gboolean
send_run(const OutboxTools *tools, gint64 wave_id, const SendOptions *options, SendReport *report,
    GError **error)
{
	g_auto(Fd) lock = -1;
	g_autoptr(Breaker) breaker = breaker_new();
	g_autoptr(Pace) pace = pace_new(tools->config, error);
	g_autoptr(PaceLog) left = pace_log_new();
	g_autofree char *directory =
	    g_build_filename(config_workspace(tools->config), "archive", NULL);
	g_autoptr(ArchiveBatch) archive = archive_batch_new(directory, tools->keyring);
	Run run = { .tools = tools,
		.report = report,
		.breaker = breaker,
		.archive = archive,
		.wave_id = wave_id,
		.options = *options,
		.pace = pace,
		.left = left,
		.wall = clock_now(),
		.steady = g_get_monotonic_time(),
		.channel = pace != NULL ? find_channel(tools->config, error) : NULL };
	sigset_t stops;
	sigset_t before;
	gboolean good;

	*report = (SendReport){ 0 };
	if (run.channel == NULL || !take_lock(tools->config, &lock, error))
		return FALSE;
	/* a signal waits until the message at hand is recorded: stop_was_asked() looks for it then */
	sigemptyset(&stops);
	sigaddset(&stops, SIGINT);
	sigaddset(&stops, SIGTERM);
	(void)pthread_sigmask(SIG_BLOCK, &stops, &before);
	good = run_under_lock(&run, error);
	if (stop_was_asked())
		(void)sigtimedwait(&stops, NULL, &(struct timespec){ 0 });
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return good;
}

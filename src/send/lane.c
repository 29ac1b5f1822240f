#include "send/lane.h"

#include "base/error.h"

struct Lane {
	const Channel *channel;
	const Config *config;
	GAsyncQueue *calls;
	GThread *thread;
	GMutex lock;
	GCond news;
	gboolean answered; /* these three under the lock */
	Task *given;	   /* (nullable) */
	gboolean over;
	gboolean has_line;    /* these two are the thread's own */
	gboolean turned_away; /* a message was not to leave: no fault of the line */
};

void
call_free(Call *call)
{
	if (call == NULL)
		return;
	g_clear_pointer(&call->tasks, g_ptr_array_unref);
	g_clear_error(&call->error);
	g_free(call);
}

static void
post(Lane *lane, CallKind kind, Task *task, GError *error)
{
	Call *call = g_new0(Call, 1);

	*call = (Call){
		.kind = kind, .lane = lane, .task = task, .error = error, .line = lane->has_line
	};
	g_async_queue_push(lane->calls, call);
}

/* --- what the channel asks, in the lane's thread ------------------------------------------------------------------- */

/* Waits for the run's word; FALSE: there will be none any more. */
static SendJob *
next(gpointer self)
{
	Lane *lane = self;
	Task *task;

	post(lane, CALL_IDLE, NULL, NULL);
	g_mutex_lock(&lane->lock);
	while (!lane->answered)
		g_cond_wait(&lane->news, &lane->lock);
	lane->answered = FALSE;
	task = g_steal_pointer(&lane->given);
	g_mutex_unlock(&lane->lock);
	if (task == NULL)
		return NULL;
	lane->has_line = TRUE;
	return &task->job;
}

static void
done(SendJob *job)
{
	Task *task = job->self;

	post(task->lane, CALL_END, task, NULL);
}

static GBytes *
message(SendJob *job, GError **error)
{
	Task *task = job->self;

	if (g_atomic_int_get(&task->withdrawn) == 0)
		return task->message;
	task->lane->turned_away = TRUE;
	fail(error, PLICO_ERROR_TRY_AGAIN, _("wave %" PRId64 ": stopped"), job->dispatch->wave_id);
	return NULL;
}

static void
ends_soon(SendJob *job)
{
	Task *task = job->self;
	gboolean asks;

	g_mutex_lock(&task->lane->lock);
	asks = task->dot == DOT_UNASKED;
	if (asks)
		task->dot = DOT_ASKED;
	g_mutex_unlock(&task->lane->lock);
	if (asks)
		post(task->lane, CALL_DOT, task, NULL);
}

static gboolean
before_dot(SendJob *job, GError **error)
{
	Task *task = job->self;
	Lane *lane = task->lane;
	gboolean granted;

	ends_soon(job);
	g_mutex_lock(&lane->lock);
	while (task->dot == DOT_ASKED)
		g_cond_wait(&lane->news, &lane->lock);
	granted = task->dot == DOT_GRANTED;
	g_mutex_unlock(&lane->lock);
	if (granted)
		return TRUE;
	lane->turned_away = TRUE;
	return fail(
	    error, PLICO_ERROR_TRY_AGAIN, _("wave %" PRId64 ": stopped"), job->dispatch->wave_id);
}

static gboolean
is_over(Lane *lane)
{
	gboolean over;

	g_mutex_lock(&lane->lock);
	over = lane->over;
	g_mutex_unlock(&lane->lock);
	return over;
}

static gpointer
work(gpointer self)
{
	Lane *lane = self;
	const SendFeed feed = { .next = next, .done = done, .self = lane };

	while (!is_over(lane)) {
		g_autoptr(GError) error = NULL;

		lane->has_line = FALSE;
		lane->turned_away = FALSE;
		if (!lane->channel->deliver(lane->config, &feed, &error) && !lane->turned_away)
			post(lane, CALL_FAULT, NULL, g_steal_pointer(&error));
	}
	return NULL;
}

/* --- for the run ----------------------------------------------------------------------------------------------------- */

Lane *
lane_new(const Channel *channel, const Config *config, GAsyncQueue *calls)
{
	Lane *lane = g_new0(Lane, 1);

	lane->channel = channel;
	lane->config = config;
	lane->calls = g_async_queue_ref(calls);
	g_mutex_init(&lane->lock);
	g_cond_init(&lane->news);
	lane->thread = g_thread_new("lane", work, lane);
	return lane;
}

static void
answer(Lane *lane, Task *task, gboolean over)
{
	g_mutex_lock(&lane->lock);
	lane->given = task;
	lane->over = over;
	lane->answered = TRUE;
	g_cond_signal(&lane->news);
	g_mutex_unlock(&lane->lock);
}

void
lane_give(Lane *lane, Task *task)
{
	task->lane = lane;
	task->job.message = message;
	task->job.ends_soon = ends_soon;
	task->job.before_dot = before_dot;
	answer(lane, task, FALSE);
}

void
lane_hang_up(Lane *lane)
{
	answer(lane, NULL, FALSE);
}

void
lane_answer_dot(Task *task, gboolean granted)
{
	Lane *lane = task->lane;

	g_mutex_lock(&lane->lock);
	task->dot = granted ? DOT_GRANTED : DOT_REFUSED;
	g_cond_signal(&lane->news);
	g_mutex_unlock(&lane->lock);
}

void
lane_free(Lane *lane)
{
	if (lane == NULL)
		return;
	answer(lane, NULL, TRUE);
	(void)g_thread_join(lane->thread);
	g_async_queue_unref(lane->calls);
	g_mutex_clear(&lane->lock);
	g_cond_clear(&lane->news);
	g_free(lane);
}

/* --- tasks ------------------------------------------------------------------------------------------------------------ */

Task *
task_new(const Config *config, Dispatch *dispatch)
{
	Task *task = g_new0(Task, 1);

	task->dispatch = dispatch;
	task->envelope_from = outbox_envelope_from(config, dispatch);
	task->job = (SendJob){ .dispatch = dispatch,
		.envelope_from = task->envelope_from,
		.self = task,
		.outcome = OUTCOME_UNSENT };
	return task;
}

void
task_free(Task *task)
{
	if (task == NULL)
		return;
	g_clear_pointer(&task->packet, g_ptr_array_unref);
	g_clear_pointer(&task->message, g_bytes_unref);
	dispatch_free(task->dispatch);
	g_free(task->envelope_from);
	g_free(task->job.reply);
	g_free(task);
}

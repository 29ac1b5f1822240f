#include "send/run.h"

#include "base/clock.h"
#include "base/error.h"
#include "send/keeper.h"
#include "send/stock.h"

#include <signal.h>

#define STEP_US                                                                                    \
	(G_USEC_PER_SEC / 5) /* how long signals, people and the clock may wait to be looked at */
#define IDLE_MAX 10	     /* seconds that a line may be silent between two messages */
#define REST	 5 /* seconds that a lane rests when its line failed; twice as many each time */
#define REST_MAX 60

/* A lane as the run sees it. */
typedef struct {
	Lane *lane;
	Task *task;	 /* (nullable) that it has */
	gboolean idle;	 /* it waits for one */
	gboolean line;	 /* idle with a line open */
	gint64 since;	 /* idle; seconds, as all times here */
	gboolean failed; /* its line, and nobody's message has come to an end since */
	gint64 rests_until;
	guint failures; /* in a row */
} Seat;

typedef struct {
	const RunOrder *order;
	GAsyncQueue *calls;
	Keeper *keeper;
	Stock *stock;
	PaceLog *left;
	GArray *seats; /* of Seat */
	guint busy;    /* seats with a task */
	guint over;    /* messages whose outcome is known */
	gboolean more; /* there is a message to make */
	GError *why;   /* (nullable) it is to end */
	gint64 looked; /* monotonic: around */
	gint64
	    wall; /* the clock when the run began, and the monotonic one: a clock that is set stands still */
	gint64 steady;
} Run;

static gint64
run_now(const Run *run)
{
	return run->wall + (g_get_monotonic_time() - run->steady) / G_USEC_PER_SEC;
}

static Seat *
seat_at(Run *run, guint i)
{
	return &g_array_index(run->seats, Seat, i);
}

static Seat *
seat_of(Run *run, const Lane *lane)
{
	guint i = 0;

	while (seat_at(run, i)->lane != lane)
		i++;
	return seat_at(run, i);
}

/* Ends the run for the first reason there is; what has left its lane behind comes to its own end. @error: (transfer full) */
static void
halt(Run *run, GError *error)
{
	if (run->why == NULL)
		run->why = error;
	else
		g_error_free(error);
}

/* --- calls ---------------------------------------------------------------------------------------------------------- */

static void
predict(Run *run)
{
	const RunOrder *order = run->order;
	gint64 now = run_now(run);
	guint due = order->options.limit > 0 ? MIN(order->options.limit, order->due) : order->due;
	guint left = due > run->over ? due - run->over : 0;
	gint64 end;

	if (!pace_is_limited(order->pace) && !pace_has_calendar(order->pace))
		return;
	end = pace_end(order->pace, left, MIN(left, order->busiest), now);
	if (end != PACE_NEVER)
		progress_expect(order->progress, end - now);
}

static void
task_ended(Run *run, Seat *seat, Task *task)
{
	seat->task = NULL;
	run->busy--;
	g_clear_pointer(&task->message, g_bytes_unref);
	clerk_add_end(run->order->clerk, task);
	if (task->job.outcome == OUTCOME_UNSENT) {
		stock_came_back(run->stock);
		return;
	}
	seat->failures = 0;
	for (guint i = 0; i < run->seats->len; i++)
		seat_at(run, i)->failed = FALSE;
	run->over++;
	predict(run);
	progress_step(run->order->progress, run->over);
}

static gboolean
have_all_failed(Run *run)
{
	for (guint i = 0; i < run->seats->len; i++)
		if (!seat_at(run, i)->failed)
			return FALSE;
	return TRUE;
}

/* A server may allow fewer lines than we would have, or close one: then the others go on, and it is asked for another
 * one later. Only when none gets through it is a fault of the whole; so is all that people have to put in order. */
static void
line_failed(Run *run, Seat *seat, GError *error)
{
	seat->failed = TRUE;
	seat->rests_until = run_now(run) + MIN(REST << MIN(seat->failures, 8), REST_MAX);
	seat->failures++;
	if (run->over == 0 || have_all_failed(run) ||
	    !g_error_matches(error, PLICO_ERROR, PLICO_ERROR_UNAVAILABLE))
		halt(run, error);
	else
		g_error_free(error);
}

static void
take_call(Run *run, Call *call)
{
	Seat *seat = call->lane != NULL ? seat_of(run, call->lane) : NULL;

	switch (call->kind) {
	case CALL_IDLE:
		seat->idle = TRUE;
		seat->line = call->line;
		seat->since = run_now(run);
		break;
	case CALL_DOT:
		clerk_add_dot(run->order->clerk, call->task);
		break;
	case CALL_END:
		task_ended(run, seat, call->task);
		break;
	case CALL_FAULT:
		line_failed(run, seat, g_steal_pointer(&call->error));
		break;
	case CALL_KEPT:
	default:
		stock_take_back(run->stock, call);
		break;
	}
}

/* Takes all that have come in; waits for one at most @patience microseconds. */
static void
listen(Run *run, guint64 patience)
{
	Call *call = patience > 0 ? g_async_queue_timeout_pop(run->calls, patience)
				  : g_async_queue_try_pop(run->calls);

	for (; call != NULL; call = g_async_queue_try_pop(run->calls)) {
		take_call(run, call);
		call_free(call);
	}
}

/* --- what else happens ----------------------------------------------------------------------------------------------- */

static gboolean
stopped(GError **error)
{
	sigset_t pending;

	if (sigpending(&pending) != 0 ||
	    (sigismember(&pending, SIGINT) != 1 && sigismember(&pending, SIGTERM) != 1))
		return FALSE;
	(void)fail(
	    error, PLICO_ERROR_TRY_AGAIN, _("stopped as asked; what was not sent stays queued"));
	return TRUE;
}

/* Messages in a lane whose body has not begun to leave stay here. */
static void
withdraw(Run *run)
{
	for (guint i = 0; i < run->seats->len; i++)
		if (seat_at(run, i)->task != NULL)
			g_atomic_int_set(&seat_at(run, i)->task->withdrawn, 1);
}

/* The same with those that may not leave any more: a person stopped their wave, or their cause is gone, which their next turn
 * will find. */
static gboolean
withdraw_stopped(Run *run, GError **error)
{
	for (guint i = 0; i < run->seats->len; i++) {
		Task *task = seat_at(run, i)->task;
		g_autofree char *why = NULL;
		gboolean leaves;

		if (task == NULL)
			continue;
		if (!outbox_may_leave(run->order->tools, task->dispatch, &leaves, &why, error))
			return FALSE;
		if (!leaves)
			g_atomic_int_set(&task->withdrawn, 1);
	}
	return TRUE;
}

static void
look_around(Run *run)
{
	GError *error = NULL;

	if (g_get_monotonic_time() < run->looked + STEP_US)
		return;
	run->looked = g_get_monotonic_time();
	if (stopped(&error) || !stock_give_stopped_back(run->stock, &error) ||
	    !withdraw_stopped(run, &error))
		halt(run, error);
}

/* --- handing out ----------------------------------------------------------------------------------------------------- */

static gboolean
is_in_service(const Seat *seat, gint64 now)
{
	return !seat->failed && now >= seat->rests_until;
}

/* One that rests is asked before its time where there is no other. */
static gboolean
may_serve(Run *run, const Seat *seat, gint64 now)
{
	if (!seat->idle || seat->failed)
		return FALSE;
	if (is_in_service(seat, now))
		return TRUE;
	for (guint i = 0; i < run->seats->len; i++)
		if (is_in_service(seat_at(run, i), now))
			return FALSE;
	return TRUE;
}

/* The idle lane to use next: one that has a line, if there is. Until one message has come to its end all others wait: a
 * wrong password is not tried four times. */
static Seat *
find_seat(Run *run, gint64 now)
{
	guint count = run->over > 0 ? run->seats->len : 1;
	Seat *found = NULL;

	for (guint i = 0; i < count; i++) {
		Seat *seat = seat_at(run, i);

		if (may_serve(run, seat, now) && (found == NULL || (seat->line && !found->line)))
			found = seat;
	}
	return found;
}

/* @out_when: when the next one may leave; now, where that depends on a lane. */
static gboolean
hand_out(Run *run, gint64 *out_when, GError **error)
{
	const Pace *pace = run->order->pace;
	gint64 now = run_now(run);
	const Task *first;
	Seat *seat;

	*out_when = now;
	while ((first = stock_first(run->stock)) != NULL && (seat = find_seat(run, now)) != NULL) {
		*out_when = pace_next(pace, run->left, first->dispatch->address, now);
		if (*out_when > now)
			break;
		if (!stock_take(run->stock, &seat->task, error))
			return FALSE;
		if (seat->task == NULL)
			continue;
		seat->idle = FALSE;
		run->busy++;
		if (pace_is_limited(pace))
			pace_log_add(run->left, first->dispatch->address, now);
		lane_give(seat->lane, seat->task);
	}
	return TRUE;
}

/* Lines that nothing was said on for long, or, with @all, all that are idle. */
static void
hang_up(Run *run, gboolean all)
{
	gint64 now = run_now(run);

	for (guint i = 0; i < run->seats->len; i++) {
		Seat *seat = seat_at(run, i);

		if (!seat->idle || !seat->line || (!all && now < seat->since + IDLE_MAX))
			continue;
		seat->idle = FALSE; /* it calls again */
		lane_hang_up(seat->lane);
	}
}

/* --- the hours ------------------------------------------------------------------------------------------------------- */

/* Waits, with nothing claimed and no line open, for the hour at which the calendar lets messages leave: until a person
 * takes back what is due. */
static gboolean
wait_open(Run *run, gint64 open, GError **error)
{
	const RunOrder *order = run->order;
	g_autofree char *when = NULL;
	g_autofree char *sentence = NULL;
	guint due = 0;

	if (!outbox_count_due(order->tools, order->wave_id, &due, error) || due == 0)
		return due == 0;
	if (open == PACE_NEVER)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("pace.hours, pace.days and pace.silence leave no moment in two years"));
	when = clock_local(open);
	if (order->options.once)
		return fail(error, PLICO_ERROR_TRY_AGAIN,
		    _("by pace.* nothing leaves now; from %s on it does"), when);
	sentence = g_strdup_printf(_("By pace.* nothing leaves now; it goes on at %s."), when);
	progress_note(order->progress, sentence);
	for (; due > 0 && run_now(run) < open; g_usleep(STEP_US))
		if (stopped(error) || !outbox_count_due(order->tools, order->wave_id, &due, error))
			return FALSE;
	return TRUE;
}

/* Whether the calendar lets messages leave; otherwise all goes back, and when it has, it waits. */
static gboolean
is_open(Run *run)
{
	gint64 now = run_now(run);
	gint64 open = pace_has_calendar(run->order->pace) ? pace_open(run->order->pace, now) : now;
	GError *error = NULL;

	if (open == now)
		return TRUE;
	stock_give_back(run->stock);
	hang_up(run, TRUE);
	if (run->busy > 0 || !stock_is_empty(run->stock) || !clerk_is_empty(run->order->clerk))
		return FALSE;
	if (!wait_open(run, open, &error))
		halt(run, error);
	return run->why == NULL;
}

/* --- the run --------------------------------------------------------------------------------------------------------- */

/* Hands out what there is and makes more. Returns: how long nothing need be done unless a lane calls, in microseconds */
static guint64
supply(Run *run)
{
	GError *error = NULL;
	gint64 when;

	if (!is_open(run))
		return STEP_US;
	if (!hand_out(run, &when, &error) ||
	    !stock_make(run->stock, run_now(run), &run->more, &error) ||
	    (error = stock_trouble(run->stock)) != NULL)
		halt(run, error);
	hang_up(run, when > run_now(run) + IDLE_MAX);
	return run->more || run->why != NULL || !clerk_is_empty(run->order->clerk) ? 0 : STEP_US;
}

static gboolean
is_over(Run *run)
{
	if (run->busy > 0 || !clerk_is_empty(run->order->clerk))
		return FALSE;
	return run->why != NULL ? stock_is_empty(run->stock) : stock_is_spent(run->stock);
}

/* What the lanes report is written in groups while there are messages to make. */
static gboolean
write_down(Run *run, GError **error)
{
	Clerk *clerk = run->order->clerk;

	return (run->more && !clerk_is_due(clerk, run->busy)) || clerk_write(clerk, error);
}

static void
take_turns(Run *run)
{
	guint64 patience = 0;

	while (!is_over(run)) {
		GError *error = NULL;

		listen(run, patience);
		look_around(run);
		if (!write_down(run, &error))
			halt(run, error);
		run->more = FALSE;
		if (run->why == NULL) {
			patience = supply(run);
			continue;
		}
		patience = STEP_US;
		if (!g_error_matches(run->why, PLICO_ERROR, PLICO_ERROR_TRY_AGAIN))
			withdraw(run);
		stock_give_back(run->stock);
		if (!clerk_is_empty(run->order->clerk))
			patience = 0;
	}
}

static void
seat_clear(gpointer data)
{
	Seat *seat = data;

	lane_free(seat->lane);
}

static guint
count_lanes(const RunOrder *order)
{
	gint64 sessions = config_int(order->tools->config, CONFIG_smtp_sessions);

	return order->channel->dials ? (guint)CLAMP(sessions, 1, RUN_SESSIONS_MAX) : 1;
}

gboolean
run_lanes(const RunOrder *order, GError **error)
{
	guint lanes = count_lanes(order);
	g_autoptr(GAsyncQueue) calls = g_async_queue_new_full((GDestroyNotify)call_free);
	g_autoptr(Keeper) keeper = keeper_new(order->tools->config, calls, error);
	g_autoptr(PaceLog) left = pace_log_new();
	g_autoptr(GArray) seats = g_array_new(FALSE, TRUE, sizeof(Seat));
	g_autoptr(Stock) stock = NULL;
	Run run = {
		.order = order, .calls = calls, .keeper = keeper, .left = left, .seats = seats
	};

	if (keeper == NULL)
		return FALSE;
	run.wall = clock_now();
	run.steady = g_get_monotonic_time();
	run.stock = stock = stock_new(order->tools, order->wave_id, order->options.limit, lanes,
	    order->pace, left, keeper, order->clerk);
	g_array_set_clear_func(seats, seat_clear);
	g_array_set_size(seats, lanes);
	for (guint i = 0; i < lanes; i++)
		seat_at(&run, i)->lane = lane_new(order->channel, order->tools->config, calls);
	predict(&run);
	take_turns(&run);
	g_array_set_size(seats, 0); /* their lines say goodbye */
	if (run.why == NULL)
		return TRUE;
	g_propagate_error(error, run.why);
	return FALSE;
}

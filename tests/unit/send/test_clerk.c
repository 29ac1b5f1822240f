/* What the lanes report is written in groups. */
#include "send/clerk.h"

#include "base/error.h"
#include "unit/outbox/workshop.h"

#include <string.h>

typedef struct {
	Workshop shop;
	GAsyncQueue *calls;
	Lane *lane; /* idle: its lock guards the dots */
	SendReport report;
	Clerk *clerk;
} Office;

static void
set_up(Office *office, gconstpointer data)
{
	(void)data;
	workshop_open(&office->shop);
	workshop_plan(&office->shop, 2);
	office->calls = g_async_queue_new_full((GDestroyNotify)call_free);
	office->lane = lane_new(channel_find("null"), office->shop.config, office->calls);
	office->clerk = clerk_new(office->shop.store, &office->report);
}

static void
tear_down(Office *office, gconstpointer data)
{
	(void)data;
	clerk_free(office->clerk);
	lane_free(office->lane);
	g_async_queue_unref(office->calls);
	workshop_close(&office->shop);
}

static Task *
claim_one(Office *office)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
	g_autoptr(GPtrArray) claimed = outbox_claim(&office->shop.tools, 0, 1, &error);
	Task *task;

	g_assert_no_error(error);
	g_assert_cmpuint(claimed->len, ==, 1);
	task = task_new(office->shop.config, g_ptr_array_steal_index(claimed, 0));
	task->lane = office->lane;
	task->dot = DOT_ASKED;
	g_assert_true(outbox_check_bytes(task->dispatch, bytes, &error));
	return task;
}

static const char *
state_of(Office *office, guint i)
{
	g_autoptr(GPtrArray) list = outbox_list(office->shop.store, 1, NULL, 0, 0, NULL);
	const Dispatch *dispatch = g_ptr_array_index(list, i);

	return g_intern_string(dispatch->state);
}

static void
end(Office *office, Task *task, Outcome outcome, const char *reply)
{
	task->job.outcome = outcome;
	task->job.reply = g_strdup(reply);
	clerk_add_end(office->clerk, task);
}

/* A mark and two ends, one of them behind its own mark. */
static void
test_group(Office *office, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Task) first = claim_one(office);
	Task *second = claim_one(office);

	(void)data;
	g_assert_true(clerk_is_empty(office->clerk));
	clerk_add_dot(office->clerk, first);
	clerk_add_dot(office->clerk, second);
	end(office, second, OUTCOME_SENT, "250 ok");
	g_assert_cmpstr(state_of(office, 0), ==, "claimed"); /* not before it is written */
	g_assert_true(clerk_write(office->clerk, &error));
	g_assert_no_error(error);
	g_assert_cmpint(first->dot, ==, DOT_GRANTED);
	g_assert_cmpstr(state_of(office, 0), ==, "dot");
	g_assert_cmpstr(state_of(office, 1), ==, "sent");
	g_assert_cmpuint(office->report.sent, ==, 1);
	g_assert_true(clerk_is_empty(office->clerk));
}

static void
test_changed_row(Office *office, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Task) first = claim_one(office);
	Task *second = claim_one(office);

	(void)data;
	workshop_sql(&office->shop, "UPDATE dispatch SET state = 'queued' WHERE id = 1");
	clerk_add_dot(office->clerk, first);
	end(office, second, OUTCOME_SENT, "250 ok");
	g_assert_false(clerk_write(office->clerk, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_TRY_AGAIN);
	g_assert_cmpint(first->dot, ==, DOT_REFUSED);
	g_assert_cmpstr(state_of(office, 0), ==, "queued");
	g_assert_cmpstr(state_of(office, 1), ==, "sent");
}

/* Its mark was committed, and then the line was cut before the dot. */
static void
test_dot_that_did_not_leave(Office *office, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	Task *first = claim_one(office);

	(void)data;
	clerk_add_dot(office->clerk, first);
	g_assert_true(clerk_write(office->clerk, &error));
	g_assert_cmpstr(state_of(office, 0), ==, "dot");
	end(office, first, OUTCOME_UNSENT, "line lost before the final dot");
	g_assert_true(clerk_write(office->clerk, &error));
	g_assert_cmpstr(state_of(office, 0), ==, "queued");
	g_assert_cmpuint(office->report.unknown, ==, 0);
}

static void
test_refusal_waits(Office *office, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	Task *first = claim_one(office);

	(void)data;
	end(office, first, OUTCOME_FAILED, "550 5.1.1 no such user");
	g_assert_true(clerk_write(office->clerk, &error));
	g_assert_cmpstr(
	    state_of(office, 0), ==, "claimed"); /* whose fault it is is not yet known */
	g_assert_true(clerk_close(office->clerk, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(state_of(office, 0), ==, "failed");
	g_assert_cmpuint(office->report.failed, ==, 1);
}

static gboolean
is_elsewhere(const char *address, gpointer count)
{
	(*(guint *)count)++;
	return g_str_has_suffix(address, "@y.example");
}

static void
test_claim_wanted(Office *office, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) claimed = NULL;
	guint asked = 0;

	(void)data;
	workshop_sql(
	    &office->shop, "UPDATE dispatch SET address = 'protocollo@y.example' WHERE id = 2");
	claimed = outbox_claim_wanted(&office->shop.tools, 0, 5, is_elsewhere, &asked, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(asked, ==, 2);
	g_assert_cmpuint(claimed->len, ==, 1);
	g_assert_cmpstr(state_of(office, 0), ==, "queued");
	g_assert_cmpstr(state_of(office, 1), ==, "claimed");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
	g_test_add("/send/clerk/" path, Office, NULL, set_up, function, tear_down)
	ADD("what-came-in-is-written-at-once", test_group);
	ADD("a-row-that-another-changed-holds-up-no-other", test_changed_row);
	ADD("a-dot-that-did-not-leave-is-queued-again", test_dot_that_did_not_leave);
	ADD("a-refusal-waits-for-the-next-outcome-or-the-end", test_refusal_waits);
	ADD("what-is-not-wanted-stands-aside", test_claim_wanted);
	return g_test_run();
}

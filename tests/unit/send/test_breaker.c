/* When a run stops because the refusals are the server's, and no recipient's. */
#include "send/breaker.h"

#include "base/error.h"

static Dispatch *
dispatch_numbered(gint64 id)
{
	Dispatch *dispatch = g_new0(Dispatch, 1);

	dispatch->id = id;
	return dispatch;
}

static void
test_trips(void)
{
	g_autoptr(Breaker) breaker = breaker_new();
	g_autoptr(GError) error = NULL;
	gint64 next = 1;

	for (gint64 id = 1; id < BREAKER_REFUSALS; id++) {
		g_autofree char *reply =
		    g_strdup_printf("550 5.1.1 <r%" PRId64 "@x.example> no such user", id);

		g_assert_true(breaker_same(breaker, reply));
		g_assert_true(breaker_hold(breaker, dispatch_numbered(id), reply, &error));
		g_assert_false(breaker_tripped(breaker));
	}
	g_assert_false(
	    breaker_hold(breaker, dispatch_numbered(BREAKER_REFUSALS), "550 5.1.1 no", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_UNAVAILABLE);
	g_assert_true(breaker_tripped(breaker));
	for (;; next++) { /* all of them come back, the oldest first */
		g_autofree char *reply = NULL;
		g_autoptr(Dispatch) dispatch = breaker_take(breaker, &reply);

		if (dispatch == NULL)
			break;
		g_assert_cmpint(dispatch->id, ==, next);
		g_assert_true(g_str_has_prefix(reply, "550 5.1.1"));
	}
	g_assert_cmpint(next, ==, BREAKER_REFUSALS + 1);
}

static void
test_same(void)
{
	static const struct {
		const char *held;
		const char *reply;
		gboolean same;
	} table[] = {
		{ "550 5.1.1 <a@x.example> no", "550 5.1.1 <b@x.example> no", TRUE },
		{ "550 no a", "550 no b", TRUE },
		{ "550 5.1.1 no", "550 5.2.1 no", FALSE },
		{ "550 5.1.1 no", "554 5.1.1 no", FALSE },
		{ "550 5.1.1 no", "550 no", FALSE },
		{ "550", "550 so", TRUE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(Breaker) breaker = breaker_new();

		g_assert_true(breaker_same(breaker, table[i].reply));
		g_assert_true(breaker_hold(breaker, dispatch_numbered(1), table[i].held, NULL));
		g_assert_cmpint(breaker_same(breaker, table[i].reply), ==, table[i].same);
	}
}

static void
test_doubts(void)
{
	g_autoptr(Breaker) breaker = breaker_new();
	g_autoptr(GError) error = NULL;

	for (int i = 1; i < BREAKER_DOUBTS; i++) {
		g_assert_true(breaker_watch(breaker, OUTCOME_UNKNOWN, "no reply", &error));
		g_assert_true(breaker_watch(breaker, OUTCOME_SENT, "250", &error));
	}
	g_assert_false(breaker_watch(breaker, OUTCOME_UNKNOWN, "no reply", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_UNAVAILABLE);
}

static void
test_lines(void)
{
	g_autoptr(Breaker) breaker = breaker_new();
	g_autoptr(GError) error = NULL;

	for (int i = 1; i < BREAKER_LINES; i++)
		g_assert_true(breaker_watch(breaker, OUTCOME_UNKNOWN, "no reply", &error));
	g_assert_true(breaker_watch(breaker, OUTCOME_DEFERRED, "450 4.2.0 later", &error));
	g_assert_true(breaker_watch(breaker, OUTCOME_SENT, "250", &error));
	for (int i = 1; i < BREAKER_LINES; i++)
		g_assert_true(breaker_watch(breaker, OUTCOME_DEFERRED, "421 4.3.2 bye", &error));
	g_assert_false(breaker_watch(breaker, OUTCOME_UNKNOWN, "no reply", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_UNAVAILABLE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/send/breaker/the-same-refusal-ten-times-is-the-servers", test_trips);
	g_test_add_func("/send/breaker/the-codes-make-it-the-same-not-the-text", test_same);
	g_test_add_func("/send/breaker/ten-replies-lost-are-enough", test_doubts);
	g_test_add_func("/send/breaker/three-lines-lost-in-a-row-are-enough", test_lines);
	return g_test_run();
}

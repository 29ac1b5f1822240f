/* The states of a dispatch, also when everything but the database is lost between two steps. */
#include "workshop.h"

#include "base/error.h"

#include <string.h>

static void
set_up(Workshop *shop, gconstpointer data)
{
	(void)data;
	workshop_open(shop);
}

static void
tear_down(Workshop *shop, gconstpointer data)
{
	(void)data;
	workshop_close(shop);
}

/* The first dispatch as the store has it now. */
static Dispatch *
stored(Workshop *shop)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = outbox_list(shop->store, 1, NULL, 0, 0, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(list->len, >, 0);
	return g_ptr_array_steal_index(list, 0);
}

static void
assert_state(Workshop *shop, const char *state)
{
	g_autoptr(Dispatch) dispatch = stored(shop);

	g_assert_cmpstr(dispatch->state, ==, state);
}

/* How many events there are of one kind. */
static int
events(Workshop *shop, const char *what)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	int count;

	g_assert_cmpint(sqlite3_open(shop->path, &db), ==, SQLITE_OK);
	g_assert_cmpint(
	    sqlite3_prepare_v2(db, "SELECT count(*) FROM event WHERE what = ?1", -1, &stmt, NULL),
	    ==, SQLITE_OK);
	sqlite3_bind_text(stmt, 1, what, -1, SQLITE_STATIC);
	g_assert_cmpint(sqlite3_step(stmt), ==, SQLITE_ROW);
	count = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return count;
}

static Dispatch *
claim_one(Workshop *shop)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) claimed = outbox_claim(&shop->tools, 0, 1, &error);

	g_assert_no_error(error);
	return claimed->len > 0 ? g_ptr_array_steal_index(claimed, 0) : NULL;
}

static void
hand_over(Workshop *shop, Dispatch *dispatch, const char *words)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = g_bytes_new(words, strlen(words));

	g_assert_true(outbox_check_bytes(dispatch, bytes, &error));
	g_assert_true(outbox_mark_dot(shop->store, dispatch, &error));
	g_assert_no_error(error);
}

static void
test_planning(Workshop *shop, gconstpointer data)
{
	g_autoptr(GPtrArray) list = NULL;
	const Dispatch *one;
	const Dispatch *two;

	(void)data;
	workshop_sql(shop, "UPDATE unit SET lang = 'de+it' WHERE id = 2");
	workshop_plan(shop, 2);
	workshop_sql(shop, "UPDATE unit SET lang = 'fr'");
	list = outbox_list(shop->store, 1, NULL, 0, 0, NULL);
	g_assert_cmpuint(list->len, ==, 2);
	one = g_ptr_array_index(list, 0);
	two = g_ptr_array_index(list, 1);
	g_assert_cmpstr(one->lang, ==, "it"); /* as it was when the wave was planned */
	g_assert_cmpstr(two->lang, ==, "de+it");
	g_assert_cmpstr(one->address, ==, "protocollo@comuni.example"); /* rank 1, not the mayor */
	g_assert_cmpstr(two->address, ==, one->address); /* one address, two messages */
	g_assert_cmpstr(one->message_id, !=, two->message_id);
	g_assert_true(g_str_has_prefix(one->message_id, "mappa-2024.A944.invitation.1."));
	g_assert_true(g_str_has_suffix(one->message_id, "@mappa.example"));
	g_assert_cmpuint(strlen(one->message_id), ==,
	    strlen("mappa-2024.A944.invitation.1.@mappa.example") + 12);
	g_assert_cmpint(one->date, ==, WORKSHOP_NOW);
	g_assert_cmpint(events(shop, "dispatch.queued"), ==, 2);
	g_assert_cmpint(events(shop, "wave.planned"), ==, 1);
}

static void
test_planning_twice(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(WavePlan) plan = wave_plan_new();
	g_autoptr(GPtrArray) list = NULL;
	const Finding *finding;

	(void)data;
	workshop_plan(shop, 2);
	for (gint64 id = 1; id <= 3; id++) {
		g_autoptr(Unit) unit = registry_unit(shop->store, id, &error);

		g_assert_true(
		    outbox_add(&shop->tools, 1, "invitation", unit, "s1 s2 s3", 1, plan, &error));
	}
	g_assert_cmpuint(plan->already, ==, 2);
	g_assert_cmpuint(plan->planned, ==, 0);
	g_assert_cmpuint(plan->without_address, ==, 1);
	finding = g_ptr_array_index(plan->findings, 0);
	g_assert_cmpstr(finding->code, ==, "no-address");
	g_assert_cmpstr(finding->place, ==, "Z999");
	list = outbox_list(shop->store, 1, NULL, 0, 0, NULL);
	g_assert_cmpuint(list->len, ==, 2);
}

static void
test_another_address(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Dispatch) first = NULL;
	g_autoptr(Dispatch) again = NULL;
	g_autoptr(Unit) unit = registry_unit(shop->store, 1, &error);
	g_autoptr(WavePlan) plan = wave_plan_new();

	(void)data;
	workshop_plan(shop, 1);
	first = claim_one(shop);
	hand_over(shop, first, "words");
	g_assert_true(outbox_record(shop->store, first, OUTCOME_FAILED, "550 5.1.1 no", &error));
	g_assert_true(outbox_add(&shop->tools, 1, "invitation", unit, "s1 s2", 1, plan, &error));
	g_assert_cmpuint(plan->already, ==, 1); /* the same address would be refused again */
	workshop_sql(shop,
	    "UPDATE contact SET address = 'new@bologna.example' WHERE rank = 1 AND unit_id = 1");
	g_assert_true(outbox_add(&shop->tools, 1, "invitation", unit, "s1 s2", 1, plan, &error));
	g_assert_cmpuint(plan->planned, ==, 1);
	again = claim_one(shop);
	g_assert_cmpint(again->id, ==, first->id);
	g_assert_cmpstr(again->message_id, ==, first->message_id);
	g_assert_cmpstr(again->address, ==, "new@bologna.example");
	g_assert_cmpint(again->tries, ==, 0);
	g_assert_cmpstr(again->sha256, ==, "");
	g_assert_cmpint(events(shop, "dispatch.queued"), ==, 2);
}

/* Each outcome from each state in which it can be recorded. */
static void
test_outcomes(Workshop *shop, gconstpointer data)
{
	static const struct {
		gboolean dot;
		Outcome outcome;
		const char *state;
		const char *event;
		int tries;
	} table[] = {
		{ TRUE, OUTCOME_SENT, "sent", "dispatch.sent", 1 },
		{ FALSE, OUTCOME_SENT, "sent", "dispatch.sent", 1 }, /* a folder needs no dot */
		{ TRUE, OUTCOME_FAILED, "failed", "dispatch.failed", 1 },
		{ FALSE, OUTCOME_FAILED, "failed", "dispatch.failed", 1 },
		{ TRUE, OUTCOME_DEFERRED, "deferred", "dispatch.deferred", 1 },
		{ FALSE, OUTCOME_DEFERRED, "deferred", "dispatch.deferred", 1 },
		{ TRUE, OUTCOME_UNKNOWN, "unknown", "dispatch.unknown", 1 },
		{ TRUE, OUTCOME_UNSENT, "queued", NULL, 0 },
		{ FALSE, OUTCOME_UNSENT, "queued", NULL, 0 },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Dispatch) dispatch = NULL;
		g_autoptr(Dispatch) after = NULL;
		Workshop fresh = { 0 };

		workshop_open(&fresh);
		workshop_plan(&fresh, 1);
		dispatch = claim_one(&fresh);
		assert_state(&fresh, "claimed");
		if (table[i].dot) {
			hand_over(&fresh, dispatch, "words");
			assert_state(&fresh, "dot");
		}
		g_assert_true(
		    outbox_record(fresh.store, dispatch, table[i].outcome, "250 2.0.0 ok", &error));
		g_assert_no_error(error);
		workshop_reopen(&fresh);
		after = stored(&fresh);
		g_assert_cmpstr(after->state, ==, table[i].state);
		g_assert_cmpint(after->tries, ==, table[i].tries);
		g_assert_cmpstr(after->reply, ==, "250 2.0.0 ok");
		if (table[i].event != NULL)
			g_assert_cmpint(events(&fresh, table[i].event), ==, 1);
		workshop_close(&fresh);
	}
	clock_set(WORKSHOP_NOW);
	(void)shop;
}

static void
test_crash_before_dot(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Dispatch) dispatch = NULL;
	guint unknown = 9;

	(void)data;
	workshop_plan(shop, 1);
	dispatch = claim_one(shop);
	workshop_reopen(shop);
	g_assert_null(claim_one(shop)); /* nobody else takes it meanwhile */
	g_assert_true(outbox_settle(shop->store, &unknown, &error));
	g_assert_cmpuint(unknown, ==, 0);
	assert_state(shop, "queued");
	g_assert_cmpint(events(shop, "dispatch.unknown"), ==, 0);
}

static void
test_crash_after_dot(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Dispatch) dispatch = NULL;
	guint unknown = 0;

	(void)data;
	workshop_plan(shop, 1);
	dispatch = claim_one(shop);
	hand_over(shop, dispatch, "words");
	workshop_reopen(shop);
	g_assert_true(outbox_settle(shop->store, &unknown, &error));
	g_assert_cmpuint(unknown, ==, 1);
	assert_state(shop, "unknown");
	g_assert_cmpint(events(shop, "dispatch.unknown"), ==, 1);
	g_assert_true(outbox_settle(shop->store, &unknown, &error));
	g_assert_cmpuint(unknown, ==, 0);
	clock_set(WORKSHOP_NOW + 365 * 86400); /* not even after a year */
	g_assert_null(claim_one(shop));
}

static void
test_crash_after_record(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Dispatch) dispatch = NULL;
	guint unknown = 9;

	(void)data;
	workshop_plan(shop, 1);
	dispatch = claim_one(shop);
	hand_over(shop, dispatch, "words");
	g_assert_true(outbox_record(shop->store, dispatch, OUTCOME_SENT, "250 ok", &error));
	workshop_reopen(shop);
	g_assert_true(outbox_settle(shop->store, &unknown, &error));
	g_assert_cmpuint(unknown, ==, 0);
	assert_state(shop, "sent");
	g_assert_null(claim_one(shop));
}

static void
test_backoff(Workshop *shop, gconstpointer data)
{
	static const gint64 minutes[] = { 5, 15, 60, 240, 240, 240, 240 };
	gint64 now = WORKSHOP_NOW;

	(void)data;
	workshop_plan(shop, 1);
	for (gsize i = 0; i < OUTBOX_TRIES_MAX; i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Dispatch) dispatch = claim_one(shop);

		g_assert_nonnull(dispatch);
		hand_over(shop, dispatch, "words");
		g_assert_true(outbox_record(
		    shop->store, dispatch, OUTCOME_DEFERRED, "450 4.2.0 later", &error));
		if (i == G_N_ELEMENTS(minutes))
			break;
		g_assert_cmpint(outbox_backoff((gint64)i + 1), ==, minutes[i] * 60);
		clock_set(now + minutes[i] * 60 - 1);
		g_assert_null(claim_one(shop));
		now += minutes[i] * 60;
		clock_set(now);
	}
	assert_state(shop, "failed"); /* given up */
	g_assert_cmpint(events(shop, "dispatch.deferred"), ==, OUTBOX_TRIES_MAX - 1);
	g_assert_cmpint(events(shop, "dispatch.failed"), ==, 1);
}

static void
test_other_bytes(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Dispatch) first = NULL;
	g_autoptr(Dispatch) again = NULL;
	g_autoptr(GBytes) other = g_bytes_new("other", 5);
	guint n = 0;

	(void)data;
	workshop_plan(shop, 1);
	first = claim_one(shop);
	hand_over(shop, first, "words");
	g_assert_true(outbox_record(shop->store, first, OUTCOME_DEFERRED, "451", &error));
	clock_set(WORKSHOP_NOW + 300);
	again = claim_one(shop);
	g_assert_false(outbox_check_bytes(again, other, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
	g_clear_error(&error);
	g_assert_true(outbox_record(shop->store, again, OUTCOME_UNSENT, "", &error));
	g_clear_pointer(&again, dispatch_free);
	g_assert_true(outbox_forget_bytes(shop->store, 1, &n, &error));
	g_assert_cmpuint(n, ==, 1);
	again = claim_one(shop);
	g_assert_true(outbox_check_bytes(again, other, &error));
}

static void
test_line_lost_goes_behind(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Dispatch) first = NULL;
	g_autoptr(Dispatch) next = NULL;

	(void)data;
	workshop_plan(shop, 2);
	first = claim_one(shop);
	g_assert_true(outbox_record(shop->store, first, OUTCOME_UNSENT, "line lost", &error));
	next = claim_one(shop);
	g_assert_cmpint(next->id, !=, first->id);
}

static void
test_hold(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Dispatch) dispatch = NULL;
	guint unknown = 9;

	(void)data;
	workshop_plan(shop, 1);
	dispatch = claim_one(shop);
	hand_over(shop, dispatch, "words");
	g_assert_true(outbox_hold(shop->store, dispatch, &error));
	workshop_reopen(shop);
	g_assert_true(outbox_settle(shop->store, &unknown, &error));
	g_assert_cmpuint(unknown, ==, 0);
	assert_state(shop, "queued");
}

static void
test_changed_meanwhile(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Dispatch) dispatch = NULL;
	g_autoptr(GBytes) bytes = g_bytes_new("words", 5);

	(void)data;
	workshop_plan(shop, 1);
	dispatch = claim_one(shop);
	g_assert_true(outbox_check_bytes(dispatch, bytes, &error));
	workshop_sql(shop, "UPDATE dispatch SET state = 'cancelled'");
	g_assert_false(outbox_mark_dot(shop->store, dispatch, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_TRY_AGAIN);
	g_clear_error(&error);
	g_assert_false(outbox_record(shop->store, dispatch, OUTCOME_FAILED, "550", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_TRY_AGAIN);
	g_assert_cmpint(events(shop, "dispatch.failed"), ==, 0);
	assert_state(shop, "cancelled");
}

static void
test_wave(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Wave) wave = NULL;
	g_autoptr(GHashTable) counts = NULL;

	(void)data;
	workshop_plan(shop, 2);
	for (int i = 0; i < 2; i++) {
		g_autoptr(Dispatch) dispatch = claim_one(shop);

		g_assert_true(outbox_close_waves(shop->store, &error));
		wave = outbox_wave(shop->store, 1, &error);
		g_assert_cmpstr(wave->state, ==, "sending");
		g_clear_pointer(&wave, wave_free);
		g_assert_true(outbox_record(shop->store, dispatch, OUTCOME_SENT, "250", &error));
	}
	g_assert_true(outbox_close_waves(shop->store, &error));
	wave = outbox_wave(shop->store, 1, &error);
	g_assert_cmpstr(wave->state, ==, "done");
	g_assert_cmpint(events(shop, "wave.sending"), ==, 1);
	g_assert_cmpint(events(shop, "wave.done"), ==, 1);
	counts = outbox_counts(shop->store, 0, &error);
	g_assert_cmpuint(g_hash_table_size(counts), ==, 1);
	g_assert_cmpuint(GPOINTER_TO_UINT(g_hash_table_lookup(counts, "sent")), ==, 2);
	g_assert_null(outbox_wave(shop->store, 7, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_NOT_FOUND);
}

/* What people may do with a wave in each state, and where it leads. */
static void
test_steering(Workshop *shop, gconstpointer data)
{
	static const struct {
		const char *from, *approve, *pause, *resume, *cancel; /* NULL: refused */
	} rows[] = {
		{ "proposed", "planned", NULL, NULL, "cancelled" },
		{ "planned", NULL, "paused", NULL, "cancelled" },
		{ "sending", NULL, "paused", NULL, "cancelled" },
		{ "paused", NULL, NULL, "planned", "cancelled" },
		{ "done", NULL, NULL, NULL, NULL },
		{ "cancelled", NULL, NULL, NULL, NULL },
	};

	(void)data;
	workshop_plan(shop, 1);
	for (gsize i = 0; i < 4 * G_N_ELEMENTS(rows); i++) {
		const char *const to[] = { rows[i / 4].approve, rows[i / 4].pause,
			rows[i / 4].resume, rows[i / 4].cancel };
		g_autofree char *sql =
		    g_strdup_printf("UPDATE wave SET state = '%s'", rows[i / 4].from);
		g_autoptr(GError) error = NULL;
		g_autoptr(Wave) wave = NULL;
		g_autoptr(Wave) after = NULL;
		guint count = 0;
		gboolean done;

		workshop_sql(shop, sql);
		wave = outbox_wave(shop->store, 1, &error);
		g_assert_no_error(error);
		g_assert_true(outbox_count_open(shop->store, 1, &count, NULL));
		done = i % 4 == 0 ? outbox_approve(
					shop->store, shop->config, wave, count, "bruno", "", &error)
		       : i % 4 == 1 ? outbox_pause(shop->store, wave, "bruno", "", &error)
		       : i % 4 == 2 ? outbox_resume(shop->store, wave, "bruno", "", &error)
				    : outbox_cancel(shop->store, wave, "bruno", "", &count, &error);
		g_assert_cmpint(done, ==, to[i % 4] != NULL);
		g_assert_cmpint(error == NULL, ==, to[i % 4] != NULL);
		after = outbox_wave(shop->store, 1, NULL);
		g_assert_cmpstr(after->state, ==, to[i % 4] != NULL ? to[i % 4] : rows[i / 4].from);
	}
}

/* Its questionnaire is not at hand: nothing else shall wait for that. */
static void
test_other_edition(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Dispatch) dispatch = NULL;
	guint due = 0;

	(void)data;
	workshop_plan(shop, 2);
	workshop_sql(shop, "UPDATE dispatch SET edition = 'mappa-2023' WHERE id = 1");
	g_assert_true(outbox_count_due(&shop->tools, 0, &due, &error));
	g_assert_cmpuint(due, ==, 1);
	dispatch = claim_one(shop);
	g_assert_cmpint(dispatch->id, ==, 2);
	g_assert_null(claim_one(shop));
}

static void
test_cancelled_wave(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Dispatch) dispatch = NULL;
	g_autoptr(Wave) wave = NULL;
	gboolean leaves = TRUE;
	guint count;

	(void)data;
	workshop_plan(shop, 2);
	dispatch = claim_one(shop);
	wave = outbox_wave(shop->store, 1, &error);
	g_assert_true(outbox_cancel(shop->store, wave, "bruno", "wrong text", &count, &error));
	g_assert_cmpuint(count, ==, 1); /* the other is in a run's hands */
	g_assert_true(outbox_wave_leaves(shop->store, 1, &leaves, &error));
	g_assert_false(leaves);
	assert_state(shop, "claimed");
	g_assert_true(outbox_record(shop->store, dispatch, OUTCOME_UNSENT, NULL, &error));
	g_assert_true(outbox_sweep(shop->store, &error));
	assert_state(shop, "cancelled");
	g_assert_null(claim_one(shop));
	g_assert_cmpint(events(shop, "dispatch.cancelled"), ==, 2);
	g_assert_cmpint(events(shop, "wave.cancelled"), ==, 1);
}

/* It never left: so it may have other sheets and another address, and counts as planned for the first time. */
static void
test_planned_again(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(WavePlan) plan = wave_plan_new();
	g_autoptr(Dispatch) before = NULL;
	g_autoptr(Dispatch) after = NULL;
	g_autoptr(GPtrArray) list = NULL;
	g_autoptr(Wave) wave = NULL;
	g_autoptr(Unit) unit = NULL;
	guint count;

	(void)data;
	workshop_plan(shop, 1);
	before = stored(shop);
	wave = outbox_wave(shop->store, 1, &error);
	g_assert_true(outbox_cancel(shop->store, wave, "bruno", "wrong text", &count, &error));
	unit = registry_unit(shop->store, 1, &error);
	g_assert_true(
	    outbox_wave_new(&shop->tools, "invitation", "", "anna", &plan->wave_id, &error));
	g_assert_true(
	    outbox_add(&shop->tools, plan->wave_id, "invitation", unit, "s1", 1, plan, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(plan->planned, ==, 1);
	list = outbox_list(shop->store, plan->wave_id, NULL, 0, 0, &error);
	g_assert_cmpuint(list->len, ==, 1);
	after = g_ptr_array_steal_index(list, 0);
	g_assert_cmpint(after->id, ==, before->id);
	g_assert_cmpstr(after->state, ==, "queued");
	g_assert_cmpstr(after->sections, ==, "s1");
	g_assert_cmpstr(after->message_id, !=, before->message_id); /* it says what it carries */
	g_assert_cmpint(events(shop, "dispatch.queued"), ==, 2);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(path, function) g_test_add("/outbox/" path, Workshop, NULL, set_up, function, tear_down)
	ADD("planning-makes-one-message-for-each-unit", test_planning);
	ADD("planning-twice-makes-nothing-twice", test_planning_twice);
	ADD("what-failed-is-planned-again-for-another-address", test_another_address);
	ADD("each-outcome-leads-to-its-state", test_outcomes);
	ADD("what-a-crash-left-before-the-dot-is-queued-again", test_crash_before_dot);
	ADD("what-a-crash-left-after-the-dot-is-unknown-for-ever", test_crash_after_dot);
	ADD("what-was-recorded-before-a-crash-stays", test_crash_after_record);
	ADD("deferred-waits-longer-each-time-and-gives-up", test_backoff);
	ADD("a-retry-with-other-words-is-refused-until-a-person-lets-it", test_other_bytes);
	ADD("where-the-line-was-lost-goes-behind-the-others", test_line_lost_goes_behind);
	ADD("a-refusal-that-is-held-is-not-in-doubt", test_hold);
	ADD("a-row-that-another-changed-is-not-overwritten", test_changed_meanwhile);
	ADD("a-wave-is-sending-and-then-done", test_wave);
	ADD("what-another-edition-has-left-holds-up-nothing", test_other_edition);
	ADD("a-cancelled-wave-does-not-leave", test_cancelled_wave);
	ADD("what-was-cancelled-is-planned-as-if-for-the-first-time", test_planned_again);
	ADD("people-steer-a-wave-from-the-states-that-allow-it", test_steering);
	return g_test_run();
}

/* A wave of reminders: to whom, with which sheets, once. */
#include "fixture.h"
#include "remind/remind.h"

#include <inttypes.h>

#define DAY 86400

static void
add_contact(Fixture *fixture, gint64 unit_id)
{
	fixture_sql(fixture,
	    "INSERT INTO contact (unit_id, role, channel, address) VALUES (%" PRId64
	    ", 'mayor', 'pec', 'comune%" PRId64 "@pec.example')",
	    unit_id, unit_id);
}

/* An invitation that left at the clock's time. */
static void
invite(Fixture *fixture, gint64 unit_id)
{
	gint64 id = fixture_dispatch(fixture, unit_id, "invitation", "s1 s2 s3", 1);

	fixture_sql(fixture,
	    "UPDATE dispatch SET state = 'sent', address = 'comune%" PRId64
	    "@pec.example' WHERE id = %" PRId64,
	    unit_id, id);
	fixture_event(fixture, unit_id, "", "dispatch", id, "dispatch.queued", "");
	fixture_event(fixture, unit_id, "", "dispatch", id, "dispatch.sent", "");
}

static void
arrange(Fixture *fixture)
{
	fixture_open(fixture);
	for (gint64 unit = 1; unit <= 4; unit++) {
		add_contact(fixture, unit);
		if (unit < 4)
			invite(fixture, unit);
	}
}

static WavePlan *
plan(Fixture *fixture)
{
	const OutboxTools tools = { fixture->store, fixture->config, fixture->keyring,
		fixture->form, NULL };
	g_autoptr(GError) error = NULL;
	WavePlan *made = remind_plan(&tools, &remind_everybody, "ada", &error);

	g_assert_no_error(error);
	return made;
}

static char *
reminders(Fixture *fixture)
{
	return fixture_rows(fixture,
	    "SELECT unit_id, sections, serial, state FROM dispatch WHERE kind <> 'invitation' ORDER BY id");
}

static void
waits_for_the_distance(void)
{
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(WavePlan) early = NULL;
	g_autoptr(WavePlan) due = NULL;
	g_autofree char *rows = NULL;

	arrange(&fixture);
	clock_set(FIXTURE_NOW + 14 * DAY - 1);
	early = plan(&fixture);
	g_assert_cmpint(early->wave_id, ==, 0);
	clock_set(FIXTURE_NOW + 14 * DAY);
	due = plan(&fixture);
	g_assert_cmpuint(due->planned, ==, 3);
	rows = reminders(&fixture);
	/* each gets the sheets it is asked: the third has no section 4 */
	g_assert_cmpstr(
	    rows, ==, "1|s1 s2 s3 s4|1|queued\n2|s1 s2 s3 s4|1|queued\n3|s1 s2 s3|1|queued");
}

/* A sheet that waits for a person. */
static void
hold(Fixture *fixture, gint64 unit_id, const char *section)
{
	fixture_sql(fixture,
	    "INSERT OR IGNORE INTO message (id, sha256, size, source, received_at, state) VALUES (1, 'm', 1, 't', 1, 'parsed')");
	fixture_sql(fixture,
	    "INSERT INTO \"return\" (message_id, part, file_sha256, edition, unit_id, section, state, received_at) "
	    "VALUES (1, (SELECT count(*) FROM \"return\"), 'f', 'prova-2024', %" PRId64
	    ", '%s', 'held', 1)",
	    unit_id, section);
}

static void
asks_for_what_is_missing(void)
{
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(WavePlan) made = NULL;
	g_autofree char *rows = NULL;

	arrange(&fixture);
	fixture_event(&fixture, 1, "s1", "return", 1, "return.applied", "");
	fixture_event(&fixture, 1, "s3", "return", 2, "return.applied", "");
	fixture_event(&fixture, 2, "s1", "return", 3, "return.held", "no_code");
	hold(&fixture, 2, "s1");
	for (int i = 1; i <= 3; i++) {
		g_autofree char *section = g_strdup_printf("s%d", i);

		fixture_event(&fixture, 3, section, "return", 3 + i, "return.applied",
		    i == 2 ? "findings" : "");
	}
	clock_set(FIXTURE_NOW + 20 * DAY);
	made = plan(&fixture);
	rows = reminders(&fixture);
	/* the third has sent everything, and gets what is wrong in it */
	g_assert_cmpstr(rows, ==, "1|s2 s4|1|queued\n2|s2 s3 s4|1|queued\n3|s2|1|queued");
	g_assert_cmpuint(made->planned, ==, 3);
}

static guint
count_verdict(Fixture *fixture, RemindVerdict verdict)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) decisions = remind_decide(
	    fixture->store, fixture->config, fixture->form, &remind_everybody, &error);
	guint count = 0;

	g_assert_no_error(error);
	g_assert_cmpuint(decisions->len, ==, 4);
	for (guint i = 0; i < decisions->len; i++) {
		const RemindDecision *decision = g_ptr_array_index(decisions, i);

		count += decision->verdict == verdict ? 1 : 0;
	}
	return count;
}

static void
says_why_nobody_is_reminded(void)
{
	g_auto(Fixture) fixture = { 0 };

	arrange(&fixture);
	for (int i = 1; i <= 3; i++) {
		g_autofree char *section = g_strdup_printf("s%d", i);

		fixture_event(
		    &fixture, 3, section, "return", i, "return.applied", i == 2 ? "findings" : "");
	}
	hold(&fixture, 3, "s2");
	fixture_event(&fixture, 1, "", "dispatch", 1, "dispatch.undelivered", "5.1.1");
	fixture_event(&fixture, 2, "", "unit", 2, "unit.declined", "");
	clock_set(FIXTURE_NOW + 20 * DAY);
	g_assert_cmpuint(count_verdict(&fixture, REMIND_WITH_US), ==, 1);
	g_assert_cmpuint(count_verdict(&fixture, REMIND_UNDELIVERED), ==, 1);
	g_assert_cmpuint(count_verdict(&fixture, REMIND_DONE), ==, 1);
	g_assert_cmpuint(count_verdict(&fixture, REMIND_NOT_INVITED), ==, 1);
}

static void
sends(Fixture *fixture)
{
	g_autofree char *ids = fixture_rows(fixture,
	    "SELECT id, unit_id FROM dispatch WHERE kind = 'reminder' AND state = 'queued'");
	g_auto(GStrv) rows = g_strsplit(ids, "\n", 0);

	for (gsize i = 0; rows[i] != NULL && *rows[i] != '\0'; i++) {
		g_auto(GStrv) cells = g_strsplit(rows[i], "|", 0);

		fixture_event(fixture, g_ascii_strtoll(cells[1], NULL, 10), "", "dispatch",
		    g_ascii_strtoll(cells[0], NULL, 10), "dispatch.sent", "");
	}
	fixture_sql(fixture, "UPDATE dispatch SET state = 'sent' WHERE state = 'queued'");
}

static void
reminds_three_times_and_no_more(void)
{
	g_auto(Fixture) fixture = { 0 };
	g_autofree char *count = NULL;

	arrange(&fixture);
	for (int day = 0; day < 200; day++) {
		g_autoptr(WavePlan) made = NULL;
		g_autoptr(WavePlan) again = NULL;

		clock_set(FIXTURE_NOW + day * DAY);
		made = plan(&fixture);
		again = plan(&fixture); /* planned twice, sent once */
		g_assert_cmpint(again->wave_id, ==, 0);
		g_assert_cmpint(made->wave_id != 0, ==, day == 14 || day == 28 || day == 42);
		if (day % 14 == 0) /* the sender runs every fortnight only */
			sends(&fixture);
	}
	g_assert_cmpuint(count_verdict(&fixture, REMIND_ENOUGH), ==, 3);
	count = fixture_rows(&fixture,
	    "SELECT unit_id, group_concat(serial) FROM dispatch WHERE kind = 'reminder' GROUP BY unit_id");
	g_assert_cmpstr(count, ==, "1|1,2,3\n2|1,2,3\n3|1,2,3");
}

static void
plans_no_empty_wave(void)
{
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(WavePlan) made = NULL;
	g_autofree char *waves = NULL;

	arrange(&fixture);
	fixture_sql(&fixture, "UPDATE contact SET closed_at = 1");
	clock_set(FIXTURE_NOW + 20 * DAY);
	made = plan(&fixture);
	g_assert_cmpint(made->wave_id, ==, 0);
	g_assert_cmpuint(made->without_address, ==, 3);
	g_assert_cmpuint(made->findings->len, ==, 3);
	waves = fixture_rows(&fixture, "SELECT count(*) FROM wave WHERE kind = 'reminder'");
	g_assert_cmpstr(waves, ==, "0");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/remind/waits-for-the-distance", waits_for_the_distance);
	g_test_add_func("/remind/asks-for-what-is-missing", asks_for_what_is_missing);
	g_test_add_func("/remind/says-why-nobody-is-reminded", says_why_nobody_is_reminded);
	g_test_add_func("/remind/reminds-three-times-and-no-more", reminds_three_times_and_no_more);
	g_test_add_func("/remind/plans-no-empty-wave", plans_no_empty_wave);
	return g_test_run();
}

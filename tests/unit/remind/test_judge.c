/* Who is reminded: the rules over states, distances, maxima and the nights on which the clock changes. */
#include "remind/remind.h"

#define DAY 86400

/* Two policies of 14 days and three reminders; no deadline. */
static RemindRules
rules_of(gint64 days, gint64 maximum)
{
	RemindRules rules = { .maximum = maximum, .calls_from = -1, .over_from = -1 };

	for (gsize i = 0; i < REMIND_POLICIES; i++)
		rules.policies[i] = (RemindPolicy){ TRUE, days, 0, maximum };
	return rules;
}

static gint64
at(const char *iso)
{
	g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(iso, NULL);

	g_assert_nonnull(when);
	return g_date_time_to_unix(when);
}

static void
judges_each_state(void)
{
	static const struct {
		const char *state, *delivery;
		gint64 contact; /* days ago; -1: none */
		gint64 reminders;
		gboolean on_its_way;
		RemindVerdict expected;
	} cases[] = {
		{ "never_opened", "sent", 14, 0, FALSE, REMIND_NEVER_OPENED },
		{ "never_opened", "sent", 15, 2, FALSE, REMIND_NEVER_OPENED },
		{ "never_opened", "accepted", 20, 0, FALSE, REMIND_NEVER_OPENED },
		{ "never_opened", "delivered", 20, 0, FALSE, REMIND_NEVER_OPENED },
		{ "never_opened", "sent", 13, 0, FALSE, REMIND_TOO_EARLY },
		{ "never_opened", "sent", 0, 0, FALSE, REMIND_TOO_EARLY },
		{ "never_opened", "sent", 40, 3, FALSE, REMIND_ENOUGH },
		{ "never_opened", "sent", 1, 3, FALSE, REMIND_ENOUGH },
		{ "never_opened", "sent", 40, 4, FALSE, REMIND_ENOUGH },
		{ "never_opened", "not_sent", -1, 0, FALSE, REMIND_NOT_INVITED },
		{ "never_opened", "queued", -1, 0, TRUE, REMIND_ON_ITS_WAY },
		{ "never_opened", "queued", -1, 0, FALSE, REMIND_NOT_INVITED },
		{ "never_opened", "unknown", 40, 0, FALSE, REMIND_NOT_INVITED },
		{ "never_opened", "undelivered", 40, 0, FALSE, REMIND_UNDELIVERED },
		{ "never_opened", "sent", 40, 1, TRUE, REMIND_ON_ITS_WAY },
		{ "in_progress", "sent", 14, 0, FALSE, REMIND_IN_PROGRESS },
		{ "in_progress", "unknown", 14, 0, FALSE, REMIND_IN_PROGRESS },
		{ "in_progress", "sent", 3, 0, FALSE, REMIND_TOO_EARLY },
		{ "in_progress", "sent", 14, 3, FALSE, REMIND_ENOUGH },
		{ "in_progress", "undelivered", 14, 0, FALSE, REMIND_UNDELIVERED },
		{ "in_progress", "not_sent", -1, 0, FALSE, REMIND_NOT_INVITED },
		{ "completed", "sent", 40, 0, FALSE, REMIND_DONE },
		{ "completed", "undelivered", 40, 0, FALSE, REMIND_DONE },
		{ "completed", "sent", 40, 0, TRUE, REMIND_DONE },
		{ "declined", "sent", 40, 0, FALSE, REMIND_DONE },
		{ "excluded", "not_sent", -1, 0, FALSE, REMIND_DONE },
	};
	const gint64 now = at("2024-09-10T08:00:00Z");
	const RemindRules usual = rules_of(14, 3);

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const RemindFacts facts = {
			.state = cases[i].state,
			.delivery = cases[i].delivery,
			.last_contact = cases[i].contact < 0 ? 0 : now - cases[i].contact * DAY,
			.reminders = cases[i].reminders,
			.on_its_way = cases[i].on_its_way,
		};
		gint64 due;
		RemindVerdict verdict = remind_judge(&facts, &usual, now, &due);

		if (verdict != cases[i].expected)
			g_test_message("case %zu", i);
		g_assert_cmpstr(
		    remind_verdict_name(verdict), ==, remind_verdict_name(cases[i].expected));
	}
}

static void
counts_to_the_second(void)
{
	const gint64 sent = at("2024-09-10T08:30:00Z");
	const RemindRules usual = rules_of(14, 3);
	RemindFacts facts = { .state = "never_opened", .delivery = "sent", .last_contact = sent };
	gint64 due;

	g_assert_cmpint(
	    remind_judge(&facts, &usual, sent + 14 * DAY - 1, &due), ==, REMIND_TOO_EARLY);
	g_assert_cmpint(due, ==, sent + 14 * DAY);
	g_assert_cmpint(
	    remind_judge(&facts, &usual, sent + 14 * DAY, &due), ==, REMIND_NEVER_OPENED);
	g_assert_cmpint(due, ==, sent + 14 * DAY);
	facts.reminders = 2;
	g_assert_cmpint(
	    remind_judge(&facts, &usual, sent + 14 * DAY, &due), ==, REMIND_NEVER_OPENED);
	facts.reminders = 3;
	g_assert_cmpint(remind_judge(&facts, &usual, sent + 14 * DAY, &due), ==, REMIND_ENOUGH);
	g_assert_cmpint(due, ==, 0);
}

static void
keeps_the_hour_when_the_clock_changes(void)
{
	static const struct {
		const char *sent, *due;
		gint64 days;
	} cases[] = {
		{ "2024-10-20T08:30:00Z", "2024-11-03T09:30:00Z", 14 }, /* 27 October: 25 hours */
		{ "2025-03-20T09:30:00Z", "2025-04-03T08:30:00Z", 14 }, /* 30 March: 23 hours */
		{ "2024-10-26T22:30:00Z", "2024-10-27T23:30:00Z", 1 },
		{ "2024-02-28T09:00:00Z", "2024-02-29T09:00:00Z", 1 },
		{ "2024-12-31T23:30:00Z", "2025-01-14T23:30:00Z", 14 },
		{ "2024-09-10T08:30:00Z", "2024-09-10T08:30:00Z", 0 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const RemindRules rules = rules_of(cases[i].days, 3);
		const RemindFacts facts = { .state = "in_progress",
			.delivery = "sent",
			.last_contact = at(cases[i].sent),
			.reminders = 1 };
		const gint64 expected = at(cases[i].due);
		gint64 due;

		g_assert_cmpint(
		    remind_judge(&facts, &rules, expected, &due), ==, REMIND_IN_PROGRESS);
		g_assert_cmpint(due, ==, expected);
		if (cases[i].days > 0)
			g_assert_cmpint(
			    remind_judge(&facts, &rules, expected - 1, &due), ==, REMIND_TOO_EARLY);
	}
}

static void
never_reminds_where_none_are_allowed(void)
{
	const RemindRules none = rules_of(0, 0);
	const RemindFacts facts = {
		.state = "never_opened", .delivery = "sent", .last_contact = 1
	};
	gint64 due;

	g_assert_cmpint(remind_judge(&facts, &none, 1000000, &due), ==, REMIND_ENOUGH);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/remind/judges-each-state", judges_each_state);
	g_test_add_func("/remind/counts-to-the-second", counts_to_the_second);
	g_test_add_func(
	    "/remind/keeps-the-hour-when-the-clock-changes", keeps_the_hour_when_the_clock_changes);
	g_test_add_func(
	    "/remind/never-reminds-where-none-are-allowed", never_reminds_where_none_are_allowed);
	return g_test_run();
}

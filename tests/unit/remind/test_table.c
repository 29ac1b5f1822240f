/* Thirty towns in every state, and a calendar: on which day which of them gets what, under which number and where. Over
 * weekends, feasts, both nights on which the clock changes, a deadline and its extension. */
#include "fixture.h"
#include "remind/remind.h"

#define TOWNS 30

static gint64
at(const char *iso)
{
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(iso, utc);

	g_assert_nonnull(when);
	return g_date_time_to_unix(when);
}

static void
set(Fixture *fixture, ConfigKey key, const char *value)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(config_set(fixture->config, key, value, &error));
	g_assert_no_error(error);
}

static void
add_contact(Fixture *fixture, gint64 unit, const char *role, int rank)
{
	fixture_sql(fixture,
	    "INSERT INTO contact (unit_id, role, channel, address, rank) VALUES (%" PRId64
	    ", '%s', 'pec', '%s%" PRId64 "@pec.example', %d)",
	    unit, role, role, unit, rank);
}

static gint64
dispatch_to(Fixture *fixture, gint64 unit, const char *state)
{
	gint64 id = fixture_dispatch(
	    fixture, unit, "invitation", unit == 4 ? "s1 s2 s3" : "s1 s2 s3 s4", 1);

	fixture_sql(fixture,
	    "UPDATE dispatch SET state = '%s', address = 'mayor%" PRId64
	    "@pec.example' WHERE id = %" PRId64,
	    state, unit, id);
	fixture_event(fixture, unit, "", "dispatch", id, "dispatch.queued", "");
	return id;
}

/* An invitation that left at the clock's time. Returns its id. */
static gint64
invite(Fixture *fixture, gint64 unit)
{
	gint64 id = dispatch_to(fixture, unit, "sent");

	fixture_event(fixture, unit, "", "dispatch", id, "dispatch.sent", "");
	return id;
}

static void
comes(Fixture *fixture, gint64 unit, const char *section, const char *note)
{
	fixture_event(fixture, unit, section, "return", unit, "return.applied", note);
}

/* What happens with the towns beside the invitation of 3 March 2025, 9:00 in Rome. */
static void
arrange(Fixture *fixture)
{
	fixture_open(fixture);
	clock_set(at("2025-03-03T08:00:00Z"));
	for (gint64 unit = 5; unit <= TOWNS; unit++) {
		g_autofree char *code = g_strdup_printf("A%03" PRId64, unit);
		g_autofree char *name = g_strdup_printf("Comune %" PRId64, unit);

		fixture_add_unit(fixture, unit, code, name, "Lazio", 20000);
	}
	for (gint64 unit = 1; unit <= TOWNS; unit++)
		add_contact(fixture, unit, "mayor", 1);
	for (gint64 unit = 1; unit <= TOWNS; unit++) {
		gint64 id;

		if (unit == 20) /* never invited */
			continue;
		id = unit == 21 ? dispatch_to(fixture, unit, "queued") : invite(fixture, unit);
		if (unit == 22 || unit == 23 || unit == 24) /* came back: 23 has another contact */
			fixture_event(
			    fixture, unit, "", "dispatch", id, "dispatch.undelivered", "5.1.1");
	}
	add_contact(fixture, 2, "secretary", 2); /* in the order of the list, not of the roles */
	add_contact(fixture, 2, "rtd", 3);
	add_contact(fixture, 3, "rtd", 2);
	add_contact(fixture, 3, "secretary", 3);
	add_contact(fixture, 3, "it", 4);
	add_contact(fixture, 23, "protocol", 2);
	add_contact(fixture, 24, "protocol", 2);
	fixture_sql(
	    fixture, "UPDATE contact SET address = 'no address' WHERE unit_id = 24 AND rank = 2");
	fixture_sql(fixture, "UPDATE unit SET closed_at = 1 WHERE id = 30");
	for (gint64 unit = 7; unit <= 19; unit++) { /* answered all: 7 to 12 and 14 to 19 */
		comes(fixture, unit, "s1", "");
		for (int s = 2; s <= 4 && unit != 13; s++) {
			g_autofree char *name = g_strdup_printf("s%d", s);

			comes(fixture, unit, name, "");
		}
	}
	fixture_event(fixture, 25, "", "unit", 25, "unit.declined", "");
	fixture_event(fixture, 26, "", "unit", 26, "unit.excluded", "");
}

/* "2 never_opened 1 mayor2@pec.example" for each that is due. */
static char *
due_now(Fixture *fixture, const RemindAsk *ask)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) decisions =
	    remind_decide(fixture->store, fixture->config, fixture->form, ask, &error);
	g_autoptr(GString) text = g_string_new(NULL);

	g_assert_no_error(error);
	g_assert_cmpuint(decisions->len, ==, TOWNS - 1);
	for (guint i = 0; i < decisions->len; i++) {
		const RemindDecision *decision = g_ptr_array_index(decisions, i);
		g_auto(GStrv) address = g_strsplit(decision->address, "@", 2);

		if (remind_is_due(decision))
			g_string_append_printf(text, "%s%" PRId64 " %s %" PRId64 " %s %s",
			    text->len > 0 ? ", " : "", decision->unit_id,
			    remind_verdict_name(decision->verdict), decision->number,
			    address[0] != NULL ? address[0] : "", decision->sections);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Plans what is due, and it leaves at once; planned a second time, nothing is. */
static void
write_to_all(Fixture *fixture)
{
	const OutboxTools tools = { fixture->store, fixture->config, fixture->keyring,
		fixture->form, NULL };
	g_autoptr(GError) error = NULL;
	g_autoptr(WavePlan) plan = remind_plan(&tools, &remind_everybody, "ada", &error);
	g_autoptr(WavePlan) again =
	    plan != NULL ? remind_plan(&tools, &remind_everybody, "ada", &error) : NULL;
	g_autofree char *ids = NULL;
	g_auto(GStrv) rows = NULL;

	g_assert_no_error(error);
	g_assert_cmpint(again->wave_id, ==, 0);
	ids = fixture_rows(fixture,
	    "SELECT id, unit_id FROM dispatch WHERE state = 'queued' AND wave_id = %" PRId64,
	    plan->wave_id);
	rows = g_strsplit(ids, "\n", 0);
	for (gsize i = 0; rows[i] != NULL && *rows[i] != '\0'; i++) {
		g_auto(GStrv) cells = g_strsplit(rows[i], "|", 0);

		fixture_event(fixture, g_ascii_strtoll(cells[1], NULL, 10), "", "dispatch",
		    g_ascii_strtoll(cells[0], NULL, 10), "dispatch.sent", "");
		fixture_sql(fixture, "UPDATE dispatch SET state = 'sent' WHERE id = %s", cells[0]);
	}
}

/* What an operator or a town does at that moment, before one looks who is due. */
typedef void (*Deed)(Fixture *fixture);

static void
town_5_begins(Fixture *fixture)
{
	comes(fixture, 5, "s1", "");
}

static void
town_6_errs(Fixture *fixture)
{
	comes(fixture, 6, "s1", "");
	comes(fixture, 6, "s2", "findings");
}

static void
town_6_corrects(Fixture *fixture)
{
	comes(fixture, 6, "s2", "");
}

static void
deadline_moves(Fixture *fixture)
{
	set(fixture, CONFIG_survey_deadline, "2025-06-20");
}

static void
town_1_answers(Fixture *fixture)
{
	for (int s = 1; s <= 4; s++) {
		g_autofree char *name = g_strdup_printf("s%d", s);

		comes(fixture, 1, name, "");
	}
}

#define ALL "s1 s2 s3 s4"
/* Towns 1 to 4 and 27 to 29 are silent; 13 has begun. Those without a contact of their own behave like 1. */
#define SILENT(n)                                                                                  \
	"1 never_opened " n " mayor1 " ALL ", 2 never_opened " n " mayor2 " ALL                    \
	", 3 never_opened " n " mayor3 s1 s2 s3, 4 never_opened " n " mayor4 s1 s2 s3"

static void
writes_on_the_right_days(void)
{
	static const struct {
		const char *when;
		Deed deed; /* (nullable) */
		const char *due;
	} table[] = {
		/* the first address failed on the 3rd: a day later, at the same hour */
		{ "2025-03-04T07:59:59Z", NULL, "" },
		{ "2025-03-04T08:00:00Z", NULL, "23 second_address 1 protocol23 " ALL },
		{ "2025-03-10T08:00:00Z", town_5_begins, "" },
		{ "2025-03-10T08:30:00Z", town_6_errs, "" },
		{ "2025-03-12T08:29:59Z", NULL, "" },
		{ "2025-03-12T08:30:00Z", NULL, "6 wrong_answers 1 mayor6 s2" },
		/* a fortnight after the invitation; who has begun only now has a week of quiet */
		{ "2025-03-17T07:59:59Z", NULL, "" },
		{ "2025-03-17T08:00:00Z", NULL,
		    SILENT("1") ", 5 in_progress 1 mayor5 s2 s3 s4, "
				"13 in_progress 1 mayor13 s2 s3 s4, 27 never_opened 1 mayor27 " ALL
				", 28 never_opened 1 mayor28 " ALL
				", 29 never_opened 1 mayor29 " ALL },
		/* the second contact of town 23 has been silent for a fortnight, too */
		{ "2025-03-18T08:00:00Z", NULL, "23 never_opened 1 protocol23 " ALL },
		/* what is wrong is asked for again after a week: the 19th; then it is put right, and there is a week of quiet */
		{ "2025-03-19T08:29:59Z", NULL, "" },
		{ "2025-03-19T08:30:00Z", NULL, "6 wrong_answers 2 mayor6 s2" },
		{ "2025-03-21T09:00:00Z", town_6_corrects, "" },
		/* the clock goes forward on the 30th: 9:00 in Rome is an hour earlier in UTC */
		{ "2025-03-31T06:59:59Z", NULL, "" },
		/* two reminders without an answer: now the third goes to others */
		{ "2025-03-31T07:00:00Z", NULL,
		    SILENT("2") ", 5 in_progress 2 mayor5 s2 s3 s4, "
				"13 in_progress 2 mayor13 s2 s3 s4, 27 never_opened 2 mayor27 " ALL
				", 28 never_opened 2 mayor28 " ALL
				", 29 never_opened 2 mayor29 " ALL },
		{ "2025-04-01T07:00:00Z", NULL, "23 never_opened 2 protocol23 " ALL },
		{ "2025-04-02T07:29:59Z", NULL, "" },
		{ "2025-04-02T07:30:00Z", NULL, "6 in_progress 1 mayor6 s3 s4" },
		{ "2025-04-14T07:00:00Z", town_1_answers,
		    "2 never_opened 3 secretary2 " ALL
		    ", 3 never_opened 3 secretary3 s1 s2 s3, 4 never_opened 3 mayor4 s1 s2 s3, 5 in_progress 3 mayor5 s2 s3 s4, "
		    "13 in_progress 3 mayor13 s2 s3 s4, "
		    "27 never_opened 3 mayor27 " ALL ", 28 never_opened 3 mayor28 " ALL
		    ", 29 never_opened 3 mayor29 " ALL },
		{ "2025-04-15T07:00:00Z", NULL, "23 never_opened 3 protocol23 " ALL },
		/* all but town 6 have had three */
		{ "2025-04-16T07:30:00Z", NULL, "6 in_progress 2 mayor6 s3 s4" },
		{ "2025-04-30T07:30:00Z", NULL, "6 in_progress 3 mayor6 s3 s4" },
		{ "2025-05-12T07:00:00Z", NULL, "" },
		/* the deadline is Saturday, 31 May: four days before, from midnight on */
		{ "2025-05-26T21:59:59Z", NULL, "" },
		{ "2025-05-26T22:00:00Z", NULL,
		    "2 last_call 4 rtd2 " ALL
		    ", 3 last_call 4 rtd3 s1 s2 s3, 4 last_call 4 mayor4 s1 s2 s3, 5 last_call 4 mayor5 s2 s3 s4, "
		    "6 last_call 4 mayor6 s3 s4, 13 last_call 4 mayor13 s2 s3 s4, 23 last_call 4 protocol23 " ALL
		    ", 27 last_call 4 mayor27 " ALL ", 28 last_call 4 mayor28 " ALL
		    ", 29 last_call 4 mayor29 " ALL },
		{ "2025-05-30T08:00:00Z", NULL, "" },
		/* it is extended: there is another last call, but no further reminder */
		{ "2025-05-31T08:00:00Z", deadline_moves, "" },
		{ "2025-06-02T08:00:00Z", NULL, "" },
		{ "2025-06-15T22:00:00Z", town_5_begins,
		    "2 last_call 5 rtd2 " ALL
		    ", 3 last_call 5 rtd3 s1 s2 s3, 4 last_call 5 mayor4 s1 s2 s3, 5 last_call 5 mayor5 s2 s3 s4, "
		    "6 last_call 5 mayor6 s3 s4, 13 last_call 5 mayor13 s2 s3 s4, 23 last_call 5 protocol23 " ALL
		    ", 27 last_call 5 mayor27 " ALL ", 28 last_call 5 mayor28 " ALL
		    ", 29 last_call 5 mayor29 " ALL },
		{ "2025-06-20T21:00:00Z", NULL, "" },
		{ "2025-06-20T22:00:00Z", NULL, "" },
		{ "2025-10-27T08:00:00Z", NULL, "" },
	};
	g_auto(Fixture) fixture = { 0 };

	arrange(&fixture);
	set(&fixture, CONFIG_survey_deadline, "2025-05-31");
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *due = NULL;

		clock_set(at(table[i].when));
		if (table[i].deed != NULL)
			table[i].deed(&fixture);
		due = due_now(&fixture, &remind_everybody);
		if (strcmp(due, table[i].due) != 0)
			g_test_message("%s", table[i].when);
		g_assert_cmpstr(due, ==, table[i].due);
		write_to_all(&fixture);
	}
}

/* When the first reminder may leave after an invitation, by the calendar of pace.*. */
static void
waits_for_a_day_on_which_messages_leave(void)
{
	static const struct {
		const char *invited, *too_early, *due, *hours;
	} table[] = {
		/* a Saturday: on Monday from midnight on */
		{ "2025-03-08T09:00:00Z", "2025-03-23T22:59:59Z", "2025-03-23T23:00:00Z", "" },
		/* Easter Monday, 21 April 2025 */
		{ "2025-04-07T08:00:00Z", "2025-04-21T21:59:59Z", "2025-04-21T22:00:00Z", "" },
		/* Friday the 25th of April, then the weekend */
		{ "2025-04-11T08:00:00Z", "2025-04-27T21:59:59Z", "2025-04-27T22:00:00Z", "" },
		/* 2 June, a Monday */
		{ "2025-05-19T08:00:00Z", "2025-06-02T21:59:59Z", "2025-06-02T22:00:00Z", "" },
		/* 15 August, a Friday, and the days of silence around it */
		{ "2025-08-01T08:00:00Z", "2025-08-24T21:59:59Z", "2025-08-24T22:00:00Z", "" },
		/* a local feast is a day of silence: 3 December */
		{ "2025-11-19T08:00:00Z", "2025-12-03T22:59:59Z", "2025-12-03T23:00:00Z", "" },
		/* the night of 26 October has an hour twice */
		{ "2025-10-13T08:00:00Z", "2025-10-27T08:59:59Z", "2025-10-27T09:00:00Z", "" },
		/* hours do not matter: what is planned in the evening leaves in the morning */
		{ "2025-03-03T19:00:00Z", "2025-03-17T18:59:59Z", "2025-03-17T19:00:00Z", "8-18" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_auto(Fixture) fixture = { 0 };
		g_autofree char *before = NULL;
		g_autofree char *then = NULL;

		arrange(&fixture);
		set(&fixture, CONFIG_pace_days, "lun-ven");
		set(&fixture, CONFIG_pace_holidays, "wait");
		set(&fixture, CONFIG_pace_silence, "2025-08-11..2025-08-22, 12-03");
		set(&fixture, CONFIG_pace_hours, table[i].hours);
		clock_set(at(table[i].invited));
		(void)invite(&fixture, 20);
		fixture_sql(&fixture, "DELETE FROM contact WHERE unit_id <> 20");
		fixture_sql(&fixture, "UPDATE unit SET region = 'Molise' WHERE id = 20");
		{
			const UnitFilter molise = { .region = "Molise", .above = -1, .up_to = -1 };
			RemindAsk ask = remind_everybody;
			g_autoptr(GError) error = NULL;
			g_autoptr(GPtrArray) early = NULL;
			g_autoptr(GPtrArray) due = NULL;

			ask.filter = &molise;
			clock_set(at(table[i].too_early));
			early = remind_decide(
			    fixture.store, fixture.config, fixture.form, &ask, &error);
			clock_set(at(table[i].due));
			due = remind_decide(
			    fixture.store, fixture.config, fixture.form, &ask, &error);
			g_assert_no_error(error);
			g_assert_cmpuint(early->len, ==, 1);
			g_test_message("%s", table[i].invited);
			g_assert_cmpint(((RemindDecision *)g_ptr_array_index(early, 0))->verdict,
			    ==, REMIND_TOO_EARLY);
			g_assert_cmpint(((RemindDecision *)g_ptr_array_index(early, 0))->due, ==,
			    at(table[i].due));
			g_assert_cmpint(((RemindDecision *)g_ptr_array_index(due, 0))->verdict, ==,
			    REMIND_NEVER_OPENED);
		}
	}
}

/* The last call finds a day before the deadline, and none behind it. */
static void
calls_before_a_closed_deadline(void)
{
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(RemindRules) rules = NULL;

	arrange(&fixture);
	set(&fixture, CONFIG_pace_days, "lun-ven");
	set(&fixture, CONFIG_pace_silence, "2025-08-11..2025-08-22");
	set(&fixture, CONFIG_survey_deadline, "2025-08-17");
	rules = remind_rules_new(fixture.config, &error);
	g_assert_no_error(error);
	/* Friday, 8 August: the week of the deadline and the weekend before it are closed */
	g_assert_cmpint(rules->calls_from, ==, at("2025-08-07T22:00:00Z"));
	g_assert_cmpint(rules->over_from, ==, at("2025-08-17T22:00:00Z"));
}

/* One policy at a time; on a person's word at once. */
static void
asks_for_one_policy_only(void)
{
	g_auto(Fixture) fixture = { 0 };
	RemindAsk ask = remind_everybody;
	g_autofree char *second = NULL;
	g_autofree char *early = NULL;
	g_autofree char *wrong = NULL;

	arrange(&fixture);
	clock_set(at("2025-03-17T08:00:00Z"));
	ask.only = REMIND_SECOND_ADDRESS;
	second = due_now(&fixture, &ask);
	g_assert_cmpstr(second, ==, "23 second_address 1 protocol23 " ALL);
	town_6_errs(&fixture);
	ask.only = REMIND_WRONG_ANSWERS;
	early = due_now(&fixture, &ask);
	g_assert_cmpstr(early, ==, "");
	ask.at_once = TRUE;
	wrong = due_now(&fixture, &ask);
	g_assert_cmpstr(wrong, ==, "6 wrong_answers 1 mayor6 s2");
}

/* A last call has its cause only before the deadline for which it was planned. */
static void
takes_back_a_last_call(void)
{
	static const struct {
		const char *deadline, *now;
		gboolean leaves;
	} table[] = {
		{ "2025-05-31", "2025-05-31T21:59:59Z", TRUE },
		{ "2025-05-31", "2025-05-31T22:00:00Z", FALSE }, /* has passed */
		{ "2025-06-20", "2025-05-30T08:00:00Z", FALSE }, /* has moved */
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_auto(Fixture) fixture = { 0 };
		g_autoptr(GError) error = NULL;
		g_autoptr(WavePlan) plan = NULL;
		g_autoptr(GPtrArray) list = NULL;
		g_autofree char *why = NULL;
		gboolean leaves;
		OutboxTools tools;

		arrange(&fixture);
		tools = (OutboxTools){ fixture.store, fixture.config, fixture.keyring, fixture.form,
			NULL };
		set(&fixture, CONFIG_survey_deadline, "2025-05-31");
		clock_set(at("2025-05-28T08:00:00Z"));
		plan = remind_plan(&tools, &remind_everybody, "ada", &error);
		g_assert_no_error(error);
		list = outbox_list(fixture.store, plan->wave_id, NULL, 1, 0, &error);
		g_assert_cmpuint(list->len, ==, 1);
		set(&fixture, CONFIG_survey_deadline, table[i].deadline);
		clock_set(at(table[i].now));
		g_assert_true(
		    outbox_may_leave(&tools, g_ptr_array_index(list, 0), &leaves, &why, &error));
		g_assert_cmpint(leaves, ==, table[i].leaves);
		g_assert_cmpint(why == NULL, ==, table[i].leaves);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/remind/table/writes-on-the-right-days", writes_on_the_right_days);
	g_test_add_func("/remind/table/waits-for-a-day-on-which-messages-leave",
	    waits_for_a_day_on_which_messages_leave);
	g_test_add_func(
	    "/remind/table/calls-before-a-closed-deadline", calls_before_a_closed_deadline);
	g_test_add_func("/remind/table/asks-for-one-policy-only", asks_for_one_policy_only);
	g_test_add_func("/remind/table/takes-back-a-last-call", takes_back_a_last_call);
	return g_test_run();
}

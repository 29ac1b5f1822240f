/* Mail to those who were given sections is none to their town: its reminders keep their days. */
#include "fixture.h"
#include "remind/remind.h"

#define DAY 86400

static void
mail(Fixture *fixture, gint64 unit_id, const char *kind, const char *state)
{
	gint64 id = fixture_dispatch(fixture, unit_id, kind, "", 1);

	fixture_sql(fixture, "UPDATE dispatch SET state = '%s' WHERE id = %" PRId64, state, id);
	fixture_sql(fixture,
	    "INSERT INTO dispatch_part (dispatch_id, unit_id, sections, lang) VALUES (%" PRId64
	    ", %" PRId64 ", 's2', 'it')",
	    id, unit_id);
	fixture_event(fixture, unit_id, "", "dispatch", id, "dispatch.queued", "");
	if (strcmp(state, "sent") == 0)
		fixture_event(fixture, unit_id, "", "dispatch", id, "dispatch.sent", "");
	if (strcmp(state, "failed") == 0)
		fixture_event(fixture, unit_id, "", "dispatch", id, "dispatch.failed", "550");
}

static RemindVerdict
verdict(Fixture *fixture)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) decisions = remind_decide(
	    fixture->store, fixture->config, fixture->form, &remind_everybody, &error);
	const RemindDecision *first;

	g_assert_no_error(error);
	first = g_ptr_array_index(decisions, 0);
	g_assert_cmpint(first->unit_id, ==, 1);
	return first->verdict;
}

static void
is_no_contact(void)
{
	static const struct {
		const char *kind, *state;
		RemindVerdict after;
	} cases[] = {
		{ "sections", "sent", REMIND_NEVER_OPENED },
		{ "sections", "queued", REMIND_NEVER_OPENED },
		{ "sections", "failed", REMIND_NEVER_OPENED },
		{ "withdrawal", "sent", REMIND_NEVER_OPENED },
		{ "withdrawal", "failed", REMIND_NEVER_OPENED },
		{ "delegations", "sent", REMIND_TOO_EARLY }, /* that one goes to the town */
		{ "delegations", "queued", REMIND_ON_ITS_WAY },
		{ "delegations", "failed", REMIND_UNDELIVERED },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(Fixture) fixture = { 0 };

		g_test_message("%s %s", cases[i].kind, cases[i].state);
		fixture_open(&fixture);
		fixture_sql(&fixture,
		    "INSERT INTO contact (unit_id, role, channel, address) VALUES (1, 'mayor', 'pec', 'a@b.example')");
		mail(&fixture, 1, "invitation", "sent");
		clock_set(FIXTURE_NOW + 19 * DAY);
		mail(&fixture, 1, cases[i].kind, cases[i].state);
		clock_set(FIXTURE_NOW + 20 * DAY);
		g_assert_cmpint(verdict(&fixture), ==, cases[i].after);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/remind/mail-to-delegates-is-no-contact", is_no_contact);
	return g_test_run();
}

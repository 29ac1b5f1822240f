/* States follow from the event log, add up at any moment, and are the same when made anew. */
#include "status/status.h"

#include "fixture.h"

#include <inttypes.h>

#define ALL "s1 s2 s3 s4"

static void
refresh(Fixture *fixture)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(status_refresh(fixture->store, fixture->form, &error));
	g_assert_no_error(error);
}

static void
assert_unit(Fixture *fixture, gint64 id, const char *state, const char *delivery)
{
	g_autofree char *expected = g_strdup_printf("%s|%s", state, delivery);
	g_autofree char *row = NULL;

	refresh(fixture);
	row = fixture_rows(
	    fixture, "SELECT state, delivery FROM unit_state WHERE unit_id = %" PRId64, id);
	g_assert_cmpstr(row, ==, expected);
}

static void
assert_section(Fixture *fixture, gint64 id, const char *section, const char *state)
{
	g_autofree char *row = NULL;

	refresh(fixture);
	row = fixture_rows(fixture,
	    "SELECT state FROM section_state WHERE unit_id = %" PRId64 " AND section = '%s'", id,
	    section);
	g_assert_cmpstr(row, ==, state);
}

static gint64
invite(Fixture *fixture, gint64 unit_id, gint64 serial)
{
	gint64 id = fixture_dispatch(fixture, unit_id, "invitation", ALL, serial);

	fixture_event(fixture, unit_id, "", "dispatch", id, "dispatch.queued", "");
	return id;
}

static void
dispatch_is(Fixture *fixture, gint64 unit_id, gint64 id, const char *what, const char *note)
{
	fixture_event(fixture, unit_id, "", "dispatch", id, what, note);
}

static void
return_is(Fixture *fixture, gint64 unit_id, const char *section, const char *what, const char *note)
{
	fixture_event(fixture, unit_id, section, "return", 1, what, note);
}

static void
begins_with_everyone_never_opened(void)
{
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(StatusCounts) total = NULL;
	g_autoptr(GError) error = NULL;

	fixture_open(&fixture);
	refresh(&fixture);
	total = status_total(fixture.store, fixture.form, &error);
	g_assert_no_error(error);
	g_assert_cmpint(total->units, ==, 4);
	g_assert_cmpint(total->never_opened, ==, 4);
	assert_unit(&fixture, 1, "never_opened", "not_sent");
	fixture_add_unit(&fixture, 5, "A005", "Nuovo", "Lazio", 10);
	assert_unit(&fixture, 5, "never_opened", "not_sent");
}

static void
follows_the_letter(void)
{
	g_auto(Fixture) fixture = { 0 };
	gint64 id;

	fixture_open(&fixture);
	id = invite(&fixture, 1, 1);
	assert_unit(&fixture, 1, "never_opened", "queued");
	assert_section(&fixture, 1, "s1", "");
	dispatch_is(&fixture, 1, id, "dispatch.deferred", "");
	assert_unit(&fixture, 1, "never_opened", "queued");
	dispatch_is(&fixture, 1, id, "dispatch.sent", "");
	assert_unit(&fixture, 1, "never_opened", "sent");
	assert_section(&fixture, 1, "s1", "sent");
	assert_section(&fixture, 1, "s4", "sent");
	dispatch_is(&fixture, 1, id, "dispatch.undelivered", "5.1.1 unknown");
	assert_unit(&fixture, 1, "never_opened", "undelivered");
	id = invite(&fixture, 2, 1);
	dispatch_is(&fixture, 2, id, "dispatch.unknown", "");
	assert_unit(&fixture, 2, "never_opened", "unknown");
	id = invite(&fixture, 3, 1);
	dispatch_is(&fixture, 3, id, "dispatch.failed", "550 no");
	assert_unit(&fixture, 3, "never_opened", "undelivered");
}

static void
believes_the_last_letter(void)
{
	g_auto(Fixture) fixture = { 0 };
	gint64 first, second, reminder;

	fixture_open(&fixture);
	first = invite(&fixture, 1, 1);
	dispatch_is(&fixture, 1, first, "dispatch.sent", "");
	second = invite(&fixture, 1, 2);
	dispatch_is(&fixture, 1, second, "dispatch.sent", "");
	dispatch_is(&fixture, 1, first, "dispatch.undelivered", "5.1.1");
	assert_unit(&fixture, 1, "never_opened", "sent");
	reminder = fixture_dispatch(&fixture, 1, "reminder", "s1", 1);
	dispatch_is(&fixture, 1, reminder, "dispatch.queued", "");
	dispatch_is(&fixture, 1, reminder, "dispatch.sent", "");
	assert_unit(&fixture, 1, "never_opened", "sent");
	dispatch_is(&fixture, 1, reminder, "dispatch.undelivered", "5.2.2 full");
	assert_unit(&fixture, 1, "never_opened", "undelivered");
	g_assert_cmpint(invite(&fixture, 1, 3), >, reminder);
	assert_unit(&fixture, 1, "never_opened", "queued");
}

/* Where one goes to the secretary because the mayor stays silent, the mayor's address is none the worse for it. */
static void
learns_nothing_of_the_first_address_from_another(void)
{
	g_auto(Fixture) fixture = { 0 };
	gint64 letter, reminder;

	fixture_open(&fixture);
	letter = invite(&fixture, 1, 1);
	dispatch_is(&fixture, 1, letter, "dispatch.sent", "");
	reminder = fixture_dispatch(&fixture, 1, "reminder", "s1", 1);
	fixture_sql(
	    &fixture, "UPDATE dispatch SET raised = 'secretary' WHERE id = %" PRId64, reminder);
	dispatch_is(&fixture, 1, reminder, "dispatch.queued", "");
	dispatch_is(&fixture, 1, reminder, "dispatch.sent", "");
	dispatch_is(&fixture, 1, reminder, "dispatch.undelivered", "5.1.1 unknown");
	assert_unit(&fixture, 1, "never_opened", "sent");
	dispatch_is(&fixture, 1, letter, "dispatch.undelivered", "5.1.1 unknown");
	assert_unit(&fixture, 1, "never_opened", "undelivered");
}

static void
completes_when_every_section_asked_is_right(void)
{
	g_auto(Fixture) fixture = { 0 };

	fixture_open(&fixture);
	dispatch_is(&fixture, 2, invite(&fixture, 2, 1), "dispatch.sent", "");
	dispatch_is(&fixture, 3, invite(&fixture, 3, 1), "dispatch.sent", "");
	for (gint64 unit = 2; unit <= 3; unit++) {
		return_is(&fixture, unit, "s1", "return.applied", "");
		assert_unit(&fixture, unit, "in_progress", "sent");
		return_is(&fixture, unit, "s2", "return.applied", "");
		return_is(&fixture, unit, "s3", "return.applied", "findings");
		assert_section(&fixture, unit, "s3", "received_with_findings");
		assert_unit(&fixture, unit, "in_progress", "sent");
		return_is(&fixture, unit, "s3", "return.applied", "");
	}
	assert_unit(&fixture, 2, "in_progress", "sent"); /* 5,001 people: asked section 4 too */
	assert_unit(&fixture, 3, "completed", "sent");
	return_is(&fixture, 2, "s4", "return.applied", "");
	assert_unit(&fixture, 2, "completed", "sent");
	return_is(&fixture, 2, "s1", "return.superseded", "");
	return_is(&fixture, 2, "s1", "return.applied", "findings");
	assert_unit(&fixture, 2, "in_progress", "sent");
}

static void
takes_a_held_return_and_a_delegation_as_signs_of_life(void)
{
	g_auto(Fixture) fixture = { 0 };

	fixture_open(&fixture);
	return_is(&fixture, 1, "s1", "return.held", "no_code");
	assert_unit(&fixture, 1, "in_progress", "not_sent");
	assert_section(&fixture, 1, "s1", "");
	return_is(&fixture, 2, "s1", "return.quarantined", "blank");
	return_is(&fixture, 2, "s1", "return.duplicate", "");
	return_is(&fixture, 2, "s1", "return.rejected", "");
	assert_unit(&fixture, 2, "never_opened", "not_sent");
	return_is(&fixture, 3, "delega", "return.applied", "");
	assert_unit(&fixture, 3, "in_progress", "not_sent");
	assert_section(&fixture, 3, "delega", "");
}

static void
delegated(Fixture *fixture, gint64 unit_id, const char *section, const char *what)
{
	fixture_event(fixture, unit_id, section, "delegation", 1, what, "");
}

static void
knows_which_sections_somebody_else_has(void)
{
	g_auto(Fixture) fixture = { 0 };
	gint64 id;

	fixture_open(&fixture);
	delegated(&fixture, 1, "s1", "delegation.set");
	delegated(&fixture, 1, "s2", "delegation.set");
	delegated(&fixture, 1, "s2", "delegation.withdrawn");
	assert_section(&fixture, 1, "s1", ""); /* before its sheets have left */
	id = invite(&fixture, 1, 1);
	dispatch_is(&fixture, 1, id, "dispatch.sent", "");
	assert_section(&fixture, 1, "s1", "delegated");
	assert_section(&fixture, 1, "s2", "sent");
	assert_unit(&fixture, 1, "in_progress", "sent");
	delegated(&fixture, 1, "s2", "delegation.set");
	assert_section(&fixture, 1, "s2", "delegated");
	delegated(&fixture, 1, "s1", "delegation.withdrawn");
	assert_section(&fixture, 1, "s1", "sent");
	return_is(&fixture, 1, "s2", "return.applied", "");
	delegated(&fixture, 1, "s2", "delegation.withdrawn");
	delegated(&fixture, 1, "s2", "delegation.set");
	assert_section(&fixture, 1, "s2", "received");
	fixture_event(&fixture, 1, "", "unit", 1, "unit.declined", "");
	fixture_event(&fixture, 1, "", "unit", 1, "unit.reopened", "");
	assert_unit(&fixture, 1, "in_progress", "sent");
}

static void
lets_units_leave_and_come_back(void)
{
	g_auto(Fixture) fixture = { 0 };

	fixture_open(&fixture);
	fixture_event(&fixture, 1, "", "unit", 1, "unit.declined", "");
	assert_unit(&fixture, 1, "declined", "not_sent");
	return_is(&fixture, 1, "s1", "return.held", "no_code");
	assert_unit(&fixture, 1, "declined", "not_sent");
	fixture_event(&fixture, 1, "", "unit", 1, "unit.reopened", "");
	assert_unit(&fixture, 1, "in_progress", "not_sent");
	fixture_event(&fixture, 2, "", "unit", 2, "unit.excluded", "");
	return_is(&fixture, 2, "s1", "return.applied", "");
	assert_unit(&fixture, 2, "excluded", "not_sent");
	fixture_event(&fixture, 3, "", "unit", 3, "unit.declined", "");
	return_is(&fixture, 3, "s1", "return.applied", "");
	assert_unit(&fixture, 3, "in_progress", "not_sent");
	fixture_event(&fixture, 4, "", "unit", 4, "unit.excluded", "");
	fixture_event(&fixture, 4, "", "unit", 4, "unit.reopened", "");
	assert_unit(&fixture, 4, "never_opened", "not_sent");
}

static void
counts_by_region_and_size(void)
{
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(GPtrArray) regions = NULL;
	g_autoptr(GPtrArray) sizes = NULL;
	g_autoptr(GPtrArray) sections = NULL;
	g_autoptr(StatusCounts) total = NULL;
	g_autoptr(GError) error = NULL;
	const StatusCounts *first;
	const SectionCounts *section;

	fixture_open(&fixture);
	dispatch_is(&fixture, 1, invite(&fixture, 1, 1), "dispatch.sent", "");
	dispatch_is(&fixture, 2, invite(&fixture, 2, 1), "dispatch.failed", "550");
	dispatch_is(&fixture, 4, invite(&fixture, 4, 1), "dispatch.unknown", "");
	return_is(&fixture, 1, "s1", "return.applied", "");
	return_is(&fixture, 1, "s2", "return.applied", "findings");
	fixture_sql(&fixture, "UPDATE unit SET closed_at = 1 WHERE id = 3");
	refresh(&fixture);
	regions = status_by(fixture.store, fixture.form, BY_REGION, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(regions->len, ==, 2);
	first = g_ptr_array_index(regions, 0);
	g_assert_cmpstr(first->name, ==, "Piemonte");
	g_assert_cmpint(first->units, ==, 2);
	g_assert_cmpint(first->in_progress, ==, 1);
	g_assert_cmpint(first->never_opened, ==, 1);
	g_assert_cmpint(first->undelivered, ==, 1);
	sizes = status_by(fixture.store, fixture.form, BY_SIZE, &error);
	g_assert_cmpuint(sizes->len, ==, 3);
	first = g_ptr_array_index(sizes, 0);
	g_assert_cmpint(first->unknown, ==, 1); /* the smallest comes first */
	sections = status_sections(fixture.store, fixture.form, &error);
	g_assert_cmpuint(sections->len, ==, 4);
	section = g_ptr_array_index(sections, 1);
	g_assert_cmpint(section->sent, ==, 1);
	g_assert_cmpint(section->received, ==, 0);
	g_assert_cmpint(section->received_with_findings, ==, 1);
	total = status_total(fixture.store, fixture.form, &error);
	g_assert_cmpint(total->units, ==, 3); /* the closed one is not counted */
}

static void
shows_one_unit(void)
{
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(GHashTable) sections = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *state = NULL;

	fixture_open(&fixture);
	return_is(&fixture, 3, "s2", "return.applied", "findings");
	refresh(&fixture);
	state = status_unit(fixture.store, fixture.form, 3, &sections, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(state, ==, "in_progress");
	g_assert_cmpuint(g_hash_table_size(sections), ==, 3); /* section 4 is not asked */
	g_assert_cmpstr(g_hash_table_lookup(sections, "s1"), ==, "not_sent");
	g_assert_cmpstr(g_hash_table_lookup(sections, "s2"), ==, "received_with_findings");
}

static char *
all_states(Fixture *fixture)
{
	g_autofree char *units = fixture_rows(fixture, "SELECT * FROM unit_state ORDER BY 1, 2");
	g_autofree char *sections =
	    fixture_rows(fixture, "SELECT * FROM section_state ORDER BY 1, 2, 3");
	g_autofree char *mark = fixture_rows(fixture, "SELECT * FROM status_mark");

	return g_strdup_printf("%s\n\n%s\n\n%s", units, sections, mark);
}

static void
assert_adds_up(Fixture *fixture)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StatusCounts) total = status_total(fixture->store, fixture->form, &error);

	g_assert_no_error(error);
	g_assert_cmpint(total->never_opened + total->in_progress + total->completed +
			    total->declined + total->excluded,
	    ==, total->units);
	g_assert_cmpint(total->units, ==, 4);
}

/* One thing that can happen, at random. */
static void
happen(Fixture *fixture, GRand *rand, gint64 *last_dispatch)
{
	static const char *const dispatches[] = { "dispatch.queued", "dispatch.sent",
		"dispatch.deferred", "dispatch.failed", "dispatch.unknown", "dispatch.undelivered",
		"dispatch.cancelled" };
	static const char *const returns[] = { "return.applied", "return.held", "return.applied",
		"return.superseded", "return.duplicate", "return.quarantined", "return.rejected" };
	static const char *const units[] = { "unit.declined", "unit.excluded", "unit.reopened",
		"unit.added", "unit.changed", "unit.invented" };
	static const char *const sections[] = { "s1", "s2", "s3", "s4" };
	static gint64 serial = 0;
	gint64 unit = g_rand_int_range(rand, 1, 5);

	clock_set(clock_now() + g_rand_int_range(rand, 0, 100000));
	switch (g_rand_int_range(rand, 0, 10)) {
	case 0:
		*last_dispatch = fixture_dispatch(fixture, unit,
		    g_rand_boolean(rand) ? "invitation" : "reminder", "s1 s2", ++serial);
		dispatch_is(fixture, unit, *last_dispatch, "dispatch.queued", "");
		break;
	case 1:
	case 2:
	case 3: {
		gint64 id = g_rand_int_range(rand, 0, (gint32)*last_dispatch + 1);
		g_autofree char *of =
		    fixture_rows(fixture, "SELECT unit_id FROM dispatch WHERE id = %" PRId64, id);

		if (*of != '\0')
			dispatch_is(fixture, g_ascii_strtoll(of, NULL, 10), id,
			    dispatches[g_rand_int_range(rand, 0, G_N_ELEMENTS(dispatches))], "why");
		break;
	}
	case 4:
		fixture_event(fixture, unit, "", "unit", unit,
		    units[g_rand_int_range(rand, 0, G_N_ELEMENTS(units))], "");
		break;
	default:
		return_is(fixture, unit, sections[g_rand_int_range(rand, 0, 4)],
		    returns[g_rand_int_range(rand, 0, G_N_ELEMENTS(returns))],
		    g_rand_int_range(rand, 0, 4) == 0 ? "findings" : "");
	}
}

static void
comes_out_the_same_when_made_anew(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)g_test_rand_int());

	for (int round = 0; round < 4; round++) {
		g_auto(Fixture) fixture = { 0 };
		g_autoptr(GError) error = NULL;
		g_autofree char *before = NULL;
		g_autofree char *after = NULL;
		gint64 last_dispatch = 0;

		fixture_open(&fixture);
		for (int i = 0; i < 100; i++) {
			happen(&fixture, rand, &last_dispatch);
			if (g_rand_int_range(rand, 0, 3) != 0)
				continue;
			refresh(&fixture);
			assert_adds_up(&fixture);
		}
		refresh(&fixture);
		before = all_states(&fixture);
		g_assert_true(status_rebuild(fixture.store, fixture.form, &error));
		g_assert_no_error(error);
		after = all_states(&fixture);
		g_assert_cmpstr(before, ==, after);
	}
}

static void
leaves_other_editions_alone(void)
{
	g_auto(Fixture) fixture = { 0 };
	const Event other = { .edition = "prova-2023",
		.unit_id = 1,
		.section = "s1",
		.subject = "return",
		.subject_id = 1,
		.what = "return.applied" };
	g_autoptr(GError) error = NULL;

	fixture_open(&fixture);
	g_assert_true(store_event(fixture.store, &other, &error));
	assert_unit(&fixture, 1, "never_opened", "not_sent");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func(
	    "/status/begins-with-everyone-never-opened", begins_with_everyone_never_opened);
	g_test_add_func("/status/follows-the-letter", follows_the_letter);
	g_test_add_func("/status/believes-the-last-letter", believes_the_last_letter);
	g_test_add_func("/status/learns-nothing-of-the-first-address-from-another",
	    learns_nothing_of_the_first_address_from_another);
	g_test_add_func("/status/completes-when-every-section-asked-is-right",
	    completes_when_every_section_asked_is_right);
	g_test_add_func("/status/knows-which-sections-somebody-else-has",
	    knows_which_sections_somebody_else_has);
	g_test_add_func("/status/takes-a-held-return-and-a-delegation-as-signs-of-life",
	    takes_a_held_return_and_a_delegation_as_signs_of_life);
	g_test_add_func("/status/lets-units-leave-and-come-back", lets_units_leave_and_come_back);
	g_test_add_func("/status/counts-by-region-and-size", counts_by_region_and_size);
	g_test_add_func("/status/shows-one-unit", shows_one_unit);
	g_test_add_func(
	    "/status/comes-out-the-same-when-made-anew", comes_out_the_same_when_made_anew);
	g_test_add_func("/status/leaves-other-editions-alone", leaves_other_editions_alone);
	return g_test_run();
}

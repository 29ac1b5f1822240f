/* What keeps a message from leaving: what came since it was planned, whatever has been folded into states. */
#include "workshop.h"

#include "base/error.h"

#include <string.h>

static Dispatch *
plan(Workshop *shop, const char *kind)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(WavePlan) plan = wave_plan_new();
	g_autoptr(Transaction) tx = transaction_begin(shop->store, &error);
	g_autoptr(Unit) unit = registry_unit(shop->store, 1, &error);
	g_autoptr(GPtrArray) list = NULL;

	g_assert_true(outbox_wave_new(&shop->tools, kind, "", "anna", &plan->wave_id, &error));
	g_assert_true(
	    outbox_add(&shop->tools, plan->wave_id, kind, unit, "s2 s3", 1, plan, &error));
	g_assert_true(transaction_commit(tx, &error));
	list = outbox_list(shop->store, plan->wave_id, NULL, 0, 0, &error);
	g_assert_cmpuint(list->len, ==, 1);
	return g_ptr_array_steal_index(list, 0);
}

static void
happens(Workshop *shop, const char *what, const char *section)
{
	const Event event = { .edition = "mappa-2024",
		.unit_id = 1,
		.section = section,
		.subject = "return",
		.subject_id = 1,
		.what = what };
	g_autoptr(GError) error = NULL;

	g_assert_true(store_event(shop->store, &event, &error));
}

/* Why it does not leave; NULL: it does. */
static char *
ask(Workshop *shop, const Dispatch *dispatch)
{
	g_autoptr(GError) error = NULL;
	gboolean leaves;
	char *why;

	g_assert_true(outbox_may_leave(&shop->tools, dispatch, &leaves, &why, &error));
	g_assert_no_error(error);
	g_assert_cmpint(leaves, ==, why == NULL);
	return why;
}

static void
asks_what_has_come(void)
{
	static const struct {
		const char *kind, *what, *section;
		gboolean leaves;
	} cases[] = {
		{ "reminder", NULL, "", TRUE },
		{ "reminder", "return.applied", "s5", FALSE },
		{ "reminder", "return.held", "s5", FALSE },
		{ "reminder", "return.quarantined", "", FALSE },
		{ "reminder", "return.duplicate", "s5", TRUE },
		{ "reminder", "delegation.set", "s5", FALSE },
		{ "reminder", "unit.declined", "", FALSE },
		{ "reminder", "unit.excluded", "", FALSE },
		{ "redirect", "return.applied", "s5", FALSE },
		{ "correction", "return.applied", "s5", FALSE },
		{ "invitation", "return.applied", "s2", TRUE },
		{ "invitation", "unit.excluded", "", FALSE },
		{ "announcement", "return.applied", "s2", TRUE },
		{ "announcement", "unit.declined", "", FALSE },
		{ "thanks", "return.applied", "s2", FALSE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		Workshop shop = { 0 };
		g_autoptr(Dispatch) dispatch = NULL;
		g_autofree char *why = NULL;

		workshop_open(&shop);
		happens(&shop, "return.applied", "s2"); /* before: it is no news */
		happens(&shop, "delegation.set", "s3");
		dispatch = plan(&shop, cases[i].kind);
		if (cases[i].what != NULL)
			happens(&shop, cases[i].what, cases[i].section);
		why = ask(&shop, dispatch);
		if ((why == NULL) != cases[i].leaves)
			g_test_message("%s %s", cases[i].kind, cases[i].what);
		g_assert_cmpint(why == NULL, ==, cases[i].leaves);
		workshop_close(&shop);
	}
}

static void
knows_who_takes_part_again(void)
{
	static const struct {
		const char *first, *then;
		gboolean closed;
	} cases[] = {
		{ "unit.declined", NULL, TRUE },
		{ "unit.declined", "unit.reopened", FALSE },
		{ "unit.declined", "return.applied", FALSE },
		{ "unit.excluded", "unit.reopened", FALSE },
		{ "unit.excluded", "return.applied", TRUE },
		{ "unit.reopened", "unit.excluded", TRUE },
		{ "return.applied", "unit.declined", TRUE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		Workshop shop = { 0 };
		const char *closing;

		workshop_open(&shop);
		happens(&shop, cases[i].first, "");
		if (cases[i].then != NULL)
			happens(&shop, cases[i].then, "");
		g_assert_true(outbox_closing(shop.store, "mappa-2024", 1, &closing, &error));
		g_assert_cmpint(closing != NULL, ==, cases[i].closed);
		g_assert_true(outbox_closing(shop.store, "mappa-2024", 2, &closing, &error));
		g_assert_null(closing);
		workshop_sql(&shop, "UPDATE unit SET closed_at = 1 WHERE id = 2");
		g_assert_true(outbox_closing(shop.store, "mappa-2024", 2, &closing, &error));
		g_assert_cmpstr(closing, ==, "unit.closed");
		workshop_close(&shop);
	}
}

static void
goes_back_to_the_queue_with_its_wave(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Dispatch) dispatch = NULL;
	Workshop shop = { 0 };
	gboolean leaves;
	char *why;

	workshop_open(&shop);
	dispatch = plan(&shop, "reminder");
	happens(&shop, "return.applied", "s2");
	workshop_sql(&shop, "UPDATE wave SET state = 'paused'");
	/* what becomes of it is asked when it would leave */
	g_assert_true(outbox_may_leave(&shop.tools, dispatch, &leaves, &why, &error));
	g_assert_false(leaves);
	g_assert_null(why);
	workshop_close(&shop);
}

static void
is_planned_anew_after_the_evidence(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Dispatch) dispatch = NULL;
	g_autoptr(Dispatch) again = NULL;
	g_autoptr(GPtrArray) claimed = NULL;
	g_autofree char *why = NULL;
	g_autofree char *later = NULL;
	Workshop shop = { 0 };

	workshop_open(&shop);
	dispatch = plan(&shop, "reminder");
	claimed = outbox_claim(&shop.tools, 0, 10, &error);
	g_assert_cmpuint(claimed->len, ==, 1);
	happens(&shop, "return.applied", "s2");
	why = ask(&shop, dispatch);
	g_assert_nonnull(why);
	g_assert_true(outbox_record(
	    shop.store, g_ptr_array_index(claimed, 0), OUTCOME_CANCELLED, why, &error));
	g_assert_no_error(error);
	again = plan(&shop, "reminder");
	g_assert_cmpint(again->id, ==, dispatch->id); /* it never left */
	g_assert_cmpstr(again->state, ==, "queued");
	later = ask(&shop, again);
	g_assert_null(later);
	workshop_close(&shop);
}

static void
every_kind_is_known_by_its_name(void)
{
	g_autofree char *waves = kind_list(PLANNED_BY_WAVE);
	g_autofree char *reminders = kind_list(PLANNED_BY_REMIND);

	g_assert_cmpstr(waves, ==, "invitation, correction, sections, thanks, announcement");
	g_assert_cmpstr(reminders, ==, "redirect, reminder, correction");
	g_assert_null(kind_find("letter"));
	g_assert_cmpstr(kind_contacts(), ==,
	    " invitation redirect reminder correction delegations thanks announcement ");
	g_assert_cmpstr(kind_deliveries(), ==, " invitation redirect ");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/outbox/leave/asks-what-has-come", asks_what_has_come);
	g_test_add_func("/outbox/leave/knows-who-takes-part-again", knows_who_takes_part_again);
	g_test_add_func("/outbox/leave/goes-back-to-the-queue-with-its-wave",
	    goes_back_to_the_queue_with_its_wave);
	g_test_add_func(
	    "/outbox/leave/is-planned-anew-after-the-evidence", is_planned_anew_after_the_evidence);
	g_test_add_func(
	    "/outbox/leave/every-kind-is-known-by-its-name", every_kind_is_known_by_its_name);
	return g_test_run();
}

/* Who has which section, now and as it was. */
#include "workshop.h"

#include "base/clock.h"

#define EDITION "mappa-2024"
#define HEADER                                                                                     \
	"istat_code,cadastral_code,name,name_other,province,province_code,"                        \
	"region,area,population,pec,zip,tax_code,ipa_code,lat,lon\n"

static gint64
last_event(Workshop *shop)
{
	g_autoptr(GError) error = NULL;
	gint64 seq = 0;

	g_assert_true(store_int(shop->store, &seq, 0, &error, SQL_status_newest_event, ""));
	return seq;
}

/* Gives @section to @email. Returns the newest row of the log after it. */
static gint64
give(Workshop *shop, const char *section, const char *email)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *place = g_strdup(section);
	g_autofree char *address = g_strdup(email);
	g_autofree char *nobody = g_strdup("");
	g_autofree char *source = g_strdup("operator");
	const Delegation delegation = { .unit_id = 1,
		.section = place,
		.name = nobody,
		.office = nobody,
		.email = address,
		.source = source };
	g_autoptr(Transaction) tx = transaction_begin(shop->store, &error);

	g_assert_true(
	    registry_delegate(shop->store, EDITION, &delegation, "anna", "", NULL, &error));
	g_assert_true(transaction_commit(tx, &error));
	return last_event(shop);
}

static gint64
take_back(Workshop *shop, const char *section)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) present = registry_delegations(shop->store, EDITION, 1, &error);
	g_autoptr(Transaction) tx = transaction_begin(shop->store, &error);

	g_assert_true(registry_withdraw(
	    shop->store, EDITION, delegation_find(present, section), "anna", "", &error));
	g_assert_true(transaction_commit(tx, &error));
	return last_event(shop);
}

/* "s2:ada s4:ugo": who had what after row @seq of the log. Returns: (transfer full) */
static char *
as_of(Workshop *shop, gint64 seq)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list =
	    registry_delegations_as_of(shop->store, EDITION, 1, seq, &error);
	g_autoptr(GString) words = g_string_new(NULL);

	g_assert_no_error(error);
	for (guint i = 0; i < list->len; i++) {
		const Delegation *delegation = g_ptr_array_index(list, i);

		g_string_append_printf(
		    words, "%s%s:%c", i > 0 ? " " : "", delegation->section, delegation->email[0]);
	}
	return g_string_free(g_steal_pointer(&words), FALSE);
}

/* All within one second, as a sheet that is taken over does it. */
static void
test_as_of(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(ImportReport) report = take_list(
	    &shop, HEADER "001272,L219,Torino,,Torino,TO,Piemonte,Nord-ovest,850000,,,,,,\n", NULL);
	gint64 times[5];
	static const char *const expected[] = { "", "s2:a", "s2:a s4:b", "s2:c s4:b", "s2:c" };

	clock_set(1760689800);
	times[0] = last_event(&shop);
	times[1] = give(&shop, "s2", "ada@torino.example");
	times[2] = give(&shop, "s4", "bea@torino.example");
	times[3] = give(&shop, "s2", "ced@torino.example");
	times[4] = take_back(&shop, "s4");
	for (gsize i = 0; i < G_N_ELEMENTS(times); i++) {
		g_autofree char *words = as_of(&shop, times[i]);

		g_assert_cmpstr(words, ==, expected[i]);
	}
	clock_set(-1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/delegations/what was is known afterwards", test_as_of);
	return g_test_run();
}

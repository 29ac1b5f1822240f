#include "unit/render/workshop.h"

#include "base/error.h"

static FieldSet *
values(void)
{
	FieldSet *fields = field_set_new();

	field_set_put(fields, "q2_1", "altro");
	field_set_put(fields, "q2_1_altro", "Unione «Tre Colli» – più sedi, Soči");
	field_set_put(fields, "q2_2", "0,5");
	field_set_put(fields, "q2_3_nd", "si");
	field_set_put(fields, "q2_4__dirigente", "si");
	field_set_put(fields, "q2_8_base", "molto_alto");
	field_set_put(fields, FIELD_CODE, "7Q4K-9M2X");
	return fields;
}

static void
expect_values(const FieldSet *found)
{
	g_assert_cmpstr(field_set_value(found, "q2_1"), ==, "altro");
	g_assert_cmpstr(
	    field_set_value(found, "q2_1_altro"), ==, "Unione «Tre Colli» – più sedi, Soči");
	g_assert_cmpstr(field_set_value(found, "q2_2"), ==, "0,5");
	g_assert_cmpstr(field_set_value(found, "q2_3_nd"), ==, "si");
	g_assert_cmpstr(field_set_value(found, "q2_4__dirigente"), ==, "si");
	g_assert_cmpstr(field_set_value(found, "q2_8_base"), ==, "molto_alto");
	g_assert_cmpstr(field_set_value(found, FIELD_CODE), ==, "7Q4K-9M2X");
	g_assert_cmpstr(field_set_value(found, FIELD_UNIT), ==, "I939");
}

static void
test_fill(Workshop *shop, gconstpointer data)
{
	static const char *const check[] = { "qpdf", "--check", "@", NULL };
	g_autoptr(GBytes) blank = shop_sheet(shop, &shop->large, "s2", NULL);
	g_autoptr(FieldSet) wanted = values();
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) filled = render_fill(blank, wanted, &error);
	g_autoptr(FieldSet) found = NULL;
	g_autofree char *said = NULL;
	g_autofree char *text = NULL;

	(void)data;
	g_assert_no_error(error);
	found = shop_fields(shop, filled);
	expect_values(found);
	said = shop_ask(shop, filled, check);
	g_assert_nonnull(strstr(said, "No syntax or stream encoding errors"));
	/* the blank file is its beginning, as when a viewer saves */
	g_assert_cmpint(memcmp(g_bytes_get_data(filled, NULL), g_bytes_get_data(blank, NULL),
			    g_bytes_get_size(blank)),
	    ==, 0);
	text = shop_text(shop, filled);
	g_assert_nonnull(strstr(text, "più sedi, Soči"));
}

/* A viewer that is told to save writes what its user has changed. */
static void
test_unchanged(Workshop *shop, gconstpointer data)
{
	g_autoptr(GBytes) blank = shop_sheet(shop, &shop->large, "s2", NULL);
	g_autoptr(FieldSet) wanted = values();
	g_autoptr(GBytes) filled = render_fill(blank, wanted, NULL);
	g_autoptr(GBytes) again = NULL;

	(void)data;
	g_assert_nonnull(filled);
	field_set_put(wanted, "q2_3", "");
	field_set_put(wanted, "q2_4__assente", "");
	again = render_fill(blank, wanted, NULL);
	g_assert_cmpuint(g_bytes_get_size(again), ==, g_bytes_get_size(filled));
}

static void
test_beforehand(Workshop *shop, gconstpointer data)
{
	g_autoptr(FieldSet) wanted = values();
	g_autoptr(GBytes) filled = shop_sheet(shop, &shop->large, "s2", wanted);
	g_autoptr(FieldSet) found = shop_fields(shop, filled);

	(void)data;
	expect_values(found);
}

static void
test_take_back(Workshop *shop, gconstpointer data)
{
	g_autoptr(FieldSet) wanted = values();
	g_autoptr(GBytes) filled = shop_sheet(shop, &shop->large, "s2", wanted);
	g_autoptr(FieldSet) nothing = field_set_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) emptied = NULL;
	g_autoptr(FieldSet) found = NULL;

	(void)data;
	field_set_put(nothing, "q2_1", "");
	field_set_put(nothing, "q2_3_nd", "");
	field_set_put(nothing, "q2_2", "");
	emptied = render_fill(filled, nothing, &error);
	g_assert_no_error(error);
	found = shop_fields(shop, emptied);
	g_assert_cmpstr(field_set_value(found, "q2_1"), ==, "Off");
	g_assert_cmpstr(field_set_value(found, "q2_3_nd"), ==, "Off");
	g_assert_cmpstr(field_set_value(found, "q2_2"), ==, "");
	g_assert_cmpstr(field_set_value(found, "q2_8_base"), ==, "molto_alto");
}

static void
test_ranks(Workshop *shop, gconstpointer data)
{
	g_autoptr(FieldSet) wanted = field_set_new();
	g_autoptr(GBytes) filled = NULL;
	g_autoptr(FieldSet) found = NULL;

	(void)data;
	field_set_put(wanted, "q7_2__personale", "10");
	field_set_put(wanted, "q7_2__indirizzo", "1");
	filled = shop_sheet(shop, &shop->small, "s7", wanted);
	found = shop_fields(shop, filled);
	g_assert_cmpstr(field_set_value(found, "q7_2__personale"), ==, "10");
	g_assert_cmpstr(field_set_value(found, "q7_2__indirizzo"), ==, "1");
}

static void
expect_refusal(GBytes *blank, const char *name, const char *value)
{
	g_autoptr(FieldSet) wrong = field_set_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) filled = NULL;

	field_set_put(wrong, name, value);
	filled = render_fill(blank, wrong, &error);
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	g_assert_null(filled);
}

static void
test_refusals(Workshop *shop, gconstpointer data)
{
	g_autoptr(GBytes) blank = shop_sheet(shop, &shop->large, "s2", NULL);
	g_autoptr(GBytes) rubbish = g_bytes_new("no PDF", 6);

	(void)data;
	expect_refusal(blank, "q9_9", "x");
	expect_refusal(blank, "q2_1", "no_such_choice");
	expect_refusal(blank, "q2_4__dirigente", "yes");
	expect_refusal(rubbish, "q2_1", "altro");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/fill/pdftk-reads-back-what-was-written", Workshop, NULL, shop_open, test_fill,
	    shop_close);
	g_test_add("/fill/what-is-so-already-is-not-written-again", Workshop, NULL, shop_open,
	    test_unchanged, shop_close);
	g_test_add("/fill/a-sheet-can-be-made-with-values", Workshop, NULL, shop_open,
	    test_beforehand, shop_close);
	g_test_add("/fill/an-empty-value-takes-an-answer-back", Workshop, NULL, shop_open,
	    test_take_back, shop_close);
	g_test_add("/fill/positions-of-a-ranking-are-written", Workshop, NULL, shop_open,
	    test_ranks, shop_close);
	g_test_add("/fill/unknown-fields-choices-and-files-are-refused", Workshop, NULL, shop_open,
	    test_refusals, shop_close);
	return g_test_run();
}

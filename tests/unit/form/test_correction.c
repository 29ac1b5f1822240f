/* Which questions a sheet asks on which some answers can be put right, and what such a sheet is. */
#include "form/form.h"

#include <string.h>

static Form *
open_form(void)
{
	const char *source = g_getenv("SRCDIR");
	g_autofree char *directory =
	    g_build_filename(source != NULL ? source : ".", "forms/mappa-2024", NULL);
	g_autoptr(GError) error = NULL;
	Form *form = form_open_strict(directory, &error);

	g_assert_no_error(error);
	return form;
}

static Unit *
make_unit(gint64 population)
{
	Unit *unit = g_new0(Unit, 1);

	unit->code = g_strdup("L219");
	unit->istat_code = g_strdup("001272");
	unit->name = g_strdup("Torino");
	unit->population = population;
	return unit;
}

/* @wrong: names with blanks between. Returns: (transfer full) (nullable) */
static char *
choose(const FormView *view, const char *section, const char *wrong)
{
	g_auto(GStrv) names = g_strsplit(wrong, " ", 0);
	g_autoptr(GPtrArray) list = g_ptr_array_new();

	for (gsize i = 0; names[i] != NULL; i++)
		g_ptr_array_add(list, names[i]);
	return form_questions_to_correct(view, form_section(form_view_form(view), section), list);
}

static void
test_chosen(void)
{
	static const struct {
		const char *section;
		const char *wrong;
		const char *asked;
	} cases[] = {
		{ "s2", "q2_7", "q2_7" },
		/* the box beside it */
		{ "s2", "q2_2", "q2_2 q2_2_nd" },
		/* rows of a table stand alone */
		{ "s2", "q2_8_ia q2_8_base", "q2_8_base q2_8_ia" },
		/* what its condition names */
		{ "s2", "q2_6_altro", "q2_6 q2_6_altro" },
		/* what depends on it, and its boxes */
		{ "s2", "q2_4", "q2_4 q2_5 q2_6 q2_6_altro" },
		{ "s1", "q1_3", "q1_3 q1_3_1_nome q1_3_1_email q1_3_1_data" },
	};
	g_autoptr(Form) form = open_form();
	g_autoptr(Unit) unit = make_unit(800000);
	g_autoptr(FormView) view = form_view_new(form, unit);

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *asked = choose(view, cases[i].section, cases[i].wrong);

		g_assert_cmpstr(asked, ==, cases[i].asked);
	}
}

static void
test_only_whole(void)
{
	g_autoptr(Form) form = open_form();
	g_autoptr(Unit) large = make_unit(800000);
	g_autoptr(Unit) small = make_unit(500);
	g_autoptr(FormView) view = form_view_new(form, large);
	g_autoptr(FormView) fewer = form_view_new(form, small);

	g_assert_null(choose(view, "s2", "s2"));	 /* a finding about the section itself */
	g_assert_null(choose(view, "s2", "q2_7 q4_1"));	 /* of another section */
	g_assert_null(choose(view, "s2", "q2_7 q9_9"));	 /* of another form */
	g_assert_null(choose(fewer, "s4", "q4_2 q4_3")); /* not asked of a small town */
}

static void
test_part(void)
{
	g_autoptr(Form) form = open_form();
	g_autoptr(Unit) unit = make_unit(800000);
	g_autoptr(FormView) whole = form_view_new(form, unit);
	g_autoptr(FormView) part = form_view_part(form, unit, "", "q2_2 q2_2_nd q2_8_ia");
	g_autoptr(FormView) other = form_view_part(form, unit, "", "q2_2 q2_2_nd q2_8_base");
	g_autoptr(GPtrArray) specs = form_view_fields(part, form_section(form, "s2"));
	g_autoptr(GPtrArray) sections = form_view_sections(part);
	g_autoptr(FormView) after = form_view_new(form, unit);

	g_assert_cmpuint(specs->len, ==, 3);
	g_assert_cmpstr(((FieldSpec *)g_ptr_array_index(specs, 2))->name, ==, "q2_8_ia");
	g_assert_cmpuint(sections->len, ==, 1);
	g_assert_cmpstr(form_view_shape(part), !=, form_view_shape(whole));
	g_assert_cmpstr(form_view_shape(part), !=, form_view_shape(other));
	/* units of the same shape are asked what they were */
	g_assert_cmpstr(form_view_shape(after), ==, form_view_shape(whole));
	g_assert_cmpint(form_view_asked(after, form_item(form, "q2_7")), ==, ASKED_ALWAYS);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/form/correction/asks-what-is-wrong-and-what-hangs-together", test_chosen);
	g_test_add_func("/form/correction/leaves-the-rest-to-a-whole-sheet", test_only_whole);
	g_test_add_func("/form/correction/part-of-a-form-asks-nothing-else", test_part);
	return g_test_run();
}

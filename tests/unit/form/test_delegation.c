/* The form of the delegation sheet follows the sections that a unit is asked. */
#include "fixture.h"

static char *
field_names(const Form *form, const Unit *unit)
{
	g_autoptr(FormView) view = form_view_new(form, unit);
	g_autoptr(GPtrArray) specs = form_view_fields(view, form_section(form, FORM_DELEGATION));
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; i < specs->len; i++) {
		const FieldSpec *spec = g_ptr_array_index(specs, i);

		g_string_append_printf(names, "%s%s", i > 0 ? " " : "", spec->name);
	}
	return g_string_free(g_steal_pointer(&names), FALSE);
}

static void
names_somebody_for_each_section(void)
{
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(GError) error = NULL;

	fixture_open(&fixture);
	for (gint64 id = 1; id <= 4; id++) {
		g_autoptr(Unit) unit = registry_unit(fixture.store, id, &error);
		g_autoptr(FormView) view = form_view_new(fixture.form, unit);
		g_autoptr(Form) form = form_delegation(view);
		g_autofree char *names = field_names(form, unit);
		const Item *first = form_item(form, "delega_s1");

		g_assert_cmpstr(names, ==,
		    unit->population > 5000
			? "tutte_nome tutte_ufficio tutte_email s1_nome s1_ufficio s1_email "
			  "s2_nome s2_ufficio s2_email s3_nome s3_ufficio s3_email "
			  "s4_nome s4_ufficio s4_email sindaco data"
			: "tutte_nome tutte_ufficio tutte_email s1_nome s1_ufficio s1_email "
			  "s2_nome s2_ufficio s2_email s3_nome s3_ufficio s3_email sindaco data");
		g_assert_cmpstr(form->id, ==, fixture.form->id);
		g_assert_cmpstr(form->version, ==, fixture.form->version);
		g_assert_cmpstr(form_text(form, first->labels, "it"), ==, "1. Chi risponde");
		g_assert_cmpstr(
		    form_text(form, form_section(form, FORM_DELEGATION)->group->labels, "de"), ==,
		    "Delegierung des Ausfüllens");
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func(
	    "/delegation/names-somebody-for-each-section", names_somebody_for_each_section);
	return g_test_run();
}

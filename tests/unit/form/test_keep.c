/* Versions of a form are kept as they were, and found again. */
#include "base/error.h"
#include "fixture.h"

/* Writes a form with one question in @folder. Returns: (transfer full) */
static Form *
write_form(const Fixture *fixture, const char *folder, const char *version, const char *label)
{
	g_autofree char *path = g_build_filename(fixture->directory, folder, NULL);
	g_autofree char *survey = g_build_filename(folder, "survey.csv", NULL);
	g_autofree char *choices = g_build_filename(folder, "choices.csv", NULL);
	g_autofree char *settings = g_build_filename(folder, "settings.csv", NULL);
	g_autofree char *rows = g_strdup_printf(
	    "type,name,label\nbegin_group,s1,Uno\ntext,q1,%s\nend_group,,\n", label);
	g_autofree char *about =
	    g_strdup_printf("form_title,form_id,version\nProva,prova,%s\n", version);
	g_autoptr(GError) error = NULL;
	Form *form;

	g_assert_true(durable_mkdir(path, &error));
	fixture_write(fixture, survey, rows);
	fixture_write(fixture, choices, "list_name,name,label\n");
	fixture_write(fixture, settings, about);
	form = form_open_strict(path, &error);
	g_assert_no_error(error);
	return form;
}

static void
keeps_a_version_as_it_was(void)
{
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(Form) first = NULL;
	g_autoptr(Form) other = NULL;
	g_autoptr(Form) second = NULL;
	g_autoptr(FormShelf) shelf = NULL;
	g_autofree char *kept = NULL;
	const Form *found = NULL;

	fixture_open(&fixture);
	kept = g_build_filename(fixture.directory, "archive", "forms", NULL);
	first = write_form(&fixture, "a", "1", "Prima");
	g_assert_true(form_keep(first, kept, &error));
	g_assert_true(form_keep(first, kept, &error)); /* again is no error */
	other = write_form(&fixture, "a", "1", "Seconda");
	g_assert_false(form_keep(other, kept, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
	g_assert_nonnull(strstr(error->message, "version 1"));
	g_clear_error(&error);
	second = write_form(&fixture, "a", "2", "Seconda");
	g_assert_true(form_keep(second, kept, &error));
	shelf = form_shelf_new(second, kept);
	g_assert_true(form_shelf_find(shelf, "2", &found, &error));
	g_assert_true(found == second);
	g_assert_true(form_shelf_find(shelf, "1", &found, &error));
	g_assert_cmpstr(
	    form_text(found, form_item(found, "q1")->labels, found->default_lang), ==, "Prima");
	g_assert_true(form_shelf_find(shelf, "3", &found, &error));
	g_assert_null(found);
}

/* What a sheet says of itself is a text from outside. */
static void
stays_on_its_shelf(void)
{
	static const char *const versions[] = { "", ".", "..", "../../a", "/etc", "1/../../../a" };
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(Form) form = NULL;
	g_autoptr(FormShelf) shelf = NULL;
	g_autofree char *kept = NULL;

	fixture_open(&fixture);
	kept = g_build_filename(fixture.directory, "forms", NULL);
	form = write_form(&fixture, "a", "1", "Prima");
	g_assert_true(form_keep(form, kept, &error));
	shelf = form_shelf_new(form, kept);
	for (gsize i = 0; i < G_N_ELEMENTS(versions); i++) {
		const Form *found = form;

		g_assert_true(form_shelf_find(shelf, versions[i], &found, &error));
		g_assert_null(found);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/keep/keeps-a-version-as-it-was", keeps_a_version_as_it_was);
	g_test_add_func("/keep/stays-on-its-shelf", stays_on_its_shelf);
	return g_test_run();
}

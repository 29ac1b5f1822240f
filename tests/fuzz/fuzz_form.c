/*
 * A questionnaire in one file, as CSV or Markdown (form/exchange.h). What is taken is written as three files that are in
 * order, and everything that the form says can be said of a town.
 */
#include "form/exchange.h"
#include "fuzz/fuzz.h"
#include "fuzz/survey.h"

#include <string.h>

static FuzzSurvey survey;

static void
prepare(void)
{
	fuzz_survey_open(&survey);
}

static void
check_item(const FormView *view, const Item *item)
{
	static const char *const langs[] = { "it", "de", "fr", "sl" };

	for (gsize i = 0; i < G_N_ELEMENTS(langs); i++) {
		g_autofree char *words = form_view_condition(view, item, langs[i]);

		g_assert_true(g_utf8_validate(words, -1, NULL));
		g_assert_true(form_view_asked(view, item) == ASKED_IF || *words == '\0');
	}
	for (guint i = 0; i < item->items->len; i++)
		check_item(view, g_ptr_array_index(item->items, i));
}

static void
check_view(const Form *form, const Unit *unit)
{
	g_autoptr(FormView) view = form_view_new(form, unit);
	g_autoptr(GPtrArray) sections = form_view_sections(view);

	for (guint i = 0; i < form->items->len; i++)
		check_item(view, g_ptr_array_index(form->items, i));
	for (guint i = 0; i < sections->len; i++) {
		g_autoptr(GPtrArray) specs = form_view_fields(view, g_ptr_array_index(sections, i));

		for (guint k = 0; k < specs->len; k++) {
			const FieldSpec *spec = g_ptr_array_index(specs, k);

			g_assert_true(g_str_is_ascii(spec->name));
			g_assert_null(strchr(spec->name, '.'));
		}
	}
}

/* What was written is read without a word, as the same form. */
static void
check_written(const Form *form, const char *directory)
{
	g_autoptr(GPtrArray) findings = findings_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(Form) again = form_open(directory, findings, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(findings_count(findings, SEVERITY_ERROR), ==, 0);
	g_assert_cmpstr(again->id, ==, form->id);
	g_assert_cmpstr(again->version, ==, form->version);
	g_assert_cmpuint(g_hash_table_size(again->by_name), ==, g_hash_table_size(form->by_name));
	g_assert_cmpuint(again->sections->len, ==, form->sections->len);
	for (gsize i = 0; i < G_N_ELEMENTS(survey.units); i++)
		check_view(again, &survey.units[i]);
}

static void
run(const guint8 *data, gsize size)
{
	g_autofree char *path = fuzz_file("questionnaire.csv", data, size);
	g_autofree char *directory = g_build_filename(fuzz_folder(), "questionnaire", NULL);
	g_autoptr(GPtrArray) findings = findings_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(Form) form = form_import(path, directory, TRUE, findings, &error);

	g_assert_true((form == NULL) == (error != NULL));
	for (guint i = 0; i < findings->len; i++) {
		const Finding *finding = g_ptr_array_index(findings, i);

		g_assert_true(g_utf8_validate(finding->text, -1, NULL));
		g_assert_true(g_utf8_validate(finding->place, -1, NULL));
	}
	if (form != NULL && findings_count(findings, SEVERITY_ERROR) == 0)
		check_written(form, directory);
}

const FuzzTarget fuzz_form = { prepare, run };

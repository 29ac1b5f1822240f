/* What the municipalities say, against the questionnaire that is shipped and the checks that intake makes. */
#include "rehearse/answers.h"
#include "validate/validate.h"

#include <string.h>

#define TOWNS 60

static const char *const editions[] = { "mappa-2024", "mappa-2025" };

static Form *
open_edition(const char *edition)
{
	g_autofree char *path = g_build_filename(g_getenv("SRCDIR"), "forms", edition, NULL);
	g_autoptr(GError) error = NULL;
	Form *form = form_open_strict(path, &error);

	g_assert_no_error(error);
	return form;
}

static Form *
the_form(void)
{
	return open_edition(editions[0]);
}

static FormView *
view_of(const Form *form, const char *code, gint64 population)
{
	g_autoptr(Unit) unit = g_new0(Unit, 1);

	unit->code = g_strdup(code);
	unit->istat_code = g_strdup("001001");
	unit->name = g_strdup("Prova");
	unit->name_other = g_strdup("");
	unit->province = g_strdup("Torino");
	unit->province_code = g_strdup("TO");
	unit->region = g_strdup("Piemonte");
	unit->area = g_strdup("Nord-ovest");
	unit->lang = g_strdup("it");
	unit->population = population;
	return form_view_new(form, unit);
}

/* Findings of all sections of one town whose sheets were filled under @fault; every answer must come back as it was
 * meant. */
static guint
check_town(const Form *form, const char *code, gint64 population, Fault fault)
{
	g_autoptr(FormView) view = view_of(form, code, population);
	g_autoptr(GHashTable) meant = answers_draw(7, code, view, fault, 0);
	g_autoptr(GPtrArray) sections = form_view_sections(view);
	guint findings = 0;
	guint read = 0;

	for (guint i = 0; i < sections->len; i++) {
		const Section *section = g_ptr_array_index(sections, i);
		g_autoptr(FieldSet) fields = answers_fields(view, section, meant, i);
		g_autoptr(Answers) answers = validate_answers(view, section, fields, NULL);
		g_autoptr(GPtrArray) questions = answers_questions(view, section);

		for (guint k = 0; k < questions->len; k++) {
			const Item *item = g_ptr_array_index(questions, k);
			const char *wanted = g_hash_table_lookup(meant, item->name);
			const char *got = g_hash_table_lookup(answers->values, item->name);

			g_assert_cmpstr(got, ==, wanted);
		}
		for (guint k = 0; k < answers->findings->len && fault == FAULT_NONE; k++) {
			const Finding *finding = g_ptr_array_index(answers->findings, k);

			g_test_message("%s: %s: %s", code, finding->place, finding->text);
		}
		findings += answers->findings->len;
		read += g_hash_table_size(answers->values);
	}
	g_assert_cmpuint(read, ==, g_hash_table_size(meant));
	return findings;
}

static guint
check_towns(const Form *form, Fault fault)
{
	guint findings = 0;

	for (guint i = 0; i < TOWNS; i++) {
		g_autofree char *code = g_strdup_printf("T%03u", i);

		findings += check_town(form, code, i % 2 == 0 ? 800 : 48000, fault);
	}
	return findings;
}

static void
test_sound(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(editions); i++) {
		g_autoptr(Form) form = open_edition(editions[i]);

		g_assert_cmpuint(check_towns(form, FAULT_NONE), ==, 0);
	}
}

static void
test_faults(void)
{
	static const Fault faults[] = { FAULT_GAPS, FAULT_SUMS, FAULT_RANK, FAULT_IRRELEVANT };

	for (gsize i = 0; i < G_N_ELEMENTS(editions); i++) {
		g_autoptr(Form) form = open_edition(editions[i]);

		for (gsize f = 0; f < G_N_ELEMENTS(faults); f++)
			g_assert_cmpuint(check_towns(form, faults[f]), >=, TOWNS / 2);
	}
}

static gboolean
are_equal(GHashTable *one, GHashTable *other)
{
	GHashTableIter iter;
	gpointer name, value;

	g_hash_table_iter_init(&iter, one);
	while (g_hash_table_iter_next(&iter, &name, &value))
		if (g_strcmp0(g_hash_table_lookup(other, name), value) != 0)
			return FALSE;
	return g_hash_table_size(one) == g_hash_table_size(other);
}

static void
test_repeatable(void)
{
	g_autoptr(Form) form = the_form();
	g_autoptr(FormView) view = view_of(form, "A944", 390000);
	g_autoptr(GHashTable) once = answers_draw(7, "A944", view, FAULT_NONE, 0);
	g_autoptr(GHashTable) again = answers_draw(7, "A944", view, FAULT_NONE, 0);
	g_autoptr(GHashTable) corrected = answers_draw(7, "A944", view, FAULT_NONE, 1);
	g_autoptr(GHashTable) other_seed = answers_draw(8, "A944", view, FAULT_NONE, 0);
	g_autoptr(GHashTable) other_town = answers_draw(7, "H501", view, FAULT_NONE, 0);

	g_assert_cmpuint(g_hash_table_size(once), >, 100);
	g_assert_true(are_equal(once, again));
	g_assert_false(are_equal(once, corrected));
	g_assert_false(are_equal(once, other_seed));
	g_assert_false(are_equal(once, other_town));
}

/* Of many towns about as many take an answer as the published share says. */
static void
test_leaning(void)
{
	g_autoptr(Form) form = the_form();
	guint begun = 0;
	guint small = 0;

	for (guint i = 0; i < 400; i++) {
		g_autofree char *code = g_strdup_printf("T%03u", i);
		g_autoptr(FormView) view = view_of(form, code, 800);
		g_autoptr(GHashTable) meant = answers_draw(7, code, view, FAULT_NONE, 0);
		const char *servers = g_hash_table_lookup(meant, "q3_1");

		begun += strcmp(servers, "meno_meta") == 0 || strcmp(servers, "meta_o_piu") == 0 ||
				 strcmp(servers, "tutti") == 0
			     ? 1
			     : 0;
		small += g_hash_table_contains(meant, "q3_2_win11") ? 1 : 0;
	}
	g_assert_cmpuint(begun, >, 400 * 62 / 100);
	g_assert_cmpuint(begun, <, 400 * 78 / 100);
	g_assert_cmpuint(small, ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/answers/a town without faults gives intake nothing to find", test_sound);
	g_test_add_func("/answers/each fault is found, and no answer lost", test_faults);
	g_test_add_func("/answers/they depend on seed, town and correction alone", test_repeatable);
	g_test_add_func("/answers/they follow the published shares", test_leaning);
	return g_test_run();
}

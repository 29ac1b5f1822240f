/* Who is asked what: the questionnaire of 2024 for towns of all sizes, and conditions in words. */
#include "form/form.h"

#include <glib/gstdio.h>
#include <string.h>

static Form *
open_form(const char *name)
{
	const char *source = g_getenv("SRCDIR");
	g_autofree char *directory = g_build_filename(source != NULL ? source : ".", name, NULL);
	g_autoptr(GError) error = NULL;
	Form *form = form_open_strict(directory, &error);

	g_assert_no_error(error);
	return form;
}

static Unit *
make_unit(const char *code, gint64 population)
{
	Unit *unit = g_new0(Unit, 1);

	unit->code = g_strdup(code);
	unit->istat_code = g_strdup("103017");
	unit->name = g_strdup("Cannobio");
	unit->population = population;
	return unit;
}

static void
test_counts(void)
{
	static const struct {
		const char *section;
		guint all;
		guint small;
	} cases[] = {
		{ "s2", 8, 7 },
		{ "s3", 10, 9 },
		{ "s4", 5, 2 },
		{ "s5", 14, 10 },
		{ "s6", 11, 8 },
		{ "s7", 6, 4 },
		{ NULL, 54, 40 },
	};
	g_autoptr(Form) form = open_form("forms/mappa-2024");

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const Section *section =
		    cases[i].section != NULL ? form_section(form, cases[i].section) : NULL;

		g_assert_cmpuint(form_count(form, section, -1), ==, cases[i].all);
		g_assert_cmpuint(form_count(form, section, 5001), ==, cases[i].all);
		g_assert_cmpuint(form_count(form, section, 5000), ==, cases[i].small);
		g_assert_cmpuint(form_count(form, section, 0), ==, cases[i].small);
	}
	g_assert_false(form_section_counts(form, form_section(form, "s1")));
	g_assert_true(form_section_counts(form, form_section(form, "s7")));
}

/* Cannobio has exactly 5,000 inhabitants: "più di 5000" it is not. */
static void
test_threshold(void)
{
	g_autoptr(Form) form = open_form("forms/mappa-2024");
	g_autoptr(Unit) cannobio = make_unit("B615", 5000);
	g_autoptr(Unit) above = make_unit("X001", 5001);
	g_autoptr(Unit) unknown = make_unit("X002", -1);
	g_autoptr(FormView) small = form_view_new(form, cannobio);
	g_autoptr(FormView) large = form_view_new(form, above);
	g_autoptr(FormView) none = form_view_new(form, unknown);

	g_assert_cmpstr(form_view_value(small, "oltre_soglia"), ==, "no");
	g_assert_cmpstr(form_view_value(large, "oltre_soglia"), ==, "si");
	g_assert_cmpstr(form_view_value(none, "oltre_soglia"), ==, "no");
	g_assert_cmpstr(form_view_value(small, "codice"), ==, "B615");
	g_assert_cmpstr(form_view_value(small, "istat"), ==, "103017");
	g_assert_null(form_view_value(small, "q5_13"));
	g_assert_null(form_view_value(small, "nobody"));
	g_assert_cmpint(form_view_asked(small, form_item(form, "q5_13")), ==, ASKED_NO);
	g_assert_cmpint(form_view_asked(large, form_item(form, "q5_13")), ==, ASKED_ALWAYS);
}

static void
test_asked(void)
{
	static const struct {
		const char *item;
		Asked small;
		Asked large;
	} cases[] = {
		{ "q2_1", ASKED_ALWAYS, ASKED_ALWAYS },
		{ "q2_1_altro", ASKED_IF, ASKED_IF },
		{ "q2_5", ASKED_NO, ASKED_IF },
		{ "q3_2", ASKED_NO, ASKED_ALWAYS },
		{ "q3_2_macos", ASKED_NO, ASKED_ALWAYS },
		{ "q5_12_1", ASKED_NO, ASKED_IF },
		{ "q5_12_1_altro", ASKED_NO, ASKED_IF },
		{ "q7_6", ASKED_NO, ASKED_IF },
		{ "q7_6_url", ASKED_NO, ASKED_IF },
		{ "s0", ASKED_NO, ASKED_NO },
		{ "s4", ASKED_ALWAYS, ASKED_ALWAYS },
	};
	g_autoptr(Form) form = open_form("forms/mappa-2024");
	g_autoptr(Unit) cannobio = make_unit("B615", 5000);
	g_autoptr(Unit) above = make_unit("X001", 5001);
	g_autoptr(FormView) small = form_view_new(form, cannobio);
	g_autoptr(FormView) large = form_view_new(form, above);

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const Item *item = form_item(form, cases[i].item);

		g_test_message("%s", cases[i].item);
		g_assert_cmpint(form_view_asked(small, item), ==, cases[i].small);
		g_assert_cmpint(form_view_asked(large, item), ==, cases[i].large);
	}
}

static void
test_shapes(void)
{
	g_autoptr(Form) form = open_form("forms/mappa-2024");
	g_autoptr(Unit) one = make_unit("B615", 5000);
	g_autoptr(Unit) two = make_unit("X001", 120);
	g_autoptr(Unit) three = make_unit("X002", 90000);
	g_autoptr(FormView) small = form_view_new(form, one);
	g_autoptr(FormView) tiny = form_view_new(form, two);
	g_autoptr(FormView) large = form_view_new(form, three);
	const char *shape = form_view_shape(small);

	g_assert_cmpstr(shape, ==, form_view_shape(tiny));
	g_assert_cmpstr(shape, !=, form_view_shape(large));
	g_assert_cmpuint(strspn(shape, "0123456789abcdef"), ==, strlen(shape));
	g_assert_cmpuint(strlen(shape), ==, 16);
}

/* Where a condition names the population itself, each unit has a shape of its own; old ones outlive being forgotten. */
static void
test_many_shapes(void)
{
	g_autoptr(Form) form = open_form("tests/data/forms/conditions");
	g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)form_view_free);
	const Item *item = form_item(form, "c21");

	for (gint64 i = 0; i < 200; i++) {
		g_autoptr(Unit) unit = make_unit("X001", i);

		g_ptr_array_add(views, form_view_new(form, unit));
	}
	for (guint i = 0; i < views->len; i++) {
		g_autofree char *expected =
		    g_strdup_printf("la risposta alla 2.3 è maggiore di %u", i);
		g_autofree char *condition =
		    form_view_condition(g_ptr_array_index(views, i), item, "it");

		g_assert_cmpstr(condition, ==, expected);
	}
	g_assert_cmpstr(form_view_shape(g_ptr_array_index(views, 1)), !=,
	    form_view_shape(g_ptr_array_index(views, 199)));
}

static void
test_fields(void)
{
	g_autoptr(Form) form = open_form("forms/mappa-2024");
	g_autoptr(Unit) one = make_unit("B615", 5000);
	g_autoptr(Unit) two = make_unit("X001", 5001);
	g_autoptr(FormView) small = form_view_new(form, one);
	g_autoptr(FormView) large = form_view_new(form, two);
	g_autoptr(GPtrArray) sections = form_view_sections(small);
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	g_assert_cmpuint(sections->len, ==, 7);
	for (guint i = 0; i < sections->len; i++) {
		g_autoptr(GPtrArray) few = form_view_fields(small, g_ptr_array_index(sections, i));
		g_autoptr(GPtrArray) many = form_view_fields(large, g_ptr_array_index(sections, i));

		g_assert_cmpuint(few->len, >, 0);
		g_assert_cmpuint(many->len, >=, few->len);
		for (guint f = 0; f < many->len; f++) {
			const FieldSpec *spec = g_ptr_array_index(many, f);

			g_assert_true(g_hash_table_add(seen, g_strdup(spec->name)));
			g_assert_cmpuint(
			    strspn(spec->name,
				"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"),
			    ==, strlen(spec->name));
		}
		for (guint f = 0; f < few->len; f++) {
			const FieldSpec *spec = g_ptr_array_index(few, f);

			g_assert_true(g_hash_table_contains(seen, spec->name));
			g_assert_false(g_str_has_prefix(spec->name, "q5_13"));
		}
	}
	g_assert_true(g_hash_table_contains(seen, "q7_2__personale"));
	g_assert_true(g_hash_table_contains(seen, "q5_1_urp__nessuno"));
	g_assert_true(g_hash_table_contains(seen, "q2_2_nd"));
	g_assert_false(g_hash_table_contains(seen, "popolazione"));
}

static void
test_conditions(void)
{
	static const struct {
		const char *item;
		const char *condition;
	} cases[] = {
		{ "q2_1", "" },
		{ "q2_1_altro", "la risposta alla 2.1 è «Altro (specificare)»" },
		{ "q2_5", "alla 2.4 non è stato scelto «Figura non presente»" },
		{ "q3_1_1", "la risposta alla 3.1 è «No» oppure «Sì, meno del 50% dei server»" },
		{ "q3_1_3", "alla 3.1.2 è stato scelto «File server»" },
		{ "q5_12_1", "la risposta alla 5.12 è «Sì»" },
		{ "q5_12_1_altro", "alla 5.12.1 è stato scelto «Altro (specificare)»" },
		{ "q6_2_1", "la risposta alla 6.2 è «Sì» oppure «In parte»" },
		{ "q7_6", "alla 7.5 non è stato scelto «Nessuno»" },
		{ "q7_6_url", "alla 7.5 non è stato scelto «Nessuno»" },
	};
	g_autoptr(Form) form = open_form("forms/mappa-2024");
	g_autoptr(Unit) above = make_unit("X001", 5001);
	g_autoptr(FormView) large = form_view_new(form, above);

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *condition =
		    form_view_condition(large, form_item(form, cases[i].item), "it");

		g_assert_cmpstr(condition, ==, cases[i].condition);
	}
	g_assert_true(form_view_has_condition(large, form_item(form, "q7_6")));
	g_assert_false(form_view_has_condition(large, form_item(form, "q7_6_url")));
	g_assert_true(form_view_has_condition(large, form_item(form, "q3_1_1")));
	g_assert_false(form_view_has_condition(large, form_item(form, "q3_1")));
}

/* Each row of this form says in its hint what its condition is in the words of each language. */
static void
check_words(const FormView *view, const GPtrArray *items, guint *checked)
{
	static const char *const langs[] = { "it", "de", "fr", "sl", "de+it" };

	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		for (gsize k = 0; k < G_N_ELEMENTS(langs); k++) {
			const char *words = form_text(form_view_form(view), item->hints, langs[k]);
			g_autofree char *condition = form_view_condition(view, item, langs[k]);

			if (*words == '\0')
				continue;
			g_assert_cmpstr(condition, ==, words);
			++*checked;
		}
		check_words(view, item->items, checked);
	}
}

static void
test_words(void)
{
	g_autoptr(Form) form = open_form("tests/data/forms/conditions");
	g_autoptr(Unit) unit = make_unit("X001", 5001);
	g_autoptr(FormView) view = form_view_new(form, unit);
	guint checked = 0;

	check_words(view, form->items, &checked);
	g_assert_cmpuint(checked, >=, 5 * 45);
	g_assert_true(form_view_has_condition(view, form_item(form, "g")));
	g_assert_false(form_view_has_condition(view, form_item(form, "inside")));
	g_assert_true(form_view_has_condition(view, form_item(form, "more")));
	g_assert_false(form_view_has_condition(view, form_item(form, "same")));
}

static GHashTable *
make_answers(const char *const *pairs)
{
	GHashTable *answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

	for (; *pairs != NULL; pairs += 2)
		g_hash_table_insert(answers, g_strdup(pairs[0]), g_strdup(pairs[1]));
	return answers;
}

/* 3.1 = tutti makes 3.1.2 irrelevant; what was ticked there makes nothing relevant. */
static void
test_irrelevant_counts_as_empty(void)
{
	static const char *const asked[] = { "q3_1", "no", "q3_1_2", "file_server altro", NULL };
	static const char *const all_gone[] = { "q3_1", "tutti", "q3_1_2", "file_server altro",
		NULL };
	static const char *const silent[] = { "q3_1", "", "q3_1_2", "", NULL };
	static const char *const away[] = { "q3_5", "si", NULL };
	static const struct {
		const char *const *answers;
		Truth truth; /* of 3.1.3 */
	} cases[] = {
		{ asked, TRUTH_TRUE },
		{ all_gone, TRUTH_FALSE },
		{ silent, TRUTH_FALSE },
		{ away, TRUTH_UNKNOWN },
	};
	g_autoptr(Form) form = open_form("forms/mappa-2024");
	g_autoptr(Unit) unit = make_unit("X001", 5001);
	g_autoptr(FormView) view = form_view_new(form, unit);

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GHashTable) answers = make_answers(cases[i].answers);

		g_assert_cmpint(form_view_relevant(view, form_item(form, "q3_1_3"), answers), ==,
		    cases[i].truth);
	}
}

/* A row without a condition of its own has that of its group. */
static void
test_groups_at_intake(void)
{
	static const char *const delegated[] = { "q1_3", "si", NULL };
	static const char *const not_delegated[] = { "q1_3", "no", NULL };
	static const struct {
		const char *const *answers;
		Truth truth; /* of 1.3.1, first row */
	} cases[] = {
		{ delegated, TRUTH_TRUE },
		{ not_delegated, TRUTH_FALSE },
		{ delegated + 2, TRUTH_UNKNOWN },
	};
	g_autoptr(Form) form = open_form("forms/mappa-2024");
	g_autoptr(Unit) unit = make_unit("X001", 5001);
	g_autoptr(FormView) view = form_view_new(form, unit);

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GHashTable) answers = make_answers(cases[i].answers);

		g_assert_cmpint(form_view_relevant(view, form_item(form, "q1_3_1_nome"), answers),
		    ==, cases[i].truth);
	}
}

static void
test_checks_at_intake(void)
{
	static const char *const right[] = { "q3_2_win11", "60", "q3_2_win10", "30",
		"q3_2_win_prec", "0", "q3_2_macos", "0", "q3_2_linux", "10", "q3_2_chromeos", "0",
		"q3_2_mobili", "0", "q2_2_nd", "OK", NULL };
	g_autoptr(Form) form = open_form("forms/mappa-2024");
	g_autoptr(Unit) unit = make_unit("X001", 5001);
	g_autoptr(Unit) tiny = make_unit("X002", 500);
	g_autoptr(FormView) view = form_view_new(form, unit);
	g_autoptr(FormView) small = form_view_new(form, tiny);
	g_autoptr(GHashTable) answers = make_answers(right);
	const Item *last = NULL;
	const Item *group = form_item(form, "q3_2");
	const Item *number = form_item(form, "q2_2");

	last = g_ptr_array_index(group->items, group->items->len - 1);
	g_assert_cmpint(form_view_truth(view, last->constraint, answers, "0"), ==, TRUTH_TRUE);
	g_assert_cmpint(form_view_truth(view, last->constraint, answers, "1"), ==, TRUTH_FALSE);
	/* not asked of a small town: its parts are empty, and nothing adds up to 100 */
	g_assert_cmpint(form_view_truth(small, last->constraint, answers, "0"), ==, TRUTH_FALSE);
	g_assert_cmpint(form_view_truth(view, number->required, answers, ""), ==, TRUTH_FALSE);
	g_hash_table_insert(answers, g_strdup("q2_2_nd"), g_strdup(""));
	g_assert_cmpint(form_view_truth(view, number->required, answers, ""), ==, TRUTH_TRUE);
}

static void
test_choice_filter(void)
{
	static const char *const north[] = { "q1", "nord", NULL };
	g_autoptr(Form) form = open_form("tests/data/forms/conditions");
	g_autoptr(Unit) unit = make_unit("X001", 5001);
	g_autoptr(FormView) view = form_view_new(form, unit);
	g_autoptr(GHashTable) answers = make_answers(north);
	g_autoptr(GHashTable) none = make_answers(north + 2);
	const Item *item = form_item(form, "filtered");
	const Choice *torino = choice_list_find(item->list, "torino");
	const Choice *bari = choice_list_find(item->list, "bari");

	g_assert_cmpint(form_view_offers(view, item, torino, answers), ==, TRUTH_TRUE);
	g_assert_cmpint(form_view_offers(view, item, bari, answers), ==, TRUTH_FALSE);
	g_assert_cmpint(form_view_offers(view, item, bari, none), ==, TRUTH_UNKNOWN);
	g_assert_cmpint(
	    form_view_offers(view, form_item(form, "q1"), torino, none), ==, TRUTH_TRUE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/form/view/54-questions-and-40-for-small-towns", test_counts);
	g_test_add_func("/form/view/exactly-5000-is-small", test_threshold);
	g_test_add_func("/form/view/what-is-asked-by-size", test_asked);
	g_test_add_func("/form/view/same-questions-same-shape", test_shapes);
	g_test_add_func("/form/view/shapes-are-forgotten-safely", test_many_shapes);
	g_test_add_func("/form/view/fields-are-those-of-what-is-asked", test_fields);
	g_test_add_func("/form/view/conditions-are-said-in-words", test_conditions);
	g_test_add_func("/form/view/every-kind-of-condition-has-its-words", test_words);
	g_test_add_func(
	    "/form/view/what-is-not-relevant-counts-as-empty", test_irrelevant_counts_as_empty);
	g_test_add_func("/form/view/rows-have-the-condition-of-their-group", test_groups_at_intake);
	g_test_add_func("/form/view/required-and-constraint-at-intake", test_checks_at_intake);
	g_test_add_func("/form/view/choice-filter-at-intake", test_choice_filter);
	return g_test_run();
}

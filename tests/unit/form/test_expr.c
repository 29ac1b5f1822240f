#include "base/error.h"
#include "form/form.h"

#include <string.h>

/* a = 'x', list = 'uno due', n = '5', empty = '', code = '007'; every other name is not known. */
static char *
lookup(const char *name, gpointer data)
{
	static const char *const known[] = { "a", "x", "list", "uno due", "n", "5", "empty", "",
		"code", "007", "date", "2024-07-11", "half", "0.5", "accent", "Cantù", NULL };

	(void)data;
	for (gsize i = 0; known[i] != NULL; i += 2)
		if (strcmp(known[i], name) == 0)
			return g_strdup(known[i + 1]);
	return NULL;
}

static char *
pulldata(
    const char *table, const char *column, const char *key_column, const char *key, gpointer data)
{
	(void)data;
	return g_strjoin("|", table, column, key_column, key, NULL);
}

static char *
evaluate(const char *text)
{
	const Scope scope = { .lookup = lookup, .pulldata = pulldata, .self = "self value" };
	g_autoptr(GError) error = NULL;
	g_autoptr(Expr) expr = expr_parse(text, &error);

	g_assert_no_error(error);
	return expr_value(expr, &scope);
}

typedef struct {
	const char *text;
	const char *value; /* NULL: unknown */
} Case;

static void
check(const Case *cases, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		g_autofree char *value = evaluate(cases[i].text);

		g_test_message("%s", cases[i].text);
		g_assert_cmpstr(value, ==, cases[i].value);
	}
	g_assert_cmpuint(n, >, 0);
}

static void
test_values(void)
{
	static const Case cases[] = {
		{ "'no'", "no" },
		{ "\"l'atto\"", "l'atto" },
		{ "5000", "5000" },
		{ ".5", "0.5" },
		{ "${a}", "x" },
		{ "${ a }", "x" },
		{ "${nobody}", NULL },
		{ ".", "self value" },
		{ "1 + 2 * 3", "7" },
		{ "(1 + 2) * 3", "9" },
		{ "7 mod 4 - 1", "2" },
		{ "-7 mod 4", "-3" },
		{ "1 div 4", "0.25" },
		{ "1 div 0", "" },
		{ "1 mod 0", "" },
		{ "-${n}", "-5" },
		{ "--5", "5" },
		{ "0.1 + 0.2", "0.3" },
		{ "${empty} + 1", "" },
		{ "${a} + 1", "" },
		{ "${nobody} + 1", NULL },
		{ "${empty} + ${nobody}", "" },
		{ "100000000 * 100000000", "10000000000000000" },
		{ "0 * -1", "0" },
		{ "true()", "true" },
		{ "1 = 2", "false" },
		{ "(1 = 1) + (2 = 2)", "2" },
	};

	check(cases, G_N_ELEMENTS(cases));
}

static void
test_comparisons(void)
{
	static const Case cases[] = {
		{ "${a} = 'x'", "true" },
		{ "${a} != 'x'", "false" },
		{ "${n} = 5.0", "true" },
		{ "${n} > 10", "false" },
		{ "'10' > '9'", "true" },
		{ "'a10' > 'a9'", "false" },
		{ "${half} < 1", "true" },
		{ "${half} >= 0.5", "true" },
		{ "33.3 + 33.3 + 33.4 = 100", "true" },
		{ "${code} = 7", "false" },
		{ "${code} = '007'", "true" },
		{ "${date} < '2024-08-01'", "true" },
		{ "${empty} = 'x'", "false" },
		{ "${empty} != 'x'", "false" },
		{ "${empty} < 1", "false" },
		{ "${empty} = ${empty}", "false" },
		{ "${nobody} = ${empty}", "false" },
		{ "${nobody} = 1", NULL },
		{ "${empty} = ''", "true" },
		{ "${empty} != ''", "false" },
		{ "${a} != ''", "true" },
		{ "'' = ${a}", "false" },
		{ "${nobody} = ''", NULL },
	};

	check(cases, G_N_ELEMENTS(cases));
}

static void
test_functions(void)
{
	static const Case cases[] = {
		{ "selected(${list}, 'due')", "true" },
		{ "selected(${list}, 'du')", "false" },
		{ "selected(${empty}, 'due')", "false" },
		{ "selected(${list}, ${empty})", "false" },
		{ "selected(${nobody}, 'due')", NULL },
		{ "selected(${nobody}, ${empty})", "false" },
		{ "count-selected(${list})", "2" },
		{ "count-selected(${empty})", "0" },
		{ "count-selected(${list}) - 1", "1" },
		{ "string-length(${accent})", "5" },
		{ "string-length('')", "0" },
		{ "regex(${accent}, '[A-Z][a-zù]+')", "true" },
		{ "regex('ab', 'a')", "false" },
		{ "regex('b@c', 'a|b@c')", "true" },
		{ "regex(${empty}, '.*')", "false" },
		{ "regex(${nobody}, 'a')", NULL },
		{ "coalesce(${empty}, 'z')", "z" },
		{ "coalesce(${a}, ${nobody})", "x" },
		{ "coalesce(${nobody}, 'z')", NULL },
		{ "if(${a} = 'x', 'si', 'no')", "si" },
		{ "if(${empty} = 'x', 'si', 'no')", "no" },
		{ "if(${nobody} = 'x', 'si', 'no')", NULL },
		{ "if(${nobody} = 'x', 'si', 'si')", "si" },
		{ "number(${a})", "" },
		{ "number(${half}) * 2", "1" },
		{ "round(2.5)", "3" },
		{ "round(-2.5)", "-3" },
		{ "round(2.6751, 2)", "2.68" },
		{ "round(0.285 * 10, 1)", "2.9" },
		{ "round(${a})", "" },
		{ "not(1 = 2)", "true" },
		{ "not(${nobody} = 2)", NULL },
		{ "pulldata('comuni', 'x', 'codice', ${a})", "comuni|x|codice|x" },
		{ "pulldata('comuni', 'x', 'codice', ${nobody})", NULL },
	};

	check(cases, G_N_ELEMENTS(cases));
}

/* Kleene's tables, all nine pairs each. */
static void
test_truth_tables(void)
{
	static const char *const words[] = { "false()", "true()", "${nobody} = 1" };
	static const Truth and[3][3] = {
		{ TRUTH_FALSE, TRUTH_FALSE, TRUTH_FALSE },
		{ TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN },
		{ TRUTH_FALSE, TRUTH_UNKNOWN, TRUTH_UNKNOWN },
	};
	static const Truth or [3][3] = {
		{ TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN },
		{ TRUTH_TRUE, TRUTH_TRUE, TRUTH_TRUE },
		{ TRUTH_UNKNOWN, TRUTH_TRUE, TRUTH_UNKNOWN },
	};
	const Scope scope = { .lookup = lookup };

	for (guint i = 0; i < 3; i++)
		for (guint j = 0; j < 3; j++) {
			g_autofree char *both = g_strdup_printf("%s and %s", words[i], words[j]);
			g_autofree char *either = g_strdup_printf("%s or %s", words[i], words[j]);
			g_autoptr(Expr) one = expr_parse(both, NULL);
			g_autoptr(Expr) other = expr_parse(either, NULL);

			g_assert_cmpint(expr_truth(one, &scope), ==, and[i][j]);
			g_assert_cmpint(expr_truth(other, &scope), ==, or [i][j]);
		}
}

static void
test_precedence(void)
{
	static const Case cases[] = {
		{ "true() or false() and false()", "true" },
		{ "(true() or false()) and false()", "false" },
		{ "1 + 1 = 2 and 2 * 2 = 4", "true" },
		{ "not(false()) and true()", "true" },
		{ "10 - 2 - 3", "5" },
		{ "100 div 10 div 2", "5" },
	};

	check(cases, G_N_ELEMENTS(cases));
}

static void
test_truth_of_values(void)
{
	static const struct {
		const char *text;
		Truth truth;
	} cases[] = {
		{ "0", TRUTH_FALSE },
		{ "2", TRUTH_TRUE },
		{ "''", TRUTH_FALSE },
		{ "'x'", TRUTH_TRUE },
		{ "${nobody}", TRUTH_UNKNOWN },
	};
	const Scope scope = { .lookup = lookup };

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Expr) expr = expr_parse(cases[i].text, NULL);

		g_assert_cmpint(expr_truth(expr, &scope), ==, cases[i].truth);
	}
}

static void
test_references(void)
{
	g_autoptr(Expr) expr = expr_parse("${b} = ${a} or selected(${b}, .)", NULL);
	g_autoptr(GPtrArray) names = expr_references(expr);

	g_assert_cmpuint(names->len, ==, 2);
	g_assert_cmpstr(g_ptr_array_index(names, 0), ==, "b");
	g_assert_cmpstr(g_ptr_array_index(names, 1), ==, "a");
}

static void
test_choice_columns(void)
{
	g_autoptr(GHashTable) columns =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	Choice choice = { .name = g_strdup("rosso"), .columns = columns };
	const Scope scope = { .lookup = lookup, .choice = &choice };
	g_autofree char *name = choice.name;
	static const struct {
		const char *text;
		Truth truth;
	} cases[] = {
		{ "tipo = 'caldo'", TRUTH_TRUE },
		{ "tipo = ${a}", TRUTH_FALSE },
		{ "name = 'rosso'", TRUTH_TRUE },
		{ "altra = 'x'", TRUTH_FALSE },
		{ "tipo = ${nobody}", TRUTH_UNKNOWN },
	};

	g_hash_table_insert(columns, g_strdup("tipo"), g_strdup("caldo"));
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Expr) expr = expr_parse(cases[i].text, NULL);

		g_assert_cmpint(expr_truth(expr, &scope), ==, cases[i].truth);
	}
}

static void
test_errors_name_the_character(void)
{
	static const struct {
		const char *text;
		const char *start; /* of the sentence */
	} cases[] = {
		{ "", "character 1: the expression ends" },
		{ "${a} = ", "character 8: the expression ends" },
		{ "${a} = 'x", "character 8: the quote" },
		{ "'è' = ${a", "character 7: ${" },
		{ "${a b}", "character 1: ${" },
		{ "${}", "character 1: ${" },
		{ "${5a}", "character 1: ${" },
		{ "(1 = 1", "character 7: ) is expected, for the ( at character 1" },
		{ "1 = 1)", "character 6: an operator or the end" },
		{ "1 2", "character 3: an operator or the end" },
		{ "1 < 2 < 3", "character 7: two comparisons" },
		{ "a and", "character 1: a condition" },
		{ "1 = 1 and ${a}", "character 11: a condition" },
		{ "not(${a})", "character 1: a condition" },
		{ "today() > 1", "character 1: unknown function today()" },
		{ "1 = max(1, 2)", "character 5: unknown function max()" },
		{ "selected(${a})", "character 1: selected() takes 2 to 2" },
		{ "selected(${a} 'x')", "character 15: a comma" },
		{ "selected(${a},)", "character 15: a value" },
		{ "${a} == 'x'", "character 6: == is written =" },
		{ "${a} = ’x’", "character 8: ’ is written '" },
		{ "1=1 && 2=2", "character 5: && is written and" },
		{ "${a} > 5.000", "character 8: 5.000 could be" },
		{ "${a} > 5,000", "character 9: an operator or the end" },
		{ "${a} > 5000abitanti", "character 12: a number" },
		{ "${a} > 1.2.3", "character 11: a number" },
		{ "${a} # 1", "character 6: # means nothing" },
		{ "regex(., '[')", "character 1: the pattern" },
		{ "regex(., ${a})", "character 1: the pattern" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Expr) expr = expr_parse(cases[i].text, &error);

		g_test_message("%s", cases[i].text);
		g_assert_null(expr);
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
		if (!g_str_has_prefix(error->message, cases[i].start))
			g_assert_cmpstr(error->message, ==, cases[i].start);
	}
}

static char *
repeat(const char *text, guint n, const char *end)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < n; i++)
		g_string_append(all, text);
	g_string_append(all, end);
	return g_string_free(all, FALSE);
}

static void
test_limits(void)
{
	static const struct {
		const char *piece;
		guint times;
		const char *end;
	} cases[] = {
		{ "(", 40, "1" },
		{ "-", 40, "1" },
		{ "not(", 40, "1=1" },
		{ "1+", 600, "1" },
		{ "1=1 or ", 600, "1=1" },
		{ " ", 5000, "1" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = repeat(cases[i].piece, cases[i].times, cases[i].end);
		g_autoptr(GError) error = NULL;

		g_assert_null(expr_parse(text, &error));
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	}
}

/* Any mutilation of a right expression is read or refused, and never crashes. */
static void
test_cut_and_changed(void)
{
	static const char text[] =
	    "if(${a} >= .5 and not(selected(., \"x\")), round(-2 div 3, 1), pulldata('c','d','e',${n}))";
	static const char bytes[] = "(){}$'\".,=<!- \xc3";
	guint refused = 0;

	for (gsize i = 0; i < sizeof text - 1; i++)
		for (gsize b = 0; b < sizeof bytes; b++) {
			g_autofree char *changed = g_strdup(text);
			g_autoptr(Expr) expr = NULL;

			changed[i] = bytes[b];
			expr = expr_parse(changed, NULL);
			refused += expr == NULL;
		}
	g_assert_cmpuint(refused, >, 500);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/form/expr/literals-references-and-arithmetic", test_values);
	g_test_add_func(
	    "/form/expr/empty-compares-false-and-texts-as-texts-unless-numbers", test_comparisons);
	g_test_add_func("/form/expr/functions", test_functions);
	g_test_add_func("/form/expr/and-or-with-unknown-follow-kleene", test_truth_tables);
	g_test_add_func("/form/expr/precedence-is-that-of-xpath", test_precedence);
	g_test_add_func("/form/expr/truth-of-a-value", test_truth_of_values);
	g_test_add_func("/form/expr/each-reference-is-listed-once", test_references);
	g_test_add_func("/form/expr/bare-names-are-columns-of-the-choice", test_choice_columns);
	g_test_add_func("/form/expr/errors-name-the-character", test_errors_name_the_character);
	g_test_add_func("/form/expr/depth-and-length-are-limited", test_limits);
	g_test_add_func("/form/expr/no-mutilation-crashes", test_cut_and_changed);
	return g_test_run();
}

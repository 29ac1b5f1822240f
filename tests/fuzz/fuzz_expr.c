/* Expressions of a form (form/expr.h): their value, and what is left of them when a part is known. */
#include "form/expr.h"
#include "fuzz/fuzz.h"

#include <string.h>

/* Of the names only some are known before anyone answers. */
static char *
known_early(const char *name, gpointer data)
{
	(void)data;
	if (g_str_equal(name, "a"))
		return g_strdup("x");
	if (g_str_equal(name, "n"))
		return g_strdup("5");
	return NULL;
}

static char *
known_late(const char *name, gpointer data)
{
	char *early = known_early(name, data);

	if (early != NULL)
		return early;
	return g_strdup(name[0] < 'f' ? "" : name[0] < 'm' ? "uno due" : "2024-07-11");
}

static char *
pulldata(
    const char *table, const char *column, const char *key_column, const char *key, gpointer data)
{
	(void)data;
	return g_strjoin("|", table, column, key_column, key, NULL);
}

static void
check_rest(const Expr *expr)
{
	const Scope early = { .lookup = known_early, .pulldata = pulldata, .self = "3" };
	const Scope late = { .lookup = known_late, .pulldata = pulldata, .self = "3" };
	g_autoptr(Node) rest = node_rest(expr->root, &early);
	g_autoptr(Node) both = node_both(rest, expr->root);
	g_autofree char *dump = node_dump(rest);
	Truth truth = node_truth(expr->root, &early);

	g_assert_nonnull(dump);
	if (truth != TRUTH_UNKNOWN)
		g_assert_cmpint(node_truth(rest, &early), ==, truth);
	/* what is left says the same of the answers as the whole */
	g_assert_cmpint(node_truth(rest, &late), ==, node_truth(expr->root, &late));
	g_assert_cmpint(node_truth(both, &late), ==, node_truth(expr->root, &late));
}

static void
run(const guint8 *data, gsize size)
{
	const Scope none = { 0 };
	const Scope late = { .lookup = known_late, .pulldata = pulldata };
	g_autofree char *text = fuzz_text(data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(Expr) expr = expr_parse(text, &error);
	g_autoptr(GPtrArray) references = NULL;
	g_autofree char *early = NULL;
	g_autofree char *value = NULL;

	g_assert_true((expr == NULL) == (error != NULL));
	if (expr == NULL) {
		g_assert_true(
		    g_utf8_validate(error->message, -1, NULL) || !g_utf8_validate(text, -1, NULL));
		return;
	}
	references = expr_references(expr);
	early = expr_value(expr, &none);
	value = expr_value(expr, &late);
	if (early != NULL && references->len == 0 && strchr(text, '.') == NULL)
		g_assert_cmpstr(early, ==, value);
	if (node_is_condition(expr->root))
		check_rest(expr);
}

const FuzzTarget fuzz_expr = { NULL, run };

#include "form/expr.h"

#include <math.h>
#include <string.h>

Value
value_unknown(void)
{
	return (Value){ .kind = VALUE_UNKNOWN };
}

Value
value_text(char *text)
{
	return (Value){ .kind = VALUE_TEXT, .text = text };
}

/* What is no number (a division by zero) is empty. */
Value
value_number(double number)
{
	return isfinite(number) ? (Value){ .kind = VALUE_NUMBER, .number = number }
				: value_text(g_strdup(""));
}

Value
value_truth(gboolean truth)
{
	return (Value){ .kind = VALUE_TRUTH, .number = truth ? 1 : 0 };
}

void
value_clear(Value *value)
{
	g_clear_pointer(&value->text, g_free);
}

gboolean
value_is_known(const Value *value)
{
	return value->kind != VALUE_UNKNOWN;
}

gboolean
value_is_empty(const Value *value)
{
	return value->kind == VALUE_TEXT && *value->text == '\0';
}

/* 0.1 + 0.2 is 0.3, and never 3e-01. */
char *
number_text(double number)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	if (!isfinite(number))
		return g_strdup("");
	g_ascii_formatd(text, sizeof text, "%.15g", number);
	if (strchr(text, 'e') != NULL)
		return fabs(number) < 1 ? g_strdup("0") : g_strdup_printf("%.0f", number);
	return g_strdup(strcmp(text, "-0") == 0 ? "0" : text);
}

char *
value_as_text(const Value *value)
{
	switch (value->kind) {
	case VALUE_TEXT:
		return g_strdup(value->text);
	case VALUE_NUMBER:
		return number_text(value->number);
	case VALUE_TRUTH:
		return g_strdup(value->number > 0.5 ? "true" : "false");
	case VALUE_UNKNOWN:
		break;
	}
	return NULL;
}

/* Plain decimals only: "007" and "1e3" are codes, not numbers. */
static gboolean
is_number(const char *text)
{
	const char *digits = *text == '-' ? text + 1 : text;
	const char *end = digits;

	while (g_ascii_isdigit(*end))
		end++;
	if (end == digits || (*digits == '0' && end > digits + 1))
		return FALSE;
	if (*end == '.' && g_ascii_isdigit(end[1]))
		for (end++; g_ascii_isdigit(*end);)
			end++;
	return *end == '\0';
}

gboolean
value_as_number(const Value *value, double *number)
{
	switch (value->kind) {
	case VALUE_NUMBER:
	case VALUE_TRUTH:
		*number = value->number;
		return TRUE;
	case VALUE_TEXT:
		if (!is_number(value->text))
			return FALSE;
		*number = g_ascii_strtod(value->text, NULL);
		return TRUE;
	case VALUE_UNKNOWN:
		break;
	}
	return FALSE;
}

Truth
value_as_truth(const Value *value)
{
	double number;

	if (!value_is_known(value))
		return TRUTH_UNKNOWN;
	if (value_is_empty(value))
		return TRUTH_FALSE;
	if (value_as_number(value, &number))
		return fabs(number) > 0 ? TRUTH_TRUE : TRUTH_FALSE;
	return TRUTH_TRUE;
}

/* Decimals are not exact in binary: 33.3 + 33.3 + 33.4 must be 100. */
static int
compare_numbers(double one, double other)
{
	double slack = 1e-9 * fmax(1, fmax(fabs(one), fabs(other)));

	if (fabs(one - other) <= slack)
		return 0;
	return one < other ? -1 : 1;
}

static gboolean
holds(Operator op, int order)
{
	switch (op) {
	case OP_EQUAL:
		return order == 0;
	case OP_DIFFERS:
		return order != 0;
	case OP_LESS:
		return order < 0;
	case OP_LESS_EQUAL:
		return order <= 0;
	case OP_GREATER:
		return order > 0;
	case OP_GREATER_EQUAL:
		return order >= 0;
	case OP_ADD:
	case OP_SUBTRACT:
	case OP_MULTIPLY:
	case OP_DIVIDE:
	case OP_REMAINDER:
		break;
	}
	g_assert_not_reached();
}

static gboolean
is_nothing(const Node *node)
{
	return node->kind == NODE_TEXT && *node->text == '\0';
}

/* ${x} = '' and ${x} != '' ask whether there is an answer. */
static Value
compare_with_nothing(const Node *node, const Value *one, const Value *other)
{
	const Value *asked = is_nothing(node_child(node, 0)) ? other : one;

	if (!value_is_known(asked))
		return value_unknown();
	return value_truth(value_is_empty(asked) == (node->op == OP_EQUAL));
}

static Value
compare(const Node *node, const Scope *scope)
{
	g_auto(Value) one = node_value(node_child(node, 0), scope);
	g_auto(Value) other = node_value(node_child(node, 1), scope);
	double left, right;

	if ((node->op == OP_EQUAL || node->op == OP_DIFFERS) &&
	    (is_nothing(node_child(node, 0)) || is_nothing(node_child(node, 1))))
		return compare_with_nothing(node, &one, &other);
	if (value_is_empty(&one) || value_is_empty(&other))
		return value_truth(FALSE);
	if (!value_is_known(&one) || !value_is_known(&other))
		return value_unknown();
	if (value_as_number(&one, &left) && value_as_number(&other, &right))
		return value_truth(holds(node->op, compare_numbers(left, right)));
	{
		g_autofree char *first = value_as_text(&one);
		g_autofree char *second = value_as_text(&other);

		return value_truth(holds(node->op, strcmp(first, second)));
	}
}

static double
calculate(Operator op, double one, double other)
{
	switch (op) {
	case OP_ADD:
		return one + other;
	case OP_SUBTRACT:
		return one - other;
	case OP_MULTIPLY:
		return one * other;
	case OP_DIVIDE:
		return one / other; /* by zero: no finite number, so empty */
	case OP_REMAINDER:
		return fmod(one, other);
	case OP_EQUAL:
	case OP_DIFFERS:
	case OP_LESS:
	case OP_LESS_EQUAL:
	case OP_GREATER:
	case OP_GREATER_EQUAL:
		break;
	}
	g_assert_not_reached();
}

/* With an empty part, or one that is no number, the whole is empty: nothing is taken for zero. */
static Value
arithmetic(const Node *node, const Scope *scope)
{
	g_auto(Value) one = node_value(node_child(node, 0), scope);
	g_auto(Value) other = node_value(node_child(node, 1), scope);
	double left, right;

	if (value_is_empty(&one) || value_is_empty(&other))
		return value_text(g_strdup(""));
	if (!value_is_known(&one) || !value_is_known(&other))
		return value_unknown();
	if (!value_as_number(&one, &left) || !value_as_number(&other, &right))
		return value_text(g_strdup(""));
	return value_number(calculate(node->op, left, right));
}

static Value
negate(const Node *node, const Scope *scope)
{
	g_auto(Value) value = node_value(node_child(node, 0), scope);
	double number;

	if (!value_is_known(&value))
		return value_unknown();
	return value_as_number(&value, &number) ? value_number(-number) : value_text(g_strdup(""));
}

/* Kleene's and, or: one decisive part settles it, whatever is unknown. */
static Value
join(const Node *node, const Scope *scope)
{
	Truth decisive = node->kind == NODE_AND ? TRUTH_FALSE : TRUTH_TRUE;
	gboolean unknown = FALSE;

	for (guint i = 0; i < node_children(node); i++) {
		Truth truth = node_truth(node_child(node, i), scope);

		if (truth == decisive)
			return value_truth(decisive == TRUTH_TRUE);
		unknown = unknown || truth == TRUTH_UNKNOWN;
	}
	return unknown ? value_unknown() : value_truth(decisive != TRUTH_TRUE);
}

static Value
look_up(const char *name, const Scope *scope)
{
	char *value = scope->lookup != NULL ? scope->lookup(name, scope->data) : NULL;

	return value != NULL ? value_text(value) : value_unknown();
}

static Value
column(const char *name, const Scope *scope)
{
	const char *value;

	if (scope->choice == NULL)
		return value_unknown();
	if (strcmp(name, "name") == 0)
		return value_text(g_strdup(scope->choice->name));
	value = g_hash_table_lookup(scope->choice->columns, name);
	return value_text(g_strdup(value != NULL ? value : ""));
}

Value
node_value(const Node *node, const Scope *scope)
{
	switch (node->kind) {
	case NODE_TEXT:
		return value_text(g_strdup(node->text));
	case NODE_NUMBER:
		return value_number(node->number);
	case NODE_TRUTH:
		return value_truth(node->number > 0.5);
	case NODE_REFERENCE:
		return look_up(node->text, scope);
	case NODE_SELF:
		return scope->self != NULL ? value_text(g_strdup(scope->self)) : value_unknown();
	case NODE_COLUMN:
		return column(node->text, scope);
	case NODE_AND:
	case NODE_OR:
		return join(node, scope);
	case NODE_COMPARE:
		return compare(node, scope);
	case NODE_ARITHMETIC:
		return arithmetic(node, scope);
	case NODE_NEGATE:
		return negate(node, scope);
	case NODE_CALL:
		return node->function->call(node, scope);
	}
	g_assert_not_reached();
}

Truth
node_truth(const Node *node, const Scope *scope)
{
	g_auto(Value) value = node_value(node, scope);

	return value_as_truth(&value);
}

Truth
expr_truth(const Expr *expr, const Scope *scope)
{
	return node_truth(expr->root, scope);
}

char *
expr_value(const Expr *expr, const Scope *scope)
{
	g_auto(Value) value = node_value(expr->root, scope);

	return value_as_text(&value);
}

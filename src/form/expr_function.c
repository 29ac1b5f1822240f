#include "form/expr.h"

#include <math.h>
#include <string.h>

static Value
argument(const Node *node, guint i, const Scope *scope)
{
	return node_value(node_child(node, i), scope);
}

static Value
call_true(const Node *node, const Scope *scope)
{
	(void)node;
	(void)scope;
	return value_truth(TRUE);
}

static Value
call_false(const Node *node, const Scope *scope)
{
	(void)node;
	(void)scope;
	return value_truth(FALSE);
}

static Value
call_not(const Node *node, const Scope *scope)
{
	Truth truth = node_truth(node_child(node, 0), scope);

	return truth == TRUTH_UNKNOWN ? value_unknown() : value_truth(truth == TRUTH_FALSE);
}

static Value
call_selected(const Node *node, const Scope *scope)
{
	g_auto(Value) list = argument(node, 0, scope);
	g_auto(Value) name = argument(node, 1, scope);
	g_autofree char *names = NULL;
	g_autofree char *wanted = NULL;
	g_auto(GStrv) words = NULL;

	if (value_is_empty(&list) || value_is_empty(&name))
		return value_truth(FALSE);
	if (!value_is_known(&list) || !value_is_known(&name))
		return value_unknown();
	names = value_as_text(&list);
	wanted = value_as_text(&name);
	words = g_strsplit(names, " ", -1);
	return value_truth(g_strv_contains((const char *const *)words, wanted));
}

static Value
call_count_selected(const Node *node, const Scope *scope)
{
	g_auto(Value) list = argument(node, 0, scope);
	g_autofree char *names = value_as_text(&list);
	g_auto(GStrv) words = NULL;
	guint n = 0;

	if (names == NULL)
		return value_unknown();
	words = g_strsplit(names, " ", -1);
	for (gsize i = 0; words[i] != NULL; i++)
		n += *words[i] != '\0';
	return value_number(n);
}

static Value
call_string_length(const Node *node, const Scope *scope)
{
	g_auto(Value) value = argument(node, 0, scope);
	g_autofree char *text = value_as_text(&value);
	glong length = text != NULL ? g_utf8_strlen(text, -1) : 0;

	return text != NULL ? value_number((double)length) : value_unknown();
}

static Value
call_regex(const Node *node, const Scope *scope)
{
	g_auto(Value) value = argument(node, 0, scope);
	g_autofree char *text = value_as_text(&value);

	if (text == NULL)
		return value_unknown();
	return value_truth(
	    *text != '\0' && g_regex_match(node->pattern, text, (GRegexMatchFlags)0, NULL));
}

static Value
call_coalesce(const Node *node, const Scope *scope)
{
	g_auto(Value) value = argument(node, 0, scope);

	if (!value_is_known(&value))
		return value_unknown();
	if (value_is_empty(&value))
		return argument(node, 1, scope);
	return value_text(value_as_text(&value));
}

static Value
call_if(const Node *node, const Scope *scope)
{
	Truth truth = node_truth(node_child(node, 0), scope);
	g_auto(Value) one = value_unknown();
	g_auto(Value) other = value_unknown();
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;

	if (truth != TRUTH_UNKNOWN)
		return argument(node, truth == TRUTH_TRUE ? 1 : 2, scope);
	one = argument(node, 1, scope);
	other = argument(node, 2, scope);
	first = value_as_text(&one);
	second = value_as_text(&other);
	if (first == NULL || second == NULL || strcmp(first, second) != 0)
		return value_unknown();
	return argument(node, 1, scope);
}

static Value
call_number(const Node *node, const Scope *scope)
{
	g_auto(Value) value = argument(node, 0, scope);
	double number;

	if (!value_is_known(&value))
		return value_unknown();
	return value_as_number(&value, &number) ? value_number(number) : value_text(g_strdup(""));
}

/* round(x) or round(x, places): half away from zero, as on paper. */
static Value
call_round(const Node *node, const Scope *scope)
{
	g_auto(Value) value = argument(node, 0, scope);
	g_auto(Value) places = node_children(node) > 1 ? argument(node, 1, scope) : value_number(0);
	double number, digits, scale;

	if (!value_is_known(&value) || !value_is_known(&places))
		return value_unknown();
	if (!value_as_number(&value, &number) || !value_as_number(&places, &digits))
		return value_text(g_strdup(""));
	scale = pow(10, round(digits));
	/* 2.675 is a little less in binary: the text decides, which has 15 digits */
	{
		g_autofree char *scaled = number_text(number * scale);

		return value_number(round(g_ascii_strtod(scaled, NULL)) / scale);
	}
}

static Value
call_pulldata(const Node *node, const Scope *scope)
{
	g_auto(GStrv) words = g_new0(char *, 5);
	char *text;

	for (guint i = 0; i < 4; i++) {
		g_auto(Value) value = argument(node, i, scope);

		words[i] = value_as_text(&value);
		if (words[i] == NULL)
			return value_unknown();
	}
	if (scope->pulldata == NULL)
		return value_unknown();
	text = scope->pulldata(words[0], words[1], words[2], words[3], scope->data);
	return text != NULL ? value_text(text) : value_unknown();
}

static const Function functions[] = {
	{ "coalesce", 2, 2, FALSE, call_coalesce },
	{ "count-selected", 1, 1, FALSE, call_count_selected },
	{ "false", 0, 0, TRUE, call_false },
	{ "if", 3, 3, FALSE, call_if },
	{ "not", 1, 1, TRUE, call_not },
	{ "number", 1, 1, FALSE, call_number },
	{ "pulldata", 4, 4, FALSE, call_pulldata },
	{ "regex", 2, 2, TRUE, call_regex },
	{ "round", 1, 2, FALSE, call_round },
	{ "selected", 2, 2, TRUE, call_selected },
	{ "string-length", 1, 1, FALSE, call_string_length },
	{ "true", 0, 0, TRUE, call_true },
};

const Function *
function_find(const char *name, gsize length)
{
	for (gsize i = 0; i < G_N_ELEMENTS(functions); i++)
		if (strlen(functions[i].name) == length &&
		    strncmp(functions[i].name, name, length) == 0)
			return &functions[i];
	return NULL;
}

gboolean
function_is(const Node *node, const char *name)
{
	return node->kind == NODE_CALL && strcmp(node->function->name, name) == 0;
}

char *
function_names(void)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(functions); i++)
		g_string_append_printf(names, "%s%s()", i > 0 ? ", " : "", functions[i].name);
	return g_string_free(g_steal_pointer(&names), FALSE);
}

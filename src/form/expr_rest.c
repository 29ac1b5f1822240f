#include "form/expr.h"

#include <string.h>

static Node *
node_of_truth(gboolean truth)
{
	Node *node = node_new(NODE_TRUTH);

	node->number = truth ? 1 : 0;
	return node;
}

static Node *
node_of_value(const Value *value)
{
	Node *node;

	if (value->kind == VALUE_TRUTH)
		return node_of_truth(value->number > 0.5);
	node = node_new(value->kind == VALUE_NUMBER ? NODE_NUMBER : NODE_TEXT);
	node->number = value->number;
	node->text = value_as_text(value);
	return node;
}

static gboolean
is_there(const GPtrArray *nodes, const Node *node)
{
	g_autofree char *dump = node_dump(node);

	for (guint i = 0; i < nodes->len; i++) {
		g_autofree char *other = node_dump(g_ptr_array_index(nodes, i));

		if (strcmp(dump, other) == 0)
			return TRUE;
	}
	return FALSE;
}

/* Adds a part of an and or an or; a part that is one itself gives its own parts, and nothing is said twice. */
static void
add_part(Node *joined, Node *part)
{
	g_autoptr(Node) owned = part;

	if (part->kind == joined->kind) {
		for (guint i = 0; i < node_children(part); i++)
			add_part(joined, node_copy(node_child(part, i)));
	} else if (!is_there(joined->children, part)) {
		g_ptr_array_add(joined->children, g_steal_pointer(&owned));
	}
}

static Node *
sole(Node *joined)
{
	g_autoptr(Node) owned = joined;

	if (node_children(joined) == 0)
		return node_of_truth(joined->kind == NODE_AND);
	if (node_children(joined) == 1)
		return g_ptr_array_steal_index(joined->children, 0);
	return g_steal_pointer(&owned);
}

/* Unknown as a whole: so no part is decisive, and the known ones add nothing. */
static Node *
rest_of_joined(const Node *node, const Scope *scope)
{
	Node *joined = node_new(node->kind);

	for (guint i = 0; i < node_children(node); i++) {
		g_autoptr(Node) part = node_rest(node_child(node, i), scope);

		if (part->kind != NODE_TRUTH)
			add_part(joined, g_steal_pointer(&part));
	}
	return sole(joined);
}

Node *
node_rest(const Node *node, const Scope *scope)
{
	g_auto(Value) value = node_value(node, scope);
	Node *rest;

	if (value_is_known(&value))
		return node_of_value(&value);
	if (node->kind == NODE_AND || node->kind == NODE_OR)
		return rest_of_joined(node, scope);
	if (function_is(node, "if")) {
		Truth truth = node_truth(node_child(node, 0), scope);

		if (truth != TRUTH_UNKNOWN)
			return node_rest(node_child(node, truth == TRUTH_TRUE ? 1 : 2), scope);
	}
	rest = node_copy_alone(node);
	for (guint i = 0; i < node_children(node); i++)
		g_ptr_array_add(rest->children, node_rest(node_child(node, i), scope));
	return rest;
}

Node *
node_both(const Node *one, const Node *other)
{
	const Node *parts[] = { one, other };
	g_autoptr(Node) joined = node_new(NODE_AND);

	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (parts[i]->kind != NODE_TRUTH)
			add_part(joined, node_copy(parts[i]));
		else if (parts[i]->number < 0.5)
			return node_of_truth(FALSE);
	}
	return sole(g_steal_pointer(&joined));
}

static void
dump(const Node *node, GString *out)
{
	static const char *const kinds[] = { "text", "number", "truth", "ref", "self", "column",
		"and", "or", "compare", "arithmetic", "negate", "call" };

	g_string_append_printf(out, "(%s", kinds[node->kind]);
	if (node->kind == NODE_COMPARE || node->kind == NODE_ARITHMETIC)
		g_string_append_printf(out, " %d", (int)node->op);
	if (node->kind == NODE_CALL)
		g_string_append_printf(out, " %s", node->function->name);
	if (node->kind == NODE_TRUTH)
		g_string_append_printf(out, " %d", node->number > 0.5);
	if (node->text != NULL)
		g_string_append_printf(out, " %zu:%s", strlen(node->text), node->text);
	for (guint i = 0; i < node_children(node); i++)
		dump(node_child(node, i), out);
	g_string_append_c(out, ')');
}

char *
node_dump(const Node *node)
{
	g_autoptr(GString) out = g_string_new(NULL);

	dump(node, out);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

#include "form/expr.h"

#include "base/error.h"

#include <string.h>

typedef struct {
	Lexer lexer;
	guint depth;
	guint nodes;
} Parser;

static Node *parse_or(Parser *parser, GError **error);

Node *
node_new(NodeKind kind)
{
	Node *node = g_new0(Node, 1);

	node->kind = kind;
	if (kind >= NODE_AND)
		node->children = g_ptr_array_new_with_free_func((GDestroyNotify)node_free);
	return node;
}

Node *
node_copy_alone(const Node *node)
{
	Node *copy = node_new(node->kind);

	copy->op = node->op;
	copy->function = node->function;
	copy->text = g_strdup(node->text);
	copy->number = node->number;
	if (node->pattern != NULL)
		copy->pattern = g_regex_ref(node->pattern);
	return copy;
}

Node *
node_copy(const Node *node)
{
	Node *copy = node_copy_alone(node);

	for (guint i = 0; i < node_children(node); i++)
		g_ptr_array_add(copy->children, node_copy(node_child(node, i)));
	return copy;
}

void
node_free(Node *node)
{
	if (node == NULL)
		return;
	g_free(node->text);
	g_clear_pointer(&node->pattern, g_regex_unref);
	g_clear_pointer(&node->children, g_ptr_array_unref);
	g_free(node);
}

Node *
node_child(const Node *node, guint i)
{
	return g_ptr_array_index(node->children, i);
}

guint
node_children(const Node *node)
{
	return node->children != NULL ? node->children->len : 0;
}

gboolean
node_is_condition(const Node *node)
{
	switch (node->kind) {
	case NODE_TRUTH:
	case NODE_AND:
	case NODE_OR:
	case NODE_COMPARE:
		return TRUE;
	case NODE_CALL:
		if (function_is(node, "if"))
			return node_is_condition(node_child(node, 1)) &&
			       node_is_condition(node_child(node, 2));
		return node->function->logical;
	case NODE_TEXT:
	case NODE_NUMBER:
	case NODE_REFERENCE:
	case NODE_SELF:
	case NODE_COLUMN:
	case NODE_ARITHMETIC:
	case NODE_NEGATE:
		break;
	}
	return FALSE;
}

/* Returns: (transfer full), NULL at the limit */
static Node *
make(Parser *parser, NodeKind kind, GError **error)
{
	if (++parser->nodes > EXPR_NODES_MAX) {
		fail(error, PLICO_ERROR_INPUT,
		    _("character %u: the expression is too long; put parts of it in calculate rows"),
		    lexer_position(&parser->lexer));
		return NULL;
	}
	return node_new(kind);
}

/* A value where a condition belongs would be true as soon as anything is answered. */
static gboolean
expect_condition(const Node *node, guint position, GError **error)
{
	if (node_is_condition(node))
		return TRUE;
	return fail(error, PLICO_ERROR_INPUT,
	    _("character %u: a condition is expected (with =, <, selected() or the like), not a value"),
	    position);
}

static Node *
parse_leaf(Parser *parser, NodeKind kind, GError **error)
{
	Lexer *lexer = &parser->lexer;
	g_autoptr(Node) node = make(parser, kind, error);

	if (node == NULL)
		return NULL;
	node->text = g_strndup(lexer->content, lexer->length);
	if (kind == NODE_NUMBER)
		node->number = g_ascii_strtod(node->text, NULL);
	return lexer_next(lexer, error) ? g_steal_pointer(&node) : NULL;
}

static gboolean
parse_arguments(Parser *parser, Node *call, GError **error)
{
	Lexer *lexer = &parser->lexer;

	while (lexer->kind != TOKEN_CLOSE) {
		Node *argument;

		if (call->children->len > 0) {
			if (lexer->kind != TOKEN_COMMA)
				return fail(error, PLICO_ERROR_INPUT,
				    _("character %u: a comma or ) is expected in %s()"),
				    lexer_position(lexer), call->function->name);
			if (!lexer_next(lexer, error))
				return FALSE;
		}
		argument = parse_or(parser, error);
		if (argument == NULL)
			return FALSE;
		g_ptr_array_add(call->children, argument);
	}
	return lexer_next(lexer, error);
}

/* Patterns are compiled when the form is read, so that a wrong one is its author's error; they must fit the whole
 * answer, as in ODK. */
static gboolean
compile_pattern(Node *call, guint position, GError **error)
{
	const Node *pattern = node_child(call, 1);
	g_autofree char *whole = NULL;
	g_autoptr(GError) why = NULL;

	if (pattern->kind != NODE_TEXT)
		return fail(error, PLICO_ERROR_INPUT,
		    _("character %u: the pattern of regex() must stand in quotes"), position);
	whole = g_strdup_printf("\\A(?:%s)\\z", pattern->text);
	call->pattern = g_regex_new(whole, G_REGEX_OPTIMIZE, (GRegexMatchFlags)0, &why);
	if (call->pattern == NULL)
		return fail(error, PLICO_ERROR_INPUT, _("character %u: the pattern of regex(): %s"),
		    position, why->message);
	return TRUE;
}

static gboolean
check_call(Node *call, guint position, GError **error)
{
	const Function *function = call->function;

	if (call->children->len < function->least || call->children->len > function->most)
		return fail(error, PLICO_ERROR_INPUT,
		    _("character %u: %s() takes %u to %u arguments, not %u"), position,
		    function->name, function->least, function->most, call->children->len);
	if (function_is(call, "regex"))
		return compile_pattern(call, position, error);
	if (function_is(call, "not") || function_is(call, "if"))
		return expect_condition(node_child(call, 0), position, error);
	return TRUE;
}

/* A name: a function where ( follows, otherwise a column of the choices. */
static Node *
parse_name(Parser *parser, GError **error)
{
	Lexer *lexer = &parser->lexer;
	const Function *function = function_find(lexer->content, lexer->length);
	g_autofree char *name = g_strndup(lexer->content, lexer->length);
	guint position = lexer_position(lexer);
	g_autoptr(Node) node = make(parser, NODE_CALL, error);

	if (node == NULL || !lexer_next(lexer, error))
		return NULL;
	if (lexer->kind != TOKEN_OPEN) {
		Node *column = node_new(NODE_COLUMN);

		column->text = g_steal_pointer(&name);
		return column;
	}
	if (function == NULL) {
		g_autofree char *names = function_names();

		fail(error, PLICO_ERROR_INPUT, _("character %u: unknown function %s(); known: %s"),
		    position, name, names);
		return NULL;
	}
	node->function = function;
	if (!lexer_next(lexer, error) || !parse_arguments(parser, node, error) ||
	    !check_call(node, position, error))
		return NULL;
	return g_steal_pointer(&node);
}

static Node *
parse_brackets(Parser *parser, GError **error)
{
	Lexer *lexer = &parser->lexer;
	guint position = lexer_position(lexer);
	g_autoptr(Node) node = NULL;

	if (!lexer_next(lexer, error))
		return NULL;
	node = parse_or(parser, error);
	if (node == NULL)
		return NULL;
	if (lexer->kind != TOKEN_CLOSE) {
		fail(error, PLICO_ERROR_INPUT,
		    _("character %u: ) is expected, for the ( at character %u"),
		    lexer_position(lexer), position);
		return NULL;
	}
	return lexer_next(lexer, error) ? g_steal_pointer(&node) : NULL;
}

static Node *
parse_primary(Parser *parser, GError **error)
{
	Lexer *lexer = &parser->lexer;

	switch (lexer->kind) {
	case TOKEN_TEXT:
		return parse_leaf(parser, NODE_TEXT, error);
	case TOKEN_NUMBER:
		return parse_leaf(parser, NODE_NUMBER, error);
	case TOKEN_REFERENCE:
		return parse_leaf(parser, NODE_REFERENCE, error);
	case TOKEN_SELF:
		return parse_leaf(parser, NODE_SELF, error);
	case TOKEN_NAME:
		return parse_name(parser, error);
	case TOKEN_OPEN:
		return parse_brackets(parser, error);
	case TOKEN_END:
		fail(error, PLICO_ERROR_INPUT,
		    _("character %u: the expression ends too early; a value is expected"),
		    lexer_position(lexer));
		return NULL;
	case TOKEN_CLOSE:
	case TOKEN_COMMA:
	case TOKEN_OPERATOR:
		break;
	}
	fail(error, PLICO_ERROR_INPUT, _("character %u: a value is expected, not %.*s"),
	    lexer_position(lexer), (int)lexer->length, lexer->content);
	return NULL;
}

static Node *
parse_unary(Parser *parser, GError **error)
{
	Lexer *lexer = &parser->lexer;
	g_autoptr(Node) node = NULL;

	if (++parser->depth > EXPR_DEPTH_MAX) {
		fail(error, PLICO_ERROR_INPUT,
		    _("character %u: brackets are nested more than %d deep"), lexer_position(lexer),
		    EXPR_DEPTH_MAX);
		return NULL;
	}
	if (lexer->kind == TOKEN_OPERATOR && lexer->op == OP_SUBTRACT) {
		g_autoptr(Node) negate = make(parser, NODE_NEGATE, error);

		if (negate == NULL || !lexer_next(lexer, error))
			return NULL;
		node = parse_unary(parser, error);
		if (node == NULL)
			return NULL;
		g_ptr_array_add(negate->children, g_steal_pointer(&node));
		node = g_steal_pointer(&negate);
	} else {
		node = parse_primary(parser, error);
	}
	parser->depth--;
	return g_steal_pointer(&node);
}

/* From tight to loose: 0 multiplies, 1 adds. */
static gboolean
is_arithmetic(const Lexer *lexer, guint level, Operator *op)
{
	*op = lexer->op;
	if (level == 0 && lexer_is(lexer, "div")) {
		*op = OP_DIVIDE;
		return TRUE;
	}
	if (level == 0 && lexer_is(lexer, "mod")) {
		*op = OP_REMAINDER;
		return TRUE;
	}
	if (lexer->kind != TOKEN_OPERATOR)
		return FALSE;
	return level == 0 ? *op == OP_MULTIPLY : *op == OP_ADD || *op == OP_SUBTRACT;
}

static Node *
parse_arithmetic(Parser *parser, guint level, GError **error)
{
	g_autoptr(Node) left =
	    level == 0 ? parse_unary(parser, error) : parse_arithmetic(parser, level - 1, error);
	Operator op;

	while (left != NULL && is_arithmetic(&parser->lexer, level, &op)) {
		g_autoptr(Node) node = make(parser, NODE_ARITHMETIC, error);
		Node *right;

		if (node == NULL || !lexer_next(&parser->lexer, error))
			return NULL;
		right = level == 0 ? parse_unary(parser, error)
				   : parse_arithmetic(parser, level - 1, error);
		if (right == NULL)
			return NULL;
		node->op = op;
		g_ptr_array_add(node->children, g_steal_pointer(&left));
		g_ptr_array_add(node->children, right);
		left = g_steal_pointer(&node);
	}
	return g_steal_pointer(&left);
}

static gboolean
at_comparison(const Lexer *lexer)
{
	return lexer->kind == TOKEN_OPERATOR && lexer->op <= OP_GREATER_EQUAL;
}

static Node *
parse_comparison(Parser *parser, GError **error)
{
	Lexer *lexer = &parser->lexer;
	g_autoptr(Node) left = parse_arithmetic(parser, 1, error);
	g_autoptr(Node) node = NULL;
	Node *right;

	if (left == NULL || !at_comparison(lexer))
		return g_steal_pointer(&left);
	node = make(parser, NODE_COMPARE, error);
	if (node == NULL)
		return NULL;
	node->op = lexer->op;
	if (!lexer_next(lexer, error))
		return NULL;
	right = parse_arithmetic(parser, 1, error);
	if (right == NULL)
		return NULL;
	g_ptr_array_add(node->children, g_steal_pointer(&left));
	g_ptr_array_add(node->children, right);
	if (at_comparison(lexer)) {
		fail(error, PLICO_ERROR_INPUT,
		    _("character %u: two comparisons in a row: join them with and"),
		    lexer_position(lexer));
		return NULL;
	}
	return g_steal_pointer(&node);
}

static Node *
parse_joined(Parser *parser, NodeKind kind, GError **error)
{
	Lexer *lexer = &parser->lexer;
	const char *word = kind == NODE_AND ? "and" : "or";
	g_autoptr(Node) joined = NULL;
	guint position = lexer_position(lexer);
	g_autoptr(Node) first = kind == NODE_AND ? parse_comparison(parser, error)
						 : parse_joined(parser, NODE_AND, error);

	if (first == NULL || !lexer_is(lexer, word))
		return g_steal_pointer(&first);
	joined = make(parser, kind, error);
	if (joined == NULL || !expect_condition(first, position, error))
		return NULL;
	g_ptr_array_add(joined->children, g_steal_pointer(&first));
	while (lexer_is(lexer, word)) {
		Node *next;

		if (!lexer_next(lexer, error))
			return NULL;
		position = lexer_position(lexer);
		next = kind == NODE_AND ? parse_comparison(parser, error)
					: parse_joined(parser, NODE_AND, error);
		if (next == NULL)
			return NULL;
		g_ptr_array_add(joined->children, next);
		if (!expect_condition(next, position, error))
			return NULL;
	}
	return g_steal_pointer(&joined);
}

static Node *
parse_or(Parser *parser, GError **error)
{
	return parse_joined(parser, NODE_OR, error);
}

static void
collect_references(const Node *node, GPtrArray *names)
{
	if (node->kind == NODE_REFERENCE &&
	    !g_ptr_array_find_with_equal_func(names, node->text, g_str_equal, NULL))
		g_ptr_array_add(names, g_strdup(node->text));
	for (guint i = 0; i < node_children(node); i++)
		collect_references(node_child(node, i), names);
}

Expr *
expr_parse(const char *text, GError **error)
{
	Parser parser = { .lexer = { .text = text, .next = text } };
	g_autoptr(Node) root = NULL;
	Expr *expr;

	if (!g_utf8_validate(text, -1, NULL) || g_utf8_strlen(text, -1) > FORM_TEXT_MAX) {
		fail(error, PLICO_ERROR_INPUT,
		    _("the expression is not UTF-8, or longer than %d characters"), FORM_TEXT_MAX);
		return NULL;
	}
	if (!lexer_next(&parser.lexer, error))
		return NULL;
	root = parse_or(&parser, error);
	if (root == NULL)
		return NULL;
	if (parser.lexer.kind != TOKEN_END) {
		fail(error, PLICO_ERROR_INPUT,
		    _("character %u: an operator or the end is expected, not %.*s"),
		    lexer_position(&parser.lexer), (int)parser.lexer.length, parser.lexer.content);
		return NULL;
	}
	expr = g_new0(Expr, 1);
	expr->text = g_strdup(text);
	expr->root = g_steal_pointer(&root);
	expr->references = g_ptr_array_new_with_free_func(g_free);
	collect_references(expr->root, expr->references);
	return expr;
}

void
expr_free(Expr *expr)
{
	if (expr == NULL)
		return;
	g_free(expr->text);
	node_free(expr->root);
	g_ptr_array_unref(expr->references);
	g_free(expr);
}

GPtrArray *
expr_references(const Expr *expr)
{
	GPtrArray *names = g_ptr_array_sized_new(expr->references->len);

	for (guint i = 0; i < expr->references->len; i++)
		g_ptr_array_add(names, g_ptr_array_index(expr->references, i));
	return names;
}

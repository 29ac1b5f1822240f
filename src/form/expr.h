/*
 * Inside form/: the tree of an expression, its values, and what is left of it when a part is known.
 *
 * The grammar is XPath 1.0 as XLSForm uses it, without paths: see forms/README.md. Values are text, as answers are; a text
 * that is a plain decimal number counts as one, "007" does not.
 */
#ifndef PLICO_FORM_EXPR_H
#define PLICO_FORM_EXPR_H

#include "form/form.h"

#define EXPR_DEPTH_MAX 32  /* of brackets and calls */
#define EXPR_NODES_MAX 500 /* of one expression */

typedef struct Function Function;
typedef struct Node Node;

typedef enum {
	NODE_TEXT,	/* 'no' */
	NODE_NUMBER,	/* 5000 */
	NODE_TRUTH,	/* what a known part of a condition has become */
	NODE_REFERENCE, /* ${text} */
	NODE_SELF,	/* . */
	NODE_COLUMN,	/* a bare name: a column of choices.csv */
	NODE_AND,	/* any number of children, from two */
	NODE_OR,
	NODE_COMPARE,	 /* by op; two children */
	NODE_ARITHMETIC, /* by op; two children */
	NODE_NEGATE,	 /* one child */
	NODE_CALL	 /* function, with its arguments */
} NodeKind;

typedef enum {
	OP_EQUAL,
	OP_DIFFERS,
	OP_LESS,
	OP_LESS_EQUAL,
	OP_GREATER,
	OP_GREATER_EQUAL,
	OP_ADD,
	OP_SUBTRACT,
	OP_MULTIPLY,
	OP_DIVIDE,
	OP_REMAINDER
} Operator;

struct Node {
	NodeKind kind;
	Operator op;
	const Function *function;
	char *text;	     /* of a literal; the name of a reference or column */
	double number;	     /* of NODE_NUMBER; 0 or 1 of NODE_TRUTH */
	GRegex *pattern;     /* of a call to regex() */
	GPtrArray *children; /* of Node, owned; NULL for leaves */
};

struct Expr {
	char *text;
	Node *root;
	GPtrArray *references; /* of char *, each once */
};

typedef enum { VALUE_UNKNOWN, VALUE_TEXT, VALUE_NUMBER, VALUE_TRUTH } ValueKind;

typedef struct {
	ValueKind kind;
	char *text;    /* of VALUE_TEXT */
	double number; /* of VALUE_NUMBER; 0 or 1 of VALUE_TRUTH */
} Value;

struct Function {
	const char *name;
	guint least; /* arguments */
	guint most;
	gboolean logical; /* gives true or false */
	Value (*call)(const Node *node, const Scope *scope);
};

/* --- expr_lex.c */

typedef enum {
	TOKEN_END,
	TOKEN_TEXT,
	TOKEN_NUMBER,
	TOKEN_REFERENCE,
	TOKEN_NAME,
	TOKEN_SELF,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_COMMA,
	TOKEN_OPERATOR
} TokenKind;

typedef struct {
	const char *text; /* the whole expression */
	const char *next; /* what is not read yet */
	TokenKind kind;	  /* of the token read last */
	const char *start;
	const char *content; /* without quotes or ${ } */
	gsize length;	     /* of content */
	Operator op;	     /* of TOKEN_OPERATOR */
} Lexer;

/* Reads the next token into @lexer. */
gboolean lexer_next(Lexer *lexer, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The character, from 1, at which the token read last begins. */
guint lexer_position(const Lexer *lexer);
/* Whether the token read last is the word @name. */
gboolean lexer_is(const Lexer *lexer, const char *name);
/* A name of a question, list or choice: an ASCII letter, then letters, digits and _, at most FORM_NAME_MAX. */
gboolean name_is_good(const char *text, gsize length);

/* --- expr_parse.c */

Node *node_new(NodeKind kind);
Node *node_copy(const Node *node);
Node *node_copy_alone(const Node *node); /* without its children */
void node_free(Node *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Node, node_free)
Node *node_child(const Node *node, guint i);
guint node_children(const Node *node);
/* Whether it gives true or false, and not a value. */
gboolean node_is_condition(const Node *node);

/* --- expr_function.c */

const Function *function_find(const char *name, gsize length);
gboolean function_is(const Node *node, const char *name);
/* The names of all, for messages. Returns: (transfer full) */
char *function_names(void);

/* --- expr_eval.c */

Value value_unknown(void);
Value value_text(char *text); /* @text: (transfer full) */
Value value_number(double number);
Value value_truth(gboolean truth);
void value_clear(Value *value);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Value, value_clear)
gboolean value_is_known(const Value *value);
gboolean value_is_empty(const Value *value);
/* Returns: (transfer full) */
char *value_as_text(const Value *value);
gboolean value_as_number(const Value *value, double *number);
Truth value_as_truth(const Value *value);
/* A number as canonical text. Returns: (transfer full) */
char *number_text(double number);

Value node_value(const Node *node, const Scope *scope);
Truth node_truth(const Node *node, const Scope *scope);

/* --- expr_rest.c */

/* What is left of a condition when all that @scope knows is put in: a NODE_TRUTH where nothing is left.
 * Returns: (transfer full) */
Node *node_rest(const Node *node, const Scope *scope);
/* One condition of both. Returns: (transfer full) */
Node *node_both(const Node *one, const Node *other);
/* Equal trees, equal text. Returns: (transfer full) */
char *node_dump(const Node *node);

#endif

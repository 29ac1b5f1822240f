/* What the expressions of a form say to each other: references, comparisons with choices, registry data, cycles. */
#include "form/read.h"
#include "form/view.h"

#include "base/error.h"

#include <string.h>

static const FormColumn expr_columns[] = { SURVEY_RELEVANT, SURVEY_REQUIRED, SURVEY_CONSTRAINT,
	SURVEY_CALCULATION, SURVEY_CHOICE_FILTER };

static const Expr *
expr_of(const Item *item, FormColumn column)
{
	switch (column) {
	case SURVEY_RELEVANT:
		return item->relevant;
	case SURVEY_REQUIRED:
		return item->required;
	case SURVEY_CONSTRAINT:
		return item->constraint;
	case SURVEY_CALCULATION:
		return item->calculation;
	default:
		return item->choice_filter;
	}
}

/* Where an expression stands. */
typedef struct {
	FormReader *reader;
	const Item *item;
	FormColumn column;
	guint row;
} Here;

static gboolean
is_type(const Item *item, const char *name)
{
	return item != NULL && item->type != NULL && strcmp(item->type->name, name) == 0;
}

static gboolean
is_asked(const Item *item)
{
	return item->type != NULL && item->type->fields != NULL;
}

/* --- references ------------------------------------------------------------------------------------------- */

static void
say_missing(const Here *here, const char *name)
{
	g_autofree char *folded = g_ascii_strdown(name, -1);
	const Item *near = g_hash_table_lookup(here->reader->folded, folded);

	if (g_hash_table_contains(here->reader->refused, name))
		return;
	if (near != NULL)
		reader_say(here->reader, SEVERITY_ERROR, here->column, here->row,
		    "missing-reference", _("no row has the name %s; there is %s"), name,
		    near->name);
	else
		reader_say(here->reader, SEVERITY_ERROR, here->column, here->row,
		    "missing-reference", _("no row has the name %s"), name);
}

static void
check_reference(const Here *here, const char *name)
{
	const Form *form = here->reader->form;
	const Item *item = form_item(form, name);
	const Section *mine, *its;

	if (item == NULL) {
		say_missing(here, name);
		return;
	}
	if (item->type == NULL || item->layout == LAYOUT_NOTE) {
		reader_say(here->reader, SEVERITY_ERROR, here->column, here->row, "no-answer",
		    _("%s is a group or a note and has no answer"), name);
		return;
	}
	mine = form_item_section(form, here->item);
	its = form_item_section(form, item);
	if (mine != NULL && its != NULL && mine != its)
		reader_say(here->reader, SEVERITY_WARNING, here->column, here->row, "other-sheet",
		    _("%s stands on the sheet %s: while that sheet is away, this cannot be checked"),
		    name, its->name);
}

/* --- comparisons ------------------------------------------------------------------------------------------ */

/* All values that an expression can have, where they can be told. */
static gboolean
possible_values(const Form *form, const Node *node, GPtrArray *values, guint depth)
{
	const Item *item;

	if (node->kind == NODE_TEXT || node->kind == NODE_NUMBER) {
		g_ptr_array_add(values, node->text);
		return TRUE;
	}
	if (function_is(node, "if"))
		return possible_values(form, node_child(node, 1), values, depth) &&
		       possible_values(form, node_child(node, 2), values, depth);
	if (function_is(node, "coalesce"))
		return possible_values(form, node_child(node, 0), values, depth) &&
		       possible_values(form, node_child(node, 1), values, depth);
	if (node->kind != NODE_REFERENCE || depth >= FORM_DEPTH_MAX)
		return FALSE;
	item = form_item(form, node->text);
	if (is_type(item, "calculate") && item->calculation != NULL)
		return possible_values(form, item->calculation->root, values, depth + 1);
	if (!is_type(item, "select_one"))
		return FALSE;
	for (guint i = 0; i < item->list->choices->len; i++) {
		const Choice *choice = g_ptr_array_index(item->list->choices, i);

		g_ptr_array_add(values, choice->name);
	}
	return TRUE;
}

/* A word that no answer can be: a typing error that would make a condition false for ever. */
static void
check_literal(const Here *here, const Item *subject, const char *word)
{
	g_autoptr(GPtrArray) values = g_ptr_array_new();
	Node reference = { .kind = NODE_REFERENCE, .text = subject->name };

	if (*word == '\0')
		return;
	if (subject->list != NULL) {
		if (subject->list->choices->len > 0 &&
		    choice_list_find(subject->list, word) == NULL)
			reader_say(here->reader, SEVERITY_ERROR, here->column, here->row,
			    "unknown-choice", _("«%s» is no choice of %s (list %s)"), word,
			    subject->name, subject->list->name);
		return;
	}
	if (is_type(subject, "acknowledge"))
		g_ptr_array_add(values, (gpointer)(gsize) "OK");
	else if (!is_type(subject, "calculate") ||
		 !possible_values(here->reader->form, &reference, values, 0))
		return;
	if (!g_ptr_array_find_with_equal_func(values, word, g_str_equal, NULL))
		reader_say(here->reader, SEVERITY_ERROR, here->column, here->row, "unknown-choice",
		    _("%s is never «%s»"), subject->name, word);
}

static const Item *
subject_of(const Here *here, const Node *node)
{
	if (node->kind == NODE_SELF)
		return here->item;
	return node->kind == NODE_REFERENCE ? form_item(here->reader->form, node->text) : NULL;
}

static gboolean
is_nothing(const Node *node)
{
	return node->kind == NODE_TEXT && *node->text == '\0';
}

static void
check_sides(const Here *here, const Node *compare, const Node *side, const Node *other)
{
	const Item *subject = subject_of(here, side);
	gboolean literal = other->kind == NODE_TEXT || other->kind == NODE_NUMBER;

	if (subject == NULL || is_nothing(other))
		return;
	if (is_type(subject, "select_multiple") || is_type(subject, "rank"))
		reader_say(here->reader, SEVERITY_ERROR, here->column, here->row, "several",
		    _("%s has several choices at once: write selected(%s, 'choice')"),
		    subject->name, side->kind == NODE_SELF ? "." : "${name}");
	else if (literal)
		check_literal(here, subject, other->text);
	if (compare->op == OP_DIFFERS && is_asked(subject))
		reader_say(here->reader, SEVERITY_WARNING, here->column, here->row, "not-equal",
		    _("!= is false here where %s is not answered, and true in other programs: name the answers with ="),
		    subject->name);
}

/* --- the registry ----------------------------------------------------------------------------------------- */

static void
check_registry(const Here *here, const Node *call)
{
	const Unit nobody = { 0 };
	GPtrArray *facts = here->reader->form->inner->facts;

	for (guint i = 1; i < 3; i++) {
		const Node *word = node_child(call, i);
		g_autofree char *value = unit_attribute(&nobody, word->text);

		if (value == NULL) {
			reader_say(here->reader, SEVERITY_ERROR, here->column, here->row,
			    "pulldata", _("pulldata(): the registry has no column %s"), word->text);
			return;
		}
		if (!g_ptr_array_find_with_equal_func(facts, word->text, g_str_equal, NULL))
			g_ptr_array_add(facts, g_strdup(word->text));
	}
}

/* A form that comes from outside may come without its tables: whoever checks or sends it needs them. */
static void
check_data(const Here *here, const Node *call)
{
	const char *name = node_child(call, 0)->text;
	g_autoptr(GError) error = NULL;
	const Table *table = reader_data(here->reader, name, &error);

	if (error != NULL) {
		reader_say(here->reader, SEVERITY_ERROR, here->column, here->row, "pulldata", "%s",
		    error->message);
		return;
	}
	if (table == NULL) {
		here->reader->lacks_data = TRUE;
		reader_say(here->reader, reader_mild(here->reader), here->column, here->row,
		    "pulldata",
		    _("pulldata(): there is no table %s: put %s.csv into the form's folder (the registry is %s)"),
		    name, name, REGISTRY);
		return;
	}
	for (guint i = 1; i < 3; i++)
		if (table_find(table, node_child(call, i)->text) < 0)
			reader_say(here->reader, SEVERITY_ERROR, here->column, here->row,
			    "pulldata", _("pulldata(): %s.csv has no column %s"), name,
			    node_child(call, i)->text);
}

static void
check_pulldata(const Here *here, const Node *call)
{
	for (guint i = 0; i < 3; i++)
		if (node_child(call, i)->kind != NODE_TEXT) {
			reader_say(here->reader, SEVERITY_ERROR, here->column, here->row,
			    "pulldata",
			    _("pulldata(): table, column and key column stand in quotes"));
			return;
		}
	if (strcmp(node_child(call, 0)->text, REGISTRY) == 0)
		check_registry(here, call);
	else
		check_data(here, call);
}

static void
check_choice_column(const Here *here, const char *name)
{
	if (strcmp(name, "name") != 0 && strcmp(name, column_name(CHOICES_EXCLUSIVE)) != 0 &&
	    !g_hash_table_contains(here->reader->free, name))
		reader_say(here->reader, SEVERITY_ERROR, here->column, here->row,
		    "missing-reference",
		    _("choices.csv has no column %s (the name of a question is written ${%s})"),
		    name, name);
}

static void
check_node(const Here *here, const Node *node)
{
	if (node->kind == NODE_COMPARE) {
		check_sides(here, node, node_child(node, 0), node_child(node, 1));
		check_sides(here, node, node_child(node, 1), node_child(node, 0));
	} else if (node->kind == NODE_COLUMN) {
		check_choice_column(here, node->text);
	} else if (function_is(node, "pulldata")) {
		check_pulldata(here, node);
	} else if (function_is(node, "selected")) {
		const Item *subject = subject_of(here, node_child(node, 0));
		const Node *word = node_child(node, 1);

		if (subject != NULL && (word->kind == NODE_TEXT || word->kind == NODE_NUMBER))
			check_literal(here, subject, word->text);
	}
	for (guint i = 0; i < node_children(node); i++)
		check_node(here, node_child(node, i));
}

static void
check_expr(const Here *here, const Expr *expr)
{
	guint errors = here->reader->errors;

	for (guint i = 0; i < expr->references->len; i++)
		check_reference(here, g_ptr_array_index(expr->references, i));
	check_node(here, expr->root);
	if (here->column == SURVEY_RELEVANT && here->reader->errors == errors &&
	    !phrase_is_possible(here->reader->form, expr->root))
		reader_say(here->reader, SEVERITY_ERROR, here->column, here->row, "not-in-words",
		    _("the sheet cannot say this condition in words: compare answers with fixed values, or use selected(), at most two deep"));
}

static void
check_all(FormReader *reader, const GPtrArray *items)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		for (gsize c = 0; c < G_N_ELEMENTS(expr_columns); c++) {
			const Here here = { reader, item, expr_columns[c], item->row };
			const Expr *expr = expr_of(item, expr_columns[c]);

			if (expr != NULL)
				check_expr(&here, expr);
		}
		check_all(reader, item->items);
	}
}

/* --- cycles ----------------------------------------------------------------------------------------------- */

typedef struct {
	FormReader *reader;
	GHashTable *done; /* of Item */
	GPtrArray *path;  /* of const Item *: from where the walk began to where it is */
} Walk;

static void walk_item(Walk *walk, const Item *item);

static void
say_cycle(const Walk *walk, guint from, const Item *item, FormColumn column)
{
	g_autoptr(GString) names = g_string_new(NULL);
	const Item *first = g_ptr_array_index(walk->path, from);

	for (guint i = from; i < walk->path->len; i++) {
		const Item *step = g_ptr_array_index(walk->path, i);

		g_string_append_printf(names, "%s -> ", step->name);
	}
	reader_say(walk->reader, SEVERITY_ERROR, column, item->row, "cycle",
	    _("depends on itself: %s%s"), names->str, first->name);
}

/* From @item to @next, because of @column of the row @because. */
static void
walk_step(Walk *walk, const Item *next, const Item *because, FormColumn column)
{
	guint at;

	if (g_ptr_array_find(walk->path, next, &at))
		say_cycle(walk, at, because, column);
	else if (!g_hash_table_contains(walk->done, next))
		walk_item(walk, next);
}

/* What an item's value depends on: its condition, its calculation, and whether its group is asked. */
static void
walk_item(Walk *walk, const Item *item)
{
	static const FormColumn columns[] = { SURVEY_RELEVANT, SURVEY_CALCULATION };

	g_ptr_array_add(walk->path, (gpointer)(gsize)item);
	for (gsize c = 0; c < G_N_ELEMENTS(columns); c++) {
		const Expr *expr = expr_of(item, columns[c]);

		for (guint i = 0; expr != NULL && i < expr->references->len; i++) {
			const Item *next =
			    form_item(walk->reader->form, g_ptr_array_index(expr->references, i));

			if (next != NULL)
				walk_step(walk, next, item, columns[c]);
		}
	}
	if (item->parent != NULL)
		walk_step(walk, item->parent, item->parent, SURVEY_RELEVANT);
	g_ptr_array_set_size(walk->path, (int)walk->path->len - 1);
	g_hash_table_add(walk->done, (gpointer)(gsize)item);
}

static void
find_cycles(Walk *walk, const GPtrArray *items)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		if (!g_hash_table_contains(walk->done, item))
			walk_item(walk, item);
		find_cycles(walk, item->items);
	}
}

void
check_expressions(FormReader *reader)
{
	g_autoptr(GHashTable) done = g_hash_table_new(NULL, NULL);
	g_autoptr(GPtrArray) path = g_ptr_array_new();
	Walk walk = { reader, done, path };

	check_all(reader, reader->form->items);
	find_cycles(&walk, reader->form->items);
}

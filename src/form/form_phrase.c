/*
 * Conditions in words, as a sheet prints them behind "Rispondere solo se": "la risposta alla 3.1 è «No» oppure «Sì, meno
 * del 50% dei server»". Here a condition is taken apart; form_phrase_words.c has the words of each language, and the same
 * structure can be said in all of them.
 *
 * What can be said is a comparison of one answer with a fixed value, selected(), count-selected() compared, and these
 * joined by and, or, not, two deep. The reader of forms refuses a condition that cannot be said.
 */
#include "form/phrase.h"
#include "form/view.h"

#include <string.h>

#define STATIC_DEPTH 32 /* of calculations in calculations */
#define DEPTH                                                                                      \
	2 /* an and of ors, or an or of ands; and one above, where a group has a condition too */

/* --- what is known before rendering ------------------------------------------------------------------------ */

static gboolean is_static(const Form *form, const Item *item, guint depth);

static gboolean
refers_to_static(const Form *form, const Expr *expr, guint depth)
{
	if (expr == NULL)
		return TRUE;
	for (guint i = 0; i < expr->references->len; i++) {
		const Item *item = form_item(form, g_ptr_array_index(expr->references, i));

		if (item == NULL || !is_static(form, item, depth + 1))
			return FALSE;
	}
	return TRUE;
}

static gboolean
is_static(const Form *form, const Item *item, guint depth)
{
	if (depth > STATIC_DEPTH || item->type == NULL || item->layout != LAYOUT_NONE)
		return FALSE;
	for (const Item *each = item; each != NULL; each = each->parent)
		if (!refers_to_static(form, each->relevant, depth))
			return FALSE;
	return refers_to_static(form, item->calculation, depth);
}

static gboolean
node_is_static(const Form *form, const Node *node)
{
	if (node->kind == NODE_SELF || node->kind == NODE_COLUMN)
		return FALSE;
	if (node->kind == NODE_REFERENCE) {
		const Item *item = form_item(form, node->text);

		return item != NULL && is_static(form, item, 0);
	}
	for (guint i = 0; i < node_children(node); i++)
		if (!node_is_static(form, node_child(node, i)))
			return FALSE;
	return TRUE;
}

/* --- from nodes to atoms ------------------------------------------------------------------------------------ */

/* The word of a literal; of what will be one when the unit is known, a stand-in. */
static const char *
word_of(const Form *form, const Node *node)
{
	if (node->kind == NODE_TEXT || node->kind == NODE_NUMBER)
		return node->text;
	return node_is_static(form, node) ? "0" : NULL;
}

static const Item *
question_of(const Form *form, const Node *node)
{
	const Item *item = node->kind == NODE_REFERENCE ? form_item(form, node->text) : NULL;

	return item != NULL && item->type != NULL && item->type->fields != NULL ? item : NULL;
}

static Operator
opposite(Operator op)
{
	static const Operator opposites[] = {
		[OP_EQUAL] = OP_DIFFERS,
		[OP_DIFFERS] = OP_EQUAL,
		[OP_LESS] = OP_GREATER_EQUAL,
		[OP_LESS_EQUAL] = OP_GREATER,
		[OP_GREATER] = OP_LESS_EQUAL,
		[OP_GREATER_EQUAL] = OP_LESS,
	};

	return opposites[op];
}

/* 5 < x is x > 5. */
static Operator
mirrored(Operator op)
{
	static const Operator mirror[] = {
		[OP_EQUAL] = OP_EQUAL,
		[OP_DIFFERS] = OP_DIFFERS,
		[OP_LESS] = OP_GREATER,
		[OP_LESS_EQUAL] = OP_GREATER_EQUAL,
		[OP_GREATER] = OP_LESS,
		[OP_GREATER_EQUAL] = OP_LESS_EQUAL,
	};

	return mirror[op];
}

static gboolean
read_relation(Atom *atom, Operator op, gboolean negative)
{
	const char *type = atom->item->type->name;

	atom->op = negative ? opposite(op) : op;
	if (atom->saying == SAY_COUNT)
		return TRUE;
	if (*atom->word == '\0') {
		atom->saying = SAY_GIVEN;
		atom->negative = atom->op == OP_EQUAL;
		return atom->op == OP_EQUAL || atom->op == OP_DIFFERS;
	}
	atom->negative = atom->op == OP_DIFFERS;
	if (atom->op == OP_EQUAL || atom->op == OP_DIFFERS) {
		atom->saying = strcmp(type, "acknowledge") == 0 ? SAY_CHECKED : SAY_IS;
		return TRUE;
	}
	atom->saying = strcmp(type, "date") == 0 ? SAY_DATE : SAY_NUMBER;
	return atom->item->list == NULL && strcmp(type, "acknowledge") != 0;
}

static gboolean
read_sides(const Form *form, const Node *side, const Node *other, Operator op, gboolean negative,
    Atom *atom)
{
	gboolean counts = function_is(side, "count-selected");

	atom->item = question_of(form, counts ? node_child(side, 0) : side);
	atom->word = word_of(form, other);
	atom->saying = counts ? SAY_COUNT : SAY_IS;
	return atom->item != NULL && atom->word != NULL && read_relation(atom, op, negative);
}

static gboolean
read_atom(const Form *form, const Node *node, gboolean negative, Atom *atom)
{
	if (node->kind == NODE_COMPARE)
		return read_sides(form, node_child(node, 0), node_child(node, 1), node->op,
			   negative, atom) ||
		       read_sides(form, node_child(node, 1), node_child(node, 0),
			   mirrored(node->op), negative, atom);
	if (!function_is(node, "selected"))
		return FALSE;
	atom->item = question_of(form, node_child(node, 0));
	atom->word = word_of(form, node_child(node, 1));
	atom->negative = negative;
	if (atom->item == NULL || atom->word == NULL || atom->item->list == NULL)
		return FALSE;
	atom->saying = strcmp(atom->item->type->name, "select_one") == 0 ? SAY_IS : SAY_CHOSEN;
	return TRUE;
}

/* --- joining ------------------------------------------------------------------------------------------------ */

/* Whether two atoms can be said in one: the same question, and a joint that lets their words stand together. */
static gboolean
can_merge(const Atom *one, const Atom *other, NodeKind joint)
{
	if (one->item != other->item || one->saying != other->saying ||
	    one->negative != other->negative)
		return FALSE;
	if (one->saying == SAY_CHOSEN)
		return joint == NODE_AND || !one->negative;
	return one->saying == SAY_IS && (joint == NODE_OR) != one->negative;
}

/* Through not(): the parts, and how they are joined. */
static const Node *
without_not(const Node *node, gboolean *negative)
{
	while (function_is(node, "not")) {
		*negative = !*negative;
		node = node_child(node, 0);
	}
	return node;
}

static NodeKind
joint_of(const Node *node, gboolean negative)
{
	return (node->kind == NODE_AND) != negative ? NODE_AND : NODE_OR;
}

/* The atom of the part @i of a joined node, if it is one. */
static gboolean
atom_of_part(const Teller *teller, const Node *joined, guint i, gboolean negative, Atom *atom)
{
	const Node *part = without_not(node_child(joined, i), &negative);

	return read_atom(teller->form, part, negative, atom);
}

/* A clause; joined: of several, or with several choices. */
typedef struct {
	char *text;
	gboolean joined;
} Clause;

static void
clause_clear(gpointer data)
{
	Clause *clause = data;

	g_free(clause->text);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Clause, clause_clear)

static gboolean say(
    const Teller *teller, const Node *node, gboolean negative, guint depth, Clause *out);

/* Part @i, with all later parts that merge with it; these are marked in @said. */
static gboolean
say_part(const Teller *teller, const Node *joined, guint i, gboolean negative, guint depth,
    gboolean *said, Clause *out)
{
	NodeKind joint = joint_of(joined, negative);
	g_autoptr(GArray) atoms = g_array_new(FALSE, TRUE, sizeof(Atom));
	Atom first = { 0 };

	if (!atom_of_part(teller, joined, i, negative, &first))
		return say(teller, node_child(joined, i), negative, depth + 1, out);
	g_array_append_val(atoms, first);
	for (guint k = i + 1; k < node_children(joined); k++) {
		Atom atom = { 0 };

		if (said[k] || !atom_of_part(teller, joined, k, negative, &atom) ||
		    !can_merge(&first, &atom, joint))
			continue;
		g_array_append_val(atoms, atom);
		said[k] = TRUE;
	}
	out->text = phrase_atoms(teller, atoms, joint);
	out->joined = atoms->len > 1 && !first.negative; /* né ... né needs no comma */
	return TRUE;
}

/* Where a part has an «oppure» or an «e» of its own, a comma sets it apart. */
static void
put_together(const Teller *teller, const GArray *parts, NodeKind joint, Clause *out)
{
	gboolean apart = FALSE;

	for (guint i = 0; i < parts->len; i++)
		apart = apart || g_array_index(parts, Clause, i).joined;
	out->text = g_strdup(g_array_index(parts, Clause, 0).text);
	out->joined = parts->len > 1 || apart;
	for (guint i = 1; i < parts->len; i++) {
		g_autofree char *before = g_steal_pointer(&out->text);

		out->text =
		    phrase_join(teller, before, g_array_index(parts, Clause, i).text, joint, apart);
	}
}

static gboolean
say_joined(const Teller *teller, const Node *node, gboolean negative, guint depth, Clause *out)
{
	g_autofree gboolean *said = g_new0(gboolean, node_children(node));
	g_autoptr(GArray) parts = g_array_new(FALSE, TRUE, sizeof(Clause));

	g_array_set_clear_func(parts, clause_clear);
	for (guint i = 0; i < node_children(node); i++) {
		Clause part = { 0 };

		if (said[i])
			continue;
		if (!say_part(teller, node, i, negative, depth, said, &part))
			return FALSE;
		g_array_append_val(parts, part);
	}
	put_together(teller, parts, joint_of(node, negative), out);
	return TRUE;
}

/* @depth: 0 for the whole, 1 for its parts. */
static gboolean
say(const Teller *teller, const Node *node, gboolean negative, guint depth, Clause *out)
{
	g_autoptr(GArray) atoms = g_array_new(FALSE, TRUE, sizeof(Atom));
	Atom atom = { 0 };

	node = without_not(node, &negative);
	if (node->kind == NODE_AND || node->kind == NODE_OR)
		return depth <= DEPTH && say_joined(teller, node, negative, depth, out);
	if (!read_atom(teller->form, node, negative, &atom))
		return FALSE;
	g_array_append_val(atoms, atom);
	out->text = phrase_atoms(teller, atoms, NODE_OR);
	return TRUE;
}

char *
phrase_condition(const Form *form, const Node *node, const char *lang)
{
	const Teller teller = { form, lang };
	g_auto(Clause) whole = { 0 };

	if (!say(&teller, node, FALSE, 0, &whole))
		return g_strdup("");
	return g_steal_pointer(&whole.text);
}

/* Parts that a unit decides go away before anything is said. */
static gboolean
can_say(const Form *form, const Node *node, gboolean negative, guint depth)
{
	Atom atom = { 0 };

	if (node_is_static(form, node))
		return TRUE;
	node = without_not(node, &negative);
	if (node->kind != NODE_AND && node->kind != NODE_OR)
		return read_atom(form, node, negative, &atom);
	for (guint i = 0; i < node_children(node); i++)
		if (!can_say(form, node_child(node, i), negative, depth + 1))
			return FALSE;
	return depth < DEPTH;
}

gboolean
phrase_is_possible(const Form *form, const Node *node)
{
	return can_say(form, node, FALSE, 0);
}

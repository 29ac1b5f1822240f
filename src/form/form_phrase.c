/*
 * Conditions in words, as a sheet prints them behind "Rispondere solo se": "la risposta alla 3.1 è «No» oppure «Sì, meno
 * del 50% dei server»". In Italian: the labels come in the reader's language, the sentence around them does not yet.
 *
 * What can be said is a comparison of one answer with a fixed value, selected(), count-selected() compared, and these
 * joined by and, or, not, two deep. The reader of forms refuses a condition that cannot be said.
 */
#include "form/view.h"

#include <stdlib.h>
#include <string.h>

#define STATIC_DEPTH 32 /* of calculations in calculations */
#define DEPTH                                                                                      \
	2 /* an and of ors, or an or of ands; and one above, where a group has a condition too */

typedef enum {
	SAY_IS,	     /* la risposta alla 3.1 è «No» */
	SAY_CHOSEN,  /* alla 3.1.2 è stato scelto «File server» */
	SAY_CHECKED, /* alla 2.2 è barrata la casella «Dato non disponibile» */
	SAY_GIVEN,   /* alla 2.2 è stata data una risposta */
	SAY_NUMBER,  /* la risposta alla 2.2 è maggiore di 5 */
	SAY_DATE,    /* la risposta alla 1.3 è successiva al 31/12/2023 */
	SAY_COUNT    /* alla 2.4 le opzioni scelte sono più di 2 */
} Saying;

/* One comparison. */
typedef struct {
	Saying saying;
	const Item *item;
	Operator op; /* of SAY_NUMBER, SAY_DATE, SAY_COUNT: the negation is in it */
	gboolean negative;
	const char *word; /* what it is compared with; canonical */
} Atom;

typedef struct {
	const Form *form;
	const char *lang;
} Teller;

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

/* --- from atoms to words ------------------------------------------------------------------------------------ */

static const Item *
first_with_number(const GPtrArray *items, const char *number)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		const Item *inside;

		if (strcmp(item->number, number) == 0)
			return item;
		inside = first_with_number(item->items, number);
		if (inside != NULL)
			return inside;
	}
	return NULL;
}

/* "alla 3.1"; "all'8.2"; of a row or a second box "alla 2.8 («Cloud e infrastrutture»)". */
static void
say_where(const Teller *teller, const Item *item, GString *out)
{
	const char *number = form_item_number(item);
	const char *label = form_text(teller->form, item->labels, teller->lang);
	long section = strtol(number, NULL, 10);

	if (*number == '\0') {
		g_string_append_printf(out, "a «%s»", label);
		return;
	}
	/* otto and undici begin with a vowel */
	g_string_append_printf(out, *number == '8' || section == 11 ? "all'%s" : "alla %s", number);
	if (first_with_number(teller->form->items, number) != item &&
	    strcmp(item->type->name, "acknowledge") != 0)
		g_string_append_printf(out, " («%s»)", label);
}

static void
say_number(const char *word, GString *out)
{
	g_autofree char *comma = g_strdelimit(g_strdup(word), ".", ',');

	g_string_append(out, comma);
}

static void
say_date(const char *word, GString *out)
{
	g_auto(GStrv) parts = g_strsplit(word, "-", -1);

	if (g_strv_length(parts) == 3)
		g_string_append_printf(out, "%s/%s/%s", parts[2], parts[1], parts[0]);
	else
		g_string_append(out, word);
}

static void
say_word(const Teller *teller, const Item *item, const char *word, GString *out)
{
	const Choice *choice = item->list != NULL ? choice_list_find(item->list, word) : NULL;
	const char *type = item->type->name;

	if (strcmp(type, "integer") == 0 || strcmp(type, "decimal") == 0)
		say_number(word, out);
	else if (strcmp(type, "date") == 0)
		say_date(word, out);
	else
		g_string_append_printf(out, "«%s»",
		    choice != NULL ? form_text(teller->form, choice->labels, teller->lang) : word);
}

/* The words of atoms that differ in nothing else: «A» oppure «B»; né «A» né «B»; «A» e «B». */
static void
say_words(const Teller *teller, const GArray *atoms, NodeKind joint, GString *out)
{
	const Atom *first = &g_array_index(atoms, Atom, 0);
	gboolean neither = first->negative && atoms->len > 1;

	for (guint i = 0; i < atoms->len; i++) {
		const Atom *atom = &g_array_index(atoms, Atom, i);

		if (neither)
			g_string_append(out, i > 0 ? " né " : "né ");
		else if (i > 0)
			g_string_append(out, joint == NODE_OR ? " oppure " : " e ");
		say_word(teller, atom->item, atom->word, out);
	}
}

static void
say_relation(const Atom *atom, GString *out)
{
	static const char *const numbers[] = {
		[OP_LESS] = "minore di ",
		[OP_LESS_EQUAL] = "al massimo ",
		[OP_GREATER] = "maggiore di ",
		[OP_GREATER_EQUAL] = "almeno ",
	};
	static const char *const dates[] = {
		[OP_LESS] = "è anteriore al ",
		[OP_LESS_EQUAL] = "non è successiva al ",
		[OP_GREATER] = "è successiva al ",
		[OP_GREATER_EQUAL] = "non è anteriore al ",
	};
	static const char *const counts[] = {
		[OP_EQUAL] = "sono ",
		[OP_DIFFERS] = "non sono ",
		[OP_LESS] = "sono meno di ",
		[OP_LESS_EQUAL] = "sono al massimo ",
		[OP_GREATER] = "sono più di ",
		[OP_GREATER_EQUAL] = "sono almeno ",
	};

	if (atom->saying == SAY_COUNT)
		g_string_append(out, counts[atom->op]);
	else if (atom->saying == SAY_DATE)
		g_string_append(out, dates[atom->op]);
	else
		g_string_append_printf(out, "è %s", numbers[atom->op]);
	if (atom->saying == SAY_DATE)
		say_date(atom->word, out);
	else
		say_number(atom->word, out);
}

/* One or more atoms that differ in their words only. */
static void
say_atoms(const Teller *teller, const GArray *atoms, NodeKind joint, GString *out)
{
	const Atom *atom = &g_array_index(atoms, Atom, 0);
	const char *no = atom->negative ? "non " : "";

	if (atom->saying == SAY_IS || atom->saying == SAY_NUMBER || atom->saying == SAY_DATE)
		g_string_append(out, "la risposta ");
	say_where(teller, atom->item, out);
	switch (atom->saying) {
	case SAY_IS:
		g_string_append_printf(out, " %sè ", no);
		say_words(teller, atoms, joint, out);
		return;
	case SAY_CHOSEN:
		if (joint == NODE_AND && atoms->len > 1 && !atom->negative)
			g_string_append(out, " sono stati scelti ");
		else
			g_string_append_printf(out, " %sè stato scelto ", no);
		say_words(teller, atoms, joint, out);
		return;
	case SAY_CHECKED:
		g_string_append_printf(out, " %sè barrata la casella «%s»", no,
		    form_text(teller->form, atom->item->labels, teller->lang));
		return;
	case SAY_GIVEN:
		g_string_append_printf(out, " %sè stata data una risposta", no);
		return;
	case SAY_COUNT:
		g_string_append(out, " le opzioni scelte ");
		say_relation(atom, out);
		return;
	case SAY_NUMBER:
	case SAY_DATE:
		g_string_append_c(out, ' ');
		say_relation(atom, out);
		return;
	}
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

static gboolean say(
    const Teller *teller, const Node *node, gboolean negative, guint depth, GString *out);

/* Part @i, with all later parts that merge with it; these are marked in @said. */
static gboolean
say_part(const Teller *teller, const Node *joined, guint i, gboolean negative, guint depth,
    gboolean *said, GString *out)
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
	say_atoms(teller, atoms, joint, out);
	return TRUE;
}

/* Where a part has an «oppure» or an «e» of its own, a comma sets it apart. */
static void
put_together(const GPtrArray *parts, NodeKind joint, GString *out)
{
	gboolean plain = TRUE;

	for (guint i = 0; i < parts->len; i++) {
		const char *part = g_ptr_array_index(parts, i);

		plain = plain && strstr(part, " oppure ") == NULL && strstr(part, " e ") == NULL;
	}
	for (guint i = 0; i < parts->len; i++) {
		if (i > 0 && joint == NODE_AND)
			g_string_append(out, plain ? " e " : ", e inoltre ");
		else if (i > 0)
			g_string_append(out, plain ? " oppure " : ", oppure ");
		g_string_append(out, g_ptr_array_index(parts, i));
	}
}

static gboolean
say_joined(const Teller *teller, const Node *node, gboolean negative, guint depth, GString *out)
{
	g_autofree gboolean *said = g_new0(gboolean, node_children(node));
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < node_children(node); i++) {
		g_autoptr(GString) part = g_string_new(NULL);

		if (said[i])
			continue;
		if (!say_part(teller, node, i, negative, depth, said, part))
			return FALSE;
		g_ptr_array_add(parts, g_string_free(g_steal_pointer(&part), FALSE));
	}
	put_together(parts, joint_of(node, negative), out);
	return TRUE;
}

/* @depth: 0 for the whole, 1 for its parts. */
static gboolean
say(const Teller *teller, const Node *node, gboolean negative, guint depth, GString *out)
{
	g_autoptr(GArray) atoms = g_array_new(FALSE, TRUE, sizeof(Atom));
	Atom atom = { 0 };

	node = without_not(node, &negative);
	if (node->kind == NODE_AND || node->kind == NODE_OR)
		return depth <= DEPTH && say_joined(teller, node, negative, depth, out);
	if (!read_atom(teller->form, node, negative, &atom))
		return FALSE;
	g_array_append_val(atoms, atom);
	say_atoms(teller, atoms, NODE_OR, out);
	return TRUE;
}

char *
phrase_condition(const Form *form, const Node *node, const char *lang)
{
	const Teller teller = { form, lang };
	g_autoptr(GString) out = g_string_new(NULL);

	if (!say(&teller, node, FALSE, 0, out))
		return g_strdup("");
	return g_string_free(g_steal_pointer(&out), FALSE);
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

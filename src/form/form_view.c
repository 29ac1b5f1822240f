/* A form as one unit is asked it: what is known before anyone answers is put in, the rest is its conditions. */
#include "form/view.h"

#include <string.h>

#define SHAPE_LENGTH 16 /* hexadecimal digits */
#define SHAPES_MAX                                                                                 \
	64 /* kept; a form whose conditions name the population itself has one for each unit */

/* What becomes of one item. */
typedef struct {
	Asked asked;
	const Node *rest; /* what is left of its conditions; a NODE_TRUTH where nothing is */
	Node *added;	  /* (nullable): the same, owned, where it says more than its group */
} Fate;

/* The fates of all items, counted by references: most units share theirs with thousands of others. */
typedef struct {
	GHashTable *fates; /* const Item * -> Fate */
	GHashTable
	    *names; /* const Section * -> names of its fields, where somebody has asked for them */
	Node *always;
	char *name;
	guint *count; /* (nullable): of the questions, once it was asked for */
} Shape;

struct FormView {
	const Form *form;
	GHashTable *facts; /* name -> value */
	Sight *sight;
	Shape *shape;
};

static void
fate_free(Fate *fate)
{
	node_free(fate->added);
	g_free(fate);
}

static const Fate *
fate_of(const FormView *view, const Item *item)
{
	return g_hash_table_lookup(view->shape->fates, item);
}

static gboolean
equal_nodes(const Node *one, const Node *other)
{
	g_autofree char *first = node_dump(one);
	g_autofree char *second = node_dump(other);

	return strcmp(first, second) == 0;
}

static Asked
asked_by_truth(Truth truth)
{
	static const Asked asked[] = {
		[TRUTH_FALSE] = ASKED_NO, [TRUTH_TRUE] = ASKED_ALWAYS, [TRUTH_UNKNOWN] = ASKED_IF
	};

	return asked[truth];
}

static gboolean decide_items(Shape *shape, Sight *sight, const GPtrArray *items, const Node *above);

/* What is left of the item's condition where it says more than @above; NULL otherwise. Returns: (transfer full) */
static Node *
find_added(const Item *item, const Node *above, const Scope *scope)
{
	g_autoptr(Node) own = NULL;
	g_autoptr(Node) both = NULL;

	if (item->relevant == NULL)
		return NULL;
	own = node_rest(item->relevant->root, scope);
	both = node_both(above, own);
	return equal_nodes(above, both) ? NULL : g_steal_pointer(&both);
}

/* Whether the item draws anything that is asked. */
static gboolean
decide(Shape *shape, Sight *sight, const Item *item, const Node *above)
{
	const Scope scope = sight_scope(sight);
	Fate *fate = g_new0(Fate, 1);

	fate->added = find_added(item, above, &scope);
	fate->rest = fate->added != NULL ? fate->added : above;
	fate->asked = asked_by_truth(node_truth(fate->rest, &scope));
	g_hash_table_insert(shape->fates, (gpointer)(gsize)item, fate);
	if (item->type == NULL && !decide_items(shape, sight, item->items, fate->rest))
		fate->asked = ASKED_NO;
	return fate->asked != ASKED_NO && item->layout != LAYOUT_NONE;
}

static gboolean
decide_items(Shape *shape, Sight *sight, const GPtrArray *items, const Node *above)
{
	gboolean any = FALSE;

	for (guint i = 0; i < items->len; i++)
		any = decide(shape, sight, g_ptr_array_index(items, i), above) || any;
	return any;
}

static void
sum_up(const Shape *shape, const GPtrArray *items, GChecksum *sum)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		const Fate *fate = g_hash_table_lookup(shape->fates, item);
		g_autofree char *added = NULL;

		if (fate->asked == ASKED_NO || item->layout == LAYOUT_NONE)
			continue;
		g_checksum_update(sum, (const guchar *)item->name, (gssize)strlen(item->name) + 1);
		added = fate->added != NULL ? node_dump(fate->added) : g_strdup("");
		g_checksum_update(sum, (const guchar *)added, (gssize)strlen(added) + 1);
		sum_up(shape, item->items, sum);
	}
}

static void
name_shape(Shape *shape, const Form *form)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	sum_up(shape, form->items, sum);
	g_free(shape->name);
	shape->name = g_strndup(g_checksum_get_string(sum), SHAPE_LENGTH);
}

static Shape *
shape_new(const Form *form, Sight *sight)
{
	Shape *shape = g_rc_box_new0(Shape);

	shape->fates = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)fate_free);
	shape->names = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_hash_table_unref);
	shape->always = node_new(NODE_TRUTH);
	shape->always->number = 1;
	(void)decide_items(shape, sight, form->items, shape->always);
	name_shape(shape, form);
	return shape;
}

static void
shape_clear(gpointer data)
{
	Shape *shape = data;

	g_hash_table_unref(shape->fates);
	g_hash_table_unref(shape->names);
	node_free(shape->always);
	g_free(shape->name);
	g_free(shape->count);
}

static void
shape_unref(Shape *shape)
{
	g_rc_box_release_full(shape, shape_clear);
}

FormInner *
form_inner_new(void)
{
	FormInner *inner = g_new0(FormInner, 1);

	inner->facts = g_ptr_array_new_with_free_func(g_free);
	inner->sources = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	inner->data = data_tables_new();
	inner->deciders = g_ptr_array_new_with_free_func(g_free);
	inner->shapes =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)shape_unref);
	return inner;
}

void
form_inner_free(FormInner *inner)
{
	g_ptr_array_unref(inner->facts);
	g_ptr_array_unref(inner->deciders);
	g_hash_table_unref(inner->shapes);
	g_ptr_array_unref(inner->sources);
	g_hash_table_unref(inner->data);
	g_free(inner);
}

/* All that decides who is asked what, as one text. Returns: (transfer full) */
static char *
decisive_values(const FormInner *inner, Sight *sight)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < inner->deciders->len; i++) {
		const char *name = g_ptr_array_index(inner->deciders, i);
		const char *value = *name == '@' ? g_hash_table_lookup(sight->facts, name + 1)
						 : sight_value(sight, name);

		g_string_append_printf(
		    text, "%s=%s%s\n", name, value != NULL ? "=" : "?", value != NULL ? value : "");
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Returns: (transfer full) */
static Shape *
find_shape(const Form *form, Sight *sight)
{
	GHashTable *shapes = form->inner->shapes;
	g_autofree char *key = decisive_values(form->inner, sight);
	Shape *shape = g_hash_table_lookup(shapes, key);

	if (shape == NULL) {
		if (g_hash_table_size(shapes) >= SHAPES_MAX)
			g_hash_table_remove_all(shapes);
		shape = shape_new(form, sight);
		g_hash_table_insert(shapes, g_steal_pointer(&key), shape);
	}
	return g_rc_box_acquire(shape);
}

char *
form_facts(const Form *form, const Unit *unit)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < form->inner->facts->len; i++) {
		const char *name = g_ptr_array_index(form->inner->facts, i);
		g_autofree char *value = unit_attribute(unit, name);
		g_autofree char *line = g_strescape(value != NULL ? value : "", NULL);

		if (value != NULL)
			g_string_append_printf(text, "%s=%s\n", name, line);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The value of @name among form_facts(). Returns: (transfer full) (nullable) */
static char *
noted_fact(char *const *lines, const char *name)
{
	gsize length = strlen(name);

	for (gsize i = 0; lines[i] != NULL; i++)
		if (strncmp(lines[i], name, length) == 0 && lines[i][length] == '=')
			return g_strcompress(lines[i] + length + 1);
	return NULL;
}

FormView *
form_view_new(const Form *form, const Unit *unit)
{
	return form_view_new_as_of(form, unit, "");
}

FormView *
form_view_new_as_of(const Form *form, const Unit *unit, const char *facts)
{
	FormView *view = g_new0(FormView, 1);
	g_auto(GStrv) lines = g_strsplit(facts, "\n", 0);

	view->form = form;
	view->facts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	for (guint i = 0; i < form->inner->facts->len; i++) {
		char *name = g_ptr_array_index(form->inner->facts, i);
		char *noted = noted_fact(lines, name);

		g_hash_table_insert(
		    view->facts, name, noted != NULL ? noted : unit_attribute(unit, name));
	}
	view->sight = g_new0(Sight, 1);
	sight_init(view->sight, form, view->facts, NULL);
	view->shape = find_shape(form, view->sight);
	return view;
}

/* Leaves out what is not among @names, groups that are empty then, and the notes between. Whether anything is left. */
static gboolean
leave_out(Shape *shape, const GPtrArray *items, GHashTable *names)
{
	gboolean any = FALSE;

	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		Fate *fate = g_hash_table_lookup(shape->fates, item);
		gboolean kept = item->type == NULL ? leave_out(shape, item->items, names)
						   : g_hash_table_contains(names, item->name);

		if (!kept && item->layout != LAYOUT_NONE)
			fate->asked = ASKED_NO;
		any = any || (kept && fate->asked != ASKED_NO);
	}
	return any;
}

FormView *
form_view_part(const Form *form, const Unit *unit, const char *facts, const char *questions)
{
	FormView *view = form_view_new_as_of(form, unit, facts);
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	g_auto(GStrv) each = g_strsplit(questions, " ", 0);
	Shape *shape = shape_new(form, view->sight);

	for (gsize i = 0; each[i] != NULL; i++)
		g_hash_table_add(names, each[i]);
	(void)leave_out(shape, form->items, names);
	name_shape(shape, form);
	shape_unref(view->shape);
	view->shape = shape;
	return view;
}

void
form_view_free(FormView *view)
{
	if (view == NULL)
		return;
	sight_clear(view->sight);
	g_free(view->sight);
	shape_unref(view->shape);
	g_hash_table_unref(view->facts);
	g_free(view);
}

const Form *
form_view_form(const FormView *view)
{
	return view->form;
}

Asked
form_view_asked(const FormView *view, const Item *item)
{
	return fate_of(view, item)->asked;
}

const char *
form_view_shape(const FormView *view)
{
	return view->shape->name;
}

guint
form_view_count(const FormView *view)
{
	Shape *shape = view->shape;

	if (shape->count == NULL) {
		g_autoptr(GPtrArray) numbers = form_view_numbers(view->form, view, NULL);

		shape->count = g_memdup2(&numbers->len, sizeof numbers->len);
	}
	return *shape->count;
}

static gboolean
asks_something(const FormView *view, const Item *item)
{
	if (form_view_asked(view, item) == ASKED_NO)
		return FALSE;
	for (guint i = 0; i < item->items->len; i++)
		if (asks_something(view, g_ptr_array_index(item->items, i)))
			return TRUE;
	return item->type != NULL && item->type->fields != NULL;
}

GPtrArray *
form_view_sections(const FormView *view)
{
	GPtrArray *sections = g_ptr_array_new();

	for (guint i = 0; i < view->form->sections->len; i++) {
		Section *section = g_ptr_array_index(view->form->sections, i);

		if (asks_something(view, section->group))
			g_ptr_array_add(sections, section);
	}
	return sections;
}

const char *
form_view_value(const FormView *view, const char *name)
{
	const Item *item = form_item(view->form, name);

	if (item == NULL || item->type == NULL || item->layout != LAYOUT_NONE)
		return NULL;
	return sight_value(view->sight, name);
}

char *
form_view_condition(const FormView *view, const Item *item, const char *lang)
{
	const Fate *fate = fate_of(view, item);

	if (fate->asked != ASKED_IF)
		return g_strdup("");
	return phrase_condition(view->form, fate->rest, lang);
}

gboolean
form_view_has_condition(const FormView *view, const Item *item)
{
	const Fate *fate = fate_of(view, item);

	return fate->asked == ASKED_IF && fate->added != NULL;
}

static void
add_fields(const FormView *view, const Item *item, GPtrArray *specs)
{
	if (form_view_asked(view, item) == ASKED_NO)
		return;
	if (item->type != NULL && item->type->fields != NULL)
		item->type->fields(item, specs);
	for (guint i = 0; i < item->items->len; i++)
		add_fields(view, g_ptr_array_index(item->items, i), specs);
}

GPtrArray *
form_view_fields(const FormView *view, const Section *section)
{
	GPtrArray *specs = form_item_fields(section->group); /* a group has none: the empty list */

	add_fields(view, section->group, specs);
	return specs;
}

GHashTable *
form_view_field_names(const FormView *view, const Section *section)
{
	GHashTable *names = g_hash_table_lookup(view->shape->names, section);
	g_autoptr(GPtrArray) specs = NULL;

	if (names != NULL)
		return names;
	names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	specs = form_view_fields(view, section);
	for (guint i = 0; i < specs->len; i++) {
		FieldSpec *spec = g_ptr_array_index(specs, i);

		g_hash_table_add(names, g_steal_pointer(&spec->name));
	}
	g_hash_table_insert(view->shape->names, (gpointer)(gsize)section, names);
	return names;
}

Truth
form_view_relevant(const FormView *view, const Item *item, GHashTable *answers)
{
	g_auto(Sight) sight = { 0 };

	/* no answer changes what is known before */
	if (form_view_asked(view, item) == ASKED_ALWAYS)
		return TRUTH_TRUE;
	sight_init(&sight, view->form, view->facts, answers);
	return sight_relevant(&sight, item);
}

Truth
form_view_truth(const FormView *view, const Expr *expr, GHashTable *answers, const char *self)
{
	g_auto(Sight) sight = { 0 };
	Scope scope;

	sight_init(&sight, view->form, view->facts, answers);
	scope = sight_scope(&sight);
	scope.self = self;
	return expr_truth(expr, &scope);
}

Truth
form_view_offers(const FormView *view, const Item *item, const Choice *choice, GHashTable *answers)
{
	g_auto(Sight) sight = { 0 };
	Scope scope;

	Truth truth;

	if (item->choice_filter == NULL)
		return TRUTH_TRUE;
	sight_init(&sight, view->form, view->facts, answers);
	scope = sight_scope(&sight);
	scope.choice = choice;
	truth = expr_truth(item->choice_filter, &scope);
	for (guint i = 0; choice->others != NULL && i < choice->others->len; i++) {
		Truth other;

		scope.choice = g_ptr_array_index(choice->others, i);
		other = expr_truth(item->choice_filter, &scope);
		if (truth != TRUTH_TRUE && other != TRUTH_FALSE)
			truth = other;
	}
	return truth;
}

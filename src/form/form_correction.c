/* Which questions a sheet asks on which some answers can be put right. */
#include "form/view.h"

#include <string.h>

typedef struct {
	const FormView *view;
	const Section *section;
	GHashTable *wrong; /* const Item * */
	GHashTable *names; /* those chosen: const Item * */
} Choosing;

static gboolean
can_stand(const Choosing *choosing, const Item *item)
{
	return item != NULL && item->type != NULL && item->type->fields != NULL &&
	       form_view_asked(choosing->view, item) != ASKED_NO &&
	       form_item_section(form_view_form(choosing->view), item) == choosing->section;
}

/* What @expr (nullable) names, of this section. */
static void
add_named(Choosing *choosing, const Expr *expr)
{
	for (guint i = 0; expr != NULL && i < expr->references->len; i++) {
		const Item *item = form_item(
		    form_view_form(choosing->view), g_ptr_array_index(expr->references, i));

		if (can_stand(choosing, item))
			g_hash_table_add(choosing->names, (gpointer)(gsize)item);
	}
}

static void
add_what_it_rests_on(Choosing *choosing, const Item *item)
{
	add_named(choosing, item->required);
	add_named(choosing, item->constraint);
	add_named(choosing, item->choice_filter);
	for (const Item *above = item; above != NULL; above = above->parent)
		add_named(choosing, above->relevant);
}

static gboolean
names_wrong(const Choosing *choosing, const Expr *expr)
{
	for (guint i = 0; expr != NULL && i < expr->references->len; i++)
		if (g_hash_table_contains(
			choosing->wrong, form_item(form_view_form(choosing->view),
					     g_ptr_array_index(expr->references, i))))
			return TRUE;
	return FALSE;
}

static gboolean
depends_on_wrong(const Choosing *choosing, const Item *item)
{
	for (const Item *above = item; above != NULL; above = above->parent)
		if (names_wrong(choosing, above->relevant))
			return TRUE;
	return FALSE;
}

static void
add_dependent(Choosing *choosing, const GPtrArray *items)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		if (can_stand(choosing, item) && depends_on_wrong(choosing, item))
			g_hash_table_add(choosing->names, (gpointer)(gsize)item);
		add_dependent(choosing, item->items);
	}
}

/* Rows of a table have its number, and stand for themselves. */
static gboolean
is_chosen_beside(const Choosing *choosing, const GPtrArray *items, const Item *item)
{
	const Item *parent = item->parent;
	const char *number = form_item_number(item);

	if (parent == NULL || parent->layout == LAYOUT_GRID || parent->layout == LAYOUT_LIST ||
	    *number == '\0')
		return FALSE;
	for (guint i = 0; i < items->len; i++) {
		const Item *other = g_ptr_array_index(items, i);

		if (g_hash_table_contains(choosing->names, other) &&
		    strcmp(form_item_number(other), number) == 0)
			return TRUE;
	}
	return FALSE;
}

static void
write_names(const Choosing *choosing, const GPtrArray *items, GString *out)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		if (can_stand(choosing, item) && (g_hash_table_contains(choosing->names, item) ||
						     is_chosen_beside(choosing, items, item)))
			g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", item->name);
		write_names(choosing, item->items, out);
	}
}

char *
form_questions_to_correct(const FormView *view, const Section *section, const GPtrArray *wrong)
{
	g_autoptr(GHashTable) wrongs = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) names = g_hash_table_new(NULL, NULL);
	g_autoptr(GString) out = g_string_new(NULL);
	Choosing choosing = { view, section, wrongs, names };

	for (guint i = 0; i < wrong->len; i++) {
		const Item *item = form_item(form_view_form(view), g_ptr_array_index(wrong, i));

		if (!can_stand(&choosing, item))
			return NULL;
		g_hash_table_add(wrongs, (gpointer)(gsize)item);
		g_hash_table_add(names, (gpointer)(gsize)item);
		add_what_it_rests_on(&choosing, item);
	}
	add_dependent(&choosing, section->group->items);
	write_names(&choosing, section->group->items, out);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

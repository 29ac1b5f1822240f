#include "form/view.h"

#include <string.h>

void
sight_init(Sight *sight, const Form *form, GHashTable *facts, GHashTable *answers)
{
	sight->form = form;
	sight->facts = facts;
	sight->answers = answers;
	sight->values = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	sight->truths = g_hash_table_new(NULL, NULL);
}

void
sight_clear(Sight *sight)
{
	g_clear_pointer(&sight->values, g_hash_table_unref);
	g_clear_pointer(&sight->truths, g_hash_table_unref);
}

static char *
lookup(const char *name, gpointer data)
{
	return g_strdup(sight_value(data, name));
}

/* The registry knows the unit itself; of another one it says nothing here. Other tables stand beside the form. */
static char *
pulldata(
    const char *table, const char *column, const char *key_column, const char *key, gpointer data)
{
	const Sight *sight = data;
	const char *own = g_hash_table_lookup(sight->facts, key_column);

	if (strcmp(table, REGISTRY) != 0)
		return data_value(sight->form->inner, table, column, key_column, key);
	if (own == NULL)
		return NULL;
	return g_strdup(strcmp(own, key) == 0 ? g_hash_table_lookup(sight->facts, column) : "");
}

Scope
sight_scope(Sight *sight)
{
	return (Scope){ .lookup = lookup, .pulldata = pulldata, .data = sight };
}

static char *
find_value(Sight *sight, const Item *item)
{
	Truth relevant = sight_relevant(sight, item);
	const Scope scope = sight_scope(sight);
	g_autofree char *value = NULL;

	if (relevant == TRUTH_FALSE)
		return g_strdup(""); /* whatever was answered */
	if (item->calculation != NULL) {
		value = expr_value(item->calculation, &scope);
	} else if (item->type != NULL && item->type->fields != NULL) {
		if (sight->answers != NULL)
			value = g_strdup(g_hash_table_lookup(sight->answers, item->name));
	} else {
		const char *fact = g_hash_table_lookup(sight->facts, item->name);

		value = g_strdup(fact != NULL ? fact : item->default_value);
	}
	if (relevant == TRUTH_UNKNOWN && value != NULL && *value != '\0')
		return NULL; /* either that or empty */
	return g_steal_pointer(&value);
}

const char *
sight_value(Sight *sight, const char *name)
{
	const Item *item = form_item(sight->form, name);
	gpointer known;

	if (item == NULL)
		return NULL;
	if (g_hash_table_lookup_extended(sight->values, item->name, NULL, &known))
		return known;
	/* not known while it is being found: a form with a cycle is looked at too, to report it */
	g_hash_table_insert(sight->values, item->name, NULL);
	g_hash_table_insert(sight->values, item->name, find_value(sight, item));
	return g_hash_table_lookup(sight->values, item->name);
}

Truth
sight_relevant(Sight *sight, const Item *item)
{
	const Scope scope = sight_scope(sight);
	Truth above, own;
	gpointer known;

	if (g_hash_table_lookup_extended(sight->truths, item, NULL, &known))
		return (Truth)GPOINTER_TO_INT(known);
	g_hash_table_insert(sight->truths, (gpointer)(gsize)item, GINT_TO_POINTER(TRUTH_UNKNOWN));
	above = item->parent != NULL ? sight_relevant(sight, item->parent) : TRUTH_TRUE;
	own = item->relevant != NULL ? expr_truth(item->relevant, &scope) : TRUTH_TRUE;
	if (above == TRUTH_FALSE || own == TRUTH_FALSE)
		own = TRUTH_FALSE;
	else if (above == TRUTH_UNKNOWN)
		own = TRUTH_UNKNOWN;
	g_hash_table_insert(sight->truths, (gpointer)(gsize)item, GINT_TO_POINTER(own));
	return own;
}

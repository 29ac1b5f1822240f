#include "report/columns.h"

#include <string.h>

void
column_free(Column *column)
{
	if (column == NULL)
		return;
	g_free(column->name);
	g_free(column);
}

static gboolean
is_reserved(const Item *item)
{
	for (; item != NULL; item = item->parent)
		if (item->reserved)
			return TRUE;
	return FALSE;
}

static void
add_column(GPtrArray *columns, const Section *section, const Item *item, ColumnKind kind,
    const Choice *choice)
{
	Column *column = g_new0(Column, 1);

	column->name = choice != NULL ? g_strdup_printf("%s__%s", item->name, choice->name)
				      : g_strdup(item->name);
	column->kind = kind;
	column->section = section;
	column->item = item;
	column->choice = choice;
	g_ptr_array_add(columns, column);
}

static void
add_question(GPtrArray *columns, const Section *section, const Item *item)
{
	gboolean several = strcmp(item->type->name, "select_multiple") == 0;
	gboolean ranked = strcmp(item->type->name, "rank") == 0;

	add_column(columns, section, item, COLUMN_VALUE, NULL);
	if (!several && !ranked)
		return;
	for (guint i = 0; i < item->list->choices->len; i++)
		add_column(columns, section, item, ranked ? COLUMN_POSITION : COLUMN_CHOSEN,
		    g_ptr_array_index(item->list->choices, i));
}

static void
add_items(GPtrArray *columns, const Section *section, const GPtrArray *items,
    gboolean with_reserved, guint *reserved)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		if (item->type != NULL && item->type->fields != NULL) {
			if (with_reserved || !is_reserved(item))
				add_question(columns, section, item);
			else
				(*reserved)++;
		}
		add_items(columns, section, item->items, with_reserved, reserved);
	}
}

GPtrArray *
columns_of_form(const Form *form, gboolean with_reserved, guint *out_reserved)
{
	GPtrArray *columns = g_ptr_array_new_with_free_func((GDestroyNotify)column_free);
	guint reserved = 0;

	for (guint i = 0; i < form->sections->len; i++) {
		const Section *section = g_ptr_array_index(form->sections, i);

		add_items(columns, section, section->group->items, with_reserved, &reserved);
	}
	if (out_reserved != NULL)
		*out_reserved = reserved;
	return columns;
}

/* "costi:1 tempi:1" is a ranking that contradicts itself: its positions are those that were written. */
static char *
position_in(const char *value, const char *choice)
{
	g_auto(GStrv) names = g_strsplit(value, " ", 0);

	for (gsize i = 0; names[i] != NULL; i++) {
		g_auto(GStrv) parts = g_strsplit(names[i], ":", 2);

		if (parts[0] == NULL || strcmp(parts[0], choice) != 0)
			continue;
		return parts[1] != NULL ? g_strdup(parts[1]) : g_strdup_printf("%zu", i + 1);
	}
	return g_strdup("");
}

char *
column_cell(const Column *column, const char *value)
{
	g_auto(GStrv) names = NULL;

	if (column->kind == COLUMN_VALUE || *value == '\0')
		return g_strdup(value);
	if (column->kind == COLUMN_POSITION)
		return position_in(value, column->choice->name);
	names = g_strsplit(value, " ", 0);
	return g_strdup(
	    g_strv_contains((const char *const *)names, column->choice->name) ? "1" : "0");
}

#include "form/view.h"

#include <stdlib.h>
#include <string.h>

#define POPULATION_SMALL 5000

/* The items of a question follow one another: it is mostly the last. */
static gboolean
has_number(const GPtrArray *numbers, const char *number)
{
	for (guint i = numbers->len; i > 0; i--)
		if (strcmp(g_ptr_array_index(numbers, i - 1), number) == 0)
			return TRUE;
	return FALSE;
}

static void
collect_numbers(const Item *item, const FormView *view, GPtrArray *numbers)
{
	const char *number = form_item_number(item);

	if (view != NULL && form_view_asked(view, item) == ASKED_NO)
		return;
	if (item->type != NULL && item->type->fields != NULL && *number != '\0' &&
	    !has_number(numbers, number))
		g_ptr_array_add(numbers, (gpointer)(gsize)number);
	for (guint i = 0; i < item->items->len; i++)
		collect_numbers(g_ptr_array_index(item->items, i), view, numbers);
}

gint64
form_small_population(const Form *form)
{
	const char *text = g_hash_table_lookup(form->settings, "popolazione_piccoli");
	guint64 number = 0;

	if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT, &number, NULL))
		return POPULATION_SMALL;
	return (gint64)number;
}

gboolean
form_section_counts(const Form *form, const Section *section)
{
	const char *named = g_hash_table_lookup(form->settings, "sezioni_contate");
	g_auto(GStrv) names = g_strsplit(named != NULL ? named : "", " ", -1);

	if (named != NULL && *named != '\0')
		return g_strv_contains((const char *const *)names, section->name);
	return strtol(section->number, NULL, 10) >= 2;
}

GPtrArray *
form_view_numbers(const Form *form, const FormView *view, const Section *section)
{
	GPtrArray *numbers = g_ptr_array_new();

	for (guint i = 0; i < form->sections->len; i++) {
		const Section *each = g_ptr_array_index(form->sections, i);

		if (section != NULL ? each == section : form_section_counts(form, each))
			collect_numbers(each->group, view, numbers);
	}
	return numbers;
}

/* As a unit sees it of which nothing else is known. Returns: (transfer full) (nullable) */
static FormView *
view_of(const Form *form, gint64 population)
{
	const Unit unit = { .population = population };

	return population >= 0 ? form_view_new(form, &unit) : NULL;
}

GPtrArray *
form_numbers(const Form *form, const Section *section, gint64 population)
{
	g_autoptr(FormView) view = view_of(form, population);

	return form_view_numbers(form, view, section);
}

guint
form_count(const Form *form, const Section *section, gint64 population)
{
	g_autoptr(FormView) view = view_of(form, population);
	g_autoptr(GPtrArray) numbers = NULL;

	if (view != NULL && section == NULL)
		return form_view_count(view);
	numbers = form_view_numbers(form, view, section);
	return numbers->len;
}

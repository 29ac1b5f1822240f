/* Last year's answers that stand beside their questions: the fields that show them, and what those say. */
#include "base/lang.h"
#include "memory/memory.h"

#include <string.h>

gboolean
memory_is_beside(const Item *item, const char *edition)
{
	g_autofree char *then = memory_question(item, edition);

	return item->beside && then != NULL;
}

char *
memory_beside_name(const Item *item)
{
	return g_strconcat(FIELD_BESIDE, item->name, NULL);
}

static void
add_fields(const FormView *view, const GPtrArray *items, const char *edition, GPtrArray *names)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		if (form_view_asked(view, item) == ASKED_NO)
			continue;
		if (memory_is_beside(item, edition))
			g_ptr_array_add(names, memory_beside_name(item));
		add_fields(view, item->items, edition, names);
	}
}

GPtrArray *
memory_beside_fields(const FormView *view, const Section *section, const char *edition)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	add_fields(view, section->group->items, edition, names);
	return names;
}

/* As it would stand in the question's own field: 0,5 and 11/07/2024. Lines become blanks. */
static char *
as_typed(const Item *item, const char *value)
{
	g_autoptr(FieldSet) fields = field_set_new();

	item->type->write(item, value, fields);
	return g_strdelimit(g_strdup(field_set_value(fields, item->name)), "\n", ' ');
}

static char *
words_of(const Form *form, const Item *item, const char *value, const char *lang)
{
	const char *second = lang_second(lang);
	g_autofree char *words = item->list != NULL
				     ? answer_words(form, item, value, lang_first(lang))
				     : as_typed(item, value);
	g_autofree char *others = item->list != NULL && second != NULL
				      ? answer_words(form, item, value, second)
				      : g_strdup(words);

	return strcmp(words, others) != 0 ? g_strconcat(words, " / ", others, NULL)
					  : g_steal_pointer(&words);
}

void
memory_put_beside(
    const Memory *memory, const Form *form, GHashTable *values, const char *lang, FieldSet *fields)
{
	GHashTableIter iter;
	gpointer question, value;

	g_hash_table_iter_init(&iter, values);
	while (g_hash_table_iter_next(&iter, &question, &value)) {
		const Item *item = form_item(form, question);
		g_autofree char *name = memory_beside_name(item);
		g_autofree char *words = words_of(form, item, value, lang);
		g_autofree char *text =
		    g_strdup_printf("%s: %s", memory_year(memory->origin), words);

		field_set_put(fields, name, text);
	}
}

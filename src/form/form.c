#include "form/form.h"

#include <string.h>

const Item *
form_item(const Form *form, const char *name)
{
	return g_hash_table_lookup(form->by_name, name);
}

const Section *
form_section(const Form *form, const char *name)
{
	for (guint i = 0; i < form->sections->len; i++) {
		const Section *section = g_ptr_array_index(form->sections, i);

		if (strcmp(section->name, name) == 0)
			return section;
	}
	return NULL;
}

const Section *
form_item_section(const Form *form, const Item *item)
{
	while (item->parent != NULL)
		item = item->parent;
	return form_section(form, item->name);
}

const char *
form_item_number(const Item *item)
{
	/* a section's own number is not that of its questions */
	while (*item->number == '\0' && item->parent != NULL && item->parent->parent != NULL)
		item = item->parent;
	return item->number;
}

const char *
form_text(const Form *form, const GPtrArray *texts, const char *lang)
{
	const char *own = "";
	gsize first = strcspn(lang, "+"); /* of two joined */

	for (guint i = 0; i < texts->len; i++) {
		const char *text = g_ptr_array_index(texts, i);
		const char *text_lang = g_ptr_array_index(form->langs, i);

		if (text == NULL || *text == '\0')
			continue;
		if (strlen(text_lang) == first && strncmp(text_lang, lang, first) == 0)
			return text;
		if (strcmp(text_lang, form->default_lang) == 0)
			own = text;
	}
	return own;
}

const Choice *
choice_list_find(const ChoiceList *list, const char *name)
{
	for (guint i = 0; i < list->choices->len; i++) {
		const Choice *choice = g_ptr_array_index(list->choices, i);

		if (strcmp(choice->name, name) == 0)
			return choice;
	}
	return NULL;
}

#include "form/qtype.h"

#include <string.h>

static const Choice *
choice_at(const Item *item, guint i)
{
	return g_ptr_array_index(item->list->choices, i);
}

static void
one_fields(const Item *item, GPtrArray *specs)
{
	field_add(specs, item, FIELD_RADIO, 0);
}

static char *
one_read(const Item *item, const FieldSet *fields, GPtrArray *findings)
{
	g_autofree char *value = field_typed(item, fields);

	if (*value == '\0' || choice_list_find(item->list, value) != NULL)
		return g_steal_pointer(&value);
	field_wrong(findings, item, "choice");
	return g_strdup("");
}

static void
one_write(const Item *item, const char *value, FieldSet *fields)
{
	field_set_put(fields, item->name, value);
}

const QuestionType qtype_select_one = {
	.name = "select_one",
	.takes_list = TRUE,
	.layout = LAYOUT_CHOICES,
	.fields = one_fields,
	.read = one_read,
	.write = one_write,
};

static void
multiple_fields(const Item *item, GPtrArray *specs)
{
	for (guint i = 0; i < item->list->choices->len; i++)
		field_add_choice(specs, item, FIELD_CHECK, choice_at(item, i));
}

static char *
multiple_read(const Item *item, const FieldSet *fields, GPtrArray *findings)
{
	g_autoptr(GString) names = g_string_new(NULL);
	gboolean wrong = FALSE;

	for (guint i = 0; i < item->list->choices->len; i++) {
		const Choice *choice = choice_at(item, i);
		g_autofree char *name = field_name_of_choice(item, choice);
		const char *value = field_set_value(fields, name);

		if (strcmp(value, FIELD_ON) != 0) {
			wrong = wrong || *value != '\0';
			continue;
		}
		if (names->len > 0)
			g_string_append_c(names, ' ');
		g_string_append(names, choice->name);
	}
	if (wrong)
		field_wrong(findings, item, "choice");
	return g_string_free(g_steal_pointer(&names), FALSE);
}

static void
multiple_write(const Item *item, const char *value, FieldSet *fields)
{
	g_auto(GStrv) words = g_strsplit(value, " ", -1);

	for (guint i = 0; i < item->list->choices->len; i++) {
		const Choice *choice = choice_at(item, i);
		g_autofree char *name = field_name_of_choice(item, choice);

		field_set_put(fields, name,
		    g_strv_contains((const char *const *)words, choice->name) ? FIELD_ON : "");
	}
}

const QuestionType qtype_select_multiple = {
	.name = "select_multiple",
	.takes_list = TRUE,
	.layout = LAYOUT_CHOICES,
	.fields = multiple_fields,
	.read = multiple_read,
	.write = multiple_write,
};

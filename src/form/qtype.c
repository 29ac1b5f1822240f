#include "form/qtype.h"

#include <string.h>

const QuestionType *const question_types[] = {
	&qtype_acknowledge,
	&qtype_calculate,
	&qtype_date,
	&qtype_decimal,
	&qtype_hidden,
	&qtype_integer,
	&qtype_note,
	&qtype_rank,
	&qtype_select_multiple,
	&qtype_select_one,
	&qtype_text,
	NULL,
};

const QuestionType *
question_type_find(const char *name)
{
	for (gsize i = 0; question_types[i] != NULL; i++)
		if (strcmp(question_types[i]->name, name) == 0)
			return question_types[i];
	return NULL;
}

static void
field_spec_free(FieldSpec *spec)
{
	g_free(spec->name);
	g_free(spec);
}

static FieldSpec *
field_spec_add(GPtrArray *specs, const Item *item, FieldKind kind)
{
	FieldSpec *spec = g_new0(FieldSpec, 1);

	spec->item = item;
	spec->kind = kind;
	g_ptr_array_add(specs, spec);
	return spec;
}

FieldSpec *
field_add(GPtrArray *specs, const Item *item, FieldKind kind, guint max_length)
{
	FieldSpec *spec = field_spec_add(specs, item, kind);

	spec->name = g_strdup(item->name);
	spec->max_length = max_length;
	return spec;
}

char *
field_name_of_choice(const Item *item, const Choice *choice)
{
	return g_strconcat(item->name, "__", choice->name, NULL);
}

FieldSpec *
field_add_choice(GPtrArray *specs, const Item *item, FieldKind kind, const Choice *choice)
{
	FieldSpec *spec = field_spec_add(specs, item, kind);

	spec->name = field_name_of_choice(item, choice);
	spec->choice = choice;
	return spec;
}

GPtrArray *
form_item_fields(const Item *item)
{
	GPtrArray *specs = g_ptr_array_new_with_free_func((GDestroyNotify)field_spec_free);

	if (item->type != NULL && item->type->fields != NULL)
		item->type->fields(item, specs);
	return specs;
}

char *
field_typed(const Item *item, const FieldSet *fields)
{
	const char *typed = field_set_value(fields, item->name);
	char *composed = g_str_is_ascii(typed)
			     ? g_strdup(typed) /* nothing to compose */
			     : g_utf8_normalize(typed, -1, G_NORMALIZE_DEFAULT_COMPOSE);

	/* NULL where it is not UTF-8, which no reader of ours passes on */
	return composed != NULL ? g_strstrip(composed) : g_strdup("");
}

void
field_wrong(GPtrArray *findings, const Item *item, const char *code)
{
	findings_add(findings, SEVERITY_ERROR, code, item->name, "%s", "");
}

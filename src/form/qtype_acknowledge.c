#include "form/qtype.h"

#include <string.h>

static void
fields_of(const Item *item, GPtrArray *specs)
{
	field_add(specs, item, FIELD_CHECK, 0);
}

static char *
read_answer(const Item *item, const FieldSet *fields, GPtrArray *findings)
{
	const char *value = field_set_value(fields, item->name);

	if (strcmp(value, FIELD_ON) == 0)
		return g_strdup("OK");
	if (*value != '\0')
		field_wrong(findings, item, "choice");
	return g_strdup("");
}

static void
write_answer(const Item *item, const char *value, FieldSet *fields)
{
	field_set_put(fields, item->name, strcmp(value, "OK") == 0 ? FIELD_ON : "");
}

const QuestionType qtype_acknowledge = {
	.name = "acknowledge",
	.layout = LAYOUT_CHECK,
	.fields = fields_of,
	.read = read_answer,
	.write = write_answer,
};

#include "form/qtype.h"

#include "base/text.h"

#include <string.h>

static guint
limit_of(const Item *item)
{
	return item->layout == LAYOUT_AREA ? FORM_TEXT_MAX : ENTRY_TEXT_MAX;
}

static void
fields_of(const Item *item, GPtrArray *specs)
{
	field_add(
	    specs, item, item->layout == LAYOUT_AREA ? FIELD_AREA : FIELD_TEXT, limit_of(item));
}

/* Line ends as LF; in a line of text they are blanks. */
static char *
unify_lines(const char *typed, gboolean area)
{
	GString *text = g_string_new(NULL);

	for (; *typed != '\0'; typed++) {
		gboolean end = *typed == '\r' || *typed == '\n';

		if (*typed == '\r' && typed[1] == '\n')
			typed++;
		g_string_append_c(text, end ? (area ? '\n' : ' ') : *typed);
	}
	return g_string_free(text, FALSE);
}

static char *
read_answer(const Item *item, const FieldSet *fields, GPtrArray *findings)
{
	g_autofree char *typed = field_typed(item, fields);
	g_autofree char *lines = unify_lines(typed, item->layout == LAYOUT_AREA);

	if (g_utf8_strlen(lines, -1) > limit_of(item))
		field_wrong(findings, item, "length");
	return text_printable(lines, (gssize)strlen(lines), FORM_TEXT_MAX);
}

static void
write_answer(const Item *item, const char *value, FieldSet *fields)
{
	field_set_put(fields, item->name, value);
}

const QuestionType qtype_text = {
	.name = "text",
	.layout = LAYOUT_ENTRY,
	.fields = fields_of,
	.read = read_answer,
	.write = write_answer,
};

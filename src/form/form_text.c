/* ${name} in a text: a sheet is laid out once for all, so it stands for what is the same for everyone. */
#include "form/read.h"
#include "form/view.h"

#include "base/error.h"

#include <string.h>

typedef struct {
	FormColumn column;
	guint row;
	int at;
	char **text;
} Reference;

GArray *
reader_references_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(Reference));
}

void
reader_refer(FormReader *reader, FormColumn column, guint row, int at, char **text)
{
	const Reference reference = { column, row, at, text };

	g_array_append_val(reader->references, reference);
}

static void
say(FormReader *reader, const Reference *reference, const char *sentence, const char *name)
{
	g_autoptr(GString) text = g_string_new(sentence);

	g_string_replace(text, "%s", name, 1);
	reader_say_at(reader, SEVERITY_ERROR, column_file(reference->column), reference->row,
	    reference->at, column_name(reference->column), "text-reference", "%s", text->str);
}

/* The text with all its values. Returns: (transfer full), NULL where one is missing; that is said */
static char *
fill(FormReader *reader, Sight *sight, const Reference *reference)
{
	g_autoptr(GString) filled = g_string_new(NULL);
	const char *text = *reference->text;
	const char *begin;

	while ((begin = strstr(text, "${")) != NULL) {
		const char *end = strchr(begin, '}');
		g_autofree char *name = g_strndup(
		    begin + 2, end != NULL ? (gsize)(end - begin) - 2 : strlen(begin + 2));
		const char *value = sight_value(sight, g_strstrip(name));

		if (form_item(reader->form, name) == NULL) {
			if (!g_hash_table_contains(reader->refused, name))
				say(reader, reference, _("no row has the name %s"), name);
			return NULL;
		}
		if (value == NULL || *value == '\0') {
			if (!reader->lacks_data)
				say(reader, reference,
				    _("the text is printed the same for everyone, but ${%s} is an answer, or differs from town to town, or is empty"),
				    name);
			return NULL;
		}
		g_string_append_len(filled, text, begin - text);
		g_string_append(filled, value);
		text = end != NULL ? end + 1 : "";
	}
	g_string_append(filled, text);
	return g_string_free(g_steal_pointer(&filled), FALSE);
}

void
fill_texts(FormReader *reader)
{
	g_auto(Sight) sight = { 0 };
	g_autoptr(GHashTable) nothing = g_hash_table_new(g_str_hash, g_str_equal);

	sight_init(&sight, reader->form, nothing, NULL);
	for (guint i = 0; i < reader->references->len; i++) {
		const Reference *reference = &g_array_index(reader->references, Reference, i);
		char *filled = fill(reader, &sight, reference);

		if (filled == NULL)
			continue;
		g_free(*reference->text);
		*reference->text = filled;
	}
}

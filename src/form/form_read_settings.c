#include "form/read.h"

#include "base/error.h"

#include <string.h>

/* What stands in file names, fields and codes: ASCII letters, digits and a few signs. */
static char *
read_id(FormReader *reader, FormColumn column)
{
	const char *text = reader_cell(reader, 0, column);
	gsize length = strlen(text);

	if (length == 0 || length > FORM_NAME_MAX || !g_ascii_isalnum(*text) ||
	    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-") !=
		length)
		reader_say(reader, SEVERITY_ERROR, column, reader_row(reader, FILE_SETTINGS, 0),
		    "bad-name", _("«%s»: letters, digits, - _ and . are expected, at most %d"),
		    text, FORM_NAME_MAX);
	return g_strdup(text);
}

static void
check_number(FormReader *reader, FormColumn column)
{
	const char *text = reader_cell(reader, 0, column);

	if (*text != '\0' && !g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT32, NULL, NULL))
		reader_say(reader, SEVERITY_ERROR, column, reader_row(reader, FILE_SETTINGS, 0),
		    "number", _("«%s»: a whole number is expected"), text);
}

static void
read_language(FormReader *reader)
{
	Form *form = reader->form;
	const char *text = reader_cell(reader, 0, SETTINGS_LANGUAGE);
	g_autofree char *name = NULL;

	form->default_lang = *text != '\0' ? read_lang(text, &name) : g_strdup("it");
	if (form->default_lang == NULL && reader->source->tolerant &&
	    well_known_lang(text) != NULL) {
		const char *present = well_known_lang(text);

		reader_say(reader, SEVERITY_WARNING, SETTINGS_LANGUAGE,
		    reader_row(reader, FILE_SETTINGS, 0), "language",
		    _("«%s» has no code: %s is taken"), text, present);
		reader_put(reader, FILE_SETTINGS, 0, (guint)reader->columns[SETTINGS_LANGUAGE][0],
		    present);
		form->default_lang = read_lang(present, &name);
	}
	if (form->default_lang == NULL) {
		reader_say(reader, SEVERITY_ERROR, SETTINGS_LANGUAGE,
		    reader_row(reader, FILE_SETTINGS, 0), "language",
		    _("«%s»: write the language with its code, Italiano (it)"), text);
		form->default_lang = g_strdup("it");
	} else if (name != NULL && *name != '\0') {
		g_hash_table_insert(
		    reader->lang_names, g_strdup(form->default_lang), g_strdup(name));
	}
	g_ptr_array_add(form->langs, g_strdup(form->default_lang));
}

void
read_settings(FormReader *reader)
{
	Form *form = reader->form;
	guint rows = table_rows(reader->tables[FILE_SETTINGS]);

	if (rows != 1)
		reader_say_at(reader, SEVERITY_ERROR, FILE_SETTINGS, 0, -1, NULL, "settings",
		    _("one row is expected below the column names, not %u"), rows);
	if (rows == 0) { /* its cells read as empty only where the row is there */
		form->id = g_strdup("");
		form->title = g_strdup("");
		form->version = g_strdup("");
		form->default_lang = g_strdup("it");
		g_ptr_array_add(form->langs, g_strdup("it"));
		return;
	}
	for (FormColumn i = SETTINGS_TITLE; i <= SETTINGS_SECTIONS; i++)
		g_hash_table_insert(
		    form->settings, g_strdup(column_name(i)), g_strdup(reader_cell(reader, 0, i)));
	form->id = read_id(reader, SETTINGS_ID);
	form->version = read_id(reader, SETTINGS_VERSION);
	form->title = g_strdup(reader_cell(reader, 0, SETTINGS_TITLE));
	if (*form->title == '\0')
		reader_say(reader, SEVERITY_ERROR, SETTINGS_TITLE,
		    reader_row(reader, FILE_SETTINGS, 0), "missing-label",
		    _("the form has no title"));
	read_language(reader);
	reader->duplicates = reader_flag(reader, 0, SETTINGS_DUPLICATES);
	check_number(reader, SETTINGS_ANNOUNCED_LARGE);
	check_number(reader, SETTINGS_ANNOUNCED_SMALL);
	check_number(reader, SETTINGS_POPULATION_SMALL);
}

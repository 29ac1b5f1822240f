#include "form/read.h"
#include "form/view.h"

#include "base/durable.h"
#include "base/error.h"

#include <string.h>

typedef struct {
	FormFile file;
	guint row;
	Finding *finding;
} Noticed;

const char *const form_file_names[FORM_FILES] = {
	[FILE_SETTINGS] = "settings.csv",
	[FILE_CHOICES] = "choices.csv",
	[FILE_SURVEY] = "survey.csv",
};

static FormFile
file_of(FormColumn column)
{
	if (column < CHOICES_LABEL)
		return FILE_SETTINGS;
	return column < SURVEY_LABEL ? FILE_CHOICES : FILE_SURVEY;
}

static char *
place(FormFile file, guint row, const char *column)
{
	if (row == 0)
		return g_strdup(form_file_names[file]);
	if (column == NULL)
		return g_strdup_printf(_("%s, row %u"), form_file_names[file], row);
	return g_strdup_printf(_("%s, row %u, column %s"), form_file_names[file], row, column);
}

static void
notice(FormReader *reader, Severity severity, FormFile file, guint row, const char *column,
    const char *code, const char *text)
{
	g_autofree char *where = place(file, row, column);
	Noticed noticed = { file, row, finding_new(severity, code, where, "%s", text) };

	g_array_append_val(reader->noticed, noticed);
	reader->errors += severity == SEVERITY_ERROR;
}

void
reader_say(FormReader *reader, Severity severity, FormColumn column, guint row, const char *code,
    const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	notice(reader, severity, file_of(column), row, column_name(column), code, text);
}

void
reader_say_at(FormReader *reader, Severity severity, FormFile file, guint row, const char *column,
    const char *code, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	notice(reader, severity, file, row, column, code, text);
}

const char *
reader_cell(const FormReader *reader, guint row, FormColumn column)
{
	return table_cell(reader->tables[file_of(column)], row, reader->columns[column][0]);
}

guint
reader_row(const FormReader *reader, FormFile file, guint row)
{
	return table_row_number(reader->tables[file], row);
}

gboolean
reader_row_is_blank(const FormReader *reader, FormFile file, guint row)
{
	const Table *table = reader->tables[file];

	for (guint at = 0; at < table_columns(table); at++)
		if (*table_cell(table, row, (int)at) != '\0')
			return FALSE;
	return TRUE;
}

static void
check_text(FormReader *reader, guint row, FormColumn column, const char *text)
{
	if (g_utf8_strlen(text, -1) > FORM_TEXT_MAX)
		reader_say(reader, SEVERITY_ERROR, column, row, "too-long",
		    _("the text is longer than %d characters"), FORM_TEXT_MAX);
	if (strstr(text, "${") != NULL)
		reader_say(reader, SEVERITY_ERROR, column, row, "text-reference",
		    _("a text cannot hold ${...}: it is printed as it stands"));
	for (; *text != '\0'; text = g_utf8_next_char(text))
		if (g_unichar_iscntrl(g_utf8_get_char(text)) && *text != '\n') {
			reader_say(reader, SEVERITY_ERROR, column, row, "control-character",
			    _("the text holds the control character U+%04X: delete it"),
			    g_utf8_get_char(text));
			return;
		}
}

GPtrArray *
reader_texts(FormReader *reader, guint row, FormColumn column)
{
	GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);

	for (guint lang = 0; lang < reader->form->langs->len; lang++) {
		const char *text =
		    table_cell(reader->tables[file_of(column)], row, reader->columns[column][lang]);

		check_text(reader, reader_row(reader, file_of(column), row), column, text);
		g_ptr_array_add(texts, *text != '\0' ? g_strdup(text) : NULL);
	}
	return texts;
}

gboolean
reader_flag(FormReader *reader, guint row, FormColumn column)
{
	static const char *const yes[] = { "si", "sì", "yes", "true", "true()", NULL };
	static const char *const no[] = { "", "no", "false", "false()", NULL };
	g_autofree char *text = g_utf8_casefold(reader_cell(reader, row, column), -1);

	if (g_strv_contains(yes, text))
		return TRUE;
	if (!g_strv_contains(no, text))
		reader_say(reader, SEVERITY_ERROR, column, reader_row(reader, file_of(column), row),
		    "yes-no", _("%s: write yes, or leave it empty"), text);
	return FALSE;
}

static void
reader_clear(FormReader *reader)
{
	for (gsize i = 0; i < FORM_FILES; i++)
		table_free(reader->tables[i]);
	g_clear_pointer(&reader->form, form_free);
	g_clear_pointer(&reader->lang_names, g_hash_table_unref);
	g_clear_pointer(&reader->free, g_hash_table_unref);
	g_clear_pointer(&reader->noticed, g_array_unref);
	g_clear_pointer(&reader->open, g_ptr_array_unref);
	g_clear_pointer(&reader->folded, g_hash_table_unref);
	g_clear_pointer(&reader->refused, g_hash_table_unref);
	g_clear_pointer(&reader->used, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FormReader, reader_clear)

static Form *
form_new(void)
{
	Form *form = g_new0(Form, 1);

	form->langs = g_ptr_array_new_with_free_func(g_free);
	form->settings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	form->items = g_ptr_array_new_with_free_func((GDestroyNotify)item_free);
	form->sections = g_ptr_array_new_with_free_func(g_free);
	form->inner = form_inner_new();
	form->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	form->lists =
	    g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)choice_list_free);
	return form;
}

void
form_free(Form *form)
{
	if (form == NULL)
		return;
	g_free(form->id);
	g_free(form->title);
	g_free(form->version);
	g_free(form->default_lang);
	g_ptr_array_unref(form->langs);
	g_hash_table_unref(form->settings);
	g_ptr_array_unref(form->sections);
	g_hash_table_unref(form->by_name);
	g_ptr_array_unref(form->items);
	form_inner_free(form->inner);
	g_hash_table_unref(form->lists);
	g_free(form);
}

static gboolean
open_tables(FormReader *reader, const char *directory, GError **error)
{
	for (gsize i = 0; i < FORM_FILES; i++) {
		g_autofree char *path = g_build_filename(directory, form_file_names[i], NULL);

		GBytes *bytes = durable_read(path, TABLE_LIMIT, error);

		if (bytes == NULL)
			return FALSE;
		g_ptr_array_add(reader->form->inner->sources, bytes);
		reader->tables[i] = table_parse(bytes, path, error);
		if (reader->tables[i] == NULL)
			return FALSE;
		if (table_rows(reader->tables[i]) > FORM_ROWS_MAX)
			return fail(error, PLICO_ERROR_INPUT, _("%s: more than %d rows"), path,
			    FORM_ROWS_MAX);
	}
	return TRUE;
}

static int
compare_noticed(gconstpointer a, gconstpointer b)
{
	const Noticed *one = a;
	const Noticed *other = b;

	if (one->file != other->file)
		return one->file < other->file ? -1 : 1;
	return (one->row > other->row) - (one->row < other->row);
}

/* Findings in the order of the files and rows; what was found first stays first (the sort is stable). */
static void
hand_over(FormReader *reader, GPtrArray *findings)
{
	g_array_sort(reader->noticed, compare_noticed);
	for (guint i = 0; i < reader->noticed->len; i++)
		g_ptr_array_add(findings, g_array_index(reader->noticed, Noticed, i).finding);
}

Form *
form_open(const char *directory, GPtrArray *findings, GError **error)
{
	g_auto(FormReader) reader = { .form = form_new() };

	reader.lang_names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	reader.free = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	reader.noticed = g_array_new(FALSE, FALSE, sizeof(Noticed));
	reader.open = g_ptr_array_new();
	reader.folded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	reader.refused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	reader.used = g_hash_table_new(NULL, NULL);
	if (!open_tables(&reader, directory, error))
		return NULL;
	memset(reader.columns, -1, sizeof reader.columns);
	read_columns(&reader, FILE_SETTINGS);
	read_settings(&reader);
	read_columns(&reader, FILE_SURVEY); /* its labels say which languages there are */
	read_columns(&reader, FILE_CHOICES);
	read_choices(&reader);
	read_survey(&reader);
	check_form(&reader);
	hand_over(&reader, findings);
	return g_steal_pointer(&reader.form);
}

Form *
form_open_strict(const char *directory, GError **error)
{
	g_autoptr(GPtrArray) findings = findings_new();
	g_autoptr(Form) form = form_open(directory, findings, error);
	guint errors = findings_count(findings, SEVERITY_ERROR);
	guint i = 0;
	const Finding *first;

	if (form == NULL || errors == 0)
		return g_steal_pointer(&form);
	do
		first = g_ptr_array_index(findings, i++);
	while (first->severity != SEVERITY_ERROR);
	fail(error, PLICO_ERROR_INPUT,
	    ngettext("%s: the form has %u error: %s: %s",
		"%s: the form has %u errors, the first: %s: %s; plico forms check lists them",
		errors),
	    directory, errors, first->place, first->text);
	return NULL;
}

#include "form/read.h"
#include "form/view.h"
#include "form/book.h"

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

FormFile
column_file(FormColumn column)
{
	if (column < CHOICES_LABEL)
		return FILE_SETTINGS;
	return column < SURVEY_LABEL ? FILE_CHOICES : FILE_SURVEY;
}

/* "survey.csv, row 12, column label"; "mappa.xlsx: survey!C12 (label)". Returns: (transfer full) */
static char *
place(const FormReader *reader, FormFile file, guint row, int at, const char *column)
{
	const char *name = reader->source->names[file];
	g_autofree char *letters = at >= 0 ? column_letters((guint)at) : NULL;

	if (row == 0)
		return g_strdup(name);
	if (reader->source->cells && letters != NULL)
		return g_strdup_printf(
		    column != NULL ? "%s!%s%u (%s)" : "%s!%s%u", name, letters, row, column);
	if (column == NULL)
		return g_strdup_printf(_("%s, row %u"), name, row);
	return g_strdup_printf(_("%s, row %u, column %s"), name, row, column);
}

static void
notice(FormReader *reader, Severity severity, FormFile file, guint row, int at, const char *column,
    const char *code, const char *text)
{
	g_autofree char *where = place(reader, file, row, at, column);
	Noticed noticed = { file, row, finding_new(severity, code, where, "%s", text) };

	g_array_append_val(reader->noticed, noticed);
	reader->errors += severity == SEVERITY_ERROR;
}

/* Where a column stands, in whatever language; -1: nowhere. */
static int
column_at(const FormReader *reader, FormColumn column)
{
	for (guint lang = 0; lang < FORM_LANGS_MAX; lang++)
		if (reader->columns[column][lang] >= 0)
			return reader->columns[column][lang];
	return -1;
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
	notice(reader, severity, column_file(column), row, column_at(reader, column),
	    column_name(column), code, text);
}

void
reader_say_at(FormReader *reader, Severity severity, FormFile file, guint row, int at,
    const char *column, const char *code, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	notice(reader, severity, file, row, at, column, code, text);
}

/* --- what the source would be today ---------------------------------------------------------------------------- */

static char *
cell_key(FormFile file, guint row, guint at)
{
	return g_strdup_printf("%d %u %u", (int)file, row, at);
}

void
reader_put(FormReader *reader, FormFile file, guint row, guint at, const char *text)
{
	g_hash_table_replace(reader->rewritten, cell_key(file, row, at), g_strdup(text));
}

const char *
reader_present(const FormReader *reader, FormFile file, guint row, guint at)
{
	g_autofree char *key = cell_key(file, row, at);
	const char *text = g_hash_table_lookup(reader->rewritten, key);

	return text != NULL ? text : table_cell(reader->tables[file], row, (int)at);
}

Severity
reader_mild(const FormReader *reader)
{
	return reader->source->tolerant ? SEVERITY_WARNING : SEVERITY_ERROR;
}

/* --- cells ---------------------------------------------------------------------------------------------------- */

const char *
reader_cell(const FormReader *reader, guint row, FormColumn column)
{
	return table_cell(reader->tables[column_file(column)], row, reader->columns[column][0]);
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
check_text(FormReader *reader, guint row, FormColumn column, int at, const char *text)
{
	const FormFile file = column_file(column);
	const char *name = column_name(column);

	if (g_utf8_strlen(text, -1) > FORM_TEXT_MAX)
		reader_say_at(reader, SEVERITY_ERROR, file, row, at, name, "too-long",
		    _("the text is longer than %d characters"), FORM_TEXT_MAX);
	for (; *text != '\0'; text = g_utf8_next_char(text))
		if (g_unichar_iscntrl(g_utf8_get_char(text)) && *text != '\n') {
			reader_say_at(reader, SEVERITY_ERROR, file, row, at, name,
			    "control-character",
			    _("the text holds the control character U+%04X: delete it"),
			    g_utf8_get_char(text));
			return;
		}
}

GPtrArray *
reader_texts(FormReader *reader, guint row, FormColumn column)
{
	GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
	const guint number = reader_row(reader, column_file(column), row);

	for (guint lang = 0; lang < reader->form->langs->len; lang++) {
		const int at = reader->columns[column][lang];
		const char *text = table_cell(reader->tables[column_file(column)], row, at);

		check_text(reader, number, column, at, text);
		g_ptr_array_add(texts, *text != '\0' ? g_strdup(text) : NULL);
	}
	for (guint lang = 0; lang < texts->len; lang++) {
		char **text = (char **)&g_ptr_array_index(texts, lang);

		if (*text != NULL && strstr(*text, "${") != NULL)
			reader_refer(reader, column, number, reader->columns[column][lang], text);
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
		reader_say(reader, SEVERITY_ERROR, column,
		    reader_row(reader, column_file(column), row), "yes-no",
		    _("%s: write yes, or leave it empty"), text);
	return FALSE;
}

void
form_source_clear(FormSource *source)
{
	for (gsize i = 0; i < FORM_FILES; i++) {
		g_clear_pointer(&source->tables[i], table_free);
		g_clear_pointer(&source->names[i], g_free);
		g_clear_pointer(&source->bytes[i], g_bytes_unref);
	}
}

void
reader_clear(FormReader *reader)
{
	for (gsize i = 0; i < FORM_FILES; i++)
		g_clear_pointer(&reader->headers[i], g_ptr_array_unref);
	g_clear_pointer(&reader->rewritten, g_hash_table_unref);
	g_clear_pointer(&reader->form, form_free);
	g_clear_pointer(&reader->lang_names, g_hash_table_unref);
	g_clear_pointer(&reader->free, g_hash_table_unref);
	g_clear_pointer(&reader->references, g_array_unref);
	g_clear_pointer(&reader->noticed, g_array_unref);
	g_clear_pointer(&reader->open, g_ptr_array_unref);
	g_clear_pointer(&reader->folded, g_hash_table_unref);
	g_clear_pointer(&reader->refused, g_hash_table_unref);
	g_clear_pointer(&reader->used, g_hash_table_unref);
	g_clear_pointer(&reader->crippled, g_hash_table_unref);
}

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

gboolean
form_source_open(FormSource *source, const char *directory, GError **error)
{
	source->directories[0] = directory;
	for (gsize i = 0; i < FORM_FILES; i++) {
		g_autofree char *path = g_build_filename(directory, form_file_names[i], NULL);
		g_autoptr(GBytes) bytes = durable_read(path, TABLE_LIMIT, error);

		if (bytes == NULL)
			return FALSE;
		source->names[i] = g_strdup(form_file_names[i]);
		source->bytes[i] = g_bytes_ref(bytes);
		source->tables[i] = table_parse(bytes, path, error);
		if (source->tables[i] == NULL)
			return FALSE;
		if (table_rows(source->tables[i]) > FORM_ROWS_MAX)
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

void
reader_init(FormReader *reader, const FormSource *source)
{
	*reader = (FormReader){ .form = form_new(), .source = source, .tables = source->tables };
	for (gsize i = 0; i < FORM_FILES; i++) {
		reader->headers[i] = g_ptr_array_new_with_free_func(g_free);
		g_ptr_array_set_size(reader->headers[i], (gint)table_columns(source->tables[i]));
	}
	reader->rewritten = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	reader->lang_names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	reader->free = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	reader->references = reader_references_new();
	reader->noticed = g_array_new(FALSE, FALSE, sizeof(Noticed));
	reader->open = g_ptr_array_new();
	reader->folded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	reader->refused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	reader->used = g_hash_table_new(NULL, NULL);
	reader->crippled = g_hash_table_new(NULL, NULL);
	memset(reader->columns, -1, sizeof reader->columns);
}

void
reader_run(FormReader *reader, GPtrArray *findings)
{
	read_columns(reader, FILE_SETTINGS);
	read_settings(reader);
	read_columns(reader, FILE_SURVEY); /* its labels say which languages there are */
	read_columns(reader, FILE_CHOICES);
	read_choices(reader);
	read_survey(reader);
	check_form(reader);
	fill_texts(reader);
	hand_over(reader, findings);
}

Form *
form_open(const char *directory, GPtrArray *findings, GError **error)
{
	g_auto(FormSource) source = { 0 };
	g_auto(FormReader) reader = { 0 };

	if (!form_source_open(&source, directory, error))
		return NULL;
	reader_init(&reader, &source);
	for (gsize i = 0; i < FORM_FILES; i++)
		g_ptr_array_add(reader.form->inner->sources, g_bytes_ref(source.bytes[i]));
	reader_run(&reader, findings);
	if (form_section(reader.form, FORM_DELEGATION) != NULL)
		findings_add(findings, SEVERITY_ERROR, "section-name", "survey.csv",
		    _("the section %s: that is the name of the delegation sheet; give it another"),
		    FORM_DELEGATION);
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

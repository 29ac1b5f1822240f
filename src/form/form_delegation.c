/*
 * The sheet on which a mayor says who fills in which section: a small form of its own, made of the sections of another.
 * Its rows are written in delegation.csv; the group named with "@" comes again for each section, whose name and label take the
 * place of "@".
 */
#include "form/read.h"

#include <gio/gio.h>
#include <string.h>

#define ROWS "/plico/src/form/delegation.csv"

typedef struct {
	const Table *rows; /* as they are written */
	Table *table;	   /* as the form has them */
	const Form *form;
} Build;

static Table *
read_rows(void)
{
	g_autoptr(GBytes) bytes = g_resources_lookup_data(ROWS, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	g_autoptr(GError) error = NULL;
	Table *rows;

	g_assert(bytes != NULL);
	rows = table_parse(bytes, ROWS, &error);
	if (rows == NULL)
		g_error("%s: %s", ROWS, error->message); /* shipped in the program */
	return rows;
}

/* "5. Servizi, applicazioni e dati" in the language of the column "label::Italiano (it)". */
static char *
section_label(const Form *form, const Section *section, const char *column)
{
	g_autofree char *lang = read_lang(column, NULL);

	return g_strdup_printf("%s. %s", section->number,
	    form_text(form, section->group->labels, lang != NULL ? lang : form->default_lang));
}

/* A cell with what stands for "@" put in. Returns: (transfer full) */
static char *
fill_cell(const Build *build, const Section *section, guint row, guint column)
{
	const char *cell = table_cell(build->rows, row, (int)column);
	g_autoptr(GString) text = g_string_new(cell);

	if (strcmp(cell, "@") == 0)
		return section_label(build->form, section, table_header(build->rows, column));
	if (section != NULL && strcmp(table_header(build->rows, column), "name") == 0)
		g_string_replace(text, "@", section->name, 0);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
add_row(Build *build, const Section *section, guint row)
{
	guint columns = table_columns(build->rows);
	g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < columns; i++)
		g_ptr_array_add(cells, fill_cell(build, section, row, i));
	table_add_row(build->table, table_rows(build->table) + 2,
	    (const char *const *)(gpointer)cells->pdata, columns);
}

static gboolean
is_repeated(const Table *rows, guint row)
{
	return strchr(table_cell(rows, row, table_find(rows, "name")), '@') != NULL;
}

/* The group that begins at @from, once for each section. Returns the row behind it. */
static guint
add_sections(Build *build, const GPtrArray *sections, guint from)
{
	guint end = from;

	while (is_repeated(build->rows, end))
		end++;
	for (guint i = 0; i < sections->len; i++)
		for (guint row = from; row <= end; row++)
			add_row(build, g_ptr_array_index(sections, i), row);
	return end + 1;
}

static Table *
build_survey(const Form *form, const GPtrArray *sections)
{
	g_autoptr(Table) rows = read_rows();
	g_autoptr(GPtrArray) header = g_ptr_array_new();
	Build build = { .rows = rows, .form = form };

	for (guint i = 0; i < table_columns(rows); i++) {
		const char *name = table_header(rows, i);

		g_ptr_array_add(header, (gpointer)(gsize)name);
	}
	build.table =
	    table_new(1, (const char *const *)(gpointer)header->pdata, table_columns(rows));
	for (guint row = 0; row < table_rows(rows);) {
		if (is_repeated(rows, row)) {
			row = add_sections(&build, sections, row);
		} else {
			add_row(&build, NULL, row++);
		}
	}
	return build.table;
}

static Table *
build_settings(const Form *form)
{
	static const char *const header[] = { "form_title", "form_id", "version",
		"default_language", "namespaces" };
	const char *const cells[] = { form->title, form->id, form->version, "Italiano (it)",
		"anci=\"https://plico.example/ns/anci\"" };
	Table *table = table_new(1, header, G_N_ELEMENTS(header));

	table_add_row(table, 2, cells, G_N_ELEMENTS(cells));
	return table;
}

Form *
form_delegation(const FormView *view)
{
	static const char *const choices[] = { "list_name", "name", "label" };
	const Form *form = form_view_form(view);
	g_autoptr(GPtrArray) sections = form_view_sections(view);
	g_autoptr(GPtrArray) findings = findings_new();
	g_auto(FormSource) source = { 0 };
	g_auto(FormReader) reader = { 0 };

	source.tables[FILE_SETTINGS] = build_settings(form);
	source.tables[FILE_CHOICES] = table_new(1, choices, G_N_ELEMENTS(choices));
	source.tables[FILE_SURVEY] = build_survey(form, sections);
	for (gsize i = 0; i < FORM_FILES; i++)
		source.names[i] = g_strdup(form_file_names[i]);
	reader_init(&reader, &source);
	reader_run(&reader, findings);
	for (guint i = 0; i < findings->len; i++) {
		const Finding *finding = g_ptr_array_index(findings, i);

		if (finding->severity == SEVERITY_ERROR)
			g_error("%s: %s: %s", ROWS, finding->place, finding->text);
	}
	return g_steal_pointer(&reader.form);
}

#include "report/report.h"

#include "base/clock.h"
#include "base/durable.h"
#include "base/error.h"
#include "report/codebook.h"
#include "report/columns.h"

#include <string.h>

typedef struct {
	Store *store;
	const Form *form;
	GPtrArray *columns;
	Csv *units;
	Csv *answers;
	ExportReport *report;
} Export;

/* One stored answer of the unit in hand. */
typedef struct {
	char *value;
	gint64 return_id;
	gint64 received_at;
	char *file_sha256;
	char *trust;
	char *finding;
	const char *origin; /* interned */
} Answer;

void
export_report_free(ExportReport *report)
{
	if (report == NULL)
		return;
	g_clear_pointer(&report->files, g_ptr_array_unref);
	g_free(report);
}

static void
answer_free(gpointer data)
{
	Answer *answer = data;

	g_free(answer->value);
	g_free(answer->file_sha256);
	g_free(answer->trust);
	g_free(answer->finding);
	g_free(answer);
}

static void
export_clear(Export *export)
{
	g_clear_pointer(&export->columns, g_ptr_array_unref);
	g_clear_pointer(&export->units, csv_close);
	g_clear_pointer(&export->answers, csv_close);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Export, export_clear)

/* Question -> Answer of the returns that count. */
static GHashTable *
load_answers(const Export *export, gint64 unit_id, GError **error)
{
	g_autoptr(GHashTable) answers =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, answer_free);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(export->store, error, SQL_report_answers, "ti", export->form->id, unit_id);

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why)) {
		Answer *answer = g_new0(Answer, 1);

		answer->value = g_strdup(rows_text(rows, 1));
		answer->return_id = rows_int(rows, 2);
		answer->received_at = rows_int(rows, 4);
		answer->file_sha256 = g_strdup(rows_text(rows, 5));
		answer->trust = g_strdup(rows_text(rows, 6));
		answer->finding = g_strdup(rows_text(rows, 7));
		answer->origin = g_intern_string(rows_text(rows, 8));
		g_hash_table_insert(answers, g_strdup(rows_text(rows, 0)), answer);
	}
	if (why == NULL)
		return g_steal_pointer(&answers);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

/* Name -> state: the unit's under "stato" and "consegna", its sections' under their names. */
static GHashTable *
load_states(const Export *export, gint64 unit_id, GError **error)
{
	g_autoptr(GHashTable) states =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) unit = store_query(
	    export->store, error, SQL_report_unit_state, "ti", export->form->id, unit_id);
	g_autoptr(Rows) sections = NULL;

	if (unit == NULL)
		return NULL;
	if (rows_next(unit, &why)) {
		g_hash_table_insert(states, g_strdup("stato"), g_strdup(rows_text(unit, 0)));
		g_hash_table_insert(states, g_strdup("consegna"), g_strdup(rows_text(unit, 1)));
	}
	sections = store_query(
	    export->store, error, SQL_report_section_states, "ti", export->form->id, unit_id);
	if (sections == NULL)
		return NULL;
	while (why == NULL && rows_next(sections, &why))
		g_hash_table_insert(
		    states, g_strdup(rows_text(sections, 0)), g_strdup(rows_text(sections, 1)));
	if (why == NULL)
		return g_steal_pointer(&states);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

static gboolean
is_decimal(const Item *item)
{
	return strcmp(item->type->name, "decimal") == 0;
}

static void
add_value(Csv *csv, const Item *item, const char *value)
{
	if (is_decimal(item))
		csv_number(csv, value);
	else
		csv_text(csv, value);
}

static const char *
or_empty(const char *text)
{
	return text != NULL ? text : "";
}

static void
add_unit_cells(Csv *csv, const Unit *unit)
{
	for (const UnitColumn *column = unit_columns; column->name != NULL; column++) {
		g_autofree char *value = unit_attribute(unit, column->name);

		if (column->code)
			csv_code(csv, value);
		else
			csv_text(csv, value);
	}
}

static void
add_unit_row(const Export *export, const Unit *unit, GHashTable *states, GHashTable *answers)
{
	add_unit_cells(export->units, unit);
	csv_text(export->units, unit_size_class(unit));
	csv_text(export->units, or_empty(g_hash_table_lookup(states, "stato")));
	csv_text(export->units, or_empty(g_hash_table_lookup(states, "consegna")));
	for (guint i = 0; i < export->form->sections->len; i++) {
		const Section *section = g_ptr_array_index(export->form->sections, i);

		csv_text(export->units, or_empty(g_hash_table_lookup(states, section->name)));
	}
	for (guint i = 0; i < export->columns->len; i++) {
		const Column *column = g_ptr_array_index(export->columns, i);
		const Answer *answer = g_hash_table_lookup(answers, column->item->name);
		g_autofree char *cell = column_cell(column, answer != NULL ? answer->value : "");

		add_value(export->units, column->item, cell);
	}
	csv_end_row(export->units);
}

static void
add_answer_rows(const Export *export, const Unit *unit, GHashTable *answers)
{
	for (guint i = 0; i < export->columns->len; i++) {
		const Column *column = g_ptr_array_index(export->columns, i);
		const Answer *answer = g_hash_table_lookup(answers, column->item->name);
		g_autofree char *when = NULL;

		if (answer == NULL || column->kind != COLUMN_VALUE)
			continue;
		when = clock_iso(answer->received_at);
		csv_text(export->answers, unit->code);
		csv_code(export->answers, unit->istat_code);
		csv_text(export->answers, column->section->name);
		csv_text(export->answers, column->name);
		add_value(export->answers, column->item, answer->value);
		csv_text(export->answers, answer->finding);
		csv_int(export->answers, answer->return_id);
		csv_text(export->answers, when);
		csv_text(export->answers, answer->file_sha256);
		csv_text(export->answers, answer->trust);
		csv_text(export->answers, answer->origin);
		csv_end_row(export->answers);
		export->report->answers++;
	}
}

static void
add_heads(const Export *export)
{
	static const char *const answer_heads[] = { "codice", "istat", "sezione", "domanda",
		"valore", "rilievo", "ritorno", "ricevuto", "file_sha256", "fiducia", "origine" };

	for (const UnitColumn *column = unit_columns; column->name != NULL; column++)
		csv_text(export->units, column->name);
	csv_text(export->units, "classe");
	csv_text(export->units, "stato");
	csv_text(export->units, "consegna");
	for (guint i = 0; i < export->form->sections->len; i++) {
		const Section *section = g_ptr_array_index(export->form->sections, i);
		g_autofree char *name = g_strconcat(section->name, "_stato", NULL);

		csv_text(export->units, name);
	}
	for (guint i = 0; i < export->columns->len; i++) {
		const Column *column = g_ptr_array_index(export->columns, i);

		csv_text(export->units, column->name);
	}
	csv_end_row(export->units);
	for (gsize i = 0; i < G_N_ELEMENTS(answer_heads); i++)
		csv_text(export->answers, answer_heads[i]);
	csv_end_row(export->answers);
}

static gboolean
add_units(const Export *export, GError **error)
{
	g_autoptr(GPtrArray) units = registry_list(export->store, NULL, error);

	if (units == NULL)
		return FALSE;
	for (guint i = 0; i < units->len; i++) {
		const Unit *unit = g_ptr_array_index(units, i);
		g_autoptr(GHashTable) states = load_states(export, unit->id, error);
		g_autoptr(GHashTable) answers =
		    states != NULL ? load_answers(export, unit->id, error) : NULL;

		if (answers == NULL)
			return FALSE;
		add_unit_row(export, unit, states, answers);
		add_answer_rows(export, unit, answers);
	}
	export->report->units = units->len;
	return TRUE;
}

static gboolean
save(const Export *export, Csv *csv, const char *directory, const char *name, GError **error)
{
	char *path;

	if (!csv_save(csv, directory, name, &path, error))
		return FALSE;
	g_ptr_array_add(export->report->files, path);
	return TRUE;
}

/* Before a file is written: who took reserved answers, and why. */
static gboolean
log_reserved(const Export *export, const ExportOptions *options, GError **error)
{
	const Event event = {
		.actor = options->actor,
		.edition = export->form->id,
		.subject = "export",
		.what = "export.reserved",
		.note = options->reserved_reason,
	};

	return options->reserved_reason == NULL || store_event(export->store, &event, error);
}

static gboolean
save_all(const Export *export, const char *directory, const ExportOptions *options, GError **error)
{
	g_autoptr(Csv) codebook = csv_new(options->raw);

	codebook_write(codebook, export->form, export->columns);
	return durable_mkdir(directory, error) && log_reserved(export, options, error) &&
	       save(export, export->units, directory, "units", error) &&
	       save(export, export->answers, directory, "answers", error) &&
	       save(export, codebook, directory, "codebook", error);
}

ExportReport *
report_export_csv(Store *store, const Form *form, const char *directory,
    const ExportOptions *options, GError **error)
{
	g_autoptr(ExportReport) report = g_new0(ExportReport, 1);
	g_auto(Export) export = { .store = store, .form = form, .report = report };

	if (options->reserved_reason != NULL && *options->reserved_reason == '\0') {
		fail(error, PLICO_ERROR_USAGE, _("reserved answers leave only with a reason"));
		return NULL;
	}
	report->files = g_ptr_array_new_with_free_func(g_free);
	export.columns = columns_of_form(form, options->reserved_reason != NULL, &report->reserved);
	export.units = csv_new(options->raw);
	export.answers = csv_new(options->raw);
	add_heads(&export);
	if (!add_units(&export, error) || !save_all(&export, directory, options, error))
		return NULL;
	return g_steal_pointer(&report);
}

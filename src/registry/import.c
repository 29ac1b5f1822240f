/* The import: which list it is, its rows one by one, what is gone; one transaction. */
#include "registry/import.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define CENSUS	   2021 /* the legal population that decides what a town is asked */
#define NAMES_MAX  300
#define HEADER_MAX 40
#define PLACE_MAX  500

static const ListFormat *const formats[] = { &import_istat, &import_plico, &import_ipa,
	&import_ipa_former };

void
import_report_free(ImportReport *report)
{
	if (report == NULL)
		return;
	g_free(report->charset);
	g_ptr_array_unref(report->lines);
	g_ptr_array_unref(report->findings);
	g_free(report);
}

static void
import_clear(Import *import)
{
	table_free(import->table);
	g_clear_pointer(&import->by_code, g_hash_table_unref);
	g_clear_pointer(&import->by_istat, g_hash_table_unref);
	g_clear_pointer(&import->by_word, g_hash_table_unref);
	g_clear_pointer(&import->istats, g_hash_table_unref);
	g_clear_pointer(&import->codes, g_hash_table_unref);
	g_clear_pointer(&import->known, g_ptr_array_unref);
	import_report_free(import->report);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Import, import_clear)

const char *
import_cell(const Import *import, guint row, Cell cell)
{
	const char *text = table_cell(import->table, row, import->column[cell]);
	const char *nothing = import->format->null_word;

	return nothing != NULL && strcmp(text, nothing) == 0 ? "" : text;
}

void
import_note(Import *import, guint row, Cell cell, Severity severity, const char *code,
    const char *format, ...)
{
	guint number = table_row_number(import->table, row);
	int column = cell < CELLS ? import->column[cell] : -1;
	g_autofree char *place = NULL;
	g_autofree char *shown = NULL;
	g_autofree char *text = NULL;
	va_list args;

	if (column >= 0)
		place = g_strdup_printf(_("%s: row %u, %.*s"), import->path, number, HEADER_MAX,
		    table_header(import->table, (guint)column));
	else
		place = g_strdup_printf(_("%s: row %u"), import->path, number);
	shown = text_printable(place, -1, PLACE_MAX);
	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	findings_add(import->report->findings, severity, code, shown, "%s", text);
}

/* --- which list it is --- */

static gboolean
is_column(const char *header, const char *name)
{
	g_autofree char *folded = text_fold(header);
	g_autofree char *wanted = text_fold(name);
	gsize length = strlen(wanted);

	if (length > 0 && wanted[length - 1] == '*')
		return strncmp(folded, wanted, length - 1) == 0;
	return strcmp(folded, wanted) == 0;
}

static int
find_column(const Table *table, const Column *column)
{
	for (guint i = 0; i < table_columns(table); i++)
		for (gsize n = 0; n < G_N_ELEMENTS(column->names) && column->names[n] != NULL; n++)
			if (is_column(table_header(table, i), column->names[n]))
				return (int)i;
	return -1;
}

/* Where the columns of @format stand. @missing: names of the needed ones that are not there. Returns how many are. */
static guint
map_columns(const Table *table, const ListFormat *format, int *columns, GString *missing)
{
	guint found = 0;

	for (gsize i = 0; i < CELLS; i++)
		columns[i] = -1;
	for (const Column *column = format->columns; column->names[0] != NULL; column++) {
		int at = find_column(table, column);

		columns[column->cell] = at;
		found += at >= 0;
		if (at < 0 && column->required)
			g_string_append_printf(
			    missing, "%s%s", missing->len > 0 ? ", " : "", column->names[0]);
	}
	return found;
}

static char *
header_names(const Table *table)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; i < table_columns(table); i++)
		g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", table_header(table, i));
	return text_printable(names->str, -1, NAMES_MAX);
}

static gboolean
recognise(Import *import, GError **error)
{
	guint most = 0;
	const char *likely = NULL;
	g_autofree char *lacks = NULL;
	g_autofree char *names = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
		g_autoptr(GString) missing = g_string_new(NULL);
		guint found = map_columns(import->table, formats[i], import->column, missing);

		if (missing->len == 0) {
			import->format = formats[i];
			return TRUE;
		}
		if (found <= most)
			continue;
		most = found;
		likely = formats[i]->name;
		g_free(lacks);
		lacks = g_string_free(g_steal_pointer(&missing), FALSE);
	}
	names = header_names(import->table);
	if (most == 0)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s: none of the lists that can be read (ISTAT's, plico's own, IPA's in its "
		      "present and former format); its columns are: %s"),
		    import->path, names);
	return fail(error, PLICO_ERROR_INPUT,
	    _("%s: looks like the list of %s, but has no column %s; its columns are: %s"),
	    import->path, likely, lacks, names);
}

/* --- about the whole list --- */

static void
note_unknown_columns(Import *import)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; i < table_columns(import->table); i++) {
		const char *header = table_header(import->table, i);
		g_autofree char *shown = text_printable(header, -1, HEADER_MAX);
		gboolean known = *header == '\0';

		for (const Column *column = import->format->columns;
		     column->names[0] != NULL && !known; column++)
			known = is_column(header, column->names[0]);
		if (!known)
			g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", shown);
	}
	if (names->len > 0)
		findings_add(import->report->findings, SEVERITY_NOTE, "columns-unknown",
		    import->path, _("columns that are not read: %s"), names->str);
}

/* Takes the year of the census out of "Popolazione legale 2011 (09/10/2011)". */
static void
look_at_census(Import *import)
{
	g_autofree char *shown = NULL;
	const char *header;
	gint64 year;

	if (import->column[CELL_POPULATION] < 0)
		return;
	header = table_header(import->table, (guint)import->column[CELL_POPULATION]);
	year = g_ascii_strtoll(header + strcspn(header, "0123456789"), NULL, 10);
	shown = text_printable(header, -1, HEADER_MAX);
	import->census_old = year > 0 && year < CENSUS;
	if (import->census_old)
		findings_add(import->report->findings, SEVERITY_NOTE, "census-old", import->path,
		    _("\"%s\" is older than the census of %d: taken only where no population is "
		      "known"),
		    shown, CENSUS);
}

static void
look_at_list(Import *import)
{
	if (import->format->lists_unknown)
		note_unknown_columns(import);
	if (!import->format->lists_units)
		return;
	look_at_census(import);
	import_count_zeros(import);
	if (import->zeros > 0)
		import_note(import, import->zeros_row, CELL_ISTAT, SEVERITY_NOTE, "zeros-restored",
		    _("here begin %u codes without their leading zeros, as a spreadsheet leaves "
		      "them: the zeros are put back"),
		    import->zeros);
	for (guint row = 0; row < table_rows(import->table); row++)
		g_hash_table_add(
		    import->codes, g_ascii_strup(import_cell(import, row, CELL_CODE), -1));
}

static void
note_without_population(Import *import)
{
	guint without = 0;

	if (!import->format->lists_units || import->column[CELL_POPULATION] >= 0)
		return;
	for (guint i = 0; i < import->known->len; i++) {
		const Known *known = g_ptr_array_index(import->known, i);

		without += known->row > 0 && known->unit->population < 0;
	}
	if (without > 0)
		findings_add(import->report->findings, SEVERITY_WARNING, "population-missing",
		    import->path,
		    _("the list has no population, and that of %u units is not known: they are "
		      "asked as small ones until a list with it is imported"),
		    without);
}

/* --- rows --- */

static gboolean
is_blank(const Import *import, guint row)
{
	for (guint i = 0; i < table_cells(import->table, row); i++)
		if (*table_cell(import->table, row, (int)i) != '\0')
			return FALSE;
	return TRUE;
}

static gboolean
read_rows(Import *import, GError **error)
{
	for (guint row = 0; row < table_rows(import->table); row++) {
		if (is_blank(import, row))
			continue;
		import->report->rows++;
		if (!import->format->read_row(import, row, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
run(Import *import, GError **error)
{
	g_autoptr(Transaction) tx = transaction_begin(import->store, error);

	if (tx == NULL || !import_load_known(import, error))
		return FALSE;
	look_at_list(import);
	if (!read_rows(import, error) || !import_close_gone(import, error) ||
	    !import_note_shared(import, error))
		return FALSE;
	note_without_population(import);
	/* a dry run is the whole run without its last step: what it tells is what would be done */
	return import->options->dry_run || transaction_commit(tx, error);
}

static GHashTable *
new_map(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

ImportReport *
registry_import(Store *store, const char *path, const ImportOptions *options, GError **error)
{
	g_auto(Import) import = { .store = store, .path = path, .options = options };

	import.table = table_open(path, error);
	if (import.table == NULL || !recognise(&import, error))
		return NULL;
	import.by_code = new_map();
	import.by_istat = new_map();
	import.by_word = new_map();
	import.istats = new_map();
	import.codes = new_map();
	import.known = g_ptr_array_new_with_free_func((GDestroyNotify)known_free);
	import.report = g_new0(ImportReport, 1);
	import.report->format = import.format->format;
	import.report->charset = g_strdup(table_charset(import.table));
	import.report->lines = g_ptr_array_new_with_free_func(g_free);
	import.report->findings = findings_new();
	return run(&import, error) ? g_steal_pointer(&import.report) : NULL;
}

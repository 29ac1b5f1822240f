/* One file with all sheets becomes a form: its sheets are found, what old or small forms leave out is put in and said. */
#include "form/exchange.h"
#include "form/form_folder.h"
#include "form/read.h"
#include "form/book.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define NEAR 2 /* letters by which a mistyped name of a sheet may differ */

static const char *const sheet_names[FORM_FILES] = {
	[FILE_SETTINGS] = "settings",
	[FILE_CHOICES] = "choices",
	[FILE_SURVEY] = "survey",
};

typedef struct {
	const char *path;
	const char *file; /* its name, for places */
	const char *stem; /* without its ending */
	Book *book;
	const Sheet *sheets[FORM_FILES]; /* (nullable) */
	FormSource source;
	GPtrArray *findings;
} Import;

static void
import_clear(Import *import)
{
	g_clear_pointer(&import->book, book_free);
	form_source_clear(&import->source);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Import, import_clear)

/* --- sheets --------------------------------------------------------------------------------------------------- */

/* How many letters must be put in, left out or changed to come from one word to the other (Levenshtein). */
static guint
distance(const char *one, const char *other)
{
	const gsize n = strlen(other);
	g_autofree guint *costs = g_new(guint, n + 1);

	for (gsize i = 0; i <= n; i++)
		costs[i] = (guint)i;
	for (gsize r = 0; one[r] != '\0'; r++) {
		guint corner = costs[0]++;

		for (gsize i = 0; i < n; i++) {
			const guint change = corner + (one[r] != other[i] ? 1 : 0);

			corner = costs[i + 1];
			costs[i + 1] = MIN(MIN(costs[i], costs[i + 1]) + 1, change);
		}
	}
	return costs[n];
}

static void
say_unknown_sheet(Import *import, const Sheet *sheet, const char *folded)
{
	g_autofree char *place = g_strdup_printf("%s: %s", import->file, sheet->name);

	for (FormFile i = 0; i < FORM_FILES; i++)
		if (import->sheets[i] == NULL && strlen(folded) < FORM_NAME_MAX &&
		    distance(folded, sheet_names[i]) <= NEAR) {
			findings_add(import->findings, SEVERITY_WARNING, "unknown-sheet", place,
			    _("the sheet is not read; is %s meant?"), sheet_names[i]);
			return;
		}
	findings_add(import->findings, SEVERITY_WARNING, "unknown-sheet", place,
	    _("the sheet is not read: a form has survey, choices and settings"));
}

/* The three sheets by their names, whatever their case; the others are reported. */
static void
find_sheets(Import *import)
{
	const GPtrArray *sheets = import->book->sheets;
	g_autoptr(GPtrArray) others = g_ptr_array_new();

	for (guint i = 0; i < sheets->len; i++) {
		const Sheet *sheet = g_ptr_array_index(sheets, i);
		g_autofree char *folded = g_strstrip(g_utf8_casefold(sheet->name, -1));
		FormFile file = 0;

		while (file < FORM_FILES && strcmp(folded, sheet_names[file]) != 0)
			file++;
		if (file == FORM_FILES) {
			g_ptr_array_add(others, (gpointer)(gsize)sheet);
		} else if (import->sheets[file] != NULL) {
			g_autofree char *place =
			    g_strdup_printf("%s: %s", import->file, sheet->name);

			findings_add(import->findings, SEVERITY_ERROR, "duplicate-sheet", place,
			    _("the sheet %s is there already: keep one"),
			    import->sheets[file]->name);
		} else {
			import->sheets[file] = sheet;
		}
	}
	for (guint i = 0; i < others->len; i++) {
		const Sheet *sheet = g_ptr_array_index(others, i);
		g_autofree char *folded = g_strstrip(g_utf8_casefold(sheet->name, -1));

		say_unknown_sheet(import, sheet, folded);
	}
}

static gboolean
fail_no_survey(const Import *import, GError **error)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; i < import->book->sheets->len; i++) {
		const Sheet *sheet = g_ptr_array_index(import->book->sheets, i);

		g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", sheet->name);
	}
	return fail(error, PLICO_ERROR_INPUT,
	    _("%s: there is no sheet survey; there is %s: name the sheet with the questions survey"),
	    import->path, names->len > 0 ? names->str : _("none"));
}

/* --- doubts --------------------------------------------------------------------------------------------------- */

/* What is said of a cell that holds something else than what a person may have typed. */
static void
say_doubt(Import *import, const char *sheet, const Cell *cell, const char *header)
{
	static const struct {
		Severity severity;
		const char *code;
		const char *text;
	} doubts[] = {
		[DOUBT_ZERO] = { SEVERITY_WARNING, "number-cell",
		    N_("the cell is a number, %s: where a zero stood at its end, as in 5.10, it is lost; format the cell as text and write it again") },
		[DOUBT_DIGITS] = { SEVERITY_WARNING, "number-cell",
		    N_("the cell is a number with more digits than a spreadsheet keeps, %s: format it as text and write it again") },
		[DOUBT_FORMAT] = { SEVERITY_WARNING, "number-cell",
		    N_("the cell is a number in a format of its own: taken as %s; format it as text") },
		[DOUBT_DATE] = { SEVERITY_WARNING, "date-cell",
		    N_("the cell is a date, taken as %s; what is typed like one, as 3-1, becomes one: format it as text where it is none") },
		[DOUBT_FORMULA] = { SEVERITY_ERROR, "formula-cell",
		    N_("the formula has no value in the file: open it in a spreadsheet and save it, or write the text itself") },
		[DOUBT_ERROR] = { SEVERITY_ERROR, "formula-cell",
		    N_("the formula ends in the error %s: write the text itself") },
	};
	g_autofree char *letters = column_letters(cell->column);
	g_autofree char *place =
	    g_strdup_printf(*header != '\0' ? "%s: %s!%s%u (%s)" : "%s: %s!%s%u", import->file,
		sheet, letters, cell->row, header);
	g_autoptr(GString) text = g_string_new(_(doubts[cell->doubt].text));

	g_string_replace(text, "%s", cell->text, 1);
	findings_add(import->findings, doubts[cell->doubt].severity, doubts[cell->doubt].code,
	    place, "%s", text->str);
}

/* A default is a number where the question is one: 5.1 and 5.10 are the same. */
static gboolean
is_value_column(const char *header)
{
	return g_ascii_strcasecmp(header, "default") == 0;
}

static void
say_doubts(Import *import)
{
	for (FormFile file = 0; file < FORM_FILES; file++) {
		const Sheet *sheet = import->sheets[file];
		const Table *table = import->source.tables[file];

		for (guint i = 0; sheet != NULL && i < sheet->cells->len; i++) {
			const Cell *cell = &g_array_index(sheet->cells, Cell, i);
			const char *header = cell->column < table_columns(table)
						 ? table_header(table, cell->column)
						 : "";

			if (cell->doubt != DOUBT_NONE &&
			    !(cell->doubt < DOUBT_FORMULA && is_value_column(header)))
				say_doubt(import, sheet->name, cell, header);
		}
	}
}

/* --- tables --------------------------------------------------------------------------------------------------- */

typedef struct {
	const char *cells[TABLE_COLUMNS];
	guint n;
	guint number;
} Row;

/* The next row that holds something, from cell @at on. FALSE at the end. */
static gboolean
next_row(const Sheet *sheet, guint *at, Row *row)
{
	memset(row, 0, sizeof *row);
	for (guint i = 0; i < TABLE_COLUMNS; i++)
		row->cells[i] = "";
	while (*at < sheet->cells->len) {
		const Cell *cell = &g_array_index(sheet->cells, Cell, *at);

		if (row->n > 0 && cell->row != row->number)
			break;
		row->number = cell->row;
		row->cells[cell->column] = cell->text;
		row->n = cell->column + 1;
		(*at)++;
	}
	return row->n > 0;
}

static guint
sheet_width(const Sheet *sheet)
{
	guint width = 0;

	for (guint i = 0; i < sheet->cells->len; i++)
		width = MAX(width, g_array_index(sheet->cells, Cell, i).column + 1);
	return width;
}

/* How many rows hold something. */
static guint
sheet_height(const Sheet *sheet)
{
	guint height = 0;

	for (guint i = 0; i < sheet->cells->len; i++)
		if (i == 0 || g_array_index(sheet->cells, Cell, i).row !=
				  g_array_index(sheet->cells, Cell, i - 1).row)
			height++;
	return height;
}

/* The sheet with all its rows between @before and @after (nullable). */
static Table *
make_table(const Sheet *sheet, const Row *before, const Row *after)
{
	Row row;
	guint at = 0;
	Table *table;

	(void)next_row(sheet, &at, &row);
	table = table_new(row.number, row.cells, sheet_width(sheet));
	if (before != NULL)
		table_add_row(table, before->number, before->cells, before->n);
	while (next_row(sheet, &at, &row))
		table_add_row(table, row.number, row.cells, row.n);
	if (after != NULL)
		table_add_row(table, after->number, after->cells, after->n);
	return table;
}

/* --- what small forms leave out ---------------------------------------------------------------------------------- */

static gboolean
is_label(const char *header)
{
	return g_ascii_strncasecmp(header, "label", 5) == 0 && strchr(" :", header[5]) != NULL;
}

/* The language in which the survey has labels, where all have one: "English (en)"; else Italian. */
static const char *
find_language(const Table *survey)
{
	const char *first = NULL;

	for (guint i = 0; i < table_columns(survey); i++) {
		const char *header = table_header(survey, i);
		const char *colon = strchr(header, ':');

		if (!is_label(header))
			continue;
		if (colon == NULL)
			return "Italiano (it)";
		colon += strspn(colon, ": ");
		if (first == NULL)
			first = well_known_lang(colon) != NULL ? well_known_lang(colon) : colon;
	}
	return first != NULL ? first : "Italiano (it)";
}

/* Puts @value into the settings where they say nothing, and says so. */
static void
complete_setting(Import *import, Row *header, Row *row, const char *name, const char *value,
    const char *sentence)
{
	g_autofree char *place =
	    g_strdup_printf("%s: %s", import->file, sheet_names[FILE_SETTINGS]);
	g_autoptr(GString) text = g_string_new(sentence);
	guint at = 0;

	for (; at < header->n; at++) {
		g_autofree char *present = present_column(header->cells[at]);

		if (strcmp(present, name) == 0)
			break;
	}
	if (at == header->n && header->n < TABLE_COLUMNS)
		header->cells[header->n++] = name;
	if (at == TABLE_COLUMNS || *row->cells[at] != '\0')
		return;
	row->cells[at] = value;
	row->n = MAX(row->n, at + 1);
	g_string_replace(text, "%s", value, 1);
	findings_add(import->findings, SEVERITY_WARNING, "missing-setting", place, "%s", text->str);
}

static void
complete_settings(Import *import)
{
	g_autoptr(GArray) no_cells = g_array_new(FALSE, FALSE, sizeof(Cell));
	const Sheet none = { .cells = no_cells };
	const Sheet *sheet =
	    import->sheets[FILE_SETTINGS] != NULL ? import->sheets[FILE_SETTINGS] : &none;
	g_autofree Row *rows = g_new0(Row, 3);
	g_autofree char *id = text_slug(import->stem);
	const Table *survey = import->source.tables[FILE_SURVEY];
	Table *table;
	guint at = 0;

	if (!next_row(sheet, &at, &rows[0]))
		rows[0].number = 1;
	if (!next_row(sheet, &at, &rows[1]))
		rows[1].number = rows[0].number + 1;
	id[MIN(strlen(id), FORM_NAME_MAX)] = '\0';
	complete_setting(import, &rows[0], &rows[1], "form_id", id,
	    _("the form has no form_id: the file's name is taken, %s"));
	complete_setting(import, &rows[0], &rows[1], "form_title", import->stem,
	    _("the form has no form_title: the file's name is taken, %s"));
	complete_setting(import, &rows[0], &rows[1], "version", "1",
	    _("the form has no version: %s is taken; raise it with every change"));
	complete_setting(import, &rows[0], &rows[1], "default_language", find_language(survey),
	    _("the form has no default_language: %s is taken"));
	table = table_new(rows[0].number, rows[0].cells, rows[0].n);
	table_add_row(table, rows[1].number, rows[1].cells, rows[1].n);
	while (next_row(sheet, &at, &rows[2]))
		table_add_row(table, rows[2].number, rows[2].cells, rows[2].n);
	import->source.tables[FILE_SETTINGS] = table;
}

static void
complete_choices(Import *import)
{
	static const char *const header[] = { "list_name", "name", "label" };
	const Sheet *sheet = import->sheets[FILE_CHOICES];

	import->source.tables[FILE_CHOICES] = sheet != NULL && sheet->cells->len > 0
						  ? make_table(sheet, NULL, NULL)
						  : table_new(1, header, G_N_ELEMENTS(header));
}

/* --- a form without groups ----------------------------------------------------------------------------------------- */

/* Whether no row of the survey opens a group; @type: the column of types. */
static gboolean
has_no_groups(const Table *survey, int type)
{
	if (type < 0)
		return FALSE;
	for (guint row = 0; row < table_rows(survey); row++)
		if (g_ascii_strncasecmp(table_cell(survey, row, type), "begin", 5) == 0)
			return FALSE;
	return TRUE;
}

/* "s1", or the next that no row is called. Returns: (transfer full) */
static char *
free_name(const Table *survey, int column)
{
	for (guint n = 1;; n++) {
		g_autofree char *name = g_strdup_printf("s%u", n);
		guint row = 0;

		while (row < table_rows(survey) &&
		       g_ascii_strcasecmp(table_cell(survey, row, column), name) != 0)
			row++;
		if (row == table_rows(survey))
			return g_steal_pointer(&name);
	}
}

/* A sheet is made of a group: questions that stand in none become one sheet, with the form's title. */
static void
complete_groups(Import *import)
{
	const Table *bare = import->source.tables[FILE_SURVEY];
	const Table *settings = import->source.tables[FILE_SETTINGS];
	const int type = table_find(bare, "type");
	const int name = table_find(bare, "name");
	g_autofree char *place = g_strdup_printf("%s: %s", import->file, sheet_names[FILE_SURVEY]);
	g_autofree char *group = NULL;
	g_autofree Row *rows = g_new0(Row, 2);
	Table *whole;

	if (!has_no_groups(bare, type) || name < 0 || table_rows(bare) == 0)
		return;
	group = free_name(bare, name);
	for (guint i = 0; i < table_columns(bare); i++) {
		rows[0].cells[i] = is_label(table_header(bare, i))
				       ? table_cell(settings, 0, table_find(settings, "form_title"))
				       : "";
		rows[1].cells[i] = "";
	}
	rows[0].cells[type] = "begin_group";
	rows[0].cells[name] = group;
	rows[1].cells[type] = "end_group";
	rows[0].n = rows[1].n = table_columns(bare);
	rows[0].number = table_header_number(bare);
	rows[1].number = table_row_number(bare, table_rows(bare) - 1);
	whole = make_table(import->sheets[FILE_SURVEY], &rows[0], &rows[1]);
	table_free(import->source.tables[FILE_SURVEY]);
	import->source.tables[FILE_SURVEY] = whole;
	findings_add(import->findings, SEVERITY_WARNING, "no-section", place,
	    _("no question stands in a group: all become one sheet, the group %s"), group);
}

/* --- the whole ------------------------------------------------------------------------------------------------- */

static gboolean
make_tables(Import *import, GError **error)
{
	for (FormFile file = 0; file < FORM_FILES; file++) {
		const Sheet *sheet = import->sheets[file];

		import->source.names[file] = g_strdup_printf(
		    "%s: %s", import->file, sheet != NULL ? sheet->name : sheet_names[file]);
		/* before tables are made: their rows are as long as their last cell is far */
		if (sheet != NULL && sheet_height(sheet) > FORM_ROWS_MAX + 1)
			return fail(error, PLICO_ERROR_INPUT,
			    _("%s: the sheet %s has more than %d rows"), import->path, sheet->name,
			    FORM_ROWS_MAX);
	}
	if (import->sheets[FILE_SURVEY]->cells->len == 0)
		return fail(error, PLICO_ERROR_INPUT, _("%s: the sheet %s is empty"), import->path,
		    import->sheets[FILE_SURVEY]->name);
	import->source.tables[FILE_SURVEY] = make_table(import->sheets[FILE_SURVEY], NULL, NULL);
	complete_settings(import);
	complete_choices(import);
	complete_groups(import);
	return TRUE;
}

/* "mappa" of "mappa.xlsx". Returns: (transfer full) */
static char *
stem_of(const char *file)
{
	const char *dot = strrchr(file, '.');

	return dot != NULL && dot > file ? g_strndup(file, (gsize)(dot - file)) : g_strdup(file);
}

Form *
form_import(
    const char *path, const char *directory, gboolean replace, GPtrArray *findings, GError **error)
{
	g_autofree char *file = g_path_get_basename(path);
	g_autofree char *stem = stem_of(file);
	g_autofree char *folder = g_path_get_dirname(path);
	g_auto(Import) import = { .path = path, .file = file, .stem = stem, .findings = findings };
	g_auto(FormReader) reader = { 0 };

	if (!form_folder_check(directory, replace, error))
		return NULL;
	import.book = book_open(path, error);
	if (import.book == NULL)
		return NULL;
	find_sheets(&import);
	if (import.sheets[FILE_SURVEY] == NULL) {
		fail_no_survey(&import, error);
		return NULL;
	}
	if (!make_tables(&import, error))
		return NULL;
	say_doubts(&import);
	import.source.directories[replace ? 0 : 1] = folder;
	import.source.directories[replace ? 1 : 0] = directory;
	import.source.cells = TRUE;
	import.source.tolerant = TRUE;
	reader_init(&reader, &import.source);
	reader_run(&reader, findings);
	if (findings_count(findings, SEVERITY_ERROR) == 0 &&
	    !form_folder_write(&reader, directory, replace, error))
		return NULL;
	return g_steal_pointer(&reader.form);
}

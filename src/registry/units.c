/* A row that describes a unit: whose it is, what it says, what is odd about it. */
#include "registry/import.h"

#include "base/error.h"

#include <string.h>

void
draft_clear(Draft *draft)
{
	for (gsize i = 0; i < UNIT_CELLS; i++)
		g_clear_pointer(&draft->value[i], g_free);
}

/* The unit that a row without a good code probably speaks of, so that it is not closed as gone. */
static void
mark_listed(Import *import, guint row)
{
	g_autofree char *code = g_ascii_strup(import_cell(import, row, CELL_CODE), -1);
	Known *known = g_hash_table_lookup(import->by_code, code);

	if (known == NULL)
		known = g_hash_table_lookup(import->by_istat, import_cell(import, row, CELL_ISTAT));
	if (known != NULL)
		known->listed = TRUE;
	else
		import->unidentified++;
}

void
import_refuse(Import *import, guint row)
{
	import->report->refused++;
	if (import->format->lists_units)
		mark_listed(import, row);
}

gboolean
import_is_whole(Import *import, guint row)
{
	guint cells = table_cells(import->table, row);
	guint columns = table_columns(import->table);

	if (cells < columns) {
		import_note(import, row, CELLS, SEVERITY_ERROR, "row-short",
		    _("%u cells, %u are expected: a separator or the end of the row is lost"),
		    cells, columns);
		return FALSE;
	}
	for (guint i = columns; i < cells; i++)
		if (*table_cell(import->table, row, (int)i) != '\0') {
			import_note(import, row, CELLS, SEVERITY_ERROR, "row-long",
			    _("%u cells, %u are expected: a cell with a separator in it is not "
			      "quoted"),
			    cells, columns);
			return FALSE;
		}
	return TRUE;
}

/* Whether no other town of the list, nor of the registry, has this row's codes. */
static gboolean
has_own_codes(Import *import, guint row, const Draft *draft, const Known *known)
{
	const char *istat = draft->value[CELL_ISTAT];
	const Known *taken = g_hash_table_lookup(import->istats, istat);
	const Known *holder = g_hash_table_lookup(import->by_istat, istat);

	if (known != NULL && known->row > 0) {
		import_note(import, row, CELL_CODE, SEVERITY_ERROR, "code-duplicate",
		    _("%s is also in row %u, which is taken"), draft->value[CELL_CODE],
		    table_row_number(import->table, known->row - 1));
		return FALSE;
	}
	if (taken != NULL) {
		import_note(import, row, CELL_ISTAT, SEVERITY_ERROR, "code-duplicate",
		    _("%s is also in row %u, which is taken"), istat,
		    table_row_number(import->table, taken->row - 1));
		return FALSE;
	}
	if (known == NULL && holder != NULL &&
	    !g_hash_table_contains(import->codes, holder->unit->code)) {
		import_note(import, row, CELL_CODE, SEVERITY_ERROR, "istat-taken",
		    _("%s is not known, and its ISTAT code %s is that of %s %s, which the list "
		      "lacks: one of the codes is wrong"),
		    draft->value[CELL_CODE], istat, holder->unit->code, holder->unit->name);
		return FALSE;
	}
	return TRUE;
}

/* A question mark where a code page lost a letter: the known name stays. */
static void
guard_name(Import *import, guint row, Cell cell, const Known *known, Draft *draft)
{
	const char *name = draft->value[cell];
	const char *before = known == NULL	 ? ""
			     : cell == CELL_NAME ? known->unit->name
						 : known->unit->name_other;

	if (name == NULL || strchr(name, '?') == NULL)
		return;
	if (*before == '\0') {
		import_note(import, row, cell, SEVERITY_WARNING, "name-lost-letter",
		    _("\"%s\" has a question mark for a lost letter: taken so, correct it"), name);
		return;
	}
	import_note(import, row, cell, SEVERITY_WARNING, "name-lost-letter",
	    _("\"%s\" has a question mark for a lost letter: \"%s\" stays"), name, before);
	g_clear_pointer(&draft->value[cell], g_free);
}

static void
guard_population(Import *import, guint row, const Known *known, Draft *draft)
{
	gboolean is_known = known != NULL && known->unit->population >= 0;

	if (import->column[CELL_POPULATION] < 0)
		return;
	if (*import_cell(import, row, CELL_POPULATION) == '\0')
		import_note(import, row, CELL_POPULATION, SEVERITY_WARNING, "population-missing",
		    is_known ? _("no population: the known one stays")
			     : _("no population: the unit is asked as a small one"));
	if (import->census_old && is_known)
		g_clear_pointer(&draft->value[CELL_POPULATION], g_free);
}

/* A cell that no row may leave empty. */
static char *
take_needed(Import *import, guint row, Cell cell)
{
	if (*import_cell(import, row, cell) == '\0')
		import_note(
		    import, row, cell, SEVERITY_ERROR, "cell-empty", _("the cell is empty"));
	return import_take(import, row, cell);
}

static GPtrArray *
take_pec(Import *import, guint row, const Known *known)
{
	GPtrArray *contacts = g_ptr_array_new_with_free_func((GDestroyNotify)contact_free);
	g_autofree char *address = import_take_address(import, row, CELL_PEC);

	if (address != NULL)
		import_add_contact(import, contacts, "pec", address);
	else if (import->column[CELL_PEC] >= 0 && *import_cell(import, row, CELL_PEC) == '\0')
		import_note(import, row, CELL_PEC, SEVERITY_WARNING, "address-missing",
		    known != NULL && known->contacts->len > 0
			? _("no PEC: the known one stays")
			: _("no PEC: nobody can be written to"));
	return contacts;
}

gboolean
import_read_unit(Import *import, guint row, GError **error)
{
	g_auto(Draft) draft = { 0 };
	g_autoptr(GPtrArray) contacts = NULL;
	Known *known;

	if (!import_is_whole(import, row)) {
		import_refuse(import, row);
		return TRUE;
	}
	draft.value[CELL_CODE] = take_needed(import, row, CELL_CODE);
	draft.value[CELL_ISTAT] = take_needed(import, row, CELL_ISTAT);
	if (draft.value[CELL_CODE] == NULL || draft.value[CELL_ISTAT] == NULL) {
		import_refuse(import, row);
		return TRUE;
	}
	known = g_hash_table_lookup(import->by_code, draft.value[CELL_CODE]);
	if (!has_own_codes(import, row, &draft, known)) {
		import_refuse(import, row);
		return TRUE;
	}
	draft.value[CELL_NAME] = take_needed(import, row, CELL_NAME);
	for (Cell cell = CELL_NAME + 1; cell < UNIT_CELLS; cell++)
		draft.value[cell] = import_take(import, row, cell);
	if (draft.value[CELL_NAME] == NULL && known == NULL) {
		import_refuse(import, row);
		return TRUE;
	}
	guard_name(import, row, CELL_NAME, known, &draft);
	guard_name(import, row, CELL_NAME_OTHER, known, &draft);
	guard_population(import, row, known, &draft);
	contacts = take_pec(import, row, known);
	return import_save(import, row, known, &draft, contacts, error);
}

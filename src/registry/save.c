/* The diff: what a list changes in the registry, written down and told. */
#include "registry/import.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "registry/rows.h"

#include <math.h>
#include <string.h>

/* Closing more than one open unit in twenty looks like an excerpt, or the wrong file. */
#define GONE_SHARE 20

void
known_free(Known *known)
{
	if (known == NULL)
		return;
	unit_free(known->unit);
	g_ptr_array_unref(known->contacts);
	g_free(known);
}

static Known *
add_known(Import *import, Unit *unit)
{
	Known *known = g_new0(Known, 1);

	known->unit = unit;
	known->contacts = g_ptr_array_new_with_free_func((GDestroyNotify)contact_free);
	g_ptr_array_add(import->known, known);
	g_hash_table_insert(import->by_code, g_strdup(unit->code), known);
	return known;
}

char *
import_word(const char *name, const char *province_code)
{
	g_autofree char *folded = text_fold(name);

	return g_strconcat(folded, "|", province_code, NULL);
}

/* What the unit is known by in lists without its codes. */
static void
add_words(Import *import, Known *known)
{
	const Unit *unit = known->unit;

	g_hash_table_insert(import->by_word, import_word(unit->name, unit->province_code), known);
	if (*unit->name_other != '\0')
		g_hash_table_insert(
		    import->by_word, import_word(unit->name_other, unit->province_code), known);
	if (*unit->tax_code != '\0')
		g_hash_table_insert(import->by_word, g_strdup(unit->tax_code), known);
}

gboolean
import_load_known(Import *import, GError **error)
{
	g_autoptr(Rows) rows = store_query(import->store, error, SQL_registry_unit_all, "");
	g_autoptr(GPtrArray) units = registry_units_from(rows, error);

	if (units == NULL)
		return FALSE;
	for (guint i = 0; i < units->len; i++) {
		Known *known = add_known(import, g_steal_pointer(&units->pdata[i]));

		g_ptr_array_unref(known->contacts);
		known->contacts = registry_contacts(import->store, known->unit->id, error);
		if (known->contacts == NULL) {
			known->contacts = g_ptr_array_new();
			return FALSE;
		}
		if (known->unit->closed)
			continue;
		import->open++;
		g_hash_table_insert(import->by_istat, g_strdup(known->unit->istat_code), known);
		add_words(import, known);
	}
	return TRUE;
}

/* Where the unit keeps what a cell says, but population and degrees. */
static char **
text_of(Unit *unit, Cell cell)
{
	switch (cell) {
	case CELL_CODE:
		return &unit->code;
	case CELL_ISTAT:
		return &unit->istat_code;
	case CELL_NAME:
		return &unit->name;
	case CELL_NAME_OTHER:
		return &unit->name_other;
	case CELL_PROVINCE:
		return &unit->province;
	case CELL_PROVINCE_CODE:
		return &unit->province_code;
	case CELL_REGION:
		return &unit->region;
	case CELL_AREA:
		return &unit->area;
	case CELL_ZIP:
		return &unit->zip;
	case CELL_TAX_CODE:
		return &unit->tax_code;
	case CELL_IPA_CODE:
		return &unit->ipa_code;
	case CELL_LANG:
		return &unit->lang;
	case CELL_MAYOR:
		return &unit->mayor;
	default:
		return NULL;
	}
}

static char *
degrees_text(double degrees)
{
	char number[G_ASCII_DTOSTR_BUF_SIZE];

	return g_strdup(
	    isnan(degrees) ? "" : g_ascii_formatd(number, sizeof number, "%.7g", degrees));
}

/* What the unit has, in the form of check.c; "": nothing. */
static char *
value_of(Unit *unit, Cell cell)
{
	char **text = text_of(unit, cell);

	if (text != NULL)
		return g_strdup(*text != NULL ? *text : "");
	if (cell == CELL_LAT)
		return degrees_text(unit->lat);
	if (cell == CELL_LON)
		return degrees_text(unit->lon);
	return unit_attribute(unit, "popolazione");
}

static void
set_value(Unit *unit, Cell cell, const char *value)
{
	char **text = text_of(unit, cell);

	if (text != NULL) {
		g_free(*text);
		*text = g_strdup(value);
	} else if (cell == CELL_LAT) {
		unit->lat = g_ascii_strtod(value, NULL);
	} else if (cell == CELL_LON) {
		unit->lon = g_ascii_strtod(value, NULL);
	} else {
		unit->population = g_ascii_strtoll(value, NULL, 10);
	}
}

/* IPA codes differ in capitals from list to list: that is no difference. */
static gboolean
is_same(Cell cell, const char *before, const char *now)
{
	return cell == CELL_IPA_CODE ? g_ascii_strcasecmp(before, now) == 0
				     : strcmp(before, now) == 0;
}

/* Gives @unit what @draft says; tells it in @change. */
static void
take_draft(Unit *unit, const Draft *draft, GString *change)
{
	for (Cell cell = CELL_ISTAT; cell < UNIT_CELLS; cell++) {
		g_autofree char *before = value_of(unit, cell);
		const char *now = draft->value[cell];

		if (now == NULL || is_same(cell, before, now))
			continue;
		g_string_append_printf(change, "%s%s %s%s%s", change->len > 0 ? ", " : "",
		    import_cell_name(cell), before, *before != '\0' ? " -> " : "", now);
		set_value(unit, cell, now);
	}
}

static const char *
or_null(const char *text)
{
	return *text != '\0' ? text : NULL;
}

static gboolean
write_unit(Import *import, Unit *unit, GError **error)
{
	g_autofree char *full = unit_full_name(unit);
	g_autofree char *folded = text_fold(full);
	g_autofree char *population = value_of(unit, CELL_POPULATION);
	g_autofree char *lat = value_of(unit, CELL_LAT);
	g_autofree char *lon = value_of(unit, CELL_LON);

	if (!store_run(import->store, error, SQL_registry_unit_save, "ttttttttttttttttt",
		unit->code, unit->istat_code, unit->name, unit->name_other, folded, unit->province,
		unit->province_code, unit->region, unit->area, or_null(population), unit->zip,
		unit->tax_code, unit->ipa_code, unit->lang, unit->mayor, or_null(lat),
		or_null(lon)))
		return FALSE;
	if (unit->id != 0)
		return TRUE;
	return store_int(import->store, &unit->id, 0, error, SQL_registry_unit_id, "t", unit->code);
}

static Unit *
new_unit(const Draft *draft)
{
	Unit *unit = g_new0(Unit, 1);

	unit->population = -1;
	unit->lat = (double)NAN;
	unit->lon = (double)NAN;
	for (Cell cell = CELL_CODE; cell < UNIT_CELLS; cell++) {
		char **text = text_of(unit, cell);

		if (draft->value[cell] != NULL)
			set_value(unit, cell, draft->value[cell]);
		else if (text != NULL)
			*text = g_strdup("");
	}
	return unit;
}

/* One line for the operator, one event for the history. */
static gboolean
log_change(Import *import, const Unit *unit, char sign, const char *what, const char *from,
    const char *to, const char *note, GError **error)
{
	g_autofree char *name = unit_full_name(unit);
	const Event event = { .actor = import->options->actor,
		.unit_id = unit->id,
		.subject = "unit",
		.subject_id = unit->id,
		.what = what,
		.from_state = from,
		.to_state = to,
		.note = note };

	g_ptr_array_add(
	    import->report->lines, g_strdup_printf("%c %s %s (%s)%s%s", sign, unit->code, name,
				       unit->province_code, *note != '\0' ? ": " : "", note));
	return store_event(import->store, &event, error);
}

static gboolean
add_unit(Import *import, guint row, const Draft *draft, GPtrArray *wanted, GError **error)
{
	g_autoptr(GString) change = g_string_new(NULL);
	g_autoptr(Unit) unit = new_unit(draft);
	Known *known;

	if (!write_unit(import, unit, error))
		return FALSE;
	known = add_known(import, g_steal_pointer(&unit));
	known->row = row + 1;
	g_hash_table_insert(import->istats, g_strdup(known->unit->istat_code), known);
	import->report->added++;
	return import_save_contacts(import, known, wanted, change, error) &&
	       log_change(import, known->unit, '+', "unit.added", "", "open", change->str, error);
}

gboolean
import_save(
    Import *import, guint row, Known *known, const Draft *draft, GPtrArray *wanted, GError **error)
{
	g_autoptr(GString) change = g_string_new(NULL);
	gboolean closed = known != NULL && known->unit->closed;

	if (known == NULL)
		return add_unit(import, row, draft, wanted, error);
	known->row = row + 1;
	known->unit->closed = FALSE;
	if (closed)
		g_string_append(change, _("open again"));
	take_draft(known->unit, draft, change);
	g_hash_table_insert(import->istats, g_strdup(known->unit->istat_code), known);
	if (change->len == 0)
		import->report->unchanged++;
	else if (!write_unit(import, known->unit, error))
		return FALSE;
	import->report->changed += change->len > 0;
	if (!import_save_contacts(import, known, wanted, change, error))
		return FALSE;
	if (change->len == 0)
		return TRUE;
	return log_change(import, known->unit, '~', "unit.changed", closed ? "closed" : "open",
	    "open", change->str, error);
}

static gboolean
is_gone(const Known *known)
{
	return known->row == 0 && !known->listed && !known->unit->closed;
}

static gboolean
close_unit(Import *import, Known *known, GError **error)
{
	known->unit->closed = TRUE;
	import->report->gone++;
	return store_run(import->store, error, SQL_registry_unit_close, "ii", known->unit->id,
		   clock_now()) &&
	       log_change(import, known->unit, '-', "unit.closed", "open", "closed", "", error);
}

static gboolean
may_close(Import *import, guint gone, GError **error)
{
	if (!import->options->dry_run && !import->options->many_gone &&
	    (guint64)gone * GONE_SHARE > import->open)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s: lacks %u of the %u units, which would be closed; if it is an excerpt, "
		      "say --partial; if they are all gone, --yes"),
		    import->path, gone, import->open);
	return TRUE;
}

gboolean
import_close_gone(Import *import, GError **error)
{
	guint gone = 0;

	if (!import->format->lists_units || import->options->partial)
		return TRUE;
	for (guint i = 0; i < import->known->len; i++)
		gone += is_gone(g_ptr_array_index(import->known, i)) ? 1 : 0;
	if (gone > 0 && import->unidentified > 0) {
		findings_add(import->report->findings, SEVERITY_WARNING, "gone-kept", import->path,
		    _("%u units are not in the list; they stay open, because %u rows of it could "
		      "not be read and may be theirs"),
		    gone, import->unidentified);
		return TRUE;
	}
	if (!may_close(import, gone, error))
		return FALSE;
	for (guint i = 0; i < import->known->len; i++) {
		Known *known = g_ptr_array_index(import->known, i);

		if (is_gone(known) && !close_unit(import, known, error))
			return FALSE;
	}
	return TRUE;
}

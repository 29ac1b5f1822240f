/* Last year's answers from a CSV file: a row for each town, or a row for each answer. */
#include "memory/ledger.h"

#include "base/error.h"
#include "base/table.h"
#include "base/text.h"

#include <string.h>

#define SHOWN_MAX 60 /* characters of a cell that a finding repeats */

/* The columns of `export csv` that are no answers; and those of plico's registry. */
static const char *const not_answers[] = { "codice", "cadastral_code", "istat", "istat_code",
	"denominazione", "name", "provincia", "province", "sigla", "province_code", "regione",
	"region", "ripartizione", "area", "popolazione", "population", "classe", "stato",
	"consegna", NULL };

typedef struct {
	Ledger *ledger;
	const char *path;
	Table *table;
	int code; /* columns; -1: not there */
	int istat;
	int question; /* of a row for each answer */
	int value;
	int finding;
	int origin;
	GPtrArray *items;  /* of const Item *, by column; NULL: no answer */
	GHashTable *towns; /* code -> (question -> Said) */
	GPtrArray *order;  /* of const char *: their codes as they come */
} Reading;

static void
reading_clear(Reading *reading)
{
	table_free(reading->table);
	g_clear_pointer(&reading->items, g_ptr_array_unref);
	g_clear_pointer(&reading->towns, g_hash_table_unref);
	g_clear_pointer(&reading->order, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

static void
note(const Reading *reading, guint row, Severity severity, const char *code, const char *what,
    const char *cell)
{
	g_autofree char *shown = text_printable(cell, -1, SHOWN_MAX);
	g_autofree char *place =
	    g_strdup_printf(_("%s: row %u"), reading->path, table_row_number(reading->table, row));

	reading->ledger->report->refused += severity == SEVERITY_ERROR ? 1 : 0;
	findings_add(
	    reading->ledger->report->findings, severity, code, place, "«%s»: %s", shown, what);
}

static int
find_any(const Table *table, const char *first, const char *second)
{
	int column = table_find(table, first);

	return column >= 0 ? column : table_find(table, second);
}

/* --- cells ------------------------------------------------------------------------------------------------ */

/* A cell without what `export csv` puts around it for spreadsheets: ="090001", and the apostrophe before what looks
 * like a formula. Returns: (transfer full) */
static char *
plain_cell(const Reading *reading, guint row, int column)
{
	const char *cell = table_cell(reading->table, row, column);
	gsize length = strlen(cell);

	if (g_str_has_prefix(cell, "=\"") && length > 3 && cell[length - 1] == '"')
		return g_strndup(cell + 2, length - 3);
	if (table_separator(reading->table) == ';' && *cell == '\'' && cell[1] != '\0' &&
	    strchr("=+-@\t\r", cell[1]) != NULL)
		return g_strdup(cell + 1);
	return g_strdup(cell);
}

/* The town of a row; NULL with a finding. Returns: (transfer none) (nullable) */
static const char *
find_town(const Reading *reading, guint row)
{
	g_autofree char *code = plain_cell(reading, row, reading->code);
	g_autofree char *istat = plain_cell(reading, row, reading->istat);
	g_autofree char *called = g_ascii_strup(*code != '\0' ? code : istat, -1);
	const char *found = g_hash_table_lookup(reading->ledger->codes, called);

	if (found != NULL && *found != '\0')
		return found;
	if (found != NULL)
		note(reading, row, SEVERITY_ERROR, "code",
		    _("two towns have had this code; write the cadastral one"), called);
	else
		note(reading, row, SEVERITY_ERROR, "code",
		    _("no town has or had this code; `plico units former` learns codes of then"),
		    called);
	return NULL;
}

static GHashTable *
answers_of(const Reading *reading, const char *code)
{
	GHashTable *answers = g_hash_table_lookup(reading->towns, code);

	if (answers == NULL) {
		answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, said_free);
		g_hash_table_insert(reading->towns, g_strdup(code), answers);
		g_ptr_array_add(reading->order, (gpointer)(gsize)code);
	}
	return answers;
}

/* @name: of the question in its edition. */
static void
take_cell(const Reading *reading, guint row, int column, const Item *item, const char *name,
    GHashTable *answers)
{
	g_autofree char *text = plain_cell(reading, row, column);
	g_autofree char *value = NULL;
	Said *said;

	if (*text == '\0')
		return;
	value = ledger_canonical(item, text);
	/* a choice of which only today's list is known may be one of then */
	if (value == NULL && reading->ledger->source->then == NULL && item->list != NULL)
		value = g_strdup(text);
	if (value == NULL) {
		g_autofree char *what = g_strdup_printf(_("is no answer to %s"), name);

		note(reading, row, SEVERITY_ERROR, "value", what, text);
		return;
	}
	said = g_new0(Said, 1);
	said->value = g_steal_pointer(&value);
	said->source = g_strdup(reading->ledger->name);
	g_hash_table_replace(answers, g_strdup(name), said);
}

/* --- a row for each town ------------------------------------------------------------------------------------ */

static gboolean
is_no_answer(const char *header)
{
	g_autofree char *small = g_ascii_strdown(header, -1);

	return *header == '\0' || strstr(header, "__") != NULL ||
	       g_str_has_suffix(small, "_stato") || g_strv_contains(not_answers, small);
}

static void
find_columns(const Reading *reading)
{
	for (guint column = 0; column < table_columns(reading->table); column++) {
		const char *header = table_header(reading->table, column);
		const Item *item =
		    is_no_answer(header) ? NULL : ledger_question(reading->ledger, header);

		if (item != NULL && item->reserved)
			findings_add(reading->ledger->report->findings, SEVERITY_NOTE, "reserved",
			    header, _("a reserved question: its answers are not kept for sheets"));
		else if (item == NULL && !is_no_answer(header))
			findings_add(reading->ledger->report->findings, SEVERITY_WARNING,
			    "question", header,
			    reading->ledger->source->then != NULL
				? _("is no question of %s")
				: _("no question takes the answers that %s has here"),
			    reading->ledger->source->edition);
		g_ptr_array_add(
		    reading->items, item != NULL && !item->reserved ? (gpointer)(gsize)item : NULL);
	}
}

static void
read_wide(const Reading *reading, guint row, const char *code)
{
	GHashTable *answers = answers_of(reading, code);

	if (table_cells(reading->table, row) > table_columns(reading->table))
		note(reading, row, SEVERITY_WARNING, "cells",
		    _("the row has more cells than the header"), code);
	for (guint column = 0; column < reading->items->len; column++) {
		const Item *item = g_ptr_array_index(reading->items, column);

		if (item != NULL)
			take_cell(reading, row, (int)column, item,
			    table_header(reading->table, column), answers);
	}
}

/* --- a row for each answer ---------------------------------------------------------------------------------- */

/* An answer that had an error, or that was already last year's and that nobody confirmed, is none. */
static gboolean
is_doubtful(const Reading *reading, guint row)
{
	const char *finding = table_cell(reading->table, row, reading->finding);

	return (*finding != '\0' && strcmp(finding, "not_relevant") != 0) ||
	       strcmp(table_cell(reading->table, row, reading->origin), "copied") == 0;
}

static void
read_long(const Reading *reading, guint row, const char *code)
{
	GHashTable *answers = answers_of(reading, code);
	const char *name = table_cell(reading->table, row, reading->question);
	const Item *item = ledger_question(reading->ledger, name);

	if (item == NULL)
		note(reading, row, SEVERITY_ERROR, "question", _("no such question"), name);
	else if (!item->reserved && !is_doubtful(reading, row))
		take_cell(reading, row, reading->value, item, name, answers);
}

/* --- the file ----------------------------------------------------------------------------------------------- */

static gboolean
recognise(Reading *reading, GError **error)
{
	const Table *table = reading->table;

	reading->code = find_any(table, "codice", "cadastral_code");
	reading->istat = find_any(table, "istat", "istat_code");
	reading->question = find_any(table, "domanda", "question");
	reading->value = find_any(table, "valore", "value");
	reading->finding = find_any(table, "rilievo", "finding");
	reading->origin = find_any(table, "origine", "origin");
	if (reading->code < 0 && reading->istat < 0)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s: a column codice (cadastral code) or istat is expected, and a column for each question"),
		    reading->path);
	if (reading->question >= 0 && reading->value < 0)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s: beside the column domanda a column valore is expected"), reading->path);
	if (reading->question < 0)
		find_columns(reading);
	return TRUE;
}

static gboolean
is_blank(const Table *table, guint row)
{
	for (guint i = 0; i < table_cells(table, row); i++)
		if (*table_cell(table, row, (int)i) != '\0')
			return FALSE;
	return TRUE;
}

static void
read_rows(const Reading *reading)
{
	for (guint row = 0; row < table_rows(reading->table); row++) {
		const char *code;

		if (is_blank(reading->table, row))
			continue;
		reading->ledger->report->rows++;
		code = find_town(reading, row);
		if (code == NULL)
			continue;
		if (reading->question >= 0)
			read_long(reading, row, code);
		else if (g_hash_table_contains(reading->towns, code))
			note(reading, row, SEVERITY_ERROR, "twice",
			    _("the town stands here twice; its first row counts"), code);
		else
			read_wide(reading, row, code);
	}
}

static gboolean
write_all(const Reading *reading, GError **error)
{
	for (guint i = 0; i < reading->order->len; i++) {
		const char *code = g_ptr_array_index(reading->order, i);

		if (!ledger_write(
			reading->ledger, code, g_hash_table_lookup(reading->towns, code), error))
			return FALSE;
	}
	return ledger_finish(reading->ledger, error);
}

MemoryReport *
memory_import(Store *store, const char *path, const MemorySource *source, GError **error)
{
	g_autofree char *name = g_path_get_basename(path);
	g_autoptr(Transaction) transaction = NULL;
	g_auto(Ledger) ledger = { 0 };
	g_auto(Reading) reading = { .ledger = &ledger, .path = path };

	reading.table = table_open(path, error);
	reading.items = g_ptr_array_new();
	reading.order = g_ptr_array_new();
	reading.towns = g_hash_table_new_full(
	    g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
	if (reading.table == NULL)
		return NULL;
	transaction = transaction_begin(store, error);
	if (transaction == NULL || !ledger_open(&ledger, store, source, name, error) ||
	    !recognise(&reading, error))
		return NULL;
	read_rows(&reading);
	if (!write_all(&reading, error) ||
	    (!source->dry_run && !transaction_commit(transaction, error)))
		return NULL;
	return g_steal_pointer(&ledger.report);
}

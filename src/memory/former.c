/* Former codes: of towns that went into others, and ISTAT codes that were replaced. */
#include "memory/memory.h"

#include "base/error.h"
#include "base/table.h"
#include "base/text.h"

#include <string.h>

#define SHOWN_MAX      60
#define CADASTRAL_CODE "[A-Z][0-9]{3}"

typedef struct {
	Store *store;
	const char *path;
	Table *table;
	int before; /* columns */
	int after;  /* -1: of a list of its own */
	int code;
	FormerReport *report;
} Reading;

static void
reading_clear(Reading *reading)
{
	table_free(reading->table);
	g_clear_pointer(&reading->report, former_report_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

void
former_report_free(FormerReport *report)
{
	if (report == NULL)
		return;
	g_ptr_array_unref(report->findings);
	g_free(report);
}

static void
refuse(const Reading *reading, guint row, const char *cell, const char *what)
{
	g_autofree char *shown = text_printable(cell, -1, SHOWN_MAX);
	g_autofree char *place =
	    g_strdup_printf(_("%s: row %u"), reading->path, table_row_number(reading->table, row));

	reading->report->refused++;
	findings_add(
	    reading->report->findings, SEVERITY_ERROR, "code", place, "«%s»: %s", shown, what);
}

static gboolean
is_code(const char *text, const char *pattern)
{
	return g_regex_match_simple(
	    pattern, text, G_REGEX_DOLLAR_ENDONLY | G_REGEX_ANCHORED, (GRegexMatchFlags)0);
}

static gboolean
add(const Reading *reading, const char *before, const char *now, GError **error)
{
	gint64 known;

	if (!store_int(
		reading->store, &known, 0, error, SQL_memory_former_known, "tt", before, now))
		return FALSE;
	if (known > 0) {
		reading->report->unchanged++;
		return TRUE;
	}
	reading->report->added++;
	return store_run(reading->store, error, SQL_memory_former_add, "tt", before, now);
}

/* The town into which one went, in "(024129 M439 Castegnero Nanto)". Returns: (transfer full) (nullable) */
static char *
named_town(const char *remark)
{
	g_autoptr(GRegex) regex = g_regex_new(
	    "\\b" CADASTRAL_CODE "\\b", (GRegexCompileFlags)0, (GRegexMatchFlags)0, NULL);
	g_autoptr(GMatchInfo) match = NULL;

	return g_regex_match(regex, remark, (GRegexMatchFlags)0, &match)
		   ? g_match_info_fetch(match, 0)
		   : NULL;
}

/* former, code: the one is now the other. */
static gboolean
read_own(const Reading *reading, guint row, GError **error)
{
	g_autofree char *before =
	    g_ascii_strup(table_cell(reading->table, row, reading->before), -1);
	g_autofree char *now = g_ascii_strup(table_cell(reading->table, row, reading->code), -1);
	gint64 known;

	if (!is_code(before, "(" CADASTRAL_CODE "|[0-9]{6})$") || strcmp(before, now) == 0) {
		refuse(reading, row, before, _("a former cadastral or ISTAT code is expected"));
		return TRUE;
	}
	if (!store_int(reading->store, &known, 0, error, SQL_memory_unit_known, "t", now))
		return FALSE;
	if (known == 0) {
		refuse(reading, row, now, _("no unit has this cadastral code"));
		return TRUE;
	}
	return add(reading, before, now, error);
}

/* istat_code_2025, istat_code_2026, cadastral_code: the town has kept its cadastral code, or has gone into another. */
static gboolean
read_crosswalk(const Reading *reading, guint row, GError **error)
{
	const char *before = table_cell(reading->table, row, reading->before);
	const char *after = table_cell(reading->table, row, reading->after);
	g_autofree char *code = g_ascii_strup(table_cell(reading->table, row, reading->code), -1);
	g_autofree char *into = *after == '(' ? named_town(after) : NULL;

	if (!is_code(before, "[0-9]{6}$") || !is_code(code, CADASTRAL_CODE "$")) {
		refuse(reading, row, before, _("an ISTAT code and a cadastral code are expected"));
		return TRUE;
	}
	if (*after == '(' && into == NULL) {
		refuse(reading, row, code,
		    _("the town is gone, and it is not said into which; write it in a list with "
		      "the columns former and code"));
		return TRUE;
	}
	return add(reading, before, code, error) &&
	       (into == NULL || strcmp(into, code) == 0 || add(reading, code, into, error));
}

static gboolean
recognise(Reading *reading, GError **error)
{
	const Table *table = reading->table;

	reading->before = table_find(table, "former");
	reading->code = table_find(table, "code");
	reading->after = -1;
	if (reading->before >= 0 && reading->code >= 0)
		return TRUE;
	reading->before = -1;
	reading->code = table_find(table, "cadastral_code");
	for (guint i = 0; i < table_columns(table); i++) {
		if (!g_str_has_prefix(table_header(table, i), "istat_code_"))
			continue;
		if (reading->before < 0)
			reading->before = (int)i;
		else if (reading->after < 0)
			reading->after = (int)i;
	}
	if (reading->before >= 0 && reading->after >= 0 && reading->code >= 0)
		return TRUE;
	return fail(error, PLICO_ERROR_INPUT,
	    _("%s: the columns former and code are expected, or istat_code_YEAR twice and cadastral_code"),
	    reading->path);
}

static gboolean
read_all(const Reading *reading, const char *actor, GError **error)
{
	g_autofree char *name = g_path_get_basename(reading->path);
	g_autofree char *said = NULL;
	Event event = {
		.actor = actor, .subject = "memory", .what = "memory.former", .note = NULL
	};

	for (guint row = 0; row < table_rows(reading->table); row++) {
		reading->report->rows++;
		if (reading->after >= 0 ? !read_crosswalk(reading, row, error)
					: !read_own(reading, row, error))
			return FALSE;
	}
	if (reading->report->added == 0)
		return TRUE;
	said = g_strdup_printf("%s: %u +", name, reading->report->added);
	event.note = said;
	return store_event(reading->store, &event, error);
}

FormerReport *
memory_import_former(
    Store *store, const char *path, const char *actor, gboolean dry_run, GError **error)
{
	g_auto(Reading) reading = { .store = store, .path = path };
	g_autoptr(Transaction) transaction = NULL;

	reading.table = table_open(path, error);
	if (reading.table == NULL || !recognise(&reading, error))
		return NULL;
	transaction = transaction_begin(store, error);
	if (transaction == NULL)
		return NULL;
	reading.report = g_new0(FormerReport, 1);
	reading.report->findings = findings_new();
	if (!read_all(&reading, actor, error) ||
	    (!dry_run && !transaction_commit(transaction, error)))
		return NULL;
	return g_steal_pointer(&reading.report);
}

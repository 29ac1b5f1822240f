#include "memory/ledger.h"

#include "base/error.h"

#include <string.h>

void
memory_report_free(MemoryReport *report)
{
	if (report == NULL)
		return;
	g_ptr_array_unref(report->findings);
	g_free(report);
}

void
said_free(gpointer data)
{
	Said *said = data;

	g_free(said->value);
	g_free(said->source);
	g_free(said);
}

void
ledger_clear(Ledger *ledger)
{
	g_clear_pointer(&ledger->report, memory_report_free);
	g_clear_pointer(&ledger->codes, g_hash_table_unref);
	g_clear_pointer(&ledger->gone, g_hash_table_unref);
}

/* A code that two towns have had names neither of them. */
static gboolean
load_codes(Ledger *ledger, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(ledger->store, error, SQL_memory_codes, "");

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why)) {
		const char *called = rows_text(rows, 0);
		const char *known = g_hash_table_lookup(ledger->codes, called);

		g_hash_table_insert(ledger->codes, g_strdup(called),
		    g_strdup(known != NULL ? "" : rows_text(rows, 1)));
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

gboolean
ledger_open(
    Ledger *ledger, Store *store, const MemorySource *source, const char *name, GError **error)
{
	ledger->store = store;
	ledger->source = source;
	ledger->name = name;
	ledger->report = g_new0(MemoryReport, 1);
	ledger->report->findings = findings_new();
	ledger->codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	ledger->gone = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (strcmp(source->edition, source->form->id) == 0)
		return fail(error, PLICO_ERROR_USAGE,
		    _("%s is the edition that is going on: last year's answers are those of another"),
		    source->edition);
	return load_codes(ledger, error);
}

/* The question of today that takes the answer to @name. */
static const Item *
successor_of(const Ledger *ledger, const GPtrArray *items, const char *name)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		g_autofree char *then = memory_question(item, ledger->source->edition);
		const Item *inside;

		if (then != NULL && strcmp(then, name) == 0)
			return item;
		inside = successor_of(ledger, item->items, name);
		if (inside != NULL)
			return inside;
	}
	return NULL;
}

const Item *
ledger_question(const Ledger *ledger, const char *name)
{
	const MemorySource *source = ledger->source;
	const Item *item;

	if (source->then == NULL)
		return successor_of(ledger, source->form->items, name);
	item = form_item(source->then, name);
	return item != NULL && item->type != NULL && item->type->fields != NULL ? item : NULL;
}

char *
ledger_canonical(const Item *item, const char *text)
{
	gboolean whole = strcmp(item->type->name, "integer") == 0;
	g_autoptr(FieldSet) fields = field_set_new();
	g_autoptr(GPtrArray) wrong = findings_new();
	g_autofree char *value = NULL;
	g_autofree char *read = NULL;

	if (whole || strcmp(item->type->name, "decimal") == 0)
		return number_normalise(text, whole);
	if (strcmp(item->type->name, "date") == 0)
		return date_normalise(text);
	value = g_strdup(text);
	item->type->write(item, value, fields);
	read = item->type->read(item, fields, wrong);
	return strcmp(read, value) == 0 ? g_steal_pointer(&read) : NULL;
}

/* --- writing ---------------------------------------------------------------------------------------------- */

static GHashTable *
load_known(const Ledger *ledger, const char *code, GError **error)
{
	g_autoptr(GHashTable) known =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(
	    ledger->store, error, SQL_memory_of_code, "tt", ledger->source->edition, code);

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why))
		g_hash_table_insert(
		    known, g_strdup(rows_text(rows, 0)), g_strdup(rows_text(rows, 1)));
	if (why == NULL)
		return g_steal_pointer(&known);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

/* The choices in @value that the question of today lacks. */
static void
note_gone(Ledger *ledger, const char *name, const char *value)
{
	const Item *today = successor_of(ledger, ledger->source->form->items, name);
	g_auto(GStrv) names = NULL;

	if (today == NULL || today->list == NULL)
		return;
	names = g_strsplit(value, " ", 0);
	for (gsize i = 0; names[i] != NULL; i++) {
		g_autofree char *key = g_strdup_printf("%s %s", today->name, names[i]);
		guint often = GPOINTER_TO_UINT(g_hash_table_lookup(ledger->gone, key));

		if (strchr(names[i], ':') == NULL &&
		    choice_list_find(today->list, names[i]) == NULL)
			g_hash_table_insert(
			    ledger->gone, g_steal_pointer(&key), GUINT_TO_POINTER(often + 1));
	}
}

static gboolean
write_answer(Ledger *ledger, const char *code, const char *name, const Said *said,
    const char *before, GError **error)
{
	MemoryReport *report = ledger->report;

	report->answers++;
	note_gone(ledger, name, said->value);
	if (before != NULL && strcmp(before, said->value) == 0) {
		report->unchanged++;
		return TRUE;
	}
	if (before == NULL)
		report->added++;
	else
		report->changed++;
	return store_run(ledger->store, error, SQL_memory_set, "ttttt", ledger->source->edition,
	    code, name, said->value, said->source);
}

gboolean
ledger_write(Ledger *ledger, const char *code, GHashTable *answers, GError **error)
{
	g_autoptr(GHashTable) known = load_known(ledger, code, error);
	GHashTableIter iter;
	gpointer name, said;

	if (known == NULL)
		return FALSE;
	ledger->report->towns++;
	g_hash_table_iter_init(&iter, answers);
	while (g_hash_table_iter_next(&iter, &name, &said)) {
		if (!write_answer(
			ledger, code, name, said, g_hash_table_lookup(known, name), error))
			return FALSE;
		g_hash_table_remove(known, name);
	}
	g_hash_table_iter_init(&iter, known);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		ledger->report->gone++;
		if (!store_run(ledger->store, error, SQL_memory_forget, "ttt",
			ledger->source->edition, code, (const char *)name))
			return FALSE;
	}
	return TRUE;
}

static void
tell_gone(const Ledger *ledger)
{
	g_autoptr(GList) keys =
	    g_list_sort(g_hash_table_get_keys(ledger->gone), (GCompareFunc)strcmp);

	for (const GList *link = keys; link != NULL; link = link->next) {
		g_auto(GStrv) words = g_strsplit(link->data, " ", 2);
		guint often = GPOINTER_TO_UINT(g_hash_table_lookup(ledger->gone, link->data));

		findings_add(ledger->report->findings, SEVERITY_NOTE, "memory-choice", words[0],
		    ngettext("the choice «%s» is no longer there: left out of %u answer",
			"the choice «%s» is no longer there: left out of %u answers", often),
		    words[1], often);
	}
}

gboolean
ledger_finish(Ledger *ledger, GError **error)
{
	const MemoryReport *report = ledger->report;
	g_autofree char *note = g_strdup_printf(
	    "%s: %u + %u ~ %u -", ledger->name, report->added, report->changed, report->gone);
	const Event event = { .actor = ledger->source->actor,
		.edition = ledger->source->form->id,
		.subject = "memory",
		.what = "memory.taken",
		.to_state = ledger->source->edition,
		.note = note };

	tell_gone(ledger);
	if (report->added + report->changed + report->gone == 0)
		return TRUE;
	return store_event(ledger->store, &event, error);
}

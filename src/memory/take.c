/* Last year's answers from another edition of the same workspace. */
#include "memory/ledger.h"

#include "base/error.h"

#include <string.h>

static GHashTable *
new_answers(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, said_free);
}

/* All answers, by town. Returns: (transfer full): code -> (question -> Said) */
static GHashTable *
load_taken(const Ledger *ledger, GError **error)
{
	g_autoptr(GHashTable) towns = g_hash_table_new_full(
	    g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(ledger->store, error, SQL_memory_taken, "t", ledger->source->edition);

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why)) {
		const char *code = rows_text(rows, 0);
		GHashTable *answers = g_hash_table_lookup(towns, code);
		Said *said = g_new0(Said, 1);

		if (answers == NULL) {
			answers = new_answers();
			g_hash_table_insert(towns, g_strdup(code), answers);
		}
		said->value = g_strdup(rows_text(rows, 2));
		said->source = g_strdup_printf("return:%" PRId64, rows_int(rows, 3));
		g_hash_table_replace(answers, g_strdup(rows_text(rows, 1)), said);
	}
	if (why == NULL)
		return g_steal_pointer(&towns);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

/* A question marked as reserved in its own form is not remembered, whatever this year's says. */
static gboolean
is_unwanted(gpointer name, gpointer said, gpointer data)
{
	const Ledger *ledger = data;
	const Item *item = ledger_question(ledger, name);

	(void)said;
	return item == NULL || item->reserved;
}

static gboolean
write_all(Ledger *ledger, GHashTable *towns, GError **error)
{
	g_autoptr(GList) codes = g_list_sort(g_hash_table_get_keys(towns), (GCompareFunc)strcmp);

	for (const GList *link = codes; link != NULL; link = link->next) {
		GHashTable *answers = g_hash_table_lookup(towns, link->data);

		(void)g_hash_table_foreach_remove(answers, is_unwanted, ledger);
		if (!ledger_write(ledger, link->data, answers, error))
			return FALSE;
	}
	return TRUE;
}

MemoryReport *
memory_take(Store *store, const MemorySource *source, GError **error)
{
	g_autoptr(Transaction) transaction = transaction_begin(store, error);
	g_auto(Ledger) ledger = { 0 };
	g_autoptr(GHashTable) towns = NULL;

	if (transaction == NULL || !ledger_open(&ledger, store, source, "answers", error))
		return NULL;
	towns = load_taken(&ledger, error);
	if (towns == NULL)
		return NULL;
	if (g_hash_table_size(towns) == 0) {
		fail(error, PLICO_ERROR_NOT_FOUND,
		    _("%s: no answers of that edition are in this workspace; `plico memory import` "
		      "takes them from a file"),
		    source->edition);
		return NULL;
	}
	if (!write_all(&ledger, towns, error) || !ledger_finish(&ledger, error) ||
	    (!source->dry_run && !transaction_commit(transaction, error)))
		return NULL;
	return g_steal_pointer(&ledger.report);
}

#include "remind/past.h"

#include <inttypes.h>
#include <string.h>

static void
past_free(gpointer data)
{
	Past *past = data;

	g_hash_table_unref(past->serials);
	g_free(past);
}

void
history_free(History *history)
{
	if (history == NULL)
		return;
	g_clear_pointer(&history->by_id, g_hash_table_unref);
	g_clear_pointer(&history->units, g_ptr_array_unref);
	g_clear_pointer(&history->came, g_hash_table_unref);
	g_clear_pointer(&history->mistaken, g_hash_table_unref);
	g_free(history);
}

static char *
place_key(gint64 unit_id, const char *section)
{
	return g_strdup_printf("%" PRId64 " %s", unit_id, section);
}

gboolean
history_has(GHashTable *places, gint64 unit_id, const char *section)
{
	g_autofree char *key = place_key(unit_id, section);

	return g_hash_table_contains(places, key);
}

/* What to do with a row of a query about the unit @past. */
typedef void (*TakeRow)(History *history, Past *past, Rows *rows, const char *deadline);

static void
take_dispatch(History *history, Past *past, Rows *rows, const char *deadline)
{
	static const char *const waiting[] = { "queued", "claimed", "dot", "deferred", NULL };
	const char *kind = g_intern_string(rows_text(rows, 1));
	int serial = (int)rows_int(rows, 2);
	RemindVerdict cause = remind_policy_find(rows_text(rows, 3));

	(void)history;
	if (serial > GPOINTER_TO_INT(g_hash_table_lookup(past->serials, kind)))
		g_hash_table_insert(past->serials, (gpointer)(gsize)kind, GINT_TO_POINTER(serial));
	if (cause < REMIND_POLICIES)
		past->facts.had[cause]++;
	if (cause != REMIND_LAST_CALL && strcmp(kind, "reminder") == 0)
		past->facts.reminders++;
	if (cause == REMIND_LAST_CALL && strcmp(rows_text(rows, 4), deadline) == 0)
		past->facts.called = TRUE;
	if (g_strv_contains(waiting, rows_text(rows, 5)))
		past->facts.on_its_way = TRUE;
}

static void
take_sign(History *history, Past *past, Rows *rows, const char *deadline)
{
	(void)history;
	(void)deadline;
	past->sign_seq = rows_int(rows, 1);
	past->facts.last_sign = rows_int(rows, 2);
}

static void
take_outcome(History *history, Past *past, Rows *rows, const char *deadline)
{
	static const char *const back[] = { "dispatch.failed", "dispatch.undelivered", NULL };
	const Kind *kind = kind_of(rows_text(rows, 4));
	gint64 at = rows_int(rows, 2);

	(void)history;
	(void)deadline;
	if (g_strv_contains(back, rows_text(rows, 3))) {
		if (*rows_text(rows, 5) == '\0')
			past->facts.failed = at;
		return;
	}
	past->facts.last_contact = MAX(past->facts.last_contact, at);
	if (kind->delivery)
		past->facts.invited = at;
	else if (rows_int(rows, 1) > past->sign_seq && strcmp(kind->name, "reminder") == 0)
		past->unanswered++;
}

static void
take_wrong(History *history, Past *past, Rows *rows, const char *deadline)
{
	(void)deadline;
	g_hash_table_add(history->mistaken, place_key(past->unit_id, rows_text(rows, 1)));
	past->facts.wrong = MAX(past->facts.wrong, rows_int(rows, 2));
}

static void
take_came(History *history, Past *past, Rows *rows, const char *deadline)
{
	(void)deadline;
	g_hash_table_add(history->came, place_key(past->unit_id, rows_text(rows, 1)));
}

/* The rows begin with the unit; those that are closed in the registry are passed over. */
static gboolean
take_rows(History *history, Rows *owned, TakeRow take, const char *deadline, GError **error)
{
	g_autoptr(Rows) rows = owned;
	g_autoptr(GError) why = NULL;

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why)) {
		gint64 id = rows_int(rows, 0);
		Past *past = g_hash_table_lookup(history->by_id, &id);

		if (past != NULL)
			take(history, past, rows, deadline);
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static gboolean
load_units(History *history, Store *store, const Form *form, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, SQL_remind_units, "t", form->id);

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why)) {
		Past *past = g_new0(Past, 1);

		past->unit_id = rows_int(rows, 0);
		past->facts.state = g_intern_string(rows_text(rows, 1));
		past->facts.delivery = g_intern_string(rows_text(rows, 2));
		past->serials = g_hash_table_new(g_str_hash, g_str_equal);
		g_ptr_array_add(history->units, past);
		g_hash_table_insert(history->by_id, &past->unit_id, past);
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

History *
history_load(Store *store, const Config *config, const Form *form, GError **error)
{
	const char *deadline = config_text(config, CONFIG_survey_deadline);
	const char *edition = form->id;
	const char *contacts = kind_contacts();
	g_autoptr(History) history = g_new0(History, 1);

	history->units = g_ptr_array_new_with_free_func(past_free);
	history->by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
	history->came = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	history->mistaken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (!load_units(history, store, form, error) ||
	    !take_rows(history,
		store_query(store, error, SQL_remind_dispatches, "tt", edition, contacts),
		take_dispatch, deadline, error) ||
	    !take_rows(history, store_query(store, error, SQL_remind_signs, "t", edition),
		take_sign, deadline, error) ||
	    !take_rows(history,
		store_query(store, error, SQL_remind_outcomes, "tt", edition, contacts),
		take_outcome, deadline, error) ||
	    !take_rows(history, store_query(store, error, SQL_remind_wrong, "t", edition),
		take_wrong, deadline, error) ||
	    !take_rows(history, store_query(store, error, SQL_remind_came_back, "t", edition),
		take_came, deadline, error))
		return NULL;
	return g_steal_pointer(&history);
}

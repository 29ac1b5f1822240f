#include "status/status.h"

#include "base/error.h"
#include "status/fold.h"

#include <string.h>

static gboolean
up_to_date(Store *store, const Form *form, gboolean *out, GError **error)
{
	gint64 mark, newest, unseen;

	if (!store_int(store, &mark, 0, error, SQL_status_mark_get, "t", form->id) ||
	    !store_int(store, &newest, 0, error, SQL_status_newest_event, "") ||
	    !store_int(store, &unseen, 0, error, SQL_status_units_unseen, "t", form->id))
		return FALSE;
	*out = mark == newest && unseen == 0;
	return TRUE;
}

gboolean
status_refresh_within(Store *store, const Form *form, GError **error)
{
	gint64 mark, newest;

	/* the mark counts the events of all editions, so that foreign ones do not look new for ever */
	return store_run(store, error, SQL_status_units_see, "t", form->id) &&
	       store_int(store, &mark, 0, error, SQL_status_mark_get, "t", form->id) &&
	       store_int(store, &newest, 0, error, SQL_status_newest_event, "") &&
	       fold_events(store, form, mark, error) &&
	       store_run(store, error, SQL_status_mark_set, "ti", form->id, newest);
}

gboolean
status_refresh(Store *store, const Form *form, GError **error)
{
	g_autoptr(Transaction) transaction = NULL;
	gboolean done;

	if (!up_to_date(store, form, &done, error))
		return FALSE;
	if (done)
		return TRUE;
	transaction = transaction_begin(store, error);
	return transaction != NULL && status_refresh_within(store, form, error) &&
	       transaction_commit(transaction, error);
}

gboolean
status_rebuild(Store *store, const Form *form, GError **error)
{
	g_autoptr(Transaction) transaction = transaction_begin(store, error);

	return transaction != NULL &&
	       store_run(store, error, SQL_status_forget_units, "t", form->id) &&
	       store_run(store, error, SQL_status_forget_sections, "t", form->id) &&
	       store_run(store, error, SQL_status_forget_mark, "t", form->id) &&
	       status_refresh_within(store, form, error) && transaction_commit(transaction, error);
}

void
status_counts_free(StatusCounts *counts)
{
	if (counts == NULL)
		return;
	g_free(counts->name);
	g_free(counts);
}

StatusCounts *
status_total(Store *store, const Form *form, GError **error)
{
	g_autoptr(Rows) rows = store_query(store, error, SQL_status_count_units, "t", form->id);
	StatusCounts *total;

	if (rows == NULL || !rows_next(rows, error))
		return NULL;
	total = g_new0(StatusCounts, 1);
	total->name = g_strdup("");
	total->units = rows_int(rows, 0);
	total->never_opened = rows_int(rows, 1);
	total->in_progress = rows_int(rows, 2);
	total->completed = rows_int(rows, 3);
	total->declined = rows_int(rows, 4);
	total->excluded = rows_int(rows, 5);
	total->undelivered = rows_int(rows, 6);
	total->unknown = rows_int(rows, 7);
	total->closed = rows_int(rows, 8);
	return total;
}

static const char *
group_of(const Unit *unit, StatusBy by)
{
	switch (by) {
	case BY_REGION:
		return unit->region;
	case BY_PROVINCE:
		return unit->province;
	case BY_SIZE:
		return unit_size_class(unit);
	}
	g_assert_not_reached();
}

static void
count_unit(StatusCounts *counts, const char *state, const char *delivery)
{
	const struct {
		const char *name;
		gint64 *count;
	} table[] = {
		{ "never_opened", &counts->never_opened },
		{ "in_progress", &counts->in_progress },
		{ "completed", &counts->completed },
		{ "declined", &counts->declined },
		{ "excluded", &counts->excluded },
		{ "undelivered", &counts->undelivered },
		{ "unknown", &counts->unknown },
	};

	counts->units++;
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
		if (strcmp(table[i].name, state) == 0 || strcmp(table[i].name, delivery) == 0)
			(*table[i].count)++;
}

typedef struct {
	StatusCounts *counts;
	gint64 rank; /* what the groups are ordered by */
} Group;

static void
group_free(gpointer data)
{
	Group *group = data;

	status_counts_free(group->counts);
	g_free(group);
}

static Group *
find_group(GHashTable *groups, const char *name, gint64 rank)
{
	Group *group = g_hash_table_lookup(groups, name);

	if (group == NULL) {
		group = g_new0(Group, 1);
		group->counts = g_new0(StatusCounts, 1);
		group->counts->name = g_strdup(name);
		group->rank = rank;
		g_hash_table_insert(groups, group->counts->name, group);
	}
	group->rank = MIN(group->rank, rank);
	return group;
}

static int
compare_groups(gconstpointer a, gconstpointer b)
{
	const Group *first = *(const Group *const *)a;
	const Group *second = *(const Group *const *)b;

	return (first->rank > second->rank) - (first->rank < second->rank);
}

static GPtrArray *
in_order(GHashTable *groups)
{
	GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)status_counts_free);
	g_autoptr(GPtrArray) sorted = g_ptr_array_new();
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, groups);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		g_ptr_array_add(sorted, value);
	g_ptr_array_sort(sorted, compare_groups);
	for (guint i = 0; i < sorted->len; i++) {
		Group *group = g_ptr_array_index(sorted, i);

		g_ptr_array_add(list, g_steal_pointer(&group->counts));
	}
	return list;
}

typedef struct {
	gint64 unit_id;
	const char *state; /* interned */
	const char *delivery;
} UnitState;

/* The open units' states by unit id. */
static GHashTable *
load_states(Store *store, const Form *form, GError **error)
{
	g_autoptr(GHashTable) states =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, SQL_status_each_unit, "t", form->id);

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why)) {
		UnitState *state = g_new0(UnitState, 1);

		state->unit_id = rows_int(rows, 0);
		state->state = g_intern_string(rows_text(rows, 1));
		state->delivery = g_intern_string(rows_text(rows, 2));
		g_hash_table_insert(states, &state->unit_id, state);
	}
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	return g_steal_pointer(&states);
}

static gboolean
check_states(char **words, GError **error)
{
	static const char *const known[] = { "never_opened", "in_progress", "completed", "declined",
		"excluded", "not_sent", "queued", "sent", "accepted", "delivered", "undelivered",
		"unknown", NULL };
	g_autofree char *all = g_strjoinv(", ", (char **)(gsize)known);

	for (gsize i = 0; words[i] != NULL; i++)
		if (!g_strv_contains(known, words[i]))
			return fail(error, PLICO_ERROR_USAGE, _("--status %s: there are %s"),
			    words[i], all);
	return TRUE;
}

GHashTable *
status_units_in(Store *store, const Form *form, const char *words, GError **error)
{
	g_auto(GStrv) wanted = g_strsplit(words, ",", 0);
	g_autoptr(GHashTable) ids =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	g_autoptr(GHashTable) states = NULL;
	GHashTableIter iter;
	gpointer value;

	if (!check_states(wanted, error) || !status_refresh(store, form, error))
		return NULL;
	states = load_states(store, form, error);
	if (states == NULL)
		return NULL;
	g_hash_table_iter_init(&iter, states);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const UnitState *state = value;

		if (g_strv_contains((const char *const *)wanted, state->state) ||
		    g_strv_contains((const char *const *)wanted, state->delivery))
			g_hash_table_add(ids, g_memdup2(&state->unit_id, sizeof(state->unit_id)));
	}
	return g_steal_pointer(&ids);
}

GPtrArray *
status_by(Store *store, const Form *form, StatusBy by, GError **error)
{
	g_autoptr(GHashTable) groups =
	    g_hash_table_new_full(g_str_hash, g_str_equal, NULL, group_free);
	g_autoptr(GHashTable) states = load_states(store, form, error);
	g_autoptr(GPtrArray) units = NULL;

	if (states == NULL)
		return NULL;
	units = registry_list(store, NULL, error);
	if (units == NULL)
		return NULL;
	for (guint i = 0; i < units->len; i++) {
		const Unit *unit = g_ptr_array_index(units, i);
		const UnitState *state = g_hash_table_lookup(states, &unit->id);
		/* sizes go up; regions and provinces stand as in ISTAT's list, from north to south */
		gint64 rank = by == BY_SIZE ? (unit->population < 0 ? G_MAXINT64 : unit->population)
					    : (gint64)i;

		if (state != NULL)
			count_unit(find_group(groups, group_of(unit, by), rank)->counts,
			    state->state, state->delivery);
	}
	return in_order(groups);
}

GPtrArray *
status_sections(Store *store, const Form *form, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, SQL_status_count_sections, "t", form->id);

	if (rows == NULL)
		return NULL;
	for (guint i = 0; i < form->sections->len; i++) {
		SectionCounts *counts = g_new0(SectionCounts, 1);

		counts->section = g_ptr_array_index(form->sections, i);
		g_ptr_array_add(list, counts);
	}
	while (rows_next(rows, &why)) {
		for (guint i = 0; i < list->len; i++) {
			SectionCounts *counts = g_ptr_array_index(list, i);

			if (strcmp(counts->section->name, rows_text(rows, 0)) != 0)
				continue;
			counts->sent = rows_int(rows, 1);
			counts->received = rows_int(rows, 2);
			counts->received_with_findings = rows_int(rows, 3);
		}
	}
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	return g_steal_pointer(&list);
}

/* Every section that asks this unit something, not_sent until the tables say more. */
static GHashTable *
unit_sections(Store *store, const Form *form, gint64 unit_id, GError **error)
{
	g_autoptr(GHashTable) sections =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(Unit) unit = registry_unit(store, unit_id, error);
	g_autoptr(FormView) view = NULL;
	g_autoptr(GPtrArray) asked = NULL;
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = NULL;

	if (unit == NULL)
		return NULL;
	view = form_view_new(form, unit);
	asked = form_view_sections(view);
	for (guint i = 0; i < asked->len; i++) {
		const Section *section = g_ptr_array_index(asked, i);

		g_hash_table_insert(sections, g_strdup(section->name), g_strdup("not_sent"));
	}
	rows = store_query(store, error, SQL_status_sections_get, "ti", form->id, unit_id);
	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why))
		if (g_hash_table_contains(sections, rows_text(rows, 0)))
			g_hash_table_insert(
			    sections, g_strdup(rows_text(rows, 0)), g_strdup(rows_text(rows, 1)));
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	return g_steal_pointer(&sections);
}

char *
status_unit(
    Store *store, const Form *form, gint64 unit_id, GHashTable **out_sections, GError **error)
{
	g_autoptr(GHashTable) sections = unit_sections(store, form, unit_id, error);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = NULL;

	if (sections == NULL)
		return NULL;
	rows = store_query(store, error, SQL_status_unit_get, "ti", form->id, unit_id);
	if (rows == NULL)
		return NULL;
	if (!rows_next(rows, &why)) {
		g_assert(why != NULL); /* status_refresh() has made its row */
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	*out_sections = g_steal_pointer(&sections);
	return g_strdup(rows_text(rows, 0));
}

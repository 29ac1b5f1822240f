/* Who fills in which section of a unit. */
#include "registry/registry.h"

#include "base/clock.h"

#include <string.h>

void
delegation_free(Delegation *delegation)
{
	if (delegation == NULL)
		return;
	g_free(delegation->section);
	g_free(delegation->name);
	g_free(delegation->office);
	g_free(delegation->email);
	g_free(delegation->source);
	g_free(delegation);
}

static Delegation *
delegation_from(Rows *rows)
{
	Delegation *delegation = g_new0(Delegation, 1);

	delegation->id = rows_int(rows, 0);
	delegation->unit_id = rows_int(rows, 1);
	delegation->section = g_strdup(rows_text(rows, 2));
	delegation->name = g_strdup(rows_text(rows, 3));
	delegation->office = g_strdup(rows_text(rows, 4));
	delegation->email = g_strdup(rows_text(rows, 5));
	delegation->source = g_strdup(rows_text(rows, 6));
	delegation->since = rows_int(rows, 7);
	return delegation;
}

static GPtrArray *
delegations_from(Rows *rows, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)delegation_free);
	g_autoptr(GError) why = NULL;

	while (rows_next(rows, &why))
		g_ptr_array_add(list, delegation_from(rows));
	if (why == NULL)
		return g_steal_pointer(&list);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

GPtrArray *
registry_delegations(Store *store, const char *edition, gint64 unit_id, GError **error)
{
	g_autoptr(Rows) rows =
	    store_query(store, error, SQL_registry_delegation_present, "ti", edition, unit_id);

	return rows != NULL ? delegations_from(rows, error) : NULL;
}

GPtrArray *
registry_delegations_as_of(
    Store *store, const char *edition, gint64 unit_id, gint64 seq, GError **error)
{
	g_autoptr(Rows) rows =
	    store_query(store, error, SQL_registry_delegation_as_of, "tii", edition, unit_id, seq);

	return rows != NULL ? delegations_from(rows, error) : NULL;
}

const Delegation *
delegation_find(const GPtrArray *delegations, const char *section)
{
	for (guint i = 0; i < delegations->len; i++) {
		const Delegation *delegation = g_ptr_array_index(delegations, i);

		if (strcmp(delegation->section, section) == 0)
			return delegation;
	}
	return NULL;
}

static gboolean
log_change(Store *store, const char *edition, const Delegation *delegation, gint64 id,
    const char *what, const char *actor, const char *note, GError **error)
{
	const Event event = { .actor = actor,
		.edition = edition,
		.unit_id = delegation->unit_id,
		.section = delegation->section,
		.subject = "delegation",
		.subject_id = id,
		.what = what,
		.note = note };

	return store_event(store, &event, error);
}

gboolean
registry_withdraw(Store *store, const char *edition, const Delegation *delegation,
    const char *actor, const char *note, GError **error)
{
	return store_run(store, error, SQL_registry_delegation_withdraw, "ii", delegation->id,
		   clock_now()) &&
	       log_change(store, edition, delegation, delegation->id, "delegation.withdrawn", actor,
		   note, error);
}

static gboolean
is_same(const Delegation *one, const Delegation *other)
{
	return strcmp(one->email, other->email) == 0 && strcmp(one->name, other->name) == 0 &&
	       strcmp(one->office, other->office) == 0;
}

gboolean
registry_delegate(Store *store, const char *edition, const Delegation *delegation,
    const char *actor, const char *note, gboolean *out_changed, GError **error)
{
	g_autoptr(GPtrArray) present =
	    registry_delegations(store, edition, delegation->unit_id, error);
	const Delegation *had =
	    present != NULL ? delegation_find(present, delegation->section) : NULL;
	gboolean same = had != NULL && is_same(had, delegation);

	if (present == NULL)
		return FALSE;
	if (out_changed != NULL)
		*out_changed = !same;
	if (same)
		return TRUE;
	if (had != NULL && !registry_withdraw(store, edition, had, actor, note, error))
		return FALSE;
	return store_run(store, error, SQL_registry_delegation_insert, "tittttti", edition,
		   delegation->unit_id, delegation->section, delegation->name, delegation->office,
		   delegation->email, delegation->source, clock_now()) &&
	       log_change(store, edition, delegation, store_last_id(store), "delegation.set", actor,
		   note, error);
}

#include "status/fold.h"

#include "outbox/outbox.h"
#include "status/moves.h"

#include <string.h>

typedef struct {
	const char *state; /* interned */
	gint64 changed_at;
	gboolean dirty;
} FoldSection;

typedef struct {
	gint64 id;
	const char *state;    /* interned */
	const char *delivery; /* interned */
	char *reason;
	gint64 changed_at;
	gboolean dirty;
	GHashTable *sections; /* name -> FoldSection */
	GPtrArray *required; /* (nullable) of const Section *: those that ask this unit something */
} FoldUnit;

typedef struct {
	Store *store;
	const Form *form;
	GHashTable *units; /* id -> FoldUnit */
} Fold;

typedef struct {
	gint64 seq;
	gint64 at;
	gint64 unit_id;
	const char *section;
	const char *what;
	const char *note;
	const char *kind;     /* of the dispatch, or "" */
	const char *sections; /* of the dispatch */
	gboolean outdated;    /* the unit has a later invitation than this dispatch */
	gboolean raised;      /* it goes to another contact, because those before it stay silent */
} FoldEvent;

static void
fold_unit_free(gpointer data)
{
	FoldUnit *unit = data;

	g_free(unit->reason);
	g_hash_table_unref(unit->sections);
	g_clear_pointer(&unit->required, g_ptr_array_unref);
	g_free(unit);
}

static void
fold_clear(Fold *fold)
{
	g_clear_pointer(&fold->units, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fold, fold_clear)

static gboolean
load_sections(Fold *fold, FoldUnit *unit, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(
	    fold->store, error, SQL_status_sections_get, "ti", fold->form->id, unit->id);

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why)) {
		FoldSection *section = g_new0(FoldSection, 1);

		section->state = g_intern_string(rows_text(rows, 1));
		section->changed_at = rows_int(rows, 2);
		g_hash_table_insert(unit->sections, g_strdup(rows_text(rows, 0)), section);
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* The unit as the tables have it; status_units_see has made its row. Returns: (transfer none), NULL on error */
static FoldUnit *
fold_unit(Fold *fold, gint64 id, GError **error)
{
	FoldUnit *unit = g_hash_table_lookup(fold->units, &id);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = NULL;

	if (unit != NULL)
		return unit;
	rows = store_query(fold->store, error, SQL_status_unit_get, "ti", fold->form->id, id);
	if (rows == NULL)
		return NULL;
	if (!rows_next(rows, &why)) {
		g_assert(why != NULL);
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	unit = g_new0(FoldUnit, 1);
	unit->id = id;
	unit->state = g_intern_string(rows_text(rows, 0));
	unit->delivery = g_intern_string(rows_text(rows, 1));
	unit->reason = g_strdup(rows_text(rows, 2));
	unit->changed_at = rows_int(rows, 3);
	unit->sections = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_hash_table_insert(fold->units, &unit->id, unit);
	return load_sections(fold, unit, error) ? unit : NULL;
}

/* A sheet that leaves, or is asked for once more, when its section has been given to somebody is delegated at once. */
static gboolean
follow_section(Fold *fold, const FoldUnit *unit, const char *name, const FoldEvent *event,
    const char *from, const char **to, GError **error)
{
	gint64 delegated;

	*to = moves_follow(section_moves, event->what, event->note, from);
	if (*to == NULL || strcmp(*to, "sent") != 0 ||
	    strcmp(event->what, "delegation.withdrawn") == 0)
		return TRUE;
	if (!store_int(fold->store, &delegated, 0, error, SQL_status_is_delegated, "itti", unit->id,
		fold->form->id, name, event->seq))
		return FALSE;
	if (delegated != 0)
		*to = "delegated";
	return TRUE;
}

static gboolean
move_section(Fold *fold, FoldUnit *unit, const char *name, const FoldEvent *event, GError **error)
{
	FoldSection *section = g_hash_table_lookup(unit->sections, name);
	const char *from = section != NULL ? section->state : "not_sent";
	const char *to;

	if (!follow_section(fold, unit, name, event, from, &to, error))
		return FALSE;
	if (to == NULL || strcmp(to, from) == 0)
		return TRUE;
	if (section == NULL) {
		section = g_new0(FoldSection, 1);
		g_hash_table_insert(unit->sections, g_strdup(name), section);
	}
	section->state = to;
	section->changed_at = event->at;
	section->dirty = TRUE;
	return TRUE;
}

/* Those of the dispatch, and that of a return or delegation; the delegation sheet is no section of the questionnaire. */
static gboolean
move_sections(Fold *fold, FoldUnit *unit, const FoldEvent *event, GError **error)
{
	g_auto(GStrv) sections = g_strsplit(event->sections, " ", 0);

	for (gsize i = 0; sections[i] != NULL; i++)
		if (*sections[i] != '\0' && !move_section(fold, unit, sections[i], event, error))
			return FALSE;
	return *event->section == '\0' || strcmp(event->section, FORM_DELEGATION) == 0 ||
	       move_section(fold, unit, event->section, event, error);
}

static void
set_state(FoldUnit *unit, const char *state, gint64 at)
{
	if (strcmp(unit->state, state) == 0)
		return;
	unit->state = state;
	unit->changed_at = at;
	unit->dirty = TRUE;
}

static const char *
what_is(const FoldEvent *event)
{
	const Kind *kind = *event->kind != '\0' ? kind_of(event->kind) : NULL;

	if (kind == NULL || !kind->contact)
		return "";
	if (event->raised &&
	    !kind->delivery) /* what becomes of it tells nothing of the letter's address */
		return "";
	return kind->delivery ? "letter" : "contact";
}

static void
move_delivery(FoldUnit *unit, const FoldEvent *event)
{
	const char *to = moves_follow(delivery_moves, event->what, what_is(event), unit->delivery);
	const char *reason;

	if (to == NULL || event->outdated)
		return;
	reason = strcmp(to, "undelivered") == 0 ? event->note : "";
	if (strcmp(to, unit->delivery) == 0 && strcmp(reason, unit->reason) == 0)
		return;
	unit->delivery = to;
	g_free(unit->reason);
	unit->reason = g_strdup(reason);
	unit->changed_at = event->at;
	unit->dirty = TRUE;
}

static gboolean
is_received(const FoldUnit *unit, const char *name)
{
	const FoldSection *section = g_hash_table_lookup(unit->sections, name);

	return section != NULL && (strcmp(section->state, "received") == 0 ||
				      strcmp(section->state, "confirmed") == 0);
}

static gboolean
is_complete(Fold *fold, FoldUnit *unit, gboolean *out, GError **error)
{
	*out = FALSE;
	if (unit->required == NULL) {
		g_autoptr(Unit) town = registry_unit(fold->store, unit->id, error);
		g_autoptr(FormView) view = NULL;

		if (town == NULL)
			return FALSE;
		view = form_view_new(fold->form, town);
		unit->required = form_view_sections(view);
	}
	for (guint i = 0; i < unit->required->len; i++) {
		const Section *section = g_ptr_array_index(unit->required, i);

		if (!is_received(unit, section->name))
			return TRUE;
	}
	*out = unit->required->len > 0;
	return TRUE;
}

/* Between in_progress and completed only the sections decide. */
static gboolean
derive_state(Fold *fold, FoldUnit *unit, gint64 at, GError **error)
{
	gboolean complete;

	if (strcmp(unit->state, "in_progress") != 0 && strcmp(unit->state, "completed") != 0)
		return TRUE;
	if (!is_complete(fold, unit, &complete, error))
		return FALSE;
	set_state(unit, complete ? "completed" : "in_progress", at);
	return TRUE;
}

/* Who comes back after declining stands where the evidence left it. */
static gboolean
restore_state(Fold *fold, FoldUnit *unit, const FoldEvent *event, GError **error)
{
	gint64 opened;

	if (strcmp(event->what, "unit.reopened") != 0)
		return TRUE;
	if (!store_int(fold->store, &opened, 0, error, SQL_status_was_opened, "iti", unit->id,
		fold->form->id, event->seq))
		return FALSE;
	if (opened > 0 && strcmp(unit->state, "never_opened") == 0)
		unit->state = "in_progress"; /* the event itself has set when */
	return TRUE;
}

static gboolean
fold_event(Fold *fold, const FoldEvent *event, GError **error)
{
	FoldUnit *unit = fold_unit(fold, event->unit_id, error);
	const char *to;

	if (unit == NULL || !move_sections(fold, unit, event, error))
		return FALSE;
	move_delivery(unit, event);
	to = moves_follow(unit_moves, event->what, event->note, unit->state);
	if (to != NULL)
		set_state(unit, to, event->at);
	return restore_state(fold, unit, event, error) &&
	       derive_state(fold, unit, event->at, error);
}

static gboolean
save_unit(Fold *fold, const FoldUnit *unit, GError **error)
{
	GHashTableIter iter;
	gpointer name, value;

	if (unit->dirty &&
	    !store_run(fold->store, error, SQL_status_unit_set, "tittti", fold->form->id, unit->id,
		unit->state, unit->delivery, unit->reason, unit->changed_at))
		return FALSE;
	g_hash_table_iter_init(&iter, unit->sections);
	while (g_hash_table_iter_next(&iter, &name, &value)) {
		const FoldSection *section = value;

		if (section->dirty &&
		    !store_run(fold->store, error, SQL_status_section_set, "titti", fold->form->id,
			unit->id, (const char *)name, section->state, section->changed_at))
			return FALSE;
	}
	return TRUE;
}

static gboolean
save(Fold *fold, GError **error)
{
	GHashTableIter iter;
	gpointer unit;

	g_hash_table_iter_init(&iter, fold->units);
	while (g_hash_table_iter_next(&iter, NULL, &unit))
		if (!save_unit(fold, unit, error))
			return FALSE;
	return TRUE;
}

gboolean
fold_events(Store *store, const Form *form, gint64 after, GError **error)
{
	g_auto(Fold) fold = { store, form, NULL };
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(store, error, SQL_status_events, "itt", after, form->id, kind_deliveries());

	if (rows == NULL)
		return FALSE;
	fold.units = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, fold_unit_free);
	while (rows_next(rows, &why)) {
		const FoldEvent event = { rows_int(rows, 0), rows_int(rows, 1), rows_int(rows, 2),
			rows_text(rows, 3), rows_text(rows, 4), rows_text(rows, 5),
			rows_text(rows, 6), rows_text(rows, 7), rows_int(rows, 8) != 0,
			rows_int(rows, 9) != 0 };

		if (!fold_event(&fold, &event, error))
			return FALSE;
	}
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	return save(&fold, error);
}

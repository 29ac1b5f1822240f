#include "registry/registry.h"

#include "base/error.h"
#include "base/text.h"
#include "registry/rows.h"

#include <math.h>
#include <string.h>

#define NAMES_SHOWN 8

Unit *
registry_unit_from(Rows *rows)
{
	Unit *unit = g_new0(Unit, 1);

	unit->id = rows_int(rows, 0);
	unit->code = g_strdup(rows_text(rows, 1));
	unit->istat_code = g_strdup(rows_text(rows, 2));
	unit->name = g_strdup(rows_text(rows, 3));
	unit->name_other = g_strdup(rows_text(rows, 4));
	unit->province = g_strdup(rows_text(rows, 5));
	unit->province_code = g_strdup(rows_text(rows, 6));
	unit->region = g_strdup(rows_text(rows, 7));
	unit->area = g_strdup(rows_text(rows, 8));
	unit->population = rows_is_null(rows, 9) ? -1 : rows_int(rows, 9);
	unit->zip = g_strdup(rows_text(rows, 10));
	unit->tax_code = g_strdup(rows_text(rows, 11));
	unit->ipa_code = g_strdup(rows_text(rows, 12));
	unit->lang = g_strdup(rows_text(rows, 13));
	unit->mayor = g_strdup(rows_text(rows, 14));
	unit->lat = rows_is_null(rows, 15) ? (double)NAN : rows_real(rows, 15);
	unit->lon = rows_is_null(rows, 16) ? (double)NAN : rows_real(rows, 16);
	unit->closed = !rows_is_null(rows, 17);
	return unit;
}

GPtrArray *
registry_units_from(Rows *rows, GError **error)
{
	g_autoptr(GPtrArray) units = g_ptr_array_new_with_free_func((GDestroyNotify)unit_free);
	g_autoptr(GError) why = NULL;

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why))
		g_ptr_array_add(units, registry_unit_from(rows));
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	return g_steal_pointer(&units);
}

Unit *
registry_unit(Store *store, gint64 id, GError **error)
{
	g_autoptr(Rows) rows = store_query(store, error, SQL_registry_unit_by_id, "i", id);
	g_autoptr(GPtrArray) units = registry_units_from(rows, error);

	if (units == NULL)
		return NULL;
	if (units->len == 0) {
		fail(error, PLICO_ERROR_NOT_FOUND, _("unit %" PRId64 ": is not there"), id);
		return NULL;
	}
	return g_ptr_array_steal_index(units, 0);
}

GPtrArray *
registry_contacts(Store *store, gint64 unit_id, GError **error)
{
	g_autoptr(GPtrArray) contacts =
	    g_ptr_array_new_with_free_func((GDestroyNotify)contact_free);
	g_autoptr(Rows) rows =
	    store_query(store, error, SQL_registry_contact_of_unit, "i", unit_id);
	g_autoptr(GError) why = NULL;

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why)) {
		Contact *contact = g_new0(Contact, 1);

		contact->id = rows_int(rows, 0);
		contact->unit_id = rows_int(rows, 1);
		contact->role = g_strdup(rows_text(rows, 2));
		contact->channel = g_strdup(rows_text(rows, 3));
		contact->address = g_strdup(rows_text(rows, 4));
		contact->name = g_strdup(rows_text(rows, 5));
		contact->rank = rows_int(rows, 6);
		contact->source = g_strdup(rows_text(rows, 7));
		g_ptr_array_add(contacts, contact);
	}
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	return g_steal_pointer(&contacts);
}

/* Drops the units that are not wanted; keeps the order. */
static void
keep_units(GPtrArray *units, gboolean (*keep)(const Unit *unit, gpointer data), gpointer data)
{
	guint kept = 0;

	for (guint i = 0; i < units->len; i++) {
		g_autoptr(Unit) unit = g_steal_pointer(&units->pdata[i]);

		if (keep(unit, data))
			units->pdata[kept++] = g_steal_pointer(&unit);
	}
	g_ptr_array_set_size(units, (int)kept);
}

/* Drops those that @keep does not like, unless it likes none. */
static void
prefer_units(GPtrArray *units, gboolean (*keep)(const Unit *unit, gpointer data), gpointer data)
{
	for (guint i = 0; i < units->len; i++)
		if (keep(g_ptr_array_index(units, i), data)) {
			keep_units(units, keep, data);
			return;
		}
}

static gboolean
is_open(const Unit *unit, gpointer data)
{
	(void)data;
	return !unit->closed;
}

/* Whether the words (folded) are the whole name: one of the two, or both. */
static gboolean
is_called(const Unit *unit, gpointer words)
{
	g_autofree char *full = unit_full_name(unit);
	g_autofree char *name = text_fold(unit->name);
	g_autofree char *other = text_fold(unit->name_other);
	g_autofree char *both = text_fold(full);

	return strcmp(words, name) == 0 || strcmp(words, other) == 0 || strcmp(words, both) == 0;
}

static gboolean
is_in_province(const Unit *unit, gpointer data)
{
	return g_ascii_strcasecmp(unit->province_code, data) == 0;
}

/* The units with @folded in their names; where it is the whole name of some, only those. */
static GPtrArray *
by_name(Store *store, char *folded, GError **error)
{
	g_autoptr(Rows) rows = store_query(store, error, SQL_registry_unit_by_name, "t", folded);
	g_autoptr(GPtrArray) units = registry_units_from(rows, error);

	if (units != NULL)
		prefer_units(units, is_called, folded);
	return g_steal_pointer(&units);
}

/* "Samone (TN)", "samone tn": a name and its province. */
static GPtrArray *
by_name_and_province(Store *store, const char *folded, GError **error)
{
	g_autofree char *words = g_strdup(folded);
	char *blank = strrchr(g_strstrip(g_strdelimit(words, "(),", ' ')), ' ');
	g_autoptr(GPtrArray) units = NULL;

	if (blank == NULL || strlen(blank + 1) != 2)
		return g_ptr_array_new();
	*blank = '\0';
	units = by_name(store, g_strstrip(words), error);
	if (units != NULL)
		keep_units(units, is_in_province, blank + 1);
	return g_steal_pointer(&units);
}

static GPtrArray *
find_all(Store *store, const char *words, GError **error)
{
	gboolean address = strchr(words, '@') != NULL;
	g_autofree char *folded = text_fold(words);
	g_autoptr(Rows) rows = store_query(store, error,
	    address ? SQL_registry_unit_by_address : SQL_registry_unit_by_code, "t", words);
	g_autoptr(GPtrArray) units = registry_units_from(rows, error);

	if (units == NULL || units->len > 0 || address || *folded == '\0')
		return g_steal_pointer(&units);
	g_clear_pointer(&units, g_ptr_array_unref);
	units = by_name(store, folded, error);
	if (units == NULL || units->len > 0)
		return g_steal_pointer(&units);
	g_clear_pointer(&units, g_ptr_array_unref);
	return by_name_and_province(store, folded, error);
}

Unit *
registry_find(Store *store, const char *words, GError **error)
{
	g_autoptr(GPtrArray) units = find_all(store, words, error);
	g_autoptr(GString) names = g_string_new(NULL);

	if (units == NULL)
		return NULL;
	prefer_units(units, is_open, NULL);
	if (units->len == 1)
		return g_ptr_array_steal_index(units, 0);
	if (units->len == 0) {
		fail(error, PLICO_ERROR_NOT_FOUND, _("%s: no unit has this code, address or name"),
		    words);
		return NULL;
	}
	for (guint i = 0; i < units->len && i < NAMES_SHOWN; i++) {
		const Unit *unit = g_ptr_array_index(units, i);
		g_autofree char *name = unit_full_name(unit);

		g_string_append_printf(names, "%s%s %s (%s)", i > 0 ? ", " : "", unit->code, name,
		    unit->province_code);
	}
	fail(error, PLICO_ERROR_NOT_FOUND, _("%s: %u units fit: %s%s; give the code"), words,
	    units->len, names->str, units->len > NAMES_SHOWN ? " …" : "");
	return NULL;
}

/* What a filter says, made ready for many units, and what was found of it. */
typedef struct {
	const UnitFilter *filter;
	char *region;
	char *province;
	char *words;
	GHashTable *ids; /* of the units that filter->codes name */
	gboolean region_seen;
	gboolean province_seen;
} Sieve;

static void
sieve_clear(Sieve *sieve)
{
	g_free(sieve->region);
	g_free(sieve->province);
	g_free(sieve->words);
	g_clear_pointer(&sieve->ids, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sieve, sieve_clear)

static gboolean
take_codes(Sieve *sieve, Store *store, char **codes, GError **error)
{
	sieve->ids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	for (; *codes != NULL; codes++) {
		g_autoptr(Rows) rows =
		    store_query(store, error, SQL_registry_unit_by_code, "t", *codes);
		g_autoptr(GPtrArray) units = registry_units_from(rows, error);

		if (units == NULL)
			return FALSE;
		if (units->len == 0)
			return fail(
			    error, PLICO_ERROR_NOT_FOUND, _("%s: no unit has this code"), *codes);
		for (guint i = 0; i < units->len; i++) {
			const Unit *unit = g_ptr_array_index(units, i);

			g_hash_table_add(sieve->ids, g_memdup2(&unit->id, sizeof unit->id));
		}
	}
	return TRUE;
}

/* "Valle d'Aosta/Vallée d'Aoste" answers to each name and to both. */
static gboolean
place_is(const char *place, const char *wanted)
{
	g_autofree char *whole = text_fold(place);
	g_auto(GStrv) names = g_strsplit(place, "/", 0);
	gboolean found = strcmp(whole, wanted) == 0;

	for (gsize i = 0; names[i] != NULL && !found; i++) {
		g_autofree char *name = text_fold(names[i]);

		found = strcmp(name, wanted) == 0;
	}
	return found;
}

static gboolean
is_inside(Sieve *sieve, const Unit *unit)
{
	if (sieve->region != NULL && !place_is(unit->region, sieve->region))
		return FALSE;
	sieve->region_seen = TRUE;
	if (sieve->province != NULL && !place_is(unit->province, sieve->province) &&
	    g_ascii_strcasecmp(unit->province_code, sieve->province) != 0)
		return FALSE;
	sieve->province_seen = TRUE;
	return TRUE;
}

static gboolean
has_words(const Sieve *sieve, const Unit *unit)
{
	g_autofree char *full = unit_full_name(unit);
	g_autofree char *folded = text_fold(full);

	return strstr(folded, sieve->words) != NULL;
}

static gboolean
passes(const Unit *unit, gpointer data)
{
	Sieve *sieve = data;
	const UnitFilter *filter = sieve->filter;

	return is_inside(sieve, unit) &&
	       (filter->ids == NULL || g_hash_table_contains(filter->ids, &unit->id)) &&
	       (filter->above < 0 || unit->population > filter->above) &&
	       (filter->up_to < 0 ||
		   (unit->population >= 0 && unit->population <= filter->up_to)) &&
	       (sieve->ids == NULL || g_hash_table_contains(sieve->ids, &unit->id)) &&
	       (sieve->words == NULL || has_words(sieve, unit));
}

GPtrArray *
registry_list(Store *store, const UnitFilter *filter, GError **error)
{
	g_autoptr(Rows) rows = store_query(store, error, SQL_registry_unit_open, "");
	g_autoptr(GPtrArray) units = registry_units_from(rows, error);
	g_auto(Sieve) sieve = { .filter = filter };

	if (units == NULL || filter == NULL)
		return g_steal_pointer(&units);
	sieve.region = filter->region != NULL ? text_fold(filter->region) : NULL;
	sieve.province = filter->province != NULL ? text_fold(filter->province) : NULL;
	sieve.words = filter->words != NULL ? text_fold(filter->words) : NULL;
	if (filter->codes != NULL && !take_codes(&sieve, store, filter->codes, error))
		return NULL;
	keep_units(units, passes, &sieve);
	if (sieve.region != NULL && !sieve.region_seen) {
		fail(error, PLICO_ERROR_NOT_FOUND, _("%s: no unit lies in a region of this name"),
		    filter->region);
		return NULL;
	}
	if (sieve.province != NULL && !sieve.province_seen) {
		fail(error, PLICO_ERROR_NOT_FOUND,
		    _("%s: no unit lies in a province of this name or code"), filter->province);
		return NULL;
	}
	return g_steal_pointer(&units);
}

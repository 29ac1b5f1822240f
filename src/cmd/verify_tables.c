/* The database by itself. */
#include "base/error.h"
#include "cmd/verify.h"
#include "status/status.h"
#include "validate/validate.h"

#include <string.h>

/* Calls @each for every row. */
typedef gboolean (*EachRow)(Verify *verify, Rows *rows, GError **error);

static gboolean
each_row(Verify *verify, Store *store, SqlId statement, EachRow each, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, statement, "");

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why))
		if (!each(verify, rows, error))
			return FALSE;
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static gboolean
say_page(Verify *verify, Rows *rows, GError **error)
{
	(void)error;
	verify_say(verify, SEVERITY_ERROR, "database", "plico.db", "%s", rows_text(rows, 0));
	return TRUE;
}

static gboolean
say_reference(Verify *verify, Rows *rows, GError **error)
{
	(void)error;
	verify_say(verify, SEVERITY_ERROR, "reference", rows_text(rows, 0),
	    _("%" PRId64 " rows refer to rows of %s that are not there"), rows_int(rows, 1),
	    rows_text(rows, 2));
	return TRUE;
}

static gboolean
say_state(Verify *verify, Rows *rows, GError **error)
{
	g_autofree char *place =
	    g_strdup_printf("%s %" PRId64, rows_text(rows, 0), rows_int(rows, 1));

	(void)error;
	verify_say(verify, SEVERITY_ERROR, "state", place,
	    _("its state is \"%s\", the event log says \"%s\""), rows_text(rows, 2),
	    rows_text(rows, 3));
	return TRUE;
}

static gboolean
say_nothing(Verify *verify, Rows *rows, GError **error)
{
	g_autofree char *place =
	    g_strdup_printf("%s %" PRId64, rows_text(rows, 0), rows_int(rows, 1));

	(void)error;
	verify_say(verify, SEVERITY_ERROR, "gone", place,
	    _("the event log tells of it (%s), but it is not there"), rows_text(rows, 2));
	return TRUE;
}

static gboolean
count(Verify *verify, Rows *rows, GError **error)
{
	(void)error;
	verify->returns = (guint64)rows_int(rows, 2);
	verify->events = (guint64)rows_int(rows, 3);
	return TRUE;
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

/* The answers of one return as they are read. */
typedef struct {
	gint64 id;
	char *sha256; /* "" where it has none */
	gboolean duplicate;
	GHashTable *values;
	GHashTable *origins;
} Sheaf;

static void
sheaf_clear(Sheaf *sheaf)
{
	g_clear_pointer(&sheaf->sha256, g_free);
	g_clear_pointer(&sheaf->values, g_hash_table_unref);
	g_clear_pointer(&sheaf->origins, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sheaf, sheaf_clear)

/* Of a duplicate the answers stand with the return that it repeats. */
static void
check_sheaf(Verify *verify, const Sheaf *sheaf)
{
	g_autofree char *place = g_strdup_printf("return %" PRId64, sheaf->id);
	g_autofree char *sum = NULL;
	gboolean same;

	if (sheaf->id == 0) /* before the first */
		return;
	if (sheaf->duplicate || *sheaf->sha256 == '\0') {
		same = g_hash_table_size(sheaf->values) == 0;
	} else {
		sum = validate_answers_sum(sheaf->values, sheaf->origins);
		same = strcmp(sum, sheaf->sha256) == 0;
	}
	if (!same)
		verify_say(verify, SEVERITY_ERROR, "answers", place,
		    _("its answers are not those that were read"));
}

static void
begin_sheaf(Sheaf *sheaf, Rows *rows)
{
	sheaf_clear(sheaf);
	sheaf->id = rows_int(rows, 0);
	sheaf->duplicate = strcmp(rows_text(rows, 1), "duplicate") == 0;
	sheaf->sha256 = g_strdup(rows_text(rows, 2));
	sheaf->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	sheaf->origins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static gboolean
check_answers(Verify *verify, Store *store, GError **error)
{
	g_auto(Sheaf) sheaf = { 0 };
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, SQL_verify_answers, "");

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why)) {
		if (rows_int(rows, 0) != sheaf.id) {
			check_sheaf(verify, &sheaf);
			begin_sheaf(&sheaf, rows);
		}
		if (rows_is_null(rows, 3))
			continue;
		g_hash_table_insert(
		    sheaf.values, g_strdup(rows_text(rows, 3)), g_strdup(rows_text(rows, 4)));
		g_hash_table_insert(
		    sheaf.origins, g_strdup(rows_text(rows, 3)), g_strdup(rows_text(rows, 5)));
	}
	check_sheaf(verify, &sheaf);
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* --- states --------------------------------------------------------------------------------------------------------- */

static void
say_difference(const RowDifference *difference, gpointer data)
{
	g_autofree char *place = g_strdup_printf("%s %s", difference->table, difference->key);

	if (difference->in_one && difference->in_other)
		verify_say(data, SEVERITY_ERROR, "folded", place,
		    _("not what the event log makes of it: %s"), difference->change);
	else
		verify_say(data, SEVERITY_ERROR, "folded", place, "%s",
		    difference->in_one ? _("the event log knows nothing of it")
				       : _("it is missing, the event log tells of it"));
}

static gboolean
check_states(Verify *verify, const Form *form, Store *stands, Store *folded, GError **error)
{
	static const char *const tables[] = { "unit_state", "section_state" };

	if (!status_refresh(stands, form, error) || !status_rebuild(folded, form, error))
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
		if (!store_compare(stands, folded, tables[i], say_difference, verify, error))
			return FALSE;
	return TRUE;
}

gboolean
verify_tables(Verify *verify, const Form *form, Store *snapshot, Store *folded, GError **error)
{
	static const struct {
		SqlId statement;
		EachRow each;
	} checks[] = {
		{ SQL_verify_pages, say_page },
		{ SQL_verify_count, count },
		{ SQL_verify_references, say_reference },
		{ SQL_verify_last_events, say_state },
		{ SQL_verify_events_of_nothing, say_nothing },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(checks); i++)
		if (!each_row(verify, snapshot, checks[i].statement, checks[i].each, error))
			return FALSE;
	return check_answers(verify, snapshot, error) &&
	       check_states(verify, form, snapshot, folded, error);
}

/* What a correction says: what is wrong in the answers that have come, and on its sheets the questions that are to be put right, with
 * those answers, so that nothing is written twice. Where only the whole section will do (last year's answers that nobody has
 * confirmed; answers to another version of the form) its sheet is a whole one. */
#include "outbox/correct.h"

#include <string.h>

/* The sheet that counted for @section when @dispatch was planned: what came later stops the message. @id: 0 where there is
 * none. @version: (out) (transfer full), of the form that was answered */
static gboolean
find_return(Store *store, const Dispatch *dispatch, const Section *section, gint64 *id,
    char **version, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, SQL_outbox_correction_return, "itti",
	    dispatch->unit_id, dispatch->edition, section->name, dispatch->id);

	if (rows == NULL)
		return FALSE;
	*id = 0;
	if (rows_next(rows, &why)) {
		*id = rows_int(rows, 0);
		*version = g_strdup(rows_text(rows, 1));
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* @remarks, @unread: (nullable). The second gets what could not be read: question -> what stood there. */
static gboolean
load_remarks(Store *store, gint64 id, GPtrArray *remarks, GHashTable *unread, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, SQL_outbox_correction_remarks, "i", id);

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why)) {
		if (remarks != NULL)
			findings_add(remarks, SEVERITY_ERROR, rows_text(rows, 1),
			    rows_text(rows, 0), "%s", "");
		if (unread != NULL && *rows_text(rows, 2) != '\0')
			g_hash_table_insert(
			    unread, g_strdup(rows_text(rows, 0)), g_strdup(rows_text(rows, 2)));
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static void
add_names(const GPtrArray *items, GHashTable *values)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		if (item->type != NULL && item->type->write != NULL)
			g_hash_table_insert(values, g_strdup(item->name), g_strdup(""));
		add_names(item->items, values);
	}
}

/* The answers as they came, "" where there was none. Last year's that nobody looked at are left as they are printed. */
static gboolean
load_fields(
    const OutboxTools *tools, gint64 id, const Section *section, FieldSet **out, GError **error)
{
	g_autoptr(GHashTable) values =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(tools->store, error, SQL_outbox_correction_answers, "i", id);

	if (rows == NULL)
		return FALSE;
	add_names(section->group->items, values);
	while (rows_next(rows, &why))
		if (!g_hash_table_contains(values, rows_text(rows, 0)))
			continue;
		else if (strcmp(rows_text(rows, 2), "copied") == 0)
			g_hash_table_remove(values, rows_text(rows, 0));
		else
			g_hash_table_insert(
			    values, g_strdup(rows_text(rows, 0)), g_strdup(rows_text(rows, 1)));
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	*out = memory_fields(tools->form, values);
	return TRUE;
}

/* A sheet of the whole section. */
static gboolean
load_whole(const OutboxTools *tools, const Dispatch *dispatch, const Section *section,
    GPtrArray *remarks, FieldSet **fields, GError **error)
{
	g_autofree char *version = NULL;
	gint64 id = 0;

	if (!find_return(tools->store, dispatch, section, &id, &version, error))
		return FALSE;
	if (id == 0)
		return TRUE;
	/* answers to another version of the form do not fit its fields: that sheet stays as it is printed */
	if (strcmp(version, tools->form->version) == 0 &&
	    !load_fields(tools, id, section, fields, error))
		return FALSE;
	return load_remarks(tools->store, id, remarks, NULL, error);
}

/* --- some questions ---------------------------------------------------------------------------------------- */

void
correction_part_free(CorrectionPart *part)
{
	if (part == NULL)
		return;
	form_view_free(part->view);
	g_clear_pointer(&part->fields, g_hash_table_unref);
	g_clear_pointer(&part->remarks, g_ptr_array_unref);
	g_free(part);
}

/* Just as it came: what could not be read too. */
static gboolean
load_part_fields(const OutboxTools *tools, gint64 return_id, const char *questions,
    CorrectionPart *part, GError **error)
{
	g_autoptr(GHashTable) values =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GHashTable) unread =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_auto(GStrv) names = g_strsplit(questions, " ", 0);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(tools->store, error, SQL_outbox_correction_answers, "i", return_id);

	if (rows == NULL || !load_remarks(tools->store, return_id, part->remarks, unread, error))
		return FALSE;
	while (rows_next(rows, &why))
		if (g_strv_contains((const char *const *)names, rows_text(rows, 0)))
			g_hash_table_insert(
			    values, g_strdup(rows_text(rows, 0)), g_strdup(rows_text(rows, 1)));
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	part->fields = memory_fields(tools->form, values);
	for (gsize i = 0; names[i] != NULL; i++)
		if (g_hash_table_contains(unread, names[i]))
			field_set_put(
			    part->fields, names[i], g_hash_table_lookup(unread, names[i]));
	return TRUE;
}

gboolean
correction_load(const OutboxTools *tools, const Dispatch *dispatch, const Unit *unit,
    const Section *section, Correction *out, GError **error)
{
	g_autoptr(CorrectionPart) part = NULL;
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(
	    tools->store, error, SQL_outbox_correction_sheet, "it", dispatch->id, section->name);

	if (rows == NULL)
		return FALSE;
	if (rows_next(rows, &why) && strcmp(rows_text(rows, 2), tools->form->version) == 0) {
		part = g_new0(CorrectionPart, 1);
		part->number = dispatch->serial;
		part->remarks = findings_new();
		part->view = form_view_part(tools->form, unit, dispatch->facts, rows_text(rows, 1));
		if (!load_part_fields(tools, rows_int(rows, 0), rows_text(rows, 1), part, error))
			return FALSE;
		out->part = g_steal_pointer(&part);
		return TRUE;
	}
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	out->remarks = findings_new();
	return load_whole(tools, dispatch, section, out->remarks, &out->fields, error);
}

/* --- planning ---------------------------------------------------------------------------------------------- */

/* The questions that a sheet asks so that what is wrong in return @id can be put right; NULL with @error unset where only the whole
 * section will do. Returns: (transfer full) (nullable) */
static char *
find_questions(const OutboxTools *tools, const FormView *view, const Section *section, gint64 id,
    GError **error)
{
	g_autoptr(GPtrArray) remarks = findings_new();
	g_autoptr(GPtrArray) wrong = g_ptr_array_new();

	if (!load_remarks(tools->store, id, remarks, NULL, error))
		return NULL;
	for (guint i = 0; i < remarks->len; i++)
		g_ptr_array_add(wrong, ((Finding *)g_ptr_array_index(remarks, i))->place);
	return wrong->len > 0 ? form_questions_to_correct(view, section, wrong) : NULL;
}

static gboolean
plan_section(const OutboxTools *tools, gint64 dispatch_id, gint64 unit_id, const FormView *view,
    const Section *section, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autofree char *questions = NULL;
	g_autoptr(Rows) rows = store_query(tools->store, error, SQL_outbox_correction_applied,
	    "itt", unit_id, tools->form->id, section->name);
	gint64 id = 0;

	if (rows == NULL)
		return FALSE;
	if (rows_next(rows, &why) && strcmp(rows_text(rows, 1), tools->form->version) == 0)
		id = rows_int(rows, 0);
	g_clear_pointer(&rows, rows_free);
	if (why == NULL && id != 0)
		questions = find_questions(tools, view, section, id, &why);
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	return questions == NULL || store_run(tools->store, error, SQL_outbox_correction_write,
					"itit", dispatch_id, section->name, id, questions);
}

gboolean
correction_plan(const OutboxTools *tools, gint64 dispatch_id, const Unit *unit,
    const char *sections, GError **error)
{
	g_autoptr(FormView) view = form_view_new(tools->form, unit);
	g_auto(GStrv) names = g_strsplit(sections, " ", 0);

	if (!store_run(tools->store, error, SQL_outbox_correction_forget, "i", dispatch_id))
		return FALSE;
	for (gsize i = 0; names[i] != NULL; i++) {
		const Section *section = form_section(tools->form, names[i]);

		if (section != NULL &&
		    !plan_section(tools, dispatch_id, unit->id, view, section, error))
			return FALSE;
	}
	return TRUE;
}

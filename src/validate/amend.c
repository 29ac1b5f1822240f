#include "validate/amend.h"

#include "memory/memory.h"

#include <string.h>

void
amendment_free(Amendment *amendment)
{
	if (amendment == NULL)
		return;
	form_view_free(amendment->whole);
	g_free(amendment->questions);
	g_free(amendment);
}

gboolean
amendment_find(const IntakeTools *tools, const SheetId *id, const Unit *unit, const Form *form,
    Amendment **out, FormView **view, GError **error)
{
	gint64 number = sheet_id_correction(id);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = NULL;

	*out = NULL;
	*view = NULL;
	if (number == 0)
		return TRUE;
	rows = store_query(tools->store, error, SQL_validate_correction, "tiit", tools->form->id,
	    unit->id, number, id->section);
	if (rows == NULL)
		return FALSE;
	if (rows_next(rows, &why)) {
		*out = g_new0(Amendment, 1);
		(*out)->number = number;
		(*out)->printed_id = rows_int(rows, 0);
		(*out)->questions = g_strdup(rows_text(rows, 1));
		(*out)->whole = form_view_new_as_of(form, unit, rows_text(rows, 2));
		*view = form_view_part(form, unit, rows_text(rows, 2), (*out)->questions);
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* --- answers as fields --------------------------------------------------------------------------------------- */

/* What could not be read of return @id, just as it stood there. */
static gboolean
put_unread(Store *store, gint64 id, FieldSet *fields, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, SQL_validate_unread, "i", id);

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why))
		field_set_put(fields, rows_text(rows, 0), rows_text(rows, 1));
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static gboolean
is_question(const Form *form, const char *name)
{
	const Item *item = form_item(form, name);

	return item != NULL && item->type != NULL && item->type->write != NULL;
}

/* The fields that say what return @id says. @origins: (nullable): gets where each answer comes from. Returns: (transfer full) */
static FieldSet *
fields_of(Store *store, const Form *form, gint64 id, GHashTable *origins, GError **error)
{
	g_autoptr(GHashTable) values =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(FieldSet) fields = NULL;
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, SQL_validate_stored_answers, "i", id);

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why)) {
		const char *name = rows_text(rows, 0);

		if (!is_question(form, name))
			continue;
		g_hash_table_insert(values, g_strdup(name), g_strdup(rows_text(rows, 1)));
		if (origins != NULL)
			g_hash_table_insert(origins, g_strdup(name), g_strdup(rows_text(rows, 2)));
	}
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	fields = memory_fields(form, values);
	return put_unread(store, id, fields, error) ? g_steal_pointer(&fields) : NULL;
}

/* --- reading --------------------------------------------------------------------------------------------------- */

/* What counts now, as far as it fits. */
static gboolean
find_base(
    const IntakeTools *tools, const SheetId *id, const Unit *unit, gint64 *out, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(tools->store, error, SQL_validate_applied, "itt",
	    unit->id, tools->form->id, id->section);

	*out = 0;
	if (rows == NULL)
		return FALSE;
	if (rows_next(rows, &why) && strcmp(rows_text(rows, 1), id->form) == 0)
		*out = rows_int(rows, 0);
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* Puts those of @specs as they stand in @from into @to. Returns whether that changes none. */
static gboolean
put_over(FieldSet *to, const FieldSet *from, const GPtrArray *specs)
{
	gboolean same = TRUE;

	for (guint i = 0; i < specs->len; i++) {
		const FieldSpec *spec = g_ptr_array_index(specs, i);
		const char *value = field_set_value(from, spec->name);

		same = same && strcmp(field_set_value(to, spec->name), value) == 0;
		field_set_put(to, spec->name, value);
	}
	return same;
}

static const char *
lasting(const char *origin)
{
	static const char *const all[] = { ORIGIN_GIVEN, ORIGIN_CONFIRMED, ORIGIN_COPIED };

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
		if (strcmp(all[i], origin) == 0)
			return all[i];
	g_assert_not_reached();
}

/* What the sheet does not ask comes from where it came. */
static void
keep_origins(Answers *answers, GHashTable *origins, const char *questions)
{
	g_auto(GStrv) asked = g_strsplit(questions, " ", 0);
	g_autoptr(GList) names = g_hash_table_get_keys(answers->values);

	for (const GList *link = names; link != NULL; link = link->next) {
		const char *origin = g_hash_table_lookup(origins, link->data);
		const char *kept = origin != NULL ? lasting(origin) : NULL;

		if (kept != NULL && !g_strv_contains((const char *const *)asked, link->data))
			g_hash_table_insert(
			    answers->origins, g_strdup(link->data), (gpointer)(gsize)kept);
	}
	g_free(answers->sha256);
	answers->sha256 = validate_answers_sum(answers->values, answers->origins);
}

gboolean
amendment_read(const IntakeTools *tools, const Amendment *amendment, const SheetId *id,
    const Unit *unit, const FormView *view, const FieldSet *fields, gint64 *base, Answers **out,
    GError **error)
{
	const Form *form = form_view_form(view);
	const Section *section = form_section(form, id->section);
	g_autoptr(GHashTable) origins =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GPtrArray) specs = form_view_fields(view, section);
	g_autoptr(FieldSet) merged = NULL;
	g_autoptr(FieldSet) printed = NULL;
	gboolean untouched;

	*out = NULL;
	if (!find_base(tools, id, unit, base, error))
		return FALSE;
	if (*base == 0)
		return TRUE;
	merged = fields_of(tools->store, form, *base, origins, error);
	printed = merged != NULL ? fields_of(tools->store, form, amendment->printed_id, NULL, error)
				 : NULL;
	if (printed == NULL)
		return FALSE;
	untouched = put_over(printed, fields, specs);
	(void)put_over(merged, fields, specs);
	*out = validate_answers(amendment->whole, section, merged, NULL);
	keep_origins(*out, origins, amendment->questions);
	/* an echo of what we sent; with the code on it, it is a person's word */
	(*out)->blank = untouched && *field_set_value(fields, FIELD_CODE) == '\0';
	return TRUE;
}

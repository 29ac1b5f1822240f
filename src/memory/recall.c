/* What is remembered of a unit, from the store; and what was printed of it. */
#include "memory/memory.h"

#include "base/error.h"

#include <string.h>

/* Answers of one edition: name then -> canonical text. */
typedef struct {
	GHashTable *answers;
	GHashTable *disputed; /* names at which the towns that became one differ */
	gboolean merged;
} Then;

static void
then_clear(Then *then)
{
	g_clear_pointer(&then->answers, g_hash_table_unref);
	g_clear_pointer(&then->disputed, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Then, then_clear)

static void
take_answer(Then *then, const char *question, const char *value)
{
	const char *other = g_hash_table_lookup(then->answers, question);

	if (other == NULL)
		g_hash_table_insert(then->answers, g_strdup(question), g_strdup(value));
	else if (strcmp(other, value) != 0)
		g_hash_table_add(then->disputed, g_strdup(question));
}

static gboolean
load_then(Store *store, const char *code, const char *edition, Then *then, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, SQL_memory_of_town, "tt", code, edition);

	if (rows == NULL)
		return FALSE;
	then->answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	then->disputed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	while (rows_next(rows, &why)) {
		take_answer(then, rows_text(rows, 0), rows_text(rows, 1));
		then->merged = rows_int(rows, 2) != 0;
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* The questions of this form that would have had a disputed answer. */
static void
tell_disputed(const Then *then, const GPtrArray *items, const char *edition, GPtrArray *findings)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		g_autofree char *name = memory_question(item, edition);

		if (name != NULL && g_hash_table_contains(then->disputed, name))
			findings_add(findings, SEVERITY_NOTE, "memory-towns", item->name,
			    _("%s: the towns that have become one answered differently"),
			    item->name);
		tell_disputed(then, item->items, edition, findings);
	}
}

static gboolean
is_disputed(gpointer name, gpointer value, gpointer data)
{
	const Then *then = data;

	(void)value;
	return g_hash_table_contains(then->disputed, name);
}

Memory *
memory_recall(Store *store, const FormView *view, const char *code, const char *edition,
    GPtrArray *findings, GError **error)
{
	g_auto(Then) then = { 0 };

	if (!load_then(store, code, edition, &then, error))
		return NULL;
	if (findings != NULL)
		tell_disputed(&then, form_view_form(view)->items, edition, findings);
	(void)g_hash_table_foreach_remove(then.answers, is_disputed, &then);
	return memory_map(view, then.answers, then.merged, edition, findings);
}

Memory *
memory_printed(Store *store, const Form *form, gint64 unit_id, gint64 number, GError **error)
{
	g_autoptr(Memory) memory = g_new0(Memory, 1);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(store, error, SQL_memory_print_get, "tii", form->id, unit_id, number);

	if (rows == NULL)
		return NULL;
	memory->number = number;
	memory->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	while (rows_next(rows, &why)) {
		g_hash_table_insert(
		    memory->values, g_strdup(rows_text(rows, 0)), g_strdup(rows_text(rows, 1)));
		if (memory->origin == NULL)
			memory->origin = g_strdup(rows_text(rows, 2));
	}
	if (memory->origin == NULL)
		memory->origin = g_strdup("");
	if (why == NULL)
		return g_steal_pointer(&memory);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

static gboolean
says_the_same(const Memory *one, const Memory *other)
{
	GHashTableIter iter;
	gpointer name, value;

	if (strcmp(one->origin, other->origin) != 0 ||
	    g_hash_table_size(one->values) != g_hash_table_size(other->values))
		return FALSE;
	g_hash_table_iter_init(&iter, one->values);
	while (g_hash_table_iter_next(&iter, &name, &value))
		if (g_strcmp0(value, g_hash_table_lookup(other->values, name)) != 0)
			return FALSE;
	return TRUE;
}

static gboolean
add_print(Store *store, const Form *form, gint64 unit_id, const Memory *memory, GError **error)
{
	GHashTableIter iter;
	gpointer name, value;

	g_hash_table_iter_init(&iter, memory->values);
	while (g_hash_table_iter_next(&iter, &name, &value))
		if (!store_run(store, error, SQL_memory_print_add, "tiittt", form->id, unit_id,
			memory->number, (const char *)name, (const char *)value, memory->origin))
			return FALSE;
	return TRUE;
}

gboolean
memory_print(Store *store, const Form *form, gint64 unit_id, Memory *memory, GError **error)
{
	g_autoptr(Memory) last = NULL;
	gint64 number;

	memory->number = 0;
	if (g_hash_table_size(memory->values) == 0)
		return TRUE;
	if (!store_int(store, &number, 0, error, SQL_memory_print_last, "ti", form->id, unit_id))
		return FALSE;
	last = memory_printed(store, form, unit_id, number, error);
	if (last == NULL)
		return FALSE;
	memory->number = says_the_same(memory, last) ? number : number + 1;
	return memory->number == number || add_print(store, form, unit_id, memory, error);
}

static gboolean
is_empty_field(gpointer name, gpointer value, gpointer data)
{
	(void)name;
	(void)data;
	return *(const char *)value == '\0';
}

FieldSet *
memory_fields(const Form *form, GHashTable *values)
{
	FieldSet *fields = field_set_new();
	GHashTableIter iter;
	gpointer name, value;

	g_hash_table_iter_init(&iter, values);
	while (g_hash_table_iter_next(&iter, &name, &value)) {
		const Item *item = form_item(form, name);

		item->type->write(item, value, fields);
	}
	(void)g_hash_table_foreach_remove(fields, is_empty_field, NULL);
	return fields;
}

/* The form may have become another since the print was made. */
static gboolean
stands(const Item *item, const char *origin, const char *value)
{
	g_autofree char *then = memory_question(item, origin);

	return then != NULL && memory_fits(item, value);
}

static GHashTable *
of_section(const Memory *memory, const FormView *view, const Section *section, gboolean beside)
{
	const Form *form = form_view_form(view);
	GHashTable *values = g_hash_table_new(g_str_hash, g_str_equal);
	GHashTableIter iter;
	gpointer name, value;

	g_hash_table_iter_init(&iter, memory->values);
	while (g_hash_table_iter_next(&iter, &name, &value)) {
		const Item *item = form_item(form, name);

		if (item != NULL && item->beside == beside &&
		    form_item_section(form, item) == section &&
		    form_view_asked(view, item) != ASKED_NO && stands(item, memory->origin, value))
			g_hash_table_insert(values, name, value);
	}
	return values;
}

GHashTable *
memory_of_section(const Memory *memory, const FormView *view, const Section *section)
{
	return of_section(memory, view, section, FALSE);
}

GHashTable *
memory_beside_section(const Memory *memory, const FormView *view, const Section *section)
{
	return of_section(memory, view, section, TRUE);
}

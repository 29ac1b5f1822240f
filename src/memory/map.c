/* From the answers of an earlier edition to those that this year's questions take. Pure. */
#include "memory/memory.h"

#include "base/error.h"

#include <string.h>

typedef struct {
	const FormView *view;
	const char *edition;
	gboolean merged;
	GPtrArray *items;   /* of const Item *: those that remember, in the form's order */
	GHashTable *values; /* question -> canonical text: what is left so far */
	GHashTable *fields; /* those of them that stand in fields; borrowed */
	GPtrArray *findings;
} Mapping;

static void
mapping_clear(Mapping *mapping)
{
	g_clear_pointer(&mapping->items, g_ptr_array_unref);
	g_clear_pointer(&mapping->fields, g_hash_table_unref);
	g_clear_pointer(&mapping->values, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Mapping, mapping_clear)

void
memory_free(Memory *memory)
{
	if (memory == NULL)
		return;
	g_free(memory->origin);
	g_clear_pointer(&memory->values, g_hash_table_unref);
	g_free(memory);
}

const char *
memory_year(const char *edition)
{
	gsize length = strlen(edition);
	gsize year = length;

	while (year > 0 && g_ascii_isdigit(edition[year - 1]))
		year--;
	return length - year == strlen("2024") ? edition + year : edition;
}

char *
memory_question(const Item *item, const char *edition)
{
	if (item->reserved || item->type == NULL || item->type->fields == NULL)
		return NULL;
	return form_memory_source(item, edition);
}

/* @value is left out, or a part of it. */
static void
say(const Mapping *mapping, const char *code, const Item *item, const char *value, const char *why)
{
	if (mapping->findings != NULL)
		findings_add(mapping->findings, SEVERITY_NOTE, code, item->name, "%s: «%s»: %s",
		    item->name, value, why);
}

static gboolean
is_of_type(const Item *item, const char *name)
{
	return strcmp(item->type->name, name) == 0;
}

static gboolean
is_number(const Item *item)
{
	return is_of_type(item, "integer") || is_of_type(item, "decimal");
}

/* The names in @value that the list has. A ranking without one of its names is none. */
static char *
keep_choices(const Mapping *mapping, const Item *item, const char *value)
{
	g_auto(GStrv) names = g_strsplit(value, " ", 0);
	g_autoptr(GString) kept = g_string_new(NULL);

	for (gsize i = 0; names[i] != NULL; i++) {
		if (choice_list_find(item->list, names[i]) != NULL)
			g_string_append_printf(kept, "%s%s", kept->len > 0 ? " " : "", names[i]);
		else
			say(mapping, "memory-choice", item, names[i],
			    _("this choice is no longer there"));
	}
	return g_string_free(g_steal_pointer(&kept), FALSE);
}

gboolean
memory_fits(const Item *item, const char *value)
{
	g_autoptr(FieldSet) fields = field_set_new();
	g_autoptr(GPtrArray) wrong = findings_new();
	g_autofree char *read = NULL;

	item->type->write(item, value, fields);
	read = item->type->read(item, fields, wrong);
	return wrong->len == 0 && strcmp(read, value) == 0;
}

/* What the question's type takes of @value; "": nothing. Returns: (transfer full) */
static char *
fit(const Mapping *mapping, const Item *item, const char *value)
{
	g_autofree char *kept = item->list != NULL && !is_of_type(item, "rank")
				    ? keep_choices(mapping, item, value)
				    : g_strdup(value);

	if (mapping->merged && is_number(item)) {
		say(mapping, "memory-number", item, value,
		    _("a number of one of the towns that have become one"));
		return g_strdup("");
	}
	if (*kept == '\0' || memory_fits(item, kept))
		return g_steal_pointer(&kept);
	say(mapping, "memory-value", item, value, _("the question no longer takes this answer"));
	return g_strdup("");
}

static void
collect_items(Mapping *mapping, const GPtrArray *items, GHashTable *then)
{
	for (guint i = 0; i < items->len; i++) {
		Item *item = g_ptr_array_index(items, i);
		g_autofree char *name = memory_question(item, mapping->edition);
		const char *value = name != NULL ? g_hash_table_lookup(then, name) : NULL;
		g_autofree char *kept = NULL;

		if (form_view_asked(mapping->view, item) == ASKED_NO)
			continue;
		if (value != NULL)
			kept = fit(mapping, item, value);
		if (kept != NULL && *kept != '\0') {
			g_ptr_array_add(mapping->items, item);
			if (!item->beside)
				g_hash_table_insert(mapping->fields, item->name, kept);
			g_hash_table_insert(
			    mapping->values, g_strdup(item->name), g_steal_pointer(&kept));
		}
		collect_items(mapping, item->items, then);
	}
}

static gboolean
forget(Mapping *mapping, const Item *item, const char *code, const char *why)
{
	const char *value = g_hash_table_lookup(mapping->values, item->name);

	if (value == NULL)
		return FALSE;
	say(mapping, code, item, value, why);
	(void)g_hash_table_remove(mapping->fields, item->name);
	return g_hash_table_remove(mapping->values, item->name);
}

/* The lines of a list make one answer (shares of 100): without one of them the others are wrong. */
static void
forget_with_lines(Mapping *mapping, const Item *item)
{
	const Item *list =
	    item->parent != NULL && item->parent->layout == LAYOUT_LIST ? item->parent : NULL;
	const char *why = _("against the check of this question");

	(void)forget(mapping, item, "memory-constraint", why);
	for (guint i = 0; list != NULL && i < list->items->len; i++)
		(void)forget(mapping, g_ptr_array_index(list->items, i), "memory-constraint", why);
}

static gboolean
is_offered(const Mapping *mapping, const Item *item, const char *value)
{
	g_auto(GStrv) names = NULL;

	if (item->choice_filter == NULL || item->list == NULL)
		return TRUE;
	names = g_strsplit(value, " ", 0);
	for (gsize i = 0; names[i] != NULL; i++) {
		const Choice *choice = choice_list_find(item->list, names[i]);

		if (choice != NULL &&
		    form_view_offers(mapping->view, item, choice, mapping->values) == TRUTH_FALSE)
			return FALSE;
	}
	return TRUE;
}

static gboolean
holds(const Mapping *mapping, const Item *item, const char *value)
{
	return is_offered(mapping, item, value) &&
	       (item->constraint == NULL || form_view_truth(mapping->view, item->constraint,
						mapping->values, value) != TRUTH_FALSE);
}

/* What is not called for by the answers that are left: they are all that is known when the sheet is opened. One that
 * stands in a field is not called for by one beside another, where the sheet has no answer yet. */
static gboolean
is_called_for(const Mapping *mapping, const Item *item)
{
	return form_view_asked(mapping->view, item) == ASKED_ALWAYS ||
	       form_view_relevant(mapping->view, item,
		   item->beside ? mapping->values : mapping->fields) == TRUTH_TRUE;
}

/* Each answer that goes may take others with it. */
static void
settle(Mapping *mapping)
{
	guint before;

	do {
		before = g_hash_table_size(mapping->values);
		for (guint i = 0; i < mapping->items->len; i++) {
			const Item *item = g_ptr_array_index(mapping->items, i);
			const char *value = g_hash_table_lookup(mapping->values, item->name);

			if (value == NULL)
				continue;
			if (!is_called_for(mapping, item))
				(void)forget(mapping, item, "memory-relevant",
				    _("the other answers do not call for it"));
			else if (!holds(mapping, item, value))
				forget_with_lines(mapping, item);
		}
	} while (g_hash_table_size(mapping->values) < before);
}

Memory *
memory_map(const FormView *view, GHashTable *then, gboolean merged, const char *edition,
    GPtrArray *findings)
{
	Memory *memory = g_new0(Memory, 1);
	g_auto(Mapping) mapping = {
		.view = view, .edition = edition, .merged = merged, .findings = findings
	};

	mapping.items = g_ptr_array_new();
	mapping.fields = g_hash_table_new(g_str_hash, g_str_equal);
	mapping.values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	collect_items(&mapping, form_view_form(view)->items, then);
	settle(&mapping);
	memory->origin = g_strdup(edition);
	memory->values = g_steal_pointer(&mapping.values);
	return memory;
}

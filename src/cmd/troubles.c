#include "cmd/troubles.h"

#include "base/error.h"
#include "collect/collect.h"

#include <string.h>

void
troubles_clear(Troubles *troubles)
{
	g_clear_pointer(&troubles->counts, g_hash_table_unref);
}

static guint
count_of(GHashTable *counts, const char *code)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(counts, code));
}

gboolean
troubles_read(Troubles *troubles, Rows *rows, GError **error)
{
	g_autoptr(GError) why = NULL;

	troubles->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	while (rows_next(rows, &why)) {
		const char *note = rows_text(rows, 0);
		const Trouble *trouble = trouble_of_note(note);
		guint before;

		/* what the server said when the message was handed over is kept as it is */
		if (trouble == NULL)
			trouble = trouble_of_status("", note);
		before = count_of(troubles->counts, trouble->code);
		g_hash_table_insert(troubles->counts, g_strdup(trouble->code),
		    GUINT_TO_POINTER(before + (guint)rows_int(rows, 1)));
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static int
by_count(gconstpointer a, gconstpointer b, gpointer data)
{
	guint first = count_of(data, a);
	guint second = count_of(data, b);

	return first != second ? (first < second) - (first > second) : strcmp(a, b);
}

/* Returns: (transfer container): of codes, the most frequent first */
static GList *
codes_of(const Troubles *troubles)
{
	GList *codes = g_hash_table_get_keys(troubles->counts);

	return g_list_sort_with_data(codes, by_count, troubles->counts);
}

static const Trouble *
named(const char *code)
{
	g_autofree char *note = g_strconcat(code, ":", NULL);

	return trouble_of_note(note);
}

void
troubles_add_json(const Troubles *troubles, JsonBuilder *builder)
{
	g_autoptr(GList) codes = codes_of(troubles);

	json_builder_set_member_name(builder, "reasons");
	json_builder_begin_array(builder);
	for (const GList *link = codes; link != NULL; link = link->next) {
		const Trouble *trouble = named(link->data);

		json_builder_begin_object(builder);
		cmd_json_text(builder, "code", trouble->code);
		cmd_json_text(builder, "reason", _(trouble->words));
		cmd_json_text(builder, "action", _(trouble->action));
		cmd_json_int(builder, "count", count_of(troubles->counts, trouble->code));
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
}

void
troubles_print(const Troubles *troubles, const char *what)
{
	g_autoptr(GList) codes = codes_of(troubles);
	g_autoptr(CmdTable) table = cmd_table_new("lrl");

	if (codes == NULL)
		return;
	cmd_table_add(table, _("not delivered because"));
	cmd_table_add(table, what);
	cmd_table_add(table, _("what to do"));
	cmd_table_add_rule(table);
	for (const GList *link = codes; link != NULL; link = link->next) {
		const Trouble *trouble = named(link->data);

		cmd_table_add(table, _(trouble->words));
		cmd_table_add_number(table, count_of(troubles->counts, trouble->code));
		cmd_table_add(table, _(trouble->action));
	}
	g_print("\n");
	cmd_table_print(table);
}

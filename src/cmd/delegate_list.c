/* plico delegate list: who fills in what. */
#include "base/clock.h"
#include "base/error.h"
#include "cmd/cmd.h"

static void
print_json(const GPtrArray *list, const GPtrArray *units)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_int(builder, "count", list->len);
	json_builder_set_member_name(builder, "delegations");
	json_builder_begin_array(builder);
	for (guint i = 0; i < list->len; i++) {
		const Delegation *delegation = g_ptr_array_index(list, i);
		const Unit *unit = g_ptr_array_index(units, i);
		g_autofree char *since = clock_iso(delegation->since);

		json_builder_begin_object(builder);
		cmd_json_text(builder, "unit", unit->code);
		cmd_json_text(builder, "unit_name", unit->name);
		cmd_json_text(builder, "section", delegation->section);
		cmd_json_text(builder, "name", delegation->name);
		cmd_json_text(builder, "office", delegation->office);
		cmd_json_text(builder, "email", delegation->email);
		cmd_json_text(builder, "source", delegation->source);
		cmd_json_text(builder, "since", since);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

static void
print_table(const GPtrArray *list, const GPtrArray *units)
{
	static const char *const heads[] = { N_("unit"), N_("section"), N_("name"), N_("office"),
		N_("address"), N_("since"), N_("source") };
	g_autoptr(CmdTable) table = cmd_table_new("lllllll");

	for (gsize i = 0; i < G_N_ELEMENTS(heads); i++)
		cmd_table_add(table, _(heads[i]));
	cmd_table_add_rule(table);
	for (guint i = 0; i < list->len; i++) {
		const Delegation *delegation = g_ptr_array_index(list, i);
		const Unit *unit = g_ptr_array_index(units, i);
		g_autofree char *town = g_strdup_printf("%s %s", unit->code, unit->name);
		g_autofree char *since = clock_local(delegation->since);

		cmd_table_add(table, town);
		cmd_table_add(table, delegation->section);
		cmd_table_add(table, delegation->name);
		cmd_table_add(table, delegation->office);
		cmd_table_add(table, delegation->email);
		cmd_table_add(table, since);
		cmd_table_add(table, delegation->source);
	}
	cmd_table_print(table);
}

/* The unit of each delegation. Returns: (transfer full): of Unit */
static GPtrArray *
units_of(const App *app, const GPtrArray *list, GError **error)
{
	g_autoptr(GPtrArray) units = g_ptr_array_new_with_free_func((GDestroyNotify)unit_free);

	for (guint i = 0; i < list->len; i++) {
		const Delegation *delegation = g_ptr_array_index(list, i);
		Unit *unit = registry_unit(app->store, delegation->unit_id, error);

		if (unit == NULL)
			return NULL;
		g_ptr_array_add(units, unit);
	}
	return g_steal_pointer(&units);
}

static gboolean
run(App *app, char **words, GError **error)
{
	g_autofree char *town = g_strjoinv(" ", words);
	g_autoptr(Form) form = cmd_form(app, error);
	g_autoptr(Unit) unit = NULL;
	g_autoptr(GPtrArray) list = NULL;
	g_autoptr(GPtrArray) units = NULL;

	if (form == NULL)
		return FALSE;
	if (*town != '\0') {
		unit = registry_find(app->store, town, error);
		if (unit == NULL)
			return FALSE;
	}
	list = registry_delegations(app->store, form->id, unit != NULL ? unit->id : 0, error);
	units = list != NULL ? units_of(app, list, error) : NULL;
	if (units == NULL)
		return FALSE;
	if (app->json)
		print_json(list, units);
	else if (list->len == 0)
		g_print(_("No section is given to anybody.\n"));
	else
		print_table(list, units);
	return TRUE;
}

const Command command_delegate_list = {
	.name = "delegate list",
	.words = "[WORDS]",
	.summary = N_("list who fills in which section, of one unit or of all"),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.least = 0,
	.most = -1,
	.run = run,
};

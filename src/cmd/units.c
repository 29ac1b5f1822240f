/* plico units list, plico units show */
#include "cmd/cmd.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "collect/collect.h"
#include "registry/registry.h"
#include "status/status.h"

#include <math.h>

static char *region;
static char *province;
static gint64 above = -1;
static gint64 up_to = -1;

static const GOptionEntry list_options[] = {
	{ "region", 0, 0, G_OPTION_ARG_STRING, &region, N_("only of this region"), "NAME" },
	{ "province", 0, 0, G_OPTION_ARG_STRING, &province,
	    N_("only of this province, by name or code"), "NAME" },
	{ "above", 0, 0, G_OPTION_ARG_INT64, &above, N_("only with more inhabitants"), "N" },
	{ "up-to", 0, 0, G_OPTION_ARG_INT64, &up_to, N_("only with no more inhabitants"), "N" },
	G_OPTION_ENTRY_NULL,
};

static void
add_degrees(JsonBuilder *builder, const char *name, double degrees)
{
	json_builder_set_member_name(builder, name);
	if (isnan(degrees))
		json_builder_add_null_value(builder);
	else
		json_builder_add_double_value(builder, degrees);
}

/* The members of a unit, into an object that is open. */
static void
add_unit(JsonBuilder *builder, const Config *config, const Unit *unit)
{
	g_autofree char *lang = unit_lang(unit, config);

	cmd_json_text(builder, "code", unit->code);
	cmd_json_text(builder, "istat_code", unit->istat_code);
	cmd_json_text(builder, "name", unit->name);
	cmd_json_text(builder, "name_other", unit->name_other);
	cmd_json_text(builder, "province", unit->province);
	cmd_json_text(builder, "province_code", unit->province_code);
	cmd_json_text(builder, "region", unit->region);
	cmd_json_text(builder, "area", unit->area);
	json_builder_set_member_name(builder, "population");
	if (unit->population < 0)
		json_builder_add_null_value(builder);
	else
		json_builder_add_int_value(builder, unit->population);
	cmd_json_text(builder, "size_class", unit_size_class(unit));
	cmd_json_text(builder, "zip", unit->zip);
	cmd_json_text(builder, "tax_code", unit->tax_code);
	cmd_json_text(builder, "ipa_code", unit->ipa_code);
	cmd_json_text(builder, "lang", lang);
	cmd_json_text(builder, "lang_own", unit->lang);
	cmd_json_text(builder, "mayor", unit->mayor);
	add_degrees(builder, "lat", unit->lat);
	add_degrees(builder, "lon", unit->lon);
	json_builder_set_member_name(builder, "closed");
	json_builder_add_boolean_value(builder, unit->closed);
}

static void
print_list_json(const Config *config, const GPtrArray *units)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_int(builder, "count", units->len);
	json_builder_set_member_name(builder, "units");
	json_builder_begin_array(builder);
	for (guint i = 0; i < units->len; i++) {
		json_builder_begin_object(builder);
		add_unit(builder, config, g_ptr_array_index(units, i));
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

static void
print_list(const GPtrArray *units)
{
	g_autoptr(CmdTable) table = cmd_table_new("lllrl");

	for (guint i = 0; i < units->len; i++) {
		const Unit *unit = g_ptr_array_index(units, i);
		g_autofree char *name = unit_full_name(unit);
		g_autofree char *population =
		    unit->population >= 0 ? text_number(unit->population) : g_strdup("");

		cmd_table_add(table, unit->code);
		cmd_table_add(table, unit->istat_code);
		cmd_table_add(table, unit->province_code);
		cmd_table_add(table, population);
		cmd_table_add(table, name);
	}
	cmd_table_print(table);
	g_print(ngettext("%u unit\n", "%u units\n", units->len), units->len);
}

static gboolean
run_list(App *app, char **words, GError **error)
{
	const UnitFilter filter = {
		.region = region, .province = province, .above = above, .up_to = up_to
	};
	g_autoptr(GPtrArray) units = registry_list(app->store, &filter, error);

	(void)words;
	if (units == NULL)
		return FALSE;
	if (app->json)
		print_list_json(app->config, units);
	else
		print_list(units);
	return TRUE;
}

/* What the database has about one unit in a table of its own: its heading, its name in JSON, its columns. */
typedef struct {
	SqlId statement;
	const char *heading;
	const char *name;
	struct {
		const char *name;
		char kind; /* t text, i number, d point in time */
	} columns[9];
} Record;

static const Record records[] = {
	{ SQL_registry_credential_of_unit, N_("Access codes"), "credentials",
	    { { "issued", 'd' }, { "edition", 't' }, { "serial", 'i' }, { "revoked", 'd' } } },
	{ SQL_registry_dispatch_of_unit, N_("Messages"), "dispatches",
	    { { "changed", 'd' }, { "edition", 't' }, { "kind", 't' }, { "serial", 'i' },
		{ "state", 't' }, { "address", 't' }, { "sections", 't' }, { "reply", 't' } } },
	{ SQL_registry_delegation_of_unit, N_("Sections given to somebody"), "delegations",
	    { { "since", 'd' }, { "edition", 't' }, { "section", 't' }, { "name", 't' },
		{ "office", 't' }, { "address", 't' }, { "withdrawn", 'd' } } },
	{ SQL_registry_event_of_unit, N_("History"), "events",
	    { { "at", 'd' }, { "actor", 't' }, { "what", 't' }, { "section", 't' }, { "from", 't' },
		{ "to", 't' }, { "note", 't' } } },
};

static void
add_cell(JsonBuilder *builder, Rows *rows, int column, char kind)
{
	g_autofree char *when = kind == 'd' ? clock_iso(rows_int(rows, column)) : NULL;

	if (rows_is_null(rows, column))
		json_builder_add_null_value(builder);
	else if (kind == 'i')
		json_builder_add_int_value(builder, rows_int(rows, column));
	else
		json_builder_add_string_value(
		    builder, kind == 'd' ? when : rows_text(rows, column));
}

static gboolean
add_record(JsonBuilder *builder, Store *store, const Record *record, gint64 unit_id, GError **error)
{
	g_autoptr(Rows) rows = store_query(store, error, record->statement, "i", unit_id);
	g_autoptr(GError) why = NULL;

	if (rows == NULL)
		return FALSE;
	json_builder_set_member_name(builder, record->name);
	json_builder_begin_array(builder);
	while (rows_next(rows, &why)) {
		json_builder_begin_object(builder);
		for (int i = 0; record->columns[i].name != NULL; i++) {
			json_builder_set_member_name(builder, record->columns[i].name);
			add_cell(builder, rows, i, record->columns[i].kind);
		}
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static void
add_contacts(JsonBuilder *builder, const GPtrArray *contacts)
{
	json_builder_set_member_name(builder, "contacts");
	json_builder_begin_array(builder);
	for (guint i = 0; i < contacts->len; i++) {
		const Contact *contact = g_ptr_array_index(contacts, i);

		json_builder_begin_object(builder);
		cmd_json_text(builder, "channel", contact->channel);
		cmd_json_text(builder, "role", contact->role);
		cmd_json_text(builder, "source", contact->source);
		cmd_json_text(builder, "address", contact->address);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
}

static void
print_line(const char *what, const char *text)
{
	if (*text != '\0')
		g_print("  %-18s%s\n", what, text);
}

static void
print_unit(const Config *config, const Unit *unit)
{
	g_autofree char *lang = unit_lang(unit, config);
	g_autofree char *language =
	    g_strdup_printf(*unit->lang != '\0' ? _("%s, as its list says") : _("%s, by %s"), lang,
		config_name(CONFIG_survey_languages));
	g_autofree char *name = unit_full_name(unit);
	g_autofree char *population =
	    unit->population >= 0 ? text_number(unit->population) : g_strdup("");

	g_print("%s (%s)%s\n", name, unit->province_code, unit->closed ? _(", closed") : "");
	print_line(_("Cadastral code"), unit->code);
	print_line(_("ISTAT code"), unit->istat_code);
	print_line(_("IPA code"), unit->ipa_code);
	print_line(_("Tax code"), unit->tax_code);
	print_line(_("Province"), unit->province);
	print_line(_("Region"), unit->region);
	print_line(_("Area"), unit->area);
	print_line(_("Zip code"), unit->zip);
	print_line(_("Inhabitants"), population);
	print_line(_("Size"), unit_size_class(unit));
	print_line(_("Language"), language);
	print_line(_("Led by"), unit->mayor);
	if (!isnan(unit->lat) && !isnan(unit->lon))
		g_print("  %-18s%.5f, %.5f\n", _("Place"), unit->lat, unit->lon);
}

/* Members that hold a code of the store: the text shows its words, JSON the code. */
static gboolean
is_code(const char *member)
{
	static const char *const codes[] = { "kind", "state", "what", "from", "to", NULL };

	return g_strv_contains(codes, member);
}

/* A note may tell why a message was not delivered: then what to do stands behind it. */
static void
print_member(const char *member, const char *text)
{
	gboolean note = strcmp(member, "note") == 0;
	const Trouble *trouble = note ? trouble_of_note(text) : NULL;
	g_autofree char *shown = note ? trouble_shown(text) : NULL;

	g_print("  %s", note ? shown : is_code(member) ? status_words(text) : text);
	if (trouble != NULL)
		g_print(" → %s", _(trouble->action));
}

/* One line for each object, its members that hold something in their order. */
static void
print_objects(const char *heading, JsonArray *objects)
{
	if (json_array_get_length(objects) > 0)
		g_print("%s\n", heading);
	for (guint i = 0; i < json_array_get_length(objects); i++) {
		JsonObject *object = json_array_get_object_element(objects, i);
		g_autoptr(GList) names = json_object_get_members(object);

		for (const GList *at = names; at != NULL; at = at->next) {
			JsonNode *node = json_object_get_member(object, at->data);
			const char *text = json_node_get_string(node);

			if (json_node_get_value_type(node) == G_TYPE_INT64)
				g_print("  %" PRId64, json_node_get_int(node));
			else if (text != NULL && *text != '\0')
				print_member(at->data, text);
		}
		g_print("\n");
	}
}

static gboolean
run_show(App *app, char **words, GError **error)
{
	g_autofree char *name = g_strjoinv(" ", words);
	g_autoptr(Unit) unit = registry_find(app->store, name, error);
	g_autoptr(GPtrArray) contacts =
	    unit != NULL ? registry_contacts(app->store, unit->id, error) : NULL;
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;
	JsonObject *object;

	if (contacts == NULL)
		return FALSE;
	json_builder_begin_object(builder);
	add_unit(builder, app->config, unit);
	add_contacts(builder, contacts);
	for (gsize i = 0; i < G_N_ELEMENTS(records); i++)
		if (!add_record(builder, app->store, &records[i], unit->id, error))
			return FALSE;
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	if (app->json) {
		cmd_print_json(root);
		return TRUE;
	}
	object = json_node_get_object(root);
	print_unit(app->config, unit);
	print_objects(_("Addresses, the first is written to"),
	    json_object_get_array_member(object, "contacts"));
	for (gsize i = 0; i < G_N_ELEMENTS(records); i++)
		print_objects(
		    _(records[i].heading), json_object_get_array_member(object, records[i].name));
	return TRUE;
}

const Command command_units_list = {
	.name = "units list",
	.summary = N_("list the open units: code, ISTAT code, province, inhabitants, name"),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.options = list_options,
	.run = run_list,
};

const Command command_units_show = {
	.name = "units show",
	.words = "WORDS",
	.summary = N_("tell everything about one unit"),
	.help = N_(
	    "WORDS are a cadastral, ISTAT or IPA code, an address, or a name, with its province where several towns have it: "
	    "plico units show Samone TN."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.least = 1,
	.most = -1,
	.run = run_show,
};

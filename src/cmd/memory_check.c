/* plico memory check, memory show: which of last year's answers will stand on the sheets, and why others will not. */
#include "memory/memory.h"

#include "base/error.h"
#include "base/text.h"
#include "cmd/memory.h"
#include "validate/validate.h"

#include <string.h>

/* What a remembering question gets, over all units. */
typedef struct {
	const Item *item;
	guint shown;
	guint left_out;
	GHashTable *why; /* code -> how often (guint) */
} Tally;

typedef struct {
	Form *form;
	const char *edition;
	GPtrArray *order;    /* of Tally, in the form's order; owns */
	GHashTable *tallies; /* question -> Tally */
	guint units;
	guint remembered; /* units with anything on a sheet */
} Check;

static void
tally_free(gpointer data)
{
	Tally *tally = data;

	g_hash_table_unref(tally->why);
	g_free(tally);
}

static void
check_clear(Check *check)
{
	g_clear_pointer(&check->tallies, g_hash_table_unref);
	g_clear_pointer(&check->order, g_ptr_array_unref);
	form_free(check->form);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Check, check_clear)

static void
add_tallies(Check *check, const GPtrArray *items)
{
	for (guint i = 0; i < items->len; i++) {
		Item *item = g_ptr_array_index(items, i);
		g_autofree char *then = memory_question(item, check->edition);

		if (then != NULL) {
			Tally *tally = g_new0(Tally, 1);

			tally->item = item;
			tally->why = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
			g_ptr_array_add(check->order, tally);
			g_hash_table_insert(check->tallies, item->name, tally);
		}
		add_tallies(check, item->items);
	}
}

static gboolean
check_open(const App *app, Check *check, GError **error)
{
	check->edition = memory_edition(app, error);
	check->form = check->edition != NULL ? cmd_form(app, error) : NULL;
	if (check->form == NULL)
		return FALSE;
	check->order = g_ptr_array_new_with_free_func(tally_free);
	check->tallies = g_hash_table_new(g_str_hash, g_str_equal);
	add_tallies(check, check->form->items);
	return TRUE;
}

static void
count_unit(Check *check, const Memory *memory, const GPtrArray *findings)
{
	GHashTableIter iter;
	gpointer name;

	check->units++;
	check->remembered += g_hash_table_size(memory->values) > 0 ? 1 : 0;
	g_hash_table_iter_init(&iter, memory->values);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		Tally *tally = g_hash_table_lookup(check->tallies, name);

		tally->shown++;
	}
	for (guint i = 0; i < findings->len; i++) {
		const Finding *finding = g_ptr_array_index(findings, i);
		Tally *tally = g_hash_table_lookup(check->tallies, finding->place);
		guint often = GPOINTER_TO_UINT(g_hash_table_lookup(tally->why, finding->code));

		tally->left_out++;
		g_hash_table_insert(
		    tally->why, g_strdup(finding->code), GUINT_TO_POINTER(often + 1));
	}
}

static gboolean
count_all(const App *app, Check *check, GError **error)
{
	g_autoptr(GPtrArray) units = registry_list(app->store, NULL, error);

	if (units == NULL)
		return FALSE;
	for (guint i = 0; i < units->len; i++) {
		const Unit *unit = g_ptr_array_index(units, i);
		g_autoptr(FormView) view = form_view_new(check->form, unit);
		g_autoptr(GPtrArray) findings = findings_new();
		g_autoptr(Memory) memory =
		    memory_recall(app->store, view, unit->code, check->edition, findings, error);

		if (memory == NULL)
			return FALSE;
		count_unit(check, memory, findings);
	}
	return TRUE;
}

/* The codes that memory.h's rules write. */
static const char *
why_words(const char *code)
{
	static const struct {
		const char *code;
		const char *words;
	} table[] = {
		{ "memory-choice", N_("the choice is no longer there") },
		{ "memory-value", N_("no longer an answer") },
		{ "memory-relevant", N_("not called for") },
		{ "memory-constraint", N_("against a check") },
		{ "memory-towns", N_("towns that became one differ") },
		{ "memory-number", N_("number of a merged town") },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
		if (strcmp(table[i].code, code) == 0)
			return _(table[i].words);
	return code;
}

static char *
reasons(const Tally *tally)
{
	g_autoptr(GList) codes =
	    g_list_sort(g_hash_table_get_keys(tally->why), (GCompareFunc)strcmp);
	g_autoptr(GString) text = g_string_new(NULL);

	for (const GList *link = codes; link != NULL; link = link->next)
		g_string_append_printf(text, "%s%s (%u)", text->len > 0 ? ", " : "",
		    why_words(link->data),
		    GPOINTER_TO_UINT(g_hash_table_lookup(tally->why, link->data)));
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
print_check(const Check *check)
{
	g_autoptr(CmdTable) table = cmd_table_new("lllrrl");
	g_autofree char *units = text_number(check->units);
	g_autofree char *remembered = text_number(check->remembered);
	static const char *const heads[] = { N_("no."), N_("question"), N_("then"), N_("shown"),
		N_("left out"), N_("why") };

	for (gsize i = 0; i < G_N_ELEMENTS(heads); i++)
		cmd_table_add(table, _(heads[i]));
	cmd_table_add_rule(table);
	for (guint i = 0; i < check->order->len; i++) {
		const Tally *tally = g_ptr_array_index(check->order, i);
		g_autofree char *then = memory_question(tally->item, check->edition);
		g_autofree char *why = reasons(tally);

		cmd_table_add(table, form_item_number(tally->item));
		cmd_table_add(table, tally->item->name);
		cmd_table_add(table, strcmp(then, tally->item->name) == 0 ? "" : then);
		cmd_table_add_number(table, tally->shown);
		cmd_table_add_number(table, tally->left_out);
		cmd_table_add(table, why);
	}
	cmd_table_print(table);
	g_print(_("\n%s of %s units have answers of %s on their sheets.\n"), remembered, units,
	    check->edition);
}

static void
add_tally_json(JsonBuilder *builder, const Check *check, const Tally *tally)
{
	g_autofree char *then = memory_question(tally->item, check->edition);
	GHashTableIter iter;
	gpointer code, often;

	json_builder_begin_object(builder);
	cmd_json_text(builder, "question", tally->item->name);
	cmd_json_text(builder, "number", form_item_number(tally->item));
	cmd_json_text(builder, "then", then);
	cmd_json_int(builder, "shown", tally->shown);
	json_builder_set_member_name(builder, "left_out");
	json_builder_begin_object(builder);
	g_hash_table_iter_init(&iter, tally->why);
	while (g_hash_table_iter_next(&iter, &code, &often))
		cmd_json_int(builder, code, GPOINTER_TO_UINT(often));
	json_builder_end_object(builder);
	json_builder_end_object(builder);
}

static void
print_check_json(const Check *check)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_text(builder, "edition", check->edition);
	cmd_json_int(builder, "units", check->units);
	cmd_json_int(builder, "units_with_memory", check->remembered);
	json_builder_set_member_name(builder, "questions");
	json_builder_begin_array(builder);
	for (guint i = 0; i < check->order->len; i++)
		add_tally_json(builder, check, g_ptr_array_index(check->order, i));
	json_builder_end_array(builder);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

static gboolean
run_check(App *app, char **words, GError **error)
{
	g_auto(Check) check = { 0 };

	(void)words;
	if (!check_open(app, &check, error) || !count_all(app, &check, error))
		return FALSE;
	if (app->json)
		print_check_json(&check);
	else
		print_check(&check);
	return TRUE;
}

/* --- one unit ----------------------------------------------------------------------------------------------- */

static void
show_json(const Check *check, const Unit *unit, const Memory *memory, const GPtrArray *findings)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_text(builder, "unit", unit->code);
	cmd_json_text(builder, "edition", check->edition);
	json_builder_set_member_name(builder, "answers");
	json_builder_begin_array(builder);
	for (guint i = 0; i < check->order->len; i++) {
		const Tally *tally = g_ptr_array_index(check->order, i);
		const char *value = g_hash_table_lookup(memory->values, tally->item->name);
		g_autofree char *shown = NULL;

		if (value == NULL)
			continue;
		shown = answer_words(check->form, tally->item, value, unit->lang);
		json_builder_begin_object(builder);
		cmd_json_text(builder, "question", tally->item->name);
		cmd_json_text(builder, "value", value);
		cmd_json_text(builder, "words", shown);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
	cmd_add_findings(builder, findings);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

static void
show_text(const Check *check, const Unit *unit, const Memory *memory, const GPtrArray *findings)
{
	g_autoptr(CmdTable) table = cmd_table_new("lll");

	g_print("%s %s\n", unit->code, unit->name);
	for (guint i = 0; i < check->order->len; i++) {
		const Tally *tally = g_ptr_array_index(check->order, i);
		const char *value = g_hash_table_lookup(memory->values, tally->item->name);
		g_autofree char *shown = NULL;

		if (value == NULL)
			continue;
		shown = answer_words(check->form, tally->item, value, unit->lang);
		cmd_table_add(table, form_item_number(tally->item));
		cmd_table_add(table, tally->item->name);
		cmd_table_add(table, shown);
	}
	cmd_table_print(table);
	if (g_hash_table_size(memory->values) == 0)
		g_print(_("Nothing of %s stands on its sheets.\n"), check->edition);
	for (guint i = 0; i < findings->len; i++) {
		const Finding *finding = g_ptr_array_index(findings, i);

		g_print(_("left out: %s\n"), finding->text);
	}
}

static gboolean
run_show(App *app, char **words, GError **error)
{
	g_auto(Check) check = { 0 };
	g_autoptr(Unit) unit = NULL;
	g_autoptr(FormView) view = NULL;
	g_autoptr(GPtrArray) findings = findings_new();
	g_autoptr(Memory) memory = NULL;

	if (!check_open(app, &check, error))
		return FALSE;
	unit = registry_find(app->store, words[0], error);
	if (unit == NULL)
		return FALSE;
	view = form_view_new(check.form, unit);
	memory = memory_recall(app->store, view, unit->code, check.edition, findings, error);
	if (memory == NULL)
		return FALSE;
	if (app->json)
		show_json(&check, unit, memory, findings);
	else
		show_text(&check, unit, memory, findings);
	return TRUE;
}

const Command command_memory_check = {
	.name = "memory check",
	.summary = N_(
	    "count which of last year's answers will stand on the sheets, and why others will not"),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.run = run_check,
};

const Command command_memory_show = {
	.name = "memory show",
	.words = "WORDS",
	.summary = N_("show last year's answers that will stand on a unit's sheets"),
	.help = N_("WORDS: code, address or name of the unit."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.least = 1,
	.most = 1,
	.run = run_show,
};

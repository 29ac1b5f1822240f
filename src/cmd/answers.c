/* plico answers show, answers history: what a unit has answered, and how it came. */
#include "base/clock.h"
#include "base/error.h"
#include "cmd/cmd.h"
#include "registry/registry.h"
#include "status/status.h"
#include "validate/validate.h"

#include <string.h>

static char *only_section;

static const GOptionEntry show_options[] = {
	{ "section", 0, 0, G_OPTION_ARG_STRING, &only_section, N_("only this section"), "s5" },
	G_OPTION_ENTRY_NULL,
};

static char *only_question;

static const GOptionEntry history_options[] = {
	{ "question", 0, 0, G_OPTION_ARG_STRING, &only_question,
	    N_("every answer to this question: who, when, from which file"), "q5_1" },
	G_OPTION_ENTRY_NULL,
};

typedef struct {
	Form *form;
	Unit *unit;
	char *lang;	    /* of the unit: in which it is told what is wrong */
	GPtrArray *returns; /* of StoredAnswers: all of the unit */
} History;

static void
history_clear(History *history)
{
	g_clear_pointer(&history->form, form_free);
	g_clear_pointer(&history->unit, unit_free);
	g_clear_pointer(&history->lang, g_free);
	g_clear_pointer(&history->returns, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(History, history_clear)

static gboolean
load(const App *app, const char *words, History *out, GError **error)
{
	out->form = cmd_form(app, error);
	if (out->form == NULL)
		return FALSE;
	out->unit = registry_find(app->store, words, error);
	if (out->unit == NULL)
		return FALSE;
	out->lang = unit_lang(out->unit, app->config);
	out->returns = stored_answers_of_unit(app->store, out->form, out->unit->id, error);
	return out->returns != NULL;
}

/* The return that counts for a section. Returns: (transfer none) (nullable) */
static const StoredAnswers *
current_of(const History *history, const Section *section)
{
	for (guint i = 0; i < history->returns->len; i++) {
		const StoredAnswers *stored = g_ptr_array_index(history->returns, i);

		if (strcmp(stored->state, "applied") == 0 &&
		    strcmp(stored->section, section->name) == 0)
			return stored;
	}
	return NULL;
}

static void
add_answers_json(JsonBuilder *builder, const History *history, const Section *section,
    const StoredAnswers *stored)
{
	g_autoptr(GPtrArray) questions = cmd_questions(section);

	json_builder_set_member_name(builder, "answers");
	json_builder_begin_array(builder);
	for (guint i = 0; i < questions->len; i++) {
		const Item *item = g_ptr_array_index(questions, i);
		const char *value = g_hash_table_lookup(stored->values, item->name);
		g_autofree char *shown = NULL;

		if (value == NULL)
			continue;
		shown = answer_words(history->form, item, value, history->form->default_lang);
		json_builder_begin_object(builder);
		cmd_json_text(builder, "question", item->name);
		cmd_json_text(builder, "number", form_item_number(item));
		cmd_json_text(builder, "value", value);
		cmd_json_text(builder, "words", shown);
		cmd_json_text(builder, "origin", g_hash_table_lookup(stored->origins, item->name));
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
}

static void
add_findings_json(JsonBuilder *builder, const History *history, const StoredAnswers *stored)
{
	json_builder_set_member_name(builder, "findings");
	json_builder_begin_array(builder);
	for (guint i = 0; i < stored->findings->len; i++) {
		const Finding *finding = g_ptr_array_index(stored->findings, i);
		g_autofree char *respondent =
		    form_remark(history->form, finding->place, finding->code, history->lang);

		json_builder_begin_object(builder);
		cmd_json_text(builder, "severity", severity_name(finding->severity));
		cmd_json_text(builder, "code", finding->code);
		cmd_json_text(builder, "question", finding->place);
		cmd_json_text(builder, "text", finding->text);
		cmd_json_text(builder, "respondent", respondent);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
}

/* Where a return came from: into an object that is open. */
static void
add_source_json(JsonBuilder *builder, const StoredAnswers *stored)
{
	g_autofree char *when = clock_iso(stored->received_at);

	cmd_json_int(builder, "return", stored->return_id);
	cmd_json_text(builder, "section", stored->section);
	cmd_json_text(builder, "state", stored->state);
	cmd_json_text(builder, "reason", stored->reason);
	cmd_json_text(builder, "received_at", when);
	cmd_json_text(builder, "trust", stored->trust);
	cmd_json_text(builder, "sender", stored->sender);
	cmd_json_text(builder, "file", stored->file_name);
	cmd_json_text(builder, "file_sha256", stored->file_sha256);
	cmd_json_int(builder, "answered", g_hash_table_size(stored->values));
	cmd_json_int(builder, "given", stored_answers_count(stored, ORIGIN_GIVEN));
	cmd_json_int(builder, "confirmed", stored_answers_count(stored, ORIGIN_CONFIRMED));
	cmd_json_int(builder, "copied", stored_answers_count(stored, ORIGIN_COPIED));
}

static gboolean
is_wanted(const Section *section)
{
	return only_section == NULL || strcmp(only_section, section->name) == 0;
}

static void
show_json(const History *history)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_text(builder, "unit", history->unit->code);
	cmd_json_text(builder, "name", history->unit->name);
	json_builder_set_member_name(builder, "sections");
	json_builder_begin_array(builder);
	for (guint i = 0; i < history->form->sections->len; i++) {
		const Section *section = g_ptr_array_index(history->form->sections, i);
		const StoredAnswers *stored = current_of(history, section);

		if (stored == NULL || !is_wanted(section))
			continue;
		json_builder_begin_object(builder);
		add_source_json(builder, stored);
		add_answers_json(builder, history, section, stored);
		add_findings_json(builder, history, stored);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

/* What was given this year needs no word. */
static const char *
origin_words(const char *origin)
{
	if (strcmp(origin, ORIGIN_CONFIRMED) == 0)
		return _("(last year's, confirmed)");
	return strcmp(origin, ORIGIN_COPIED) == 0 ? _("(last year's, untouched)") : "";
}

/* For each finding the words for staff, and those to say to the unit. */
static void
show_findings(const History *history, const StoredAnswers *stored)
{
	for (guint i = 0; i < stored->findings->len; i++) {
		const Finding *finding = g_ptr_array_index(stored->findings, i);
		g_autofree char *respondent =
		    form_remark(history->form, finding->place, finding->code, history->lang);

		g_print("  %s: %s\n", _(severity_name(finding->severity)), finding->text);
		g_print("      → %s\n", respondent);
	}
}

static void
show_section(const History *history, const Section *section, const StoredAnswers *stored)
{
	g_autoptr(GPtrArray) questions = cmd_questions(section);
	g_autoptr(CmdTable) table = cmd_table_new("llll");
	g_autofree char *when = clock_local(stored->received_at);

	g_print("\n%s. %s\n", section->number,
	    form_text(history->form, section->group->labels, history->form->default_lang));
	g_print(_("return %" PRId64 " of %s, %s\n"), stored->return_id, when, stored->file_name);
	for (guint i = 0; i < questions->len; i++) {
		const Item *item = g_ptr_array_index(questions, i);
		const char *value = g_hash_table_lookup(stored->values, item->name);
		g_autofree char *shown = NULL;

		if (value == NULL)
			continue;
		shown = answer_words(history->form, item, value, history->form->default_lang);
		cmd_table_add(table, form_item_number(item));
		cmd_table_add(table, item->name);
		cmd_table_add(table, shown);
		cmd_table_add(
		    table, origin_words(g_hash_table_lookup(stored->origins, item->name)));
	}
	cmd_table_print(table);
	show_findings(history, stored);
}

static gboolean
run_show(App *app, char **words, GError **error)
{
	g_auto(History) history = { 0 };
	guint shown = 0;

	if (!load(app, words[0], &history, error))
		return FALSE;
	if (only_section != NULL && form_section(history.form, only_section) == NULL)
		return fail(error, PLICO_ERROR_USAGE,
		    _("--section %s: the form has no such section"), only_section);
	if (app->json) {
		show_json(&history);
		return TRUE;
	}
	g_print("%s %s\n", history.unit->code, history.unit->name);
	for (guint i = 0; i < history.form->sections->len; i++) {
		const Section *section = g_ptr_array_index(history.form->sections, i);
		const StoredAnswers *stored = current_of(&history, section);

		if (stored == NULL || !is_wanted(section))
			continue;
		show_section(&history, section, stored);
		shown++;
	}
	if (shown == 0)
		g_print(_("No answers yet.\n"));
	return TRUE;
}

static void
history_json(const History *history)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_text(builder, "unit", history->unit->code);
	json_builder_set_member_name(builder, "returns");
	json_builder_begin_array(builder);
	for (guint i = 0; i < history->returns->len; i++) {
		json_builder_begin_object(builder);
		add_source_json(builder, g_ptr_array_index(history->returns, i));
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

static void
print_history(const History *history)
{
	static const char *const heads[] = { N_("return"), N_("received"), N_("section"),
		N_("state"), N_("answers"), N_("confirmed"), N_("untouched"), N_("errors"),
		N_("reason"), N_("sender (as claimed)") };
	g_autoptr(CmdTable) table = cmd_table_new("rlllrrrrll");

	for (gsize i = 0; i < G_N_ELEMENTS(heads); i++)
		cmd_table_add(table, _(heads[i]));
	cmd_table_add_rule(table);
	for (guint i = 0; i < history->returns->len; i++) {
		const StoredAnswers *stored = g_ptr_array_index(history->returns, i);
		g_autofree char *when = clock_local(stored->received_at);

		cmd_table_add_number(table, stored->return_id);
		cmd_table_add(table, when);
		cmd_table_add(table, stored->section);
		cmd_table_add(table, status_words(stored->state));
		cmd_table_add_number(table, g_hash_table_size(stored->values));
		cmd_table_add_number(table, stored_answers_count(stored, ORIGIN_CONFIRMED));
		cmd_table_add_number(table, stored_answers_count(stored, ORIGIN_COPIED));
		cmd_table_add_number(table, findings_count(stored->findings, SEVERITY_ERROR));
		cmd_table_add(table, validate_reason_words(stored->reason));
		cmd_table_add(table, stored->sender);
	}
	cmd_table_print(table);
}

/* --- one question ------------------------------------------------------------------------------------------------- */

/* Who let a return count: a person, or nobody had to. Returns: (transfer full) */
static char *
accepted_by(const App *app, const History *history, const StoredAnswers *stored, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(app->store, error, SQL_validate_accepted_by, "ii",
	    history->unit->id, stored->return_id);
	char *actor = NULL;

	if (rows == NULL)
		return NULL;
	actor = g_strdup(rows_next(rows, &why) ? rows_text(rows, 0) : "");
	if (why == NULL)
		return actor;
	g_free(actor);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

static const Item *
find_question(const Form *form, const char *name)
{
	for (guint i = 0; i < form->sections->len; i++) {
		g_autoptr(GPtrArray) questions =
		    cmd_questions(g_ptr_array_index(form->sections, i));

		for (guint k = 0; k < questions->len; k++) {
			const Item *item = g_ptr_array_index(questions, k);

			if (strcmp(item->name, name) == 0)
				return item;
		}
	}
	return NULL;
}

static gboolean
question_json(const App *app, const History *history, const Item *item, GError **error)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_text(builder, "unit", history->unit->code);
	cmd_json_text(builder, "question", item->name);
	json_builder_set_member_name(builder, "answers");
	json_builder_begin_array(builder);
	for (guint i = 0; i < history->returns->len; i++) {
		const StoredAnswers *stored = g_ptr_array_index(history->returns, i);
		const char *value = g_hash_table_lookup(stored->values, item->name);
		g_autofree char *by =
		    value != NULL ? accepted_by(app, history, stored, error) : NULL;
		g_autofree char *shown = NULL;

		if (value == NULL)
			continue;
		if (by == NULL)
			return FALSE;
		shown = answer_words(history->form, item, value, history->form->default_lang);
		json_builder_begin_object(builder);
		add_source_json(builder, stored);
		cmd_json_text(builder, "value", value);
		cmd_json_text(builder, "words", shown);
		cmd_json_text(builder, "origin", g_hash_table_lookup(stored->origins, item->name));
		cmd_json_text(builder, "accepted_by", by);
		cmd_json_int(builder, "taken_from", stored_answers_taken_from(stored, item->name));
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
	return TRUE;
}

/* What a correction did not ask was taken along. Returns: (transfer full) */
static char *
origin_shown(const StoredAnswers *stored, const Item *item)
{
	gint64 from = stored_answers_taken_from(stored, item->name);

	if (from != 0)
		return g_strdup_printf(_("of return %" PRId64), from);
	return g_strdup(origin_words(g_hash_table_lookup(stored->origins, item->name)));
}

static gboolean
print_question(const App *app, const History *history, const Item *item, GError **error)
{
	static const char *const heads[] = { N_("return"), N_("received"), N_("state"),
		N_("answer"), "", N_("accepted by"), N_("file"), N_("sender (as claimed)") };
	g_autoptr(CmdTable) table = cmd_table_new("rlllllll");

	for (gsize i = 0; i < G_N_ELEMENTS(heads); i++)
		cmd_table_add(table, *heads[i] != '\0' ? _(heads[i]) : "");
	cmd_table_add_rule(table);
	for (guint i = 0; i < history->returns->len; i++) {
		const StoredAnswers *stored = g_ptr_array_index(history->returns, i);
		const char *value = g_hash_table_lookup(stored->values, item->name);
		g_autofree char *when = clock_local(stored->received_at);
		g_autofree char *by =
		    value != NULL ? accepted_by(app, history, stored, error) : NULL;
		g_autofree char *shown = NULL;
		g_autofree char *from = NULL;

		if (value == NULL)
			continue;
		if (by == NULL)
			return FALSE;
		shown = answer_words(history->form, item, value, history->form->default_lang);
		cmd_table_add_number(table, stored->return_id);
		cmd_table_add(table, when);
		cmd_table_add(table, status_words(stored->state));
		cmd_table_add(table, shown);
		from = origin_shown(stored, item);
		cmd_table_add(table, from);
		cmd_table_add(table, by);
		cmd_table_add(table, stored->file_name);
		cmd_table_add(table, stored->sender);
	}
	cmd_table_print(table);
	return TRUE;
}

static gboolean
tell_question(const App *app, const History *history, GError **error)
{
	const Item *item = find_question(history->form, only_question);

	if (item == NULL)
		return fail(error, PLICO_ERROR_USAGE,
		    _("--question %s: the form has no such question"), only_question);
	if (app->json)
		return question_json(app, history, item, error);
	g_print("%s %s, %s\n", history->unit->code, history->unit->name, item->name);
	return print_question(app, history, item, error);
}

static gboolean
run_history(App *app, char **words, GError **error)
{
	g_auto(History) history = { 0 };

	if (!load(app, words[0], &history, error))
		return FALSE;
	if (only_question != NULL)
		return tell_question(app, &history, error);
	if (app->json) {
		history_json(&history);
		return TRUE;
	}
	g_print("%s %s\n", history.unit->code, history.unit->name);
	if (history.returns->len == 0)
		g_print(_("Nothing has come back yet.\n"));
	else
		print_history(&history);
	return TRUE;
}

const Command command_answers_show = {
	.name = "answers show",
	.words = "WORDS",
	.summary = N_("show the answers of a unit that count, with what is wrong in them"),
	.help = N_(
	    "WORDS: code, address or name of the unit. Behind each finding stand the words for the unit."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.least = 1,
	.most = 1,
	.options = show_options,
	.run = run_show,
};

const Command command_answers_history = {
	.name = "answers history",
	.words = "WORDS",
	.summary = N_("list everything that came back from a unit"),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.least = 1,
	.most = 1,
	.options = history_options,
	.run = run_history,
};

/* plico forms diff: what changed between two editions of a questionnaire. */
#include "cmd/forms_diff.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define HEADING_CHARS 72 /* of a question's text, where it only says which */

static void
editions_clear(Editions *editions)
{
	form_free(editions->before);
	form_free(editions->after);
	g_clear_pointer(&editions->changes, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Editions, editions_clear)

/* A directory, or the name of an edition under forms/ of the workspace. */
static Form *
open_edition(const App *app, const char *word, GError **error)
{
	g_autofree char *named = g_build_filename(app->workspace, "forms", word, NULL);
	gboolean here = g_file_test(word, G_FILE_TEST_IS_DIR);

	return form_open_strict(
	    !here && g_file_test(named, G_FILE_TEST_IS_DIR) ? named : word, error);
}

/* --- counts ------------------------------------------------------------------------------------------------------ */

static guint
count_at(const Form *form, const char *section, gboolean small)
{
	const Section *each = section != NULL ? form_section(form, section) : NULL;

	if (section != NULL && each == NULL)
		return 0;
	return form_count(form, each, small ? form_small_population(form) : -1);
}

/* Before, after, and by how many more or fewer. */
static void
add_counts(CmdTable *table, const Editions *editions, const char *section, gboolean small)
{
	gint64 before = count_at(editions->before, section, small);
	gint64 after = count_at(editions->after, section, small);
	g_autofree char *more =
	    before != after ? g_strdup_printf("%+" G_GINT64_FORMAT, after - before) : g_strdup("");

	cmd_table_add_number(table, before);
	cmd_table_add_number(table, after);
	cmd_table_add(table, more);
}

/* Returns: (transfer full) */
static char *
section_title(const Editions *editions, const Form *form, const Section *section)
{
	const Form *other = form == editions->before ? editions->after : editions->before;
	const char *title = form_text(form, section->group->labels, form->default_lang);

	if (form_section(other, section->name) != NULL)
		return g_strdup(title);
	return g_strdup_printf(form == editions->after ? _("%s (new)") : _("%s (dropped)"), title);
}

static void
add_section(CmdTable *table, const Editions *editions, const Form *form, const Section *section)
{
	g_autofree char *title = section_title(editions, form, section);

	if (!form_section_counts(form, section))
		return;
	cmd_table_add(table, section->number);
	cmd_table_add(table, title);
	add_counts(table, editions, section->name, FALSE);
	add_counts(table, editions, section->name, TRUE);
}

static void
print_counts(const Editions *editions)
{
	g_autoptr(CmdTable) table = cmd_table_new("llrrlrrl");
	g_autofree char *size = text_number(form_small_population(editions->after));
	g_autofree char *up_to = g_strdup_printf(_("up to %s: before"), size);
	const char *const heads[] = { "", "", _("all: before"), _("after"), "", up_to, _("after"),
		"" };

	for (gsize i = 0; i < G_N_ELEMENTS(heads); i++)
		cmd_table_add(table, heads[i]);
	for (guint i = 0; i < editions->after->sections->len; i++)
		add_section(table, editions, editions->after,
		    g_ptr_array_index(editions->after->sections, i));
	for (guint i = 0; i < editions->before->sections->len; i++) {
		const Section *old = g_ptr_array_index(editions->before->sections, i);

		if (form_section(editions->after, old->name) == NULL)
			add_section(table, editions, editions->before, old);
	}
	cmd_table_add_rule(table);
	cmd_table_add(table, "");
	cmd_table_add(table, _("questions"));
	add_counts(table, editions, NULL, FALSE);
	add_counts(table, editions, NULL, TRUE);
	cmd_table_print(table);
}

/* --- changes ----------------------------------------------------------------------------------------------------- */

const Item *
change_item(const Editions *editions, const Change *change, const Form **out_form)
{
	*out_form = change->after != NULL ? editions->after : editions->before;
	return change->after != NULL ? change->after : change->before;
}

/* A text of one line, cut behind a word. Returns: (transfer full) */
static char *
shorten(const char *text)
{
	g_autofree char *line = g_strdelimit(g_strdup(text), "\n", ' ');
	const char *end;

	if (g_utf8_strlen(line, -1) <= HEADING_CHARS)
		return g_steal_pointer(&line);
	end = g_utf8_offset_to_pointer(line, HEADING_CHARS);
	while (end > line && *end != ' ')
		end--;
	return g_strdup_printf("%.*s …", (int)(end - line), line);
}

/* Returns: (transfer full) */
static char *
heading_of(const Form *form, const Item *item)
{
	g_autofree char *label = shorten(form_text(form, item->labels, form->default_lang));
	gboolean row = item->parent != NULL && item_is_whole(item->parent);

	return g_strdup_printf(
	    row ? "%s «%s» (%s)" : "%s %s (%s)", form_item_number(item), label, item->name);
}

static void
print_both(const Change *change)
{
	g_print("          - %s\n          + %s\n",
	    *change->from != '\0' ? change->from : _("nothing"),
	    *change->to != '\0' ? change->to : _("nothing"));
}

static void
print_heading(const Editions *editions, const Form *form, const Section *section)
{
	g_autofree char *title = section_title(editions, form, section);

	g_print("\n%s %s\n", section->number, title);
}

static void
print_place(const Editions *editions, const Change *change)
{
	gboolean gone = change->place != NULL &&
			form_item(editions->after, change->place->name) != change->place;
	const Form *form = gone ? editions->before : editions->after;

	if (change->place == NULL)
		g_print(_("\nThe whole form\n"));
	else if (form_section(form, change->place->name) == NULL)
		g_print(_("\nWhat is known beforehand\n"));
	else
		print_heading(editions, form, form_section(form, change->place->name));
}

/* --- translations: where the form's own words changed, that others did too is enough ------------------------------ */

static gboolean
is_same_text(const Change *one, const Change *other)
{
	return one->kind == other->kind && one->before == other->before &&
	       one->after == other->after && g_strcmp0(one->option, other->option) == 0;
}

static gboolean
is_own_text(const Editions *editions, const Change *change)
{
	return g_strcmp0(change->lang, editions->after->default_lang) == 0;
}

static gboolean
is_told_already(const Editions *editions, const Change *change)
{
	if (change->lang == NULL || change->after == NULL || is_own_text(editions, change))
		return FALSE;
	for (guint i = 0; i < editions->changes->len; i++) {
		const Change *other = g_ptr_array_index(editions->changes, i);

		if (is_same_text(other, change) && is_own_text(editions, other))
			return TRUE;
	}
	return FALSE;
}

/* " (de, fr)": the translations that changed with a text; "" for none. Returns: (transfer full) */
static char *
translations_of(const Editions *editions, const Change *change)
{
	g_autoptr(GString) langs = g_string_new(NULL);

	for (guint i = 0; i < editions->changes->len && is_own_text(editions, change); i++) {
		const Change *other = g_ptr_array_index(editions->changes, i);

		if (other != change && is_same_text(other, change))
			g_string_append_printf(
			    langs, "%s%s", langs->len > 0 ? ", " : "", other->lang);
	}
	return langs->len > 0 ? g_strdup_printf(_(", in %s too"), langs->str) : g_strdup("");
}

static void
print_change(const Editions *editions, const Change *change)
{
	g_autofree char *words = change_words(editions, change);
	g_autofree char *langs = translations_of(editions, change);

	g_print("      %s%s%s\n", change->harm != HARM_NONE ? "! " : "", words, langs);
	if (change_shows_both(change))
		print_both(change);
}

static void
print_changes(const Editions *editions)
{
	const Change *last = NULL;
	const Item *last_item = NULL;

	for (guint i = 0; i < editions->changes->len; i++) {
		const Change *change = g_ptr_array_index(editions->changes, i);
		const Form *form;
		const Item *item = change_item(editions, change, &form);

		if (is_told_already(editions, change))
			continue;
		if (last == NULL || last->place != change->place)
			print_place(editions, change);
		if (item != NULL && item != last_item && item->parent != NULL) {
			g_autofree char *heading = heading_of(form, item);

			g_print("  %s\n", heading);
		}
		print_change(editions, change);
		last = change;
		last_item = item;
	}
}

static guint
count_harms(const Editions *editions, int harm)
{
	guint n = 0;

	for (guint i = 0; i < editions->changes->len; i++)
		n += (((const Change *)g_ptr_array_index(editions->changes, i))->harm & harm) != 0
			 ? 1
			 : 0;
	return n;
}

/* What breaks, with what to do. */
static void
print_harms(const Editions *editions)
{
	guint harms = count_harms(editions, HARM_COMPARISON | HARM_MEMORY);

	if (harms == 0) {
		g_print(_("\nNothing of it touches last year's answers or comparisons.\n"));
		return;
	}
	g_print("\n");
	g_print(ngettext("%u difference (!) touches last year's answers or comparisons:\n",
		    "%u differences (!) touch last year's answers or comparisons:\n", harms),
	    harms);
	for (guint i = 0; i < editions->changes->len; i++) {
		const Change *change = g_ptr_array_index(editions->changes, i);
		g_autofree char *words = change_words(editions, change);
		g_autofree char *advice = change_advice(editions, change);
		const Form *form;
		const Item *item = change_item(editions, change, &form);

		if (change->harm != HARM_NONE)
			g_print("  %s (%s), %s:\n      %s.\n", form_item_number(item), item->name,
			    words, advice);
	}
}

static guint
count_reworded(const Editions *editions)
{
	guint n = 0;

	for (guint i = 0; i < editions->changes->len; i++) {
		const Change *change = g_ptr_array_index(editions->changes, i);

		n += (change->kind == CHANGE_LABEL || change->kind == CHANGE_OPTION_LABEL) &&
			     !is_told_already(editions, change)
			 ? 1
			 : 0;
	}
	return n;
}

static void
print_diff(const Editions *editions)
{
	const Form *const forms[] = { editions->before, editions->after };
	guint reworded = count_reworded(editions);

	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
		g_print("%s %s (%s, %s)\n", i == 0 ? "-" : "+", forms[i]->title, forms[i]->id,
		    forms[i]->version);
	g_print("\n");
	print_counts(editions);
	if (editions->changes->len == 0) {
		g_print(_("\nBoth ask the same in the same words.\n"));
		return;
	}
	print_changes(editions);
	print_harms(editions);
	if (reworded > 0)
		g_print(
		    ngettext(
			"%u text of a question or option has other words: if it means something else now, give it a name of its own.\n",
			"%u texts of questions or options have other words: if one means something else now, give it a name of its own.\n",
			reworded),
		    reworded);
}

/* --- JSON -------------------------------------------------------------------------------------------------------- */

static void
add_form_json(JsonBuilder *builder, const char *name, const Form *form)
{
	json_builder_set_member_name(builder, name);
	json_builder_begin_object(builder);
	cmd_json_text(builder, "form_id", form->id);
	cmd_json_text(builder, "version", form->version);
	cmd_json_text(builder, "title", form->title);
	cmd_json_int(builder, "population_small", form_small_population(form));
	cmd_json_int(builder, "questions", count_at(form, NULL, FALSE));
	cmd_json_int(builder, "questions_small", count_at(form, NULL, TRUE));
	json_builder_end_object(builder);
}

static void
add_item_json(JsonBuilder *builder, const char *name, const Form *form, const Item *item)
{
	const Section *section;

	json_builder_set_member_name(builder, name);
	if (item == NULL) {
		json_builder_add_null_value(builder);
		return;
	}
	section = form_item_section(form, item);
	json_builder_begin_object(builder);
	cmd_json_text(builder, "name", item->name);
	cmd_json_text(builder, "number", form_item_number(item));
	cmd_json_text(builder, "section", section != NULL ? section->name : "");
	cmd_json_text(builder, "label", form_text(form, item->labels, form->default_lang));
	json_builder_end_object(builder);
}

static void
add_flag_json(JsonBuilder *builder, const char *name, gboolean value)
{
	json_builder_set_member_name(builder, name);
	json_builder_add_boolean_value(builder, value);
}

static void
add_change_json(JsonBuilder *builder, const Editions *editions, const Change *change)
{
	g_autofree char *words = change_words(editions, change);
	g_autofree char *advice = change_advice(editions, change);

	json_builder_begin_object(builder);
	cmd_json_text(builder, "kind", change_code(change->kind));
	add_item_json(builder, "before", editions->before, change->before);
	add_item_json(builder, "after", editions->after, change->after);
	cmd_json_text(builder, "option", change->option != NULL ? change->option : "");
	cmd_json_text(builder, "lang", change->lang != NULL ? change->lang : "");
	cmd_json_text(builder, "from", change->from);
	cmd_json_text(builder, "to", change->to);
	add_flag_json(builder, "touches_comparison", (change->harm & HARM_COMPARISON) != 0);
	add_flag_json(builder, "touches_memory", (change->harm & HARM_MEMORY) != 0);
	cmd_json_text(builder, "text", words);
	cmd_json_text(builder, "advice", advice);
	json_builder_end_object(builder);
}

static void
print_json(const Editions *editions)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	add_form_json(builder, "before", editions->before);
	add_form_json(builder, "after", editions->after);
	json_builder_set_member_name(builder, "changes");
	json_builder_begin_array(builder);
	for (guint i = 0; i < editions->changes->len; i++)
		add_change_json(builder, editions, g_ptr_array_index(editions->changes, i));
	json_builder_end_array(builder);
	cmd_json_int(builder, "touch_comparison", count_harms(editions, HARM_COMPARISON));
	cmd_json_int(builder, "touch_memory", count_harms(editions, HARM_MEMORY));
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

static gboolean
diff(App *app, char **words, GError **error)
{
	g_auto(Editions) editions = { 0 };

	editions.before = open_edition(app, words[0], error);
	if (editions.before == NULL)
		return FALSE;
	editions.after = open_edition(app, words[1], error);
	if (editions.after == NULL)
		return FALSE;
	editions.changes = form_diff(editions.before, editions.after);
	if (app->json)
		print_json(&editions);
	else
		print_diff(&editions);
	app->findings = count_harms(&editions, HARM_COMPARISON | HARM_MEMORY) > 0;
	return TRUE;
}

const Command command_forms_diff = {
	.name = "forms diff",
	.words = "BEFORE AFTER",
	.summary = N_("tell what changed between two editions of a questionnaire"),
	.help = N_(
	    "BEFORE and AFTER are directories with survey.csv, choices.csv and settings.csv, or names of editions of the workspace. "
	    "Lists questions, options, rows of tables, conditions and texts that were added, dropped or changed, section by section, "
	    "and says which of it touches last year's answers or makes the two years hard to compare, with what to do. A question "
	    "under another name is known by its memoria (q5_13@2024). Exit status 1 under --strict where something is touched."),
	.needs = OFFERS_JSON,
	.least = 2,
	.most = 2,
	.run = diff,
};

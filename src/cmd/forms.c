/* plico forms check: is the questionnaire in order, and how many questions are asked of whom? */
#include "cmd/forms.h"

#include "base/error.h"
#include "base/text.h"
#include "render/render.h"

Form *
forms_open(App *app, char **words, GPtrArray *findings, char **out_directory, GError **error)
{
	g_autofree char *directory = g_strdup(words[0]);
	Form *form;

	if (directory == NULL) {
		g_autofree char *forms = NULL;

		app->config = config_open(app->workspace, error);
		if (app->config == NULL)
			return NULL;
		forms = cmd_path(app, "forms");
		directory =
		    g_build_filename(forms, config_text(app->config, CONFIG_survey_edition), NULL);
	}
	form = form_open(directory, findings, error);
	*out_directory = g_steal_pointer(&directory);
	return form;
}

/* A number of settings.csv; @missing where it is not there. */
static int
setting(const Form *form, const char *name, int missing)
{
	const char *text = g_hash_table_lookup(form->settings, name);
	guint64 number = 0;

	if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT, &number, NULL))
		return missing;
	return (int)number;
}

/* The numbers that a small town is not asked. Returns: (transfer container): of const char * */
static GPtrArray *
numbers_left_out(const Form *form)
{
	g_autoptr(GPtrArray) all = form_numbers(form, NULL, -1);
	g_autoptr(GPtrArray) small = form_numbers(form, NULL, form_small_population(form));
	GPtrArray *left_out = g_ptr_array_new();

	for (guint i = 0; i < all->len; i++)
		if (!g_ptr_array_find_with_equal_func(
			small, g_ptr_array_index(all, i), g_str_equal, NULL))
			g_ptr_array_add(left_out, g_ptr_array_index(all, i));
	return left_out;
}

static void
print_sections(const Form *form)
{
	g_autoptr(CmdTable) table = cmd_table_new("llrr");
	g_autofree char *size = text_number(form_small_population(form));
	g_autofree char *up_to = g_strdup_printf(_("up to %s"), size);

	cmd_table_add(table, "");
	cmd_table_add(table, "");
	cmd_table_add(table, _("all towns"));
	cmd_table_add(table, up_to);
	for (guint i = 0; i < form->sections->len; i++) {
		const Section *section = g_ptr_array_index(form->sections, i);
		const char *title = form_text(form, section->group->labels, form->default_lang);
		g_autofree char *uncounted = g_strdup_printf(_("%s (not counted)"), title);

		cmd_table_add(table, section->number);
		cmd_table_add(table, form_section_counts(form, section) ? title : uncounted);
		cmd_table_add_number(table, form_count(form, section, -1));
		cmd_table_add_number(table, form_count(form, section, form_small_population(form)));
	}
	cmd_table_add_rule(table);
	cmd_table_add(table, "");
	cmd_table_add(table, _("questions"));
	cmd_table_add_number(table, form_count(form, NULL, -1));
	cmd_table_add_number(table, form_count(form, NULL, form_small_population(form)));
	cmd_table_print(table);
}

static void
print_left_out(const GPtrArray *numbers)
{
	g_autoptr(GString) list = g_string_new(NULL);

	for (guint i = 0; i < numbers->len; i++)
		g_string_append_printf(
		    list, "%s%s", i > 0 ? ", " : "", (const char *)g_ptr_array_index(numbers, i));
	if (numbers->len > 0)
		g_print(ngettext("\n%u question is for larger towns only: %s\n",
			    "\n%u questions are for larger towns only: %s\n", numbers->len),
		    numbers->len, list->str);
}

/* The campaign names figures of its own: a difference is said, not settled here. */
static void
print_announced(const Form *form, guint reserved)
{
	int all = (int)form_count(form, NULL, -1);
	int small = (int)form_count(form, NULL, form_small_population(form));
	int announced = setting(form, "numero_annunciato_grandi", -1);
	int announced_small = setting(form, "numero_annunciato_piccoli", -1);
	int more = announced_small - small;

	if (announced >= 0 && announced != all)
		g_print(
		    _("Announced for all towns: %d, computed: %d. Ask the author which questions are missing or too many.\n"),
		    announced, all);
	if (announced_small >= 0 && more != 0)
		g_print(_("Announced for small towns: %d, computed: %d."), announced_small, small);
	if (announced_small >= 0 && more > 0)
		g_print(
		    ngettext(
			" If %d must come out, %d of the %u marks is wrong, or the campaign counts otherwise: ask the author.\n",
			" If %d must come out, %d of the %u marks are wrong, or the campaign counts otherwise: ask the author.\n",
			(gulong)more),
		    announced_small, more, reserved);
	if (announced_small >= 0 && more < 0)
		g_print(
		    ngettext(
			" If %d must come out, %d mark is missing, or the campaign counts otherwise: ask the author.\n",
			" If %d must come out, %d marks are missing, or the campaign counts otherwise: ask the author.\n",
			(gulong)-more),
		    announced_small, -more);
	if (announced == all && more == 0)
		g_print(_("These are the announced figures.\n"));
}

static void
print_check(const Form *form, const GPtrArray *findings)
{
	g_autoptr(GPtrArray) left_out = numbers_left_out(form);

	g_print(_("%s (%s, version %s)\n\n"), form->title, form->id, form->version);
	print_sections(form);
	print_left_out(left_out);
	print_announced(form, left_out->len);
	g_print("\n");
	cmd_print_findings(findings);
	if (findings->len == 0)
		g_print(_("The form is in order.\n"));
}

static void
add_sections_json(JsonBuilder *builder, const Form *form)
{
	json_builder_set_member_name(builder, "sections");
	json_builder_begin_array(builder);
	for (guint i = 0; i < form->sections->len; i++) {
		const Section *section = g_ptr_array_index(form->sections, i);

		json_builder_begin_object(builder);
		cmd_json_text(builder, "name", section->name);
		cmd_json_text(builder, "number", section->number);
		cmd_json_text(
		    builder, "title", form_text(form, section->group->labels, form->default_lang));
		json_builder_set_member_name(builder, "counts");
		json_builder_add_boolean_value(builder, form_section_counts(form, section));
		cmd_json_int(builder, "questions", form_count(form, section, -1));
		cmd_json_int(builder, "questions_small",
		    form_count(form, section, form_small_population(form)));
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
}

static void
add_announced_json(JsonBuilder *builder, const char *name, int number)
{
	json_builder_set_member_name(builder, name);
	if (number < 0)
		json_builder_add_null_value(builder);
	else
		json_builder_add_int_value(builder, number);
}

static void
print_json(const Form *form, const GPtrArray *findings)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(GPtrArray) left_out = numbers_left_out(form);
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_text(builder, "form_id", form->id);
	cmd_json_text(builder, "version", form->version);
	cmd_json_text(builder, "title", form->title);
	add_sections_json(builder, form);
	cmd_json_int(builder, "questions", form_count(form, NULL, -1));
	cmd_json_int(
	    builder, "questions_small", form_count(form, NULL, form_small_population(form)));
	cmd_json_int(builder, "population_small", form_small_population(form));
	add_announced_json(builder, "announced", setting(form, "numero_annunciato_grandi", -1));
	add_announced_json(
	    builder, "announced_small", setting(form, "numero_annunciato_piccoli", -1));
	json_builder_set_member_name(builder, "not_small");
	json_builder_begin_array(builder);
	for (guint i = 0; i < left_out->len; i++)
		json_builder_add_string_value(builder, g_ptr_array_index(left_out, i));
	json_builder_end_array(builder);
	cmd_add_findings(builder, findings);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

static gboolean
check(App *app, char **words, GError **error)
{
	g_autoptr(GPtrArray) findings = findings_new();
	g_autofree char *directory = NULL;
	g_autoptr(Form) form = forms_open(app, words, findings, &directory, error);
	guint errors = findings_count(findings, SEVERITY_ERROR);

	if (form == NULL)
		return FALSE;
	if (errors == 0)
		render_check_form(form, form_small_population(form), findings);
	if (app->json)
		print_json(form, findings);
	else if (errors > 0)
		cmd_print_findings(findings);
	else
		print_check(form, findings);
	app->findings = findings->len > 0;
	if (errors > 0)
		return fail(error, PLICO_ERROR_INPUT,
		    ngettext("%s: %u error in the form", "%s: %u errors in the form", errors),
		    directory, errors);
	return TRUE;
}

const Command command_forms_check = {
	.name = "forms check",
	.words = "[DIR]",
	.summary = N_("check a questionnaire and count its questions"),
	.help = N_(
	    "Reads survey.csv, choices.csv and settings.csv in DIR (the edition of the workspace) and reports every error with "
	    "its file, row and column, and what would not print well. Counts the questions by section, for all towns and for small ones, and compares them with "
	    "the figures announced in settings.csv. Exit status 65 where the form has errors."),
	.needs = OFFERS_JSON,
	.least = 0,
	.most = 1,
	.run = check,
};

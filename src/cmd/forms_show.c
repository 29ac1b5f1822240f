/* plico forms show: what a town of some size is asked. */
#include "cmd/forms.h"

#include "base/error.h"

#include <string.h>

static gint64 population = G_MAXINT32;

static const GOptionEntry options[] = {
	{ "population", 0, 0, G_OPTION_ARG_INT64, &population,
	    N_("of a town of so many inhabitants (a very large one)"), "N" },
	G_OPTION_ENTRY_NULL,
};

typedef void (*Visit)(const FormView *view, const Item *item, gpointer data);

/* What has a line of its own: questions, and groups that are one question drawn as a table or list. */
static void
each_line(const FormView *view, const GPtrArray *items, Visit visit, gpointer data)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		gboolean whole = item->layout == LAYOUT_GRID || item->layout == LAYOUT_LIST;

		if (form_view_asked(view, item) == ASKED_NO)
			continue;
		if (whole || (item->type != NULL && item->type->fields != NULL))
			visit(view, item, data);
		else
			each_line(view, item->items, visit, data);
	}
}

static const char *
kind_of(const Item *item)
{
	if (item->layout == LAYOUT_GRID)
		return "table-list";
	return item->layout == LAYOUT_LIST ? "field-list" : item->type->name;
}

static void
print_line(const FormView *view, const Item *item, gpointer data)
{
	const Form *form = form_view_form(view);
	g_autofree char *condition = form_view_condition(view, item, form->default_lang);

	(void)data;
	g_print("  %-7s %s [%s]\n", form_item_number(item),
	    form_text(form, item->labels, form->default_lang), kind_of(item));
	if (*condition != '\0')
		g_print(_("          only if %s\n"), condition);
}

static void
print_outline(const Form *form, const FormView *view, const GPtrArray *sections)
{
	for (guint i = 0; i < sections->len; i++) {
		const Section *section = g_ptr_array_index(sections, i);

		g_print("%s%s %s\n", i > 0 ? "\n" : "", section->number,
		    form_text(form, section->group->labels, form->default_lang));
		each_line(view, section->group->items, print_line, NULL);
	}
}

static void
add_line_json(const FormView *view, const Item *item, gpointer data)
{
	const Form *form = form_view_form(view);
	JsonBuilder *builder = data;
	g_autofree char *condition = form_view_condition(view, item, form->default_lang);

	json_builder_begin_object(builder);
	cmd_json_text(builder, "name", item->name);
	cmd_json_text(builder, "number", form_item_number(item));
	cmd_json_text(builder, "label", form_text(form, item->labels, form->default_lang));
	cmd_json_text(builder, "type", kind_of(item));
	cmd_json_text(builder, "condition", condition);
	json_builder_end_object(builder);
}

static void
print_json(const Form *form, const FormView *view, const GPtrArray *sections)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_text(builder, "form_id", form->id);
	cmd_json_int(builder, "population", population);
	cmd_json_text(builder, "shape", form_view_shape(view));
	json_builder_set_member_name(builder, "sections");
	json_builder_begin_array(builder);
	for (guint i = 0; i < sections->len; i++) {
		const Section *section = g_ptr_array_index(sections, i);

		json_builder_begin_object(builder);
		cmd_json_text(builder, "name", section->name);
		cmd_json_text(builder, "number", section->number);
		json_builder_set_member_name(builder, "questions");
		json_builder_begin_array(builder);
		each_line(view, section->group->items, add_line_json, builder);
		json_builder_end_array(builder);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

static gboolean
show(App *app, char **words, GError **error)
{
	g_autoptr(GPtrArray) findings = findings_new();
	g_autofree char *directory = NULL;
	g_autoptr(Form) form = forms_open(app, words, findings, &directory, error);
	const Unit unit = { .population = population };
	g_autoptr(FormView) view = NULL;
	g_autoptr(GPtrArray) sections = NULL;

	if (form == NULL)
		return FALSE;
	if (findings_count(findings, SEVERITY_ERROR) > 0)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s: the form has errors; plico forms check lists them"), directory);
	view = form_view_new(form, &unit);
	sections = form_view_sections(view);
	if (app->json)
		print_json(form, view, sections);
	else
		print_outline(form, view, sections);
	return TRUE;
}

const Command command_forms_show = {
	.name = "forms show",
	.words = "[DIR]",
	.summary = N_("list the questions that a town is asked"),
	.help = N_(
	    "Lists the questions of the questionnaire in DIR (the edition of the workspace) that a town of the given population "
	    "is asked, with the conditions that its sheets print."),
	.needs = OFFERS_JSON,
	.least = 0,
	.most = 1,
	.options = options,
	.run = show,
};

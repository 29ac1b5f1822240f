/* What several verbs share: the questionnaire, tables of text, members of JSON. */
#include "cmd/cmd.h"

#include "base/finding.h"
#include "base/text.h"

#include <string.h>

#define GAP "  " /* between columns */

struct CmdTable {
	char *align;
	guint columns;
	GPtrArray *cells; /* of char *: row after row; NULL begins a rule, which fills a row */
};

Form *
cmd_form(const App *app, GError **error)
{
	g_autofree char *forms = cmd_path(app, "forms");
	g_autofree char *directory =
	    g_build_filename(forms, config_text(app->config, CONFIG_survey_edition), NULL);

	return form_open_strict(directory, error);
}

static void
add_questions(const GPtrArray *items, GPtrArray *questions)
{
	for (guint i = 0; i < items->len; i++) {
		Item *item = g_ptr_array_index(items, i);

		if (item->type != NULL)
			g_ptr_array_add(questions, item);
		add_questions(item->items, questions);
	}
}

GPtrArray *
cmd_questions(const Section *section)
{
	GPtrArray *questions = g_ptr_array_new();

	add_questions(section->group->items, questions);
	return questions;
}

CmdTable *
cmd_table_new(const char *align)
{
	CmdTable *table = g_new0(CmdTable, 1);

	table->align = g_strdup(align);
	table->columns = (guint)strlen(align);
	table->cells = g_ptr_array_new_with_free_func(g_free);
	return table;
}

void
cmd_table_free(CmdTable *table)
{
	if (table == NULL)
		return;
	g_free(table->align);
	g_ptr_array_unref(table->cells);
	g_free(table);
}

void
cmd_table_add(CmdTable *table, const char *cell)
{
	g_ptr_array_add(table->cells, g_strdup(cell));
}

void
cmd_table_add_number(CmdTable *table, gint64 number)
{
	g_ptr_array_add(table->cells, text_number(number));
}

void
cmd_table_add_rule(CmdTable *table)
{
	g_assert(table->cells->len % table->columns == 0);
	for (guint i = 0; i < table->columns; i++)
		g_ptr_array_add(table->cells, NULL);
}

static glong
width_of(const CmdTable *table, guint column)
{
	glong width = 0;

	for (guint i = column; i < table->cells->len; i += table->columns) {
		const char *cell = g_ptr_array_index(table->cells, i);

		if (cell != NULL)
			width = MAX(width, g_utf8_strlen(cell, -1));
	}
	return width;
}

static void
append_times(GString *line, const char *text, glong times)
{
	for (glong i = 0; i < times; i++)
		g_string_append(line, text);
}

static void
append_cell(GString *line, const char *cell, glong width, char align)
{
	glong space = width - (cell != NULL ? g_utf8_strlen(cell, -1) : 0);

	if (cell == NULL) {
		append_times(line, "─", width);
		return;
	}
	append_times(line, " ", align == 'r' ? space : 0);
	g_string_append(line, cell);
	append_times(line, " ", align == 'r' ? 0 : space);
}

void
cmd_table_print(const CmdTable *table)
{
	g_autofree glong *widths = g_new0(glong, table->columns);

	g_assert(table->cells->len % table->columns == 0);
	for (guint i = 0; i < table->columns; i++)
		widths[i] = width_of(table, i);
	for (guint row = 0; row < table->cells->len; row += table->columns) {
		g_autoptr(GString) line = g_string_new(NULL);

		for (guint i = 0; i < table->columns; i++) {
			const char *cell = g_ptr_array_index(table->cells, row + i);

			if (i > 0)
				g_string_append(line, cell == NULL ? "──" : GAP);
			append_cell(line, cell, widths[i], table->align[i]);
		}
		g_print("%s\n", g_strchomp(line->str));
	}
}

void
cmd_json_text(JsonBuilder *builder, const char *name, const char *text)
{
	json_builder_set_member_name(builder, name);
	json_builder_add_string_value(builder, text);
}

void
cmd_json_int(JsonBuilder *builder, const char *name, gint64 number)
{
	json_builder_set_member_name(builder, name);
	json_builder_add_int_value(builder, number);
}

void
cmd_add_findings(JsonBuilder *builder, const GPtrArray *findings)
{
	json_builder_set_member_name(builder, "findings");
	json_builder_begin_array(builder);
	for (guint i = 0; i < findings->len; i++) {
		const Finding *finding = g_ptr_array_index(findings, i);

		json_builder_begin_object(builder);
		cmd_json_text(builder, "severity", severity_name(finding->severity));
		cmd_json_text(builder, "code", finding->code);
		cmd_json_text(builder, "place", finding->place);
		cmd_json_text(builder, "text", finding->text);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
}

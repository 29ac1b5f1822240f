/* plico forms export and import: the questionnaire as one spreadsheet, for those who edit it there. */
#include "cmd/cmd.h"

#include "base/durable.h"
#include "base/error.h"
#include "form/exchange.h"

#include <string.h>

static gboolean force;

static const GOptionEntry export_options[] = {
	{ "force", 0, 0, G_OPTION_ARG_NONE, &force, N_("write over FILE if it is there"), NULL },
	G_OPTION_ENTRY_NULL,
};

static const GOptionEntry import_options[] = {
	{ "force", 0, 0, G_OPTION_ARG_NONE, &force, N_("replace the form that is in DIR"), NULL },
	G_OPTION_ENTRY_NULL,
};

static void
print_json(const char *path, const Form *form, const GPtrArray *findings)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_text(builder, "path", path);
	if (form != NULL) {
		cmd_json_text(builder, "form_id", form->id);
		cmd_json_text(builder, "version", form->version);
		cmd_json_int(builder, "sections", form->sections->len);
		cmd_json_int(builder, "questions", form_count(form, NULL, -1));
	}
	cmd_add_findings(builder, findings);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

static gboolean export(App *app, char **words, GError **error)
{
	g_autoptr(GPtrArray) findings = findings_new();
	g_autoptr(GBytes) bytes = NULL;

	if (!g_str_has_suffix(words[1], ".xlsx"))
		return fail(error, PLICO_ERROR_USAGE,
		    _("%s: the name of the file must end in .xlsx"), words[1]);
	if (!force && g_file_test(words[1], G_FILE_TEST_EXISTS))
		return fail(error, PLICO_ERROR_USAGE,
		    _("%s is there already: give another name, or --force to write over it"),
		    words[1]);
	bytes = form_export(words[0], findings, error);
	if (bytes == NULL || !durable_replace(words[1], bytes, 0644, error))
		return FALSE;
	app->findings = findings->len > 0;
	if (app->json) {
		print_json(words[1], NULL, findings);
		return TRUE;
	}
	cmd_print_findings(findings);
	g_print(_("%s written, with the sheets survey, choices and settings\n"), words[1]);
	return TRUE;
}

static gboolean
import(App *app, char **words, GError **error)
{
	g_autoptr(GPtrArray) findings = findings_new();
	g_autoptr(Form) form = form_import(words[0], words[1], force, findings, error);
	guint errors = findings_count(findings, SEVERITY_ERROR);

	if (form == NULL)
		return FALSE;
	app->findings = findings->len > 0;
	if (app->json)
		print_json(words[1], form, findings);
	else
		cmd_print_findings(findings);
	if (errors > 0)
		return fail(error, PLICO_ERROR_INPUT,
		    ngettext("%s: %u error in the form; nothing was written",
			"%s: %u errors in the form; nothing was written", errors),
		    words[0], errors);
	if (!app->json)
		g_print(
		    _("%s: the form %s, version %s, written as survey.csv, choices.csv and settings.csv\n"),
		    words[1], form->id, form->version);
	return TRUE;
}

const Command command_forms_export = {
	.name = "forms export",
	.words = "DIR FILE.xlsx",
	.summary = N_("write a questionnaire as a spreadsheet"),
	.help = N_(
	    "Writes the questionnaire in DIR to FILE.xlsx, with the sheets survey, choices and settings, for whoever edits it in a "
	    "spreadsheet. All cells are texts, so that the number 5.10 stays what it is. The same form gives the same bytes. What is "
	    "wrong with the form is listed and does not keep it from being written."),
	.needs = OFFERS_JSON,
	.least = 2,
	.most = 2,
	.options = export_options,
	.run = export,
};

const Command command_forms_import = {
	.name = "forms import",
	.words = "FILE DIR",
	.summary = N_("read a questionnaire from a spreadsheet"),
	.help = N_(
	    "Reads a questionnaire in XLSForm from FILE: an .xlsx workbook with the sheets survey, choices and settings, or all "
	    "sheets in one CSV file or Markdown table, each beginning with its name in the first column. Writes it to DIR as "
	    "survey.csv, choices.csv and settings.csv, all or none. Whatever is not understood is reported with sheet, row and "
	    "column, as survey!C12; where there is an error nothing is written and the exit status is 65. Words of older forms are "
	    "replaced by those of today, and said."),
	.needs = OFFERS_JSON,
	.least = 2,
	.most = 2,
	.options = import_options,
	.run = import,
};

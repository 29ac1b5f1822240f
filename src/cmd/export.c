/* plico export csv: the answers for those who analyse them. */
#include "base/error.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "report/report.h"
#include "status/status.h"

static char *out;
static char *reason;
static gboolean raw;
static gboolean with_reserved;

static const GOptionEntry options[] = {
	{ "out", 0, 0, G_OPTION_ARG_FILENAME, &out,
	    N_("where to (default: exports in the workspace)"), "DIR" },
	{ "raw", 0, 0, G_OPTION_ARG_NONE, &raw,
	    N_("RFC 4180 for programs, values byte for byte; do not open it in a spreadsheet"),
	    NULL },
	{ "with-reserved", 0, 0, G_OPTION_ARG_NONE, &with_reserved,
	    N_("with the questions marked as reserved; needs --reason"), NULL },
	{ "reason", 0, 0, G_OPTION_ARG_STRING, &reason, N_("why, for the history"), "TEXT" },
	G_OPTION_ENTRY_NULL,
};

static void
print_json(const ExportReport *report)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_int(builder, "units", report->units);
	cmd_json_int(builder, "answers", report->answers);
	cmd_json_int(builder, "reserved_left_out", report->reserved);
	json_builder_set_member_name(builder, "files");
	json_builder_begin_array(builder);
	for (guint i = 0; i < report->files->len; i++)
		json_builder_add_string_value(builder, g_ptr_array_index(report->files, i));
	json_builder_end_array(builder);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

static void
print_report(const ExportReport *report)
{
	g_autofree char *units = text_number(report->units);
	g_autofree char *answers = text_number(report->answers);

	for (guint i = 0; i < report->files->len; i++)
		g_print("%s\n", (const char *)g_ptr_array_index(report->files, i));
	g_print(_("Units: %s. Answers: %s.\n"), units, answers);
	if (report->reserved > 0)
		g_print(
		    _("Reserved questions left out: %u. --with-reserved --reason TEXT takes them in.\n"),
		    report->reserved);
}

static gboolean
run(App *app, char **words, GError **error)
{
	const ExportOptions choice = {
		.raw = raw,
		.reserved_reason = with_reserved ? (reason != NULL ? reason : "") : NULL,
		.actor = cmd_operator(),
	};
	g_autofree char *directory = out != NULL ? g_strdup(out) : cmd_path(app, "exports");
	g_autoptr(Form) form = cmd_form(app, error);
	g_autoptr(ExportReport) report = NULL;

	(void)words;
	if (form == NULL || !status_refresh(app->store, form, error))
		return FALSE;
	report = report_export_csv(app->store, form, directory, &choice, error);
	if (report == NULL)
		return FALSE;
	if (app->json)
		print_json(report);
	else
		print_report(report);
	return TRUE;
}

const Command command_export_csv = {
	.name = "export csv",
	.summary = N_("write the answers that count as CSV files with their codebook"),
	.help = N_(
	    "units.csv: one line for each unit and one column for each question. answers.csv: one line for each answer, with the file it came from. codebook.csv: what the columns and codes mean. For Italian spreadsheets unless --raw."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.options = options,
	.run = run,
};

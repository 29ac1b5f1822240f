/* plico memory import, memory take: where last year's answers come from. plico units former: the codes of then. */
#include "memory/memory.h"

#include "base/error.h"
#include "base/text.h"
#include "cmd/memory.h"

#include <string.h>

static char *edition;
static gboolean dry_run;

static const GOptionEntry import_options[] = {
	{ "edition", 0, 0, G_OPTION_ARG_STRING, &edition,
	    N_("in which the answers were given (memory.edition)"), "EDITION" },
	{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run,
	    N_("tell what would change, change nothing"), NULL },
	G_OPTION_ENTRY_NULL,
};

static const GOptionEntry dry_run_options[] = {
	{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run,
	    N_("tell what would change, change nothing"), NULL },
	G_OPTION_ENTRY_NULL,
};

const char *
memory_edition(const App *app, GError **error)
{
	const char *named = config_text(app->config, CONFIG_memory_edition);

	if (*named != '\0')
		return named;
	fail(error, PLICO_ERROR_CONFIG,
	    _("memory.edition is empty: write there the edition whose answers stand on the sheets"));
	return NULL;
}

/* The form of an edition, where the workspace has it: *out stays NULL otherwise. */
static gboolean
open_then(const App *app, const char *name, Form **out, GError **error)
{
	g_autofree char *forms = cmd_path(app, "forms");
	g_autofree char *directory = g_build_filename(forms, name, NULL);

	if (strchr(name, G_DIR_SEPARATOR) != NULL || !g_file_test(directory, G_FILE_TEST_IS_DIR))
		return TRUE;
	*out = form_open_strict(directory, error);
	return *out != NULL;
}

static void
print_json(const MemoryReport *report, const MemorySource *source)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_text(builder, "edition", source->edition);
	json_builder_set_member_name(builder, "dry_run");
	json_builder_add_boolean_value(builder, source->dry_run);
	cmd_json_int(builder, "rows", report->rows);
	cmd_json_int(builder, "towns", report->towns);
	cmd_json_int(builder, "answers", report->answers);
	cmd_json_int(builder, "added", report->added);
	cmd_json_int(builder, "changed", report->changed);
	cmd_json_int(builder, "gone", report->gone);
	cmd_json_int(builder, "unchanged", report->unchanged);
	cmd_json_int(builder, "refused", report->refused);
	cmd_add_findings(builder, report->findings);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

static void
print_text(const App *app, const MemoryReport *report, const MemorySource *source)
{
	g_autofree char *towns = text_number(report->towns);
	g_autofree char *answers = text_number(report->answers);

	cmd_print_findings(report->findings);
	g_print(_("Answers of %s: %s, of %s units\n"), source->edition, answers, towns);
	g_print(_("%u added, %u changed, %u gone, %u as they were; %u not taken\n"), report->added,
	    report->changed, report->gone, report->unchanged, report->refused);
	if (source->then == NULL)
		g_print(
		    _("The form of %s is not in forms/: its answers were checked against that of %s.\n"),
		    source->edition, source->form->id);
	if (source->dry_run)
		g_print("%s\n", _("Nothing was changed: this is what an import would do."));
	else if (strcmp(config_text(app->config, CONFIG_memory_edition), source->edition) != 0)
		g_print(_("They stand on no sheet: set memory.edition = %s.\n"), source->edition);
}

/* @path NULL: from the returns of that edition. */
static gboolean
take(App *app, const char *path, const char *name, GError **error)
{
	g_autoptr(Form) form = cmd_form(app, error);
	g_autoptr(Form) then = NULL;
	g_autoptr(MemoryReport) report = NULL;
	MemorySource source = {
		.edition = name, .form = form, .actor = cmd_operator(), .dry_run = dry_run
	};

	if (form == NULL || !open_then(app, name, &then, error))
		return FALSE;
	source.then = then;
	report = path != NULL ? memory_import(app->store, path, &source, error)
			      : memory_take(app->store, &source, error);
	if (report == NULL)
		return FALSE;
	app->findings = findings_count(report->findings, SEVERITY_WARNING) > 0;
	if (app->json)
		print_json(report, &source);
	else
		print_text(app, report, &source);
	return TRUE;
}

static gboolean
run_import(App *app, char **words, GError **error)
{
	const char *name = edition != NULL ? edition : memory_edition(app, error);

	return name != NULL && take(app, words[0], name, error);
}

static gboolean
run_take(App *app, char **words, GError **error)
{
	return take(app, NULL, words[0], error);
}

static gboolean
run_former(App *app, char **words, GError **error)
{
	g_autoptr(FormerReport) report =
	    memory_import_former(app->store, words[0], cmd_operator(), dry_run, error);
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	if (report == NULL)
		return FALSE;
	app->findings = findings_count(report->findings, SEVERITY_WARNING) > 0;
	if (!app->json) {
		cmd_print_findings(report->findings);
		g_print(_("Former codes: %u added, %u known, %u not taken\n"), report->added,
		    report->unchanged, report->refused);
		if (dry_run)
			g_print("%s\n", _("Nothing was changed: this is what an import would do."));
		return TRUE;
	}
	json_builder_begin_object(builder);
	cmd_json_int(builder, "rows", report->rows);
	cmd_json_int(builder, "added", report->added);
	cmd_json_int(builder, "unchanged", report->unchanged);
	cmd_json_int(builder, "refused", report->refused);
	cmd_add_findings(builder, report->findings);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
	return TRUE;
}

const Command command_memory_import = {
	.name = "memory import",
	.words = "FILE",
	.summary = N_("take last year's answers from a CSV file"),
	.help = N_(
	    "FILE: what `export csv` wrote then, units.csv or answers.csv; or any table with a column codice (the cadastral code) "
	    "and one column for each question. It replaces what was known of the towns in it. What sheets have carried already "
	    "stays as it was printed."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.least = 1,
	.most = 1,
	.options = import_options,
	.run = run_import,
};

const Command command_memory_take = {
	.name = "memory take",
	.words = "EDITION",
	.summary = N_("take last year's answers from another edition of this workspace"),
	.help = N_(
	    "Answers that count there, without those that had an error and without those that nobody gave or confirmed."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.least = 1,
	.most = 1,
	.options = dry_run_options,
	.run = run_take,
};

const Command command_units_former = {
	.name = "units former",
	.words = "FILE",
	.summary = N_("learn the former codes of units, and which towns went into which"),
	.help = N_(
	    "FILE: a CSV file with the columns former and code (the cadastral code of today), or a crosswalk with istat_code_YEAR "
	    "twice and cadastral_code. Last year's answers are found by it."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.least = 1,
	.most = 1,
	.options = dry_run_options,
	.run = run_former,
};

/* plico units import, plico units diff */
#include "cmd/cmd.h"

#include "base/error.h"
#include "registry/registry.h"

#define SCREENFUL 20

static gboolean dry_run;
static gboolean partial;
static gboolean yes;
static gboolean all;

static const GOptionEntry import_options[] = {
	{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run,
	    N_("tell what would change, change nothing"), NULL },
	{ "partial", 0, 0, G_OPTION_ARG_NONE, &partial,
	    N_("the file is an excerpt: units that are not in it stay open"), NULL },
	{ "yes", 0, 0, G_OPTION_ARG_NONE, &yes,
	    N_("close the units that are not in the file, however many"), NULL },
	{ "all", 0, 0, G_OPTION_ARG_NONE, &all, N_("print every difference"), NULL },
	G_OPTION_ENTRY_NULL,
};

static const GOptionEntry diff_options[] = {
	{ "partial", 0, 0, G_OPTION_ARG_NONE, &partial,
	    N_("the file is an excerpt: units that are not in it stay open"), NULL },
	{ "all", 0, 0, G_OPTION_ARG_NONE, &all, N_("print every difference"), NULL },
	G_OPTION_ENTRY_NULL,
};

static const char *
format_name(RegistryFormat format)
{
	static const char *const names[] = { "istat", "plico", "ipa", "ipa-former" };

	return names[format];
}

static void
add_counts(JsonBuilder *builder, const ImportReport *report)
{
	cmd_json_int(builder, "rows", report->rows);
	cmd_json_int(builder, "added", report->added);
	cmd_json_int(builder, "changed", report->changed);
	cmd_json_int(builder, "gone", report->gone);
	cmd_json_int(builder, "unchanged", report->unchanged);
	cmd_json_int(builder, "refused", report->refused);
	cmd_json_int(builder, "passed_over", report->passed_over);
	cmd_json_int(builder, "contacts_added", report->contacts_added);
	cmd_json_int(builder, "contacts_changed", report->contacts_changed);
	cmd_json_int(builder, "contacts_gone", report->contacts_gone);
}

static void
print_json(const ImportReport *report, const ImportOptions *options)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_text(builder, "format", format_name(report->format));
	cmd_json_text(builder, "charset", report->charset);
	json_builder_set_member_name(builder, "dry_run");
	json_builder_add_boolean_value(builder, options->dry_run);
	add_counts(builder, report);
	json_builder_set_member_name(builder, "lines");
	json_builder_begin_array(builder);
	for (guint i = 0; i < report->lines->len; i++)
		json_builder_add_string_value(builder, g_ptr_array_index(report->lines, i));
	json_builder_end_array(builder);
	cmd_add_findings(builder, report->findings);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

static void
print_text(const ImportReport *report, const ImportOptions *options)
{
	guint shown = all ? report->lines->len : MIN(report->lines->len, SCREENFUL);

	for (guint i = 0; i < shown; i++)
		g_print("%s\n", (const char *)g_ptr_array_index(report->lines, i));
	if (shown < report->lines->len)
		g_print(_("… and %u more; --all shows them\n"), report->lines->len - shown);
	cmd_print_findings(report->findings);
	g_print(_("Rows: %u read as %s, %s; %u not taken, %u passed over\n"), report->rows,
	    format_name(report->format), report->charset, report->refused, report->passed_over);
	g_print(_("Units: %u added, %u changed, %u gone, %u as they were\n"), report->added,
	    report->changed, report->gone, report->unchanged);
	g_print(_("Addresses: %u added, %u changed, %u gone\n"), report->contacts_added,
	    report->contacts_changed, report->contacts_gone);
	if (options->dry_run)
		g_print("%s\n", _("Nothing was changed: this is what an import would do."));
}

static gboolean
import(App *app, const char *path, gboolean dry, GError **error)
{
	const ImportOptions options = {
		.dry_run = dry, .partial = partial, .many_gone = yes, .actor = cmd_operator()
	};
	g_autoptr(ImportReport) report = registry_import(app->store, path, &options, error);

	if (report == NULL)
		return FALSE;
	app->findings = findings_count(report->findings, SEVERITY_WARNING) > 0;
	if (app->json)
		print_json(report, &options);
	else
		print_text(report, &options);
	return TRUE;
}

static gboolean
run_import(App *app, char **words, GError **error)
{
	return import(app, words[0], dry_run, error);
}

static gboolean
run_diff(App *app, char **words, GError **error)
{
	return import(app, words[0], TRUE, error);
}

const Command command_units_import = {
	.name = "units import",
	.words = "FILE",
	.summary = N_("take in a list of municipalities or of their addresses"),
	.help = N_(
	    "Reads ISTAT's list of municipalities, plico's own CSV, or IndicePA's list (enti.csv, or the former "
	    "amministrazioni.txt), whichever FILE is. Prints what is added (+), changed (~) and gone (-), and what is odd, "
	    "with its row. A row that cannot be taken stops none of the others; importing a file twice changes nothing. "
	    "A unit that is not in a whole list is closed, not deleted."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.least = 1,
	.most = 1,
	.options = import_options,
	.run = run_import,
};

const Command command_units_diff = {
	.name = "units diff",
	.words = "FILE",
	.summary = N_("tell what an import would change"),
	.help = N_("The same as plico units import --dry-run."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.least = 1,
	.most = 1,
	.options = diff_options,
	.run = run_diff,
};

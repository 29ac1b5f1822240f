/* plico verify: is all that was kept still there, and as it was? */
#include "cmd/verify.h"

#include "base/error.h"
#include "status/status.h"

#define FINDINGS_MAX 1000 /* in JSON; as text all are printed */

static void
verify_clear(Verify *verify)
{
	g_clear_pointer(&verify->findings, g_ptr_array_unref);
	g_clear_pointer(&verify->said, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Verify, verify_clear)

void
verify_say(
    Verify *verify, Severity severity, const char *code, const char *place, const char *format, ...)
{
	g_autofree char *text = NULL;
	char *key;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	key = g_strconcat(place, "\n", text, NULL);
	if (g_hash_table_size(verify->said) > FINDINGS_MAX) /* a guard of memory, no more */
		g_hash_table_remove_all(verify->said);
	if (!g_hash_table_add(verify->said, key))
		return;
	verify->found[severity]++;
	if (!verify->json)
		g_print("%s: %s: %s\n", _(severity_name(severity)), place, text);
	else if (verify->findings->len < FINDINGS_MAX)
		findings_add(verify->findings, severity, code, place, "%s", text);
}

static void
print_json(const Verify *verify)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_int(builder, "received", (gint64)verify->received);
	cmd_json_int(builder, "sent", (gint64)verify->sent);
	cmd_json_int(builder, "templates", (gint64)verify->templates);
	cmd_json_int(builder, "forms", (gint64)verify->forms);
	cmd_json_int(builder, "bytes", (gint64)verify->bytes);
	cmd_json_int(builder, "returns", (gint64)verify->returns);
	cmd_json_int(builder, "events", (gint64)verify->events);
	cmd_json_int(builder, "errors", (gint64)verify->found[SEVERITY_ERROR]);
	cmd_json_int(builder, "warnings", (gint64)verify->found[SEVERITY_WARNING]);
	cmd_json_int(builder, "notes", (gint64)verify->found[SEVERITY_NOTE]);
	cmd_add_findings(builder, verify->findings);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

static void
print_table(const Verify *verify)
{
	const struct {
		const char *label;
		guint64 count;
	} lines[] = {
		{ N_("received messages"), verify->received },
		{ N_("sent messages"), verify->sent },
		{ N_("templates of sent messages"), verify->templates },
		{ N_("kept versions of the form"), verify->forms },
		{ N_("bytes in the archive"), verify->bytes },
		{ N_("returns with their answers"), verify->returns },
		{ N_("events"), verify->events },
		{ N_("errors"), verify->found[SEVERITY_ERROR] },
		{ N_("warnings"), verify->found[SEVERITY_WARNING] },
		{ N_("notes"), verify->found[SEVERITY_NOTE] },
	};
	g_autoptr(CmdTable) table = cmd_table_new("lr");

	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
		cmd_table_add(table, _(lines[i].label));
		cmd_table_add_number(table, (gint64)lines[i].count);
	}
	cmd_table_print(table);
}

/* A database that cannot be read is what somebody who runs this wants to know, and no reason to leave the archive alone. */
static gboolean
look(Verify *verify, const App *app, GError **error)
{
	gint64 since = g_get_real_time() / G_USEC_PER_SEC;
	g_autofree char *path = cmd_path(app, "plico.db");
	g_autoptr(GError) why = NULL;
	g_autoptr(Form) form = cmd_form(app, error);
	g_autoptr(Store) snapshot = form != NULL ? store_snapshot(path, &why) : NULL;
	g_autoptr(Store) folded = snapshot != NULL ? store_snapshot(path, &why) : NULL;

	if (form == NULL)
		return FALSE;
	if (folded == NULL || !verify_tables(verify, form, snapshot, folded, &why)) {
		if (!g_error_matches(why, PLICO_ERROR, PLICO_ERROR_IO) &&
		    !g_error_matches(why, PLICO_ERROR, PLICO_ERROR_INPUT)) {
			g_propagate_error(error, g_steal_pointer(&why));
			return FALSE;
		}
		verify_say(verify, SEVERITY_ERROR, "database", path, "%s", why->message);
		g_clear_pointer(&snapshot, store_free);
	}
	return verify_archive(verify, app, snapshot, since, error);
}

static gboolean
run(App *app, char **words, GError **error)
{
	g_auto(Verify) verify = { .json = app->json };
	guint64 errors;

	(void)words;
	verify.findings = findings_new();
	verify.said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (!look(&verify, app, error))
		return FALSE;
	if (app->json)
		print_json(&verify);
	else
		print_table(&verify);
	errors = verify.found[SEVERITY_ERROR];
	app->findings = errors + verify.found[SEVERITY_WARNING] + verify.found[SEVERITY_NOTE] > 0;
	if (errors > 0)
		return fail(error, PLICO_ERROR_INPUT,
		    ngettext("%s: %" PRIu64 " error was found; nothing was changed",
			"%s: %" PRIu64 " errors were found; nothing was changed", (gulong)errors),
		    config_workspace(app->config), errors);
	return TRUE;
}

const Command command_verify = {
	.name = "verify",
	.summary = N_("look whether all that was kept is there, and as it was"),
	.help = N_(
	    "Every file of the archive is read and compared with its SHA-256: received messages, sent ones with their templates, kept forms. What the database refers to must be there. The database is checked by itself: its pages, its references, states against the event log, answers against their sums. Nothing is changed, and others may work meanwhile. "
	    "Ends with 65 where something is missing or altered; with --strict, with 1 where there is anything to look at."),
	.needs = NEEDS_CONFIG | NEEDS_KEYS | OFFERS_JSON,
	.run = run,
};

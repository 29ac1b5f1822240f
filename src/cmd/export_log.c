/* plico export log: what no archive can give back, for the nightly backup. */
#include "base/clock.h"
#include "base/error.h"
#include "cmd/cmd.h"
#include "validate/rebuild.h"

#include <glib/gstdio.h>

static char *out;

static const GOptionEntry options[] = {
	{ "out", 0, 0, G_OPTION_ARG_FILENAME, &out,
	    N_("where to (default: exports/log-DATE.db in the workspace)"), "FILE" },
	G_OPTION_ENTRY_NULL,
};

/* Returns: (transfer full) */
static char *
default_path(const App *app)
{
	g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(clock_now());
	g_autofree char *day = g_date_time_format(now, "exports/log-%Y%m%d-%H%M%S.db");

	return cmd_path(app, day);
}

static gboolean
copy_kept(Store *from, const char *path, GError **error)
{
	g_autoptr(Store) to = store_open(path, error);
	g_autoptr(Transaction) transaction = to != NULL ? transaction_begin(to, error) : NULL;

	if (transaction == NULL)
		return FALSE;
	for (gsize i = 0; rebuild_kept[i] != NULL; i++)
		if (!store_copy_table(to, from, rebuild_kept[i], error))
			return FALSE;
	return store_copy_table(to, from, "event", error) && transaction_commit(transaction, error);
}

/* Whole or not there. */
static gboolean
write_log(const App *app, const char *path, GError **error)
{
	g_autofree char *database = cmd_path(app, "plico.db");
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *part = g_strconcat(path, ".part", NULL);
	g_autoptr(Store) snapshot = store_snapshot(database, error);

	if (snapshot == NULL || !durable_mkdir(folder, error))
		return FALSE;
	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return fail(
		    error, PLICO_ERROR_USAGE, _("%s: is there already; give another name"), path);
	(void)g_unlink(part);
	if (!copy_kept(snapshot, part, error)) {
		(void)g_unlink(part);
		return FALSE;
	}
	if (g_rename(part, path) < 0)
		return fail_errno(error, "%s", path);
	return durable_sync_directory(folder, error);
}

static gboolean
run(App *app, char **words, GError **error)
{
	g_autofree char *path = out != NULL ? g_strdup(out) : default_path(app);

	(void)words;
	if (!write_log(app, path, error))
		return FALSE;
	g_print("%s\n", path);
	return TRUE;
}

const Command command_export_log = {
	.name = "export log",
	.summary = N_("write what cannot be made anew from the archive, for the backup"),
	.help = N_(
	    "Registry, waves, messages sent, access codes' serials, delegations, what people decided, and that mail came; no answers. With archive/, keys/ and plico.conf it is all that `plico rebuild --from` needs where the database is lost: take it every night. It holds addresses and names, and is an SQLite database."),
	.needs = NEEDS_CONFIG,
	.options = options,
	.run = run,
};

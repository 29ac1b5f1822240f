/* plico rebuild: the database made anew beside the present one, compared with it, and put in its place. */
#include "validate/rebuild.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/progress.h"
#include "cmd/rebuild_rest.h"
#include "status/status.h"

#include <glib/gstdio.h>
#include <string.h>

#define DIFFERENCES_MAX 1000 /* told in JSON */
#define SHOWN_MAX	50   /* told as text */
#define NAMES_MAX	100  /* databases of one second */

static gboolean only_check;
static char *log_file;

static const GOptionEntry options[] = {
	{ "check", 0, 0, G_OPTION_ARG_NONE, &only_check,
	    N_("make it anew and say what would be different; change nothing"), NULL },
	{ "from", 0, 0, G_OPTION_ARG_FILENAME, &log_file,
	    N_("the database is lost: take what `plico export log` wrote in its place"), "FILE" },
	G_OPTION_ENTRY_NULL,
};

/* What is compared beside rebuild_kept: all but the mark up to which the log has been folded. */
static const char *const made[] = { "event", "return", "answer", "finding", "unit_state",
	"section_state" };

typedef struct {
	const App *app;
	char *folder; /* where the new database is made */
	char *fresh_path;
	char *path;
	Store *old;
	Store *fresh;
	Progress *progress;
	RebuildReport report;
	GPtrArray *differences; /* of char *: the first of them */
	guint64 different;
	guint64 reworded; /* the same in other words */
	guint rest;	  /* messages that the exported log did not know yet */
	gint64 sizes[5];
} Work;

static void
work_clear(Work *work)
{
	g_clear_pointer(&work->old, store_free);
	g_clear_pointer(&work->fresh, store_free);
	g_clear_pointer(&work->progress, progress_free);
	g_clear_pointer(&work->differences, g_ptr_array_unref);
	g_free(work->folder);
	g_free(work->fresh_path);
	g_free(work->path);
	rebuild_report_clear(&work->report);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

/* --- making ----------------------------------------------------------------------------------------------------- */

static void
remove_fresh(const Work *work)
{
	static const char *const endings[] = { "", "-wal", "-shm", "-journal" };

	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
		g_autofree char *path = g_strconcat(work->fresh_path, endings[i], NULL);

		(void)g_unlink(path);
	}
}

static void
tell_progress(guint64 done, guint64 total, gpointer data)
{
	Work *work = data;

	if (work->progress == NULL)
		work->progress = progress_new(_("Reading again"), total);
	progress_step(work->progress, done);
}

/* The states of an edition, in both: the former ones may not be up to date. */
static gboolean
fold_states(const Form *form, gpointer data, GError **error)
{
	const Work *work = data;

	return status_refresh(work->old, form, error) && status_rebuild(work->fresh, form, error);
}

static gboolean
make(Work *work, GError **error)
{
	g_autoptr(Form) form = cmd_form(work->app, error);
	g_autofree char *kept = cmd_path(work->app, "archive/forms");
	g_autoptr(FormShelf) shelf = form != NULL ? form_shelf_new(form, kept) : NULL;
	IntakeTools tools = { NULL, work->app->config, work->app->keyring, form, shelf, NULL };

	work->old =
	    form != NULL ? store_snapshot(log_file != NULL ? log_file : work->path, error) : NULL;
	if (work->old == NULL || !durable_mkdir(work->folder, error))
		return FALSE;
	remove_fresh(work);
	work->fresh = store_open(work->fresh_path, error);
	tools.store = work->fresh;
	if (work->fresh == NULL ||
	    !rebuild_run(&tools, work->old, &work->report, tell_progress, fold_states, work, error))
		return FALSE;
	g_clear_pointer(&work->progress, progress_free);
	return log_file == NULL || (rebuild_take_rest(work->app, &tools, &work->rest, error) &&
				       status_refresh(work->fresh, form, error));
}

/* --- comparing ---------------------------------------------------------------------------------------------------- */

/* Sentences are stored in the language of whoever collected. */
static gboolean
is_reworded(const RowDifference *difference)
{
	static const char *const words[] = { "detail", "text", "note", NULL };

	for (guint i = 0; difference->names != NULL && i < difference->names->len; i++)
		if (!g_strv_contains(words, g_ptr_array_index(difference->names, i)))
			return FALSE;
	return difference->names != NULL;
}

static void
note_difference(const RowDifference *difference, gpointer data)
{
	Work *work = data;

	if (log_file != NULL && !difference->in_one)
		return; /* what came later */
	if (is_reworded(difference)) {
		work->reworded++;
		return;
	}
	if (work->different++ >= DIFFERENCES_MAX)
		return;
	g_ptr_array_add(work->differences,
	    difference->in_one && difference->in_other
		? g_strdup_printf(
		      "%s %s: %s", difference->table, difference->key, difference->change)
		: g_strdup_printf("%s %s: %s", difference->table, difference->key,
		      difference->in_one ? _("is not there any more") : _("is new")));
}

static gboolean
compare(Work *work, GError **error)
{
	/* an exported log has no answers to compare with */
	gsize n = log_file != NULL ? 1 : G_N_ELEMENTS(made);

	for (gsize i = 0; rebuild_kept[i] != NULL; i++)
		if (!store_compare(
			work->old, work->fresh, rebuild_kept[i], note_difference, work, error))
			return FALSE;
	for (gsize i = 0; i < n; i++)
		if (!store_compare(work->old, work->fresh, made[i], note_difference, work, error))
			return FALSE;
	return TRUE;
}

static gboolean
measure(Work *work, GError **error)
{
	g_autoptr(Rows) rows = store_query(work->fresh, error, SQL_rebuild_sizes, "");

	if (rows == NULL || !rows_next(rows, error))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(work->sizes); i++)
		work->sizes[i] = rows_int(rows, (int)i);
	return TRUE;
}

/* --- telling -------------------------------------------------------------------------------------------------------- */

static void
print_json(const Work *work, const char *aside)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_int(builder, "messages", work->sizes[0]);
	cmd_json_int(builder, "read", (gint64)work->report.done);
	cmd_json_int(builder, "returns", work->sizes[1]);
	cmd_json_int(builder, "answers", work->sizes[2]);
	cmd_json_int(builder, "answer_findings", work->sizes[3]);
	cmd_json_int(builder, "events", work->sizes[4]);
	cmd_json_int(builder, "lost", work->report.lost->len);
	cmd_json_int(builder, "new", work->rest);
	cmd_json_int(builder, "differences", (gint64)work->different);
	cmd_json_int(builder, "reworded", (gint64)work->reworded);
	cmd_json_text(builder, "former", aside != NULL ? aside : "");
	json_builder_set_member_name(builder, "changes");
	json_builder_begin_array(builder);
	for (guint i = 0; i < work->differences->len; i++)
		json_builder_add_string_value(builder, g_ptr_array_index(work->differences, i));
	json_builder_end_array(builder);
	cmd_add_findings(builder, work->report.lost);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

static void
print_table(const Work *work)
{
	const struct {
		const char *label;
		gint64 count;
	} lines[] = {
		{ N_("received messages"), work->sizes[0] },
		{ N_("readings made anew"), (gint64)work->report.done },
		{ N_("messages that the exported log did not know"), work->rest },
		{ N_("returns"), work->sizes[1] },
		{ N_("answers"), work->sizes[2] },
		{ N_("findings"), work->sizes[3] },
		{ N_("events"), work->sizes[4] },
		{ N_("differences"), (gint64)work->different },
		{ N_("the same in other words"), (gint64)work->reworded },
		{ N_("messages lost from the archive"), work->report.lost->len },
	};
	g_autoptr(CmdTable) table = cmd_table_new("lr");

	cmd_print_findings(work->report.lost);
	for (guint i = 0; i < MIN(work->differences->len, SHOWN_MAX); i++)
		g_print("%s\n", (const char *)g_ptr_array_index(work->differences, i));
	if (work->different > SHOWN_MAX)
		g_print("…\n");
	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
		cmd_table_add(table, _(lines[i].label));
		cmd_table_add_number(table, lines[i].count);
	}
	cmd_table_print(table);
}

/* --- putting in place ------------------------------------------------------------------------------------------- */

static gboolean
note_rebuilt(const Work *work, GError **error)
{
	g_autoptr(Transaction) transaction = transaction_begin(work->fresh, error);
	g_autofree char *note = g_strdup_printf("readings=%" PRIu64 " differences=%" PRIu64
						" reworded=%" PRIu64 " lost=%u",
	    work->report.done, work->different, work->reworded, work->report.lost->len);
	const Event event = { .actor = cmd_operator(),
		.subject = "database",
		.what = "database.rebuilt",
		.note = note };

	return transaction != NULL && store_event(work->fresh, &event, error) &&
	       transaction_commit(transaction, error);
}

/* Returns: (transfer full) */
static char *
name_aside(const Work *work)
{
	g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(clock_now());
	g_autofree char *day = g_date_time_format(now, "%Y%m%d-%H%M%S");
	char *name = g_strdup_printf("%s.before-%s", work->path, day);

	for (int i = 2; i < NAMES_MAX && g_file_test(name, G_FILE_TEST_EXISTS); i++) {
		g_free(name);
		name = g_strdup_printf("%s.before-%s-%d", work->path, day, i);
	}
	return name;
}

static gboolean
put_in_place(Work *work, char **out_aside, GError **error)
{
	g_autofree char *aside = NULL;

	if (!note_rebuilt(work, error))
		return FALSE;
	g_clear_pointer(&work->fresh, store_free); /* what it has not yet written it writes now */
	aside = name_aside(work);
	if (g_file_test(work->path, G_FILE_TEST_EXISTS))
		*out_aside = g_strdup(aside);
	return store_replace(work->path, work->fresh_path, aside, error);
}

static gboolean
finish(Work *work, GError **error)
{
	g_autofree char *aside = NULL;

	if (!only_check && !put_in_place(work, &aside, error))
		return FALSE;
	if (work->app->json)
		print_json(work, aside);
	else
		print_table(work);
	if (aside != NULL && !work->app->json)
		g_print(_("The former database is %s.\n"), aside);
	if (work->report.lost->len > 0)
		return fail(error, PLICO_ERROR_INPUT,
		    ngettext(
			"%u message could not be read again: what the former database has of it was kept",
			"%u messages could not be read again: what the former database has of them was kept",
			work->report.lost->len),
		    work->report.lost->len);
	if (only_check && work->different > 0)
		return fail(error, PLICO_ERROR_INPUT,
		    ngettext("%s: %" PRIu64 " row is not what the archive makes of it",
			"%s: %" PRIu64 " rows are not what the archive makes of them",
			(gulong)work->different),
		    work->path, work->different);
	return TRUE;
}

static gboolean
run(App *app, char **words, GError **error)
{
	g_auto(Work) work = { .app = app };
	g_auto(Fd) lock = -1;
	g_auto(Fd) alone = -1;
	g_autofree char *busy = cmd_path(app, "rebuild.lock");
	gboolean done;

	(void)words;
	work.path = cmd_path(app, "plico.db");
	work.folder = cmd_path(app, ".rebuild");
	work.fresh_path = g_build_filename(work.folder, "plico.db", NULL);
	work.differences = g_ptr_array_new_with_free_func(g_free);
	if (!durable_mkdir(work.folder, error) || !durable_lock(busy, &alone, error) ||
	    (!only_check && !store_lock(work.path, &lock, error)))
		return FALSE;
	done = make(&work, error) && compare(&work, error) && measure(&work, error) &&
	       finish(&work, error);
	app->findings = work.different > 0;
	g_clear_pointer(&work.fresh, store_free);
	remove_fresh(&work);
	(void)g_rmdir(work.folder);
	return done;
}

const Command command_rebuild = {
	.name = "rebuild",
	.summary = N_("make answers, findings and states anew from the archive"),
	.help = N_(
	    "Every message that was read is read again from archive/, in the order of the event log, and what people and the sending side did is kept as it is. The new database is made beside the present one, compared with it row by row, and put in its place in one step; the former one stays as plico.db.before-DATE. Nobody else may use the workspace meanwhile. "
	    "With --check nothing is changed, others may go on, and it ends with 65 where anything would be different. Where the database is lost, --from takes what `plico export log` wrote; messages that came later are read from the archive as if they had just come."),
	.needs = NEEDS_CONFIG | NEEDS_KEYS | OFFERS_JSON,
	.options = options,
	.run = run,
};

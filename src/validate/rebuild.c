/*
 * Everything that follows from the mail, made once more. The event log is gone through from its beginning: what people and the
 * sending side did is written as it was; each message that was read is read again from the archive, at its place in the log and by
 * what was known then.
 */
#include "base/clock.h"
#include "base/error.h"
#include "validate/entry.h"
#include "validate/message.h"
#include "validate/read_ahead.h"
#include "validate/rebuild.h"
#include "validate/replay.h"

#include <string.h>

#define GROUP 2000 /* events of one transaction */

/* What is kept as it is, each behind those that it refers to. */
const char *const rebuild_kept[] = { "unit", "unit_former", "contact", "credential", "delegation",
	"memory", "memory_print", "wave", "dispatch", "dispatch_part", "correction_sheet",
	"message", NULL };

/* The form by which an edition was read. */
typedef struct {
	Form *form; /* (nullable): the present one, which is the caller's */
	FormShelf *shelf;
	IntakeTools tools;
} Past;

typedef struct {
	const IntakeTools *tools;
	Store *old;
	RebuildReport *report;
	PecTrust *trust;
	ReadAhead *ahead;
	Rows *readings;	   /* of the old log: what is to be read next */
	gboolean more;	   /* a row of @readings stands there */
	guint reading;	   /* added to @ahead, and not taken */
	GHashTable *pasts; /* edition -> Past */
	GPtrArray
	    *block; /* of Logged: what one reading has done, as far as the log has been read */
	gint64 message_id; /* whose block it is; 0: none is open */
	char *sha256;
	gint64 spare_id;
	Transaction *transaction;
	guint events; /* in it */
	RebuildProgress progress;
	gpointer data;
} Rebuild;

static void
past_free(gpointer data)
{
	Past *past = data;

	g_clear_pointer(&past->shelf, form_shelf_free);
	g_clear_pointer(&past->form, form_free);
	g_free(past);
}

static void
free_logged(gpointer logged)
{
	logged_free(logged);
}

static void
rebuild_clear(Rebuild *rebuild)
{
	g_clear_pointer(&rebuild->transaction, transaction_free);
	g_clear_pointer(&rebuild->readings, rows_free);
	g_clear_pointer(&rebuild->ahead, read_ahead_free);
	g_clear_pointer(&rebuild->trust, pec_trust_free);
	g_clear_pointer(&rebuild->pasts, g_hash_table_unref);
	g_clear_pointer(&rebuild->block, g_ptr_array_unref);
	g_clear_pointer(&rebuild->sha256, g_free);
	clock_set(-1);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rebuild, rebuild_clear)

/* --- before the first event -------------------------------------------------------------------------------------- */

static gboolean
copy_kept(const Rebuild *rebuild, GError **error)
{
	Store *store = rebuild->tools->store;

	for (gsize i = 0; rebuild_kept[i] != NULL; i++)
		if (!store_copy_table(store, rebuild->old, rebuild_kept[i], error))
			return FALSE;
	return store_run(store, error, SQL_rebuild_forget_readings, "") &&
	       store_run(store, error, SQL_rebuild_forget_revocations, "") &&
	       store_run(store, error, SQL_rebuild_forget_closings, "");
}

static gboolean
count_readings(Rebuild *rebuild, GError **error)
{
	g_autoptr(Rows) rows = store_query(rebuild->old, error, SQL_rebuild_count, "");

	if (rows == NULL || !rows_next(rows, error))
		return FALSE;
	rebuild->report->total = (guint64)rows_int(rows, 0);
	rebuild->spare_id = rows_int(rows, 1) + 1;
	return TRUE;
}

/* --- reading ahead ------------------------------------------------------------------------------------------------- */

static gboolean
next_reading(Rebuild *rebuild, GError **error)
{
	g_autoptr(GError) why = NULL;

	rebuild->more = rows_next(rebuild->readings, &why);
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static gboolean
read_on(Rebuild *rebuild, GError **error)
{
	while (rebuild->more && read_ahead_room(rebuild->ahead) > 0) {
		read_ahead_add(rebuild->ahead, rows_text(rebuild->readings, 0),
		    rows_int(rebuild->readings, 1));
		rebuild->reading++;
		if (!next_reading(rebuild, error))
			return FALSE;
	}
	return TRUE;
}

/* The reading whose place in the log has come. */
static gboolean
take(Rebuild *rebuild, Message *message, GError **error)
{
	if (!read_on(rebuild, error))
		return FALSE;
	g_assert(rebuild->reading > 0);
	message->collected = read_ahead_take(rebuild->ahead, &message->why);
	rebuild->reading--;
	return read_on(rebuild, error);
}

/* --- the edition ------------------------------------------------------------------------------------------------------ */

/* The form of an edition that is over, as its last sheets were. */
static Form *
open_past(const Rebuild *rebuild, const char *edition, const char *shelf, GError **error)
{
	g_autoptr(Rows) rows = store_query(rebuild->old, error, SQL_rebuild_version, "t", edition);
	g_autoptr(GError) why = NULL;

	if (rows == NULL)
		return NULL;
	if (rows_next(rows, &why))
		return form_keep_open(shelf, edition, rows_text(rows, 0), error);
	if (why != NULL)
		g_propagate_error(error, g_steal_pointer(&why));
	else
		fail(error, PLICO_ERROR_CONFIG,
		    _("edition %s: mail was read for it, but no wave tells by which form"),
		    edition);
	return NULL;
}

/* Returns: (transfer none) */
static const Past *
past_of(Rebuild *rebuild, const char *edition, GError **error)
{
	const IntakeTools *tools = rebuild->tools;
	Past *past = g_hash_table_lookup(rebuild->pasts, edition);
	g_autofree char *shelf =
	    g_build_filename(config_workspace(tools->config), "archive", "forms", NULL);
	Form *form = NULL;

	if (past != NULL)
		return past;
	if (strcmp(edition, tools->form->id) != 0) {
		form = open_past(rebuild, edition, shelf, error);
		if (form == NULL)
			return NULL;
	}
	past = g_new0(Past, 1);
	past->form = form;
	past->shelf = form_shelf_new(form != NULL ? form : tools->form, shelf);
	past->tools = *tools;
	past->tools.form = form != NULL ? form : tools->form;
	past->tools.shelf = past->shelf;
	g_hash_table_insert(rebuild->pasts, g_strdup(edition), past);
	return past;
}

/* --- one message ------------------------------------------------------------------------------------------------------ */

/* What the former database has of a message that is not in the archive any more. */
static gboolean
keep_rows(const Rebuild *rebuild, gint64 message_id, GError **error)
{
	static const struct {
		const char *table;
		SqlId rows;
	} tables[] = {
		{ "return", SQL_rebuild_returns_of_message },
		{ "answer", SQL_rebuild_answers_of_message },
		{ "finding", SQL_rebuild_findings_of_message },
	};
	Store *store = rebuild->tools->store;

	for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
		g_autoptr(Rows) rows =
		    store_query(rebuild->old, error, tables[i].rows, "i", message_id);

		if (rows == NULL || !store_copy_rows(store, tables[i].table, rows, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
keep_message(const Rebuild *rebuild, const Message *message, GError **error)
{
	g_autoptr(Rows) rows =
	    store_query(rebuild->old, error, SQL_rebuild_message_read, "t", message->sha256);

	if (rows == NULL || !rows_next(rows, error))
		return FALSE;
	return store_run(rebuild->tools->store, error, SQL_validate_message_done,
	    "ittttt"
	    "ti",
	    message->id, rows_text(rows, 0), rows_text(rows, 1), rows_text(rows, 2),
	    rows_text(rows, 3), rows_text(rows, 4), rows_text(rows, 5), rows_int(rows, 6));
}

/* Neither lost nor made anew: as the former database has it, and told. */
static gboolean
keep_lost(Rebuild *rebuild, const Message *message, GError **error)
{
	Store *store = rebuild->tools->store;

	findings_add(rebuild->report->lost, SEVERITY_ERROR, "lost", message->sha256, "%s",
	    message->why->message);
	if (!keep_rows(rebuild, message->id, error) || !keep_message(rebuild, message, error))
		return FALSE;
	for (guint i = 0; i < rebuild->block->len; i++) {
		const Logged *logged = g_ptr_array_index(rebuild->block, i);

		if (!logged_copy(store, logged, error) ||
		    (strcmp(logged->subject, "return") == 0 &&
			!store_run(store, error, SQL_rebuild_return_state, "it", logged->subject_id,
			    logged->to_state)))
			return FALSE;
	}
	return TRUE;
}

static gboolean
record(Rebuild *rebuild, const Message *message, const char *edition, GError **error)
{
	const Past *past = past_of(rebuild, edition, error);
	Replay replay = { rebuild->tools->store, rebuild->block, 0, &rebuild->spare_id };
	IntakeTools tools;

	if (past == NULL)
		return FALSE;
	tools = past->tools;
	tools.replay = &replay;
	clock_set(((const Logged *)g_ptr_array_index(rebuild->block, rebuild->block->len - 1))->at);
	return message_record(&tools, message, &rebuild->report->intake, error) &&
	       replay_rest(&replay, error);
}

/* The bytes are not there, or not as they were. */
static gboolean
is_lost(const Message *message)
{
	return message->why != NULL && g_error_matches(message->why, PLICO_ERROR, PLICO_ERROR_IO);
}

static gboolean
is_ours(const GError *why)
{
	return why != NULL && !g_error_matches(why, PLICO_ERROR, PLICO_ERROR_INPUT) &&
	       !g_error_matches(why, PLICO_ERROR, PLICO_ERROR_IO);
}

/* The log has come to the end of what @message did. @is_new: it is not read yet; otherwise an earlier reading has brought what this
 * one did then. */
static gboolean
settle(Rebuild *rebuild, Message *message, gboolean is_new, GError **error)
{
	const Logged *last = g_ptr_array_index(rebuild->block, rebuild->block->len - 1);
	Replay rest = { rebuild->tools->store, rebuild->block, 0, &rebuild->spare_id };

	if (message->attempts < ATTEMPTS_MAX && !take(rebuild, message, error))
		return FALSE;
	if (is_ours(message->why)) {
		g_propagate_error(error, g_steal_pointer(&message->why));
		return FALSE;
	}
	rebuild->progress(++rebuild->report->done, rebuild->report->total, rebuild->data);
	if (!is_new)
		return replay_rest(&rest, error);
	if (is_lost(message))
		return keep_lost(rebuild, message, error);
	return record(rebuild, message, last->edition, error);
}

static gboolean
close_block(Rebuild *rebuild, GError **error)
{
	Store *store = rebuild->tools->store;
	g_autoptr(Rows) rows = store_query(store, error, SQL_rebuild_message, "t", rebuild->sha256);
	g_autoptr(Rows) before =
	    store_query(rebuild->old, error, SQL_rebuild_message, "t", rebuild->sha256);
	Message *message;
	gboolean is_new, done;

	if (rows == NULL || before == NULL || !rows_next(rows, error) || !rows_next(before, error))
		return FALSE;
	message = g_new0(Message, 1);
	message->id = rows_int(rows, 0);
	message->received_at = rows_int(rows, 1);
	message->sha256 = g_strdup(rebuild->sha256);
	is_new = strcmp(rows_text(rows, 2), "new") == 0;
	if (strcmp(rows_text(before, 3), "crash") == 0)
		message->attempts = ATTEMPTS_MAX;
	g_clear_pointer(&rows, rows_free);
	done = settle(rebuild, message, is_new, error);
	message_free(message);
	g_ptr_array_set_size(rebuild->block, 0);
	rebuild->message_id = 0;
	return done;
}

/* --- one event ---------------------------------------------------------------------------------------------------------- */

/* The evidence of a reading is the message that is read, and nothing else happens until it is done: it is one transaction. */
static gboolean
opens_block(Rebuild *rebuild, const Logged *logged, gboolean *out, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = NULL;

	*out = FALSE;
	if (*logged->evidence == '\0' || strcmp(logged->what, "message.received") == 0)
		return TRUE;
	rows =
	    store_query(rebuild->tools->store, error, SQL_rebuild_message, "t", logged->evidence);
	if (rows == NULL)
		return FALSE;
	if (rows_next(rows, &why) &&
	    (strcmp(rows_text(rows, 2), "new") == 0 || strcmp(logged->from_state, "new") == 0)) {
		*out = TRUE;
		rebuild->message_id = rows_int(rows, 0);
		g_free(rebuild->sha256);
		rebuild->sha256 = g_strdup(logged->evidence);
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static gboolean
closes_block(const Rebuild *rebuild, const Logged *logged)
{
	return strcmp(logged->subject, "message") == 0 &&
	       logged->subject_id == rebuild->message_id && strcmp(logged->from_state, "new") == 0;
}

/* A new code makes the ones before it old, from here on. */
static gboolean
revoke_codes(const Rebuild *rebuild, gint64 unit_id, gint64 until, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(rebuild->old, error, SQL_rebuild_revocations, "i", unit_id);

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why))
		if (rows_int(rows, 3) <= until &&
		    !store_run(rebuild->tools->store, error, SQL_rebuild_revoke, "tiii",
			rows_text(rows, 0), rows_int(rows, 1), rows_int(rows, 2),
			rows_int(rows, 3)))
			return FALSE;
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* What a person has typed in is read again from where it was kept. */
static gboolean
enter_again(Rebuild *rebuild, const Logged *logged, GError **error)
{
	const Past *past = past_of(rebuild, logged->edition, error);

	if (past == NULL)
		return FALSE;
	clock_set(logged->at);
	return entry_restore(&past->tools, logged->subject_id, logged->evidence, error);
}

/* What the event changed, beside the log. */
static gboolean
follow(Rebuild *rebuild, const Logged *logged, GError **error)
{
	Store *store = rebuild->tools->store;

	if (strcmp(logged->what, "return.entered") == 0 && !enter_again(rebuild, logged, error))
		return FALSE;
	if (strcmp(logged->subject, "return") == 0)
		return store_run(store, error, SQL_rebuild_return_decided, "it", logged->subject_id,
		    logged->to_state);
	if (strcmp(logged->subject, "message") == 0 &&
	    strcmp(logged->what, "message.received") != 0)
		return store_run(store, error, SQL_rebuild_message_state, "it", logged->subject_id,
		    logged->to_state);
	if (strcmp(logged->what, "credential.reissued") == 0)
		return revoke_codes(rebuild, logged->unit_id, logged->at, error);
	if (strcmp(logged->what, "unit.closed") == 0 || strcmp(logged->what, "unit.changed") == 0)
		return store_run(store, error, SQL_rebuild_close, "ii", logged->unit_id,
		    strcmp(logged->to_state, "closed") == 0 ? logged->at : 0);
	return TRUE;
}

static gboolean
replay(Rebuild *rebuild, Logged *logged, GError **error)
{
	g_autoptr(Logged) mine = logged;
	gboolean opens;

	if (rebuild->message_id == 0) {
		if (!opens_block(rebuild, mine, &opens, error))
			return FALSE;
		if (!opens)
			return logged_copy(rebuild->tools->store, mine, error) &&
			       follow(rebuild, mine, error);
	}
	g_ptr_array_add(rebuild->block, g_steal_pointer(&mine));
	return !closes_block(rebuild, logged) || close_block(rebuild, error);
}

/* --- all of them ---------------------------------------------------------------------------------------------------- */

static gboolean
commit(Rebuild *rebuild, GError **error)
{
	g_autoptr(Transaction) transaction = g_steal_pointer(&rebuild->transaction);

	rebuild->events = 0;
	return transaction_commit(transaction, error);
}

static gboolean
replay_all(Rebuild *rebuild, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(rebuild->old, error, SQL_rebuild_events, "");

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why)) {
		if (rebuild->transaction == NULL)
			rebuild->transaction = transaction_begin(rebuild->tools->store, error);
		if (rebuild->transaction == NULL || !replay(rebuild, logged_from(rows), error))
			return FALSE;
		if (++rebuild->events >= GROUP && rebuild->message_id == 0 &&
		    !commit(rebuild, error))
			return FALSE;
	}
	if (why == NULL)
		return rebuild->transaction == NULL || commit(rebuild, error);
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* The registry as it is now, whatever the log made of it on the way. */
static gboolean
restore_registry(const Rebuild *rebuild, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(rebuild->old, error, SQL_rebuild_closings, "");

	if (rows == NULL || !revoke_codes(rebuild, 0, G_MAXINT64, error))
		return FALSE;
	while (rows_next(rows, &why))
		if (!store_run(rebuild->tools->store, error, SQL_rebuild_close, "ii",
			rows_int(rows, 0), rows_int(rows, 1)))
			return FALSE;
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* Those of which sheets went out, and the present one, even where no mail came for them. */
static gboolean
know_editions(Rebuild *rebuild, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(rebuild->old, error, SQL_rebuild_editions, "");

	if (rows == NULL || past_of(rebuild, rebuild->tools->form->id, error) == NULL)
		return FALSE;
	while (rows_next(rows, &why))
		if (past_of(rebuild, rows_text(rows, 0), error) == NULL)
			return FALSE;
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static gboolean
tell_editions(Rebuild *rebuild, RebuildEdition each, GError **error)
{
	GHashTableIter iter;
	gpointer past;

	if (!know_editions(rebuild, error))
		return FALSE;
	g_hash_table_iter_init(&iter, rebuild->pasts);
	while (g_hash_table_iter_next(&iter, NULL, &past))
		if (!each(((const Past *)past)->tools.form, rebuild->data, error))
			return FALSE;
	return TRUE;
}

void
rebuild_report_clear(RebuildReport *report)
{
	g_clear_pointer(&report->lost, g_ptr_array_unref);
}

gboolean
rebuild_run(const IntakeTools *tools, Store *old, RebuildReport *report, RebuildProgress progress,
    RebuildEdition each, gpointer data, GError **error)
{
	g_autofree char *archive =
	    g_build_filename(config_workspace(tools->config), "archive", NULL);
	g_auto(Rebuild) rebuild = {
		.tools = tools, .old = old, .report = report, .progress = progress, .data = data
	};

	report->lost = findings_new();
	rebuild.pasts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, past_free);
	rebuild.block = g_ptr_array_new_with_free_func(free_logged);
	rebuild.trust = pec_trust_open(config_text(tools->config, CONFIG_pec_certificates),
	    config_text(tools->config, CONFIG_mail_from), error);
	if (rebuild.trust == NULL)
		return FALSE;
	collect_prepare();
	rebuild.ahead = read_ahead_new(archive, rebuild.trust);
	rebuild.readings = store_query(old, error, SQL_rebuild_readings, "");
	rebuild.transaction = transaction_begin(tools->store, error);
	return rebuild.readings != NULL && rebuild.transaction != NULL &&
	       next_reading(&rebuild, error) && count_readings(&rebuild, error) &&
	       read_on(&rebuild, error) && copy_kept(&rebuild, error) && commit(&rebuild, error) &&
	       replay_all(&rebuild, error) &&
	       (rebuild.transaction = transaction_begin(tools->store, error)) != NULL &&
	       restore_registry(&rebuild, error) && commit(&rebuild, error) &&
	       tell_editions(&rebuild, each, error);
}

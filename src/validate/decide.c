/* What a person decides about what waits. */
#include "base/archive.h"
#include "base/error.h"
#include "validate/entry.h"
#include "validate/paper.h"
#include "validate/record.h"
#include "validate/reply.h"
#include "validate/takeover.h"

#include <string.h>

typedef struct {
	gint64 id;
	char *state;
	char *edition;
	gint64 unit_id;
	char *section;
	char *answers_sha256;
	char *message_sha256;
	char *trust;
	char *reason;
	gint64 base;	   /* the return whose other answers it takes along; 0 */
	gboolean findings; /* errors among them */
	gboolean confirmed;
} Waiting;

static void
waiting_clear(Waiting *waiting)
{
	g_free(waiting->state);
	g_free(waiting->edition);
	g_free(waiting->section);
	g_free(waiting->answers_sha256);
	g_free(waiting->message_sha256);
	g_free(waiting->trust);
	g_free(waiting->reason);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Waiting, waiting_clear)

static gboolean
load_return(Store *store, gint64 id, Waiting *out, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, SQL_validate_return_get, "i", id);

	if (rows == NULL)
		return FALSE;
	if (!rows_next(rows, &why)) {
		if (why == NULL)
			return fail(error, PLICO_ERROR_NOT_FOUND,
			    _("return %" PRId64 ": is not there; plico quarantine list shows them"),
			    id);
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	out->id = id;
	out->state = g_strdup(rows_text(rows, 0));
	out->edition = g_strdup(rows_text(rows, 1));
	out->unit_id = rows_int(rows, 2);
	out->section = g_strdup(rows_text(rows, 3));
	out->answers_sha256 = g_strdup(rows_text(rows, 4));
	out->message_sha256 = g_strdup(rows_text(rows, 5));
	out->trust = g_strdup(rows_text(rows, 6));
	out->findings = rows_int(rows, 7) != 0;
	out->confirmed = rows_int(rows, 8) != 0;
	out->reason = g_strdup(rows_text(rows, 9));
	out->base = rows_int(rows, 10);
	return TRUE;
}

static gboolean
is_waiting(const Waiting *waiting, GError **error)
{
	if (strcmp(waiting->state, "held") == 0 || strcmp(waiting->state, "quarantined") == 0)
		return TRUE;
	return fail(error, PLICO_ERROR_INPUT,
	    _("return %" PRId64 ": is %s, nothing is to be decided"), waiting->id,
	    _(waiting->state));
}

static gboolean
says_why(const char *note, GError **error)
{
	return *note != '\0' || fail(error, PLICO_ERROR_USAGE, _("say why: --note TEXT"));
}

static Event
event_of(const IntakeTools *tools, const Waiting *waiting, const char *actor)
{
	gboolean genuine = *waiting->answers_sha256 != '\0'; /* else its unit is a claim */

	return (Event){
		.actor = actor,
		.edition = tools->form->id,
		.unit_id = genuine ? waiting->unit_id : 0,
		.section = genuine ? waiting->section : "",
		.subject = "return",
		.subject_id = waiting->id,
		.from_state = waiting->state,
		.evidence = waiting->message_sha256,
	};
}

/* A later return of the same section that counts already must not be pushed aside by an older one. */
static gboolean
is_newest(const GPtrArray *rivals, const Waiting *waiting, GError **error)
{
	for (guint i = 0; i < rivals->len; i++) {
		const Rival *rival = g_ptr_array_index(rivals, i);

		if (rival->id > waiting->id && strcmp(rival->state, "applied") == 0)
			return fail(error, PLICO_ERROR_INPUT,
			    _("return %" PRId64 ": return %" PRId64
			      ", which counts for this section, came later; reject the older one"),
			    waiting->id, rival->id);
	}
	return TRUE;
}

/* Other answers than those that it was read with have come to count: they would be lost. */
static gboolean
is_upon_base(const GPtrArray *rivals, const Waiting *waiting, GError **error)
{
	for (guint i = 0; waiting->base != 0 && i < rivals->len; i++) {
		const Rival *rival = g_ptr_array_index(rivals, i);

		if (strcmp(rival->state, "applied") == 0 && rival->id != waiting->base)
			return fail(error, PLICO_ERROR_INPUT,
			    _("return %" PRId64 ": it corrects return %" PRId64
			      ", and return %" PRId64
			      " counts now; reject it and ask for the correction again"),
			    waiting->id, waiting->base, rival->id);
	}
	return TRUE;
}

/* Those that came before @waiting: a later held one still waits for its own decision. */
static void
keep_older(GPtrArray *rivals, const Waiting *waiting)
{
	for (guint i = rivals->len; i > 0; i--) {
		const Rival *rival = g_ptr_array_index(rivals, i - 1);

		if (rival->id >= waiting->id)
			g_ptr_array_remove_index(rivals, i - 1);
	}
}

/* A delegation sheet that a person believes. */
static gboolean
take_over(const IntakeTools *tools, const Waiting *waiting, const char *actor, GError **error)
{
	g_autoptr(StoredAnswers) stored = NULL;

	if (strcmp(waiting->section, FORM_DELEGATION) != 0)
		return TRUE;
	stored = stored_answers_of_return(tools->store, waiting->id, error);
	return stored != NULL &&
	       takeover_apply(tools, waiting->unit_id, stored->values, waiting->id, actor, error);
}

static gboolean
apply(const IntakeTools *tools, const Waiting *waiting, const char *actor, const char *note,
    GError **error)
{
	g_autoptr(GPtrArray) rivals =
	    record_rivals(tools, waiting->unit_id, waiting->section, error);
	Event event = event_of(tools, waiting, actor);
	Event decision = event;

	if (rivals == NULL || !is_newest(rivals, waiting, error) ||
	    !is_upon_base(rivals, waiting, error))
		return FALSE;
	keep_older(rivals, waiting);
	/* the decision and the change of state are two rows: the note of the second is status's */
	decision.what = "return.accepted";
	decision.to_state = waiting->state;
	decision.note = note;
	event.what = "return.applied";
	event.to_state = "applied";
	event.note = waiting->findings ? "findings" : waiting->confirmed ? "confirmed" : "";
	return store_event(tools->store, &decision, error) &&
	       record_supersede(tools, rivals, waiting->id, &event, error) &&
	       store_run(tools->store, error, SQL_validate_return_state, "itt", waiting->id,
		   "applied", "operator") &&
	       store_event(tools->store, &event, error) &&
	       take_over(tools, waiting, actor, error) &&
	       reply_to_return(tools, waiting->id, error);
}

gboolean
intake_accept(
    const IntakeTools *tools, gint64 return_id, const char *actor, const char *note, GError **error)
{
	g_autoptr(Transaction) transaction = transaction_begin(tools->store, error);
	g_auto(Waiting) waiting = { 0 };

	if (transaction == NULL || !load_return(tools->store, return_id, &waiting, error) ||
	    !is_waiting(&waiting, error))
		return FALSE;
	if (*waiting.answers_sha256 == '\0')
		return fail(error, PLICO_ERROR_INPUT,
		    _("return %" PRId64
		      ": no answers could be read from it; reject it and ask for the sheet again"),
		    return_id);
	if (paper_is_partial(waiting.reason))
		return fail(error, PLICO_ERROR_INPUT,
		    _("return %" PRId64
		      ": not all of it could be read: plico quarantine enter puts its pages before you"),
		    return_id);
	if (strcmp(waiting.edition, tools->form->id) != 0)
		return fail(error, PLICO_ERROR_INPUT,
		    _("return %" PRId64 ": belongs to the edition %s"), return_id, waiting.edition);
	return apply(tools, &waiting, actor, note, error) && transaction_commit(transaction, error);
}

/* Keeps what was typed, and puts it in the place of what was read. @out: the return as it is then. */
static gboolean
take_entry(const IntakeTools *tools, gint64 return_id, const FieldSet *fields, const char *actor,
    const char *note, Waiting *out, GError **error)
{
	g_autofree char *archive =
	    g_build_filename(config_workspace(tools->config), "archive", NULL);
	g_autoptr(GBytes) text = entry_write(fields);
	g_autoptr(FieldSet) typed = entry_read(text, "", error);
	g_autofree char *sha256 = NULL;
	Event event;

	if (typed == NULL || !entry_store(tools, return_id, typed, error) ||
	    !archive_put(archive, text, &sha256, error) ||
	    !load_return(tools->store, return_id, out, error))
		return FALSE;
	event = event_of(tools, out, actor);
	event.what = "return.entered";
	event.to_state = out->state;
	event.evidence = sha256;
	event.note = note;
	return store_event(tools->store, &event, error);
}

gboolean
intake_enter(const IntakeTools *tools, gint64 return_id, const FieldSet *fields, const char *actor,
    const char *note, GError **error)
{
	g_autoptr(Transaction) transaction = transaction_begin(tools->store, error);
	g_auto(Waiting) before = { 0 };
	g_auto(Waiting) waiting = { 0 };

	if (transaction == NULL || !load_return(tools->store, return_id, &before, error) ||
	    !is_waiting(&before, error))
		return FALSE;
	if (!paper_is_enterable(before.reason))
		return fail(error, PLICO_ERROR_INPUT,
		    _("return %" PRId64
		      ": nothing in it is to be read by a person; plico quarantine accept takes it as it is"),
		    return_id);
	return take_entry(tools, return_id, fields, actor, note, &waiting, error) &&
	       apply(tools, &waiting, actor, note, error) && transaction_commit(transaction, error);
}

gboolean
intake_reject(
    const IntakeTools *tools, gint64 return_id, const char *actor, const char *note, GError **error)
{
	g_autoptr(Transaction) transaction = transaction_begin(tools->store, error);
	g_auto(Waiting) waiting = { 0 };
	Event event;

	if (transaction == NULL || !load_return(tools->store, return_id, &waiting, error) ||
	    !is_waiting(&waiting, error) || !says_why(note, error))
		return FALSE;
	event = event_of(tools, &waiting, actor);
	event.what = "return.rejected";
	event.to_state = "rejected";
	event.note = note;
	return store_run(tools->store, error, SQL_validate_return_state, "itt", return_id,
		   "rejected", waiting.trust) &&
	       store_event(tools->store, &event, error) && transaction_commit(transaction, error);
}

/* --- once more --------------------------------------------------------------------------------------------------- */

static gboolean
may_reopen(const IntakeTools *tools, gint64 unit_id, const char *section, GError **error)
{
	g_autoptr(GPtrArray) rivals = record_rivals(tools, unit_id, section, error);
	gboolean counts = FALSE;
	gboolean reopened;

	if (rivals == NULL || !record_reopened(tools, unit_id, section, &reopened, error))
		return FALSE;
	for (guint i = 0; i < rivals->len; i++)
		counts = counts || strcmp(((const Rival *)g_ptr_array_index(rivals, i))->state,
				       "applied") == 0;
	if (counts && !reopened)
		return TRUE;
	return fail(error, PLICO_ERROR_INPUT,
	    reopened ? _("section %s: is awaited once more already")
		     : _("section %s: no answers count yet, it is awaited anyway"),
	    section);
}

gboolean
intake_reopen(const IntakeTools *tools, gint64 unit_id, const char *section, const char *actor,
    const char *note, GError **error)
{
	g_autoptr(Transaction) transaction = NULL;
	const Event event = {
		.actor = actor,
		.edition = tools->form->id,
		.unit_id = unit_id,
		.section = section,
		.subject = "unit",
		.subject_id = unit_id,
		.what = "section.reopened",
		.note = note,
	};

	if (!says_why(note, error))
		return FALSE;
	transaction = transaction_begin(tools->store, error);
	return transaction != NULL && may_reopen(tools, unit_id, section, error) &&
	       store_event(tools->store, &event, error) && transaction_commit(transaction, error);
}

/* --- messages ------------------------------------------------------------------------------------------------------ */

/* From quarantine to @to. */
static gboolean
move_message(const IntakeTools *tools, gint64 message_id, const char *what, const char *to,
    const char *actor, const char *note, GError **error)
{
	g_autoptr(Transaction) transaction = transaction_begin(tools->store, error);
	const Event event = {
		.actor = actor,
		.edition = tools->form->id,
		.subject = "message",
		.subject_id = message_id,
		.what = what,
		.from_state = "quarantined",
		.to_state = to,
		.note = note,
	};

	if (transaction == NULL ||
	    !store_run(tools->store, error, SQL_validate_message_release, "it", message_id, to))
		return FALSE;
	if (store_changes(tools->store) != 1)
		return fail(error, PLICO_ERROR_NOT_FOUND,
		    _("message m%" PRId64 ": is not in quarantine, or has given returns already"),
		    message_id);
	return store_event(tools->store, &event, error) && transaction_commit(transaction, error);
}

gboolean
intake_dismiss(const IntakeTools *tools, gint64 message_id, const char *actor, const char *note,
    GError **error)
{
	return says_why(note, error) &&
	       move_message(tools, message_id, "message.dismissed", "parsed", actor, note, error);
}

gboolean
intake_retry(const IntakeTools *tools, gint64 message_id, const char *actor, const char *note,
    GError **error)
{
	return move_message(tools, message_id, "message.retried", "new", actor, note, error);
}

/* The credentials of units: which serial counts, and what recognises its code. */
#include "outbox/rows.h"

#include "base/clock.h"
#include "base/error.h"

/* The code itself is derived again for each letter; the store keeps only what recognises it. */
gboolean
outbox_issue(const OutboxTools *tools, const Unit *unit, gint64 serial, GError **error)
{
	const char *kid = keyring_current(tools->keyring);
	g_autofree char *code =
	    keyring_access_code(tools->keyring, kid, tools->form->id, unit->code, (guint)serial);
	g_autoptr(GBytes) verifier = keyring_verifier(tools->keyring, kid, code);

	return store_run(tools->store, error, SQL_outbox_credential_insert, "tiitbi",
	    tools->form->id, unit->id, serial, kid, verifier, clock_now());
}

gboolean
outbox_serial(Store *store, const char *edition, gint64 unit_id, gint64 *out, GError **error)
{
	return store_int(
	    store, out, 0, error, SQL_outbox_credential_newest, "ti", edition, unit_id);
}

/* A message that waits was planned with the present credential: it would bring a code that counts no more, or other bytes
 * than on its first attempt. */
static gboolean
nothing_waits(const OutboxTools *tools, const Unit *unit, GError **error)
{
	gint64 waiting;

	if (!store_int(tools->store, &waiting, 0, error, SQL_outbox_dispatch_waiting, "ti",
		tools->form->id, unit->id))
		return FALSE;
	if (waiting == 0)
		return TRUE;
	return fail(error, PLICO_ERROR_INPUT,
	    ngettext("%s: %" PRId64
		     " message to it is still to leave; send it or cancel its wave first",
		"%s: %" PRId64
		" messages to it are still to leave; send them or cancel their wave first",
		(gulong)waiting),
	    unit->name, waiting);
}

static gboolean
replace_credential(const OutboxTools *tools, const Unit *unit, gint64 had, const char *actor,
    const char *note, GError **error)
{
	g_autofree char *from = g_strdup_printf("%" PRId64, had);
	g_autofree char *to = g_strdup_printf("%" PRId64, had + 1);
	const Event event = { .actor = actor,
		.edition = tools->form->id,
		.unit_id = unit->id,
		.subject = "credential",
		.subject_id = had + 1,
		.what = "credential.reissued",
		.from_state = from,
		.to_state = to,
		.note = note };

	return store_run(tools->store, error, SQL_outbox_credential_revoke, "tii", tools->form->id,
		   unit->id, clock_now()) &&
	       outbox_issue(tools, unit, had + 1, error) &&
	       store_event(tools->store, &event, error);
}

gboolean
outbox_reissue(const OutboxTools *tools, const Unit *unit, const char *actor, const char *note,
    gint64 *out_serial, GError **error)
{
	g_autoptr(Transaction) tx = NULL;
	gint64 had;

	if (*note == '\0')
		return fail(
		    error, PLICO_ERROR_USAGE, _("--note: say why the unit gets a new access code"));
	if (unit->closed)
		return fail(
		    error, PLICO_ERROR_INPUT, _("%s is closed in the registry"), unit->name);
	tx = transaction_begin(tools->store, error);
	if (tx == NULL || !outbox_serial(tools->store, tools->form->id, unit->id, &had, error))
		return FALSE;
	if (had == 0)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s: it has no access code yet; `plico wave plan` gives it its first"),
		    unit->name);
	if (!nothing_waits(tools, unit, error) ||
	    !replace_credential(tools, unit, had, actor, note, error))
		return FALSE;
	*out_serial = had + 1;
	return transaction_commit(tx, error);
}

gboolean
outbox_shows_code(const Dispatch *dispatch)
{
	return kind_of(dispatch->kind)->letter != NULL;
}

/* Whether a server may have it already: then to see it is to print a letter a second time. */
static gboolean
has_left(const Dispatch *dispatch)
{
	static const char *const waiting[] = { "queued", "deferred", "cancelled", NULL };

	return !g_strv_contains(waiting, dispatch->state);
}

gboolean
outbox_note_shown(
    Store *store, const Dispatch *dispatch, const char *actor, const char *note, GError **error)
{
	g_autofree char *serial = g_strdup_printf("%" PRId64, dispatch->serial);
	const Event event = { .actor = actor,
		.edition = dispatch->edition,
		.unit_id = dispatch->unit_id,
		.subject = "credential",
		.subject_id = dispatch->serial,
		.what = has_left(dispatch) ? "credential.reprinted" : "credential.previewed",
		.from_state = serial,
		.to_state = serial,
		.note = note };

	if (!outbox_shows_code(dispatch))
		return TRUE;
	if (has_left(dispatch) && *note == '\0')
		return fail(error, PLICO_ERROR_USAGE,
		    _("dispatch %" PRId64
		      " to %s has left: to print its access code once more say why, by --note"),
		    dispatch->id, dispatch->address);
	return store_event(store, &event, error);
}

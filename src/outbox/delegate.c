/* Messages to those who were given sections: which delegation is theirs, and what becomes of them when that changes before
 * they leave. A message never loses a part: it is cancelled, and one with the rest takes its place, so that no two messages
 * have the same Message-ID. */
#include "outbox/delegate.h"

#include "base/clock.h"
#include "base/error.h"
#include "outbox/rows.h"

#include <string.h>

static gboolean
is_withdrawal(const char *kind)
{
	return strcmp(kind, "withdrawal") == 0;
}

/* --- writing ---------------------------------------------------------------------------------------------------- */

static gboolean
take_section(const OutboxTools *tools, const DelegateDraft *draft, gint64 unit_id,
    const char *section, gint64 id, GError **error)
{
	const char *edition = tools->form->id;

	return is_withdrawal(draft->kind)
		   ? store_run(tools->store, error, SQL_outbox_withdrawals_take, "tittii", edition,
			 unit_id, section, draft->address, id, draft->replaces)
		   : store_run(tools->store, error, SQL_outbox_sections_take, "titii", edition,
			 unit_id, section, id, draft->replaces);
}

static gboolean
write_town(const OutboxTools *tools, const DelegateDraft *draft, const MailTown *town, gint64 id,
    GError **error)
{
	g_auto(GStrv) sections = g_strsplit(town->sections, " ", 0);

	if (!store_run(tools->store, error, SQL_outbox_town_insert, "iitititt", id, town->unit_id,
		town->sections, town->serial, town->lang, town->memory, town->facts, town->name))
		return FALSE;
	for (gsize i = 0; sections[i] != NULL; i++)
		if (!take_section(tools, draft, town->unit_id, sections[i], id, error))
			return FALSE;
	return TRUE;
}

gboolean
delegate_write(const OutboxTools *tools, const DelegateDraft *draft, GError **error)
{
	const MailTown *first = g_ptr_array_index(draft->towns, 0);
	g_autoptr(Unit) unit = registry_unit(tools->store, first->unit_id, error);
	g_autofree char *lang = towns_lang(draft->towns);
	g_autofree char *message_id = NULL;
	Dispatch dispatch = { .edition = tools->form->id,
		.unit_id = first->unit_id,
		.kind = (gpointer)(gsize)draft->kind };

	if (unit == NULL ||
	    !store_int(tools->store, &dispatch.serial, 1, error, SQL_outbox_delegate_serial, "tti",
		tools->form->id, draft->kind, first->unit_id))
		return FALSE;
	message_id = outbox_message_id(tools, draft->kind, unit, "", dispatch.serial);
	if (!store_run(tools->store, error, SQL_outbox_delegate_insert, "itititttti",
		draft->wave_id, tools->form->id, first->unit_id, draft->kind, dispatch.serial,
		draft->address, draft->channel, lang, message_id, clock_now()))
		return FALSE;
	dispatch.id = store_last_id(tools->store);
	for (guint i = 0; i < draft->towns->len; i++)
		if (!write_town(
			tools, draft, g_ptr_array_index(draft->towns, i), dispatch.id, error))
			return FALSE;
	return outbox_event(tools->store, &dispatch, "dispatch.queued", "", "queued", "", error);
}

/* --- what is still to be said -------------------------------------------------------------------------------------- */

static char *
place_key(gint64 unit_id, const char *section)
{
	return g_strdup_printf("%" PRId64 " %s", unit_id, section);
}

/* A set of "unit section": what @dispatch is still to carry or to tell. Returns: (transfer full), NULL on error */
static GHashTable *
load_due(const OutboxTools *tools, const Dispatch *dispatch, GError **error)
{
	g_autoptr(GHashTable) places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(tools->store, error,
	    is_withdrawal(dispatch->kind) ? SQL_outbox_withdrawals_due : SQL_outbox_sections_due,
	    "i", dispatch->id);

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why))
		g_hash_table_add(places, place_key(rows_int(rows, 0), rows_text(rows, 1)));
	if (why == NULL)
		return g_steal_pointer(&places);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

/* What is left of a message, and the first thing that is not. */
typedef struct {
	GPtrArray *towns; /* of MailTown: those of which something is left, with that */
	char *why;	  /* (nullable): NULL where all is left */
} Rest;

static void
rest_clear(Rest *rest)
{
	g_clear_pointer(&rest->towns, g_ptr_array_unref);
	g_free(rest->why);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rest, rest_clear)

/* Leaves those sections in @town that are among @due. */
static gboolean
keep_due(const OutboxTools *tools, MailTown *town, GHashTable *due, Rest *rest, GError **error)
{
	g_auto(GStrv) names = g_strsplit(town->sections, " ", 0);
	g_autoptr(GStrvBuilder) kept = g_strv_builder_new();
	g_auto(GStrv) left = NULL;
	const char *closing;

	if (!outbox_closing(tools->store, tools->form->id, town->unit_id, &closing, error))
		return FALSE;
	for (gsize i = 0; names[i] != NULL; i++) {
		g_autofree char *key = place_key(town->unit_id, names[i]);

		if (closing == NULL && g_hash_table_contains(due, key))
			g_strv_builder_add(kept, names[i]);
		else if (rest->why == NULL && closing != NULL)
			rest->why = outbox_closing_words(closing);
		else if (rest->why == NULL)
			rest->why = g_strdup_printf(
			    _("section %s has come, or was given to somebody else"), names[i]);
	}
	left = g_strv_builder_end(kept);
	g_free(town->sections);
	town->sections = g_strjoinv(" ", left);
	return TRUE;
}

static gboolean
find_rest(const OutboxTools *tools, const Dispatch *dispatch, Rest *rest, GError **error)
{
	g_autoptr(GHashTable) due = load_due(tools, dispatch, error);
	g_autoptr(GPtrArray) towns =
	    due != NULL ? towns_of_delegate(tools->store, dispatch->id, error) : NULL;

	if (towns == NULL)
		return FALSE;
	rest->towns = g_ptr_array_new_with_free_func((GDestroyNotify)mail_town_free);
	while (towns->len > 0) {
		g_autoptr(MailTown) town = g_ptr_array_steal_index(towns, 0);

		if (!keep_due(tools, town, due, rest, error))
			return FALSE;
		if (*town->sections != '\0')
			g_ptr_array_add(rest->towns, g_steal_pointer(&town));
	}
	return TRUE;
}

/* A message that confirms delegations says how they stand after the change that it is about. */
static gboolean
find_change(const OutboxTools *tools, const Dispatch *dispatch, char **why, GError **error)
{
	gint64 changes;

	if (!store_int(tools->store, &changes, 0, error, SQL_outbox_delegations_changes, "ti",
		dispatch->edition, dispatch->unit_id))
		return FALSE;
	if (changes != dispatch->serial)
		*why = g_strdup(_("the delegations have changed since"));
	return TRUE;
}

static gboolean
replace(const OutboxTools *tools, const Dispatch *dispatch, const Rest *rest, GError **error)
{
	const DelegateDraft draft = { dispatch->wave_id, dispatch->kind, dispatch->address,
		dispatch->channel, rest->towns, dispatch->id };

	return rest->towns->len == 0 || delegate_write(tools, &draft, error);
}

gboolean
delegate_find_end(const OutboxTools *tools, const Dispatch *dispatch, char **why, GError **error)
{
	g_auto(Rest) rest = { 0 };
	g_autoptr(Transaction) tx = NULL;

	if (!kind_of(dispatch->kind)->delegate)
		return find_change(tools, dispatch, why, error);
	if (!find_rest(tools, dispatch, &rest, error))
		return FALSE;
	if (rest.why == NULL)
		return TRUE;
	*why = g_steal_pointer(&rest.why);
	tx = transaction_begin(tools->store, error);
	return tx != NULL && replace(tools, dispatch, &rest, error) &&
	       transaction_commit(tx, error);
}

/* --- a change before they leave ------------------------------------------------------------------------------------- */

static gboolean
cancel(const OutboxTools *tools, const Dispatch *dispatch, const char *why, GError **error)
{
	return store_run(tools->store, error, SQL_outbox_delegate_cancel, "iit", dispatch->id,
		   clock_now(), why) &&
	       outbox_event(tools->store, dispatch, "dispatch.cancelled", dispatch->state,
		   "cancelled", why, error);
}

static gboolean
revise(const OutboxTools *tools, const Dispatch *dispatch, GError **error)
{
	g_auto(Rest) rest = { 0 };

	if (!kind_of(dispatch->kind)->delegate)
		return find_change(tools, dispatch, &rest.why, error) &&
		       (rest.why == NULL || cancel(tools, dispatch, rest.why, error));
	if (!find_rest(tools, dispatch, &rest, error))
		return FALSE;
	return rest.why == NULL ||
	       (cancel(tools, dispatch, rest.why, error) && replace(tools, dispatch, &rest, error));
}

/* @withdrawals: those first, because what was given back to the same person is his or hers by the message of then. */
static gboolean
revise_all(const OutboxTools *tools, const GPtrArray *waiting, gboolean withdrawals, GError **error)
{
	for (guint i = 0; i < waiting->len; i++) {
		const Dispatch *dispatch = g_ptr_array_index(waiting, i);

		if (is_withdrawal(dispatch->kind) == withdrawals && !revise(tools, dispatch, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
outbox_revise_delegates(const OutboxTools *tools, gint64 unit_id, GError **error)
{
	const char *edition = tools->form->id;
	g_autoptr(Rows) rows =
	    store_query(tools->store, error, SQL_outbox_delegate_waiting, "ti", edition, unit_id);
	g_autoptr(GPtrArray) waiting = rows != NULL ? outbox_dispatches_from(rows, error) : NULL;

	if (waiting == NULL)
		return FALSE;
	g_clear_pointer(&rows, rows_free);
	return revise_all(tools, waiting, TRUE, error) &&
	       store_run(tools->store, error, SQL_outbox_sections_adopt, "ti", edition, unit_id) &&
	       revise_all(tools, waiting, FALSE, error);
}

/* --- what became of them --------------------------------------------------------------------------------------------- */

void
delegation_mail_free(DelegationMail *mail)
{
	if (mail == NULL)
		return;
	g_free(mail->section);
	g_free(mail->address);
	g_free(mail->reason);
	g_free(mail);
}

/* What it says of a dispatch's state. */
static const struct {
	const char *state;
	DelegationMailState says;
} says[] = {
	{ "queued", DELEGATION_MAIL_PLANNED },
	{ "claimed", DELEGATION_MAIL_PLANNED },
	{ "dot", DELEGATION_MAIL_PLANNED },
	{ "deferred", DELEGATION_MAIL_PLANNED },
	{ "sent", DELEGATION_MAIL_SENT },
	{ "failed", DELEGATION_MAIL_FAILED },
	{ "unknown", DELEGATION_MAIL_UNKNOWN },
};

static DelegationMailState
mail_state(const char *state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(says); i++)
		if (strcmp(says[i].state, state) == 0)
			return says[i].says;
	return DELEGATION_MAIL_NONE; /* cancelled, or none at all */
}

static DelegationMail *
mail_from(Rows *rows)
{
	DelegationMail *mail = g_new0(DelegationMail, 1);

	mail->delegation_id = rows_int(rows, 0);
	mail->unit_id = rows_int(rows, 1);
	mail->section = g_strdup(rows_text(rows, 2));
	mail->address = g_strdup(rows_text(rows, 3));
	mail->state = mail_state(rows_text(rows, 4));
	mail->returned = rows_int(rows, 9) != 0;
	if (mail->state == DELEGATION_MAIL_NONE) {
		mail->reason = g_strdup("");
		return mail;
	}
	mail->reason = g_strdup(rows_text(rows, 5));
	mail->at = rows_int(rows, 6);
	mail->wave_id = rows_int(rows, 7);
	if (!rows_is_null(rows, 8)) {
		mail->state = DELEGATION_MAIL_CAME_BACK;
		g_free(mail->reason);
		mail->reason = g_strdup(rows_text(rows, 8));
	}
	return mail;
}

GPtrArray *
outbox_delegation_mails(Store *store, const char *edition, gint64 unit_id, GError **error)
{
	g_autoptr(GPtrArray) list =
	    g_ptr_array_new_with_free_func((GDestroyNotify)delegation_mail_free);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(store, error, SQL_outbox_delegation_mails, "ti", edition, unit_id);

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why))
		g_ptr_array_add(list, mail_from(rows));
	if (why == NULL)
		return g_steal_pointer(&list);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

gboolean
delegation_mail_is_trouble(const DelegationMail *mail)
{
	return !mail->returned &&
	       (mail->state == DELEGATION_MAIL_FAILED || mail->state == DELEGATION_MAIL_CAME_BACK);
}

const char *
delegation_mail_name(DelegationMailState state)
{
	static const char *const names[] = {
		[DELEGATION_MAIL_NONE] = "not_planned",
		[DELEGATION_MAIL_PLANNED] = "planned",
		[DELEGATION_MAIL_SENT] = "sent",
		[DELEGATION_MAIL_FAILED] = "failed",
		[DELEGATION_MAIL_UNKNOWN] = "unknown",
		[DELEGATION_MAIL_CAME_BACK] = "came_back",
	};

	return names[state];
}

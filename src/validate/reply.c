/* Whom the automatic answer to returns goes to. It goes to registered addresses alone: to the sender, if it is an address of the
 * unit or of somebody who was given all that came; otherwise to the unit, whoever wrote. */
#include "validate/reply.h"

#include "base/text.h"
#include "outbox/outbox.h"

#include <string.h>

/* What is known of the mail. */
typedef struct {
	const char *sender; /* an address; "" */
	const char *message_id;
} Mail;

/* What came for one unit. */
typedef struct {
	const Unit *unit; /* borrowed */
	gint64 return_id; /* the first */
	GString *sections;
} Came;

static void
came_free(gpointer data)
{
	Came *came = data;

	g_string_free(came->sections, TRUE);
	g_free(came);
}

gboolean
reply_is_unwanted(const Collected *collected)
{
	return collected->silent || collected->automatic;
}

static gboolean
is_same(const char *one, const char *other)
{
	return *one != '\0' && g_ascii_strcasecmp(one, other) == 0;
}

/* --- whom it goes to --------------------------------------------------------------------------------------- */

/* The first contact that can be written to, and whose last message did not come back; or @sender, if that is one. @address: (out)
 * (transfer full). Returns: (transfer none) (nullable) */
static const Contact *
choose_contact(
    const GPtrArray *contacts, GHashTable *dead, const char *sender, char **address, char **raised)
{
	const Contact *first = NULL;
	g_autofree char *own = NULL;

	for (guint i = 0; i < contacts->len; i++) {
		const Contact *contact = g_ptr_array_index(contacts, i);
		g_autofree char *checked = NULL;
		const char *why;

		if (!address_check(contact->address, &checked, &why))
			continue;
		if (is_same(sender, contact->address)) {
			*address = g_steal_pointer(&checked);
			*raised = g_strdup(first != NULL ? contact->role : "");
			return contact;
		}
		if (first == NULL && !g_hash_table_contains(dead, checked)) {
			first = contact;
			own = g_steal_pointer(&checked);
		}
	}
	*address = g_steal_pointer(&own);
	*raised = g_strdup("");
	return first;
}

/* Whether @sender was given each of @sections. */
static gboolean
holds_all(const GPtrArray *delegations, const char *sender, const char *sections)
{
	g_auto(GStrv) names = g_strsplit(sections, " ", 0);

	for (gsize i = 0; names[i] != NULL; i++) {
		const Delegation *held = delegation_find(delegations, names[i]);

		if (held == NULL || !is_same(sender, held->email))
			return FALSE;
	}
	return names[0] != NULL;
}

static gboolean
is_ours(const IntakeTools *tools, const char *sender)
{
	return is_same(sender, config_text(tools->config, CONFIG_mail_from)) ||
	       is_same(sender, config_text(tools->config, CONFIG_mail_bounces));
}

static gboolean
answer_unit(const IntakeTools *tools, const Mail *mail, const Came *came, GError **error)
{
	const OutboxTools outbox = { tools->store, tools->config, tools->keyring, tools->form,
		NULL };
	const Unit *unit = came->unit;
	g_autoptr(GPtrArray) contacts = registry_contacts(tools->store, unit->id, error);
	g_autoptr(GPtrArray) delegations =
	    contacts != NULL ? registry_delegations(tools->store, tools->form->id, unit->id, error)
			     : NULL;
	g_autoptr(GHashTable) dead =
	    delegations != NULL ? outbox_dead_addresses(tools->store, unit->id, error) : NULL;
	g_autofree char *address = NULL;
	g_autofree char *raised = NULL;
	const Contact *contact;
	ReplyPlan reply = { .return_id = came->return_id,
		.sections = came->sections->str,
		.in_reply_to = mail->message_id };

	if (dead == NULL)
		return FALSE;
	contact = choose_contact(contacts, dead, mail->sender, &address, &raised);
	reply.channel = contact != NULL ? contact->channel : "mail";
	if ((contact == NULL || !is_same(mail->sender, contact->address)) &&
	    holds_all(delegations, mail->sender, came->sections->str)) {
		g_free(address);
		g_free(raised);
		address = g_ascii_strdown(mail->sender, -1);
		raised = g_strdup(OUTBOX_TO_HOLDER);
		reply.channel = "mail";
	}
	reply.address = address;
	reply.raised = raised;
	return address == NULL || outbox_reply(&outbox, unit, &reply, error);
}

/* --- what is answered -------------------------------------------------------------------------------------- */

static Came *
came_for(GPtrArray *all, const Unit *unit, gint64 return_id)
{
	Came *came;

	for (guint i = 0; i < all->len; i++) {
		came = g_ptr_array_index(all, i);
		if (came->unit->id == unit->id)
			return came;
	}
	came = g_new0(Came, 1);
	came->unit = unit;
	came->return_id = return_id;
	came->sections = g_string_new(NULL);
	g_ptr_array_add(all, came);
	return came;
}

/* A delegation sheet has its own answer: how the delegations stand. */
static void
add_section(GPtrArray *all, const Unit *unit, gint64 return_id, const char *section)
{
	Came *came;

	if (strcmp(section, FORM_DELEGATION) == 0)
		return;
	came = came_for(all, unit, return_id);
	g_string_append_printf(came->sections, "%s%s", came->sections->len > 0 ? " " : "", section);
}

static gboolean
answer_all(const IntakeTools *tools, const Mail *mail, const GPtrArray *all, GError **error)
{
	if (is_ours(tools, mail->sender))
		return TRUE;
	for (guint i = 0; i < all->len; i++)
		if (!answer_unit(tools, mail, g_ptr_array_index(all, i), error))
			return FALSE;
	return TRUE;
}

gboolean
reply_to_message(
    const IntakeTools *tools, const Collected *collected, const GPtrArray *arrivals, GError **error)
{
	gboolean certified = pec_verified(&collected->pec) && collected->pec.kind == PEC_TRANSPORT;
	g_autofree char *sender =
	    address_of_sender(certified ? collected->pec.sender : collected->sender);
	const Mail mail = { sender, collected->message_id };
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(came_free);

	if (reply_is_unwanted(collected))
		return TRUE;
	for (guint i = 0; i < arrivals->len; i++) {
		const Arrival *arrival = g_ptr_array_index(arrivals, i);

		if (arrival->applied)
			add_section(all, arrival->sheet->unit, arrival->return_id,
			    arrival->sheet->section->name);
	}
	return answer_all(tools, &mail, all, error);
}

gboolean
reply_to_return(const IntakeTools *tools, gint64 return_id, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(came_free);
	g_autoptr(Rows) rows =
	    store_query(tools->store, error, SQL_validate_reply_source, "i", return_id);
	g_autoptr(Unit) unit = NULL;
	g_autofree char *sender = NULL;
	g_autofree char *message_id = NULL;

	if (rows == NULL || !rows_next(rows, error))
		return FALSE;
	if (rows_int(rows, 4) != 0)
		return TRUE;
	unit = registry_unit(tools->store, rows_int(rows, 0), error);
	if (unit == NULL)
		return FALSE;
	add_section(all, unit, return_id, rows_text(rows, 1));
	sender = address_of_sender(rows_text(rows, 2));
	message_id = g_strdup(rows_text(rows, 3));
	g_clear_pointer(&rows, rows_free);
	return answer_all(tools, &(const Mail){ sender, message_id }, all, error);
}

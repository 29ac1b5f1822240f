#include "validate/incoming.h"

#include "base/error.h"

#include <string.h>

#define ON_BEHALF "Per conto di: " /* so a provider of certified mail names the true sender */

void
incoming_free(Incoming *incoming)
{
	if (incoming == NULL)
		return;
	g_free(incoming->message_class);
	g_free(incoming->state);
	g_free(incoming->reason);
	g_free(incoming->note);
	g_free(incoming->sender);
	g_free(incoming->subject);
	g_free(incoming->unit_code);
	g_free(incoming->unit_name);
	g_free(incoming->effect);
	g_free(incoming->sha256);
	g_free(incoming);
}

void
incoming_event_free(IncomingEvent *event)
{
	g_free(event->what);
	g_free(event->note);
	g_free(event->unit_code);
	g_free(event);
}

static const struct {
	const char *name;
	const char *words;
} classes[] = {
	{ "", N_("not read") },
	{ "auto_reply", N_("automatic reply") },
	{ "bounce", N_("bounce") },
	{ "complaint", N_("complaint") },
	{ "other", N_("text") },
	{ "read_receipt", N_("read receipt") },
	{ "receipt", N_("receipt") },
	{ "return", N_("sheets") },
};

const char *
incoming_class_words(const char *message_class)
{
	for (gsize i = 0; i < G_N_ELEMENTS(classes); i++)
		if (strcmp(classes[i].name, message_class) == 0)
			return _(classes[i].words);
	return message_class;
}

/* --- whose address the sender claims ---------------------------------------------------------------------------- */

typedef struct {
	char *code; /* "" where several have the address */
	char *name;
} Owner;

static void
owner_free(gpointer data)
{
	Owner *owner = data;

	g_free(owner->code);
	g_free(owner->name);
	g_free(owner);
}

/* Addresses of towns and of their delegates. Returns: (transfer full): address in small letters -> Owner */
static GHashTable *
load_owners(Store *store, GError **error)
{
	g_autoptr(GHashTable) owners =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, owner_free);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, SQL_validate_incoming_owners, "");

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why)) {
		Owner *known = g_hash_table_lookup(owners, rows_text(rows, 0));
		Owner *owner;

		if (known != NULL) {
			if (strcmp(known->code, rows_text(rows, 1)) != 0)
				*known->code = '\0';
			continue;
		}
		owner = g_new0(Owner, 1);
		owner->code = g_strdup(rows_text(rows, 1));
		owner->name = g_strdup(rows_text(rows, 2));
		g_hash_table_insert(owners, g_strdup(rows_text(rows, 0)), owner);
	}
	if (why == NULL)
		return g_steal_pointer(&owners);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

/* The address in "Comune di Mele <a@b.example>" or "Per conto di: a@b.example <posta-certificata@...>", in small letters. Returns:
 * (transfer full) */
static char *
claimed_address(const char *sender)
{
	const char *behalf = strstr(sender, ON_BEHALF);
	const char *open = strrchr(sender, '<');
	const char *start = behalf != NULL ? behalf + strlen(ON_BEHALF)
			    : open != NULL ? open + 1
					   : sender;

	return g_ascii_strdown(start, (gssize)strcspn(start, "<>\"' ,;"));
}

static void
find_unit(Incoming *incoming, GHashTable *owners)
{
	g_autofree char *address = claimed_address(incoming->sender);
	const Owner *owner = g_hash_table_lookup(owners, address);
	gboolean one = owner != NULL && *owner->code != '\0';

	incoming->unit_code = g_strdup(one ? owner->code : "");
	incoming->unit_name = g_strdup(one ? owner->name : "");
}

/* --- the list ----------------------------------------------------------------------------------------------------- */

static Incoming *
new_incoming(Rows *row, GHashTable *owners)
{
	Incoming *incoming = g_new0(Incoming, 1);

	incoming->id = rows_int(row, 0);
	incoming->state = g_strdup(rows_text(row, 1));
	incoming->message_class = g_strdup(rows_text(row, 2));
	incoming->reason = g_strdup(rows_text(row, 3));
	incoming->received_at = rows_int(row, 4);
	incoming->sender = g_strdup(rows_text(row, 5));
	incoming->subject = g_strdup(rows_text(row, 6));
	incoming->sha256 = g_strdup(rows_text(row, 7));
	incoming->note = g_strdup(rows_text(row, 8));
	incoming->effect = g_strdup(rows_text(row, 9));
	find_unit(incoming, owners);
	return incoming;
}

/* @id: 0 for all that @filter lets through. */
static GPtrArray *
load(Store *store, gint64 id, const IncomingFilter *filter, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)incoming_free);
	g_autoptr(GHashTable) owners = load_owners(store, error);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = NULL;
	gboolean any = id != 0 || filter->message_class != NULL;

	if (owners == NULL)
		return NULL;
	rows = store_query(store, error, SQL_validate_incoming, "ittii", id,
	    filter->message_class != NULL ? filter->message_class : "",
	    filter->state != NULL ? filter->state : "", filter->since, (gint64)any);
	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why))
		g_ptr_array_add(list, new_incoming(rows, owners));
	if (why == NULL)
		return g_steal_pointer(&list);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

static gboolean
check_filter(const IncomingFilter *filter, GError **error)
{
	static const char *const states[] = { "new", "parsed", "quarantined", NULL };
	g_autoptr(GString) known = g_string_new(NULL);

	if (filter->state != NULL && !g_strv_contains(states, filter->state))
		return fail(error, PLICO_ERROR_USAGE,
		    _("state %s: there are new, parsed and quarantined"), filter->state);
	if (filter->message_class == NULL)
		return TRUE;
	for (gsize i = 1; i < G_N_ELEMENTS(classes); i++) {
		if (strcmp(classes[i].name, filter->message_class) == 0)
			return TRUE;
		g_string_append_printf(known, "%s%s", i > 1 ? ", " : "", classes[i].name);
	}
	return fail(error, PLICO_ERROR_USAGE, _("class %s: there are %s"), filter->message_class,
	    known->str);
}

GPtrArray *
incoming_list(Store *store, const IncomingFilter *filter, GError **error)
{
	return check_filter(filter, error) ? load(store, 0, filter, error) : NULL;
}

Incoming *
incoming_find(Store *store, const char *id, GError **error)
{
	const IncomingFilter all = { 0 };
	g_autoptr(GPtrArray) list = NULL;
	guint64 number;

	if (!g_ascii_string_to_unsigned(
		*id == 'm' ? id + 1 : id, 10, 1, G_MAXINT64, &number, NULL)) {
		fail(error, PLICO_ERROR_USAGE, _("%s: no number of a message, such as m5"), id);
		return NULL;
	}
	list = load(store, (gint64)number, &all, error);
	if (list == NULL)
		return NULL;
	if (list->len > 0)
		return g_ptr_array_steal_index(list, 0);
	fail(error, PLICO_ERROR_NOT_FOUND,
	    _("%s: there is no such message; plico messages list shows them"), id);
	return NULL;
}

gboolean
incoming_idle_receipts(Store *store, IdleReceipts *out, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, SQL_validate_incoming_receipts, "");

	if (rows == NULL)
		return FALSE;
	if (rows_next(rows, &why)) {
		out->not_ours = (guint)rows_int(rows, 0);
		out->unverified = (guint)rows_int(rows, 1);
		return TRUE;
	}
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

GPtrArray *
incoming_events(Store *store, const Incoming *incoming, GError **error)
{
	g_autoptr(GPtrArray) list =
	    g_ptr_array_new_with_free_func((GDestroyNotify)incoming_event_free);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(
	    store, error, SQL_validate_incoming_events, "it", incoming->id, incoming->sha256);

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why)) {
		IncomingEvent *event = g_new0(IncomingEvent, 1);

		event->at = rows_int(rows, 0);
		event->what = g_strdup(rows_text(rows, 1));
		event->note = g_strdup(rows_text(rows, 2));
		event->unit_code = g_strdup(rows_text(rows, 3));
		g_ptr_array_add(list, event);
	}
	if (why == NULL)
		return g_steal_pointer(&list);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

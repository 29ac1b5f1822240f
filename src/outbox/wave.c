/* A wave and the dispatches in it: which contact is written to, under which Message-ID. */
#include "outbox/outbox.h"

#include "base/clock.h"
#include "base/error.h"
#include "outbox/correct.h"

#include <string.h>

#define MESSAGE_ID_BITS 60 /* keyed, so that nobody can write a receipt or bounce that fits */

WavePlan *
wave_plan_new(void)
{
	WavePlan *plan = g_new0(WavePlan, 1);

	plan->findings = findings_new();
	return plan;
}

void
wave_plan_free(WavePlan *plan)
{
	if (plan == NULL)
		return;
	g_ptr_array_unref(plan->findings);
	g_free(plan);
}

gboolean
outbox_keep_form(const OutboxTools *tools, GError **error)
{
	g_autofree char *shelf =
	    g_build_filename(config_workspace(tools->config), "archive", "forms", NULL);

	return form_keep(tools->form, shelf, error);
}

gboolean
outbox_wave_new(const OutboxTools *tools, const char *kind, const char *filter_text,
    const char *actor, gint64 *out_wave, GError **error)
{
	const char *approval = config_text(tools->config, CONFIG_waves_approval);
	const char *state = strcmp(approval, "none") == 0 ? "planned" : "proposed";
	Event event = { .actor = actor,
		.edition = tools->form->id,
		.subject = "wave",
		.what = "wave.planned",
		.to_state = state,
		.note = filter_text };

	if (!outbox_keep_form(tools, error) ||
	    !store_run(tools->store, error, SQL_outbox_wave_insert, "tttittt", tools->form->id,
		kind, tools->form->version, clock_now(), actor, filter_text, state))
		return FALSE;
	*out_wave = store_last_id(tools->store);
	event.subject_id = *out_wave;
	return store_event(tools->store, &event, error);
}

char *
outbox_message_id(const OutboxTools *tools, const char *kind, const Unit *unit,
    const char *sections, gint64 serial)
{
	g_autofree char *number = g_strdup_printf("%" PRId64, serial);
	const char *fields[] = { tools->form->id, unit->code, kind, number, sections, NULL };
	g_autofree char *tag =
	    keyring_tag(tools->keyring, NULL, "message-id", fields, MESSAGE_ID_BITS);
	const char *domain = strrchr(config_text(tools->config, CONFIG_mail_from), '@');

	return g_strdup_printf("%s.%s.%s.%s.%s@%s", tools->form->id, unit->code, kind, number, tag,
	    domain != NULL ? domain + 1 : "localhost");
}

GHashTable *
outbox_dead_addresses(Store *store, gint64 unit_id, GError **error)
{
	static const char *const good[] = { "dispatch.sent", "dispatch.delivered", NULL };
	g_autoptr(GHashTable) dead = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(store, error, SQL_outbox_address_outcomes, "i", unit_id);

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why)) /* oldest first: the last one counts */
		if (g_strv_contains(good, rows_text(rows, 1)))
			g_hash_table_remove(dead, rows_text(rows, 0));
		else
			g_hash_table_add(dead, g_strdup(rows_text(rows, 0)));
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	return g_steal_pointer(&dead);
}

/* The contact that is meant, or the first whose address can be used and is not @dead (nullable); NULL, with the reason in @why, where
 * there is none. */
static const Contact *
choose_contact(const GPtrArray *contacts, const Contact *wanted, GHashTable *dead, char **address,
    const char **why)
{
	*why = _("no address is known");
	if (wanted != NULL)
		return address_check(wanted->address, address, why) ? wanted : NULL;
	for (guint i = 0; i < contacts->len; i++) {
		const Contact *contact = g_ptr_array_index(contacts, i);

		if (!address_check(contact->address, address, why))
			continue;
		if (dead == NULL || !g_hash_table_contains(dead, *address))
			return contact;
		g_clear_pointer(address, g_free);
		*why = _("its last message failed, or came back");
	}
	return NULL;
}

gboolean
outbox_remember(const OutboxTools *tools, const Unit *unit, gint64 *out, GError **error)
{
	const char *edition = config_text(tools->config, CONFIG_memory_edition);
	g_autoptr(FormView) view = NULL;
	g_autoptr(Memory) memory = NULL;

	*out = 0;
	if (*edition == '\0')
		return TRUE;
	view = form_view_new(tools->form, unit);
	memory = memory_recall(tools->store, view, unit->code, edition, NULL, error);
	if (memory == NULL || !memory_print(tools->store, tools->form, unit->id, memory, error))
		return FALSE;
	*out = memory->number;
	return TRUE;
}

/* Who gets what, before it is known whether it gets a row of its own. */
typedef struct {
	gint64 wave_id;
	const Unit *unit;
	const DispatchPlan *what;
	const Contact *contact;
	const char *address;
} Draft;

/* A new row, or that of @same, which was cancelled and so never left. */
static gboolean
write_dispatch(const OutboxTools *tools, const Draft *draft, const Dispatch *same, WavePlan *plan,
    GError **error)
{
	const Unit *unit = draft->unit;
	const DispatchPlan *what = draft->what;
	const Kind *kind = kind_of(what->kind);
	g_autofree char *message_id =
	    outbox_message_id(tools, what->kind, unit, what->sections, what->serial);
	g_autofree char *facts = form_facts(tools->form, unit);
	g_autofree char *lang = unit_lang(unit, tools->config);
	Dispatch dispatch = {
		.edition = tools->form->id, .unit_id = unit->id, .kind = (gpointer)(gsize)what->kind
	};

	if (kind->sheets && !outbox_remember(tools, unit, &dispatch.memory, error))
		return FALSE;
	if (same != NULL ? !store_run(tools->store, error, SQL_outbox_dispatch_renew,
			       "iitttttti"
			       "ittt",
			       same->id, draft->wave_id, what->sections, draft->address,
			       draft->contact->channel, lang, message_id, facts, dispatch.memory,
			       clock_now(), what->cause, what->raised, what->deadline)
			 : !store_run(tools->store, error, SQL_outbox_dispatch_insert,
			       "itittittt"
			       "ttiittt",
			       draft->wave_id, tools->form->id, unit->id, what->kind,
			       what->sections, what->serial, draft->address,
			       draft->contact->channel, lang, message_id, facts, dispatch.memory,
			       clock_now(), what->cause, what->raised, what->deadline))
		return FALSE;
	plan->remembered += dispatch.memory > 0 ? 1 : 0;
	dispatch.id = same != NULL ? same->id : store_last_id(tools->store);
	if (kind->corrects && !correction_plan(tools, dispatch.id, unit, what->sections, error))
		return FALSE;
	return outbox_event(tools->store, &dispatch, "dispatch.queued",
	    same != NULL ? "cancelled" : "", "queued", "", error);
}

/* The dispatch that the unit has had already. @out: (out) (transfer full) (nullable) */
static gboolean
find_same(const OutboxTools *tools, const char *kind, const Unit *unit, gint64 serial,
    Dispatch **out, GError **error)
{
	g_autoptr(Rows) rows = store_query(tools->store, error, SQL_outbox_dispatch_same, "ttii",
	    tools->form->id, kind, unit->id, serial);
	g_autoptr(GPtrArray) same = rows != NULL ? outbox_dispatches_from(rows, error) : NULL;

	if (same == NULL)
		return FALSE;
	*out = same->len > 0 ? g_ptr_array_steal_index(same, 0) : NULL;
	return TRUE;
}

/* What was refused for its address, and so was taken on by nobody, may leave for another. */
static gboolean
readdress(const OutboxTools *tools, gint64 wave_id, const Dispatch *dispatch,
    const Contact *contact, const char *address, GError **error)
{
	return store_run(tools->store, error, SQL_outbox_dispatch_readdress, "iitti", dispatch->id,
		   wave_id, address, contact->channel, clock_now()) &&
	       outbox_event(tools->store, dispatch, "dispatch.queued", "failed", "queued",
		   "another address", error);
}

/* What became of @same, if the unit has had it, lets it leave now. */
static gboolean
may_leave(const Dispatch *same, const Contact *contact, const char *address)
{
	if (same == NULL || strcmp(same->state, "cancelled") == 0)
		return TRUE;
	return strcmp(same->state, "failed") == 0 && contact != NULL &&
	       strcmp(same->address, address) != 0;
}

gboolean
outbox_add_as(const OutboxTools *tools, gint64 wave_id, const Unit *unit, const DispatchPlan *what,
    WavePlan *plan, GError **error)
{
	g_autoptr(GPtrArray) contacts = NULL;
	g_autoptr(GHashTable) dead = NULL;
	g_autoptr(Dispatch) same = NULL;
	g_autofree char *address = NULL;
	const char *why = NULL;
	Draft draft = { wave_id, unit, what, NULL, NULL };

	if (!find_same(tools, what->kind, unit, what->serial, &same, error))
		return FALSE;
	contacts = registry_contacts(tools->store, unit->id, error);
	dead = contacts != NULL ? outbox_dead_addresses(tools->store, unit->id, error) : NULL;
	if (dead == NULL)
		return FALSE;
	/* an invitation that failed waits for the registry, or for remind/, which says why it goes elsewhere */
	draft.contact = choose_contact(
	    contacts, what->contact, kind_of(what->kind)->numbered ? dead : NULL, &address, &why);
	draft.address = address;
	if (!may_leave(same, draft.contact, address)) {
		plan->already++;
		return TRUE;
	}
	if (draft.contact == NULL) {
		plan->without_address++;
		findings_add(plan->findings, SEVERITY_WARNING, "no-address", unit->code,
		    _("%s gets nothing: %s"), unit->name, why);
		return TRUE;
	}
	plan->planned++;
	return same != NULL && strcmp(same->state, "failed") == 0
		   ? readdress(tools, wave_id, same, draft.contact, address, error)
		   : write_dispatch(tools, &draft, same, plan, error);
}

gboolean
outbox_add(const OutboxTools *tools, gint64 wave_id, const char *kind, const Unit *unit,
    const char *sections, gint64 serial, WavePlan *plan, GError **error)
{
	const DispatchPlan what = { kind, sections, serial, NULL, "", "", "" };

	return outbox_add_as(tools, wave_id, unit, &what, plan, error);
}

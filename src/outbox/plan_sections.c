/* Planning the mail about delegations: sheets to those who were given sections, a word to those who no longer have them, and to
 * each unit how its delegations stand. Who serves several towns gets one message with all their sheets. */
#include "outbox/delegate.h"

#include "base/error.h"
#include "outbox/rows.h"

#include <string.h>

#define KIND_SECTIONS	 "sections"
#define KIND_WITHDRAWAL	 "withdrawal"
#define KIND_DELEGATIONS "delegations"

#define SHEETS_LIGHT 4 /* of no more sheets each is taken to be like others of its section */
#define TEXT_SIZE    ((gsize)128 << 10) /* room for the words of a message, in bytes */
#define PART_SIZE    512		/* for the header of each part */
#define WORDS_SIZE   8000		/* of a message without files, about */

/* One section of one unit, for one address. */
typedef struct {
	gint64 unit_id;
	char *section;
	char *address;
	char *name;
} Wanted;

static void
wanted_free(gpointer data)
{
	Wanted *wanted = data;

	g_free(wanted->section);
	g_free(wanted->address);
	g_free(wanted->name);
	g_free(wanted);
}

typedef struct {
	const OutboxTools *tools;
	WavePlan *plan;
	GHashTable *units; /* id -> Unit: those that the segment has */
	GHashTable *sizes; /* section -> GSIZE_TO_POINTER(bytes of a sheet in a message) */
	gsize all;	   /* bytes of all messages, about */
} Planning;

/* --- what is to be mailed -------------------------------------------------------------------------------------- */

/* The rows of @statement about units of the segment. Returns: (transfer full): of Wanted, by address and unit */
static GPtrArray *
load_wanted(Planning *planning, SqlId statement, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(wanted_free);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(planning->tools->store, error, statement, "t", planning->tools->form->id);

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why)) {
		gint64 unit_id = rows_int(rows, 0);
		Wanted *wanted;

		if (!g_hash_table_contains(planning->units, &unit_id))
			continue;
		wanted = g_new0(Wanted, 1);
		wanted->unit_id = unit_id;
		wanted->section = g_strdup(rows_text(rows, 1));
		wanted->address = g_strdup(rows_text(rows, 2));
		wanted->name = g_strdup(rows_text(rows, 3));
		g_ptr_array_add(list, wanted);
	}
	if (why == NULL)
		return g_steal_pointer(&list);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

static gboolean
is_wanted(const GPtrArray *rows, const char *section)
{
	for (guint i = 0; i < rows->len; i++) {
		const Wanted *wanted = g_ptr_array_index(rows, i);

		if (strcmp(wanted->section, section) == 0)
			return TRUE;
	}
	return FALSE;
}

/* Those of @sections that @rows, of one unit, want, in the form's order. Returns: (transfer full) */
static char *
wanted_sections(const GPtrArray *sections, const GPtrArray *rows)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; i < sections->len; i++) {
		const Section *section = g_ptr_array_index(sections, i);

		if (is_wanted(rows, section->name))
			g_string_append_printf(
			    names, "%s%s", names->len > 0 ? " " : "", section->name);
	}
	return g_string_free(g_steal_pointer(&names), FALSE);
}

/* "" where the sections of one town were given to different persons at one address. Returns: (transfer none) */
static const char *
wanted_name(const GPtrArray *rows)
{
	const Wanted *first = g_ptr_array_index(rows, 0);

	for (guint i = 1; i < rows->len; i++) {
		const Wanted *wanted = g_ptr_array_index(rows, i);

		if (strcmp(wanted->name, first->name) != 0)
			return "";
	}
	return first->name;
}

/* --- towns ------------------------------------------------------------------------------------------------------ */

/* What a unit's sheets are printed with. @town stays without sections where it can get none. */
static gboolean
settle_sheets(
    Planning *planning, const Unit *unit, const GPtrArray *rows, MailTown *town, GError **error)
{
	const OutboxTools *tools = planning->tools;
	g_autoptr(FormView) view = form_view_new(tools->form, unit);
	g_autoptr(GPtrArray) asked = form_view_sections(view);

	if (!outbox_serial(tools->store, tools->form->id, unit->id, &town->serial, error))
		return FALSE;
	if (town->serial == 0) {
		findings_add(planning->plan->findings, SEVERITY_WARNING, "no-credential",
		    unit->code,
		    _("%s has no access code yet, so its sheets cannot go to whom it gave them: plan its invitation first"),
		    unit->name);
		return TRUE;
	}
	town->sections = wanted_sections(asked, rows);
	town->facts = form_facts(tools->form, unit);
	return outbox_remember(tools, unit, &town->memory, error);
}

/* The town of @rows, which are of one unit and one address. @out: (out) (transfer full) (nullable): NULL where nothing is to
 * be mailed about it */
static gboolean
make_town(
    Planning *planning, const char *kind, const GPtrArray *rows, MailTown **out, GError **error)
{
	const OutboxTools *tools = planning->tools;
	const Wanted *first = g_ptr_array_index(rows, 0);
	const Unit *unit = g_hash_table_lookup(planning->units, &first->unit_id);
	g_autoptr(MailTown) town = mail_town_new();
	const char *closing;

	*out = NULL;
	if (!outbox_closing(tools->store, tools->form->id, unit->id, &closing, error))
		return FALSE;
	if (closing != NULL)
		return TRUE;
	town->unit_id = unit->id;
	town->lang = unit_lang(unit, tools->config);
	town->name = g_strdup(wanted_name(rows));
	if (!kind_of(kind)->sheets) {
		town->sections = wanted_sections(tools->form->sections, rows);
		town->facts = g_strdup("");
	} else if (!settle_sheets(planning, unit, rows, town, error)) {
		return FALSE;
	}
	if (town->sections != NULL && *town->sections != '\0')
		*out = g_steal_pointer(&town);
	return TRUE;
}

/* --- messages ---------------------------------------------------------------------------------------------------- */

/* Bytes of a file in a message: base64 in lines. */
static gsize
encoded_size(gsize size)
{
	return (size + 2) / 3 * 4 * 78 / 76 + PART_SIZE;
}

/* The towns of one address are dealt out to messages. */
typedef struct {
	Planning *planning;
	const char *kind;
	gint64 wave_id;
	const char *address;
	GPtrArray *towns; /* of MailTown: those of the message at hand */
	gsize size;	  /* its bytes */
} Dealing;

static char *
find_channel(const Dealing *dealing, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(dealing->planning->tools->store, error,
	    SQL_outbox_delegate_channel, "t", dealing->address);

	if (rows == NULL)
		return NULL;
	if (rows_next(rows, &why))
		return g_strdup(rows_text(rows, 0));
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	/* an address that no list knows: by the name that certified mailboxes mostly have */
	return g_strdup(
	    strstr(dealing->address, "@pec.") != NULL || strstr(dealing->address, ".pec.") != NULL
		? "pec"
		: "mail");
}

/* Writes the message at hand, if there is any, and begins another. */
static gboolean
finish_message(Dealing *dealing, GError **error)
{
	WavePlan *plan = dealing->planning->plan;
	g_autofree char *channel = NULL;
	DelegateDraft draft = { dealing->wave_id, dealing->kind, dealing->address, NULL,
		dealing->towns, 0 };

	if (dealing->towns->len == 0)
		return TRUE;
	channel = find_channel(dealing, error);
	draft.channel = channel;
	if (channel == NULL || !delegate_write(dealing->planning->tools, &draft, error))
		return FALSE;
	plan->planned++;
	*(kind_of(dealing->kind)->sheets ? &plan->to_delegates : &plan->withdrawals) += 1;
	for (guint i = 0; i < dealing->towns->len; i++) {
		const MailTown *town = g_ptr_array_index(dealing->towns, i);

		plan->remembered += town->memory > 0 ? 1 : 0;
	}
	dealing->planning->all += dealing->size - TEXT_SIZE + WORDS_SIZE;
	g_ptr_array_set_size(dealing->towns, 0);
	dealing->size = TEXT_SIZE;
	return TRUE;
}

/* Bytes of one sheet in a message; 0 on error. */
static gsize
weigh_sheet(const OutboxTools *tools, const MailTown *town, guint i, GError **error)
{
	g_autoptr(Attachment) sheet =
	    mail_town_sheet(tools, town, g_ptr_array_index(town->listed, i), error);
	g_autoptr(GBytes) file = sheet != NULL ? attachment_bytes(sheet) : NULL;

	return file != NULL ? encoded_size(g_bytes_get_size(file)) : 0;
}

/* Bytes of each sheet of @town; unless @exact, of one like it. Nothing where sheets cannot be made. */
static gboolean
weigh(Planning *planning, MailTown *town, gboolean exact, GArray *sizes, GError **error)
{
	const OutboxTools *tools = planning->tools;

	if (tools->renderer == NULL)
		return TRUE;
	if (!mail_town_open(tools, town, error))
		return FALSE;
	for (guint i = 0; i < town->listed->len; i++) {
		const Section *section = g_ptr_array_index(town->listed, i);
		gsize size = GPOINTER_TO_SIZE(g_hash_table_lookup(planning->sizes, section->name));

		if (exact || size == 0)
			size = weigh_sheet(tools, town, i, error);
		if (size == 0)
			return FALSE;
		g_hash_table_insert(
		    planning->sizes, (gpointer)(gsize)section->name, GSIZE_TO_POINTER(size));
		g_array_append_val(sizes, size);
	}
	return TRUE;
}

static MailTown *
town_part(const MailTown *town, const char *sections)
{
	MailTown *part = mail_town_new();

	part->unit_id = town->unit_id;
	part->sections = g_strdup(sections);
	part->serial = town->serial;
	part->lang = g_strdup(town->lang);
	part->memory = town->memory;
	part->facts = g_strdup(town->facts);
	part->name = g_strdup(town->name);
	return part;
}

/* A town that no message can hold goes out in several. */
static gboolean
deal_in_parts(Dealing *dealing, const MailTown *town, const GArray *sizes, GError **error)
{
	g_auto(GStrv) names = g_strsplit(town->sections, " ", 0);
	g_autoptr(GString) part = g_string_new(NULL);

	for (guint i = 0; names[i] != NULL; i++) {
		gsize size = g_array_index(sizes, gsize, i);

		if (part->len > 0 && dealing->size + size > OUTBOX_SIZE_HEAVY) {
			g_ptr_array_add(dealing->towns, town_part(town, part->str));
			g_string_truncate(part, 0);
			if (!finish_message(dealing, error))
				return FALSE;
		}
		g_string_append_printf(part, "%s%s", part->len > 0 ? " " : "", names[i]);
		dealing->size += size;
	}
	g_ptr_array_add(dealing->towns, town_part(town, part->str));
	return TRUE;
}

/* Adds @town to the message at hand, or to one of its own where that would become too heavy. */
static gboolean
deal(Dealing *dealing, MailTown *town, gboolean exact, GError **error)
{
	g_autoptr(GArray) sizes = g_array_new(FALSE, FALSE, sizeof(gsize));
	g_autoptr(MailTown) own = town;
	gsize all = 0;

	if (kind_of(dealing->kind)->sheets && !weigh(dealing->planning, town, exact, sizes, error))
		return FALSE;
	for (guint i = 0; i < sizes->len; i++)
		all += g_array_index(sizes, gsize, i);
	if (dealing->size + all > OUTBOX_SIZE_HEAVY && !finish_message(dealing, error))
		return FALSE;
	if (dealing->size + all > OUTBOX_SIZE_HEAVY)
		return deal_in_parts(dealing, own, sizes, error);
	g_ptr_array_add(dealing->towns, g_steal_pointer(&own));
	dealing->size += all;
	return TRUE;
}

/* --- one address --------------------------------------------------------------------------------------------------- */

static gboolean
same_address(const Wanted *one, const Wanted *other)
{
	return g_ascii_strcasecmp(one->address, other->address) == 0;
}

/* Where the rows from @begin on end that are of the same address and, with @unit, of the same unit. */
static guint
end_of_group(const GPtrArray *wanted, guint begin, gboolean unit)
{
	const Wanted *first = g_ptr_array_index(wanted, begin);
	guint end = begin + 1;

	for (; end < wanted->len; end++) {
		const Wanted *next = g_ptr_array_index(wanted, end);

		if (!same_address(first, next) || (unit && next->unit_id != first->unit_id))
			break;
	}
	return end;
}

static gboolean
plan_address(Dealing *dealing, const GPtrArray *wanted, guint begin, guint end, GError **error)
{
	gboolean exact = end - begin > SHEETS_LIGHT;

	for (guint i = begin; i < end;) {
		guint next = end_of_group(wanted, i, TRUE);
		g_autoptr(GPtrArray) rows = g_ptr_array_new();
		MailTown *town = NULL;

		for (; i < next; i++)
			g_ptr_array_add(rows, g_ptr_array_index(wanted, i));
		if (!make_town(dealing->planning, dealing->kind, rows, &town, error) ||
		    (town != NULL && !deal(dealing, town, exact, error)))
			return FALSE;
	}
	return finish_message(dealing, error);
}

static gboolean
plan_kind(Planning *planning, const char *kind, SqlId statement, GError **error)
{
	g_autoptr(GPtrArray) wanted = load_wanted(planning, statement, error);
	g_autoptr(GPtrArray) towns = g_ptr_array_new_with_free_func((GDestroyNotify)mail_town_free);

	for (guint i = 0; wanted != NULL && i < wanted->len;) {
		const Wanted *first = g_ptr_array_index(wanted, i);
		guint end = end_of_group(wanted, i, FALSE);
		Dealing dealing = { planning, kind, planning->plan->wave_id, first->address, towns,
			TEXT_SIZE };

		if (!plan_address(&dealing, wanted, i, end, error))
			return FALSE;
		i = end;
	}
	return wanted != NULL;
}

/* --- confirmations -------------------------------------------------------------------------------------------------- */

static gboolean
plan_confirmation(Planning *planning, const Unit *unit, gint64 changes, GError **error)
{
	const OutboxTools *tools = planning->tools;
	WavePlan *plan = planning->plan;
	guint before = plan->planned;
	gint64 serial;
	const char *closing;

	if (!outbox_closing(tools->store, tools->form->id, unit->id, &closing, error) ||
	    !outbox_serial(tools->store, tools->form->id, unit->id, &serial, error))
		return FALSE;
	if (closing != NULL || serial == 0) /* it was never written to */
		return TRUE;
	if (!outbox_add(tools, plan->wave_id, KIND_DELEGATIONS, unit, "", changes, plan, error))
		return FALSE;
	plan->confirmations += plan->planned - before;
	planning->all += (plan->planned - before) * WORDS_SIZE;
	return TRUE;
}

static gboolean
plan_confirmations(Planning *planning, GError **error)
{
	const OutboxTools *tools = planning->tools;
	g_autoptr(GArray) changed = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(tools->store, error, SQL_outbox_delegations_wanted, "t", tools->form->id);

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why)) {
		gint64 pair[] = { rows_int(rows, 0), rows_int(rows, 1) };

		g_array_append_vals(changed, pair, 2);
	}
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	for (guint i = 0; i < changed->len; i += 2) {
		const Unit *unit =
		    g_hash_table_lookup(planning->units, &g_array_index(changed, gint64, i));

		if (unit != NULL && !plan_confirmation(planning, unit,
					g_array_index(changed, gint64, i + 1), error))
			return FALSE;
	}
	return TRUE;
}

/* --- the wave ------------------------------------------------------------------------------------------------------- */

/* Whose sheets do not arrive: a person must find another address. */
static gboolean
find_unreachable(Planning *planning, GError **error)
{
	const OutboxTools *tools = planning->tools;
	g_autoptr(GPtrArray) mails =
	    outbox_delegation_mails(tools->store, tools->form->id, 0, error);

	for (guint i = 0; mails != NULL && i < mails->len; i++) {
		const DelegationMail *mail = g_ptr_array_index(mails, i);
		const Unit *unit = g_hash_table_lookup(planning->units, &mail->unit_id);

		if (unit != NULL && delegation_mail_is_trouble(mail))
			findings_add(planning->plan->findings, SEVERITY_WARNING,
			    "delegate-unreachable", unit->code,
			    _("%s, section %s: its sheet does not reach %s: %s. Find another address, and give it by `plico delegate set`"),
			    unit->name, mail->section, mail->address, mail->reason);
	}
	return mails != NULL;
}

static GHashTable *
load_units(const OutboxTools *tools, const UnitFilter *filter, GError **error)
{
	g_autoptr(GHashTable) units =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, (GDestroyNotify)unit_free);
	g_autoptr(GPtrArray) list = registry_list(tools->store, filter, error);

	if (list == NULL)
		return NULL;
	while (list->len > 0) {
		Unit *unit = g_ptr_array_steal_index_fast(list, list->len - 1);

		g_hash_table_insert(units, &unit->id, unit);
	}
	return g_steal_pointer(&units);
}

/* Forgets what no longer holds, also where nothing new is planned. */
static gboolean
revise(const OutboxTools *tools, GError **error)
{
	g_autoptr(Transaction) tx = transaction_begin(tools->store, error);

	return tx != NULL && outbox_revise_delegates(tools, 0, error) &&
	       transaction_commit(tx, error);
}

/* The unit hears first what its delegates are about to get. */
static gboolean
plan_all(Planning *planning, GError **error)
{
	return plan_confirmations(planning, error) &&
	       plan_kind(planning, KIND_WITHDRAWAL, SQL_outbox_withdrawals_wanted, error) &&
	       plan_kind(planning, KIND_SECTIONS, SQL_outbox_sections_wanted, error) &&
	       find_unreachable(planning, error);
}

/* Messages are of very different sizes here, so that three of them tell nothing about the others. */
static gboolean
try_out(const Planning *planning, GError **error)
{
	const OutboxTools *tools = planning->tools;
	WavePlan *plan = planning->plan;

	if (tools->renderer == NULL)
		return TRUE;
	if (!outbox_try_out(tools, plan, error))
		return FALSE;
	plan->message_size = planning->all / plan->planned;
	return store_run(tools->store, error, SQL_outbox_wave_size, "ii", plan->wave_id,
	    (gint64)plan->message_size);
}

WavePlan *
outbox_plan_sections(const OutboxTools *tools, const UnitFilter *filter, const char *filter_text,
    const char *actor, GError **error)
{
	g_autoptr(WavePlan) plan = wave_plan_new();
	g_autoptr(GHashTable) units = load_units(tools, filter, error);
	g_autoptr(GHashTable) sizes = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(Transaction) tx = NULL;
	Planning planning = { tools, plan, units, sizes, 0 };

	if (units == NULL || !revise(tools, error))
		return NULL;
	tx = transaction_begin(tools->store, error);
	if (tx == NULL ||
	    !outbox_wave_new(tools, KIND_SECTIONS, filter_text, actor, &plan->wave_id, error) ||
	    !plan_all(&planning, error))
		return NULL;
	if (plan->planned == 0) { /* no empty wave */
		plan->wave_id = 0;
		return g_steal_pointer(&plan);
	}
	if (!try_out(&planning, error))
		return NULL;
	return transaction_commit(tx, error) ? g_steal_pointer(&plan) : NULL;
}

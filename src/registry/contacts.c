/* The addresses that lists give: checked, ranked, merged with those that other lists gave. */
#include "registry/import.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define SHOWN_MAX 80

/* Who knows better, first: a person's word, then the live index, then a list at hand. */
static guint
source_order(const char *source)
{
	static const char *const sources[] = { "operator", "ipa", "csv", "istat" };
	guint i = 0;

	while (i < G_N_ELEMENTS(sources) && strcmp(sources[i], source) != 0)
		i++;
	return i;
}

char *
import_take_address(Import *import, guint row, Cell cell)
{
	const char *text = import_cell(import, row, cell);
	g_autofree char *address = NULL;
	g_autofree char *shown = text_printable(text, -1, SHOWN_MAX);
	const char *why = NULL;

	if (*text == '\0')
		return NULL;
	if (!address_check(text, &address, &why)) {
		import_note(
		    import, row, cell, SEVERITY_ERROR, "address-invalid", "\"%s\": %s", shown, why);
		return NULL;
	}
	why = address_suspect(address);
	if (why != NULL)
		import_note(import, row, cell, SEVERITY_WARNING, "address-suspect",
		    _("%s: taken, but probably mistyped: %s"), address, why);
	return g_steal_pointer(&address);
}

/* The local part compares folded: providers do, and lists differ in capitals. */
static Contact *
find_contact(GPtrArray *contacts, const char *address)
{
	for (guint i = 0; i < contacts->len; i++) {
		Contact *contact = g_ptr_array_index(contacts, i);

		if (g_ascii_strcasecmp(contact->address, address) == 0)
			return contact;
	}
	return NULL;
}

void
import_add_contact(Import *import, GPtrArray *contacts, const char *channel, const char *address)
{
	Contact *contact;

	if (find_contact(contacts, address) != NULL)
		return;
	contact = g_new0(Contact, 1);
	contact->role = g_strdup("protocol");
	contact->channel = g_strdup(channel);
	contact->address = g_strdup(address);
	contact->name = g_strdup("");
	contact->source = g_strdup(import->format->source);
	g_ptr_array_add(contacts, contact);
}

static void
tell(GString *change, const char *sign, const char *address)
{
	g_string_append_printf(change, "%s%s %s", change->len > 0 ? ", " : "", sign, address);
}

static gboolean
close_dropped(Import *import, Known *known, GPtrArray *wanted, GString *change, GError **error)
{
	for (guint i = known->contacts->len; i > 0; i--) {
		const Contact *contact = g_ptr_array_index(known->contacts, i - 1);

		if (strcmp(contact->source, import->format->source) != 0 ||
		    find_contact(wanted, contact->address) != NULL)
			continue;
		if (!store_run(import->store, error, SQL_registry_contact_close, "ii", contact->id,
			clock_now()))
			return FALSE;
		tell(change, "-", contact->address);
		import->report->contacts_gone++;
		g_ptr_array_remove_index(known->contacts, i - 1);
	}
	return TRUE;
}

/* A contact in the order of a unit's contacts. */
typedef struct {
	Contact *contact;
	gint64 place; /* among those of its source */
	gboolean added;
	gboolean changed;
} Slot;

static gint
compare_slots(gconstpointer a, gconstpointer b)
{
	const Slot *one = a;
	const Slot *other = b;
	guint left = source_order(one->contact->source);
	guint right = source_order(other->contact->source);
	gboolean pec = strcmp(one->contact->channel, "pec") == 0;

	/* a person's choice goes before all, a PEC before ordinary mail */
	if ((left == 0) != (right == 0))
		return left == 0 ? -1 : 1;
	if (pec != (strcmp(other->contact->channel, "pec") == 0))
		return pec ? -1 : 1;
	if (left != right)
		return left < right ? -1 : 1;
	return one->place < other->place ? -1 : one->place > other->place;
}

static gboolean
replace(char **text, const char *with)
{
	if (strcmp(*text, with) == 0)
		return FALSE;
	g_free(*text);
	*text = g_strdup(with);
	return TRUE;
}

/* Those that are known, told by @wanted what they are now; what is left in @wanted is new. */
static GArray *
make_slots(Import *import, Known *known, GPtrArray *wanted)
{
	GArray *slots = g_array_new(FALSE, TRUE, sizeof(Slot));
	guint mine = source_order(import->format->source);

	for (guint i = 0; i < known->contacts->len; i++) {
		Slot slot = { .contact = g_ptr_array_index(known->contacts, i) };
		const Contact *now = find_contact(wanted, slot.contact->address);

		slot.place = slot.contact->rank;
		if (now != NULL && mine <= source_order(slot.contact->source)) {
			slot.changed |= replace(&slot.contact->source, now->source);
			slot.changed |= replace(&slot.contact->channel, now->channel);
			slot.place = now->rank;
		}
		g_array_append_val(slots, slot);
	}
	for (guint i = 0; i < wanted->len; i++) {
		const Contact *now = g_ptr_array_index(wanted, i);
		Slot slot = { .place = now->rank, .added = TRUE };

		if (find_contact(known->contacts, now->address) != NULL)
			continue;
		slot.contact = g_ptr_array_index(wanted, i);
		g_array_append_val(slots, slot);
	}
	g_array_sort(slots, compare_slots);
	return slots;
}

static gboolean
write_slot(Import *import, Known *known, const Slot *slot, GString *change, GError **error)
{
	const Contact *contact = slot->contact;

	if (slot->added) {
		tell(change, "+", contact->address);
		import->report->contacts_added++;
		return store_run(import->store, error, SQL_registry_contact_open, "itttiti",
		    known->unit->id, contact->role, contact->channel, contact->address,
		    contact->rank, contact->source, clock_now());
	}
	if (!slot->changed)
		return TRUE;
	import->report->contacts_changed++;
	return store_run(import->store, error, SQL_registry_contact_update, "itit", contact->id,
	    contact->channel, contact->rank, contact->source);
}

gboolean
import_save_contacts(
    Import *import, Known *known, GPtrArray *wanted, GString *change, GError **error)
{
	g_autoptr(GArray) slots = NULL;

	if (wanted->len == 0)
		return TRUE;
	for (guint i = 0; i < wanted->len; i++)
		((Contact *)g_ptr_array_index(wanted, i))->rank = i + 1;
	if (!close_dropped(import, known, wanted, change, error))
		return FALSE;
	slots = make_slots(import, known, wanted);
	for (guint i = 0; i < slots->len; i++) {
		Slot *slot = &g_array_index(slots, Slot, i);
		gint64 rank = (gint64)i + 1;

		slot->changed |= slot->contact->rank != rank;
		slot->contact->rank = rank;
		if (!write_slot(import, known, slot, change, error))
			return FALSE;
	}
	return TRUE;
}

/* The units of one shared address, each with the names of the others. */
static void
note_sharers(Import *import, const char *address, GPtrArray *sharers)
{
	for (guint i = 0; i < sharers->len; i++) {
		const Known *known = g_ptr_array_index(sharers, i);
		g_autoptr(GString) others = g_string_new(NULL);

		for (guint k = 0; k < sharers->len; k++) {
			const Known *other = g_ptr_array_index(sharers, k);

			if (other != known)
				g_string_append_printf(others, "%s%s %s (%s)",
				    others->len > 0 ? ", " : "", other->unit->code,
				    other->unit->name, other->unit->province_code);
		}
		if (known->row > 0)
			import_note(import, known->row - 1, CELLS, SEVERITY_WARNING,
			    "address-shared", _("%s, %s: the address is also that of %s"),
			    known->unit->name, address, others->str);
	}
}

gboolean
import_note_shared(Import *import, GError **error)
{
	g_autoptr(Rows) rows = store_query(import->store, error, SQL_registry_contact_shared, "");
	g_autoptr(GPtrArray) sharers = g_ptr_array_new();
	g_autofree char *address = g_strdup("");
	g_autoptr(GError) why = NULL;

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why)) {
		Known *known = g_hash_table_lookup(import->by_code, rows_text(rows, 1));

		if (strcmp(address, rows_text(rows, 0)) != 0) {
			note_sharers(import, address, sharers);
			g_ptr_array_set_size(sharers, 0);
		}
		(void)replace(&address, rows_text(rows, 0));
		g_ptr_array_add(sharers, known);
	}
	note_sharers(import, address, sharers);
	if (why != NULL)
		g_propagate_error(error, g_steal_pointer(&why));
	return error == NULL || *error == NULL;
}

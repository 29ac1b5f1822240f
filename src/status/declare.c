#include "status/status.h"

#include "base/error.h"

#include <string.h>

static const struct {
	const char *what;
	const char *to;
} declarations[] = {
	[UNIT_DECLINES] = { "unit.declined", "declined" },
	[UNIT_EXCLUDED] = { "unit.excluded", "excluded" },
	[UNIT_REOPENED] = { "unit.reopened", "" },
};

static gboolean
is_out(const char *state)
{
	return strcmp(state, "declined") == 0 || strcmp(state, "excluded") == 0;
}

static gboolean
check(
    const Unit *unit, Declaration declaration, const char *state, const char *note, GError **error)
{
	if (*note == '\0')
		return fail(error, PLICO_ERROR_USAGE, _("say why: --note TEXT"));
	if (declaration == UNIT_REOPENED ? !is_out(state)
					 : strcmp(declarations[declaration].to, state) == 0)
		return fail(error, PLICO_ERROR_INPUT, _("%s: is %s, nothing would change"),
		    unit->name, status_words(state));
	return TRUE;
}

gboolean
status_declare(Store *store, const Form *form, const Unit *unit, Declaration declaration,
    const char *actor, const char *note, GError **error)
{
	g_autoptr(GHashTable) sections = NULL;
	g_autoptr(Transaction) transaction = NULL;
	g_autofree char *state = NULL;
	Event event = {
		.actor = actor,
		.edition = form->id,
		.unit_id = unit->id,
		.subject = "unit",
		.subject_id = unit->id,
		.what = declarations[declaration].what,
		.to_state = declarations[declaration].to,
		.note = note,
	};

	if (!status_refresh(store, form, error))
		return FALSE;
	transaction = transaction_begin(store, error);
	state = transaction != NULL ? status_unit(store, form, unit->id, &sections, error) : NULL;
	if (state == NULL || !check(unit, declaration, state, note, error))
		return FALSE;
	event.from_state = state;
	return store_event(store, &event, error) && transaction_commit(transaction, error);
}

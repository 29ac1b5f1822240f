#include "validate/takeover.h"

#include "base/error.h"
#include "base/text.h"
#include "outbox/outbox.h"

#include <string.h>

#define COORDINATOR "tutte"
#define WORDS_MAX   120 /* characters of a name, an office */

static const char *
value_of(GHashTable *values, const char *who, const char *what)
{
	g_autofree char *name = g_strdup_printf("%s_%s", who, what);
	const char *value = g_hash_table_lookup(values, name);

	return value != NULL ? value : "";
}

/* Whether anything stands in the row: then the section is meant for that person, and not for the coordinator. */
static gboolean
is_named(GHashTable *values, const char *who)
{
	return *value_of(values, who, "nome") != '\0' ||
	       *value_of(values, who, "ufficio") != '\0' || *value_of(values, who, "email") != '\0';
}

/* The address in the row; NULL, with the reason in @why, where there is none that can be used. Returns: (transfer full) */
static char *
address_of(GHashTable *values, const char *who, const char **why)
{
	g_autofree char *written = g_strstrip(g_strdup(value_of(values, who, "email")));
	char *address = NULL;

	*why = _("no address stands beside the name");
	return *written != '\0' && address_check(written, &address, why) ? address : NULL;
}

static void
check_row(GHashTable *values, const char *who, GPtrArray *findings)
{
	g_autofree char *place = g_strdup_printf("%s_email", who);
	const char *why = NULL;
	g_autofree char *address = NULL;

	if (!is_named(values, who))
		return;
	address = address_of(values, who, &why);
	if (address == NULL) {
		findings_add(findings, SEVERITY_ERROR, "address", place, "%s: %s", place, why);
		return;
	}
	why = address_suspect(address);
	if (why != NULL)
		findings_add(findings, SEVERITY_WARNING, "address-suspect", place,
		    _("%s: taken, but probably mistyped: %s"), address, why);
}

/* Of two words about one field the first is enough. */
static gboolean
is_found(const GPtrArray *findings, const char *who)
{
	g_autofree char *place = g_strdup_printf("%s_email", who);

	for (guint i = 0; i < findings->len; i++) {
		const Finding *finding = g_ptr_array_index(findings, i);

		if (strcmp(finding->place, place) == 0)
			return TRUE;
	}
	return FALSE;
}

void
takeover_check(const FormView *view, GHashTable *values, GPtrArray *findings)
{
	g_autoptr(GPtrArray) sections = form_view_sections(view);

	if (!is_found(findings, COORDINATOR))
		check_row(values, COORDINATOR, findings);
	for (guint i = 0; i < sections->len; i++) {
		const Section *section = g_ptr_array_index(sections, i);

		if (!is_found(findings, section->name))
			check_row(values, section->name, findings);
	}
}

static gboolean
give(const IntakeTools *tools, gint64 unit_id, const char *section, GHashTable *values,
    const char *who, gint64 return_id, const char *actor, GError **error)
{
	const char *why = NULL;
	g_autofree char *address = address_of(values, who, &why);
	g_autofree char *name = text_printable(value_of(values, who, "nome"), -1, WORDS_MAX);
	g_autofree char *office = text_printable(value_of(values, who, "ufficio"), -1, WORDS_MAX);
	g_autofree char *place = g_strdup(section);
	g_autofree char *source = g_strdup_printf("return:%" PRId64, return_id);
	const Delegation delegation = { .unit_id = unit_id,
		.section = place,
		.name = name,
		.office = office,
		.email = address,
		.source = source };

	return address == NULL || registry_delegate(tools->store, tools->form->id, &delegation,
				      actor, "", NULL, error);
}

gboolean
takeover_apply(const IntakeTools *tools, gint64 unit_id, GHashTable *values, gint64 return_id,
    const char *actor, GError **error)
{
	const OutboxTools outbox = { tools->store, tools->config, tools->keyring, tools->form,
		NULL };
	g_autoptr(Unit) unit = registry_unit(tools->store, unit_id, error);
	g_autoptr(FormView) view = NULL;
	g_autoptr(GPtrArray) sections = NULL;

	if (unit == NULL)
		return FALSE;
	view = form_view_new(tools->form, unit);
	sections = form_view_sections(view);
	for (guint i = 0; i < sections->len; i++) {
		const Section *section = g_ptr_array_index(sections, i);
		const char *who = is_named(values, section->name) ? section->name : COORDINATOR;

		if (!give(tools, unit_id, section->name, values, who, return_id, actor, error))
			return FALSE;
	}
	return outbox_revise_delegates(&outbox, unit_id, error);
}

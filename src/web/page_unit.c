/* One unit: who it is, its sections, its history. */
#include "web/page.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "status/status.h"
#include "validate/validate.h"

#include <string.h>

static void
add_facts(GString *html, const Unit *unit)
{
	g_autofree char *population = text_number(unit->population);

	html_add(html,
	    "<dl><dt>%s</dt><dd>%s (%s)</dd><dt>%s</dt><dd>%s</dd><dt>%s</dt><dd>%s</dd><dt>%s</dt><dd>%s</dd></dl>",
	    _("Province"), unit->province, unit->region, _("Inhabitants"),
	    unit->population < 0 ? "?" : population, _("ISTAT code"), unit->istat_code,
	    _("Cadastral code"), unit->code);
}

static gboolean
add_contacts(GString *html, const WebTools *tools, const Unit *unit, GError **error)
{
	g_autoptr(GPtrArray) contacts = registry_contacts(tools->store, unit->id, error);

	if (contacts == NULL)
		return FALSE;
	html_add(html, "<h2>%s</h2><ul>", _("Addresses"));
	for (guint i = 0; i < contacts->len; i++) {
		const Contact *contact = g_ptr_array_index(contacts, i);

		html_add(html, "<li>%s (%s, %s)</li>", contact->address, contact->channel,
		    contact->role);
	}
	g_string_append(html, "</ul>");
	return TRUE;
}

static gboolean
add_sections(GString *html, const WebTools *tools, const Unit *unit, GError **error)
{
	g_autoptr(GHashTable) states = NULL;
	g_autofree char *state = status_unit(tools->store, tools->form, unit->id, &states, error);

	if (state == NULL)
		return FALSE;
	html_add(html, "<p class=\"state %s\">%s</p><h2>%s</h2><ol class=\"sections\">", state,
	    state_word(state), _("Sections"));
	for (guint i = 0; i < tools->form->sections->len; i++) {
		const Section *section = g_ptr_array_index(tools->form->sections, i);
		const char *at = g_hash_table_lookup(states, section->name);

		if (at == NULL)
			continue;
		html_add(html, "<li class=\"%s\"><b>%s</b> %s<br>%s</li>", at, section->number,
		    form_text(tools->form, section->group->labels, tools->form->default_lang),
		    section_state_word(at));
	}
	g_string_append(html, "</ol>");
	return TRUE;
}

static gboolean
add_history(GString *html, const WebTools *tools, const Unit *unit, GError **error)
{
	g_autoptr(Rows) rows =
	    store_query(tools->store, error, SQL_web_unit_events, "it", unit->id, tools->form->id);
	g_autoptr(GError) why = NULL;

	if (rows == NULL)
		return FALSE;
	html_add(html, "<h2>%s</h2><table class=\"list\"><tbody>", _("History"));
	while (rows_next(rows, &why)) {
		g_autofree char *at = clock_local(rows_int(rows, 0));

		html_add(html, "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>",
		    at, status_words(rows_text(rows, 2)), rows_text(rows, 3),
		    validate_reason_words(rows_text(rows, 4)), rows_text(rows, 1));
	}
	g_string_append(html, "</tbody></table>");
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static char *
show(const WebTools *tools, const Request *request, char **title, GError **error)
{
	g_autoptr(GString) html = g_string_new(NULL);
	g_autoptr(Unit) unit = NULL;

	if (!status_refresh(tools->store, tools->form, error))
		return NULL;
	unit = registry_find(tools->store, request->rest, error);
	if (unit == NULL)
		return NULL;
	*title = unit_full_name(unit);
	add_facts(html, unit);
	if (!add_sections(html, tools, unit, error) || !add_contacts(html, tools, unit, error) ||
	    !add_history(html, tools, unit, error))
		return NULL;
	return g_string_free(g_steal_pointer(&html), FALSE);
}

const Page page_unit = { .path = "/comune", .takes_rest = TRUE, .show = show };

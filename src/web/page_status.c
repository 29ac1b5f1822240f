/* Where the survey stands: every number opens its list. */
#include "web/page.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "status/status.h"

static void
add_link(GString *html, const char *state, const char *region, gint64 number)
{
	g_autofree char *text = text_number(number);
	g_autofree char *at = g_uri_escape_string(region, NULL, FALSE);

	html_add(
	    html, "<td><a href=\"/comuni?stato=%s&amp;regione=%s\">%s</a></td>", state, at, text);
}

static void
add_row(GString *html, const char *name, const char *region, const StatusCounts *counts)
{
	g_autofree char *share = text_percent(counts->completed, counts->units);

	html_add(html, "<tr><th scope=\"row\">%s</th>", name);
	add_link(html, "", region, counts->units);
	add_link(html, "never_opened", region, counts->never_opened);
	add_link(html, "in_progress", region, counts->in_progress);
	add_link(html, "completed", region, counts->completed);
	add_link(html, "declined", region, counts->declined);
	add_link(html, "excluded", region, counts->excluded);
	html_add(html, "<td>%s</td></tr>", share);
}

static void
add_head(GString *html, const char *first)
{
	html_add(html,
	    "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
	    "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
	    "<th scope=\"col\">%s</th></tr></thead>",
	    first, _("Municipalities"), _("Never opened"), _("In progress"), _("Completed"),
	    _("Declined"), _("Excluded"), _("Completed"));
}

static void
add_figure(GString *html, const char *state, const char *word, gint64 number, gint64 whole)
{
	g_autofree char *text = text_number(number);

	html_add(html,
	    "<li class=\"%s\"><a href=\"/comuni?stato=%s\"><b>%s</b> %s</a>"
	    "<progress max=\"%" PRId64 "\" value=\"%" PRId64 "\">%s</progress></li>",
	    state, state, text, word, whole, number, text);
}

static gboolean
add_sections(GString *html, const WebTools *tools, GError **error)
{
	g_autoptr(GPtrArray) sections = status_sections(tools->store, tools->form, error);

	if (sections == NULL)
		return FALSE;
	html_add(html,
	    "<h2>%s</h2><table><thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
	    "<th scope=\"col\">%s</th></tr></thead><tbody>",
	    _("Sections"), _("Section"), _("Sent"), _("Received"), _("Received, with errors"));
	for (guint i = 0; i < sections->len; i++) {
		const SectionCounts *counts = g_ptr_array_index(sections, i);
		const Item *group = counts->section->group;
		g_autofree char *sent = text_number(counts->sent);
		g_autofree char *received = text_number(counts->received);
		g_autofree char *wrong = text_number(counts->received_with_findings);

		html_add(html,
		    "<tr><th scope=\"row\">%s. %s</th><td>%s</td><td>%s</td><td>%s</td></tr>",
		    counts->section->number,
		    form_text(tools->form, group->labels, tools->form->default_lang), sent,
		    received, wrong);
	}
	g_string_append(html, "</tbody></table>");
	return TRUE;
}

static char *
show(const WebTools *tools, const Request *request, char **title, GError **error)
{
	g_autoptr(GString) html = g_string_new(NULL);
	g_autoptr(StatusCounts) total = NULL;
	g_autoptr(GPtrArray) regions = NULL;
	g_autofree char *now = clock_long_date(clock_now(), "it");

	(void)request;
	*title = g_strdup(_("Where the survey stands"));
	if (!status_refresh(tools->store, tools->form, error))
		return NULL;
	total = status_total(tools->store, tools->form, error);
	regions = total != NULL ? status_by(tools->store, tools->form, BY_REGION, error) : NULL;
	if (regions == NULL)
		return NULL;
	html_add(html, "<p>%s</p><ul class=\"figures\">", now);
	add_figure(html, "never_opened", _("never opened"), total->never_opened, total->units);
	add_figure(html, "in_progress", _("in progress"), total->in_progress, total->units);
	add_figure(html, "completed", _("completed"), total->completed, total->units);
	html_add(html,
	    "</ul><p><a href=\"/comuni?recapito=undelivered\">%s: %" PRId64 "</a> - "
	    "<a href=\"/comuni?recapito=unknown\">%s: %" PRId64 "</a></p>",
	    _("Letters not delivered"), total->undelivered, _("Letters of which nothing is known"),
	    total->unknown);
	html_add(html, "<h2>%s</h2><table>", _("Regions"));
	add_head(html, _("Region"));
	g_string_append(html, "<tbody>");
	for (guint i = 0; i < regions->len; i++) {
		const StatusCounts *counts = g_ptr_array_index(regions, i);

		add_row(html, counts->name, counts->name, counts);
	}
	g_string_append(html, "</tbody><tfoot>");
	add_row(html, _("All"), "", total);
	g_string_append(html, "</tfoot></table>");
	if (!add_sections(html, tools, error))
		return NULL;
	return g_string_free(g_steal_pointer(&html), FALSE);
}

const Page page_status = { .path = "/", .show = show };

/* The list behind a number. */
#include "web/page.h"

#include "base/error.h"
#include "base/text.h"
#include "status/status.h"

#define ROWS_A_PAGE 200

const char *
page_key_name(PageKey key)
{
	static const char *const names[KEYS] = { "q", "stato", "regione", "recapito", "pagina" };

	return names[key];
}

static void
add_row(GString *html, Rows *rows)
{
	g_autofree char *population = text_number(rows_int(rows, 6));

	html_add(html,
	    "<tr><th scope=\"row\"><a href=\"/comune/%s\">%s%s%s</a></th><td>%s</td><td>%s</td><td>%s</td>",
	    rows_text(rows, 0), rows_text(rows, 2), *rows_text(rows, 3) != '\0' ? "/" : "",
	    rows_text(rows, 3), rows_text(rows, 4), rows_text(rows, 5), population);
	html_add(html, "<td>%s</td><td>%s %s</td></tr>", state_word(rows_text(rows, 7)),
	    delivery_word(rows_text(rows, 8)), rows_text(rows, 9));
}

static void
add_pager(GString *html, const Request *request, gint64 page, gint64 count)
{
	g_autofree char *words = g_uri_escape_string(request->keys[KEY_WORDS], NULL, FALSE);
	g_autofree char *state = g_uri_escape_string(request->keys[KEY_STATE], NULL, FALSE);
	g_autofree char *region = g_uri_escape_string(request->keys[KEY_REGION], NULL, FALSE);
	g_autofree char *delivery = g_uri_escape_string(request->keys[KEY_DELIVERY], NULL, FALSE);

	g_string_append(html, "<nav>");
	for (gint64 i = 0; i * ROWS_A_PAGE < count && count > ROWS_A_PAGE; i++) {
		if (i == page)
			html_add(html, "<b>%" PRId64 "</b> ", i + 1);
		else
			html_add(html,
			    "<a href=\"/comuni?q=%s&amp;stato=%s&amp;regione=%s&amp;recapito=%s&amp;pagina=%" PRId64
			    "\">%" PRId64 "</a> ",
			    words, state, region, delivery, i, i + 1);
	}
	g_string_append(html, "</nav>");
}

static char *
make_title(const Request *request, gint64 count)
{
	g_autofree char *number = text_number(count);
	GString *title = g_string_new(NULL);

	g_string_append_printf(title, "%s: %s", _("Municipalities"), number);
	if (*request->keys[KEY_STATE] != '\0')
		g_string_append_printf(title, ", %s", state_word(request->keys[KEY_STATE]));
	if (*request->keys[KEY_DELIVERY] != '\0')
		g_string_append_printf(title, ", %s", delivery_word(request->keys[KEY_DELIVERY]));
	if (*request->keys[KEY_REGION] != '\0')
		g_string_append_printf(title, ", %s", request->keys[KEY_REGION]);
	return g_string_free(title, FALSE);
}

static char *
show(const WebTools *tools, const Request *request, char **title, GError **error)
{
	g_autoptr(GString) html = g_string_new(NULL);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = NULL;
	g_autofree char *words = text_fold(request->keys[KEY_WORDS]);
	const char *edition = tools->form->id;
	gint64 page = MIN(g_ascii_strtoll(request->keys[KEY_PAGE], NULL, 10), 100000);
	gint64 count;

	if (!status_refresh(tools->store, tools->form, error) ||
	    !store_int(tools->store, &count, 0, error, SQL_web_units_count, "ttttt", edition,
		request->keys[KEY_STATE], request->keys[KEY_REGION], request->keys[KEY_DELIVERY],
		words))
		return NULL;
	*title = make_title(request, count);
	rows = store_query(tools->store, error, SQL_web_units, "tttttii", edition,
	    request->keys[KEY_STATE], request->keys[KEY_REGION], request->keys[KEY_DELIVERY], words,
	    (gint64)ROWS_A_PAGE, MAX(page, 0) * ROWS_A_PAGE);
	if (rows == NULL)
		return NULL;
	html_add(html,
	    "<table class=\"list\"><thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
	    "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>",
	    _("Municipality"), _("Province"), _("Region"), _("Inhabitants"), _("State"),
	    _("Letter"));
	while (rows_next(rows, &why))
		add_row(html, rows);
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	g_string_append(html, "</tbody></table>");
	add_pager(html, request, MAX(page, 0), count);
	return g_string_free(g_steal_pointer(&html), FALSE);
}

const Page page_units = { .path = "/comuni", .show = show };

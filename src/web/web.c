/* The server: libmicrohttpd stays in this file. One thread answers; the main thread waits for a signal. */
#include "web/web.h"

#include "base/error.h"
#include "web/page.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>

#define KEY_LIMIT	  100
#define CONNECTIONS_LIMIT 64
#define TIMEOUT_S	  15

static const Page *const pages[] = { &page_status, &page_units, &page_unit };

static const char security[] =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";

static enum MHD_Result
answer(struct MHD_Connection *connection, unsigned status, const char *type, const char *body,
    gsize size)
{
	struct MHD_Response *response =
	    MHD_create_response_from_buffer_with_free_callback(size, g_memdup2(body, size), g_free);
	enum MHD_Result result;

	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	MHD_add_response_header(response, "Content-Security-Policy", security);
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result
answer_page(struct MHD_Connection *connection, const WebTools *tools, unsigned status,
    const char *title, const char *body)
{
	g_autoptr(GString) html = g_string_new("<!DOCTYPE html>\n");
	const char *survey = config_text(tools->config, CONFIG_survey_title);

	html_add(html,
	    "<html lang=\"it\"><head><meta charset=\"utf-8\"><title>%s - %s</title>"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
	    "<link rel=\"stylesheet\" href=\"/plico.css\"></head><body>"
	    "<header><a href=\"/\">%s</a><form action=\"/comuni\" role=\"search\"><label for=\"q\">%s</label>"
	    "<input id=\"q\" name=\"q\" maxlength=\"60\"><button>%s</button></form></header><main><h1>%s</h1>",
	    title, survey, survey, _("Municipality"), _("Search"), title);
	g_string_append(html, body);
	g_string_append(html, "</main></body></html>\n");
	return answer(connection, status, "text/html; charset=utf-8", html->str, html->len);
}

static enum MHD_Result
answer_style(struct MHD_Connection *connection)
{
	g_autoptr(GBytes) style = g_resources_lookup_data(
	    "/plico/src/web/assets/plico.css", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	gsize size;
	const char *text = g_bytes_get_data(style, &size);

	return answer(connection, MHD_HTTP_OK, "text/css; charset=utf-8", text, size);
}

static const Page *
find_page(const char *path, const char **rest)
{
	for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
		gsize length = strlen(pages[i]->path);

		*rest = "";
		if (!pages[i]->takes_rest && strcmp(path, pages[i]->path) == 0)
			return pages[i];
		if (pages[i]->takes_rest && strncmp(path, pages[i]->path, length) == 0 &&
		    path[length] == '/') {
			*rest = path + length + 1;
			return pages[i];
		}
	}
	return NULL;
}

static void
read_keys(struct MHD_Connection *connection, Request *request)
{
	for (int key = 0; key < KEYS; key++) {
		const char *value = MHD_lookup_connection_value(
		    connection, MHD_GET_ARGUMENT_KIND, page_key_name((PageKey)key));
		gboolean fits =
		    value != NULL && strlen(value) <= KEY_LIMIT && g_utf8_validate(value, -1, NULL);

		request->keys[key] = fits ? value : "";
	}
}

static enum MHD_Result
on_request(void *user, struct MHD_Connection *connection, const char *path, const char *method,
    const char *version, const char *upload, size_t *upload_size, void **state)
{
	const WebTools *tools = user;
	g_autoptr(GError) error = NULL;
	g_autofree char *title = NULL;
	g_autofree char *body = NULL;
	Request request = { 0 };
	const Page *page;

	(void)version;
	(void)upload;
	(void)upload_size;
	(void)state;
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0)
		return answer(
		    connection, MHD_HTTP_METHOD_NOT_ALLOWED, "text/plain; charset=utf-8", "", 0);
	if (strcmp(path, "/plico.css") == 0)
		return answer_style(connection);
	page = find_page(path, &request.rest);
	if (page == NULL)
		return answer_page(
		    connection, tools, MHD_HTTP_NOT_FOUND, _("There is no such page"), "");
	read_keys(connection, &request);
	body = page->show(tools, &request, &title, &error);
	if (body != NULL)
		return answer_page(connection, tools, MHD_HTTP_OK, title, body);
	g_warning("%s: %s", path, error->message);
	if (g_error_matches(error, PLICO_ERROR, PLICO_ERROR_NOT_FOUND))
		return answer_page(
		    connection, tools, MHD_HTTP_NOT_FOUND, _("There is no such page"), "");
	return answer_page(connection, tools, MHD_HTTP_INTERNAL_SERVER_ERROR,
	    _("The page cannot be shown now"), "");
}

static gboolean
listen_address(const Config *config, struct sockaddr_in *address, GError **error)
{
	const char *text = config_text(config, CONFIG_web_address);

	*address = (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons((guint16)config_int(config, CONFIG_web_port)) };
	if (inet_pton(AF_INET, text, &address->sin_addr) != 1)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("web.address = %s: an IPv4 address is expected"), text);
	return TRUE;
}

static struct MHD_Daemon *
start(const WebTools *tools, GError **error)
{
	struct sockaddr_in address;
	struct MHD_Daemon *daemon;

	if (!listen_address(tools->config, &address, error))
		return NULL;
	daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO, 0, NULL, NULL,
	    on_request, (void *)(gsize)tools, MHD_OPTION_SOCK_ADDR, &address,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_LIMIT, MHD_OPTION_CONNECTION_TIMEOUT,
	    (unsigned)TIMEOUT_S, MHD_OPTION_END);
	if (daemon == NULL)
		fail(error, PLICO_ERROR_UNAVAILABLE,
		    _("%s:%d cannot be opened: another program has it; change web.port"),
		    config_text(tools->config, CONFIG_web_address),
		    (int)config_int(tools->config, CONFIG_web_port));
	return daemon;
}

gboolean
web_serve(const WebTools *tools, void (*ready)(const Config *config, guint port), GError **error)
{
	struct MHD_Daemon *daemon;
	sigset_t stop;
	int signal_number;

	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGTERM);
	sigprocmask(SIG_BLOCK, &stop, NULL); /* before the thread begins: it inherits the mask */
	daemon = start(tools, error);
	if (daemon == NULL)
		return FALSE;
	if (ready != NULL)
		ready(tools->config, MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
	sigwait(&stop, &signal_number);
	MHD_stop_daemon(daemon);
	return TRUE;
}

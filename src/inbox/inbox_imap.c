/*
 * IMAP4rev1 by libcurl (RFC 3501, MOVE RFC 6851, UIDPLUS RFC 4315). The folder is the queue; a message is named by
 * UIDVALIDITY and UID together, every command is bound to that UIDVALIDITY, and when it changes the list starts anew:
 * what comes twice is recognised by its bytes. Moved, never deleted. TLS is required and verified.
 *
 * libcurl cuts a line of an answer that fills half its buffer, and gives up after some 200 lines: so the list is asked
 * for in windows, and the sizes of a few messages at a time.
 */
#include "inbox/inbox.h"

#include "base/error.h"

#include <curl/curl.h>
#include <gio/gio.h>
#include <string.h>

#define LIST_LIMIT	((gsize)64 << 20)
#define WINDOW		500 /* messages of one SEARCH: a line of at most 6 KB */
#define SIZES		32  /* messages whose sizes are asked at once */
#define RESTARTS_LIMIT	5 /* changes of UIDVALIDITY in one run: a server with more is not in order */
#define CONNECT_SECONDS 30L
#define SILENCE_SECONDS 60L  /* without an answer, or a byte of one */
#define FETCH_SECONDS	900L /* for one message */

typedef struct {
	guint32 uid;
	guint64 size; /* 0: not asked, or not said: capped while it comes */
} Waiting;

typedef struct {
	CURL *curl;
	char *server;  /* "imaps://host:port" */
	char *user;    /* for messages */
	char *mailbox; /* folder, escaped for the URL */
	char *folder;  /* quoted for commands */
	char *done;    /* quoted for commands */
	GString *answer;
	gsize limit;   /* bytes of the answer */
	gboolean over; /* the limit ended the transfer */
	char why[CURL_ERROR_SIZE];
	guint32 validity;
	GArray *waiting; /* of Waiting */
	guint next;
	guint sized; /* up to where sizes were asked */
	guint restarts;
	gboolean has_move;
	gboolean has_uidplus;
} Imap;

static void
imap_close(gpointer session)
{
	Imap *imap = session;

	if (imap == NULL)
		return;
	if (imap->curl != NULL)
		curl_easy_cleanup(imap->curl);
	g_free(imap->server);
	g_free(imap->user);
	g_free(imap->mailbox);
	g_free(imap->folder);
	g_free(imap->done);
	g_string_free(imap->answer, TRUE);
	g_array_unref(imap->waiting);
	g_free(imap);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Imap, imap_close)

/* --- one command ---------------------------------------------------------------------------------------------- */

static size_t
take_bytes(char *data, size_t size, size_t n, void *session)
{
	Imap *imap = session;

	if (n > imap->limit - imap->answer->len) {
		imap->over = TRUE;
		return 0;
	}
	g_string_append_len(imap->answer, data, (gssize)(size * n));
	return size * n;
}

/* Runs @command (NULL: fetches what @url names); what the server says is in imap->answer. */
static CURLcode
run(Imap *imap, const char *url, const char *command, gsize limit)
{
	imap->limit = limit;
	imap->over = FALSE;
	imap->why[0] = '\0';
	g_string_truncate(imap->answer, 0);
	(void)curl_easy_setopt(imap->curl, CURLOPT_URL, url);
	(void)curl_easy_setopt(imap->curl, CURLOPT_CUSTOMREQUEST, command);
	return curl_easy_perform(imap->curl);
}

static gboolean
explain(const Imap *imap, CURLcode code, const char *what, GError **error)
{
	const char *why = imap->why[0] != '\0' ? imap->why : curl_easy_strerror(code);

	switch (code) {
	case CURLE_OK:
		return TRUE;
	case CURLE_LOGIN_DENIED:
		return fail(error, PLICO_ERROR_CONFIG,
		    _("%s: the server does not let %s in: check inbox.imap_user and the password file"),
		    imap->server, imap->user);
	case CURLE_USE_SSL_FAILED:
		return fail(error, PLICO_ERROR_UNAVAILABLE,
		    _("%s: the server offers no encryption (STARTTLS): nothing was sent to it"),
		    imap->server);
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CONNECT_ERROR:
		return fail(error, PLICO_ERROR_UNAVAILABLE,
		    _("%s: the server cannot be trusted: %s"), imap->server, why);
	default:
		return fail(error, PLICO_ERROR_UNAVAILABLE, "%s: %s: %s", imap->server, what, why);
	}
}

/* The folder's URL, bound to the present UIDVALIDITY: libcurl refuses it (CURLE_REMOTE_FILE_NOT_FOUND) when the
 * server has another. Returns: (transfer full) */
static char *
folder_url(const Imap *imap)
{
	return g_strdup_printf("%s/%s;UIDVALIDITY=%u", imap->server, imap->mailbox, imap->validity);
}

/* The number behind @name in @line. */
static gboolean
read_number(const char *line, const char *name, guint64 *out)
{
	const char *at = strstr(line, name);

	if (at == NULL || !g_ascii_isdigit(at[strlen(name)]))
		return FALSE;
	*out = g_ascii_strtoull(at + strlen(name), NULL, 10);
	return TRUE;
}

/* --- the list -------------------------------------------------------------------------------------------------- */

static gboolean
read_status(Imap *imap, guint32 *validity, guint64 *messages, GError **error)
{
	g_autofree char *url = g_strconcat(imap->server, "/", NULL);
	g_autofree char *command =
	    g_strdup_printf("STATUS %s (UIDVALIDITY MESSAGES)", imap->folder);
	CURLcode code = run(imap, url, command, LIST_LIMIT);
	guint64 number;

	if (code == CURLE_QUOTE_ERROR)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("%s: no folder %s: check inbox.imap_folder"), imap->server, imap->folder);
	if (!explain(imap, code, "STATUS", error))
		return FALSE;
	if (!read_number(imap->answer->str, "UIDVALIDITY ", &number) || number > G_MAXUINT32 ||
	    !read_number(imap->answer->str, "MESSAGES ", messages))
		return fail(error, PLICO_ERROR_UNAVAILABLE,
		    _("%s: an answer to STATUS that says nothing"), imap->server);
	*validity = (guint32)number;
	return TRUE;
}

/* "* SEARCH 3 5 9" */
static void
take_found(Imap *imap)
{
	g_auto(GStrv) words = g_strsplit_set(imap->answer->str, " \r\n", 0);

	for (gsize i = 0; words[i] != NULL; i++) {
		Waiting waiting = { 0 };
		guint64 uid;

		if (!g_ascii_string_to_unsigned(words[i], 10, 1, G_MAXUINT32, &uid, NULL))
			continue;
		waiting.uid = (guint32)uid;
		g_array_append_val(imap->waiting, waiting);
	}
}

static gboolean
list(Imap *imap, GError **error)
{
	g_autofree char *url = NULL;
	guint64 messages;

	if (!read_status(imap, &imap->validity, &messages, error))
		return FALSE;
	url = folder_url(imap);
	g_array_set_size(imap->waiting, 0);
	imap->next = 0;
	imap->sized = 0;
	for (guint64 from = 1; from <= messages; from += WINDOW) {
		g_autofree char *command =
		    g_strdup_printf("UID SEARCH %" PRIu64 ":%" PRIu64 " UNDELETED", from,
			MIN(from + WINDOW - 1, messages));
		CURLcode code = run(imap, url, command, LIST_LIMIT);

		if (code == CURLE_QUOTE_ERROR)
			break; /* somebody moves messages at the same time: what was found is enough for now */
		if (!explain(imap, code, "UID SEARCH", error))
			return FALSE;
		take_found(imap);
	}
	return TRUE;
}

/* After CURLE_REMOTE_FILE_NOT_FOUND: the message is gone, or the UIDVALIDITY is another and the list starts anew. */
static gboolean
find_place_again(Imap *imap, GError **error)
{
	guint32 validity;
	guint64 messages;

	if (!read_status(imap, &validity, &messages, error))
		return FALSE;
	if (validity == imap->validity)
		return TRUE;
	if (++imap->restarts > RESTARTS_LIMIT)
		return fail(error, PLICO_ERROR_TRY_AGAIN,
		    _("%s: the UIDVALIDITY of %s changes all the time"), imap->server,
		    imap->folder);
	return list(imap, error);
}

static void
set_size(Imap *imap, guint from, guint to, guint64 uid, guint64 size)
{
	for (guint i = from; i < to; i++)
		if (g_array_index(imap->waiting, Waiting, i).uid == uid)
			g_array_index(imap->waiting, Waiting, i).size = size;
}

/* "* 12 FETCH (UID 40 RFC822.SIZE 3200)", a line for each of the next messages that are still there. */
static gboolean
ask_sizes(Imap *imap, GError **error)
{
	guint to = MIN(imap->sized + SIZES, imap->waiting->len);
	g_autoptr(GString) command = g_string_new("UID FETCH ");
	g_autofree char *url = folder_url(imap);
	g_auto(GStrv) lines = NULL;
	CURLcode code;

	for (guint i = imap->sized; i < to; i++)
		g_string_append_printf(command, "%s%u", i > imap->sized ? "," : "",
		    g_array_index(imap->waiting, Waiting, i).uid);
	g_string_append(command, " (RFC822.SIZE)");
	code = run(imap, url, command->str, LIST_LIMIT);
	imap->sized = to; /* whatever comes of it, this is asked once */
	if (code == CURLE_REMOTE_FILE_NOT_FOUND)
		return find_place_again(imap, error);
	if (!explain(imap, code, "UID FETCH", error))
		return FALSE;
	lines = g_strsplit(imap->answer->str, "\n", 0);
	for (gsize i = 0; lines[i] != NULL; i++) {
		guint64 uid;
		guint64 size;

		if (read_number(lines[i], "UID ", &uid) &&
		    read_number(lines[i], "RFC822.SIZE ", &size))
			set_size(imap, imap->next, to, uid, size);
	}
	return TRUE;
}

/* --- opening ---------------------------------------------------------------------------------------------------- */

static gboolean
is_loopback(const char *host)
{
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);

	return address != NULL ? g_inet_address_get_is_loopback(address)
			       : strcmp(host, "localhost") == 0;
}

/* Sets how the connection is protected from inbox.imap_url and inbox.imap_tls. */
static gboolean
set_server(Imap *imap, const Config *config, GError **error)
{
	const char *text = config_text(config, CONFIG_inbox_imap_url);
	gboolean plain = strcmp(config_text(config, CONFIG_inbox_imap_tls), "none") == 0;
	const char *ca = config_text(config, CONFIG_inbox_imap_ca_file);
	g_autoptr(GUri) url = g_uri_parse(text, G_URI_FLAGS_NONE, NULL);
	const char *scheme = url != NULL ? g_uri_get_scheme(url) : "";
	gboolean implicit = strcmp(scheme, "imaps") == 0;

	if ((!implicit && strcmp(scheme, "imap") != 0) || g_uri_get_userinfo(url) != NULL ||
	    g_uri_get_host(url) == NULL || strlen(g_uri_get_path(url)) > 1)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("inbox.imap_url = %s: imaps://host, imaps://host:port or imap://host:port is expected"),
		    text);
	if (plain && !is_loopback(g_uri_get_host(url)))
		return fail(error, PLICO_ERROR_CONFIG,
		    _("inbox.imap_tls = none: only for a server on this machine, not for %s"),
		    g_uri_get_host(url));
	imap->server = g_strndup(text, strlen(text) - strlen(g_uri_get_path(url)));
	(void)curl_easy_setopt(imap->curl, CURLOPT_PROTOCOLS_STR, "imap,imaps");
	(void)curl_easy_setopt(imap->curl, CURLOPT_USE_SSL,
	    (long)(plain && !implicit ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	(void)curl_easy_setopt(imap->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (*ca != '\0')
		(void)curl_easy_setopt(imap->curl, CURLOPT_CAINFO, ca);
	return TRUE;
}

static gboolean
set_user(Imap *imap, const Config *config, GError **error)
{
	g_autofree char *password =
	    config_read_secret(config_text(config, CONFIG_inbox_imap_password_file), error);

	if (password == NULL)
		return FALSE;
	imap->user = g_strdup(config_text(config, CONFIG_inbox_imap_user));
	(void)curl_easy_setopt(imap->curl, CURLOPT_USERNAME, imap->user);
	(void)curl_easy_setopt(imap->curl, CURLOPT_PASSWORD, password);
	return TRUE;
}

/* A folder's name as a quoted string of IMAP. Names beyond ASCII would need modified UTF-7: refused with a sentence. */
static char *
quote_folder(const Config *config, ConfigKey key, GError **error)
{
	const char *name = config_text(config, key);

	for (const char *at = name; *at != '\0'; at++)
		if (*at < ' ' || *at == 0x7f || strchr("\"\\%*", *at) != NULL) {
			fail(error, PLICO_ERROR_CONFIG,
			    _("%s = %s: a folder's name in ASCII is expected"), config_name(key),
			    name);
			return NULL;
		}
	return g_strdup_printf("\"%s\"", name);
}

static gboolean
set_folders(Imap *imap, const Config *config, GError **error)
{
	imap->folder = quote_folder(config, CONFIG_inbox_imap_folder, error);
	imap->done = quote_folder(config, CONFIG_inbox_imap_done, error);
	if (imap->folder == NULL || imap->done == NULL)
		return FALSE;
	imap->mailbox =
	    g_uri_escape_string(config_text(config, CONFIG_inbox_imap_folder), NULL, FALSE);
	return TRUE;
}

static void
set_patience(Imap *imap)
{
	(void)curl_easy_setopt(imap->curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(imap->curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	(void)curl_easy_setopt(imap->curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, SILENCE_SECONDS);
	(void)curl_easy_setopt(imap->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	(void)curl_easy_setopt(imap->curl, CURLOPT_LOW_SPEED_TIME, SILENCE_SECONDS);
	(void)curl_easy_setopt(imap->curl, CURLOPT_TIMEOUT, FETCH_SECONDS);
	(void)curl_easy_setopt(imap->curl, CURLOPT_ERRORBUFFER, imap->why);
	(void)curl_easy_setopt(imap->curl, CURLOPT_WRITEFUNCTION, take_bytes);
	(void)curl_easy_setopt(imap->curl, CURLOPT_WRITEDATA, imap);
}

static gboolean
ask_capabilities(Imap *imap, GError **error)
{
	g_autofree char *url = g_strconcat(imap->server, "/", NULL);
	CURLcode code = run(imap, url, "CAPABILITY", LIST_LIMIT);
	g_auto(GStrv) words = g_strsplit_set(imap->answer->str, " \r\n", 0);

	for (gsize i = 0; words[i] != NULL; i++) {
		imap->has_move = imap->has_move || g_ascii_strcasecmp(words[i], "MOVE") == 0;
		imap->has_uidplus =
		    imap->has_uidplus || g_ascii_strcasecmp(words[i], "UIDPLUS") == 0;
	}
	return explain(imap, code, "CAPABILITY", error);
}

static gboolean
make_done_folder(Imap *imap, GError **error)
{
	g_autofree char *url = g_strconcat(imap->server, "/", NULL);
	g_autofree char *ask = g_strdup_printf("STATUS %s (MESSAGES)", imap->done);
	g_autofree char *make = g_strdup_printf("CREATE %s", imap->done);
	CURLcode code = run(imap, url, ask, LIST_LIMIT);

	if (code == CURLE_QUOTE_ERROR)
		code = run(imap, url, make, LIST_LIMIT);
	return explain(imap, code, make, error);
}

static gpointer
imap_open(const Config *config, GError **error)
{
	static gsize once;
	g_autoptr(Imap) imap = g_new0(Imap, 1);

	if (g_once_init_enter(&once)) {
		(void)curl_global_init(CURL_GLOBAL_DEFAULT);
		g_once_init_leave(&once, 1);
	}
	imap->answer = g_string_new(NULL);
	imap->waiting = g_array_new(FALSE, FALSE, sizeof(Waiting));
	imap->curl = curl_easy_init();
	if (imap->curl == NULL) {
		fail(error, PLICO_ERROR_UNAVAILABLE, "libcurl: curl_easy_init");
		return NULL;
	}
	set_patience(imap);
	if (!set_server(imap, config, error) || !set_folders(imap, config, error) ||
	    !set_user(imap, config, error) || !ask_capabilities(imap, error) ||
	    !make_done_folder(imap, error) || !list(imap, error))
		return NULL;
	return g_steal_pointer(&imap);
}

/* --- messages ------------------------------------------------------------------------------------------------------ */

/* @there: FALSE where somebody moved it meanwhile, or the list started anew. @raw stays NULL where it is too large. */
static gboolean
fetch(Imap *imap, guint32 uid, GBytes **raw, gboolean *there, GError **error)
{
	g_autofree char *folder = folder_url(imap);
	g_autofree char *url = g_strdup_printf("%s/;UID=%u", folder, uid);
	CURLcode code = run(imap, url, NULL, INBOX_MESSAGE_LIMIT);

	if (code ==
	    CURLE_WEIRD_SERVER_REPLY) /* news of another message, which libcurl takes for this one */
		code = run(imap, url, NULL, INBOX_MESSAGE_LIMIT);
	*there = code != CURLE_REMOTE_FILE_NOT_FOUND;
	if (!*there)
		return find_place_again(imap, error);
	if (imap->over)
		return TRUE;
	if (!explain(imap, code, "UID FETCH", error))
		return FALSE;
	*raw = g_bytes_new(imap->answer->str, imap->answer->len);
	return TRUE;
}

static gboolean
imap_next(gpointer session, InboxItem *item, GError **error)
{
	Imap *imap = session;

	while (imap->next < imap->waiting->len) {
		guint32 validity = imap->validity;
		gboolean there = TRUE;
		Waiting waiting;

		if (imap->next == imap->sized && !ask_sizes(imap, error))
			return FALSE;
		if (validity != imap->validity)
			continue; /* the list started anew */
		waiting = g_array_index(imap->waiting, Waiting, imap->next++);
		if (waiting.size <= INBOX_MESSAGE_LIMIT &&
		    !fetch(imap, waiting.uid, &item->raw, &there, error))
			return FALSE;
		if (there) {
			item->place = g_strdup_printf("imap:%u/%u", validity, waiting.uid);
			return TRUE;
		}
	}
	return FALSE;
}

/* The UIDs of @places as a set "3,5,9". Those of an earlier UIDVALIDITY are left out: they come again, and are
 * recognised. Returns: (transfer full), NULL for none */
static char *
uid_set(const Imap *imap, const GPtrArray *places)
{
	g_autofree char *prefix = g_strdup_printf("imap:%u/", imap->validity);
	g_autoptr(GString) set = g_string_new(NULL);

	for (guint i = 0; i < places->len; i++) {
		const char *place = g_ptr_array_index(places, i);

		if (g_str_has_prefix(place, prefix))
			g_string_append_printf(
			    set, "%s%s", set->len > 0 ? "," : "", place + strlen(prefix));
	}
	return set->len > 0 ? g_string_free(g_steal_pointer(&set), FALSE) : NULL;
}

/* Without MOVE (RFC 6851, 3.3). Without UIDPLUS the mark is left: a plain EXPUNGE would delete what others marked. */
static CURLcode
copy_and_mark(Imap *imap, const char *url, const char *set)
{
	g_autofree char *copy = g_strdup_printf("UID COPY %s %s", set, imap->done);
	g_autofree char *mark = g_strdup_printf("UID STORE %s +FLAGS.SILENT (\\Deleted)", set);
	g_autofree char *expunge = g_strdup_printf("UID EXPUNGE %s", set);
	CURLcode code = run(imap, url, copy, LIST_LIMIT);

	if (code == CURLE_OK)
		code = run(imap, url, mark, LIST_LIMIT);
	if (code == CURLE_OK && imap->has_uidplus)
		code = run(imap, url, expunge, LIST_LIMIT);
	return code;
}

static gboolean
imap_commit(gpointer session, const GPtrArray *places, GError **error)
{
	Imap *imap = session;
	g_autofree char *url = folder_url(imap);
	g_autofree char *set = uid_set(imap, places);
	g_autofree char *move = NULL;
	CURLcode code;

	if (set == NULL)
		return TRUE;
	move = g_strdup_printf("UID MOVE %s %s", set, imap->done);
	code = imap->has_move ? run(imap, url, move, LIST_LIMIT) : copy_and_mark(imap, url, set);
	if (code == CURLE_REMOTE_FILE_NOT_FOUND)
		return find_place_again(imap, error);
	return explain(imap, code, "UID MOVE", error);
}

const Source source_imap = {
	.name = "imap",
	.open = imap_open,
	.next = imap_next,
	.commit = imap_commit,
	.close = imap_close,
};

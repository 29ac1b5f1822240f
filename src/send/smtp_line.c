#include "send/smtp_line.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define REPLY_MAX 1024 /* of a reply; RFC 5321, 4.5.3.1.5 asks for 512 */

typedef enum { AUTH_NOT_TRIED, AUTH_TRIED, AUTH_DONE } AuthState;

struct SmtpLine {
	gboolean needs_auth;
	AuthState auth;
	gboolean starttls; /* its command has left, its reply is awaited */
	GString *reply;	   /* not yet whole */
	char *refusal;
};

SmtpLine *
smtp_line_new(gboolean needs_auth)
{
	SmtpLine *line = g_new0(SmtpLine, 1);

	line->needs_auth = needs_auth;
	line->reply = g_string_new(NULL);
	return line;
}

void
smtp_line_free(SmtpLine *line)
{
	if (line == NULL)
		return;
	g_string_free(line->reply, TRUE);
	g_free(line->refusal);
	g_free(line);
}

const char *
smtp_line_refusal(const SmtpLine *line)
{
	return line->refusal;
}

static gboolean
auth_reply(SmtpLine *line, const char *reply, GError **error)
{
	if (g_str_has_prefix(reply, "235"))
		line->auth = AUTH_DONE;
	if (*reply == '2' || *reply == '3')
		return TRUE;
	if (*reply == '4')
		return fail(error, PLICO_ERROR_UNAVAILABLE,
		    _("no authentication at the moment: %s; try again later"), reply);
	return fail(error, PLICO_ERROR_CONFIG,
	    _("the server refuses smtp.user or the password in smtp.password_file: %s"), reply);
}

static gboolean
whole_reply(SmtpLine *line, GError **error)
{
	g_autofree char *reply = text_printable(g_strchomp(line->reply->str), -1, SMTP_WORDS_MAX);

	g_string_truncate(line->reply, 0);
	if (line->auth == AUTH_TRIED && !auth_reply(line, reply, error))
		return FALSE;
	if (*reply != '4' && *reply != '5')
		return TRUE;
	g_free(line->refusal);
	line->refusal = g_steal_pointer(&reply);
	return TRUE;
}

gboolean
smtp_line_server(SmtpLine *line, const char *data, gsize size, GError **error)
{
	const char *end = memchr(data, '\n', size);

	/* libesmtp would take what stands in the clear behind the go-ahead for TLS as if it had come over TLS */
	if (line->starttls && end != NULL) {
		line->starttls = FALSE;
		if (end != data + size - 1)
			return fail(error, PLICO_ERROR_UNAVAILABLE,
			    _("text in the clear behind the reply to STARTTLS: somebody may be tampering with the line"));
	}
	for (gsize i = 0; i < size; i++) {
		if (data[i] == '\n') {
			if (!whole_reply(line, error))
				return FALSE;
		} else if (line->reply->len < REPLY_MAX && data[i] != '\0') {
			g_string_append_c(line->reply, data[i]);
		}
	}
	return TRUE;
}

static gboolean
begins(const char *data, gsize size, const char *word)
{
	return size >= strlen(word) && strncmp(data, word, strlen(word)) == 0;
}

gboolean
smtp_line_client(SmtpLine *line, const char *data, gsize size, GError **error)
{
	if (begins(data, size, "STARTTLS"))
		line->starttls = TRUE;
	if (begins(data, size, "AUTH PLAIN") || begins(data, size, "AUTH LOGIN"))
		line->auth = AUTH_TRIED;
	else if (begins(data, size, "AUTH "))
		return fail(error, PLICO_ERROR_CONFIG,
		    _("the server wants a way of authentication that is not used here; PLAIN or LOGIN are"));
	/* every mail would be refused, or, by a server that is open to its own network, accepted without us */
	if (line->needs_auth && line->auth != AUTH_DONE &&
	    g_strstr_len(data, (gssize)size, "MAIL FROM:") != NULL)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("the server offers no authentication by PLAIN or LOGIN; without a password leave smtp.user empty"));
	return TRUE;
}

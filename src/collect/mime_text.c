#include "collect/mime_text.h"

#include "base/text.h"
#include "collect/record.h"

#include <string.h>

#define MESSAGE_ID_LIMIT 250

char *
text_from_charset(const char *data, gsize size, gsize limit, const char *charset)
{
	char *text = NULL;
	const char *valid_to;
	gsize slack = size > limit ? 3 : 0; /* bytes of a character that the limit cuts */
	gsize read = 0;

	size = MIN(size, limit);
	if (charset != NULL && g_ascii_strcasecmp(charset, "us-ascii") != 0 &&
	    g_ascii_strcasecmp(charset, "utf-8") != 0)
		text = g_convert(data, (gssize)size, "UTF-8", charset, &read, NULL, NULL);
	if (text != NULL)
		return text;
	if (g_utf8_validate_len(data, size, &valid_to) || (gsize)(valid_to - data) + slack >= size)
		return g_strndup(data, (gsize)(valid_to - data));
	text = g_convert(data, (gssize)size, "UTF-8", "WINDOWS-1252", &read, NULL, NULL);
	return text != NULL ? text : g_utf8_make_valid(data, (gssize)size);
}

/* --- HTML ------------------------------------------------------------------------------------------------------ */

static const char *
skip_element(const char *at, const char *name)
{
	g_autofree char *end = g_strconcat("</", name, NULL);

	for (; *at != '\0'; at++)
		if (g_ascii_strncasecmp(at, end, strlen(end)) == 0)
			return at;
	return at;
}

static gboolean
is_tag(const char *at, const char *name)
{
	gsize size = strlen(name);

	return g_ascii_strncasecmp(at, name, size) == 0 && !g_ascii_isalnum(at[size]);
}

/* @at stands behind '<'. Returns what follows the tag, and for styles and scripts their content too. */
static const char *
skip_tag(const char *at, GString *out)
{
	static const char *const hidden[] = { "style", "script", "head" };
	static const char *const lines[] = { "br", "/p", "/div", "/tr", "/li", "/h1", "/h2",
		"/h3" };
	const char *close;

	if (g_str_has_prefix(at, "!--")) {
		close = strstr(at, "-->");
		return close != NULL ? close + 3 : at + strlen(at);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
		if (is_tag(at, lines[i]))
			g_string_append_c(out, '\n');
	for (gsize i = 0; i < G_N_ELEMENTS(hidden); i++)
		if (is_tag(at, hidden[i]))
			at = skip_element(at, hidden[i]);
	close = strchr(at, '>');
	return close != NULL ? close + 1 : at + strlen(at);
}

/* @at stands behind '&'. Returns what follows the entity; an unknown one stays as it is written. */
static const char *
append_entity(const char *at, GString *out)
{
	static const struct {
		const char *name;
		const char *text;
	} entities[] = { { "amp;", "&" }, { "lt;", "<" }, { "gt;", ">" }, { "quot;", "\"" },
		{ "nbsp;", " " }, { "agrave;", "à" }, { "egrave;", "è" }, { "eacute;", "é" },
		{ "igrave;", "ì" }, { "ograve;", "ò" }, { "ugrave;", "ù" }, { "rsquo;", "’" } };
	gboolean hexadecimal = at[0] == '#' && (at[1] == 'x' || at[1] == 'X');

	for (gsize i = 0; i < G_N_ELEMENTS(entities); i++)
		if (g_str_has_prefix(at, entities[i].name)) {
			g_string_append(out, entities[i].text);
			return at + strlen(entities[i].name);
		}
	if (at[0] == '#') {
		char *end;
		guint64 c =
		    g_ascii_strtoull(at + (hexadecimal ? 2 : 1), &end, hexadecimal ? 16 : 10);

		if (c > 0 && c <= 0x10ffff && g_unichar_validate((gunichar)c) && *end == ';') {
			g_string_append_unichar(out, (gunichar)c);
			return end + 1;
		}
	}
	g_string_append_c(out, '&');
	return at;
}

char *
text_from_html(const char *html)
{
	g_autoptr(GString) out = g_string_new(NULL);

	while (*html != '\0') {
		char c = *html++;

		if (c == '<')
			html = skip_tag(html, out);
		else if (c == '&')
			html = append_entity(html, out);
		else if (!g_ascii_isspace(c))
			g_string_append_c(out, c);
		else if (out->len > 0 && !g_ascii_isspace(out->str[out->len - 1]))
			g_string_append_c(out, ' ');
	}
	g_strstrip(out->str);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* --- Message-IDs ------------------------------------------------------------------------------------------------ */

static void
add_once(GPtrArray *ids, const char *id, gsize size)
{
	g_autofree char *copy = g_strndup(id, size);

	if (ids->len < REFERENCES_LIMIT &&
	    !g_ptr_array_find_with_equal_func(ids, copy, g_str_equal, NULL))
		g_ptr_array_add(ids, g_steal_pointer(&copy));
}

void
text_message_ids(const char *text, GPtrArray *ids)
{
	for (const char *open = strchr(text, '<'); open != NULL; open = strchr(open + 1, '<')) {
		const char *at = open + 1;

		while (*at > ' ' && *at < 0x7f && *at != '<' && *at != '>')
			at++;
		if (*at == '>' && at > open + 1 && at - open <= MESSAGE_ID_LIMIT)
			add_once(ids, open + 1, (gsize)(at - open - 1));
	}
}

void
text_returned_ids(const char *text, GPtrArray *ids)
{
	for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
		const char *end;
		g_autofree char *field = NULL;

		line += *line == '\n' ? 1 : 0;
		while (*line == ' ' || *line == '\t' || *line == '>') /* quoted by the server */
			line++;
		if (g_ascii_strncasecmp(line, "message-id:", 11) != 0)
			continue;
		end = strchr(line, '\n'); /* the value may stand alone on a folded line */
		end =
		    end != NULL && (end[1] == ' ' || end[1] == '\t') ? strchr(end + 1, '\n') : end;
		field = end != NULL ? g_strndup(line, (gsize)(end - line)) : g_strdup(line);
		text_message_ids(field, ids);
	}
}

/* Ours are; whoever writes others may write what is no text at all. */
static gboolean
is_graphic_ascii(const char *word)
{
	for (; *word != '\0'; word++)
		if (!g_ascii_isgraph(*word))
			return FALSE;
	return TRUE;
}

void
text_tagged_addresses(const char *text, GPtrArray *ids)
{
	g_auto(GStrv) words = g_strsplit_set(text, " \t\r\n<>,;:\"()", 0);

	for (gsize i = 0; words[i] != NULL; i++) {
		const char *plus = strchr(words[i], '+');
		gsize size = strlen(words[i]);

		if (plus != NULL && strchr(plus, '@') != NULL && size <= MESSAGE_ID_LIMIT &&
		    is_graphic_ascii(words[i]))
			add_once(ids, words[i], size);
	}
}

/* --- delivery status, RFC 3464 ------------------------------------------------------------------------------------ */

typedef struct {
	char *action;
	char *status;
	char *detail;
} Recipient;

static int
gravity(const char *action)
{
	static const char *const actions[] = { "relayed", "expanded", "delivered", "delayed",
		"failed" };

	for (int i = 0; i < (int)G_N_ELEMENTS(actions); i++)
		if (strcmp(action, actions[i]) == 0)
			return i + 1;
	return 0;
}

static void
take_field(const char *field, Recipient *recipient)
{
	static const char digits[] = "0123456789.";
	const char *colon = strchr(field, ':');
	g_autofree char *name = g_strndup(field, colon != NULL ? (gsize)(colon - field) : 0);
	g_autofree char *value = shown_line(colon != NULL ? colon + 1 : "");

	if (g_ascii_strcasecmp(name, "Action") == 0) {
		g_free(recipient->action);
		recipient->action = g_ascii_strdown(value, (gssize)strcspn(value, " ;("));
	} else if (g_ascii_strcasecmp(name, "Status") == 0) {
		g_free(recipient->status);
		recipient->status = g_strndup(value, MIN(strspn(value, digits), 12));
	} else if (g_ascii_strcasecmp(name, "Diagnostic-Code") == 0) {
		g_free(recipient->detail);
		recipient->detail = g_steal_pointer(&value);
	}
}

/* RFC 3464, 2.2.1: what we gave with MAIL (RFC 3461, 4.4). */
static void
take_envelope_id(const char *field, GPtrArray *ids)
{
	static const char name[] = "Original-Envelope-Id:";
	g_autofree char *value = NULL;

	if (g_ascii_strncasecmp(field, name, strlen(name)) != 0)
		return;
	value = shown_line(field + strlen(name));
	g_strstrip(value);
	if (*value != '\0' && strlen(value) <= MESSAGE_ID_LIMIT)
		add_once(ids, value, strlen(value));
}

/* At a blank line: keeps what fared worse than what @message has, and forgets the rest. */
static void
end_block(Recipient *recipient, Collected *message)
{
	int found = recipient->action != NULL ? gravity(recipient->action) : 0;

	if (found > gravity(message->bounce_action)) {
		g_free(message->bounce_action);
		g_free(message->bounce_status);
		g_free(message->bounce_detail);
		message->bounce_action = g_steal_pointer(&recipient->action);
		message->bounce_status =
		    recipient->status != NULL ? g_steal_pointer(&recipient->status) : g_strdup("");
		message->bounce_detail =
		    recipient->detail != NULL ? g_steal_pointer(&recipient->detail) : g_strdup("");
	}
	g_clear_pointer(&recipient->action, g_free);
	g_clear_pointer(&recipient->status, g_free);
	g_clear_pointer(&recipient->detail, g_free);
}

void
text_delivery_status(const char *body, Collected *message)
{
	g_auto(GStrv) lines = g_strsplit(body, "\n", 0);
	g_autoptr(GString) field = g_string_new(NULL);
	Recipient recipient = { 0 };

	for (gsize i = 0; lines[i] != NULL; i++) {
		const char *line = g_strchomp(lines[i]);
		gboolean folded = *line == ' ' || *line == '\t';

		if (!folded) {
			take_envelope_id(field->str, message->references);
			take_field(field->str, &recipient);
			g_string_truncate(field, 0);
		}
		g_string_append(field, line);
		if (*line == '\0')
			end_block(&recipient, message);
	}
	take_field(field->str, &recipient);
	end_block(&recipient, message);
}

gboolean
text_was_seen(const char *body)
{
	static const char name[] = "disposition:";
	g_auto(GStrv) lines = g_strsplit(body, "\n", 0);

	for (gsize i = 0; lines[i] != NULL; i++) {
		g_autofree char *line = g_ascii_strdown(lines[i], -1);

		if (g_str_has_prefix(line, name))
			return strstr(line, "mdn-sent-manually") != NULL &&
			       strstr(line, "displayed") != NULL;
	}
	return FALSE;
}

gboolean
text_is_automatic_subject(const char *subject)
{
	static const char *const beginnings[] = { "automatic reply", "autoreply", "auto reply",
		"auto:", "out of office", "out of the office", "risposta automatica",
		"risponditore automatico", "fuori sede", "fuori ufficio", "assente dall",
		"assenza dal", "abwesenheit", "automatische antwort", "reponse automatique",
		"absence du bureau", "samodejni odgovor" };
	g_autofree char *folded = text_fold(subject);

	for (gsize i = 0; i < G_N_ELEMENTS(beginnings); i++)
		if (g_str_has_prefix(folded, beginnings[i]))
			return TRUE;
	return FALSE;
}

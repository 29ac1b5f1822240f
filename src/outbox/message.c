/* The only file of this side that knows GMime: it encodes and folds, and the frame, which is always the same, is written around
 * that. */
#include "outbox/message.h"

#include "base/error.h"
#include "base/sum.h"
#include "registry/registry.h"

#include <gmime/gmime.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(InternetAddress, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(InternetAddressList, g_object_unref)

#define TEXT_SIZE 16384 /* of headers and both texts, mostly */
#define PLAIN	  70	/* bytes of a header's name and value that fit on a line */

Attachment *
attachment_new(const char *name, GBytes *bytes)
{
	Attachment *attachment = g_new0(Attachment, 1);

	attachment->name = g_strdup(name);
	attachment->rest = g_bytes_ref(bytes);
	return attachment;
}

Attachment *
attachment_new_on_stem(const char *name, Stem *stem, GBytes *rest)
{
	Attachment *attachment = attachment_new(name, rest);

	attachment->stem = stem_ref(stem);
	return attachment;
}

GBytes *
attachment_bytes(const Attachment *attachment)
{
	return attachment->stem != NULL ? stem_join(attachment->stem, attachment->rest)
					: g_bytes_ref(attachment->rest);
}

void
attachment_free(Attachment *attachment)
{
	if (attachment == NULL)
		return;
	g_free(attachment->name);
	stem_unref(attachment->stem);
	g_bytes_unref(attachment->rest);
	g_free(attachment);
}

/* Whether @value may stand in a header: one line of text. Line and paragraph separators count as line ends, since a
 * mail program may show them so. */
static gboolean
check_value(const char *name, const char *value, GError **error)
{
	if (!g_utf8_validate(value, -1, NULL))
		return fail(
		    error, PLICO_ERROR_INPUT, _("header %s: the text is not valid UTF-8"), name);
	if (strlen(value) > MESSAGE_LINE_MAX)
		return fail(error, PLICO_ERROR_INPUT,
		    _("header %s: longer than %d bytes; shorten it"), name, MESSAGE_LINE_MAX);
	/* RFC 2047, 5: no encoded word within quotes; some programs decode it all the same, to line ends too */
	if (strstr(value, "=?") != NULL)
		return fail(error, PLICO_ERROR_INPUT,
		    _("header %s: “=?” may not stand in it, which begins encoded text"), name);
	for (const char *at = value; *at != '\0'; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		if (g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029)
			return fail(error, PLICO_ERROR_INPUT,
			    _("header %s: a control character (U+%04X) may not stand in it"), name,
			    c);
	}
	return TRUE;
}

/* GMime folds with LF. Behind each line of @text stands CRLF (RFC 5322, 2.3). */
static void
append_lines(GString *out, const char *text, gsize size)
{
	const char *end = text + size;

	while (text < end) {
		const char *line = memchr(text, '\n', (gsize)(end - text));
		const char *next = line != NULL ? line : end;

		g_string_append_len(out, text, next - text);
		g_string_append_len(out, "\r\n", 2);
		text = next + 1;
	}
}

/* Whether GMime would write @value as it is: words of ASCII, one blank between two. */
static gboolean
is_plain(const char *header, const char *value)
{
	gsize size = strlen(value);

	return size > 0 && strlen(header) + size < PLAIN && g_str_is_ascii(value) &&
	       *value != ' ' && value[size - 1] != ' ' && strstr(value, "  ") == NULL;
}

/* Every header whose value comes from outside passes here or add_mailbox(). */
static gboolean
add_header(GString *out, const char *name, const char *value, GError **error)
{
	g_autofree char *encoded = NULL;
	g_autofree char *whole = NULL;
	g_autofree char *folded = NULL;

	if (!check_value(name, value, error))
		return FALSE;
	if (is_plain(name, value)) {
		g_string_append_printf(out, "%s: %s\r\n", name, value);
		return TRUE;
	}
	encoded = g_mime_utils_header_encode_text(NULL, value, "utf-8");
	whole = g_strdup_printf("%s: %s", name, encoded);
	folded = g_mime_utils_unstructured_header_fold(NULL, NULL, whole);
	append_lines(out, folded, strlen(folded));
	return TRUE;
}

/* Whether GMime would write it as it is: words of letters and digits before an address that has an own line's room. */
static gboolean
is_plain_mailbox(const char *header, const char *name, const char *address)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ";

	return name[strspn(name, letters)] == '\0' && is_plain(header, name) &&
	       g_str_is_ascii(address) && strlen(header) + strlen(name) + strlen(address) < PLAIN;
}

/* @address: checked. Lines end with LF. */
static void
encode_mailbox(GString *line, const char *name, const char *address)
{
	g_autoptr(InternetAddressList) list = internet_address_list_new();
	g_autoptr(InternetAddress) mailbox = internet_address_mailbox_new(name, address);

	internet_address_set_charset(mailbox, "utf-8");
	internet_address_list_add(list, mailbox);
	internet_address_list_encode(list, NULL, line);
}

static gboolean
add_mailbox(GString *out, const char *header, const char *name, const char *address, GError **error)
{
	g_autofree char *clean = NULL;
	const char *why = NULL;
	g_autoptr(GString) line = NULL;

	if (!check_value(header, name, error))
		return FALSE;
	if (!address_check(address, &clean, &why))
		return fail(error, PLICO_ERROR_INPUT,
		    _("header %s: not an address that can be used: %s"), header, why);
	if (is_plain_mailbox(header, name, clean)) {
		g_string_append_printf(out, "%s: %s <%s>\r\n", header, name, clean);
		return TRUE;
	}
	line = g_string_new(header);
	g_string_append(line, ": ");
	encode_mailbox(line, name, clean);
	append_lines(out, line->str, line->len);
	return TRUE;
}

/* RFC 5322, 3.6.4, of which only dots, digits and letters around one @ are used. */
static gboolean
check_message_id(const char *id, GError **error)
{
	const char *at = strchr(id, '@');

	if (at == NULL || at == id || at[1] == '\0' || strlen(id) > 250 ||
	    strspn(at + 1, "-.ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") !=
		strlen(at + 1) ||
	    strspn(id, "-._ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") !=
		(gsize)(at - id))
		return fail(
		    error, PLICO_ERROR_INPUT, _("header Message-Id: cannot be used as one"));
	return TRUE;
}

static gboolean
add_headers(GString *out, const MessageParts *parts, GError **error)
{
	g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(parts->date);
	g_autofree char *date = g_mime_utils_header_format_date(when);

	if (!add_mailbox(out, "From", parts->from_name, parts->from, error) ||
	    !add_mailbox(out, "Reply-To", parts->from_name, parts->from, error) ||
	    !add_mailbox(out, "To", parts->to_name, parts->to, error) ||
	    !add_header(out, "Subject", parts->subject, error) ||
	    !check_message_id(parts->message_id, error))
		return FALSE;
	g_string_append_printf(out, "Date: %s\r\nMessage-Id: <%s>\r\n", date, parts->message_id);
	for (const MessageHeader *header = parts->headers; header->name != NULL; header++)
		if (!add_header(out, header->name, header->value, error))
			return FALSE;
	g_string_append(out, "MIME-Version: 1.0\r\n");
	return TRUE;
}

/* The same message must have the same bytes on every attempt, and no part may hold its boundary: "=_" stands in
 * neither quoted-printable nor base64. */
static char *
make_boundary(const char *what, const char *message_id)
{
	g_autofree char *seed = g_strdup_printf("%s %s", what, message_id);
	g_autofree char *sum = sum_text(seed, strlen(seed));

	return g_strdup_printf("=_%.40s", sum);
}

/* @text with LF behind each line, whatever line ends came in. */
static GString *
plain_lines(const char *text)
{
	GString *lines = g_string_new(text);

	(void)g_string_replace(lines, "\r\n", "\n", 0);
	(void)g_string_replace(lines, "\r", "\n", 0);
	if (lines->len == 0 || lines->str[lines->len - 1] != '\n')
		g_string_append_c(lines, '\n');
	return lines;
}

/* RFC 2045, 6.7. */
static void
append_quoted_printable(GString *out, const GString *lines)
{
	GMimeEncoding encoding;
	g_autofree char *encoded = NULL;
	gsize size;

	g_mime_encoding_init_encode(&encoding, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	encoded = g_malloc(g_mime_encoding_outlen(&encoding, lines->len));
	size = g_mime_encoding_flush(&encoding, lines->str, lines->len, encoded);
	append_lines(out, encoded, size);
}

static gboolean
add_text(GString *out, const char *boundary, const char *subtype, const char *text, GError **error)
{
	g_autoptr(GString) lines = NULL;

	if (!g_utf8_validate(text, -1, NULL))
		return fail(
		    error, PLICO_ERROR_INPUT, _("text/%s: the text is not valid UTF-8"), subtype);
	lines = plain_lines(text);
	g_string_append_printf(out,
	    "--%s\r\n"
	    "Content-Type: text/%s; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n"
	    "\r\n",
	    boundary, subtype);
	append_quoted_printable(out, lines);
	g_string_append(out, "\r\n");
	return TRUE;
}

static gboolean
add_alternatives(GString *out, const char *boundary, const MessageParts *parts, GError **error)
{
	g_autofree char *inner = make_boundary("alternative", parts->message_id);

	g_string_append_printf(out,
	    "--%s\r\n"
	    "Content-Type: multipart/alternative;\r\n\tboundary=\"%s\"\r\n"
	    "\r\n",
	    boundary, inner);
	if (!add_text(out, inner, "plain", parts->text, error) ||
	    !add_text(out, inner, "html", parts->html, error))
		return FALSE;
	g_string_append_printf(out, "--%s--\r\n\r\n", inner);
	return TRUE;
}

/* What stands before the file's base64: that is made elsewhere, most of it once for many messages (RFC 2183). */
static gboolean
add_attachment_head(GString *out, const char *boundary, const char *name, GError **error)
{
	if (*name == '\0' || *name == '.' || *name == '-' || strlen(name) > 120 ||
	    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") !=
		strlen(name))
		return fail(error, PLICO_ERROR_INPUT,
		    _("attachment: a name of ASCII letters, digits, '.', '_' and '-' is expected"));
	g_string_append_printf(out,
	    "--%s\r\n"
	    "Content-Type: application/pdf;\r\n\tname=\"%s\"\r\n"
	    "Content-Disposition: attachment;\r\n\tfilename=\"%s\"\r\n"
	    "Content-Transfer-Encoding: base64\r\n"
	    "\r\n",
	    boundary, name, name);
	return TRUE;
}

/* Adds what was gathered in @text, and empties it. */
static void
pack_text(Packet *packet, GString *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text->str, text->len);

	packet_add(packet, bytes);
	g_string_truncate(text, 0);
}

static void
start_gmime(void)
{
	static gsize started = 0;

	if (g_once_init_enter(&started)) {
		g_mime_init();
		g_once_init_leave(&started, 1);
	}
}

Packet *
message_pack(const MessageParts *parts, GError **error)
{
	g_autofree char *boundary = make_boundary("mixed", parts->message_id);
	g_autoptr(GString) text = g_string_sized_new(TEXT_SIZE);
	g_autoptr(Packet) packet = packet_new();

	start_gmime();
	if (!add_headers(text, parts, error))
		return NULL;
	g_string_append_printf(
	    text, "Content-Type: multipart/mixed;\r\n\tboundary=\"%s\"\r\n\r\n", boundary);
	if (!add_alternatives(text, boundary, parts, error))
		return NULL;
	for (guint i = 0; i < parts->attachments->len; i++) {
		const Attachment *attachment = g_ptr_array_index(parts->attachments, i);

		if (!add_attachment_head(text, boundary, attachment->name, error))
			return NULL;
		pack_text(packet, text);
		packet_add_encoded(packet, attachment->stem, attachment->rest);
		g_string_append(text, "\r\n");
	}
	g_string_append_printf(text, "--%s--\r\n", boundary);
	pack_text(packet, text);
	return g_steal_pointer(&packet);
}

/* The only file of this side that knows GMime. */
#include "outbox/message.h"

#include "base/error.h"
#include "registry/registry.h"

#include <gmime/gmime.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMultipart, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimePart, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeStream, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeDataWrapper, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeFormatOptions, g_mime_format_options_free)

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

/* Every header passes here or add_mailbox(). */
static gboolean
add_header(GMimeMessage *message, const char *name, const char *value, GError **error)
{
	if (!check_value(name, value, error))
		return FALSE;
	g_mime_object_append_header(GMIME_OBJECT(message), name, value, "utf-8");
	return TRUE;
}

static gboolean
add_mailbox(GMimeMessage *message, GMimeAddressType type, const char *header, const char *name,
    const char *address, GError **error)
{
	g_autofree char *clean = NULL;
	const char *why = NULL;

	if (!check_value(header, name, error))
		return FALSE;
	if (!address_check(address, &clean, &why))
		return fail(error, PLICO_ERROR_INPUT,
		    _("header %s: not an address that can be used: %s"), header, why);
	g_mime_message_add_mailbox(message, type, name, clean);
	internet_address_set_charset(
	    internet_address_list_get_address(g_mime_message_get_addresses(message, type), 0),
	    "utf-8");
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

/* The same message must have the same bytes on every attempt, and no part may hold its boundary: "=_" stands in
 * neither quoted-printable nor base64. */
static char *
make_boundary(const char *what, const char *message_id)
{
	g_autofree char *seed = g_strdup_printf("%s %s", what, message_id);
	g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, seed, -1);

	return g_strdup_printf("=_%.40s", sum);
}

static void
set_boundary(GMimeMultipart *multipart, const char *what, const char *message_id)
{
	g_autofree char *boundary = make_boundary(what, message_id);

	g_mime_multipart_set_boundary(multipart, boundary);
}

/* @from: the encoding that the data are in already, @to: that in which they are written. */
static void
set_content(GMimePart *part, const char *data, GMimeContentEncoding from, GMimeContentEncoding to)
{
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(data, strlen(data));
	g_autoptr(GMimeDataWrapper) wrapper = g_mime_data_wrapper_new_with_stream(stream, from);

	g_mime_part_set_content(part, wrapper);
	g_mime_part_set_content_encoding(part, to);
}

/* @text with LF behind each line, whatever line ends came in; GMime makes CRLF of them when it writes. */
static char *
plain_lines(const char *text)
{
	g_auto(GStrv) lines = NULL;
	g_autofree char *joined = NULL;

	lines = g_regex_split_simple("\r\n|\r|\n", text, G_REGEX_RAW, 0);
	joined = g_strjoinv("\n", lines);
	return g_str_has_suffix(joined, "\n") ? g_steal_pointer(&joined)
					      : g_strconcat(joined, "\n", NULL);
}

/* g_mime_text_part_set_text() would choose the smallest charset by itself: always say utf-8. */
static gboolean
add_text(GMimeMultipart *parent, const char *subtype, const char *text, GError **error)
{
	g_autoptr(GMimePart) part = g_mime_part_new_with_type("text", subtype);
	g_autofree char *lines = plain_lines(text);

	if (!g_utf8_validate(text, -1, NULL))
		return fail(
		    error, PLICO_ERROR_INPUT, _("text/%s: the text is not valid UTF-8"), subtype);
	g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
	set_content(
	    part, lines, GMIME_CONTENT_ENCODING_DEFAULT, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	g_mime_multipart_add(parent, GMIME_OBJECT(part));
	return TRUE;
}

/* GMime writes a mark where the file's base64 goes. That is made elsewhere, most of it once for many messages. */
static gboolean
add_attachment(
    GMimeMultipart *parent, const Attachment *attachment, const char *mark, GError **error)
{
	g_autoptr(GMimePart) part = g_mime_part_new_with_type("application", "pdf");
	const char *name = attachment->name;

	if (*name == '\0' || *name == '.' || *name == '-' || strlen(name) > 120 ||
	    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") !=
		strlen(name))
		return fail(error, PLICO_ERROR_INPUT,
		    _("attachment: a name of ASCII letters, digits, '.', '_' and '-' is expected"));
	g_mime_object_set_disposition(GMIME_OBJECT(part), "attachment");
	g_mime_part_set_filename(part, name);
	set_content(part, mark, GMIME_CONTENT_ENCODING_BASE64, GMIME_CONTENT_ENCODING_BASE64);
	g_mime_multipart_add(parent, GMIME_OBJECT(part));
	return TRUE;
}

static GMimeMultipart *
make_body(const MessageParts *parts, const char *mark, GError **error)
{
	g_autoptr(GMimeMultipart) mixed = g_mime_multipart_new_with_subtype("mixed");
	g_autoptr(GMimeMultipart) alternative = g_mime_multipart_new_with_subtype("alternative");

	set_boundary(mixed, "mixed", parts->message_id);
	set_boundary(alternative, "alternative", parts->message_id);
	if (!add_text(alternative, "plain", parts->text, error) ||
	    !add_text(alternative, "html", parts->html, error))
		return NULL;
	g_mime_multipart_add(mixed, GMIME_OBJECT(alternative));
	for (guint i = 0; i < parts->attachments->len; i++)
		if (!add_attachment(mixed, g_ptr_array_index(parts->attachments, i), mark, error))
			return NULL;
	return g_steal_pointer(&mixed);
}

static gboolean
set_headers(GMimeMessage *message, const MessageParts *parts, GError **error)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(parts->date);

	if (!add_mailbox(
		message, GMIME_ADDRESS_TYPE_FROM, "From", parts->from_name, parts->from, error) ||
	    !add_mailbox(message, GMIME_ADDRESS_TYPE_REPLY_TO, "Reply-To", parts->from_name,
		parts->from, error) ||
	    !add_mailbox(message, GMIME_ADDRESS_TYPE_TO, "To", parts->to_name, parts->to, error) ||
	    !check_value("Subject", parts->subject, error) ||
	    !check_message_id(parts->message_id, error))
		return FALSE;
	g_mime_message_set_subject(message, parts->subject, "utf-8");
	g_mime_message_set_date(message, date);
	g_mime_message_set_message_id(message, parts->message_id);
	for (const MessageHeader *header = parts->headers; header->name != NULL; header++)
		if (!add_header(message, header->name, header->value, error))
			return FALSE;
	return TRUE;
}

static GBytes *
serialize(GMimeMessage *message)
{
	g_autoptr(GMimeFormatOptions) options = g_mime_format_options_new();
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_byte_array(bytes);

	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);
	g_mime_object_write_to_stream(GMIME_OBJECT(message), options, stream);
	return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

/* The message with @mark for each attachment. */
static GBytes *
make_frame(const MessageParts *parts, const char *mark, GError **error)
{
	static gsize started = 0;
	g_autoptr(GMimeMessage) message = NULL;
	g_autoptr(GMimeMultipart) body = NULL;

	if (g_once_init_enter(&started)) {
		g_mime_init();
		g_once_init_leave(&started, 1);
	}
	message = g_mime_message_new(FALSE);
	if (!set_headers(message, parts, error))
		return NULL;
	body = make_body(parts, mark, error);
	if (body == NULL)
		return NULL;
	g_mime_message_set_mime_part(message, GMIME_OBJECT(body));
	return serialize(message);
}

Packet *
message_pack(const MessageParts *parts, GError **error)
{
	g_autofree char *mark = make_boundary("attachment", parts->message_id);
	g_autoptr(GBytes) frame = make_frame(parts, mark, error);
	g_autoptr(Packet) packet = NULL;
	g_autoptr(GBytes) rest = NULL;
	const char *text;
	gsize size;
	gsize done = 0;

	if (frame == NULL)
		return NULL;
	packet = packet_new();
	text = g_bytes_get_data(frame, &size);
	for (guint i = 0; i < parts->attachments->len; i++) {
		const Attachment *attachment = g_ptr_array_index(parts->attachments, i);
		const char *at = memmem(text + done, size - done, mark, strlen(mark));
		g_autoptr(GBytes) piece = NULL;

		g_assert(at != NULL);
		piece = g_bytes_new_from_bytes(frame, done, (gsize)(at - text) - done);
		packet_add(packet, piece);
		packet_add_encoded(packet, attachment->stem, attachment->rest);
		done = (gsize)(at - text) + strlen(mark);
	}
	rest = g_bytes_new_from_bytes(frame, done, size - done);
	packet_add(packet, rest);
	return g_steal_pointer(&packet);
}

/*
 * The parts of a message by GMime (RFC 2045 to 2049), and what kind of message it is. GMime objects never leave this
 * file. What a part is called or said to be decides nothing: a PDF is what begins like one.
 */
#include "collect/mime.h"

#include "base/text.h"
#include "collect/base64.h"
#include "collect/mime_text.h"
#include "collect/record.h"
#include "collect/unpack.h"

#include <gmime/gmime.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeObject, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeParser, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeStream, g_object_unref)

#define BODY_LIMIT ((gsize)64 << 10)

typedef struct {
	Collected *message;
	GPtrArray *parts;    /* of PdfPart: PDFs and packages */
	GPtrArray *returned; /* Message-IDs of messages inside */
	GString *plain;
	GString *html;
	guint objects;
	guint pdfs;
	guint packages;
	guint pictures;
	guint inside; /* messages around the part */
	gboolean has_status;
	gboolean has_disposition;
	gboolean has_complaint;
	ScanVerdict verdict;
} Walk;

void
mime_prepare(void)
{
	/* a character set that is open here needs no file in the cage */
	static const char *const charsets[] = { "ISO-8859-1", "ISO-8859-2", "ISO-8859-15",
		"WINDOWS-1250", "WINDOWS-1252", "MACINTOSH", "UTF-16", "UTF-7" };
	static GIConv kept[G_N_ELEMENTS(charsets)]; /* never closed */

	if (kept[0] != NULL)
		return;
	g_mime_init();
	for (gsize i = 0; i < G_N_ELEMENTS(charsets); i++)
		kept[i] = g_iconv_open("UTF-8", charsets[i]);
}

/* --- headers ------------------------------------------------------------------------------------------------------ */

static const char *
raw_header(GMimeObject *object, const char *name)
{
	GMimeHeader *header =
	    g_mime_header_list_get_header(g_mime_object_get_header_list(object), name);
	const char *value = header != NULL ? g_mime_header_get_raw_value(header) : NULL;

	return value != NULL ? value : "";
}

/* A field decoded (RFC 2047), in one line. No address parser sees it. Returns: (transfer full) */
static char *
header_line(GMimeObject *object, const char *name)
{
	const char *raw = raw_header(object, name);
	g_autofree char *decoded = *raw != '\0' ? g_mime_utils_header_decode_text(NULL, raw) : NULL;

	return decoded != NULL ? shown_line(decoded) : g_strdup("");
}

static gboolean
header_is(GMimeObject *object, const char *name, const char *word)
{
	g_autofree char *line = header_line(object, name);

	line[strcspn(line, " ;(")] = '\0';
	return g_ascii_strcasecmp(line, word) == 0;
}

static gboolean
header_is_there(GMimeObject *object, const char *name)
{
	return *raw_header(object, name) != '\0';
}

/* RFC 3834 and what came before it. */
static gboolean
is_marked_automatic(GMimeObject *object, const char *subject)
{
	static const char *const marks[] = { "X-Autoreply", "X-Autorespond", "X-Autoresponder",
		"X-Vacation", "X-FC-MachineGenerated", "List-Id", "List-Unsubscribe" };
	static const char *const precedences[] = { "auto_reply", "bulk", "junk", "list" };
	gboolean found = (header_is_there(object, "Auto-Submitted") &&
			     !header_is(object, "Auto-Submitted", "no")) ||
			 header_is(object, "Return-Path", "<>") ||
			 text_is_automatic_subject(subject);

	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
		found = found || header_is_there(object, marks[i]);
	for (gsize i = 0; i < G_N_ELEMENTS(precedences); i++)
		found = found || header_is(object, "Precedence", precedences[i]);
	return found;
}

/* Whom no machine may answer, though a person may have written (RFC 3834, 2; RFC 2369; [MS-OXCMAIL] for the last). */
static gboolean
asks_for_silence(GMimeObject *object)
{
	static const char *const marks[] = { "List-Help", "List-Owner", "List-Post",
		"List-Subscribe", "List-Archive", "Mailing-List", "X-Loop" };
	g_autofree char *suppress = header_line(object, "X-Auto-Response-Suppress");
	g_autofree char *sender = header_line(object, "From");
	g_autofree char *box = g_ascii_strdown(sender, -1);
	gboolean found = FALSE;

	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
		found = found || header_is_there(object, marks[i]);
	return found || strcasestr(suppress, "all") != NULL ||
	       strcasestr(suppress, "autoreply") != NULL || strstr(box, "postmaster@") != NULL ||
	       strstr(box, "owner-") != NULL || strstr(box, "-request@") != NULL;
}

/* The last that stands there: inside a PEC envelope the sender's own. */
static void
read_message_id(GMimeObject *object, Collected *message)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	text_message_ids(raw_header(object, "Message-ID"), ids);
	if (ids->len == 0)
		return;
	g_free(message->message_id);
	message->message_id = g_strdup(g_ptr_array_index(ids, 0));
}

/* What the outer header says, and inside a PEC envelope (RFC 6109) also that of the message carried. */
static void
read_headers(GMimeObject *object, Collected *message)
{
	static const char *const ours[] = { "To", "Delivered-To", "X-Original-To", "Envelope-To" };
	g_autofree char *subject = header_line(object, "Subject");

	for (gsize i = 0; i < G_N_ELEMENTS(ours); i++)
		text_tagged_addresses(raw_header(object, ours[i]), message->references);
	text_message_ids(raw_header(object, "In-Reply-To"), message->references);
	text_message_ids(raw_header(object, "References"), message->references);
	text_message_ids(raw_header(object, "Original-Message-ID"), message->references);
	text_message_ids(raw_header(object, "X-Riferimento-Message-ID"), message->references);
	message->automatic = message->automatic || is_marked_automatic(object, subject);
	message->silent = message->silent || message->automatic || asks_for_silence(object);
	read_message_id(object, message);
}

/* Half of all bounces are no delivery status notification. */
static gboolean
is_from_mail_server(GMimeObject *object, const Collected *message)
{
	g_autofree char *sender = g_ascii_strdown(message->sender, -1);

	return header_is_there(object, "X-Failed-Recipients") ||
	       strstr(sender, "mailer-daemon@") != NULL || strstr(sender, "mailer daemon") != NULL;
}

/* --- parts -------------------------------------------------------------------------------------------------------- */

/* What lies between the bounds of a @stream in memory. */
static Slice
stream_slice(GMimeStream *stream)
{
	const GByteArray *array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	gint64 end = stream->bound_end != -1 ? stream->bound_end : (gint64)array->len;

	return (Slice){ (const char *)array->data + stream->bound_start,
		(gsize)(end - stream->bound_start) };
}

/* As GMime decodes it, who has the last word where it is not plain. Returns: (transfer full) */
static GBytes *
decode_base64(Slice text)
{
	g_autofree guint8 *bytes = g_malloc(BASE64_ROOM(text.size));
	gsize used;
	gsize size = base64_decode_plain(text.at, text.size, bytes, &used);
	int state = 0;
	guint32 save = 0;

	size += g_mime_encoding_base64_decode_step(
	    (const guchar *)text.at + used, text.size - used, bytes + size, &state, &save);
	return g_bytes_new_take(g_steal_pointer(&bytes), size);
}

/* Returns: (transfer full) */
static GBytes *
decode(GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GMimeStream *encoded = content != NULL ? g_mime_data_wrapper_get_stream(content) : NULL;
	g_autoptr(GMimeStream) stream = NULL;
	GByteArray *array;

	if (encoded == NULL)
		return g_bytes_new(NULL, 0);
	if (GMIME_IS_STREAM_MEM(encoded) &&
	    g_mime_data_wrapper_get_encoding(content) == GMIME_CONTENT_ENCODING_BASE64)
		return decode_base64(stream_slice(encoded));
	stream = g_mime_stream_mem_new();
	if (g_mime_data_wrapper_write_to_stream(content, stream) < 0)
		return g_bytes_new(NULL, 0);
	array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	return g_byte_array_free_to_bytes(array);
}

static gboolean
is_type(GMimePart *part, const char *type, const char *subtype)
{
	return g_mime_content_type_is_type(
	    g_mime_object_get_content_type(GMIME_OBJECT(part)), type, subtype);
}

/* Shown name of a part, or its type where it has none. Returns: (transfer full) */
static char *
part_name(GMimePart *part)
{
	const char *name = g_mime_part_get_filename(part);

	return name != NULL && *name != '\0'
		   ? shown_line(name)
		   : g_mime_content_type_get_mime_type(
			 g_mime_object_get_content_type(GMIME_OBJECT(part)));
}

/* XML files of Italian protocol systems and PEC providers (DPCM 31.10.2000, RFC 6109): about the mail, not answers. */
static gboolean
is_about_the_mail(const char *name)
{
	static const char *const names[] = { "daticert.xml", "segnatura.xml", "conferma.xml",
		"aggiornamento.xml", "annullamento.xml", "eccezione.xml" };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_ascii_strcasecmp(name, names[i]) == 0)
			return TRUE;
	return FALSE;
}

/* Those that a protocol system sends by itself; the signature file goes with an officer's own mail. */
static gboolean
is_protocol_reply(const char *name)
{
	return g_ascii_strcasecmp(name, "daticert.xml") != 0 &&
	       g_ascii_strcasecmp(name, "segnatura.xml") != 0;
}

/* Of a mail, beside what it signs: whatever it holds besides, no mail program shows it. */
static gboolean
is_signature(GMimePart *part)
{
	return is_type(part, "application", "pkcs7-signature") ||
	       is_type(part, "application", "x-pkcs7-signature");
}

/* Signatures, cards, and pictures inside an HTML text. */
static gboolean
is_decoration(GMimePart *part, GMimeObject *parent)
{
	return is_type(part, "application", "pgp-signature") || is_type(part, "text", "vcard") ||
	       is_type(part, "text", "x-vcard") ||
	       (is_type(part, "image", "*") && GMIME_IS_MULTIPART(parent) &&
		   g_mime_content_type_is_type(
		       g_mime_object_get_content_type(parent), "multipart", "related"));
}

/* Returns: (transfer full) */
static char *
beginning(GBytes *bytes, gsize limit)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);

	return g_strndup(data != NULL ? data : "", MIN(size, limit));
}

/* A text part as its reader sees it. Returns: (transfer full) */
static char *
part_text(GMimePart *part, GBytes *bytes)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	g_autofree char *text = text_from_charset(data != NULL ? data : "", size, BODY_LIMIT,
	    g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset"));

	return is_type(part, "text", "html") ? text_from_html(text) : g_steal_pointer(&text);
}

static void
add_text(GString *out, const char *text)
{
	if (out->len > BODY_LIMIT)
		return;
	if (out->len > 0)
		g_string_append_c(out, '\n');
	g_string_append(out, text);
}

/* Reports of machines: RFC 3464, RFC 8098, and the headers that a bounce returns. FALSE: @part is none. */
static gboolean
take_report(Walk *walk, GMimePart *part, GBytes *bytes)
{
	g_autofree char *body = NULL;

	if (is_type(part, "message", "delivery-status")) {
		body = beginning(bytes, BODY_LIMIT);
		walk->has_status = walk->has_status || walk->inside == 0;
		if (walk->inside == 0)
			text_delivery_status(body, walk->message);
		return TRUE;
	}
	if (is_type(part, "message", "disposition-notification")) {
		body = beginning(bytes, BODY_LIMIT);
		text_message_ids(body, walk->message->references);
		walk->message->automatic = TRUE;
		walk->has_disposition = walk->has_disposition || walk->inside == 0;
		walk->message->seen =
		    walk->message->seen || (walk->inside == 0 && text_was_seen(body));
		return TRUE;
	}
	if (is_type(part, "message", "feedback-report")) {
		walk->has_complaint = walk->has_complaint || walk->inside == 0;
		return TRUE;
	}
	if (is_type(part, "text", "rfc822-headers")) {
		body = beginning(bytes, COLLECT_HEADER_LIMIT);
		text_returned_ids(body, walk->returned);
		return TRUE;
	}
	return FALSE;
}

/* A PDF, or what may hold some. FALSE: @part is neither. */
static gboolean
take_piece(Walk *walk, GMimePart *part, GMimeObject *parent, GBytes *bytes)
{
	const char *name = g_mime_part_get_filename(part);
	g_autofree char *shown = shown_line(name != NULL ? name : "");
	gboolean is_message = is_type(part, "message", "rfc822");
	PieceKind kind = piece_kind(bytes, shown, is_message);
	guint *count = kind == PIECE_PDF ? &walk->pdfs : &walk->packages;
	guint limit = kind == PIECE_PDF ? COLLECT_PDFS_LIMIT : UNPACK_PACKAGES_LIMIT;
	PdfPart *piece;

	if (kind == PIECE_OTHER)
		return FALSE;
	if (kind == PIECE_PICTURE) {
		/* the town's arms in a signature are no page; pictures are as many as people like */
		if (is_decoration(part, parent) || walk->pictures == COLLECT_PICTURES_LIMIT)
			return FALSE;
		count = &walk->pictures;
	}
	if ((*count)++ == limit) {
		walk->verdict = kind == PIECE_PDF ? SCAN_PDFS : SCAN_PARTS;
		return TRUE;
	}
	piece = pdf_part_new(shown, bytes);
	piece->is_message = is_message;
	g_ptr_array_add(walk->parts, piece);
	return TRUE;
}

static void
take_leaf(Walk *walk, GMimePart *part, GMimeObject *parent)
{
	g_autoptr(GBytes) bytes = decode(part);
	g_autofree char *name = NULL;
	g_autofree char *text = NULL;

	if (is_signature(part) || take_report(walk, part, bytes) ||
	    take_piece(walk, part, parent, bytes) || is_decoration(part, parent))
		return;
	name = part_name(part);
	if (is_type(part, "text", "plain") || is_type(part, "text", "html")) {
		text = part_text(part, bytes);
		if (g_mime_part_get_filename(part) == NULL && !g_mime_part_is_attachment(part))
			add_text(is_type(part, "text", "html") ? walk->html : walk->plain, text);
		else if (*g_strchug(text) != '\0') /* Exchange cuts blank files out of HTML texts */
			g_ptr_array_add(walk->message->attachments, g_steal_pointer(&name));
	} else if (is_about_the_mail(name)) {
		walk->message->automatic = walk->message->automatic || is_protocol_reply(name);
	} else if (g_bytes_get_size(bytes) > 0 || g_mime_part_get_filename(part) != NULL) {
		/* a file of which nothing arrived was sent all the same */
		g_ptr_array_add(walk->message->attachments, g_steal_pointer(&name));
	}
}

static void walk_object(Walk *walk, GMimeObject *object, GMimeObject *parent, guint depth);

static void
walk_message(Walk *walk, GMimeMessage *message, guint depth)
{
	GMimeObject *body = message != NULL ? g_mime_message_get_mime_part(message) : NULL;

	if (message == NULL)
		return;
	text_message_ids(raw_header(GMIME_OBJECT(message), "Message-ID"), walk->returned);
	if (walk->inside == 0 && *walk->message->transport != '\0')
		read_headers(GMIME_OBJECT(message), walk->message);
	walk->inside++;
	if (body != NULL)
		walk_object(walk, body, GMIME_OBJECT(message), depth);
	walk->inside--;
}

static void
walk_object(Walk *walk, GMimeObject *object, GMimeObject *parent, guint depth)
{
	/* the scanner counted the same; should GMime see more than it, the walk stops here */
	if (depth > COLLECT_DEPTH_LIMIT + 1)
		walk->verdict = SCAN_DEPTH;
	else if (++walk->objects > 2 * COLLECT_PARTS_LIMIT)
		walk->verdict = SCAN_PARTS;
	if (walk->verdict != SCAN_SOUND)
		return;
	if (GMIME_IS_MULTIPART(object)) {
		GMimeMultipart *multipart = GMIME_MULTIPART(object);

		for (int i = 0; i < g_mime_multipart_get_count(multipart); i++)
			walk_object(
			    walk, g_mime_multipart_get_part(multipart, i), object, depth + 1);
	} else if (GMIME_IS_MESSAGE_PART(object)) {
		walk_message(
		    walk, g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)), depth + 1);
	} else if (GMIME_IS_PART(object)) {
		take_leaf(walk, GMIME_PART(object), parent);
	}
}

/* --- the message -------------------------------------------------------------------------------------------------- */

/* What comes back from machines returns our own sheets: of it only what it reports counts. */
static void
drop_returned(Walk *walk)
{
	g_ptr_array_set_size(walk->parts, 0);
	g_ptr_array_set_size(walk->message->attachments, 0);
	for (guint i = 0; i < walk->returned->len; i++) {
		g_autofree char *bracketed =
		    g_strdup_printf("<%s>", (const char *)g_ptr_array_index(walk->returned, i));

		text_message_ids(bracketed, walk->message->references);
	}
}

static void
classify(Walk *walk, GMimeObject *outer)
{
	Collected *message = walk->message;

	if (*message->receipt != '\0') {
		message->message_class = MESSAGE_RECEIPT;
		g_ptr_array_set_size(walk->parts, 0);
		g_ptr_array_set_size(message->attachments, 0);
	} else if (walk->has_status || is_from_mail_server(outer, message)) {
		message->message_class = MESSAGE_BOUNCE;
		text_returned_ids(walk->plain->str, walk->returned);
		drop_returned(walk);
	} else if (walk->has_disposition || walk->has_complaint) {
		message->message_class =
		    walk->has_complaint ? MESSAGE_COMPLAINT : MESSAGE_READ_RECEIPT;
		drop_returned(walk);
	} else if (walk->parts->len > 0) {
		message->message_class = MESSAGE_RETURN;
	} else {
		message->message_class = message->automatic ? MESSAGE_AUTO_REPLY : MESSAGE_OTHER;
	}
}

/* @body (nullable): what is read as its body. */
static void
read_message(Walk *walk, GMimeMessage *mime, GMimeObject *body)
{
	GMimeObject *outer = GMIME_OBJECT(mime);
	Collected *message = walk->message;

	g_clear_pointer(&message->sender, g_free);
	g_clear_pointer(&message->subject, g_free);
	g_clear_pointer(&message->transport, g_free);
	g_clear_pointer(&message->receipt, g_free);
	message->sender = header_line(outer, "From");
	message->subject = header_line(outer, "Subject");
	message->transport = header_line(outer, "X-Trasporto");
	message->receipt = header_line(outer, "X-Ricevuta");
	read_headers(outer, message);
	if (body != NULL)
		walk_object(walk, body, outer, 0);
	g_free(message->text);
	g_strchug(walk->plain->str);
	message->text = g_strdup(*walk->plain->str != '\0' ? walk->plain->str : walk->html->str);
	classify(walk, outer);
}

/* Bytes that GMime only reads: a copy would be the whole message. To be freed behind all that has seen it. */
typedef GByteArray Lent;

static Lent *
lend(GBytes *bytes, const Signed *region)
{
	gsize size;
	const guint8 *data = g_bytes_get_data(bytes, &size);
	gboolean all = region == NULL || region->size == 0;

	return g_byte_array_new_take(
	    (guint8 *)(gsize)(all ? data : data + region->offset), all ? size : region->size);
}

static void
take_back(Lent *lent)
{
	(void)g_byte_array_free(lent, FALSE);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lent, take_back)

static GMimeParser *
parser_of(Lent *lent)
{
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_byte_array(lent);

	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	return g_mime_parser_new_with_stream(stream);
}

ScanVerdict
mime_read(GBytes *raw, const Signed *region, Collected *message, GPtrArray *parts)
{
	g_autoptr(Lent) all = lend(raw, NULL);
	g_autoptr(Lent) lent = lend(raw, region);
	g_autoptr(GMimeParser) parser = parser_of(all);
	g_autoptr(GMimeMessage) mime = g_mime_parser_construct_message(parser, NULL);
	g_autoptr(GMimeParser) inside = NULL;
	g_autoptr(GMimeObject) body = NULL;
	gboolean part = region != NULL && region->size > 0;
	g_autoptr(GPtrArray) returned = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) plain = g_string_new(NULL);
	g_autoptr(GString) html = g_string_new(NULL);
	Walk walk = {
		.message = message,
		.parts = parts,
		.returned = returned,
		.plain = plain,
		.html = html,
		.verdict = SCAN_SOUND,
	};

	if (mime == NULL)
		return SCAN_EMPTY;
	if (part) {
		inside = parser_of(lent);
		body = g_mime_parser_construct_part(inside, NULL);
	}
	read_message(&walk, mime, part ? body : g_mime_message_get_mime_part(mime));
	return walk.verdict;
}

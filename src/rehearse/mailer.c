#include "rehearse/mailer.h"

#include "base/error.h"

#include <gmime/gmime.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeParser, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeStream, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMultipart, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimePart, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeTextPart, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessagePart, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeDataWrapper, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeFormatOptions, g_mime_format_options_free)

Paper *
paper_new(const char *name, GBytes *bytes)
{
	Paper *paper = g_new0(Paper, 1);

	paper->name = g_strdup(name);
	paper->bytes = g_bytes_ref(bytes);
	return paper;
}

void
paper_free(Paper *paper)
{
	if (paper == NULL)
		return;
	g_free(paper->name);
	g_bytes_unref(paper->bytes);
	g_free(paper);
}

void
letter_free(Letter *letter)
{
	if (letter == NULL)
		return;
	g_free(letter->from);
	g_free(letter->subject);
	g_free(letter->message_id);
	g_free(letter->text);
	if (letter->papers != NULL)
		g_ptr_array_unref(letter->papers);
	g_free(letter);
}

static void
start_gmime(void)
{
	static gsize started;

	if (g_once_init_enter(&started)) {
		g_mime_init();
		g_once_init_leave(&started, 1);
	}
}

/* --- reading ---------------------------------------------------------------------------------------------- */

static GBytes *
content_of(GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	g_autoptr(GMimeStream) memory = g_mime_stream_mem_new();
	const GByteArray *bytes;

	if (content != NULL)
		(void)g_mime_data_wrapper_write_to_stream(content, memory);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
	return g_bytes_new(bytes->data, bytes->len);
}

static void
read_part(GMimeObject *parent, GMimeObject *object, gpointer data)
{
	Letter *letter = data;
	g_autoptr(GBytes) bytes = NULL;
	const char *name;

	(void)parent;
	if (GMIME_IS_TEXT_PART(object)) {
		g_autofree char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(object));
		g_autofree char *before = letter->text;

		letter->text = g_strconcat(before, text, NULL);
		return;
	}
	if (GMIME_IS_MESSAGE_PART(object)) /* the walk stops at a message inside */
		g_mime_message_foreach(
		    g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)), read_part, letter);
	if (!GMIME_IS_PART(object))
		return;
	bytes = content_of(GMIME_PART(object));
	if (g_bytes_get_size(bytes) < 5 || memcmp(g_bytes_get_data(bytes, NULL), "%PDF-", 5) != 0)
		return;
	name = g_mime_part_get_filename(GMIME_PART(object));
	g_ptr_array_add(letter->papers, paper_new(name != NULL ? name : "", bytes));
}

static char *
sender_of(GMimeMessage *message)
{
	InternetAddressList *list = g_mime_message_get_from(message);
	InternetAddress *first = list != NULL ? internet_address_list_get_address(list, 0) : NULL;

	return g_strdup(INTERNET_ADDRESS_IS_MAILBOX(first)
			    ? internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first))
			    : "");
}

static char *
text_of(const char *text)
{
	return g_strdup(text != NULL ? text : "");
}

Letter *
mailer_read(GBytes *raw, GError **error)
{
	g_autoptr(Letter) letter = g_new0(Letter, 1);
	gsize size;
	const char *data = g_bytes_get_data(raw, &size);
	g_autoptr(GMimeStream) stream = NULL;
	g_autoptr(GMimeParser) parser = NULL;
	g_autoptr(GMimeMessage) message = NULL;

	start_gmime();
	stream = g_mime_stream_mem_new_with_buffer(data, size);
	parser = g_mime_parser_new_with_stream(stream);
	message = g_mime_parser_construct_message(parser, NULL);
	if (message == NULL) {
		fail(error, PLICO_ERROR_INPUT, _("rehearsal: what arrived is no message"));
		return NULL;
	}
	letter->from = sender_of(message);
	letter->subject = text_of(g_mime_message_get_subject(message));
	letter->message_id = text_of(g_mime_message_get_message_id(message));
	letter->text = g_strdup("");
	letter->papers = g_ptr_array_new_with_free_func((GDestroyNotify)paper_free);
	g_mime_message_foreach(message, read_part, letter);
	return g_steal_pointer(&letter);
}

/* --- writing ---------------------------------------------------------------------------------------------- */

static GMimeMessage *
new_message(const Reply *reply, const char *subject)
{
	GMimeMessage *message = g_mime_message_new(TRUE);
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(reply->date);
	g_autofree char *answered = g_strdup_printf("<%s>", reply->answers->message_id);

	g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, reply->from_name, reply->from);
	g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_TO, NULL, reply->to);
	g_mime_message_set_subject(message, subject, "utf-8");
	g_mime_message_set_date(message, date);
	g_mime_message_set_message_id(message, reply->message_id);
	g_mime_object_set_header(GMIME_OBJECT(message), "In-Reply-To", answered, NULL);
	g_mime_object_set_header(GMIME_OBJECT(message), "References", answered, NULL);
	return message;
}

/* A part that holds @bytes as they are; @encoding: how they travel. */
static GMimePart *
new_part(const char *type, const char *subtype, GBytes *bytes, GMimeContentEncoding encoding)
{
	GMimePart *part = g_mime_part_new_with_type(type, subtype);
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(data, size);
	g_autoptr(GMimeDataWrapper) content =
	    g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_part_set_content(part, content);
	g_mime_part_set_content_encoding(part, encoding);
	return part;
}

static void
add_text(GMimeMultipart *multipart, const char *text)
{
	g_autoptr(GMimeTextPart) part = g_mime_text_part_new_with_subtype("plain");

	g_mime_text_part_set_charset(part, "utf-8");
	g_mime_text_part_set_text(part, text);
	g_mime_part_set_content_encoding(GMIME_PART(part), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	g_mime_multipart_add(multipart, GMIME_OBJECT(part));
}

static void
add_papers(GMimeMultipart *multipart, const GPtrArray *papers, gboolean nameless)
{
	for (guint i = 0; papers != NULL && i < papers->len; i++) {
		const Paper *paper = g_ptr_array_index(papers, i);
		g_autoptr(GMimePart) part = new_part("application",
		    nameless ? "octet-stream" : "pdf", paper->bytes, GMIME_CONTENT_ENCODING_BASE64);

		g_mime_object_set_disposition(
		    GMIME_OBJECT(part), nameless ? "inline" : "attachment");
		if (!nameless)
			g_mime_part_set_filename(part, paper->name);
		g_mime_multipart_add(multipart, GMIME_OBJECT(part));
	}
}

static void
add_message(GMimeMultipart *multipart, GMimeMessage *message, const char *name)
{
	g_autoptr(GMimeMessagePart) part = g_mime_message_part_new_with_message("rfc822", message);

	if (name != NULL) {
		g_mime_object_set_disposition(GMIME_OBJECT(part), "inline");
		g_mime_object_set_content_disposition_parameter(
		    GMIME_OBJECT(part), "filename", name);
	}
	g_mime_multipart_add(multipart, GMIME_OBJECT(part));
}

/* A message, or a part as it will stand in one. */
static GBytes *
written_object(GMimeObject *object)
{
	g_autoptr(GMimeFormatOptions) options = g_mime_format_options_new();
	g_autoptr(GMimeStream) memory = g_mime_stream_mem_new();
	const GByteArray *bytes;

	g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);
	(void)g_mime_object_write_to_stream(object, options, memory);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
	return g_bytes_new(bytes->data, bytes->len);
}

static GBytes *
written(GMimeMessage *message)
{
	return written_object(GMIME_OBJECT(message));
}

/* Text and papers, as a mail program makes it. */
static GMimeMessage *
plain_message(const Reply *reply)
{
	g_autofree char *subject = g_strconcat("R: ", reply->answers->subject, NULL);
	GMimeMessage *message = new_message(reply, subject);
	g_autoptr(GMimeMultipart) mixed = g_mime_multipart_new_with_subtype("mixed");

	add_text(mixed, reply->text);
	add_papers(mixed, reply->papers, reply->shape == SHAPE_NAMELESS);
	g_mime_message_set_mime_part(message, GMIME_OBJECT(mixed));
	return message;
}

static GBytes *
forwarded(const Reply *reply, GMimeMessage *inner)
{
	Reply outer = *reply;
	g_autofree char *subject = g_strconcat("I: ", reply->answers->subject, NULL);
	g_autofree char *id = g_strconcat("i.", reply->message_id, NULL);
	g_autoptr(GMimeMessage) message = NULL;
	g_autoptr(GMimeMultipart) mixed = g_mime_multipart_new_with_subtype("mixed");

	outer.message_id = id;
	outer.from_name = "Segreteria";
	message = new_message(&outer, subject);
	add_text(mixed, "Si inoltra quanto ricevuto dall'ufficio competente.\n");
	add_message(mixed, inner, NULL);
	g_mime_message_set_mime_part(message, GMIME_OBJECT(mixed));
	return written(message);
}

/* The transport envelope of certified mail (DPR 68/2005, technical rules 6.3): the sender's message inside one that its
 * provider has signed, beside daticert.xml. */
static GBytes *
enveloped(const Reply *reply, GMimeMessage *inner)
{
	Reply outer = *reply;
	g_autofree char *subject =
	    g_strconcat("POSTA CERTIFICATA: R: ", reply->answers->subject, NULL);
	g_autofree char *name = g_strconcat("Per conto di: ", reply->from, NULL);
	g_autofree char *id = g_strconcat("opec.", reply->message_id, NULL);
	g_autofree char *inner_id = g_strdup_printf("<%s>", reply->message_id);
	g_autofree char *xml = g_markup_printf_escaped(
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<postacert tipo=\"posta-certificata\" errore=\"nessuno\">\n"
	    "<intestazione><mittente>%s</mittente><destinatari tipo=\"certificato\">%s</destinatari></intestazione>\n"
	    "<dati><gestore-emittente>PROVA</gestore-emittente><msgid>&lt;%s&gt;</msgid></dati>\n</postacert>\n",
	    reply->from, reply->to, reply->message_id);
	g_autoptr(GBytes) data = g_bytes_new(xml, strlen(xml));
	g_autoptr(GBytes) entity = NULL;
	g_autoptr(GBytes) seal = NULL;
	g_autoptr(GMimePart) daticert =
	    new_part("application", "xml", data, GMIME_CONTENT_ENCODING_BASE64);
	g_autoptr(GMimePart) signature = NULL;
	g_autoptr(GMimeMultipart) mixed = g_mime_multipart_new_with_subtype("mixed");
	g_autoptr(GMimeMultipart) sealed = g_mime_multipart_new_with_subtype("signed");
	g_autoptr(GMimeMessage) message = NULL;

	outer.from = PROVIDER_ADDRESS;
	outer.from_name = name;
	outer.message_id = id;
	message = new_message(&outer, subject);
	g_mime_object_set_header(GMIME_OBJECT(message), "X-Trasporto", "posta-certificata", NULL);
	g_mime_object_set_header(GMIME_OBJECT(message), "X-TipoRicevuta", "breve", NULL);
	g_mime_object_set_header(GMIME_OBJECT(message), "X-Riferimento-Message-ID", inner_id, NULL);
	add_text(mixed,
	    "Messaggio di posta certificata.\nIl messaggio originale è incluso in allegato.\n");
	g_mime_part_set_filename(daticert, "daticert.xml");
	g_mime_multipart_add(mixed, GMIME_OBJECT(daticert));
	add_message(mixed, inner, "postacert.eml");
	entity = written_object(GMIME_OBJECT(mixed));
	seal = provider_sign(reply->provider, entity, reply->date);
	signature = new_part("application", "pkcs7-signature", seal, GMIME_CONTENT_ENCODING_BASE64);
	g_mime_part_set_filename(signature, "smime.p7s");
	g_mime_object_set_content_type_parameter(
	    GMIME_OBJECT(sealed), "protocol", "application/pkcs7-signature");
	g_mime_object_set_content_type_parameter(GMIME_OBJECT(sealed), "micalg", "sha-256");
	g_mime_multipart_add(sealed, GMIME_OBJECT(mixed));
	g_mime_multipart_add(sealed, GMIME_OBJECT(signature));
	g_mime_message_set_mime_part(message, GMIME_OBJECT(sealed));
	return written(message);
}

GBytes *
mailer_reply(const Reply *reply)
{
	g_autoptr(GMimeMessage) message = NULL;

	start_gmime();
	message = plain_message(reply);
	switch (reply->shape) {
	case SHAPE_FORWARDED:
		return forwarded(reply, message);
	case SHAPE_PEC:
		return enveloped(reply, message);
	default:
		return written(message);
	}
}

GBytes *
mailer_auto_reply(const Reply *reply)
{
	g_autoptr(GMimeMessage) message = NULL;
	g_autoptr(GMimeMultipart) mixed = NULL;

	start_gmime();
	message = new_message(reply, "Risposta automatica: ufficio chiuso");
	mixed = g_mime_multipart_new_with_subtype("mixed");
	g_mime_object_set_header(GMIME_OBJECT(message), "Auto-Submitted", "auto-replied", NULL);
	add_text(mixed, reply->text);
	g_mime_message_set_mime_part(message, GMIME_OBJECT(mixed));
	return written(message);
}

GBytes *
mailer_bounce(const Reply *reply)
{
	Reply server = *reply;
	g_autofree char *status =
	    g_strdup_printf("Reporting-MTA: dns; mx.rehearsal.example\r\n\r\n"
			    "Final-Recipient: rfc822; %s\r\n"
			    "Action: failed\r\nStatus: 5.2.2\r\n"
			    "Diagnostic-Code: smtp; 552 5.2.2 mailbox full\r\n",
		reply->from);
	g_autofree char *header = g_strdup_printf("Message-ID: <%s>\r\nTo: %s\r\nSubject: %s\r\n",
	    reply->answers->message_id, reply->from, "Mappa");
	g_autoptr(GBytes) status_bytes = g_bytes_new(status, strlen(status));
	g_autoptr(GBytes) header_bytes = g_bytes_new(header, strlen(header));
	g_autoptr(GMimeMessage) message = NULL;
	g_autoptr(GMimeMultipart) report = NULL;
	g_autoptr(GMimePart) delivery = NULL;
	g_autoptr(GMimePart) headers = NULL;

	start_gmime();
	server.from = "mailer-daemon@rehearsal.example";
	server.from_name = "Mail Delivery System";
	message = new_message(&server, "Undelivered Mail Returned to Sender");
	report = g_mime_multipart_new_with_subtype("report");
	delivery =
	    new_part("message", "delivery-status", status_bytes, GMIME_CONTENT_ENCODING_7BIT);
	headers = new_part("text", "rfc822-headers", header_bytes, GMIME_CONTENT_ENCODING_7BIT);
	g_mime_object_set_content_type_parameter(
	    GMIME_OBJECT(report), "report-type", "delivery-status");
	g_mime_object_set_header(GMIME_OBJECT(message), "Auto-Submitted", "auto-replied", NULL);
	add_text(report, "The mailbox is full; the message was not delivered.\n");
	g_mime_multipart_add(report, GMIME_OBJECT(delivery));
	g_mime_multipart_add(report, GMIME_OBJECT(headers));
	g_mime_message_set_mime_part(message, GMIME_OBJECT(report));
	return written(message);
}

#include "outbox/message.h"

#include "base/error.h"

#include <gmime/gmime.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessage, g_object_unref)

static const MessageHeader no_headers[] = { { NULL, NULL } };

typedef struct {
	GPtrArray *attachments;
	MessageParts parts;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
	guint8 binary[5000];
	g_autoptr(GBytes) letter = NULL;
	g_autoptr(GBytes) sheet = NULL;

	(void)data;
	for (gsize i = 0; i < sizeof binary; i++)
		binary[i] = (guint8)(i * 7 + i / 251);
	letter = g_bytes_new(binary, sizeof binary);
	sheet = g_bytes_new("%PDF-1.7\r\n.\r\n..\n.\n%%EOF", 23);
	fixture->attachments = g_ptr_array_new_with_free_func((GDestroyNotify)attachment_free);
	g_ptr_array_add(fixture->attachments, attachment_new("mappa_A944_lettera.pdf", letter));
	g_ptr_array_add(fixture->attachments, attachment_new("mappa_A944_sezione_2.pdf", sheet));
	fixture->parts = (MessageParts){
		.from = "mappa@mappa.example",
		.from_name = "Mappa dei Comuni Digitali",
		.to = "protocollo@comune.bologna.example",
		.to_name = "Comune di Forlì, detto \"il bello\" <x@y.example>",
		.subject = "Mappa dei Comuni Digitali: perché è importante",
		.date = 1760689800,
		.message_id = "mappa-2024.A944.invitation.1.7Q4K9M2XABCD@mappa.example",
		.text =
		    "Gentile Sindaco,\n\n.una riga con il punto\nPerché no = sì \n\nFrom qui in poi\n.\n",
		.html = "<p>Gentile Sindaco,<br>perché no?</p>\n",
		.attachments = fixture->attachments,
		.headers = no_headers,
	};
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_ptr_array_unref(fixture->attachments);
}

static GBytes *
compose(const MessageParts *parts, GError **error)
{
	g_autoptr(Packet) packet = message_pack(parts, error);

	return packet != NULL ? packet_join(packet) : NULL;
}

static GMimeMessage *
parse(GBytes *bytes)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(data, size);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

	g_object_unref(parser);
	g_object_unref(stream);
	return message;
}

static GByteArray *
decoded(GMimeObject *part)
{
	GByteArray *bytes = g_byte_array_new();
	GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(bytes);

	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(GMIME_PART(part)), stream);
	g_object_unref(stream);
	return bytes;
}

static void
assert_text(GMimeMultipart *parent, int number, const char *expected)
{
	g_autoptr(GByteArray) bytes = decoded(g_mime_multipart_get_part(parent, number));
	g_autofree char *text = g_strndup((const char *)bytes->data, bytes->len);
	g_auto(GStrv) lines = g_strsplit(text, "\r\n", 0);
	g_autofree char *joined = g_strjoinv("\n", lines);

	g_assert_cmpstr(joined, ==, expected);
}

static void
assert_only_crlf(GBytes *bytes)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	gsize column = 0;

	for (gsize i = 0; i < size; i++) {
		g_assert_cmpint(data[i], !=, '\0');
		if (data[i] == '\r')
			g_assert_true(i + 1 < size && data[i + 1] == '\n');
		if (data[i] == '\n')
			g_assert_true(i > 0 && data[i - 1] == '\r');
		g_assert_cmpint((guchar)data[i], <, 128);
		column = data[i] == '\n' ? 0 : column + 1;
		g_assert_cmpuint(column, <=, 200);
	}
	g_assert_true(size > 1 && data[size - 1] == '\n');
}

static void
test_parts_come_back(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = compose(&fixture->parts, &error);
	g_autoptr(GMimeMessage) message = NULL;
	GMimeMultipart *mixed;
	InternetAddressList *list;

	(void)data;
	g_assert_no_error(error);
	assert_only_crlf(bytes);
	message = parse(bytes);
	g_assert_cmpstr(g_mime_message_get_subject(message), ==, fixture->parts.subject);
	g_assert_cmpstr(g_mime_message_get_message_id(message), ==, fixture->parts.message_id);
	g_assert_cmpint(g_date_time_to_unix(g_mime_message_get_date(message)), ==, 1760689800);
	list = g_mime_message_get_to(message);
	g_assert_cmpint(internet_address_list_length(list), ==, 1);
	g_assert_cmpstr(internet_address_get_name(internet_address_list_get_address(list, 0)), ==,
	    fixture->parts.to_name);
	mixed = GMIME_MULTIPART(g_mime_message_get_mime_part(message));
	g_assert_cmpint(g_mime_multipart_get_count(mixed), ==, 3);
	assert_text(GMIME_MULTIPART(g_mime_multipart_get_part(mixed, 0)), 0, fixture->parts.text);
	assert_text(GMIME_MULTIPART(g_mime_multipart_get_part(mixed, 0)), 1, fixture->parts.html);
	for (guint i = 0; i < fixture->attachments->len; i++) {
		const Attachment *sent = g_ptr_array_index(fixture->attachments, i);
		GMimeObject *part = g_mime_multipart_get_part(mixed, (int)i + 1);
		g_autoptr(GByteArray) back = decoded(part);
		g_autoptr(GBytes) bytes_back = g_bytes_new(back->data, back->len);

		g_assert_cmpstr(g_mime_part_get_filename(GMIME_PART(part)), ==, sent->name);
		g_assert_true(g_bytes_equal(bytes_back, sent->rest));
	}
}

static void
test_same_parts_same_bytes(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GBytes) one = compose(&fixture->parts, NULL);
	g_autoptr(GBytes) other = compose(&fixture->parts, NULL);
	g_autoptr(GBytes) changed = NULL;

	(void)data;
	g_assert_true(g_bytes_equal(one, other));
	fixture->parts.message_id = "mappa-2024.A944.invitation.2.7Q4K9M2XABCD@mappa.example";
	changed = compose(&fixture->parts, NULL);
	g_assert_false(g_bytes_equal(one, changed));
}

static void
test_further_headers(Fixture *fixture, gconstpointer data)
{
	static const MessageHeader headers[] = { { "Auto-Submitted", "auto-generated" },
		{ "X-TipoRicevuta", "breve" }, { "Comments", "così" }, { NULL, NULL } };
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(GMimeMessage) message = NULL;

	(void)data;
	fixture->parts.headers = headers;
	bytes = compose(&fixture->parts, NULL);
	message = parse(bytes);
	for (gsize i = 0; headers[i].name != NULL; i++)
		g_assert_cmpstr(g_mime_object_get_header(GMIME_OBJECT(message), headers[i].name),
		    ==, headers[i].value);
}

/* What a hostile registry row could hold: each must be refused, or come back as the very text of one name. */
static void
test_hostile_text_is_refused(Fixture *fixture, gconstpointer data)
{
	static const char *const hostile[] = { "Bologna\r\nBcc: evil@evil.example", "a\nb", "a\rb",
		"a\tb", "a\x01z", "a\x7fz", "a\xc2\x85z", "a\xe2\x80\xa8z", "\xff\xfe",
		"=?utf-8?q?=0D=0ABcc:_e@e.example?=" };
	g_autofree char *endless = g_strnfill(999, 'a');

	(void)data;
	for (gsize i = 0; i <= G_N_ELEMENTS(hostile); i++) {
		const char *text = i < G_N_ELEMENTS(hostile) ? hostile[i] : endless;
		const MessageHeader headers[] = { { "Comments", text }, { NULL, NULL } };
		MessageParts parts[4];

		for (gsize n = 0; n < G_N_ELEMENTS(parts); n++)
			parts[n] = fixture->parts;
		parts[0].to_name = text;
		parts[1].from_name = text;
		parts[2].subject = text;
		parts[3].headers = headers;
		for (gsize n = 0; n < G_N_ELEMENTS(parts); n++) {
			g_autoptr(GError) error = NULL;

			g_assert_null(compose(&parts[n], &error));
			g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
		}
	}
}

static void
test_hostile_address_is_refused(Fixture *fixture, gconstpointer data)
{
	static const char *const hostile[] = { "a@x.example>\r\nRCPT TO:<evil@x.example",
		"a@x.example, b@x.example", "<a@x.example>", "a b@x.example", "\"a\"@x.example",
		"a@x.example\n", "@x.example", "a@", "", "-f@x.example", "a@b@x.example" };

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(hostile); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GError) other = NULL;

		fixture->parts.to = hostile[i];
		g_assert_null(compose(&fixture->parts, &error));
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
		fixture->parts.to = "a@x.example";
		fixture->parts.message_id = hostile[i];
		if (strcmp(hostile[i], "-f@x.example") == 0) /* a good Message-ID */
			continue;
		g_assert_null(compose(&fixture->parts, &other));
		g_assert_error(other, PLICO_ERROR, PLICO_ERROR_INPUT);
	}
}

static void
test_names_stay_one_recipient(Fixture *fixture, gconstpointer data)
{
	static const char *const names[] = { "a, b@evil.example", "<evil@evil.example>", "\"", "\\",
		"a\"@b", "(comment)", "a;b:c", "a=b?c", "", " ", "undisclosed: a@b.example;",
		"Bolzano/Bozen", "Sgonico/Zgonik č š ž" };

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) bytes = NULL;
		g_autoptr(GMimeMessage) message = NULL;
		InternetAddressList *list;
		InternetAddress *address;

		fixture->parts.to_name = names[i];
		bytes = compose(&fixture->parts, &error);
		g_assert_no_error(error);
		assert_only_crlf(bytes);
		message = parse(bytes);
		list = g_mime_message_get_to(message);
		g_assert_cmpint(internet_address_list_length(list), ==, 1);
		address = internet_address_list_get_address(list, 0);
		g_assert_true(INTERNET_ADDRESS_IS_MAILBOX(address));
		g_assert_cmpstr(
		    internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address)), ==,
		    fixture->parts.to);
		g_assert_null(g_mime_object_get_header(GMIME_OBJECT(message), "Bcc"));
	}
}

/* What GMime writes into the header, which is not asked for the plain ones. */
static char *
mailbox_by_gmime(const char *name, const char *address)
{
	InternetAddressList *list = internet_address_list_new();
	InternetAddress *mailbox = internet_address_mailbox_new(name, address);
	g_autoptr(GString) line = g_string_new("To: ");

	internet_address_set_charset(mailbox, "utf-8");
	internet_address_list_add(list, mailbox);
	internet_address_list_encode(list, NULL, line);
	g_object_unref(mailbox);
	g_object_unref(list);
	(void)g_string_replace(line, "\n", "\r\n", 0);
	g_string_prepend(line, "\r\n");
	return g_string_free(g_steal_pointer(&line), FALSE);
}

static void
test_mailboxes(Fixture *fixture, gconstpointer data)
{
	static const char *const names[] = { "Bologna", "Comune di Borgo A",
		"Comune di Castel San Giovanni al Piano del Colle", "Sant'Agata", "X", " x", "x ",
		"a  b", "A. B.", "Forlì", "", "1 2 3", "a-b", "a/b", "From a" };

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		for (gsize length = 1; length < 90; length++) {
			g_autofree char *place = g_strnfill(length > 50 ? 50 : length, 'p');
			g_autofree char *more = g_strnfill(length > 50 ? length - 50 : 0, 'q');
			g_autofree char *address =
			    g_strdup_printf("%s@%s%sx.example", place, more, *more ? "." : "");
			g_autofree char *wanted = NULL;
			g_autoptr(GBytes) bytes = NULL;

			if (strlen(more) > 60)
				continue;
			fixture->parts.to_name = names[i];
			fixture->parts.to = address;
			wanted = mailbox_by_gmime(names[i], address);
			bytes = compose(&fixture->parts, NULL);
			g_assert_nonnull(bytes);
			g_assert_nonnull(g_strstr_len(g_bytes_get_data(bytes, NULL),
			    (gssize)g_bytes_get_size(bytes), wanted));
		}
	}
}

static void
test_header_values(Fixture *fixture, gconstpointer data)
{
	static const char *const words[] = { "", " ", "a", "moduli per Borgo A", "Forlì", "a  b",
		" a", "a ", "=", "?=", "a=?", "\"x\"", "(y)", "auto-generated", "_", "a;b,c" };

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		for (gsize length = 0; length < 140; length++) {
			g_autofree char *rest = g_strnfill(length, 'm');
			g_autofree char *value = NULL;
			g_autofree char *encoded = NULL;
			g_autofree char *whole = NULL;
			g_autofree char *folded = NULL;
			g_autoptr(GString) wanted = NULL;
			g_autoptr(GBytes) bytes = NULL;

			for (gsize k = 9; k < length; k += 10)
				rest[k] = length % 3 == 0 ? 'n' : ' ';
			value = g_strconcat(words[i], rest, NULL);
			if (strstr(value, "=?") != NULL)
				continue;
			encoded = g_mime_utils_header_encode_text(NULL, value, "utf-8");
			whole = g_strdup_printf("Subject: %s", encoded);
			folded = g_mime_utils_unstructured_header_fold(NULL, NULL, whole);
			wanted = g_string_new(folded);
			(void)g_string_replace(wanted, "\n", "\r\n", 0);
			g_string_prepend(wanted, "\r\n");
			fixture->parts.subject = value;
			bytes = compose(&fixture->parts, NULL);
			g_assert_nonnull(g_strstr_len(g_bytes_get_data(bytes, NULL),
			    (gssize)g_bytes_get_size(bytes), wanted->str));
		}
	}
}

static void
test_attachment_names(Fixture *fixture, gconstpointer data)
{
	static const char *const names[] = { "", ".pdf", "-a.pdf", "a b.pdf", "Forlì.pdf",
		"../../etc/passwd", "a\"b.pdf", "a\r\nb.pdf", "a/b.pdf" };
	g_autoptr(GBytes) bytes = g_bytes_new("%PDF", 4);

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(GError) error = NULL;

		g_ptr_array_set_size(fixture->attachments, 0);
		g_ptr_array_add(fixture->attachments, attachment_new(names[i], bytes));
		g_assert_null(compose(&fixture->parts, &error));
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	}
}

static void
test_any_line_ends(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(GMimeMessage) message = NULL;
	GMimeMultipart *mixed;

	(void)data;
	fixture->parts.text = "uno\r\ndue\rtre\nquattro \n\n";
	bytes = compose(&fixture->parts, NULL);
	assert_only_crlf(bytes);
	message = parse(bytes);
	mixed = GMIME_MULTIPART(g_mime_message_get_mime_part(message));
	assert_text(
	    GMIME_MULTIPART(g_mime_multipart_get_part(mixed, 0)), 0, "uno\ndue\ntre\nquattro \n\n");
}

/* Where a file is cut into stem and rest makes no difference. */
static void
test_stems(Fixture *fixture, gconstpointer data)
{
	static const gsize cuts[] = { 0, 1, 56, 57, 58, 114, 4999, 5000 };
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) whole = compose(&fixture->parts, &error);
	Attachment *letter = g_ptr_array_index(fixture->attachments, 0);
	g_autoptr(GBytes) file = g_bytes_ref(letter->rest);

	(void)data;
	g_assert_no_error(error);
	for (gsize i = 0; i < G_N_ELEMENTS(cuts); i++) {
		g_autoptr(GBytes) head = g_bytes_new_from_bytes(file, 0, cuts[i]);
		g_autoptr(GBytes) rest = g_bytes_new_from_bytes(file, cuts[i], 5000 - cuts[i]);
		g_autoptr(Stem) stem = stem_new(head);
		g_autoptr(GBytes) again = NULL;
		g_autoptr(GBytes) joined = NULL;

		attachment_free(g_ptr_array_index(fixture->attachments, 0));
		g_ptr_array_index(fixture->attachments, 0) =
		    attachment_new_on_stem("mappa_A944_lettera.pdf", stem, rest);
		joined = attachment_bytes(g_ptr_array_index(fixture->attachments, 0));
		g_assert_true(g_bytes_equal(joined, file));
		again = compose(&fixture->parts, &error);
		g_assert_no_error(error);
		g_assert_true(g_bytes_equal(again, whole));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_mime_init();
#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)
	ADD("/outbox/message/every-part-comes-back-as-it-went-in", test_parts_come_back);
	ADD("/outbox/message/the-same-parts-give-the-same-bytes", test_same_parts_same_bytes);
	ADD("/outbox/message/further-headers-stand-in-it", test_further_headers);
	ADD("/outbox/message/text-that-could-add-a-header-is-refused",
	    test_hostile_text_is_refused);
	ADD("/outbox/message/an-address-that-could-add-a-recipient-is-refused",
	    test_hostile_address_is_refused);
	ADD("/outbox/message/a-name-never-makes-a-second-recipient", test_names_stay_one_recipient);
	ADD("/outbox/message/every-mailbox-is-written-as-gmime-writes-it", test_mailboxes);
	ADD("/outbox/message/so-is-every-other-header", test_header_values);
	ADD("/outbox/message/an-attachment-has-a-plain-name", test_attachment_names);
	ADD("/outbox/message/any-line-ends-become-crlf", test_any_line_ends);
	ADD("/outbox/message/a-file-on-a-stem-is-the-same-file", test_stems);
	return g_test_run();
}

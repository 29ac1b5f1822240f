/* The municipalities' mail server, spoken to over a real connection. */
#include "rehearse/receiver.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
	char *directory;
	GHashTable *mailboxes;
	Receiver *receiver;
	GSocketConnection *connection;
	GDataInputStream *in;
} Client;

static void
client_open(Client *client)
{
	g_autoptr(GSocketClient) socket = g_socket_client_new();
	g_autoptr(GError) error = NULL;

	client->directory = g_dir_make_tmp("receiver-XXXXXX", &error);
	g_assert_no_error(error);
	client->mailboxes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_hash_table_insert(client->mailboxes, g_strdup("read@a.example"),
	    GUINT_TO_POINTER(MAILBOX_KNOWN | MAILBOX_KEPT));
	g_hash_table_insert(client->mailboxes, g_strdup("a/b@a.example"),
	    GUINT_TO_POINTER(MAILBOX_KNOWN | MAILBOX_KEPT));
	g_hash_table_insert(
	    client->mailboxes, g_strdup("unread@a.example"), GUINT_TO_POINTER(MAILBOX_KNOWN));
	g_hash_table_insert(client->mailboxes, g_strdup("grey@a.example"),
	    GUINT_TO_POINTER(MAILBOX_KNOWN | MAILBOX_GREYLIST));
	client->receiver = receiver_new(client->mailboxes, client->directory, &error);
	g_assert_no_error(error);
	g_assert_true(receiver_start(client->receiver, &error));
	client->connection = g_socket_client_connect_to_host(
	    socket, "127.0.0.1", receiver_port(client->receiver), NULL, &error);
	g_assert_no_error(error);
	client->in =
	    g_data_input_stream_new(g_io_stream_get_input_stream(G_IO_STREAM(client->connection)));
	g_data_input_stream_set_newline_type(client->in, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
}

/* All of received.tsv, once the server has closed it. Returns: (transfer full) */
static char *
client_close(Client *client)
{
	g_autofree char *path = g_build_filename(client->directory, "received.tsv", NULL);
	char *log = NULL;

	g_object_unref(client->in);
	g_object_unref(client->connection);
	receiver_free(client->receiver);
	g_hash_table_unref(client->mailboxes);
	g_assert_true(g_file_get_contents(path, &log, NULL, NULL));
	(void)g_unlink(path);
	return log;
}

static void
client_say(Client *client, const char *text)
{
	GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(client->connection));

	g_assert_true(g_output_stream_write_all(out, text, strlen(text), NULL, NULL, NULL));
}

/* The next reply begins with @expected. */
static void
client_hears(Client *client, const char *expected)
{
	g_autofree char *line = NULL;

	do {
		g_free(line);
		line = g_data_input_stream_read_line(client->in, NULL, NULL, NULL);
		g_assert_nonnull(line);
	} while (line[3] == '-');
	if (!g_str_has_prefix(line, expected))
		g_error("expected %s, got %s", expected, line);
}

static char *
kept(const Client *client, const char *address, guint number)
{
	g_autofree char *folder = receiver_folder(client->directory, address);
	g_autofree char *path = g_strdup_printf("%s/%u.eml", folder, number);
	char *text = NULL;

	(void)g_file_get_contents(path, &text, NULL, NULL);
	(void)g_unlink(path);
	(void)g_rmdir(folder);
	return text;
}

static void
test_takes(void)
{
	Client client = { 0 };
	g_autofree char *text = NULL;
	g_autofree char *log = NULL;

	client_open(&client);
	client_hears(&client, "220");
	client_say(&client, "EHLO plico.example\r\n");
	client_hears(&client, "250");
	/* PIPELINING: all at once */
	client_say(&client,
	    "MAIL FROM:<s@s.example> SIZE=100 BODY=8BITMIME\r\nRCPT TO:<read@a.example>\r\n"
	    "RCPT TO:<unread@a.example>\r\nDATA\r\n");
	client_hears(&client, "250 2.1.0");
	client_hears(&client, "250 2.1.5");
	client_hears(&client, "250 2.1.5");
	client_hears(&client, "354");
	client_say(
	    &client, "Message-ID: <1@s.example>\r\n\r\n..point\r\n..\r\nMessage-ID: no\r\n.\r\n");
	client_hears(&client, "250");
	client_say(&client, "QUIT\r\n");
	client_hears(&client, "221");
	log = client_close(&client);
	g_assert_cmpstr(
	    log, ==, "read@a.example\t<1@s.example>\nunread@a.example\t<1@s.example>\n");
	text = kept(&client, "read@a.example", 1);
	g_assert_cmpstr(
	    text, ==, "Message-ID: <1@s.example>\r\n\r\n.point\r\n.\r\nMessage-ID: no\r\n");
	g_free(text);
	text = kept(&client, "unread@a.example", 1);
	g_assert_null(text);
	(void)g_rmdir(client.directory);
	g_free(client.directory);
}

static void
test_refuses(void)
{
	Client client = { 0 };
	g_autofree char *log = NULL;

	client_open(&client);
	client_hears(&client, "220");
	client_say(&client, "RCPT TO:<read@a.example>\r\n");
	client_hears(&client, "503");
	client_say(&client, "MAIL FROM:<s@s.example>\r\nDATA\r\nRCPT TO:<nobody@a.example>\r\n"
			    "RCPT TO:<grey@a.example>\r\nRCPT TO:<grey@a.example>\r\n");
	client_hears(&client, "250");
	client_hears(&client, "503");
	client_hears(&client, "550");
	client_hears(&client, "450");
	client_hears(&client, "250");
	client_say(&client, "RSET\r\nDATA\r\nVRFY x\r\n");
	client_hears(&client, "250");
	client_hears(&client, "503");
	client_hears(&client, "502");
	log = client_close(&client);
	g_assert_cmpstr(log, ==, "");
	(void)g_rmdir(client.directory);
	g_free(client.directory);
}

static void
test_strict(void)
{
	Client client = { 0 };
	g_autofree char *log = NULL;
	g_autofree char *longest = g_strnfill(RECEIVER_LINE_LIMIT, 'x');

	client_open(&client);
	client_hears(&client, "220");
	client_say(&client, "MAIL FROM:<s@s.example>\r\nRCPT TO:<unread@a.example>\r\nDATA\r\n");
	client_say(&client, "Subject: a bare\nline feed\r\n.\r\n");
	client_hears(&client, "250");
	client_hears(&client, "250");
	client_hears(&client, "354");
	client_hears(&client, "550");
	client_say(&client, "MAIL FROM:<s@s.example>\r\nRCPT TO:<unread@a.example>\r\nDATA\r\n");
	client_say(&client, longest);
	client_say(&client, "x\r\n.\r\n");
	client_hears(&client, "250");
	client_hears(&client, "250");
	client_hears(&client, "354");
	client_hears(&client, "550");
	client_say(&client, "MAIL FROM:<s@s.example>\r\nRCPT TO:<unread@a.example>\r\nDATA\r\n");
	client_say(&client, longest);
	client_say(&client, "\r\n.\r\n");
	client_hears(&client, "250");
	client_hears(&client, "250");
	client_hears(&client, "354");
	client_hears(&client, "250");
	/* a message that is cut before its end is not taken on */
	client_say(
	    &client, "MAIL FROM:<s@s.example>\r\nRCPT TO:<unread@a.example>\r\nDATA\r\nhalf");
	log = client_close(&client);
	g_assert_cmpstr(log, ==, "unread@a.example\t\n");
	(void)g_rmdir(client.directory);
	g_free(client.directory);
}

static void
test_folder(void)
{
	g_autofree char *plain = receiver_folder("/d", "a@b.example");
	g_autofree char *odd = receiver_folder("/d", "../x/y@b.example");

	g_assert_cmpstr(plain, ==, "/d/a@b.example");
	g_assert_cmpstr(odd, ==, "/d/..%2Fx%2Fy@b.example");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/receiver/takes a message, without its stuffing", test_takes);
	g_test_add_func("/receiver/refuses, delays and keeps the order", test_refuses);
	g_test_add_func("/receiver/refuses what RFC 5321 forbids in DATA", test_strict);
	g_test_add_func("/receiver/an address never leaves the folder", test_folder);
	return g_test_run();
}

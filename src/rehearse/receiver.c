#include "rehearse/receiver.h"

#include "base/error.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>

#define BUFFER_SIZE	((gsize)256 << 10)
#define CONNECTIONS_MAX 64

struct Receiver {
	GHashTable *mailboxes;
	const char *directory;
	GSocket *socket;
	guint16 port;
	GSocketService *service; /* this and what follows: only where it serves */
	GMainLoop *loop;
	GThread *thread;
	GCancellable *end;
	GMutex lock;	     /* of what follows */
	GCond quiet;	     /* no connection is open */
	guint open;	     /* connections */
	GHashTable *delayed; /* addresses that have had their 450 */
	FILE *log;
};

typedef struct {
	Receiver *receiver;
	GBufferedInputStream *in;
	GOutputStream *out;
	gsize taken;	  /* bytes of the line that was handed out last, with its end */
	GString *replies; /* not yet sent */
	gboolean mail;	  /* MAIL has been accepted */
	GPtrArray *to;	  /* of char *: accepted recipients */
	gboolean over;	  /* QUIT */
} Session;

char *
receiver_folder(const char *directory, const char *address)
{
	g_autofree char *name = g_uri_escape_string(address, "@", FALSE);

	return g_build_filename(directory, name, NULL);
}

static gboolean
flush(Session *session)
{
	gboolean sent = g_output_stream_write_all(session->out, session->replies->str,
	    session->replies->len, NULL, session->receiver->end, NULL);

	g_string_truncate(session->replies, 0);
	return sent;
}

static void
reply(Session *session, const char *text)
{
	g_string_append(session->replies, text);
	g_string_append(session->replies, "\r\n");
}

/* The next line with its end, valid until the next call. Replies wait until the client has no more to say: that is
 * PIPELINING (RFC 2920). Returns: (transfer none), NULL at the end of the connection, or where a line does not end */
static const char *
next_line(Session *session, gsize *size)
{
	GInputStream *stream = G_INPUT_STREAM(session->in);
	gsize seen = 0;

	if (session->taken > 0)
		(void)g_input_stream_skip(stream, session->taken, NULL, NULL);
	session->taken = 0;
	for (;;) {
		gsize have = 0;
		const char *at = g_buffered_input_stream_peek_buffer(session->in, &have);
		const char *end = have > seen ? memchr(at + seen, '\n', have - seen) : NULL;

		if (end != NULL) {
			*size = session->taken = (gsize)(end - at) + 1;
			return at;
		}
		seen = have;
		if (have == BUFFER_SIZE || !flush(session) ||
		    g_buffered_input_stream_fill(session->in, -1, session->receiver->end, NULL) <=
			0)
			return NULL;
	}
}

static void
forget(Session *session)
{
	session->mail = FALSE;
	g_ptr_array_set_size(session->to, 0);
}

static gboolean
write_down(Receiver *receiver, const char *address, const GByteArray *message)
{
	g_autofree char *folder = receiver_folder(receiver->directory, address);
	g_autofree char *path = NULL;

	if (g_mkdir_with_parents(folder, 0700) < 0)
		return FALSE;
	for (guint n = 1; path == NULL || g_file_test(path, G_FILE_TEST_EXISTS); n++) {
		g_free(path);
		path = g_strdup_printf("%s/%u.eml", folder, n);
	}
	return g_file_set_contents_full(path, (const char *)message->data, (gssize)message->len,
	    G_FILE_SET_CONTENTS_NONE, 0600, NULL);
}

static gboolean
deliver(Session *session, const GByteArray *message, const char *message_id)
{
	Receiver *receiver = session->receiver;
	gboolean good = TRUE;

	g_mutex_lock(&receiver->lock);
	for (guint i = 0; i < session->to->len; i++) {
		const char *address = g_ptr_array_index(session->to, i);
		guint mailbox = GPOINTER_TO_UINT(g_hash_table_lookup(receiver->mailboxes, address));

		if ((mailbox & MAILBOX_KEPT) != 0)
			good = write_down(receiver, address, message) && good;
		fprintf(receiver->log, "%s\t%s\n", address, message_id);
	}
	g_mutex_unlock(&receiver->lock);
	return good;
}

/* DATA (RFC 5321, 4.1.1.4 and 4.5.2). */
static void
take_data(Session *session)
{
	g_autoptr(GByteArray) message = g_byte_array_new();
	g_autofree char *message_id = g_strdup("");
	const char *refusal = NULL;
	gboolean header = TRUE;
	const char *line;
	gsize size;

	reply(session, "354 end with a line that holds a point alone");
	while ((line = next_line(session, &size)) != NULL) {
		if (size == 3 && memcmp(line, ".\r\n", 3) == 0)
			break;
		if (size < 2 || line[size - 2] != '\r')
			refusal = "550 5.6.0 a line feed without carriage return";
		else if (size - 2 > RECEIVER_LINE_LIMIT)
			refusal = "550 5.6.0 a line of more than 998 bytes";
		else if (message->len + size > RECEIVER_MESSAGE_LIMIT)
			refusal = "552 5.3.4 larger than SIZE";
		if (refusal != NULL)
			continue;
		if (line[0] == '.') {
			line++;
			size--;
		}
		header = header && size > 2;
		if (header && g_ascii_strncasecmp(line, "Message-Id:", 11) == 0) {
			g_free(message_id);
			message_id = g_strstrip(g_strndup(line + 11, size - 11));
		}
		g_byte_array_append(message, (const guint8 *)line, (guint)size);
	}
	if (line == NULL)
		session->over = TRUE; /* the line was cut before the point: nothing was taken on */
	else if (refusal != NULL)
		reply(session, refusal);
	else if (!deliver(session, message, message_id))
		reply(session, "452 4.3.1 cannot write it down");
	else
		reply(session, "250 2.0.0 taken");
	forget(session);
}

/* "<a@b>" behind "MAIL FROM:" or "RCPT TO:". Returns: (transfer full), NULL where it is not that */
static char *
address_of(const char *words)
{
	const char *open = strchr(words, '<');
	const char *close = open != NULL ? strchr(open, '>') : NULL;

	return close != NULL ? g_strndup(open + 1, (gsize)(close - open - 1)) : NULL;
}

static void
take_recipient(Session *session, const char *words)
{
	Receiver *receiver = session->receiver;
	g_autofree char *address = address_of(words);
	guint mailbox = address != NULL
			    ? GPOINTER_TO_UINT(g_hash_table_lookup(receiver->mailboxes, address))
			    : 0;
	gboolean delay;

	if (!session->mail) {
		reply(session, "503 5.5.1 MAIL comes first");
		return;
	}
	if ((mailbox & MAILBOX_KNOWN) == 0) {
		reply(session, "550 5.1.1 no such mailbox");
		return;
	}
	if (session->to->len == RECEIVER_RECIPIENTS_LIMIT) {
		reply(session, "452 4.5.3 too many recipients");
		return;
	}
	g_mutex_lock(&receiver->lock);
	delay = (mailbox & MAILBOX_GREYLIST) != 0 &&
		g_hash_table_add(receiver->delayed, g_strdup(address));
	g_mutex_unlock(&receiver->lock);
	if (delay) {
		reply(session, "450 4.2.0 greylisted, try again later");
		return;
	}
	g_ptr_array_add(session->to, g_steal_pointer(&address));
	reply(session, "250 2.1.5 ok");
}

static void
take_command(Session *session, const char *command)
{
	if (g_ascii_strncasecmp(command, "EHLO", 4) == 0) {
		reply(session, "250-rehearsal.example");
		reply(session, "250-PIPELINING");
		reply(session, "250-SIZE 36700160");
		reply(session, "250 8BITMIME");
	} else if (g_ascii_strncasecmp(command, "HELO", 4) == 0) {
		reply(session, "250 rehearsal.example");
	} else if (g_ascii_strncasecmp(command, "MAIL FROM:", 10) == 0) {
		forget(session);
		session->mail = TRUE;
		reply(session, "250 2.1.0 ok");
	} else if (g_ascii_strncasecmp(command, "RCPT TO:", 8) == 0) {
		take_recipient(session, command);
	} else if (g_ascii_strcasecmp(command, "DATA") == 0) {
		if (session->to->len > 0)
			take_data(session);
		else
			reply(session, "503 5.5.1 RCPT comes first");
	} else if (g_ascii_strcasecmp(command, "RSET") == 0) {
		forget(session);
		reply(session, "250 2.0.0 ok");
	} else if (g_ascii_strncasecmp(command, "NOOP", 4) == 0) {
		reply(session, "250 2.0.0 ok");
	} else if (g_ascii_strcasecmp(command, "QUIT") == 0) {
		reply(session, "221 2.0.0 bye");
		session->over = TRUE;
	} else {
		reply(session, "502 5.5.1 no such command");
	}
}

static void
converse(Receiver *receiver, GSocketConnection *connection)
{
	g_autoptr(GInputStream) in = g_buffered_input_stream_new_sized(
	    g_io_stream_get_input_stream(G_IO_STREAM(connection)), BUFFER_SIZE);
	g_autoptr(GPtrArray) to = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) replies = g_string_new(NULL);
	Session session = {
		.receiver = receiver,
		.in = G_BUFFERED_INPUT_STREAM(in),
		.out = g_io_stream_get_output_stream(G_IO_STREAM(connection)),
		.replies = replies,
		.to = to,
	};
	const char *line;
	gsize size;

	(void)g_socket_set_option(
	    g_socket_connection_get_socket(connection), IPPROTO_TCP, TCP_NODELAY, 1, NULL);
	reply(&session, "220 rehearsal.example ESMTP");
	while (!session.over && (line = next_line(&session, &size)) != NULL) {
		g_autofree char *command = g_strchomp(g_strndup(line, size));

		take_command(&session, command);
	}
	(void)flush(&session);
}

static gboolean
on_connection(
    GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
	Receiver *receiver = data;

	(void)service;
	(void)source;
	g_mutex_lock(&receiver->lock);
	receiver->open++;
	g_mutex_unlock(&receiver->lock);
	converse(receiver, connection);
	g_mutex_lock(&receiver->lock);
	receiver->open--;
	g_cond_signal(&receiver->quiet);
	g_mutex_unlock(&receiver->lock);
	return TRUE;
}

/* Threads come only with receiver_start(): whoever holds the socket can still fork. */
static gboolean
listen_on_loopback(Receiver *receiver, GError **error)
{
	g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
	g_autoptr(GSocketAddress) any = g_inet_socket_address_new(loopback, 0);
	g_autoptr(GSocketAddress) bound = NULL;
	g_autoptr(GError) why = NULL;

	receiver->socket =
	    g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &why);
	if (receiver->socket != NULL && g_socket_bind(receiver->socket, any, TRUE, &why) &&
	    g_socket_listen(receiver->socket, &why))
		bound = g_socket_get_local_address(receiver->socket, &why);
	if (bound == NULL)
		return fail(error, PLICO_ERROR_UNAVAILABLE,
		    _("rehearsal: cannot listen on 127.0.0.1: %s"), why->message);
	receiver->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
	return TRUE;
}

Receiver *
receiver_new(GHashTable *mailboxes, const char *directory, GError **error)
{
	g_autoptr(Receiver) receiver = g_new0(Receiver, 1);

	g_mutex_init(&receiver->lock);
	g_cond_init(&receiver->quiet);
	receiver->mailboxes = mailboxes;
	receiver->directory = directory;
	return listen_on_loopback(receiver, error) ? g_steal_pointer(&receiver) : NULL;
}

guint16
receiver_port(const Receiver *receiver)
{
	return receiver->port;
}

static gpointer
serve(gpointer data)
{
	Receiver *receiver = data;

	g_main_loop_run(receiver->loop);
	return NULL;
}

gboolean
receiver_start(Receiver *receiver, GError **error)
{
	g_autofree char *log = g_build_filename(receiver->directory, "received.tsv", NULL);
	g_autoptr(GError) why = NULL;

	receiver->log = g_fopen(log, "ae");
	if (receiver->log == NULL)
		return fail_errno(error, "%s", log);
	receiver->delayed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	receiver->end = g_cancellable_new();
	receiver->service = g_threaded_socket_service_new(CONNECTIONS_MAX);
	g_signal_connect(receiver->service, "run", G_CALLBACK(on_connection), receiver);
	if (!g_socket_listener_add_socket(
		G_SOCKET_LISTENER(receiver->service), receiver->socket, NULL, &why))
		return fail(error, PLICO_ERROR_UNAVAILABLE, "%s", why->message);
	receiver->loop = g_main_loop_new(NULL, FALSE);
	g_socket_service_start(receiver->service);
	receiver->thread = g_thread_new("receiver", serve, receiver);
	return TRUE;
}

/* Ends the connections, then the thread that accepts them. */
static void
stop(Receiver *receiver)
{
	g_socket_service_stop(receiver->service);
	g_socket_listener_close(G_SOCKET_LISTENER(receiver->service));
	g_cancellable_cancel(receiver->end);
	g_mutex_lock(&receiver->lock);
	while (receiver->open > 0)
		g_cond_wait(&receiver->quiet, &receiver->lock);
	g_mutex_unlock(&receiver->lock);
	if (receiver->thread == NULL)
		return;
	g_main_loop_quit(receiver->loop);
	(void)g_thread_join(receiver->thread);
	g_main_loop_unref(receiver->loop);
}

void
receiver_free(Receiver *receiver)
{
	if (receiver == NULL)
		return;
	if (receiver->service != NULL)
		stop(receiver);
	if (receiver->log != NULL)
		fclose(receiver->log);
	g_clear_object(&receiver->service);
	g_clear_object(&receiver->end);
	g_clear_object(&receiver->socket);
	g_clear_pointer(&receiver->delayed, g_hash_table_unref);
	g_mutex_clear(&receiver->lock);
	g_cond_clear(&receiver->quiet);
	g_free(receiver);
}

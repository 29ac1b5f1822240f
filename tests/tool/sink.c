/*
 * sink [PORT]: an SMTP server that takes every message, looks at none and keeps none: what is measured beside it is the
 * sender. EHLO offers PIPELINING (RFC 2920) and CHUNKING (RFC 3030), as
 * Postfix does. It prints its port, and at SIGTERM how many messages it took.
 */
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define THREADS 2
#define PIECE	262144
#define LINE	1024
#define BATCH	64

static const char end_of_data[] = "\r\n.\r\n";
static gint taken;

typedef struct {
	int fd;
	gsize have;    /* of a line, or of end_of_data */
	gboolean data; /* between DATA and the dot */
	guint64 chunk; /* bytes of a BDAT still to come */
	gboolean last; /* it is the message's last one */
	char line[LINE];
} Caller;

static gboolean
starts(const char *line, const char *word)
{
	return g_ascii_strncasecmp(line, word, strlen(word)) == 0;
}

static void
take_message(Caller *caller, GString *out)
{
	caller->data = FALSE;
	caller->last = FALSE;
	g_atomic_int_inc(&taken);
	g_string_append(out, "250 taken\r\n");
}

static void
end_chunk(Caller *caller, GString *out)
{
	if (caller->last)
		take_message(caller, out);
	else
		g_string_append(out, "250 ok\r\n");
}

/* "BDAT SIZE [LAST]": the answer comes behind its bytes. */
static void
begin_chunk(Caller *caller, GString *out)
{
	char *rest = NULL;

	caller->chunk = g_ascii_strtoull(caller->line + strlen("BDAT"), &rest, 10);
	caller->last = starts(g_strchug(rest), "LAST");
	if (caller->chunk == 0)
		end_chunk(caller, out);
}

static gsize
swallow_chunk(Caller *caller, gsize size, GString *out)
{
	gsize used = MIN(size, caller->chunk);

	caller->chunk -= used;
	if (caller->chunk == 0)
		end_chunk(caller, out);
	return used;
}

/* What one command is answered with. */
static const char *
reply(Caller *caller)
{
	if (starts(caller->line, "EHLO"))
		return "250-sink.example\r\n250-PIPELINING\r\n250 CHUNKING\r\n";
	if (starts(caller->line, "DATA")) {
		caller->data = TRUE;
		caller->have = 2; /* the line end before the first byte counts */
		return "354 go on\r\n";
	}
	return starts(caller->line, "QUIT") ? "221 bye\r\n" : "250 ok\r\n";
}

/* The bytes of a message up to its dot, or all. Returns: how many */
static gsize
swallow(Caller *caller, const char *bytes, gsize size, GString *out)
{
	gsize i = 0;

	while (i < size) {
		const char *next =
		    caller->have == 0 ? memchr(bytes + i, '\r', size - i) : bytes + i;

		if (next == NULL)
			return size;
		i = (gsize)(next - bytes) + 1;
		if (*next == end_of_data[caller->have])
			caller->have++;
		else
			caller->have = *next == '\r' ? 1 : 0;
		if (caller->have == strlen(end_of_data)) {
			caller->have = 0;
			take_message(caller, out);
			return i;
		}
	}
	return size;
}

static gsize
command(Caller *caller, const char *bytes, gsize size, GString *out)
{
	const char *end = memchr(bytes, '\n', size);
	gsize used = end != NULL ? (gsize)(end - bytes) + 1 : size;

	if (caller->have + used >= LINE)
		caller->have = 0;
	memcpy(caller->line + caller->have, bytes, MIN(used, LINE - 1));
	caller->have += used;
	if (end == NULL)
		return used;
	caller->line[MIN(caller->have, LINE - 1)] = '\0';
	caller->have = 0;
	if (starts(caller->line, "BDAT"))
		begin_chunk(caller, out);
	else
		g_string_append(out, reply(caller));
	return used;
}

/* FALSE: the caller has gone. */
static gboolean
hear(Caller *caller, char *bytes)
{
	ssize_t got = recv(caller->fd, bytes, PIECE, MSG_DONTWAIT);
	g_autoptr(GString) out = g_string_new(NULL);
	gsize used = 0;

	if (got <= 0)
		return FALSE;
	while (used < (gsize)got) {
		const char *at = bytes + used;
		gsize left = (gsize)got - used;

		if (caller->chunk > 0)
			used += swallow_chunk(caller, left, out);
		else
			used += (caller->data ? swallow : command)(caller, at, left, out);
	}
	return out->len == 0 ||
	       send(caller->fd, out->str, out->len, MSG_NOSIGNAL) == (ssize_t)out->len;
}

static void
take_call(int epoll, int listener)
{
	const int on = 1;
	Caller *caller = g_new0(Caller, 1);
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = caller };

	caller->fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (caller->fd < 0) {
		g_free(caller);
		return;
	}
	(void)setsockopt(caller->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	(void)epoll_ctl(epoll, EPOLL_CTL_ADD, caller->fd, &event);
	(void)send(caller->fd, "220 sink.example ESMTP\r\n", 24, MSG_NOSIGNAL);
}

static gpointer
serve(gpointer data)
{
	int listener = GPOINTER_TO_INT(data);
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	g_autofree char *bytes = g_malloc(PIECE);
	struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE };
	struct epoll_event events[BATCH];

	(void)epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
	for (;;) {
		int n = epoll_wait(epoll, events, BATCH, -1);

		for (int i = 0; i < n; i++) {
			Caller *caller = events[i].data.ptr;

			if (caller == NULL) {
				take_call(epoll, listener);
			} else if (!hear(caller, bytes)) {
				(void)close(caller->fd);
				g_free(caller);
			}
		}
	}
	return NULL;
}

int
main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(argc > 1 ? (guint16)atoi(argv[1]) : 0) };
	socklen_t size = sizeof address;
	const int on = 1;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	sigset_t stops;
	int number;

	(void)setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 128) != 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &size) != 0)
		g_error("no port on 127.0.0.1");
	sigemptyset(&stops);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGINT);
	(void)pthread_sigmask(SIG_BLOCK, &stops, NULL);
	g_print("%u\n", ntohs(address.sin_port));
	for (int i = 0; i < THREADS; i++)
		(void)g_thread_new("sink", serve, GINT_TO_POINTER(listener));
	(void)sigwait(&stops, &number);
	g_print("%d\n", g_atomic_int_get(&taken));
	return 0;
}

/*
 * libesmtp opens its socket without TCP_NODELAY (one connection is then ten times slower, by Nagle's algorithm and
 * delayed acknowledgement), without a limit of time for connect(), and shows it to nobody, so that a message which must
 * not be completed could not be stopped. The linker puts this connect() before the C library's in the whole program;
 * beside a watched thread it does nothing else. Here too stands TLS from the first byte, which libesmtp does not know.
 */
#include "send/socket.h"

#include "base/durable.h"
#include "send/smtp_relay.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static __thread struct {
	guint seconds; /* 0: not watched */
	SmtpTls *tls;  /* (nullable) */
	int line; /* our own number for the socket: the library's may be closed, and another's, at any time */
	SmtpRelay *relay;
} watched = { .line = -1 };

static void
hang_up(void)
{
	g_clear_pointer(&watched.relay, smtp_relay_free);
	fd_close(&watched.line);
}

/* What the library takes for its line becomes one end of a pair; the relay has the other, and the line. */
static gboolean
put_relay(int fd)
{
	int near = -1;

	watched.relay = smtp_relay_new(watched.tls, watched.line, watched.seconds, &near);
	if (watched.relay == NULL || dup3(near, fd, O_CLOEXEC) < 0) {
		fd_close(&near);
		hang_up();
		errno = EPROTO;
		return FALSE;
	}
	fd_close(&near);
	return TRUE;
}

/* Not what a look-up of names may open. */
static gboolean
is_tcp(int fd, const struct sockaddr *address)
{
	int type = 0;
	socklen_t size = sizeof type;

	return (address->sa_family == AF_INET || address->sa_family == AF_INET6) &&
	       getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

int
connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t length)
{
	const struct timeval limit = { .tv_sec = watched.seconds };
	const int on = 1;
	gboolean ours = watched.seconds > 0 && is_tcp(fd, address.__sockaddr__);

	if (ours) {
		hang_up(); /* an address that was tried before */
		/* what fails here only makes it slower */
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
		watched.line = fcntl(fd, F_DUPFD_CLOEXEC, 0);
		if (watched.line < 0)
			return -1;
	}
	if (syscall(SYS_connect, fd, address.__sockaddr__, length) != 0)
		return -1;
	return !ours || watched.tls == NULL || put_relay(fd) ? 0 : -1;
}

void
socket_watch(guint seconds, SmtpTls *relay)
{
	hang_up();
	watched.seconds = MAX(seconds, 1);
	watched.tls = relay;
}

void
socket_release(void)
{
	watched.seconds = 0;
	watched.tls = NULL;
	hang_up();
}

void
socket_gather(gboolean on)
{
	const int value = on ? 1 : 0;

	/* what fails here only makes it slower; a relay's line gets whole records anyway */
	if (watched.line >= 0 && watched.relay == NULL)
		(void)setsockopt(watched.line, IPPROTO_TCP, TCP_CORK, &value, sizeof value);
}

gboolean
socket_is_gone(void)
{
	struct pollfd line = { .fd = watched.line, .events = POLLRDHUP };

	return watched.line >= 0 && poll(&line, 1, 0) > 0 &&
	       (line.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

void
socket_cut(void)
{
	if (watched.line >= 0)
		(void)shutdown(watched.line, SHUT_RDWR);
}

/*
 * libesmtp opens its socket without TCP_NODELAY (one connection is then ten times slower, by Nagle's algorithm and
 * delayed acknowledgement), without a limit of time for connect(), and shows it to nobody, so that a message which must
 * not be completed could not be stopped. The linker puts this connect() before the C library's in the whole program;
 * beside a watched thread it does nothing else.
 */
#include "send/socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static __thread struct {
	guint seconds; /* 0: not watched */
	int fd;
} watched;

int
connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t length)
{
	const struct timeval limit = { .tv_sec = watched.seconds };
	const int on = 1;

	if (watched.seconds > 0) {
		/* what fails here only makes it slower */
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
		watched.fd = fd;
	}
	return (int)syscall(SYS_connect, fd, address.__sockaddr__, length);
}

void
socket_watch(guint seconds)
{
	watched.seconds = MAX(seconds, 1);
	watched.fd = -1;
}

void
socket_release(void)
{
	watched.seconds = 0;
	watched.fd = -1;
}

gboolean
socket_is_gone(void)
{
	struct pollfd line = { .fd = watched.fd, .events = POLLRDHUP };

	return watched.fd >= 0 && poll(&line, 1, 0) > 0 &&
	       (line.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

void
socket_cut(void)
{
	if (watched.fd >= 0)
		(void)shutdown(watched.fd, SHUT_RDWR);
}

/*
 * One thread between two sockets. It holds at most one piece each way and reads the next only when that is handed on, so
 * what is in it when the line is cut is never more than what a socket's buffer could hold; and it closes neither socket
 * itself, since others still hold their numbers.
 */
#include "send/smtp_relay.h"

#include "base/durable.h"

#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#define PIECE SSL3_RT_MAX_PLAIN_LENGTH /* a whole record: nothing stays behind inside of OpenSSL */

typedef struct {
	char bytes[PIECE];
	gsize at;    /* the first that is not yet handed on */
	gsize end;   /* == at: empty */
	short waits; /* what the line must be ready for, as TLS asked for it last */
} Flow;

struct SmtpRelay {
	SSL *ssl;
	int line;
	int far; /* our end of the pair; the library has the near one */
	Flow up; /* to the server */
	Flow down;
	GThread *thread;
};

static gboolean
is_empty(const Flow *flow)
{
	return flow->at == flow->end;
}

/* What came of a TLS operation on @flow. FALSE: the line is at its end. */
static gboolean
tls_goes_on(SmtpRelay *relay, Flow *flow, int result)
{
	switch (SSL_get_error(relay->ssl, result)) {
	case SSL_ERROR_NONE:
		return TRUE;
	case SSL_ERROR_WANT_READ:
		flow->waits = POLLIN;
		return TRUE;
	case SSL_ERROR_WANT_WRITE:
		flow->waits = POLLOUT;
		return TRUE;
	default:
		return FALSE;
	}
}

static gboolean
from_server(SmtpRelay *relay)
{
	Flow *flow = &relay->down;
	int got;

	if (!is_empty(flow))
		return TRUE;
	ERR_clear_error();
	flow->waits = POLLIN;
	got = SSL_read(relay->ssl, flow->bytes, PIECE);
	if (got <= 0)
		return tls_goes_on(relay, flow, got);
	flow->at = 0;
	flow->end = (gsize)got;
	return TRUE;
}

static gboolean
to_library(SmtpRelay *relay)
{
	Flow *flow = &relay->down;
	ssize_t put;

	if (is_empty(flow))
		return TRUE;
	put = send(
	    relay->far, flow->bytes + flow->at, flow->end - flow->at, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (put < 0)
		return errno == EAGAIN || errno == EINTR;
	flow->at += (gsize)put;
	return TRUE;
}

static gboolean
from_library(SmtpRelay *relay)
{
	Flow *flow = &relay->up;
	ssize_t got;

	if (!is_empty(flow))
		return TRUE;
	got = recv(relay->far, flow->bytes, PIECE, MSG_DONTWAIT);
	if (got < 0)
		return errno == EAGAIN || errno == EINTR;
	if (got ==
	    0) { /* the conversation is over: say so, that nobody takes it for a line that was cut */
		(void)SSL_shutdown(relay->ssl);
		return FALSE;
	}
	flow->at = 0;
	flow->end = (gsize)got;
	return TRUE;
}

static gboolean
to_server(SmtpRelay *relay)
{
	Flow *flow = &relay->up;
	int put;

	if (is_empty(flow))
		return TRUE;
	ERR_clear_error();
	flow->waits = POLLOUT;
	put = SSL_write(relay->ssl, flow->bytes + flow->at, (int)(flow->end - flow->at));
	if (put <= 0)
		return tls_goes_on(relay, flow, put);
	flow->at += (gsize)put;
	return TRUE;
}

/* Sleeps until something can move. A socket that nothing is wanted of is left out: its end would keep us awake. */
static void
wait_for_either(const SmtpRelay *relay)
{
	const gboolean up = !is_empty(&relay->up);
	const gboolean down = !is_empty(&relay->down);
	struct pollfd both[] = {
		{ .fd = relay->line,
		    .events =
			(short)((up ? relay->up.waits : 0) | (down ? 0 : relay->down.waits)) },
		{ .fd = relay->far, .events = (short)((up ? 0 : POLLIN) | (down ? POLLOUT : 0)) },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(both); i++)
		if (both[i].events == 0)
			both[i].fd = -1;
	(void)poll(both, G_N_ELEMENTS(both), -1);
}

static gpointer
carry(gpointer self)
{
	SmtpRelay *relay = self;

	while (from_server(relay) && to_library(relay) && from_library(relay) && to_server(relay))
		wait_for_either(relay);
	(void)shutdown(relay->line, SHUT_RDWR);
	(void)shutdown(relay->far, SHUT_RDWR); /* what lies in it can still be read */
	return NULL;
}

SmtpRelay *
smtp_relay_new(SmtpTls *tls, int line, guint seconds, int *out_near)
{
	g_autoptr(SmtpRelay) relay = g_new0(SmtpRelay, 1);
	int pair[2];

	relay->line = line;
	relay->far = -1;
	relay->ssl = smtp_tls_shake_hands(tls, line, seconds);
	if (relay->ssl == NULL)
		return NULL;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		tls->trouble = g_strdup(g_strerror(errno));
		return NULL;
	}
	relay->far = pair[0];
	*out_near = pair[1];
	relay->thread = g_thread_new("smtp-tls", carry, relay);
	return g_steal_pointer(&relay);
}

void
smtp_relay_free(SmtpRelay *relay)
{
	if (relay == NULL)
		return;
	if (relay->thread != NULL) {
		(void)shutdown(relay->line, SHUT_RDWR);
		(void)shutdown(relay->far, SHUT_RDWR);
		(void)g_thread_join(relay->thread);
	}
	fd_close(&relay->far);
	SSL_free(relay->ssl);
	g_free(relay);
}

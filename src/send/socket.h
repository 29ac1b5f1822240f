/* Internal to send/: the socket that libesmtp opens and hides. */
#ifndef PLICO_SEND_SOCKET_H
#define PLICO_SEND_SOCKET_H

#include "send/smtp_tls.h"

/* From now on connect() in this thread sets TCP_NODELAY, gives up after @seconds and remembers its socket; until
 * socket_release(). @relay: (nullable): connect() shakes hands as well, and fails where that does; what is then written
 * into the socket goes over TLS. */
void socket_watch(guint seconds, SmtpTls *relay);
void socket_release(void);

/* From now on what is written is gathered into whole packets; FALSE: what was gathered leaves, and all else at once. libesmtp
 * writes a body in pieces of two kilobytes. */
void socket_gather(gboolean on);

/* Whether the other side has closed the remembered line: it can take nothing on any more. */
gboolean socket_is_gone(void);

/* Cuts the line of the remembered socket: nothing more leaves by it, not even what waits in a buffer. */
void socket_cut(void);

#endif

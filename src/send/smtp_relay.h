/* Internal to send/: TLS from the first byte (RFC 8314, 3.3), for a library that knows only STARTTLS. */
#ifndef PLICO_SEND_SMTP_RELAY_H
#define PLICO_SEND_SMTP_RELAY_H

#include "send/smtp_tls.h"

typedef struct SmtpRelay SmtpRelay;

/* Shakes hands with the server at the other end of the connected socket @line, for at most @seconds; from then on a thread
 * carries what is written into @out_near to the server over TLS, and its replies back. @line stays the caller's: it lives
 * as long as the relay, and shutdown() of it stops everything at once. @out_near: (out): a socket, the caller closes it.
 * Returns: (transfer full), NULL with @tls->why or @tls->trouble set: nothing was said to the server in the clear */
SmtpRelay *smtp_relay_new(SmtpTls *tls, int line, guint seconds, int *out_near);
/* Cuts @line, and waits for the thread's end. */
void smtp_relay_free(SmtpRelay *relay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpRelay, smtp_relay_free)

#endif

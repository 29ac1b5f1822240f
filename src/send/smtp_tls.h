/* Internal to send/: how TLS is done with the server (RFC 3207, RFC 8314, RFC 6125). */
#ifndef PLICO_SEND_SMTP_TLS_H
#define PLICO_SEND_SMTP_TLS_H

#include "base/config.h"

#include <openssl/ssl.h>

typedef struct {
	SSL_CTX *context;
	char *host;    /* the name that the certificate must have */
	char *why;     /* (nullable) why a certificate was refused */
	char *trouble; /* (nullable) why else shaking hands failed; only implicit TLS */
} SmtpTls;

/* Whether smtp.tls has TLS from the first byte on. */
gboolean smtp_tls_is_implicit(const Config *config);

/* A context that verifies the chain up to smtp.ca_file (or the system's authorities) and the name smtp.host, and sends
 * that name (SNI). Returns: (transfer full), NULL with PLICO_ERROR_CONFIG */
SmtpTls *smtp_tls_new(const Config *config, GError **error);
/* Shakes hands on the connected socket @line, for at most @seconds, and leaves it non-blocking.
 * Returns: (transfer full), NULL with @tls->why or @tls->trouble set */
SSL *smtp_tls_shake_hands(SmtpTls *tls, int line, guint seconds);
void smtp_tls_free(SmtpTls *tls);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpTls, smtp_tls_free)

#endif

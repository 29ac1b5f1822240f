/* Internal to send/: how TLS is done with the server (RFC 3207, RFC 6125). */
#ifndef PLICO_SEND_SMTP_TLS_H
#define PLICO_SEND_SMTP_TLS_H

#include "base/config.h"

#include <openssl/ssl.h>

typedef struct {
	SSL_CTX *context;
	char *host; /* the name that the certificate must have */
	char *why;  /* (nullable) why a certificate was refused */
} SmtpTls;

/* A context that verifies the chain up to smtp.ca_file (or the system's authorities) and the name smtp.host, and sends
 * that name (SNI). Returns: (transfer full), NULL with PLICO_ERROR_CONFIG */
SmtpTls *smtp_tls_new(const Config *config, GError **error);
void smtp_tls_free(SmtpTls *tls);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpTls, smtp_tls_free)

#endif

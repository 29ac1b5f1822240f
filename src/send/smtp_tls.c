/* After STARTTLS only TLS 1.2: with TLS 1.3 libesmtp 1.1.0 takes a session ticket for the reply it waits for, and stalls now
 * and then. Where TLS comes first our relay speaks it, and may have 1.3. */
#include "send/smtp_tls.h"

#include "base/error.h"

#include <errno.h>
#include <glib-unix.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <string.h>

/* libesmtp sends no server name; the handshake's beginning is the one place where it can be set from outside. */
static void
name_server(const SSL *ssl, int where, int value)
{
	const SmtpTls *tls = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
	SSL *own = (SSL *)(guintptr)ssl;

	(void)value;
	if ((where & SSL_CB_HANDSHAKE_START) != 0 && !g_hostname_is_ip_address(tls->host))
		(void)SSL_set_tlsext_host_name(own, tls->host);
}

static int
remember_why(int good, X509_STORE_CTX *chain)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx());
	SmtpTls *tls = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

	if (!good && tls->why == NULL)
		tls->why = g_strdup(X509_verify_cert_error_string(X509_STORE_CTX_get_error(chain)));
	return good;
}

static gboolean
demand_name(SmtpTls *tls)
{
	X509_VERIFY_PARAM *parameters = SSL_CTX_get0_param(tls->context);

	return g_hostname_is_ip_address(tls->host)
		   ? X509_VERIFY_PARAM_set1_ip_asc(parameters, tls->host) == 1
		   : X509_VERIFY_PARAM_set1_host(parameters, tls->host, 0) == 1;
}

static gboolean
load_authorities(SmtpTls *tls, const char *file)
{
	if (*file == '\0')
		return SSL_CTX_set_default_verify_paths(tls->context) == 1;
	return SSL_CTX_load_verify_locations(tls->context, file, NULL) == 1;
}

gboolean
smtp_tls_is_implicit(const Config *config)
{
	return strcmp(config_text(config, CONFIG_smtp_tls), "implicit") == 0;
}

SmtpTls *
smtp_tls_new(const Config *config, GError **error)
{
	g_autoptr(SmtpTls) tls = g_new0(SmtpTls, 1);
	const char *file = config_text(config, CONFIG_smtp_ca_file);
	int newest = smtp_tls_is_implicit(config) ? TLS1_3_VERSION : TLS1_2_VERSION;

	tls->host = g_strdup(config_text(config, CONFIG_smtp_host));
	tls->context = SSL_CTX_new(TLS_client_method());
	if (tls->context == NULL ||
	    SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_max_proto_version(tls->context, newest) != 1 || !demand_name(tls)) {
		fail(error, PLICO_ERROR_CONFIG, _("smtp.host = %s: TLS cannot be set up for it"),
		    tls->host);
		return NULL;
	}
	if (!load_authorities(tls, file)) {
		fail(error, PLICO_ERROR_CONFIG,
		    _("smtp.ca_file = %s: no certificates of authorities can be read there"), file);
		return NULL;
	}
	ERR_clear_error();
	SSL_CTX_set_app_data(tls->context, tls);
	SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER, remember_why);
	SSL_CTX_set_info_callback(tls->context, name_server);
	return g_steal_pointer(&tls);
}

static void
set_trouble(SmtpTls *tls, const char *words)
{
	g_free(tls->trouble);
	tls->trouble = g_strdup(words);
}

/* Waits for what the handshake wants next, until @end. FALSE: it failed, or time is over. */
static gboolean
wait_for_line(SmtpTls *tls, SSL *ssl, int result, gint64 end)
{
	int want = SSL_get_error(ssl, result);
	gint64 left = (end - g_get_monotonic_time()) / 1000;
	unsigned long code = ERR_peek_error();
	struct pollfd line = { .fd = SSL_get_fd(ssl),
		.events = want == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN };

	if (want != SSL_ERROR_WANT_READ && want != SSL_ERROR_WANT_WRITE) {
		set_trouble(
		    tls, code != 0 ? ERR_reason_error_string(code) : _("the server cut the line"));
		return FALSE;
	}
	if (left > 0 && poll(&line, 1, (int)MIN(left, G_MAXINT)) > 0)
		return TRUE;
	set_trouble(tls, g_strerror(ETIMEDOUT));
	return FALSE;
}

SSL *
smtp_tls_shake_hands(SmtpTls *tls, int line, guint seconds)
{
	gint64 end = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
	SSL *ssl = SSL_new(tls->context);
	int result = 0;

	if (ssl == NULL || !g_unix_set_fd_nonblocking(line, TRUE, NULL) ||
	    SSL_set_fd(ssl, line) != 1) {
		set_trouble(tls, g_strerror(ENOMEM));
		SSL_free(ssl);
		return NULL;
	}
	do {
		ERR_clear_error();
		result = SSL_connect(ssl);
	} while (result != 1 && wait_for_line(tls, ssl, result, end));
	ERR_clear_error();
	if (result == 1) { /* an address that was tried before may have failed */
		g_clear_pointer(&tls->why, g_free);
		g_clear_pointer(&tls->trouble, g_free);
		return ssl;
	}
	SSL_free(ssl);
	return NULL;
}

void
smtp_tls_free(SmtpTls *tls)
{
	if (tls == NULL)
		return;
	SSL_CTX_free(tls->context);
	g_free(tls->host);
	g_free(tls->why);
	g_free(tls->trouble);
	g_free(tls);
}

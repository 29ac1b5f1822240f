/* Internal to send/: what passes over the line, as both sides write it. libesmtp does not tell whether authentication went
 * well, and goes on without it; so it is read here. Nothing that the client writes is kept: there are passwords among it. */
#ifndef PLICO_SEND_SMTP_LINE_H
#define PLICO_SEND_SMTP_LINE_H

#include <glib.h>

#define SMTP_WORDS_MAX 400 /* characters of a reply that are kept */

typedef struct SmtpLine SmtpLine;

/* @needs_auth: no MAIL may leave before the server has said 235 (RFC 4954). Returns: (transfer full) */
SmtpLine *smtp_line_new(gboolean needs_auth);
void smtp_line_free(SmtpLine *line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpLine, smtp_line_free)

/* Bytes from the server, in the pieces in which they came; bytes that are about to leave. FALSE: cut the line at once. */
gboolean smtp_line_server(SmtpLine *line, const char *data, gsize size, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
gboolean smtp_line_client(SmtpLine *line, const char *data, gsize size, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The server's last refusal (4yz, 5yz), printable; NULL: it has refused nothing. Returns: (transfer none) */
const char *smtp_line_refusal(const SmtpLine *line);

#endif

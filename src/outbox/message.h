/* Internal to outbox/: one MIME message from its parts (RFC 5322, RFC 2045 to 2047, RFC 2183). */
#ifndef PLICO_OUTBOX_MESSAGE_H
#define PLICO_OUTBOX_MESSAGE_H

#include "outbox/outbox.h"

/* RFC 5322, 2.1.1: a line without its CRLF. Longer header values are refused before they are folded. */
#define MESSAGE_LINE_MAX 998

typedef struct {
	const char *name;
	const char *value; /* unstructured: UTF-8 is encoded after RFC 2047 */
} MessageHeader;

/* All borrowed; text in UTF-8 with LF. */
typedef struct {
	const char *from; /* also Reply-To */
	const char *from_name;
	const char *to;
	const char *to_name;
	const char *subject;
	gint64 date;		      /* Unix time; written in UTC */
	const char *message_id;	      /* without angle brackets */
	const char *text;	      /* the text/plain alternative */
	const char *html;	      /* the text/html alternative */
	const GPtrArray *attachments; /* of Attachment, in order */
	const MessageHeader *headers; /* further ones, ended by a NULL name */
} MessageParts;

/* The message with CRLF line ends, not yet dot-stuffed: multipart/mixed of multipart/alternative and the PDFs. The same
 * parts always give the same bytes. A part that could add a header, a recipient or a line (CR, LF, NUL, control
 * characters, more than one mailbox) is refused with PLICO_ERROR_INPUT and its name. Returns: (transfer full) */
Packet *message_pack(const MessageParts *parts, GError **error);

#endif

/* Text found in mail: character sets, HTML, Message-IDs, the fields of a delivery status. Knows no MIME library. */
#ifndef PLICO_COLLECT_MIME_TEXT_H
#define PLICO_COLLECT_MIME_TEXT_H

#include "collect/collect.h"

/* At most @limit bytes of @data as UTF-8: by @charset (nullable) where that works; otherwise as UTF-8, otherwise as
 * windows-1252. Returns: (transfer full) */
char *text_from_charset(const char *data, gsize size, gsize limit, const char *charset);

/* What a reader of @html (UTF-8) sees, roughly: no tags, styles or scripts. Returns: (transfer full) */
char *text_from_html(const char *html);

/* Adds the Message-IDs "<...>" of @text to @ids (of char *), each once, without brackets. */
void text_message_ids(const char *text, GPtrArray *ids);

/* The same for the Message-ID fields of headers that a bounce returns inside its text. */
void text_returned_ids(const char *text, GPtrArray *ids);

/* Adds the addresses "box+tag@domain" of @text to @ids, each once: a bounce comes to the one that its message left under. */
void text_tagged_addresses(const char *text, GPtrArray *ids);

/* Reads a message/delivery-status body (RFC 3464): action, status and diagnostic of the recipient that fared worst,
 * and the envelope's id, which is our Message-ID, into @message. */
void text_delivery_status(const char *body, Collected *message);

/* Whether a message/disposition-notification body (RFC 8098, 3.2.6) says that a person has seen the message: neither that it
 * was deleted unread nor that a program answered. */
gboolean text_was_seen(const char *body);

/* Whether @subject is one that vacation programs write, in the languages of the municipalities. */
gboolean text_is_automatic_subject(const char *subject);

#endif

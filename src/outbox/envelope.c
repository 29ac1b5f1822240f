/*
 * Who gets what comes back. Certified mail demands that the envelope's sender is From (RFC 6109, 3.1.1), and its receipts
 * name the Message-ID. An ordinary bounce often names neither the message nor the address that failed, so ordinary mail
 * leaves under an address of its own (a variable envelope return path): MAILBOX+TAG@DOMAIN, where the TAG is the keyed
 * part of the Message-ID, so that nobody who did not get the message can write a bounce for it.
 */
#include "outbox/outbox.h"

#include "base/error.h"

#include <string.h>

#define TAG_LENGTH 12

/* Where the tag stands in @text and in front of @end; NULL where that is none. */
static const char *
tag_before(const char *text, const char *end, char separator)
{
	const char *tag = end - TAG_LENGTH;

	if (tag <= text || tag[-1] != separator)
		return NULL;
	for (const char *at = tag; at < end; at++)
		if (!g_ascii_isalnum(*at))
			return NULL;
	return tag;
}

char *
outbox_envelope_from(const Config *config, const Dispatch *dispatch)
{
	const char *mailbox = config_text(config, CONFIG_mail_bounces);
	const char *at = strrchr(mailbox, '@');
	const char *end = strrchr(dispatch->message_id, '@');
	const char *tag = end != NULL ? tag_before(dispatch->message_id, end, '.') : NULL;
	g_autofree char *small = tag != NULL ? g_ascii_strdown(tag, TAG_LENGTH) : NULL;

	if (strcmp(dispatch->channel, "mail") != 0 || at == NULL || tag == NULL)
		return g_strdup(config_text(config, CONFIG_mail_from));
	return g_strdup_printf("%.*s+%s%s", (int)(at - mailbox), mailbox, small, at);
}

char *
outbox_bounce_tag(const char *address)
{
	const char *at = strrchr(address, '@');
	const char *tag = at != NULL ? tag_before(address, at, '+') : NULL;

	return tag != NULL ? g_ascii_strup(tag, TAG_LENGTH) : NULL;
}

gboolean
outbox_check_bounces(const Config *config, GError **error)
{
	const char *mailbox = config_text(config, CONFIG_mail_bounces);
	const char *at = strrchr(mailbox, '@');
	g_autofree char *clean = NULL;
	const char *why = NULL;

	if (*mailbox == '\0')
		return TRUE;
	if (!address_check(mailbox, &clean, &why))
		return fail(error, PLICO_ERROR_CONFIG, _("mail.bounces = %s: %s"), mailbox, why);
	if (at - mailbox + 1 + TAG_LENGTH > OUTBOX_LOCAL_PART_MAX)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("mail.bounces = %s: before the @ at most %d characters leave room for the tag"),
		    mailbox, OUTBOX_LOCAL_PART_MAX - 1 - TAG_LENGTH);
	return TRUE;
}

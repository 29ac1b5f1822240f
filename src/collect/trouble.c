/* One table for everything that keeps a message from its reader, and how servers and providers say it. */
#include "base/error.h"
#include "base/text.h"
#include "collect/collect.h"

#include <string.h>

enum {
	NO_MAILBOX,
	NO_DOMAIN,
	MAILBOX_FULL,
	DISABLED,
	NOT_PEC,
	VIRUS,
	TOO_LARGE,
	REFUSED,
	EXPIRED,
	TEMPORARY,
	NOT_ACCEPTED,
	OTHER,
	TROUBLES
};

static const Trouble troubles[TROUBLES] = {
	[NO_MAILBOX] = { "no_mailbox", TRUE, N_("there is no such mailbox"),
	    N_("look the address up in IPA; a PEC mailbox that waits to be renewed says the same, so ask the municipality") },
	[NO_DOMAIN] = { "no_domain", TRUE, N_("the address has a domain that does not exist"),
	    N_("correct the address") },
	[MAILBOX_FULL] = { "mailbox_full", FALSE, N_("the mailbox is full"),
	    N_("ask the municipality to make room, then send again") },
	[DISABLED] = { "disabled", TRUE, N_("the mailbox is switched off"),
	    N_("ask the municipality for another address") },
	[NOT_PEC] = { "not_pec", TRUE, N_("the address is no certified mailbox"),
	    N_("no receipt will come: look up the PEC address in IPA, or set the channel to mail") },
	[VIRUS] = { "virus", FALSE, N_("our message was taken for a virus"),
	    N_("stop the wave and ask the provider why") },
	[TOO_LARGE] = { "too_large", FALSE, N_("our message is too large for the mailbox"),
	    N_("send fewer sheets in one message") },
	[REFUSED] = { "refused", FALSE, N_("the server refuses our messages"),
	    N_("ask our provider: the server takes us for a sender of junk") },
	[EXPIRED] = { "expired", FALSE, N_("the server could not be reached in time"),
	    N_("send again; if it happens twice, ask the municipality") },
	[TEMPORARY] = { "temporary", FALSE, N_("the server had trouble of its own"),
	    N_("send again") },
	[NOT_ACCEPTED] = { "not_accepted", FALSE,
	    N_("our own provider did not take the message on"),
	    N_("read its words: sender, recipients and size must be as it wants them; then send again") },
	[OTHER] = { "other", FALSE, N_("not delivered, for another reason"),
	    N_("read the server's words") },
};

/* --- enhanced status codes, RFC 3463 --------------------------------------------------------------------------------- */

/* Subject and detail, whatever the class; the first that fits. A subject alone ends in '.'. */
static const struct {
	const char *status;
	int trouble;
} by_status[] = {
	{ "1.10", NO_DOMAIN }, /* RFC 7505: takes no mail */
	{ "1.2", NO_DOMAIN },
	{ "1.3", NO_DOMAIN },
	{ "1.1", NO_MAILBOX },
	{ "1.6", NO_MAILBOX },
	{ "2.1", DISABLED },
	{ "2.2", MAILBOX_FULL },
	{ "2.3", TOO_LARGE },
	{ "3.4", TOO_LARGE },
	{ "4.4", NO_DOMAIN }, /* of class 5: nobody to hand it to */
	{ "4.7", EXPIRED },
	{ "7.", REFUSED },
};

/* What servers write who give no enhanced code, or "5.0.0": folded words. */
static const struct {
	const char *words;
	int trouble;
} by_words[] = {
	{ "virus", VIRUS },
	{ "malware", VIRUS },
	{ "mailbox full", MAILBOX_FULL },
	{ "mailbox is full", MAILBOX_FULL },
	{ "over quota", MAILBOX_FULL },
	{ "overquota", MAILBOX_FULL },
	{ "quota exceeded", MAILBOX_FULL },
	{ "casella piena", MAILBOX_FULL },
	{ "too large", TOO_LARGE },
	{ "message size", TOO_LARGE },
	{ "dimensioni", TOO_LARGE },
	{ "disabled", DISABLED },
	{ "inactive", DISABLED },
	{ "disabilitat", DISABLED },
	{ "sospes", DISABLED },
	{ "user unknown", NO_MAILBOX },
	{ "unknown user", NO_MAILBOX },
	{ "no such user", NO_MAILBOX },
	{ "does not exist", NO_MAILBOX },
	{ "no mailbox here", NO_MAILBOX },
	{ "recipient not found", NO_MAILBOX },
	{ "indirizzo non valido", NO_MAILBOX },
	{ "utente sconosciuto", NO_MAILBOX },
	{ "casella inesistente", NO_MAILBOX },
	{ "host not found", NO_DOMAIN },
	{ "domain not found", NO_DOMAIN },
	{ "dominio inesistente", NO_DOMAIN },
	{ "tempo massimo", EXPIRED },
	{ "timed out", EXPIRED },
	{ "spam", REFUSED },
	{ "blacklist", REFUSED },
	{ "blocked", REFUSED },
};

/* "5.1.1" and what follows, without the class. NULL: no enhanced code */
static const char *
behind_class(const char *status)
{
	gsize digits = strspn(status, "0123456789.");

	return digits >= 5 && strchr("245", status[0]) != NULL && status[1] == '.' &&
		       g_ascii_isdigit(status[2])
		   ? status + 2
		   : NULL;
}

static gboolean
fits(const char *rest, const char *pattern)
{
	gsize size = strlen(pattern);

	return strncmp(rest, pattern, size) == 0 &&
	       (pattern[size - 1] == '.' || !g_ascii_isdigit(rest[size]));
}

static const Trouble *
find_by_status(const char *status)
{
	const char *rest = behind_class(status);

	for (gsize i = 0; rest != NULL && i < G_N_ELEMENTS(by_status); i++) {
		int found = by_status[i].trouble;

		if (!fits(rest, by_status[i].status))
			continue;
		/* a name server that is down for a while is no missing domain */
		return &troubles[status[0] == '4' && found == NO_DOMAIN ? TEMPORARY : found];
	}
	return rest != NULL && status[0] == '4' ? &troubles[TEMPORARY] : NULL;
}

/* An enhanced code in a diagnosis, behind the type and the reply code: "smtp; 550 5.1.1 <a@b>: ..." */
static const Trouble *
find_in_words(const char *words)
{
	g_auto(GStrv) pieces = g_strsplit_set(words, " \t;:-#", 12);
	g_autofree char *folded = text_fold(words);

	for (gsize i = 0; pieces[i] != NULL; i++)
		if (behind_class(pieces[i]) != NULL && find_by_status(pieces[i]) != NULL)
			return find_by_status(pieces[i]);
	for (gsize i = 0; i < G_N_ELEMENTS(by_words); i++)
		if (strstr(folded, by_words[i].words) != NULL)
			return &troubles[by_words[i].trouble];
	return NULL;
}

const Trouble *
trouble_of_status(const char *status, const char *words)
{
	const Trouble *trouble = find_by_status(status);

	if (trouble == NULL || trouble == &troubles[TEMPORARY]) {
		const Trouble *other = find_in_words(words);

		trouble = other != NULL ? other : trouble;
	}
	return trouble != NULL ? trouble : &troubles[OTHER];
}

/* --- receipts of certified mail ---------------------------------------------------------------------------------------- */

static const Trouble *
trouble_of_error(const Pec *pec)
{
	const Trouble *trouble = find_in_words(pec->error_detail);

	if (trouble != NULL)
		return trouble;
	if (strcmp(pec->error, "virus") == 0)
		return &troubles[VIRUS];
	if (strcmp(pec->error, "no-dest") == 0)
		return &troubles[NO_MAILBOX];
	if (strcmp(pec->error, "no-dominio") == 0)
		return &troubles[NO_DOMAIN];
	return NULL;
}

const Trouble *
trouble_of_pec(const Pec *pec)
{
	const Trouble *trouble = trouble_of_error(pec);

	switch (pec->kind) {
	case PEC_ACCEPTANCE:
		return pec->ordinary ? &troubles[NOT_PEC] : NULL;
	case PEC_NON_ACCEPTANCE:
		return trouble == &troubles[VIRUS] || trouble == &troubles[TOO_LARGE]
			   ? trouble
			   : &troubles[NOT_ACCEPTED];
	case PEC_NON_DELIVERY:
		return trouble != NULL ? trouble : &troubles[OTHER];
	case PEC_WARNING:
		return &troubles[EXPIRED];
	case PEC_VIRUS:
		return &troubles[VIRUS];
	case PEC_NONE:
	case PEC_TRANSPORT:
	case PEC_ANOMALY:
	case PEC_TAKEN_ON:
	case PEC_DELIVERY:
	case PEC_KINDS:
		return NULL;
	}
	g_assert_not_reached();
}

/* --- in the log ----------------------------------------------------------------------------------------------------------- */

char *
trouble_note(const Trouble *trouble, const char *status, const char *words)
{
	return g_strchomp(
	    g_strconcat(trouble->code, ": ", status, *status != '\0' ? " " : "", words, NULL));
}

const Trouble *
trouble_of_note(const char *note)
{
	const char *colon = strchr(note, ':');

	for (gsize i = 0; colon != NULL && i < TROUBLES; i++)
		if (strlen(troubles[i].code) == (gsize)(colon - note) &&
		    strncmp(troubles[i].code, note, (gsize)(colon - note)) == 0)
			return &troubles[i];
	return NULL;
}

char *
trouble_shown(const char *note)
{
	const Trouble *trouble = trouble_of_note(note);
	g_autofree char *words = NULL;

	if (trouble == NULL)
		return g_strdup(note);
	words = g_strstrip(g_strdup(strchr(note, ':') + 1));
	return *words != '\0' ? g_strdup_printf("%s (%s)", _(trouble->words), words)
			      : g_strdup(_(trouble->words));
}

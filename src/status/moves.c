#include "status/moves.h"

#include <string.h>

/* The newest applied return decides about its section; that it superseded an older one changes nothing more. */
const Move section_moves[] = {
	{ "dispatch.sent", NULL, "not_sent", "sent" },
	{ "delegation.set", NULL, "sent", "delegated" },
	{ "delegation.withdrawn", NULL, "delegated", "sent" },
	{ "return.applied", "findings", NULL, "received_with_findings" },
	{ "return.applied", "confirmed", NULL, "confirmed" },
	{ "return.applied", NULL, NULL, "received" },
	{ "section.reopened", NULL, "received", "sent" },
	{ "section.reopened", NULL, "received_with_findings", "sent" },
	{ "section.reopened", NULL, "confirmed", "sent" },
	{ NULL, NULL, NULL, NULL },
};

/* A sheet can only be in the hands of someone who opened the letter, so a held return and a delegation are evidence too, and so
 * is a read receipt that a person sent. Whoever
 * declined and answers after all takes part; who is excluded does not. From in_progress to completed and back
 * leads the state of the sections: fold.c. */
const Move unit_moves[] = {
	{ "return.applied", NULL, "never_opened", "in_progress" },
	{ "return.applied", NULL, "declined", "in_progress" },
	{ "return.held", NULL, "never_opened", "in_progress" },
	{ "delegation.set", NULL, "never_opened", "in_progress" },
	{ "dispatch.opened", NULL, "never_opened", "in_progress" },
	{ "unit.declined", NULL, NULL, "declined" },
	{ "unit.excluded", NULL, NULL, "excluded" },
	{ "unit.reopened", NULL, "declined", "never_opened" },
	{ "unit.reopened", NULL, "excluded", "never_opened" },
	{ NULL, NULL, NULL, NULL },
};

/* The message with the letter tells where that is. Another to the unit that comes back tells that the address is dead, too;
 * what comes back from a delegate tells nothing of the unit. */
const Move delivery_moves[] = {
	{ "dispatch.queued", "letter", NULL, "queued" },
	{ "dispatch.deferred", "letter", NULL, "queued" },
	{ "dispatch.cancelled", "letter", NULL, "not_sent" },
	{ "dispatch.sent", "letter", NULL, "sent" },
	{ "dispatch.unknown", "letter", NULL, "unknown" },
	{ "dispatch.accepted", "letter", "sent", "accepted" }, /* receipts may come in any order */
	{ "dispatch.delivered", "letter", NULL, "delivered" },
	{ "dispatch.failed", "letter", NULL, "undelivered" },
	{ "dispatch.failed", "contact", NULL, "undelivered" },
	{ "dispatch.undelivered", "letter", NULL, "undelivered" },
	{ "dispatch.undelivered", "contact", NULL, "undelivered" },
	{ NULL, NULL, NULL, NULL },
};

const char *
moves_follow(const Move *table, const char *what, const char *with, const char *from)
{
	for (const Move *move = table; move->what != NULL; move++)
		if (strcmp(move->what, what) == 0 &&
		    (move->with == NULL || strcmp(move->with, with) == 0) &&
		    (move->from == NULL || strcmp(move->from, from) == 0))
			return move->to;
	return NULL;
}

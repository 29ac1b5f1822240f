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
	{ NULL, NULL, NULL, NULL },
};

/* A sheet can only be in the hands of someone who opened the letter, so a held return and a delegation are evidence too. Whoever
 * declined and answers after all takes part; who is excluded does not. From in_progress to completed and back
 * leads the state of the sections: fold.c. */
const Move unit_moves[] = {
	{ "return.applied", NULL, "never_opened", "in_progress" },
	{ "return.applied", NULL, "declined", "in_progress" },
	{ "return.held", NULL, "never_opened", "in_progress" },
	{ "delegation.set", NULL, "never_opened", "in_progress" },
	{ "unit.declined", NULL, NULL, "declined" },
	{ "unit.excluded", NULL, NULL, "excluded" },
	{ "unit.reopened", NULL, "declined", "never_opened" },
	{ "unit.reopened", NULL, "excluded", "never_opened" },
	{ NULL, NULL, NULL, NULL },
};

/* The invitation tells where the letter is. A reminder that comes back tells that the address is dead, too. */
const Move delivery_moves[] = {
	{ "dispatch.queued", "invitation", NULL, "queued" },
	{ "dispatch.deferred", "invitation", NULL, "queued" },
	{ "dispatch.cancelled", "invitation", NULL, "not_sent" },
	{ "dispatch.sent", "invitation", NULL, "sent" },
	{ "dispatch.unknown", "invitation", NULL, "unknown" },
	{ "dispatch.failed", NULL, NULL, "undelivered" },
	{ "dispatch.undelivered", NULL, NULL, "undelivered" },
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

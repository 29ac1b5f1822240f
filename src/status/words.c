/* The codes of the store in the words of people. */
#include "status/status.h"

#include "base/error.h"

#include <string.h>

static const struct {
	const char *code;
	const char *words;
} table[] = {
	{ "never_opened", N_("never opened") },
	{ "in_progress", N_("in progress") },
	{ "completed", N_("completed") },
	{ "declined", N_("declined") },
	{ "excluded", N_("excluded") },
	{ "invitation", N_("invitation") },
	{ "redirect", N_("invitation to another address") },
	{ "reminder", N_("reminder") },
	{ "correction", N_("correction") },
	{ "receipt", N_("answer to a return") },
	{ "sections", N_("sheets for a delegate") },
	{ "delegations", N_("delegations") },
	{ "withdrawal", N_("end of a delegation") },
	{ "thanks", N_("thanks") },
	{ "announcement", N_("announcement") },
	{ "planned", N_("planned") },
	{ "proposed", N_("to be approved") },
	{ "sending", N_("sending") },
	{ "paused", N_("paused") },
	{ "done", N_("done") },
	{ "cancelled", N_("cancelled") },
	{ "queued", N_("queued") },
	{ "claimed", N_("claimed") },
	{ "dot", N_("dot") },
	{ "deferred", N_("deferred") },
	{ "sent", N_("sent") },
	{ "failed", N_("failed") },
	{ "unknown", N_("unknown") },
	{ "open", N_("open") },
	{ "closed", N_("closed") },
	{ "new", N_("new") },
	{ "parsed", N_("read") },
	{ "applied", N_("applied") },
	{ "superseded", N_("superseded") },
	{ "duplicate", N_("duplicate") },
	{ "held", N_("held") },
	{ "rejected", N_("rejected") },
	{ "quarantined", N_("quarantined") },
	{ "unit.added", N_("municipality added") },
	{ "unit.changed", N_("municipality changed") },
	{ "unit.closed", N_("municipality closed") },
	{ "unit.declined", N_("does not want to take part") },
	{ "unit.excluded", N_("left out of the survey") },
	{ "unit.reopened", N_("takes part again") },
	{ "dispatch.queued", N_("message planned") },
	{ "dispatch.cancelled", N_("message cancelled") },
	{ "dispatch.sent", N_("message sent") },
	{ "dispatch.deferred", N_("message deferred") },
	{ "dispatch.failed", N_("message failed") },
	{ "dispatch.unknown", N_("nobody knows whether the message left") },
	{ "dispatch.undelivered", N_("message not delivered") },
	{ "dispatch.accepted", N_("receipt: the provider took the message on") },
	{ "dispatch.opened", N_("read receipt: somebody has seen the message") },
	{ "dispatch.complained", N_("somebody has reported the message as junk") },
	{ "dispatch.delivered", N_("receipt: the message was delivered") },
	{ "dispatch.refused", N_("receipt: the provider did not take a copy on") },
	{ "delegation.set", N_("section given to somebody") },
	{ "delegation.withdrawn", N_("section taken back from somebody") },
	{ "section.reopened", N_("section awaited once more") },
	{ "credential.reissued", N_("new access code") },
	{ "credential.previewed", N_("letter with its access code looked at") },
	{ "credential.reprinted", N_("letter with its access code printed again") },
	{ "wave.planned", N_("planned") },
	{ "wave.approved", N_("approved") },
	{ "wave.sending", N_("sending") },
	{ "wave.paused", N_("paused") },
	{ "wave.resumed", N_("resumed") },
	{ "wave.done", N_("done") },
	{ "wave.cancelled", N_("cancelled") },
	{ "wave.settled_sent", N_("unknown, settled as sent") },
	{ "wave.settled_not_sent", N_("unknown, settled as not sent") },
	{ "memory.taken", N_("last year's answers taken") },
	{ "memory.former", N_("former codes learnt") },
	{ "return.applied", N_("sheet back, answers applied") },
	{ "return.entered", N_("answers typed in by a person") },
	{ "return.accepted", N_("sheet accepted by a person") },
	{ "return.superseded", N_("sheet replaced by a later one") },
	{ "return.duplicate", N_("sheet back once more") },
	{ "return.held", N_("sheet held for confirmation") },
	{ "return.rejected", N_("sheet set aside by a person") },
	{ "return.quarantined", N_("sheet in quarantine") },
};

const char *
status_words(const char *code)
{
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
		if (strcmp(table[i].code, code) == 0)
			return _(table[i].words);
	return code;
}

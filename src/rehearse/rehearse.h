/*
 * A dress rehearsal: a whole campaign against simulated municipalities, through the same rooms that run a real one. The
 * invitation wave goes out by SMTP, the municipalities behave like real ones (behaviour.c has the table), their answers
 * come in, are read and stored; a reminder follows; and in the end every stored answer is compared with the meant one.
 *
 * Without servers the messages go to a small receiver on loopback and the answers into the workspace's Maildir; with
 * servers each municipality has a mailbox of its own there and uses IMAP and SMTP.
 */
#ifndef PLICO_REHEARSE_REHEARSE_H
#define PLICO_REHEARSE_REHEARSE_H

#include "base/config.h"
#include "base/keyring.h"
#include "status/status.h"
#include "validate/validate.h"

#define REHEARSE_MARK                                                                              \
	"rehearsal.txt" /* in a workspace that a rehearsal made: it may be made anew */
#define REHEARSE_EXAMPLES                                                                          \
	"examples" /* folder: letter and sheets of one town, as they came and as they went */

typedef enum {
	PHASE_PLAN,
	PHASE_SEND,
	PHASE_ANSWER,
	PHASE_COLLECT,
	PHASE_STATUS,
	PHASE_REMIND,
	PHASES
} RehearsePhase;

/* "plan", "send" ...: as in JSON. */
extern const char *const rehearse_phase_names[PHASES];

typedef struct {
	guint units;
	guint64 seed;
	guint hostile;	  /* of 100 messages: how many a stranger follows up (stranger.h) */
	gboolean servers; /* those of smtp.* and inbox.* in the configuration */
} RehearseOptions;

/* Messages of strangers, and what became of them. */
typedef struct {
	guint sent;
	guint quarantined; /* they, or each of their files */
	guint held;
	guint copies; /* of answers that were there already */
	guint ignored;
} HostileCounts;

typedef struct {
	guint units;
	guint large;	 /* above 5,000 inhabitants */
	guint answering; /* units that did anything but keep silent */
	guint dispatches;
	guint sent;
	guint reminded; /* dispatches of the reminder wave */
	guint refused;	/* by the municipalities' servers, for good */
	guint deferred; /* and later taken */
	guint arrived;	/* messages at the municipalities' server; 0 with real servers */
	guint arrived_twice;
	IntakeReport intake;
	guint answers;
	guint confirmed; /* of the answers: last year's, confirmed */
	guint copied;	 /* last year's, untouched */
	guint mismatches;
	guint surprises;
	HostileCounts hostile;
	GPtrArray *examples; /* of char *: the first mismatches and surprises, in words */
	StatusCounts *first; /* before the reminder */
	StatusCounts *last;
	double seconds[PHASES];
	double seconds_total;
	guint rss_mib; /* most memory of this process, and of the municipalities' */
	guint rss_mib_towns;
} RehearseReport;

void rehearse_report_free(RehearseReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RehearseReport, rehearse_report_free)

/* Runs the campaign in a workspace that is new: no units, nothing sent. @config is changed for this process (where mail
 * goes), and the clock is set: the campaign begins some weeks ago, so that it ends now.
 * Returns: (transfer full) */
RehearseReport *rehearse_run(const RehearseOptions *options, Store *store, Config *config,
    const Keyring *keyring, GError **error);

#endif

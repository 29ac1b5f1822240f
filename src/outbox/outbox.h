/*
 * 4 READY: waves, dispatches and their messages.
 *
 * A wave is one planned mail-out, a dispatch one message to one address. The row of a dispatch is made in the
 * transaction of its cause and stands once for (edition, kind, unit, serial): planning twice sends nothing twice. Its
 * Message-ID, Date and bytes are the same on every attempt. What failed is planned again for another address, once the
 * registry has one.
 *
 *   queued -> claimed -> dot -> sent        2yz after the final dot
 *                            -> deferred    4yz: tried again later, as from queued
 *                            -> failed      5yz, or deferred too often
 *                            -> unknown     no reply after the dot, or found in dot at start: never re-sent by itself
 *
 * What is queued or deferred becomes cancelled with its wave, or alone when its cause is gone before it leaves: a town that has
 * answered gets no reminder (outbox_may_leave). A wave, as people steer it:
 *
 *   proposed -> planned -> sending -> done      proposed only where waves.approval asks for it
 *               planned, sending <-> paused     no message of a paused wave leaves
 *               any but done -> cancelled       what has not left never will, unless it is planned again
 *
 * Before the dot a server may not accept a message, so all that is found in claimed goes back to queued. A channel
 * that can see for itself what it delivered (dir) needs no dot and leaves it out.
 *
 * What is unknown is settled by what comes back, or by a person:
 *
 *   unknown -> sent      a receipt, a bounce or an answer names it, or a person says that it left
 *           -> failed    the provider's receipt says that it did not take it on
 *           -> queued    a person says that it did not leave: it leaves again, with the same Message-ID and bytes
 *           -> cancelled the same in a wave that was cancelled
 *
 * What comes back counts in every state: a receipt for a message that a person has put back into the queue makes it sent,
 * and whoever has just claimed it finds that before the dot.
 */
#ifndef PLICO_OUTBOX_OUTBOX_H
#define PLICO_OUTBOX_OUTBOX_H

#include "base/packet.h"
#include "outbox/kind.h"
#include "render/render.h"

#define OUTBOX_TRIES_MAX 8 /* deferred as often: failed */
#define OUTBOX_PEC_SIZE_MAX                                                                        \
	30000000 /* bytes times recipients, by the rules of certified mail (DM 2.11.2005, 12) */
#define OUTBOX_LOCAL_PART_MAX 64 /* RFC 5321, 4.5.3.1.1 */
#define OUTBOX_SIZE_HEAVY                                                                          \
	5000000 /* from here on mailboxes fill up and relays refuse: the plan warns */

typedef struct {
	gint64 id;
	gint64 wave_id;
	char *edition;
	gint64 unit_id;
	char *kind;	/* outbox/kind.h */
	char *sections; /* "s1 s2": the sheets it carries */
	gint64
	    serial; /* of the credential, or, where its kind is numbered, the how-many-th it is */
	char *address;
	char *channel;	  /* pec or mail */
	char *lang;	  /* "it", "de+it": unit_lang() when it was planned */
	char *message_id; /* without angle brackets */
	char *state;
	gint64 tries;
	char *reply;   /* the server's last words */
	char *sha256;  /* of the message as handed over; "" before */
	gint64 date;   /* the Date of the message: its own, or the wave's */
	char *facts;   /* form_facts() of the unit when it was planned */
	gint64 memory; /* number of the print of last year's answers on its sheets; 0: none */
	char *cause;   /* the rule by which remind/ planned it; "": none */
	char *
	    raised; /* role of the contact it goes to because those before it stay silent; "": it does not */
	char *text;	   /* of the wave: what an announcement says */
	char *deadline;	   /* survey.deadline for which this is the last call; "": it is none */
	gint64 answers;	   /* the first return that it is the automatic answer to; 0: it is none */
	char *in_reply_to; /* Message-ID of the mail that it answers; "" */
} Dispatch;

void dispatch_free(Dispatch *dispatch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dispatch, dispatch_free)

/* What making a message takes; all borrowed. Planning can do without a renderer. */
typedef struct {
	Store *store;
	const Config *config;
	const Keyring *keyring;
	const Form *form;
	Renderer *renderer;
} OutboxTools;

/* --- planning ------------------------------------------------------------------------------------------- */

typedef struct {
	gint64 wave_id; /* 0: nothing was planned, so there is no wave */
	guint planned;	/* dispatches made */
	guint already;	/* units that had this very dispatch */
	guint without_address;
	guint to_delegates;  /* of those planned: with sheets for somebody who was given sections */
	guint withdrawals;   /* of those planned: that sections were taken back */
	guint confirmations; /* of those planned: to a unit, who has its sections */
	guint remembered;    /* of those planned: with last year's answers on their sheets */
	gsize message_size;  /* bytes of a message, the mean of those tried out; 0: none was */
	GPtrArray *findings; /* of Finding: who gets nothing, and why */
} WavePlan;

WavePlan *wave_plan_new(void);
void wave_plan_free(WavePlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WavePlan, wave_plan_free)

/* A warning among the findings where the @heaviest message of a wave has more than OUTBOX_SIZE_HEAVY bytes. */
void wave_plan_weigh(WavePlan *plan, gsize heaviest);

/* Plans the invitation (letter and all sheets) for the units that fit @filter; issues each its credential, or keeps the
 * one it has; tries the messages out where @tools has a renderer. One transaction. Returns: (transfer full) */
WavePlan *outbox_plan_invitation(const OutboxTools *tools, const UnitFilter *filter,
    const char *filter_text, const char *actor, GError **error);

/* Plans the thanks for the units that fit @filter, which are the completed ones: each gets them once. Words alone, in one
 * transaction. Returns: (transfer full) */
WavePlan *outbox_plan_thanks(const OutboxTools *tools, const UnitFilter *filter,
    const char *filter_text, const char *actor, GError **error);
/* Plans a text of an operator's own, in one language or several, among them Italian. It is checked as a mail text is, and kept
 * in archive/texts/: what has been planned says the same whatever becomes of the files. Each unit gets the same text once.
 * Returns: (transfer full) */
WavePlan *outbox_plan_announcement(const OutboxTools *tools, const MailSource *sources, guint count,
    const UnitFilter *filter, const char *filter_text, const char *actor, GError **error);

/* For the rooms below that plan other kinds (remind/): a new empty wave, and one dispatch in it. Inside a
 * transaction of the caller. outbox_add() counts into @plan. @sections: names with blanks between. */
gboolean outbox_wave_new(const OutboxTools *tools, const char *kind, const char *filter_text,
    const char *actor, gint64 *out_wave, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean outbox_add(const OutboxTools *tools, gint64 wave_id, const char *kind, const Unit *unit,
    const char *sections, gint64 serial, WavePlan *plan, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Plans the mail about delegations of the units that fit @filter: to each who was given sections, the sheets that no message has
 * brought and that have not come back, of all units that he or she (one address) serves, in as few messages as stay below
 * OUTBOX_SIZE_HEAVY; to each whose sheets left and who no longer has the section, a word about that; to each unit whose
 * delegations have changed, how they stand now. One transaction. Returns: (transfer full) */
WavePlan *outbox_plan_sections(const OutboxTools *tools, const UnitFilter *filter,
    const char *filter_text, const char *actor, GError **error);

/* To be called where delegations of @unit_id (0: of any unit) have changed, inside that transaction: what is still to leave and no
 * longer holds is cancelled; the rest of such a message leaves with another one, in the same wave. */
gboolean outbox_revise_delegates(const OutboxTools *tools, gint64 unit_id, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
	DELEGATION_MAIL_NONE, /* no message carries the sheet: `wave plan --kind sections` plans one */
	DELEGATION_MAIL_PLANNED,
	DELEGATION_MAIL_SENT,
	DELEGATION_MAIL_FAILED,	  /* refused */
	DELEGATION_MAIL_UNKNOWN,  /* nobody knows whether it left */
	DELEGATION_MAIL_CAME_BACK /* it left, and a bounce came */
} DelegationMailState;

/* What became of the sheet of one delegation. */
typedef struct {
	gint64 delegation_id;
	gint64 unit_id;
	char *section;
	char *address;
	DelegationMailState state;
	char *reason;	   /* the server's last words, or the bounce's */
	gint64 at;	   /* Unix time of the state; 0: none */
	gint64 wave_id;	   /* 0: none */
	gboolean returned; /* the section is here, answered or held: it needs no sheet */
} DelegationMail;

void delegation_mail_free(DelegationMail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DelegationMail, delegation_mail_free)

/* Of each delegation that holds, in the order of registry_delegations(). Returns: (transfer full): of DelegationMail */
GPtrArray *outbox_delegation_mails(
    Store *store, const char *edition, gint64 unit_id, GError **error);
/* Whether the sheet did not arrive, and is still wanted. */
gboolean delegation_mail_is_trouble(const DelegationMail *mail);
/* not_planned, planned, sent, failed, unknown, came_back. Returns: (transfer none) */
const char *delegation_mail_name(DelegationMailState state);

/* A dispatch that is planned for a reason of its own, or to another contact than the first. */
typedef struct {
	const char *kind;
	const char *sections;
	gint64 serial;
	const Contact *contact; /* (nullable): NULL: the first that can be written to */
	const char *cause;	/* the next three as in Dispatch */
	const char *raised;
	const char *deadline;
} DispatchPlan;
gboolean outbox_add_as(const OutboxTools *tools, gint64 wave_id, const Unit *unit,
    const DispatchPlan *what, WavePlan *plan, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- answers to returns (reply.c) ------------------------------------------------------------------------ */

/* dispatch.raised of a message to somebody who was given sections: he or she reads of these alone. */
#define OUTBOX_TO_HOLDER "holder"

/* What has come, and who is told. */
typedef struct {
	gint64 return_id;     /* the first of the returns: each gets one answer at most */
	const char *sections; /* "s2 s5": those that were read just now */
	const char *address;  /* a registered one, checked */
	const char *channel;  /* pec or mail */
	const char *
	    raised; /* "" for the unit's first address, the role of another contact, OUTBOX_TO_HOLDER */
	const char *in_reply_to; /* Message-ID of the mail; "" */
} ReplyPlan;

/* Plans the answer, as replies.* allow, inside the caller's transaction: a receipt, or a correction where one of the sections has
 * errors. What still waits for the same reader is taken into it. From the replies.per_day-th message of a day on it leaves on the
 * next one. It is in the standing wave, which needs no approval and is never done: the keys are the operator's word. */
gboolean outbox_reply(const OutboxTools *tools, const Unit *unit, const ReplyPlan *reply,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The addresses of a unit at which the last message failed or from which it came back: char * -> itself.
 * Returns: (transfer full) */
GHashTable *outbox_dead_addresses(Store *store, gint64 unit_id, GError **error);

/* Makes the first, the middle and the last message of the wave that is being planned, and the first in each language, so
 * that a text or a form which cannot become a message is found before anything is planned; texts that a language lacks
 * go to the plan's findings. Inside the caller's transaction. */
gboolean outbox_try_out(const OutboxTools *tools, WavePlan *plan, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Keeps the form in archive/forms/ before sheets of it go out, so that they can be read when they come back: done
 * when a wave is planned and when sending begins, because the form may become another between the two. */
gboolean outbox_keep_form(const OutboxTools *tools, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The serial of the unit's present credential; 0: it has none yet. */
gboolean outbox_serial(Store *store, const char *edition, gint64 unit_id, gint64 *out,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives the unit a new access code, in a transaction of its own: the present one is revoked, the next invitation that is
 * planned brings the new one. Refused where a message to the unit is still to leave. @note (not empty) says why. */
gboolean outbox_reissue(const OutboxTools *tools, const Unit *unit, const char *actor,
    const char *note, gint64 *out_serial, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- reading --------------------------------------------------------------------------------------------- */

typedef struct {
	gint64 id;
	char *edition;
	char *kind;
	char *state; /* proposed, planned, sending, paused, done, cancelled */
	char *form_version;
	gint64 planned_at;
	char *planned_by;
	char *filter;	     /* the segment as typed */
	gint64 message_size; /* bytes of a message, the mean of those tried out; 0: none was */
	char *text;	     /* what an announcement says: its name in archive/texts/ */
} Wave;

void wave_free(Wave *wave);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Wave, wave_free)

/* All waves, oldest first. Returns: (transfer full): of Wave */
GPtrArray *outbox_waves(Store *store, GError **error);
/* Returns: (transfer full), NULL with PLICO_ERROR_NOT_FOUND where there is none of that number */
Wave *outbox_wave(Store *store, gint64 id, GError **error);

/* Dispatches of a wave: those in @state (NULL: any), about @unit_id (0: any), at most @limit (0: all), as planned.
 * Returns: (transfer full): of Dispatch */
GPtrArray *outbox_list(
    Store *store, gint64 wave_id, const char *state, gint64 unit_id, guint limit, GError **error);

/* The units of which @dispatch speaks: one, or, to a delegate, several. Returns: (transfer full): of gint64 */
GArray *outbox_units(Store *store, const Dispatch *dispatch, GError **error);

/* How many dispatches of a wave (0: of all) are in each state: state -> GUINT_TO_POINTER(count), only states there are.
 * Returns: (transfer full) */
GHashTable *outbox_counts(Store *store, gint64 wave_id, GError **error);

/* How many could leave now, of a wave or (0) of all of the present edition. */
gboolean outbox_count_due(const OutboxTools *tools, gint64 wave_id, guint *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* How many of all waves wait for a person: their wave is paused, or waits for approval. */
gboolean outbox_count_waiting(Store *store, guint *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The most messages of a wave (0: of all) that are to leave for one domain. */
gboolean outbox_busiest(Store *store, gint64 wave_id, guint *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* --- steering a wave --------------------------------------------------------------------------------------- */

/* How many dispatches of @wave_id are still to leave. */
gboolean outbox_count_open(Store *store, gint64 wave_id, guint *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* proposed becomes planned. @count: what the person takes the number of messages to be; another one is refused, and so
 * is, under waves.approval = other, the approval of whoever planned it. */
gboolean outbox_approve(Store *store, const Config *config, const Wave *wave, guint count,
    const char *actor, const char *note, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* planned or sending becomes paused: a run that is at it begins no further message. */
gboolean outbox_pause(Store *store, const Wave *wave, const char *actor, const char *note,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* paused becomes what it was. */
gboolean outbox_resume(Store *store, const Wave *wave, const char *actor, const char *note,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Any but done becomes cancelled, and with it what has not left; what is just leaving comes to its own end.
 * @out: dispatches that were cancelled. */
gboolean outbox_cancel(Store *store, const Wave *wave, const char *actor, const char *note,
    guint *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Cancels what a run gave back to the queue of a wave that was cancelled meanwhile. */
gboolean outbox_sweep(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether messages of @wave_id may leave now. Cheap: asked before each message. */
gboolean outbox_wave_leaves(Store *store, gint64 wave_id, gboolean *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* What ended the unit's part in @edition at this second, whatever status/ has folded: unit.declined, unit.excluded,
 * unit.closed; NULL: nothing did. @out: (out) (transfer none) */
gboolean outbox_closing(Store *store, const char *edition, gint64 unit_id, const char **out,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @dispatch may leave at this second: to be asked when it has been claimed and again right before it is handed over.
 * @leaves FALSE with @why NULL: its wave is stopped, so it goes back to the queue. @leaves FALSE with @why: its cause is
 * gone, OUTCOME_CANCELLED is to be recorded with that. Cheap: one to three look-ups by key.
 * @why: (out) (transfer full) (nullable): a sentence for the history. */
gboolean outbox_may_leave(const OutboxTools *tools, const Dispatch *dispatch, gboolean *leaves,
    char **why, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
	gint64 at;
	char *actor;
	char *what; /* wave.planned, wave.approved, ... */
	char *note;
} WaveEvent;

void wave_event_free(WaveEvent *event);

/* What people and runs did with a wave, oldest first. Returns: (transfer full): of WaveEvent */
GPtrArray *outbox_history(Store *store, gint64 wave_id, GError **error);

/* --- the message ----------------------------------------------------------------------------------------- */

/* A PDF. @name: ASCII letters, digits, '.', '_' and '-': other names show badly in some webmail. */
typedef struct {
	char *name;
	Stem *stem;   /* (nullable): the file's beginning */
	GBytes *rest; /* of the file, or all of it */
} Attachment;

Attachment *attachment_new(const char *name, GBytes *bytes);
Attachment *attachment_new_on_stem(const char *name, Stem *stem, GBytes *rest);
/* The file. Returns: (transfer full) */
GBytes *attachment_bytes(const Attachment *attachment);
void attachment_free(Attachment *attachment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Attachment, attachment_free)

/* A dispatch as its reader will see it, not yet MIME. */
typedef struct {
	char *to_name;
	MailText *text;
	GPtrArray *attachments; /* of Attachment: the letter, then the sheets */
} OutboxMail;

void outbox_mail_free(OutboxMail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutboxMail, outbox_mail_free)

/* Returns: (transfer full) */
OutboxMail *outbox_mail(const OutboxTools *tools, const Dispatch *dispatch, GError **error);

/* The whole message of a dispatch, CRLF lines, ready for DATA before dot-stuffing: text, HTML, letter and sheets.
 * Returns: (transfer full) */
GBytes *outbox_compose(const OutboxTools *tools, const Dispatch *dispatch, GError **error);
/* The same in the parts that it is made of, for the archive: base/archive_packet.h. Returns: (transfer full) */
Packet *outbox_pack(const OutboxTools *tools, const Dispatch *dispatch, GError **error);
/* The same from a @mail that was made before. */
GBytes *outbox_compose_mail(
    const OutboxTools *tools, const Dispatch *dispatch, const OutboxMail *mail, GError **error);

/* Whether its letter has an access code in it. */
gboolean outbox_shows_code(const Dispatch *dispatch);

/* Writes into the history that @actor sees the message, before it is shown; nothing where that has no access code. Of one
 * that has left, @note (not empty) must say why. */
gboolean outbox_note_shown(Store *store, const Dispatch *dispatch, const char *actor,
    const char *note, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The envelope's sender: mail.from for certified mail, and where mail.bounces is empty; otherwise that mailbox with the tag
 * of this dispatch behind a '+' (RFC 5233). mail.bounces has passed outbox_check_bounces(). Returns: (transfer full) */
char *outbox_envelope_from(const Config *config, const Dispatch *dispatch);
gboolean outbox_check_bounces(const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The tag in such an @address, as it stands in the Message-ID: twelve letters and digits before its '@'.
 * Returns: (transfer full) (nullable) */
char *outbox_bounce_tag(const char *address);

/* --- states ---------------------------------------------------------------------------------------------- */

/* What a crash left: claimed goes back to queued, dot becomes unknown. Call it at the start of a run, under the lock.
 * @out_unknown: how many became unknown. */
gboolean outbox_settle(Store *store, guint *out_unknown, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes up to @limit dispatches that are due (wave 0: any of the present edition, since the questionnaire of another is not at hand)
 * and marks them claimed, in one transaction. Returns: (transfer full): of Dispatch; empty: nothing is due */
GPtrArray *outbox_claim(const OutboxTools *tools, gint64 wave_id, guint limit, GError **error);
/* The same, of those whose address @wants says TRUE to. It is asked in the order in which they are due. */
typedef gboolean (*OutboxWants)(const char *address, gpointer self);
GPtrArray *outbox_claim_wanted(const OutboxTools *tools, gint64 wave_id, guint limit,
    OutboxWants wants, gpointer self, GError **error);

/* Keeps the SHA-256 of the bytes that are to be handed over in @dispatch. Refuses them where an earlier attempt had
 * others: a receiver that kept the first would see two letters under one Message-ID. */
gboolean outbox_check_bytes(Dispatch *dispatch, GBytes *message, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Lets the dispatches of a wave (0: of all) that are still to leave have other bytes than on their first attempt, on a
 * person's word. @out: how many. */
gboolean outbox_forget_bytes(Store *store, gint64 wave_id, guint *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Committed just before the final dot of the message whose bytes outbox_check_bytes() has seen. Where a receipt has come for
 * an earlier copy meanwhile: PLICO_ERROR_TRY_AGAIN with @dispatch in the state sent, and this one must not leave. */
gboolean outbox_mark_dot(Store *store, Dispatch *dispatch, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The server refused after the dot, but it is not yet known whose fault that is: no longer in doubt, not yet recorded.
 * Back to claimed; or sent, as in outbox_record(). */
gboolean outbox_hold(Store *store, Dispatch *dispatch, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
	OUTCOME_SENT,
	OUTCOME_DEFERRED,
	OUTCOME_FAILED,
	OUTCOME_UNKNOWN,
	OUTCOME_UNSENT,
	OUTCOME_CANCELLED
} Outcome;

/* Records what became of it, with its event: DEFERRED for the OUTBOX_TRIES_MAX-th time is FAILED; CANCELLED is for what
 * outbox_may_leave() takes back, @reply its reason; UNSENT puts it back to queued without counting a try, behind the others
 * where @reply tells that the line was lost at it. What a receipt has made sent meanwhile stays sent, without a further
 * event. */
gboolean outbox_record(Store *store, Dispatch *dispatch, Outcome outcome, const char *reply,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same inside a transaction of the caller, where many are written together. Where it fails because the row was not in
 * the state that it should be in, nothing of it was written. */
gboolean outbox_record_here(Store *store, Dispatch *dispatch, Outcome outcome, const char *reply,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- what is unknown (settle.c) ------------------------------------------------------------------------------ */

#define OUTBOX_RECEIPT_WAIT                                                                        \
	(24 * 60 *                                                                                 \
	    60) /* seconds in which the provider's receipt of certified mail still may come */

/* What a message that came back tells about one of ours. */
typedef enum {
	PROOF_LEFT,	   /* some server or reader has it */
	PROOF_ACCEPTED,	   /* certified mail: our provider took it on */
	PROOF_DELIVERED,   /* it lies in the mailbox */
	PROOF_REFUSED,	   /* certified mail: our provider did not take it on */
	PROOF_UNDELIVERED, /* it left, and did not arrive */
	PROOF_OPENED,	   /* somebody has read it, and says so */
	PROOF_COMPLAINT,   /* somebody calls it junk */
} Proof;

/* The dispatch that @reference names: our own Message-ID, or an address with its tag, which nobody can guess. @out: its id,
 * 0 where there is none. */
gboolean outbox_find(Store *store, const char *reference, gint64 *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Records what @evidence (SHA-256 of a received message that is believed) tells about a dispatch, inside the caller's
 * transaction. @recipient (nullable): whom it tells of; where the dispatch has another address by now, nothing
 * changes. @note: in the words of whoever wrote it. */
gboolean outbox_prove(Store *store, gint64 dispatch_id, Proof proof, const char *recipient,
    const char *evidence, const char *note, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
	gboolean sent;	/* it left; otherwise it did not, and leaves again */
	gboolean early; /* not sent, though the provider's receipt may still come */
	const char *actor;
	const char *note; /* why, not empty */
} Settlement;

/* A person settles one unknown dispatch. Refused in any other state; and "not sent" where the receipt may still come, and
 * where its access code counts no more. */
gboolean outbox_decide(Store *store, const Dispatch *dispatch, const Settlement *settlement,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for all that are unknown in @wave, together or not at all. @count: what the person takes their number to be;
 * another one is refused. */
gboolean outbox_decide_all(Store *store, const Wave *wave, guint count,
    const Settlement *settlement, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Since when an unknown @dispatch is so, and until when its receipt may come: 0 where none will. */
gboolean outbox_unknown_since(Store *store, const Dispatch *dispatch, gint64 *out_since,
    gint64 *out_receipt_until, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Waves of which nothing can leave any more become done. */
gboolean outbox_close_waves(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Seconds to wait after the @tries-th attempt was deferred. */
gint64 outbox_backoff(gint64 tries);

#endif

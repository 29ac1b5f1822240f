/*
 * 4 READY: waves, dispatches and their messages.
 *
 * A wave is one planned mail-out, a dispatch one message to one address. The row of a dispatch is made in the
 * transaction of its cause and is unique by (edition, kind, unit, sections, serial): planning twice sends nothing twice. Its
 * Message-ID, Date and bytes are the same on every attempt.
 *
 *   queued -> claimed -> dot -> sent        2yz after the final dot
 *                            -> deferred    4yz: tried again later, as from queued
 *                            -> failed      5yz
 *                            -> unknown     no reply after the dot, or found in dot at start: never re-sent by itself
 */
#ifndef PLICO_OUTBOX_OUTBOX_H
#define PLICO_OUTBOX_OUTBOX_H

#include "render/render.h"

typedef struct {
	gint64 id;
	gint64 wave_id;
	gint64 unit_id;
	char *kind;	/* invitation, reminder */
	char *sections; /* "s1 s2": the sheets it carries */
	gint64 serial;
	char *address;
	char *channel; /* pec or mail */
	char *lang;
	char *message_id; /* without angle brackets */
	char *state;
	gint64 tries;
	char *reply;
	char *sha256;
	gint64 date; /* of the wave: the Date of the message */
} Dispatch;

void dispatch_free(Dispatch *dispatch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dispatch, dispatch_free)

/* What making a message takes; all borrowed. */
typedef struct {
	Store *store;
	const Config *config;
	const Keyring *keyring;
	const Form *form;
	Renderer *renderer;
} OutboxTools;

typedef struct {
	gint64 wave_id;
	guint planned; /* dispatches made */
	guint already; /* units that had this very dispatch */
	guint without_address;
	GPtrArray *findings; /* of Finding: who gets nothing, and why */
} WavePlan;

void wave_plan_free(WavePlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WavePlan, wave_plan_free)

/* Plans the invitation (letter and all sheets) for the units that fit @filter; issues each its credential. One
 * transaction. Returns: (transfer full) */
WavePlan *outbox_plan_invitation(const OutboxTools *tools, const UnitFilter *filter,
    const char *filter_text, const char *actor, GError **error);

/* For the rooms below that plan other kinds (remind/): a new empty wave, and one dispatch in it. Inside a
 * transaction of the caller. outbox_add() counts into @plan. @sections: names with blanks between. */
gboolean outbox_wave_new(const OutboxTools *tools, const char *kind, const char *filter_text,
    const char *actor, gint64 *out_wave, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean outbox_add(const OutboxTools *tools, gint64 wave_id, const char *kind, const Unit *unit,
    const char *sections, gint64 serial, WavePlan *plan, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The whole message of a dispatch, CRLF lines, ready for DATA before dot-stuffing: text, HTML, letter and sheets.
 * Returns: (transfer full) */
GBytes *outbox_compose(const OutboxTools *tools, const Dispatch *dispatch, GError **error);

/* What a crash left: claimed goes back to queued, dot becomes unknown. Call it at the start of a run, under the lock.
 * @out_unknown: how many became unknown. */
gboolean outbox_settle(Store *store, guint *out_unknown, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes up to @limit dispatches that are due (wave 0: any) and marks them claimed, in one transaction.
 * Returns: (transfer full): of Dispatch; empty: nothing is due */
GPtrArray *outbox_claim(Store *store, gint64 wave_id, guint limit, GError **error);

/* Committed just before the final dot of the message with @sha256. */
gboolean outbox_mark_dot(Store *store, Dispatch *dispatch, const char *sha256, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
	OUTCOME_SENT,
	OUTCOME_DEFERRED,
	OUTCOME_FAILED,
	OUTCOME_UNKNOWN,
	OUTCOME_UNSENT
} Outcome;

/* Records what became of it, with its event: UNSENT puts it back to queued without counting a try. */
gboolean outbox_record(Store *store, Dispatch *dispatch, Outcome outcome, const char *reply,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many dispatches of a wave (0: of all) are in each state: by state. Returns: (transfer full) */
GHashTable *outbox_counts(Store *store, gint64 wave_id, GError **error);

#endif

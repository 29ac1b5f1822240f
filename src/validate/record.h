/* One return becomes rows and events, in a transaction of the caller. Private to validate/. */
#ifndef PLICO_VALIDATE_RECORD_H
#define PLICO_VALIDATE_RECORD_H

#include "validate/identify.h"

/* A PDF of a message with what was found out about it. */
typedef struct {
	const CollectedPdf *pdf; /* borrowed */
	Sheet *sheet;
	Answers *answers; /* (nullable): only of a genuine sheet in a readable file */
	/* whence it came; the caller's to fill */
	const Pec *pec;		    /* borrowed */
	const char *message_sha256; /* borrowed */
	gint64 message_id;
	gint64 received_at;
	guint part;  /* of the message */
	gint64 base; /* of a sheet of some questions: the return with the other answers; 0 */
	/* what became of it; record_arrival() says */
	gint64 return_id;
	gboolean applied;
} Arrival;

/* Identifies the sheet and reads its answers. Returns: (transfer full), NULL only where the database fails */
Arrival *arrival_new(const IntakeTools *tools, const CollectedPdf *pdf, GError **error);

void arrival_free(Arrival *arrival);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Arrival, arrival_free)

/* Decides what the return is, stores it and counts it. */
gboolean record_arrival(const IntakeTools *tools, Arrival *arrival, IntakeReport *report,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The answers and findings of a return that has none. */
gboolean record_answers(Store *store, gint64 return_id, const Answers *answers, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Writes an event of a return or a message, in a replay where the log has it. */
gboolean record_event(const IntakeTools *tools, const Event *event, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Whether a person has asked for the section once more since its answers came. */
gboolean record_reopened(const IntakeTools *tools, gint64 unit_id, const char *section,
    gboolean *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What else has come for the same place. */
typedef struct {
	gint64 id;
	const char *state; /* interned: applied or held */
	char *sha256;	   /* of its answers */
	const char *trust; /* interned */
} Rival;

/* Returns: (transfer full): of Rival */
GPtrArray *record_rivals(
    const IntakeTools *tools, gint64 unit_id, const char *section, GError **error);

/* The returns that one makes obsolete: each rival but itself. */
gboolean record_supersede(const IntakeTools *tools, const GPtrArray *rivals, gint64 winner,
    const Event *like, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif

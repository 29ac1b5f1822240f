/* What `plico verify` looks at; each part says what it finds. Private to cmd/. */
#ifndef PLICO_CMD_VERIFY_H
#define PLICO_CMD_VERIFY_H

#include "base/finding.h"
#include "cmd/cmd.h"

typedef struct {
	gboolean json;
	GPtrArray *findings; /* of Finding: for JSON, the first of them */
	GHashTable *
	    said; /* of char *: one damaged template spoils a thousand messages, and is told once */
	guint64 found[SEVERITY_ERROR + 1];
	/* how much was looked at */
	guint64 received;
	guint64 sent;
	guint64 templates;
	guint64 forms;
	guint64 bytes;
	guint64 returns;
	guint64 events;
} Verify;

/* Notes one finding, and prints it unless JSON was asked for. */
void verify_say(Verify *verify, Severity severity, const char *code, const char *place,
    const char *format, ...) G_GNUC_PRINTF(5, 6);

/* Every file of the archive against its name, and against what @snapshot (nullable: the database cannot be read) refers to.
 * @since: what is newer is not wondered at. Unix time of the system, not of the clock. */
gboolean verify_archive(Verify *verify, const App *app, Store *snapshot, gint64 since,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The database by itself: pages, references, the event log against the states, answers against their sums. @snapshot and
 * @folded are two copies of it; their states are made up to date and anew. */
gboolean verify_tables(Verify *verify, const Form *form, Store *snapshot, Store *folded,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif

/*
 * Returns, answers, findings and what is known of each message, made anew from the archive. What cannot follow from it is kept as
 * it is: docs/rebuild.md lists all of it.
 */
#ifndef PLICO_VALIDATE_REBUILD_H
#define PLICO_VALIDATE_REBUILD_H

#include "validate/validate.h"

/* The tables that are kept, beside the event log; NULL-terminated. */
extern const char *const rebuild_kept[];

typedef struct {
	guint64 total; /* readings that the log knows */
	guint64 done;
	IntakeReport intake;
	GPtrArray *
	    lost; /* of Finding: messages that are not in the archive as they were; place: SHA-256 */
} RebuildReport;

void rebuild_report_clear(RebuildReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RebuildReport, rebuild_report_clear)

typedef void (*RebuildProgress)(guint64 done, guint64 total, gpointer data);
/* Called for the form of each edition of which sheets went out or mail was read, and for the present one, when all is read. */
typedef gboolean (*RebuildEdition)(const Form *form, gpointer data, GError **error);

/* Fills the empty store of @tools from @old, and the archive of the workspace; of @old nothing is changed. Trust is decided by what
 * was known when a message was read: access codes and units by the event log, addresses by the days from and to which they were in
 * the registry; configuration and the list of certified mail's providers as they are now. A message whose bytes are lost keeps
 * what @old has of it, and is told in @report. */
gboolean rebuild_run(const IntakeTools *tools, Store *old, RebuildReport *report,
    RebuildProgress progress, RebuildEdition each, gpointer data, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif

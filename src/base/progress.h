/* A progress line on standard error, drawn only on a terminal, at most ten times a second. */
#ifndef PLICO_BASE_PROGRESS_H
#define PLICO_BASE_PROGRESS_H

#include <glib.h>

typedef struct Progress Progress;

/* @what: "Invio" and the like; @total: 0 when it is not known. Returns: (transfer full) */
Progress *progress_new(const char *what, guint64 total);
void progress_step(Progress *progress, guint64 done);
/* At least so many seconds are left from now on, whatever the past tells. */
void progress_expect(Progress *progress, gint64 seconds);
/* A sentence on a line of its own, also where there is no terminal. */
void progress_note(Progress *progress, const char *sentence);
/* Ends the line. */
void progress_free(Progress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Progress, progress_free)

#endif

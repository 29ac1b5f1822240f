/* A progress line on standard error, drawn only on a terminal, at most ten times a second. */
#ifndef PLICO_BASE_PROGRESS_H
#define PLICO_BASE_PROGRESS_H

#include <glib.h>

typedef struct Progress Progress;

/* @what: "Invio" and the like; @total: 0 when it is not known. Returns: (transfer full) */
Progress *progress_new(const char *what, guint64 total);
void progress_step(Progress *progress, guint64 done);
/* Ends the line. */
void progress_free(Progress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Progress, progress_free)

#endif

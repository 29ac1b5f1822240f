/*
 * Processes beside the one that runs plico: the municipalities' mail server and the municipalities themselves. They
 * are forked while plico has a single thread, share nothing with it but what it had read before, and end when the line
 * to it breaks.
 */
#ifndef PLICO_REHEARSE_CREW_H
#define PLICO_REHEARSE_CREW_H

#include <glib.h>

typedef struct CrewLine CrewLine; /* a worker's line to the one who started it */

/* Runs in the worker. @number: from 0. It must not touch the store that was open before. */
typedef gboolean (*CrewTask)(CrewLine *line, guint number, gpointer data, GError **error);

/* One unit of work is done: the progress on the terminal counts it. */
void crew_step(CrewLine *line);
/* Sleeps until crew_stop(), or until the one who started this worker is gone. */
void crew_wait(CrewLine *line);

typedef struct Crew Crew;

/* Starts @workers processes. Returns: (transfer full), NULL with PLICO_ERROR_IO */
Crew *crew_start(guint workers, CrewTask task, gpointer data, GError **error);
/* Waits until all have ended; @what and @total: of the progress line, NULL: none. FALSE with the first error. */
gboolean crew_join(Crew *crew, const char *what, guint64 total, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Tells workers in crew_wait() to end, and waits until they have. */
gboolean crew_stop(Crew *crew, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stops what still runs. */
void crew_free(Crew *crew);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Crew, crew_free)

#endif

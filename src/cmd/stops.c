/* How verbs that run for long are stopped: at a moment of their own choice. */
#include "cmd/cmd.h"

#include <signal.h>

static sigset_t
stop_signals(void)
{
	sigset_t stops;

	sigemptyset(&stops);
	sigaddset(&stops, SIGINT);
	sigaddset(&stops, SIGTERM);
	return stops;
}

void
cmd_hold_stops(void)
{
	sigset_t stops = stop_signals();

	(void)pthread_sigmask(SIG_BLOCK, &stops, NULL);
}

gboolean
cmd_stop_asked(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 &&
	       (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

void
cmd_wait(guint seconds)
{
	gint64 end = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;

	/* in steps: the signal stays pending, for whoever looks next */
	while (!cmd_stop_asked() && g_get_monotonic_time() < end)
		g_usleep(G_USEC_PER_SEC / 5);
}

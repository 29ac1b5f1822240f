/*
 * What a service manager is told: one datagram "NAME=value" to the socket of NOTIFY_SOCKET, the protocol of sd_notify(3).
 */
#ifndef PLICO_BASE_NOTIFY_H
#define PLICO_BASE_NOTIFY_H

#include <glib.h>

/* "READY=1", "WATCHDOG=1", "STOPPING=1", "STATUS=..."; several with line feeds between. Nothing where no service manager listens. */
void notify_manager(const char *state);

/* Every how many seconds the manager wants to hear WATCHDOG=1; 0: it does not. */
guint notify_watchdog_seconds(void);

#endif

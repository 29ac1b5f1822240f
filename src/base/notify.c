#include "base/notify.h"

#include "base/durable.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

void
notify_manager(const char *state)
{
	const char *path = g_getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	gsize size = path != NULL ? strlen(path) : 0;
	g_auto(Fd) fd = -1;

	if (size == 0 || size >= sizeof address.sun_path || (*path != '/' && *path != '@'))
		return;
	memcpy(address.sun_path, path, size);
	if (*path == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		(void)sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size));
}

guint
notify_watchdog_seconds(void)
{
	const char *text = g_getenv("WATCHDOG_USEC");
	guint64 microseconds;

	/* half of what is allowed, as sd_watchdog_enabled(3) advises */
	if (text == NULL ||
	    !g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &microseconds, NULL))
		return 0;
	return (guint)CLAMP(microseconds / 2 / G_USEC_PER_SEC, 1, G_MAXINT);
}

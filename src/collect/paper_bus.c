/*
 * ZBar can tell a desktop what it has read, when it is asked to. Nobody asks it here; without these functions its archive would bring
 * libdbus into plico-reader, and with it the libraries of a service manager.
 */
#include <glib.h>

/* The names that ZBar calls; no header of ours has them. */
#define UNUSED(name)                                                                               \
	void name(void);                                                                           \
	void name(void)                                                                            \
	{                                                                                          \
		g_error("%s: not here", G_STRFUNC);                                                \
	}

UNUSED(dbus_bus_get)
UNUSED(dbus_bus_release_name)
UNUSED(dbus_bus_request_name)
UNUSED(dbus_connection_flush)
UNUSED(dbus_connection_send)
UNUSED(dbus_error_free)
UNUSED(dbus_error_init)
UNUSED(dbus_error_is_set)
UNUSED(dbus_message_iter_append_basic)
UNUSED(dbus_message_iter_append_fixed_array)
UNUSED(dbus_message_iter_close_container)
UNUSED(dbus_message_iter_init_append)
UNUSED(dbus_message_iter_open_container)
UNUSED(dbus_message_new_signal)
UNUSED(dbus_message_unref)

/*
 * sent_check WORKSPACE: what the store and the archive know of each dispatch, a line each: "MESSAGE-ID STATE SHA256 ARCHIVE".
 * ARCHIVE is ok where the message was put together from the archive with just those bytes, - where there is no hash, otherwise
 * missing or altered. SHA256 is - where there is none.
 */
#include "base/archive_packet.h"
#include "base/error.h"
#include "outbox/outbox.h"

#include <stdio.h>

static const char *
archived(const char *directory, const Keyring *keyring, const Dispatch *dispatch)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GBytes) message = NULL;

	if (*dispatch->sha256 == '\0')
		return "-";
	message = archive_open_sent(directory, keyring, dispatch->sha256, NULL, &why);
	if (message != NULL)
		return "ok";
	return g_error_matches(why, PLICO_ERROR, PLICO_ERROR_NOT_FOUND) ? "missing" : "altered";
}

static gboolean
print_wave(Store *store, const Keyring *keyring, const char *directory, gint64 wave, GError **error)
{
	g_autoptr(GPtrArray) list = outbox_list(store, wave, NULL, 0, 0, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Dispatch *dispatch = g_ptr_array_index(list, i);

		g_print("%s %s %s %s\n", dispatch->message_id, dispatch->state,
		    *dispatch->sha256 != '\0' ? dispatch->sha256 : "-",
		    archived(directory, keyring, dispatch));
	}
	return list != NULL;
}

static gboolean
print_all(const char *workspace, GError **error)
{
	g_autofree char *database = g_build_filename(workspace, "plico.db", NULL);
	g_autofree char *keys = g_build_filename(workspace, "keys", NULL);
	g_autofree char *archive = g_build_filename(workspace, "archive", NULL);
	g_autoptr(Store) store = store_open(database, error);
	g_autoptr(Keyring) keyring = store != NULL ? keyring_open(keys, error) : NULL;
	g_autoptr(GPtrArray) waves = keyring != NULL ? outbox_waves(store, error) : NULL;
	gboolean good = waves != NULL;

	for (guint i = 0; good && i < waves->len; i++) {
		const Wave *wave = g_ptr_array_index(waves, i);

		good = print_wave(store, keyring, archive, wave->id, error);
	}
	return good;
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;

	if (argc != 2) {
		g_printerr("sent_check: one workspace\n");
		return 64;
	}
	if (print_all(argv[1], &error))
		return 0;
	g_printerr("sent_check: %s\n", error->message);
	return error_exit_status(error);
}

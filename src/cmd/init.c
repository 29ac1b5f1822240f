#include "cmd/cmd.h"

#include "base/durable.h"
#include "base/error.h"

#include <gio/gio.h>
#include <string.h>

static gboolean
write_file(const char *directory, const char *name, GBytes *bytes, GError **error)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);

	return durable_mkdir(parent, error) && durable_replace(path, bytes, 0600, error);
}

/* Copies what is shipped under @prefix (forms, mail templates) into the workspace. */
static gboolean
copy_shipped(const char *directory, const char *prefix, GError **error)
{
	g_autofree char *from = g_strdup_printf("/plico/%s", prefix);
	g_auto(GStrv) names =
	    g_resources_enumerate_children(from, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

	for (gsize i = 0; names != NULL && names[i] != NULL; i++) {
		g_autofree char *name = g_strdup_printf("%s/%s", prefix, names[i]);
		g_autofree char *path = g_strdup_printf("/plico/%s", name);
		g_autoptr(GBytes) bytes = NULL;

		if (g_str_has_suffix(name, "/")) {
			name[strlen(name) - 1] = '\0';
			if (!copy_shipped(directory, name, error))
				return FALSE;
			continue;
		}
		bytes = g_resources_lookup_data(path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
		if (!write_file(directory, name, bytes, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
cmd_make_workspace(const char *directory, const char *conf, GError **error)
{
	static const char *const folders[] = { "archive", "keys", "outbox", "Maildir/cur",
		"Maildir/new", "Maildir/tmp" };
	g_autoptr(GBytes) text = g_bytes_new(conf, strlen(conf));
	g_autofree char *keys = g_build_filename(directory, "keys", NULL);
	g_autofree char *database = g_build_filename(directory, "plico.db", NULL);
	g_autoptr(Store) store = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path = g_build_filename(directory, folders[i], NULL);

		if (!durable_mkdir(path, error))
			return FALSE;
	}
	if (!copy_shipped(directory, "forms", error) ||
	    !copy_shipped(directory, "mailtemplates", error) || !keyring_create(keys, "k1", error))
		return FALSE;
	store = store_open(database, error);
	/* the configuration comes last: a directory that has it is a whole workspace */
	return store != NULL && write_file(directory, "plico.conf", text, error);
}

static gboolean
run(App *app, char **words, GError **error)
{
	g_autofree char *path = g_build_filename(words[0], "plico.conf", NULL);
	g_autofree char *conf = config_template();

	(void)app;
	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return fail(error, PLICO_ERROR_USAGE, _("%s: is a workspace already"), words[0]);
	if (!cmd_make_workspace(words[0], conf, error))
		return FALSE;
	g_print(_("Workspace ready in %s: change plico.conf, then `plico units import FILE`.\n"),
	    words[0]);
	g_print(
	    _("Keep a copy of %s/keys apart: without it no letter can be reprinted and no return verified.\n"),
	    words[0]);
	return TRUE;
}

const Command command_init = {
	.name = "init",
	.words = "DIR",
	.summary = N_("make a workspace"),
	.help = N_(
	    "Makes DIR with plico.conf, the shipped questionnaires and letters, new keys and an empty database."),
	.needs = NEEDS_NOTHING,
	.least = 1,
	.most = 1,
	.run = run,
};

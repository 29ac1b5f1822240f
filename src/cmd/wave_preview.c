/* plico wave preview: the very messages, before they are sent. */
#include "cmd/wave.h"

#include "base/durable.h"
#include "base/error.h"

#include <string.h>

static char **units;
static char *out;
static char *note;

static const GOptionEntry options[] = {
	{ "unit", 0, 0, G_OPTION_ARG_STRING_ARRAY, &units,
	    N_("of this unit, by name or code; may be given again. Otherwise the first, the middle and the last"),
	    "UNIT" },
	{ "out", 0, 0, G_OPTION_ARG_FILENAME, &out,
	    N_("folder for the files; otherwise preview in the workspace"), "DIR" },
	{ "note", 0, 0, G_OPTION_ARG_STRING, &note,
	    N_("why, for the history: required to print a letter that has left"), "TEXT" },
	G_OPTION_ENTRY_NULL,
};

typedef struct {
	const WaveKit *kit;
	const App *app;
	char *folder;
	JsonBuilder *builder;
} Preview;

static gboolean
write_file(const Preview *preview, const char *name, GBytes *bytes, GError **error)
{
	g_autofree char *path = g_build_filename(preview->folder, name, NULL);

	if (!durable_replace(path, bytes, 0600, error))
		return FALSE;
	json_builder_add_string_value(preview->builder, path);
	if (!preview->app->json)
		g_print("  %s\n", path);
	return TRUE;
}

static gboolean
write_files(
    const Preview *preview, const Dispatch *dispatch, const OutboxMail *mail, GError **error)
{
	g_autofree char *name = g_strdup_printf("%s.eml", dispatch->message_id);
	g_autoptr(GBytes) message =
	    outbox_compose_mail(&preview->kit->tools, dispatch, mail, error);

	if (message == NULL || !write_file(preview, name, message, error))
		return FALSE;
	for (guint i = 0; i < mail->attachments->len; i++) {
		const Attachment *attachment = g_ptr_array_index(mail->attachments, i);
		g_autoptr(GBytes) bytes = attachment_bytes(attachment);

		if (!write_file(preview, attachment->name, bytes, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
show(const Preview *preview, const Dispatch *dispatch, GError **error)
{
	g_autofree char *unit = wave_dispatch_name(preview->app, dispatch, error);
	g_autoptr(OutboxMail) mail =
	    unit != NULL ? outbox_mail(&preview->kit->tools, dispatch, error) : NULL;
	gboolean good;

	if (mail == NULL || !outbox_note_shown(preview->app->store, dispatch, cmd_operator(),
				note != NULL ? note : "", error))
		return FALSE;
	if (!preview->app->json)
		g_print(_("%s\n  to:      %s <%s>\n  subject: %s\n"), unit,
		    *mail->to_name != '\0' ? mail->to_name : dispatch->address, dispatch->address,
		    mail->text->subject);
	json_builder_begin_object(preview->builder);
	cmd_json_text(preview->builder, "unit", unit);
	cmd_json_text(preview->builder, "to", dispatch->address);
	cmd_json_text(preview->builder, "channel", dispatch->channel);
	cmd_json_text(preview->builder, "subject", mail->text->subject);
	cmd_json_text(preview->builder, "message_id", dispatch->message_id);
	json_builder_set_member_name(preview->builder, "files");
	json_builder_begin_array(preview->builder);
	good = write_files(preview, dispatch, mail, error);
	json_builder_end_array(preview->builder);
	json_builder_end_object(preview->builder);
	return good;
}

static gboolean
show_unit(const Preview *preview, gint64 wave_id, const char *words, GError **error)
{
	g_autoptr(Unit) unit = registry_find(preview->app->store, words, error);
	g_autoptr(GPtrArray) found =
	    unit != NULL ? outbox_list(preview->app->store, wave_id, NULL, unit->id, 0, error)
			 : NULL;

	if (found == NULL)
		return FALSE;
	if (found->len == 0)
		return fail(error, PLICO_ERROR_NOT_FOUND,
		    _("%s: wave %" PRId64 " has no message for it"), unit->name, wave_id);
	for (guint i = 0; i < found->len; i++)
		if (!show(preview, g_ptr_array_index(found, i), error))
			return FALSE;
	return TRUE;
}

static gboolean
show_some(const Preview *preview, gint64 wave_id, GError **error)
{
	g_autoptr(GPtrArray) all = outbox_list(preview->app->store, wave_id, NULL, 0, 0, error);

	if (all == NULL)
		return FALSE;
	for (guint i = 0; i < all->len; i++)
		if ((i == 0 || i == all->len / 2 || i == all->len - 1) &&
		    !show(preview, g_ptr_array_index(all, i), error))
			return FALSE;
	return TRUE;
}

static gboolean
show_chosen(const Preview *preview, gint64 wave_id, GError **error)
{
	if (units == NULL)
		return show_some(preview, wave_id, error);
	for (gsize i = 0; units[i] != NULL; i++)
		if (!show_unit(preview, wave_id, units[i], error))
			return FALSE;
	return TRUE;
}

static gboolean
run(App *app, char **words, GError **error)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autofree char *folder = out != NULL ? g_strdup(out) : cmd_path(app, "preview");
	g_autoptr(WaveKit) kit = NULL;
	g_autoptr(Wave) wave = NULL;
	g_autoptr(JsonNode) root = NULL;
	gint64 id;
	Preview preview = { .app = app, .folder = folder, .builder = builder };

	if (!wave_number(words[0], &id, error))
		return FALSE;
	wave = outbox_wave(app->store, id, error);
	kit = wave != NULL ? wave_kit_new(app, error) : NULL;
	if (kit == NULL || !durable_mkdir(folder, error))
		return FALSE;
	preview.kit = kit;
	json_builder_begin_object(builder);
	cmd_json_int(builder, "wave", id);
	json_builder_set_member_name(builder, "messages");
	json_builder_begin_array(builder);
	if (!show_chosen(&preview, id, error))
		return FALSE;
	json_builder_end_array(builder);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	if (app->json)
		cmd_print_json(root);
	return TRUE;
}

const Command command_wave_preview = {
	.name = "wave preview",
	.words = "WAVE",
	.summary = N_("write messages of a wave and their PDFs into a folder, to look at"),
	.help = N_(
	    "The files are what the unit will get, byte for byte, with its access code: remove them when you have seen them. The history keeps who looked at which letter."),
	.needs = NEEDS_STORE | NEEDS_KEYS | OFFERS_JSON,
	.least = 1,
	.most = 1,
	.options = options,
	.run = run,
};

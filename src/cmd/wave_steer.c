/* plico wave approve, pause, resume, cancel: people decide what leaves, also while it is leaving. */
#include "cmd/wave.h"

#include "base/error.h"
#include "base/text.h"
#include "status/status.h"

#include <string.h>

static char *note;
static gint64 typed = -1;

static const GOptionEntry options[] = {
	{ "note", 0, 0, G_OPTION_ARG_STRING, &note, N_("why, for the history"), "TEXT" },
	G_OPTION_ENTRY_NULL,
};

static const GOptionEntry cancel_options[] = {
	{ "note", 0, 0, G_OPTION_ARG_STRING, &note, N_("why, for the history (required)"), "TEXT" },
	G_OPTION_ENTRY_NULL,
};

static const GOptionEntry approve_options[] = {
	{ "count", 0, 0, G_OPTION_ARG_INT64, &typed,
	    N_("the number of messages, where nobody can be asked to type it"), "N" },
	{ "note", 0, 0, G_OPTION_ARG_STRING, &note, N_("why, for the history"), "TEXT" },
	G_OPTION_ENTRY_NULL,
};

static const char *
note_text(void)
{
	return note != NULL ? note : "";
}

/* The wave that @word names. Returns: (transfer full), NULL on error */
static Wave *
find_wave(const App *app, const char *word, GError **error)
{
	gint64 id;

	return wave_number(word, &id, error) ? outbox_wave(app->store, id, error) : NULL;
}

/* Says what was done: @sentence, or the wave as it is now in JSON. */
static gboolean
tell(const App *app, gint64 id, const char *sentence, GError **error)
{
	g_autoptr(Wave) wave = outbox_wave(app->store, id, error);
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;
	guint open;

	if (wave == NULL || !outbox_count_open(app->store, id, &open, error))
		return FALSE;
	if (!app->json) {
		g_print("%s\n", sentence);
		return TRUE;
	}
	json_builder_begin_object(builder);
	cmd_json_int(builder, "wave", id);
	cmd_json_text(builder, "state", wave->state);
	cmd_json_int(builder, "open", open);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
	return TRUE;
}

/* --- approve --------------------------------------------------------------------------------------------------- */

/* What is about to leave. On standard error, so that it is seen before the question. */
static gboolean
describe(const App *app, const Wave *wave, guint open, GError **error)
{
	g_autofree char *count = text_number(open);
	g_autofree char *each = g_format_size((guint64)wave->message_size);
	g_autofree char *all = g_format_size((guint64)wave->message_size * open);
	g_autofree char *forecast = NULL;
	gint64 begin, end;

	if (!wave_forecast(app, wave->id, &begin, &end, &forecast, error))
		return FALSE;
	g_printerr(_("Wave %" PRId64 ", %s of %s, to %s: %s messages, about %s each, %s in all.\n"),
	    wave->id, status_words(wave->kind), wave->edition,
	    *wave->filter != '\0' ? wave->filter : _("all"), count, each, all);
	if (*forecast != '\0')
		g_printerr("%s\n", forecast);
	return TRUE;
}

static gboolean
run_approve(App *app, char **words, GError **error)
{
	g_autoptr(Wave) wave = find_wave(app, words[0], error);
	g_autofree char *sentence = NULL;
	gint64 count = typed;
	guint open;

	if (wave == NULL || !outbox_count_open(app->store, wave->id, &open, error))
		return FALSE;
	if (count < 0 && strcmp(wave->state, "proposed") == 0) {
		if (!describe(app, wave, open, error) ||
		    !wave_ask_count(
			_("To approve it, type the number of messages:"), &count, error))
			return FALSE;
	}
	if (!outbox_approve(app->store, app->config, wave, (guint)CLAMP(count, 0, G_MAXUINT32),
		cmd_operator(), note_text(), error))
		return FALSE;
	sentence = g_strdup_printf(
	    _("Wave %" PRId64 " is approved; `plico wave send %" PRId64 "` sends it."), wave->id,
	    wave->id);
	return tell(app, wave->id, sentence, error);
}

/* --- pause, resume, cancel --------------------------------------------------------------------------------------- */

static gboolean
run_pause(App *app, char **words, GError **error)
{
	g_autoptr(Wave) wave = find_wave(app, words[0], error);
	g_autofree char *sentence = NULL;

	if (wave == NULL || !outbox_pause(app->store, wave, cmd_operator(), note_text(), error))
		return FALSE;
	sentence = g_strdup_printf(
	    _("Wave %" PRId64 " is paused; `plico wave resume %" PRId64 "` lets it go on."),
	    wave->id, wave->id);
	return tell(app, wave->id, sentence, error);
}

static gboolean
run_resume(App *app, char **words, GError **error)
{
	g_autoptr(Wave) wave = find_wave(app, words[0], error);
	g_autofree char *sentence = NULL;

	if (wave == NULL || !outbox_resume(app->store, wave, cmd_operator(), note_text(), error))
		return FALSE;
	sentence = g_strdup_printf(_("Wave %" PRId64 " may leave again; `plico wave send %" PRId64
				     "` sends what is left of it."),
	    wave->id, wave->id);
	return tell(app, wave->id, sentence, error);
}

static gboolean
run_cancel(App *app, char **words, GError **error)
{
	g_autoptr(Wave) wave = find_wave(app, words[0], error);
	g_autofree char *sentence = NULL;
	guint count = 0;

	if (wave == NULL)
		return FALSE;
	if (*note_text() == '\0')
		return fail(error, PLICO_ERROR_USAGE, _("say why it is cancelled by --note"));
	if (!outbox_cancel(app->store, wave, cmd_operator(), note_text(), &count, error))
		return FALSE;
	sentence =
	    g_strdup_printf(ngettext("Wave %" PRId64 " is cancelled, and %u message of it.",
				"Wave %" PRId64 " is cancelled, and %u messages of it.", count),
		wave->id, count);
	return tell(app, wave->id, sentence, error);
}

const Command command_wave_approve = {
	.name = "wave approve",
	.words = "WAVE",
	.summary = N_("let a wave leave, by typing the number of its messages"),
	.help = N_(
	    "Where waves.approval is same or other, a wave that is planned waits until it is approved; with other, by somebody else than who planned it. It tells what would leave, and asks for the number of messages."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.least = 1,
	.most = 1,
	.options = approve_options,
	.run = run_approve,
};

const Command command_wave_cancel = {
	.name = "wave cancel",
	.words = "WAVE",
	.summary = N_("cancel what has not left of a wave"),
	.help = N_(
	    "Also while it is being sent: no further message begins to leave. What was cancelled can be planned again."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.least = 1,
	.most = 1,
	.options = cancel_options,
	.run = run_cancel,
};

const Command command_wave_pause = {
	.name = "wave pause",
	.words = "WAVE",
	.summary = N_("let no further message of a wave leave, until it is resumed"),
	.help = N_(
	    "Also while it is being sent, from another terminal: no further message begins to leave."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.least = 1,
	.most = 1,
	.options = options,
	.run = run_pause,
};

const Command command_wave_resume = {
	.name = "wave resume",
	.words = "WAVE",
	.summary = N_("let a paused wave leave again"),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.least = 1,
	.most = 1,
	.options = options,
	.run = run_resume,
};

/* plico wave send */
#include "cmd/wave.h"

#include "base/error.h"
#include "send/send.h"

#include <string.h>

static gint limit;
static gboolean changed;
static gboolean once;

static const GOptionEntry options[] = {
	{ "limit", 0, 0, G_OPTION_ARG_INT, &limit, N_("at most so many messages"), "N" },
	{ "changed", 0, 0, G_OPTION_ARG_NONE, &changed,
	    N_("let messages that were put off leave with the words of now, not of their first attempt"),
	    NULL },
	{ "once", 0, 0, G_OPTION_ARG_NONE, &once,
	    N_("end, with exit status 75, where the pace wants it to wait for another hour or day"),
	    NULL },
	G_OPTION_ENTRY_NULL,
};

static void
print_json(const SendReport *report)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_int(builder, "sent", report->sent);
	cmd_json_int(builder, "deferred", report->deferred);
	cmd_json_int(builder, "failed", report->failed);
	cmd_json_int(builder, "unknown", report->unknown);
	cmd_json_int(builder, "left", report->left);
	cmd_json_int(builder, "waiting", report->waiting);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

static void
print_text(const SendReport *report)
{
	const struct {
		const char *word;
		guint count;
	} lines[] = {
		{ N_("sent"), report->sent },
		{ N_("deferred, tried again later"), report->deferred },
		{ N_("failed"), report->failed },
		{ N_("unknown: no reply to the last byte"), report->unknown },
		{ N_("left in the queue"), report->left },
		{ N_("of waves that are paused or to be approved"), report->waiting },
	};
	g_autoptr(CmdTable) table = cmd_table_new("lr");

	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
		if (i == 0 || lines[i].count > 0) {
			cmd_table_add(table, _(lines[i].word));
			cmd_table_add_number(table, lines[i].count);
		}
	cmd_table_print(table);
}

static gboolean
forget_bytes(const App *app, gint64 wave_id, GError **error)
{
	guint count = 0;

	if (!changed)
		return TRUE;
	return outbox_forget_bytes(app->store, wave_id, &count, error);
}

/* A wave whose messages do not leave, and who could change that. */
static gboolean
says_go(const App *app, gint64 id, GError **error)
{
	g_autoptr(Wave) wave = NULL;

	if (id == 0)
		return TRUE;
	wave = outbox_wave(app->store, id, error);
	if (wave == NULL)
		return FALSE;
	if (strcmp(wave->state, "proposed") == 0)
		return fail(error, PLICO_ERROR_TRY_AGAIN,
		    _("wave %" PRId64 ": it waits for approval: `plico wave approve %" PRId64 "`"),
		    id, id);
	if (strcmp(wave->state, "paused") == 0)
		return fail(error, PLICO_ERROR_TRY_AGAIN,
		    _("wave %" PRId64 ": it is paused; `plico wave resume %" PRId64
		      "` lets it go on"),
		    id, id);
	if (strcmp(wave->state, "cancelled") == 0)
		return fail(error, PLICO_ERROR_INPUT,
		    _("wave %" PRId64 ": it was cancelled; what has not left can be planned again"),
		    id);
	return TRUE;
}

static gboolean
run(App *app, char **words, GError **error)
{
	g_autoptr(WaveKit) kit = NULL;
	const SendOptions wanted = { (guint)MAX(limit, 0), once };
	SendReport report = { 0 };
	gint64 id = 0;
	gboolean good;

	if (limit < 0)
		return fail(
		    error, PLICO_ERROR_USAGE, _("--limit %d: a number from 1 is expected"), limit);
	if (words[0] != NULL && !wave_number(words[0], &id, error))
		return FALSE;
	if (!says_go(app, id, error))
		return FALSE;
	kit = wave_kit_new(app, error);
	if (kit == NULL || !forget_bytes(app, id, error))
		return FALSE;
	good = send_run(&kit->tools, id, &wanted, &report, error);
	app->findings = report.failed > 0 || report.unknown > 0;
	if (app->json)
		print_json(&report);
	else if (good || report.sent + report.deferred + report.failed + report.unknown > 0)
		print_text(&report);
	return good && says_go(app, id, error);
}

const Command command_wave_send = {
	.name = "wave send",
	.words = "[WAVE]",
	.summary = N_("send what is due, of one wave or of all"),
	.help = N_(
	    "Messages leave by mail.channel. It can be stopped at any moment, and killed: what was not sent stays queued, nothing is sent twice, and a message whose reply was lost is listed as unknown (plico wave show) and not sent again. What a server puts off is tried again by a later run, after 5 minutes, then 15, 60 and 240. They leave at the pace of pace.*: so many a second and a minute, in its hours and on its days; outside of them it waits, and says until when."),
	.needs = NEEDS_STORE | NEEDS_KEYS | OFFERS_JSON,
	.most = 1,
	.options = options,
	.run = run,
};

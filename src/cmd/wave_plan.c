/* plico wave plan */
#include "base/clock.h"
#include "base/durable.h"
#include "base/error.h"
#include "base/lang.h"
#include "base/text.h"
#include "cmd/segment.h"
#include "cmd/wave.h"
#include "remind/remind.h"

#include <string.h>

#define TEXT_LIMIT ((gsize)1 << 20)

static char *kind;
static char **texts;

static const GOptionEntry options[] = {
	{ "kind", 0, 0, G_OPTION_ARG_STRING, &kind,
	    N_("what is sent: invitation, sections, correction, thanks or announcement"), "KIND" },
	{ "text", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &texts,
	    N_("the announcement: a mail text, in Italian, or with its language before it; as often as there are languages"),
	    "[LANG=]FILE" },
	SEGMENT_OPTIONS,
	G_OPTION_ENTRY_NULL,
};

static void
print_json(const WavePlan *plan, gint64 begin, gint64 end)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;
	g_autofree char *begins = clock_iso(begin);
	g_autofree char *ends = clock_iso(end);

	json_builder_begin_object(builder);
	cmd_json_int(builder, "wave", plan->wave_id);
	cmd_json_text(builder, "kind", kind != NULL ? kind : "invitation");
	cmd_json_int(builder, "planned", plan->planned);
	cmd_json_int(builder, "already", plan->already);
	cmd_json_int(builder, "without_address", plan->without_address);
	cmd_json_int(builder, "to_delegates", plan->to_delegates);
	cmd_json_int(builder, "withdrawals", plan->withdrawals);
	cmd_json_int(builder, "confirmations", plan->confirmations);
	cmd_json_int(builder, "with_memory", plan->remembered);
	cmd_json_int(builder, "message_bytes", (gint64)plan->message_size);
	cmd_json_int(builder, "total_bytes", (gint64)plan->message_size * plan->planned);
	if (begin > 0)
		cmd_json_text(builder, "begins", begins);
	if (end > 0)
		cmd_json_text(builder, "ends", ends);
	cmd_add_findings(builder, plan->findings);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

/* What to do next. */
static void
print_wave(const App *app, const WavePlan *plan)
{
	g_autofree char *planned = text_number(plan->planned);
	g_autofree char *each = g_format_size(plan->message_size);
	g_autofree char *all = g_format_size((guint64)plan->message_size * plan->planned);

	if (strcmp(config_text(app->config, CONFIG_waves_approval), "none") == 0)
		g_print(_("Wave %" PRId64
			  ": %s messages are planned, about %s each, %s in all. Look at some with "
			  "`plico wave preview %" PRId64
			  "`, then send them with `plico wave send %" PRId64 "`.\n"),
		    plan->wave_id, planned, each, all, plan->wave_id, plan->wave_id);
	else
		g_print(
		    _("Wave %" PRId64
		      ": %s messages are planned, about %s each, %s in all. They leave once they "
		      "are approved: look at some with `plico wave preview %" PRId64
		      "`, then `plico wave approve %" PRId64 "`.\n"),
		    plan->wave_id, planned, each, all, plan->wave_id, plan->wave_id);
}

/* What a wave about delegations is made of. */
static void
print_delegates(const WavePlan *plan)
{
	if (plan->to_delegates > 0)
		g_print(ngettext("%u of them brings sheets to whom sections were given.\n",
			    "%u of them bring sheets to whom sections were given.\n",
			    plan->to_delegates),
		    plan->to_delegates);
	if (plan->withdrawals > 0)
		g_print(ngettext("%u tells that sections were taken back.\n",
			    "%u tell that sections were taken back.\n", plan->withdrawals),
		    plan->withdrawals);
	if (plan->confirmations > 0)
		g_print(
		    ngettext("%u confirms to a unit who has its sections.\n",
			"%u confirm to their units who has their sections.\n", plan->confirmations),
		    plan->confirmations);
}

static void
print_text(const App *app, const WavePlan *plan, const char *forecast)
{
	cmd_print_findings(plan->findings);
	if (plan->wave_id == 0)
		g_print(_("Nothing was planned.\n"));
	else
		print_wave(app, plan);
	if (forecast != NULL && *forecast != '\0')
		g_print("%s\n", forecast);
	print_delegates(plan);
	if (plan->remembered > 0)
		g_print(
		    ngettext("%u unit finds last year's answers on its sheets.\n",
			"%u units find last year's answers on their sheets.\n", plan->remembered),
		    plan->remembered);
	if (plan->already > 0)
		g_print(ngettext("%u unit has had this already.\n",
			    "%u units have had this already.\n", plan->already),
		    plan->already);
	if (plan->without_address > 0)
		g_print(ngettext("%u unit gets nothing: it has no address.\n",
			    "%u units get nothing: they have no address.\n", plan->without_address),
		    plan->without_address);
}

/* --- kinds -------------------------------------------------------------------------------------------------------- */

static void
source_free(gpointer data)
{
	MailSource *source = data;

	g_bytes_unref(source->bytes);
}

/* "de=FILE", or FILE, which is Italian. */
static gboolean
read_source(const char *typed, GArray *sources, GError **error)
{
	MailSource source = { .lang = "it", .path = typed };

	for (gsize i = 0; lang_all[i] != NULL; i++)
		if (g_str_has_prefix(typed, lang_all[i]) && typed[strlen(lang_all[i])] == '=') {
			source.lang = lang_all[i];
			source.path = typed + strlen(lang_all[i]) + 1;
		}
	for (guint i = 0; i < sources->len; i++)
		if (strcmp(g_array_index(sources, MailSource, i).lang, source.lang) == 0)
			return fail(error, PLICO_ERROR_USAGE,
			    _("--text %s: there are two texts in this language"), typed);
	source.bytes = durable_read(source.path, TEXT_LIMIT, error);
	if (source.bytes == NULL)
		return FALSE;
	g_array_append_val(sources, source);
	return TRUE;
}

static WavePlan *
plan_announcement(const WaveKit *kit, const Segment *segment, GError **error)
{
	g_autoptr(GArray) sources = g_array_new(FALSE, FALSE, sizeof(MailSource));

	g_array_set_clear_func(sources, source_free);
	if (texts == NULL) {
		fail(error, PLICO_ERROR_USAGE,
		    _("--kind announcement: --text FILE says what is to be said"));
		return NULL;
	}
	for (gsize i = 0; texts[i] != NULL; i++)
		if (!read_source(texts[i], sources, error))
			return NULL;
	return outbox_plan_announcement(&kit->tools, (const MailSource *)(gpointer)sources->data,
	    sources->len, &segment->filter, segment->words, cmd_operator(), error);
}

static WavePlan *
plan_invitation(const WaveKit *kit, const Segment *segment, GError **error)
{
	return outbox_plan_invitation(
	    &kit->tools, &segment->filter, segment->words, cmd_operator(), error);
}

static WavePlan *
plan_sections(const WaveKit *kit, const Segment *segment, GError **error)
{
	return outbox_plan_sections(
	    &kit->tools, &segment->filter, segment->words, cmd_operator(), error);
}

static WavePlan *
plan_thanks(const WaveKit *kit, const Segment *segment, GError **error)
{
	return outbox_plan_thanks(
	    &kit->tools, &segment->filter, segment->words, cmd_operator(), error);
}

/* At once, on a person's word: whoever has a section with errors, however lately it came. */
static WavePlan *
plan_correction(const WaveKit *kit, const Segment *segment, GError **error)
{
	const RemindAsk ask = { &segment->filter, segment->words, REMIND_WRONG_ANSWERS, TRUE,
		"correction" };

	return remind_plan(&kit->tools, &ask, cmd_operator(), error);
}

static const struct {
	const char *kind;
	const char *status; /* (nullable): only units in this state */
	WavePlan *(*plan)(const WaveKit *kit, const Segment *segment, GError **error);
} planners[] = {
	{ "invitation", NULL, plan_invitation },
	{ "correction", NULL, plan_correction },
	{ "sections", NULL, plan_sections },
	{ "thanks", "completed", plan_thanks },
	{ "announcement", NULL, plan_announcement },
};

static WavePlan *
plan_kind(const App *app, const WaveKit *kit, GError **error)
{
	const char *wanted = kind != NULL ? kind : "invitation";
	g_autofree char *known = kind_list(PLANNED_BY_WAVE);

	if (texts != NULL && strcmp(wanted, "announcement") != 0) {
		fail(error, PLICO_ERROR_USAGE, _("--text: only an announcement takes one"));
		return NULL;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(planners); i++) {
		g_autoptr(Segment) segment = NULL;

		if (strcmp(planners[i].kind, wanted) != 0)
			continue;
		segment = segment_new(app, kit->form, planners[i].status, error);
		return segment != NULL ? planners[i].plan(kit, segment, error) : NULL;
	}
	fail(error, PLICO_ERROR_USAGE,
	    _("--kind %s: %s can be planned here; `plico remind` plans reminders"), wanted, known);
	return NULL;
}

static gboolean
run(App *app, char **words, GError **error)
{
	g_autofree char *forecast = NULL;
	g_autoptr(WaveKit) kit = wave_kit_new(app, error);
	g_autoptr(WavePlan) plan = kit != NULL ? plan_kind(app, kit, error) : NULL;
	gint64 begin = 0;
	gint64 end = 0;

	(void)words;
	if (plan == NULL)
		return FALSE;
	if (plan->wave_id != 0 &&
	    !wave_forecast(app, plan->wave_id, &begin, &end, &forecast, error))
		return FALSE;
	app->findings = plan->findings->len > 0;
	if (app->json)
		print_json(plan, begin, end);
	else
		print_text(app, plan, forecast);
	return TRUE;
}

const Command command_wave_plan = {
	.name = "wave plan",
	.summary = N_("plan the invitation, or another wave"),
	.help = N_(
	    "Each unit that fits and has an address gets one message, and none a second one of the same. The invitation carries letter, access code and sheets; sections: whoever was given sections of these units gets their sheets, those of several units in one message; whoever no longer has them is told, and each unit whose delegations have changed gets them to confirm; a correction the sections with errors, and what is wrong in them; thanks go to the completed; an announcement says --text. The first, the middle and the last message are made to see that they can be, and one of each text and language; nothing is sent."),
	.needs = NEEDS_STORE | NEEDS_KEYS | OFFERS_JSON,
	.options = options,
	.run = run,
};

/* plico wave plan */
#include "cmd/wave.h"

#include "base/clock.h"
#include "base/durable.h"
#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define LIST_LIMIT ((gsize)1 << 20)

static char *kind;
static char *region;
static char *province;
static char *list;
static gint64 above = -1;
static gint64 up_to = -1;

static const GOptionEntry options[] = {
	{ "kind", 0, 0, G_OPTION_ARG_STRING, &kind, N_("what is sent"), "invitation|sections" },
	{ "region", 0, 0, G_OPTION_ARG_STRING, &region, N_("only to units of this region"),
	    "NAME" },
	{ "province", 0, 0, G_OPTION_ARG_STRING, &province,
	    N_("only to units of this province, by name or code"), "NAME" },
	{ "above", 0, 0, G_OPTION_ARG_INT64, &above, N_("only to units with more inhabitants"),
	    "N" },
	{ "up-to", 0, 0, G_OPTION_ARG_INT64, &up_to, N_("only to units with no more inhabitants"),
	    "N" },
	{ "list", 0, 0, G_OPTION_ARG_FILENAME, &list,
	    N_("only to the units of this file: a cadastral or ISTAT code on each line"), "FILE" },
	G_OPTION_ENTRY_NULL,
};

/* The first word of each line; what stands behind a # is a remark. Returns: (transfer full) */
static char **
read_list(const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = durable_read(path, LIST_LIMIT, error);
	g_autoptr(GStrvBuilder) codes = g_strv_builder_new();
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (bytes == NULL)
		return NULL;
	text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	lines = g_strsplit_set(text, "\r\n", 0);
	for (gsize i = 0; lines[i] != NULL; i++) {
		char *line = g_strstrip(lines[i]);

		line[strcspn(line, " \t;,#")] = '\0';
		if (*line != '\0')
			g_strv_builder_add(codes, line);
	}
	return g_strv_builder_end(codes);
}

/* As typed, for the history. Returns: (transfer full) */
static char *
filter_words(void)
{
	g_autoptr(GString) words = g_string_new(NULL);

	if (region != NULL)
		g_string_append_printf(words, "--region %s ", region);
	if (province != NULL)
		g_string_append_printf(words, "--province %s ", province);
	if (above >= 0)
		g_string_append_printf(words, "--above %" PRId64 " ", above);
	if (up_to >= 0)
		g_string_append_printf(words, "--up-to %" PRId64 " ", up_to);
	if (list != NULL)
		g_string_append_printf(words, "--list %s ", list);
	return g_strchomp(g_string_free(g_steal_pointer(&words), FALSE));
}

static const char *
kind_text(void)
{
	return kind != NULL ? kind : "invitation";
}

static void
print_json(const WavePlan *plan, gint64 begin, gint64 end)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;
	g_autofree char *begins = clock_iso(begin);
	g_autofree char *ends = clock_iso(end);

	json_builder_begin_object(builder);
	cmd_json_int(builder, "wave", plan->wave_id);
	cmd_json_text(builder, "kind", kind_text());
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
		g_print(ngettext("%u unit has its invitation already.\n",
			    "%u units have their invitation already.\n", plan->already),
		    plan->already);
	if (plan->without_address > 0)
		g_print(ngettext("%u unit gets nothing: it has no address.\n",
			    "%u units get nothing: they have no address.\n", plan->without_address),
		    plan->without_address);
}

static gboolean
kind_check(GError **error)
{
	if (strcmp(kind_text(), "invitation") == 0 || strcmp(kind_text(), "sections") == 0)
		return TRUE;
	return fail(error, PLICO_ERROR_USAGE,
	    _("--kind %s: invitation and sections can be planned here; `plico remind` plans reminders"),
	    kind);
}

static WavePlan *
make_plan(const WaveKit *kit, const UnitFilter *filter, const char *text, GError **error)
{
	return strcmp(kind_text(), "sections") == 0
		   ? outbox_plan_sections(&kit->tools, filter, text, cmd_operator(), error)
		   : outbox_plan_invitation(&kit->tools, filter, text, cmd_operator(), error);
}

static gboolean
run(App *app, char **words, GError **error)
{
	UnitFilter filter = {
		.region = region, .province = province, .above = above, .up_to = up_to
	};
	g_autofree char *text = filter_words();
	g_autofree char *forecast = NULL;
	gint64 begin = 0;
	gint64 end = 0;
	g_autoptr(WaveKit) kit = NULL;
	g_autoptr(WavePlan) plan = NULL;
	g_auto(GStrv) codes = NULL;

	(void)words;
	if (!kind_check(error))
		return FALSE;
	if (list != NULL) {
		codes = read_list(list, error);
		if (codes == NULL)
			return FALSE;
		filter.codes = codes;
	}
	kit = wave_kit_new(app, error);
	plan = kit != NULL ? make_plan(kit, &filter, text, error) : NULL;
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
	.summary = N_("plan the invitation, or the mail to those who were given sections"),
	.help = N_(
	    "invitation: letter, access code and sheets. Each unit that fits and has an address gets one message; who has had the invitation gets no second one. sections: whoever was given sections of these units gets their sheets, those of several units in one message, and no sheet twice; whoever no longer has them is told; each unit whose delegations have changed gets them to confirm. The first, the middle and the last message are made to see that they can be; nothing is sent."),
	.needs = NEEDS_STORE | NEEDS_KEYS | OFFERS_JSON,
	.options = options,
	.run = run,
};

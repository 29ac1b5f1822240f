/* plico wave settle: a person says what became of messages whose last reply was lost. */
#include "cmd/wave.h"

#include "base/error.h"

#include <string.h>

static char *unit;
static char *address;
static gboolean all;
static gboolean sent;
static gboolean not_sent;
static gboolean early;
static char *note;
static gint64 typed = -1;

static const GOptionEntry options[] = {
	{ "unit", 0, 0, G_OPTION_ARG_STRING, &unit, N_("the message to this unit, by name or code"),
	    "UNIT" },
	{ "address", 0, 0, G_OPTION_ARG_STRING, &address,
	    N_("with --unit: the one to this address, where it has several"), "ADDRESS" },
	{ "all", 0, 0, G_OPTION_ARG_NONE, &all, N_("all that are unknown in the wave"), NULL },
	{ "sent", 0, 0, G_OPTION_ARG_NONE, &sent, N_("it left: it counts as sent"), NULL },
	{ "not-sent", 0, 0, G_OPTION_ARG_NONE, &not_sent,
	    N_("it did not leave: the next `plico wave send` sends it again"), NULL },
	{ "early", 0, 0, G_OPTION_ARG_NONE, &early,
	    N_("with --not-sent: also while the receipt of certified mail may still come"), NULL },
	{ "count", 0, 0, G_OPTION_ARG_INT64, &typed,
	    N_("with --all: the number of messages, where nobody can be asked to type it"), "N" },
	{ "note", 0, 0, G_OPTION_ARG_STRING, &note,
	    N_("how it is known, for the history (required)"), "TEXT" },
	G_OPTION_ENTRY_NULL,
};

static gboolean
check_options(GError **error)
{
	if ((unit != NULL) == all)
		return fail(error, PLICO_ERROR_USAGE,
		    _("say which messages: --unit UNIT, or --all of the wave"));
	if (sent == not_sent)
		return fail(
		    error, PLICO_ERROR_USAGE, _("say what became of them: --sent or --not-sent"));
	if (note == NULL || *note == '\0')
		return fail(error, PLICO_ERROR_USAGE, _("say by --note how it is known"));
	return TRUE;
}

/* The one unknown message of the wave to the unit. Returns: (transfer full), NULL on error */
static Dispatch *
find_dispatch(const App *app, gint64 wave_id, GError **error)
{
	g_autoptr(Unit) town = registry_find(app->store, unit, error);
	g_autoptr(GPtrArray) found =
	    town != NULL ? outbox_list(app->store, wave_id, "unknown", town->id, 0, error) : NULL;

	if (found == NULL)
		return NULL;
	for (guint i = found->len; i > 0 && address != NULL; i--) {
		const Dispatch *dispatch = g_ptr_array_index(found, i - 1);

		if (g_ascii_strcasecmp(dispatch->address, address) != 0)
			g_ptr_array_remove_index(found, i - 1);
	}
	if (found->len == 1)
		return g_ptr_array_steal_index(found, 0);
	if (found->len == 0)
		fail(error, PLICO_ERROR_NOT_FOUND,
		    _("%s: no message to it is unknown in wave %" PRId64
		      "; `plico wave show %" PRId64 "` tells which are"),
		    town->name, wave_id, wave_id);
	else
		fail(error, PLICO_ERROR_INPUT,
		    _("%s: %u messages to it are unknown in wave %" PRId64
		      "; say which by --address"),
		    town->name, found->len, wave_id);
	return NULL;
}

static gboolean
settle_unit(const App *app, const Wave *wave, const Settlement *settlement, GError **error)
{
	g_autoptr(Dispatch) dispatch = find_dispatch(app, wave->id, error);

	return dispatch != NULL && outbox_decide(app->store, dispatch, settlement, error);
}

static gboolean
settle_all(
    const App *app, const Wave *wave, const Settlement *settlement, guint *out, GError **error)
{
	g_autoptr(GHashTable) counts = outbox_counts(app->store, wave->id, error);
	gint64 count = typed;
	guint there;

	if (counts == NULL)
		return FALSE;
	there = GPOINTER_TO_UINT(g_hash_table_lookup(counts, "unknown"));
	if (count < 0 && there > 0) {
		g_printerr(
		    ngettext("Wave %" PRId64 ": of %u message nobody knows whether it left.",
			"Wave %" PRId64 ": of %u messages nobody knows whether they left.", there),
		    wave->id, there);
		g_printerr("\n%s\n",
		    settlement->sent
			? _("They are to count as sent, and will not leave again.")
			: _("They are to leave again. Whoever has got the message gets it a second time."));
		if (!wave_ask_count(
			_("To settle them so, type the number of messages:"), &count, error))
			return FALSE;
	}
	*out = (guint)CLAMP(count, 0, G_MAXUINT32);
	return outbox_decide_all(app->store, wave, *out, settlement, error);
}

/* What was done, and what of the wave is still unknown. */
static gboolean
tell(const App *app, gint64 wave_id, guint settled, GError **error)
{
	g_autoptr(Wave) wave = outbox_wave(app->store, wave_id, error);
	g_autoptr(GHashTable) counts =
	    wave != NULL ? outbox_counts(app->store, wave_id, error) : NULL;
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;
	gboolean leaves;

	if (counts == NULL)
		return FALSE;
	leaves = not_sent && strcmp(wave->state, "cancelled") != 0;
	if (!app->json) {
		g_print(sent	 ? ngettext("%u message counts as sent.\n",
				       "%u messages count as sent.\n", settled)
			: leaves ? ngettext("%u message is in the queue again.\n",
				       "%u messages are in the queue again.\n", settled)
				 : ngettext("%u message is cancelled with its wave.\n",
				       "%u messages are cancelled with their wave.\n", settled),
		    settled);
		if (leaves)
			g_print(
			    _("`plico wave send %" PRId64 "` sends what is left of the wave.\n"),
			    wave_id);
		return TRUE;
	}
	json_builder_begin_object(builder);
	cmd_json_int(builder, "wave", wave_id);
	cmd_json_text(builder, "state", wave->state);
	cmd_json_int(builder, "settled", settled);
	cmd_json_int(builder, "unknown", GPOINTER_TO_UINT(g_hash_table_lookup(counts, "unknown")));
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
	return TRUE;
}

static gboolean
run(App *app, char **words, GError **error)
{
	const Settlement settlement = { sent, early, cmd_operator(), note };
	g_autoptr(Wave) wave = NULL;
	guint settled = 1;
	gint64 id;

	if (!check_options(error) || !wave_number(words[0], &id, error))
		return FALSE;
	wave = outbox_wave(app->store, id, error);
	return wave != NULL &&
	       (all ? settle_all(app, wave, &settlement, &settled, error)
		    : settle_unit(app, wave, &settlement, error)) &&
	       outbox_close_waves(app->store, error) && tell(app, id, settled, error);
}

const Command command_wave_settle = {
	.name = "wave settle",
	.words = "WAVE",
	.summary = N_("say what became of messages that are unknown"),
	.help = N_(
	    "A message is unknown when its last byte left and no reply came: it may have arrived or not, and is never sent again by itself. A receipt of certified mail, a bounce or an answer settles it when it is collected. Where none comes, look into the provider's folder of sent mail, or ask the municipality; then say what you found, and how you know. What left counts as sent. What did not leaves again, with the same Message-ID and the same bytes; should a receipt for the first copy come before that, it stays where it is."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.least = 1,
	.most = 1,
	.options = options,
	.run = run,
};

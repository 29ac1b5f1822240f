/* plico wave list, plico wave show: what was planned, and what became of it. */
#include "cmd/troubles.h"
#include "cmd/wave.h"

#include "base/archive_packet.h"
#include "base/clock.h"
#include "base/error.h"
#include "send/pace.h"
#include "status/status.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ANSWER_MAX 64

gboolean
wave_number(const char *word, gint64 *out, GError **error)
{
	if (g_ascii_string_to_signed(word, 10, 1, G_MAXINT64, out, NULL))
		return TRUE;
	return fail(error, PLICO_ERROR_USAGE,
	    _("%s: the number of a wave is expected; `plico wave list` tells which there are"),
	    word);
}

gboolean
wave_ask_count(const char *question, gint64 *out, GError **error)
{
	char answer[ANSWER_MAX] = "";

	if (isatty(STDIN_FILENO) != 1)
		return fail(error, PLICO_ERROR_USAGE,
		    _("there is no terminal to type the number of messages on; give it by --count"));
	g_printerr("%s ", question);
	if (fgets(answer, sizeof answer, stdin) == NULL ||
	    !g_ascii_string_to_signed(g_strstrip(answer), 10, 0, G_MAXUINT32, out, NULL))
		return fail(error, PLICO_ERROR_USAGE, _("that is no number; nothing was done"));
	return TRUE;
}

void
wave_kit_free(WaveKit *kit)
{
	if (kit == NULL)
		return;
	renderer_free(kit->renderer);
	form_free(kit->form);
	g_free(kit);
}

WaveKit *
wave_kit_new(const App *app, GError **error)
{
	g_autoptr(WaveKit) kit = g_new0(WaveKit, 1);

	kit->form = cmd_form(app, error);
	if (kit->form == NULL)
		return NULL;
	kit->renderer = renderer_new(app->config, app->keyring, kit->form, error);
	kit->tools =
	    (OutboxTools){ app->store, app->config, app->keyring, kit->form, kit->renderer };
	return kit->renderer != NULL ? g_steal_pointer(&kit) : NULL;
}

char *
wave_unit_name(const App *app, gint64 unit_id, GError **error)
{
	g_autoptr(Unit) unit = registry_unit(app->store, unit_id, error);

	return unit != NULL ? g_strdup_printf("%s %s", unit->code, unit->name) : NULL;
}

char *
wave_dispatch_name(const App *app, const Dispatch *dispatch, GError **error)
{
	g_autoptr(GArray) units = outbox_units(app->store, dispatch, error);
	g_autofree char *first =
	    units != NULL ? wave_unit_name(app, dispatch->unit_id, error) : NULL;

	if (first == NULL || units->len < 2)
		return g_steal_pointer(&first);
	return g_strdup_printf(
	    ngettext("%s and %u more", "%s and %u more", units->len - 1), first, units->len - 1);
}

gboolean
wave_forecast(const App *app, gint64 wave_id, gint64 *out_begin, gint64 *out_end, char **out_words,
    GError **error)
{
	g_autoptr(Pace) pace = pace_new(app->config, error);
	g_autofree char *begin = NULL;
	g_autofree char *end = NULL;
	guint busiest;
	guint open;

	if (pace == NULL || !outbox_count_open(app->store, wave_id, &open, error) ||
	    !outbox_busiest(app->store, wave_id, &busiest, error))
		return FALSE;
	*out_begin = pace_open(pace, clock_now());
	*out_end = pace_end(pace, open, busiest, clock_now());
	if (*out_end == PACE_NEVER)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("pace.hours, pace.days and pace.silence leave no moment in two years"));
	begin = clock_local(*out_begin);
	end = clock_local(*out_end);
	if (pace_is_limited(pace))
		*out_words = g_strdup_printf(
		    _("If it is sent now, it leaves from %s to %s by pace.*."), begin, end);
	else
		*out_words =
		    pace_has_calendar(pace)
			? g_strdup_printf(
			      _("If it is sent now, it leaves from %s on by pace.*."), begin)
			: g_strdup("");
	if (!pace_is_limited(pace))
		*out_end = 0;
	return TRUE;
}

/* In the order of a dispatch's life; as in the table dispatch and in JSON. */
static const char *const states[] = { N_("queued"), N_("claimed"), N_("dot"), N_("deferred"),
	N_("sent"), N_("failed"), N_("unknown"), N_("cancelled") };

static guint
count_of(GHashTable *counts, const char *state)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(counts, state));
}

static guint
count_all(GHashTable *counts)
{
	guint all = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(states); i++)
		all += count_of(counts, states[i]);
	return all;
}

static void
add_wave_json(JsonBuilder *builder, const Wave *wave, GHashTable *counts)
{
	g_autofree char *planned_at = clock_iso(wave->planned_at);

	cmd_json_int(builder, "wave", wave->id);
	cmd_json_text(builder, "edition", wave->edition);
	cmd_json_text(builder, "kind", wave->kind);
	cmd_json_text(builder, "state", wave->state);
	cmd_json_text(builder, "form_version", wave->form_version);
	cmd_json_text(builder, "planned_at", planned_at);
	cmd_json_text(builder, "planned_by", wave->planned_by);
	cmd_json_text(builder, "filter", wave->filter);
	cmd_json_int(builder, "message_bytes", wave->message_size);
	cmd_json_int(builder, "dispatches", count_all(counts));
	for (gsize i = 0; i < G_N_ELEMENTS(states); i++)
		cmd_json_int(builder, states[i], count_of(counts, states[i]));
}

static void
add_wave_row(CmdTable *table, const Wave *wave, GHashTable *counts)
{
	g_autofree char *planned_at = clock_local(wave->planned_at);
	guint open = count_of(counts, "queued") + count_of(counts, "claimed") +
		     count_of(counts, "dot") + count_of(counts, "deferred");

	cmd_table_add_number(table, wave->id);
	cmd_table_add(table, status_words(wave->kind));
	cmd_table_add(table, status_words(wave->state));
	cmd_table_add(table, planned_at);
	cmd_table_add_number(table, count_all(counts));
	cmd_table_add_number(table, open);
	cmd_table_add_number(table, count_of(counts, "sent"));
	cmd_table_add_number(table, count_of(counts, "failed"));
	cmd_table_add_number(table, count_of(counts, "unknown"));
	cmd_table_add(table, wave->filter);
}

static void
add_heads(CmdTable *table, const char *const *heads, gsize n)
{
	for (gsize i = 0; i < n; i++)
		cmd_table_add(table, _(heads[i]));
	cmd_table_add_rule(table);
}

static gboolean
print_waves(const App *app, const GPtrArray *waves, JsonBuilder *builder, GError **error)
{
	static const char *const heads[] = { N_("wave"), N_("kind"), N_("state"), N_("planned"),
		N_("messages"), N_("to send"), N_("sent"), N_("failed"), N_("unknown"),
		N_("filter") };
	g_autoptr(CmdTable) table = cmd_table_new("rlllrrrrrl");

	add_heads(table, heads, G_N_ELEMENTS(heads));
	for (guint i = 0; i < waves->len; i++) {
		const Wave *wave = g_ptr_array_index(waves, i);
		g_autoptr(GHashTable) counts = outbox_counts(app->store, wave->id, error);

		if (counts == NULL)
			return FALSE;
		add_wave_row(table, wave, counts);
		json_builder_begin_object(builder);
		add_wave_json(builder, wave, counts);
		json_builder_end_object(builder);
	}
	if (!app->json)
		cmd_table_print(table);
	return TRUE;
}

static char *message_of; /* --message */

static gboolean
run_list(App *app, char **words, GError **error)
{
	g_autoptr(GPtrArray) waves = outbox_waves(app->store, error);
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	(void)words;
	if (waves == NULL)
		return FALSE;
	if (waves->len == 0 && !app->json) {
		g_print(_("There is no wave yet; `plico wave plan` makes one.\n"));
		return TRUE;
	}
	json_builder_begin_object(builder);
	json_builder_set_member_name(builder, "waves");
	json_builder_begin_array(builder);
	if (!print_waves(app, waves, builder, error))
		return FALSE;
	json_builder_end_array(builder);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	if (app->json)
		cmd_print_json(root);
	return TRUE;
}

/* What a person may have to look after. */
static gboolean
is_trouble(const Dispatch *dispatch)
{
	static const char *const troubles[] = { "failed", "unknown", "deferred", NULL };

	return g_strv_contains(troubles, dispatch->state);
}

static void
add_moment(JsonBuilder *builder, const char *name, gint64 at)
{
	g_autofree char *iso = clock_iso(at);

	cmd_json_text(builder, name, iso);
}

static gboolean
add_trouble(
    const App *app, const Dispatch *dispatch, CmdTable *table, JsonBuilder *builder, GError **error)
{
	g_autofree char *name = wave_dispatch_name(app, dispatch, error);

	gint64 since, until;

	if (name == NULL)
		return FALSE;
	cmd_table_add(table, _(dispatch->state));
	cmd_table_add(table, name);
	cmd_table_add(table, dispatch->address);
	cmd_table_add_number(table, dispatch->tries);
	cmd_table_add(table, dispatch->reply);
	json_builder_begin_object(builder);
	cmd_json_int(builder, "dispatch", dispatch->id);
	cmd_json_text(builder, "state", dispatch->state);
	cmd_json_text(builder, "unit", name);
	cmd_json_text(builder, "address", dispatch->address);
	cmd_json_int(builder, "tries", dispatch->tries);
	cmd_json_text(builder, "reply", dispatch->reply);
	cmd_json_text(builder, "message_id", dispatch->message_id);
	if (strcmp(dispatch->state, "unknown") == 0) {
		if (!outbox_unknown_since(app->store, dispatch, &since, &until, error))
			return FALSE;
		add_moment(builder, "since", since);
		if (until > 0)
			add_moment(builder, "receipt_until", until);
	}
	json_builder_end_object(builder);
	return TRUE;
}

static gboolean
add_troubles(const App *app, gint64 wave_id, CmdTable *table, JsonBuilder *builder, GError **error)
{
	g_autoptr(GPtrArray) list = outbox_list(app->store, wave_id, NULL, 0, 0, error);

	if (list == NULL)
		return FALSE;
	for (guint i = 0; i < list->len; i++) {
		const Dispatch *dispatch = g_ptr_array_index(list, i);

		if (is_trouble(dispatch) && !add_trouble(app, dispatch, table, builder, error))
			return FALSE;
	}
	return TRUE;
}

static void
print_advice(gint64 wave_id)
{
	g_print("\n%s\n",
	    _("unknown: the last byte left, and no reply came. Such a message may have arrived; it is never sent again by itself. A receipt, a bounce or an answer settles it when it is collected; the receipt of certified mail comes within 24 hours. Otherwise look into the provider's folder of sent mail, or ask the municipality, and say what you found:"));
	g_print("  plico wave settle %" PRId64 " --unit UNIT --sent --note TEXT\n", wave_id);
	g_print("  plico wave settle %" PRId64 " --unit UNIT --not-sent --note TEXT\n", wave_id);
}

static void
print_wave(const Wave *wave, GHashTable *counts, const CmdTable *history, const CmdTable *troubles)
{
	g_autoptr(CmdTable) table = cmd_table_new("lr");
	g_autofree char *planned_at = clock_local(wave->planned_at);

	g_print(_("Wave %" PRId64 ", %s of %s: %s; planned %s by %s%s%s\n\n"), wave->id,
	    status_words(wave->kind), wave->edition, status_words(wave->state), planned_at,
	    wave->planned_by, *wave->filter != '\0' ? ", " : "", wave->filter);
	for (gsize i = 0; i < G_N_ELEMENTS(states); i++)
		if (count_of(counts, states[i]) > 0) {
			cmd_table_add(table, _(states[i]));
			cmd_table_add_number(table, count_of(counts, states[i]));
		}
	cmd_table_add_rule(table);
	cmd_table_add(table, _("messages"));
	cmd_table_add_number(table, count_all(counts));
	cmd_table_print(table);
	g_print("\n");
	cmd_table_print(history);
	if (count_of(counts, "failed") + count_of(counts, "unknown") +
		count_of(counts, "deferred") ==
	    0)
		return;
	g_print("\n");
	cmd_table_print(troubles);
	if (count_of(counts, "unknown") > 0)
		print_advice(wave->id);
}

/* The dispatches of a wave to the address @words, with that Message-ID, or about the unit of that name. Returns: (transfer full) */
static GPtrArray *
find_messages(const App *app, gint64 wave_id, const char *words, GError **error)
{
	gboolean address = strchr(words, '@') != NULL;
	g_autoptr(GPtrArray) found = NULL;
	g_autoptr(Unit) unit = NULL;

	found = address ? outbox_list(app->store, wave_id, NULL, 0, 0, error) : NULL;
	for (guint i = found != NULL ? found->len : 0; i > 0; i--) {
		const Dispatch *dispatch = g_ptr_array_index(found, i - 1);

		if (g_ascii_strcasecmp(dispatch->address, words) != 0 &&
		    strcmp(dispatch->message_id, words) != 0)
			g_ptr_array_remove_index(found, i - 1);
	}
	if (address && (found == NULL || found->len > 0))
		return g_steal_pointer(&found);
	unit = registry_find(app->store, words, error);
	return unit != NULL ? outbox_list(app->store, wave_id, NULL, unit->id, 0, error) : NULL;
}

/* The message that the unit was sent, as it stands in the archive, to standard output. */
static gboolean
print_message(const App *app, gint64 wave_id, const char *words, GError **error)
{
	g_autofree char *archive = cmd_path(app, "archive");
	g_autoptr(GPtrArray) found = find_messages(app, wave_id, words, error);
	const Dispatch *dispatch;
	g_autoptr(GBytes) message = NULL;
	gsize size;
	gconstpointer data;

	if (found == NULL)
		return FALSE;
	if (found->len > 1)
		return fail(error, PLICO_ERROR_USAGE,
		    _("%s: wave %" PRId64
		      " has %u messages about it; name one by its address or its Message-ID"),
		    words, wave_id, found->len);
	dispatch = found->len > 0 ? g_ptr_array_index(found, 0) : NULL;
	if (dispatch == NULL || *dispatch->sha256 == '\0')
		return fail(error, PLICO_ERROR_NOT_FOUND,
		    dispatch == NULL ? _("%s: wave %" PRId64 " has no message for it")
				     : _("%s: its message of wave %" PRId64 " has not left yet"),
		    words, wave_id);
	message = archive_open_sent(archive, app->keyring, dispatch->sha256, NULL, error);
	if (message == NULL)
		return FALSE;
	data = g_bytes_get_data(message, &size);
	if (fwrite(data, 1, size, stdout) != size || fflush(stdout) != 0)
		return fail_errno(error, _("standard output"));
	return TRUE;
}

/* What people and runs did with it. */
static gboolean
add_history(const App *app, gint64 wave_id, CmdTable *table, JsonBuilder *builder, GError **error)
{
	g_autoptr(GPtrArray) history = outbox_history(app->store, wave_id, error);

	if (history == NULL)
		return FALSE;
	for (guint i = 0; i < history->len; i++) {
		const WaveEvent *event = g_ptr_array_index(history, i);
		g_autofree char *at = clock_local(event->at);
		g_autofree char *iso = clock_iso(event->at);

		cmd_table_add(table, at);
		cmd_table_add(table, event->actor);
		cmd_table_add(table, status_words(event->what));
		cmd_table_add(table, event->note);
		json_builder_begin_object(builder);
		cmd_json_text(builder, "at", iso);
		cmd_json_text(builder, "actor", event->actor);
		cmd_json_text(builder, "what", event->what);
		cmd_json_text(builder, "note", event->note);
		json_builder_end_object(builder);
	}
	return TRUE;
}

/* What receipts, bounces and read receipts say of it. */
typedef struct {
	CmdTable *table;
	Troubles troubles;
} Ledger;

static void
ledger_clear(Ledger *ledger)
{
	g_clear_pointer(&ledger->table, cmd_table_free);
	troubles_clear(&ledger->troubles);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ledger, ledger_clear)

static gboolean
add_receipts(Rows *rows, CmdTable *table, JsonBuilder *builder, GError **error)
{
	g_autoptr(GError) why = NULL;

	json_builder_set_member_name(builder, "receipts");
	json_builder_begin_object(builder);
	while (rows_next(rows, &why)) {
		const char *what = rows_text(rows, 0);

		cmd_table_add(table, status_words(what));
		cmd_table_add_number(table, rows_int(rows, 1));
		cmd_json_int(builder, strchr(what, '.') + 1, rows_int(rows, 1));
	}
	json_builder_end_object(builder);
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static gboolean
add_ledger(const App *app, gint64 wave_id, Ledger *ledger, JsonBuilder *builder, GError **error)
{
	g_autoptr(Rows) receipts =
	    store_query(app->store, error, SQL_outbox_wave_receipts, "i", wave_id);
	g_autoptr(Rows) undelivered =
	    receipts != NULL
		? store_query(app->store, error, SQL_outbox_wave_undelivered, "i", wave_id)
		: NULL;

	ledger->table = cmd_table_new("lr");
	if (undelivered == NULL || !add_receipts(receipts, ledger->table, builder, error) ||
	    !troubles_read(&ledger->troubles, undelivered, error))
		return FALSE;
	troubles_add_json(&ledger->troubles, builder);
	return TRUE;
}

static void
print_ledger(const Ledger *ledger)
{
	g_print("\n");
	cmd_table_print(ledger->table);
	troubles_print(&ledger->troubles, _("messages"));
}

static gboolean
run_show(App *app, char **words, GError **error)
{
	static const char *const heads[] = { N_("state"), N_("unit"), N_("address"), N_("tries"),
		N_("reply") };
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(CmdTable) table = cmd_table_new("lllrl");
	g_autoptr(CmdTable) past = cmd_table_new("llll");
	g_autoptr(GHashTable) counts = NULL;
	g_autoptr(JsonNode) root = NULL;
	g_autoptr(Wave) wave = NULL;
	g_auto(Ledger) ledger = { 0 };
	gint64 id;

	if (!wave_number(words[0], &id, error))
		return FALSE;
	wave = outbox_wave(app->store, id, error);
	if (wave != NULL && message_of != NULL)
		return print_message(app, id, message_of, error);
	counts = wave != NULL ? outbox_counts(app->store, id, error) : NULL;
	if (counts == NULL)
		return FALSE;
	add_heads(table, heads, G_N_ELEMENTS(heads));
	json_builder_begin_object(builder);
	add_wave_json(builder, wave, counts);
	json_builder_set_member_name(builder, "troubles");
	json_builder_begin_array(builder);
	if (!add_troubles(app, id, table, builder, error))
		return FALSE;
	json_builder_end_array(builder);
	json_builder_set_member_name(builder, "history");
	json_builder_begin_array(builder);
	if (!add_history(app, id, past, builder, error))
		return FALSE;
	json_builder_end_array(builder);
	if (!add_ledger(app, id, &ledger, builder, error))
		return FALSE;
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	if (app->json) {
		cmd_print_json(root);
		return TRUE;
	}
	print_wave(wave, counts, past, table);
	print_ledger(&ledger);
	return TRUE;
}

const Command command_wave_list = {
	.name = "wave list",
	.summary = N_("list the waves with what became of their messages"),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.run = run_list,
};

static const GOptionEntry show_options[] = {
	{ "message", 0, 0, G_OPTION_ARG_STRING, &message_of,
	    N_("write the message about this unit, or to this address, as it was sent, byte for byte, to standard output"),
	    N_("UNIT") },
	{ 0 },
};

const Command command_wave_show = {
	.name = "wave show",
	.words = "WAVE",
	.summary = N_("show one wave, and each message that failed, waits or is unknown"),
	.needs = NEEDS_STORE | NEEDS_KEYS | OFFERS_JSON,
	.options = show_options,
	.least = 1,
	.most = 1,
	.run = run_show,
};

/* Planning messages that are words alone: thanks, and what an operator wants to say. */
#include "outbox/rows.h"

#include "base/durable.h"
#include "base/error.h"

#include <string.h>

/* One name for what all languages say. */
static char *
text_id(const MailSource *sources, guint count)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	for (guint i = 0; i < count; i++) {
		gsize size;
		const void *data = g_bytes_get_data(sources[i].bytes, &size);
		g_autofree char *head =
		    g_strdup_printf("%s %" G_GSIZE_FORMAT "\n", sources[i].lang, size);

		g_checksum_update(sum, (const guchar *)head, -1);
		g_checksum_update(sum, data, (gssize)size);
	}
	return g_strdup(g_checksum_get_string(sum));
}

/* Keeps the words for good, so that a message has the same bytes whenever it is made. */
static gboolean
keep(const OutboxTools *tools, const MailSource *sources, guint count, const char *id,
    GError **error)
{
	const char *workspace = config_workspace(tools->config);

	for (guint i = 0; i < count; i++) {
		g_autofree char *name = g_strdup_printf("%s.md", id);
		g_autofree char *folder =
		    g_build_filename(workspace, "archive", "texts", sources[i].lang, NULL);
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (!durable_mkdir(folder, error) ||
		    (!g_file_test(path, G_FILE_TEST_EXISTS) &&
			!durable_replace(path, sources[i].bytes, 0600, error)))
			return FALSE;
	}
	return TRUE;
}

/* The same words are the same announcement, whoever plans them again. */
static gboolean
find_serial(const OutboxTools *tools, const char *text, gint64 *out, GError **error)
{
	return store_int(tools->store, out, 1, error, SQL_outbox_announcement_serial, "tt",
	    tools->form->id, text);
}

static gboolean
plan_units(const OutboxTools *tools, const char *kind, const GPtrArray *units, gint64 serial,
    WavePlan *plan, GError **error)
{
	for (guint i = 0; i < units->len; i++) {
		const Unit *unit = g_ptr_array_index(units, i);
		const char *closing;

		if (!outbox_closing(tools->store, tools->form->id, unit->id, &closing, error))
			return FALSE;
		if (closing == NULL &&
		    !outbox_add(tools, plan->wave_id, kind, unit, "", serial, plan, error))
			return FALSE;
	}
	return TRUE;
}

/* In the caller's transaction. @text: "" or the name of what is said */
static gboolean
plan_wave(const OutboxTools *tools, const char *kind, const GPtrArray *units, const char *text,
    const char *filter_text, const char *actor, WavePlan *plan, GError **error)
{
	gint64 serial = 1;

	if (*text != '\0' && !find_serial(tools, text, &serial, error))
		return FALSE;
	return outbox_wave_new(tools, kind, filter_text, actor, &plan->wave_id, error) &&
	       store_run(tools->store, error, SQL_outbox_wave_text, "it", plan->wave_id, text) &&
	       plan_units(tools, kind, units, serial, plan, error) &&
	       (plan->planned == 0 || tools->renderer == NULL ||
		   outbox_try_out(tools, plan, error));
}

static WavePlan *
plan_words(const OutboxTools *tools, const char *kind, const UnitFilter *filter,
    const char *filter_text, const char *text, const char *actor, GError **error)
{
	g_autoptr(WavePlan) plan = wave_plan_new();
	g_autoptr(GPtrArray) units = registry_list(tools->store, filter, error);
	g_autoptr(Transaction) tx = units != NULL ? transaction_begin(tools->store, error) : NULL;

	if (tx == NULL || !plan_wave(tools, kind, units, text, filter_text, actor, plan, error))
		return NULL;
	if (plan->planned == 0) { /* no empty wave */
		plan->wave_id = 0;
		return g_steal_pointer(&plan);
	}
	return transaction_commit(tx, error) ? g_steal_pointer(&plan) : NULL;
}

WavePlan *
outbox_plan_thanks(const OutboxTools *tools, const UnitFilter *filter, const char *filter_text,
    const char *actor, GError **error)
{
	return plan_words(tools, "thanks", filter, filter_text, "", actor, error);
}

WavePlan *
outbox_plan_announcement(const OutboxTools *tools, const MailSource *sources, guint count,
    const UnitFilter *filter, const char *filter_text, const char *actor, GError **error)
{
	g_autofree char *id = text_id(sources, count);
	gboolean italian = FALSE;

	for (guint i = 0; i < count; i++) {
		italian = italian || strcmp(sources[i].lang, "it") == 0;
		if (tools->renderer != NULL &&
		    !renderer_check_source(tools->renderer, &sources[i], error))
			return NULL;
	}
	if (!italian) {
		fail(error, PLICO_ERROR_USAGE,
		    _("--text: an Italian text is needed, for those whose language has none"));
		return NULL;
	}
	if (!keep(tools, sources, count, id, error))
		return NULL;
	return plan_words(tools, "announcement", filter, filter_text, id, actor, error);
}

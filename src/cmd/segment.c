#include "cmd/segment.h"

#include "base/durable.h"
#include "base/error.h"
#include "base/lang.h"
#include "status/status.h"

#include <string.h>

#define LIST_LIMIT ((gsize)1 << 20)

SegmentWords segment_words = { .above = -1, .up_to = -1 };

void
segment_free(Segment *segment)
{
	if (segment == NULL)
		return;
	g_free(segment->words);
	g_strfreev(segment->codes);
	g_clear_pointer(&segment->ids, g_hash_table_unref);
	g_free(segment);
}

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

static char *
as_typed(void)
{
	const SegmentWords *typed = &segment_words;
	const struct {
		const char *option, *value;
	} texts[] = {
		{ "region", typed->region },
		{ "province", typed->province },
		{ "list", typed->list },
		{ "status", typed->status },
		{ "lang", typed->lang },
	};
	g_autoptr(GString) words = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		if (texts[i].value != NULL)
			g_string_append_printf(words, "--%s %s ", texts[i].option, texts[i].value);
	if (typed->above >= 0)
		g_string_append_printf(words, "--above %" PRId64 " ", typed->above);
	if (typed->up_to >= 0)
		g_string_append_printf(words, "--up-to %" PRId64 " ", typed->up_to);
	return g_strchomp(g_string_free(g_steal_pointer(&words), FALSE));
}

static gboolean
check_lang(const char *lang, GError **error)
{
	g_autofree char *known = NULL;

	if (lang == NULL || g_strv_contains(lang_all, lang))
		return TRUE;
	known = g_strjoinv(", ", (char **)(gsize)lang_all);
	return fail(error, PLICO_ERROR_USAGE, _("--lang %s: there are %s"), lang, known);
}

static gboolean
is_written_in(const App *app, const Unit *unit, const char *wanted)
{
	g_autofree char *lang = unit_lang(unit, app->config);

	return strcmp(lang_first(lang), wanted) == 0 || g_strcmp0(lang_second(lang), wanted) == 0;
}

/* @out: (out) (transfer full) (nullable): NULL where nothing is asked for */
static gboolean
find_states(const App *app, const Form *form, const char *words, GHashTable **out, GError **error)
{
	*out = words != NULL ? status_units_in(app->store, form, words, error) : NULL;
	return words == NULL || *out != NULL;
}

/* The units that the rest of the filter leaves, in the language and the states. */
static gboolean
find_ids(const App *app, const Form *form, const char *status, Segment *segment, GError **error)
{
	const SegmentWords *typed = &segment_words;
	g_autoptr(GHashTable) states = NULL;
	g_autoptr(GHashTable) wanted = NULL;
	g_autoptr(GPtrArray) units = NULL;

	if (typed->status == NULL && typed->lang == NULL && status == NULL)
		return TRUE;
	if (!find_states(app, form, typed->status, &states, error) ||
	    !find_states(app, form, status, &wanted, error))
		return FALSE;
	units = registry_list(app->store, &segment->filter, error);
	if (units == NULL)
		return FALSE;
	segment->ids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	for (guint i = 0; i < units->len; i++) {
		const Unit *unit = g_ptr_array_index(units, i);

		if ((states == NULL || g_hash_table_contains(states, &unit->id)) &&
		    (wanted == NULL || g_hash_table_contains(wanted, &unit->id)) &&
		    (typed->lang == NULL || is_written_in(app, unit, typed->lang)))
			g_hash_table_add(segment->ids, g_memdup2(&unit->id, sizeof(unit->id)));
	}
	segment->filter.ids = segment->ids;
	return TRUE;
}

Segment *
segment_new(const App *app, const Form *form, const char *status, GError **error)
{
	const SegmentWords *typed = &segment_words;
	g_autoptr(Segment) segment = g_new0(Segment, 1);

	segment->words = as_typed();
	segment->filter = (UnitFilter){ .region = typed->region,
		.province = typed->province,
		.above = typed->above,
		.up_to = typed->up_to };
	if (!check_lang(typed->lang, error))
		return NULL;
	if (typed->list != NULL) {
		segment->codes = read_list(typed->list, error);
		if (segment->codes == NULL)
			return NULL;
		segment->filter.codes = segment->codes;
	}
	return find_ids(app, form, status, segment, error) ? g_steal_pointer(&segment) : NULL;
}

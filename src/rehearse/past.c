#include "rehearse/past.h"

#include "base/error.h"
#include "memory/memory.h"
#include "rehearse/answers.h"

#include <string.h>

#define OF_ANSWERING 60 /* of 100 that answer this year, how many did last year */
#define OF_SILENT    5
#define LAST_YEAR    1 /* edit of answers_draw(): three in four as today */

Past
past_of(guint64 seed, const char *unit)
{
	const Behaviour *behaviour = behaviour_of(seed, unit);
	gboolean answers = behaviour->sends == SENDS_ALL || behaviour->sends == SENDS_PART ||
			   behaviour->later == LATER_ALL;

	if (dice(seed, unit, "last year", 100) >= (answers ? OF_ANSWERING : OF_SILENT))
		return PAST_NONE;
	if (behaviour->fault != FAULT_NONE || behaviour->later == LATER_CORRECTION ||
	    behaviour->later == LATER_AGAIN)
		return PAST_RENEWS;
	return PAST_RENEWS + dice(seed, unit, "what stands there", 3);
}

gboolean
past_stays(Past past)
{
	return past == PAST_KEEPS || past == PAST_IGNORES;
}

static gboolean
is_forgotten(gpointer name, gpointer value, gpointer data)
{
	const FormView *view = data;
	g_autofree char *then = memory_question(form_item(form_view_form(view), name), "");

	(void)value;
	return then == NULL;
}

GHashTable *
past_answers(guint64 seed, const char *unit, const FormView *view)
{
	GHashTable *answers;

	if (past_of(seed, unit) == PAST_NONE)
		return g_hash_table_new(g_str_hash, g_str_equal);
	answers = answers_draw(seed, unit, view, FAULT_NONE, LAST_YEAR);
	(void)g_hash_table_foreach_remove(answers, is_forgotten, (gpointer)(gsize)view);
	return answers;
}

gboolean
past_has_section(GHashTable *answers, const FormView *view, const Section *section)
{
	g_autoptr(GPtrArray) questions = answers_questions(view, section);

	for (guint i = 0; i < questions->len; i++) {
		const Item *item = g_ptr_array_index(questions, i);

		if (g_hash_table_contains(answers, item->name))
			return TRUE;
	}
	return FALSE;
}

char *
past_edition(const char *edition)
{
	const char *year = memory_year(edition);

	return year != edition ? g_strdup_printf("%.*s%" PRIu64, (int)(year - edition), edition,
				     g_ascii_strtoull(year, NULL, 10) - 1)
			       : g_strconcat(edition, "-before", NULL);
}

/* What stands beside a question is written by the town itself, as if there were nothing. */
static gboolean
is_beside(gpointer name, gpointer value, gpointer data)
{
	const FormView *view = data;

	(void)value;
	return form_item(form_view_form(view), name)->beside;
}

GHashTable *
past_printed(guint64 seed, const char *unit, const FormView *view)
{
	GHashTable *answers = past_answers(seed, unit, view);

	(void)g_hash_table_foreach_remove(answers, is_beside, (gpointer)(gsize)view);
	return answers;
}

/* A row for each answer; tabs apart, because no answer holds one. */
static char *
write_answers(const GPtrArray *units, const Form *form, guint64 seed)
{
	g_autoptr(GString) text = g_string_new("codice\tdomanda\tvalore\n");

	for (guint i = 0; i < units->len; i++) {
		const Unit *unit = g_ptr_array_index(units, i);
		g_autoptr(FormView) view = form_view_new(form, unit);
		g_autoptr(GHashTable) answers = past_answers(seed, unit->code, view);
		GHashTableIter iter;
		gpointer name, value;

		g_hash_table_iter_init(&iter, answers);
		while (g_hash_table_iter_next(&iter, &name, &value))
			g_string_append_printf(
			    text, "%s\t%s\t%s\n", unit->code, (char *)name, (char *)value);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

gboolean
past_import(Store *store, const Form *form, guint64 seed, const char *path, const char *actor,
    GError **error)
{
	g_autofree char *edition = past_edition(form->id);
	const MemorySource source = { .edition = edition, .form = form, .actor = actor };
	g_autoptr(GPtrArray) units = registry_list(store, NULL, error);
	g_autofree char *text = NULL;
	g_autoptr(MemoryReport) report = NULL;

	if (units == NULL)
		return FALSE;
	text = write_answers(units, form, seed);
	if (!g_file_set_contents(path, text, -1, error))
		return FALSE;
	report = memory_import(store, path, &source, error);
	if (report == NULL)
		return FALSE;
	if (report->refused > 0) {
		const Finding *first = g_ptr_array_index(report->findings, 0);

		return fail(error, PLICO_ERROR_INPUT,
		    _("rehearsal: of last year's answers %u were not taken: %s"), report->refused,
		    first->text);
	}
	return TRUE;
}

#include "rehearse/judge.h"

#include "base/error.h"
#include "rehearse/answers.h"
#include "rehearse/past.h"

#include <string.h>

typedef struct {
	Store *store;
	const TownTools *tools;
	GHashTable *towns; /* code -> Town */
	GHashTable *
	    by_sum; /* sha256 of a file -> GPtrArray of Sent that nothing in the store has met yet */
	Verdict *verdict;
	GHashTable *struck; /* of char *, borrowed: SHA-256 of strangers' messages */
	GHashTable *opened; /* of char *, borrowed: towns whose sheet a stranger has sent */
	/* the answers that were drawn last, since returns come unit by unit */
	const Town *town;
	FormView *view;
	GHashTable *drawn;
	GHashTable *past; /* last year's answers that were printed on its sheets */
	Fault fault;
	guint edit;
} Judge;

static void
judge_clear(Judge *judge)
{
	g_clear_pointer(&judge->towns, g_hash_table_unref);
	g_clear_pointer(&judge->by_sum, g_hash_table_unref);
	g_clear_pointer(&judge->struck, g_hash_table_unref);
	g_clear_pointer(&judge->opened, g_hash_table_unref);
	g_clear_pointer(&judge->drawn, g_hash_table_unref);
	g_clear_pointer(&judge->past, g_hash_table_unref);
	form_view_free(judge->view);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Judge, judge_clear)

void
verdict_clear(Verdict *verdict)
{
	g_clear_pointer(&verdict->examples, g_ptr_array_unref);
}

void
judge_say(Verdict *verdict, const char *format, ...)
{
	va_list arguments;

	if (verdict->examples->len == JUDGE_EXAMPLES)
		return;
	va_start(arguments, format);
	g_ptr_array_add(verdict->examples, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

/* --- answers ---------------------------------------------------------------------------------------------- */

static const FormView *
view_of(Judge *judge, const Town *town)
{
	if (judge->town != town) {
		g_clear_pointer(&judge->drawn, g_hash_table_unref);
		g_clear_pointer(&judge->past, g_hash_table_unref);
		form_view_free(judge->view);
		judge->view = form_view_new(judge->tools->form, town->unit);
		judge->past = past_printed(judge->tools->seed, town->unit->code, judge->view);
		judge->town = town;
	}
	return judge->view;
}

/* What the town meant in one section. Returns: (transfer full): name -> value */
static GHashTable *
meant_by(Judge *judge, const Town *town, const Sent *sent)
{
	GHashTable *meant = g_hash_table_new(g_str_hash, g_str_equal);
	const FormView *view = view_of(judge, town);
	const Section *section = form_section(judge->tools->form, sent->section);
	g_autoptr(GPtrArray) questions = answers_questions(view, section);

	if (judge->drawn == NULL || judge->fault != sent->fault || judge->edit != sent->edit) {
		g_clear_pointer(&judge->drawn, g_hash_table_unref);
		judge->drawn = answers_draw(
		    judge->tools->seed, town->unit->code, view, sent->fault, sent->edit);
		judge->fault = sent->fault;
		judge->edit = sent->edit;
	}
	for (guint i = 0; i < questions->len; i++) {
		const Item *item = g_ptr_array_index(questions, i);
		gpointer value = g_hash_table_lookup(judge->drawn, item->name);

		if (value != NULL)
			g_hash_table_insert(meant, item->name, value);
	}
	return meant;
}

static void
mismatch(
    Judge *judge, const char *where, const char *question, const char *meant, const char *stored)
{
	judge->verdict->mismatches++;
	judge_say(judge->verdict, _("%s, %s: meant \"%s\", stored \"%s\""), where, question, meant,
	    stored);
}

/* Where an answer must come from: @sent (nullable) is the sheet on which it came. */
static const char *
origin_of(const Judge *judge, const Sent *sent, const char *question, const char *value)
{
	if (sent == NULL || g_strcmp0(g_hash_table_lookup(judge->past, question), value) != 0)
		return ORIGIN_GIVEN;
	return sent->fault == FAULT_NONE && past_of(judge->tools->seed, sent->unit) != PAST_IGNORES
		   ? ORIGIN_CONFIRMED
		   : ORIGIN_COPIED;
}

static void
compare_origin(Judge *judge, const Sent *sent, Rows *row, const char *where)
{
	const char *question = rows_text(row, 0);
	const char *stored = rows_text(row, 2);
	const char *wanted = origin_of(judge, sent, question, rows_text(row, 1));

	judge->verdict->confirmed += strcmp(stored, ORIGIN_CONFIRMED) == 0 ? 1 : 0;
	judge->verdict->copied += strcmp(stored, ORIGIN_COPIED) == 0 ? 1 : 0;
	if (strcmp(stored, wanted) != 0)
		mismatch(judge, where, question, wanted, stored);
}

/* Takes what agrees out of @meant; what stays there is missing. */
static gboolean
compare(Judge *judge, gint64 return_id, const Sent *sent, GHashTable *meant, const char *where,
    GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(judge->store, error, SQL_rehearse_answers, "i", return_id);
	GHashTableIter iter;
	gpointer name, value;

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why)) {
		const char *question = rows_text(rows, 0);
		const char *stored = rows_text(rows, 1);
		const char *wanted = g_hash_table_lookup(meant, question);

		judge->verdict->answers++;
		if (g_strcmp0(wanted, stored) != 0)
			mismatch(judge, where, question, wanted != NULL ? wanted : "", stored);
		else
			compare_origin(judge, sent, rows, where);
		g_hash_table_remove(meant, question);
	}
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	g_hash_table_iter_init(&iter, meant);
	while (g_hash_table_iter_next(&iter, &name, &value))
		mismatch(judge, where, name, value, "");
	return TRUE;
}

/* --- returns ---------------------------------------------------------------------------------------------- */

/* Each state that a file may be in, and whether its answers must be there. */
static gboolean
as_expected(const Sent *sent, const char *state)
{
	switch (sent->expect) {
	case EXPECT_ANSWERS:
		return strcmp(state, "applied") == 0 || strcmp(state, "superseded") == 0;
	case EXPECT_HELD:
		return strcmp(state, "held") == 0 || strcmp(state, "superseded") == 0;
	case EXPECT_QUARANTINE:
		return strcmp(state, "quarantined") == 0;
	}
	g_assert_not_reached();
}

static gboolean
keeps_answers(const char *state)
{
	return strcmp(state, "applied") == 0 || strcmp(state, "held") == 0 ||
	       strcmp(state, "superseded") == 0;
}

/* The sheet that a return is, taken from those which have not come yet. Returns: (transfer none) (nullable) */
static const Sent *
take_sent(Judge *judge, const char *sha256)
{
	GPtrArray *list = g_hash_table_lookup(judge->by_sum, sha256);

	return list != NULL && list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
}

/* Equal for sheets that say the same, whatever their bytes: who saves twice gets two files. Returns: (transfer full) */
static char *
meaning_of(const Sent *sent)
{
	return g_strdup_printf(
	    "%s %s %u %d", sent->unit, sent->section, sent->edit, (int)sent->fault);
}

static gboolean
judge_return(Judge *judge, Rows *row, GHashTable *met, GError **error)
{
	const char *sha256 = rows_text(row, 1);
	const char *state = rows_text(row, 2);
	g_autofree char *where = g_strdup_printf(
	    "%s %s, return %" PRId64, rows_text(row, 3), rows_text(row, 4), rows_int(row, 0));
	const Sent *sent = take_sent(judge, sha256);
	gboolean again = sent != NULL && !g_hash_table_add(met, meaning_of(sent));
	g_autoptr(GHashTable) meant = NULL;

	if (sent == NULL) {
		judge->verdict->surprises++;
		judge_say(judge->verdict, _("%s (%s): nobody sent this file"), where, state);
	} else if (again ? strcmp(state, "duplicate") != 0 && sent->expect != EXPECT_QUARANTINE
			 : !as_expected(sent, state)) {
		judge->verdict->surprises++;
		judge_say(judge->verdict, _("%s: is %s, which it should not be"), where, state);
	}
	if (!keeps_answers(state))
		return TRUE;
	if (sent == NULL || sent->expect == EXPECT_QUARANTINE || again)
		meant = g_hash_table_new(g_str_hash, g_str_equal);
	else
		meant = meant_by(judge, g_hash_table_lookup(judge->towns, sent->unit), sent);
	return compare(judge, rows_int(row, 0), sent, meant, where, error);
}

static gboolean
judge_returns(Judge *judge, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GHashTable) met = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(Rows) rows = store_query(judge->store, error, SQL_rehearse_returns, "");

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why))
		if (!g_hash_table_contains(judge->struck, rows_text(rows, 5)) &&
		    !judge_return(judge, rows, met, error))
			return FALSE;
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* What was sent and is nowhere: each of its answers is missing. */
static void
judge_missing(Judge *judge, const GPtrArray *sent_all)
{
	for (guint i = 0; i < sent_all->len; i++) {
		const Sent *sent = g_ptr_array_index(sent_all, i);
		GPtrArray *list = g_hash_table_lookup(judge->by_sum, sent->sha256);
		g_autoptr(GHashTable) meant = NULL;

		if (!g_ptr_array_find(list, sent, NULL))
			continue;
		judge->verdict->surprises++;
		judge_say(judge->verdict, _("%s %s: was sent and has not arrived"), sent->unit,
		    sent->section);
		if (sent->expect == EXPECT_QUARANTINE)
			continue;
		meant = meant_by(judge, g_hash_table_lookup(judge->towns, sent->unit), sent);
		judge->verdict->mismatches += g_hash_table_size(meant);
	}
}

/* --- units ------------------------------------------------------------------------------------------------ */

typedef struct {
	gboolean evidence; /* a sheet of its came that shows it has opened the letter */
	/* sections that came last without a fault; last year's answers that nobody confirmed are one */
	GHashTable *sound;
} Trace;

static void
trace_free(gpointer data)
{
	Trace *trace = data;

	g_hash_table_unref(trace->sound);
	g_free(trace);
}

/* What the journal says of each unit that sent anything. Returns: (transfer full): code -> Trace */
static GHashTable *
trace_units(const GPtrArray *journal, guint64 seed)
{
	GHashTable *traces = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, trace_free);

	for (guint i = 0; i < journal->len; i++) {
		const Sent *sent = g_ptr_array_index(journal, i);
		Trace *trace = g_hash_table_lookup(traces, sent->unit);

		if (trace == NULL) {
			trace = g_new0(Trace, 1);
			trace->sound = g_hash_table_new(g_str_hash, g_str_equal);
			g_hash_table_insert(traces, sent->unit, trace);
		}
		trace->evidence = trace->evidence || sent->expect != EXPECT_QUARANTINE;
		if (sent->expect != EXPECT_ANSWERS)
			continue;
		if (sent->fault == FAULT_NONE && past_of(seed, sent->unit) != PAST_IGNORES)
			g_hash_table_add(trace->sound, sent->section);
		else
			g_hash_table_remove(trace->sound, sent->section);
	}
	return traces;
}

/* A faulty answer may happen to hold nothing wrong: then the unit may be completed or not. */
static gboolean
state_fits(Judge *judge, const Town *town, const Trace *trace, const char *state)
{
	g_autoptr(GPtrArray) sections = NULL;

	if (trace == NULL || !trace->evidence)
		return strcmp(state, g_hash_table_contains(judge->opened, town->unit->code)
					 ? "in_progress"
					 : "never_opened") == 0;
	sections = form_view_sections(view_of(judge, town));
	if (g_hash_table_size(trace->sound) == sections->len)
		return strcmp(state, "completed") == 0;
	return strcmp(state, "in_progress") == 0 || strcmp(state, "completed") == 0;
}

static gboolean
judge_units(Judge *judge, const GPtrArray *journal, GError **error)
{
	g_autoptr(GHashTable) traces = trace_units(journal, judge->tools->seed);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(judge->store, error, SQL_rehearse_states, "t", judge->tools->edition);

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why)) {
		const char *code = rows_text(rows, 0);
		const char *state = rows_text(rows, 1);
		const Town *town = g_hash_table_lookup(judge->towns, code);

		if (town == NULL ||
		    state_fits(judge, town, g_hash_table_lookup(traces, code), state))
			continue;
		judge->verdict->surprises++;
		judge_say(judge->verdict, _("%s: is %s, which it should not be"), code, state);
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* Files by their sum: the same file may be sent twice. */
static GHashTable *
by_sum(const GPtrArray *journal)
{
	GHashTable *sums =
	    g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);

	for (guint i = 0; i < journal->len; i++) {
		Sent *sent = g_ptr_array_index(journal, i);
		GPtrArray *list = g_hash_table_lookup(sums, sent->sha256);

		if (list == NULL) {
			list = g_ptr_array_new();
			g_hash_table_insert(sums, sent->sha256, list);
		}
		g_ptr_array_add(list, sent);
	}
	return sums;
}

gboolean
judge_campaign(Store *store, const TownTools *tools, const GPtrArray *towns, const Journal *journal,
    Verdict *verdict, GError **error)
{
	g_auto(Judge) judge = { .store = store, .tools = tools, .verdict = verdict };

	verdict->examples = g_ptr_array_new_with_free_func(g_free);
	judge.towns = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < towns->len; i++) {
		Town *town = g_ptr_array_index(towns, i);

		g_hash_table_insert(judge.towns, town->unit->code, town);
	}
	judge.by_sum = by_sum(journal->sent);
	judge.struck = g_hash_table_new(g_str_hash, g_str_equal);
	judge.opened = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < journal->strikes->len; i++)
		g_hash_table_add(
		    judge.struck, ((const Strike *)g_ptr_array_index(journal->strikes, i))->sha256);
	if (!judge_strikes(store, journal, verdict, judge.opened, error) ||
	    !judge_returns(&judge, error))
		return FALSE;
	judge_missing(&judge, journal->sent);
	return judge_units(&judge, journal->sent, error);
}

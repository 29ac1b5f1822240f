/* The judge must see everything that can go wrong with an answer: each fault is made once. */
#include "rehearse/answers.h"
#include "rehearse/judge.h"
#include "rehearse/towns.h"
#include "status/status.h"

#include <glib/gstdio.h>
#include <string.h>

#define FILE_SUM "aa"

/* One town that has sent one section, which has been stored. */
typedef struct {
	char *directory;
	Store *store;
	Form *form;
	TownTools tools;
	GPtrArray *towns;
	Journal *journal;
	Town *town;
	const char *copied; /* (nullable): a question whose answer is stored as last year's */
	GHashTable *meant;  /* of the section */
	Verdict verdict;
} Court;

static Town *
only_town(Store *store, const char *directory)
{
	g_autofree char *path = g_build_filename(directory, "registry.csv", NULL);
	const ImportOptions options = { .actor = "test" };
	g_autoptr(GError) error = NULL;
	g_autoptr(ImportReport) imported = NULL;
	Town *town = g_new0(Town, 1);

	g_assert_true(towns_write(1, 7, path, &error));
	imported = registry_import(store, path, &options, &error);
	g_assert_no_error(error);
	town->unit = registry_unit(store, 1, &error);
	g_assert_no_error(error);
	town->address = g_strdup("a@a.example");
	(void)g_unlink(path);
	return town;
}

static void
add_sent(Court *court, guint edit, Expect expect)
{
	Sent *sent = g_new0(Sent, 1);

	sent->unit = g_strdup(court->town->unit->code);
	sent->section = g_strdup("s2");
	sent->sha256 = g_strdup(FILE_SUM);
	sent->edit = edit;
	sent->expect = expect;
	g_ptr_array_add(court->journal->sent, sent);
}

static Court
open_court(void)
{
	g_autofree char *forms = g_build_filename(g_getenv("SRCDIR"), "forms/mappa-2024", NULL);
	g_autofree char *database = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(FormView) view = NULL;
	g_autoptr(GPtrArray) questions = NULL;
	g_autoptr(GHashTable) all = NULL;
	Court court = { 0 };

	court.directory = g_dir_make_tmp("judge-XXXXXX", &error);
	database = g_build_filename(court.directory, "plico.db", NULL);
	court.store = store_open(database, &error);
	g_assert_no_error(error);
	court.form = form_open_strict(forms, &error);
	g_assert_no_error(error);
	court.tools = (TownTools){ .seed = 7, .form = court.form, .edition = court.form->id };
	court.town = only_town(court.store, court.directory);
	court.towns = g_ptr_array_new_with_free_func((GDestroyNotify)town_free);
	g_ptr_array_add(court.towns, court.town);
	court.journal = journal_new();
	view = form_view_new(court.form, court.town->unit);
	all = answers_draw(7, court.town->unit->code, view, FAULT_NONE, 0);
	questions = answers_questions(view, form_section(court.form, "s2"));
	court.meant = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (guint i = 0; i < questions->len; i++) {
		const Item *item = g_ptr_array_index(questions, i);
		const char *value = g_hash_table_lookup(all, item->name);

		if (value != NULL)
			g_hash_table_insert(court.meant, g_strdup(item->name), g_strdup(value));
	}
	g_assert_cmpuint(g_hash_table_size(court.meant), >, 10);
	return court;
}

static void
close_court(Court *court)
{
	static const char *const files[] = { "plico.db", "plico.db-wal", "plico.db-shm" };

	verdict_clear(&court->verdict);
	g_hash_table_unref(court->meant);
	journal_free(court->journal);
	g_ptr_array_unref(court->towns);
	form_free(court->form);
	store_free(court->store);
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_build_filename(court->directory, files[i], NULL);

		(void)g_unlink(path);
	}
	(void)g_rmdir(court->directory);
	g_free(court->directory);
}

/* A return of the section in @state, with what court->meant says now. */
static void
store_return(Court *court, const char *sum, const char *state)
{
	g_autofree char *message = g_strconcat("message of ", sum, state, NULL);
	g_autofree char *what = g_strconcat("return.", state, NULL);
	g_autoptr(GError) error = NULL;
	const Event event = { .edition = court->form->id,
		.unit_id = 1,
		.section = "s2",
		.subject = "return",
		.what = what,
		.to_state = state,
		.evidence = message };
	GHashTableIter iter;
	gpointer name, value;
	gint64 id;

	g_assert_true(store_run(court->store, &error, SQL_inbox_insert_message, "titi", message,
	    (gint64)1, "test", (gint64)0));
	g_assert_true(store_run(court->store, &error, SQL_validate_return_insert,
	    "iitttittiiitttttiiii", store_last_id(court->store), (gint64)0, sum, "",
	    court->form->id, (gint64)1, "s2", "", (gint64)1, (gint64)0, (gint64)0, "", state, "",
	    "", "", (gint64)0, (gint64)0, (gint64)0, (gint64)0));
	id = store_last_id(court->store);
	g_hash_table_iter_init(&iter, court->meant);
	while (g_hash_table_iter_next(&iter, &name, &value))
		g_assert_true(store_run(court->store, &error, SQL_validate_answer_insert, "ittt",
		    id, (const char *)name, (const char *)value,
		    g_strcmp0(name, court->copied) == 0 ? "copied" : "given"));
	g_assert_true(store_event(court->store, &event, &error));
}

static void
judge(Court *court, guint mismatches, guint surprises)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(status_refresh(court->store, court->form, &error));
	g_assert_true(judge_campaign(
	    court->store, &court->tools, court->towns, court->journal, &court->verdict, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(court->verdict.mismatches, ==, mismatches);
	g_assert_cmpuint(court->verdict.surprises, ==, surprises);
	g_assert_true((court->verdict.examples->len > 0) == (mismatches + surprises > 0));
	close_court(court);
}

/* A message of a stranger: the one with which store_return() has stored the file in @state. */
static void
add_strike(Court *court, const char *state, guint fates)
{
	g_autofree char *message = g_strconcat("message of ", FILE_SUM, state, NULL);

	g_ptr_array_add(
	    court->journal->strikes, strike_new(court->town->unit->code, "forged", fates, message));
}

static void
test_stranger_counts(void)
{
	Court court = open_court();
	guint all = g_hash_table_size(court.meant);

	add_strike(&court, "applied", FATE_HELD);
	store_return(&court, FILE_SUM, "applied");
	judge(&court, all, 1);
}

/* What waits for a person shows that somebody has opened the letter. */
static void
test_stranger_waits(void)
{
	Court court = open_court();

	add_strike(&court, "held", FATE_HELD | FATE_COPY);
	store_return(&court, FILE_SUM, "held");
	judge(&court, 0, 0);
}

static void
test_stranger_is_taken_for_another(void)
{
	Court court = open_court();

	add_strike(&court, "held", FATE_QUARANTINED | FATE_IGNORED);
	store_return(&court, FILE_SUM, "held");
	judge(&court, 0, 1);
}

static void
test_stranger_is_lost(void)
{
	Court court = open_court();

	add_strike(&court, "held", FATE_IGNORED);
	judge(&court, 0, 1);
}

static void
test_right(void)
{
	Court court = open_court();

	add_sent(&court, 0, EXPECT_ANSWERS);
	store_return(&court, FILE_SUM, "applied");
	judge(&court, 0, 0);
}

static void
test_wrong_value(void)
{
	Court court = open_court();

	add_sent(&court, 0, EXPECT_ANSWERS);
	g_hash_table_insert(court.meant, g_strdup("q2_1"), g_strdup("other"));
	store_return(&court, FILE_SUM, "applied");
	judge(&court, 1, 0);
}

static void
test_wrong_origin(void)
{
	Court court = open_court();

	add_sent(&court, 0, EXPECT_ANSWERS);
	court.copied = "q2_7";
	store_return(&court, FILE_SUM, "applied");
	judge(&court, 1, 0);
}

static void
test_lost_value(void)
{
	Court court = open_court();

	add_sent(&court, 0, EXPECT_ANSWERS);
	g_assert_true(g_hash_table_remove(court.meant, "q2_7"));
	store_return(&court, FILE_SUM, "applied");
	judge(&court, 1, 0);
}

static void
test_extra_value(void)
{
	Court court = open_court();

	add_sent(&court, 0, EXPECT_ANSWERS);
	g_hash_table_insert(court.meant, g_strdup("q9_9"), g_strdup("x"));
	store_return(&court, FILE_SUM, "applied");
	judge(&court, 1, 0);
}

/* The file is missing, and the unit looks as if it had never opened its letter. */
static void
test_lost_return(void)
{
	Court court = open_court();
	guint all = g_hash_table_size(court.meant);

	add_sent(&court, 0, EXPECT_ANSWERS);
	judge(&court, all, 2);
}

/* A file that nobody sent: its answers are all wrong, and the unit has no business to be in progress. */
static void
test_foreign_return(void)
{
	Court court = open_court();
	guint all = g_hash_table_size(court.meant);

	store_return(&court, "bb", "applied");
	judge(&court, all, 2);
}

static void
test_wrong_fate(void)
{
	Court court = open_court();

	add_sent(&court, 0, EXPECT_HELD);
	store_return(&court, FILE_SUM, "applied");
	judge(&court, 0, 1);
}

/* What must not be believed counts against whoever stored it. */
static void
test_believed(void)
{
	Court court = open_court();
	guint all = g_hash_table_size(court.meant);

	add_sent(&court, 0, EXPECT_QUARANTINE);
	store_return(&court, FILE_SUM, "applied");
	judge(&court, all, 2);
}

/* The same answers counted twice. */
static void
test_twice(void)
{
	Court court = open_court();
	guint all = g_hash_table_size(court.meant);

	add_sent(&court, 0, EXPECT_ANSWERS);
	add_sent(&court, 0, EXPECT_ANSWERS);
	store_return(&court, FILE_SUM, "superseded");
	store_return(&court, FILE_SUM, "applied");
	judge(&court, all, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/judge/finds nothing where all is right", test_right);
	g_test_add_func("/judge/sees another value", test_wrong_value);
	g_test_add_func("/judge/sees another origin", test_wrong_origin);
	g_test_add_func("/judge/sees an answer that is missing", test_lost_value);
	g_test_add_func("/judge/sees an answer too many", test_extra_value);
	g_test_add_func("/judge/sees a return that is missing", test_lost_return);
	g_test_add_func("/judge/sees a return from nowhere", test_foreign_return);
	g_test_add_func("/judge/sees a wrong state", test_wrong_fate);
	g_test_add_func("/judge/sees what should not be believed", test_believed);
	g_test_add_func("/judge/sees what counts twice", test_twice);
	g_test_add_func(
	    "/judge/answers of a stranger that count are mismatches", test_stranger_counts);
	g_test_add_func("/judge/a stranger's sheet may wait for a person", test_stranger_waits);
	g_test_add_func("/judge/a stranger's sheet with another fate is a surprise",
	    test_stranger_is_taken_for_another);
	g_test_add_func(
	    "/judge/a stranger's message that is lost is a surprise", test_stranger_is_lost);
	return g_test_run();
}

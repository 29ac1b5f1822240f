/* Last year's answers from files, and from the returns of another edition. */
#include "workshop.h"

#include "base/error.h"

static MemoryReport *
import(Workshop *shop, const char *text, gboolean with_then, gboolean dry)
{
	g_autofree char *path = g_build_filename(shop->base.directory, "memoria.csv", NULL);
	g_autoptr(GError) error = NULL;
	const MemorySource source = { .edition = "prova-2024",
		.then = with_then ? shop->base.form : NULL,
		.form = shop->form,
		.actor = "test",
		.dry_run = dry };
	MemoryReport *report;

	fixture_write(&shop->base, "memoria.csv", text);
	report = memory_import(shop->base.store, path, &source, &error);
	g_assert_no_error(error);
	return report;
}

static void
check_rows(Workshop *shop, const char *rows)
{
	g_autofree char *all = fixture_rows(&shop->base,
	    "SELECT code, question, value, source FROM memory ORDER BY code, question");

	g_assert_cmpstr(all, ==, rows);
}

static void
test_wide(void)
{
	g_auto(Workshop) shop = { 0 };
	g_autoptr(MemoryReport) report = NULL;
	g_autofree char *told = NULL;

	workshop_open(&shop);
	/* as a spreadsheet has it: with a guard before what looks like a formula, and ISTAT codes as texts */
	report = import(&shop,
	    "\xEF\xBB\xBF"
	    "codice;istat;denominazione;s2_stato;q1_1;q2_1;q2_1__sito;q2_4;q2_5\n"
	    "A001;=\"000001\";Grande;received;'=1+1;sito app;1;0,5;11/07/2024\n"
	    ";=\"000002\";Medio;;Però;;;1.250,5;\n",
	    TRUE, FALSE);
	told = workshop_findings(report->findings);
	g_assert_cmpstr(told, ==, "memory-choice:q2_1");
	g_assert_cmpuint(report->rows, ==, 2);
	g_assert_cmpuint(report->towns, ==, 2);
	g_assert_cmpuint(report->added, ==, 6);
	check_rows(&shop,
	    "A001|q1_1|=1+1|memoria.csv\nA001|q2_1|sito app|memoria.csv\nA001|q2_4|0.5|memoria.csv\n"
	    "A001|q2_5|2024-07-11|memoria.csv\nA002|q1_1|Però|memoria.csv\nA002|q2_4|1250.5|memoria.csv");
}

static void
test_long(void)
{
	g_auto(Workshop) shop = { 0 };
	g_autoptr(MemoryReport) report = NULL;
	g_autofree char *told = NULL;

	workshop_open(&shop);
	report = import(&shop,
	    "codice,sezione,domanda,valore,rilievo,origine\n"
	    "A001,s2,q2_1,sito,,given\n"
	    "A001,s2,q2_2,social,choice_filter,given\n" /* had an error */
	    "A001,s2,q2_5,2024-07-11,,copied\n"		/* nobody gave it */
	    "A001,s2,q2_4,2,not_relevant,given\n"
	    "A001,s4,q4_1,si,,given\n" /* reserved */
	    "A001,s2,q2_99,2,,given\n",
	    TRUE, FALSE);
	told = workshop_findings(report->findings);
	g_assert_true(g_str_has_prefix(told, "question:"));
	g_assert_cmpuint(report->refused, ==, 1);
	check_rows(&shop, "A001|q2_1|sito|memoria.csv\nA001|q2_4|2|memoria.csv");
}

static void
test_again(void)
{
	g_auto(Workshop) shop = { 0 };
	const char *text = "codice,q2_1,q2_4\nA001,sito,1\nA002,nessuno,2\n";
	g_autoptr(MemoryReport) first = NULL;
	g_autoptr(MemoryReport) second = NULL;
	g_autoptr(MemoryReport) third = NULL;
	g_autoptr(MemoryReport) dry = NULL;
	g_autofree char *events = NULL;

	workshop_open(&shop);
	first = import(&shop, text, TRUE, FALSE);
	second = import(&shop, text, TRUE, FALSE);
	g_assert_cmpuint(second->unchanged, ==, 4);
	g_assert_cmpuint(second->added + second->changed + second->gone, ==, 0);
	dry = import(&shop, "codice,q2_1,q2_4\nA001,social,\n", TRUE, TRUE);
	g_assert_cmpuint(dry->changed, ==, 1);
	third = import(&shop, "codice,q2_1,q2_4\nA001,social,\n", TRUE, FALSE);
	g_assert_cmpuint(third->changed, ==, 1);
	g_assert_cmpuint(third->gone, ==, 1);
	/* A002 is not in the last file: what was known of it stays */
	check_rows(&shop,
	    "A001|q2_1|social|memoria.csv\nA002|q2_1|nessuno|memoria.csv\nA002|q2_4|2|memoria.csv");
	events = fixture_rows(&shop.base, "SELECT count(*) FROM event WHERE what = 'memory.taken'");
	g_assert_cmpstr(events, ==, "2");
}

static void
test_wrong(void)
{
	g_auto(Workshop) shop = { 0 };
	g_autoptr(MemoryReport) report = NULL;
	g_autofree char *told = NULL;

	workshop_open(&shop);
	report = import(&shop,
	    "codice,q2_1,q2_4,q2_5,ignota\nZ999,sito,1,,\nA001,boh,molte,ieri,\nA001,sito,,,\n",
	    TRUE, FALSE);
	told = workshop_findings(report->findings);
	g_assert_cmpuint(report->refused, ==, 5);
	g_assert_nonnull(strstr(told, "question:ignota"));
	g_assert_nonnull(strstr(told, "code:"));
	g_assert_nonnull(strstr(told, "twice:"));
	check_rows(&shop, "");
}

/* Without the form of then only today's can say what an answer is; a choice may be one of then. */
static void
test_without_form(void)
{
	g_auto(Workshop) shop = { 0 };
	g_autoptr(MemoryReport) report = NULL;
	g_autofree char *told = NULL;

	workshop_open(&shop);
	report = import(&shop, "codice,q2_1,q2_3,q1_1\nA001,sito app,300,Anna\n", FALSE, FALSE);
	told = workshop_findings(report->findings);
	g_assert_cmpstr(told, ==, "question:q1_1 memory-choice:q2_1");
	check_rows(&shop, "A001|q2_1|sito app|memoria.csv\nA001|q2_3|300|memoria.csv");
}

static void
test_former(void)
{
	g_auto(Workshop) shop = { 0 };
	g_autofree char *path = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(FormerReport) own = NULL;
	g_autoptr(FormerReport) crosswalk = NULL;
	g_autoptr(MemoryReport) report = NULL;
	g_autofree char *codes = NULL;

	workshop_open(&shop);
	fixture_write(&shop.base, "codes.csv",
	    "former,code\nB001,A001\n900001,A002\n000002,A003\nB001,B999\nx,A001\n");
	path = g_build_filename(shop.base.directory, "codes.csv", NULL);
	own = memory_import_former(shop.base.store, path, "test", FALSE, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(own->added, ==, 3);
	g_assert_cmpuint(own->refused, ==, 2);
	fixture_write(&shop.base, "codes.csv",
	    "istat_code_2025,istat_code_2026,cadastral_code,name\n900001,900002,A002,Medio\n"
	    "900003,(900004 A003 Piccolo),B002,Andato\n900005,(merged: see ISTAT),B003,Perso\n");
	crosswalk = memory_import_former(shop.base.store, path, "test", FALSE, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(crosswalk->added, ==, 2);
	g_assert_cmpuint(crosswalk->unchanged, ==, 1);
	g_assert_cmpuint(crosswalk->refused, ==, 1);
	codes = fixture_rows(&shop.base, "SELECT code, now FROM unit_former ORDER BY code");
	g_assert_cmpstr(codes, ==, "000002|A003\n900001|A002\n900003|B002\nB001|A001\nB002|A003");
	/* by a former code; 000002 is A002's today and was A003's: nobody knows whose the row is */
	report = import(
	    &shop, "istat,codice,q2_4\n900001,,1\n900003,,2\n,B001,3\n000002,,4\n", TRUE, FALSE);
	g_assert_cmpuint(report->refused, ==, 1);
	check_rows(
	    &shop, "A002|q2_4|1|memoria.csv\nB001|q2_4|3|memoria.csv\nB002|q2_4|2|memoria.csv");
}

static void
add_return(Workshop *shop, gint64 id, gint64 unit, const char *edition, const char *state)
{
	fixture_sql(&shop->base,
	    "INSERT INTO message (id, sha256, size, source, received_at, state) "
	    "VALUES (%" PRId64 ", '%" PRId64 "', 1, 'x', 1, 'parsed')",
	    id, id);
	fixture_sql(&shop->base,
	    "INSERT INTO \"return\" (id, message_id, part, file_sha256, edition, unit_id, section, state, received_at) "
	    "VALUES (%" PRId64 ", %" PRId64 ", 0, 'f', '%s', %" PRId64 ", 's2', '%s', 1)",
	    id, id, edition, unit, state);
}

static void
add_answer(Workshop *shop, gint64 id, const char *question, const char *value, const char *origin)
{
	fixture_sql(&shop->base, "INSERT INTO answer VALUES (%" PRId64 ", '%s', '%s', '%s')", id,
	    question, value, origin);
}

static void
test_take(void)
{
	g_auto(Workshop) shop = { 0 };
	g_autoptr(GError) error = NULL;
	const MemorySource source = { .edition = "prova-2024", .actor = "test" };
	MemorySource own = source;
	g_autoptr(MemoryReport) report = NULL;

	workshop_open(&shop);
	own.form = shop.form;
	own.then = shop.base.form;
	g_assert_null(memory_take(shop.base.store, &own, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_NOT_FOUND);
	g_clear_error(&error);
	add_return(&shop, 1, 1, "prova-2024", "applied");
	add_answer(&shop, 1, "q2_1", "sito", "given");
	add_answer(&shop, 1, "q2_4", "2", "confirmed");
	add_answer(&shop, 1, "q2_5", "2024-07-11", "copied");
	add_answer(&shop, 1, "q2_6_web", "mai", "given");
	add_answer(&shop, 1, "q4_1", "si", "given");
	fixture_sql(&shop.base,
	    "INSERT INTO finding (return_id, number, severity, code, question, text) VALUES (1, 0, 'error', 'choice', 'q2_6_web', 'x')");
	add_return(&shop, 2, 1, "prova-2024", "superseded");
	add_answer(&shop, 2, "q2_6_app", "mai", "given");
	add_return(&shop, 3, 2, "prova-2025", "applied");
	add_answer(&shop, 3, "q2_1", "nessuno", "given");
	report = memory_take(shop.base.store, &own, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(report->towns, ==, 1);
	check_rows(&shop, "A001|q2_1|sito|return:1\nA001|q2_4|2|return:1");
}

static void
test_this_edition(void)
{
	g_auto(Workshop) shop = { 0 };
	g_autoptr(GError) error = NULL;
	MemorySource source = { .edition = "prova-2025", .actor = "test" };

	workshop_open(&shop);
	source.form = shop.form;
	g_assert_null(memory_take(shop.base.store, &source, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_USAGE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/memory/import/a row for each town, as the export has it", test_wide);
	g_test_add_func("/memory/import/a row for each answer", test_long);
	g_test_add_func(
	    "/memory/import/the same file changes nothing; another replaces its towns", test_again);
	g_test_add_func("/memory/import/what is wrong is told and not taken", test_wrong);
	g_test_add_func("/memory/import/without the form of then", test_without_form);
	g_test_add_func("/memory/import/a town is found by its former codes", test_former);
	g_test_add_func("/memory/import/from the answers that count in another edition", test_take);
	g_test_add_func("/memory/import/this edition is not last year's", test_this_edition);
	return g_test_run();
}

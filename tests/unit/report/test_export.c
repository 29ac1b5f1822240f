/* The export: every column where it belongs, reserved answers only with a reason. */
#include "base/error.h"
#include "base/table.h"
#include "fixture.h"
#include "report/report.h"
#include "status/status.h"

static void
answer(Fixture *fixture, gint64 return_id, const char *question, const char *value)
{
	fixture_sql(fixture,
	    "INSERT INTO answer (return_id, question, value) VALUES (%" PRId64 ", '%s', '%s')",
	    return_id, question, value);
}

static void
add_return(Fixture *fixture, gint64 id, gint64 unit_id, const char *section, const char *state)
{
	fixture_sql(fixture,
	    "INSERT INTO message (id, sha256, size, source, received_at, state) "
	    "VALUES (%" PRId64 ", 'm%" PRId64 "', 1, 'test', 1, 'parsed')",
	    id, id);
	fixture_sql(fixture,
	    "INSERT INTO \"return\" (id, message_id, part, file_sha256, edition, unit_id, section, state, trust, received_at) "
	    "VALUES (%" PRId64 ", %" PRId64 ", 0, 'f%" PRId64 "', 'prova-2024', %" PRId64
	    ", '%s', '%s', 'code', 1726000000)",
	    id, id, id, unit_id, section, state);
}

static void
arrange(Fixture *fixture)
{
	g_autoptr(GError) error = NULL;

	fixture_open(fixture);
	add_return(fixture, 1, 1, "s1", "applied");
	answer(fixture, 1, "q1_1", "=1+1");
	answer(fixture, 1, "q1_2", "rtd");
	add_return(fixture, 2, 1, "s2", "applied");
	answer(fixture, 2, "q2_1", "sito social");
	answer(fixture, 2, "q2_3", "120");
	answer(fixture, 2, "q2_4", "0.5");
	fixture_sql(fixture,
	    "INSERT INTO finding (return_id, number, severity, code, question, text) "
	    "VALUES (2, 0, 'warning', 'not_relevant', 'q2_3', 'x')");
	add_return(fixture, 3, 1, "s3", "applied");
	answer(fixture, 3, "q3_1", "norme costi tempi");
	add_return(fixture, 4, 1, "s4", "applied");
	answer(fixture, 4, "q4_1", "no");
	add_return(fixture, 5, 2, "s1", "held");
	answer(fixture, 5, "q1_1", "In attesa");
	fixture_event(fixture, 1, "s1", "return", 1, "return.applied", "");
	g_assert_true(status_refresh(fixture->store, fixture->form, &error));
	g_assert_no_error(error);
}

static ExportReport *export(Fixture *fixture, gboolean raw, const char *reason)
{
	const ExportOptions options = { raw, reason, "ada" };
	g_autofree char *directory = g_build_filename(fixture->directory, "out", NULL);
	g_autoptr(GError) error = NULL;
	ExportReport *report =
	    report_export_csv(fixture->store, fixture->form, directory, &options, &error);

	g_assert_no_error(error);
	return report;
}

static Table *
open_table(Fixture *fixture, const char *name)
{
	g_autofree char *path = g_build_filename(fixture->directory, "out", name, NULL);
	g_autoptr(GError) error = NULL;
	Table *table = table_open(path, &error);

	g_assert_no_error(error);
	return table;
}

static const char *
cell(const Table *table, guint row, const char *column)
{
	int number = table_find(table, column);

	g_assert_cmpint(number, >=, 0);
	return table_cell(table, row, number);
}

static void
gives_each_unit_a_row(void)
{
	static const struct {
		const char *column, *expected;
	} cells[] = {
		{ "codice", "A001" },
		{ "istat", "=\"000001\"" },
		{ "popolazione", "60001" },
		{ "classe", "60.001-250.000" },
		{ "stato", "in_progress" },
		{ "consegna", "not_sent" },
		{ "s1_stato", "received" },
		{ "s2_stato", "" },
		{ "q1_1", "'=1+1" },
		{ "q1_2", "rtd" },
		{ "q1_2_altro", "" },
		{ "q2_1", "sito social" },
		{ "q2_1__sito", "1" },
		{ "q2_1__app", "0" },
		{ "q2_1__social", "1" },
		{ "q2_1__nessuno", "0" },
		{ "q2_3", "120" },
		{ "q2_4", "0,5" },
		{ "q3_1", "norme costi tempi" },
		{ "q3_1__costi", "2" },
		{ "q3_1__tempi", "3" },
		{ "q3_1__norme", "1" },
	};
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(ExportReport) report = NULL;
	g_autoptr(Table) table = NULL;

	arrange(&fixture);
	report = export(&fixture, FALSE, NULL);
	g_assert_cmpuint(report->units, ==, 4);
	g_assert_cmpuint(report->answers, ==, 6);
	g_assert_cmpuint(report->reserved, ==, 2);
	table = open_table(&fixture, "units.csv");
	g_assert_cmpint(table_separator(table), ==, ';');
	g_assert_cmpuint(table_rows(table), ==, 4);
	for (gsize i = 0; i < G_N_ELEMENTS(cells); i++)
		g_assert_cmpstr(cell(table, 0, cells[i].column), ==, cells[i].expected);
	g_assert_cmpint(table_find(table, "q4_1"), ==, -1);
	g_assert_cmpstr(cell(table, 1, "q1_1"), ==, ""); /* a held return counts nothing */
	g_assert_cmpstr(cell(table, 1, "q2_1__sito"), ==, "");
	g_assert_cmpstr(cell(table, 1, "stato"), ==, "never_opened");
}

static void
says_where_each_answer_came_from(void)
{
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(ExportReport) report = NULL;
	g_autoptr(Table) table = NULL;

	arrange(&fixture);
	report = export(&fixture, TRUE, NULL);
	table = open_table(&fixture, "answers.raw.csv");
	g_assert_cmpint(table_separator(table), ==, ',');
	g_assert_cmpuint(table_rows(table), ==, 6);
	g_assert_cmpstr(cell(table, 0, "domanda"), ==, "q1_1");
	g_assert_cmpstr(cell(table, 0, "valore"), ==, "=1+1");
	g_assert_cmpstr(cell(table, 0, "istat"), ==, "000001");
	g_assert_cmpstr(cell(table, 0, "ritorno"), ==, "1");
	g_assert_cmpstr(cell(table, 0, "ricevuto"), ==, "2024-09-10T20:26:40Z");
	g_assert_cmpstr(cell(table, 0, "file_sha256"), ==, "f1");
	g_assert_cmpstr(cell(table, 0, "fiducia"), ==, "code");
	g_assert_cmpstr(cell(table, 3, "domanda"), ==, "q2_3");
	g_assert_cmpstr(cell(table, 3, "rilievo"), ==, "not_relevant");
	g_assert_cmpstr(cell(table, 4, "valore"), ==, "0.5");
}

static void
explains_every_column(void)
{
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(ExportReport) report = NULL;
	g_autoptr(Table) units = NULL;
	g_autoptr(Table) codebook = NULL;

	arrange(&fixture);
	report = export(&fixture, FALSE, NULL);
	units = open_table(&fixture, "units.csv");
	codebook = open_table(&fixture, "codebook.csv");
	for (guint i = 0; i < table_columns(units); i++) {
		gboolean found = FALSE;

		for (guint row = 0; row < table_rows(codebook) && !found; row++)
			found = strcmp(cell(codebook, row, "colonna"), table_header(units, i)) == 0;
		if (!found)
			g_test_message("%s", table_header(units, i));
		g_assert_true(found);
	}
	for (guint row = 0; row < table_rows(codebook); row++) {
		if (strcmp(cell(codebook, row, "colonna"), "q2_6_web") != 0 ||
		    strcmp(cell(codebook, row, "valore"), "spesso") != 0)
			continue;
		g_assert_cmpstr(cell(codebook, row, "testo"), ==, "Quanto sono usati? Sito");
		g_assert_cmpstr(cell(codebook, row, "etichetta"), ==, "Spesso");
		g_assert_cmpstr(cell(codebook, row, "numero"), ==, "2.6");
		return;
	}
	g_assert_not_reached();
}

static void
says_who_was_asked(void)
{
	static const struct {
		const char *column, *asked;
	} cases[] = {
		{ "q1_1", "" },
		{ "q1_2_altro", "se la risposta alla 1.2 è «Altro (specificare)»" },
		{ "q4_1", "da 5001 abitanti" },
		{ "q4_2", "da 5001 abitanti; se la risposta alla 4.1 è «No»" },
	};
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(ExportReport) report = NULL;
	g_autoptr(Table) codebook = NULL;
	guint seen = 0;

	arrange(&fixture);
	report = export(&fixture, FALSE, "prova");
	codebook = open_table(&fixture, "codebook.csv");
	for (guint row = 0; row < table_rows(codebook); row++)
		for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
			if (strcmp(cell(codebook, row, "colonna"), cases[i].column) != 0)
				continue;
			g_assert_cmpstr(cell(codebook, row, "chiesta"), ==, cases[i].asked);
			seen++;
		}
	g_assert_cmpuint(seen, ==, 5); /* q4_1 has two codes */
}

static void
keeps_reserved_answers_back(void)
{
	const ExportOptions empty = { FALSE, "", "ada" };
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(ExportReport) report = NULL;
	g_autoptr(Table) table = NULL;
	g_autofree char *logged = NULL;
	g_autoptr(GError) error = NULL;

	arrange(&fixture);
	g_assert_null(
	    report_export_csv(fixture.store, fixture.form, fixture.directory, &empty, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_USAGE);
	report = export(&fixture, FALSE, "richiesta del DTD");
	g_assert_cmpuint(report->reserved, ==, 0);
	table = open_table(&fixture, "units.csv");
	g_assert_cmpstr(cell(table, 0, "q4_1"), ==, "no");
	logged =
	    fixture_rows(&fixture, "SELECT actor, note FROM event WHERE what = 'export.reserved'");
	g_assert_cmpstr(logged, ==, "ada|richiesta del DTD");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/export/gives-each-unit-a-row", gives_each_unit_a_row);
	g_test_add_func(
	    "/export/says-where-each-answer-came-from", says_where_each_answer_came_from);
	g_test_add_func("/export/explains-every-column", explains_every_column);
	g_test_add_func("/export/says-who-was-asked", says_who_was_asked);
	g_test_add_func("/export/keeps-reserved-answers-back", keeps_reserved_answers_back);
	return g_test_run();
}

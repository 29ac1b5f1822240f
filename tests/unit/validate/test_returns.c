/* From a PDF's fields to a return: identity, field set, trust, copies, the newest wins, a person's word. */
#include "validate/record.h"

#include "base/error.h"
#include "fixture.h"

typedef struct {
	Fixture base;
	IntakeTools tools;
	IntakeReport report;
	gint64 messages;
} Intake;

static void
intake_open(Intake *intake)
{
	fixture_open(&intake->base);
	intake->tools = (IntakeTools){ intake->base.store, intake->base.config,
		intake->base.keyring, intake->base.form, NULL, NULL };
}

static void
intake_close(Intake *intake)
{
	fixture_close(&intake->base);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Intake, intake_close)

/* Issues the unit's access code with the serial. Returns: (transfer full): as the letter prints it */
static char *
issue_code(Intake *intake, gint64 unit_id, const char *unit, guint serial)
{
	const Keyring *keyring = intake->base.keyring;
	g_autofree char *code = keyring_access_code(keyring, NULL, "prova-2024", unit, serial);
	g_autofree char *canonical = access_code_normalise(code);
	g_autoptr(GBytes) verifier = keyring_verifier(keyring, keyring_current(keyring), canonical);
	sqlite3_stmt *stmt = NULL;
	gsize size;
	const void *data = g_bytes_get_data(verifier, &size);

	g_assert_cmpint(
	    sqlite3_prepare_v2(intake->base.db,
		"INSERT INTO credential (edition, unit_id, serial, kid, verifier, issued_at) "
		"VALUES ('prova-2024', ?1, ?2, 'k1', ?3, 1)",
		-1, &stmt, NULL),
	    ==, SQLITE_OK);
	sqlite3_bind_int64(stmt, 1, unit_id);
	sqlite3_bind_int64(stmt, 2, serial);
	sqlite3_bind_blob(stmt, 3, data, (int)size, SQLITE_STATIC);
	g_assert_cmpint(sqlite3_step(stmt), ==, SQLITE_DONE);
	sqlite3_finalize(stmt);
	return g_steal_pointer(&code);
}

/* A sound PDF of section 1 of the unit, filled with a name and the code. */
static CollectedPdf *
sheet_of(Intake *intake, gint64 unit_id, const char *name, const char *code)
{
	static guint files;
	CollectedPdf *pdf = g_new0(CollectedPdf, 1);
	g_autoptr(Unit) unit = registry_unit(intake->base.store, unit_id, NULL);
	g_autoptr(FormView) view = form_view_new(intake->base.form, unit);
	const Section *section = form_section(intake->base.form, "s1");
	g_autoptr(GPtrArray) specs = form_view_fields(view, section);
	g_autoptr(SheetId) id =
	    sheet_id_new(intake->base.keyring, "prova-2024", unit->code, "s1", "1", 1);

	pdf->file_name = g_strdup("sezione 1.pdf");
	pdf->sha256 = g_strdup_printf("%064u", ++files);
	pdf->verdict = PDF_GOOD;
	pdf->reason = "";
	pdf->detail = g_strdup("");
	pdf->fields = field_set_new();
	for (guint i = 0; i < specs->len; i++) {
		const FieldSpec *spec = g_ptr_array_index(specs, i);

		field_set_put(pdf->fields, spec->name, "");
	}
	sheet_id_write(id, pdf->fields);
	field_set_put(pdf->fields, FIELD_CODE, code);
	field_set_put(pdf->fields, "q1_1", name);
	if (*name != '\0')
		field_set_put(pdf->fields, "q1_2", "rtd");
	return pdf;
}

/* Takes the PDF in as the only one of a new message, which came as @pec (nullable) says. Returns the return's id. */
static gint64
receive_by(Intake *intake, const Pec *pec, CollectedPdf *pdf)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Arrival) arrival = arrival_new(&intake->tools, pdf, &error);
	g_autoptr(Transaction) transaction = NULL;

	g_assert_no_error(error);
	intake->messages++;
	fixture_sql(&intake->base,
	    "INSERT INTO message (id, sha256, size, source, received_at, state) "
	    "VALUES (%" PRId64 ", 'sum%" PRId64 "', 1, 'test', 1, 'new')",
	    intake->messages, intake->messages);
	arrival->pec = pec;
	arrival->message_sha256 = "sum";
	arrival->message_id = intake->messages;
	transaction = transaction_begin(intake->base.store, &error);
	g_assert_no_error(error);
	g_assert_true(record_arrival(&intake->tools, arrival, &intake->report, &error));
	g_assert_true(transaction_commit(transaction, &error));
	g_free(pdf->file_name);
	g_free(pdf->sha256);
	g_free(pdf->detail);
	g_clear_pointer(&pdf->fields, g_hash_table_unref);
	g_free(pdf);
	return intake->messages; /* one return for each message: the same numbers */
}

static gint64
receive(Intake *intake, CollectedPdf *pdf)
{
	return receive_by(intake, NULL, pdf);
}

static void
assert_return(Intake *intake, gint64 id, const char *expected)
{
	g_autofree char *row = fixture_rows(&intake->base,
	    "SELECT state || '|' || reason || '|' || trust FROM \"return\" WHERE id = %" PRId64,
	    id);

	g_assert_cmpstr(row, ==, expected);
}

static void
assert_answers(Intake *intake, gint64 id, const char *expected)
{
	g_autofree char *rows = fixture_rows(&intake->base,
	    "SELECT question, value FROM answer WHERE return_id = %" PRId64 " ORDER BY question",
	    id);

	g_assert_cmpstr(rows, ==, expected);
}

static void
applies_what_comes_with_the_code(void)
{
	g_auto(Intake) intake = { 0 };
	g_autofree char *code = NULL;
	g_autofree char *untidy = NULL;
	g_autofree char *events = NULL;

	intake_open(&intake);
	code = issue_code(&intake, 1, "A001", 1);
	untidy = g_ascii_strdown(code, -1);
	g_strdelimit(untidy, "-", ' ');
	assert_return(
	    &intake, receive(&intake, sheet_of(&intake, 1, "Ada", untidy)), "applied||code");
	assert_answers(&intake, 1, "q1_1|Ada\nq1_2|rtd");
	events = fixture_rows(&intake.base,
	    "SELECT what, unit_id, section, from_state, to_state, evidence, note FROM event");
	g_assert_cmpstr(events, ==, "return.applied|1|s1|new|applied|sum|");
	g_assert_cmpuint(intake.report.applied, ==, 1);
	g_assert_cmpuint(intake.report.returns, ==, 1);
}

static void
applies_what_comes_from_the_registered_pec(void)
{
	g_auto(Intake) intake = { 0 };
	char registered[] = "Protocollo@pec.grande.example";
	char other[] = "protocollo@pec.medio.example";
	char mail[] = "ufficio@grande.example";
	char closed[] = "vecchia@pec.grande.example";
	Pec pec = { .kind = PEC_TRANSPORT, .sender = registered };

	intake_open(&intake);
	fixture_sql(&intake.base,
	    "INSERT INTO contact (unit_id, role, channel, address, closed_at) VALUES "
	    "(1, 'protocol', 'pec', 'protocollo@pec.grande.example', NULL), "
	    "(1, 'delegate', 'mail', 'ufficio@grande.example', NULL), "
	    "(1, 'mayor', 'pec', 'vecchia@pec.grande.example', 5), "
	    "(2, 'protocol', 'pec', 'protocollo@pec.medio.example', NULL)");
	g_free(issue_code(&intake, 1, "A001", 1));
	assert_return(
	    &intake, receive_by(&intake, &pec, sheet_of(&intake, 1, "Ada", "")), "applied||pec");
	assert_return(
	    &intake, receive_by(&intake, &pec, sheet_of(&intake, 1, "Ada", "")), "duplicate||");
	assert_return(&intake, receive_by(&intake, &pec, sheet_of(&intake, 1, "Bea", "a slip")),
	    "applied||pec");
	/* neither another town's, nor an ordinary or former address, nor an unverified one, nor a receipt */
	pec.sender = other;
	assert_return(
	    &intake, receive_by(&intake, &pec, sheet_of(&intake, 1, "Cia", "")), "held|no_code|");
	pec.sender = mail;
	assert_return(
	    &intake, receive_by(&intake, &pec, sheet_of(&intake, 1, "Dea", "")), "held|no_code|");
	pec.sender = closed;
	assert_return(
	    &intake, receive_by(&intake, &pec, sheet_of(&intake, 1, "Eva", "")), "held|no_code|");
	pec.sender = registered;
	pec.doubt = PEC_ALTERED;
	assert_return(
	    &intake, receive_by(&intake, &pec, sheet_of(&intake, 1, "Ivo", "")), "held|no_code|");
	pec.doubt = PEC_VERIFIED;
	pec.kind = PEC_ANOMALY;
	assert_return(
	    &intake, receive_by(&intake, &pec, sheet_of(&intake, 1, "Leo", "")), "held|no_code|");
}

static void
holds_what_comes_without(void)
{
	g_auto(Intake) intake = { 0 };
	g_autofree char *code = NULL;
	g_autofree char *other = NULL;
	g_autofree char *old = NULL;

	intake_open(&intake);
	code = issue_code(&intake, 1, "A001", 1);
	old = g_strdup(code);
	other = issue_code(&intake, 2, "A002", 1);
	assert_return(&intake, receive(&intake, sheet_of(&intake, 1, "Ada", "")), "held|no_code|");
	assert_return(
	    &intake, receive(&intake, sheet_of(&intake, 1, "Bea", other)), "held|wrong_code|");
	assert_return(
	    &intake, receive(&intake, sheet_of(&intake, 1, "Cia", "1234")), "held|wrong_code|");
	fixture_sql(&intake.base, "UPDATE credential SET revoked_at = 1 WHERE unit_id = 1");
	g_free(issue_code(&intake, 1, "A001", 2));
	assert_return(
	    &intake, receive(&intake, sheet_of(&intake, 1, "Dea", old)), "held|old_code|");
	assert_return(&intake, receive(&intake, sheet_of(&intake, 1, "Ada", "")), "duplicate||");
	assert_answers(&intake, 1, "q1_1|Ada\nq1_2|rtd");
	assert_answers(&intake, 5, "");
	g_assert_cmpuint(intake.report.held, ==, 4);
	g_assert_cmpuint(intake.report.duplicates, ==, 1);
}

static void
applies_without_the_code_where_that_is_allowed(void)
{
	g_auto(Intake) intake = { 0 };
	g_autofree char *code = NULL;
	g_autoptr(GError) error = NULL;

	intake_open(&intake);
	g_assert_true(config_set(intake.base.config, CONFIG_trust_without_code, "apply", &error));
	code = issue_code(&intake, 1, "A001", 1);
	assert_return(&intake, receive(&intake, sheet_of(&intake, 1, "Ada", "")), "applied||none");
	assert_return(
	    &intake, receive(&intake, sheet_of(&intake, 1, "Bea", "wrong")), "held|wrong_code|");
	assert_return(
	    &intake, receive(&intake, sheet_of(&intake, 1, "Cia", code)), "applied||code");
	assert_return(&intake, 1, "superseded||none");
	/* what came with the code is not pushed aside by what comes without */
	assert_return(&intake, 3, "applied||code");
	assert_return(&intake, receive(&intake, sheet_of(&intake, 1, "Dea", "")), "held|no_code|");
	assert_return(&intake, 3, "applied||code");
}

static void
lets_the_code_confirm_the_same_answers(void)
{
	g_auto(Intake) intake = { 0 };
	g_autofree char *code = NULL;
	g_autoptr(GError) error = NULL;

	intake_open(&intake);
	g_assert_true(config_set(intake.base.config, CONFIG_trust_without_code, "apply", &error));
	code = issue_code(&intake, 1, "A001", 1);
	assert_return(&intake, receive(&intake, sheet_of(&intake, 1, "Ada", "")), "applied||none");
	assert_return(&intake, receive(&intake, sheet_of(&intake, 1, "Ada", "")), "duplicate||");
	assert_return(
	    &intake, receive(&intake, sheet_of(&intake, 1, "Ada", code)), "applied||code");
	assert_return(&intake, receive(&intake, sheet_of(&intake, 1, "Ada", "")), "duplicate||");
	assert_return(&intake, receive(&intake, sheet_of(&intake, 1, "Ada", code)), "duplicate||");
}

static void
lets_the_newest_win(void)
{
	g_auto(Intake) intake = { 0 };
	g_autofree char *code = NULL;
	g_autofree char *events = NULL;

	intake_open(&intake);
	code = issue_code(&intake, 1, "A001", 1);
	g_assert_cmpint(receive(&intake, sheet_of(&intake, 1, "Ada", code)), ==, 1);
	g_assert_cmpint(receive(&intake, sheet_of(&intake, 1, "Bea", "")), ==, 2);
	g_assert_cmpint(receive(&intake, sheet_of(&intake, 1, "Cia", code)), ==, 3);
	assert_return(&intake, 1, "superseded||code");
	assert_return(&intake, 2, "superseded|no_code|");
	assert_return(&intake, 3, "applied||code");
	assert_answers(&intake, 1, "q1_1|Ada\nq1_2|rtd");
	assert_return(&intake, receive(&intake, sheet_of(&intake, 1, "Cia", code)), "duplicate||");
	/* an older one again is a new return: someone went back to it */
	assert_return(
	    &intake, receive(&intake, sheet_of(&intake, 1, "Ada", code)), "applied||code");
	assert_return(&intake, 3, "superseded||code");
	events = fixture_rows(&intake.base, "SELECT what, subject_id FROM event ORDER BY seq");
	g_assert_cmpstr(events, ==,
	    "return.applied|1\nreturn.held|2\nreturn.superseded|1\nreturn.superseded|2\nreturn.applied|3\n"
	    "return.duplicate|4\nreturn.superseded|3\nreturn.applied|5");
}

/* A mail that comes once more by another way, or from who should not have it. */
static void
holds_the_very_file_that_was_replaced(void)
{
	g_auto(Intake) intake = { 0 };
	g_autofree char *code = NULL;
	g_autoptr(GError) error = NULL;
	CollectedPdf *first;
	CollectedPdf *again;
	CollectedPdf *once_more;

	intake_open(&intake);
	code = issue_code(&intake, 1, "A001", 1);
	first = sheet_of(&intake, 1, "Ada", code);
	again = sheet_of(&intake, 1, "Ada", code);
	once_more = sheet_of(&intake, 1, "Ada", code);
	for (guint i = 0; i < 2; i++) {
		CollectedPdf *copy = i == 0 ? again : once_more;

		g_free(copy->sha256);
		copy->sha256 = g_strdup(first->sha256);
	}
	g_assert_cmpint(receive(&intake, first), ==, 1);
	g_assert_cmpint(receive(&intake, sheet_of(&intake, 1, "Bea", code)), ==, 2);
	assert_return(&intake, receive(&intake, again), "held|old_file|");
	assert_return(&intake, 2, "applied||code");
	assert_return(&intake, receive(&intake, once_more), "duplicate||");
	g_assert_true(intake_accept(&intake.tools, 3, "carla", "tornano indietro", &error));
	assert_return(&intake, 3, "applied|old_file|operator");
	assert_return(&intake, 2, "superseded||code");
}

/* A copy that somebody has kept is no answer to a person's question; the town's word is, be it the same as before or one that others
 * replaced. */
static void
takes_what_is_asked_once_more(void)
{
	g_auto(Intake) intake = { 0 };
	g_autofree char *code = NULL;
	g_autofree char *file = NULL;
	g_autoptr(GError) error = NULL;
	CollectedPdf *pdf;

	intake_open(&intake);
	code = issue_code(&intake, 1, "A001", 1);
	pdf = sheet_of(&intake, 1, "Ada", code);
	file = g_strdup(pdf->sha256);
	g_assert_cmpint(receive(&intake, pdf), ==, 1);
	g_assert_cmpint(receive(&intake, sheet_of(&intake, 1, "Bea", code)), ==, 2);
	g_assert_true(intake_reopen(&intake.tools, 1, "s1", "carla", "non torna", &error));
	assert_return(&intake, receive(&intake, sheet_of(&intake, 1, "Bea", "")), "duplicate||");
	pdf = sheet_of(&intake, 1, "Ada", code);
	g_free(pdf->sha256);
	pdf->sha256 = g_strdup(file);
	assert_return(&intake, receive(&intake, pdf), "applied||code");
	assert_return(&intake, 2, "superseded||code");
	assert_return(&intake, receive(&intake, sheet_of(&intake, 1, "Ada", code)), "duplicate||");
	g_assert_true(intake_reopen(&intake.tools, 1, "s1", "carla", "di nuovo", &error));
	assert_return(
	    &intake, receive(&intake, sheet_of(&intake, 1, "Ada", code)), "applied||code");
}

static void
tells_findings_in_the_log(void)
{
	g_auto(Intake) intake = { 0 };
	g_autofree char *code = NULL;
	g_autofree char *note = NULL;
	g_autofree char *finding = NULL;
	CollectedPdf *pdf;

	intake_open(&intake);
	code = issue_code(&intake, 1, "A001", 1);
	pdf = sheet_of(&intake, 1, "Ada", code);
	field_set_put(pdf->fields, "q1_2", "");
	assert_return(&intake, receive(&intake, pdf), "applied||code");
	note = fixture_rows(&intake.base, "SELECT note FROM event");
	g_assert_cmpstr(note, ==, "findings");
	finding = fixture_rows(&intake.base, "SELECT severity, code, question, text FROM finding");
	g_assert_cmpstr(finding, ==, "error|required|q1_2|1.2: no answer");
}

typedef void (*Spoil)(Intake *intake, CollectedPdf *pdf);

static void
spoil_blank(Intake *intake, CollectedPdf *pdf)
{
	(void)intake;
	field_set_put(pdf->fields, "q1_1", " ");
	field_set_put(pdf->fields, "q1_2", "");
}

static void
spoil_unit(Intake *intake, CollectedPdf *pdf)
{
	(void)intake;
	field_set_put(pdf->fields, FIELD_UNIT, "A002");
}

static void
spoil_serial(Intake *intake, CollectedPdf *pdf)
{
	(void)intake;
	field_set_put(pdf->fields, FIELD_SERIAL, "2");
}

static void
spoil_kid(Intake *intake, CollectedPdf *pdf)
{
	(void)intake;
	field_set_put(pdf->fields, FIELD_KID, "k9");
}

static void
spoil_missing_field(Intake *intake, CollectedPdf *pdf)
{
	(void)intake;
	g_hash_table_remove(pdf->fields, "q1_3");
}

static void
spoil_extra_field(Intake *intake, CollectedPdf *pdf)
{
	(void)intake;
	field_set_put(pdf->fields, "q9_9", "");
}

static void
spoil_code_field(Intake *intake, CollectedPdf *pdf)
{
	(void)intake;
	g_hash_table_remove(pdf->fields, FIELD_CODE);
}

static void
spoil_foreign(Intake *intake, CollectedPdf *pdf)
{
	(void)intake;
	g_hash_table_remove_all(pdf->fields);
	field_set_put(pdf->fields, "Nome", "Ada");
}

static void
sign(Intake *intake, CollectedPdf *pdf, const char *edition, const char *unit, const char *section,
    const char *version)
{
	g_autoptr(SheetId) id =
	    sheet_id_new(intake->base.keyring, edition, unit, section, version, 1);

	sheet_id_write(id, pdf->fields);
}

static void
spoil_edition(Intake *intake, CollectedPdf *pdf)
{
	sign(intake, pdf, "prova-2023", "A001", "s1", "1");
}

static void
spoil_version(Intake *intake, CollectedPdf *pdf)
{
	sign(intake, pdf, "prova-2024", "A001", "s1", "0");
}

/* Of which the store knows nothing. */
static void
spoil_correction(Intake *intake, CollectedPdf *pdf)
{
	g_autoptr(SheetId) id =
	    sheet_id_new_of_correction(intake->base.keyring, "prova-2024", "A001", "s1", "1", 1, 7);

	sheet_id_write(id, pdf->fields);
}

static void
spoil_memory(Intake *intake, CollectedPdf *pdf)
{
	g_autoptr(SheetId) id =
	    sheet_id_new_with_memory(intake->base.keyring, "prova-2024", "A001", "s1", "1", 1, 7);

	sheet_id_write(id, pdf->fields);
}

static void
spoil_unknown_unit(Intake *intake, CollectedPdf *pdf)
{
	sign(intake, pdf, "prova-2024", "Z999", "s1", "1");
}

static void
spoil_closed_unit(Intake *intake, CollectedPdf *pdf)
{
	(void)pdf;
	fixture_sql(&intake->base, "UPDATE unit SET closed_at = 1 WHERE id = 1");
}

static void
spoil_section(Intake *intake, CollectedPdf *pdf)
{
	sign(intake, pdf, "prova-2024", "A001", "s9", "1");
}

static void
spoil_size(Intake *intake, CollectedPdf *pdf)
{
	sign(intake, pdf, "prova-2024", "A003", "s4", "1"); /* too small to be asked */
}

static void
spoil_file(Intake *intake, CollectedPdf *pdf)
{
	(void)intake;
	pdf->verdict = PDF_REFUSED;
	pdf->reason = "two_files";
}

static void
spoil_unreadable(Intake *intake, CollectedPdf *pdf)
{
	spoil_file(intake, pdf);
	pdf->reason = "no_form";
	g_clear_pointer(&pdf->fields, g_hash_table_unref);
}

static void
spoil_fieldless(Intake *intake, CollectedPdf *pdf)
{
	(void)intake;
	g_clear_pointer(&pdf->fields, g_hash_table_unref);
}

static void
quarantines_what_cannot_be_answers(void)
{
	static const struct {
		Spoil spoil;
		const char *reason;
		const char *unit; /* proposed */
	} cases[] = {
		{ spoil_blank, "blank", "1" },
		{ spoil_unit, "tag", "2" },
		{ spoil_serial, "tag", "1" },
		{ spoil_kid, "tag", "1" },
		{ spoil_missing_field, "fields", "1" },
		{ spoil_extra_field, "fields", "1" },
		{ spoil_code_field, "fields", "1" },
		{ spoil_foreign, "foreign", "NULL" },
		{ spoil_edition, "edition", "1" },
		{ spoil_version, "form_version", "1" },
		{ spoil_correction, "correction", "1" },
		{ spoil_memory, "memory", "1" },
		{ spoil_unknown_unit, "unit", "NULL" },
		{ spoil_section, "section", "1" },
		{ spoil_size, "section", "3" },
		{ spoil_file, "two_files", "1" },
		{ spoil_unreadable, "no_form", "NULL" },
		{ spoil_fieldless, "no_form", "NULL" },
		{ spoil_closed_unit, "unit_closed", "1" },
	};
	g_auto(Intake) intake = { 0 };
	g_autofree char *code = NULL;
	g_autoptr(GError) error = NULL;

	intake_open(&intake);
	code = issue_code(&intake, 1, "A001", 1);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		CollectedPdf *pdf = sheet_of(&intake, 1, "Ada", code);
		g_autofree char *expected =
		    g_strdup_printf("quarantined|%s||%s", cases[i].reason, cases[i].unit);
		g_autofree char *row = NULL;
		gint64 id;

		cases[i].spoil(&intake, pdf);
		id = receive(&intake, pdf);
		row = fixture_rows(&intake.base,
		    "SELECT state, reason, trust, unit_id FROM \"return\" WHERE id = %" PRId64, id);
		g_assert_cmpstr(row, ==, expected);
		assert_answers(&intake, id, "");
		g_assert_false(intake_accept(&intake.tools, id, "ada", "", &error));
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
		g_clear_error(&error);
		g_assert_cmpstr(validate_reason_words(cases[i].reason), !=, cases[i].reason);
	}
	g_assert_cmpuint(intake.report.quarantined, ==, G_N_ELEMENTS(cases));
}

/* The form as it was before: version 0, in which 1.3 had another name. Kept as if its sheets had gone out. */
static FormShelf *
shelf_with_version_0(Intake *intake)
{
	static const char *const names[] = { "survey.csv", "choices.csv", "settings.csv" };
	static const char *const now[] = { "text,q1_3,", "", ",prova-2024,1," };
	static const char *const then[] = { "text,q1_3_old,", "", ",prova-2024,0," };
	g_autofree char *folder = g_build_filename(intake->base.directory, "old", NULL);
	g_autofree char *kept = g_build_filename(intake->base.directory, "kept", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(Form) old = NULL;

	g_assert_true(durable_mkdir(folder, &error));
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *inside =
		    g_build_filename("tests/data/forms/prova-2024", names[i], NULL);
		g_autofree char *source = fixture_source(inside);
		g_autofree char *target = g_build_filename(folder, names[i], NULL);
		g_autoptr(GString) text = g_string_new(NULL);
		g_autofree char *contents = NULL;

		g_assert_true(g_file_get_contents(source, &contents, NULL, &error));
		g_string_assign(text, contents);
		if (*now[i] != '\0')
			g_assert_cmpuint(g_string_replace(text, now[i], then[i], 0), ==, 1);
		g_assert_true(g_file_set_contents(target, text->str, -1, &error));
	}
	old = form_open_strict(folder, &error);
	g_assert_no_error(error);
	g_assert_true(form_keep(old, kept, &error));
	return form_shelf_new(intake->base.form, kept);
}

static void
reads_sheets_of_an_earlier_version(void)
{
	g_auto(Intake) intake = { 0 };
	g_autoptr(FormShelf) shelf = NULL;
	g_autofree char *code = NULL;
	CollectedPdf *old;
	CollectedPdf *mixed;

	intake_open(&intake);
	shelf = shelf_with_version_0(&intake);
	intake.tools.shelf = shelf;
	code = issue_code(&intake, 1, "A001", 1);
	old = sheet_of(&intake, 1, "Ada", code);
	g_hash_table_remove(old->fields, "q1_3");
	field_set_put(old->fields, "q1_3_old", "note");
	sign(&intake, old, "prova-2024", "A001", "s1", "0");
	assert_return(&intake, receive(&intake, old), "applied||code");
	assert_answers(&intake, 1, "q1_1|Ada\nq1_2|rtd\nq1_3_old|note");
	/* the fields of one version under the name of the other */
	mixed = sheet_of(&intake, 1, "Bea", code);
	sign(&intake, mixed, "prova-2024", "A001", "s1", "0");
	assert_return(&intake, receive(&intake, mixed), "quarantined|fields|");
	assert_return(
	    &intake, receive(&intake, sheet_of(&intake, 1, "Cia", code)), "applied||code");
}

/* A sheet of section 4, which only larger towns get, of the smaller unit 3. */
static CollectedPdf *
sheet_of_section_4(Intake *intake, const char *code)
{
	CollectedPdf *pdf = sheet_of(intake, 3, "Ada", code);
	static const char *const gone[] = { "q1_1", "q1_2", "q1_2_altro", "q1_3" };

	for (gsize i = 0; i < G_N_ELEMENTS(gone); i++)
		g_hash_table_remove(pdf->fields, gone[i]);
	field_set_put(pdf->fields, "q4_1", "no");
	field_set_put(pdf->fields, "q4_2", "mancano i fondi");
	sign(intake, pdf, "prova-2024", "A003", "s4", "1");
	return pdf;
}

static void
reads_the_sheet_of_a_town_that_has_shrunk_since(void)
{
	g_auto(Intake) intake = { 0 };
	g_autofree char *code = NULL;

	intake_open(&intake);
	code = issue_code(&intake, 3, "A003", 1);
	assert_return(
	    &intake, receive(&intake, sheet_of_section_4(&intake, code)), "quarantined|section|");
	fixture_sql(&intake.base,
	    "INSERT INTO wave (id, edition, kind, state, form_version, planned_at, planned_by) "
	    "VALUES (1, 'prova-2024', 'invitation', 'done', '1', 1, 'ada');"
	    "INSERT INTO dispatch (wave_id, edition, unit_id, kind, sections, serial, address, channel, lang, message_id, "
	    "state, changed_at, facts) VALUES (1, 'prova-2024', 3, 'invitation', 's1 s4', 1, 'a@b.example', 'pec', 'it', "
	    "'m', 'sent', 1, 'codice=A003' || char(10) || 'popolazione=5001' || char(10))");
	assert_return(
	    &intake, receive(&intake, sheet_of_section_4(&intake, code)), "applied||code");
	assert_answers(&intake, 2, "q4_1|no\nq4_2|mancano i fondi");
}

/* A delegation sheet of the first unit with @code. */
static CollectedPdf *
delegation_sheet(Intake *intake, const char *code)
{
	g_autoptr(Unit) unit = registry_unit(intake->base.store, 1, NULL);
	g_autoptr(FormView) view = form_view_new(intake->base.form, unit);
	g_autoptr(Form) form = form_delegation(view);
	g_autoptr(FormView) asked = form_view_new(form, unit);
	g_autoptr(GPtrArray) specs = form_view_fields(asked, form_section(form, FORM_DELEGATION));
	CollectedPdf *pdf = sheet_of(intake, 1, "", code);

	g_hash_table_remove_all(pdf->fields);
	for (guint i = 0; i < specs->len; i++)
		field_set_put(
		    pdf->fields, ((const FieldSpec *)g_ptr_array_index(specs, i))->name, "");
	field_set_put(pdf->fields, FIELD_CODE, code);
	field_set_put(pdf->fields, "sindaco", "Livio Quercini");
	sign(intake, pdf, "prova-2024", "A001", FORM_DELEGATION, "1");
	return pdf;
}

static void
assert_delegations(Intake *intake, const char *expected)
{
	g_autofree char *rows = fixture_rows(&intake->base,
	    "SELECT section, name, email, source FROM delegation WHERE withdrawn_at IS NULL ORDER BY section");

	g_assert_cmpstr(rows, ==, expected);
}

static void
gives_sections_to_whom_a_delegation_names(void)
{
	g_auto(Intake) intake = { 0 };
	g_autofree char *code = NULL;
	g_autofree char *findings = NULL;
	g_autofree char *kept = NULL;
	CollectedPdf *pdf;

	intake_open(&intake);
	code = issue_code(&intake, 1, "A001", 1);
	pdf = delegation_sheet(&intake, code);
	field_set_put(pdf->fields, "s1_nome", "Ada\nBianchi");
	field_set_put(pdf->fields, "s1_email", "ada@Comune.example");
	field_set_put(pdf->fields, "s2_email", "ced@comune..example");
	assert_return(&intake, receive(&intake, pdf), "applied||code");
	assert_delegations(&intake, "s1|Ada Bianchi|ada@comune.example|return:1");
	findings = fixture_rows(&intake.base, "SELECT severity, code, question FROM finding");
	g_assert_cmpstr(findings, ==, "error|address|s2_email");

	/* a later one: for the sections that it says something about, and whoever coordinates has the rest */
	pdf = delegation_sheet(&intake, code);
	field_set_put(pdf->fields, "tutte_nome", "Ugo Neri");
	field_set_put(pdf->fields, "tutte_email", "ugo@comune.example");
	field_set_put(pdf->fields, "s2_nome", "Chi mai?");
	assert_return(&intake, receive(&intake, pdf), "applied||code");
	assert_delegations(&intake, "s1|Ugo Neri|ugo@comune.example|return:2\n"
				    "s3|Ugo Neri|ugo@comune.example|return:2\n"
				    "s4|Ugo Neri|ugo@comune.example|return:2");
	kept = fixture_rows(
	    &intake.base, "SELECT section, email FROM delegation WHERE withdrawn_at IS NOT NULL");
	g_assert_cmpstr(kept, ==, "s1|ada@comune.example");
}

static void
lets_a_person_believe_a_delegation(void)
{
	g_auto(Intake) intake = { 0 };
	g_autofree char *code = NULL;
	g_autofree char *actors = NULL;
	g_autoptr(GError) error = NULL;
	CollectedPdf *pdf;

	intake_open(&intake);
	code = issue_code(&intake, 1, "A001", 1);
	pdf = delegation_sheet(&intake, "");
	field_set_put(pdf->fields, "s1_email", "ada@comune.example");
	assert_return(&intake, receive(&intake, pdf), "held|no_code|");
	assert_delegations(&intake, "");
	g_assert_true(intake_accept(&intake.tools, 1, "eva", "sentito il Sindaco", &error));
	g_assert_no_error(error);
	assert_delegations(&intake, "s1||ada@comune.example|return:1");
	actors = fixture_rows(&intake.base,
	    "SELECT actor, what, section, note FROM event WHERE subject = 'delegation'");
	g_assert_cmpstr(actors, ==, "eva|delegation.set|s1|");
}

/* Whoever may answer without the code may not say to whom others go. */
static void
never_believes_a_delegation_without_the_code(void)
{
	g_auto(Intake) intake = { 0 };
	g_autoptr(GError) error = NULL;
	CollectedPdf *pdf;

	intake_open(&intake);
	g_assert_true(config_set(intake.base.config, CONFIG_trust_without_code, "apply", &error));
	g_free(issue_code(&intake, 1, "A001", 1));
	pdf = delegation_sheet(&intake, "");
	field_set_put(pdf->fields, "s1_email", "ada@comune.example");
	assert_return(&intake, receive(&intake, pdf), "held|no_code|");
	assert_delegations(&intake, "");
}

static void
lets_a_person_accept(void)
{
	g_auto(Intake) intake = { 0 };
	g_autofree char *code = NULL;
	g_autofree char *events = NULL;
	g_autoptr(GError) error = NULL;
	CollectedPdf *pdf;

	intake_open(&intake);
	code = issue_code(&intake, 1, "A001", 1);
	g_assert_cmpint(receive(&intake, sheet_of(&intake, 1, "Ada", "")), ==, 1);
	pdf = sheet_of(&intake, 1, "Bea", code);
	pdf->verdict = PDF_REVIEW;
	pdf->reason = "repaired";
	field_set_put(pdf->fields, "q1_2", "");
	assert_return(&intake, receive(&intake, pdf), "quarantined|repaired|");
	assert_answers(&intake, 2, "q1_1|Bea");
	g_assert_true(intake_accept(&intake.tools, 2, "carla", "telefonato", &error));
	g_assert_no_error(error);
	assert_return(&intake, 2, "applied|repaired|operator");
	assert_return(&intake, 1, "superseded|no_code|");
	events = fixture_rows(&intake.base,
	    "SELECT actor, what, subject_id, from_state, to_state, note FROM event WHERE seq > 2");
	g_assert_cmpstr(events, ==,
	    "carla|return.accepted|2|quarantined|quarantined|telefonato\n"
	    "carla|return.superseded|1|held|superseded|\n"
	    "carla|return.applied|2|quarantined|applied|findings");
	g_assert_false(intake_accept(&intake.tools, 2, "carla", "", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
}

static void
does_not_let_a_person_go_back(void)
{
	g_auto(Intake) intake = { 0 };
	g_autofree char *code = NULL;
	g_autoptr(GError) error = NULL;
	CollectedPdf *pdf;

	intake_open(&intake);
	code = issue_code(&intake, 1, "A001", 1);
	pdf = sheet_of(&intake, 1, "Ada", code);
	pdf->verdict = PDF_REVIEW;
	pdf->reason = "tail";
	g_assert_cmpint(receive(&intake, pdf), ==, 1);
	g_assert_cmpint(receive(&intake, sheet_of(&intake, 1, "Bea", code)), ==, 2);
	g_assert_false(intake_accept(&intake.tools, 1, "carla", "", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	g_clear_error(&error);
	g_assert_true(intake_reject(&intake.tools, 1, "carla", "superata", &error));
	assert_return(&intake, 1, "rejected|tail|");
	assert_return(&intake, 2, "applied||code");
	g_assert_false(intake_reject(&intake.tools, 2, "carla", "", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	g_clear_error(&error);
	g_assert_false(intake_accept(&intake.tools, 99, "carla", "", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_NOT_FOUND);
	g_clear_error(&error);
	/* nor to another year */
	assert_return(&intake, receive(&intake, sheet_of(&intake, 1, "Cia", "")), "held|no_code|");
	fixture_sql(&intake.base, "UPDATE \"return\" SET edition = 'prova-2023' WHERE id = 3");
	g_assert_false(intake_accept(&intake.tools, 3, "carla", "", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	assert_return(&intake, 3, "held|no_code|");
}

/* --- corrections ---------------------------------------------------------------------------------------------- */

/* A correction of the unit, number 1, that asks @questions of each of @sections. @dispatch_id: its message. */
static void
plan_correction(Intake *intake, gint64 dispatch_id, gint64 unit_id, const char *const *sections,
    const char *const *questions)
{
	fixture_sql(&intake->base,
	    "INSERT OR IGNORE INTO wave (id, edition, kind, state, form_version, planned_at, planned_by) "
	    "VALUES (1, 'prova-2024', 'correction', 'done', '1', 1, 'ada');"
	    "INSERT INTO dispatch (id, wave_id, edition, unit_id, kind, sections, serial, address, channel, lang, message_id, "
	    "state, changed_at) VALUES (%" PRId64 ", 1, 'prova-2024', %" PRId64
	    ", 'correction', '', 1, 'a@b.example', 'pec', 'it', 'm%" PRId64 "', 'sent', 1)",
	    dispatch_id, unit_id, dispatch_id);
	for (gsize i = 0; sections[i] != NULL; i++)
		fixture_sql(&intake->base,
		    "INSERT INTO correction_sheet (dispatch_id, section, return_id, questions) "
		    "VALUES (%" PRId64 ", '%s', %zu, '%s')",
		    dispatch_id, sections[i], i + 1, questions[i]);
}

/* A sheet of section @section of the first unit, of @questions (nullable: all of them; otherwise of its correction). */
static CollectedPdf *
sheet_of_section(Intake *intake, const char *section, const char *questions, const char *code)
{
	const Form *form = intake->base.form;
	g_autoptr(Unit) unit = registry_unit(intake->base.store, 1, NULL);
	g_autoptr(FormView) view = questions != NULL ? form_view_part(form, unit, "", questions)
						     : form_view_new(form, unit);
	g_autoptr(GPtrArray) specs = form_view_fields(view, form_section(form, section));
	g_autoptr(SheetId) id = sheet_id_new_of_correction(intake->base.keyring, "prova-2024",
	    unit->code, section, "1", 1, questions != NULL ? 1 : 0);
	CollectedPdf *pdf = sheet_of(intake, 1, "", code);

	g_hash_table_remove_all(pdf->fields);
	for (guint i = 0; i < specs->len; i++)
		field_set_put(
		    pdf->fields, ((const FieldSpec *)g_ptr_array_index(specs, i))->name, "");
	sheet_id_write(id, pdf->fields);
	field_set_put(pdf->fields, FIELD_CODE, code);
	return pdf;
}

/* Its own section's, of its own town, and on answers to the same version alone. */
static void
merges_corrections_where_they_belong(void)
{
	static const char *const sections[] = { "s1", "s3", NULL };
	static const char *const other[] = { "q1_3", "q3_1", NULL };
	static const char *const own[] = { "q1_1", "q3_2_a q3_2_b", NULL };
	g_auto(Intake) intake = { 0 };
	g_autofree char *code = NULL;
	g_autofree char *origins = NULL;
	CollectedPdf *pdf;

	intake_open(&intake);
	code = issue_code(&intake, 1, "A001", 1);
	plan_correction(&intake, 1, 2, sections, other);
	plan_correction(&intake, 2, 1, sections, own);
	assert_return(
	    &intake, receive(&intake, sheet_of(&intake, 1, "Ada", code)), "applied||code");
	pdf = sheet_of_section(&intake, "s3", NULL, code);
	field_set_put(pdf->fields, "q3_2_a", "30");
	assert_return(&intake, receive(&intake, pdf), "applied||code");
	pdf = sheet_of_section(&intake, "s3", own[1], code);
	field_set_put(pdf->fields, "q3_2_a", "40");
	field_set_put(pdf->fields, "q3_2_b", "60");
	assert_return(&intake, receive(&intake, pdf), "applied||code");
	assert_answers(&intake, 3, "q3_2_a|40\nq3_2_b|60");
	/* over what counts now, whatever was printed on it */
	pdf = sheet_of(&intake, 1, "Eva", code);
	field_set_put(pdf->fields, "q1_3", "nota");
	assert_return(&intake, receive(&intake, pdf), "applied||code");
	fixture_sql(&intake.base, "UPDATE answer SET origin = 'copied' WHERE return_id = 4");
	pdf = sheet_of_section(&intake, "s1", own[0], code);
	field_set_put(pdf->fields, "q1_1", "Bea");
	assert_return(&intake, receive(&intake, pdf), "applied||code");
	origins = fixture_rows(&intake.base,
	    "SELECT question, origin FROM answer WHERE return_id = 5 ORDER BY question");
	g_assert_cmpstr(origins, ==, "q1_1|given\nq1_2|copied\nq1_3|copied");
	assert_answers(&intake, 5, "q1_1|Bea\nq1_2|rtd\nq1_3|nota");
	assert_return(&intake, 4, "superseded||code");
	assert_return(&intake, 3, "applied||code");
	/* what comes back as it went out is nobody's word */
	pdf = sheet_of_section(&intake, "s1", own[0], "");
	field_set_put(pdf->fields, "q1_1", "Ada");
	assert_return(&intake, receive(&intake, pdf), "quarantined|blank|");
	fixture_sql(&intake.base, "UPDATE \"return\" SET form_version = '0' WHERE id = 5");
	pdf = sheet_of_section(&intake, "s1", own[0], code);
	field_set_put(pdf->fields, "q1_1", "Cia");
	assert_return(&intake, receive(&intake, pdf), "quarantined|correction_base|");
	assert_return(&intake, 5, "applied||code");
	/* one that only another town has got */
	fixture_sql(&intake.base, "DELETE FROM dispatch WHERE unit_id = 1");
	pdf = sheet_of_section(&intake, "s1", other[0], code);
	assert_return(&intake, receive(&intake, pdf), "quarantined|correction|");
}

/* A page of which something is left to a person: what could be read of it is merged with nothing. */
static void
merges_no_half_of_a_correction(void)
{
	static const char *const sections[] = { "s1", NULL };
	static const char *const questions[] = { "q1_1 q1_3", NULL };
	g_auto(Intake) intake = { 0 };
	g_autofree char *code = NULL;
	g_autoptr(GHashTable) uncertain = g_hash_table_new(g_str_hash, g_str_equal);
	CollectedPdf *pdf;

	intake_open(&intake);
	code = issue_code(&intake, 1, "A001", 1);
	plan_correction(&intake, 1, 1, sections, questions);
	assert_return(
	    &intake, receive(&intake, sheet_of(&intake, 1, "Ada", code)), "applied||code");
	pdf = sheet_of_section(&intake, "s1", questions[0], code);
	field_set_put(pdf->fields, "q1_1", "Bea");
	g_hash_table_add(uncertain, (gpointer)(gsize) "q1_3");
	pdf->uncertain = uncertain;
	pdf->verdict = PDF_REVIEW;
	pdf->reason = "scanned";
	assert_return(&intake, receive(&intake, pdf), "quarantined|scanned|");
	assert_answers(&intake, 2, "");
}

/* Both are read before either is stored. */
static void
merges_a_correction_over_the_sheet_beside_it(void)
{
	static const char *const sections[] = { "s1", NULL };
	static const char *const questions[] = { "q1_1", NULL };
	g_auto(Intake) intake = { 0 };
	g_autofree char *code = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(Transaction) transaction = NULL;
	CollectedPdf *pdfs[2];
	Arrival *arrivals[2];

	intake_open(&intake);
	code = issue_code(&intake, 1, "A001", 1);
	plan_correction(&intake, 1, 1, sections, questions);
	assert_return(
	    &intake, receive(&intake, sheet_of(&intake, 1, "Ada", code)), "applied||code");
	pdfs[0] = sheet_of(&intake, 1, "Eva", code);
	field_set_put(pdfs[0]->fields, "q1_3", "nota");
	pdfs[1] = sheet_of_section(&intake, "s1", "q1_1", code);
	field_set_put(pdfs[1]->fields, "q1_1", "Bea");
	for (guint i = 0; i < 2; i++) {
		arrivals[i] = arrival_new(&intake.tools, pdfs[i], &error);
		g_assert_no_error(error);
		arrivals[i]->message_sha256 = "sum";
		arrivals[i]->message_id = 1;
		arrivals[i]->part = i + 1;
	}
	transaction = transaction_begin(intake.base.store, &error);
	for (guint i = 0; i < 2; i++)
		g_assert_true(record_arrival(&intake.tools, arrivals[i], &intake.report, &error));
	g_assert_true(transaction_commit(transaction, &error));
	assert_answers(&intake, 3, "q1_1|Bea\nq1_2|rtd\nq1_3|nota");
	for (guint i = 0; i < 2; i++) {
		arrival_free(arrivals[i]);
		collected_pdf_free(pdfs[i]);
	}
}

/* --- answers to them ------------------------------------------------------------------------------------------ */

static void
assert_answered(Intake *intake, const char *expected)
{
	g_autofree char *rows = fixture_rows(&intake->base,
	    "SELECT answers, address FROM dispatch WHERE answers IS NOT NULL ORDER BY id");

	g_assert_cmpstr(rows, ==, expected);
}

/* To the first address of the registry from which the last message did not come back. */
static void
answers_where_mail_arrives(void)
{
	g_auto(Intake) intake = { 0 };
	g_autoptr(GError) error = NULL;

	intake_open(&intake);
	g_free(issue_code(&intake, 1, "A001", 1));
	fixture_sql(&intake.base,
	    "INSERT INTO contact (unit_id, role, channel, address, rank) VALUES "
	    "(1, 'protocol', 'pec', 'protocollo@grande.example', 1), "
	    "(1, 'mayor', 'mail', 'sindaco@grande.example', 2)");
	g_assert_cmpint(receive(&intake, sheet_of(&intake, 1, "Ada", "")), ==, 1);
	g_assert_true(intake_accept(&intake.tools, 1, "carla", "", &error));
	assert_answered(&intake, "1|protocollo@grande.example");
	fixture_sql(&intake.base,
	    "UPDATE dispatch SET state = 'sent';"
	    "INSERT INTO event (at, actor, edition, unit_id, subject, subject_id, what) SELECT 1, 'plico', edition, unit_id, "
	    "'dispatch', id, 'dispatch.undelivered' FROM dispatch");
	g_assert_cmpint(receive(&intake, sheet_of(&intake, 1, "Bea", "")), ==, 2);
	g_assert_true(intake_accept(&intake.tools, 2, "carla", "", &error));
	assert_answered(&intake, "1|protocollo@grande.example\n2|sindaco@grande.example");
}

static void
lists_what_waits(void)
{
	g_auto(Intake) intake = { 0 };
	g_autofree char *code = NULL;
	g_autoptr(GPtrArray) list = NULL;
	g_autoptr(GPtrArray) one = NULL;
	g_autoptr(GError) error = NULL;
	CollectedPdf *pdf;
	const Pending *pending;

	intake_open(&intake);
	code = issue_code(&intake, 1, "A001", 1);
	g_assert_cmpint(receive(&intake, sheet_of(&intake, 1, "Ada", "")), ==, 1);
	pdf = sheet_of(&intake, 2, "Bea", code);
	spoil_missing_field(&intake, pdf);
	g_assert_cmpint(receive(&intake, pdf), ==, 2);
	fixture_sql(&intake.base,
	    "UPDATE message SET state = 'quarantined', reason = 'attachment' WHERE id = 2");
	list = intake_pending(intake.base.store, NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(list->len, ==, 3);
	pending = g_ptr_array_index(list, 0);
	g_assert_cmpstr(pending->id, ==, "1");
	g_assert_cmpstr(pending->unit_name, ==, "Grande");
	g_assert_true(pending->acceptable);
	pending = g_ptr_array_index(list, 1);
	g_assert_cmpstr(pending->reason, ==, "fields");
	g_assert_false(pending->acceptable);
	one = intake_pending(intake.base.store, "m2", &error);
	g_assert_cmpuint(one->len, ==, 1);
	pending = g_ptr_array_index(one, 0);
	g_assert_true(pending->is_message);
	g_assert_null(intake_pending(intake.base.store, "x", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_USAGE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func(
	    "/returns/applies-what-comes-with-the-code", applies_what_comes_with_the_code);
	g_test_add_func("/returns/applies-what-comes-from-the-registered-pec",
	    applies_what_comes_from_the_registered_pec);
	g_test_add_func("/returns/holds-what-comes-without", holds_what_comes_without);
	g_test_add_func("/returns/applies-without-the-code-where-that-is-allowed",
	    applies_without_the_code_where_that_is_allowed);
	g_test_add_func("/returns/lets-the-code-confirm-the-same-answers",
	    lets_the_code_confirm_the_same_answers);
	g_test_add_func("/returns/lets-the-newest-win", lets_the_newest_win);
	g_test_add_func("/returns/holds-the-very-file-that-was-replaced",
	    holds_the_very_file_that_was_replaced);
	g_test_add_func("/returns/takes-what-is-asked-once-more", takes_what_is_asked_once_more);
	g_test_add_func("/returns/tells-findings-in-the-log", tells_findings_in_the_log);
	g_test_add_func(
	    "/returns/quarantines-what-cannot-be-answers", quarantines_what_cannot_be_answers);
	g_test_add_func(
	    "/returns/reads-sheets-of-an-earlier-version", reads_sheets_of_an_earlier_version);
	g_test_add_func("/returns/reads-the-sheet-of-a-town-that-has-shrunk-since",
	    reads_the_sheet_of_a_town_that_has_shrunk_since);
	g_test_add_func("/returns/gives-sections-to-whom-a-delegation-names",
	    gives_sections_to_whom_a_delegation_names);
	g_test_add_func(
	    "/returns/lets-a-person-believe-a-delegation", lets_a_person_believe_a_delegation);
	g_test_add_func("/returns/never-believes-a-delegation-without-the-code",
	    never_believes_a_delegation_without_the_code);
	g_test_add_func("/returns/lets-a-person-accept", lets_a_person_accept);
	g_test_add_func("/returns/does-not-let-a-person-go-back", does_not_let_a_person_go_back);
	g_test_add_func(
	    "/returns/merges-corrections-where-they-belong", merges_corrections_where_they_belong);
	g_test_add_func("/returns/merges-no-half-of-a-correction", merges_no_half_of_a_correction);
	g_test_add_func("/returns/merges-a-correction-over-the-sheet-beside-it",
	    merges_a_correction_over_the_sheet_beside_it);
	g_test_add_func("/returns/answers-where-mail-arrives", answers_where_mail_arrives);
	g_test_add_func("/returns/lists-what-waits", lists_what_waits);
	return g_test_run();
}

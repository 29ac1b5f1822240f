/* The queue of messages: every class is counted, the unreadable set aside, nothing stops those behind. */
#include "base/archive.h"
#include "base/error.h"
#include "fixture.h"
#include "collect/pec.h"
#include "validate/evidence.h"
#include "validate/validate.h"

#include <glib/gstdio.h>

#define HEAD                                                                                       \
	"From: Ufficio <ufficio@comune.example>\r\nTo: mappa@mappa.example\r\nSubject: Mappa\r\n"

typedef struct {
	Fixture base;
	IntakeTools tools;
	IntakeReport report;
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

/* Puts a message into the archive and the queue, as inbox/ does. Returns its id. */
static gint64
put(Intake *intake, const char *raw)
{
	g_autofree char *archive = g_build_filename(intake->base.directory, "archive", NULL);
	g_autoptr(GBytes) bytes = g_bytes_new(raw, strlen(raw));
	g_autofree char *sum = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_true(archive_put(archive, bytes, &sum, &error));
	g_assert_no_error(error);
	fixture_sql(&intake->base,
	    "INSERT INTO message (sha256, size, source, received_at, state) "
	    "VALUES ('%s', %zu, 'test', 1, 'new')",
	    sum, strlen(raw));
	return sqlite3_last_insert_rowid(intake->base.db);
}

static void
run(Intake *intake)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(intake_run(&intake->tools, &intake->report, &error));
	g_assert_no_error(error);
}

static void
assert_message(Intake *intake, gint64 id, const char *expected)
{
	g_autofree char *row = fixture_rows(
	    &intake->base, "SELECT state, class, reason FROM message WHERE id = %" PRId64, id);

	g_assert_cmpstr(row, ==, expected);
}

static char *
bounce(const char *message_id, const char *action)
{
	return g_strdup_printf(
	    "From: MAILER-DAEMON@mx.example\r\n"
	    "Subject: Undelivered\r\nMIME-Version: 1.0\r\n"
	    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
	    "--b\r\nContent-Type: text/plain\r\n\r\nno\r\n"
	    "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
	    "Reporting-MTA: dns; mx.example\r\n\r\n"
	    "Final-Recipient: rfc822; a@b.example\r\nAction: %s\r\nStatus: 5.1.1\r\n"
	    "Diagnostic-Code: smtp; 550 no such user\r\n\r\n"
	    "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
	    "Message-ID: <%s>\r\nSubject: Mappa\r\n\r\n--b--\r\n",
	    action, message_id);
}

static void
counts_every_class(void)
{
	g_auto(Intake) intake = { 0 };
	gint64 plain, reply, signed_sheet;

	intake_open(&intake);
	plain = put(&intake, HEAD "\r\nNon abbiamo capito.\r\n");
	reply = put(&intake, HEAD "Auto-Submitted: auto-replied\r\n\r\nSono in ferie.\r\n");
	signed_sheet = put(&intake,
	    HEAD "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
		 "--b\r\nContent-Type: text/plain\r\n\r\nIn allegato.\r\n"
		 "--b\r\nContent-Type: application/pkcs7-mime; name=\"sezione5.pdf.p7m\"\r\n"
		 "Content-Disposition: attachment; filename=\"sezione5.pdf.p7m\"\r\n"
		 "Content-Transfer-Encoding: base64\r\n\r\nMIIB\r\n--b--\r\n");
	run(&intake);
	assert_message(&intake, plain, "parsed|other|");
	assert_message(&intake, reply, "parsed|auto_reply|");
	assert_message(&intake, signed_sheet, "quarantined|other|attachment");
	g_assert_cmpuint(intake.report.messages, ==, 3);
	g_assert_cmpuint(intake.report.other, ==, 2);
	g_assert_cmpuint(intake.report.auto_replies, ==, 1);
	g_assert_cmpuint(intake.report.quarantined, ==, 1);
}

static void
believes_a_bounce_of_our_own_message_only(void)
{
	g_auto(Intake) intake = { 0 };
	g_autofree char *ours = bounce("0@mappa.example", "failed");
	g_autofree char *late = bounce("0@mappa.example", "delayed");
	g_autofree char *forged = bounce("1@mappa.example", "failed");
	g_autofree char *events = NULL;
	gint64 dispatch;

	intake_open(&intake);
	dispatch = fixture_dispatch(&intake.base, 2, "invitation", "s1", 1);
	g_assert_cmpint(dispatch, ==, 1);
	put(&intake, late);
	put(&intake, forged);
	run(&intake);
	events = fixture_rows(
	    &intake.base, "SELECT count(*) FROM event WHERE what = 'dispatch.undelivered'");
	g_assert_cmpstr(events, ==, "0");
	g_free(events);
	put(&intake, ours);
	run(&intake);
	events = fixture_rows(&intake.base,
	    "SELECT subject_id, unit_id, edition, to_state, note FROM event WHERE what = 'dispatch.undelivered'");
	g_assert_true(g_str_has_prefix(events, "1|2|prova-2024|undelivered|no_mailbox: 5.1.1"));
	g_assert_cmpuint(intake.report.bounces, ==, 3);
}

/* In the address it came to, as the envelope's id, and all at once; a tag of nobody's is none. */
static void
knows_a_bounce_by_the_address_it_came_to(void)
{
	static const char *const tells[] = { "To: b+7q4k9m2xabcd@mappa.example\r\n",
		"Delivered-To: b+7Q4K9M2XABCD@mappa.example\r\n",
		"To: b+7q4k9m2xabcd@mappa.example\r\nX-Original-To: b+7q4k9m2xabcd@mappa.example\r\n"
		"References: <e.A001.invitation.1.7Q4K9M2XABCD@mappa.example>\r\n" };
	g_auto(Intake) intake = { 0 };
	g_autofree char *none = bounce("x@other.example", "failed");
	g_autofree char *forged = g_strconcat(
	    "To: b+7q4k9m2xabcx@mappa.example, b+_____________@x, b+%@x\r\n", none, NULL);
	g_autofree char *first = NULL;

	intake_open(&intake);
	(void)fixture_dispatch(&intake.base, 2, "invitation", "s1", 1);
	fixture_sql(&intake.base,
	    "UPDATE dispatch SET message_id = 'e.A001.invitation.1.7Q4K9M2XABCD@mappa.example'");
	put(&intake, forged);
	run(&intake);
	first = fixture_rows(
	    &intake.base, "SELECT count(*) FROM event WHERE what = 'dispatch.undelivered'");
	g_assert_cmpstr(first, ==, "0");
	for (gsize i = 0; i < G_N_ELEMENTS(tells); i++) {
		g_autofree char *mail = g_strconcat(tells[i], none, NULL);
		g_autofree char *events = NULL;
		g_autofree char *expected = g_strdup_printf("%zu|1|1", i + 1);

		put(&intake, mail);
		run(&intake);
		events = fixture_rows(&intake.base,
		    "SELECT count(*), min(subject_id), max(subject_id) FROM event WHERE what = 'dispatch.undelivered'");
		g_assert_cmpstr(events, ==, expected);
	}
}

static void
sets_the_unreadable_aside(void)
{
	g_auto(Intake) intake = { 0 };
	g_autofree char *padding = g_strnfill(300000, 'x');
	g_autofree char *huge = g_strdup_printf(HEAD "X-Long: %s\r\n\r\nciao\r\n", padding);
	g_autofree char *note = NULL;
	gint64 bad, good;

	intake_open(&intake);
	bad = put(&intake, huge);
	good = put(&intake, HEAD "\r\nciao\r\n");
	run(&intake);
	assert_message(&intake, bad, "quarantined||unreadable");
	assert_message(&intake, good, "parsed|other|");
	note = fixture_rows(
	    &intake.base, "SELECT note <> '' FROM event WHERE what = 'message.quarantined'");
	g_assert_cmpstr(note, ==, "1");
}

static void
gives_up_after_three_crashes(void)
{
	g_auto(Intake) intake = { 0 };
	gint64 poison, good;

	intake_open(&intake);
	poison = put(&intake, HEAD "\r\nveleno\r\n");
	good = put(&intake, HEAD "\r\nciao\r\n");
	fixture_sql(&intake.base, "UPDATE message SET attempts = 4 WHERE id = 1");
	run(&intake);
	assert_message(&intake, poison, "quarantined||crash");
	assert_message(&intake, good, "parsed|other|");
}

static void
does_not_blame_the_message_for_our_faults(void)
{
	g_auto(Intake) intake = { 0 };
	g_autoptr(GError) error = NULL;
	g_autofree char *row = NULL;

	intake_open(&intake);
	put(&intake, HEAD "\r\nciao\r\n");
	fixture_sql(&intake.base, "UPDATE message SET sha256 = '%064d'", 1);
	for (int i = 0; i < 4; i++) {
		g_assert_false(intake_run(&intake.tools, &intake.report, &error));
		g_assert_nonnull(error);
		g_clear_error(&error);
	}
	row = fixture_rows(&intake.base, "SELECT state, attempts FROM message");
	g_assert_cmpstr(row, ==, "new|0");
	g_assert_cmpuint(intake.report.messages, ==, 0);
}

static void
counts_the_attempt_before_reading(void)
{
	g_auto(Intake) intake = { 0 };
	g_autofree char *row = NULL;

	intake_open(&intake);
	put(&intake, HEAD "\r\nciao\r\n");
	run(&intake);
	row = fixture_rows(&intake.base, "SELECT attempts FROM message");
	g_assert_cmpstr(row, ==, "1");
}

static void
reads_again_on_request(void)
{
	g_auto(Intake) intake = { 0 };
	g_autoptr(GError) error = NULL;
	gint64 id;

	intake_open(&intake);
	id = put(&intake, HEAD "\r\nciao\r\n");
	fixture_sql(&intake.base, "UPDATE message SET attempts = 4");
	run(&intake);
	assert_message(&intake, id, "quarantined||crash");
	g_assert_true(intake_retry(&intake.tools, id, "ada", "corretto", &error));
	run(&intake);
	assert_message(&intake, id, "parsed|other|");
	g_assert_false(intake_retry(&intake.tools, id, "ada", "", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_NOT_FOUND);
	g_clear_error(&error);
	fixture_sql(&intake.base, "UPDATE message SET state = 'quarantined'");
	g_assert_true(intake_dismiss(&intake.tools, id, "ada", "known", &error));
	assert_message(&intake, id, "parsed|other|");
}

/* Takes the only message out of the archive. Returns: (transfer full): its bytes. @name: (out) (transfer full) */
static GBytes *
take_away(Intake *intake, char **name)
{
	g_autofree char *archive = g_build_filename(intake->base.directory, "archive", NULL);
	g_autoptr(GError) error = NULL;
	g_autofree char *shelf = NULL;
	g_autofree char *path = NULL;
	GBytes *raw;

	*name = fixture_rows(&intake->base, "SELECT sha256 FROM message");
	raw = archive_open(archive, *name, &error);
	g_assert_no_error(error);
	shelf = g_strndup(*name, 2);
	path = g_build_filename(archive, shelf, *name + 2, NULL);
	g_assert_cmpint(g_unlink(path), ==, 0);
	return raw;
}

static void
reads_what_was_handed_over(void)
{
	g_auto(Intake) intake = { 0 };
	g_autoptr(IntakeRun) reading = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *name = NULL;
	g_autoptr(GBytes) raw = NULL;
	gint64 id;

	intake_open(&intake);
	id = put(&intake, HEAD "\r\nciao\r\n");
	raw = take_away(&intake, &name);
	reading = intake_begin(&intake.tools, &error);
	intake_hand_over(reading, name, raw);
	intake_hand_over(reading, name, raw);
	g_assert_true(intake_go_on(reading, &intake.report, &error));
	g_assert_true(intake_finish(reading, &intake.report, &error));
	g_assert_no_error(error);
	assert_message(&intake, id, "parsed|other|");
}

/* It is no second archive. */
static void
forgets_what_was_handed_over(void)
{
	g_auto(Intake) intake = { 0 };
	g_autoptr(IntakeRun) reading = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *name = NULL;
	g_autoptr(GBytes) raw = NULL;

	intake_open(&intake);
	put(&intake, HEAD "\r\nciao\r\n");
	raw = take_away(&intake, &name);
	fixture_sql(&intake.base, "UPDATE message SET state = 'quarantined'");
	reading = intake_begin(&intake.tools, &error);
	intake_hand_over(reading, name, raw);
	g_assert_true(intake_go_on(reading, &intake.report, &error));
	fixture_sql(&intake.base, "UPDATE message SET state = 'new'");
	g_assert_false(intake_finish(reading, &intake.report, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
}

/* What the log says at last of a message in doubt, when such a receipt has come. */
static void
assert_proof(PecKind kind, PecDoubt doubt, const char *reference, const char *expected)
{
	g_auto(Intake) intake = { 0 };
	Collected collected = { .message_class = MESSAGE_RECEIPT };
	g_autoptr(GError) error = NULL;
	g_autofree char *what = NULL;

	intake_open(&intake);
	fixture_sql(&intake.base,
	    "INSERT INTO wave (id, edition, kind, state, form_version, planned_at, planned_by) "
	    "VALUES (1, 'prova-2024', 'invitation', 'done', '1', 1, 'ada');"
	    "INSERT INTO dispatch (id, wave_id, edition, unit_id, kind, sections, serial, address, channel, lang, message_id, "
	    "state, changed_at) VALUES (1, 1, 'prova-2024', 1, 'invitation', 's1', 1, 'a@pec.example', 'pec', 'it', "
	    "'1@mappa.example', 'unknown', 1)");
	pec_init(&collected.pec);
	collected.pec.kind = kind;
	collected.pec.doubt = doubt;
	g_free(collected.pec.reference);
	collected.pec.reference = g_strdup(reference);
	g_assert_true(evidence_record(&intake.tools, &collected, "ab", &error));
	g_assert_no_error(error);
	what = fixture_rows(&intake.base, "SELECT what FROM event ORDER BY seq DESC LIMIT 1");
	g_assert_cmpstr(what, ==, expected);
	pec_clear(&collected.pec);
}

static void
believes_of_each_receipt_what_it_says(void)
{
	static const struct {
		PecKind kind;
		const char *what;
	} cases[] = {
		{ PEC_ACCEPTANCE, "dispatch.accepted" },
		{ PEC_NON_ACCEPTANCE, "dispatch.failed" },
		{ PEC_TAKEN_ON, "" },
		{ PEC_DELIVERY, "dispatch.delivered" },
		{ PEC_NON_DELIVERY, "dispatch.undelivered" },
		{ PEC_WARNING, "dispatch.sent" },
		{ PEC_VIRUS, "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		assert_proof(cases[i].kind, PEC_VERIFIED, "1@mappa.example", cases[i].what);
		assert_proof(cases[i].kind, PEC_VERIFIED, "2@mappa.example", "");
		assert_proof(cases[i].kind, PEC_EXPIRED, "1@mappa.example", "");
	}
}

#define AT_HAND (16u << 20) /* bytes: as much as may lie at hand at once */

/* Reads a message that is no longer in the archive: it was handed over. */
static void
expect_room(Intake *intake, IntakeRun *reading)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *name = NULL;
	g_autoptr(GBytes) raw = NULL;

	fixture_sql(&intake->base, "DELETE FROM message");
	put(intake, HEAD "\r\nciao\r\n");
	raw = take_away(intake, &name);
	intake_hand_over(reading, name, raw);
	g_assert_true(intake_finish(reading, &intake->report, &error));
	g_assert_no_error(error);
}

/* What was forgotten, or has been read, takes no room from what comes later. */
static void
has_room_for_what_comes_later(void)
{
	g_auto(Intake) intake = { 0 };
	g_autoptr(IntakeRun) reading = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = g_strnfill(AT_HAND - strlen(HEAD) - 20, 'a');
	g_autofree char *mail = g_strconcat(HEAD "\r\n", text, NULL);
	g_autofree char *name = NULL;
	g_autoptr(GBytes) large = NULL;
	g_autoptr(GBytes) half = NULL;

	intake_open(&intake);
	put(&intake, mail);
	name = fixture_rows(&intake.base, "SELECT sha256 FROM message");
	large = g_bytes_new_static(mail, strlen(mail));
	reading = intake_begin(&intake.tools, &error);
	intake_hand_over(reading, name, large);
	g_assert_true(intake_finish(reading, &intake.report, &error));
	expect_room(&intake, reading);
	intake_hand_over(reading, "of no message", large);
	g_assert_true(intake_go_on(reading, &intake.report, &error));
	g_assert_no_error(error);
	expect_room(&intake, reading);
	/* the same one twice is there once */
	half = g_bytes_new_from_bytes(large, 0, AT_HAND / 2 - 10);
	intake_hand_over(reading, "of no message", half);
	intake_hand_over(reading, "of no message", half);
	g_assert_true(intake_go_on(reading, &intake.report, &error));
	intake_hand_over(reading, "of no other message", half);
	expect_room(&intake, reading);
}

/* Two plicos at one queue: who comes later stores nothing. */
static void
does_not_store_what_another_has_read(void)
{
	g_auto(Intake) intake = { 0 };
	g_autoptr(IntakeRun) reading = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *events = NULL;

	intake_open(&intake);
	put(&intake, HEAD "\r\nciao\r\n");
	reading = intake_begin(&intake.tools, &error);
	g_assert_true(intake_go_on(reading, &intake.report, &error));
	run(&intake);
	g_assert_false(intake_finish(reading, &intake.report, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_TRY_AGAIN);
	events = fixture_rows(&intake.base, "SELECT what FROM event");
	g_assert_cmpstr(events, ==, "message.parsed");
	g_assert_cmpuint(intake.report.messages, ==, 1);
}

static void
does_not_read_returns_twice(void)
{
	g_auto(Intake) intake = { 0 };
	g_autoptr(GError) error = NULL;
	gint64 id;

	intake_open(&intake);
	id = put(&intake, HEAD "\r\nciao\r\n");
	fixture_sql(&intake.base, "UPDATE message SET state = 'quarantined'");
	fixture_sql(&intake.base,
	    "INSERT INTO \"return\" (message_id, part, file_sha256, state, received_at) "
	    "VALUES (1, 0, 'x', 'held', 1)");
	g_assert_false(intake_retry(&intake.tools, id, "ada", "", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_NOT_FOUND);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/intake/counts-every-class", counts_every_class);
	g_test_add_func("/intake/believes-a-bounce-of-our-own-message-only",
	    believes_a_bounce_of_our_own_message_only);
	g_test_add_func("/intake/knows-a-bounce-by-the-address-it-came-to",
	    knows_a_bounce_by_the_address_it_came_to);
	g_test_add_func("/intake/sets-the-unreadable-aside", sets_the_unreadable_aside);
	g_test_add_func("/intake/gives-up-after-three-crashes", gives_up_after_three_crashes);
	g_test_add_func("/intake/does-not-blame-the-message-for-our-faults",
	    does_not_blame_the_message_for_our_faults);
	g_test_add_func(
	    "/intake/counts-the-attempt-before-reading", counts_the_attempt_before_reading);
	g_test_add_func("/intake/reads-again-on-request", reads_again_on_request);
	g_test_add_func("/intake/reads-what-was-handed-over", reads_what_was_handed_over);
	g_test_add_func("/intake/forgets-what-was-handed-over", forgets_what_was_handed_over);
	g_test_add_func(
	    "/intake/believes-of-each-receipt-what-it-says", believes_of_each_receipt_what_it_says);
	g_test_add_func("/intake/has-room-for-what-comes-later", has_room_for_what_comes_later);
	g_test_add_func(
	    "/intake/does-not-store-what-another-has-read", does_not_store_what_another_has_read);
	g_test_add_func("/intake/does-not-read-returns-twice", does_not_read_returns_twice);
	return g_test_run();
}

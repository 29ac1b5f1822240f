/* What was in doubt: receipts, bounces and people settle it, in whatever state it is by then, and it leaves once more at most. */
#include "workshop.h"

#include "base/error.h"

#include <string.h>

#define RECEIPT "cafecafecafecafecafecafecafecafecafecafecafecafecafecafecafecafe"
#define LATER	(OUTBOX_RECEIPT_WAIT + 1)

static void
set_up(Workshop *shop, gconstpointer data)
{
	(void)data;
	workshop_open(shop);
	workshop_plan(shop, 2);
}

static void
tear_down(Workshop *shop, gconstpointer data)
{
	(void)data;
	workshop_close(shop);
}

/* All rows of a query, cells with '|' and rows with ' ' between. */
static char *
rows(Workshop *shop, const char *sql)
{
	g_autoptr(GString) all = g_string_new(NULL);
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;

	g_assert_cmpint(sqlite3_open(shop->path, &db), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		for (int i = 0; i < sqlite3_column_count(stmt); i++)
			g_string_append_printf(all, "%s%s",
			    i > 0	   ? "|"
			    : all->len > 0 ? " "
					   : "",
			    (const char *)sqlite3_column_text(stmt, i));
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return g_string_free(g_steal_pointer(&all), FALSE);
}

static void
assert_rows(Workshop *shop, const char *sql, const char *expected)
{
	g_autofree char *actual = rows(shop, sql);

	g_assert_cmpstr(actual, ==, expected);
}

#define STATE "SELECT state FROM dispatch WHERE id = 1"
#define EVENTS                                                                                                   \
	"SELECT substr(what, 10) || ':' || from_state || '>' || to_state FROM event WHERE subject = 'dispatch' " \
	"AND subject_id = 1 AND seq > (SELECT max(seq) FROM event WHERE what = 'dispatch.unknown') ORDER BY seq"

static GPtrArray *
claim(Workshop *shop)
{
	g_autoptr(GError) error = NULL;
	GPtrArray *claimed = outbox_claim(&shop->tools, 0, 10, &error);

	g_assert_no_error(error);
	return claimed;
}

static void
hand_over(Workshop *shop, Dispatch *dispatch)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static("the letter", 10);
	g_autoptr(GError) error = NULL;

	g_assert_true(outbox_check_bytes(dispatch, bytes, &error));
	g_assert_true(outbox_mark_dot(shop->store, dispatch, &error));
	g_assert_no_error(error);
}

/* The first message is in doubt, the second has left. */
static void
lose_a_reply(Workshop *shop)
{
	g_autoptr(GPtrArray) claimed = claim(shop);
	Dispatch *first = g_ptr_array_index(claimed, 0);
	Dispatch *second = g_ptr_array_index(claimed, 1);
	g_autoptr(GError) error = NULL;

	hand_over(shop, first);
	hand_over(shop, second);
	g_assert_true(outbox_record(shop->store, first, OUTCOME_UNKNOWN, "no reply", &error));
	g_assert_true(outbox_record(shop->store, second, OUTCOME_SENT, "250 ok", &error));
	g_assert_true(outbox_close_waves(shop->store, &error));
	g_assert_no_error(error);
	assert_rows(shop, STATE, "unknown");
	assert_rows(shop, "SELECT state FROM wave", "done");
}

static Dispatch *
stored(Workshop *shop)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = outbox_list(shop->store, 1, NULL, 1, 0, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(list->len, ==, 1);
	return g_ptr_array_steal_index(list, 0);
}

static void
prove(Workshop *shop, Proof proof, const char *recipient)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Transaction) tx = transaction_begin(shop->store, &error);

	g_assert_true(
	    outbox_prove(shop->store, 1, proof, recipient, RECEIPT, "5.1.1 nobody here", &error));
	g_assert_true(transaction_commit(tx, &error));
	g_assert_no_error(error);
}

/* What each kind of evidence makes of each state. */
static const struct {
	const char *from;
	Proof proof;
	const char *to;
	const char *events;
} effects[] = {
	{ "unknown", PROOF_LEFT, "sent", "sent:unknown>sent" },
	{ "unknown", PROOF_ACCEPTED, "sent", "sent:unknown>sent accepted:sent>accepted" },
	{ "unknown", PROOF_DELIVERED, "sent", "sent:unknown>sent delivered:sent>delivered" },
	{ "unknown", PROOF_REFUSED, "failed", "failed:unknown>failed" },
	{ "unknown", PROOF_UNDELIVERED, "sent", "sent:unknown>sent undelivered:sent>undelivered" },
	{ "sent", PROOF_LEFT, "sent", "" },
	{ "sent", PROOF_ACCEPTED, "sent", "accepted:sent>accepted" },
	{ "sent", PROOF_DELIVERED, "sent", "delivered:sent>delivered" },
	{ "sent", PROOF_REFUSED, "failed", "failed:sent>failed" },
	{ "sent", PROOF_UNDELIVERED, "sent", "undelivered:sent>undelivered" },
	{ "failed", PROOF_ACCEPTED, "sent", "sent:failed>sent accepted:sent>accepted" },
	{ "failed", PROOF_REFUSED, "failed", "refused:failed>failed" },
	{ "failed", PROOF_UNDELIVERED, "failed", "undelivered:failed>undelivered" },
	/* a person has said that it did not leave */
	{ "queued", PROOF_LEFT, "sent", "sent:queued>sent" },
	{ "queued", PROOF_ACCEPTED, "sent", "sent:queued>sent accepted:sent>accepted" },
	{ "queued", PROOF_REFUSED, "queued", "refused:queued>queued" },
	{ "queued", PROOF_UNDELIVERED, "sent", "sent:queued>sent undelivered:sent>undelivered" },
	{ "deferred", PROOF_ACCEPTED, "sent", "sent:deferred>sent accepted:sent>accepted" },
	{ "claimed", PROOF_ACCEPTED, "sent", "sent:claimed>sent accepted:sent>accepted" },
	{ "claimed", PROOF_REFUSED, "claimed", "refused:claimed>claimed" },
	{ "dot", PROOF_DELIVERED, "sent", "sent:dot>sent delivered:sent>delivered" },
	{ "cancelled", PROOF_ACCEPTED, "sent", "sent:cancelled>sent accepted:sent>accepted" },
};

static void
test_evidence(Workshop *shop, gconstpointer data)
{
	(void)data;
	lose_a_reply(shop);
	for (gsize i = 0; i < G_N_ELEMENTS(effects); i++) {
		g_autofree char *sql =
		    g_strdup_printf("UPDATE dispatch SET state = '%s' WHERE id = 1;"
				    "DROP TRIGGER event_is_never_deleted;"
				    "DELETE FROM event WHERE seq > (SELECT max(seq) FROM event "
				    "WHERE what = 'wave.done');"
				    "CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event "
				    "BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;",
			effects[i].from);

		workshop_sql(shop, sql);
		prove(shop, effects[i].proof, "protocollo@COMUNI.example");
		assert_rows(shop, STATE, effects[i].to);
		assert_rows(shop, EVENTS, effects[i].events);
	}
}

/* S7: of whom a receipt tells must be whom we wrote to. */
static void
test_of_somebody_else(Workshop *shop, gconstpointer data)
{
	(void)data;
	lose_a_reply(shop);
	prove(shop, PROOF_DELIVERED, "altro@comuni.example");
	assert_rows(shop, STATE, "unknown");
	assert_rows(shop, EVENTS, "");
}

static void
test_second_copy_is_refused(Workshop *shop, gconstpointer data)
{
	(void)data;
	lose_a_reply(shop);
	prove(shop, PROOF_ACCEPTED, NULL);
	prove(shop, PROOF_REFUSED, NULL);
	assert_rows(shop, STATE, "sent");
	assert_rows(shop, EVENTS, "sent:unknown>sent accepted:sent>accepted refused:sent>sent");
	assert_rows(
	    shop, "SELECT DISTINCT evidence FROM event WHERE evidence LIKE 'cafe%'", RECEIPT);
}

static void
test_finding(Workshop *shop, gconstpointer data)
{
	g_autoptr(Dispatch) dispatch = stored(shop);
	const char *tag = strrchr(dispatch->message_id, '@') - 12;
	g_autofree char *address = g_strdup_printf("rimbalzi+%.12s@mappa.example", tag);
	g_autofree char *small = g_ascii_strdown(address, -1);
	g_autofree char *near = g_strdup_printf("x%s", dispatch->message_id);
	const struct {
		const char *reference;
		gint64 id;
	} table[] = { { dispatch->message_id, 1 }, { address, 1 }, { small, 1 }, { near, 0 },
		{ "rimbalzi+%@mappa.example", 0 }, { "rimbalzi+____________@mappa.example", 0 },
		{ "", 0 } };

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(GError) error = NULL;
		gint64 id = -1;

		g_assert_true(outbox_find(shop->store, table[i].reference, &id, &error));
		g_assert_cmpint(id, ==, table[i].id);
	}
}

/* --- people ------------------------------------------------------------------------------------------------------ */

static gboolean
decide(Workshop *shop, gboolean sent, gboolean early, GError **error)
{
	const Settlement settlement = { sent, early, "anna", "asked the provider" };
	g_autoptr(Dispatch) dispatch = stored(shop);

	return outbox_decide(shop->store, dispatch, &settlement, error);
}

static void
assert_refused(Workshop *shop, gboolean sent, PlicoError code, const char *words)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *before = rows(shop, "SELECT count(*) FROM event");

	g_assert_false(decide(shop, sent, FALSE, &error));
	g_assert_error(error, PLICO_ERROR, (gint)code);
	g_assert_nonnull(strstr(error->message, words));
	assert_rows(shop, "SELECT count(*) FROM event", before);
}

static void
assert_decided(Workshop *shop, gboolean sent, gboolean early)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(decide(shop, sent, early, &error));
	g_assert_no_error(error);
}

static void
test_person_says_sent(Workshop *shop, gconstpointer data)
{
	(void)data;
	lose_a_reply(shop);
	assert_decided(shop, TRUE, FALSE);
	assert_rows(shop, STATE, "sent");
	assert_rows(shop,
	    "SELECT actor, what, from_state, to_state, note, length(evidence) FROM event WHERE actor = 'anna' AND seq > 3",
	    "anna|dispatch.sent|unknown|sent|asked the provider|64 "
	    "anna|wave.settled_sent|done|done|protocollo@comuni.example: asked the provider|0");
	assert_refused(shop, TRUE, PLICO_ERROR_INPUT, "is sent");
	assert_refused(shop, FALSE, PLICO_ERROR_INPUT, "is sent");
}

static void
test_person_says_not_sent(Workshop *shop, gconstpointer data)
{
	g_autoptr(GPtrArray) claimed = NULL;
	g_autoptr(GBytes) other = g_bytes_new_static("another letter", 14);
	g_autoptr(GError) error = NULL;
	g_autofree char *was = NULL;

	(void)data;
	lose_a_reply(shop);
	was = rows(shop, "SELECT message_id, sha256, address FROM dispatch WHERE id = 1");
	assert_refused(shop, FALSE, PLICO_ERROR_INPUT, "--early");
	clock_set(WORKSHOP_NOW + LATER);
	assert_decided(shop, FALSE, FALSE);
	assert_rows(shop, EVENTS, "queued:unknown>queued");
	assert_rows(shop, "SELECT message_id, sha256, address FROM dispatch WHERE id = 1", was);
	assert_rows(shop, "SELECT state FROM wave", "sending"); /* it was done */
	claimed = claim(shop);
	g_assert_cmpuint(claimed->len, ==, 1);
	/* the same bytes, or none */
	g_assert_false(outbox_check_bytes(g_ptr_array_index(claimed, 0), other, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
	hand_over(shop, g_ptr_array_index(claimed, 0));
	assert_refused(shop, TRUE, PLICO_ERROR_INPUT, "dot");
}

static void
test_early(Workshop *shop, gconstpointer data)
{
	(void)data;
	lose_a_reply(shop);
	assert_decided(shop, FALSE, TRUE);
	assert_rows(shop, STATE, "queued");
}

/* Ordinary mail has no receipts to wait for. */
static void
test_ordinary_mail(Workshop *shop, gconstpointer data)
{
	(void)data;
	lose_a_reply(shop);
	workshop_sql(shop, "UPDATE dispatch SET channel = 'mail'");
	assert_decided(shop, FALSE, FALSE);
	assert_rows(shop, STATE, "queued");
}

static void
test_cancelled_wave(Workshop *shop, gconstpointer data)
{
	(void)data;
	lose_a_reply(shop);
	workshop_sql(shop, "UPDATE wave SET state = 'cancelled'");
	assert_decided(shop, FALSE, TRUE);
	assert_rows(shop, STATE, "cancelled");
	assert_rows(shop, EVENTS, "cancelled:unknown>cancelled");
}

static void
test_new_access_code(Workshop *shop, gconstpointer data)
{
	(void)data;
	lose_a_reply(shop);
	workshop_sql(shop,
	    "INSERT INTO credential (edition, unit_id, serial, kid, verifier, issued_at) VALUES"
	    " ('mappa-2024', 1, 1, 'k1', x'00', 1), ('mappa-2024', 1, 2, 'k1', x'00', 2)");
	clock_set(WORKSHOP_NOW + LATER);
	assert_refused(shop, FALSE, PLICO_ERROR_INPUT, "new access code");
	assert_decided(shop, TRUE, FALSE);
}

static void
test_all_of_a_wave(Workshop *shop, gconstpointer data)
{
	const Settlement settlement = { FALSE, FALSE, "anna", "the server was down" };
	g_autoptr(Wave) wave = outbox_wave(shop->store, 1, NULL);
	g_autoptr(GError) error = NULL;

	(void)data;
	lose_a_reply(shop);
	workshop_sql(shop, "UPDATE dispatch SET state = 'unknown'");
	g_assert_false(outbox_decide_all(shop->store, wave, 1, &settlement, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	g_clear_error(&error);
	/* one of the two may still get its receipt: none leaves */
	g_assert_false(outbox_decide_all(shop->store, wave, 2, &settlement, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	g_clear_error(&error);
	assert_rows(shop, "SELECT state FROM dispatch", "unknown unknown");
	clock_set(WORKSHOP_NOW + LATER);
	g_assert_true(outbox_decide_all(shop->store, wave, 2, &settlement, &error));
	g_assert_no_error(error);
	assert_rows(shop, "SELECT state FROM dispatch", "queued queued");
	assert_rows(shop, "SELECT note FROM event WHERE what = 'wave.settled_not_sent'",
	    "2: the server was down");
	g_assert_false(outbox_decide_all(shop->store, wave, 0, &settlement, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
}

/* --- races --------------------------------------------------------------------------------------------------------- */

/* A person said not sent; now it is in the hands of a run, and the receipt comes. */
static void
test_receipt_before_the_dot(Workshop *shop, gconstpointer data)
{
	g_autoptr(GPtrArray) claimed = NULL;
	g_autoptr(GBytes) bytes = g_bytes_new_static("the letter", 10);
	g_autoptr(GError) error = NULL;
	Dispatch *mine;

	(void)data;
	lose_a_reply(shop);
	assert_decided(shop, FALSE, TRUE);
	claimed = claim(shop);
	mine = g_ptr_array_index(claimed, 0);
	g_assert_true(outbox_check_bytes(mine, bytes, &error));
	prove(shop, PROOF_ACCEPTED, NULL);
	g_assert_false(outbox_mark_dot(shop->store, mine, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_TRY_AGAIN);
	g_clear_error(&error);
	g_assert_cmpstr(mine->state, ==, "sent");
	/* and the run gives back what it holds */
	g_assert_true(outbox_record(shop->store, mine, OUTCOME_UNSENT, "", &error));
	assert_rows(shop, STATE, "sent");
	g_assert_cmpuint(claim(shop)->len, ==, 0);
}

/* The same behind the dot: what this attempt comes to changes nothing more. */
static void
test_receipt_behind_the_dot(Workshop *shop, gconstpointer data)
{
	static const Outcome outcomes[] = { OUTCOME_SENT, OUTCOME_DEFERRED, OUTCOME_FAILED,
		OUTCOME_UNKNOWN, OUTCOME_UNSENT };

	(void)data;
	lose_a_reply(shop);
	for (gsize i = 0; i < G_N_ELEMENTS(outcomes); i++) {
		g_autoptr(GPtrArray) claimed = NULL;
		g_autoptr(GError) error = NULL;
		g_autofree char *before = NULL;
		Dispatch *mine;

		workshop_sql(shop,
		    "UPDATE dispatch SET state = 'queued' WHERE id = 1; UPDATE wave SET state = 'sending'");
		claimed = claim(shop);
		mine = g_ptr_array_index(claimed, 0);
		hand_over(shop, mine);
		prove(shop, PROOF_ACCEPTED, NULL);
		before = rows(shop, "SELECT count(*) FROM event");
		if (outcomes[i] == OUTCOME_FAILED) {
			g_assert_true(outbox_hold(shop->store, mine, &error));
			g_assert_cmpstr(mine->state, ==, "sent");
		}
		g_assert_true(outbox_record(shop->store, mine, outcomes[i], "451 wait", &error));
		g_assert_no_error(error);
		g_assert_cmpstr(mine->state, ==, "sent");
		assert_rows(shop, STATE, "sent");
		assert_rows(shop, "SELECT count(*) FROM event", before);
	}
}

/* The program died behind the dot, and the receipt was faster than the next start. */
static void
test_receipt_before_the_next_start(Workshop *shop, gconstpointer data)
{
	g_autoptr(GPtrArray) claimed = claim(shop);
	g_autoptr(GError) error = NULL;
	guint unknown = 9;

	(void)data;
	hand_over(shop, g_ptr_array_index(claimed, 0));
	workshop_reopen(shop);
	prove(shop, PROOF_ACCEPTED, NULL);
	g_assert_true(outbox_settle(shop->store, &unknown, &error));
	g_assert_cmpuint(unknown, ==, 0);
	assert_rows(shop, "SELECT state, length(sha256) FROM dispatch WHERE id = 1", "sent|64");
}

/* With other bytes on a person's word, and then the receipt for the first ones: those count. */
static void
test_receipt_for_forgotten_bytes(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *sum = NULL;
	guint count;

	(void)data;
	lose_a_reply(shop);
	sum = rows(shop, "SELECT sha256 FROM dispatch WHERE id = 1");
	assert_decided(shop, FALSE, TRUE);
	g_assert_true(outbox_forget_bytes(shop->store, 0, &count, &error));
	g_assert_cmpuint(count, ==, 1);
	prove(shop, PROOF_DELIVERED, NULL);
	assert_rows(shop, "SELECT sha256 FROM dispatch WHERE id = 1", sum);
}

#define ADD(path, test) g_test_add("/settle/" path, Workshop, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("each-kind-of-evidence-in-each-state", test_evidence);
	ADD("a-receipt-of-somebody-else-is-none", test_of_somebody_else);
	ADD("a-second-copy-that-is-refused-takes-nothing-back", test_second_copy_is_refused);
	ADD("only-our-own-message-id-and-tag-are-found", test_finding);
	ADD("a-person-says-that-it-was-sent", test_person_says_sent);
	ADD("a-person-says-that-it-was-not", test_person_says_not_sent);
	ADD("before-the-receipt-may-come-only-on-purpose", test_early);
	ADD("ordinary-mail-has-no-receipts", test_ordinary_mail);
	ADD("in-a-cancelled-wave-it-is-cancelled", test_cancelled_wave);
	ADD("with-an-old-access-code-it-never-leaves-again", test_new_access_code);
	ADD("all-of-a-wave-or-none", test_all_of_a_wave);
	ADD("a-receipt-before-the-dot-keeps-it-here", test_receipt_before_the_dot);
	ADD("a-receipt-behind-the-dot-stays", test_receipt_behind_the_dot);
	ADD("a-receipt-before-the-next-start", test_receipt_before_the_next_start);
	ADD("a-receipt-tells-of-the-bytes-that-left", test_receipt_for_forgotten_bytes);
	return g_test_run();
}

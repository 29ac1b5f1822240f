/* Planning mail to delegates: one message an address, no sheet twice, and what becomes of it when delegations change. */
#include "workshop.h"

#include "base/durable.h"
#include "base/error.h"

#include <gio/gio.h>
#include <string.h>

#define EDITION "mappa-2024"
#define TOWNS	24 /* that one office serves: too many sheets for one message */

static void
set_up(Workshop *shop, gconstpointer data)
{
	(void)data;
	workshop_open(shop);
	workshop_credentials(shop);
}

static void
tear_down(Workshop *shop, gconstpointer data)
{
	(void)data;
	workshop_close(shop);
}

static void
give(Workshop *shop, gint64 unit_id, const char *section, const char *email)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *place = g_strdup(section);
	g_autofree char *address = g_strdup(email);
	g_autofree char *nobody = g_strdup("");
	g_autofree char *source = g_strdup("operator");
	const Delegation delegation = { .unit_id = unit_id,
		.section = place,
		.name = nobody,
		.office = nobody,
		.email = address,
		.source = source };
	g_autoptr(Transaction) tx = transaction_begin(shop->store, &error);

	g_assert_true(
	    registry_delegate(shop->store, EDITION, &delegation, "anna", "", NULL, &error));
	g_assert_true(transaction_commit(tx, &error));
}

/* @revise: as the verbs do; otherwise as if nobody had told the outbox. */
static void
take_back(Workshop *shop, gint64 unit_id, const char *section, gboolean revise)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) present = registry_delegations(shop->store, EDITION, unit_id, &error);
	g_autoptr(Transaction) tx = transaction_begin(shop->store, &error);

	g_assert_true(registry_withdraw(
	    shop->store, EDITION, delegation_find(present, section), "anna", "", &error));
	g_assert_true(!revise || outbox_revise_delegates(&shop->tools, unit_id, &error));
	g_assert_true(transaction_commit(tx, &error));
}

/* How many messages with sheets are planned. */
static guint
plan(const OutboxTools *tools)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(WavePlan) made = outbox_plan_sections(tools, NULL, "", "anna", &error);

	g_assert_no_error(error);
	return made->to_delegates;
}

/* All rows of a query, cells with '|' and rows with '\n' between. Returns: (transfer full) */
static char *
rows_of(Workshop *shop, const char *sql)
{
	g_autoptr(GString) all = g_string_new(NULL);
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;

	g_assert_cmpint(sqlite3_open(shop->path, &db), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		if (all->len > 0)
			g_string_append_c(all, '\n');
		for (int i = 0; i < sqlite3_column_count(stmt); i++)
			g_string_append_printf(all, "%s%s", i > 0 ? "|" : "",
			    (const char *)sqlite3_column_text(stmt, i));
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return g_string_free(g_steal_pointer(&all), FALSE);
}

/* "state unit:sections unit:sections", a line for each message with sheets. */
static void
assert_messages(Workshop *shop, const char *expected)
{
	g_autofree char *rows = rows_of(shop,
	    "SELECT d.state || ' ' || group_concat(p.unit_id || ':' || p.sections, ', ') FROM dispatch AS d"
	    " JOIN dispatch_part AS p ON p.dispatch_id = d.id WHERE d.kind = 'sections' GROUP BY d.id ORDER BY d.id");

	g_assert_cmpstr(rows, ==, expected);
}

/* The first message with sheets that can be claimed, NULL where there is none; the others are claimed too. */
static Dispatch *
claim_sheets(Workshop *shop)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) claimed = outbox_claim(&shop->tools, 0, 100, &error);

	g_assert_no_error(error);
	for (guint i = 0; i < claimed->len; i++) {
		const Dispatch *dispatch = g_ptr_array_index(claimed, i);

		if (strcmp(dispatch->kind, "sections") == 0)
			return g_ptr_array_steal_index(claimed, i);
	}
	return NULL;
}

/* Why it does not leave; NULL: it does. */
static char *
ask(Workshop *shop, const Dispatch *dispatch)
{
	g_autoptr(GError) error = NULL;
	gboolean leaves;
	char *why;

	g_assert_true(outbox_may_leave(&shop->tools, dispatch, &leaves, &why, &error));
	g_assert_no_error(error);
	return why;
}

static void
ends(Workshop *shop, Dispatch *dispatch, Outcome outcome, const char *reply)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = g_bytes_new_static("words", 5);

	g_assert_true(outbox_check_bytes(dispatch, bytes, &error));
	if (outcome == OUTCOME_UNKNOWN)
		g_assert_true(outbox_mark_dot(shop->store, dispatch, &error));
	g_assert_true(outbox_record(shop->store, dispatch, outcome, reply, &error));
	g_assert_no_error(error);
}

static void
test_office(Workshop *shop, gconstpointer data)
{
	g_autofree char *rows = NULL;

	(void)data;
	workshop_sql(shop, "UPDATE unit SET lang = 'de+it' WHERE id = 2");
	give(shop, 1, "s4", "ced@unione.example");
	give(shop, 2, "s5", "CED@Unione.example");
	give(shop, 2, "s2", "ced@unione.example");
	give(shop, 2, "s3", "ugo@forli.example");
	g_assert_cmpuint(plan(&shop->tools), ==, 2);
	assert_messages(shop, "queued 1:s4, 2:s2 s5\nqueued 2:s3");
	/* the words are in a language that both towns write in; each one's sheets in its own */
	rows = rows_of(shop,
	    "SELECT d.lang, group_concat(p.lang) FROM dispatch AS d JOIN dispatch_part AS p ON p.dispatch_id = d.id"
	    " WHERE d.kind = 'sections' GROUP BY d.id ORDER BY d.id");
	g_assert_cmpstr(rows, ==, "it+de|it,de+it\nde+it|de+it");
	g_assert_cmpuint(plan(&shop->tools), ==, 0);
}

static void
test_segment(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	char code[] = "D704";
	char *codes[] = { code, NULL };
	const UnitFilter filter = { .above = -1, .up_to = -1, .codes = codes };
	g_autoptr(WavePlan) made = NULL;

	(void)data;
	give(shop, 1, "s4", "ced@unione.example");
	give(shop, 2, "s4", "ced@unione.example");
	made = outbox_plan_sections(&shop->tools, &filter, "", "anna", &error);
	g_assert_no_error(error);
	assert_messages(shop, "queued 2:s4");
	g_assert_cmpuint(plan(&shop->tools), ==, 1);
	assert_messages(shop, "queued 2:s4\nqueued 1:s4");
}

static void
comes_back(Workshop *shop, const char *section, const char *state)
{
	g_autofree char *sql = g_strdup_printf(
	    "INSERT OR IGNORE INTO message (id, sha256, size, source, received_at, state) VALUES (1, 'x', 1, '', 1, 'parsed');"
	    "INSERT INTO \"return\" (message_id, part, file_sha256, edition, unit_id, section, state, received_at)"
	    " VALUES (1, (SELECT count(*) FROM \"return\"), 'x', 'mappa-2024', 1, '%s', '%s', 1)",
	    section, state);

	workshop_sql(shop, sql);
}

static void
test_back(Workshop *shop, gconstpointer data)
{
	g_autoptr(Dispatch) dispatch = NULL;
	g_autoptr(Dispatch) rest = NULL;
	g_autofree char *why = NULL;
	g_autofree char *then = NULL;

	(void)data;
	for (int i = 2; i <= 5; i++) {
		g_autofree char *section = g_strdup_printf("s%d", i);

		give(shop, 1, section, "ced@unione.example");
	}
	comes_back(shop, "s2", "applied");
	comes_back(shop, "s3", "held");
	comes_back(shop, "s4", "rejected"); /* that is none */
	g_assert_cmpuint(plan(&shop->tools), ==, 1);
	assert_messages(shop, "queued 1:s4 s5");
	dispatch = claim_sheets(shop);
	comes_back(shop, "s4", "applied"); /* a second ago */
	why = ask(shop, dispatch);
	g_assert_nonnull(why);
	ends(shop, dispatch, OUTCOME_CANCELLED, why);
	assert_messages(shop, "cancelled 1:s4 s5\nqueued 1:s5");
	rest = claim_sheets(shop);
	g_assert_cmpstr(rest->message_id, !=, dispatch->message_id);
	then = ask(shop, rest);
	g_assert_null(then);
	g_assert_cmpuint(plan(&shop->tools), ==, 0);
}

/* Killed between the message that takes a cancelled one's place and the record that it is cancelled. */
static void
test_killed(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Dispatch) dispatch = NULL;
	g_autoptr(Dispatch) again = NULL;
	g_autofree char *why = NULL;
	g_autofree char *then = NULL;
	guint unknown;

	(void)data;
	give(shop, 1, "s4", "ced@unione.example");
	give(shop, 2, "s4", "ced@unione.example");
	g_assert_cmpuint(plan(&shop->tools), ==, 1);
	dispatch = claim_sheets(shop);
	take_back(shop, 1, "s4", FALSE);
	why = ask(shop, dispatch);
	g_assert_nonnull(why);
	workshop_reopen(shop);
	g_assert_true(outbox_settle(shop->store, &unknown, &error));
	assert_messages(shop, "queued 1:s4, 2:s4\nqueued 2:s4");
	again = claim_sheets(shop);
	g_assert_cmpint(again->id, ==, dispatch->id);
	then = ask(shop, again);
	g_assert_nonnull(then);
	ends(shop, again, OUTCOME_CANCELLED, then);
	assert_messages(shop, "cancelled 1:s4, 2:s4\nclaimed 2:s4");
}

static void
test_taken_back(Workshop *shop, gconstpointer data)
{
	g_autoptr(Dispatch) dispatch = NULL;
	g_autofree char *notices = NULL;

	(void)data;
	give(shop, 1, "s4", "ced@unione.example");
	give(shop, 1, "s5", "ced@unione.example");
	g_assert_cmpuint(plan(&shop->tools), ==, 1);
	take_back(shop, 1, "s4", TRUE);
	assert_messages(shop, "cancelled 1:s4 s5\nqueued 1:s5");
	dispatch = claim_sheets(shop);
	ends(shop, dispatch, OUTCOME_SENT, "250 ok");
	take_back(shop, 1, "s5", TRUE);
	g_assert_cmpuint(plan(&shop->tools), ==, 0);
	notices = rows_of(shop,
	    "SELECT d.state, p.unit_id, p.sections FROM dispatch AS d JOIN dispatch_part AS p ON p.dispatch_id = d.id"
	    " WHERE d.kind = 'withdrawal'");
	g_assert_cmpstr(notices, ==, "queued|1|s5"); /* s4 never left */
}

static void
test_failed(Workshop *shop, gconstpointer data)
{
	g_autoptr(Dispatch) dispatch = NULL;
	g_autofree char *notices = NULL;

	(void)data;
	give(shop, 1, "s4", "ced@unione.example");
	g_assert_cmpuint(plan(&shop->tools), ==, 1);
	dispatch = claim_sheets(shop);
	ends(shop, dispatch, OUTCOME_FAILED, "550 5.1.1 no");
	g_assert_cmpuint(plan(&shop->tools), ==, 0); /* it would be refused again */
	give(shop, 1, "s4", "ict@unione.example");
	g_assert_cmpuint(plan(&shop->tools), ==, 1);
	assert_messages(shop, "failed 1:s4\nqueued 1:s4");
	notices = rows_of(shop, "SELECT count(*) FROM dispatch WHERE kind = 'withdrawal'");
	g_assert_cmpstr(notices, ==, "0"); /* it never had them */
}

/* Of a message that may have left nobody may plan a second one, and whoever may have it is told when it ends. */
static void
test_unknown(Workshop *shop, gconstpointer data)
{
	g_autoptr(Dispatch) dispatch = NULL;
	g_autofree char *notices = NULL;

	(void)data;
	give(shop, 1, "s4", "ced@unione.example");
	g_assert_cmpuint(plan(&shop->tools), ==, 1);
	dispatch = claim_sheets(shop);
	ends(shop, dispatch, OUTCOME_UNKNOWN, "no reply");
	g_assert_cmpuint(plan(&shop->tools), ==, 0);
	take_back(shop, 1, "s4", TRUE);
	give(shop, 1, "s4", "CED@unione.example");
	g_assert_cmpuint(plan(&shop->tools), ==, 0);
	take_back(shop, 1, "s4", TRUE);
	g_assert_cmpuint(plan(&shop->tools), ==, 0);
	notices = rows_of(shop, "SELECT count(*) FROM dispatch WHERE kind = 'withdrawal'");
	g_assert_cmpstr(notices, ==, "1");
}

static gpointer
plan_apart(gpointer data)
{
	const Workshop *shop = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = store_open(shop->path, &error);
	OutboxTools tools = shop->tools;

	g_assert_no_error(error);
	tools.store = store;
	return GUINT_TO_POINTER(plan(&tools));
}

static void
test_two_planners(Workshop *shop, gconstpointer data)
{
	GThread *threads[4];
	guint planned = 0;

	(void)data;
	give(shop, 1, "s4", "ced@unione.example");
	give(shop, 2, "s4", "ced@unione.example");
	give(shop, 2, "s5", "ugo@forli.example");
	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("plan", plan_apart, shop);
	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		planned += GPOINTER_TO_UINT(g_thread_join(threads[i]));
	g_assert_cmpuint(planned, ==, 2);
	assert_messages(shop, "queued 1:s4, 2:s4\nqueued 2:s5");
}

/* --- with sheets ----------------------------------------------------------------------------------------------------- */

/* The same words and sheets on every attempt, whatever becomes of the town, its code and its delegations meanwhile. */
static void
test_stable(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Renderer) renderer = NULL;
	g_autoptr(Dispatch) dispatch = NULL;
	g_autoptr(GBytes) first = NULL;
	g_autoptr(GBytes) again = NULL;

	(void)data;
	workshop_texts(shop);
	renderer = renderer_new(shop->config, shop->keyring, shop->form, &error);
	g_assert_no_error(error);
	shop->tools.renderer = renderer;
	workshop_sql(shop, "UPDATE unit SET population = 900");
	give(shop, 1, "s4", "ced@unione.example");
	give(shop, 2, "s4", "ced@unione.example");
	g_assert_cmpuint(plan(&shop->tools), ==, 1);
	dispatch = claim_sheets(shop);
	first = outbox_compose(&shop->tools, dispatch, &error);
	g_assert_no_error(error);
	workshop_sql(shop,
	    "UPDATE unit SET population = 900000, lang = 'de';"
	    "UPDATE delegation SET name = 'Ada', office = 'CED';"
	    "INSERT INTO credential (edition, unit_id, serial, kid, verifier, issued_at)"
	    " VALUES ('mappa-2024', 1, 2, 'k1', x'00', 2)");
	again = outbox_compose(&shop->tools, dispatch, &error);
	g_assert_no_error(error);
	g_assert_true(g_bytes_equal(first, again));
	shop->tools.renderer = NULL;
}

/* Whom one message cannot hold gets several, each below the limit, every sheet once, and the same ones at any time. */
static char *
split(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Renderer) renderer = NULL;
	g_autoptr(GPtrArray) list = NULL;
	char *rows;
	Workshop shop = { 0 };

	workshop_open(&shop);
	workshop_texts(&shop);
	renderer = renderer_new(shop.config, shop.keyring, shop.form, &error);
	g_assert_no_error(error);
	shop.tools.renderer = renderer;
	for (int i = 0; i < TOWNS; i++) {
		g_autofree char *sql = g_strdup_printf(
		    "INSERT INTO unit (id, code, istat_code, name, name_folded, population)"
		    " VALUES (%d, 'Z%03d', '1%05d', 'Borgo %d', 'borgo', 9000)",
		    100 + i, i, i, i);

		workshop_sql(&shop, sql);
	}
	workshop_credentials(&shop);
	for (int i = 0; i < TOWNS; i++)
		for (guint k = 1; k < shop.form->sections->len; k++) {
			const Section *section = g_ptr_array_index(shop.form->sections, k);

			give(&shop, 100 + i, section->name, "rtd@unione.example");
		}
	g_assert_cmpuint(plan(&shop.tools), >, 1);
	list = outbox_list(shop.store, 1, NULL, 0, 0, &error);
	for (guint i = 0; i < list->len; i++) {
		const Dispatch *dispatch = g_ptr_array_index(list, i);
		g_autoptr(GBytes) message = outbox_compose(&shop.tools, dispatch, &error);

		g_assert_no_error(error);
		g_assert_cmpuint(g_bytes_get_size(message), <=, OUTBOX_SIZE_HEAVY);
	}
	rows = rows_of(&shop,
	    "SELECT d.id, group_concat(p.unit_id || ':' || p.sections) FROM dispatch AS d"
	    " JOIN dispatch_part AS p ON p.dispatch_id = d.id GROUP BY d.id ORDER BY d.id");
	renderer_free(g_steal_pointer(&renderer));
	workshop_close(&shop);
	return rows;
}

static void
test_split(void)
{
	g_autofree char *once = split();
	g_autofree char *twice = split();
	g_auto(GStrv) sections = g_regex_split_simple("s[0-9]", once, 0, 0);

	g_assert_cmpstr(once, ==, twice);
	g_assert_cmpuint(g_strv_length(sections), ==, TOWNS * 6 + 1);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Workshop *, gconstpointer);
	} tests[] = {
		{ "/outbox/sections/an office of several towns gets one message", test_office },
		{ "/outbox/sections/a segment is of towns", test_segment },
		{ "/outbox/sections/what is back is not mailed", test_back },
		{ "/outbox/sections/nothing is mailed twice after a crash", test_killed },
		{ "/outbox/sections/what is taken back is told only if it had left",
		    test_taken_back },
		{ "/outbox/sections/what failed is planned for another address", test_failed },
		{ "/outbox/sections/what may have left is not planned again", test_unknown },
		{ "/outbox/sections/several planners plan each sheet once", test_two_planners },
		{ "/outbox/sections/bytes are the same on every attempt", test_stable },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Workshop, NULL, set_up, tests[i].test, tear_down);
	g_test_add_func("/outbox/sections/a heavy message is split", test_split);
	return g_test_run();
}

/* The automatic answer to a return: once for each, and what still waits says it all. */
#include "workshop.h"

static void
open_shop(Workshop *shop, gconstpointer data)
{
	(void)data;
	workshop_open(shop);
	workshop_credentials(shop);
	workshop_sql(shop,
	    "INSERT INTO message (id, sha256, size, source, received_at, state) VALUES (1, 'ab', 1, 'test', 1, 'parsed');"
	    "INSERT INTO \"return\" (id, message_id, part, file_sha256, file_name, edition, unit_id, section, state, received_at)"
	    " VALUES (1, 1, 0, 'f1', '', 'mappa-2024', 1, 's2', 'applied', 1),"
	    " (2, 1, 1, 'f2', '', 'mappa-2024', 1, 's3', 'applied', 1)");
}

static void
close_shop(Workshop *shop, gconstpointer data)
{
	(void)data;
	workshop_close(shop);
}

static void
answer(Workshop *shop, gint64 return_id, const char *sections, const char *in_reply_to)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Unit) unit = registry_unit(shop->store, 1, &error);
	g_autoptr(Transaction) transaction = transaction_begin(shop->store, &error);
	const ReplyPlan reply = { .return_id = return_id,
		.sections = sections,
		.address = "protocollo@comuni.example",
		.channel = "pec",
		.raised = "",
		.in_reply_to = in_reply_to };

	g_assert_true(outbox_reply(&shop->tools, unit, &reply, &error));
	g_assert_no_error(error);
	g_assert_true(transaction_commit(transaction, &error));
}

/* "kind|sections|state|in reply to" of each message, oldest first. */
static void
expect(Workshop *shop, const char *expected)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = outbox_list(shop->store, 1, NULL, 0, 0, &error);
	g_autoptr(GString) text = g_string_new(NULL);

	g_assert_no_error(error);
	for (guint i = 0; i < list->len; i++) {
		const Dispatch *dispatch = g_ptr_array_index(list, i);

		g_string_append_printf(text, "%s%s|%s|%s|%s", i > 0 ? "\n" : "", dispatch->kind,
		    dispatch->sections, dispatch->state, dispatch->in_reply_to);
	}
	g_assert_cmpstr(text->str, ==, expected);
}

static void
test_once(Workshop *shop, gconstpointer data)
{
	(void)data;
	answer(shop, 1, "s2", "a@town.example");
	answer(shop, 1, "s2", "a@town.example");
	expect(shop, "receipt|s2|queued|a@town.example");
	workshop_sql(shop, "UPDATE dispatch SET state = 'sent'");
	answer(shop, 1, "s2", "a@town.example");
	expect(shop, "receipt|s2|sent|a@town.example");
}

static void
test_together(Workshop *shop, gconstpointer data)
{
	(void)data;
	answer(shop, 1, "s2", "a@town.example");
	answer(shop, 2, "s3", "b@town.example");
	expect(shop, "receipt|s2|cancelled|a@town.example\nreceipt|s2 s3|queued|b@town.example");
}

/* What a stranger calls his mail does not become our header. */
static void
test_strange_name(Workshop *shop, gconstpointer data)
{
	static const char *const names[] = { "a@b\r\nBcc: c@d", "a b@c", "<a@b>", "ab",
		"=?utf-8?q?a@b?=", "a@\xc3\xa8" };

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		workshop_sql(shop, "DELETE FROM dispatch");
		answer(shop, 1, "s2", names[i]);
		expect(shop, "receipt|s2|queued|");
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
	g_test_add("/outbox/reply/" path, Workshop, NULL, open_shop, function, close_shop)
	ADD("each-return-gets-one-answer", test_once);
	ADD("what-waits-is-said-by-the-next", test_together);
	ADD("a-name-that-is-none-stands-in-no-header", test_strange_name);
	return g_test_run();
}

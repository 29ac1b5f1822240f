/* What address_check() lets through, and why not. */
#include "registry/registry.h"

#include <string.h>

static void
test_good(void)
{
	static const struct {
		const char *text;
		const char *address;
	} table[] = {
		{ "protocollo@pec.comune.example", "protocollo@pec.comune.example" },
		{ "ProtocolloGenerale@Cert.Comune.Torino.IT.EXAMPLE",
		    "ProtocolloGenerale@cert.comune.torino.it.example" },
		{ "a@b.example", "a@b.example" },
		{ "o'neill+mappa=2024@x-y.example", "o'neill+mappa=2024@x-y.example" },
		{ "info@comune.villanova-mondov\u00ec.cn.example",
		    "info@comune.xn--villanova-mondov-6rb.cn.example" },
		{ "info@M\u00dcNCHEN.example", "info@xn--mnchen-3ya.example" },
		{ "x@1.2.3.example", "x@1.2.3.example" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *address = NULL;
		const char *why = "";

		g_assert_true(address_check(table[i].text, &address, &why));
		g_assert_null(why);
		g_assert_cmpstr(address, ==, table[i].address);
	}
}

static void
test_sender(void)
{
	static const char *const table[][2] = {
		{ "Comune di Mele <protocollo@pec.example>", "protocollo@pec.example" },
		{ "\"a <b@x.example>\" <c@x.example>", "c@x.example" },
		{ " protocollo@pec.example ", "protocollo@pec.example" },
		{ "Comune <protocollo@pec.example", "Comune <protocollo@pec.example" },
		{ "Comune <>", "" },
		{ "", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *address = address_of_sender(table[i][0]);

		g_assert_cmpstr(address, ==, table[i][1]);
	}
}

static void
test_bad(void)
{
	static const char *const table[] = {
		"",
		"@",
		"nobody",
		"@b.example",
		"a@",
		"a@b",
		"a@b@c.example",
		"a b@c.example",
		" a@c.example",
		"a@c.example ",
		"a@c.example\n",
		"a@x.example>\r\nRCPT TO:<evil@x.example",
		"a@x.example\r\nBcc: evil@x.example",
		"a\tb@x.example",
		"a@x.example\x7f",
		"<a@x.example>",
		"Mario Rossi <a@x.example>",
		"a@x.example,b@x.example",
		"a@x.example;b@x.example",
		"a@x.example(comment)",
		"\"a b\"@x.example",
		"a\"b@x.example",
		"a\\b@x.example",
		"group:a@x.example",
		"-oQ/tmp@x.example",
		".a@x.example",
		"a.@x.example",
		"a..b@x.example",
		"anagrafe@pec..it.example",
		"a@.example",
		"a@x.example.",
		"a@-x.example",
		"a@x-.example",
		"a@x_y.example",
		"a@[127.0.0.1]",
		"a@127.0.0.1",
		"a@x.example\xff",
		"\u00e0@x.example",
		"a@x\u3002.example", /* the ideographic full stop: an empty label in ASCII */
		"a@x\uff20y.example",
		"a@x\u202ey.example",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *shown = g_strescape(table[i], NULL);
		g_autofree char *address = NULL;
		const char *why = NULL;

		g_test_message("%s", shown);
		g_assert_false(address_check(table[i], &address, &why));
		g_assert_null(address);
		g_assert_nonnull(why);
	}
}

static void
test_lengths(void)
{
	g_autofree char *local = g_strnfill(64, 'a');
	g_autofree char *label = g_strnfill(63, 'b');
	g_autofree char *longest =
	    g_strdup_printf("%s@%s.%s.%.53s.example", local, label, label, label);
	g_autofree char *too_long =
	    g_strdup_printf("%s@%s.%s.%.54s.example", local, label, label, label);
	g_autofree char *long_local = g_strdup_printf("a%s@x.example", local);
	g_autofree char *long_label = g_strdup_printf("a@b%s.example", label);
	g_autofree char *address = NULL;
	const char *why;

	g_assert_cmpuint(strlen(longest), ==, 254);
	g_assert_true(address_check(longest, &address, &why));
	g_assert_cmpstr(address, ==, longest);
	g_clear_pointer(&address, g_free);
	g_assert_false(address_check(too_long, &address, &why));
	g_assert_false(address_check(long_local, &address, &why));
	g_assert_false(address_check(long_label, &address, &why));
}

/* Whatever the bytes, what comes out is one plain mailbox, and checking it again changes nothing. */
static void
test_random(void)
{
	static const char pieces[] = "aZ9.@-_'\"<>,;:()[]\\ \r\n\t\xc3\xa8\xff+=\0";
	guint accepted = 0;

	for (guint n = 0; n < 200000; n++) {
		char text[24];
		guint length = (guint)g_test_rand_int_range(0, (gint32)sizeof text);
		g_autofree char *address = NULL;
		g_autofree char *again = NULL;
		const char *why;

		for (guint i = 0; i < length; i++)
			text[i] = pieces[g_test_rand_int_range(0, g_test_rand_bit() ? 7 : 30)];
		text[length] = '\0';
		if (!address_check(text, &address, &why))
			continue;
		accepted++;
		g_assert_true(g_str_is_ascii(address));
		g_assert_null(strpbrk(address, "\"<>,;:()[]\\ \r\n\t"));
		g_assert_cmpuint(strlen(address), <=, 254);
		g_assert_true(address_check(address, &again, &why));
		g_assert_cmpstr(again, ==, address);
	}
	g_assert_cmpuint(accepted, >, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/address/one-plain-mailbox-passes", test_good);
	g_test_add_func("/address/of-a-sender-is-what-stands-in-the-last-brackets", test_sender);
	g_test_add_func("/address/all-else-is-refused-with-a-reason", test_bad);
	g_test_add_func("/address/lengths-of-the-standards-hold", test_lengths);
	g_test_add_func("/address/no-bytes-make-two-mailboxes", test_random);
	return g_test_run();
}

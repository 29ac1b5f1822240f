#include "collect/mime_text.h"
#include "collect/record.h"

#include <string.h>

static void
expect_charset(const char *data, gsize limit, const char *charset, const char *expected)
{
	g_autofree char *text = text_from_charset(data, strlen(data), limit, charset);

	g_assert_cmpstr(text, ==, expected);
}

static void
test_charset(void)
{
	expect_charset("perch\xc3\xa9", 99, "utf-8", "perché");
	expect_charset("perch\xc3\xa9", 99, NULL, "perché");
	expect_charset("perch\xe9", 99, "iso-8859-1", "perché");
	expect_charset("perch\xe9", 99, "utf-8", "perché");    /* said wrong */
	expect_charset("perch\xe9", 99, "us-ascii", "perché"); /* 8 bits all the same */
	expect_charset("\x80 5", 99, "windows-1252", "€ 5");
	expect_charset("\x80 5", 99, "no-such-set", "€ 5");
	expect_charset(
	    "perch\xc3\xa9", 6, "utf-8", "perch"); /* the limit cuts the last character */
	expect_charset("", 99, "utf-8", "");
}

static void
expect_html(const char *html, const char *expected)
{
	g_autofree char *text = text_from_html(html);

	g_assert_cmpstr(text, ==, expected);
}

static void
test_html(void)
{
	expect_html(
	    "<p>Buongiorno,<br>ecco&nbsp;il <b>modulo</b></p>", "Buongiorno,\necco il modulo");
	expect_html(
	    "<HEAD><title>x</title></HEAD>a<style>p{}</style>b<script>1<2</script>c", "abc");
	expect_html("a<!-- <p>hidden</p> -->b", "ab");
	expect_html(
	    "citt&agrave; &#232; &#xE8; &lt;tag&gt; &unknown; &", "città è è <tag> &unknown; &");
	expect_html("&#0; &#xD800; &#99999999;", "&#0; &#xD800; &#99999999;");
	expect_html("open <a href='", "open");
	expect_html("<style>never closed", "");
	expect_html("", "");
}

static void
expect_ids(void (*find)(const char *, GPtrArray *), const char *text, const char *expected)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *joined = NULL;

	find(text, ids);
	g_ptr_array_add(ids, NULL);
	joined = g_strjoinv(" ", (char **)ids->pdata);
	g_assert_cmpstr(joined, ==, expected);
}

static void
test_ids(void)
{
	expect_ids(text_message_ids, " <a@b.example>\r\n\t<c@d.example> <a@b.example>",
	    "a@b.example c@d.example");
	expect_ids(text_message_ids, "Your message of Monday <a@b>", "a@b");
	expect_ids(text_message_ids, "<> <a b> <a\tb> <a\xe9@b> << <c> >", "c");
	expect_ids(text_message_ids, "<", "");
	expect_ids(text_tagged_addresses,
	    "\"a+b\" <m+7q4k@x.example>,\r\n m@x.example, M+1@x.example; m+7q4k@x.example + a+ + m+\xe9@x.example",
	    "m+7q4k@x.example M+1@x.example");
	expect_ids(text_returned_ids,
	    "text <no@x>\nMessage-ID: <a@b>\n> message-id:\n  <c@d>\nTo: <e@f>", "a@b c@d");
}

static void
test_many_ids(void)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < 10000; i++)
		g_string_append_printf(text, "<%u@a.example>", i);
	text_message_ids(text->str, ids);
	g_assert_cmpuint(ids->len, ==, REFERENCES_LIMIT);
}

static void
expect_status(const char *body, const char *action, const char *status, const char *detail)
{
	g_autoptr(Collected) message = collected_new();

	text_delivery_status(body, message);
	g_assert_cmpstr(message->bounce_action, ==, action);
	g_assert_cmpstr(message->bounce_status, ==, status);
	g_assert_cmpstr(message->bounce_detail, ==, detail);
}

static void
test_status(void)
{
	expect_status(
	    "Reporting-MTA: dns; a\n\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp;\n 550 no\n",
	    "failed", "5.1.1", "smtp; 550 no");
	/* the recipient that fared worst, wherever it stands; CRLF; odd spelling */
	expect_status(
	    "A: b\r\n\r\nACTION: Delayed (will retry)\r\nStatus: 4.0.0\r\n\r\naction:FAILED\r\nstatus: 5.2.2 (full)\r\n\r\n"
	    "Action: delivered\r\nStatus: 2.0.0\r\n",
	    "failed", "5.2.2", "");
	expect_status("A: b\n\nAction: relayed\nStatus: 2.1.5\n", "relayed", "2.1.5", "");
	expect_status("A: b\n\nAction: exploded\nStatus: <script>\n", "", "", "");
	expect_status("", "", "", "");
}

static void
test_envelope_id(void)
{
	g_autoptr(Collected) message = collected_new();

	text_delivery_status(
	    "Reporting-MTA: dns; a\noriginal-envelope-id: e.1.AB@m.example\n\nAction: failed\n",
	    message);
	g_assert_cmpuint(message->references->len, ==, 1);
	g_assert_cmpstr(g_ptr_array_index(message->references, 0), ==, "e.1.AB@m.example");
	text_delivery_status("Original-Envelope-Id:\n\nAction: failed\n", message);
	g_assert_cmpuint(message->references->len, ==, 1);
}

static void
test_subjects(void)
{
	g_assert_true(text_is_automatic_subject("Risposta automatica: Mappa"));
	g_assert_true(text_is_automatic_subject("AUTOMATIC REPLY: x"));
	g_assert_true(text_is_automatic_subject("Out of Office"));
	g_assert_true(text_is_automatic_subject("Réponse automatique : x"));
	g_assert_true(text_is_automatic_subject("Assente dall'ufficio"));
	g_assert_false(text_is_automatic_subject("R: Mappa dei Comuni Digitali"));
	g_assert_false(text_is_automatic_subject("Re: risposta automatica"));
	g_assert_false(text_is_automatic_subject(""));
}

static void
test_shown(void)
{
	g_autofree char *line = shown_line("  a\r\n\t b\x1b[31m\xff \n");
	g_autofree char *text = shown_text("a\r\nb\rc\nd");

	g_assert_cmpstr(line, ==, "a b\xef\xbf\xbd[31m\xef\xbf\xbd");
	g_assert_cmpstr(text, ==, "a\nb\nc\nd");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/text/character sets, said right and wrong", test_charset);
	g_test_add_func("/text/HTML as its reader sees it", test_html);
	g_test_add_func("/text/Message-IDs", test_ids);
	g_test_add_func("/text/a flood of Message-IDs is cut", test_many_ids);
	g_test_add_func("/text/delivery status of the worst recipient", test_status);
	g_test_add_func("/text/delivery status names the envelope", test_envelope_id);
	g_test_add_func("/text/subjects of vacation programs", test_subjects);
	g_test_add_func("/text/what is shown has no control characters", test_shown);
	return g_test_run();
}

/* What is read off the line: authentication, refusals, and text that somebody slipped in. */
#include "send/smtp_line.h"

#include "base/error.h"

#include <string.h>

static gboolean
server(SmtpLine *line, const char *text, GError **error)
{
	return smtp_line_server(line, text, strlen(text), error);
}

static gboolean
client(SmtpLine *line, const char *text, GError **error)
{
	return smtp_line_client(line, text, strlen(text), error);
}

static void
test_mail_waits(void)
{
	g_autoptr(SmtpLine) open = smtp_line_new(FALSE);
	g_autoptr(SmtpLine) line = smtp_line_new(TRUE);
	g_autoptr(GError) error = NULL;

	g_assert_true(client(open, "MAIL FROM:<a@b.example>\r\n", &error));
	g_assert_false(client(line, "MAIL FROM:<a@b.example>\r\n", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
	g_clear_error(&error);
	g_assert_false(client(line, "RSET\r\nMAIL FROM:<a@b.example>\r\n", &error));
	g_clear_error(&error);
	g_assert_true(client(line, "AUTH LOGIN\r\n", &error));
	g_assert_true(server(line, "334 VXNlcm5hbWU6\r\n", &error));
	g_assert_true(client(line, "TUFJTCBGUk9N\r\n", &error));
	g_assert_true(server(line, "23", &error)); /* in pieces */
	g_assert_true(server(line, "5 2.7.0 welcome\r\n", &error));
	g_assert_true(client(line, "MAIL FROM:<a@b.example>\r\n", &error));
	g_assert_no_error(error);
}

static void
test_refused(void)
{
	static const struct {
		const char *reply;
		PlicoError code;
	} table[] = {
		{ "535 5.7.8 no\r\n", PLICO_ERROR_CONFIG },
		{ "534 5.7.9 too weak\r\n", PLICO_ERROR_CONFIG },
		{ "454 4.7.0 later\r\n", PLICO_ERROR_UNAVAILABLE },
		{ "nonsense\r\n", PLICO_ERROR_CONFIG },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(SmtpLine) line = smtp_line_new(TRUE);
		g_autoptr(GError) error = NULL;

		g_assert_true(client(line, "AUTH PLAIN AGEAc2VjcmV0\r\n", &error));
		g_assert_false(server(line, table[i].reply, &error));
		g_assert_error(error, PLICO_ERROR, (int)table[i].code);
		g_assert_null(strstr(error->message, "c2VjcmV0"));
		g_clear_error(&error);
		g_assert_false(client(line, "MAIL FROM:<a@b.example>\r\n", &error));
	}
}

static void
test_other_mechanism(void)
{
	g_autoptr(SmtpLine) line = smtp_line_new(TRUE);
	g_autoptr(GError) error = NULL;

	g_assert_false(client(line, "AUTH NTLM\r\n", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
}

static void
test_slipped_in(void)
{
	g_autoptr(SmtpLine) good = smtp_line_new(FALSE);
	g_autoptr(SmtpLine) bad = smtp_line_new(FALSE);
	g_autoptr(GError) error = NULL;

	g_assert_true(server(good, "250-x\r\n250 STARTTLS\r\n", &error));
	g_assert_true(client(good, "STARTTLS\r\n", &error));
	g_assert_true(server(good, "220 2.0.0", &error));
	g_assert_true(server(good, " go\r\n", &error));
	g_assert_true(server(good, "250-x\r\n250 AUTH PLAIN\r\n", &error)); /* by TLS */
	g_assert_true(client(bad, "STARTTLS\r\n", &error));
	g_assert_false(server(bad, "220 2.0.0 go\r\n250 AUTH PLAIN\r\n", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_UNAVAILABLE);
}

static void
test_refusal(void)
{
	g_autoptr(SmtpLine) line = smtp_line_new(FALSE);
	g_autoptr(GError) error = NULL;
	g_autofree char *endless = g_strnfill(100000, '5');

	g_assert_true(server(line, "220 hello\r\n", &error));
	g_assert_null(smtp_line_refusal(line));
	g_assert_true(server(line, "554 5.3.2 clo\x1b[2Jsed\r\n221 bye\r\n", &error));
	g_assert_cmpstr(smtp_line_refusal(line), ==, "554 5.3.2 clo\xef\xbf\xbd[2Jsed");
	g_assert_true(server(line, endless, &error));
	g_assert_true(server(line, "\n", &error));
	g_assert_cmpuint(strlen(smtp_line_refusal(line)), ==, SMTP_WORDS_MAX);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/send/line/no-mail-leaves-before-235", test_mail_waits);
	g_test_add_func("/send/line/a-refused-password-ends-it-and-is-not-told", test_refused);
	g_test_add_func("/send/line/only-plain-and-login-are-used", test_other_mechanism);
	g_test_add_func("/send/line/text-slipped-in-before-tls-is-noticed", test_slipped_in);
	g_test_add_func("/send/line/the-last-refusal-is-kept-short-and-printable", test_refusal);
	return g_test_run();
}

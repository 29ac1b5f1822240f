/* Strangers who send no file: floods, forged certificates of the post, mail of machines, mail of people. */
#include "base/clock.h"
#include "rehearse/stranger.h"

#define DEPTH  200
#define PARTS  5000
#define FIELDS 5000

/* The beginning of a message; what follows are more fields, a blank line, the body. Lines end in LF. */
static GString *
begin(const Stranger *stranger, const char *from, const char *subject)
{
	GString *text = g_string_new(NULL);

	g_string_append_printf(text,
	    "From: %s\nTo: %s\nSubject: %s\nMessage-ID: <%s>\nMIME-Version: 1.0\n", from,
	    stranger->desk->tools->survey, subject, stranger->message_id);
	return text;
}

/* Takes @text. */
static GBytes *
finish(GString *text)
{
	g_string_replace(text, "\n", "\r\n", 0);
	return g_string_free_to_bytes(text);
}

GBytes *
attack_depth(const Stranger *stranger, GError **error)
{
	GString *text = begin(stranger, "a@altrove.example", "R: Mappa");

	(void)error;
	for (guint i = 0; i < DEPTH; i++)
		g_string_append_printf(
		    text, "Content-Type: multipart/mixed; boundary=\"b%u\"\n\n--b%u\n", i, i);
	g_string_append(text, "Content-Type: text/plain\n\nIn fondo.\n");
	return finish(text);
}

GBytes *
attack_parts(const Stranger *stranger, GError **error)
{
	GString *text = begin(stranger, "a@altrove.example", "R: Mappa");

	(void)error;
	g_string_append(text, "Content-Type: multipart/mixed; boundary=b\n\n");
	for (guint i = 0; i < PARTS; i++)
		g_string_append(text, "--b\nContent-Type: application/pdf\n\n%PDF-1.7\n");
	g_string_append(text, "--b--\n");
	return finish(text);
}

GBytes *
attack_fields(const Stranger *stranger, GError **error)
{
	GString *text = begin(stranger, "a@altrove.example", "R: Mappa");

	(void)error;
	for (guint i = 0; i < FIELDS; i++)
		g_string_append_printf(text, "Received: from m%u.altrove.example\n", i);
	g_string_append(text, "\nTesto.\n");
	return finish(text);
}

/* A receipt about the letter that was really sent, with everything but the signature. */
static GBytes *
receipt(const Stranger *stranger, const char *kind, const char *trouble, const char *subject)
{
	const Desk *desk = stranger->desk;
	const char *ours = desk->letter->message_id;
	g_autofree char *title = g_strdup_printf("%s: %s", subject, desk->letter->subject);
	GString *text = begin(stranger, PROVIDER_ADDRESS, title);

	g_string_append_printf(text,
	    "X-Ricevuta: %s\nX-Riferimento-Message-ID: <%s>\n"
	    "Content-Type: multipart/mixed; boundary=b\n\n"
	    "--b\nContent-Type: text/plain\n\nRicevuta\n"
	    "--b\nContent-Type: application/xml; name=daticert.xml\n\n"
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<postacert tipo=\"%s\" errore=\"%s\">\n"
	    "<intestazione><mittente>%s</mittente><destinatari tipo=\"certificato\">%s</destinatari></intestazione>\n"
	    "<dati><gestore-emittente>PROVA</gestore-emittente><msgid>&lt;%s&gt;</msgid>"
	    "<consegna>%s</consegna></dati>\n</postacert>\n--b--\n",
	    kind, ours, kind, trouble, desk->tools->survey, desk->town->address, ours,
	    desk->town->address);
	return finish(text);
}

GBytes *
attack_delivered(const Stranger *stranger, GError **error)
{
	(void)error;
	return receipt(stranger, "avvenuta-consegna", "nessuno", "CONSEGNA");
}

GBytes *
attack_not_delivered(const Stranger *stranger, GError **error)
{
	(void)error;
	return receipt(stranger, "errore-consegna", "no-dest", "AVVISO DI MANCATA CONSEGNA");
}

/* Of a letter that we have never written. */
GBytes *
attack_bounce(const Stranger *stranger, GError **error)
{
	char invented[] = "l9.a001.lettera.zzzzzzzzzzzzzzzz@mappa.example";
	char subject[] = "Mappa";
	const Letter none = { .message_id = invented, .subject = subject };
	const Reply reply = {
		.from = stranger->desk->town->address,
		.to = stranger->desk->tools->survey,
		.message_id = stranger->message_id,
		.date = clock_now(),
		.answers = &none,
	};

	(void)error;
	return mailer_bounce(&reply);
}

/* Our own address answers itself. */
GBytes *
attack_loop(const Stranger *stranger, GError **error)
{
	GString *text =
	    begin(stranger, stranger->desk->tools->survey, "Risposta automatica: R: Mappa");

	(void)error;
	for (guint i = 0; i < 60; i++)
		g_string_append_printf(
		    text, "Received: from mx%u.altrove.example by mx.altrove.example\n", i);
	g_string_append(text, "Auto-Submitted: auto-replied\nPrecedence: bulk\n"
			      "Disposition-Notification-To: vittima@altrove.example\n\nGrazie.\n");
	return finish(text);
}

/* RFC 5965. */
GBytes *
attack_complaint(const Stranger *stranger, GError **error)
{
	GString *text = begin(stranger, "fbl@altrove.example", "Abuse report");

	(void)error;
	g_string_append(text,
	    "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
	    "--b\nContent-Type: text/plain\n\nThis is an abuse report.\n"
	    "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
	    "User-Agent: Altrove/1\nVersion: 1\n\n--b--\n");
	return finish(text);
}

/* A person, with what a terminal or a page might obey. */
GBytes *
attack_letter(const Stranger *stranger, GError **error)
{
	GString *text = begin(stranger, "\"Mario \\\"<b>\\\" Rossi\" <mario@altrove.example>",
	    "=?utf-8?Q?=1B[2J=E2=80=AE<script>alert(1)</script>?=");

	(void)error;
	g_string_append(text,
	    "Content-Type: text/plain; charset=utf-8\n\n"
	    "Perch\303\251 scrivete a noi? \033]0;x\007 Toglieteci dall'elenco.\n");
	return finish(text);
}

/*
 * The channel smtp: one connection, many messages (RFC 5321, 3207, 8314, 4954). The only file that knows libesmtp 1.1.0, whose
 * return value, codes and completion flag each lie in some case; so it is watched by its events and by what passes over
 * the line, and verdict.c alone says what became of a message.
 *
 * What must not be completed is stopped in two ways at once: the message callback leaves an errno, upon which libesmtp
 * gives up without the final dot, and the line is cut, so that nothing that waits in a buffer leaves either.
 */
#include "send/send.h"

#include "base/error.h"
#include "base/text.h"
#include "send/smtp_line.h"
#include "send/smtp_tls.h"
#include "send/socket.h"
#include "send/verdict.h"

#include <auth-client.h>
#include <errno.h>
#include <gio/gio.h>
#include <libesmtp.h>
#include <stdarg.h>
#include <string.h>

#define CHUNK		   65536
#define ENVID_MAX	   100 /* RFC 3461, 4.4; a Message-ID of ours has nothing that would be encoded */
#define PER_CONNECTION_MAX 1000
#define PORT_SUBMISSIONS   465 /* RFC 8314, 7.3 */
#define CREDENTIAL_MAX	   255 /* the PLAIN plug-in copies into a fixed buffer and does not count */

typedef struct {
	const Config *config;
	const SendFeed *feed;
	smtp_session_t session;
	char *where;  /* "host:port", for sentences */
	SmtpTls *tls; /* (nullable) */
	char *user;   /* "": without authentication */
	char *password;
	auth_context_t auth;
	SmtpLine *line;
	GPtrArray *letters;
	guint progress;	 /* messages that the server took a stand on */
	gboolean is_cut; /* nothing more can be said */
	GError *error;	 /* the first fault: nothing more is sent */
} Conversation;

/* One message in a conversation. */
typedef struct {
	Conversation *talk;
	SendJob *job; /* NULL: it is finished */
	smtp_message_t message;
	smtp_recipient_t recipient;
	const char *at; /* in the bytes: what is still to hand over */
	gsize left;
	gboolean begun;	    /* its MAIL was answered */
	gboolean handed;    /* the bytes were asked for */
	gboolean ended;	    /* the final dot may leave */
	gboolean completed; /* MESSAGESENT */
	gboolean finished;  /* its outcome is told */
	gboolean left_over; /* and it did not leave */
} Letter;

static void add_next(Conversation *talk);

static void
cut(Conversation *talk)
{
	talk->is_cut = TRUE;
	socket_cut();
}

static gboolean G_GNUC_PRINTF(3, 4)
    fault(Conversation *talk, PlicoError code, const char *format, ...)
{
	g_autofree char *words = NULL;
	va_list args;

	va_start(args, format);
	words = g_strdup_vprintf(format, args);
	va_end(args);
	cut(talk);
	return fail(talk->error != NULL ? NULL : &talk->error, code, "%s: %s", talk->where, words);
}

/* --- verdicts ---------------------------------------------------------------------------------------------- */

static Reply
reply_from(const smtp_status_t *status)
{
	return (Reply){ status->code, status->enh_class, status->enh_subject, status->enh_detail };
}

/* The reply as it came, on one line: "550 5.1.1 User unknown". Returns: (transfer full) */
static char *
reply_words(const smtp_status_t *status)
{
	g_autofree char *enhanced = status->enh_class > 0
					? g_strdup_printf("%d.%d.%d ", status->enh_class,
					      status->enh_subject, status->enh_detail)
					: g_strdup("");
	g_autofree char *one_line =
	    g_strdelimit(g_strdup(status->text != NULL ? status->text : ""), "\r\n\t", ' ');
	g_autofree char *text = text_printable(g_strstrip(one_line), -1, SMTP_WORDS_MAX);
	char *words;

	words = g_strdup_printf("%03d %s%s", status->code, enhanced, text);
	return g_strchomp(words);
}

/* @out_status: (out) (nullable): the reply that it rests on. */
static Verdict
letter_verdict(const Letter *letter, const smtp_status_t **out_status)
{
	const smtp_status_t *mail = smtp_reverse_path_status(letter->message);
	const smtp_status_t *rcpt = smtp_recipient_status(letter->recipient);
	const smtp_status_t *data = smtp_message_transfer_status(letter->message);
	const Seen seen = {
		.mail = reply_from(mail),
		.rcpt = reply_from(rcpt),
		.data = reply_from(data),
		.completed = letter->completed,
		.ended = letter->ended,
	};
	const Reply *reply;
	Verdict verdict = verdict_of(&seen, &reply);

	if (reply == &seen.mail)
		*out_status = mail;
	else if (reply == &seen.rcpt)
		*out_status = rcpt;
	else
		*out_status = reply != NULL ? data : NULL;
	return verdict;
}

static char *
verdict_words(Verdict verdict, const smtp_status_t *status)
{
	if (status != NULL)
		return reply_words(status);
	return g_strdup(verdict == VERDICT_IN_DOUBT ? _("no reply after the final dot")
						    : _("line lost before the final dot"));
}

/* RFC 5321, 3.8: the server ends the conversation. */
static gboolean
is_goodbye(const smtp_status_t *status)
{
	return status != NULL && status->code == 421;
}

/* Tells the run what became of @letter, as soon as that is certain. Silence is settled only at the end. */
static void
finish(Letter *letter, gboolean at_end)
{
	static const Outcome outcomes[] = {
		[VERDICT_ACCEPTED] = OUTCOME_SENT,
		[VERDICT_TEMP] = OUTCOME_DEFERRED,
		[VERDICT_PERM] = OUTCOME_FAILED,
		[VERDICT_IN_DOUBT] = OUTCOME_UNKNOWN,
		[VERDICT_UNSENT] = OUTCOME_UNSENT,
		[VERDICT_FAULT] = OUTCOME_UNSENT,
	};
	Conversation *talk = letter->talk;
	SendJob *job = letter->job;
	const smtp_status_t *status;
	Verdict verdict = letter_verdict(letter, &status);
	g_autofree char *words = NULL;

	if (letter->finished ||
	    (!at_end && (verdict == VERDICT_IN_DOUBT ||
			    (verdict == VERDICT_UNSENT && !is_goodbye(status)))))
		return;
	words = verdict_words(verdict, status);
	letter->finished = TRUE;
	job->outcome = outcomes[verdict];
	if (verdict == VERDICT_FAULT)
		fault(talk, PLICO_ERROR_CONFIG,
		    _("the server refuses our mail as such: %s; nothing more was sent, and no recipient is marked for it"),
		    words);
	g_clear_pointer(&job->reply, g_free);
	if (verdict != VERDICT_UNSENT || letter->begun)
		job->reply = g_steal_pointer(&words);
	if (job->reply != NULL && is_goodbye(status))
		cut(talk);
	if (job->outcome != OUTCOME_UNSENT)
		talk->progress++;
	letter->job = NULL;
	letter->left_over = job->outcome == OUTCOME_UNSENT;
	talk->feed->done(job);
	/* where DATA itself was refused, libesmtp has already looked for a next message and found none */
	if (!at_end && !(letter->completed && !letter->handed))
		add_next(talk);
}

/* --- the bytes ---------------------------------------------------------------------------------------------- */

/* Ends the message without its final dot. */
static const char *
give_up(Conversation *talk, int *length)
{
	cut(talk);
	*length = 0;
	errno = ECANCELED;
	return NULL;
}

static gboolean
take_message(Letter *letter)
{
	GBytes *bytes = letter->job->message(letter->job, &letter->talk->error);

	if (bytes == NULL)
		return FALSE;
	letter->at = g_bytes_get_data(bytes, &letter->left);
	letter->handed = TRUE;
	return TRUE;
}

/* smtp_messagecb_t: the next piece; *length 0 is the end. libesmtp takes any errno that is left here for a failure and
 * then drops the line without the dot: so it must be 0, and is not where that is wanted. */
static const char *
next_piece(void **context, int *length, void *argument)
{
	Letter *letter = argument;
	Conversation *talk = letter->talk;
	const char *piece = letter->at;

	(void)context;
	if (length == NULL) { /* from the beginning */
		letter->handed = FALSE;
		return NULL;
	}
	if (talk->is_cut || letter->ended)
		return give_up(talk, length);
	if (letter
		->finished) { /* refused; with CHUNKING libesmtp asks for its bytes all the same */
		*length = 0;
		errno = 0;
		return NULL;
	}
	if (!letter->handed) {
		if (!take_message(letter))
			return give_up(talk, length);
		piece = letter->at;
		socket_gather(TRUE);
	}
	if (letter->left == 0) {
		socket_gather(FALSE);
		/* writing to a dead line fails for nobody to see: without this it would be in doubt */
		if (socket_is_gone() || !letter->job->before_dot(letter->job, &talk->error))
			return give_up(talk, length);
		letter->ended = TRUE;
	}
	*length = (int)MIN(letter->left, CHUNK);
	letter->at += *length;
	letter->left -= (gsize)*length;
	if (letter->left == 0 && *length > 0 && letter->job->ends_soon != NULL)
		letter->job->ends_soon(letter->job);
	errno = 0;
	return piece;
}

/* --- what passes over the line ---------------------------------------------------------------------------------- */

static void
monitor(const char *data, int size, int writing, void *argument)
{
	Conversation *talk = argument;
	g_autoptr(GError) why = NULL;

	if (writing == 0 ? smtp_line_server(talk->line, data, (gsize)size, &why)
			 : smtp_line_client(talk->line, data, (gsize)size, &why))
		return;
	fault(talk, (PlicoError)why->code, "%s", why->message);
}

static int
give_credentials(auth_client_request_t fields, char **results, int count, void *argument)
{
	Conversation *talk = argument;

	if (count != 2 || talk->error != NULL) /* NTLM asks for three */
		return 0;
	for (int i = 0; i < count; i++)
		results[i] = (fields[i].flags & AUTH_PASS) != 0 ? talk->password : talk->user;
	return 1;
}

/* --- events ---------------------------------------------------------------------------------------------------- */

static void
mail_answered(Conversation *talk, Letter *letter)
{
	letter->begun = TRUE;
	for (guint i = 0; i < talk->letters->len; i++) { /* those before it are over */
		Letter *other = g_ptr_array_index(talk->letters, i);

		if (other == letter)
			break;
		finish(other, TRUE);
	}
	finish(letter, FALSE);
}

static void
message_answered(Letter *letter)
{
	letter->completed = TRUE;
	finish(letter, FALSE);
}

static void
certificate_refused(Conversation *talk)
{
	fault(talk, PLICO_ERROR_CONFIG,
	    _("the server's certificate is refused: %s; smtp.host must be the name in it and smtp.ca_file its authority"),
	    talk->tls->why != NULL ? talk->tls->why : _("it has none"));
}

static void
event(smtp_session_t session, int number, void *argument, ...)
{
	Conversation *talk = argument;
	va_list args;

	(void)session;
	va_start(args, argument);
	switch (number) {
	case SMTP_EV_MAILSTATUS:
		(void)va_arg(args, char *);
		mail_answered(
		    talk, smtp_message_get_application_data(va_arg(args, smtp_message_t)));
		break;
	case SMTP_EV_RCPTSTATUS:
		(void)va_arg(args, char *);
		finish(smtp_recipient_get_application_data(va_arg(args, smtp_recipient_t)), FALSE);
		break;
	case SMTP_EV_MESSAGESENT:
		message_answered(smtp_message_get_application_data(va_arg(args, smtp_message_t)));
		break;
	case SMTP_EV_EXTNA_STARTTLS:
		fault(talk, PLICO_ERROR_CONFIG,
		    _("the server offers no STARTTLS; without it no password and no letter leaves"));
		break;
	case SMTP_EV_INVALID_PEER_CERTIFICATE:
	case SMTP_EV_NO_PEER_CERTIFICATE:
		certificate_refused(talk);
		break;
	case SMTP_EV_WRONG_PEER_CERTIFICATE:
		/* its own test takes the canonical name and knows no address: OpenSSL has tested smtp.host before */
		*va_arg(args, int *) = 1;
		break;
	default:
		break;
	}
	va_end(args);
}

/* --- the conversation ---------------------------------------------------------------------------------------------- */

static void
conversation_free(Conversation *talk)
{
	if (talk == NULL)
		return;
	if (talk->auth != NULL)
		auth_destroy_context(talk->auth);
	if (talk->password != NULL)
		explicit_bzero(talk->password, strlen(talk->password));
	g_free(talk->password);
	g_free(talk->user);
	g_free(talk->where);
	smtp_tls_free(talk->tls);
	smtp_line_free(talk->line);
	g_ptr_array_unref(talk->letters);
	g_clear_error(&talk->error);
	g_free(talk);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Conversation, conversation_free)

static gboolean
is_this_machine(const char *host)
{
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);

	return strcmp(host, "localhost") == 0 ||
	       (address != NULL && g_inet_address_get_is_loopback(address));
}

static gboolean
prepare_tls(Conversation *talk, GError **error)
{
	const char *host = config_text(talk->config, CONFIG_smtp_host);

	if (*host == '\0' || strchr(host, ':') != NULL)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("smtp.host = %s: a name or an IPv4 address is expected, the port stands in smtp.port"),
		    host);
	if (strcmp(config_text(talk->config, CONFIG_smtp_tls), "none") == 0) {
		if (is_this_machine(host))
			return TRUE;
		return fail(error, PLICO_ERROR_CONFIG,
		    _("smtp.tls = none is only for a server on this machine, and smtp.host is %s: set starttls or implicit"),
		    host);
	}
	if (!smtp_tls_is_implicit(talk->config) &&
	    config_int(talk->config, CONFIG_smtp_port) == PORT_SUBMISSIONS)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("smtp.port = %d begins with TLS and knows no STARTTLS: set smtp.tls = implicit"),
		    PORT_SUBMISSIONS);
	talk->tls = smtp_tls_new(talk->config, error);
	return talk->tls != NULL;
}

static gboolean
prepare_auth(Conversation *talk, GError **error)
{
	static gsize started = 0;

	talk->user = g_strdup(config_text(talk->config, CONFIG_smtp_user));
	if (*talk->user == '\0')
		return TRUE;
	talk->password =
	    config_read_secret(config_text(talk->config, CONFIG_smtp_password_file), error);
	if (talk->password == NULL)
		return FALSE;
	if (strlen(talk->user) > CREDENTIAL_MAX || strlen(talk->password) > CREDENTIAL_MAX)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("smtp.user and its password may have %d bytes each"), CREDENTIAL_MAX);
	if (g_once_init_enter(&started)) {
		auth_client_init();
		g_once_init_leave(&started, 1);
	}
	talk->auth = auth_create_context();
	(void)auth_set_mechanism_flags(talk->auth, AUTH_PLUGIN_PLAIN, AUTH_PLUGIN_ANONYMOUS);
	(void)auth_set_interact_cb(talk->auth, give_credentials, talk);
	return TRUE;
}

static Conversation *
conversation_new(const Config *config, GError **error)
{
	g_autoptr(Conversation) talk = g_new0(Conversation, 1);

	talk->config = config;
	talk->letters = g_ptr_array_new_with_free_func(g_free);
	talk->where = g_strdup_printf(
	    "%s:%s", config_text(config, CONFIG_smtp_host), config_text(config, CONFIG_smtp_port));
	if (!prepare_tls(talk, error) || !prepare_auth(talk, error))
		return NULL;
	talk->line = smtp_line_new(*talk->user != '\0');
	return g_steal_pointer(&talk);
}

static void
add_letter(Conversation *talk, SendJob *job)
{
	Letter *letter = g_new0(Letter, 1);

	letter->talk = talk;
	letter->job = job;
	letter->message = smtp_add_message(talk->session);
	letter->recipient = smtp_add_recipient(letter->message, job->dispatch->address);
	(void)smtp_set_reverse_path(letter->message, job->envelope_from);
	(void)smtp_set_messagecb(letter->message, next_piece, letter);
	smtp_message_set_application_data_release(letter->message, letter, NULL);
	smtp_recipient_set_application_data_release(letter->recipient, letter, NULL);
	if (g_strcmp0(job->dispatch->channel, "mail") == 0) { /* PEC has its receipts */
		(void)smtp_dsn_set_ret(letter->message, Ret_HDRS);
		if (strlen(job->dispatch->message_id) <= ENVID_MAX)
			(void)smtp_dsn_set_envid(letter->message, job->dispatch->message_id);
		(void)smtp_dsn_set_notify(letter->recipient, Notify_FAILURE | Notify_DELAY);
	}
	g_ptr_array_add(talk->letters, letter);
}

/* Behind the message that is just over, if the conversation goes on. libesmtp looks for it when the event returns. */
static void
add_next(Conversation *talk)
{
	gint64 most = config_int(talk->config, CONFIG_smtp_per_connection);
	SendJob *job = NULL;

	if (!talk->is_cut && talk->letters->len < (guint)CLAMP(most, 1, PER_CONNECTION_MAX))
		job = talk->feed->next(talk->feed->self);
	if (job != NULL)
		add_letter(talk, job);
}

static smtp_session_t
open_session(Conversation *talk)
{
	static const int limits[] = { Timeout_GREETING, Timeout_ENVELOPE, Timeout_DATA,
		Timeout_TRANSFER, Timeout_DATA2 };
	smtp_session_t session = smtp_create_session();
	long limit = (long)config_int(talk->config, CONFIG_smtp_timeout) * 1000;

	(void)smtp_set_server(session, talk->where);
	(void)smtp_set_hostname(session, config_text(talk->config, CONFIG_smtp_hello));
	(void)smtp_set_eventcb(session, event, talk);
	(void)smtp_set_monitorcb(session, monitor, talk, 0);
	for (gsize i = 0; i < G_N_ELEMENTS(limits); i++)
		(void)smtp_set_timeout(
		    session, limits[i] | Timeout_OVERRIDE_RFC2822_MINIMUM, MAX(limit, 1000));
	if (talk->tls != NULL && !smtp_tls_is_implicit(talk->config)) {
		(void)smtp_starttls_enable(session, Starttls_REQUIRED);
		(void)smtp_starttls_set_ctx(session, talk->tls->context);
	}
	if (talk->auth != NULL)
		(void)smtp_auth_set_context(session, talk->auth);
	return session;
}

/* The sentence where the server took a stand on no message. */
static void
explain_silence(Conversation *talk, int connected, int code)
{
	char words[256] = "";
	guint seconds = (guint)config_int(talk->config, CONFIG_smtp_timeout);

	if (talk->tls != NULL && talk->tls->why != NULL)
		certificate_refused(talk);
	else if (talk->tls != NULL && talk->tls->trouble != NULL)
		fault(talk, PLICO_ERROR_UNAVAILABLE,
		    _("no TLS: %s; smtp.tls = implicit is for a port that begins with TLS (465), starttls for one that begins in the clear (587); all messages stay queued"),
		    talk->tls->trouble);
	else if (smtp_line_refusal(talk->line) != NULL)
		fault(talk, PLICO_ERROR_UNAVAILABLE,
		    _("the server says: %s; what was not sent stays queued"),
		    smtp_line_refusal(talk->line));
	else if (connected == 0 && code != 0)
		fault(talk, PLICO_ERROR_UNAVAILABLE,
		    _("no connection: %s; all messages stay queued"),
		    -code == EINPROGRESS ? g_strerror(ETIMEDOUT)
					 : smtp_strerror(code, words, sizeof words));
	else
		fault(talk, PLICO_ERROR_UNAVAILABLE,
		    _("the line was cut, or no reply came in %u seconds; what was not sent stays queued, a message without its reply is unknown (`plico wave show`)"),
		    seconds);
}

static gboolean
converse(Conversation *talk, SendJob *first)
{
	gboolean all = TRUE;
	int connected;
	int code;

	talk->session = open_session(talk);
	add_letter(talk, first);
	socket_watch((guint)config_int(talk->config, CONFIG_smtp_timeout),
	    smtp_tls_is_implicit(talk->config) ? talk->tls : NULL);
	connected =
	    smtp_start_session(talk->session); /* 1 says no more than that there was a greeting */
	code = smtp_errno();
	for (guint i = 0; i < talk->letters->len; i++) {
		Letter *letter = g_ptr_array_index(talk->letters, i);

		finish(letter, TRUE);
		all = all && !letter->left_over;
	}
	socket_release();
	if (talk->error == NULL && !all && talk->progress == 0)
		explain_silence(talk, connected, code);
	(void)smtp_destroy_session(talk->session);
	return talk->error == NULL;
}

/* One line. */
static gboolean
deliver(const Config *config, const SendFeed *feed, GError **error)
{
	SendJob *first = feed->next(feed->self);
	g_autoptr(Conversation) talk = NULL;

	if (first == NULL)
		return TRUE;
	talk = conversation_new(config, error);
	if (talk == NULL) {
		feed->done(first);
		return FALSE;
	}
	talk->feed = feed;
	if (converse(talk, first))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&talk->error));
	return FALSE;
}

const Channel channel_smtp = { .name = "smtp", .dials = TRUE, .deliver = deliver };

/*
 * deliver WORKSPACE RECIPIENT...: hands one message to each recipient over by the channel of the workspace's
 * configuration, in smtp.sessions threads at once, calling it again as a run does, and prints "RECIPIENT OUTCOME DOT REPLY" for each, DOT being 1 where the
 * channel asked for the mark; then the error, if any, with its exit status.
 */
#include "base/error.h"
#include "send/send.h"

#include <locale.h>
#include <signal.h>
#include <string.h>

typedef struct {
	SendJob job;
	Dispatch dispatch;
	GBytes *bytes;
	gboolean dot;
} Parcel;

static const char *const outcomes[] = {
	[OUTCOME_SENT] = "sent",
	[OUTCOME_DEFERRED] = "deferred",
	[OUTCOME_FAILED] = "failed",
	[OUTCOME_UNKNOWN] = "unknown",
	[OUTCOME_UNSENT] = "unsent",
};

/* Lines with dots, a last line that is one, and enough for several pieces. */
static GBytes *
message(SendJob *job, GError **error)
{
	Parcel *parcel = job->self;
	g_autoptr(GString) text = g_string_new(NULL);

	(void)error;
	if (g_str_has_prefix(parcel->dispatch.address, "dropdata"))
		g_usleep(G_USEC_PER_SEC / 2); /* the line is surely cut by then */
	g_string_printf(text,
	    "From: <mappa@mappa.example>\r\nTo: <%s>\r\nSubject: =?UTF-8?B?w6A=?=\r\n folded\r\n"
	    "Date: Fri, 17 Oct 2025 08:30:00 +0000\r\nMessage-Id: <%s>\r\nMIME-Version: 1.0\r\n\r\n",
	    parcel->dispatch.address, parcel->dispatch.message_id);
	for (int i = 0; i < 3000; i++)
		g_string_append_printf(text, "%s%d\r\n", i % 3 == 0 ? ".." : "line ", i);
	g_string_append(text, ".\r\n");
	g_clear_pointer(&parcel->bytes, g_bytes_unref);
	parcel->bytes = g_bytes_new(text->str, text->len);
	return parcel->bytes;
}

static gboolean
before_dot(SendJob *job, GError **error)
{
	Parcel *parcel = job->self;

	if (g_str_has_prefix(parcel->dispatch.address, "nodot"))
		return fail(error, PLICO_ERROR_IO, "the mark could not be set");
	parcel->dot = TRUE;
	return TRUE;
}

static void
done(SendJob *job)
{
	Parcel *parcel = job->self;

	g_clear_pointer(&parcel->bytes, g_bytes_unref);
}

/* What several threads take from. */
typedef struct {
	const Config *config;
	GMutex lock;
	GPtrArray *left;
	GError *error; /* (nullable) the first */
} Counter;

static SendJob *
next(gpointer self)
{
	Counter *counter = self;
	SendJob *job = NULL;

	g_mutex_lock(&counter->lock);
	if (counter->left->len > 0 && counter->error == NULL)
		job = g_ptr_array_steal_index(counter->left, 0);
	g_mutex_unlock(&counter->lock);
	return job;
}

static gpointer
deliver_some(gpointer self)
{
	Counter *counter = self;
	const Channel *channel = channel_find(config_text(counter->config, CONFIG_mail_channel));
	const SendFeed feed = { next, done, counter };
	g_autoptr(GError) error = NULL;

	(void)channel->deliver(counter->config, &feed, &error);
	g_mutex_lock(&counter->lock);
	if (error != NULL && counter->error == NULL)
		counter->error = g_steal_pointer(&error);
	g_mutex_unlock(&counter->lock);
	return NULL;
}

static gboolean
deliver_round(const Config *config, GPtrArray *left, GError **error)
{
	Counter counter = { .config = config, .left = left };
	g_autoptr(GPtrArray) threads = g_ptr_array_new();

	g_mutex_init(&counter.lock);
	for (gint64 i = 0; i < config_int(config, CONFIG_smtp_sessions); i++)
		g_ptr_array_add(threads, g_thread_new("deliver", deliver_some, &counter));
	for (guint i = 0; i < threads->len; i++)
		(void)g_thread_join(g_ptr_array_index(threads, i));
	g_mutex_clear(&counter.lock);
	if (counter.error == NULL)
		return TRUE;
	g_propagate_error(error, counter.error);
	return FALSE;
}

static void
parcel_free(Parcel *parcel)
{
	g_clear_pointer(&parcel->bytes, g_bytes_unref);
	g_free(parcel->dispatch.channel);
	g_free(parcel->dispatch.message_id);
	g_free(parcel->job.reply);
	g_free(parcel);
}

static void
add_parcel(GPtrArray *jobs, char *address)
{
	Parcel *parcel = g_new0(Parcel, 1);

	parcel->dispatch.address = address;
	parcel->dispatch.channel = g_strdup("mail");
	parcel->dispatch.message_id = g_strdup_printf("m%u@mappa.example", jobs->len + 1);
	parcel->job = (SendJob){
		.dispatch = &parcel->dispatch,
		.envelope_from = "mappa@mappa.example",
		.message = message,
		.before_dot = before_dot,
		.self = parcel,
		.outcome = OUTCOME_UNSENT,
	};
	g_ptr_array_add(jobs, parcel);
}

/* Those still to send; with @lost only those at which a line was lost, else the others: they go behind, as in a run. */
static void
add_unsent(const GPtrArray *jobs, gboolean lost, GPtrArray *left)
{
	for (guint i = 0; i < jobs->len; i++) {
		SendJob *job = g_ptr_array_index(jobs, i);

		if (job->outcome == OUTCOME_UNSENT && (job->reply != NULL) == lost)
			g_ptr_array_add(left, job);
	}
}

static gboolean
deliver_all(const Config *config, const GPtrArray *jobs, GError **error)
{
	gboolean good = TRUE;
	guint before = G_MAXUINT;

	while (good) {
		g_autoptr(GPtrArray) left = g_ptr_array_new();

		add_unsent(jobs, FALSE, left);
		add_unsent(jobs, TRUE, left);
		if (left->len == 0)
			break;
		g_assert_cmpuint(left->len, <, before); /* or it would never end */
		before = left->len;
		good = deliver_round(config, left, error);
	}
	return good;
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) jobs = g_ptr_array_new_with_free_func((GDestroyNotify)parcel_free);
	g_autoptr(Config) config = config_open(argv[1], &error);

	(void)setlocale(LC_ALL, "C.UTF-8");
	(void)signal(SIGPIPE, SIG_IGN);
	for (int i = 2; i < argc; i++)
		add_parcel(jobs, argv[i]);
	if (config != NULL)
		(void)deliver_all(config, jobs, &error);
	for (guint i = 0; i < jobs->len; i++) {
		const Parcel *parcel = g_ptr_array_index(jobs, i);

		g_print("%s %s %d %s\n", parcel->dispatch.address, outcomes[parcel->job.outcome],
		    parcel->dot, parcel->job.reply != NULL ? parcel->job.reply : "");
	}
	if (error == NULL)
		return 0;
	g_print("error %d %s\n", error_exit_status(error), error->message);
	return error_exit_status(error);
}

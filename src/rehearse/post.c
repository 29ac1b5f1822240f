#include "rehearse/post.h"

#include "base/clock.h"
#include "base/error.h"
#include "inbox/inbox.h"
#include "send/send.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_MS 60000
#define PAUSE_MS    200

struct Post {
	const Config *config;
	const char *maildir;
	guint sent;
};

Post *
post_new(const Config *config, const char *maildir)
{
	Post *post = g_new0(Post, 1);

	post->config = config;
	post->maildir = maildir;
	return post;
}

void
post_free(Post *post)
{
	g_free(post);
}

/* Delivery into a Maildir: whole in tmp, then renamed into new. */
static gboolean
drop(Post *post, GBytes *message, GError **error)
{
	g_autofree char *name = g_strdup_printf(
	    "%" PRId64 ".P%ldQ%06u.rehearsal", clock_now(), (long)getpid(), post->sent++);
	g_autofree char *tmp = g_build_filename(post->maildir, "tmp", name, NULL);
	g_autofree char *new = g_build_filename(post->maildir, "new", name, NULL);
	gsize size;
	const char *data = g_bytes_get_data(message, &size);

	if (!g_file_set_contents_full(
		tmp, data, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600, error))
		return FALSE;
	return g_rename(tmp, new) == 0 || fail_errno(error, "%s", new);
}

static const Channel *
smtp_channel(void)
{
	gsize i = 0;

	while (strcmp(channels[i]->name, "smtp") != 0)
		i++;
	return channels[i];
}

static const Source *
imap_source(void)
{
	gsize i = 0;

	while (strcmp(sources[i]->name, "imap") != 0)
		i++;
	return sources[i];
}

/* The account of a town at the servers that the workspace is configured for. Returns: (transfer full) */
static Config *
account(const Post *post, const char *address, GError **error)
{
	static const ConfigKey same[] = { CONFIG_smtp_host, CONFIG_smtp_port, CONFIG_smtp_tls,
		CONFIG_smtp_ca_file, CONFIG_smtp_password_file, CONFIG_inbox_imap_url,
		CONFIG_inbox_imap_tls, CONFIG_inbox_imap_password_file, CONFIG_inbox_imap_ca_file };
	g_autoptr(Config) config = config_open(config_workspace(post->config), error);
	gboolean user = *config_text(post->config, CONFIG_smtp_user) != '\0';

	for (gsize i = 0; config != NULL && i < G_N_ELEMENTS(same); i++)
		if (!config_set(config, same[i], config_text(post->config, same[i]), error))
			return NULL;
	if (config == NULL || !config_set(config, CONFIG_smtp_user, user ? address : "", error) ||
	    !config_set(config, CONFIG_inbox_imap_user, address, error))
		return NULL;
	return g_steal_pointer(&config);
}

static GBytes *
job_message(SendJob *job, GError **error)
{
	(void)error;
	return job->self;
}

static gboolean
job_before_dot(SendJob *job, GError **error)
{
	(void)job;
	(void)error;
	return TRUE;
}

/* The one message, once. @self: SendJob ** */
static SendJob *
feed_next(gpointer self)
{
	SendJob **job = self;

	return g_steal_pointer(job);
}

static void
feed_done(SendJob *job)
{
	(void)job;
}

static gboolean
submit(const Post *post, const char *address, GBytes *message, GError **error)
{
	g_autoptr(Config) config = account(post, address, error);
	Dispatch dispatch = { .address = g_strdup(config_text(post->config, CONFIG_mail_from)) };
	g_autofree char *to = dispatch.address;
	SendJob job = { .dispatch = &dispatch,
		.envelope_from = address,
		.message = job_message,
		.before_dot = job_before_dot,
		.self = message,
		.outcome = OUTCOME_UNSENT };
	SendJob *next = &job;
	const SendFeed feed = { feed_next, feed_done, &next };
	g_autofree char *said = NULL;
	gboolean good;

	if (config == NULL)
		return FALSE;
	good = smtp_channel()->deliver(config, &feed, error);
	said = job.reply;
	if (!good)
		return FALSE;
	if (job.outcome != OUTCOME_SENT)
		return fail(error, PLICO_ERROR_UNAVAILABLE,
		    _("rehearsal: the server does not take a town's answer: %s"),
		    said != NULL ? said : "");
	return TRUE;
}

gboolean
post_send(Post *post, const char *address, GBytes *message, GError **error)
{
	post->sent++;
	return post->maildir != NULL ? drop(post, message, error)
				     : submit(post, address, message, error);
}

guint
post_count(const Post *post)
{
	return post->sent;
}

static gboolean
keep(const char *folder, GBytes *raw, GError **error)
{
	g_autofree char *path = NULL;
	gsize size;
	const char *data = g_bytes_get_data(raw, &size);

	if (g_mkdir_with_parents(folder, 0700) < 0)
		return fail_errno(error, "%s", folder);
	for (guint n = 1; path == NULL || g_file_test(path, G_FILE_TEST_EXISTS); n++) {
		g_free(path);
		path = g_strdup_printf("%s/%u.eml", folder, n);
	}
	return g_file_set_contents_full(
	    path, data, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600, error);
}

/* Takes what waits at the server. */
static gboolean
fetch_waiting(const Config *config, const char *folder, GError **error)
{
	const Source *source = imap_source();
	g_autoptr(GPtrArray) places = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) why = NULL;
	gpointer session = source->open(config, error);
	InboxItem item = { 0 };
	gboolean good = TRUE;

	if (session == NULL)
		return FALSE;
	while (good && source->next(session, &item, &why)) {
		g_autoptr(GBytes) raw = item.raw;

		g_ptr_array_add(places, item.place);
		good = raw == NULL || keep(folder, raw, &why);
		item = (InboxItem){ 0 };
	}
	if (why == NULL && places->len > 0)
		(void)source->commit(session, places, &why);
	source->close(session);
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

gboolean
post_fetch(Post *post, const char *address, const char *folder, GError **error)
{
	g_autofree char *first = g_build_filename(folder, "1.eml", NULL);
	g_autoptr(Config) config = NULL;

	if (post->maildir != NULL)
		return TRUE;
	config = account(post, address, error);
	if (config == NULL)
		return FALSE;
	for (guint waited = 0; waited < PATIENCE_MS; waited += PAUSE_MS) {
		if (!fetch_waiting(config, folder, error))
			return FALSE;
		if (g_file_test(first, G_FILE_TEST_EXISTS))
			return TRUE;
		g_usleep((gulong)PAUSE_MS * 1000);
	}
	return fail(error, PLICO_ERROR_UNAVAILABLE,
	    _("rehearsal: nothing has come to %s within a minute"), address);
}

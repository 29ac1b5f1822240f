/* The channel that writes each message into a folder as MESSAGE-ID.eml. A file appears whole or not at all, so one that
 * is there was delivered: a run that was killed writes it no second time. */
#include "send/send.h"

#include "base/durable.h"
#include "base/error.h"

static gboolean
write_job(const char *directory, SendJob *job, GError **error)
{
	GBytes *message = job->message(job, error);
	g_autofree char *name = g_strdup_printf("%s.eml", job->dispatch->message_id);
	g_autofree char *path = g_build_filename(directory, name, NULL);

	if (message == NULL)
		return FALSE;
	if (!g_file_test(path, G_FILE_TEST_EXISTS) && !durable_replace(path, message, 0600, error))
		return FALSE;
	job->outcome = OUTCOME_SENT;
	job->reply = g_steal_pointer(&name);
	return TRUE;
}

static gboolean
deliver(const Config *config, const SendFeed *feed, GError **error)
{
	const char *directory = config_text(config, CONFIG_mail_dir);
	gboolean good = TRUE;
	SendJob *job;

	if (*directory == '\0')
		return fail(error, PLICO_ERROR_CONFIG,
		    _("mail.dir is empty: name the folder for the .eml files"));
	if (!durable_mkdir(directory, error))
		return FALSE;
	while (good && (job = feed->next(feed->self)) != NULL) {
		good = write_job(directory, job, error);
		feed->done(job);
	}
	return good;
}

const Channel channel_dir = { .name = "dir", .deliver = deliver };

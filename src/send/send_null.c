/* The channel that sends nothing: it makes every message, for a trial of templates and figures. */
#include "send/send.h"

static gboolean
deliver(const Config *config, const SendFeed *feed, GError **error)
{
	gboolean good = TRUE;
	SendJob *job;

	(void)config;
	while (good && (job = feed->next(feed->self)) != NULL) {
		good = job->message(job, error) != NULL;
		if (good) {
			job->outcome = OUTCOME_SENT;
			job->reply = g_strdup("null");
		}
		feed->done(job);
	}
	return good;
}

const Channel channel_null = { .name = "null", .deliver = deliver };

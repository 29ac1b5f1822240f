/* The channel that sends nothing: it makes every message, for a trial of templates and figures. */
#include "send/send.h"

static gboolean
deliver(const Config *config, GPtrArray *jobs, SendDone done, GError **error)
{
	(void)config;
	for (guint i = 0; i < jobs->len; i++) {
		SendJob *job = g_ptr_array_index(jobs, i);

		if (job->message(job->self, error) == NULL)
			return FALSE;
		job->outcome = OUTCOME_SENT;
		job->reply = g_strdup("null");
		if (!done(job, error))
			return FALSE;
	}
	return TRUE;
}

const Channel channel_null = { .name = "null", .deliver = deliver };

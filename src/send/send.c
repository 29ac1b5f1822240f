/* A run from its lock to its end: settle what a crash left, let the lanes send, record what is still open. */
#include "send/send.h"

#include "base/clock.h"
#include "base/durable.h"
#include "base/error.h"
#include "send/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <time.h>

static gboolean
take_lock(const Config *config, Fd *lock, GError **error)
{
	g_autofree char *path = g_build_filename(config_workspace(config), "send.lock", NULL);

	*lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*lock < 0)
		return fail_errno(error, "%s", path);
	if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
		return TRUE;
	if (errno != EWOULDBLOCK)
		return fail_errno(error, "%s", path);
	return fail(error, PLICO_ERROR_TRY_AGAIN,
	    _("%s: another run is sending in this workspace; wait for its end"), path);
}

static const Channel *
find_channel(const Config *config, GError **error)
{
	const char *name = config_text(config, CONFIG_mail_channel);
	g_autofree char *from = NULL;
	const char *why = NULL;

	if (!address_check(config_text(config, CONFIG_mail_from), &from, &why)) {
		fail(error, PLICO_ERROR_CONFIG, _("mail.from = %s: %s"),
		    config_text(config, CONFIG_mail_from), why);
		return NULL;
	}
	if (!outbox_check_bounces(config, error))
		return NULL;
	return channel_find(name); /* the configuration knows the same names */
}

/* Settles, sends and puts in order what is still open at the end, whatever that was. */
static gboolean
run_under_lock(RunOrder *order, SendReport *report, GError **error)
{
	Store *store = order->tools->store;
	guint limit = order->options.limit;
	guint settled = 0;
	gboolean good;

	if (!outbox_keep_form(order->tools, error) || !outbox_settle(store, &settled, error) ||
	    !outbox_count_due(order->tools, order->wave_id, &order->due, error) ||
	    !outbox_busiest(store, order->wave_id, &order->busiest, error))
		return FALSE;
	report->unknown = settled;
	order->progress =
	    progress_new(_("sending"), limit > 0 ? MIN(limit, order->due) : order->due);
	good = run_lanes(order, error);
	progress_free(order->progress);
	good = clerk_close(order->clerk, good ? error : NULL) && good;
	good = outbox_sweep(store, good ? error : NULL) && good;
	good = outbox_close_waves(store, good ? error : NULL) && good;
	return outbox_count_due(order->tools, order->wave_id, &report->left, good ? error : NULL) &&
	       outbox_count_waiting(store, &report->waiting, good ? error : NULL) && good;
}

gboolean
send_run(const OutboxTools *tools, gint64 wave_id, const SendOptions *options, SendReport *report,
    GError **error)
{
	g_auto(Fd) lock = -1;
	g_autoptr(Pace) pace = pace_new(tools->config, error);
	g_autoptr(Clerk) clerk = clerk_new(tools->store, report);
	RunOrder order = { .tools = tools,
		.channel = pace != NULL ? find_channel(tools->config, error) : NULL,
		.wave_id = wave_id,
		.options = *options,
		.pace = pace,
		.clerk = clerk };
	sigset_t stops;
	sigset_t before;
	gboolean good;

	*report = (SendReport){ 0 };
	if (order.channel == NULL || !take_lock(tools->config, &lock, error))
		return FALSE;
	/* a signal waits until the messages at hand are recorded: the run looks for it; its threads have this mask too */
	sigemptyset(&stops);
	sigaddset(&stops, SIGINT);
	sigaddset(&stops, SIGTERM);
	(void)pthread_sigmask(SIG_BLOCK, &stops, &before);
	good = run_under_lock(&order, report, error);
	(void)sigtimedwait(&stops, NULL, &(struct timespec){ 0 });
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return good;
}

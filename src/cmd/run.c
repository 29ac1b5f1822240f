/*
 * plico run: the service. It keeps two other plicos at work, one that collects and one that sends, starts them again when they end, and
 * tells the service manager that all is well. So what breaks one of them does not touch the other, and each is small.
 */
#include "base/durable.h"
#include "base/error.h"
#include "base/notify.h"
#include "cmd/cmd.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#define TICK_SECONDS  1
#define PATIENCE_STOP 30 /* seconds until a worker that was asked to stop is killed */
#define PATIENCE_SILENT                                                                            \
	1800 /* seconds without a look into the mailboxes: one message may take half of that */
#define BACKOFF_MOST 300

typedef struct {
	const char *words[5]; /* NULL-terminated, without the workspace */
	const char *beats;    /* (nullable) file in the workspace whose time it renews */
	gboolean lasts;	      /* it ends only when it is asked to, or fails */
	pid_t pid;	      /* 0: it does not run */
	gint64 next;	      /* monotonic microseconds: not before */
	gint64 begun;
	guint failures; /* one after the other */
} Worker;

static gint64
now(void)
{
	return g_get_monotonic_time();
}

static void G_GNUC_NORETURN
become(const App *app, const Worker *worker)
{
	char *words[8] = { g_strdup("plico") };
	guint n = 1;
	sigset_t none;

	for (gsize i = 0; worker->words[i] != NULL; i++)
		words[n++] = g_strdup(worker->words[i]);
	words[n++] = g_strdup("-w");
	words[n++] = g_strdup(app->workspace);
	words[n] = NULL;
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	(void)setpgid(0, 0); /* a signal from the terminal is for the service, which passes it on */
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)g_unsetenv("NOTIFY_SOCKET");
	(void)execv("/proc/self/exe", words);
	_exit(EX_OSERR);
}

static gboolean
start(const App *app, Worker *worker, GError **error)
{
	worker->pid = fork();
	worker->begun = now();
	if (worker->pid == 0)
		become(app, worker);
	if (worker->pid > 0)
		return TRUE;
	worker->pid = 0;
	return fail_errno(error, "fork");
}

/* It has ended: when it is started again. FALSE: a configuration that no second start makes better. */
static gboolean
note_end(const App *app, Worker *worker, int status, GError **error)
{
	guint pause = (guint)MAX(config_int(app->config, CONFIG_inbox_poll), 1);
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE;
	gboolean failed = worker->lasts ? code != EX_OK : code != EX_OK && code != EX_TEMPFAIL;

	worker->pid = 0;
	if (code == EX_CONFIG || code == EX_USAGE)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("plico %s ended with status %d; what it said stands above"), worker->words[0],
		    code);
	worker->failures = failed ? worker->failures + 1 : 0;
	if (failed) {
		pause = MIN(pause << MIN(worker->failures - 1, 8), MAX(pause, BACKOFF_MOST));
		g_printerr(_("plico run: plico %s ended (%s %d); it is started again in %u s\n"),
		    worker->words[0], WIFSIGNALED(status) ? _("signal") : _("status"),
		    WIFSIGNALED(status) ? WTERMSIG(status) : code, pause);
	}
	worker->next = worker->lasts && !failed ? now() : now() + (gint64)pause * G_USEC_PER_SEC;
	return TRUE;
}

static gint64
modified(const App *app, const char *name)
{
	g_autofree char *path = cmd_path(app, name);
	struct stat about;

	return stat(path, &about) == 0 ? about.st_mtime : 0;
}

/* A worker that does nothing any more: a server that never answers, a disk that hangs. */
static void
look_after(const App *app, const Worker *worker)
{
	gint64 silent = g_get_real_time() / G_USEC_PER_SEC - modified(app, worker->beats);

	if (worker->pid == 0 || now() - worker->begun < (gint64)PATIENCE_SILENT * G_USEC_PER_SEC ||
	    silent < PATIENCE_SILENT)
		return;
	g_printerr(_("plico run: plico %s has done nothing for %d minutes; it is ended\n"),
	    worker->words[0], PATIENCE_SILENT / 60);
	(void)kill(worker->pid, SIGKILL);
}

static gboolean
tend(const App *app, Worker *worker, GError **error)
{
	int status;

	if (worker->pid > 0 && waitpid(worker->pid, &status, WNOHANG) == worker->pid &&
	    !note_end(app, worker, status, error))
		return FALSE;
	if (worker->pid == 0 && now() >= worker->next)
		return start(app, worker, error);
	if (worker->beats != NULL)
		look_after(app, worker);
	return TRUE;
}

static void
stop(Worker *worker)
{
	gint64 end = now() + (gint64)PATIENCE_STOP * G_USEC_PER_SEC;

	if (worker->pid == 0)
		return;
	(void)kill(worker->pid, SIGTERM);
	while (waitpid(worker->pid, NULL, WNOHANG) == 0) {
		if (now() > end)
			(void)kill(worker->pid, SIGKILL);
		g_usleep(G_USEC_PER_SEC / 20);
	}
	worker->pid = 0;
}

/* Those that last have read the old one; others read it at each start. */
static void
restart_lasting(Worker *workers, gsize count)
{
	for (gsize i = 0; i < count; i++)
		if (workers[i].lasts && workers[i].pid > 0)
			(void)kill(workers[i].pid, SIGTERM);
}

static gboolean
keep_at_work(App *app, Worker *workers, gsize count, GError **error)
{
	guint watchdog = notify_watchdog_seconds();
	gint64 told = now();
	gint64 configured = modified(app, "plico.conf");
	gboolean good = TRUE;

	for (gsize i = 0; good && i < count; i++)
		good = start(app, &workers[i], error);
	if (good)
		notify_manager("READY=1\nSTATUS=collecting and sending");
	while (good && !cmd_stop_asked()) {
		for (gsize i = 0; good && i < count; i++)
			good = tend(app, &workers[i], error);
		if (configured != modified(app, "plico.conf")) {
			configured = modified(app, "plico.conf");
			restart_lasting(workers, count);
		}
		if (watchdog > 0 && now() - told >= (gint64)watchdog * G_USEC_PER_SEC) {
			notify_manager("WATCHDOG=1");
			told = now();
		}
		cmd_wait(TICK_SECONDS);
	}
	notify_manager("STOPPING=1");
	for (gsize i = 0; i < count; i++)
		stop(&workers[i]);
	return good;
}

static gboolean
run(App *app, char **words, GError **error)
{
	Worker workers[] = {
		{ .words = { "collect" }, .beats = "collect.lock", .lasts = TRUE },
		{ .words = { "wave", "send", "--once" } },
	};
	g_autofree char *path = cmd_path(app, "run.lock");
	g_auto(Fd) lock = -1;

	(void)words;
	if (!durable_lock(path, &lock, error))
		return FALSE;
	cmd_hold_stops();
	return keep_at_work(app, workers, G_N_ELEMENTS(workers), error);
}

const Command command_run = {
	.name = "run",
	.summary = N_("the service: collect what comes in, send what is due"),
	.help = N_(
	    "Runs plico collect, and every inbox.poll seconds plico wave send, until it is stopped; each is started again when it "
	    "fails, later and later. What a person has to decide waits: it plans no wave and releases nothing. A changed "
	    "plico.conf is taken up by itself. SIGTERM ends it after the messages at hand. Under systemd (plico.service) "
	    "it says when it is ready and that it is alive."),
	.needs = NEEDS_CONFIG,
	.run = run,
};

#include "rehearse/crew.h"

#include "base/durable.h"
#include "base/error.h"
#include "base/progress.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MESSAGE_LIMIT 4096

/* A worker says '.' for each step, or '!' and the sentence of its error, and closes the line. */
struct CrewLine {
	int fd;
};

typedef struct {
	pid_t pid; /* 0: has been waited for */
	int fd;	   /* -1: the line is closed */
	GString *said;
} Worker;

struct Crew {
	GArray *workers; /* of Worker */
	guint64 steps;
};

void
crew_step(CrewLine *line)
{
	/* nobody listens any more: there is nothing to work for */
	if (send(line->fd, ".", 1, MSG_NOSIGNAL) != 1)
		_exit(1);
}

void
crew_wait(CrewLine *line)
{
	char byte;

	while (read(line->fd, &byte, 1) < 0 && errno == EINTR)
		;
}

/* The worker's whole life. The copies of the store, the archive and their locks that it inherited are left alone:
 * _exit() runs nobody's clean-up. */
static void
work(int fd, guint number, CrewTask task, gpointer data)
{
	g_autoptr(GError) error = NULL;
	CrewLine line = { .fd = fd };

	if (task(&line, number, data, &error))
		_exit(0);
	(void)send(fd, "!", 1, MSG_NOSIGNAL);
	(void)send(fd, error->message, MIN(strlen(error->message), MESSAGE_LIMIT), MSG_NOSIGNAL);
	_exit(1);
}

/* A worker must not hold the other workers' lines, or they would never see them close. */
static void
close_lines(const Crew *crew)
{
	for (guint i = 0; i < crew->workers->len; i++)
		(void)close(g_array_index(crew->workers, Worker, i).fd);
}

static gboolean
start_one(Crew *crew, guint number, CrewTask task, gpointer data, GError **error)
{
	Worker worker = { 0 };
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return fail_errno(error, "socketpair");
	worker.pid = fork();
	if (worker.pid < 0) {
		(void)close(pair[0]);
		(void)close(pair[1]);
		return fail_errno(error, "fork");
	}
	if (worker.pid == 0) {
		(void)close(pair[0]);
		close_lines(crew);
		work(pair[1], number, task, data);
	}
	(void)close(pair[1]);
	worker.fd = pair[0];
	worker.said = g_string_new(NULL);
	g_array_append_val(crew->workers, worker);
	return TRUE;
}

static void
worker_clear(gpointer data)
{
	Worker *worker = data;

	g_string_free(worker->said, TRUE);
}

Crew *
crew_start(guint workers, CrewTask task, gpointer data, GError **error)
{
	g_autoptr(Crew) crew = g_new0(Crew, 1);

	crew->workers = g_array_new(FALSE, TRUE, sizeof(Worker));
	g_array_set_clear_func(crew->workers, worker_clear);
	for (guint i = 0; i < workers; i++)
		if (!start_one(crew, i, task, data, error))
			return NULL;
	return g_steal_pointer(&crew);
}

/* Reads what a worker says: steps are counted, the rest is the sentence of an error. */
static void
listen_to(Crew *crew, Worker *worker)
{
	char buffer[512];
	ssize_t got = read(worker->fd, buffer, sizeof buffer);

	if (got < 0 && errno == EINTR)
		return;
	if (got <= 0) {
		(void)close(worker->fd);
		worker->fd = -1;
		return;
	}
	for (ssize_t i = 0; i < got; i++) {
		if (buffer[i] == '.' && worker->said->len == 0)
			crew->steps++;
		else
			g_string_append_c(worker->said, buffer[i]);
	}
}

static gboolean
listen_to_all(Crew *crew)
{
	g_autofree struct pollfd *lines = g_new0(struct pollfd, crew->workers->len);
	gboolean open = FALSE;

	for (guint i = 0; i < crew->workers->len; i++) {
		lines[i].fd = g_array_index(crew->workers, Worker, i).fd;
		lines[i].events = POLLIN;
		open = open || lines[i].fd >= 0;
	}
	if (!open)
		return FALSE;
	if (poll(lines, crew->workers->len, -1) <= 0)
		return TRUE;
	for (guint i = 0; i < crew->workers->len; i++)
		if (lines[i].fd >= 0 && lines[i].revents != 0)
			listen_to(crew, &g_array_index(crew->workers, Worker, i));
	return TRUE;
}

static gboolean
reap(Worker *worker, GError **error)
{
	int status = 0;

	if (worker->pid == 0)
		return TRUE;
	while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
		;
	worker->pid = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return TRUE;
	if (worker->said->len > 1)
		return fail(error, PLICO_ERROR_IO, "%s", worker->said->str + 1);
	return fail(error, PLICO_ERROR_IO,
	    _("rehearsal: the simulated municipalities died (status %d)"), status);
}

gboolean
crew_join(Crew *crew, const char *what, guint64 total, GError **error)
{
	g_autoptr(Progress) progress = what != NULL ? progress_new(what, total) : NULL;
	gboolean good = TRUE;

	while (listen_to_all(crew))
		if (progress != NULL)
			progress_step(progress, crew->steps);
	for (guint i = 0; i < crew->workers->len; i++)
		good = reap(&g_array_index(crew->workers, Worker, i), good ? error : NULL) && good;
	return good;
}

gboolean
crew_stop(Crew *crew, GError **error)
{
	for (guint i = 0; i < crew->workers->len; i++) {
		const Worker *worker = &g_array_index(crew->workers, Worker, i);

		if (worker->fd >= 0)
			(void)shutdown(worker->fd, SHUT_WR);
	}
	return crew_join(crew, NULL, 0, error);
}

void
crew_free(Crew *crew)
{
	if (crew == NULL)
		return;
	for (guint i = 0; i < crew->workers->len; i++) {
		Worker *worker = &g_array_index(crew->workers, Worker, i);

		if (worker->fd >= 0) {
			/* its next word, or its wait, ends it; a crew that was started later holds a copy of the line */
			(void)shutdown(worker->fd, SHUT_RDWR);
			(void)close(worker->fd);
		}
		(void)reap(worker, NULL);
	}
	g_array_unref(crew->workers);
	g_free(crew);
}

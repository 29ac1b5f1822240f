#include "base/cage_keeper.h"

#include "base/durable.h"
#include "reader_id.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#define HEAP_STEP   ((gsize)1 << 20)
#define HEAP_KEPT   (1 << 30)
#define HEAP_COLD   ((gsize)320 << 10)
#define HEAP_WARM   1
#define PAGE	    ((gsize)4096)
#define FILES_ABOVE 10

static struct {
	const CageTask *tasks;
	guint count;
	CagePrepare prepare;
} reader;

static CageRequest request; /* the present one; children have it too */

/* A library that complains would write to a terminal that is closed, and be killed for it. */
static void
say_nothing(const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
	(void)domain;
	(void)level;
	(void)message;
	(void)data;
}

/* Nor may one that prints: fd 1 and 2 are not there. */
static ssize_t
swallow(void *cookie, const char *text, size_t size)
{
	(void)cookie;
	(void)text;
	return (ssize_t)size;
}

static FILE *
nowhere(void)
{
	static const cookie_io_functions_t functions = { .write = swallow };

	return fopencookie(NULL, "w", functions);
}

/* --- the child ---------------------------------------------------------------------------------------------- */

/* Maps the input, and nothing behind it: it is another's. */
static GBytes *
map_input(void)
{
	gpointer at = NULL;

	if (request.input > 0)
		at = mmap(
		    NULL, request.input, PROT_READ, MAP_PRIVATE | MAP_POPULATE, CAGE_INPUT_FD, 0);
	return at != MAP_FAILED ? g_bytes_new_static(at, request.input) : NULL;
}

/* One call instead of a fault for each page: whatever reads the input takes about this much. */
static void
warm_heap(void)
{
	gsize size = PAGE + MIN(HEAP_COLD + HEAP_WARM * request.input, HEAP_STEP);
	guint8 *memory = malloc(size);
	gsize skip = PAGE - (gsize)memory % PAGE;

	if (memory != NULL)
		(void)madvise(memory + skip, size - PAGE, MADV_POPULATE_WRITE);
	free(memory);
}

static void G_GNUC_NORETURN
child_main(void)
{
	g_autoptr(GBytes) input = map_input();
	g_autoptr(GVariant) result = NULL;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	warm_heap();
	/* nothing but the answer stays open */
	if (input == NULL || request.task >= reader.count ||
	    close_range(0, CAGE_ANSWER_FD - 1, 0) < 0 ||
	    close_range(CAGE_ANSWER_FD + 1, ~0U, 0) < 0 ||
	    !cage_lock_child(request.input, &request.limits) ||
	    !durable_write_all(CAGE_ANSWER_FD, CAGE_LOCKED, CAGE_LOCKED_SIZE, NULL))
		_exit(CAGE_NO_LOCK);
	result = g_variant_ref_sink(reader.tasks[request.task](input, request.data));
	if (!durable_write_all(
		CAGE_ANSWER_FD, g_variant_get_data(result), g_variant_get_size(result), NULL))
		_exit(CAGE_NO_ANSWER);
	_exit(CAGE_DONE);
}

/* --- the keeper --------------------------------------------------------------------------------------------- */

/* Until the child is gone, or its time is over, or something comes on the socket: a stop, or the end of who asked. */
static gboolean
is_in_time(int child)
{
	gint64 end = g_get_monotonic_time() + (gint64)request.limits.wall_ms * 1000;

	for (;;) {
		struct pollfd what[] = { { .fd = child, .events = POLLIN },
			{ .fd = CAGE_SOCKET_FD, .events = POLLIN } };
		gint64 left = (end - g_get_monotonic_time() + 999) / 1000;
		int polled = left > 0 ? poll(what, G_N_ELEMENTS(what), (int)left) : 0;

		if (polled >= 0 || errno != EINTR)
			return polled != 0;
	}
}

static guint64
milliseconds(const struct timeval *time)
{
	return (guint64)time->tv_sec * 1000 + (guint64)time->tv_usec / 1000;
}

static CageReply
run_child(void)
{
	CageReply reply = { CAGE_NO_LOCK << 8, FALSE, 0 };
	struct rusage used = { 0 };
	/* without what libraries want to be called at a fork: some are left out, and no lock is held by another thread */
	pid_t pid = _Fork();
	g_auto(Fd) child = -1;
	siginfo_t about = { 0 };

	if (pid == 0)
		child_main();
	if (pid < 0)
		return reply;
	child = pidfd_open(pid, 0);
	reply.late = child >= 0 && !is_in_time(child);
	(void)waitid(P_PID, (id_t)pid, &about, WEXITED | WNOHANG | WNOWAIT);
	if (about.si_pid == 0)
		(void)kill(pid, SIGKILL);
	while (wait4(pid, &reply.status, 0, &used) < 0 && errno == EINTR)
		continue;
	reply.taken = milliseconds(&used.ru_utime) + milliseconds(&used.ru_stime);
	return reply;
}

/* @received: two file descriptors. Whatever libraries have opened so far ends where it is in the way. */
static gboolean
place_files(gconstpointer received)
{
	int fds[2];
	int input;
	int answer;

	memcpy(fds, received, sizeof fds);
	input = fcntl(fds[0], F_DUPFD, FILES_ABOVE);
	answer = fcntl(fds[1], F_DUPFD, FILES_ABOVE);
	return input >= 0 && answer >= 0 && dup2(input, CAGE_INPUT_FD) >= 0 &&
	       dup2(answer, CAGE_ANSWER_FD) >= 0 && close_range(CAGE_ANSWER_FD + 1, ~0U, 0) == 0;
}

/* The next request; with the first one come the two files. FALSE: who asked has ended. */
static gboolean
receive(void)
{
	union {
		char room[CMSG_SPACE(2 * sizeof(int))];
		struct cmsghdr align;
	} control = { { 0 } };
	struct iovec part = { &request, sizeof request };
	struct msghdr message = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof control.room };
	struct cmsghdr *head;
	gssize got;

	do
		got = recvmsg(CAGE_SOCKET_FD, &message, 0);
	while (got < 0 && errno == EINTR);
	head = CMSG_FIRSTHDR(&message);
	return got == (gssize)sizeof request &&
	       (head == NULL || head->cmsg_type != SCM_RIGHTS || place_files(CMSG_DATA(head)));
}

/* The shared file is another's soon. */
static GBytes *
copy_input(void)
{
	g_autofree guint8 *bytes = g_malloc(request.input);

	if (pread(CAGE_INPUT_FD, bytes, request.input, 0) != (gssize)request.input)
		_exit(CAGE_NO_LOCK);
	return g_bytes_new_take(g_steal_pointer(&bytes), request.input);
}

static void
prepare(void)
{
	g_autoptr(GBytes) data = request.input > 0 ? copy_input() : NULL;

	(void)setlocale(
	    LC_CTYPE, "C.UTF-8"); /* not the user's: what is read must be the same for all */
	(void)g_log_set_default_handler(say_nothing, NULL);
	stdout = nowhere();
	stderr = nowhere();
	/* large blocks from the heap too: each mapping is a call, and faults page by page */
	(void)mallopt(M_MMAP_THRESHOLD, HEAP_KEPT);
	(void)mallopt(M_TRIM_THRESHOLD, HEAP_KEPT);
	(void)mallopt(M_TOP_PAD, (int)HEAP_STEP);
	if (reader.prepare != NULL)
		reader.prepare(data);
	if (!cage_lock_keeper())
		_exit(CAGE_NO_LOCK);
	(void)malloc_trim(HEAP_STEP); /* sorts what is free, or each child would for itself */
}

/* Who asks must be of the same build: both have the same table of tasks, and the same words for the answers. */
static gboolean
greet(void)
{
	const CageHello hello = { .id = PLICO_READER_ID };

	return send(CAGE_SOCKET_FD, &hello, sizeof hello, MSG_NOSIGNAL) == sizeof hello;
}

int
cage_keep(const CageTask *tasks, guint count, CagePrepare prepare_function)
{
	reader.tasks = tasks;
	reader.count = count;
	reader.prepare = prepare_function;
	/* a signal to the group is for who asked, who may want to finish; a child that it ended would count as a bad input */
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	if (!greet())
		return EX_USAGE;
	while (receive()) {
		CageReply reply = { 0, FALSE, 0 };

		if (request.asks == CAGE_ASKS_STOP)
			continue;
		if (request.asks == CAGE_ASKS_PREPARE)
			prepare();
		else
			reply = run_child();
		if (send(CAGE_SOCKET_FD, &reply, sizeof reply, MSG_NOSIGNAL) < 0)
			break;
	}
	_exit(0);
}

/* What the user of cages does: starts keepers, gives them the input, reads and checks the answer. */
#include "base/cage.h"

#include "base/cage_keeper.h"
#include "base/durable.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIPE_SIZE (1 << 20) /* most answers are written in one go */

const CageLimits cage_limits_default = {
	.memory = (gsize)192 << 20,
	.cpu = 5,
	.wall_ms = 8000,
	.answer = (gsize)64 << 20,
};

typedef struct {
	pid_t pid;
	Fd socket;
	Fd input;  /* a file in memory, shared with it */
	Fd answer; /* what a child writes is read here */
} Keeper;

static struct {
	GMutex lock;
	GQueue idle; /* of Keeper */
	CagePrepare prepare;
	GBytes *data;
	guint prepared; /* how often these were set */
	pid_t owner;	/* a fork has them too, but they are not its own */
} pool;

static __thread guint64 time_taken; /* ms, by the children of this thread */

/* --- keepers ------------------------------------------------------------------------------------------------ */

/* Closed from this side, it ends by itself. */
static void
keeper_free(Keeper *keeper)
{
	fd_close(&keeper->socket);
	fd_close(&keeper->input);
	fd_close(&keeper->answer);
	if (keeper->pid > 0 && pool.owner == getpid())
		while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	g_free(keeper);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Keeper, keeper_free)

static gintptr
distance_of(gintptr function)
{
	return function - (gintptr)cage_keeper_anchor;
}

/* The process with nothing but the socket. */
static gboolean
spawn(Keeper *keeper, int socket, GError **error)
{
	static char name[] = CAGE_KEEPER;
	char *const words[] = { name, NULL };
	/* all symbols are looked up once, in the keeper: a child may lack the library that is asked first */
	static char bind_now[] = "LD_BIND_NOW=1";
	char *const environment[] = { bind_now, NULL };
	posix_spawn_file_actions_t actions;
	int result;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return fail_errno(error, "posix_spawn");
	result = posix_spawn_file_actions_adddup2(&actions, socket, CAGE_SOCKET_FD);
	if (result == 0)
		result = posix_spawn_file_actions_addopen(
		    &actions, STDOUT_FILENO, "/dev/null", O_RDWR, 0);
	if (result == 0)
		result = posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
	if (result == 0)
		result = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	if (result == 0)
		result =
		    posix_spawn(&keeper->pid, "/proc/self/exe", &actions, NULL, words, environment);
	(void)posix_spawn_file_actions_destroy(&actions);
	if (result == 0)
		return TRUE;
	keeper->pid = 0;
	return fail(error, PLICO_ERROR_UNAVAILABLE,
	    _("the sandbox cannot be built on this system: %s"), g_strerror(result));
}

static gboolean
ask(const Keeper *keeper, const CageRequest *request, const int *fds)
{
	union {
		char room[CMSG_SPACE(2 * sizeof(int))];
		struct cmsghdr align;
	} control = { { 0 } };
	CageRequest copy = *request;
	struct iovec part = { &copy, sizeof copy };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	gssize sent;

	if (fds != NULL) {
		struct cmsghdr *head;

		message.msg_control = control.room;
		message.msg_controllen = sizeof control.room;
		head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(2 * sizeof(int));
		memcpy(CMSG_DATA(head), fds, 2 * sizeof(int));
	}
	do
		sent = sendmsg(keeper->socket, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == (gssize)sizeof copy;
}

static gboolean
hear(const Keeper *keeper, CageReply *reply)
{
	gssize got;

	do
		got = recv(keeper->socket, reply, sizeof *reply, 0);
	while (got < 0 && errno == EINTR);
	return got == (gssize)sizeof *reply;
}

static gboolean
put_input(const Keeper *keeper, GBytes *input, GError **error)
{
	gsize size;
	gconstpointer data = g_bytes_get_data(input, &size);

	/* made anew: of the input before nothing is left */
	if (ftruncate(keeper->input, 0) < 0 || lseek(keeper->input, 0, SEEK_SET) < 0)
		return fail_errno(error, "memfd");
	return durable_write_all(keeper->input, data, size, error);
}

/* Returns: (transfer full) */
static Keeper *
keeper_new(CagePrepare prepare, GBytes *data, GError **error)
{
	g_autoptr(Keeper) keeper = g_new0(Keeper, 1);
	CageRequest first = { .asks = CAGE_ASKS_PREPARE };
	CageReply reply;
	gboolean asked;
	g_auto(Fd) its_socket = -1;
	g_auto(Fd) its_answer = -1;
	int ends[2];

	keeper->socket = keeper->answer = -1;
	keeper->input = memfd_create("input", MFD_CLOEXEC);
	if (keeper->input < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
		fail_errno(error, "memfd_create, socketpair");
		return NULL;
	}
	keeper->socket = ends[0];
	its_socket = ends[1];
	if (pipe2(ends, O_CLOEXEC) < 0) {
		fail_errno(error, "pipe");
		return NULL;
	}
	keeper->answer = ends[0];
	its_answer = ends[1];
	(void)fcntl(its_answer, F_SETPIPE_SZ, PIPE_SIZE);
	if (fcntl(keeper->answer, F_SETFL, O_NONBLOCK) < 0) {
		fail_errno(error, "pipe");
		return NULL;
	}
	if (!spawn(keeper, its_socket, error))
		return NULL;
	fd_close(&its_socket); /* or its end would not be heard */
	if (prepare != NULL)
		first.function = distance_of((gintptr)prepare);
	if (data != NULL) {
		first.input = g_bytes_get_size(data);
		if (!put_input(keeper, data, error))
			return NULL;
	}
	asked = ask(keeper, &first, (const int[]){ keeper->input, its_answer });
	fd_close(&its_socket); /* or its end would not be heard */
	if (asked && hear(keeper, &reply))
		return g_steal_pointer(&keeper);
	fail(error, PLICO_ERROR_UNAVAILABLE, _("the sandbox cannot be built on this system"));
	return NULL;
}

static void
dismiss_locked(void)
{
	Keeper *keeper;

	while ((keeper = g_queue_pop_head(&pool.idle)) != NULL)
		keeper_free(keeper);
	pool.owner = getpid();
}

/* One for this thread alone. Returns: (transfer full); @prepared: for give_back() */
static Keeper *
take_keeper(guint *prepared, GError **error)
{
	CagePrepare prepare;
	g_autoptr(GBytes) data = NULL;
	Keeper *keeper;

	g_mutex_lock(&pool.lock);
	if (pool.owner != getpid())
		dismiss_locked();
	keeper = g_queue_pop_head(&pool.idle);
	prepare = pool.prepare;
	data = pool.data != NULL ? g_bytes_ref(pool.data) : NULL;
	*prepared = pool.prepared;
	g_mutex_unlock(&pool.lock);
	return keeper != NULL ? keeper : keeper_new(prepare, data, error);
}

static void
give_back(Keeper *keeper, guint prepared)
{
	gboolean is_present;

	g_mutex_lock(&pool.lock);
	is_present = prepared == pool.prepared;
	if (is_present)
		g_queue_push_head(&pool.idle, keeper);
	g_mutex_unlock(&pool.lock);
	if (!is_present)
		keeper_free(keeper);
}

void
cage_prepare(CagePrepare prepare, GBytes *data)
{
	g_mutex_lock(&pool.lock);
	if (pool.prepare != prepare || pool.data != data) {
		dismiss_locked();
		pool.prepare = prepare;
		g_clear_pointer(&pool.data, g_bytes_unref);
		pool.data = data != NULL ? g_bytes_ref(data) : NULL;
		pool.prepared++;
	}
	g_mutex_unlock(&pool.lock);
}

void
cage_dismiss(void)
{
	g_mutex_lock(&pool.lock);
	dismiss_locked();
	g_mutex_unlock(&pool.lock);
}

/* --- one input ---------------------------------------------------------------------------------------------- */

/* Takes what is there; beyond the @limit only the fact that there was more. FALSE: it was too much. */
static gboolean
read_ready(const Keeper *keeper, gsize limit, GByteArray *answer)
{
	guint8 chunk[65536];
	gssize n;

	while ((n = read(keeper->answer, chunk, sizeof chunk)) > 0 || (n < 0 && errno == EINTR)) {
		if (n < 0)
			continue;
		if (answer->len + (gsize)n > limit + CAGE_LOCKED_SIZE)
			return FALSE;
		g_byte_array_append(answer, chunk, (guint)n);
	}
	return TRUE;
}

/* Throws away what is still to come. */
static void
read_rest(const Keeper *keeper)
{
	guint8 chunk[65536];
	gssize n;

	do
		n = read(keeper->answer, chunk, sizeof chunk);
	while (n > 0 || (n < 0 && errno == EINTR));
}

/* Reads until the keeper says that the child is gone. FALSE: the keeper is. */
static gboolean
read_answer(const Keeper *keeper, gsize limit, GByteArray *answer, gboolean *fits, CageReply *reply)
{
	static const CageRequest stop = { .asks = CAGE_ASKS_STOP };

	*fits = TRUE;
	for (;;) {
		struct pollfd ready[] = { { .fd = keeper->socket, .events = POLLIN },
			{ .fd = keeper->answer, .events = POLLIN } };
		gboolean is_gone;

		if (poll(ready, G_N_ELEMENTS(ready), -1) < 0 && errno != EINTR)
			return FALSE;
		is_gone = ready[0].revents != 0;
		if (is_gone && !hear(keeper, reply))
			return FALSE;
		if (!*fits) {
			read_rest(keeper);
		} else if (!read_ready(keeper, limit, answer)) {
			*fits = FALSE;
			read_rest(keeper);
			if (!is_gone && !ask(keeper, &stop, NULL))
				return FALSE;
		}
		if (is_gone)
			return TRUE;
	}
}

/* Whether @variant is serialised as GLib would. Of bytes any are; g_variant_is_normal_form() would look at each of them. */
static gboolean
is_in_order(GVariant *variant)
{
	const char *type = g_variant_get_type_string(variant);

	if (strcmp(type, "ay") == 0)
		return TRUE;
	if (!g_variant_is_container(variant) || strstr(type, "ay") == NULL)
		return g_variant_is_normal_form(variant);
	for (gsize i = 0; i < g_variant_n_children(variant); i++) {
		g_autoptr(GVariant) child = g_variant_get_child_value(variant, i);

		if (!is_in_order(child))
			return FALSE;
	}
	return TRUE;
}

GVariant *
cage_read_answer(GBytes *said, const GVariantType *type, GError **error)
{
	g_autoptr(GVariant) variant =
	    g_variant_ref_sink(g_variant_new_from_bytes(type, said, FALSE));

	if (g_bytes_get_size(said) > 0 && is_in_order(variant))
		return g_steal_pointer(&variant);
	fail(error, PLICO_ERROR_INPUT, _("the reader's answer is not in order"));
	return NULL;
}

static GVariant *
check_answer(GBytes *answer, const GVariantType *type, int status, GError **error)
{
	gsize size = g_bytes_get_size(answer);
	g_autoptr(GBytes) said = NULL;

	/* said before it saw any input: no input can make us believe that the cage does not work */
	if (size < CAGE_LOCKED_SIZE ||
	    memcmp(g_bytes_get_data(answer, NULL), CAGE_LOCKED, CAGE_LOCKED_SIZE) != 0) {
		fail(error, PLICO_ERROR_UNAVAILABLE,
		    _("the sandbox cannot be built on this system"));
		return NULL;
	}
	if (WIFSIGNALED(status)) {
		fail(error, PLICO_ERROR_INPUT, _("the reader was stopped by signal %d"),
		    WTERMSIG(status));
		return NULL;
	}
	if (WEXITSTATUS(status) != CAGE_DONE) {
		fail(error, PLICO_ERROR_INPUT, _("the reader gave no answer (exit %d)"),
		    WEXITSTATUS(status));
		return NULL;
	}
	said = g_bytes_new_from_bytes(answer, CAGE_LOCKED_SIZE, size - CAGE_LOCKED_SIZE);
	return cage_read_answer(said, type, error);
}

/* The child's whole answer. Returns: (transfer full); @broken: the keeper is of no use any more */
static GBytes *
run_in(
    const Keeper *keeper, const CageRequest *request, int *status, gboolean *broken, GError **error)
{
	g_autoptr(GByteArray) answer = g_byte_array_new();
	CageReply reply = { 0, FALSE, 0 };
	gboolean fits;

	*broken = !ask(keeper, request, NULL) ||
		  !read_answer(keeper, request->limits.answer, answer, &fits, &reply);
	*status = reply.status;
	time_taken += reply.taken;
	if (*broken)
		fail(error, PLICO_ERROR_UNAVAILABLE,
		    _("the sandbox cannot be built on this system"));
	else if (reply.late || !fits)
		fail(error, PLICO_ERROR_INPUT, _("the reader was stopped: %s"),
		    fits ? _("it took too long") : _("it says too much"));
	else
		return g_byte_array_free_to_bytes(g_steal_pointer(&answer));
	return NULL;
}

guint64
cage_time_taken(void)
{
	return time_taken;
}

GVariant *
cage_run(CageTask task, GBytes *input, gconstpointer data, gsize size, const GVariantType *type,
    const CageLimits *limits, GError **error)
{
	CageRequest request = {
		.asks = CAGE_ASKS_RUN,
		.function = distance_of((gintptr)task),
		.input = g_bytes_get_size(input),
		.size = size,
		.limits = *limits,
	};
	guint prepared;
	Keeper *keeper = take_keeper(&prepared, error);
	g_autoptr(GBytes) answer = NULL;
	gboolean broken = TRUE;
	int status;

	g_return_val_if_fail(size <= CAGE_DATA_LIMIT, NULL);
	if (keeper == NULL)
		return NULL;
	if (size > 0)
		memcpy(request.data, data, size);
	if (put_input(keeper, input, error))
		answer = run_in(keeper, &request, &status, &broken, error);
	if (broken)
		keeper_free(keeper);
	else
		give_back(keeper, prepared);
	return answer != NULL ? check_answer(answer, type, status, error) : NULL;
}

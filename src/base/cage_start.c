#include "base/cage_start.h"

#include "base/error.h"
#include "reader_id.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define READER	  "plico-reader"
#define PIPE_SIZE (1 << 20) /* most answers are written in one go */

void
cage_keeper_free(CageKeeper *keeper)
{
	fd_close(&keeper->socket);
	fd_close(&keeper->input);
	fd_close(&keeper->answer);
	if (keeper->pid > 0 && keeper->user == getpid())
		while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	g_free(keeper);
}

/* --- the program -------------------------------------------------------------------------------------------- */

/* The process with nothing but the socket. Returns: 0, or an errno */
static int
spawn(CageKeeper *keeper, const char *path, int socket)
{
	static char name[] = READER;
	char *const words[] = { name, NULL };
	static char bind[] = "LD_BIND_NOW=1"; /* or each child would look the same functions up */
	char *const environment[] = { bind, NULL };
	posix_spawn_file_actions_t actions;
	int result = posix_spawn_file_actions_init(&actions);

	if (result != 0)
		return result;
	result = posix_spawn_file_actions_adddup2(&actions, socket, CAGE_SOCKET_FD);
	if (result == 0)
		result = posix_spawn_file_actions_addopen(
		    &actions, STDOUT_FILENO, "/dev/null", O_RDWR, 0);
	if (result == 0)
		result = posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
	if (result == 0)
		result = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	if (result == 0)
		result = posix_spawn(&keeper->pid, path, &actions, NULL, words, environment);
	(void)posix_spawn_file_actions_destroy(&actions);
	if (result != 0)
		keeper->pid = 0;
	return result;
}

/* Beside this program, as they are built; else where `make install` puts it. Returns: (transfer full): where it was, or NULL */
static char *
find_and_spawn(CageKeeper *keeper, int socket, GError **error)
{
	static const char *const folders[] = { ".", PLICO_READER_FOLDER };
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *home = g_path_get_dirname(self != NULL ? self : "/");
	g_autofree char *path = NULL;
	int result = ENOENT;

	for (gsize i = 0; result == ENOENT && i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *folder = g_canonicalize_filename(folders[i], home);

		g_free(path);
		path = g_build_filename(folder, READER, NULL);
		result = spawn(keeper, path, socket);
	}
	if (result == 0)
		return g_steal_pointer(&path);
	fail(error, PLICO_ERROR_UNAVAILABLE,
	    _("%s: %s; mail is read by this program in a sandbox: install plico again"), path,
	    g_strerror(result));
	return NULL;
}

/* FALSE: another program than ours, or of another build. */
static gboolean
is_of_this_build(const CageKeeper *keeper)
{
	CageHello hello;
	gssize got;

	do
		got = recv(keeper->socket, &hello, sizeof hello, 0);
	while (got < 0 && errno == EINTR);
	return got == (gssize)sizeof hello &&
	       memcmp(hello.id, PLICO_READER_ID, sizeof hello.id) == 0;
}

/* --- what is said ------------------------------------------------------------------------------------------- */

gboolean
cage_keeper_ask(const CageKeeper *keeper, const CageRequest *request, const int *fds)
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

gboolean
cage_keeper_hear(const CageKeeper *keeper, CageReply *reply)
{
	gssize got;

	do
		got = recv(keeper->socket, reply, sizeof *reply, 0);
	while (got < 0 && errno == EINTR);
	return got == (gssize)sizeof *reply;
}

gboolean
cage_keeper_put(const CageKeeper *keeper, GBytes *input, GError **error)
{
	gsize size;
	gconstpointer data = g_bytes_get_data(input, &size);

	/* its pages are used again; of the input before nothing is left */
	if (lseek(keeper->input, 0, SEEK_SET) < 0)
		return fail_errno(error, "memfd");
	if (!durable_write_all(keeper->input, data, size, error))
		return FALSE;
	return ftruncate(keeper->input, (off_t)size) == 0 || fail_errno(error, "memfd");
}

/* --- the start ---------------------------------------------------------------------------------------------- */

/* The files that both sides have. @its_socket, @its_answer: the other ends */
static gboolean
open_files(CageKeeper *keeper, Fd *its_socket, Fd *its_answer, GError **error)
{
	int ends[2];

	keeper->input = memfd_create("input", MFD_CLOEXEC);
	if (keeper->input < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return fail_errno(error, "memfd_create, socketpair");
	keeper->socket = ends[0];
	*its_socket = ends[1];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return fail_errno(error, "pipe");
	keeper->answer = ends[0];
	*its_answer = ends[1];
	(void)fcntl(*its_answer, F_SETPIPE_SZ, PIPE_SIZE);
	return fcntl(keeper->answer, F_SETFL, O_NONBLOCK) == 0 || fail_errno(error, "pipe");
}

/* Its first request, with the files. */
static gboolean
prepare(const CageKeeper *keeper, GBytes *data, int its_answer, GError **error)
{
	const CageRequest first = {
		.asks = CAGE_ASKS_PREPARE,
		.input = data != NULL ? g_bytes_get_size(data) : 0,
	};
	CageReply reply;

	if (data != NULL && !cage_keeper_put(keeper, data, error))
		return FALSE;
	if (cage_keeper_ask(keeper, &first, (const int[]){ keeper->input, its_answer }) &&
	    cage_keeper_hear(keeper, &reply))
		return TRUE;
	return fail(
	    error, PLICO_ERROR_UNAVAILABLE, _("the sandbox cannot be built on this system"));
}

CageKeeper *
cage_keeper_start(GBytes *data, GError **error)
{
	g_autoptr(CageKeeper) keeper = g_new0(CageKeeper, 1);
	g_autofree char *path = NULL;
	g_auto(Fd) its_socket = -1;
	g_auto(Fd) its_answer = -1;

	keeper->user = getpid();
	keeper->socket = keeper->input = keeper->answer = -1;
	if (!open_files(keeper, &its_socket, &its_answer, error))
		return NULL;
	path = find_and_spawn(keeper, its_socket, error);
	if (path == NULL)
		return NULL;
	fd_close(&its_socket); /* or its end would not be heard */
	if (!is_of_this_build(keeper)) {
		fail(error, PLICO_ERROR_UNAVAILABLE,
		    _("%s: of another version than this plico; install both together"), path);
		return NULL;
	}
	return prepare(keeper, data, its_answer, error) ? g_steal_pointer(&keeper) : NULL;
}

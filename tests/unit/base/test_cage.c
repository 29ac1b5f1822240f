/*
 * What a captured reader can do in the cage: compute and answer, nothing else. Each forbidden act is really tried, by raw
 * system call. AddressSanitizer needs system calls of its own, so there is no cage under it and these tests are skipped.
 */
#include "base/cage_keeper.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAIR G_VARIANT_TYPE("(is)")

/* The readers of cage_reader.c, by their number. */
enum {
#define ACT(name) name,
#include "unit/base/cage_acts.def"
#undef ACT
};

#ifdef __SANITIZE_ADDRESS__
#define HAS_LOCK FALSE
#else
#define HAS_LOCK TRUE
#endif

static const CageLimits small = {
	.memory = (gsize)64 << 20,
	.cpu = 1,
	.wall_ms = 120000,
	.answer = (gsize)1 << 20,
};

static void
test_forbidden(gconstpointer act)
{
	const guint *task = act;
	g_autoptr(GBytes) input = g_bytes_new_static("", 0);
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) answer = NULL;
	g_autofree char *sigsys = g_strdup_printf("signal %d", SIGSYS);
	pid_t self = getpid();

	answer = cage_run(*task, input, &self, sizeof self, PAIR, &small, &error);
	g_assert_null(answer);
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	g_assert_nonnull(strstr(error->message, sigsys));
}

/* --- limits --- */

static void
expect_input_error(guint task, const CageLimits *limits, const char *says)
{
	g_autoptr(GBytes) input = g_bytes_new_static("", 0);
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) answer = cage_run(task, input, NULL, 0, PAIR, limits, &error);

	g_assert_null(answer);
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	g_assert_nonnull(strstr(error->message, says));
}

static void
test_limits(gconstpointer data)
{
	CageLimits short_sleep = small;
	guint64 before = cage_time_taken();

	(void)data;
	short_sleep.wall_ms = 200;
	expect_input_error(act_loop, &small, "signal");
	g_assert_cmpuint(cage_time_taken(), >, before);
	expect_input_error(act_sleep, &short_sleep, "too long");
	expect_input_error(act_eat_memory, &small, "signal");
	expect_input_error(act_say_much, &small, "too much");
	expect_input_error(act_crash, &small, "signal 11");
}

/* --- answers --- */

static void
test_answer(void)
{
	g_autoptr(GBytes) input = g_bytes_new_static("seven..", 7);
	g_autoptr(GError) error = NULL;
	char label[] = "bytes";
	g_autoptr(GVariant) answer =
	    cage_run(count_bytes, input, label, sizeof label, PAIR, &cage_limits_default, &error);
	const char *text;
	gint32 number;

	g_assert_no_error(error);
	g_variant_get(answer, "(i&s)", &number, &text);
	g_assert_cmpint(number, ==, 7);
	g_assert_cmpstr(text, ==, "bytes");
}

static void
test_not_believed(void)
{
	expect_input_error(answer_otherwise, &small, "not in order");
	expect_input_error(answer_garbage, &small, "not in order");
	expect_input_error(answer_nothing, &small, "not in order");
	expect_input_error(pretend_no_cage, &small, "no answer");
}

static void
test_may(gconstpointer act)
{
	const guint *task = act;
	g_autoptr(GBytes) input = g_bytes_new_static("", 0);
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) answer = cage_run(*task, input, NULL, 0, PAIR, &small, &error);
	gint32 number = -1;

	g_assert_no_error(error);
	g_variant_get(answer, "(is)", &number, NULL);
	g_assert_cmpint(number, ==, 0);
}

/* Where the cage cannot be built no input is read, and it is not the input's fault. A hard limit that only root may
 * raise hinders it here. */
static void
test_no_cage(gconstpointer data)
{
	int status = 0;
	pid_t pid = fork();

	(void)data;
	if (pid == 0) {
		const struct rlimit limit = { 1 << 20, 1 << 20 };
		g_autoptr(GBytes) input = g_bytes_new_static("", 0);
		g_autoptr(GError) error = NULL;

		if (geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0))
			_exit(3);
		(void)setrlimit(RLIMIT_STACK, &limit);
		if (cage_run(answer_nothing, input, NULL, 0, PAIR, &small, &error) != NULL)
			_exit(1);
		_exit(g_error_matches(error, PLICO_ERROR, PLICO_ERROR_UNAVAILABLE) ? 0 : 2);
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_cmpint(status, ==, 0);
}

/* What Landlock does before seccomp has a say. Returns: the exit status: 0, or the number of the act that was not stopped */
static int
try_out_of_landlock(long abi)
{
	struct sockaddr_in nobody = { .sin_family = AF_INET, .sin_port = GUINT16_TO_BE(9) };
	int socket_fd = socket(AF_INET, SOCK_STREAM, 0);

	nobody.sin_addr.s_addr = GUINT32_TO_BE(INADDR_LOOPBACK);
	if (!cage_lock_keeper())
		return 1;
	if (open("/etc/passwd", O_RDONLY) >= 0 || errno != EACCES)
		return 2;
	if (open("plico-cage", O_WRONLY | O_CREAT, 0600) >= 0 || errno != EACCES)
		return 3;
	if (abi >= 4 &&
	    (connect(socket_fd, (struct sockaddr *)&nobody, sizeof nobody) == 0 || errno != EACCES))
		return 4;
	if (abi >= 6 && (kill(getppid(), 0) == 0 || errno != EPERM))
		return 5;
	return 0;
}

static void
test_landlock(gconstpointer data)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
	int status = 0;
	pid_t pid;

	(void)data;
	if (abi < 1) {
		g_test_skip("this kernel has no Landlock");
		return;
	}
	pid = fork();
	if (pid == 0)
		_exit(try_out_of_landlock(abi));
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_cmpint(WEXITSTATUS(status), ==, 0);
	g_assert_true(WIFEXITED(status));
}

static guint
open_files(void)
{
	g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
	guint n = 0;

	while (g_dir_read_name(dir) != NULL)
		n++;
	return n;
}

static void
test_nothing_left(void)
{
	guint before;

	cage_dismiss();
	before = open_files();
	for (int i = 0; i < 50; i++) {
		test_answer();
		expect_input_error(answer_nothing, &small, "not in order");
	}
	cage_dismiss();
	g_assert_cmpuint(open_files(), ==, before);
	g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1);
	g_assert_cmpint(errno, ==, ECHILD);
}

static void
skip(gconstpointer data)
{
	(void)data;
	g_test_skip("AddressSanitizer: no lock");
}

/* A test of the lock, which is skipped where there is none. */
static void
add_act(const char *path, gconstpointer act, GTestDataFunc test)
{
	g_test_add_data_func(path, act, HAS_LOCK ? test : skip);
}

static void
add_acts(void)
{
	static const struct {
		const char *path;
		guint act;
	} forbidden[] = {
		{ "/cage/ends-who/opens-a-socket", act_socket },
		{ "/cage/ends-who/forks", act_fork },
		{ "/cage/ends-who/runs-a-program", act_execve },
		{ "/cage/ends-who/writes-elsewhere", act_write_elsewhere },
		{ "/cage/ends-who/reads", act_read },
		{ "/cage/ends-who/kills-its-parent", act_kill_parent },
		{ "/cage/ends-who/traces-its-parent", act_ptrace },
		{ "/cage/ends-who/maps-code", act_map_code },
		{ "/cage/ends-who/maps-a-file", act_map_file },
		{ "/cage/ends-who/makes-code-of-memory", act_protect },
		{ "/cage/ends-who/asks-for-io-uring", act_io_uring },
		{ "/cage/ends-who/removes-a-file", act_unlink },
		{ "/cage/ends-who/asks-for-its-limits", act_raise_limit },
#ifdef __x86_64__
		{ "/cage/ends-who/calls-by-the-old-gate", act_int_80 },
#endif
	};
	static const struct {
		const char *path;
		guint act;
	} allowed[] = {
		{ "/cage/tells-no/who-opens-files", act_open },
		{ "/cage/tells-no/who-wants-a-gibibyte", act_much_memory },
		{ "/cage/lets/a-library-complain", complain },
		{ "/cage/lets/a-library-print", print_much },
		{ "/cage/lets/memory-within-the-limit-be-used", use_memory },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(forbidden); i++)
		add_act(forbidden[i].path, &forbidden[i].act, test_forbidden);
	for (gsize i = 0; i < G_N_ELEMENTS(allowed); i++)
		add_act(allowed[i].path, &allowed[i].act, test_may);
	add_act("/cage/landlock-closes-files-network-and-signals", NULL, test_landlock);
	add_act("/cage/where-it-cannot-be-built-nothing-is-read", NULL, test_no_cage);
	add_act("/cage/time-memory-and-words-are-limited", NULL, test_limits);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/cage/an-answer-comes-back", test_answer);
	g_test_add_func("/cage/a-wrong-answer-is-not-believed", test_not_believed);
	g_test_add_func("/cage/leaves-no-file-and-no-child", test_nothing_left);
	add_acts();
	return g_test_run();
}

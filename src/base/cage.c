#include "base/cage.h"

#include "base/durable.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_FD 4
#define LOCKED	  'L' /* what the child says first, when it is locked in */

/* exit codes of the child */
enum { CAGE_DONE = 0, CAGE_NO_LOCK = 90, CAGE_NO_ANSWER = 91 };

const CageLimits cage_limits_default = {
	.memory = (gsize)192 << 20,
	.cpu = 5,
	.wall_ms = 8000,
	.answer = (gsize)64 << 20,
};

/* AddressSanitizer needs its shadow memory and system calls of its own: there the cage is a plain child. */
#ifdef __SANITIZE_ADDRESS__
static gboolean
lock_child(const CageLimits *limits)
{
	(void)limits;
	return TRUE;
}
#else
#define STACK_LIMIT (8 << 20)

static gsize
address_space_now(void)
{
	g_autofree char *statm = NULL;

	if (!g_file_get_contents("/proc/self/statm", &statm, NULL, NULL))
		return 0;
	return (gsize)g_ascii_strtoull(statm, NULL, 10) * (gsize)sysconf(_SC_PAGESIZE);
}

static gboolean
set_limit(__rlimit_resource_t what, rlim_t value)
{
	const struct rlimit limit = { value, value };

	return setrlimit(what, &limit) == 0;
}

static gboolean
set_limits(const CageLimits *limits)
{
	return set_limit(RLIMIT_CORE, 0) && set_limit(RLIMIT_FSIZE, 0) &&
	       set_limit(RLIMIT_STACK, STACK_LIMIT) && set_limit(RLIMIT_NPROC, 0) &&
	       set_limit(RLIMIT_NOFILE, 8) && set_limit(RLIMIT_CPU, limits->cpu) &&
	       set_limit(RLIMIT_AS, address_space_now() + limits->memory);
}

/* An empty Landlock rule set: no path can be opened, whatever seccomp let through. Older kernels lack it. */
static void
close_file_system(void)
{
	const struct landlock_ruleset_attr rules = { .handled_access_fs = (1ULL << 13) - 1 };
	long fd = syscall(SYS_landlock_create_ruleset, &rules, sizeof rules.handled_access_fs, 0);

	if (fd < 0)
		return;
	(void)syscall(SYS_landlock_restrict_self, (int)fd, 0);
	close((int)fd);
}

static gboolean
allow_plain_calls(scmp_filter_ctx filter)
{
	/* iconv looks for its tables and GLib for time zones: they are told no, not killed */
	static const int refused[] = { SCMP_SYS(openat), SCMP_SYS(open), SCMP_SYS(newfstatat),
		SCMP_SYS(stat), SCMP_SYS(access), SCMP_SYS(readlink), SCMP_SYS(sysinfo) };
	static const int allowed[] = { SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap),
		SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(getrandom), SCMP_SYS(clock_gettime),
		SCMP_SYS(gettimeofday), SCMP_SYS(exit_group) };

	for (gsize i = 0; i < G_N_ELEMENTS(refused); i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), refused[i], 0) < 0)
			return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(allowed); i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) < 0)
			return FALSE;
	return TRUE;
}

static gboolean
close_system_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	gboolean done;

	if (filter == NULL)
		return FALSE;
	done = allow_plain_calls(filter) &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
		   SCMP_A0(SCMP_CMP_EQ, ANSWER_FD)) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
		   SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
		   SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) == 0 &&
	       seccomp_load(filter) == 0;
	seccomp_release(filter);
	return done;
}

static gboolean
lock_child(const CageLimits *limits)
{
	if (!set_limits(limits) || prctl(PR_SET_DUMPABLE, 0) < 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return FALSE;
	close_file_system();
	return close_system_calls();
}
#endif

/* A library that complains would write to a terminal that is closed, and be killed for it. */
static void
say_nothing(const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
	(void)domain;
	(void)level;
	(void)message;
	(void)data;
}

static void G_GNUC_NORETURN
child_main(int answer, CageTask task, GBytes *input, gpointer data, const CageLimits *limits)
{
	g_autoptr(GVariant) result = NULL;
	const char locked = LOCKED;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)g_log_set_always_fatal(G_LOG_FATAL_MASK);
	(void)g_log_set_default_handler(say_nothing, NULL);
	if (answer != ANSWER_FD && dup2(answer, ANSWER_FD) < 0)
		_exit(CAGE_NO_LOCK);
	/* 0-3 may be the parent's terminal and database: nothing but the answer stays open */
	if (close_range(0, ANSWER_FD - 1, 0) < 0 || close_range(ANSWER_FD + 1, ~0U, 0) < 0 ||
	    !lock_child(limits) || !durable_write_all(ANSWER_FD, &locked, 1, NULL))
		_exit(CAGE_NO_LOCK);
	result = g_variant_ref_sink(task(input, data));
	if (!durable_write_all(
		ANSWER_FD, g_variant_get_data(result), g_variant_get_size(result), NULL))
		_exit(CAGE_NO_ANSWER);
	_exit(CAGE_DONE);
}

/* Reads until the child closes its end. FALSE: time is up, or the answer is too long. */
static gboolean
read_answer(int fd, const CageLimits *limits, GByteArray *answer, const char **why)
{
	gint64 end = g_get_monotonic_time() + (gint64)limits->wall_ms * 1000;
	guint8 chunk[65536];

	for (;;) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		gint64 left = (end - g_get_monotonic_time()) / 1000;
		int polled = left > 0 ? poll(&ready, 1, (int)left) : 0;
		gssize n;

		if (polled < 0 && errno == EINTR)
			continue;
		if (polled == 0) {
			*why = _("it took too long");
			return FALSE;
		}
		n = read(fd, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return TRUE;
		if (answer->len + (gsize)n > limits->answer + 1) {
			*why = _("it says too much");
			return FALSE;
		}
		g_byte_array_append(answer, chunk, (guint)n);
	}
}

GVariant *
cage_read_answer(GBytes *said, const GVariantType *type, GError **error)
{
	g_autoptr(GVariant) variant =
	    g_variant_ref_sink(g_variant_new_from_bytes(type, said, FALSE));

	if (g_variant_is_normal_form(variant))
		return g_steal_pointer(&variant);
	fail(error, PLICO_ERROR_INPUT, _("the reader's answer is not in order"));
	return NULL;
}

static GVariant *
check_answer(GByteArray *answer, const GVariantType *type, int status, GError **error)
{
	g_autoptr(GBytes) bytes = NULL;

	/* said before it saw any input: no input can make us believe that the cage does not work */
	if (answer->len == 0 || answer->data[0] != LOCKED) {
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
	bytes = g_bytes_new(answer->data + 1, answer->len - 1);
	return cage_read_answer(bytes, type, error);
}

GVariant *
cage_run(CageTask task, GBytes *input, gpointer data, const GVariantType *type,
    const CageLimits *limits, GError **error)
{
	g_autoptr(GByteArray) answer = g_byte_array_new();
	g_auto(Fd) from_child = -1;
	g_auto(Fd) to_parent = -1;
	const char *why = NULL;
	gboolean in_time;
	int ends[2];
	int status = 0;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0) {
		fail_errno(error, "pipe");
		return NULL;
	}
	from_child = ends[0];
	to_parent = ends[1];
	pid = fork();
	if (pid < 0) {
		fail_errno(error, "fork");
		return NULL;
	}
	if (pid == 0)
		child_main(to_parent, task, input, data, limits);
	fd_close(&to_parent);
	in_time = read_answer(from_child, limits, answer, &why);
	if (!in_time)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (!in_time) {
		fail(error, PLICO_ERROR_INPUT, _("the reader was stopped: %s"), why);
		return NULL;
	}
	return check_answer(answer, type, status, error);
}

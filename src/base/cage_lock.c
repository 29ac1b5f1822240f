/* What a caged child may not do: limits of the kernel, an empty Landlock rule set, a list of the few system calls. */
#include "base/cage_keeper.h"

/* AddressSanitizer needs its shadow memory and system calls of its own: there the cage is a plain child. */
#ifdef __SANITIZE_ADDRESS__
gboolean
cage_lock_keeper(void)
{
	return TRUE;
}

gboolean
cage_lock_child(gsize input, const CageLimits *limits)
{
	(void)input;
	(void)limits;
	return TRUE;
}
#else

#include "base/durable.h"

#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define STACK_LIMIT (8 << 20)
#define FILES_LIMIT 8

static gsize address_space; /* of the keeper */
static struct sock_fprog program;

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

/* As in newer kernels' <linux/landlock.h>: each ABI handles more. */
typedef struct {
	guint64 files;
	guint64 network; /* from 4: bind and connect by TCP */
	guint64 scope;	 /* from 6: abstract sockets and signals to who is not within */
} Rules;

#define ALL(n) ((G_GUINT64_CONSTANT(1) << (n)) - 1)

/* An empty Landlock rule set: no path can be opened and nobody reached, whatever seccomp let through. Older kernels lack it,
 * or parts of it. */
static void
close_file_system(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	const Rules rules = { .files = ALL(abi < 2   ? 13
					   : abi < 3 ? 14
					   : abi < 5 ? 15
						     : 16),
		.network = ALL(2),
		.scope = ALL(2) };
	gsize size = (abi < 4 ? 1 : abi < 6 ? 2 : 3) * sizeof rules.files;
	long fd = abi > 0 ? syscall(SYS_landlock_create_ruleset, &rules, size, 0) : -1;

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
add_rules(scmp_filter_ctx filter)
{
	/* 2: as a tree. The kernel tries the list for each call there is, in each child anew. */
	return seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 &&
	       allow_plain_calls(filter) &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
		   SCMP_A0(SCMP_CMP_EQ, CAGE_ANSWER_FD)) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
		   SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
		   SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) == 0;
}

/* libseccomp's list as the kernel takes it, for all children: making it costs as much as a fork. */
static gboolean
make_program(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	g_auto(Fd) fd = memfd_create("seccomp", MFD_CLOEXEC);
	gboolean done =
	    filter != NULL && fd >= 0 && add_rules(filter) && seccomp_export_bpf(filter, fd) == 0;
	off_t size = done ? lseek(fd, 0, SEEK_END) : 0;

	if (filter != NULL)
		seccomp_release(filter);
	if (size <= 0)
		return FALSE;
	program.filter = g_malloc((gsize)size);
	program.len = (unsigned short)((gsize)size / sizeof *program.filter);
	return pread(fd, program.filter, (gsize)size, 0) == size;
}

gboolean
cage_lock_keeper(void)
{
	address_space = address_space_now();
	if (!make_program() || !set_limit(RLIMIT_CORE, 0) || !set_limit(RLIMIT_FSIZE, 0) ||
	    !set_limit(RLIMIT_STACK, STACK_LIMIT) || prctl(PR_SET_DUMPABLE, 0) < 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return FALSE;
	close_file_system();
	return TRUE;
}

gboolean
cage_lock_child(gsize input, const CageLimits *limits)
{
	return set_limit(RLIMIT_NPROC, 0) && set_limit(RLIMIT_NOFILE, FILES_LIMIT) &&
	       set_limit(RLIMIT_CPU, limits->cpu) &&
	       set_limit(RLIMIT_AS, address_space + input + limits->memory) &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}
#endif

/*
 * The reader of the cage's own test: a program plico-reader whose readers behave as a captured one would. Each forbidden act is
 * really tried, by raw system call.
 */
#include "base/cage_keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static GVariant *
answer_number(gint64 number)
{
	return g_variant_new("(is)", (gint32)number, "");
}

static GVariant *
act_socket(GBytes *input, gconstpointer data)
{
	(void)input, (void)data;
	return answer_number(syscall(SYS_socket, AF_INET, SOCK_STREAM, 0));
}

static GVariant *
act_fork(GBytes *input, gconstpointer data)
{
	(void)input, (void)data;
	return answer_number(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0));
}

static GVariant *
act_execve(GBytes *input, gconstpointer data)
{
	static const char *const words[] = { "/bin/true", NULL };

	(void)input, (void)data;
	return answer_number(syscall(SYS_execve, words[0], words, NULL));
}

static GVariant *
act_write_elsewhere(GBytes *input, gconstpointer data)
{
	(void)input, (void)data;
	return answer_number(syscall(SYS_write, STDOUT_FILENO, "x", 1));
}

static GVariant *
act_read(GBytes *input, gconstpointer data)
{
	char byte;

	(void)input, (void)data;
	return answer_number(syscall(SYS_read, STDIN_FILENO, &byte, 1));
}

static GVariant *
act_kill_parent(GBytes *input, gconstpointer data)
{
	(void)input;
	return answer_number(syscall(SYS_kill, *(const pid_t *)data, SIGKILL));
}

static GVariant *
act_ptrace(GBytes *input, gconstpointer data)
{
	(void)input;
	return answer_number(syscall(SYS_ptrace, PTRACE_ATTACH, *(const pid_t *)data, NULL, NULL));
}

static GVariant *
act_map_code(GBytes *input, gconstpointer data)
{
	(void)input, (void)data;
	return answer_number(syscall(SYS_mmap, NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static GVariant *
act_map_file(GBytes *input, gconstpointer data)
{
	(void)input, (void)data;
	return answer_number(syscall(SYS_mmap, NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0));
}

static GVariant *
act_protect(GBytes *input, gconstpointer data)
{
	(void)input, (void)data;
	return answer_number(syscall(SYS_mprotect, NULL, 4096, PROT_READ | PROT_EXEC));
}

static GVariant *
act_io_uring(GBytes *input, gconstpointer data)
{
	(void)input, (void)data;
	return answer_number(syscall(SYS_io_uring_setup, 1, NULL));
}

static GVariant *
act_unlink(GBytes *input, gconstpointer data)
{
	(void)input, (void)data;
	return answer_number(syscall(SYS_unlinkat, AT_FDCWD, "nothing", 0));
}

static GVariant *
act_raise_limit(GBytes *input, gconstpointer data)
{
	(void)input, (void)data;
	return answer_number(syscall(SYS_prlimit64, 0, 0, NULL, NULL));
}

#ifdef __x86_64__
/* getpid() by the gate of 32-bit programs, whose numbers mean other calls */
static GVariant *
act_int_80(GBytes *input, gconstpointer data)
{
	gint64 result = 20;

	(void)input, (void)data;
	__asm__ volatile("int $0x80" : "+a"(result) : : "memory", "cc");
	return answer_number(result);
}
#endif

static GVariant *
act_open(GBytes *input, gconstpointer data)
{
	static const char *const paths[] = { "/etc/passwd", "/proc/self/mem", "/dev/null", "." };
	int opened = 0;

	(void)input, (void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(paths); i++)
		if (syscall(SYS_openat, AT_FDCWD, paths[i], O_RDONLY) >= 0 || errno != EACCES)
			opened++;
	return answer_number(opened);
}

static GVariant *
act_much_memory(GBytes *input, gconstpointer data)
{
	g_autofree char *memory = g_try_malloc((gsize)1 << 30);

	(void)input, (void)data;
	return answer_number(memory == NULL ? 0 : 1);
}

static GVariant *
act_loop(GBytes *input, gconstpointer data)
{
	volatile guint64 n = 0;

	(void)input, (void)data;
	while (n + 1 > 0)
		n++;
	return answer_number(0);
}

static GVariant *
act_sleep(GBytes *input, gconstpointer data)
{
	int word = 0;

	(void)input, (void)data;
	return answer_number(syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0));
}

static GVariant *
act_eat_memory(GBytes *input, gconstpointer data)
{
	guint blocks = 0;

	(void)input, (void)data;
	while (memset(g_malloc((gsize)1 << 20), 1, (gsize)1 << 20) != NULL)
		blocks++;
	return answer_number(blocks);
}

static GVariant *
act_say_much(GBytes *input, gconstpointer data)
{
	g_autofree char *text = g_strnfill((gsize)2 << 20, 'x');

	(void)input, (void)data;
	return g_variant_new("(is)", 1, text);
}

static GVariant *
act_crash(GBytes *input, gconstpointer data)
{
	volatile gsize nowhere = 16;

	(void)input, (void)data;
	*(volatile char *)nowhere = 1;
	return answer_number(0);
}

static GVariant *
count_bytes(GBytes *input, gconstpointer data)
{
	return g_variant_new("(is)", (gint32)g_bytes_get_size(input), (const char *)data);
}

static GVariant *
answer_otherwise(GBytes *input, gconstpointer data)
{
	(void)input, (void)data;
	return g_variant_new("(xx)", G_GINT64_CONSTANT(-1), G_GINT64_CONSTANT(-1));
}

static GVariant *
answer_garbage(GBytes *input, gconstpointer data)
{
	guint8 bytes[64];

	(void)input, (void)data;
	memset(bytes, 0xff, sizeof bytes);
	return g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, bytes, sizeof bytes, 1);
}

static GVariant *
answer_nothing(GBytes *input, gconstpointer data)
{
	(void)input, (void)data;
	_exit(0);
}

/* The exit status by which the child would say that it was not locked in. */
static GVariant *
pretend_no_cage(GBytes *input, gconstpointer data)
{
	(void)input, (void)data;
	_exit(90);
}

/* A library that complains to a closed terminal is not killed for it. */
static GVariant *
complain(GBytes *input, gconstpointer data)
{
	(void)input, (void)data;
	g_critical("a library complains");
	return answer_number(0);
}

/* Nor one that prints. */
static GVariant *
print_much(GBytes *input, gconstpointer data)
{
	(void)input, (void)data;
	for (guint i = 0; i < 10000; i++) {
		printf("%u: a library prints\n", i);
		fprintf(stderr, "%u: and warns\n", i);
	}
	return answer_number(0);
}

static GVariant *
use_memory(GBytes *input, gconstpointer data)
{
	gsize size = (gsize)32 << 20;
	g_autofree char *memory = g_malloc(size);

	(void)input, (void)data;
	memset(memory, 5, size);
	return answer_number(memory[size - 1] - 5);
}

int
main(void)
{
	static const CageTask acts[] = {
#define ACT(name) name,
#include "unit/base/cage_acts.def"
#undef ACT
	};

	return cage_keep(acts, G_N_ELEMENTS(acts), NULL);
}

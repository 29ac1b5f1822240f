/* What a child in the cage can and cannot do. Under AddressSanitizer the cage is a plain child without a lock. */
#include "base/cage.h"
#include "base/error.h"

#include <fcntl.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static const CageLimits limits = {
	.memory = (gsize)64 << 20,
	.cpu = 1,
	.wall_ms = 5000,
	.answer = 4096,
};

#ifdef __SANITIZE_ADDRESS__
#define CAGE_IS_LOCKED FALSE
#else
#define CAGE_IS_LOCKED TRUE
#endif

typedef GVariant *(*Act)(void);

static GVariant *
perform(GBytes *input, gpointer data)
{
	const Act *act = data;

	(void)input;
	return (*act)();
}

static GVariant *
run(Act act, GError **error)
{
	g_autoptr(GBytes) nothing = g_bytes_new(NULL, 0);

	return cage_run(perform, nothing, &act, G_VARIANT_TYPE_INT32, &limits, error);
}

static GVariant *
done(long result)
{
	return g_variant_new_int32((gint32)result);
}

/* --- what must end the child --------------------------------------------------------------------------------- */

static GVariant *
open_socket(void)
{
	return done(socket(AF_INET, SOCK_STREAM, 0));
}

static GVariant *
start_program(void)
{
	char *const argv[] = { (char *)(gsize) "true", NULL };

	return done(execv("/bin/true", argv));
}

static GVariant *
start_process(void)
{
	return done(fork());
}

static GVariant *
map_code(void)
{
	return done(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
}

static GVariant *
make_executable(void)
{
	static char page[8192];

	return done(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static GVariant *
write_elsewhere(void)
{
	return done(write(1, "x", 1));
}

static GVariant *
read_input(void)
{
	char c;

	return done(read(0, &c, 1));
}

static GVariant *
kill_parent(void)
{
	return done(kill(getppid(), SIGTERM));
}

static GVariant *
trace_parent(void)
{
	return done(ptrace(PTRACE_ATTACH, 1, NULL, NULL));
}

static GVariant *
set_up_ring(void)
{
	return done(syscall(SYS_io_uring_setup, 1, NULL));
}

static GVariant *
delete_file(void)
{
	return done(unlink("/tmp/plico-test"));
}

static GVariant *
compute_for_ever(void)
{
	volatile gboolean more = TRUE;

	while (more)
		continue;
	return done(0);
}

static GVariant *
take_memory(void)
{
	gsize size = (gsize)256 << 20;
	char *memory = g_malloc(size);

	memset(memory, 1, size);
	return done(memory[size - 1]);
}

static GVariant *
say_too_much(void)
{
	return g_variant_new_take_string(g_strnfill(100000, 'x'));
}

static GVariant *
say_something_else(void)
{
	return g_variant_new_string("nonsense");
}

static void
test_stops(gconstpointer data)
{
	const Act *act = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) answer = NULL;

	if (!CAGE_IS_LOCKED) {
		g_test_skip("no lock under AddressSanitizer");
		return;
	}
	answer = run(*act, &error);
	g_assert_null(answer);
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
}

/* --- what it may ------------------------------------------------------------------------------------------------ */

static GVariant *
open_file(void)
{
	int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

	return done(fd < 0 ? errno : 0);
}

static GVariant *
complain(void)
{
	g_critical("a library complains");
	return done(7);
}

static GVariant *
use_memory(void)
{
	gsize size = (gsize)32 << 20;
	g_autofree char *memory = g_malloc(size);

	memset(memory, 5, size);
	return done(memory[size - 1]);
}

static void
expect(Act act, gint32 expected)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) answer = run(act, &error);

	g_assert_no_error(error);
	g_assert_cmpint(g_variant_get_int32(answer), ==, expected);
}

static void
test_file_is_refused(void)
{
	if (CAGE_IS_LOCKED)
		expect(open_file, EACCES);
	else
		g_test_skip("no lock under AddressSanitizer");
}

static void
test_complaint_is_silent(void)
{
	expect(complain, 7);
}

static void
test_memory_is_there(void)
{
	expect(use_memory, 5);
}

static void
test_slow_child_is_killed(void)
{
	const CageLimits hurried = {
		.memory = (gsize)64 << 20, .cpu = 60, .wall_ms = 50, .answer = 99
	};
	g_autoptr(GBytes) nothing = g_bytes_new(NULL, 0);
	g_autoptr(GError) error = NULL;
	Act act = compute_for_ever;
	g_autoptr(GVariant) answer =
	    cage_run(perform, nothing, &act, G_VARIANT_TYPE_INT32, &hurried, &error);

	g_assert_null(answer);
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		Act act;
	} stopped[] = {
		{ "socket", open_socket },
		{ "program", start_program },
		{ "process", start_process },
		{ "mapping of code", map_code },
		{ "change to code", make_executable },
		{ "writing to another descriptor", write_elsewhere },
		{ "reading a descriptor", read_input },
		{ "signal to the parent", kill_parent },
		{ "tracing", trace_parent },
		{ "io_uring", set_up_ring },
		{ "deleting a file", delete_file },
		{ "endless loop", compute_for_ever },
		{ "too much memory", take_memory },
		{ "too long an answer", say_too_much },
		{ "answer of another type", say_something_else },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(stopped); i++) {
		g_autofree char *path = g_strdup_printf("/cage/stops/%s", stopped[i].name);

		g_test_add_data_func(path, &stopped[i].act, test_stops);
	}
	g_test_add_func("/cage/slow child is killed", test_slow_child_is_killed);
	g_test_add_func("/cage/file cannot be opened, and the child lives", test_file_is_refused);
	g_test_add_func("/cage/memory within the limit is there", test_memory_is_there);
	g_test_add_func("/cage/complaint of a library is silent", test_complaint_is_silent);
	return g_test_run();
}

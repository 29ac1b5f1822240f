#include "rehearse/crew.h"

#include "base/error.h"

#include <string.h>
#include <unistd.h>

static gboolean
count(CrewLine *line, guint number, gpointer data, GError **error)
{
	int *pipe_end = data;
	char word = (char)('a' + number);

	(void)error;
	crew_step(line);
	crew_step(line);
	return write(*pipe_end, &word, 1) == 1;
}

static void
test_work(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Crew) crew = NULL;
	char said[4] = "";
	int ends[2];

	g_assert_cmpint(pipe(ends), ==, 0);
	crew = crew_start(3, count, &ends[1], &error);
	g_assert_no_error(error);
	g_assert_true(crew_join(crew, NULL, 0, &error));
	g_assert_no_error(error);
	g_assert_cmpint(read(ends[0], said, 3), ==, 3);
	g_assert_nonnull(strchr(said, 'a'));
	g_assert_nonnull(strchr(said, 'b'));
	g_assert_nonnull(strchr(said, 'c'));
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static gboolean
stumble(CrewLine *line, guint number, gpointer data, GError **error)
{
	(void)data;
	crew_step(line);
	return number == 0 || fail(error, PLICO_ERROR_INPUT, "worker %u. stumbled!", number);
}

static void
test_error(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Crew) crew = crew_start(2, stumble, NULL, NULL);

	g_assert_false(crew_join(crew, NULL, 0, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
	g_assert_cmpstr(error->message, ==, "worker 1. stumbled!");
}

static gboolean
die(CrewLine *line, guint number, gpointer data, GError **error)
{
	(void)line;
	(void)number;
	(void)data;
	(void)error;
	_exit(3);
}

static void
test_death(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Crew) crew = crew_start(1, die, NULL, NULL);

	g_assert_false(crew_join(crew, NULL, 0, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
}

static gboolean
stay(CrewLine *line, guint number, gpointer data, GError **error)
{
	(void)number;
	(void)data;
	(void)error;
	crew_wait(line);
	return TRUE;
}

static void
test_stop(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Crew) stopped = crew_start(2, stay, NULL, NULL);
	g_autoptr(Crew) dropped = crew_start(2, stay, NULL, NULL);

	g_assert_true(crew_stop(stopped, &error));
	g_assert_no_error(error);
	g_assert_nonnull(dropped); /* and g_autoptr ends it, or this test does not */
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/crew/all work and are waited for", test_work);
	g_test_add_func("/crew/the first error comes back", test_error);
	g_test_add_func("/crew/a death is an error", test_death);
	g_test_add_func("/crew/those who wait can be stopped", test_stop);
	return g_test_run();
}

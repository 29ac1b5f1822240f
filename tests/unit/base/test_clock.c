/* Time: settable, in Rome for letters, in UTC for the record. */
#include "base/clock.h"

static void
test_frozen(void)
{
	clock_set(1700000000);
	g_assert_cmpint(clock_now(), ==, 1700000000);
	g_assert_true(g_setenv("PLICO_CLOCK", "2025-10-17T08:30:00Z", TRUE));
	g_assert_cmpint(clock_now(), ==, 1700000000);
	clock_set(-1);
	g_assert_cmpint(clock_now(), ==, 1760689800);
	g_unsetenv("PLICO_CLOCK");
}

static void
test_environment(void)
{
	gint64 real = g_get_real_time() / G_USEC_PER_SEC;

	g_assert_true(g_setenv("PLICO_CLOCK", "2025-10-17T10:30:00+02", TRUE));
	g_assert_cmpint(clock_now(), ==, 1760689800);
	g_assert_true(g_setenv("PLICO_CLOCK", "2025-10-17T08:30:00", TRUE));
	g_assert_cmpint(clock_now(), ==, 1760689800);
	g_assert_true(g_setenv("PLICO_CLOCK", "+86400", TRUE));
	g_assert_cmpint(clock_now(), >=, real + 86400);
	g_assert_true(g_setenv("PLICO_CLOCK", "-86400", TRUE));
	g_assert_cmpint(clock_now(), <, real);
	g_unsetenv("PLICO_CLOCK");
	g_assert_cmpint(clock_now(), >=, real);
}

static void
test_iso(void)
{
	g_autofree char *start = clock_iso(0);
	g_autofree char *day = clock_iso(1760689800);
	g_autofree char *late = clock_iso(2147483648);

	g_assert_cmpstr(start, ==, "1970-01-01T00:00:00Z");
	g_assert_cmpstr(day, ==, "2025-10-17T08:30:00Z");
	g_assert_cmpstr(late, ==, "2038-01-19T03:14:08Z");
}

static void
test_long_date(void)
{
	static const struct {
		gint64 seconds;
		const char *lang;
		const char *date;
	} table[] = {
		{ 1760689800, "it", "17 ottobre 2025" },
		{ 1760689800, "de", "17. Oktober 2025" },
		{ 1760689800, "fr", "17 octobre 2025" },
		{ 1760689800, "sl", "17. oktober 2025" },
		{ 1760689800, "xx", "17 ottobre 2025" },
		/* 23:30 UTC is tomorrow in Rome, in winter and in summer */
		{ 1767223800, "it", "1º gennaio 2026" },
		{ 1767223800, "de", "1. Jänner 2026" },
		{ 1767223800, "fr", "1er janvier 2026" },
		{ 1767223800, "sl", "1. januar 2026" },
		{ 1751320800, "it", "1º luglio 2025" },
		{ 1751319000, "it", "30 giugno 2025" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *date = clock_long_date(table[i].seconds, table[i].lang);

		g_assert_cmpstr(date, ==, table[i].date);
	}
}

static void
test_until(void)
{
	static const char *const table[][2] = { { "it", "17 ottobre 2025" },
		{ "de", "17. Oktober 2025" }, { "fr", "17 octobre 2025" },
		{ "sl", "17. oktobra 2025" }, { "sl+it", "17. oktobra 2025" } };

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *date = clock_until(1760689800, table[i][0]);

		g_assert_cmpstr(date, ==, table[i][1]);
	}
}

static void
test_month(void)
{
	static const struct {
		const char *word;
		guint month;
	} table[] = { { "gennaio", 1 }, { "JÄN", 1 }, { "Januar", 1 }, { "jan", 1 }, { "Feb", 2 },
		{ "fév", 2 }, { "MÄRZ", 3 }, { "mar", 3 }, { "marca", 3 }, { "mai", 5 },
		{ "maja", 5 }, { "jui", 0 }, { "juin", 6 }, { "juil", 7 }, { "Juni", 6 },
		{ "lug", 7 }, { "aout", 8 }, { "avgusta", 8 }, { "avr", 4 }, { "sett", 9 },
		{ "okt", 10 }, { "dez", 12 }, { "déc", 12 }, { "di", 0 }, { "", 0 },
		{ "mese", 0 } };

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
		g_assert_cmpuint(clock_month(table[i].word), ==, table[i].month);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/clock/a-frozen-clock-stands", test_frozen);
	g_test_add_func("/clock/the-environment-sets-a-process", test_environment);
	g_test_add_func("/clock/iso-8601-in-utc", test_iso);
	g_test_add_func("/clock/letters-are-dated-in-rome", test_long_date);
	g_test_add_func("/clock/a date behind a preposition", test_until);
	g_test_add_func("/clock/months named in any language", test_month);
	return g_test_run();
}

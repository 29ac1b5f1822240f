/* When messages may leave: tables of moments on the clocks of Rome. */
#include "send/pace.h"

#include "base/clock.h"
#include "base/error.h"

#include <glib/gstdio.h>

static char *folder;

/* A Pace of the lines of [pace]. */
static Pace *
make(const char *lines, GError **error)
{
	g_autofree char *path = g_build_filename(folder, "plico.conf", NULL);
	g_autofree char *text = g_strdup_printf("[pace]\n%s\n", lines);
	g_autoptr(Config) config = NULL;

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	config = config_open(folder, error);
	return config != NULL ? pace_new(config, error) : NULL;
}

/* "2026-03-28 17:59:30" in Rome. */
static gint64
moment(const char *text)
{
	g_autoptr(GTimeZone) rome = g_time_zone_new_identifier("Europe/Rome");
	g_autofree char *iso = g_strdelimit(g_strdup(text), " ", 'T');
	g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(iso, rome);

	g_assert_nonnull(when);
	return g_date_time_to_unix(when);
}

static char *
words(gint64 seconds)
{
	g_autoptr(GDateTime) local = NULL;

	if (seconds == PACE_NEVER)
		return g_strdup("never");
	local = clock_rome(seconds);
	return g_date_time_format(local, "%Y-%m-%d %H:%M:%S");
}

#define OFFICE "hours = 8-18\ndays = lun-ven\nholidays = wait"

static void
test_open(void)
{
	static const struct {
		const char *rules, *now, *open;
	} rows[] = {
		{ "", "2026-08-15 03:00:00", "2026-08-15 03:00:00" },
		{ OFFICE, "2026-03-26 07:59:59", "2026-03-26 08:00:00" },
		{ OFFICE, "2026-03-26 08:00:00", "2026-03-26 08:00:00" },
		{ OFFICE, "2026-03-26 17:59:59", "2026-03-26 17:59:59" },
		{ OFFICE, "2026-03-26 18:00:00", "2026-03-27 08:00:00" },
		{ OFFICE, "2026-03-27 18:00:00", "2026-03-30 08:00:00" }, /* weekend, summer time */
		{ OFFICE, "2026-10-23 19:00:00", "2026-10-26 08:00:00" }, /* and back */
		{ OFFICE, "2026-04-03 18:00:00", "2026-04-07 08:00:00" }, /* Easter Monday */
		{ OFFICE, "2026-12-24 23:59:59", "2026-12-28 08:00:00" },
		{ OFFICE, "2026-12-31 18:00:00", "2027-01-04 08:00:00" },
		{ "hours = 8:30-17:15", "2026-03-26 17:14:59", "2026-03-26 17:14:59" },
		{ "hours = 8:30-17:15", "2026-03-26 17:15:00", "2026-03-27 08:30:00" },
		{ "hours = 2:30-4", "2026-03-29 00:00:00", "2026-03-29 03:00:00" }, /* skipped */
		{ "hours = 2:30-4", "2026-10-24 05:00:00", "2026-10-25 02:30:00" },
		{ "days = sab, dom", "2026-03-26 12:00:00", "2026-03-28 00:00:00" },
		{ "days = sab-dom", "2026-03-29 23:59:59", "2026-03-29 23:59:59" },
		{ "days = sab-dom", "2026-03-30 00:00:00", "2026-04-04 00:00:00" },
		{ "silence = 2026-08-08..2026-08-23", "2026-08-07 23:59:59",
		    "2026-08-07 23:59:59" },
		{ "silence = 2026-08-08..2026-08-23", "2026-08-08 00:00:00",
		    "2026-08-24 00:00:00" },
		{ "silence = 06-29, 2027-07-01", "2027-06-29 12:00:00", "2027-06-30 00:00:00" },
		{ "silence = 06-29, 2027-07-01", "2027-07-01 12:00:00", "2027-07-02 00:00:00" },
		{ "silence = 06-29, 2027-07-01", "2026-07-01 12:00:00", "2026-07-01 12:00:00" },
		{ "silence = 01-01..12-31", "2026-07-01 12:00:00", "never" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Pace) pace = make(rows[i].rules, &error);
		g_autofree char *open = NULL;

		g_assert_no_error(error);
		open = words(pace_open(pace, moment(rows[i].now)));
		g_test_message("%s at %s", rows[i].rules, rows[i].now);
		g_assert_cmpstr(open, ==, rows[i].open);
	}
}

static void
test_close(void)
{
	static const struct {
		const char *rules, *now, *close;
	} rows[] = {
		{ "", "2026-03-26 12:00:00", "never" },
		{ OFFICE, "2026-03-26 12:00:00", "2026-03-26 18:00:00" },
		{ "hours = 0-24", "2026-03-26 12:00:00", "never" },
		{ "hours = 20-24", "2026-03-26 22:00:00", "2026-03-27 00:00:00" },
		{ "days = lun-ven", "2026-03-25 12:00:00", "2026-03-28 00:00:00" },
		{ "holidays = wait", "2026-04-30 12:00:00", "2026-05-01 00:00:00" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Pace) pace = make(rows[i].rules, NULL);
		g_autofree char *close = words(pace_close(pace, moment(rows[i].now)));

		g_assert_cmpstr(close, ==, rows[i].close);
	}
}

static void
test_holidays(void)
{
	static const struct {
		GDateDay day;
		GDateMonth month;
		GDateYear year;
		gboolean holiday;
	} rows[] = {
		{ 1, 1, 2026, TRUE },
		{ 6, 1, 2026, TRUE },
		{ 25, 4, 2026, TRUE },
		{ 5, 4, 2026, TRUE },
		{ 6, 4, 2026, TRUE },
		{ 7, 4, 2026, FALSE },
		{ 28, 3, 2027, TRUE },
		{ 29, 3, 2027, TRUE },
		{ 17, 4, 2028, TRUE },
		{ 1, 4, 2024, TRUE },
		{ 21, 4, 2025, TRUE },
		{ 25, 4, 2038, TRUE },
		{ 26, 4, 2038, TRUE },
		{ 23, 3, 2008, TRUE },
		{ 4, 10, 2025, FALSE },
		{ 4, 10, 2026, TRUE },
		{ 2, 11, 2026, FALSE },
		{ 8, 12, 2026, TRUE },
		{ 24, 12, 2026, FALSE },
		{ 26, 12, 2026, TRUE },
		{ 31, 12, 2026, FALSE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		GDate date;

		g_date_clear(&date, 1);
		g_date_set_dmy(&date, rows[i].day, rows[i].month, rows[i].year);
		g_assert_cmpint(pace_is_holiday(&date), ==, rows[i].holiday);
	}
}

static void
test_next(void)
{
	g_autoptr(Pace) pace =
	    make("per_second = 2\nper_minute = 5\nper_domain_minute = 3\n" OFFICE, NULL);
	g_autoptr(PaceLog) log = pace_log_new();
	gint64 begin = moment("2026-03-27 17:58:30");
	gint64 now = begin;
	static const struct {
		const char *address;
		int next; /* seconds behind the first */
	} rows[] = {
		{ "a@one.example", 0 },
		{ "b@one.example", 0 }, /* two a second */
		{ "c@one.example", 1 },
		{ "a@two.example", 1 },
		{ "d@one.example", 60 }, /* three a minute to a domain */
		{ "e@one.example", 60 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		now = pace_next(pace, log, rows[i].address, now);
		g_assert_cmpint(now - begin, ==, rows[i].next);
		pace_log_add(log, rows[i].address, now);
	}
	/* another minute, and then it is Friday evening: on Monday, in summer time */
	now = moment("2026-03-27 17:59:59");
	pace_log_add(log, "x@two.example", now);
	pace_log_add(log, "y@two.example", now);
	g_assert_cmpint(
	    pace_next(pace, log, "z@two.example", now), ==, moment("2026-03-30 08:00:00"));
}

static void
test_end(void)
{
	static const struct {
		const char *rules, *now;
		guint count, busiest;
		const char *end;
	} rows[] = {
		{ "", "2026-03-26 12:00:00", 7896, 7896, "2026-03-26 12:00:00" },
		{ "per_second = 1", "2026-03-26 12:00:00", 7896, 0, "2026-03-26 14:11:35" },
		{ "per_second = 10", "2026-03-26 12:00:00", 7896, 0, "2026-03-26 12:13:09" },
		{ "per_minute = 60", "2026-03-26 12:00:00", 61, 0, "2026-03-26 12:01:00" },
		{ "per_domain_minute = 1", "2026-03-26 12:00:00", 61, 3, "2026-03-26 12:02:00" },
		{ "per_second = 1\n" OFFICE, "2026-03-26 17:00:00", 3600, 0,
		    "2026-03-26 17:59:59" },
		{ "per_second = 1\n" OFFICE, "2026-03-26 17:00:00", 3601, 0,
		    "2026-03-27 08:00:00" },
		{ "per_minute = 10\n" OFFICE, "2026-03-27 17:00:00", 7896, 0,
		    "2026-03-31 10:09:00" },
		{ "silence = 01-01..12-31", "2026-03-27 17:00:00", 1, 1, "never" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Pace) pace = make(rows[i].rules, NULL);
		g_autofree char *end =
		    words(pace_end(pace, rows[i].count, rows[i].busiest, moment(rows[i].now)));

		g_test_message("%s at %s", rows[i].rules, rows[i].now);
		g_assert_cmpstr(end, ==, rows[i].end);
	}
}

static void
test_refused(void)
{
	static const char *const rules[] = { "hours = 18-8", "hours = 8", "hours = 8-25",
		"hours = 8:60-9", "hours = -", "days = mon-fri", "days = ven-lun", "days = ,",
		"silence = 2026-02-30", "silence = 13-01", "silence = 2026-08-23..2026-08-08",
		"silence = 08-08..2026-08-23", "silence = august", "per_second = many" };

	for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Pace) pace = make(rules[i], &error);

		g_test_message("%s", rules[i]);
		g_assert_null(pace);
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
	}
}

int
main(int argc, char **argv)
{
	g_autofree char *path = NULL;
	int status;

	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("plico-pace-XXXXXX", NULL);
	g_assert_nonnull(folder);
	g_test_add_func("/pace/messages-wait-for-the-next-open-hour", test_open);
	g_test_add_func("/pace/an-open-stretch-has-an-end", test_close);
	g_test_add_func("/pace/national-holidays-are-known", test_holidays);
	g_test_add_func("/pace/each-limit-holds-and-the-slowest-decides", test_next);
	g_test_add_func("/pace/the-end-of-a-wave-is-predicted", test_end);
	g_test_add_func("/pace/what-is-not-understood-is-refused", test_refused);
	status = g_test_run();
	path = g_build_filename(folder, "plico.conf", NULL);
	(void)g_unlink(path);
	(void)g_rmdir(folder);
	g_free(folder);
	return status;
}

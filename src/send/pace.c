#include "send/pace.h"

#include "base/clock.h"
#include "base/error.h"

#include <string.h>

#define DAY_MINUTES 1440
#define MINUTE	    60
#define DAYS_MAX    740 /* looked at before one says never */

/* Days on which nothing leaves; a year 0 stands for every year. */
typedef struct {
	guint32 from; /* 20261224, or 1224 */
	guint32 to;
} Silence;

struct Pace {
	gint64 per_second; /* 0: any number */
	gint64 per_minute;
	gint64 per_domain_minute;
	int from; /* minutes of the day */
	int to;
	gboolean day[8]; /* from 1, Monday, to 7 */
	gboolean holidays;
	GArray *silence; /* of Silence */
};

typedef struct {
	gint64 at;
	const char *domain; /* interned */
} Left;

struct PaceLog {
	GArray *left; /* of Left, oldest first */
};

/* --- reading the configuration ---------------------------------------------------------------------------------- */

static gboolean
refuse(ConfigKey key, const char *value, const char *expected, GError **error)
{
	return fail(error, PLICO_ERROR_CONFIG, _("%s = %s: expected is something like %s"),
	    config_name(key), value, expected);
}

/* "8", "8:30" as minutes; -1: it is none. */
static int
read_time(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, ":", 2);
	guint64 hour;
	guint64 minute = 0;

	if (parts[0] == NULL ||
	    !g_ascii_string_to_unsigned(g_strstrip(parts[0]), 10, 0, 24, &hour, NULL) ||
	    (parts[1] != NULL &&
		!g_ascii_string_to_unsigned(g_strstrip(parts[1]), 10, 0, 59, &minute, NULL)))
		return -1;
	return (int)(hour * 60 + minute);
}

static gboolean
read_hours(Pace *pace, const Config *config, GError **error)
{
	const char *value = config_text(config, CONFIG_pace_hours);
	g_auto(GStrv) ends = g_strsplit(value, "-", 0);

	pace->from = 0;
	pace->to = DAY_MINUTES;
	if (*value == '\0')
		return TRUE;
	if (g_strv_length(ends) != 2)
		return refuse(CONFIG_pace_hours, value, "8-18", error);
	pace->from = read_time(ends[0]);
	pace->to = read_time(ends[1]);
	if (pace->from < 0 || pace->to > DAY_MINUTES || pace->from >= pace->to)
		return refuse(CONFIG_pace_hours, value, "8-18", error);
	return TRUE;
}

static int
read_weekday(const char *text)
{
	static const char *const names[] = { "lun", "mar", "mer", "gio", "ven", "sab", "dom" };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_ascii_strcasecmp(text, names[i]) == 0)
			return (int)i + 1;
	return 0;
}

/* "lun-ven,dom" */
static gboolean
read_days(Pace *pace, const Config *config, GError **error)
{
	const char *value = config_text(config, CONFIG_pace_days);
	g_auto(GStrv) spans = g_strsplit(value, ",", 0);

	for (int day = 1; day <= 7; day++)
		pace->day[day] = *value == '\0';
	for (gsize i = 0; spans[i] != NULL; i++) {
		g_auto(GStrv) ends = g_strsplit(g_strstrip(spans[i]), "-", 2);
		int first = ends[0] != NULL ? read_weekday(g_strstrip(ends[0])) : 0;
		int last = first > 0 && ends[1] != NULL ? read_weekday(g_strstrip(ends[1])) : first;

		if (first == 0 || last < first)
			return refuse(CONFIG_pace_days, value, "lun-ven", error);
		for (int day = first; day <= last; day++)
			pace->day[day] = TRUE;
	}
	return TRUE;
}

/* "2026-08-08" as 20260808, "06-29" as 629; 0: it is none. */
static guint32
read_date(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "-", 0);
	guint count = g_strv_length(parts);
	guint64 numbers[3] = { 0 }; /* year, month, day */

	if (count < 2 || count > 3)
		return 0;
	for (guint i = 0; i < count; i++)
		if (!g_ascii_string_to_unsigned(
			parts[i], 10, 1, 9999, &numbers[3 - count + i], NULL))
			return 0;
	if (!g_date_valid_dmy((GDateDay)MIN(numbers[2], 99), (GDateMonth)MIN(numbers[1], 99),
		count == 3 ? (GDateYear)numbers[0] : 2024))
		return 0;
	return (guint32)(numbers[0] * 10000 + numbers[1] * 100 + numbers[2]);
}

/* "06-29, 2026-08-08..2026-08-23" */
static gboolean
read_silence(Pace *pace, const Config *config, GError **error)
{
	const char *value = config_text(config, CONFIG_pace_silence);
	g_auto(GStrv) spans = g_strsplit(value, ",", 0);

	for (gsize i = 0; spans[i] != NULL; i++) {
		g_auto(GStrv) ends = g_strsplit(spans[i], "..", 2);
		Silence silence = { 0, 0 };

		if (ends[0] != NULL)
			silence.from = silence.to = read_date(g_strstrip(ends[0]));
		if (silence.from != 0 && ends[1] != NULL)
			silence.to = read_date(g_strstrip(ends[1]));
		if (silence.from == 0 || silence.to < silence.from ||
		    (silence.from > 9999) != (silence.to > 9999))
			return refuse(
			    CONFIG_pace_silence, value, "06-29, 2026-08-08..2026-08-23", error);
		g_array_append_val(pace->silence, silence);
	}
	return TRUE;
}

Pace *
pace_new(const Config *config, GError **error)
{
	g_autoptr(Pace) pace = g_new0(Pace, 1);

	pace->silence = g_array_new(FALSE, FALSE, sizeof(Silence));
	pace->per_second = config_int(config, CONFIG_pace_per_second);
	pace->per_minute = config_int(config, CONFIG_pace_per_minute);
	pace->per_domain_minute = config_int(config, CONFIG_pace_per_domain_minute);
	pace->holidays = strcmp(config_text(config, CONFIG_pace_holidays), "wait") == 0;
	return read_hours(pace, config, error) && read_days(pace, config, error) &&
		       read_silence(pace, config, error)
		   ? g_steal_pointer(&pace)
		   : NULL;
}

void
pace_free(Pace *pace)
{
	if (pace == NULL)
		return;
	g_array_unref(pace->silence);
	g_free(pace);
}

gboolean
pace_is_limited(const Pace *pace)
{
	return pace->per_second > 0 || pace->per_minute > 0 || pace->per_domain_minute > 0;
}

gboolean
pace_has_calendar(const Pace *pace)
{
	for (int day = 1; day <= 7; day++)
		if (!pace->day[day])
			return TRUE;
	return pace->holidays || pace->silence->len > 0 || pace->to - pace->from < DAY_MINUTES;
}

/* --- the calendar ------------------------------------------------------------------------------------------------ */

/* Easter Sunday of the Gregorian calendar, by Butcher's algorithm. */
static void
set_easter(GDate *date, GDateYear year)
{
	int golden = year % 19;
	int century = year / 100;
	int rest = year % 100;
	int skipped = (century - (century + 8) / 25 + 1) / 3;
	int epact = (19 * golden + century - century / 4 - skipped + 15) % 30;
	int weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
	int shift = (golden + 11 * epact + 22 * weekday) / 451;
	int place = epact + weekday - 7 * shift + 114;

	g_date_set_dmy(date, (GDateDay)(place % 31 + 1), (GDateMonth)(place / 31), year);
}

gboolean
pace_is_holiday(const GDate *date)
{
	static const guint fixed[] = { 101, 106, 425, 501, 602, 815, 1101, 1208, 1225, 1226 };
	guint day = g_date_get_month(date) * 100U + g_date_get_day(date);
	GDate easter;
	int behind;

	for (gsize i = 0; i < G_N_ELEMENTS(fixed); i++)
		if (fixed[i] == day)
			return TRUE;
	if (day == 1004 && g_date_get_year(date) >= 2026)
		return TRUE;
	g_date_clear(&easter, 1);
	set_easter(&easter, g_date_get_year(date));
	behind = g_date_days_between(&easter, date);
	return behind == 0 || behind == 1;
}

static gboolean
is_silent(const Pace *pace, const GDate *date)
{
	guint32 day = g_date_get_month(date) * 100U + g_date_get_day(date);
	guint32 whole = g_date_get_year(date) * 10000U + day;

	for (guint i = 0; i < pace->silence->len; i++) {
		const Silence *silence = &g_array_index(pace->silence, Silence, i);
		guint32 number = silence->from > 9999 ? whole : day;

		if (number >= silence->from && number <= silence->to)
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_day_open(const Pace *pace, const GDate *date)
{
	return pace->day[g_date_get_weekday(date)] && !is_silent(pace, date) &&
	       !(pace->holidays && pace_is_holiday(date));
}

/* @minutes of the day @date on the clocks of Rome; where they skip that moment, when they have. */
static gint64
at_minute(const GDate *date, int minutes)
{
	GDate day = *date;
	g_autoptr(GDateTime) some = clock_rome(0);
	g_autoptr(GDateTime) when = NULL;
	int month;

	g_date_add_days(&day, (guint)(minutes / DAY_MINUTES));
	minutes %= DAY_MINUTES;
	month = g_date_get_month(&day);
	when = g_date_time_new(g_date_time_get_timezone(some), g_date_get_year(&day), month,
	    g_date_get_day(&day), minutes / 60, minutes % 60, 0);
	return g_date_time_to_unix(when);
}

static void
set_date(GDate *date, gint64 seconds)
{
	g_autoptr(GDateTime) local = clock_rome(seconds);
	int year, month, day;

	g_date_time_get_ymd(local, &year, &month, &day);
	g_date_clear(date, 1);
	g_date_set_dmy(date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
}

gint64
pace_open(const Pace *pace, gint64 now)
{
	GDate date;

	set_date(&date, now);
	for (int i = 0; i < DAYS_MAX; i++, g_date_add_days(&date, 1))
		if (is_day_open(pace, &date) && now < at_minute(&date, pace->to))
			return MAX(now, at_minute(&date, pace->from));
	return PACE_NEVER;
}

gint64
pace_close(const Pace *pace, gint64 now)
{
	GDate date;

	set_date(&date, now);
	for (int i = 0; i < DAYS_MAX; i++) {
		gint64 end = at_minute(&date, pace->to);

		g_date_add_days(&date, 1);
		if (pace->to < DAY_MINUTES || pace->from > 0 || !is_day_open(pace, &date))
			return end;
	}
	return PACE_NEVER;
}

/* --- how many ---------------------------------------------------------------------------------------------------- */

PaceLog *
pace_log_new(void)
{
	PaceLog *log = g_new0(PaceLog, 1);

	log->left = g_array_new(FALSE, FALSE, sizeof(Left));
	return log;
}

void
pace_log_free(PaceLog *log)
{
	if (log == NULL)
		return;
	g_array_unref(log->left);
	g_free(log);
}

const char *
pace_domain(const char *address)
{
	const char *at = strrchr(address, '@');

	return g_intern_string(at != NULL ? at + 1 : address);
}

void
pace_log_add(PaceLog *log, const char *address, gint64 now)
{
	const Left left = { now, pace_domain(address) };
	guint old = 0;

	while (old < log->left->len && g_array_index(log->left, Left, old).at <= now - MINUTE)
		old++;
	g_array_remove_range(log->left, 0, old);
	g_array_append_val(log->left, left);
}

/* When one more may leave where at most @most may in @span seconds; @domain NULL: of any. */
static gint64
free_at(const PaceLog *log, gint64 most, gint64 span, const char *domain, gint64 now)
{
	gint64 seen = 0;

	if (most == 0)
		return now;
	for (guint i = log->left->len; i > 0; i--) {
		const Left *left = &g_array_index(log->left, Left, i - 1);

		if (left->at <= now - span)
			break;
		if (domain != NULL && left->domain != domain)
			continue;
		if (++seen == most)
			return left->at + span;
	}
	return now;
}

guint
pace_room(const Pace *pace, const PaceLog *log, const char *address, gint64 now)
{
	const char *domain;
	guint room = (guint)pace->per_domain_minute;

	if (room == 0)
		return G_MAXUINT;
	domain = pace_domain(address);
	for (guint i = log->left->len; i > 0 && room > 0; i--) {
		const Left *left = &g_array_index(log->left, Left, i - 1);

		if (left->at <= now - MINUTE)
			break;
		room -= left->domain == domain ? 1 : 0;
	}
	return room;
}

gint64
pace_next(const Pace *pace, const PaceLog *log, const char *address, gint64 now)
{
	gint64 next = now;

	next = MAX(next, free_at(log, pace->per_second, 1, NULL, now));
	next = MAX(next, free_at(log, pace->per_minute, MINUTE, NULL, now));
	if (pace->per_domain_minute > 0)
		next = MAX(
		    next, free_at(log, pace->per_domain_minute, MINUTE, pace_domain(address), now));
	return pace_open(pace, next);
}

/* Seconds before the last of @count, where @most leave in @span seconds. */
static gint64
spent(guint count, gint64 most, gint64 span)
{
	return most > 0 && count > 0 ? (count - 1) / most * span : 0;
}

gint64
pace_end(const Pace *pace, guint count, guint busiest, gint64 now)
{
	gint64 left = spent(count, pace->per_second, 1);
	gint64 at = pace_open(pace, now);

	left = MAX(left, spent(count, pace->per_minute, MINUTE));
	left = MAX(left, spent(busiest, pace->per_domain_minute, MINUTE));
	while (at != PACE_NEVER) {
		gint64 close = pace_close(pace, at);

		if (close == PACE_NEVER || at + left < close)
			return at + left;
		left -= close - at;
		at = pace_open(pace, close);
	}
	return PACE_NEVER;
}

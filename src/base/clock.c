#include "base/clock.h"

#include "base/lang.h"
#include "base/text.h"

#include <string.h>

#define MONTH_LETTERS 3 /* of a name cut short */

static gint64 frozen = -1;

static gint64
clock_from_environment(const char *text)
{
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) when = NULL;
	gint64 real = g_get_real_time() / G_USEC_PER_SEC;

	if (*text == '+' || *text == '-')
		return real + g_ascii_strtoll(text, NULL, 10);
	when = g_date_time_new_from_iso8601(text, utc);
	return when != NULL ? g_date_time_to_unix(when) : real;
}

gint64
clock_now(void)
{
	const char *text = g_getenv("PLICO_CLOCK");

	if (frozen >= 0)
		return frozen;
	if (text != NULL)
		return clock_from_environment(text);
	return g_get_real_time() / G_USEC_PER_SEC;
}

void
clock_set(gint64 seconds)
{
	frozen = seconds;
}

char *
clock_iso(gint64 seconds)
{
	g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(seconds);

	return g_date_time_format(when, "%Y-%m-%dT%H:%M:%SZ");
}

/* The zone is held for good: GLib reads its file anew for one that nobody holds. */
GDateTime *
clock_rome(gint64 seconds)
{
	static GTimeZone *held;
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(seconds);

	if (g_once_init_enter(&held)) {
		GTimeZone *zone = g_time_zone_new_identifier("Europe/Rome");

		g_once_init_leave(&held, zone != NULL ? zone : g_time_zone_new_utc());
	}
	return g_date_time_to_timezone(utc, held);
}

static gint64
midnight_of(gint64 seconds, gint64 days)
{
	g_autoptr(GDateTime) local = clock_rome(seconds);
	g_autoptr(GDateTime) day = g_date_time_add_days(local, (int)CLAMP(days, -3650, 3650));
	g_autoptr(GDateTime) midnight =
	    g_date_time_new(g_date_time_get_timezone(local), g_date_time_get_year(day),
		g_date_time_get_month(day), g_date_time_get_day_of_month(day), 0, 0, 0);

	return g_date_time_to_unix(midnight);
}

/* One day is asked for again and again, by whoever counts what happened on it. */
gint64
clock_day(gint64 seconds, gint64 days)
{
	static __thread gint64 begin, end;

	if (days != 0)
		return midnight_of(seconds, days);
	if (seconds < begin || seconds >= end) {
		begin = midnight_of(seconds, 0);
		end = midnight_of(seconds, 1);
	}
	return begin;
}

gint64
clock_day_of(const char *text)
{
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autofree char *noon = g_strconcat(text, "T12:00:00", NULL);
	g_autoptr(GDateTime) day =
	    strlen(text) == 10 ? g_date_time_new_from_iso8601(noon, utc) : NULL;

	return day != NULL ? clock_day(g_date_time_to_unix(day), 0) : -1;
}

char *
clock_local(gint64 seconds)
{
	g_autoptr(GDateTime) local = clock_rome(seconds);

	return g_date_time_format(local, "%d/%m/%Y %H:%M");
}

/* --- dates in words ------------------------------------------------------------------------------------------ */

static const struct {
	const char *lang;
	gboolean behind; /* a preposition: where that changes the month */
	const char *month[12];
	const char *first; /* behind the first of a month */
	const char *day;   /* behind the others */
} calendars[] = {
	{ "it", FALSE,
	    { "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto",
		"settembre", "ottobre", "novembre", "dicembre" },
	    "º", "" },
	{ "de", FALSE, /* as in Alto Adige */
	    { "Jänner", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
		"Oktober", "November", "Dezember" },
	    ".", "." },
	{ "fr", FALSE,
	    { "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
		"octobre", "novembre", "décembre" },
	    "er", "" },
	{ "sl", FALSE,
	    { "januar", "februar", "marec", "april", "maj", "junij", "julij", "avgust", "september",
		"oktober", "november", "december" },
	    ".", "." },
	{ "sl", TRUE,
	    { "januarja", "februarja", "marca", "aprila", "maja", "junija", "julija", "avgusta",
		"septembra", "oktobra", "novembra", "decembra" },
	    ".", "." },
};

static char *
long_date(gint64 seconds, const char *lang, gboolean behind)
{
	g_autoptr(GDateTime) local = clock_rome(seconds);
	int day = g_date_time_get_day_of_month(local);
	const char *first = lang_first(lang);
	gsize pick = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(calendars); i++)
		if (strcmp(calendars[i].lang, first) == 0 && (behind || !calendars[i].behind))
			pick = i;
	return g_strdup_printf("%d%s %s %d", day,
	    day == 1 ? calendars[pick].first : calendars[pick].day,
	    calendars[pick].month[g_date_time_get_month(local) - 1], g_date_time_get_year(local));
}

char *
clock_long_date(gint64 seconds, const char *lang)
{
	return long_date(seconds, lang, FALSE);
}

char *
clock_until(gint64 seconds, const char *lang)
{
	return long_date(seconds, lang, TRUE);
}

guint
clock_month(const char *word)
{
	g_autofree char *folded = text_fold(word);
	guint found = 0;

	if (strlen(folded) < MONTH_LETTERS)
		return 0;
	for (gsize i = 0; i < G_N_ELEMENTS(calendars); i++) {
		for (guint month = 1; month <= 12; month++) {
			g_autofree char *name = text_fold(calendars[i].month[month - 1]);

			if (!g_str_has_prefix(name, folded))
				continue;
			if (found != 0 && found != month)
				return 0;
			found = month;
		}
	}
	return found;
}

#include "base/clock.h"

#include "base/lang.h"

#include <string.h>

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

char *
clock_local(gint64 seconds)
{
	g_autoptr(GDateTime) local = clock_rome(seconds);

	return g_date_time_format(local, "%d/%m/%Y %H:%M");
}

char *
clock_long_date(gint64 seconds, const char *lang)
{
	static const struct {
		const char *lang;
		const char *month[12];
		const char *first; /* behind the first of a month */
		const char *day;   /* behind the others */
	} table[] = {
		{ "it",
		    { "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio",
			"agosto", "settembre", "ottobre", "novembre", "dicembre" },
		    "º", "" },
		{ "de",
		    { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August",
			"September", "Oktober", "November", "Dezember" },
		    ".", "." },
		{ "fr",
		    { "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
			"septembre", "octobre", "novembre", "décembre" },
		    "er", "" },
		{ "sl",
		    { "januar", "februar", "marec", "april", "maj", "junij", "julij", "avgust",
			"september", "oktober", "november", "december" },
		    ".", "." },
	};
	g_autoptr(GDateTime) local = clock_rome(seconds);
	int day = g_date_time_get_day_of_month(local);
	const char *first = lang_first(lang);
	gsize pick = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
		if (strcmp(table[i].lang, first) == 0)
			pick = i;
	return g_strdup_printf("%d%s %s %d", day, day == 1 ? table[pick].first : table[pick].day,
	    table[pick].month[g_date_time_get_month(local) - 1], g_date_time_get_year(local));
}

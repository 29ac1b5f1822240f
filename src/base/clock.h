/* The only source of time: settable, so that a reminder test can live in October. */
#ifndef PLICO_BASE_CLOCK_H
#define PLICO_BASE_CLOCK_H

#include <glib.h>

/* Now, in seconds of Unix time. The environment variable PLICO_CLOCK (ISO 8601, or +N / -N seconds
 * beside the real time) sets it for a whole process; clock_set() for a test. */
gint64 clock_now(void);

/* Freezes the clock at @seconds; a negative value lets it run again. */
void clock_set(gint64 seconds);

/* @seconds as "2025-10-17T08:30:00Z". Returns: (transfer full) */
char *clock_iso(gint64 seconds);

/* @seconds on the clocks of Rome. Returns: (transfer full) */
GDateTime *clock_rome(gint64 seconds);

/* When, on the clocks of Rome, the day begins that is @days behind that of @seconds. */
gint64 clock_day(gint64 seconds, gint64 days);
/* When the day written "2025-10-18" begins there; -1 where @text is no such day. */
gint64 clock_day_of(const char *text);

/* @seconds in Rome, "17/10/2025 10:30". Returns: (transfer full) */
char *clock_local(gint64 seconds);

/* @seconds in Rome as "17 ottobre 2025" or "1º ottobre 2025", for letters. @lang: as in lang.h, of two the first.
 * Returns: (transfer full) */
char *clock_long_date(gint64 seconds, const char *lang);
/* The same behind a preposition, "until": in Slovene "18. oktobra 2025". Returns: (transfer full) */
char *clock_until(gint64 seconds, const char *lang);

/* The month, from 1, that @word names in any of the languages, or begins with three letters or more, whatever its case
 * and accents; 0 where it is none or could be two ("jui" is juin and juillet). */
guint clock_month(const char *word);

#endif

/*
 * When the next message may leave: so many a second, a minute, a minute and domain; by the days and hours of pace.* on the
 * clocks of Rome. Pure: the time is an argument, in seconds of Unix time.
 */
#ifndef PLICO_SEND_PACE_H
#define PLICO_SEND_PACE_H

#include "base/config.h"

#define PACE_NEVER G_MAXINT64

typedef struct Pace Pace;	/* the rules */
typedef struct PaceLog PaceLog; /* what has left in the last minute */

/* Reads pace.*. Returns: (transfer full), NULL with PLICO_ERROR_CONFIG, the key and what is wrong in it */
Pace *pace_new(const Config *config, GError **error);
void pace_free(Pace *pace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pace, pace_free)

/* Whether messages are counted at all; whether there are days or hours without any. */
gboolean pace_is_limited(const Pace *pace);
gboolean pace_has_calendar(const Pace *pace);

/* The first second from @now on at which the calendar lets messages leave; PACE_NEVER where there is none in two years. */
gint64 pace_open(const Pace *pace, gint64 now);
/* The first second behind @now, which is open, at which it does not; PACE_NEVER likewise. */
gint64 pace_close(const Pace *pace, gint64 now);

PaceLog *pace_log_new(void);
void pace_log_free(PaceLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PaceLog, pace_log_free)
/* A message to @address left at @now, not before those noted so far. */
void pace_log_add(PaceLog *log, const char *address, gint64 now);

/* The domain of @address, one pointer for each. Returns: (transfer none) */
const char *pace_domain(const char *address);
/* How many more may leave to the domain of @address in the minute up to @now; G_MAXUINT: any number. */
guint pace_room(const Pace *pace, const PaceLog *log, const char *address, gint64 now);

/* The first second from @now on at which a message to @address may leave after those of @log. */
gint64 pace_next(const Pace *pace, const PaceLog *log, const char *address, gint64 now);

/* When the last of @count messages will have left, at most @busiest of them to one domain, if nothing but the pace holds
 * them back: where messages are not counted, when the first may. */
gint64 pace_end(const Pace *pace, guint count, guint busiest, gint64 now);

/* Whether @date is a national holiday: the law 260/1949 with its amendments, Easter Sunday and Monday, and from 2026 the
 * 4th of October (law 151/2025). */
gboolean pace_is_holiday(const GDate *date);

#endif

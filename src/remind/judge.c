/* The rules, in the order in which they are asked. Pure. */
#include "remind/remind.h"

#include "base/clock.h"

#include <string.h>

typedef struct {
	const RemindFacts *facts;
	const RemindRules *rules;
	gint64 now;
	gint64 due;
} Case;

static gboolean
is(const char *text, const char *const *words)
{
	return g_strv_contains(words, text);
}

static gboolean
is_done(const Case *this)
{
	static const char *const closed[] = { "completed", "declined", "excluded", NULL };

	return is(this->facts->state, closed);
}

static gboolean
is_undelivered(const Case *this)
{
	return strcmp(this->facts->delivery, "undelivered") == 0;
}

/* Whoever has answered a part has got the letter, whatever the outbox knows of it. */
static gboolean
is_not_invited(const Case *this)
{
	static const char *const absent[] = { "not_sent", "queued", "unknown", NULL };

	return this->facts->last_contact == 0 || (strcmp(this->facts->state, "never_opened") == 0 &&
						     is(this->facts->delivery, absent));
}

static gboolean
is_on_its_way(const Case *this)
{
	return this->facts->on_its_way;
}

static gboolean
has_enough(const Case *this)
{
	return this->facts->reminders >= this->rules->maximum;
}

static gboolean
is_too_early(const Case *this)
{
	return this->now < this->due;
}

static gboolean
has_begun(const Case *this)
{
	return strcmp(this->facts->state, "in_progress") == 0;
}

static gboolean
is_silent(const Case *this)
{
	return strcmp(this->facts->state, "never_opened") == 0;
}

static const struct {
	gboolean (*holds)(const Case *this);
	RemindVerdict verdict;
} questions[] = {
	{ is_done, REMIND_DONE },
	{ is_undelivered, REMIND_UNDELIVERED },
	{ is_on_its_way, REMIND_ON_ITS_WAY },
	{ is_not_invited, REMIND_NOT_INVITED },
	{ has_enough, REMIND_ENOUGH },
	{ is_too_early, REMIND_TOO_EARLY },
	{ has_begun, REMIND_IN_PROGRESS },
	{ is_silent, REMIND_NEVER_OPENED },
};

/* The same time of day so many days later in Rome: a day on which the clock changes is a day like others. */
static gint64
add_days(gint64 seconds, gint64 days)
{
	g_autoptr(GDateTime) local = clock_rome(seconds);
	g_autoptr(GDateTime) later = g_date_time_add_days(local, (int)CLAMP(days, 0, 3650));

	return g_date_time_to_unix(later);
}

RemindVerdict
remind_judge(const RemindFacts *facts, const RemindRules *rules, gint64 now, gint64 *out_due)
{
	Case this = { facts, rules, now, 0 };

	if (facts->last_contact > 0)
		this.due = add_days(facts->last_contact, rules->distance_days);
	for (gsize i = 0; i < G_N_ELEMENTS(questions); i++) {
		RemindVerdict verdict = questions[i].verdict;

		if (!questions[i].holds(&this))
			continue;
		*out_due = verdict == REMIND_TOO_EARLY || verdict == REMIND_IN_PROGRESS ||
				   verdict == REMIND_NEVER_OPENED
			       ? this.due
			       : 0;
		return verdict;
	}
	g_error("remind: the unknown state %s", facts->state);
}

const char *
remind_verdict_name(RemindVerdict verdict)
{
	static const char *const names[REMIND_VERDICTS] = {
		[REMIND_NEVER_OPENED] = "never_opened",
		[REMIND_IN_PROGRESS] = "in_progress",
		[REMIND_WITH_US] = "with_us",
		[REMIND_TOO_EARLY] = "too_early",
		[REMIND_ON_ITS_WAY] = "on_its_way",
		[REMIND_ENOUGH] = "enough",
		[REMIND_NOT_INVITED] = "not_invited",
		[REMIND_UNDELIVERED] = "undelivered",
		[REMIND_DONE] = "done",
	};

	return names[verdict];
}

/* The rules, in the order in which they are asked. Pure. */
#include "remind/remind.h"

#include "base/clock.h"

#include <string.h>

typedef struct {
	const RemindFacts *facts;
	const RemindRules *rules;
	gint64 now;
	gint64 due; /* of the policy that was asked last */
} Case;

static gboolean
is(const char *text, const char *const *words)
{
	return g_strv_contains(words, text);
}

/* The same time of day so many days later in Rome: a day on which the clock changes is a day like others. */
static gint64
add_days(gint64 seconds, gint64 days)
{
	g_autoptr(GDateTime) local = clock_rome(seconds);
	g_autoptr(GDateTime) later = g_date_time_add_days(local, (int)CLAMP(days, 0, 3650));

	return g_date_time_to_unix(later);
}

/* @when, or the begin of the next day on which messages leave. */
static gint64
working_day(const RemindRules *rules, gint64 when)
{
	gint64 open;

	if (rules->pace == NULL)
		return when;
	open = pace_open(rules->pace, clock_day(when, 0));
	return open < clock_day(when, 1) ? when : open;
}

/* Sets when @policy may write: not before @from. */
static void
set_due(Case *this, RemindVerdict policy, gint64 from)
{
	const RemindFacts *facts = this->facts;
	gint64 contact = 0;
	gint64 today;

	if (facts->last_contact > 0 && policy != REMIND_SECOND_ADDRESS)
		contact =
		    add_days(facts->last_contact, this->rules->policies[policy].distance_days);
	this->due = working_day(this->rules, MAX(contact, from));
	today = working_day(this->rules, this->now);
	if (this->due <= this->now && today > this->now) /* nothing leaves today */
		this->due = today;
}

/* From @since, when what calls for it came about. */
static RemindVerdict
ask_policy(Case *this, RemindVerdict policy, gint64 since)
{
	const RemindPolicy *rule = &this->rules->policies[policy];

	if (!rule->on)
		return REMIND_OFF;
	if (this->facts->had[policy] >= rule->maximum)
		return REMIND_ENOUGH;
	set_due(this, policy, since > 0 ? add_days(since, rule->first_days) : 0);
	return this->now < this->due ? REMIND_TOO_EARLY : policy;
}

static gboolean
is_done(const RemindFacts *facts)
{
	static const char *const closed[] = { "completed", "declined", "excluded", NULL };

	return is(facts->state, closed);
}

/* Whoever has answered a part has got the letter, whatever the outbox knows of it. */
static gboolean
is_not_invited(const RemindFacts *facts)
{
	static const char *const absent[] = { "not_sent", "queued", "unknown", NULL };

	return facts->last_contact == 0 ||
	       (strcmp(facts->state, "never_opened") == 0 && is(facts->delivery, absent));
}

static gboolean
is_late(const Case *this)
{
	return this->rules->over_from >= 0 && this->now >= this->rules->over_from;
}

static RemindVerdict
ask_second_address(Case *this)
{
	RemindVerdict verdict;

	if (!this->facts->reachable)
		return REMIND_UNDELIVERED;
	if (is_late(this))
		return REMIND_LATE;
	verdict = ask_policy(this, REMIND_SECOND_ADDRESS, this->facts->failed);
	return verdict == REMIND_OFF || verdict == REMIND_ENOUGH ? REMIND_UNDELIVERED : verdict;
}

static gboolean
is_called(const Case *this)
{
	const RemindRules *rules = this->rules;

	return rules->policies[REMIND_LAST_CALL].on && rules->calls_from >= 0 &&
	       this->now >= rules->calls_from;
}

static RemindVerdict
ask_last_call(Case *this)
{
	if (this->facts->called)
		return REMIND_ENOUGH;
	set_due(this, REMIND_LAST_CALL, this->rules->calls_from);
	if (this->due >= this->rules->over_from)
		return REMIND_LATE;
	return this->now < this->due ? REMIND_TOO_EARLY : REMIND_LAST_CALL;
}

/* What the unit is asked for: first what is wrong, since whoever wrote it still knows. */
static RemindVerdict
ask_reminder(Case *this)
{
	const RemindFacts *facts = this->facts;
	gboolean silent = strcmp(facts->state, "never_opened") == 0;
	RemindVerdict verdict;

	if (facts->wrong > 0) {
		verdict = ask_policy(this, REMIND_WRONG_ANSWERS, facts->wrong);
		if (verdict != REMIND_OFF && verdict != REMIND_ENOUGH)
			return verdict;
	}
	if (is_late(this))
		return REMIND_LATE;
	if (is_called(this))
		return ask_last_call(this);
	if (facts->reminders >= this->rules->maximum)
		return REMIND_ENOUGH;
	return silent ? ask_policy(this, REMIND_NEVER_OPENED, facts->invited)
		      : ask_policy(this, REMIND_IN_PROGRESS, facts->last_sign);
}

static RemindVerdict
ask(Case *this)
{
	static const char *const open[] = { "never_opened", "in_progress", NULL };
	const RemindFacts *facts = this->facts;

	if (is_done(facts))
		return REMIND_DONE;
	if (!is(facts->state, open))
		g_error("remind: the unknown state %s", facts->state);
	if (facts->on_its_way)
		return REMIND_ON_ITS_WAY;
	if (strcmp(facts->delivery, "undelivered") == 0)
		return ask_second_address(this);
	if (is_not_invited(facts))
		return REMIND_NOT_INVITED;
	return ask_reminder(this);
}

RemindVerdict
remind_judge(const RemindFacts *facts, const RemindRules *rules, gint64 now, gint64 *out_due)
{
	Case this = { facts, rules, now, 0 };
	RemindVerdict verdict = ask(&this);

	*out_due = verdict < REMIND_POLICIES || verdict == REMIND_TOO_EARLY ? this.due : 0;
	return verdict;
}

static const char *const names[REMIND_VERDICTS] = {
	[REMIND_NEVER_OPENED] = "never_opened",
	[REMIND_IN_PROGRESS] = "in_progress",
	[REMIND_SECOND_ADDRESS] = "second_address",
	[REMIND_WRONG_ANSWERS] = "wrong_answers",
	[REMIND_LAST_CALL] = "last_call",
	[REMIND_WITH_US] = "with_us",
	[REMIND_TOO_EARLY] = "too_early",
	[REMIND_ON_ITS_WAY] = "on_its_way",
	[REMIND_ENOUGH] = "enough",
	[REMIND_OFF] = "off",
	[REMIND_LATE] = "late",
	[REMIND_NOT_INVITED] = "not_invited",
	[REMIND_UNDELIVERED] = "undelivered",
	[REMIND_DONE] = "done",
};

const char *
remind_verdict_name(RemindVerdict verdict)
{
	return names[verdict];
}

RemindVerdict
remind_policy_find(const char *name)
{
	for (gsize i = 0; i < REMIND_POLICIES; i++)
		if (strcmp(names[i], name) == 0)
			return (RemindVerdict)i;
	return REMIND_POLICIES;
}

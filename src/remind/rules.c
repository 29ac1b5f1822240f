/* The policies as plico.conf has them. */
#include "remind/remind.h"

#include "base/clock.h"
#include "base/error.h"

#include <string.h>

#define BACK_MAX 30 /* days that a last call moves forward to find one on which messages leave */

/* The keys of each policy; CONFIG_KEYS: it has none. */
static const struct {
	ConfigKey on, distance_days, first_days, maximum;
} keys[REMIND_POLICIES] = {
	[REMIND_NEVER_OPENED] = { CONFIG_remind_never_opened_on,
	    CONFIG_remind_never_opened_distance_days, CONFIG_remind_never_opened_first_days,
	    CONFIG_remind_never_opened_maximum },
	[REMIND_IN_PROGRESS] = { CONFIG_remind_in_progress_on,
	    CONFIG_remind_in_progress_distance_days, CONFIG_remind_in_progress_first_days,
	    CONFIG_remind_in_progress_maximum },
	[REMIND_SECOND_ADDRESS] = { CONFIG_remind_second_address_on, CONFIG_KEYS,
	    CONFIG_remind_second_address_first_days, CONFIG_remind_second_address_maximum },
	[REMIND_WRONG_ANSWERS] = { CONFIG_remind_wrong_answers_on,
	    CONFIG_remind_wrong_answers_distance_days, CONFIG_remind_wrong_answers_first_days,
	    CONFIG_remind_wrong_answers_maximum },
	[REMIND_LAST_CALL] = { CONFIG_remind_last_call_on, CONFIG_remind_last_call_distance_days,
	    CONFIG_KEYS, CONFIG_KEYS },
};

static gint64
number(const Config *config, ConfigKey key, gint64 otherwise)
{
	return key < CONFIG_KEYS ? config_int(config, key) : otherwise;
}

static void
read_policies(RemindRules *rules, const Config *config)
{
	gint64 distance = config_int(config, CONFIG_remind_distance_days);

	rules->maximum = config_int(config, CONFIG_remind_maximum);
	for (gsize i = 0; i < REMIND_POLICIES; i++) {
		RemindPolicy *policy = &rules->policies[i];

		policy->on = strcmp(config_text(config, keys[i].on), "yes") == 0;
		policy->distance_days = number(config, keys[i].distance_days, 0);
		policy->first_days = number(config, keys[i].first_days, 0);
		policy->maximum = number(config, keys[i].maximum, 1);
		if (policy->distance_days == 0 && i != REMIND_LAST_CALL)
			policy->distance_days = distance;
		if (policy->maximum == 0)
			policy->maximum = rules->maximum;
	}
}

/* So many days before the deadline; where nothing leaves from then on to its end, on the last day before on which something
 * does. */
static gint64
first_call(const RemindRules *rules, gint64 deadline, gint64 days)
{
	gint64 from = clock_day(deadline, -days);

	for (int i = 0; i < BACK_MAX && rules->pace != NULL; i++) {
		gint64 day = clock_day(from, -i);

		if (pace_open(rules->pace, day) < rules->over_from)
			return day;
	}
	return from;
}

static gboolean
read_deadline(RemindRules *rules, const Config *config, GError **error)
{
	const char *text = config_text(config, CONFIG_survey_deadline);
	gint64 deadline = *text != '\0' ? clock_day_of(text) : -1;

	rules->calls_from = -1;
	rules->over_from = -1;
	if (*text == '\0')
		return TRUE;
	if (deadline < 0)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("survey.deadline = %s: a day as 2025-10-18 is expected"), text);
	rules->over_from = clock_day(deadline, 1);
	rules->calls_from =
	    first_call(rules, deadline, config_int(config, CONFIG_remind_last_call_days_before));
	return TRUE;
}

static gboolean
read_roles(RemindRules *rules, const Config *config, GError **error)
{
	static const char *const roles[] = { "mayor", "delegate", "secretary", "rtd", "it",
		"protocol", NULL };
	const char *text = config_text(config, CONFIG_remind_escalate_to);
	g_auto(GStrv) words = g_strsplit_set(text, " ,", 0);
	g_autoptr(GStrvBuilder) found = g_strv_builder_new();

	for (gsize i = 0; words[i] != NULL; i++) {
		if (*words[i] == '\0')
			continue;
		if (!g_strv_contains(roles, words[i]))
			return fail(error, PLICO_ERROR_CONFIG,
			    _("remind.escalate_to = %s: %s is no role; there are mayor, delegate, secretary, rtd, it, protocol"),
			    text, words[i]);
		g_strv_builder_add(found, words[i]);
	}
	rules->escalate_after = config_int(config, CONFIG_remind_escalate_after);
	rules->escalate_to = g_strv_builder_end(found);
	return TRUE;
}

RemindRules *
remind_rules_new(const Config *config, GError **error)
{
	g_autoptr(RemindRules) rules = g_new0(RemindRules, 1);

	rules->pace = pace_new(config, error);
	if (rules->pace == NULL)
		return NULL;
	if (!pace_has_calendar(rules->pace))
		g_clear_pointer(&rules->pace, pace_free);
	read_policies(rules, config);
	if (!read_deadline(rules, config, error) || !read_roles(rules, config, error))
		return NULL;
	return g_steal_pointer(&rules);
}

void
remind_rules_free(RemindRules *rules)
{
	if (rules == NULL)
		return;
	g_clear_pointer(&rules->pace, pace_free);
	g_strfreev(rules->escalate_to);
	g_free(rules);
}

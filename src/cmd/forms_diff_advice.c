/* What a difference between two editions does to last year's answers and to comparisons, and what to do about it. */
#include "cmd/forms_diff.h"

#include "base/error.h"

#include <string.h>

/* What memoria says of a question of this edition: q5_13@2024. Returns: (transfer full) */
static char *
memory_of(const Form *form, const char *name)
{
	const char *hyphen = strrchr(form->id, '-');

	return g_strdup_printf("%s@%s", name, hyphen != NULL ? hyphen + 1 : form->id);
}

static char *
advice_on_lost(const Editions *editions, const Change *change)
{
	g_autofree char *memory = memory_of(editions->before, change->before->name);

	return g_strdup_printf(
	    _("its answers stay in the data of %s. If another question takes its place, write %s in that one's memoria"),
	    editions->before->id, memory);
}

static char *
advice_on_looks(const Editions *editions, const Change *change)
{
	g_autofree char *memory = memory_of(editions->before, change->from);

	return g_strdup_printf(
	    _("if it is the same question, write %s in its memoria, or give it back its name: as it is, last year's answer is not printed and the two years are two questions"),
	    memory);
}

static char *
advice_on_type(const Change *change)
{
	return g_strdup(
	    (change->harm & HARM_MEMORY) == 0
		? _("another kind of answer: compare the two years with care")
	    : (change->harm & HARM_COMPARISON) == 0
		? _("last year's answers may not fit: those cannot be printed")
		: _("another kind of answer: last year's cannot all be printed, nor be compared. Better a new name, without memoria"));
}

static char *
advice_on_option_lost(const Editions *editions, const Change *change)
{
	return g_strdup_printf(
	    (change->harm & HARM_MEMORY) != 0
		? _("answers of %s may have it («%s»): they cannot be printed again, and before comparing it must be joined with another. Better keep it")
		: _("answers of %s may have it («%s»): before comparing, join it with another"),
	    editions->before->id, change->option);
}

static char *
advice_on_option_name(const Change *change)
{
	return g_strdup_printf(
	    _("the name is what the data hold: write %s again and change only the label, or last year's answers with it are lost to this one"),
	    change->from);
}

char *
change_advice(const Editions *editions, const Change *change)
{
	if (change->harm == HARM_NONE)
		return g_strdup("");
	switch (change->kind) {
	case CHANGE_REMOVED:
		return advice_on_lost(editions, change);
	case CHANGE_LOOKS_RENAMED:
		return advice_on_looks(editions, change);
	case CHANGE_NAME_REUSED:
		return g_strdup_printf(
		    _("the column %s holds another question in each year: give it a name of its own"),
		    change->after->name);
	case CHANGE_SOURCE_MISSING:
		return g_strdup(
		    _("nothing of last year is printed: correct the name or the edition"));
	case CHANGE_TYPE:
		return advice_on_type(change);
	case CHANGE_AUDIENCE:
	case CHANGE_CONDITION:
		return g_strdup(_("compare only the towns that are asked in both years"));
	case CHANGE_CALCULATION:
		return g_strdup(_(
		    "who is asked what may have changed: look with `plico forms show --population N`"));
	case CHANGE_OPTION_REMOVED:
		return advice_on_option_lost(editions, change);
	case CHANGE_OPTION_LOOKS_RENAMED:
		return advice_on_option_name(change);
	case CHANGE_OPTION_ADDED:
		return g_strdup(_(
		    "a ranking of last year lacks it: it cannot be printed, and positions do not compare"));
	default: /* a check, a choice filter, an exclusive option */
		return g_strdup(_(
		    "last year's answer is printed and may break the new rule: make sure that it holds for what was right then"));
	}
}

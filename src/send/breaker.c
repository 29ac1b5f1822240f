#include "send/breaker.h"

#include "base/error.h"

#include <string.h>

struct Breaker {
	GPtrArray *held;    /* of Dispatch */
	GPtrArray *replies; /* of char *, one for each */
	char *codes;	    /* (nullable): of those held */
	gboolean tripped;
	guint lines;
	guint doubts;
};

Breaker *
breaker_new(void)
{
	Breaker *breaker = g_new0(Breaker, 1);

	breaker->held = g_ptr_array_new_with_free_func((GDestroyNotify)dispatch_free);
	breaker->replies = g_ptr_array_new_with_free_func(g_free);
	return breaker;
}

void
breaker_free(Breaker *breaker)
{
	if (breaker == NULL)
		return;
	g_ptr_array_unref(breaker->held);
	g_ptr_array_unref(breaker->replies);
	g_free(breaker->codes);
	g_free(breaker);
}

/* "550 5.1.1" of "550 5.1.1 No such user", "550" of "550 No such user": the text may name the recipient. */
static char *
codes_of(const char *reply)
{
	g_auto(GStrv) words = g_strsplit(reply, " ", 3);
	gboolean enhanced = words[0] != NULL && words[1] != NULL &&
			    g_regex_match_simple("^[245]\\.[0-9]+\\.[0-9]+$", words[1], 0, 0);

	return enhanced ? g_strdup_printf("%s %s", words[0], words[1])
			: g_strdup(words[0] != NULL ? words[0] : "");
}

gboolean
breaker_same(const Breaker *breaker, const char *reply)
{
	g_autofree char *codes = codes_of(reply);

	return breaker->held->len == 0 || strcmp(codes, breaker->codes) == 0;
}

gboolean
breaker_hold(Breaker *breaker, Dispatch *dispatch, const char *reply, GError **error)
{
	g_ptr_array_add(breaker->held, dispatch);
	g_ptr_array_add(breaker->replies, g_strdup(reply));
	g_free(breaker->codes);
	breaker->codes = codes_of(reply);
	if (breaker->held->len < BREAKER_REFUSALS)
		return TRUE;
	breaker->tripped = TRUE;
	return fail(error, PLICO_ERROR_UNAVAILABLE,
	    _("the server refused %d recipients in a row with the same words: %s; none of them is marked and nothing more was sent. Ask the provider; if the addresses are wrong indeed, `plico wave send --limit %d` records it"),
	    BREAKER_REFUSALS, reply, BREAKER_REFUSALS - 1);
}

Dispatch *
breaker_take(Breaker *breaker, char **reply)
{
	if (breaker->held->len == 0)
		return NULL;
	*reply = g_ptr_array_steal_index(breaker->replies, 0);
	return g_ptr_array_steal_index(breaker->held, 0);
}

gboolean
breaker_tripped(const Breaker *breaker)
{
	return breaker->tripped;
}

gboolean
breaker_watch(Breaker *breaker, Outcome outcome, const char *reply, GError **error)
{
	gboolean closed = outcome == OUTCOME_DEFERRED && g_str_has_prefix(reply, "421");

	if (outcome == OUTCOME_SENT)
		breaker->lines = 0;
	breaker->lines += outcome == OUTCOME_UNKNOWN || closed ? 1 : 0;
	breaker->doubts += outcome == OUTCOME_UNKNOWN ? 1 : 0;
	if (breaker->lines >= BREAKER_LINES)
		return fail(error, PLICO_ERROR_UNAVAILABLE,
		    _("%d messages in a row ended with the line (%s); nothing more was sent. Ask the provider, then look at `plico wave show`"),
		    BREAKER_LINES, reply);
	if (breaker->doubts >= BREAKER_DOUBTS)
		return fail(error, PLICO_ERROR_UNAVAILABLE,
		    _("%d messages of this run got no reply to their last byte, and nobody knows whether they arrived; nothing more was sent. Ask the provider, then look at `plico wave show`"),
		    BREAKER_DOUBTS);
	return TRUE;
}

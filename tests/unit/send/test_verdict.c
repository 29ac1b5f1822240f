/* What the replies to one message mean: the table, line by line. */
#include "send/verdict.h"

#define NONE                                                                                       \
	{                                                                                          \
		0                                                                                  \
	}
#define CODE(code)                                                                                 \
	{                                                                                          \
		(code), 0, 0, 0                                                                    \
	}

static void
test_table(void)
{
	static const struct {
		Seen seen;
		Verdict verdict;
	} table[] = {
		/* mail, rcpt, data, completed, ended */
		{ { CODE(250), CODE(250), CODE(250), TRUE, TRUE }, VERDICT_ACCEPTED },
		{ { CODE(250), CODE(251), CODE(200), TRUE, TRUE }, VERDICT_ACCEPTED },
		/* the recipient first */
		{ { CODE(250), CODE(550), CODE(250), TRUE, TRUE }, VERDICT_PERM },
		{ { CODE(250), CODE(450), CODE(250), TRUE, TRUE }, VERDICT_TEMP },
		{ { CODE(250), CODE(450), CODE(554), TRUE, FALSE }, VERDICT_TEMP },
		{ { CODE(250), CODE(421), NONE, FALSE, FALSE }, VERDICT_TEMP },
		/* then MAIL */
		{ { CODE(550), NONE, NONE, FALSE, FALSE }, VERDICT_PERM },
		{ { CODE(451), NONE, NONE, FALSE, FALSE }, VERDICT_TEMP },
		{ { CODE(421), NONE, NONE, FALSE, FALSE }, VERDICT_UNSENT }, /* of the line alone */
		/* nothing was said of the recipient */
		{ { CODE(250), NONE, NONE, FALSE, FALSE }, VERDICT_UNSENT },
		{ { NONE, NONE, NONE, FALSE, FALSE }, VERDICT_UNSENT },
		{ { CODE(250), NONE, CODE(250), TRUE, TRUE }, VERDICT_UNSENT },
		/* the line was lost behind the dot: no code is to be believed */
		{ { CODE(250), CODE(250), NONE, FALSE, TRUE }, VERDICT_IN_DOUBT },
		{ { CODE(250), CODE(250), CODE(250), FALSE, TRUE }, VERDICT_IN_DOUBT },
		{ { CODE(250), CODE(250), CODE(354), FALSE, TRUE }, VERDICT_IN_DOUBT },
		{ { CODE(250), CODE(250), CODE(354), TRUE, TRUE }, VERDICT_IN_DOUBT },
		{ { CODE(250), CODE(250), NONE, TRUE, TRUE }, VERDICT_IN_DOUBT },
		/* and before it */
		{ { CODE(250), CODE(250), NONE, FALSE, FALSE }, VERDICT_UNSENT },
		{ { CODE(250), CODE(250), CODE(354), FALSE, FALSE }, VERDICT_UNSENT },
		{ { CODE(250), CODE(250), NONE, TRUE, FALSE }, VERDICT_UNSENT },
		/* the end of data was refused */
		{ { CODE(250), CODE(250), CODE(554), TRUE, TRUE }, VERDICT_PERM },
		{ { CODE(250), CODE(250), CODE(451), TRUE, TRUE }, VERDICT_TEMP },
		{ { CODE(250), CODE(250), CODE(421), TRUE, TRUE }, VERDICT_TEMP },
		{ { CODE(250), CODE(250), { 552, 5, 2, 2 }, TRUE, TRUE }, VERDICT_PERM },
		/* everybody would get this */
		{ { CODE(530), NONE, NONE, FALSE, FALSE }, VERDICT_FAULT },
		{ { CODE(535), NONE, NONE, FALSE, FALSE }, VERDICT_FAULT },
		{ { CODE(250), CODE(538), NONE, FALSE, FALSE }, VERDICT_FAULT },
		{ { CODE(250), { 550, 5, 7, 0 }, NONE, FALSE, FALSE }, VERDICT_FAULT },
		{ { { 554, 5, 7, 8 }, NONE, NONE, FALSE, FALSE }, VERDICT_FAULT },
		{ { { 454, 4, 7, 0 }, NONE, NONE, FALSE, FALSE }, VERDICT_FAULT },
		{ { CODE(250), CODE(250), { 552, 5, 3, 4 }, TRUE, TRUE }, VERDICT_FAULT },
		{ { { 552, 5, 3, 4 }, NONE, NONE, FALSE, FALSE }, VERDICT_FAULT },
		/* and this not */
		{ { CODE(250), { 550, 5, 7, 1 }, NONE, FALSE, FALSE }, VERDICT_PERM },
		{ { CODE(250), CODE(454), NONE, FALSE, FALSE }, VERDICT_TEMP },
		{ { CODE(250), CODE(552), NONE, FALSE, FALSE }, VERDICT_PERM },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		const Reply *reply;

		g_assert_cmpint(verdict_of(&table[i].seen, &reply), ==, table[i].verdict);
	}
}

static void
test_reply(void)
{
	const Seen refused = { CODE(250), CODE(550), CODE(554), TRUE, FALSE };
	const Seen doubt = { CODE(250), CODE(250), CODE(354), FALSE, TRUE };
	const Reply *reply;

	(void)verdict_of(&refused, &reply);
	g_assert_true(reply == &refused.rcpt);
	(void)verdict_of(&doubt, &reply);
	g_assert_null(reply);
}

/* Whatever the replies are: accepted only on a completed 2yz for an accepted recipient, and once the dot may have left
 * nothing is called unsent that was not refused. */
static void
test_all_combinations(void)
{
	static const int codes[] = { 0, 220, 250, 354, 421, 450, 530, 550, 599 };
	guint n = 0;

	for (guint i = 0; i < 9 * 9 * 9 * 4; i++) {
		const Seen seen = { CODE(codes[i % 9]), CODE(codes[i / 9 % 9]),
			CODE(codes[i / 81 % 9]), (i / 729 & 1) != 0, (i / 729 & 2) != 0 };
		const Reply *reply;
		Verdict verdict = verdict_of(&seen, &reply);

		if (verdict == VERDICT_ACCEPTED)
			g_assert_true(seen.completed && seen.data.code / 100 == 2 &&
				      seen.rcpt.code / 100 == 2);
		if (verdict == VERDICT_UNSENT && seen.ended)
			g_assert_cmpint(seen.rcpt.code / 100, !=, 2);
		n++;
	}
	g_assert_cmpuint(n, ==, 2916);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/send/verdict/each-line-of-the-table", test_table);
	g_test_add_func("/send/verdict/it-names-the-reply-it-rests-on", test_reply);
	g_test_add_func(
	    "/send/verdict/no-combination-is-accepted-or-unsent-wrongly", test_all_combinations);
	return g_test_run();
}

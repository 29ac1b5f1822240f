#include "rehearse/behaviour.h"

#include <string.h>

static void
test_shares(void)
{
	guint sum = 0;
	guint answering = 0;

	for (gsize i = 0; behaviours[i].name != NULL; i++) {
		sum += behaviours[i].share;
		if (behaviours[i].sends == SENDS_PART || behaviours[i].sends == SENDS_ALL ||
		    behaviours[i].later != LATER_NOTHING)
			answering += behaviours[i].share;
		for (gsize j = 0; j < i; j++)
			g_assert_cmpstr(behaviours[i].name, !=, behaviours[j].name);
	}
	g_assert_cmpuint(sum, ==, 1000);
	g_assert_cmpuint(answering, ==, 210);
}

/* Of 10,000 units every kind has about its share. */
static void
test_fair(void)
{
	guint count[64] = { 0 };

	for (guint unit = 0; unit < 10000; unit++) {
		g_autofree char *code = g_strdup_printf("X%04u", unit);

		count[behaviour_of(7, code) - behaviours]++;
	}
	for (gsize i = 0; behaviours[i].name != NULL; i++) {
		g_assert_cmpuint(count[i], >, behaviours[i].share * 10 / 2);
		g_assert_cmpuint(count[i], <, behaviours[i].share * 20);
	}
}

static void
test_dice(void)
{
	g_assert_cmpuint(dice(7, "A944", "q2_1", 1000), ==, dice(7, "A944", "q2_1", 1000));
	/* another seed, town or question is another throw; the words do not run together */
	g_assert_cmpuint(dice(8, "A944", "q2_1", 1u << 30), !=, dice(7, "A944", "q2_1", 1u << 30));
	g_assert_cmpuint(dice(7, "A945", "q2_1", 1u << 30), !=, dice(7, "A944", "q2_1", 1u << 30));
	g_assert_cmpuint(dice(7, "A9", "44", 1u << 30), !=, dice(7, "A94", "4", 1u << 30));
	g_assert_cmpuint(dice(7, "A944", "x", 1), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/behaviour/the shares of the table make a thousand", test_shares);
	g_test_add_func("/behaviour/each kind has its share", test_fair);
	g_test_add_func("/behaviour/the same throw always falls the same", test_dice);
	return g_test_run();
}

/* From the answers of an earlier edition to those that this year's questions take. */
#include "workshop.h"

/* What stands of @then on the sheets, and what is said of the rest. */
static void
check_map(const char *then, gboolean merged, const char *stands, const char *said)
{
	g_auto(Workshop) shop = { 0 };
	g_autoptr(GHashTable) answers = workshop_then(then);
	g_autoptr(GPtrArray) findings = findings_new();
	g_autoptr(Memory) memory = NULL;
	g_autofree char *values = NULL;
	g_autofree char *told = workshop_findings(findings);

	workshop_open(&shop);
	memory = memory_map(shop.view, answers, merged, "prova-2024", findings);
	values = workshop_text(memory->values);
	g_free(told);
	told = workshop_findings(findings);
	g_assert_cmpstr(values, ==, stands);
	g_assert_cmpstr(told, ==, said);
	g_assert_cmpstr(memory->origin, ==, "prova-2024");
	g_assert_cmpint(memory->number, ==, 0);
}

static void
test_same_name(void)
{
	check_map("q2_1=nessuno q2_4=0.5 q2_5=2024-07-11 q2_6_web=mai q3_1=costi+norme+tempi",
	    FALSE, "q2_1=nessuno q2_4=0.5 q2_5=2024-07-11 q2_6_web=mai q3_1=costi+norme+tempi", "");
}

static void
test_renamed(void)
{
	check_map("q2_1=social q2_2=social q2_3=300", FALSE,
	    "q2_1=social q2_2=social q2_seguaci=300", "");
}

/* q2_3@2024 is no answer of 2023, and the new name was nothing then. */
static void
test_renamed_elsewhere(void)
{
	g_auto(Workshop) shop = { 0 };
	g_autoptr(GHashTable) then =
	    workshop_then("q2_3=300 q2_seguaci=300 q2_1=social q2_2=social");
	g_autoptr(Memory) memory = NULL;
	g_autofree char *values = NULL;

	workshop_open(&shop);
	memory = memory_map(shop.view, then, FALSE, "prova-2023", NULL);
	values = workshop_text(memory->values);
	g_assert_cmpstr(values, ==, "q2_1=social q2_2=social");
}

static void
test_unmarked(void)
{
	check_map("q1_1=Anna q2_7=niente q9_9=si", FALSE, "", "");
}

static void
test_beside(void)
{
	check_map("q1_2=altro q1_2_altro=Segretario q1_3=prima+nota", FALSE,
	    "q1_2=altro q1_2_altro=Segretario q2_7=prima+nota", "");
	check_map(
	    "q1_2=rtd q1_2_altro=Segretario", FALSE, "q1_2=rtd", "memory-relevant:q1_2_altro");
}

/* On the sheet that question is still open: what stands in a field may not rest on it. */
static void
test_field_rests_on_no_line(void)
{
	g_auto(Workshop) shop = { 0 };
	g_autoptr(GHashTable) then = workshop_then("q2_1=social q2_2=social q2_3=300");
	g_autoptr(GPtrArray) findings = findings_new();
	g_autoptr(Memory) memory = NULL;
	g_autofree char *values = NULL;
	g_autofree char *told = NULL;
	Item *question;

	workshop_open(&shop);
	question = g_hash_table_lookup(shop.form->by_name, "q2_2");
	question->beside = TRUE;
	memory = memory_map(shop.view, then, FALSE, "prova-2024", findings);
	values = workshop_text(memory->values);
	told = workshop_findings(findings);
	g_assert_cmpstr(values, ==, "q2_1=social q2_2=social");
	g_assert_cmpstr(told, ==, "memory-relevant:q2_seguaci");
}

static void
test_reserved(void)
{
	check_map("q4_1=si q4_2=perche", FALSE, "", "");
}

static void
test_choice_gone(void)
{
	check_map("q2_1=sito+app+social", FALSE, "q2_1=sito+social", "memory-choice:q2_1");
	check_map("q2_1=app", FALSE, "", "memory-choice:q2_1");
	check_map("q2_6_web=sempre", FALSE, "", "memory-choice:q2_6_web");
}

/* What rests on a choice that is gone goes with it. */
static void
test_choice_takes_others_along(void)
{
	check_map("q2_1=app q2_2=social q2_3=300", FALSE, "",
	    "memory-choice:q2_1 memory-relevant:q2_2 memory-relevant:q2_seguaci");
	check_map("q2_1=sito q2_2=social", FALSE, "q2_1=sito", "memory-constraint:q2_2");
}

static void
test_values(void)
{
	check_map("q2_4=molte", FALSE, "", "memory-value:q2_4");
	check_map("q3_1=costi+norme", FALSE, "", "memory-value:q3_1");
	check_map("q3_1=costi:1+norme:1", FALSE, "", "memory-value:q3_1");
	check_map("q2_5=2024-02-30", FALSE, "", "memory-value:q2_5");
}

static void
test_constraint(void)
{
	check_map("q2_1=social q2_2=social q2_3=501", FALSE, "q2_1=social q2_2=social",
	    "memory-constraint:q2_seguaci");
	check_map("q2_1=sito+nessuno", FALSE, "", "memory-constraint:q2_1");
}

/* Shares that do not make 100 are no answer, none of them. */
static void
test_shares(void)
{
	check_map("q3_2_a=60 q3_2_b=40", FALSE, "q3_2_a=60 q3_2_b=40", "");
	check_map(
	    "q3_2_a=60 q3_2_b=39", FALSE, "", "memory-constraint:q3_2_b memory-constraint:q3_2_a");
}

static void
test_not_relevant(void)
{
	check_map("q2_1=nessuno q2_2=sito", FALSE, "q2_1=nessuno", "memory-relevant:q2_2");
	/* the answer on which it rests is not known */
	check_map("q2_2=sito", FALSE, "", "memory-relevant:q2_2");
}

static void
test_merged_numbers(void)
{
	check_map("q2_1=nessuno q2_4=0.5 q3_2_a=60 q3_2_b=40 q2_5=2024-07-11", TRUE,
	    "q2_1=nessuno q2_5=2024-07-11",
	    "memory-number:q2_4 memory-number:q3_2_a memory-number:q3_2_b");
}

static void
test_year(void)
{
	g_assert_cmpstr(memory_year("mappa-2024"), ==, "2024");
	g_assert_cmpstr(memory_year("2024"), ==, "2024");
	g_assert_cmpstr(memory_year("mappa"), ==, "mappa");
	g_assert_cmpstr(memory_year("mappa-20241"), ==, "mappa-20241");
	g_assert_cmpstr(memory_year("mappa-2024-bis"), ==, "mappa-2024-bis");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/memory/map/an answer keeps its question's name", test_same_name);
	g_test_add_func(
	    "/memory/map/a renamed question takes it under the name of then", test_renamed);
	g_test_add_func(
	    "/memory/map/a renaming holds for the edition it names", test_renamed_elsewhere);
	g_test_add_func("/memory/map/a question without the mark takes nothing", test_unmarked);
	g_test_add_func("/memory/map/an answer beside its question is one too", test_beside);
	g_test_add_func("/memory/map/but no answer in a field rests on one beside another",
	    test_field_rests_on_no_line);
	g_test_add_func("/memory/map/a reserved question is never printed", test_reserved);
	g_test_add_func("/memory/map/a choice that is gone is left out", test_choice_gone);
	g_test_add_func("/memory/map/and what rests on it", test_choice_takes_others_along);
	g_test_add_func("/memory/map/what the type does not take is left out", test_values);
	g_test_add_func("/memory/map/so is what breaks a check", test_constraint);
	g_test_add_func("/memory/map/lines of a list stand together or not at all", test_shares);
	g_test_add_func(
	    "/memory/map/an answer that nothing calls for is left out", test_not_relevant);
	g_test_add_func("/memory/map/a merged town has no numbers", test_merged_numbers);
	g_test_add_func("/memory/map/the year of an edition is its last four digits", test_year);
	return g_test_run();
}

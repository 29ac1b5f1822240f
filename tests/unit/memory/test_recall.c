/* What is remembered of a town, of those that went into it, and what was printed of it. */
#include "workshop.h"

static char *
recall(Workshop *shop, const char *code, char **out_findings)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) findings = findings_new();
	g_autoptr(Memory) memory =
	    memory_recall(shop->base.store, shop->view, code, "prova-2024", findings, &error);

	g_assert_no_error(error);
	if (out_findings != NULL)
		*out_findings = workshop_findings(findings);
	return workshop_text(memory->values);
}

static void
check_recall(Workshop *shop, const char *stands, const char *said)
{
	g_autofree char *told = NULL;
	g_autofree char *values = recall(shop, "A002", &told);

	g_assert_cmpstr(values, ==, stands);
	g_assert_cmpstr(told, ==, said);
}

static void
former(Workshop *shop, const char *code, const char *now)
{
	fixture_sql(&shop->base, "INSERT INTO unit_former VALUES ('%s', '%s')", code, now);
}

static void
test_own(void)
{
	g_auto(Workshop) shop = { 0 };

	workshop_open(&shop);
	check_recall(&shop, "", "");
	workshop_remember(&shop, "A002", "q2_1", "sito");
	workshop_remember(&shop, "A003", "q2_5", "2024-07-11");
	former(&shop, "005001", "A002"); /* a new ISTAT code makes no new town */
	workshop_remember(&shop, "A002", "q2_4", "2");
	check_recall(&shop, "q2_1=sito q2_4=2", "");
}

static void
test_merged(void)
{
	g_auto(Workshop) shop = { 0 };

	workshop_open(&shop);
	former(&shop, "B001", "A002");
	former(&shop, "B002", "A002");
	workshop_remember(&shop, "B001", "q2_1", "sito");
	check_recall(&shop, "q2_1=sito", ""); /* one of them answered */
	workshop_remember(&shop, "B002", "q2_1", "sito");
	workshop_remember(&shop, "B001", "q2_6_web", "mai");
	workshop_remember(&shop, "B002", "q2_6_web", "mai");
	check_recall(&shop, "q2_1=sito q2_6_web=mai", "");
	workshop_remember(
	    &shop, "A002", "q2_6_web", "spesso"); /* it absorbed the two, and has a say */
	workshop_remember(&shop, "B001", "q2_4", "1");
	workshop_remember(&shop, "B002", "q2_4", "1");
	check_recall(&shop, "q2_1=sito", "memory-towns:q2_6_web memory-number:q2_4");
}

static void
test_chain(void)
{
	g_auto(Workshop) shop = { 0 };

	workshop_open(&shop);
	former(&shop, "B001", "B002");
	former(&shop, "B002", "A002");
	former(&shop, "A002", "B001"); /* nonsense must end */
	workshop_remember(&shop, "B001", "q2_1", "sito");
	check_recall(&shop, "q2_1=sito", "");
}

static void
test_divided(void)
{
	g_auto(Workshop) shop = { 0 };

	workshop_open(&shop);
	former(&shop, "B001", "A002");
	former(&shop, "B001", "A003");
	workshop_remember(&shop, "B001", "q2_1", "sito");
	check_recall(&shop, "", "");
}

static gint64
print(Workshop *shop)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Memory) memory =
	    memory_recall(shop->base.store, shop->view, "A002", "prova-2024", NULL, &error);

	g_assert_no_error(error);
	g_assert_true(memory_print(shop->base.store, shop->form, 2, memory, &error));
	g_assert_no_error(error);
	return memory->number;
}

static char *
printed(Workshop *shop, gint64 number)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Memory) memory = memory_printed(shop->base.store, shop->form, 2, number, &error);

	g_assert_no_error(error);
	g_assert_cmpint(memory->number, ==, number);
	return workshop_text(memory->values);
}

static void
test_print(void)
{
	g_auto(Workshop) shop = { 0 };
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;
	g_autofree char *none = NULL;

	workshop_open(&shop);
	g_assert_cmpint(print(&shop), ==, 0);
	workshop_remember(&shop, "A002", "q2_1", "sito");
	g_assert_cmpint(print(&shop), ==, 1);
	g_assert_cmpint(print(&shop), ==, 1);
	workshop_remember(&shop, "A002", "q2_5", "2024-07-11");
	g_assert_cmpint(print(&shop), ==, 2);
	first = printed(&shop, 1);
	second = printed(&shop, 2);
	none = printed(&shop, 3);
	g_assert_cmpstr(first, ==, "q2_1=sito");
	g_assert_cmpstr(second, ==, "q2_1=sito q2_5=2024-07-11");
	g_assert_cmpstr(none, ==, "");
	g_assert_cmpint(sqlite3_exec(shop.base.db, "DELETE FROM memory_print", NULL, NULL, NULL),
	    !=, SQLITE_OK);
}

static void
test_section(void)
{
	g_auto(Workshop) shop = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(Memory) memory = NULL;
	g_autoptr(GHashTable) second = NULL;
	g_autoptr(GHashTable) first = NULL;
	g_autofree char *values = NULL;

	workshop_open(&shop);
	workshop_remember(&shop, "A002", "q2_1", "sito");
	workshop_remember(&shop, "A002", "q3_1", "costi norme tempi");
	memory = memory_recall(shop.base.store, shop.view, "A002", "prova-2024", NULL, &error);
	g_assert_no_error(error);
	second = memory_of_section(memory, shop.view, form_section(shop.form, "s2"));
	first = memory_of_section(memory, shop.view, form_section(shop.form, "s1"));
	values = workshop_text(second);
	g_assert_cmpstr(values, ==, "q2_1=sito");
	g_assert_cmpuint(g_hash_table_size(first), ==, 0);
}

static void
test_beside(void)
{
	g_auto(Workshop) shop = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(Memory) memory = NULL;
	g_autoptr(GHashTable) fields = NULL;
	g_autoptr(GHashTable) beside = NULL;
	g_autoptr(FieldSet) lines = field_set_new();
	g_autoptr(GPtrArray) names = NULL;
	g_autoptr(GPtrArray) others = NULL;
	const Section *section;

	workshop_open(&shop);
	workshop_remember(&shop, "A002", "q2_4", "0.5");
	workshop_remember(&shop, "A002", "q1_3", "Due\nrighe");
	memory = memory_recall(shop.base.store, shop.view, "A002", "prova-2024", NULL, &error);
	g_assert_no_error(error);
	section = form_section(shop.form, "s2");
	fields = memory_of_section(memory, shop.view, section);
	beside = memory_beside_section(memory, shop.view, section);
	g_assert_cmpuint(g_hash_table_size(fields), ==, 1);
	g_assert_true(g_hash_table_contains(fields, "q2_4"));
	g_assert_cmpuint(g_hash_table_size(beside), ==, 1);
	memory_put_beside(memory, shop.form, beside, "it", lines);
	g_assert_cmpuint(g_hash_table_size(lines), ==, 1);
	g_assert_cmpstr(field_set_value(lines, "plico_memory_q2_7"), ==, "2024: Due righe");
	/* the sheet has the field, whether a town answered then or not; none of another edition */
	names = memory_beside_fields(shop.view, form_section(shop.form, "s1"), "prova-2024");
	g_assert_cmpuint(names->len, ==, 2);
	g_assert_cmpstr(g_ptr_array_index(names, 0), ==, "plico_memory_q1_2");
	others = memory_beside_fields(shop.view, section, "prova-2023");
	g_assert_cmpuint(others->len, ==, 0);
}

/* As they are written on the sheet; choices by their labels, in both of its languages. */
static void
test_words(void)
{
	static const struct {
		const char *question;
		const char *value;
		const char *line;
	} cases[] = {
		{ "q2_1", "sito social", "2024: Sito, Social" },
		{ "q2_4", "0.5", "2024: 0,5" },
		{ "q2_5", "2024-07-11", "2024: 11/07/2024" },
		{ "q3_1", "norme costi tempi", "2024: 1. Norme, 2. Costi, 3. Tempi" },
	};
	g_auto(Workshop) shop = { 0 };
	static char origin[] = "prova-2024";
	const Memory memory = { .origin = origin };

	workshop_open(&shop);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GHashTable) values = g_hash_table_new(g_str_hash, g_str_equal);
		g_autoptr(FieldSet) fields = field_set_new();
		g_autofree char *name = g_strconcat(FIELD_BESIDE, cases[i].question, NULL);

		g_hash_table_insert(
		    values, (gpointer)(gsize)cases[i].question, (gpointer)(gsize)cases[i].value);
		memory_put_beside(&memory, shop.form, values, i % 2 == 0 ? "it" : "de+it", fields);
		g_assert_cmpstr(field_set_value(fields, name), ==, cases[i].line);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/memory/recall/a town has its own answers", test_own);
	g_test_add_func("/memory/recall/towns that became one must agree", test_merged);
	g_test_add_func("/memory/recall/towns may have become one by and by", test_chain);
	g_test_add_func("/memory/recall/a town that was divided leaves nothing", test_divided);
	g_test_add_func("/memory/recall/what is printed is kept, and numbered anew when it changes",
	    test_print);
	g_test_add_func("/memory/recall/a section has its own part", test_section);
	g_test_add_func("/memory/recall/what stands beside is apart", test_beside);
	g_test_add_func("/memory/recall/and in words", test_words);
	return g_test_run();
}

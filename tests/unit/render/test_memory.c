/* Sheets with last year's answers: what they have beside others. */
#include "workshop.h"

static GBytes *
remembering(const Workshop *shop, const char *section, Memory *memory)
{
	g_autoptr(FormView) view = form_view_new(shop->form, &shop->large);
	g_autoptr(GError) error = NULL;
	Stem *stem = NULL;
	g_autoptr(GBytes) update = renderer_sheet_remembering(shop->renderer, &shop->large, view,
	    form_section(shop->form, section), 1, "it", memory, NULL, &stem, &error);

	g_assert_no_error(error);
	return stem_join(stem, update);
}

static Memory *
remember(const char *question, const char *value)
{
	Memory *memory = g_new0(Memory, 1);

	memory->number = 7;
	memory->origin = g_strdup("mappa-2023");
	memory->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_hash_table_insert(memory->values, g_strdup(question), g_strdup(value));
	return memory;
}

static void
test_box(Workshop *shop, gconstpointer data)
{
	g_autoptr(Memory) memory = remember("q2_2", "12.5");
	g_autoptr(GBytes) sheet = remembering(shop, "s2", memory);
	g_autoptr(FieldSet) fields = shop_fields(shop, sheet);
	g_autoptr(SheetId) id = sheet_id_read(fields);
	g_autofree char *text = shop_text(shop, sheet);

	(void)data;
	g_assert_true(sheet_id_verify(id, shop->keyring));
	g_assert_cmpint(sheet_id_memory(id), ==, 7);
	g_assert_cmpstr(field_set_value(fields, "q2_2"), ==, "12,5");
	g_assert_cmpstr(field_set_value(fields, "q2_3"), ==, "");
	g_assert_true(field_set_has(fields, FIELD_CONFIRM));
	g_assert_cmpstr(field_set_value(fields, FIELD_CONFIRM), ==, "Off"); /* as the file has it */
	g_assert_nonnull(strstr(text, "Risposte del 2023"));
}

/* Neither a section without, nor one of which the form does not ask it. */
static void
test_without(Workshop *shop, gconstpointer data)
{
	g_autoptr(Memory) memory = remember("q2_2", "12.5");
	g_autoptr(GBytes) other = remembering(shop, "s7", memory);
	g_autoptr(GBytes) plain = shop_sheet(shop, &shop->large, "s7", NULL);
	g_autoptr(Memory) unmarked = remember("q2_8_base", "alto");
	g_autoptr(GBytes) second = remembering(shop, "s2", unmarked);
	g_autoptr(GBytes) blank = shop_sheet(shop, &shop->large, "s2", NULL);

	(void)data;
	g_assert_true(g_bytes_equal(other, plain));
	g_assert_true(g_bytes_equal(second, blank));
}

/* The form may have become another since it was settled what is printed. */
static void
test_stale(Workshop *shop, gconstpointer data)
{
	g_autoptr(Memory) memory = remember("q2_1", "never_a_choice");
	g_autoptr(GBytes) sheet = remembering(shop, "s2", memory);
	g_autoptr(GBytes) blank = shop_sheet(shop, &shop->large, "s2", NULL);

	(void)data;
	g_assert_true(g_bytes_equal(sheet, blank));
}

static void
set_beside(const Workshop *shop, const char *question)
{
	Item *item = g_hash_table_lookup(shop->form->by_name, question);

	item->beside = TRUE;
}

/* Nothing to confirm: its own field is blank. */
static void
test_beside(Workshop *shop, gconstpointer data)
{
	g_autoptr(Memory) memory = remember("q2_2", "12.5");
	g_autoptr(GBytes) sheet = NULL;
	g_autoptr(FieldSet) fields = NULL;
	g_autoptr(SheetId) id = NULL;
	g_autofree char *text = NULL;

	(void)data;
	set_beside(shop, "q2_2");
	sheet = remembering(shop, "s2", memory);
	fields = shop_fields(shop, sheet);
	id = sheet_id_read(fields);
	text = shop_text(shop, sheet);
	g_assert_cmpint(sheet_id_memory(id), ==, 7);
	g_assert_cmpstr(field_set_value(fields, "q2_2"), ==, "");
	g_assert_cmpstr(field_set_value(fields, FIELD_BESIDE "q2_2"), ==, "2023: 12,5");
	g_assert_false(field_set_has(fields, FIELD_BESIDE "q2_3"));
	g_assert_false(field_set_has(fields, FIELD_CONFIRM));
	g_assert_nonnull(strstr(text, "2023: 12,5"));
	g_assert_null(strstr(text, "Risposte del 2023"));
}

/* One that is longer than its line is cut there, and whole for those who have it read to them. */
static void
test_long(Workshop *shop, gconstpointer data)
{
	g_autoptr(Memory) memory = remember("q2_1", "altro");
	g_autofree char *words = g_strnfill(150, 'W');
	g_autofree char *line = g_strconcat("2023: ", words, NULL);
	g_autoptr(GBytes) sheet = NULL;
	g_autoptr(FieldSet) fields = NULL;
	g_autofree char *text = NULL;

	(void)data;
	g_hash_table_insert(memory->values, g_strdup("q2_1_altro"), g_strdup(words));
	set_beside(shop, "q2_1_altro");
	sheet = remembering(shop, "s2", memory);
	fields = shop_fields(shop, sheet);
	text = shop_text(shop, sheet);
	g_assert_true(field_set_has(fields, FIELD_CONFIRM));
	g_assert_cmpstr(field_set_value(fields, FIELD_BESIDE "q2_1_altro"), ==, line);
	g_assert_null(strstr(text, words));
	g_assert_nonnull(strstr(text, "WWWW…"));
}

#define ADD(path, function)                                                                        \
	g_test_add("/render/memory/" path, Workshop, NULL, shop_open, function, shop_close)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("a sheet says what it repeats, and asks to confirm it", test_box);
	ADD("a section without is the sheet of others, byte for byte", test_without);
	ADD("what no longer fits is not printed", test_stale);
	ADD("an answer beside its question leaves the field blank", test_beside);
	ADD("and is cut at the end of its line", test_long);
	return g_test_run();
}

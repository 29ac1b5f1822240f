/* What the question types make of fields: tolerant of form, strict in meaning. */
#include "form/form.h"

#include <string.h>

static Form *
open_all_types(void)
{
	const char *source = g_getenv("SRCDIR");
	g_autofree char *directory =
	    g_build_filename(source != NULL ? source : ".", "tests/data/forms/all-types", NULL);
	g_autoptr(GError) error = NULL;
	Form *form = form_open_strict(directory, &error);

	g_assert_no_error(error);
	return form;
}

static void
test_numbers(void)
{
	static const struct {
		const char *typed;
		const char *whole; /* as an integer */
		const char *decimal;
	} cases[] = {
		{ "12", "12", "12" },
		{ " 12 ", "12", "12" },
		{ "007", "7", "7" },
		{ "-3", "-3", "-3" },
		{ "+3", "3", "3" },
		{ "\u22123", "-3", "-3" },
		{ "-0", "0", "0" },
		{ "0,5", NULL, "0.5" },
		{ "0.5", NULL, "0.5" },
		{ ",5", NULL, "0.5" },
		{ "12,0", "12", "12" },
		{ "12.00", "12", "12" },
		{ "0,50", NULL, "0.5" },
		{ "1,5", NULL, "1.5" },
		{ "1.234", "1234", NULL },
		{ "1,234", NULL, NULL },
		{ "12.000", "12000", NULL },
		{ "12,000", NULL, NULL },
		{ "0.125", NULL, "0.125" },
		{ "0,125", NULL, "0.125" },
		{ "1234,567", NULL, "1234.567" },
		{ "1.234.567", "1234567", "1234567" },
		{ "1,234,567", "1234567", "1234567" },
		{ "1.234,5", NULL, "1234.5" },
		{ "1,234.5", NULL, "1234.5" },
		{ "1.234,00", "1234", "1234" },
		{ "1.234,567", NULL, "1234.567" },
		{ "1 234", "1234", "1234" },
		{ "1\u00a0234", "1234", "1234" },
		{ "1\u202f234,5", NULL, "1234.5" },
		{ "1'234", "1234", "1234" },
		{ "1\u2019234", "1234", "1234" },
		{ "1 234.567", NULL, NULL },
		{ "1 2345", NULL, NULL },
		{ "12 5", NULL, NULL },
		{ "1.23.456", NULL, NULL },
		{ "1.234.56", NULL, NULL },
		{ "0.123.456", NULL, NULL },
		{ "1.234 567", NULL, NULL },
		{ "1,2,3.4.5", NULL, NULL },
		{ "12mila", NULL, NULL },
		{ "12k", NULL, NULL },
		{ "1e3", NULL, NULL },
		{ "1/2", NULL, NULL },
		{ "circa 5", NULL, NULL },
		{ "5,", NULL, NULL },
		{ ".", NULL, NULL },
		{ "-", NULL, NULL },
		{ "--5", NULL, NULL },
		{ "50%", "50", NULL },
		{ "50 %", "50", NULL },
		{ "999999999999999", "999999999999999", "999999999999999" },
		{ "9999999999999999", NULL, NULL },
		{ "", NULL, NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *whole = number_normalise(cases[i].typed, TRUE);
		g_autofree char *decimal = number_normalise(cases[i].typed, FALSE);

		g_test_message("%s", cases[i].typed);
		g_assert_cmpstr(whole, ==, cases[i].whole);
		g_assert_cmpstr(decimal, ==, cases[i].decimal);
	}
}

static void
test_dates(void)
{
	static const struct {
		const char *typed;
		const char *date;
	} cases[] = {
		{ "11/07/2024", "2024-07-11" },
		{ "11.7.24", "2024-07-11" },
		{ "2024-07-11", "2024-07-11" },
		{ "2024/7/11", "2024-07-11" },
		{ " 1-7-2024 ", "2024-07-01" },
		{ "11 07 2024", "2024-07-11" },
		{ "11 luglio 2024", "2024-07-11" },
		{ "1° Luglio 2024", "2024-07-01" },
		{ "1 lug. 2024", "2024-07-01" },
		{ "11. Juli 2024", "2024-07-11" },
		{ "3. März 24", "2024-03-03" },
		{ "1er août 2024", "2024-08-01" },
		{ "11. 7. 2024", "2024-07-11" },
		{ "11. julija 2024", "2024-07-11" },
		{ "11 jui 2024", NULL },
		{ "01/12/99", "1999-12-01" },
		{ "29/02/2024", "2024-02-29" },
		{ "29/02/2023", NULL },
		{ "31/04/2024", NULL },
		{ "07/13/2024", NULL },
		{ "11/07", NULL },
		{ "11/07/024", NULL },
		{ "11072024", NULL },
		{ "ieri", NULL },
		{ "11 ma 2024", NULL },
		{ "1/1/1024", NULL },
		{ "", NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *date = date_normalise(cases[i].typed);

		g_test_message("%s", cases[i].typed);
		g_assert_cmpstr(date, ==, cases[i].date);
	}
}

typedef struct {
	const char *item;
	const char *field;
	const char *typed;
	const char *answer;
	const char *code; /* of the finding; NULL: none */
} Case;

static void
test_readings(void)
{
	static const Case cases[] = {
		{ "one", "one", "rosso", "rosso", NULL },
		{ "one", "one", "verde", "", "choice" },
		{ "one", "one", "", "", NULL },
		{ "many", "many__blu", FIELD_ON, "blu", NULL },
		{ "many", "many__blu", "Yes", "", "choice" },
		{ "ack", "ack", FIELD_ON, "OK", NULL },
		{ "ack", "ack", "OK", "", "choice" },
		{ "whole", "whole", "1.234", "1234", NULL },
		{ "whole", "whole", "molti", "", "number" },
		{ "part", "part", "0,5", "0.5", NULL },
		{ "part", "part", "1.234", "", "number" },
		{ "day", "day", "11/7/24", "2024-07-11", NULL },
		{ "day", "day", "luglio", "", "date" },
		{ "line", "line", "  Cantu\u0300\r\nbis ", "Cantù bis", NULL },
		{ "area", "area", "uno\r\ndue\rtre", "uno\ndue\ntre", NULL },
		{ "line", "line", "a\x01z", "a\ufffdz", NULL },
	};
	g_autoptr(Form) form = open_all_types();

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const Item *item = form_item(form, cases[i].item);
		g_autoptr(FieldSet) fields = field_set_new();
		g_autoptr(GPtrArray) findings = findings_new();
		g_autofree char *answer = NULL;

		field_set_put(fields, cases[i].field, cases[i].typed);
		answer = item->type->read(item, fields, findings);
		g_test_message("%s: %s", cases[i].field, cases[i].typed);
		g_assert_cmpstr(answer, ==, cases[i].answer);
		g_assert_cmpuint(findings->len, ==, cases[i].code != NULL ? 1 : 0);
		if (cases[i].code != NULL) {
			const Finding *finding = g_ptr_array_index(findings, 0);

			g_assert_cmpstr(finding->code, ==, cases[i].code);
			g_assert_cmpstr(finding->place, ==, cases[i].item);
		}
	}
}

/* The positions of a, b, c, d as typed; what is read. */
static void
test_rankings(void)
{
	static const struct {
		const char *positions[4];
		const char *answer;
		gboolean wrong;
	} cases[] = {
		{ { "1", "2", "3", "4" }, "a b c d", FALSE },
		{ { "4", "1", "3", "2" }, "b d c a", FALSE },
		{ { " 4", "1 ", "3", "2" }, "b d c a", FALSE },
		{ { "", "", "", "" }, "", FALSE },
		{ { "1", "1", "3", "4" }, "a:1 b:1 c:3 d:4", TRUE },
		{ { "", "2", "1", "" }, "c:1 b:2", TRUE },
		{ { "1", "2", "3", "5" }, "a:1 b:2 c:3", TRUE },
		{ { "0", "1", "2", "3" }, "b:1 c:2 d:3", TRUE },
		{ { "x", "", "", "" }, "", TRUE },
		{ { "-1", "", "", "" }, "", TRUE },
	};
	g_autoptr(Form) form = open_all_types();
	const Item *item = form_item(form, "order");
	g_autoptr(GPtrArray) specs = form_item_fields(item);

	g_assert_cmpuint(specs->len, ==, 4);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(FieldSet) fields = field_set_new();
		g_autoptr(FieldSet) again = field_set_new();
		g_autoptr(GPtrArray) findings = findings_new();
		g_autofree char *answer = NULL;
		g_autofree char *second = NULL;

		for (guint c = 0; c < 4; c++) {
			const FieldSpec *spec = g_ptr_array_index(specs, c);

			g_assert_cmpint(spec->kind, ==, FIELD_COMBO);
			g_assert_cmpuint(spec->positions, ==, 4);
			field_set_put(fields, spec->name, cases[i].positions[c]);
		}
		answer = item->type->read(item, fields, findings);
		g_assert_cmpstr(answer, ==, cases[i].answer);
		g_assert_cmpuint(findings->len, ==, cases[i].wrong ? 1 : 0);
		item->type->write(item, answer, again);
		second = item->type->read(item, again, findings);
		g_assert_cmpstr(second, ==, answer);
	}
}

static char *
random_choices(const Item *item, gboolean shuffle)
{
	g_autoptr(GString) names = g_string_new(NULL);
	g_autoptr(GPtrArray) pool = g_ptr_array_new();

	for (guint i = 0; i < item->list->choices->len; i++)
		g_ptr_array_add(pool, g_ptr_array_index(item->list->choices, i));
	while (pool->len > 0) {
		guint at = shuffle ? (guint)g_test_rand_int_range(0, (int)pool->len) : 0;
		const Choice *choice = g_ptr_array_remove_index(pool, at);

		if (shuffle || g_test_rand_bit())
			g_string_append_printf(
			    names, "%s%s", names->len > 0 ? " " : "", choice->name);
	}
	return g_string_free(g_steal_pointer(&names), FALSE);
}

static char *
random_decimal(void)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];
	int digits = g_test_rand_int_range(0, 5);
	g_autofree char *format = g_strdup_printf("%%.%df", digits);
	g_autofree char *canonical = NULL;

	g_ascii_formatd(text, sizeof text, format, g_test_rand_double_range(-2000, 2000));
	if (strchr(text, '.') != NULL)
		while (g_str_has_suffix(text, "0"))
			text[strlen(text) - 1] = '\0';
	if (g_str_has_suffix(text, "."))
		text[strlen(text) - 1] = '\0';
	return g_strdup(strcmp(text, "-0") == 0 ? "0" : text);
}

static char *
random_text(gboolean lines)
{
	static const char *const pieces[] = { "a", "Z", "è", "ß", "š", "'", "’", "€", "5.10", "\"",
		";", "\\", "(", ")", "«", "»" };
	GString *text = g_string_new("x");

	for (int i = g_test_rand_int_range(0, 60); i > 0; i--) {
		g_string_append(text, pieces[g_test_rand_int_range(0, (int)G_N_ELEMENTS(pieces))]);
		if (i % 7 == 0)
			g_string_append(text, lines ? "\nx" : " x");
	}
	return g_string_free(text, FALSE);
}

static char *
random_answer(const Item *item)
{
	const char *type = item->type->name;

	if (g_test_rand_int_range(0, 8) == 0)
		return g_strdup("");
	if (strcmp(type, "select_one") == 0) {
		const Choice *choice = g_ptr_array_index(item->list->choices,
		    (guint)g_test_rand_int_range(0, (int)item->list->choices->len));

		return g_strdup(choice->name);
	}
	if (item->list != NULL)
		return random_choices(item, strcmp(type, "rank") == 0);
	if (strcmp(type, "integer") == 0)
		return g_strdup_printf("%d", g_test_rand_int());
	if (strcmp(type, "decimal") == 0)
		return random_decimal();
	if (strcmp(type, "date") == 0)
		return g_strdup_printf("%d-%02d-%02d", g_test_rand_int_range(1990, 2090),
		    g_test_rand_int_range(1, 13), g_test_rand_int_range(1, 29));
	if (strcmp(type, "acknowledge") == 0)
		return g_strdup("OK");
	return random_text(item->layout == LAYOUT_AREA);
}

static void
round_trips(const GPtrArray *items, guint *tried)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		round_trips(item->items, tried);
		if (item->type == NULL || item->type->write == NULL)
			continue;
		for (guint n = 0; n < 200; n++) {
			g_autoptr(FieldSet) fields = field_set_new();
			g_autoptr(GPtrArray) findings = findings_new();
			g_autofree char *meant = random_answer(item);
			g_autofree char *read = NULL;

			item->type->write(item, meant, fields);
			read = item->type->read(item, fields, findings);
			g_assert_cmpstr(read, ==, meant);
			g_assert_cmpuint(findings->len, ==, 0);
			++*tried;
		}
	}
}

static void
test_round_trip(void)
{
	g_autoptr(Form) form = open_all_types();
	guint tried = 0;

	round_trips(form->items, &tried);
	g_assert_cmpuint(tried, >=, 9 * 200);
}

/* Writing replaces what was there: a correction leaves no old tick behind. */
static void
test_writing_clears(void)
{
	g_autoptr(Form) form = open_all_types();
	const Item *many = form_item(form, "many");
	const Item *order = form_item(form, "order");
	g_autoptr(FieldSet) fields = field_set_new();
	g_autoptr(GPtrArray) findings = findings_new();
	g_autofree char *left = NULL;
	g_autofree char *ranked = NULL;

	many->type->write(many, "rosso blu", fields);
	many->type->write(many, "blu", fields);
	left = many->type->read(many, fields, findings);
	g_assert_cmpstr(left, ==, "blu");
	order->type->write(order, "d c b a", fields);
	order->type->write(order, "", fields);
	ranked = order->type->read(order, fields, findings);
	g_assert_cmpstr(ranked, ==, "");
	g_assert_cmpuint(findings->len, ==, 0);
}

static void
test_long_text(void)
{
	g_autoptr(Form) form = open_all_types();
	const Item *line = form_item(form, "line");
	g_autoptr(GPtrArray) specs = form_item_fields(line);
	const FieldSpec *spec = g_ptr_array_index(specs, 0);
	g_autoptr(FieldSet) fields = field_set_new();
	g_autoptr(GPtrArray) findings = findings_new();
	g_autofree char *typed = g_strnfill(spec->max_length + 1, 'a');
	g_autofree char *answer = NULL;

	field_set_put(fields, "line", typed);
	answer = line->type->read(line, fields, findings);
	g_assert_cmpstr(answer, ==, typed);
	g_assert_cmpuint(findings->len, ==, 1);
}

static void
test_table(void)
{
	guint n = 0;

	for (; question_types[n] != NULL; n++) {
		const QuestionType *type = question_types[n];

		g_assert_true(question_type_find(type->name) == type);
		g_assert_cmpint(type->fields != NULL, ==, type->read != NULL);
		g_assert_cmpint(type->fields != NULL, ==, type->write != NULL);
	}
	g_assert_cmpuint(n, ==, 11);
	g_assert_null(question_type_find("geopoint"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/form/types/numbers-as-clerks-write-them", test_numbers);
	g_test_add_func("/form/types/dates-as-clerks-write-them", test_dates);
	g_test_add_func("/form/types/each-type-reads-and-finds-what-is-wrong", test_readings);
	g_test_add_func("/form/types/a-wrong-ranking-is-kept-and-never-looks-right", test_rankings);
	g_test_add_func("/form/types/what-is-written-is-read-back", test_round_trip);
	g_test_add_func("/form/types/writing-replaces", test_writing_clears);
	g_test_add_func("/form/types/a-text-that-is-too-long-is-kept-and-told", test_long_text);
	g_test_add_func("/form/types/the-table-is-whole", test_table);
	return g_test_run();
}

/* What was printed against what came back: given, confirmed, merely copied. */
#include "fixture.h"
#include "validate/validate.h"

typedef struct {
	Form *form; /* prova-2025 */
	Unit unit;
	FormView *view;
	GHashTable *printed;
	FieldSet *fields; /* as they came back */
} Desk;

static void
desk_close(Desk *desk)
{
	form_view_free(desk->view);
	form_free(desk->form);
	g_hash_table_unref(desk->printed);
	g_hash_table_unref(desk->fields);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_close)

/* A sheet of section 2 with these answers of last year, as it goes out. */
static void
desk_open(Desk *desk)
{
	static const char *const values[][2] = { { "q2_1", "sito social" }, { "q2_2", "social" },
		{ "q2_seguaci", "300" }, { "q2_4", "0.5" }, { "q2_6_web", "mai" },
		{ "q2_6_app", "mai" } };
	static char nothing[] = "";
	g_autofree char *path = fixture_source("tests/data/forms/prova-2025");
	g_autoptr(GError) error = NULL;

	desk->form = form_open_strict(path, &error);
	g_assert_no_error(error);
	desk->unit = (Unit){ .code = nothing,
		.istat_code = nothing,
		.name = nothing,
		.name_other = nothing,
		.province = nothing,
		.province_code = nothing,
		.region = nothing,
		.area = nothing,
		.zip = nothing,
		.tax_code = nothing,
		.ipa_code = nothing,
		.lang = nothing,
		.mayor = nothing,
		.population = 90 };
	desk->view = form_view_new(desk->form, &desk->unit);
	desk->printed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	desk->fields = field_set_new();
	for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
		const Item *item = form_item(desk->form, values[i][0]);

		g_hash_table_insert(desk->printed, g_strdup(values[i][0]), g_strdup(values[i][1]));
		item->type->write(item, values[i][1], desk->fields);
	}
	field_set_put(desk->fields, FIELD_CODE, "7Q4K");
}

static Answers *
read_sheet(const Desk *desk, gboolean suffice)
{
	const Printed printed = { .values = desk->printed, .suffice = suffice };

	return validate_answers(desk->view, form_section(desk->form, "s2"), desk->fields, &printed);
}

static const char *
origin(const Answers *answers, const char *name)
{
	return g_hash_table_lookup(answers->origins, name);
}

/* Its severity, or -1 where there is none. */
static int
severity_of(const Answers *answers, const char *code)
{
	for (guint i = 0; i < answers->findings->len; i++) {
		const Finding *finding = g_ptr_array_index(answers->findings, i);

		if (strcmp(finding->code, code) == 0)
			return (int)finding->severity;
	}
	return -1;
}

static void
test_untouched(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(Answers) answers = NULL;
	g_autoptr(Answers) lenient = NULL;

	desk_open(&desk);
	answers = read_sheet(&desk, FALSE);
	g_assert_cmpuint(g_hash_table_size(answers->values), ==, 6);
	g_assert_cmpstr(origin(answers, "q2_1"), ==, ORIGIN_COPIED);
	g_assert_cmpstr(origin(answers, "q2_4"), ==, ORIGIN_COPIED);
	g_assert_cmpint(severity_of(answers, "unconfirmed"), ==, SEVERITY_ERROR);
	g_assert_false(answers->blank); /* somebody wrote the code */
	g_assert_false(answers->confirmed);
	lenient = read_sheet(&desk, TRUE);
	g_assert_cmpint(severity_of(lenient, "unconfirmed"), ==, SEVERITY_WARNING);
	g_assert_cmpstr(origin(lenient, "q2_1"), ==, ORIGIN_COPIED);
}

/* Our own sheet, quoted by a machine: nobody has said anything. */
static void
test_echo(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(Answers) answers = NULL;

	desk_open(&desk);
	field_set_put(desk.fields, FIELD_CODE, "");
	answers = read_sheet(&desk, FALSE);
	g_assert_true(answers->blank);
	g_clear_pointer(&answers, answers_free);
	field_set_put(desk.fields, FIELD_CONFIRM, FIELD_ON);
	answers = read_sheet(&desk, FALSE);
	g_assert_false(answers->blank);
	g_clear_pointer(&answers, answers_free);
	field_set_put(desk.fields, FIELD_CONFIRM, "");
	field_set_put(desk.fields, "q2_4", "");
	answers = read_sheet(&desk, FALSE);
	g_assert_false(answers->blank);
}

static void
test_confirmed(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(Answers) copied = NULL;
	g_autoptr(Answers) answers = NULL;

	desk_open(&desk);
	copied = read_sheet(&desk, FALSE);
	field_set_put(desk.fields, FIELD_CONFIRM, FIELD_ON);
	answers = read_sheet(&desk, FALSE);
	g_assert_cmpstr(origin(answers, "q2_1"), ==, ORIGIN_CONFIRMED);
	g_assert_cmpint(severity_of(answers, "unconfirmed"), ==, -1);
	g_assert_true(answers->confirmed);
	g_assert_cmpstr(answers->sha256, !=, copied->sha256);
}

static void
test_changed(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(Answers) answers = NULL;

	desk_open(&desk);
	field_set_put(desk.fields, "q2_4", "0,50"); /* the same number, however it is written */
	field_set_put(desk.fields, "q2_seguaci", "301");
	answers = read_sheet(&desk, FALSE);
	g_assert_cmpstr(origin(answers, "q2_4"), ==, ORIGIN_COPIED);
	g_assert_cmpstr(origin(answers, "q2_seguaci"), ==, ORIGIN_GIVEN);
	g_assert_cmpint(
	    severity_of(answers, "unconfirmed"), ==, -1); /* somebody has worked on it */
	g_clear_pointer(&answers, answers_free);
	field_set_put(desk.fields, FIELD_CONFIRM, FIELD_ON);
	answers = read_sheet(&desk, FALSE);
	g_assert_cmpstr(origin(answers, "q2_4"), ==, ORIGIN_CONFIRMED);
	g_assert_cmpstr(origin(answers, "q2_seguaci"), ==, ORIGIN_GIVEN);
	g_assert_false(answers->confirmed);
}

static void
test_cleared(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(Answers) answers = NULL;

	desk_open(&desk);
	field_set_put(desk.fields, FIELD_CONFIRM, FIELD_ON);
	field_set_put(desk.fields, "q2_6_app", "");
	answers = read_sheet(&desk, FALSE);
	g_assert_null(origin(answers, "q2_6_app"));
	g_assert_cmpint(severity_of(answers, "required"), !=, -1);
	g_assert_false(answers->confirmed);
}

/* The number of followers stays behind when the channel is another: nobody can have meant it. */
static void
test_ruled_out(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(Answers) answers = NULL;

	desk_open(&desk);
	field_set_put(desk.fields, FIELD_CONFIRM, FIELD_ON);
	field_set_put(desk.fields, "q2_2", "sito");
	answers = read_sheet(&desk, FALSE);
	g_assert_cmpstr(origin(answers, "q2_2"), ==, ORIGIN_GIVEN);
	g_assert_cmpstr(origin(answers, "q2_1"), ==, ORIGIN_CONFIRMED);
	g_assert_cmpstr(origin(answers, "q2_seguaci"), ==, ORIGIN_COPIED);
	g_assert_cmpint(severity_of(answers, "not_relevant"), !=, -1);
}

/* "Dato non disponibile" is ticked, and last year's figure still stands beside it. */
static void
test_excused(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(Answers) answers = NULL;

	desk_open(&desk);
	field_set_put(desk.fields, FIELD_CONFIRM, FIELD_ON);
	field_set_put(desk.fields, "q2_4_nd", FIELD_ON);
	answers = read_sheet(&desk, FALSE);
	g_assert_cmpstr(origin(answers, "q2_4_nd"), ==, ORIGIN_GIVEN);
	g_assert_cmpstr(origin(answers, "q2_4"), ==, ORIGIN_COPIED);
	g_assert_cmpstr(origin(answers, "q2_1"), ==, ORIGIN_CONFIRMED);
}

/* Without last year's answers the box means nothing, and sums are what they were. */
static void
test_without(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(Answers) answers = NULL;
	g_autoptr(Answers) changed = NULL;

	desk_open(&desk);
	answers = validate_answers(desk.view, form_section(desk.form, "s2"), desk.fields, NULL);
	g_assert_cmpstr(origin(answers, "q2_1"), ==, ORIGIN_GIVEN);
	g_hash_table_remove_all(desk.printed);
	changed = read_sheet(&desk, FALSE);
	g_assert_cmpstr(answers->sha256, ==, changed->sha256);
	g_assert_false(answers->confirmed);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func(
	    "/validate/memory/an untouched sheet is copied, and asked for again", test_untouched);
	g_test_add_func("/validate/memory/without even the code it is blank", test_echo);
	g_test_add_func("/validate/memory/a ticked box confirms what was left", test_confirmed);
	g_test_add_func("/validate/memory/what was changed is given", test_changed);
	g_test_add_func("/validate/memory/what was taken out is no answer", test_cleared);
	g_test_add_func(
	    "/validate/memory/what the others rule out is not confirmed", test_ruled_out);
	g_test_add_func("/validate/memory/nor is what they excuse", test_excused);
	g_test_add_func("/validate/memory/a sheet without has only given answers", test_without);
	return g_test_run();
}

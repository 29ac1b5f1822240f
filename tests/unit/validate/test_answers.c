/* From fields to answers and findings: each rule once, right and wrong. */
#include "validate/validate.h"

#include "base/lang.h"

#include "fixture.h"

typedef struct {
	const char *name;
	const char *value;
} Cell;

/* The fields of a whole sheet, filled with @cells. */
static FieldSet *
fill(const FormView *view, const Section *section, const Cell *cells)
{
	FieldSet *fields = field_set_new();
	g_autoptr(GPtrArray) specs = form_view_fields(view, section);

	for (guint i = 0; i < specs->len; i++) {
		const FieldSpec *spec = g_ptr_array_index(specs, i);

		field_set_put(fields, spec->name, "");
	}
	for (; cells->name != NULL; cells++) {
		g_assert_true(field_set_has(fields, cells->name));
		field_set_put(fields, cells->name, cells->value);
	}
	return fields;
}

static Answers *
check(const Fixture *fixture, const char *name, const Cell *cells)
{
	g_autoptr(Unit) unit = registry_unit(fixture->store, 1, NULL);
	g_autoptr(FormView) view = form_view_new(fixture->form, unit);
	const Section *section = form_section(fixture->form, name);
	g_autoptr(FieldSet) fields = fill(view, section, cells);

	return validate_answers(view, section, fields, NULL);
}

/* "code question, code question". */
static char *
findings_of(const Answers *answers)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < answers->findings->len; i++) {
		const Finding *finding = g_ptr_array_index(answers->findings, i);

		g_string_append_printf(
		    text, "%s%s %s", i > 0 ? ", " : "", finding->code, finding->place);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* A sheet of section 2 in which nothing is wrong: tests change one thing in it. */
#define GOOD_2                                                                                     \
	{ "q2_1__sito", "si" }, { "q2_1__social", "si" }, { "q2_2", "social" }, { "q2_3", "120" }, \
	    { "q2_4", "0,5" }, { "q2_5", "15/07/2024" }, { "q2_6_web", "mai" },                    \
	{                                                                                          \
		"q2_6_app", "spesso"                                                               \
	}

static void
reads_every_type(void)
{
	static const Cell cells[] = { GOOD_2, { NULL, NULL } };
	static const Cell expected[] = { { "q2_1", "sito social" }, { "q2_2", "social" },
		{ "q2_3", "120" }, { "q2_4", "0.5" }, { "q2_5", "2024-07-15" },
		{ "q2_6_web", "mai" }, { "q2_6_app", "spesso" } };
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(Answers) answers = NULL;
	g_autofree char *findings = NULL;

	fixture_open(&fixture);
	answers = check(&fixture, "s2", cells);
	findings = findings_of(answers);
	g_assert_cmpstr(findings, ==, "");
	g_assert_false(answers->blank);
	g_assert_cmpuint(g_hash_table_size(answers->values), ==, G_N_ELEMENTS(expected));
	for (gsize i = 0; i < G_N_ELEMENTS(expected); i++)
		g_assert_cmpstr(
		    g_hash_table_lookup(answers->values, expected[i].name), ==, expected[i].value);
}

static void
finds_what_is_wrong(void)
{
	static const struct {
		const char *section;
		Cell cells[14];
		const char *expected;
	} cases[] = {
		{ "s1", { { "q1_1", "Ada" }, { "q1_2", "rtd" } }, "" },
		{ "s1", { { "q1_1", "Ada" } }, "required q1_2" },
		{ "s1", { { "q1_2", "altro" }, { "q1_1", "Ada" } }, "required q1_2_altro" },
		{ "s1", { { "q1_2", "altro" }, { "q1_2_altro", "Vicesindaco" }, { "q1_1", "A" } },
		    "" },
		{ "s1", { { "q1_2", "rtd" }, { "q1_2_altro", "Vicesindaco" }, { "q1_1", "A" } },
		    "not_relevant q1_2_altro" },
		{ "s1", { { "q1_1", "Ada" }, { "q1_2", "papa" } }, "choice q1_2" },
		/* section 2: the last cell of a name counts */
		{ "s2", { GOOD_2, { "q2_3", "circa cento" } }, "number q2_3" },
		{ "s2", { GOOD_2, { "q2_3", "1000" } }, "" },
		{ "s2", { GOOD_2, { "q2_3", "1001" } }, "constraint q2_3" },
		{ "s2", { GOOD_2, { "q2_3", "-1" } }, "constraint q2_3" },
		{ "s2", { GOOD_2, { "q2_3", "" } }, "required q2_3" },
		{ "s2", { GOOD_2, { "q2_3", "1,5" } }, "number q2_3" },
		{ "s2", { GOOD_2, { "q2_4", "" } }, "required q2_4" },
		{ "s2", { GOOD_2, { "q2_4", "" }, { "q2_4_nd", "si" } }, "" },
		{ "s2", { GOOD_2, { "q2_5", "31/02/2024" } }, "date q2_5" },
		{ "s2", { GOOD_2, { "q2_5", "" } }, "" },
		{ "s2", { GOOD_2, { "q2_6_app", "" } }, "required q2_6_app" },
		{ "s2", { GOOD_2, { "q2_2", "app" }, { "q2_3", "" } }, "choice_filter q2_2" },
		{ "s2", { GOOD_2, { "q2_2", "sito" } }, "not_relevant q2_3" },
		{ "s2", { GOOD_2, { "q2_1__nessuno", "si" } },
		    "exclusive q2_1, not_relevant q2_2, not_relevant q2_3" },
		{ "s2",
		    { GOOD_2, { "q2_1__nessuno", "si" }, { "q2_1__sito", "" },
			{ "q2_1__social", "" }, { "q2_2", "" }, { "q2_3", "" } },
		    "" },
		{ "s3",
		    { { "q3_1__costi", "1" }, { "q3_1__tempi", "3" }, { "q3_1__norme", "2" },
			{ "q3_2_a", "40" }, { "q3_2_b", "60" } },
		    "" },
		{ "s3",
		    { { "q3_1__costi", "1" }, { "q3_1__tempi", "1" }, { "q3_1__norme", "2" },
			{ "q3_2_a", "40" }, { "q3_2_b", "60" } },
		    "rank q3_1" },
		{ "s3", { { "q3_1__costi", "1" }, { "q3_2_a", "40" }, { "q3_2_b", "60" } },
		    "rank q3_1" },
		{ "s3", { { "q3_2_a", "40" }, { "q3_2_b", "60" } }, "required q3_1" },
		{ "s3",
		    { { "q3_1__costi", "1" }, { "q3_1__tempi", "3" }, { "q3_1__norme", "2" },
			{ "q3_2_a", "40" }, { "q3_2_b", "61" } },
		    "constraint q3_2_b" },
	};
	g_auto(Fixture) fixture = { 0 };

	fixture_open(&fixture);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Answers) answers = check(&fixture, cases[i].section, cases[i].cells);
		g_autofree char *findings = findings_of(answers);

		g_test_message("case %zu", i);
		g_assert_cmpstr(findings, ==, cases[i].expected);
	}
}

static void
keeps_what_is_out_of_place(void)
{
	static const Cell cells[] = { GOOD_2, { "q2_2", "sito" }, { NULL, NULL } };
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(Answers) answers = NULL;

	fixture_open(&fixture);
	answers = check(&fixture, "s2", cells);
	g_assert_cmpstr(g_hash_table_lookup(answers->values, "q2_3"), ==, "120");
	g_assert_cmpuint(findings_count(answers->findings, SEVERITY_ERROR), ==, 0);
	g_assert_cmpuint(findings_count(answers->findings, SEVERITY_WARNING), ==, 1);
}

static void
takes_hostile_texts_as_they_are(void)
{
	static const char *const texts[] = { "'; DROP TABLE answer; --", "=HYPERLINK(\"x\")",
		"<script>alert(1)</script>", "{{7*7}} %s %n ${q1_2}", "../../etc/passwd",
		"Staletti' è à ü € – 👍", "\"", "\\" };
	g_auto(Fixture) fixture = { 0 };

	fixture_open(&fixture);
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		const Cell cells[] = { { "q1_1", texts[i] }, { "q1_2", "rtd" }, { NULL, NULL } };
		g_autoptr(Answers) answers = check(&fixture, "s1", cells);

		g_assert_cmpstr(g_hash_table_lookup(answers->values, "q1_1"), ==, texts[i]);
		g_assert_cmpuint(answers->findings->len, ==, 0);
	}
}

static void
knows_a_blank_sheet(void)
{
	static const Cell nothing[] = { { NULL, NULL } };
	static const Cell blanks[] = { { "q1_1", "  " }, { "q1_3", "\n \t" }, { NULL, NULL } };
	static const Cell scribble[] = { { "q2_3", "boh" }, { NULL, NULL } };
	static const Cell one[] = { { "q1_3", "ok" }, { NULL, NULL } };
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(Answers) first = NULL;
	g_autoptr(Answers) second = NULL;
	g_autoptr(Answers) third = NULL;
	g_autoptr(Answers) fourth = NULL;

	fixture_open(&fixture);
	first = check(&fixture, "s1", nothing);
	second = check(&fixture, "s1", blanks);
	third = check(&fixture, "s2", scribble);
	fourth = check(&fixture, "s1", one);
	g_assert_true(first->blank);
	g_assert_true(second->blank);
	g_assert_false(third->blank); /* somebody wrote, though nothing can be read */
	g_assert_false(fourth->blank);
}

static void
sums_equal_answers_equally(void)
{
	static const Cell plain[] = { GOOD_2, { NULL, NULL } };
	static const Cell other_words[] = { GOOD_2, { "q2_4", " 0.5 " }, { "q2_5", "2024-07-15" },
		{ NULL, NULL } };
	static const Cell other_answer[] = { GOOD_2, { "q2_4", "0,6" }, { NULL, NULL } };
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(Answers) first = NULL;
	g_autoptr(Answers) second = NULL;
	g_autoptr(Answers) third = NULL;

	fixture_open(&fixture);
	first = check(&fixture, "s2", plain);
	second = check(&fixture, "s2", other_words);
	third = check(&fixture, "s2", other_answer);
	g_assert_cmpstr(first->sha256, ==, second->sha256);
	g_assert_cmpstr(first->sha256, !=, third->sha256);
}

/* One answer that looks like two. */
static void
sums_other_answers_otherwise(void)
{
	g_autoptr(GHashTable) one = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) two = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) origins = g_hash_table_new(g_str_hash, g_str_equal);
	static char a[] = "a", b[] = "b", x[] = "x", y[] = "y", both[] = "x\nb=y";
	static char given[] = ORIGIN_GIVEN;
	g_autofree char *sum_one = NULL;
	g_autofree char *sum_two = NULL;

	g_hash_table_insert(one, a, both);
	g_hash_table_insert(two, a, x);
	g_hash_table_insert(two, b, y);
	g_hash_table_insert(origins, a, given);
	g_hash_table_insert(origins, b, given);
	sum_one = validate_answers_sum(one, origins);
	sum_two = validate_answers_sum(two, origins);
	g_assert_cmpstr(sum_one, !=, sum_two);
}

static void
words_findings_for_both_sides(void)
{
	static const Cell cells[] = { GOOD_2, { "q2_3", "circa cento" }, { NULL, NULL } };
	static const struct {
		const char *question, *code, *expected;
	} cases[] = {
		{ "q1_1", "required", "Scrivere il nome di chi compila." },
		{ "q1_2", "required", "Manca la risposta." },
		{ "q2_3", "constraint", "Scrivere un numero da 0 a 1000." },
		{ "q2_1", "exclusive", "«Nessuno» non si combina con altri canali." },
		{ "q2_3", "number", "Scrivere un numero in cifre, ad esempio 12 oppure 0,5." },
		{ "gone", "required", "Manca la risposta." },
		{ "q2_3", "of_old", "Controllare la risposta." },
	};
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(Answers) answers = NULL;
	const Finding *finding;

	fixture_open(&fixture);
	answers = check(&fixture, "s2", cells);
	g_assert_cmpuint(answers->findings->len, ==, 1);
	finding = g_ptr_array_index(answers->findings, 0);
	g_assert_cmpstr(finding->text, ==, "2.3: no number that can be read: «circa cento»");
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text =
		    form_remark(fixture.form, cases[i].question, cases[i].code, "it");

		g_assert_cmpstr(text, ==, cases[i].expected);
	}
}

/* In each language a sentence of its own; of two joined, in the first. */
static void
words_findings_in_four_languages(void)
{
	static const char *const codes[] = { "choice", "choice_filter", "constraint", "date",
		"exclusive", "length", "not_relevant", "number", "rank", "required", "unconfirmed",
		"of_old" };
	static const struct {
		const char *lang;
		const char *number;
	} cases[] = {
		{ "it", "Scrivere un numero in cifre, ad esempio 12 oppure 0,5." },
		{ "de", "Bitte eine Zahl in Ziffern angeben, zum Beispiel 12 oder 0,5." },
		{ "fr", "Veuillez indiquer un nombre en chiffres, par exemple 12 ou 0,5." },
		{ "sl", "Vpišite število s številkami, na primer 12 ali 0,5." },
		{ "de+it", "Bitte eine Zahl in Ziffern angeben, zum Beispiel 12 oder 0,5." },
	};
	g_auto(Fixture) fixture = { 0 };
	g_autoptr(GHashTable) said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	fixture_open(&fixture);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *number =
		    form_remark(fixture.form, "gone", "number", cases[i].lang);

		g_assert_cmpstr(number, ==, cases[i].number);
	}
	for (gsize i = 0; i < LANGS; i++)
		for (gsize k = 0; k < G_N_ELEMENTS(codes); k++)
			g_assert_true(g_hash_table_add(
			    said, form_remark(fixture.form, "gone", codes[k], lang_all[i])));
}

static void
shows_answers_in_words(void)
{
	static const struct {
		const char *question, *value, *expected;
	} cases[] = {
		{ "q1_1", "Ada; \"Bo\"", "Ada; \"Bo\"" },
		{ "q1_2", "altro", "Altro (specificare)" },
		{ "q2_1", "sito social", "Sito, Social" },
		{ "q2_4", "0.5", "0,5" },
		{ "q3_1", "norme costi tempi", "1. Norme, 2. Costi, 3. Tempi" },
		{ "q3_1", "costi:1 tempi:1", "1. Costi, 1. Tempi" },
	};
	g_auto(Fixture) fixture = { 0 };

	fixture_open(&fixture);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *words = answer_words(
		    fixture.form, form_item(fixture.form, cases[i].question), cases[i].value, "it");

		g_assert_cmpstr(words, ==, cases[i].expected);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/answers/reads-every-type", reads_every_type);
	g_test_add_func("/answers/finds-what-is-wrong", finds_what_is_wrong);
	g_test_add_func("/answers/keeps-what-is-out-of-place", keeps_what_is_out_of_place);
	g_test_add_func(
	    "/answers/takes-hostile-texts-as-they-are", takes_hostile_texts_as_they_are);
	g_test_add_func("/answers/knows-a-blank-sheet", knows_a_blank_sheet);
	g_test_add_func("/answers/sums-equal-answers-equally", sums_equal_answers_equally);
	g_test_add_func("/answers/sums-other-answers-otherwise", sums_other_answers_otherwise);
	g_test_add_func("/answers/words-findings-for-both-sides", words_findings_for_both_sides);
	g_test_add_func(
	    "/answers/findings in the four languages of towns", words_findings_in_four_languages);
	g_test_add_func("/answers/shows-answers-in-words", shows_answers_in_words);
	return g_test_run();
}

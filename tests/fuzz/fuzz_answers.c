/*
 * What the fields of a genuine sheet may hold (validate/validate.h): a line a field, NAME=VALUE, \n in a value for a line feed.
 * The first line names the section.
 */
#include "fuzz/fuzz.h"
#include "fuzz/survey.h"
#include "validate/validate.h"

#include <string.h>

static FuzzSurvey survey;

static void
prepare(void)
{
	fuzz_survey_open(&survey);
}

static FieldSet *
read_fields(char **lines)
{
	FieldSet *fields = field_set_new();

	for (; *lines != NULL; lines++) {
		char *equals = strchr(*lines, '=');
		g_autofree char *value = NULL;

		if (equals == NULL)
			continue;
		*equals = '\0';
		value = g_strcompress(equals + 1);
		if (g_utf8_validate(*lines, -1, NULL) && fuzz_is_shown(value, PDF_VALUE_LIMIT))
			field_set_put(fields, *lines, value);
	}
	return fields;
}

/* A canonical answer, written into fields again, is read as the same answer. */
static void
check_answer(const Item *item, const char *value)
{
	g_autoptr(FieldSet) fields = field_set_new();
	g_autoptr(GPtrArray) findings = findings_new();
	g_autofree char *again = NULL;
	g_autofree char *words = NULL;

	g_assert_true(fuzz_is_shown(value, PDF_VALUE_LIMIT));
	words = answer_words(survey.form, item, value, survey.langs[strlen(value) % 4]);
	g_assert_true(g_utf8_validate(words, -1, NULL));
	item->type->write(item, value, fields);
	again = item->type->read(item, fields, findings);
	g_assert_cmpstr(again, ==, value);
}

static void
check_section(const FormView *view, const Section *section, const FieldSet *fields)
{
	g_autoptr(Answers) answers = validate_answers(view, section, fields, NULL);
	g_autoptr(Answers) again = validate_answers(view, section, fields, NULL);
	GHashTableIter iter;
	gpointer name;
	gpointer value;

	g_assert_cmpstr(answers->sha256, ==, again->sha256);
	g_assert_true(!answers->blank || g_hash_table_size(answers->values) == 0);
	g_hash_table_iter_init(&iter, answers->values);
	while (g_hash_table_iter_next(&iter, &name, &value))
		check_answer(form_item(survey.form, name), value);
	for (guint i = 0; i < answers->findings->len; i++) {
		const Finding *finding = g_ptr_array_index(answers->findings, i);

		g_assert_true(g_utf8_validate(finding->text, -1, NULL));
		g_assert_cmpstr(finding->text, !=, "");
	}
}

static void
run(const guint8 *data, gsize size)
{
	g_autofree char *text = fuzz_text(data, size);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	const Section *section = lines[0] != NULL ? form_section(survey.form, lines[0]) : NULL;
	g_autoptr(FieldSet) fields = NULL;

	if (section == NULL)
		return;
	fields = read_fields(lines + 1);
	check_section(survey.views[size % G_N_ELEMENTS(survey.views)], section, fields);
}

const FuzzTarget fuzz_answers = { prepare, run };

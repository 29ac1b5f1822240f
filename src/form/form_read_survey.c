/* The rows of survey.csv, one by one: types, lists and groups. */
#include "form/read.h"

#include "base/error.h"

#include <string.h>

/* The first words of older forms, longer before shorter. */
static const struct {
	const char *old;
	const char *present;
} old_types[] = {
	{ "add select multiple prompt using", "select_multiple" },
	{ "add select one prompt using", "select_one" },
	{ "select all that apply from", "select_multiple" },
	{ "select all that apply", "select_multiple" },
	{ "select multiple from", "select_multiple" },
	{ "select multiple", "select_multiple" },
	{ "select one from", "select_one" },
	{ "select one", "select_one" },
	{ "select1", "select_one" },
	{ "begin group", "begin_group" },
	{ "end group", "end_group" },
	{ "begin repeat", "begin_repeat" },
	{ "end repeat", "end_repeat" },
	{ "trigger", "acknowledge" },
	{ "string", "text" },
	{ "int", "integer" },
};

static void
begin_group(FormReader *reader, guint row)
{
	if (reader->open->len == FORM_DEPTH_MAX)
		reader_say(reader, SEVERITY_ERROR, SURVEY_TYPE,
		    reader_row(reader, FILE_SURVEY, row), "depth",
		    _("groups are nested more than %d deep"), FORM_DEPTH_MAX);
	g_ptr_array_add(reader->open, read_item(reader, row, NULL, NULL));
}

static void
end_group(FormReader *reader, guint row)
{
	const char *name = reader_cell(reader, row, SURVEY_NAME);
	const Item *group;

	check_end(reader, row);
	if (reader->open->len == 0) {
		reader_say(reader, SEVERITY_ERROR, SURVEY_TYPE,
		    reader_row(reader, FILE_SURVEY, row), "unbalanced",
		    _("end_group without a begin_group"));
		return;
	}
	group = g_ptr_array_steal_index(reader->open, reader->open->len - 1);
	if (*name != '\0' && strcmp(name, group->name) != 0)
		reader_say(reader, SEVERITY_ERROR, SURVEY_NAME,
		    reader_row(reader, FILE_SURVEY, row), "unbalanced",
		    _("end_group of %s, but the group open here is %s, of row %u"), name,
		    group->name, group->row);
}

/* The type cell with its first words as they are written today. Returns: (transfer full) */
static char *
present_type(FormReader *reader, guint row)
{
	const char *cell = reader_cell(reader, row, SURVEY_TYPE);
	g_autofree char *folded = g_ascii_strdown(cell, -1);

	for (gsize i = 0; i < G_N_ELEMENTS(old_types); i++) {
		gsize length = strlen(old_types[i].old);
		char *present;

		if (!g_str_has_prefix(folded, old_types[i].old) ||
		    (folded[length] != '\0' && folded[length] != ' '))
			continue;
		present = g_strconcat(old_types[i].present, cell + length, NULL);
		reader_say(reader, reader_mild(reader), SURVEY_TYPE,
		    reader_row(reader, FILE_SURVEY, row), "old-word",
		    _("«%s» is of older forms: write %s"), cell, present);
		reader_put(
		    reader, FILE_SURVEY, row, (guint)reader->columns[SURVEY_TYPE][0], present);
		return present;
	}
	return g_strdup(cell);
}

static void
say_unknown_type(FormReader *reader, guint row, const char *type)
{
	g_autoptr(GString) names = g_string_new("begin_group, end_group");

	for (gsize i = 0; question_types[i] != NULL; i++)
		g_string_append_printf(names, ", %s%s", question_types[i]->name,
		    question_types[i]->takes_list ? " LIST" : "");
	if (*type == '\0')
		reader_say(reader, SEVERITY_ERROR, SURVEY_TYPE,
		    reader_row(reader, FILE_SURVEY, row), "unknown-type",
		    _("the row has no type; known: %s"), names->str);
	else
		reader_say(reader, SEVERITY_ERROR, SURVEY_TYPE,
		    reader_row(reader, FILE_SURVEY, row), "unknown-type",
		    _("«%s» is not read; known: %s"), type, names->str);
	g_hash_table_add(reader->refused, g_strdup(reader_cell(reader, row, SURVEY_NAME)));
}

static ChoiceList *
read_list(FormReader *reader, guint row, const QuestionType *type, const char *name)
{
	gboolean readable =
	    reader->columns[CHOICES_LIST][0] >= 0 && reader->columns[CHOICES_NAME][0] >= 0;
	ChoiceList *list;

	if (!type->takes_list)
		return NULL;
	list = reader_list(reader, name);
	g_hash_table_add(reader->used, list);
	if (*name == '\0')
		reader_say(reader, SEVERITY_ERROR, SURVEY_TYPE,
		    reader_row(reader, FILE_SURVEY, row), "undefined-list",
		    _("%s must be followed by the name of a list"), type->name);
	else if (list->choices->len == 0 && readable &&
		 !g_hash_table_contains(reader->crippled, list))
		reader_say(reader, SEVERITY_ERROR, SURVEY_TYPE,
		    reader_row(reader, FILE_SURVEY, row), "undefined-list",
		    _("list %s has no choices"), name);
	return list;
}

/* What stands behind the type: the list's name, and nothing else. @words: from the second on */
static void
check_rest(FormReader *reader, guint row, const QuestionType *type, char **words)
{
	guint n = type->takes_list ? 1 : 0;

	if (g_strv_length(words) <= n)
		return;
	if (strcmp(words[n], "or_other") == 0)
		reader_say(reader, SEVERITY_ERROR, SURVEY_TYPE,
		    reader_row(reader, FILE_SURVEY, row), "or-other",
		    _("or_other is in English only: give the list a choice altro, and add a row text with relevant selected(${%s}, 'altro')"),
		    reader_cell(reader, row, SURVEY_NAME));
	else
		reader_say(reader, SEVERITY_ERROR, SURVEY_TYPE,
		    reader_row(reader, FILE_SURVEY, row), "unknown-type",
		    _("«%s» behind %s means nothing"), words[n], type->name);
}

static void
read_question(FormReader *reader, guint row, const char *name, char **words)
{
	const QuestionType *type = question_type_find(name);

	if (type == NULL) {
		say_unknown_type(reader, row, name);
		return;
	}
	check_rest(reader, row, type, words);
	read_item(
	    reader, row, type, read_list(reader, row, type, words[0] != NULL ? words[0] : ""));
}

static void
read_row(FormReader *reader, guint row)
{
	g_autofree char *cell = present_type(reader, row);
	g_auto(GStrv) words =
	    g_regex_split_simple("\\s+", cell, (GRegexCompileFlags)0, (GRegexMatchFlags)0);
	g_autofree char *type = g_ascii_strdown(words[0] != NULL ? words[0] : "", -1);
	gboolean repeats = g_str_has_suffix(type, "_repeat");

	if (repeats)
		reader_say(reader, SEVERITY_ERROR, SURVEY_TYPE,
		    reader_row(reader, FILE_SURVEY, row), "unknown-type",
		    _("a sheet has a fixed number of rows and cannot repeat: write the rows, in a begin_group"));
	if (strcmp(type, "begin_group") == 0 || (repeats && g_str_has_prefix(type, "begin")))
		begin_group(reader, row);
	else if (strcmp(type, "end_group") == 0 || (repeats && g_str_has_prefix(type, "end")))
		end_group(reader, row);
	else
		read_question(reader, row, type, words + (words[0] != NULL));
}

void
read_survey(FormReader *reader)
{
	if (reader->columns[SURVEY_TYPE][0] < 0 || reader->columns[SURVEY_NAME][0] < 0)
		return;
	for (guint row = 0; row < table_rows(reader->tables[FILE_SURVEY]); row++)
		if (!reader_row_is_blank(reader, FILE_SURVEY, row))
			read_row(reader, row);
	for (guint i = 0; i < reader->open->len; i++) {
		const Item *group = g_ptr_array_index(reader->open, i);

		reader_say(reader, SEVERITY_ERROR, SURVEY_TYPE, group->row, "unbalanced",
		    _("the group %s has no end_group"), group->name);
	}
}

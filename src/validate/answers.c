/* From the fields of one section to answers and findings. Pure: no file, no database, no clock. */
#include "validate/validate.h"

#include "base/sum.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	const FormView *view;
	const Section *section;
	const FieldSet *fields;
	const Printed *printed; /* (nullable) */
	gboolean confirms;	/* the box is ticked */
	GHashTable *read;	/* every question asked -> its answer, "" where it has none */
	GHashTable *wrong;	/* question -> code of what its type found */
	GPtrArray *questions;	/* of const Item *, in the form's order */
	Answers *answers;
} Reader;

static void
reader_clear(Reader *reader)
{
	g_clear_pointer(&reader->read, g_hash_table_unref);
	g_clear_pointer(&reader->wrong, g_hash_table_unref);
	g_clear_pointer(&reader->questions, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reader, reader_clear)

void
answers_free(Answers *answers)
{
	if (answers == NULL)
		return;
	g_clear_pointer(&answers->values, g_hash_table_unref);
	g_clear_pointer(&answers->origins, g_hash_table_unref);
	g_clear_pointer(&answers->findings, g_ptr_array_unref);
	g_clear_pointer(&answers->unread, g_hash_table_unref);
	g_free(answers->sha256);
	g_free(answers);
}

static void
collect_questions(Reader *reader, const GPtrArray *items)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		if (form_view_asked(reader->view, item) == ASKED_NO)
			continue;
		if (item->type != NULL && item->type->read != NULL)
			g_ptr_array_add(reader->questions, g_ptr_array_index(items, i));
		collect_questions(reader, item->items);
	}
}

/* What was written into the fields of @item, for the eyes of a person. Returns: (transfer full) */
static char *
as_written(const Reader *reader, const Item *item)
{
	g_autoptr(GPtrArray) specs = form_item_fields(item);
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < specs->len; i++) {
		const FieldSpec *spec = g_ptr_array_index(specs, i);
		const char *value = field_set_value(reader->fields, spec->name);

		if (*value == '\0')
			continue;
		if (text->len > 0)
			g_string_append_c(text, ' ');
		if (spec->choice != NULL)
			g_string_append_printf(text, "%s:", spec->choice->name);
		g_string_append(text, value);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* A text that is no number is given back to be put right as it was written. */
static void
note_unread(const Reader *reader, const Item *item)
{
	g_autoptr(GPtrArray) specs = form_item_fields(item);
	const FieldSpec *spec = specs->len == 1 ? g_ptr_array_index(specs, 0) : NULL;

	if (spec != NULL && (spec->kind == FIELD_TEXT || spec->kind == FIELD_AREA))
		g_hash_table_insert(reader->answers->unread, g_strdup(item->name),
		    g_strdup(field_set_value(reader->fields, spec->name)));
}

static void
read_question(Reader *reader, const Item *item)
{
	g_autoptr(GPtrArray) findings = findings_new();
	char *value = item->type->read(item, reader->fields, findings);

	if (findings->len > 0) {
		const Finding *first = g_ptr_array_index(findings, 0);

		g_hash_table_insert(reader->wrong, item->name, g_strdup(first->code));
		if (*value == '\0')
			note_unread(reader, item);
	}
	if (*value != '\0')
		g_hash_table_insert(reader->answers->values, g_strdup(item->name), g_strdup(value));
	g_hash_table_insert(reader->read, item->name, value);
}

static gboolean
takes_several(const Item *item)
{
	return item->list != NULL && strcmp(item->type->name, "select_multiple") == 0;
}

static gboolean
breaks_exclusion(const Item *item, const char *value)
{
	g_auto(GStrv) names = NULL;

	if (!takes_several(item) || strchr(value, ' ') == NULL)
		return FALSE;
	names = g_strsplit(value, " ", 0);
	for (gsize i = 0; names[i] != NULL; i++) {
		const Choice *choice = choice_list_find(item->list, names[i]);

		if (choice != NULL && choice->exclusive)
			return TRUE;
	}
	return FALSE;
}

static gboolean
breaks_filter(const Reader *reader, const Item *item, const char *value)
{
	g_auto(GStrv) names = NULL;

	if (item->choice_filter == NULL || item->list == NULL)
		return FALSE;
	names = g_strsplit(value, " ", 0);
	for (gsize i = 0; names[i] != NULL; i++) {
		const Choice *choice = choice_list_find(item->list, names[i]);

		if (choice != NULL &&
		    form_view_offers(reader->view, item, choice, reader->read) == TRUTH_FALSE)
			return TRUE;
	}
	return FALSE;
}

/* What is wrong with an answer that could be read; NULL: nothing. One fault is enough: it is what the respondent
 * is asked to correct. */
static const char *
check_value(const Reader *reader, const Item *item, const char *value)
{
	if (breaks_exclusion(item, value))
		return "exclusive";
	if (breaks_filter(reader, item, value))
		return "choice_filter";
	if (item->constraint != NULL &&
	    form_view_truth(reader->view, item->constraint, reader->read, value) == TRUTH_FALSE)
		return "constraint";
	return NULL;
}

/* A condition that rests on another sheet is not known here: then nothing is required, and nothing out of place. */
static const char *
check_question(const Reader *reader, const Item *item, const char *value)
{
	const char *wrong = g_hash_table_lookup(reader->wrong, item->name);
	Truth relevant = form_view_relevant(reader->view, item, reader->read);

	if (relevant == TRUTH_FALSE)
		return *value != '\0' || wrong != NULL ? "not_relevant" : NULL;
	if (wrong != NULL)
		return wrong;
	if (*value != '\0')
		return check_value(reader, item, value);
	if (relevant == TRUTH_TRUE && item->required != NULL &&
	    form_view_truth(reader->view, item->required, reader->read, value) == TRUTH_TRUE)
		return "required";
	return NULL;
}

/* "6:valore". By hand, since it is done for each answer that comes. */
static void
append_counted(GString *text, const char *counted)
{
	gsize length = strlen(counted);
	char digits[24];
	gsize at = sizeof digits;

	digits[--at] = ':';
	for (gsize left = length; at > 0 && (left > 0 || digits[at] == ':'); left /= 10)
		digits[--at] = (char)('0' + left % 10);
	g_string_append_len(text, digits + at, (gssize)(sizeof digits - at));
	g_string_append_len(text, counted, (gssize)length);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

gpointer *
validate_answers_names(GHashTable *values, guint *count)
{
	gpointer *names = g_hash_table_get_keys_as_array(values, count);

	qsort(names, *count, sizeof *names, by_text);
	return names;
}

char *
validate_answers_sum(GHashTable *values, GHashTable *origins)
{
	guint count;
	g_autofree gpointer *names = validate_answers_names(values, &count);
	g_autoptr(GString) text = g_string_sized_new(1024);

	for (guint i = 0; i < count; i++) {
		const char *name = names[i];
		const char *origin = g_hash_table_lookup(origins, name);

		append_counted(text, name);
		g_string_append_c(text, '=');
		append_counted(text, g_hash_table_lookup(values, name));
		g_string_append_c(text, '\n');
		if (strcmp(origin, ORIGIN_GIVEN) != 0)
			g_string_append_printf(text, "%s\n", origin);
	}
	return sum_text(text->str, text->len);
}

/* --- last year's answers ------------------------------------------------------------------------------------ */

static const char *
printed_value(const Reader *reader, const char *name)
{
	return reader->printed != NULL ? g_hash_table_lookup(reader->printed->values, name) : NULL;
}

/* Whether the others rule the answer out, or excuse the question: "Dato non disponibile" beside last year's figure. */
static gboolean
is_overruled(const Reader *reader, const Item *item, const char *value)
{
	return form_view_relevant(reader->view, item, reader->read) == TRUTH_FALSE ||
	       (item->required != NULL && form_view_truth(reader->view, item->required,
					      reader->read, value) == TRUTH_FALSE);
}

/* What stands there against the other answers is nobody's word, even where the box is ticked. */
static const char *
origin_of(const Reader *reader, const Item *item, const char *value)
{
	if (g_strcmp0(printed_value(reader, item->name), value) != 0)
		return ORIGIN_GIVEN;
	return reader->confirms && !is_overruled(reader, item, value) ? ORIGIN_CONFIRMED
								      : ORIGIN_COPIED;
}

static void
find_origins(const Reader *reader)
{
	for (guint i = 0; i < reader->questions->len; i++) {
		const Item *item = g_ptr_array_index(reader->questions, i);
		const char *value = g_hash_table_lookup(reader->read, item->name);
		const char *origin = *value != '\0' ? origin_of(reader, item, value) : NULL;

		if (origin != NULL)
			g_hash_table_insert(reader->answers->origins, g_strdup(item->name),
			    (gpointer)(gsize)origin);
	}
}

/* Whether the fields are just as they were printed. */
static gboolean
is_untouched(const Reader *reader)
{
	if (reader->printed == NULL || g_hash_table_size(reader->wrong) > 0)
		return FALSE;
	for (guint i = 0; i < reader->questions->len; i++) {
		const Item *item = g_ptr_array_index(reader->questions, i);
		const char *printed = printed_value(reader, item->name);

		if (strcmp(g_hash_table_lookup(reader->read, item->name),
			printed != NULL ? printed : "") != 0)
			return FALSE;
	}
	return TRUE;
}

static gboolean
has_given(const Answers *answers)
{
	GHashTableIter iter;
	gpointer origin;

	g_hash_table_iter_init(&iter, answers->origins);
	while (g_hash_table_iter_next(&iter, NULL, &origin))
		if (strcmp(origin, ORIGIN_GIVEN) == 0)
			return TRUE;
	return FALSE;
}

/* Answers that are all last year's, and nobody says whether they still hold. */
static void
check_confirmed(const Reader *reader)
{
	Answers *answers = reader->answers;
	Finding *added;

	if (reader->printed == NULL || reader->confirms || has_given(answers) ||
	    g_hash_table_size(answers->values) == 0 || g_hash_table_size(reader->wrong) > 0)
		return;
	form_finding_add(answers->findings, "unconfirmed", reader->section->group, "");
	added = g_ptr_array_index(answers->findings, answers->findings->len - 1);
	if (reader->printed->suffice)
		added->severity = SEVERITY_WARNING;
}

static gboolean
is_blank(const Reader *reader, gboolean untouched)
{
	if (g_hash_table_size(reader->answers->values) == 0)
		return g_hash_table_size(reader->wrong) == 0;
	return untouched && !reader->confirms &&
	       *field_set_value(reader->fields, FIELD_CODE) == '\0';
}

Answers *
validate_answers(
    const FormView *view, const Section *section, const FieldSet *fields, const Printed *printed)
{
	g_autoptr(Answers) answers = g_new0(Answers, 1);
	g_auto(Reader) reader = { .view = view,
		.section = section,
		.fields = fields,
		.printed = printed,
		.answers = answers };
	gboolean untouched;

	reader.confirms =
	    printed != NULL && strcmp(field_set_value(fields, FIELD_CONFIRM), FIELD_ON) == 0;
	answers->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	answers->origins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	answers->findings = findings_new();
	answers->unread = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	reader.read = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	reader.wrong = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	reader.questions = g_ptr_array_new();
	collect_questions(&reader, section->group->items);
	for (guint i = 0; i < reader.questions->len; i++)
		read_question(&reader, g_ptr_array_index(reader.questions, i));
	for (guint i = 0; i < reader.questions->len; i++) {
		const Item *item = g_ptr_array_index(reader.questions, i);
		const char *code =
		    check_question(&reader, item, g_hash_table_lookup(reader.read, item->name));

		if (code != NULL) {
			g_autofree char *said = as_written(&reader, item);

			form_finding_add(answers->findings, code, item, said);
		}
	}
	find_origins(&reader);
	check_confirmed(&reader);
	untouched = is_untouched(&reader);
	answers->confirmed = untouched && reader.confirms;
	answers->blank = is_blank(&reader, untouched);
	answers->sha256 = validate_answers_sum(answers->values, answers->origins);
	return g_steal_pointer(&answers);
}

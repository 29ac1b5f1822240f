/* One row of survey.csv as an Item: its name, texts, flags and expressions. */
#include "form/read.h"

#include "base/error.h"

#include <string.h>

/* What a row is, as bits, for the columns that may say something in it. */
typedef enum {
	ROW_GROUP = 1 << 0,
	ROW_END = 1 << 1,
	ROW_NOTE = 1 << 2,
	ROW_HIDDEN = 1 << 3,
	ROW_CALCULATE = 1 << 4,
	ROW_SELECT = 1 << 5,
	ROW_QUESTION = 1 << 6 /* any other */
} RowKind;

#define ROW_ASKS  (ROW_SELECT | ROW_QUESTION)
#define ROW_DRAWN (ROW_GROUP | ROW_NOTE | ROW_ASKS)

static const struct {
	FormColumn column;
	int rows;
} allowed[] = {
	{ SURVEY_LABEL, ROW_DRAWN | ROW_HIDDEN | ROW_CALCULATE },
	{ SURVEY_HINT, ROW_DRAWN },
	{ SURVEY_GUIDANCE, ROW_DRAWN },
	{ SURVEY_REQUIRED_MESSAGE, ROW_ASKS },
	{ SURVEY_CONSTRAINT_MESSAGE, ROW_ASKS },
	{ SURVEY_RELEVANT, ROW_DRAWN | ROW_CALCULATE },
	{ SURVEY_REQUIRED, ROW_ASKS },
	{ SURVEY_CONSTRAINT, ROW_ASKS },
	{ SURVEY_CALCULATION, ROW_CALCULATE },
	{ SURVEY_DEFAULT, ROW_ASKS | ROW_HIDDEN },
	{ SURVEY_APPEARANCE, ROW_DRAWN },
	{ SURVEY_READONLY, ROW_ASKS },
	{ SURVEY_CHOICE_FILTER, ROW_SELECT },
	{ SURVEY_PARAMETERS, 0 },
	{ SURVEY_NUMBER, ROW_DRAWN },
	{ SURVEY_MEMORY, ROW_ASKS },
	{ SURVEY_INDICATOR, ROW_DRAWN | ROW_CALCULATE },
	{ SURVEY_RESERVED, ROW_DRAWN | ROW_CALCULATE | ROW_HIDDEN },
};

static const struct {
	const char *type; /* begin_group for groups */
	const char *appearance;
	Layout layout;
} appearances[] = {
	{ "begin_group", "table-list", LAYOUT_GRID },
	{ "begin_group", "field-list", LAYOUT_LIST },
	{ "text", "multiline", LAYOUT_AREA },
};

void
item_free(Item *item)
{
	g_free(item->name);
	g_free(item->number);
	g_clear_pointer(&item->labels, g_ptr_array_unref);
	g_clear_pointer(&item->hints, g_ptr_array_unref);
	g_clear_pointer(&item->guidance, g_ptr_array_unref);
	g_clear_pointer(&item->required_messages, g_ptr_array_unref);
	g_clear_pointer(&item->constraint_messages, g_ptr_array_unref);
	expr_free(item->relevant);
	expr_free(item->required);
	expr_free(item->constraint);
	expr_free(item->calculation);
	expr_free(item->choice_filter);
	g_free(item->appearance);
	g_free(item->default_value);
	g_free(item->memory);
	g_free(item->indicator);
	g_clear_pointer(&item->items, g_ptr_array_unref);
	g_free(item);
}

static RowKind
kind_of(const QuestionType *type)
{
	if (type == NULL)
		return ROW_GROUP;
	if (type->fields == NULL && type->layout == LAYOUT_NOTE)
		return ROW_NOTE;
	if (strcmp(type->name, "hidden") == 0)
		return ROW_HIDDEN;
	if (strcmp(type->name, "calculate") == 0)
		return ROW_CALCULATE;
	return g_str_has_prefix(type->name, "select_") ? ROW_SELECT : ROW_QUESTION;
}

static void
check_columns(FormReader *reader, guint row, RowKind kind, const char *type)
{
	for (gsize i = 0; i < G_N_ELEMENTS(allowed); i++) {
		FormColumn column = allowed[i].column;

		if ((allowed[i].rows & (int)kind) != 0 || *reader_cell(reader, row, column) == '\0')
			continue;
		if (column == SURVEY_PARAMETERS)
			reader_say(reader, SEVERITY_ERROR, column,
			    reader_row(reader, FILE_SURVEY, row), "not-here",
			    _("parameters are not read: empty the cell"));
		else
			reader_say(reader, SEVERITY_ERROR, column,
			    reader_row(reader, FILE_SURVEY, row), "not-here",
			    _("means nothing in a row of type %s: empty the cell"), type);
	}
}

/* --- cells ------------------------------------------------------------------------------------------------ */

static gboolean
holds(const Node *node, NodeKind kind, const char **text)
{
	if (node->kind == kind) {
		*text = node->text;
		return TRUE;
	}
	for (guint i = 0; i < node_children(node); i++)
		if (holds(node_child(node, i), kind, text))
			return TRUE;
	return FALSE;
}

/* What may not stand in this column: . only in constraint, columns of the choices only in choice_filter. */
static gboolean
check_words(FormReader *reader, guint row, FormColumn column, const Expr *expr)
{
	const char *text = "";

	if (column != SURVEY_CHOICE_FILTER && holds(expr->root, NODE_COLUMN, &text))
		reader_say(reader, SEVERITY_ERROR, column, reader_row(reader, FILE_SURVEY, row),
		    "expression",
		    _("%s: the name of a question is written ${%s}, a text in quotes"), text, text);
	else if (column != SURVEY_CONSTRAINT && holds(expr->root, NODE_SELF, &text))
		reader_say(reader, SEVERITY_ERROR, column, reader_row(reader, FILE_SURVEY, row),
		    "expression",
		    _("the point stands for the answer that a constraint checks: here write ${name}"));
	else if (column != SURVEY_CALCULATION && !node_is_condition(expr->root))
		reader_say(reader, SEVERITY_ERROR, column, reader_row(reader, FILE_SURVEY, row),
		    "expression",
		    _("a condition is expected (with =, <, selected() or the like), not a value"));
	else
		return TRUE;
	return FALSE;
}

static Expr *
parse_cell(FormReader *reader, guint row, FormColumn column, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Expr) expr = NULL;

	if (*text == '\0')
		return NULL;
	expr = expr_parse(text, &error);
	if (expr == NULL) {
		reader_say(reader, SEVERITY_ERROR, column, reader_row(reader, FILE_SURVEY, row),
		    "expression", "%s", error->message);
		return NULL;
	}
	return check_words(reader, row, column, expr) ? g_steal_pointer(&expr) : NULL;
}

static Expr *
read_expr(FormReader *reader, guint row, FormColumn column)
{
	return parse_cell(reader, row, column, reader_cell(reader, row, column));
}

/* "yes" or a condition. */
static Expr *
read_required(FormReader *reader, guint row)
{
	static const char *const yes[] = { "yes", "si", "sì", "true", NULL };
	static const char *const no[] = { "no", "false", NULL };
	const char *cell = reader_cell(reader, row, SURVEY_REQUIRED);
	g_autofree char *folded = g_utf8_casefold(cell, -1);

	if (g_strv_contains(no, folded))
		return NULL;
	return parse_cell(
	    reader, row, SURVEY_REQUIRED, g_strv_contains(yes, folded) ? "true()" : cell);
}

static char *
read_number(FormReader *reader, guint row)
{
	const char *text = reader_cell(reader, row, SURVEY_NUMBER);

	if (*text != '\0' && !g_regex_match_simple("^[0-9]{1,2}([.][1-9][0-9]{0,2}){0,4}$", text,
				 (GRegexCompileFlags)0, (GRegexMatchFlags)0))
		reader_say(reader, SEVERITY_ERROR, SURVEY_NUMBER,
		    reader_row(reader, FILE_SURVEY, row), "number",
		    _("«%s»: a number like 5, 5.12 or 5.12.1 is expected"), text);
	return g_strdup(text);
}

/* What has no line beside it where last year's answer could stand. */
static void
check_beside(FormReader *reader, guint row, const Item *item)
{
	const char *why = NULL;

	if (item->layout == LAYOUT_CHECK)
		why = _("a box to tick has no room for accanto: write si or no");
	else if (item->parent != NULL && item->parent->layout == LAYOUT_GRID)
		why = _("a row of a grid has no room for accanto: write si or no");
	if (why != NULL)
		reader_say(reader, SEVERITY_ERROR, SURVEY_MEMORY,
		    reader_row(reader, FILE_SURVEY, row), "memory", "%s", why);
}

/* "si", NAME@EDITION, or "accanto", by itself or before a name: the same, beside the field. NULL: none of them. */
static char *
memory_source(const char *text, gboolean *out_beside)
{
	g_auto(GStrv) words = g_strsplit(text, " ", 2);
	g_autofree char *folded = g_utf8_casefold(words[0] != NULL ? words[0] : "", -1);
	const char *source = text;

	*out_beside = strcmp(folded, "accanto") == 0;
	if (*out_beside)
		source = words[1] != NULL ? g_strstrip(words[1]) : "";
	if (*out_beside ? *source == '\0' : strcmp(folded, "si") == 0 || strcmp(folded, "sì") == 0)
		return g_strdup("si");
	return g_regex_match_simple("^[A-Za-z][A-Za-z0-9_]*@[A-Za-z0-9_.-]+$", source,
		   (GRegexCompileFlags)0, (GRegexMatchFlags)0)
		   ? g_strdup(source)
		   : NULL;
}

static void
read_memory(FormReader *reader, guint row, Item *item)
{
	const char *text = reader_cell(reader, row, SURVEY_MEMORY);
	g_autofree char *folded = g_utf8_casefold(text, -1);

	if (*text != '\0' && strcmp(folded, "no") != 0) {
		item->memory = memory_source(text, &item->beside);
		if (item->memory == NULL)
			reader_say(reader, SEVERITY_ERROR, SURVEY_MEMORY,
			    reader_row(reader, FILE_SURVEY, row), "memory",
			    _("«%s»: write si, no, NAME@EDITION, accanto, or accanto NAME@EDITION"),
			    text);
	}
	if (item->memory == NULL)
		item->memory = g_strdup("");
	if (item->beside)
		check_beside(reader, row, item);
}

static void
read_appearance(FormReader *reader, guint row, Item *item)
{
	const char *type = item->type != NULL ? item->type->name : "begin_group";
	g_autoptr(GString) possible = g_string_new(NULL);

	item->layout = item->type != NULL ? item->type->layout : LAYOUT_GROUP;
	item->appearance = g_strdup(reader_cell(reader, row, SURVEY_APPEARANCE));
	if (*item->appearance == '\0')
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(appearances); i++) {
		if (strcmp(appearances[i].type, type) != 0)
			continue;
		if (strcmp(appearances[i].appearance, item->appearance) == 0) {
			item->layout = appearances[i].layout;
			return;
		}
		g_string_append_printf(
		    possible, "%s%s", possible->len > 0 ? ", " : "", appearances[i].appearance);
	}
	if (possible->len == 0)
		g_string_append(possible, _("none"));
	reader_say(reader, SEVERITY_ERROR, SURVEY_APPEARANCE, reader_row(reader, FILE_SURVEY, row),
	    "appearance", _("«%s» is not known; known for %s: %s"), item->appearance, type,
	    possible->str);
}

/* A default that its own type does not read back as it stands would be a wrong answer on paper. */
static void
read_default(FormReader *reader, guint row, Item *item)
{
	g_autoptr(FieldSet) fields = field_set_new();
	g_autoptr(GPtrArray) findings = findings_new();
	g_autofree char *back = NULL;

	item->default_value = g_strdup(reader_cell(reader, row, SURVEY_DEFAULT));
	if (*item->default_value == '\0' || item->type == NULL || item->type->write == NULL)
		return;
	item->type->write(item, item->default_value, fields);
	back = item->type->read(item, fields, findings);
	if (findings->len > 0 || strcmp(back, item->default_value) != 0)
		reader_say(reader, SEVERITY_ERROR, SURVEY_DEFAULT,
		    reader_row(reader, FILE_SURVEY, row), "default",
		    _("«%s» is no answer to this question"), item->default_value);
}

/* --- names ------------------------------------------------------------------------------------------------ */

static gboolean
check_name(FormReader *reader, guint row, const char *name)
{
	g_autofree char *folded = g_ascii_strdown(name, -1);
	const Item *other = g_hash_table_lookup(reader->folded, folded);
	guint number = reader_row(reader, FILE_SURVEY, row);

	if (!name_is_good(name, strlen(name)))
		reader_say(reader, SEVERITY_ERROR, SURVEY_NAME, number, "bad-name",
		    _("«%s»: a name begins with a letter and has letters without accents, digits and _, at most %d"),
		    name, FORM_NAME_MAX);
	else if (strstr(name, "__") != NULL || g_str_has_prefix(folded, "plico_"))
		reader_say(reader, SEVERITY_ERROR, SURVEY_NAME, number, "bad-name",
		    _("«%s»: plico_ and two _ together are kept for fields of the sheet"), name);
	else if (other != NULL)
		reader_say(reader, SEVERITY_ERROR, SURVEY_NAME, number, "duplicate-name",
		    _("%s stands in row %u already (capital and small letters are the same)"),
		    other->name, other->row);
	else
		return TRUE;
	return FALSE;
}

static void
name_item(FormReader *reader, guint row, Item *item)
{
	item->name = g_strdup(reader_cell(reader, row, SURVEY_NAME));
	if (!check_name(reader, row, item->name)) {
		g_hash_table_add(reader->refused, g_strdup(item->name));
		return;
	}
	g_hash_table_insert(reader->form->by_name, item->name, item);
	g_hash_table_insert(reader->folded, g_ascii_strdown(item->name, -1), item);
}

static void
check_label(FormReader *reader, guint row, const Item *item)
{
	if (item->layout != LAYOUT_NONE && reader->columns[SURVEY_LABEL][0] >= 0 &&
	    g_ptr_array_index(item->labels, 0) == NULL)
		reader_say(reader, SEVERITY_ERROR, SURVEY_LABEL,
		    reader_row(reader, FILE_SURVEY, row), "missing-label", _("%s has no label"),
		    item->name);
}

static gboolean
holds_text(const GPtrArray *texts)
{
	for (guint i = 0; i < texts->len; i++)
		if (g_ptr_array_index(texts, i) != NULL)
			return TRUE;
	return FALSE;
}

/* A message whose condition is missing will never be seen: the cell of the condition was forgotten. */
static void
check_messages(FormReader *reader, guint row, const Item *item)
{
	if (holds_text(item->required_messages) &&
	    *reader_cell(reader, row, SURVEY_REQUIRED) == '\0')
		reader_say(reader, SEVERITY_WARNING, SURVEY_REQUIRED, item->row, "no-effect",
		    _("there is a required_message, but nothing is required"));
	if (holds_text(item->constraint_messages) &&
	    *reader_cell(reader, row, SURVEY_CONSTRAINT) == '\0')
		reader_say(reader, SEVERITY_WARNING, SURVEY_CONSTRAINT, item->row, "no-effect",
		    _("there is a constraint_message, but no constraint"));
}

/* --- rows ------------------------------------------------------------------------------------------------- */

static void
read_expressions(FormReader *reader, guint row, Item *item)
{
	item->relevant = read_expr(reader, row, SURVEY_RELEVANT);
	item->required = read_required(reader, row);
	item->constraint = read_expr(reader, row, SURVEY_CONSTRAINT);
	item->calculation = read_expr(reader, row, SURVEY_CALCULATION);
	item->choice_filter = read_expr(reader, row, SURVEY_CHOICE_FILTER);
	if (item->type != NULL && strcmp(item->type->name, "calculate") == 0 &&
	    *reader_cell(reader, row, SURVEY_CALCULATION) == '\0')
		reader_say(reader, SEVERITY_ERROR, SURVEY_CALCULATION,
		    reader_row(reader, FILE_SURVEY, row), "expression",
		    _("a calculate row needs its calculation"));
}

Item *
read_item(FormReader *reader, guint row, const QuestionType *type, ChoiceList *list)
{
	Item *item = g_new0(Item, 1);
	GPtrArray *siblings = reader->form->items;

	check_columns(reader, row, kind_of(type), type != NULL ? type->name : "begin_group");
	item->type = type;
	item->list = list;
	item->row = reader_row(reader, FILE_SURVEY, row);
	item->items = g_ptr_array_new_with_free_func((GDestroyNotify)item_free);
	if (reader->open->len > 0) {
		item->parent = g_ptr_array_index(reader->open, reader->open->len - 1);
		siblings = item->parent->items;
	}
	g_ptr_array_add(siblings, item);
	name_item(reader, row, item);
	item->labels = reader_texts(reader, row, SURVEY_LABEL);
	item->hints = reader_texts(reader, row, SURVEY_HINT);
	item->guidance = reader_texts(reader, row, SURVEY_GUIDANCE);
	item->required_messages = reader_texts(reader, row, SURVEY_REQUIRED_MESSAGE);
	item->constraint_messages = reader_texts(reader, row, SURVEY_CONSTRAINT_MESSAGE);
	item->number = read_number(reader, row);
	read_appearance(reader, row, item);
	item->readonly = reader_flag(reader, row, SURVEY_READONLY);
	read_memory(reader, row, item);
	item->indicator = g_strdup(reader_cell(reader, row, SURVEY_INDICATOR));
	item->reserved = reader_flag(reader, row, SURVEY_RESERVED) ||
			 (item->parent != NULL && item->parent->reserved);
	if (item->reserved && *item->memory != '\0')
		reader_say(reader, SEVERITY_WARNING, SURVEY_MEMORY, item->row, "memory",
		    _("a reserved question: last year's answer is never printed"));
	read_expressions(reader, row, item);
	read_default(reader, row, item);
	check_label(reader, row, item);
	check_messages(reader, row, item);
	return item;
}

void
check_end(FormReader *reader, guint row)
{
	check_columns(reader, row, ROW_END, "end_group");
}

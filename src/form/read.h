/*
 * Inside form/: how three tables become a Form, wherever they came from. form_read.c gives the order; columns, settings,
 * choices and rows have a file each; form_check.c looks at the whole.
 *
 * Reading goes on behind an error, as if the right thing had been written where it can be told, so that one mistake
 * gives one finding and the author sees all of them at once.
 */
#ifndef PLICO_FORM_READ_H
#define PLICO_FORM_READ_H

#include "base/table.h"
#include "form/expr.h"

typedef enum { FILE_SETTINGS, FILE_CHOICES, FILE_SURVEY, FORM_FILES } FormFile;

/* "survey.csv" */
extern const char *const form_file_names[FORM_FILES];

/* The columns that can be read. Those with a language stand first in each file. */
typedef enum {
	SETTINGS_TITLE,
	SETTINGS_ID,
	SETTINGS_VERSION,
	SETTINGS_LANGUAGE,
	SETTINGS_INSTANCE_NAME,
	SETTINGS_NAMESPACES,
	SETTINGS_STYLE,
	SETTINGS_DUPLICATES,
	SETTINGS_ANNOUNCED_LARGE,
	SETTINGS_ANNOUNCED_SMALL,
	SETTINGS_POPULATION_SMALL,
	SETTINGS_SECTIONS,
	CHOICES_LABEL,
	CHOICES_LIST,
	CHOICES_NAME,
	CHOICES_EXCLUSIVE,
	SURVEY_LABEL,
	SURVEY_HINT,
	SURVEY_GUIDANCE,
	SURVEY_REQUIRED_MESSAGE,
	SURVEY_CONSTRAINT_MESSAGE,
	SURVEY_TYPE,
	SURVEY_NAME,
	SURVEY_RELEVANT,
	SURVEY_REQUIRED,
	SURVEY_CONSTRAINT,
	SURVEY_CALCULATION,
	SURVEY_DEFAULT,
	SURVEY_APPEARANCE,
	SURVEY_READONLY,
	SURVEY_CHOICE_FILTER,
	SURVEY_PARAMETERS,
	SURVEY_NUMBER,
	SURVEY_MEMORY,
	SURVEY_INDICATOR,
	SURVEY_RESERVED,
	FORM_COLUMNS
} FormColumn;

#define FORM_LANGS_MAX 10

/* Where the tables came from. */
typedef struct {
	Table *tables[FORM_FILES];
	GBytes *bytes[FORM_FILES];  /* (nullable): of files of their own */
	char *names[FORM_FILES];    /* for places: "survey.csv", "mappa.xlsx: survey" */
	const char *directories[2]; /* (nullable): where tables for pulldata() stand */
	gboolean cells;		    /* places are cells of a spreadsheet: survey!C12 */
	gboolean
	    tolerant; /* what was right in older forms is a warning, and goes into @rewritten */
} FormSource;

/* The three CSV files in @directory, which must outlive it. */
gboolean form_source_open(FormSource *source, const char *directory, GError **error);
void form_source_clear(FormSource *source);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FormSource, form_source_clear)

typedef struct {
	Form *form;
	const FormSource *source;
	Table *const *tables; /* those of @source */
	GPtrArray *headers
	    [FORM_FILES]; /* of char *: each column's name as it is written today; NULL: has none */
	GHashTable *rewritten; /* cells that are written otherwise today, by reader_put() */
	/* where a column stands in its table, -1: nowhere; by language for those that have one */
	int columns[FORM_COLUMNS][FORM_LANGS_MAX];
	GHashTable *lang_names; /* "it" -> "Italiano", as first written */
	GHashTable *free;   /* columns of choices.csv that are none of ours: name -> column + 1 */
	GArray *noticed;    /* findings with their places, not yet in order */
	guint errors;	    /* among them */
	GPtrArray *open;    /* of Item *: the groups that are open, from the outermost */
	GHashTable *folded; /* name without case -> Item */
	GHashTable *
	    refused; /* names of rows that could not be read: a reference to them is no further error */
	GHashTable *used;     /* of ChoiceList */
	GHashTable *crippled; /* of ChoiceList: choices of it could not be read */
	gboolean duplicates;  /* choices may have several rows */
	GArray *references;   /* texts that hold ${...}, with their places */
	gboolean lacks_data;  /* a table for pulldata() is not there */
} FormReader;

void reader_init(FormReader *reader, const FormSource *source);
/* Reads it all. @findings: what is wrong, in the order of files and rows. */
void reader_run(FormReader *reader, GPtrArray *findings);
void reader_clear(FormReader *reader);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FormReader, reader_clear)

/* What a cell of the source says in the words of today: itself unless it was rewritten. Returns: (transfer none) */
const char *reader_present(const FormReader *reader, FormFile file, guint row, guint at);
void reader_put(FormReader *reader, FormFile file, guint row, guint at, const char *text);
/* How grave an old word is: an error, but where forms come from outside it is a warning and taken. */
Severity reader_mild(const FormReader *reader);

/* A column as its header and one of its cells. */
const char *column_name(FormColumn column);
FormFile column_file(FormColumn column);
const char *reader_cell(const FormReader *reader, guint row, FormColumn column);
/* The row's number as a spreadsheet counts, for reader_say(). */
guint reader_row(const FormReader *reader, FormFile file, guint row);
gboolean reader_row_is_blank(const FormReader *reader, FormFile file, guint row);
/* The texts of a row by language, NULL where there is none. Returns: (transfer full) */
GPtrArray *reader_texts(FormReader *reader, guint row, FormColumn column);
/* "", "no", "si", "yes": anything else is a finding. */
gboolean reader_flag(FormReader *reader, guint row, FormColumn column);

/* Notes what is wrong in a cell; @row as reader_row() gives it, 0 for the whole file. */
void reader_say(FormReader *reader, Severity severity, FormColumn column, guint row,
    const char *code, const char *format, ...) G_GNUC_PRINTF(6, 7);
/* The same where the place is no column of ours. @at: the table's column, or -1. @column: (nullable): its name */
void reader_say_at(FormReader *reader, Severity severity, FormFile file, guint row, int at,
    const char *column, const char *code, const char *format, ...) G_GNUC_PRINTF(8, 9);

/* form_read_columns.c */

/* "form_title" of "title" and "Form_Title": how a column is called today. Returns: (transfer full) */
char *present_column(const char *header);
/* Finds the columns of a file. */
void read_columns(FormReader *reader, FormFile file);
/* "Italiano (it)" or "it" as "it"; NULL where no code stands in it. @name: (out) (nullable). Returns: (transfer full) */
char *read_lang(const char *text, char **name);
/* "Italiano (it)" of a language that has no code but is well known: "Italian", "italiano". NULL for others. */
const char *well_known_lang(const char *name);

/* form_read_settings.c */
void read_settings(FormReader *reader);

/* form_read_choices.c */
void read_choices(FormReader *reader);
/* The list of that name, new and empty where there is none. */
ChoiceList *reader_list(FormReader *reader, const char *name);
void choice_list_free(ChoiceList *list);

/* form_read_item.c */

/* The row as an item of the innermost open group. @type: NULL for a group. Returns: (transfer none) */
Item *read_item(FormReader *reader, guint row, const QuestionType *type, ChoiceList *list);
/* That a row end_group says nothing else. */
void check_end(FormReader *reader, guint row);
void item_free(Item *item);

/* form_read_survey.c */
void read_survey(FormReader *reader);

/* form_data.c: tables beside the form, for pulldata(). */

/* Reads NAME.csv where it is not read yet. NULL where it is not there, or with @error where it cannot be read.
 * Returns: (transfer none) (nullable) */
const Table *reader_data(FormReader *reader, const char *name, GError **error);

/* form_text.c: known values in texts. */

/* Notes that @text has to get its values once all is read: @text is replaced then. */
GArray *reader_references_new(void);
void reader_refer(FormReader *reader, FormColumn column, guint row, int at, char **text);
/* Puts the values of ${...} into the texts noted: what is the same for everyone, or it is a finding. */
void fill_texts(FormReader *reader);

/* form_check.c: what only shows in the whole: sections, grids, numbers, languages. */
void check_form(FormReader *reader);

/* form_check_expr.c: references, comparisons and cycles of all expressions. */
void check_expressions(FormReader *reader);

#endif

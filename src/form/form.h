/*
 * 2 WHAT: the questionnaire, read from XLSForm in three CSV files; its expressions; who is asked what; question types.
 *
 * A question type says which fields of a sheet carry an answer and how an answer is read from and written to them. It
 * knows neither mupdf nor libhpdf: drawing (render/) and reading PDFs (collect/) meet here through FieldSpec and
 * FieldSet.
 *
 * Answers have one canonical text: a choice's name; names with blanks between, in the list's order (select_multiple) or
 * from first to last (rank); 12; 0.5; 2024-07-11; "OK" (acknowledge); text as it is (NFC, LF). "" is no answer. A
 * ranking that is incomplete or contradicts itself is "costi:1 tempi:1 norme:3" and cannot be mistaken for a right one.
 */
#ifndef PLICO_FORM_FORM_H
#define PLICO_FORM_FORM_H

#include "base/finding.h"
#include "base/keyring.h"
#include "registry/registry.h"

/* Limits of a form file */
#define FORM_NAME_MAX	 40
#define FORM_TEXT_MAX	 4000
#define FORM_CHOICES_MAX 300
#define FORM_ROWS_MAX	 5000
#define FORM_DEPTH_MAX	 8

typedef struct Form Form;
typedef struct FormInner FormInner;
typedef struct Item Item;
typedef struct Expr Expr;
typedef struct QuestionType QuestionType;

typedef struct Choice Choice;
struct Choice {
	char *name;
	GPtrArray *labels;   /* of char *, by language, as form->langs */
	gboolean exclusive;  /* "Nessuno": stands alone */
	GHashTable *columns; /* the free columns: name -> value, for choice_filter */
	GPtrArray *others;   /* (nullable), of Choice: its further rows (allow_choice_duplicates) */
	guint row;	     /* of choices.csv as a spreadsheet counts */
};

typedef struct {
	char *name;
	GPtrArray *choices; /* of Choice */
} ChoiceList;

/* How an item lies on the page; render/ has one function for each. */
typedef enum {
	LAYOUT_NONE,	/* hidden, calculate: nothing is drawn */
	LAYOUT_NOTE,	/* text only */
	LAYOUT_CHOICES, /* one radio button or check box for each choice */
	LAYOUT_ENTRY,	/* one box to write in */
	LAYOUT_AREA,	/* a large box to write in (text, appearance multiline) */
	LAYOUT_CHECK,	/* one check box with its label behind it (acknowledge) */
	LAYOUT_RANK,	/* a position for each choice */
	LAYOUT_GRID, /* group table-list: rows are its items, columns the choices of their list */
	LAYOUT_LIST, /* group field-list: its items as short lines with their boxes in a column */
	LAYOUT_GROUP /* another group: its label as a heading, then its items */
} Layout;

/* A row of survey.csv: a group or a question. Items own their children; text arrays go by language. */
struct Item {
	char *name;
	const QuestionType *type; /* NULL for groups */
	Layout layout;
	char *number;	   /* bind::anci:numero, "5.12.1"; "" where it has none */
	GPtrArray *labels; /* of char *: NULL elements where the language has none */
	GPtrArray *hints;
	GPtrArray *guidance; /* printed instructions */
	GPtrArray *required_messages;
	GPtrArray *constraint_messages;
	ChoiceList *list;    /* (nullable), owned by the form */
	Expr *relevant;	     /* (nullable) */
	Expr *required;	     /* (nullable): an expression; "yes" is true() */
	Expr *constraint;    /* (nullable) */
	Expr *calculation;   /* (nullable) */
	Expr *choice_filter; /* (nullable) */
	char *appearance;
	char *default_value;
	gboolean readonly;
	char *memory;	 /* bind::anci:memoria: "", "si", or NAME@EDITION */
	gboolean beside; /* "accanto" stands before it: shown beside the field, not in it */
	char *indicator;
	gboolean reserved; /* bind::anci:riservata */
	guint row;	   /* of survey.csv as a spreadsheet counts */
	Item *parent;	   /* (nullable): the group it stands in */
	GPtrArray *items;  /* of Item: a group's; empty for questions */
};

typedef struct {
	Item *group;	    /* its items are the section's */
	const char *name;   /* "s5": the group's name */
	const char *number; /* "5" */
} Section;

struct Form {
	char *id;
	char *title;
	char *version;
	char *default_lang;   /* "it" */
	GPtrArray *langs;     /* of char *: "it", "de" */
	GHashTable *settings; /* all of settings.csv: column -> value */
	GPtrArray *items;     /* of Item: top level, owns */
	GPtrArray *sections;  /* of Section: top-level groups that draw something, in order */
	GHashTable *by_name;  /* name -> Item, groups too */
	GHashTable *lists;    /* name -> ChoiceList, owns */
	FormInner *inner;     /* of form/ alone */
};

/* Reads forms/EDITION/{survey,choices,settings}.csv in @directory.
 * @findings: everything wrong with it, each with file, row and column; errors among them mean that the form must not
 * be used. Returns: (transfer full), NULL with @error only where files cannot be read at all. */
Form *form_open(const char *directory, GPtrArray *findings, GError **error);

/* The same for running a campaign: findings of severity error become one GError (PLICO_ERROR_INPUT). */
Form *form_open_strict(const char *directory, GError **error);
void form_free(Form *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Form, form_free)

const Item *form_item(const Form *form, const char *name);
const Section *form_section(const Form *form, const char *name);

/* The section in which an item stands; NULL outside all, where nothing is drawn. */
const Section *form_item_section(const Form *form, const Item *item);
/* "5.12.1": the item's number, or that of the question whose row it is; "" where there is none. */
const char *form_item_number(const Item *item);

/* --- versions of a form */

/* A sheet must be read when it comes back, whatever has become of the form: each version of which sheets go out is kept
 * for good, as @shelf/EDITION/VERSION/{survey,choices,settings}.csv. Keeping it again is no error; another form
 * under the same version is. */
gboolean form_keep(const Form *form, const char *shelf, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A version as it was kept. Returns: (transfer full) */
Form *form_keep_open(const char *shelf, const char *edition, const char *version, GError **error);

/* Whether the kept version is as it was: each file has the sum that stands beside it. Adds to @findings (place: the file;
 * codes missing, altered, unreadable; no_sums). */
void form_keep_check(
    const char *shelf, const char *edition, const char *version, GPtrArray *findings);

/* The versions of one edition: @current, which must outlive it, and those kept in @directory. */
typedef struct FormShelf FormShelf;
FormShelf *form_shelf_new(const Form *current, const char *directory);
void form_shelf_free(FormShelf *shelf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FormShelf, form_shelf_free)
/* @out: (out) (transfer none) (nullable): NULL where no such version was kept. */
gboolean form_shelf_find(FormShelf *shelf, const char *version, const Form **out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The text in @lang ("de"; of "de+it" in the first), or in the form's own language where it has none; "" at the end.
 * Returns: (transfer none) */
const char *form_text(const Form *form, const GPtrArray *texts, const char *lang);
const Choice *choice_list_find(const ChoiceList *list, const char *name);

/* The name under which the edition with the form_id @edition ("mappa-2024") asked what @item asks, if @item prints its
 * answer of then: its own name for "si"; for NAME@EDITION that name, where EDITION is @edition or what stands behind its
 * last hyphen ("2024"). NULL where nothing of that edition is printed. Returns: (transfer full) (nullable) */
char *form_memory_source(const Item *item, const char *edition);

/* How many numbered questions of a section a unit with the population is asked at most; -1: how many there are,
 * whoever is asked. Rows with the same number are one question. @section NULL: of the sections that count, those with
 * number 2 and above unless the settings name others in sezioni_contate. */
guint form_count(const Form *form, const Section *section, gint64 population);
/* The numbers that form_count() counts, in order. Returns: (transfer container): of const char *, owned by @form */
GPtrArray *form_numbers(const Form *form, const Section *section, gint64 population);
/* The largest population that counts as small: popolazione_piccoli of the settings, 5000 where it is missing. */
gint64 form_small_population(const Form *form);
gboolean form_section_counts(const Form *form, const Section *section);

/* --- expressions (the subset in forms/README.md) --------------------------------------------------------- */

/* Gives the value of ${name}, or NULL where it is not known yet (partial evaluation). Returns: (transfer full) */
typedef char *(*ScopeLookup)(const char *name, gpointer data);

typedef struct {
	ScopeLookup lookup;
	/* pulldata(table, column, key_column, key): (transfer full) or NULL where not known; NULL function: never */
	char *(*pulldata)(const char *table, const char *column, const char *key_column,
	    const char *key, gpointer data);
	gpointer data;
	const char *self;     /* the value of "." or NULL */
	const Choice *choice; /* in a choice_filter: its columns are names */
} Scope;

typedef enum { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN } Truth;

/* Parses one expression. The error says at which character. Returns: (transfer full) */
Expr *expr_parse(const char *text, GError **error);
void expr_free(Expr *expr);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Expr, expr_free)

/* An empty value compares false with everything, but = '' and != '' ask whether it is empty; what is not known makes
 * the whole unknown unless it does not matter (unknown and false is false). */
Truth expr_truth(const Expr *expr, const Scope *scope);
/* The value as text; NULL where unknown. Returns: (transfer full) (nullable) */
char *expr_value(const Expr *expr, const Scope *scope);
/* Names of all ${...}. Returns: (transfer container): of const char *, owned by @expr */
GPtrArray *expr_references(const Expr *expr);

/* --- who is asked what ------------------------------------------------------------------------------------ */

typedef enum {
	ASKED_NO, /* known before rendering: the sheet does not hold it */
	ASKED_ALWAYS,
	ASKED_IF /* depends on another answer: printed with its condition, checked at intake */
} Asked;

/* The form as one unit is asked it. */
typedef struct FormView FormView;

/* @form must outlive it, and keeps what was worked out for the next unit of the same shape: one thread at a time.
 * @unit is only read here. Returns: (transfer full) */
FormView *form_view_new(const Form *form, const Unit *unit);
void form_view_free(FormView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FormView, form_view_free)

/* What the form knows of @unit before anyone answers, "name=value" lines: who is asked what follows from it.
 * Returns: (transfer full) */
char *form_facts(const Form *form, const Unit *unit);
/* The form as the unit was asked it when @facts were noted; what they do not say (nor "") is of the unit now.
 * Returns: (transfer full) */
FormView *form_view_new_as_of(const Form *form, const Unit *unit, const char *facts);

/* The same, of which nothing is asked but @questions (names with blanks between), as far as they were asked: a sheet of some
 * questions of a section. Returns: (transfer full) */
FormView *form_view_part(
    const Form *form, const Unit *unit, const char *facts, const char *questions);
/* The questions of a sheet on which those of @wrong (of char *, all of @section) can be put right: with them what their conditions
 * and checks name, what depends on them, and what has the same number ("Altro", "Dato non disponibile"). NULL where one of them is
 * not asked there. Names with blanks between, in the form's order. Returns: (transfer full) (nullable) */
char *form_questions_to_correct(
    const FormView *view, const Section *section, const GPtrArray *wrong);

/* The form of the delegation sheet: who fills in which of the sections that @view asks. It has the identity of @view's
 * form and one section, FORM_DELEGATION, whose name no section of a questionnaire may have. Its fields: tutte_nome,
 * tutte_ufficio, tutte_email, the same with each section's name (s5_email), sindaco, data. Returns: (transfer full) */
#define FORM_DELEGATION "delega"
Form *form_delegation(const FormView *view);

const Form *form_view_form(const FormView *view);
/* Groups: whether anything in them is asked. */
Asked form_view_asked(const FormView *view, const Item *item);
/* Sections with at least one question for this unit. Returns: (transfer container): of const Section * */
GPtrArray *form_view_sections(const FormView *view);
/* Units with the same shape are asked the same questions: ASCII, usable in a file name. Returns: (transfer none) */
const char *form_view_shape(const FormView *view);
/* The value of a calculate or hidden item for this unit. Returns: (transfer none) (nullable) */
const char *form_view_value(const FormView *view, const char *name);
/* "la risposta alla 3.1 è «No» oppure «Sì, meno del 50% dei server»": the part of an ASKED_IF item's condition, that
 * of its groups included, which depends on answers: for "Rispondere solo se ...". "" for others.
 * Returns: (transfer full) */
char *form_view_condition(const FormView *view, const Item *item, const char *lang);
/* Whether a condition is to be printed at this item: not where its group has just printed the same. */
gboolean form_view_has_condition(const FormView *view, const Item *item);

/* At intake, with the answers: name -> canonical text. A question that is not in @answers is not known (it stands on
 * another sheet); one that is not relevant counts as empty, whatever was answered. Whether @item is to be answered: */
Truth form_view_relevant(const FormView *view, const Item *item, GHashTable *answers);
/* Whether @expr holds: an item's required or constraint. @self (nullable): the value of "." */
Truth form_view_truth(
    const FormView *view, const Expr *expr, GHashTable *answers, const char *self);
/* Whether the item's choice_filter lets the choice be chosen. Sheets show all choices. */
Truth form_view_offers(
    const FormView *view, const Item *item, const Choice *choice, GHashTable *answers);

/* --- fields and answers ------------------------------------------------------------------------------------ */

typedef enum { FIELD_TEXT, FIELD_AREA, FIELD_RADIO, FIELD_CHECK, FIELD_COMBO } FieldKind;

/* A field of the sheet (ISO 32000-1, 12.7): the name is ASCII [A-Za-z0-9_]. */
typedef struct {
	char *name; /* q2_1; check boxes of select_multiple and combos of rank: q2_4__interno */
	FieldKind kind;
	const Item *item;
	const Choice *choice; /* (nullable): of a check box or a rank's combo */
	guint max_length;     /* of text; 0: no limit */
	guint positions;      /* of a combo: 1..N */
} FieldSpec;

/* Values of fields, name -> UTF-8 value: radio: the choice's name; check box: FIELD_ON; "" or missing: nothing. */
#define FIELD_ON "si"
typedef GHashTable FieldSet;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FieldSet, g_hash_table_unref)
FieldSet *field_set_new(void);
void field_set_put(FieldSet *fields, const char *name, const char *value);
const char *field_set_value(const FieldSet *fields, const char *name); /* "" where missing */
gboolean field_set_has(const FieldSet *fields, const char *name);

/* The fields that carry the answers of a section for this unit (without the hidden ones of the identity and the access
 * code), in order. Returns: (transfer full): of FieldSpec */
GPtrArray *form_view_fields(const FormView *view, const Section *section);
/* Their names, each once. Returns: (transfer none): a set of char *, which lives as long as the view */
GHashTable *form_view_field_names(const FormView *view, const Section *section);
/* The fields of one question. Returns: (transfer full): of FieldSpec */
GPtrArray *form_item_fields(const Item *item);

/* A canonical value as a person reads it: the labels of choices, "1. Costi, 2. Tempi", 0,5; of "de+it" in the first
 * language. Returns: (transfer full) */
char *answer_words(const Form *form, const Item *item, const char *value, const char *lang);

/* Adds the finding @code about @item, with its severity and the words for staff. @said (nullable): what stands in the sheet, as
 * it was written. The codes: those of a type's read(), and choice_filter, constraint, exclusive, not_relevant, required,
 * unconfirmed. */
void form_finding_add(GPtrArray *findings, const char *code, const Item *item, const char *said);
/* What a town is told about the finding @code of @question: the form's own message, or ours in @lang (of
 * "de+it" in the first). Returns: (transfer full) */
char *form_remark(const Form *form, const char *question, const char *code, const char *lang);

struct QuestionType {
	const char *name; /* "select_one", as in survey.csv */
	gboolean takes_list;
	Layout layout;
	/* Adds the fields of @item to @specs. All three are NULL where it has none (note, calculate, hidden). */
	void (*fields)(const Item *item, GPtrArray *specs);
	/* The answer in @fields as canonical text, "" for none. What is wrong with it goes to @findings: the place is
	 * the item's name, the code "choice", "number", "date", "rank" or "length"; form_finding_add() has the wording. What
	 * cannot be understood gives "" and its finding: it is wrong, not missing. Returns: (transfer full) */
	char *(*read)(const Item *item, const FieldSet *fields, GPtrArray *findings);
	/* The fields that say @value, a canonical text: for last year's answers, corrections, the rehearsal. */
	void (*write)(const Item *item, const char *value, FieldSet *fields);
};

/* All types, NULL-terminated; by name. */
extern const QuestionType *const question_types[];
const QuestionType *question_type_find(const char *name);

/* Numbers as Italian clerks write them: "0,5", "1.234", "1 234,5", "12,0". Canonical with a point, at most 15 digits;
 * NULL where it is no number or could be two ("1.234" where a fraction may stand). Returns: (transfer full) */
char *number_normalise(const char *typed, gboolean whole);
/* "11/07/2024", "11.7.24", "11 luglio 2024", "2024-07-11" as 2024-07-11, or NULL. Returns: (transfer full) */
char *date_normalise(const char *typed);

/* --- identity of a sheet (DESIGN section 5) ----------------------------------------------------------------- */

#define SHEET_VERSION  "1"
#define SHEET_TAG_BITS 130

/* Hidden fields of every sheet, in the order of SheetId, and the visible one for the access code. */
#define FIELD_VERSION "plico_v"
#define FIELD_KID     "plico_kid"
#define FIELD_EDITION "plico_edition"
#define FIELD_UNIT    "plico_unit"
#define FIELD_SECTION "plico_section"
#define FIELD_FORM    "plico_form"
#define FIELD_SERIAL  "plico_serial"
#define FIELD_TAG     "plico_tag"
#define FIELD_CODE    "plico_code"
/* The box on sheets with last year's answers: those that were left as they stood still hold. */
#define FIELD_CONFIRM "plico_confirm"
/* Before the name of a question: the field that nobody can write in, with last year's answer beside the question. */
#define FIELD_BESIDE "plico_memory_"

typedef struct {
	char *version;
	char *kid;
	char *edition;
	char *unit;    /* cadastral code */
	char *section; /* "s5" */
	char *form;    /* version of the form */
	char *serial;
	char *tag;
} SheetId;

void sheet_id_free(SheetId *id);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SheetId, sheet_id_free)

/* The signed identity of a new sheet, by the current key. Returns: (transfer full) */
SheetId *sheet_id_new(const Keyring *keyring, const char *edition, const char *unit,
    const char *section, const char *form_version, guint serial);
/* The same of a sheet with last year's answers: its serial is "3-2", the second number that of their print. */
SheetId *sheet_id_new_with_memory(const Keyring *keyring, const char *edition, const char *unit,
    const char *section, const char *form_version, guint serial, gint64 memory);
/* The same of a sheet that asks some questions once more: its serial is "3+7", the second number that of the unit's correction. */
SheetId *sheet_id_new_of_correction(const Keyring *keyring, const char *edition, const char *unit,
    const char *section, const char *form_version, guint serial, gint64 correction);
/* The number of the correction; 0: the sheet asks its whole section. */
gint64 sheet_id_correction(const SheetId *id);
/* The number of the print; 0: the sheet has none of last year's answers. */
gint64 sheet_id_memory(const SheetId *id);
/* From the fields of a returned file; nothing is trusted before sheet_id_verify(). Returns: (transfer full) */
SheetId *sheet_id_read(const FieldSet *fields);
gboolean sheet_id_verify(const SheetId *id, const Keyring *keyring);
void sheet_id_write(const SheetId *id, FieldSet *fields);
/* The QR's text: "PLICO1:EDITION:UNIT:SECTION:SERIAL:40-bit check", in the characters that make a small code: capitals,
 * and "-" for "_". Whoever reads one compares it with what this says of the identities that it can be.
 * Returns: (transfer full), NULL where the identity's key is unknown */
char *sheet_id_qr(const SheetId *id, const Keyring *keyring);
/* The same of a letter, with the current key: it has no section. */
char *letter_qr(const Keyring *keyring, const char *edition, const char *unit, guint serial);
/* What of a QR's text stands in letters at the foot of each page: all behind the edition, "C860:S2:1:3F7KQ2WX". Returns: (transfer
 * none): in @qr */
const char *sheet_code_short(const char *qr);
/* The QR's text of the sheet at whose foot @code stands, as a person typed it (small letters, blanks; in the check O for 0, I and L for
 * 1), or a program read it. Returns: (transfer full) (nullable): NULL where it cannot be such a code */
char *sheet_code_long(const char *edition, const char *code);

#endif

/*
 * 3 LOOK: letters, section sheets and mail texts.
 *
 * A sheet's template is drawn once for each (section, shape, language): libhpdf draws the pages, mupdf adds the form;
 * each unit then gets an incremental update (ISO 32000-1, 7.5.6). The same input always gives the same bytes.
 */
#ifndef PLICO_RENDER_RENDER_H
#define PLICO_RENDER_RENDER_H

#include "base/config.h"
#include "base/stem.h"
#include "memory/memory.h"

typedef struct Renderer Renderer;

/* @config, @keyring and @form must outlive it. One thread at a time. Returns: (transfer full) */
Renderer *renderer_new(
    const Config *config, const Keyring *keyring, const Form *form, GError **error);
void renderer_free(Renderer *renderer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Renderer, renderer_free)

/* The fillable PDF of one section for one unit. @serial of its credential, part of the identity. @values (nullable):
 * fields already filled. Returns: (transfer full) */
GBytes *renderer_sheet(Renderer *renderer, const Unit *unit, const FormView *view,
    const Section *section, guint serial, const char *lang, const FieldSet *values, GError **error);

/* The same in two parts: the stem that all units of the shape share, and what follows it. @stem: (out) (transfer none): stays
 * as long as @renderer. Returns: (transfer full) */
GBytes *renderer_sheet_update(Renderer *renderer, const Unit *unit, const FormView *view,
    const Section *section, guint serial, const char *lang, const FieldSet *values, Stem **stem,
    GError **error);
/* The same in two parts with last year's answers: fields filled with those of @memory that belong to the section, a mark
 * at the questions that take them, a box to confirm them. A section of which @memory knows nothing has the sheet of
 * others. @values (nullable): fields that hold something else, or "". Returns: (transfer full) */
GBytes *renderer_sheet_remembering(Renderer *renderer, const Unit *unit, const FormView *view,
    const Section *section, guint serial, const char *lang, const Memory *memory,
    const FieldSet *values, Stem **stem, GError **error);

/* A sheet that asks some questions of a section once more; all borrowed. */
typedef struct {
	const FormView *view; /* form_view_part(): of these questions */
	const Section *section;
	gint64 number;		  /* of the unit's correction */
	const GPtrArray *remarks; /* of Finding, place and code: what is wrong */
	const FieldSet *values;	  /* what came */
} SheetCorrection;

/* Likewise in two parts. @stem is good until the next call, unless the caller takes it. Returns: (transfer full) */
GBytes *renderer_correction(Renderer *renderer, const Unit *unit, const SheetCorrection *asks,
    guint serial, const char *lang, Stem **stem, GError **error);

/* Looks for what @form would not print well: lays out all its sheets, for towns up to @small inhabitants and for larger
 * ones, in each of its languages and beside its own. What it finds goes to @findings, with the row of survey.csv or
 * choices.csv: characters that no font has, texts longer than a page, grids that are too wide, endless lists. None of
 * them keeps a sheet from being made. */
void render_check_form(const Form *form, gint64 small, GPtrArray *findings);

/* ASCII file name of a sheet: "mappa-2024_A944_sezione_5.pdf". Returns: (transfer full) */
char *renderer_sheet_name(Renderer *renderer, const Unit *unit, const Section *section);

/* "mappa-2024_A944_correzioni_5.pdf". Returns: (transfer full) */
char *renderer_correction_name(Renderer *renderer, const Unit *unit, const Section *section);

/* One of the towns for which a delegate has sections. */
typedef struct {
	const Unit *unit;
	const GPtrArray *sections; /* of const Section * */
} LetterTown;

/* How a section stands. */
typedef struct {
	const Section *section;
	gint64 received_at; /* Unix time; 0: it has not come */
	gboolean wrong;	    /* with answers to be corrected */
} LetterStanding;

/* What a text may name, as {name}: mailtemplates/README.md lists the names; another one is an error of the text. */
typedef struct {
	const Unit *unit;
	const char *kid;       /* of the credential */
	guint serial;	       /* of the credential; 0: the access code may not be named */
	gint64 date;	       /* of the letter, Unix time */
	GPtrArray *sections;   /* of const Section *: those enclosed */
	GPtrArray *missing;    /* (nullable) of const Section *: those still awaited */
	const char *reference; /* (nullable) protocol number; NULL: survey.protocol */
	const GPtrArray
	    *delegations;	/* (nullable) of Delegation: who has which section of the unit */
	const GPtrArray *towns; /* (nullable) of LetterTown: in a message to a delegate */
	const char *recipient;	/* (nullable) name of the delegate; "": not known */
	const GPtrArray
	    *remarks; /* (nullable) of Finding, place and code: what is to be corrected */
	const GPtrArray *standing; /* (nullable) of LetterStanding: of each section that is asked */
	const char
	    *raised; /* (nullable) role of the contact it goes to because others stay silent */
} LetterContext;

/* The letter as PDF, from mailtemplates/LANG/KIND.letter.md (CommonMark); of two languages ("de+it") one letter behind
 * the other. Returns: (transfer full) */
GBytes *renderer_letter(Renderer *renderer, const char *kind, const char *lang,
    const LetterContext *context, GError **error);

/* The same in two parts: the stem, which all letters share that differ in personal matters only, and what follows it. @stem: (out)
 * (transfer full). Returns: (transfer full) */
GBytes *renderer_letter_update(Renderer *renderer, const char *kind, const char *lang,
    const LetterContext *context, Stem **stem, GError **error);

/* One section in a summary of answers; all borrowed but for @words and @remarks. */
typedef struct {
	const Section *section; /* of @view's form: the version that was answered */
	const FormView *view;
	gint64 received_at; /* Unix time; 0: nothing has come yet, and the rest is empty */
	const char *sender; /* as claimed */
	const char *file_name;
	const char *file_sha256;
	GHashTable *values; /* question name -> canonical answer */
	GHashTable *words;  /* the same as a person reads it */
	GPtrArray
	    *remarks; /* of Finding: what is to be corrected, its text in the respondent's words */
} SummarySection;

/* What came for @section, in words of @lang: @values (question -> canonical answer) and of @findings those that are more than a
 * note. NULL for both: nothing has come yet. Returns: (transfer full) */
SummarySection *summary_section_new(const FormView *view, const Section *section,
    GHashTable *values, const GPtrArray *findings, const char *lang);
void summary_section_free(SummarySection *section);

typedef struct {
	const Unit *unit;
	gint64 date;	     /* of the summary, Unix time */
	GPtrArray *sections; /* of SummarySection, at least one */
	gboolean receipt;    /* of its only section */
} Summary;

/* What a unit has answered so far, or the receipt of one section: a PDF without fields, to be filed.
 * Returns: (transfer full) */
GBytes *renderer_summary(
    Renderer *renderer, const Summary *summary, const char *lang, GError **error);

typedef struct {
	char *subject; /* at most 64 characters */
	char *text;    /* UTF-8, LF, lines of at most 76 characters but for longer words */
	char *html;    /* a whole document */
} MailText;

void mail_text_free(MailText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MailText, mail_text_free)

/* Subject and body from mailtemplates/LANG/KIND.md: its first heading is the subject. Where some of the unit's sections
 * have come back (@context->missing names not all of them) and there is a KIND_in_progress.md, from that.
 * Returns: (transfer full) */
MailText *renderer_mail(Renderer *renderer, const char *kind, const char *lang,
    const LetterContext *context, GError **error);

/* The same from a text that was kept: archive/texts/LANG/ID.md. */
MailText *renderer_kept_mail(Renderer *renderer, const char *id, const char *lang,
    const LetterContext *context, GError **error);

/* A mail text that is not in mailtemplates/. */
typedef struct {
	const char *lang; /* one of lang.h */
	const char *path; /* for messages */
	GBytes *bytes;
} MailSource;
/* Whether a mail can be made from it. The error names file and line. */
gboolean renderer_check_source(Renderer *renderer, const MailSource *source, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Whether all texts of @kind can be made in @lang, its letter too where @letter: to be asked when a wave is planned, so
 * that none stops half sent because of a text. The error names file and line. */
gboolean renderer_check_texts(Renderer *renderer, const char *kind, const char *lang,
    gboolean letter, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds a finding (text-missing, language-missing) for each text of @kind, for the letter @letter (nullable: none), and for the
 * questionnaire, that is not there in @lang, one of lang.h: its readers get Italian. */
void renderer_find_missing(Renderer *renderer, const char *kind, const char *lang,
    const char *letter, GPtrArray *findings);

/* Writes @values into a sheet as a PDF viewer would when its user saves (an incremental update): for answers already
 * known and for the rehearsal. Unknown field names are an error. Returns: (transfer full) */
GBytes *render_fill(GBytes *pdf, const FieldSet *values, GError **error);

#endif

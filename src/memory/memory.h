/*
 * 2 BEFORE: last year's answers (memoria storica).
 *
 * Answers of earlier editions are kept as they were given, under the names and the cadastral codes of then (table
 * memory). What of them may stand on a unit's sheets today is worked out by memory_recall(), and kept as it was printed
 * (table memory_print) before a sheet is made. The number of the print is part of the sheet's signed identity: so what
 * comes back untouched can be told from what was written, whatever is imported later.
 *
 * A question takes last year's answer where bind::anci:memoria says so: "si" under its own name, NAME@EDITION under
 * another, in that edition alone. Left out, each time with a finding: choices that are no longer there; values that the
 * question does not take any more; answers that the other remembered ones rule out or do not call for; answers that
 * break a check. Reserved questions are never printed.
 *
 * Where "accanto" stands before it, the answer is printed beside the question, in grey, and the question's own fields are
 * blank: what is written there was given, and nothing else is (FIELD_BESIDE).
 *
 * A town into which others went has their answers only where all of those that answered agree, itself among them. It has
 * no numbers: the parts' are not the whole's, even where they are equal.
 */
#ifndef PLICO_MEMORY_MEMORY_H
#define PLICO_MEMORY_MEMORY_H

#include "form/form.h"

/* --- what is remembered of one unit ------------------------------------------------------------------- */

typedef struct {
	gint64 number;	    /* of the print; 0: not printed */
	char *origin;	    /* edition in which the answers were given */
	GHashTable *values; /* question of this form -> canonical text */
} Memory;

void memory_free(Memory *memory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Memory, memory_free)

/* "2024" of "mappa-2024"; the whole name where no year ends it. Returns: (transfer none) */
const char *memory_year(const char *edition);

/* The name that the question had in @edition; NULL where it takes no answer of it. Returns: (transfer full) (nullable) */
char *memory_question(const Item *item, const char *edition);

/* Whether the answer of @edition is shown beside the question and not in its fields. */
gboolean memory_is_beside(const Item *item, const char *edition);

/* Whether a sheet would give @value back: written into the fields of @item and read from them. */
gboolean memory_fits(const Item *item, const char *value);

/* What of the answers in @edition stands on the sheets of the unit of @view, whose cadastral code is @code. Pure but
 * for reading. @findings (nullable): what was left out; place is the question. Returns: (transfer full) */
Memory *memory_recall(Store *store, const FormView *view, const char *code, const char *edition,
    GPtrArray *findings, GError **error);

/* The answers (old name -> canonical text) as the form of @view takes them; memory_recall() without a store. @merged:
 * of a town into which others went. Returns: (transfer full) */
Memory *memory_map(const FormView *view, GHashTable *then, gboolean merged, const char *edition,
    GPtrArray *findings);

/* Keeps @memory as what is printed on the unit's sheets in the edition of @form, and numbers it: as before, where the
 * unit's last print said the same. Nothing is kept of an empty one, whose number is 0. In a transaction of the caller. */
gboolean memory_print(Store *store, const Form *form, gint64 unit_id, Memory *memory,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The print with @number, empty where there is none. Returns: (transfer full) */
Memory *memory_printed(
    Store *store, const Form *form, gint64 unit_id, gint64 number, GError **error);

/* The remembered answers that stand in the fields of one section: question -> canonical text, borrowed from @memory;
 * empty where it has none. For a sheet that is made and for one that comes back the same, @view being that of its form's
 * version. Returns: (transfer full) */
GHashTable *memory_of_section(const Memory *memory, const FormView *view, const Section *section);
/* Likewise those that stand beside its questions. */
GHashTable *memory_beside_section(
    const Memory *memory, const FormView *view, const Section *section);

/* The fields that say @values (question -> canonical text), only those that are filled. Returns: (transfer full) */
FieldSet *memory_fields(const Form *form, GHashTable *values);

/* The field in which last year's answer stands beside @item. Returns: (transfer full) */
char *memory_beside_name(const Item *item);
/* All such fields of a section whose sheet has answers of @edition, filled or not. Returns: (transfer full): of char * */
GPtrArray *memory_beside_fields(const FormView *view, const Section *section, const char *edition);
/* Adds them to @fields: "2024: Sì, in parte", in @lang ("de+it": in both languages). */
void memory_put_beside(
    const Memory *memory, const Form *form, GHashTable *values, const char *lang, FieldSet *fields);

/* --- where they come from ------------------------------------------------------------------------------- */

typedef struct {
	const char *edition; /* in which the answers were given */
	const Form *then; /* (nullable): the form of that edition, against which they are checked */
	const Form *form; /* this year's */
	const char *actor;
	gboolean dry_run; /* tell, change nothing */
} MemorySource;

typedef struct {
	guint rows;    /* of the file, but blank ones */
	guint towns;   /* of which it says something */
	guint answers; /* taken of them */
	guint added;
	guint changed;
	guint gone; /* known of one of these towns, and no longer said */
	guint unchanged;
	guint refused;	     /* rows or cells not taken, each with a finding */
	GPtrArray *findings; /* of Finding */
} MemoryReport;

void memory_report_free(MemoryReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MemoryReport, memory_report_free)

/* Takes the answers in a CSV file: one row for each town and one column for each question (`export csv`'s units.csv),
 * or one row for each answer (its answers.csv). A town is known by its cadastral code, or else by its ISTAT code, the
 * former one too. What the file says of a town replaces what was known of it in that edition; other towns stay. One
 * transaction. Returns: (transfer full), NULL where the file is no such table */
MemoryReport *memory_import(
    Store *store, const char *path, const MemorySource *source, GError **error);

/* The same from the returns that count in another edition of this workspace. Answers with errors are left out, and
 * those that were last year's already and that nobody confirmed. Returns: (transfer full) */
MemoryReport *memory_take(Store *store, const MemorySource *source, GError **error);

/* --- former codes --------------------------------------------------------------------------------------- */

typedef struct {
	guint rows;
	guint added;
	guint unchanged;
	guint refused;
	GPtrArray *findings; /* of Finding */
} FormerReport;

void former_report_free(FormerReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FormerReport, former_report_free)

/* Learns which codes are those of another town today: from a CSV with the columns former and code (a town that went into
 * another, or an ISTAT code that was replaced; code is cadastral), or from a crosswalk of ISTAT codes with the columns
 * istat_code_YEAR twice and cadastral_code, in which a remark "(024129 M439 Name)" in place of the later code names the
 * town it went into. One transaction. Returns: (transfer full) */
FormerReport *memory_import_former(
    Store *store, const char *path, const char *actor, gboolean dry_run, GError **error);

#endif

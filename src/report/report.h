/*
 * 11 OUT OF IT: the answers that count, as files for those who analyse them.
 *
 * units.csv has a row for each open unit and the columns of every question; answers.csv a row for each answer with where
 * it came from, also whether it was given, or last year's and confirmed or merely copied (origine); codebook.csv says what every column and code means. Column names are those of the form; a
 * select_multiple and a rank have one more column for each choice, named as the field of the sheet (q2_4__interno: with
 * one underscore it would meet the question q2_4_interno), 0 or 1, or the position.
 */
#ifndef PLICO_REPORT_REPORT_H
#define PLICO_REPORT_REPORT_H

#include "form/form.h"

typedef struct {
	/* FALSE: for Italian spreadsheets: semicolons, a BOM, decimal commas, and no cell that a spreadsheet would take
	 * for a formula. TRUE: RFC 4180 for programs, values byte for byte; the files are called units.raw.csv and so on,
	 * because opening them in a spreadsheet runs whatever somebody wrote into an answer. */
	gboolean raw;
	/* Questions marked bind::anci:riservata (by unit they are a list of targets) are left out unless a reason is
	 * given; it goes into the history with @actor. */
	const char *reserved_reason; /* (nullable) */
	const char *actor;
} ExportOptions;

typedef struct {
	guint units;
	guint answers;
	guint reserved;	  /* questions left out */
	GPtrArray *files; /* of char *: paths */
} ExportReport;

void export_report_free(ExportReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ExportReport, export_report_free)

/* Writes the three files into @directory, which is made if need be; each is whole or the one that was there before.
 * The states must be up to date (status_refresh). Returns: (transfer full) */
ExportReport *report_export_csv(Store *store, const Form *form, const char *directory,
    const ExportOptions *options, GError **error);

#endif

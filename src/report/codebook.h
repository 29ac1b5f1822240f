/* What every column and code of the export means. Private to report/. */
#ifndef PLICO_REPORT_CODEBOOK_H
#define PLICO_REPORT_CODEBOOK_H

#include "report/csv.h"
#include "report/report.h"

/* The column of units.csv that begins its rows; NULL ends the table. */
typedef struct {
	const char *name; /* as unit_attribute() and pulldata call it */
	const char *text;
	gboolean code; /* digits, not a number */
} UnitColumn;

extern const UnitColumn unit_columns[];

/* @columns: those of the questions in the export. */
void codebook_write(Csv *csv, const Form *form, const GPtrArray *columns);

#endif

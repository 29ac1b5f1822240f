/* Inside form/: numbers of a spreadsheet as the text that a person sees (ECMA-376 part 1, 18.8.30 and .31). */
#ifndef PLICO_FORM_XLSX_NUMBER_H
#define PLICO_FORM_XLSX_NUMBER_H

#include "form/book.h"

/* How a cell shows its number, as far as it is followed: the plain ways that a form can need. */
typedef enum {
	SHOWN_GENERAL,
	SHOWN_TEXT,
	SHOWN_FIXED, /* @width digits before the point at least, @decimals behind it */
	SHOWN_PERCENT,
	SHOWN_DATE,
	SHOWN_TIME,
	SHOWN_DATE_TIME,
	SHOWN_OTHERWISE
} Shown;

typedef struct {
	Shown shown;
	guint width;
	guint decimals;
} NumberFormat;

/* The format with that number (@code NULL: one of those that every spreadsheet knows) or code, "0.00". */
NumberFormat number_format(guint id, const char *code);

/* The text of the number @value ("5.1000000000000005", as the file has it). @from_1904: dates are counted from 1904.
 * Returns: (transfer full), NULL where it is no number */
char *number_shown(
    const char *value, const NumberFormat *format, gboolean from_1904, CellDoubt *doubt);

#endif

/*
 * Inside form/: a form as people keep it in one file, before anyone asks what its cells mean. Three dialects: .xlsx;
 * CSV in which a sheet begins with its name in column A and its cells stand from B on; a Markdown table of the same kind.
 * Which one it is is seen in the bytes, not in the name.
 *
 * Only cells that hold something are kept: formatted empty columns cost nothing.
 */
#ifndef PLICO_FORM_BOOK_H
#define PLICO_FORM_BOOK_H

#include <glib.h>

/* Limits of a file from outside; those of the package itself are in xlsx_package.h. */
#define BOOK_FILE_MAX	((gsize)16 << 20) /* bytes */
#define BOOK_SHEETS_MAX 100
#define BOOK_CELLS_MAX	400000 /* of all sheets, that hold something */
#define BOOK_TEXT_MAX                                                                              \
	((gsize)32 << 20)	/* bytes in all cells, a text counted as often as it stands there */
#define BOOK_CELL_MAX	 131072 /* bytes of one cell: 32,767 characters, as Excel has it */
#define SHEET_ROW_MAX	 1048576 /* ECMA-376 part 1, 18.3.1.73 and .13 */
#define SHEET_COLUMN_MAX 16384

/* What a person may not have meant, although the cell says it. */
typedef enum {
	DOUBT_NONE,
	DOUBT_ZERO,    /* a number with a fraction and no format: 5.1 may have been 5.10 */
	DOUBT_DIGITS,  /* more digits than a number in a spreadsheet keeps */
	DOUBT_FORMAT,  /* a number shown in a way that is not followed here */
	DOUBT_DATE,    /* a date: "3-1" becomes one where it is typed */
	DOUBT_FORMULA, /* a formula whose value is not in the file */
	DOUBT_ERROR    /* #REF! and the like */
} CellDoubt;

typedef struct {
	guint row;    /* from 1, as a spreadsheet counts */
	guint column; /* from 0 */
	const char *text;
	CellDoubt doubt;
} Cell;

typedef struct {
	char *name;
	GArray *cells; /* of Cell, by row and column */
} Sheet;

typedef struct {
	GPtrArray *sheets; /* of Sheet, as they stand in the file */
	GStringChunk *text;
	guint cells;
	gsize size; /* of all texts */
} Book;

/* @path is used in messages only. Returns: (transfer full), NULL with PLICO_ERROR_INPUT and what to do where it is none
 * of the three, or not whole. */
Book *book_parse(GBytes *bytes, const char *path, GError **error);
Book *book_open(const char *path, GError **error);
void book_free(Book *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Book, book_free)

/* "A", "Z", "AA": as a spreadsheet names a column, counted from 0. Returns: (transfer full) */
char *column_letters(guint column);

/* --- for the readers of the dialects ------------------------------------------------------------------------ */

Book *book_new(void);
/* NULL with an error where there are too many. Returns: (transfer none) */
Sheet *book_add_sheet(Book *book, const char *name, GError **error);
/* Adds a cell unless it is blank. FALSE with an error where a limit is passed. */
gboolean book_add_cell(Book *book, Sheet *sheet, const Cell *cell, GError **error);

/* xlsx_read.c */
gboolean xlsx_read(Book *book, GBytes *bytes, GError **error);

#endif

/* Writing delimited text for spreadsheets or for programs (RFC 4180). Private to report/. */
#ifndef PLICO_REPORT_CSV_H
#define PLICO_REPORT_CSV_H

#include <glib.h>

typedef struct Csv Csv;

/* @raw: comma, CRLF, values as they are. Otherwise: BOM, semicolon, CRLF, cells guarded. Returns: (transfer full) */
Csv *csv_new(gboolean raw);
void csv_close(Csv *csv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Csv, csv_close)

/* A cell of text. Unless raw, what a spreadsheet would run as a formula (first character = + - @ TAB CR) gets an
 * apostrophe in front, except where it is a number (OWASP, CSV injection). */
void csv_text(Csv *csv, const char *text);
/* A code of digits whose leading zeros a spreadsheet must keep. */
void csv_code(Csv *csv, const char *digits);
/* A canonical number, with a point in it or not. */
void csv_number(Csv *csv, const char *number);
void csv_int(Csv *csv, gint64 number);
void csv_end_row(Csv *csv);

/* Writes all of it to @directory/@name.csv, or @name.raw.csv. @out_path: (out) (transfer full) */
gboolean csv_save(Csv *csv, const char *directory, const char *name, char **out_path,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif

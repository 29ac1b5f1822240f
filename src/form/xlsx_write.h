/* Inside form/: tables as an .xlsx workbook for people: texts only, heads that stay, widths to read in. */
#ifndef PLICO_FORM_XLSX_WRITE_H
#define PLICO_FORM_XLSX_WRITE_H

#include "base/table.h"

#define XLSX_CELL_MAX 32767 /* characters of a cell (ECMA-376 has no limit; Excel has this) */

/* One sheet a table, named as @names. The same tables give the same bytes. Returns: (transfer full) */
GBytes *xlsx_write(
    Table *const *tables, const char *const *names, guint n, const char *title, GError **error);

#endif

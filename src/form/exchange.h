/*
 * A form between its folder of CSV files, the source of truth, and the one file that people edit in a spreadsheet.
 * forms/README.md says what is read.
 */
#ifndef PLICO_FORM_EXCHANGE_H
#define PLICO_FORM_EXCHANGE_H

#include "form/form.h"

/* The form in @directory as an .xlsx workbook (ECMA-376) with the sheets survey, choices and settings: all cells are
 * texts, and the same form gives the same bytes. What is wrong with the form goes to @findings and does not stop it.
 * Returns: (transfer full) */
GBytes *form_export(const char *directory, GPtrArray *findings, GError **error);

/* Reads the form in the file @path, .xlsx, or CSV or Markdown with all sheets in one, and writes it to @directory as
 * the three CSV files (UTF-8, LF, comma, RFC 4180): all of them or none, and for good. Nothing is written where
 * @findings gets an error. Other files in @directory stay; @replace: those of a form may be there already.
 * Returns: (transfer full), NULL with @error where it cannot be read at all or not be written */
Form *form_import(
    const char *path, const char *directory, gboolean replace, GPtrArray *findings, GError **error);

#endif

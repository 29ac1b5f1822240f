/*
 * Delimited text as it comes: comma, semicolon or tab; UTF-8 with or without BOM, or windows-1252; LF or CRLF;
 * quoted cells that hold line feeds (RFC 4180 and what Excel and ISTAT make of it). Columns are found by name.
 */
#ifndef PLICO_BASE_TABLE_H
#define PLICO_BASE_TABLE_H

#include <glib.h>

#define TABLE_LIMIT   ((gsize)64 << 20) /* bytes of a file */
#define TABLE_COLUMNS 2000
#define TABLE_ROWS    2000000

typedef struct Table Table;

/* Reads a whole file. @path is used in messages only. Returns: (transfer full), NULL with PLICO_ERROR_INPUT and
 * the place (file and row) when it is no such text. */
Table *table_parse(GBytes *bytes, const char *path, GError **error);
Table *table_open(const char *path, GError **error);
/* A table that came otherwise, from a spreadsheet: its header, then row by row. @number: the row as the spreadsheet counts,
 * from 1. Texts are copied and their ends trimmed; at most TABLE_COLUMNS cells and TABLE_ROWS rows, which the caller
 * has counted. Returns: (transfer full) */
Table *table_new(guint number, const char *const *header, guint columns);
void table_add_row(Table *table, guint number, const char *const *cells, guint n);
void table_free(Table *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, table_free)

/* "UTF-8" or "windows-1252"; the separator. */
const char *table_charset(const Table *table);
char table_separator(const Table *table);

/* Header names: line feeds and runs of blanks folded to one blank, ends trimmed. */
guint table_columns(const Table *table);
const char *table_header(const Table *table, guint column);
/* The header's row as a spreadsheet shows it, from 1. */
guint table_header_number(const Table *table);
/* The column with that name, compared without case, or -1. */
int table_find(const Table *table, const char *name);

guint table_rows(const Table *table);
/* The line of the file, from 1, on which the row begins. */
guint table_line(const Table *table, guint row);
/* The row's number as a spreadsheet shows it: from 1, header and blank lines counted. */
guint table_row_number(const Table *table, guint row);
/* How many cells the row has: fewer or more than table_columns() where a separator is lost or stray. */
guint table_cells(const Table *table, guint row);
/* A cell, trimmed; "" where the row is short or @column is -1. Returns: (transfer none) */
const char *table_cell(const Table *table, guint row, int column);

#endif

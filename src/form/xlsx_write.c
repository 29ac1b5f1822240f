#include "form/xlsx_write.h"

#include "form/book.h"

#include "base/durable.h"
#include "base/error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <xlsxwriter.h>

#define CREATED                                                                                    \
	946684800 /* 1 January 2000: a form has no date of its own, and its bytes must not change */
#define COLUMNS_SPARE 30 /* formatted as text behind the last, for columns that people add */

typedef struct {
	lxw_workbook *workbook;
	lxw_format *head;
	lxw_format *text; /* "@": what is typed stays what it is, 5.10 and 3-1 too */
} Writer;

/* How wide a column is, in characters, by what it holds. */
static double
width_of(const char *header)
{
	static const struct {
		const char *begin;
		double width;
	} widths[] = {
		{ "label", 60 },
		{ "hint", 40 },
		{ "guidance_hint", 40 },
		{ "required_message", 36 },
		{ "constraint_message", 36 },
		{ "form_title", 40 },
		{ "namespaces", 40 },
		{ "instance_name", 40 },
		{ "type", 30 },
		{ "name", 24 },
		{ "list_name", 24 },
		{ "relevant", 40 },
		{ "constraint", 40 },
		{ "calculation", 40 },
		{ "choice_filter", 30 },
	};

	const glong width = CLAMP(g_utf8_strlen(header, -1) + 2, 12, 40);

	for (gsize i = 0; i < G_N_ELEMENTS(widths); i++) {
		const gsize length = strlen(widths[i].begin);

		if (strncmp(header, widths[i].begin, length) == 0 &&
		    (header[length] == '\0' || header[length] == ':'))
			return widths[i].width;
	}
	return (double)width;
}

static gboolean
write_text(lxw_worksheet *sheet, guint row, guint column, const char *text, lxw_format *format,
    GError **error)
{
	g_autofree char *letters = NULL;

	if (*text == '\0' ||
	    worksheet_write_string(sheet, row, (lxw_col_t)column, text, format) == LXW_NO_ERROR)
		return TRUE;
	letters = column_letters(column);
	return fail(error, PLICO_ERROR_INPUT,
	    _("%s%u: a cell of a spreadsheet holds at most %d characters"), letters, row + 1,
	    XLSX_CELL_MAX);
}

static gboolean
write_sheet(const Writer *writer, const Table *table, const char *name, GError **error)
{
	lxw_worksheet *sheet = workbook_add_worksheet(writer->workbook, name);
	const guint columns = table_columns(table);

	worksheet_freeze_panes(sheet, 1, 0);
	for (guint at = 0; at < columns; at++) {
		const char *header = table_header(table, at);

		worksheet_set_column(
		    sheet, (lxw_col_t)at, (lxw_col_t)at, width_of(header), writer->text);
		if (!write_text(sheet, 0, at, header, writer->head, error))
			return FALSE;
	}
	worksheet_set_column(sheet, (lxw_col_t)columns, (lxw_col_t)(columns + COLUMNS_SPARE),
	    LXW_DEF_COL_WIDTH, writer->text);
	for (guint row = 0; row < table_rows(table); row++)
		for (guint at = 0; at < columns; at++)
			if (!write_text(sheet, row + 1, at, table_cell(table, row, (int)at),
				writer->text, error))
				return FALSE;
	return TRUE;
}

static gboolean
write_workbook(const char *path, Table *const *tables, const char *const *names, guint n,
    const char *title, GError **error)
{
	Writer writer = { .workbook = workbook_new(path) };
	lxw_doc_properties properties = { .created = CREATED };
	g_autofree char *own_title = g_strdup(title);
	gboolean done = TRUE;
	lxw_error why;

	if (writer.workbook == NULL)
		return fail(error, PLICO_ERROR_IO, _("%s: cannot be written"), path);
	writer.head = workbook_add_format(writer.workbook);
	format_set_bold(writer.head);
	format_set_num_format(writer.head, "@");
	format_set_bottom(writer.head, LXW_BORDER_THIN);
	writer.text = workbook_add_format(writer.workbook);
	format_set_num_format(writer.text, "@");
	format_set_text_wrap(writer.text);
	format_set_align(writer.text, LXW_ALIGN_VERTICAL_TOP);
	properties.title = own_title;
	workbook_set_properties(writer.workbook, &properties);
	for (guint i = 0; i < n && done; i++)
		done = write_sheet(&writer, tables[i], names[i], error);
	why = workbook_close(writer.workbook); /* frees it whatever happens */
	if (done && why != LXW_NO_ERROR)
		return fail(error, PLICO_ERROR_IO, "%s: %s", path, lxw_strerror(why));
	return done;
}

/* libxlsxwriter writes to a file only. */
GBytes *
xlsx_write(
    Table *const *tables, const char *const *names, guint n, const char *title, GError **error)
{
	g_autofree char *folder = g_dir_make_tmp("plico-xlsx-XXXXXX", error);
	g_autofree char *path = NULL;
	g_autoptr(GBytes) bytes = NULL;

	if (folder == NULL)
		return NULL;
	path = g_build_filename(folder, "form.xlsx", NULL);
	if (write_workbook(path, tables, names, n, title, error))
		bytes = durable_read(path, BOOK_FILE_MAX, error);
	(void)g_unlink(path);
	(void)g_rmdir(folder);
	return g_steal_pointer(&bytes);
}

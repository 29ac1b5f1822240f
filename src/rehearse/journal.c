/* The journal of what the municipalities sent, as a file: the number of messages,
 * then one line a sheet with its cells apart by tabs. */
#include "base/error.h"
#include "rehearse/town.h"

#include <string.h>

enum { CELL_UNIT, CELL_SECTION, CELL_EDIT, CELL_FAULT, CELL_EXPECT, CELL_SHA256, CELLS };

gboolean
journal_write(const GPtrArray *journal, const char *path, guint posted, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_append_printf(text, "%u\n", posted);
	for (guint i = 0; i < journal->len; i++) {
		const Sent *sent = g_ptr_array_index(journal, i);

		g_string_append_printf(text, "%s\t%s\t%u\t%d\t%d\t%s\n", sent->unit, sent->section,
		    sent->edit, (int)sent->fault, (int)sent->expect, sent->sha256);
	}
	return g_file_set_contents(path, text->str, (gssize)text->len, error);
}

static guint
number_of(const char *cell)
{
	return (guint)g_ascii_strtoull(cell, NULL, 10);
}

gboolean
journal_read(GPtrArray *journal, const char *path, guint *posted, GError **error)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(path, &text, NULL, error))
		return FALSE;
	lines = g_strsplit(text, "\n", 0);
	*posted += number_of(lines[0]);
	for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++) {
		g_auto(GStrv) cells = g_strsplit(lines[i], "\t", CELLS);
		Sent *sent;

		if (g_strv_length(cells) != CELLS)
			return fail(
			    error, PLICO_ERROR_IO, _("%s, line %u: no journal"), path, i + 1);
		sent = g_new0(Sent, 1);
		sent->unit = g_strdup(cells[CELL_UNIT]);
		sent->section = g_strdup(cells[CELL_SECTION]);
		sent->edit = number_of(cells[CELL_EDIT]);
		sent->fault = number_of(cells[CELL_FAULT]);
		sent->expect = number_of(cells[CELL_EXPECT]);
		sent->sha256 = g_strdup(cells[CELL_SHA256]);
		g_ptr_array_add(journal, sent);
	}
	return TRUE;
}

/* The journal of what the municipalities and the strangers sent, as a file: the number of messages, then one line a sheet and
 * one a stranger's message, with cells apart by tabs. */
#include "base/error.h"
#include "rehearse/town.h"

#include <string.h>

enum { CELL_UNIT, CELL_SECTION, CELL_EDIT, CELL_FAULT, CELL_EXPECT, CELL_SHA256, CELLS };
enum { STRIKE_UNIT, STRIKE_ATTACK, STRIKE_FATES, STRIKE_SHA256, STRIKE_CELLS };

void
sent_free(Sent *sent)
{
	if (sent == NULL)
		return;
	g_free(sent->unit);
	g_free(sent->section);
	g_free(sent->sha256);
	g_free(sent);
}

Strike *
strike_new(const char *unit, const char *attack, guint fates, const char *sha256)
{
	Strike *strike = g_new0(Strike, 1);

	strike->unit = g_strdup(unit);
	strike->attack = g_strdup(attack);
	strike->fates = fates;
	strike->sha256 = g_strdup(sha256);
	return strike;
}

void
strike_free(Strike *strike)
{
	if (strike == NULL)
		return;
	g_free(strike->unit);
	g_free(strike->attack);
	g_free(strike->sha256);
	g_free(strike);
}

Journal *
journal_new(void)
{
	Journal *journal = g_new0(Journal, 1);

	journal->sent = g_ptr_array_new_with_free_func((GDestroyNotify)sent_free);
	journal->strikes = g_ptr_array_new_with_free_func((GDestroyNotify)strike_free);
	return journal;
}

void
journal_free(Journal *journal)
{
	if (journal == NULL)
		return;
	g_ptr_array_unref(journal->sent);
	g_ptr_array_unref(journal->strikes);
	g_free(journal);
}

gboolean
journal_write(const Journal *journal, const char *path, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_append_printf(text, "%u\n", journal->posted);
	for (guint i = 0; i < journal->sent->len; i++) {
		const Sent *sent = g_ptr_array_index(journal->sent, i);

		g_string_append_printf(text, "%s\t%s\t%u\t%d\t%d\t%s\n", sent->unit, sent->section,
		    sent->edit, (int)sent->fault, (int)sent->expect, sent->sha256);
	}
	for (guint i = 0; i < journal->strikes->len; i++) {
		const Strike *strike = g_ptr_array_index(journal->strikes, i);

		g_string_append_printf(text, "%s\t%s\t%u\t%s\n", strike->unit, strike->attack,
		    strike->fates, strike->sha256);
	}
	return g_file_set_contents(path, text->str, (gssize)text->len, error);
}

static guint
number_of(const char *cell)
{
	return (guint)g_ascii_strtoull(cell, NULL, 10);
}

static Sent *
read_sent(char **cells)
{
	Sent *sent = g_new0(Sent, 1);

	sent->unit = g_strdup(cells[CELL_UNIT]);
	sent->section = g_strdup(cells[CELL_SECTION]);
	sent->edit = number_of(cells[CELL_EDIT]);
	sent->fault = number_of(cells[CELL_FAULT]);
	sent->expect = number_of(cells[CELL_EXPECT]);
	sent->sha256 = g_strdup(cells[CELL_SHA256]);
	return sent;
}

gboolean
journal_read(Journal *journal, const char *path, GError **error)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(path, &text, NULL, error))
		return FALSE;
	lines = g_strsplit(text, "\n", 0);
	journal->posted += number_of(lines[0]);
	for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++) {
		g_auto(GStrv) cells = g_strsplit(lines[i], "\t", CELLS);
		guint many = g_strv_length(cells);

		if (many == CELLS)
			g_ptr_array_add(journal->sent, read_sent(cells));
		else if (many == STRIKE_CELLS)
			g_ptr_array_add(journal->strikes,
			    strike_new(cells[STRIKE_UNIT], cells[STRIKE_ATTACK],
				number_of(cells[STRIKE_FATES]), cells[STRIKE_SHA256]));
		else
			return fail(
			    error, PLICO_ERROR_IO, _("%s, line %u: no journal"), path, i + 1);
	}
	return TRUE;
}

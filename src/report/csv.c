#include "report/csv.h"

#include "base/durable.h"

#include <inttypes.h>
#include <csv.h>
#include <string.h>

#define BOM "\xEF\xBB\xBF"

struct Csv {
	GString *text;
	gboolean raw;
	gboolean in_row;
};

Csv *
csv_new(gboolean raw)
{
	Csv *csv = g_new0(Csv, 1);

	csv->text = g_string_new(raw ? "" : BOM);
	csv->raw = raw;
	return csv;
}

void
csv_close(Csv *csv)
{
	if (csv == NULL)
		return;
	g_string_free(csv->text, TRUE);
	g_free(csv);
}

/* libcsv quotes the cell and doubles the quotes in it: twice its size and two are always enough. */
static void
add_cell(Csv *csv, const char *text)
{
	gsize size = strlen(text);
	gsize room = size * 2 + 2;
	gsize before;

	if (csv->in_row)
		g_string_append_c(csv->text, csv->raw ? ',' : ';');
	csv->in_row = TRUE;
	if (*text == '\0')
		return;
	before = csv->text->len;
	g_string_set_size(csv->text, before + room);
	g_string_truncate(csv->text, before + csv_write(csv->text->str + before, room, text, size));
}

/* Strictly: what is a number for the guard is nothing else for a spreadsheet. */
static gboolean
is_number(const char *text)
{
	return g_regex_match_simple("^[-+]?[0-9]{1,15}([.,][0-9]{1,15})?$", text,
	    G_REGEX_DOLLAR_ENDONLY, (GRegexMatchFlags)0);
}

void
csv_text(Csv *csv, const char *text)
{
	g_autofree char *guarded = NULL;

	if (csv->raw || *text == '\0' || strchr("=+-@\t\r", *text) == NULL || is_number(text)) {
		add_cell(csv, text);
		return;
	}
	guarded = g_strconcat("'", text, NULL);
	add_cell(csv, guarded);
}

void
csv_code(Csv *csv, const char *digits)
{
	g_autofree char *formula = NULL;

	if (csv->raw || *digits == '\0' || digits[strspn(digits, "0123456789")] != '\0') {
		csv_text(csv, digits);
		return;
	}
	formula = g_strdup_printf("=\"%s\"", digits); /* the one way to say "text" in such a file */
	add_cell(csv, formula);
}

void
csv_number(Csv *csv, const char *number)
{
	g_autofree char *local = g_strdup(number);

	if (!csv->raw)
		g_strdelimit(local, ".", ',');
	csv_text(csv, local);
}

void
csv_int(Csv *csv, gint64 number)
{
	g_autofree char *text = g_strdup_printf("%" PRId64, number);

	add_cell(csv, text);
}

void
csv_end_row(Csv *csv)
{
	g_string_append(csv->text, "\r\n");
	csv->in_row = FALSE;
}

gboolean
csv_save(Csv *csv, const char *directory, const char *name, char **out_path, GError **error)
{
	g_autofree char *file = g_strconcat(name, csv->raw ? ".raw.csv" : ".csv", NULL);
	g_autofree char *path = g_build_filename(directory, file, NULL);
	g_autoptr(GBytes) bytes = g_bytes_new(csv->text->str, csv->text->len);

	if (!durable_replace(path, bytes, 0600, error))
		return FALSE;
	*out_path = g_steal_pointer(&path);
	return TRUE;
}

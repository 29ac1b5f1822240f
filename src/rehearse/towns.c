#include "rehearse/towns.h"

#include "base/error.h"
#include "base/table.h"
#include "rehearse/behaviour.h"

#include <gio/gio.h>
#include <string.h>

#define SAMPLE	    "/plico/samples/comuni.csv"
#define FIRST_ISTAT 400 /* the last three digits of no real town's code */

static Table *
open_sample(GError **error)
{
	g_autoptr(GBytes) bytes =
	    g_resources_lookup_data(SAMPLE, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

	return bytes != NULL ? table_parse(bytes, SAMPLE, error) : NULL;
}

static const char *
cell(const Table *table, guint row, const char *column)
{
	return table_cell(table, row, table_find(table, column));
}

static void
copy_row(const Table *sample, guint row, GString *out)
{
	for (guint column = 0; column < table_columns(sample); column++)
		g_string_append_printf(
		    out, "%s\"%s\"", column > 0 ? "," : "", table_cell(sample, row, (int)column));
	g_string_append_c(out, '\n');
}

/* Inhabitants, by the classes of the census of 2021. */
static guint
population_of(guint64 seed, const char *code)
{
	static const struct {
		guint share; /* of 1000 towns */
		guint from;
		guint to;
	} classes[] = {
		{ 50, 60, 300 },
		{ 200, 300, 1000 },
		{ 195, 1000, 2000 },
		{ 119, 2000, 3000 },
		{ 136, 3000, 5000 },
		{ 149, 5001, 10000 },
		{ 88, 10000, 20000 },
		{ 47, 20000, 50000 },
		{ 12, 50000, 100000 },
		{ 4, 100000, 900000 },
	};
	guint point = dice(seed, code, "size class", 1000);
	gsize i = 0;

	for (; point >= classes[i].share; i++)
		point -= classes[i].share;
	return classes[i].from + dice(seed, code, "size", classes[i].to - classes[i].from);
}

/* "Borgo Garzigliana Terme": names that could be, each once. */
static char *
invented_name(const char *after, guint number)
{
	static const char *const before[] = { "", "Borgo ", "Castel ", "San Martino ", "Villa ",
		"Monte ", "Rocca ", "Santa Maria ", "Torre ", "Poggio ", "Pieve ", "Campo " };
	static const char *const behind[] = { " Superiore", " Inferiore", " Terme", " Vecchio",
		" Nuovo", " in Valle", " al Piano", " del Colle", " Marina", " Alta", " Bassa",
		" sul Fiume" };

	return g_strconcat(before[number / G_N_ELEMENTS(behind) % G_N_ELEMENTS(before)], after,
	    behind[number % G_N_ELEMENTS(behind)], NULL);
}

/* Town @number beyond the sample. @next_istat: by province, the next free number. */
static void
invent_row(const Table *sample, guint64 seed, guint number, GHashTable *next_istat, GString *out)
{
	guint row = number % table_rows(sample);
	g_autofree char *code =
	    g_strdup_printf("%c%03u", 'N' + (int)(number / 1000), number % 1000);
	g_autofree char *small = g_ascii_strdown(code, -1);
	g_autofree char *province = g_strndup(cell(sample, row, "istat_code"), 3);
	g_autofree char *letters = g_ascii_strdown(cell(sample, row, "province_code"), -1);
	g_autofree char *name =
	    invented_name(cell(sample, row, "name"), number / table_rows(sample));
	guint istat = GPOINTER_TO_UINT(g_hash_table_lookup(next_istat, province));

	g_hash_table_insert(next_istat, g_strdup(province), GUINT_TO_POINTER(istat + 1));
	g_string_append_printf(out,
	    "%s%03u,%s,\"%s\",,\"%s\",%s,\"%s\",%s,%u,protocollo@pec.comune-%s.%s.example,%s,,c_%s,,\n",
	    province, FIRST_ISTAT + istat, code, name, cell(sample, row, "province"),
	    cell(sample, row, "province_code"), cell(sample, row, "region"),
	    cell(sample, row, "area"), population_of(seed, code), small, letters,
	    cell(sample, row, "zip"), small);
}

gboolean
towns_write(guint units, guint64 seed, const char *path, GError **error)
{
	g_autoptr(Table) sample = open_sample(error);
	g_autoptr(GHashTable) next_istat =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GString) out = g_string_new(NULL);
	guint real;

	if (sample == NULL)
		return FALSE;
	if (units < 1 || units > TOWNS_MAX)
		return fail(error, PLICO_ERROR_USAGE, _("--units %u: from 1 to %u"), units,
		    (guint)TOWNS_MAX);
	for (guint column = 0; column < table_columns(sample); column++)
		g_string_append_printf(
		    out, "%s%s", column > 0 ? "," : "", table_header(sample, column));
	g_string_append_c(out, '\n');
	real = MIN(units, table_rows(sample));
	for (guint i = 0; i < real; i++)
		copy_row(sample, i * table_rows(sample) / real, out);
	for (guint i = 0; i < units - real; i++)
		invent_row(sample, seed, i, next_istat, out);
	return g_file_set_contents(path, out->str, (gssize)out->len, error);
}

#include "validate/merged.h"

#include <string.h>

#define MARK_DIGITS_MAX 4

/* The name of a field as its sheet has it, and what a merging program has put to it: "1." or "+1"; "" where nothing. */
typedef struct {
	char *name;
	char *mark;
} Renamed;

static void
renamed_clear(Renamed *renamed)
{
	g_free(renamed->name);
	g_free(renamed->mark);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Renamed, renamed_clear)

static Renamed
take_apart(const char *name)
{
	gsize digits = strspn(name, "0123456789");
	const char *plus = strrchr(name, '+');

	if (digits > 0 && digits <= MARK_DIGITS_MAX && name[digits] == '.')
		return (Renamed){ g_strdup(name + digits + 1), g_strndup(name, digits + 1) };
	if (plus != NULL && plus[1] != '\0' && strlen(plus + 1) <= MARK_DIGITS_MAX &&
	    strspn(plus + 1, "0123456789") == strlen(plus + 1))
		return (Renamed){ g_strndup(name, (gsize)(plus - name)), g_strdup(plus) };
	return (Renamed){ g_strdup(name), g_strdup("") };
}

static int
by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The marks under which @fields has a tag: one for each sheet. Returns: (transfer full): of char *, in order */
static GPtrArray *
marks_of(FieldSet *fields)
{
	GPtrArray *marks = g_ptr_array_new_with_free_func(g_free);
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, fields);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		g_auto(Renamed) renamed = { NULL, NULL };

		if (strstr(name, FIELD_TAG) == NULL)
			continue;
		renamed = take_apart(name);
		if (strcmp(renamed.name, FIELD_TAG) == 0)
			g_ptr_array_add(marks, g_steal_pointer(&renamed.mark));
	}
	g_ptr_array_sort(marks, by_text);
	return marks;
}

/* All that may belong to the sheet of @mark: what bears the mark, and what bears none and is not there with it. */
static FieldSet *
candidates(FieldSet *fields, const char *mark)
{
	FieldSet *mine = field_set_new();
	GHashTableIter iter;
	gpointer name, value;

	for (guint round = 0; round < 2; round++) {
		g_hash_table_iter_init(&iter, fields);
		while (g_hash_table_iter_next(&iter, &name, &value)) {
			g_auto(Renamed) renamed = take_apart(name);
			const char *wanted = round == 0 ? mark : "";

			if (strcmp(renamed.mark, wanted) == 0 && !field_set_has(mine, renamed.name))
				field_set_put(mine, renamed.name, value);
		}
	}
	return mine;
}

/* Notes which of @fields the sheet of @mark with the fields @own has taken. */
static void
note_taken(FieldSet *fields, const char *mark, FieldSet *own, GHashTable *taken)
{
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, own);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		g_autofree char *before = g_strconcat(mark, name, NULL);
		g_autofree char *behind = g_strconcat(name, mark, NULL);

		g_hash_table_add(taken, g_strdup(field_set_has(fields, before)	 ? before
						 : field_set_has(fields, behind) ? behind
										 : name));
	}
}

static CollectedPdf *
sheet_in(const CollectedPdf *whole, FieldSet *fields)
{
	CollectedPdf *pdf = g_new0(CollectedPdf, 1);

	*pdf = *whole;
	pdf->file_name = g_strdup(whole->file_name);
	pdf->sha256 = g_strdup(whole->sha256);
	pdf->detail = g_strdup(whole->detail);
	pdf->signer = g_strdup(whole->signer);
	pdf->fields = fields;
	return pdf;
}

/* The fields that are the sheet's own among @all. Returns: (transfer full), NULL where one is missing, or on @error */
static FieldSet *
own_fields(const IntakeTools *tools, const CollectedPdf *whole, FieldSet *all, GError **error)
{
	CollectedPdf candidate = *whole;
	g_autoptr(Sheet) sheet = NULL;
	g_autoptr(GHashTable) expected = NULL;
	g_autoptr(GHashTable) own = field_set_new();
	GHashTableIter iter;
	gpointer name;

	candidate.fields = all;
	sheet = identify_sheet(tools, &candidate, error);
	if (sheet == NULL || sheet->section == NULL)
		return NULL;
	expected = identify_fields(sheet);
	g_hash_table_iter_init(&iter, expected);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		if (!field_set_has(all, name))
			return NULL;
		field_set_put(own, name, field_set_value(all, name));
	}
	return g_steal_pointer(&own);
}

/* Returns: (transfer full): of CollectedPdf; NULL where @whole is no sum of sheets, or on @error */
static GPtrArray *
sheets_in(const IntakeTools *tools, const CollectedPdf *whole, GError **error)
{
	g_autoptr(GPtrArray) sheets =
	    g_ptr_array_new_with_free_func((GDestroyNotify)collected_pdf_free);
	g_autoptr(GPtrArray) marks = marks_of(whole->fields);
	g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	if (marks->len < 2 || marks->len > COLLECT_PDFS_LIMIT)
		return NULL;
	for (guint i = 0; i < marks->len; i++) {
		const char *mark = g_ptr_array_index(marks, i);
		g_autoptr(GHashTable) all = candidates(whole->fields, mark);
		FieldSet *own = own_fields(tools, whole, all, error);

		if (own == NULL)
			return NULL;
		note_taken(whole->fields, mark, own, taken);
		g_ptr_array_add(sheets, sheet_in(whole, own));
	}
	return g_hash_table_size(taken) == g_hash_table_size(whole->fields)
		   ? g_steal_pointer(&sheets)
		   : NULL;
}

gboolean
merged_split(const IntakeTools *tools, GPtrArray *pdfs, GError **error)
{
	for (guint i = 0; i < pdfs->len; i++) {
		const CollectedPdf *whole = g_ptr_array_index(pdfs, i);
		g_autoptr(GPtrArray) sheets = NULL;
		g_autoptr(GError) why = NULL;
		guint count;

		if (whole->fields == NULL || whole->verdict == PDF_REFUSED)
			continue;
		sheets = sheets_in(tools, whole, &why);
		if (why != NULL) {
			g_propagate_error(error, g_steal_pointer(&why));
			return FALSE;
		}
		if (sheets == NULL)
			continue;
		count = sheets->len;
		g_ptr_array_remove_index(pdfs, i);
		while (sheets->len > 0)
			g_ptr_array_insert(
			    pdfs, (int)i, g_ptr_array_steal_index(sheets, sheets->len - 1));
		i += count - 1;
	}
	return TRUE;
}

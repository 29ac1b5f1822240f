/* Sheets that a person reads from their pages: what is put before the person, and what becomes of what he or she typed. */
#include "validate/entry.h"

#include "base/archive.h"
#include "base/error.h"
#include "base/table.h"
#include "validate/merged.h"
#include "validate/paper.h"
#include "validate/record.h"

#include <string.h>

#define COLUMN_FIELD "field"
#define COLUMN_VALUE "value"
#define TEXT_MOST    ((gsize)1 << 20)

static char *
archive_of(const IntakeTools *tools)
{
	return g_build_filename(config_workspace(tools->config), "archive", NULL);
}

/* --- fields as text -------------------------------------------------------------------------------------------------------------- */

static void
append_cell(GString *out, const char *text, char end)
{
	g_string_append_c(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, *text);
	}
	g_string_append_c(out, '"');
	g_string_append_c(out, end);
}

GBytes *
entry_write(const FieldSet *fields)
{
	FieldSet *table = (FieldSet *)(gsize)fields;
	g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(table), (GCompareFunc)strcmp);
	GString *text = g_string_new(COLUMN_FIELD "," COLUMN_VALUE "\n");

	for (const GList *link = names; link != NULL; link = link->next) {
		append_cell(text, link->data, ',');
		append_cell(text, field_set_value(fields, link->data), '\n');
	}
	return g_string_free_to_bytes(text);
}

FieldSet *
entry_read(GBytes *text, const char *path, GError **error)
{
	g_autoptr(FieldSet) fields = field_set_new();
	g_autoptr(Table) table = NULL;
	int name, value;

	if (g_bytes_get_size(text) > TEXT_MOST) {
		fail(error, PLICO_ERROR_INPUT, _("%s: is too large for the answers of one sheet"),
		    path);
		return NULL;
	}
	table = table_parse(text, path, error);
	if (table == NULL)
		return NULL;
	name = table_find(table, COLUMN_FIELD);
	value = table_find(table, COLUMN_VALUE);
	if (name < 0 || value < 0) {
		fail(error, PLICO_ERROR_INPUT,
		    _("%s: has not the columns field and value; plico quarantine enter makes such a file"),
		    path);
		return NULL;
	}
	for (guint row = 0; row < table_rows(table); row++) {
		const char *field = table_cell(table, row, name);

		if (field_set_has(fields, field)) {
			fail(error, PLICO_ERROR_INPUT, _("%s: %s is there twice"), path, field);
			return NULL;
		}
		field_set_put(fields, field, table_cell(table, row, value));
	}
	return g_steal_pointer(&fields);
}

/* --- what becomes of it ------------------------------------------------------------------------------------------------------------ */

static gint64
memory_of(const Sheet *sheet)
{
	return sheet->remembers ? sheet->memory->number : 0;
}

static gint64
correction_of(const Sheet *sheet)
{
	return sheet->amendment != NULL ? sheet->amendment->number : 0;
}

/* Whether @sheet is the one that the return is. */
static gboolean
is_of_return(const IntakeTools *tools, gint64 return_id, const Sheet *sheet, GError **error)
{
	g_autoptr(Rows) rows =
	    store_query(tools->store, error, SQL_validate_entry_place, "i", return_id);

	if (rows == NULL || !rows_next(rows, error))
		return FALSE;
	if (*sheet->reason != '\0')
		return fail(error, PLICO_ERROR_INPUT, _("return %" PRId64 ": what was entered: %s"),
		    return_id, sheet->detail);
	if (rows_int(rows, 0) == 0)
		return TRUE; /* a person has said which it is */
	if (rows_int(rows, 0) == sheet->unit->id &&
	    strcmp(rows_text(rows, 1), sheet->section->name) == 0 &&
	    rows_int(rows, 2) == g_ascii_strtoll(sheet->id->serial, NULL, 10) &&
	    rows_int(rows, 3) == memory_of(sheet) && rows_int(rows, 4) == correction_of(sheet))
		return TRUE;
	return fail(error, PLICO_ERROR_INPUT,
	    _("return %" PRId64 ": what was entered is of another sheet: %s, section %s"),
	    return_id, sheet->unit->name, sheet->section->name);
}

static gboolean
replace_answers(const IntakeTools *tools, gint64 return_id, const Arrival *arrival, GError **error)
{
	const Answers *answers = arrival->answers;
	const Sheet *sheet = arrival->sheet;

	if (answers->blank)
		return fail(error, PLICO_ERROR_INPUT, _("return %" PRId64 ": nothing was entered"),
		    return_id);
	return store_run(tools->store, error, SQL_validate_entry_no_answers, "i", return_id) &&
	       store_run(tools->store, error, SQL_validate_entry_no_findings, "i", return_id) &&
	       store_run(tools->store, error, SQL_validate_entry_return, "ititittiiii", return_id,
		   answers->sha256, (gint64)answers->confirmed, sheet->id->form, sheet->unit->id,
		   sheet->id->edition, sheet->section->name,
		   g_ascii_strtoll(sheet->id->serial, NULL, 10), memory_of(sheet),
		   correction_of(sheet), arrival->base) &&
	       record_answers(tools->store, return_id, answers, error);
}

gboolean
entry_store(const IntakeTools *tools, gint64 return_id, FieldSet *fields, GError **error)
{
	CollectedPdf typed = {
		.verdict = PDF_GOOD, .reason = "", .detail = (char[]){ "" }, .fields = fields
	};
	g_autoptr(Arrival) arrival = arrival_new(tools, &typed, error);

	return arrival != NULL && is_of_return(tools, return_id, arrival->sheet, error) &&
	       replace_answers(tools, return_id, arrival, error);
}

gboolean
entry_restore(const IntakeTools *tools, gint64 return_id, const char *sha256, GError **error)
{
	g_autofree char *archive = archive_of(tools);
	g_autoptr(GBytes) text = archive_open(archive, sha256, error);
	g_autoptr(FieldSet) fields = text != NULL ? entry_read(text, sha256, error) : NULL;

	return fields != NULL && entry_store(tools, return_id, fields, error);
}

/* --- the desk -------------------------------------------------------------------------------------------------------------------------- */

typedef struct {
	Collected *message;
	Sheet *sheet;
} Owner;

static void
owner_free(Owner *owner)
{
	collected_free(owner->message);
	sheet_free(owner->sheet);
	g_free(owner);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Owner, owner_free)

void
entry_desk_free(EntryDesk *desk)
{
	if (desk == NULL)
		return;
	owner_free(desk->owner);
	g_free(desk);
}

/* Puts the part that a person has named in the place of @part. Returns: (transfer none) */
static const CollectedPdf *
name_part(const IntakeTools *tools, GPtrArray *pdfs, guint part, const char *code,
    gint64 received_at, GError **error)
{
	CollectedPdf *named =
	    paper_named(tools, g_ptr_array_index(pdfs, part), code, received_at, error);

	if (named == NULL)
		return NULL;
	g_ptr_array_remove_index(pdfs, part);
	g_ptr_array_insert(pdfs, (int)part, named);
	return named;
}

/* Reads the message of the return once more. Returns: (transfer none): its part, owned by @owner; NULL on @error */
static const CollectedPdf *
read_again(const IntakeTools *tools, gint64 return_id, Rows *row, const char *code, Owner *owner,
    GError **error)
{
	g_autofree char *archive = archive_of(tools);
	g_autoptr(PecTrust) trust =
	    pec_trust_open(config_text(tools->config, CONFIG_pec_certificates),
		config_text(tools->config, CONFIG_mail_from), error);
	g_autoptr(GBytes) raw =
	    trust != NULL ? archive_open(archive, rows_text(row, 0), error) : NULL;
	guint part = (guint)rows_int(row, 1);
	const CollectedPdf *pdf;

	if (raw == NULL)
		return NULL;
	owner->message = collect_message(raw, trust, error);
	if (owner->message == NULL || !merged_split(tools, owner->message->pdfs, error) ||
	    !paper_split(tools, owner->message->pdfs, rows_int(row, 2), error))
		return NULL;
	pdf =
	    part < owner->message->pdfs->len ? g_ptr_array_index(owner->message->pdfs, part) : NULL;
	if (pdf != NULL && pdf->sheet != NULL && code == NULL)
		return pdf;
	if (pdf != NULL && pdf->pages != NULL && code != NULL && rows_is_null(row, 5))
		return name_part(tools, owner->message->pdfs, part, code, rows_int(row, 2), error);
	fail(error, PLICO_ERROR_INPUT,
	    code != NULL
		? _("return %" PRId64 ": says itself which sheet it is")
		: _("return %" PRId64
		    ": which sheet it is cannot be told; say it, --sheet CODE, by the code at the foot of its pages"),
	    return_id);
	return NULL;
}

EntryDesk *
intake_desk(const IntakeTools *tools, gint64 return_id, const char *code, GError **error)
{
	g_autoptr(Owner) owner = g_new0(Owner, 1);
	g_autoptr(Rows) row = store_query(tools->store, error, SQL_validate_desk, "i", return_id);
	const CollectedPdf *pdf;
	EntryDesk *desk;

	if (row == NULL || !rows_next(row, error))
		return NULL;
	if (!paper_is_enterable(rows_text(row, 3))) {
		fail(error, PLICO_ERROR_INPUT,
		    _("return %" PRId64
		      ": nothing in it is to be read by a person; plico quarantine accept takes it as it is"),
		    return_id);
		return NULL;
	}
	pdf = read_again(tools, return_id, row, code, owner, error);
	owner->sheet = pdf != NULL ? identify_sheet(tools, pdf, error) : NULL;
	if (owner->sheet == NULL)
		return NULL;
	if (!owner->sheet->genuine) {
		fail(error, PLICO_ERROR_INPUT, _("return %" PRId64 ": %s"), return_id,
		    owner->sheet->detail);
		return NULL;
	}
	desk = g_new0(EntryDesk, 1);
	*desk = (EntryDesk){ pdf->sheet, pdf->fields, pdf->uncertain, pdf->pages,
		owner->sheet->unit, owner->sheet->view, owner->sheet->section, NULL };
	desk->owner = g_steal_pointer(&owner);
	return desk;
}

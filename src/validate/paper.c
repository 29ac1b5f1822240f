#include "validate/paper.h"

#include "base/archive_packet.h"
#include "base/error.h"
#include "validate/paper_claim.h"

#include <string.h>

gboolean
paper_is_partial(const char *reason)
{
	return strcmp(reason, "flattened") == 0 || strcmp(reason, "scanned") == 0;
}

gboolean
paper_is_enterable(const char *reason)
{
	return paper_is_partial(reason) || strcmp(reason, "no_form") == 0;
}

/* --- the sheet as it was sent ---------------------------------------------------------------------------------------------------- */

typedef struct {
	GBytes *bytes;
	FieldSet *fields; /* as they left */
} SentSheet;

static void
sent_free(gpointer data)
{
	SentSheet *sent = data;

	g_bytes_unref(sent->bytes);
	g_hash_table_unref(sent->fields);
	g_free(sent);
}

/* The sheet in the sent message @sha256. Returns FALSE only on @error; what the archive has lost is passed over. */
static gboolean
add_sent(const IntakeTools *tools, const char *sha256, const Claim *claim, GPtrArray *out,
    GError **error)
{
	g_autofree char *archive =
	    g_build_filename(config_workspace(tools->config), "archive", NULL);
	g_autoptr(GError) why = NULL;
	g_autoptr(GBytes) raw = archive_open_sent(archive, tools->keyring, sha256, NULL, &why);
	g_autoptr(FieldSet) fields = NULL;
	g_autoptr(GBytes) bytes = NULL;
	SentSheet *sent;

	if (raw == NULL)
		return TRUE;
	bytes = collect_sheet(raw, claim->unit, claim->section, claim->serial, &fields, &why);
	if (why != NULL && !g_error_matches(why, PLICO_ERROR, PLICO_ERROR_INPUT)) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	for (guint i = 0; bytes != NULL && i < out->len; i++)
		if (g_bytes_equal(bytes, ((const SentSheet *)g_ptr_array_index(out, i))->bytes))
			return TRUE;
	if (bytes == NULL)
		return TRUE;
	sent = g_new0(SentSheet, 1);
	sent->bytes = g_steal_pointer(&bytes);
	sent->fields = g_steal_pointer(&fields);
	g_ptr_array_add(out, sent);
	return TRUE;
}

/* Each sheet of this identity that left, in one language or another: (transfer full): of SentSheet */
static GPtrArray *
sheets_sent(const IntakeTools *tools, const Claim *claim, gint64 received_at, GError **error)
{
	g_autoptr(GPtrArray) sheets = g_ptr_array_new_with_free_func(sent_free);
	g_autoptr(GPtrArray) sums = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = NULL;
	gint64 unit;

	if (!store_int(tools->store, &unit, 0, error, SQL_validate_unit_by_code, "t", claim->unit))
		return NULL;
	rows = store_query(
	    tools->store, error, SQL_validate_sent, "tii", claim->edition, unit, received_at);
	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why))
		g_ptr_array_add(sums, g_strdup(rows_text(rows, 0)));
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	for (guint i = 0; i < sums->len; i++)
		if (!add_sent(tools, g_ptr_array_index(sums, i), claim, sheets, error))
			return NULL;
	return g_steal_pointer(&sheets);
}

/* Whether the QR is that of @sent. */
static gboolean
is_code_of(const IntakeTools *tools, const SentSheet *sent, const char *code)
{
	g_autoptr(SheetId) id = sheet_id_read(sent->fields);
	g_autofree char *own =
	    sheet_id_verify(id, tools->keyring) ? sheet_id_qr(id, tools->keyring) : NULL;

	return own != NULL && strcmp(own, code) == 0;
}

/* --- what is in it ---------------------------------------------------------------------------------------------------------------- */

static CollectedPdf *
pdf_of(const CollectedPdf *whole, const Bundle *bundle)
{
	CollectedPdf *pdf = g_new0(CollectedPdf, 1);

	*pdf = *whole;
	pdf->file_name = g_strdup(whole->file_name);
	pdf->sha256 = g_strdup(whole->sha256);
	pdf->detail = g_strdup("");
	pdf->signer = g_strdup(whole->signer);
	pdf->fields = field_set_new();
	pdf->uncertain = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	pdf->pages = g_ptr_array_new_with_free_func((GDestroyNotify)paper_page_free);
	for (guint i = 0; i < bundle->pages->len; i++)
		g_ptr_array_add(pdf->pages, paper_page_copy(g_ptr_array_index(bundle->pages, i)));
	pdf->verdict = PDF_REVIEW;
	return pdf;
}

static gboolean
is_drawn(const GPtrArray *pages)
{
	for (guint i = 0; i < pages->len; i++)
		if (!((const PaperPage *)g_ptr_array_index(pages, i))->drawn)
			return FALSE;
	return TRUE;
}

static void
say(CollectedPdf *pdf, const char *detail)
{
	pdf->reason = is_drawn(pdf->pages) ? "flattened" : "scanned";
	g_free(pdf->detail);
	pdf->detail = g_strdup(detail);
}

/* The identity that the code claims, for the eyes of a person: without a tag it is never genuine. */
static void
put_claim(CollectedPdf *pdf, const Claim *claim)
{
	field_set_put(pdf->fields, FIELD_EDITION, claim->edition);
	field_set_put(pdf->fields, FIELD_UNIT, claim->unit);
	field_set_put(pdf->fields, FIELD_SECTION, claim->section);
	field_set_put(pdf->fields, FIELD_SERIAL, claim->serial);
}

/* A field that is the sheet's own, or shows what nobody can change: as it left. */
static gboolean
is_fixed(const char *name)
{
	static const char *const identity[] = { FIELD_VERSION, FIELD_KID, FIELD_EDITION, FIELD_UNIT,
		FIELD_SECTION, FIELD_FORM, FIELD_SERIAL, FIELD_TAG };

	for (gsize i = 0; i < G_N_ELEMENTS(identity); i++)
		if (strcmp(name, identity[i]) == 0)
			return TRUE;
	return g_str_has_prefix(name, FIELD_BESIDE);
}

/* What of the sheet is known: a field on a page that is not there is as uncertain as one that cannot be read. */
static void
put_values(CollectedPdf *pdf, FieldSet *sent, const PaperSheet *read)
{
	GHashTableIter iter;
	gpointer name, value;

	g_hash_table_iter_init(&iter, sent);
	while (g_hash_table_iter_next(&iter, &name, &value)) {
		if (is_fixed(name)) {
			field_set_put(pdf->fields, name, value);
			continue;
		}
		field_set_put(pdf->fields, name, field_set_value(read->values, name));
		if (!field_set_has(read->values, name))
			g_hash_table_add(pdf->uncertain, g_strdup(name));
	}
}

/* "page 2 is missing; 3 fields cannot be read for certain": what a person must do about it. */
static char *
detail_of(const CollectedPdf *pdf, const PaperSheet *read)
{
	g_autoptr(GString) text = g_string_new(NULL);
	guint uncertain = g_hash_table_size(pdf->uncertain);

	for (guint page = 1; page <= read->count; page++)
		if (!g_hash_table_contains(read->pages, GUINT_TO_POINTER(page)))
			g_string_append_printf(
			    text, _("page %u of %u is missing; "), page, read->count);
	if (read->strange > 0)
		g_string_append_printf(text,
		    ngettext("%u page is there twice, or cannot be placed; ",
			"%u pages are there twice, or cannot be placed; ", read->strange),
		    read->strange);
	if (read->beside)
		g_string_append(
		    text, _("there is more on the pages than the sheet and its fields; "));
	if (uncertain > 0)
		g_string_append_printf(text,
		    ngettext("%u field can only be read by a person; ",
			"%u fields can only be read by a person; ", uncertain),
		    uncertain);
	if (text->len == 0)
		g_string_append(text, _("a person must compare what was read with the page; "));
	g_string_truncate(text, text->len - strlen("; "));
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The file has no other fault than that it has no form, and all that the sheet asks is known for certain. */
static gboolean
is_whole(const CollectedPdf *whole, const CollectedPdf *pdf, const PaperSheet *read)
{
	return read->drawn && read->strange == 0 && !read->beside &&
	       g_hash_table_size(read->pages) == read->count &&
	       g_hash_table_size(pdf->uncertain) == 0 && strcmp(whole->reason, "no_form") == 0;
}

static void
take(CollectedPdf *pdf, const CollectedPdf *whole, const SentSheet *sent, const PaperSheet *read)
{
	g_autofree char *detail = NULL;

	put_values(pdf, sent->fields, read);
	pdf->sheet = g_bytes_ref(sent->bytes);
	if (is_whole(whole, pdf, read)) {
		pdf->verdict = PDF_GOOD;
		pdf->reason = "";
		return;
	}
	detail = detail_of(pdf, read);
	say(pdf, detail);
}

/* Reads the pages beside each sheet that they may be; the first that fits counts, otherwise that with most of its pages here. */
static gboolean
read_bundle(const CollectedPdf *whole, const Bundle *bundle, const GPtrArray *sheets,
    CollectedPdf *pdf, GError **error)
{
	const SentSheet *sent = NULL;
	g_autoptr(PaperSheet) best = NULL;

	for (guint i = 0; i < sheets->len && (best == NULL || best->strange > 0); i++) {
		const SentSheet *sheet = g_ptr_array_index(sheets, i);
		g_autoptr(PaperSheet) read = collect_paper(sheet->bytes, bundle->pages, error);

		if (read == NULL)
			return FALSE;
		if (best != NULL &&
		    g_hash_table_size(read->pages) <= g_hash_table_size(best->pages))
			continue;
		g_clear_pointer(&best, paper_sheet_free);
		best = g_steal_pointer(&read);
		sent = sheet;
	}
	take(pdf, whole, sent, best);
	return TRUE;
}

/* Returns: (transfer full), NULL on @error */
static CollectedPdf *
sheet_of(const IntakeTools *tools, const CollectedPdf *whole, const Bundle *bundle,
    gint64 received_at, GError **error)
{
	g_autoptr(CollectedPdf) pdf = pdf_of(whole, bundle);
	g_autoptr(GPtrArray) sheets = sheets_sent(tools, &bundle->claim, received_at, error);
	guint known;

	if (sheets == NULL)
		return NULL;
	known = sheets->len;
	for (guint i = sheets->len; i > 0; i--)
		if (!is_code_of(tools, g_ptr_array_index(sheets, i - 1), bundle->claim.text))
			g_ptr_array_remove_index(sheets, i - 1);
	if (sheets->len > 0)
		return read_bundle(whole, bundle, sheets, pdf, error) ? g_steal_pointer(&pdf)
								      : NULL;
	put_claim(pdf, &bundle->claim);
	if (known > 0)
		pdf->reason = ""; /* then it is its identity that is wrong */
	else
		say(pdf, _("no sheet with this code has been sent, as far as the archive knows"));
	return g_steal_pointer(&pdf);
}

gboolean
paper_split(const IntakeTools *tools, GPtrArray *pdfs, gint64 received_at, GError **error)
{
	for (guint i = 0; i < pdfs->len; i++) {
		CollectedPdf *whole = g_ptr_array_index(pdfs, i);
		g_autoptr(CollectedPdf) kept = NULL;
		g_autoptr(GPtrArray) bundles = NULL;

		if (!paper_is_ours(whole->pages))
			continue;
		bundles = paper_bundles(tools->form, whole->pages);
		if (bundles->len == 0) {
			say(whole,
			    _("which sheet it is cannot be read: look at the code at the foot of its pages, and give it to plico quarantine enter --sheet"));
			continue;
		}
		kept = g_ptr_array_steal_index(pdfs, i);
		for (guint k = 0; k < bundles->len; k++) {
			CollectedPdf *pdf = sheet_of(
			    tools, kept, g_ptr_array_index(bundles, k), received_at, error);

			if (pdf == NULL)
				return FALSE;
			g_ptr_array_insert(pdfs, (int)(i + k), pdf);
		}
		i += bundles->len - 1;
	}
	return TRUE;
}

CollectedPdf *
paper_named(const IntakeTools *tools, const CollectedPdf *whole, const char *code,
    gint64 received_at, GError **error)
{
	g_autofree char *full = sheet_code_long(tools->form->id, code);
	g_autoptr(GPtrArray) bundles = NULL;
	g_autoptr(CollectedPdf) pdf = NULL;

	if (full == NULL) {
		fail(error, PLICO_ERROR_USAGE,
		    _("%s: is no code of a sheet, such as C860:S2:1:3F7KQ2WX at the foot of its pages"),
		    code);
		return NULL;
	}
	for (guint i = 0; i < whole->pages->len; i++) {
		PaperPage *page = g_ptr_array_index(whole->pages, i);

		g_free(page->code);
		page->code = g_strdup(full);
	}
	bundles = paper_bundles(tools->form, whole->pages);
	if (bundles->len > 0)
		pdf = sheet_of(tools, whole, g_ptr_array_index(bundles, 0), received_at, error);
	if (pdf != NULL && pdf->sheet == NULL) {
		fail(error, PLICO_ERROR_INPUT,
		    _("%s: no sheet with this code has been sent; compare it with the foot of its pages"),
		    code);
		return NULL;
	}
	return g_steal_pointer(&pdf);
}

/* --- answers ------------------------------------------------------------------------------------------------------------------------ */

/* The questions of which a field is uncertain. Returns: (transfer full): set of const Item * */
static GHashTable *
open_questions(const GPtrArray *specs, GHashTable *uncertain)
{
	GHashTable *questions = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < specs->len; i++) {
		const FieldSpec *spec = g_ptr_array_index(specs, i);

		if (g_hash_table_contains(uncertain, spec->name))
			g_hash_table_add(questions, (gpointer)(gsize)spec->item);
	}
	return questions;
}

/* The fields without those of @questions: half of an answer is a wrong one. */
static FieldSet *
without(const FieldSet *fields, const GPtrArray *specs, GHashTable *questions)
{
	FieldSet *rest = field_set_new();
	GHashTableIter iter;
	gpointer name, value;

	g_hash_table_iter_init(&iter, (FieldSet *)(gsize)fields);
	while (g_hash_table_iter_next(&iter, &name, &value))
		field_set_put(rest, name, value);
	for (guint i = 0; i < specs->len; i++) {
		const FieldSpec *spec = g_ptr_array_index(specs, i);

		if (g_hash_table_contains(questions, spec->item))
			field_set_put(rest, spec->name, "");
	}
	return rest;
}

/* In the place of what was found out about questions that are open. */
static void
note_open(GPtrArray *findings, const GPtrArray *specs, GHashTable *questions)
{
	const Item *last = NULL;

	for (guint i = 0; i < specs->len; i++) {
		const Item *item = ((const FieldSpec *)g_ptr_array_index(specs, i))->item;

		if (item == last || !g_hash_table_contains(questions, item))
			continue;
		last = item;
		for (guint k = findings->len; k > 0; k--) {
			const Finding *finding = g_ptr_array_index(findings, k - 1);

			if (strcmp(finding->place, item->name) == 0)
				g_ptr_array_remove_index(findings, k - 1);
		}
		findings_add(findings, SEVERITY_WARNING, "uncertain", item->name, "%s",
		    _("to be read from the page by a person"));
	}
}

Answers *
paper_answers(const Sheet *sheet, const CollectedPdf *pdf, const Printed *printed)
{
	g_autoptr(GPtrArray) specs = NULL;
	g_autoptr(GHashTable) questions = NULL;
	g_autoptr(FieldSet) fields = NULL;
	Answers *answers;

	if (pdf->uncertain == NULL || g_hash_table_size(pdf->uncertain) == 0)
		return validate_answers(sheet->view, sheet->section, pdf->fields, printed);
	specs = form_view_fields(sheet->view, sheet->section);
	questions = open_questions(specs, pdf->uncertain);
	fields = without(pdf->fields, specs, questions);
	answers = validate_answers(sheet->view, sheet->section, fields, printed);
	note_open(answers->findings, specs, questions);
	return answers;
}

void
paper_doubt(Sheet *sheet, const CollectedPdf *pdf, const Answers *answers)
{
	if (pdf->pages == NULL || *sheet->reason != '\0' ||
	    (!answers->blank && findings_count(answers->findings, SEVERITY_ERROR) == 0))
		return;
	sheet->reason = "flattened";
	g_free(sheet->detail);
	sheet->detail = g_strdup(
	    _("answers are missing or wrong: the program that made the file may have lost them"));
}

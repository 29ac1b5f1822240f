/* From raw bytes to what they say: what is given to the cage, and what is made of its answers. */
#include "collect/collect.h"

#include "base/cage.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/sum.h"
#include "collect/paper.h"
#include "collect/pdf_facts.h"
#include "collect/pec.h"
#include "collect/picture.h"
#include "collect/record.h"
#include "collect/scan.h"
#include "collect/tasks.h"
#include "collect/unpack.h"

#include <string.h>

const char *
message_class_name(MessageClass message_class)
{
	static const char *const names[] = {
		[MESSAGE_RETURN] = "return",
		[MESSAGE_RECEIPT] = "receipt",
		[MESSAGE_BOUNCE] = "bounce",
		[MESSAGE_READ_RECEIPT] = "read_receipt",
		[MESSAGE_COMPLAINT] = "complaint",
		[MESSAGE_AUTO_REPLY] = "auto_reply",
		[MESSAGE_OTHER] = "other",
	};

	return names[message_class];
}

void
collected_pdf_free(CollectedPdf *pdf)
{
	if (pdf == NULL)
		return;
	g_free(pdf->file_name);
	g_free(pdf->sha256);
	g_free(pdf->detail);
	g_free(pdf->signer);
	g_clear_pointer(&pdf->fields, g_hash_table_unref);
	g_clear_pointer(&pdf->pages, g_ptr_array_unref);
	g_clear_pointer(&pdf->uncertain, g_hash_table_unref);
	g_clear_pointer(&pdf->sheet, g_bytes_unref);
	g_free(pdf);
}

static void
free_pdf(gpointer pdf)
{
	collected_pdf_free(pdf);
}

Collected *
collected_new(void)
{
	Collected *message = g_new0(Collected, 1);

	message->message_class = MESSAGE_OTHER;
	message->message_id = g_strdup("");
	message->sender = g_strdup("");
	message->subject = g_strdup("");
	message->text = g_strdup("");
	message->transport = g_strdup("");
	message->receipt = g_strdup("");
	pec_init(&message->pec);
	message->references = g_ptr_array_new_with_free_func(g_free);
	message->bounce_action = g_strdup("");
	message->bounce_status = g_strdup("");
	message->bounce_detail = g_strdup("");
	message->attachments = g_ptr_array_new_with_free_func(g_free);
	message->pdfs = g_ptr_array_new_with_free_func(free_pdf);
	return message;
}

void
collected_free(Collected *message)
{
	if (message == NULL)
		return;
	g_free(message->message_id);
	g_free(message->sender);
	g_free(message->subject);
	g_free(message->text);
	g_free(message->transport);
	g_free(message->receipt);
	pec_clear(&message->pec);
	g_ptr_array_unref(message->references);
	g_free(message->bounce_action);
	g_free(message->bounce_status);
	g_free(message->bounce_detail);
	g_ptr_array_unref(message->attachments);
	g_ptr_array_unref(message->pdfs);
	g_free(message);
}

void
collect_prepare(void)
{
	cage_prepare(NULL);
}

static void
free_part(gpointer part)
{
	pdf_part_free(part);
}

/* --- the parent --------------------------------------------------------------------------------------------- */

static CollectedPdf *
refuse(CollectedPdf *pdf, const char *reason, const char *detail)
{
	pdf->verdict = PDF_REFUSED;
	pdf->reason = reason;
	pdf->detail = g_strdup(detail);
	return pdf;
}

CollectedPdf *
collect_pdf(GBytes *bytes, const char *file_name, GError **error)
{
	static const CageLimits limits = {
		.memory = (gsize)192 << 20,
		.cpu = PIECE_CPU_LIMIT,
		.wall_ms = 8000,
		.answer = 2 * PDF_TEXT_LIMIT,
	};
	g_autoptr(CollectedPdf) pdf = g_new0(CollectedPdf, 1);
	g_autoptr(GVariant) record = NULL;
	g_autoptr(PdfRead) read = NULL;
	g_autoptr(GError) why = NULL;

	pdf->file_name = shown_line(file_name);
	pdf->signer = g_strdup("");
	pdf->size = g_bytes_get_size(bytes);
	pdf->sha256 = sum_bytes(bytes);
	if (pdf->size > PDF_SIZE_LIMIT)
		return refuse(
		    g_steal_pointer(&pdf), "too_large", _("the file is larger than 10 MB"));
	record = cage_run(TASK_PDF, bytes, NULL, 0, PDF_RECORD, &limits, &why);
	read = record != NULL ? pdf_record_read(record, &why) : NULL;
	if (read == NULL && g_error_matches(why, PLICO_ERROR, PLICO_ERROR_INPUT))
		return refuse(g_steal_pointer(&pdf), "died", why->message);
	if (read == NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	pdf_judge(read->facts, read->note, pdf);
	pdf->formless = pdf_is_formless(read->facts);
	if (g_hash_table_size(read->fields) > 0)
		pdf->fields = g_steal_pointer(&read->fields);
	return g_steal_pointer(&pdf);
}

/* What is still to be looked at. */
typedef struct {
	Collected *message;
	GQueue *waiting; /* of PdfPart */
	guint packages;
	gsize unpacked;	     /* bytes that came out of them */
	guint64 start;	     /* cage_time_taken() before the message was read */
	GPtrArray *files;    /* (nullable) of GBytes: each PDF as it came */
	CollectedPdf *album; /* (nullable) all pictures that are pages of ours */
	guint pages;	     /* that were looked at */
} Search;

static void
search_clear(Search *search)
{
	g_queue_free_full(search->waiting, free_part);
	collected_pdf_free(search->album);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

static void
push_all(Search *search, GPtrArray *parts, guint depth)
{
	while (parts->len > 0) {
		PdfPart *part = g_ptr_array_steal_index(parts, 0);

		part->depth = MAX(part->depth, depth);
		g_queue_push_tail(search->waiting, part);
	}
}

static gboolean
has_time(const Search *search)
{
	return cage_time_taken() - search->start <= COLLECT_CPU_LIMIT;
}

/* A PDF that nobody reads. Returns: (transfer full) */
static CollectedPdf *
pass_over(const PdfPart *part)
{
	CollectedPdf *pdf = g_new0(CollectedPdf, 1);

	pdf->file_name = shown_line(part->file_name);
	pdf->signer = g_strdup("");
	pdf->size = g_bytes_get_size(part->bytes);
	pdf->sha256 = sum_bytes(part->bytes);
	return refuse(
	    pdf, "not_read", _("reading what stands before it in the message took too long"));
}

/* The pages of a file from @first on, as far as there is time. @out: gets those that can be drawn. */
static gboolean
look_through(Search *search, GBytes *bytes, GPtrArray *out, GError **error)
{
	guint count = 1;

	for (guint i = 0; i < count && search->pages < PAPER_PAGES_LIMIT &&
			  cage_time_taken() - search->start <= PAPER_LOOK_LIMIT;
	     i++) {
		PaperPage *page;

		search->pages++;
		if (!paper_look(bytes, i, &count, &page, error))
			return FALSE;
		if (page != NULL)
			g_ptr_array_add(out, page);
	}
	return TRUE;
}

static GPtrArray *
pages_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)paper_page_free);
}

/* A file without a form may be one of our sheets nevertheless: printed to a file, or scanned. */
static gboolean
look_for_pages(Search *search, GBytes *bytes, CollectedPdf *pdf, GError **error)
{
	if (!pdf->formless)
		return TRUE;
	pdf->pages = pages_new();
	return look_through(search, bytes, pdf->pages, error);
}

/* All pictures with our pages are one thing, as the pages of a file are: each may be a page of the same sheet. */
static gboolean
take_picture(Search *search, const PdfPart *part, GError **error)
{
	g_autoptr(GPtrArray) pages = pages_new();

	if (!look_through(search, part->bytes, pages, error))
		return FALSE;
	if (!paper_is_ours(pages)) {
		g_ptr_array_add(search->message->attachments, g_strdup(part->file_name));
		return TRUE;
	}
	if (search->album == NULL) {
		search->album = g_new0(CollectedPdf, 1);
		search->album->file_name = shown_line(part->file_name);
		search->album->signer = g_strdup(part->signer);
		search->album->sha256 = sum_bytes(part->bytes);
		search->album->verdict = PDF_REFUSED;
		search->album->reason = "no_form";
		search->album->detail = g_strdup(_("a picture"));
		search->album->pages = pages_new();
	}
	search->album->size += g_bytes_get_size(part->bytes);
	g_ptr_array_extend_and_steal(search->album->pages, g_steal_pointer(&pages));
	return TRUE;
}

/* Behind the PDFs. */
static void
add_album(Search *search)
{
	if (search->album == NULL)
		return;
	if (search->files != NULL)
		g_ptr_array_add(search->files,
		    g_bytes_ref(
			((const PaperPage *)g_ptr_array_index(search->album->pages, 0))->bytes));
	g_ptr_array_add(search->message->pdfs, g_steal_pointer(&search->album));
}

static gboolean
take_pdf(Search *search, const PdfPart *part, GError **error)
{
	CollectedPdf *pdf;

	if (search->message->pdfs->len == COLLECT_PDFS_LIMIT)
		return fail(error, PLICO_ERROR_INPUT, _("the message is not read: %s"),
		    scan_text(SCAN_PDFS));
	pdf = has_time(search) ? collect_pdf(part->bytes, part->file_name, error) : pass_over(part);
	if (pdf == NULL)
		return FALSE;
	g_ptr_array_add(search->message->pdfs, pdf);
	if (!look_for_pages(search, part->bytes, pdf, error))
		return FALSE;
	if (search->files != NULL)
		g_ptr_array_add(search->files, g_bytes_ref(part->bytes));
	g_free(pdf->signer);
	pdf->signer = g_strdup(part->signer);
	if (part->broken && pdf->verdict == PDF_GOOD) {
		g_free(pdf->detail);
		pdf->verdict = PDF_REVIEW;
		pdf->reason = "signature";
		pdf->detail = g_strdup(_("the signature around the file is of another file"));
	}
	return TRUE;
}

static Collected *
read_mail(GBytes *raw, const Signed *region, GPtrArray *parts, GError **error)
{
	g_autoptr(GVariant) record = cage_run(
	    TASK_MESSAGE, raw, region, sizeof *region, MESSAGE_RECORD, &cage_limits_default, error);

	return record != NULL ? message_record_read(record, parts, error) : NULL;
}

/* Most mails carry one sheet and nothing else: these are read by one child. What is not so, or breaks a limit that is meant for
 * them, is read piece by piece, each in a child of its own: @pieces. NULL with an error that is not the mail's, or its own. */
static Collected *
read_whole(Search *search, GBytes *raw, const Signed *region, GPtrArray *pieces, GError **error)
{
	static const CageLimits limits = {
		.memory = (gsize)192 << 20,
		.cpu = PIECE_CPU_LIMIT,
		.wall_ms = WHOLE_WALL_LIMIT,
		.answer = (gsize)64 << 20,
	};
	g_autoptr(GVariant) record = NULL;
	g_autoptr(Collected) message = NULL;
	g_autoptr(CollectedPdf) sheet = NULL;
	g_autoptr(GError) why = NULL;
	guint64 before = cage_time_taken();

	if (search->files != NULL || g_bytes_get_size(raw) > WHOLE_SIZE_LIMIT)
		return read_mail(raw, region, pieces, error);
	record = cage_run(TASK_WHOLE, raw, region, sizeof *region, WHOLE_RECORD, &limits, &why);
	if (record == NULL && g_error_matches(why, PLICO_ERROR, PLICO_ERROR_INPUT)) {
		search->start += cage_time_taken() - before;
		return read_mail(raw, region, pieces, error);
	}
	if (record == NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	message = whole_record_read(record, pieces, &sheet, error);
	if (sheet != NULL)
		g_ptr_array_add(message->pdfs, g_steal_pointer(&sheet));
	return g_steal_pointer(&message);
}

static void
move_names(GPtrArray *from, GPtrArray *to)
{
	while (from->len > 0 && to->len < COLLECT_PARTS_LIMIT)
		g_ptr_array_add(to, g_ptr_array_steal_index(from, 0));
}

/* A mail that came as a file: what it carries counts as this one's, unless it is a report or a receipt that carries our own. */
static gboolean
open_mail(Search *search, const PdfPart *part, GPtrArray *pieces, GError **error)
{
	const Signed all = { 0, 0 };
	g_autoptr(Collected) inner = read_mail(part->bytes, &all, pieces, error);

	if (inner == NULL)
		return FALSE;
	move_names(inner->attachments, search->message->attachments);
	return TRUE;
}

/* How one without a name is called. */
static const char *
package_word(PieceKind kind)
{
	static const char *const words[] = {
		[PIECE_OTHER] = "",
		[PIECE_PDF] = ".pdf",
		[PIECE_PICTURE] = "",
		[PIECE_ZIP] = ".zip",
		[PIECE_TNEF] = "winmail.dat",
		[PIECE_CMS] = ".p7m",
		[PIECE_MESSAGE] = ".eml",
	};

	return words[kind];
}

/* What cannot be opened is named, so that a person sees it. */
static gboolean
open_package(Search *search, PieceKind kind, const PdfPart *part, GError **error)
{
	GPtrArray *names = search->message->attachments;
	g_autoptr(GPtrArray) pieces = g_ptr_array_new_with_free_func(free_part);
	g_autoptr(GError) why = NULL;
	gboolean opened = FALSE;

	if (++search->packages <= UNPACK_PACKAGES_LIMIT && part->depth < UNPACK_DEPTH_LIMIT &&
	    has_time(search))
		opened = kind == PIECE_MESSAGE ? open_mail(search, part, pieces, &why)
					       : unpack(kind, part, pieces, names, &why);
	if (why != NULL && !g_error_matches(why, PLICO_ERROR, PLICO_ERROR_INPUT)) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	for (guint i = 0; i < pieces->len; i++)
		search->unpacked +=
		    g_bytes_get_size(((const PdfPart *)g_ptr_array_index(pieces, i))->bytes);
	opened = opened && search->unpacked <= UNPACK_TOTAL_LIMIT;
	if (!opened && names->len < COLLECT_PARTS_LIMIT)
		g_ptr_array_add(names,
		    g_strdup(*part->file_name != '\0' ? part->file_name : package_word(kind)));
	if (opened)
		push_all(search, pieces, part->depth + 1);
	return TRUE;
}

static gboolean
search_all(Search *search, GError **error)
{
	while (!g_queue_is_empty(search->waiting)) {
		g_autoptr(PdfPart) part = g_queue_pop_head(search->waiting);
		PieceKind kind = piece_kind(part->bytes, part->file_name, part->is_message);

		if (kind == PIECE_OTHER)
			g_ptr_array_add(search->message->attachments, g_strdup(part->file_name));
		else if (!(kind == PIECE_PDF	     ? take_pdf(search, part, error)
			     : kind == PIECE_PICTURE ? take_picture(search, part, error)
						     : open_package(search, kind, part, error)))
			return FALSE;
	}
	add_album(search);
	return TRUE;
}

/* @files: (nullable): gets the bytes of each PDF. */
static Collected *
collect(GBytes *raw, const PecTrust *trust, gint64 at, GPtrArray *files, GError **error)
{
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(free_part);
	g_autoptr(Collected) message = NULL;
	g_auto(Search) search = {
		.waiting = g_queue_new(),
		.start = cage_time_taken(),
		.files = files,
	};
	g_auto(Pec) pec = { 0 };
	Signed region = { 0, 0 };

	pec_init(&pec);
	if (pec_is_marked(raw)) {
		cage_prepare(trust != NULL ? pec_trust_packed(trust) : NULL);
		if (!pec_check(raw, trust, at, &pec, &region, error))
			return NULL;
	}
	message = read_whole(&search, raw, &region, parts, error);
	if (message == NULL)
		return NULL;
	pec_take(&message->pec, &pec);
	search.message = message;
	push_all(&search, parts, 0);
	if (!search_all(&search, error))
		return NULL;
	if (message->message_class == MESSAGE_RETURN && message->pdfs->len == 0)
		message->message_class = message->automatic ? MESSAGE_AUTO_REPLY : MESSAGE_OTHER;
	return g_steal_pointer(&message);
}

Collected *
collect_message(GBytes *raw, const PecTrust *trust, GError **error)
{
	return collect(raw, trust, clock_now(), NULL, error);
}

Collected *
collect_message_at(GBytes *raw, const PecTrust *trust, gint64 at, GError **error)
{
	return collect(raw, trust, at, NULL, error);
}

/* Returns: (transfer none) (nullable) */
static GBytes *
find_file(const Collected *message, const GPtrArray *files, const char *sha256)
{
	for (guint i = 0; i < files->len; i++) {
		const CollectedPdf *pdf = g_ptr_array_index(message->pdfs, i);

		if (strcmp(pdf->sha256, sha256) == 0)
			return g_ptr_array_index(files, i);
	}
	return NULL;
}

static GBytes *
draw(GBytes *file, guint number, GError **error)
{
	g_autoptr(GVariant) record = cage_run(
	    TASK_PICTURE, file, &number, sizeof number, PICTURE_RECORD, &picture_limits, error);

	return record != NULL ? picture_read(record, error) : NULL;
}

GBytes *
collect_page(GBytes *raw, const PecTrust *trust, const char *sha256, guint number, GError **error)
{
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_autoptr(Collected) message = collect(raw, trust, clock_now(), files, error);
	GBytes *file = message != NULL ? find_file(message, files, sha256) : NULL;

	if (message == NULL)
		return NULL;
	if (file == NULL) {
		fail(error, PLICO_ERROR_NOT_FOUND, _("the message has no PDF %s"), sha256);
		return NULL;
	}
	return draw(file, number, error);
}

GBytes *
collect_paper_page(const PaperPage *page, GError **error)
{
	return draw(page->bytes, page->number, error);
}

GBytes *
collect_sheet(GBytes *raw, const char *unit, const char *section, const char *serial,
    FieldSet **out_fields, GError **error)
{
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_autoptr(Collected) message = collect(raw, NULL, clock_now(), files, error);

	for (guint i = 0; message != NULL && i < message->pdfs->len; i++) {
		const CollectedPdf *pdf = g_ptr_array_index(message->pdfs, i);

		if (pdf->fields == NULL ||
		    g_ascii_strcasecmp(field_set_value(pdf->fields, FIELD_UNIT), unit) != 0 ||
		    g_ascii_strcasecmp(field_set_value(pdf->fields, FIELD_SECTION), section) != 0 ||
		    strcmp(field_set_value(pdf->fields, FIELD_SERIAL), serial) != 0)
			continue;
		*out_fields = g_hash_table_ref(pdf->fields);
		return g_bytes_ref(g_ptr_array_index(files, i));
	}
	return NULL;
}

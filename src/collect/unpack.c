#include "collect/unpack.h"

#include "base/cage.h"
#include "base/error.h"
#include "collect/tasks.h"

#include <string.h>
#include <time.h>

/* whether it was opened; of each file its name, bytes, signer, whether the signature is broken; names of what is not read */
#define UNPACK_RECORD G_VARIANT_TYPE("(ba(saysb)as)")

#define PDF_HEADER_WITHIN 1024 /* where readers look for %PDF-, ISO 32000-1, annex H */
#define PICTURE_LEAST	  8192 /* bytes: no page is smaller */
#define CMS_OID_WITHIN	  32   /* behind the first length octets */
#define CMS_TEXT_WITHIN	  64   /* characters of base64 that show it */

/* --- what it is ------------------------------------------------------------------------------------------------------ */

/* The object identifier of signed data, RFC 5652, 5.1, in its DER */
static gboolean
is_der(const char *data, gsize size)
{
	static const char oid[] = { 0x06, 0x09, 0x2a, (char)0x86, 0x48, (char)0x86, (char)0xf7,
		0x0d, 0x01, 0x07, 0x02 };

	return size > 2 && data[0] == 0x30 &&
	       memmem(data, MIN(size, CMS_OID_WITHIN), oid, sizeof oid) != NULL;
}

static gboolean
is_base64_der(const char *data, gsize size)
{
	char text[CMS_TEXT_WITHIN + 1] = "";
	g_autofree guchar *decoded = NULL;
	gsize used = 0;
	gsize n;

	for (gsize i = 0; i < size && used < CMS_TEXT_WITHIN; i++)
		if (g_ascii_isalnum(data[i]) || data[i] == '+' || data[i] == '/')
			text[used++] = data[i];
		else if (!g_ascii_isspace(data[i]))
			return FALSE;
	if (used < CMS_TEXT_WITHIN)
		return FALSE;
	decoded = g_base64_decode(text, &n);
	return is_der((const char *)decoded, n);
}

static gboolean
is_cms(const char *data, gsize size)
{
	return is_der(data, size) ||
	       memmem(data, MIN(size, 1024), "-----BEGIN PKCS7-----", 21) != NULL ||
	       memmem(data, MIN(size, 1024), "-----BEGIN CMS-----", 19) != NULL ||
	       is_base64_der(data, size);
}

static gboolean
is_picture(const char *data, gsize size)
{
	static const struct {
		const char *mark;
		gsize size;
	} marks[] = { { "\xff\xd8\xff", 3 }, { "\x89PNG\r\n\x1a\n", 8 }, { "II*\0", 4 },
		{ "MM\0*", 4 } };

	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
		if (size >= PICTURE_LEAST && memcmp(data, marks[i].mark, marks[i].size) == 0)
			return TRUE;
	return FALSE;
}

PieceKind
piece_kind(GBytes *bytes, const char *name, gboolean is_message)
{
	static const char tnef[] = { 0x78, (char)0x9f, 0x3e, 0x22 };
	g_autofree char *lower = g_ascii_strdown(name, -1);
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);

	if (size < 5)
		return PIECE_OTHER;
	/* a zip and a signed file may begin with the header of the PDF that they hold: they are looked for first */
	if (memcmp(data, "PK\3\4", 4) == 0)
		return PIECE_ZIP;
	if (memcmp(data, tnef, sizeof tnef) == 0)
		return PIECE_TNEF;
	if (is_picture(data, size))
		return PIECE_PICTURE;
	if (is_cms(data, size))
		return PIECE_CMS;
	if (data[0] != 0x30 && memmem(data, MIN(size, PDF_HEADER_WITHIN), "%PDF-", 5) != NULL)
		return PIECE_PDF;
	return is_message || g_str_has_suffix(lower, ".eml") ? PIECE_MESSAGE : PIECE_OTHER;
}

void
unpack_prepare(void)
{
	/* libraries that read their settings or a clock when they are first used */
	tzset();
}

/* --- in the cage ---------------------------------------------------------------------------------------------------------- */

static void
free_part(gpointer part)
{
	pdf_part_free(part);
}

gboolean
unpack_keep(const char *name, GBytes *bytes, GPtrArray *pieces, GPtrArray *names)
{
	g_autofree char *shown = shown_line(name);

	PieceKind kind = piece_kind(bytes, shown, FALSE);

	if (kind == PIECE_OTHER || (kind == PIECE_PICTURE && pieces->len == COLLECT_PDFS_LIMIT)) {
		if (names->len < COLLECT_PARTS_LIMIT)
			g_ptr_array_add(names, g_steal_pointer(&shown));
		return TRUE;
	}
	if (pieces->len == COLLECT_PDFS_LIMIT)
		return FALSE;
	g_ptr_array_add(pieces, pdf_part_new(shown, bytes));
	return TRUE;
}

typedef struct {
	PieceKind kind;
	char name[200];
} Package;

static gboolean
open_package(const Package *task, GBytes *input, GPtrArray *pieces, GPtrArray *names)
{
	switch (task->kind) {
	case PIECE_ZIP:
		return unpack_zip(input, pieces, names);
	case PIECE_TNEF:
		return unpack_tnef(input, pieces, names);
	case PIECE_CMS:
		return unpack_cms(input, task->name, pieces);
	case PIECE_OTHER:
	case PIECE_PDF:
	case PIECE_PICTURE:
	case PIECE_MESSAGE:
		return FALSE;
	}
	g_assert_not_reached();
}

GVariant *
unpack_task(GBytes *input, gconstpointer data)
{
	g_autoptr(GPtrArray) pieces = g_ptr_array_new_with_free_func(free_part);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	gboolean opened = open_package(data, input, pieces, names);
	GVariantBuilder list;

	g_variant_builder_init(&list, G_VARIANT_TYPE("a(saysb)"));
	for (guint i = 0; opened && i < pieces->len; i++) {
		const PdfPart *piece = g_ptr_array_index(pieces, i);
		g_autofree char *signer = shown_line(piece->signer);

		g_variant_builder_add(&list, "(s@aysb)", piece->file_name,
		    g_variant_new_from_bytes(G_VARIANT_TYPE_BYTESTRING, piece->bytes, TRUE), signer,
		    piece->broken);
	}
	return g_variant_new("(ba(saysb)@as)", opened, &list,
	    g_variant_new_strv((const char *const *)names->pdata, (gssize)names->len));
}

/* --- the parent ------------------------------------------------------------------------------------------------------------- */

/* "moduli.zip/sezione 2.pdf"; a signed file is called as what it holds. Returns: (transfer full) */
static char *
name_inside(PieceKind kind, const char *package, const char *name)
{
	if (kind == PIECE_ZIP && *package != '\0')
		return g_strdup_printf("%s/%s", package, name);
	return g_strdup(*name != '\0' ? name : package);
}

static void
take_piece(GVariant *piece, PieceKind kind, const PdfPart *package, GPtrArray *pieces)
{
	g_autoptr(GVariant) content = g_variant_get_child_value(piece, 1);
	g_autoptr(GBytes) bytes = g_variant_get_data_as_bytes(content);
	g_autofree char *inside = NULL;
	g_autofree char *shown = NULL;
	const char *name, *signer;
	gboolean broken;
	PdfPart *part;

	g_variant_get(piece, "(&s@ay&sb)", &name, NULL, &signer, &broken);
	inside = name_inside(kind, package->file_name, name);
	shown = shown_line(inside);
	part = pdf_part_new(shown, bytes);
	g_free(part->signer);
	/* the innermost signature is the one that is told */
	part->signer = shown_line(*signer != '\0' ? signer : package->signer);
	part->broken = broken || package->broken;
	part->depth = package->depth + 1;
	g_ptr_array_add(pieces, part);
}

static void
take_names(GVariant *record, PieceKind kind, const PdfPart *package, GPtrArray *names)
{
	g_autoptr(GVariant) list = g_variant_get_child_value(record, 2);
	gsize n = MIN(g_variant_n_children(list), COLLECT_PARTS_LIMIT);

	for (gsize i = 0; i < n && names->len < COLLECT_PARTS_LIMIT; i++) {
		g_autofree char *inside = NULL;
		const char *name;

		g_variant_get_child(list, i, "&s", &name);
		inside = name_inside(kind, package->file_name, name);
		g_ptr_array_add(names, shown_line(inside));
	}
}

gboolean
unpack(PieceKind kind, const PdfPart *package, GPtrArray *pieces, GPtrArray *names, GError **error)
{
	static const CageLimits limits = {
		.memory = (gsize)192 << 20,
		.cpu = PIECE_CPU_LIMIT,
		.wall_ms = 8000,
		.answer = UNPACK_SIZE_LIMIT + (1 << 20),
	};
	Package task = { .kind = kind };
	g_autoptr(GVariant) record = NULL;
	g_autoptr(GVariant) list = NULL;
	g_autoptr(GError) why = NULL;
	gboolean opened;

	if (g_bytes_get_size(package->bytes) > UNPACK_PACKAGE_LIMIT)
		return FALSE;
	(void)g_strlcpy(task.name, package->file_name, sizeof task.name);
	record =
	    cage_run(TASK_UNPACK, package->bytes, &task, sizeof task, UNPACK_RECORD, &limits, &why);
	if (record == NULL) {
		if (!g_error_matches(why, PLICO_ERROR, PLICO_ERROR_INPUT))
			g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	g_variant_get_child(record, 0, "b", &opened);
	list = g_variant_get_child_value(record, 1);
	if (!opened || g_variant_n_children(list) > COLLECT_PDFS_LIMIT)
		return FALSE;
	for (gsize i = 0; i < g_variant_n_children(list); i++) {
		g_autoptr(GVariant) piece = g_variant_get_child_value(list, i);

		take_piece(piece, kind, package, pieces);
	}
	take_names(record, kind, package, names);
	return TRUE;
}

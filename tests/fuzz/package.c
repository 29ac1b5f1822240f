#include "fuzz/package.h"

#include "fuzz/fuzz.h"

typedef struct {
	gboolean opened;
	GPtrArray *pieces; /* of PdfPart */
	GPtrArray *names;
} Opened;

static void
free_part(gpointer part)
{
	pdf_part_free(part);
}

static void
opened_clear(Opened *opened)
{
	g_clear_pointer(&opened->pieces, g_ptr_array_unref);
	g_clear_pointer(&opened->names, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Opened, opened_clear)

static Opened
open_package(GBytes *bytes, PackageOpener opener)
{
	Opened opened = { .pieces = g_ptr_array_new_with_free_func(free_part),
		.names = g_ptr_array_new_with_free_func(g_free) };

	opened.opened = opener(bytes, opened.pieces, opened.names);
	return opened;
}

static void
check_limits(const Opened *opened)
{
	gsize total = 0;

	g_assert_cmpuint(opened->pieces->len, <=, COLLECT_PDFS_LIMIT);
	g_assert_cmpuint(opened->names->len, <=, COLLECT_PARTS_LIMIT);
	for (guint i = 0; i < opened->pieces->len; i++) {
		const PdfPart *piece = g_ptr_array_index(opened->pieces, i);

		g_assert_true(fuzz_is_shown(piece->file_name, SHOWN_LINE_LIMIT));
		g_assert_true(g_utf8_validate(piece->signer, -1, NULL));
		total += g_bytes_get_size(piece->bytes);
	}
	g_assert_cmpuint(total, <=, MAX(UNPACK_SIZE_LIMIT, UNPACK_PACKAGE_LIMIT));
	for (guint i = 0; i < opened->names->len; i++)
		g_assert_true(fuzz_is_shown(g_ptr_array_index(opened->names, i), SHOWN_LINE_LIMIT));
}

void
fuzz_package(const guint8 *data, gsize size, PieceKind kind, PackageOpener opener)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
	g_auto(Opened) one = { 0 };
	g_auto(Opened) other = { 0 };

	if (piece_kind(bytes, "modulo", FALSE) != kind)
		return;
	one = open_package(bytes, opener);
	other = open_package(bytes, opener);
	check_limits(&one);
	g_assert_cmpint(one.opened, ==, other.opened);
	g_assert_cmpuint(one.pieces->len, ==, other.pieces->len);
	for (guint i = 0; i < one.pieces->len; i++) {
		const PdfPart *first = g_ptr_array_index(one.pieces, i);
		const PdfPart *second = g_ptr_array_index(other.pieces, i);

		g_assert_true(g_bytes_equal(first->bytes, second->bytes));
		g_assert_cmpint(first->broken, ==, second->broken);
	}
}

/*
 * Files that may be pages of a sheet (collect/paper.h): whatever they are, they are drawn, squared by marks that may be there, and read
 * beside themselves; what the child tells is a record that its parent understands. The same bytes are also what a captured child may
 * tell: what is taken from them keeps to its limits.
 */
#include "base/cage.h"
#include "collect/paper.h"
#include "collect/record.h"
#include "collect/tasks.h"
#include "fuzz/fuzz.h"

#include <string.h>

/* Where the code is on a page that lies straight. */
static const double corners[PAPER_CORNERS] = { 1031, 68, 1136, 68, 1137, 174, 1031, 173 };

static void
check_look(GVariant *record)
{
	g_autoptr(PaperPage) page = g_new0(PaperPage, 1);
	guint count;

	page->code = g_strdup("");
	if (!paper_look_record(record, &count, page))
		return;
	g_assert_true(fuzz_is_shown(page->code, SHOWN_LINE_LIMIT));
	g_assert_true(!page->several || *page->code == '\0');
}

static void
check_read(GVariant *record)
{
	g_autoptr(PaperRead) read = paper_read_record(record);

	if (read == NULL)
		return;
	g_assert_cmpuint(read->page, <=, read->count);
	for (guint i = 0; i < read->values->len; i++) {
		const PaperValue *value = g_ptr_array_index(read->values, i);

		g_assert_true(fuzz_is_shown(value->name, PDF_VALUE_LIMIT));
		g_assert_true(fuzz_is_shown(value->value, PDF_VALUE_LIMIT));
		g_assert_true(value->certain || *value->value == '\0');
	}
}

static void
check_answers(GBytes *said)
{
	g_autoptr(GVariant) look = cage_read_answer(said, PAPER_LOOK_RECORD, NULL);
	g_autoptr(GVariant) read = cage_read_answer(said, PAPER_READ_RECORD, NULL);

	if (look != NULL)
		check_look(look);
	if (read != NULL)
		check_read(read);
}

static GBytes *
twice(GBytes *bytes)
{
	gsize size;
	const guint8 *data = g_bytes_get_data(bytes, &size);
	GByteArray *both = g_byte_array_new();

	g_byte_array_append(both, data, (guint)size);
	g_byte_array_append(both, data, (guint)size);
	return g_byte_array_free_to_bytes(both);
}

static void
run(const guint8 *data, gsize size)
{
	g_autoptr(GBytes) file = g_bytes_new_static(data, size);
	g_autoptr(GBytes) both = twice(file);
	PaperReadTask task = { .sheet = size };
	guint first = 0;
	g_autoptr(GVariant) look = g_variant_ref_sink(paper_look_task(file, &first));
	g_autoptr(GVariant) read = NULL;
	g_autoptr(GVariant) square = NULL;

	memcpy(task.corners, corners, sizeof corners);
	read = g_variant_ref_sink(paper_read_task(both, &task));
	square = g_variant_ref_sink(paper_square_task(both, &task));
	g_assert_true(g_variant_is_normal_form(look));
	g_assert_true(g_variant_is_normal_form(read));
	g_assert_true(g_variant_is_normal_form(square));
	check_look(look);
	check_read(read);
	check_answers(file);
}

const FuzzTarget fuzz_paper = { NULL, run };

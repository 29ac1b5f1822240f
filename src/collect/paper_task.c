/* In the cage: one page at a time. */
#include "collect/paper.h"
#include "collect/tasks.h"

#define TEXT_LEAST 40 /* letters of a page that is no picture */

static gboolean
has_text(PaperFile *file, guint number)
{
	g_autoptr(GArray) letters = paper_letters(file, number, FALSE);

	return letters != NULL && letters->len >= TEXT_LEAST;
}

GVariant *
paper_look_task(GBytes *input, gconstpointer data)
{
	const guint *number = data;
	g_autoptr(PaperFile) file = paper_open(input);
	g_autoptr(Grey) grey = paper_draw(file, *number, PAPER_ALL);
	g_autoptr(GPtrArray) codes = grey != NULL ? paper_codes(grey) : NULL;
	GVariantBuilder list;

	g_variant_builder_init(&list, G_VARIANT_TYPE("a(sad)"));
	for (guint i = 0; codes != NULL && i < codes->len; i++) {
		const PaperCode *code = g_ptr_array_index(codes, i);

		g_variant_builder_add(&list, "(s@ad)", code->text,
		    g_variant_new_fixed_array(
			G_VARIANT_TYPE_DOUBLE, code->corners, PAPER_CORNERS, sizeof(double)));
	}
	return g_variant_new("(ubb@a(sad))", paper_count(file), grey != NULL,
	    codes != NULL && codes->len > 0 && has_text(file, *number),
	    g_variant_builder_end(&list));
}

GVariant *
paper_read_task(GBytes *input, gconstpointer data)
{
	const PaperReadTask *task = data;
	gsize size = g_bytes_get_size(input);
	g_autoptr(GBytes) first = g_bytes_new_from_bytes(input, 0, MIN(task->sheet, size));
	g_autoptr(GBytes) second =
	    g_bytes_new_from_bytes(input, MIN(task->sheet, size), size - MIN(task->sheet, size));
	g_autoptr(PaperFile) sheet = paper_open(first);
	g_autoptr(PaperFile) file = paper_open(second);
	g_autoptr(PaperRead) read = paper_read_new();
	Spot corners[4];
	GVariantBuilder list;

	for (guint i = 0; i < G_N_ELEMENTS(corners); i++)
		corners[i] = (Spot){ task->corners[2 * i], task->corners[2 * i + 1] };
	paper_read(sheet, file, task->number, corners, read);
	g_variant_builder_init(&list, G_VARIANT_TYPE("a(sbs)"));
	for (guint i = 0; i < read->values->len; i++) {
		const PaperValue *value = g_ptr_array_index(read->values, i);

		g_variant_builder_add(&list, "(sbs)", value->name, value->certain, value->value);
	}
	return g_variant_new("(uubbb@a(sbs))", read->page, paper_count(sheet), read->ours,
	    read->drawn, read->beside, g_variant_builder_end(&list));
}

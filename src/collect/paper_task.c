/* In the cage: one page at a time. */
#include "collect/paper.h"
#include "collect/tasks.h"

#define TEXT_LEAST 40 /* letters of a page that is no picture */

static gboolean
has_text(PaperFile *file, guint number)
{
	g_autoptr(GArray) letters = paper_letters(file, number, TEXT_SEEN);

	return letters != NULL && letters->len >= TEXT_LEAST;
}

static const Spot nowhere[4] = { { 0, 0 } };

static void
put_code(GVariantBuilder *list, const char *text, const Spot corners[4])
{
	g_variant_builder_add(list, "(s@ad)", text,
	    g_variant_new_fixed_array(
		G_VARIANT_TYPE_DOUBLE, corners, PAPER_CORNERS, sizeof(double)));
}

/* What stands in letters at its foot, where no QR could be read. Returns: how many */
static guint
put_printed(PaperFile *file, guint number, GVariantBuilder *list)
{
	g_autoptr(GArray) letters = paper_letters(file, number, TEXT_HIDDEN);
	g_autoptr(GPtrArray) codes = letters != NULL ? paper_text_codes(letters) : NULL;

	for (guint i = 0; codes != NULL && i < codes->len; i++)
		put_code(list, g_ptr_array_index(codes, i), nowhere);
	return codes != NULL ? codes->len : 0;
}

static gboolean
has_marks(const Grey *grey)
{
	PaperMap map;
	guint section, page;

	return paper_map_both(grey, nowhere, &map, &section, &page) && page > 0;
}

GVariant *
paper_look_task(GBytes *input, gconstpointer data)
{
	const guint *number = data;
	g_autoptr(PaperFile) file = paper_open(input);
	g_autoptr(Grey) grey = paper_draw(file, *number, PAPER_ALL);
	g_autoptr(GPtrArray) codes = grey != NULL ? paper_codes(grey) : NULL;
	guint found = codes != NULL ? codes->len : 0;
	gboolean marked;
	GVariantBuilder list;

	g_variant_builder_init(&list, G_VARIANT_TYPE("a(sad)"));
	for (guint i = 0; i < found; i++) {
		const PaperCode *code = g_ptr_array_index(codes, i);

		put_code(&list, code->text, code->corners);
	}
	if (grey != NULL && found == 0)
		found = put_printed(file, *number, &list);
	marked = grey != NULL && found == 0 && has_marks(grey);
	return g_variant_new("(ubbb@a(sad))", paper_count(file), grey != NULL,
	    (found > 0 || marked) && has_text(file, *number), marked, g_variant_builder_end(&list));
}

/* The two files of @input, and where the code is. */
typedef struct {
	PaperFile *sheet;
	PaperFile *file;
	Spot corners[4];
} Pair;

static void
pair_clear(Pair *pair)
{
	g_clear_pointer(&pair->sheet, paper_close);
	g_clear_pointer(&pair->file, paper_close);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pair, pair_clear)

static void
open_pair(GBytes *input, const PaperReadTask *task, Pair *out)
{
	gsize size = g_bytes_get_size(input);
	gsize cut = MIN(task->sheet, size);
	g_autoptr(GBytes) first = g_bytes_new_from_bytes(input, 0, cut);
	g_autoptr(GBytes) second = g_bytes_new_from_bytes(input, cut, size - cut);

	out->sheet = paper_open(first);
	out->file = paper_open(second);
	for (guint i = 0; i < G_N_ELEMENTS(out->corners); i++)
		out->corners[i] = (Spot){ task->corners[2 * i], task->corners[2 * i + 1] };
}

GVariant *
paper_read_task(GBytes *input, gconstpointer data)
{
	const PaperReadTask *task = data;
	g_auto(Pair) pair = { NULL, NULL, { { 0, 0 } } };
	g_autoptr(PaperRead) read = paper_read_new();
	GVariantBuilder list;

	open_pair(input, task, &pair);
	paper_read(pair.sheet, pair.file, task->number, pair.corners, read);
	g_variant_builder_init(&list, G_VARIANT_TYPE("a(sbs)"));
	for (guint i = 0; i < read->values->len; i++) {
		const PaperValue *value = g_ptr_array_index(read->values, i);

		g_variant_builder_add(&list, "(sbs)", value->name, value->certain, value->value);
	}
	return g_variant_new("(uubbb@a(sbs))", read->page, paper_count(pair.sheet), read->ours,
	    read->drawn, read->beside, g_variant_builder_end(&list));
}

/* The page as if it had lain straight, PAPER_SQUARE_RESOLUTION dots an inch. */
static GBytes *
square(const Grey *grey, const PaperMap *map)
{
	const double step = 72.0 / PAPER_SQUARE_RESOLUTION;
	guchar *dots = g_malloc((gsize)PAPER_SQUARE_WIDTH * PAPER_SQUARE_HEIGHT);

	for (guint y = 0; y < PAPER_SQUARE_HEIGHT; y++)
		for (guint x = 0; x < PAPER_SQUARE_WIDTH; x++) {
			Spot spot = paper_map_place(map, (x + 0.5) * step, (y + 0.5) * step);

			dots[(gsize)y * PAPER_SQUARE_WIDTH + x] = grey_between(grey, spot);
		}
	return g_bytes_new_take(dots, (gsize)PAPER_SQUARE_WIDTH * PAPER_SQUARE_HEIGHT);
}

GVariant *
paper_square_task(GBytes *input, gconstpointer data)
{
	const PaperReadTask *task = data;
	g_auto(Pair) pair = { NULL, NULL, { { 0, 0 } } };
	g_autoptr(Grey) grey = NULL;
	g_autoptr(GBytes) dots = g_bytes_new(NULL, 0);
	g_autoptr(GPtrArray) fields = NULL;
	GVariantBuilder list;
	PaperMap map;
	guint section;
	guint page = 0;

	open_pair(input, task, &pair);
	g_variant_builder_init(&list, G_VARIANT_TYPE("a(sdddd)"));
	grey = paper_draw(pair.file, task->number, PAPER_ALL);
	if (grey != NULL && paper_map_both(grey, pair.corners, &map, &section, &page) && page > 0 &&
	    page <= paper_count(pair.sheet)) {
		g_bytes_unref(dots);
		dots = square(grey, &map);
		fields = paper_fields(pair.sheet, page - 1);
	}
	for (guint i = 0; fields != NULL && i < fields->len; i++) {
		const PaperField *field = g_ptr_array_index(fields, i);

		g_variant_builder_add(&list, "(sdddd)", field->name, field->area.x0, field->area.y0,
		    field->area.x1, field->area.y1);
	}
	return g_variant_new("(u@ay@a(sdddd))", page,
	    g_variant_new_from_bytes(G_VARIANT_TYPE_BYTESTRING, dots, TRUE),
	    g_variant_builder_end(&list));
}

/* Pages are given to the cage, and what is made of its answers. */
#include "collect/paper.h"

#include "base/cage.h"
#include "base/error.h"
#include "collect/picture.h"
#include "collect/record.h"
#include "collect/tasks.h"

#include <math.h>
#include <string.h>

#define VALUES_LIMIT 2000
#define COUNT_MOST   10000

static const CageLimits limits = {
	.memory = (gsize)150 << 20,
	.cpu = PIECE_CPU_LIMIT,
	.wall_ms = 8000,
	.answer = (gsize)4 << 20,
};

PaperPage *
paper_page_copy(const PaperPage *page)
{
	PaperPage *copy = g_memdup2(page, sizeof *page);

	g_bytes_ref(copy->bytes);
	copy->code = g_strdup(page->code);
	return copy;
}

void
paper_page_free(PaperPage *page)
{
	if (page == NULL)
		return;
	g_clear_pointer(&page->bytes, g_bytes_unref);
	g_free(page->code);
	g_free(page);
}

gboolean
paper_is_ours(const GPtrArray *pages)
{
	for (guint i = 0; pages != NULL && i < pages->len; i++) {
		const PaperPage *page = g_ptr_array_index(pages, i);

		if (*page->code != '\0' || page->several || page->marked)
			return TRUE;
	}
	return FALSE;
}

/* FALSE: the record is not in order. */
static gboolean
take_code(GVariant *code, PaperPage *page)
{
	g_autoptr(GVariant) corners = g_variant_get_child_value(code, 1);
	const double *at;
	const char *text;
	gsize n;

	g_variant_get_child(code, 0, "&s", &text);
	at = g_variant_get_fixed_array(corners, &n, sizeof(double));
	if (n != PAPER_CORNERS || strlen(text) > SHOWN_LINE_LIMIT || !g_str_is_ascii(text))
		return FALSE;
	for (gsize i = 0; i < n; i++)
		if (!isfinite(at[i]) || fabs(at[i]) > 10.0 * PAPER_SIDE)
			return FALSE;
	if (*page->code == '\0') {
		g_free(page->code);
		page->code = shown_line(text);
		memcpy(page->corners, at, sizeof page->corners);
	} else {
		page->several = page->several || strcmp(page->code, text) != 0;
	}
	return TRUE;
}

gboolean
paper_look_record(GVariant *record, guint *count, PaperPage *page)
{
	g_autoptr(GVariant) codes = g_variant_get_child_value(record, 4);
	gsize n = g_variant_n_children(codes);

	g_variant_get_child(record, 0, "u", count);
	g_variant_get_child(record, 2, "b", &page->drawn);
	g_variant_get_child(record, 3, "b", &page->marked);
	*count = MIN(*count, COUNT_MOST);
	if (n > PAPER_CODES_MOST)
		return FALSE;
	for (gsize i = 0; i < n; i++) {
		g_autoptr(GVariant) code = g_variant_get_child_value(codes, i);

		if (!take_code(code, page))
			return FALSE;
	}
	if (page->several)
		*page->code = '\0';
	return TRUE;
}

gboolean
paper_look(GBytes *bytes, guint number, guint *count, PaperPage **out, GError **error)
{
	g_autoptr(PaperPage) page = g_new0(PaperPage, 1);
	g_autoptr(GError) why = NULL;
	g_autoptr(GVariant) record = cage_run(
	    TASK_PAPER_LOOK, bytes, &number, sizeof number, PAPER_LOOK_RECORD, &limits, &why);
	gboolean drawn = FALSE;

	*out = NULL;
	*count = 0;
	if (record == NULL && !g_error_matches(why, PLICO_ERROR, PLICO_ERROR_INPUT)) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	page->bytes = g_bytes_ref(bytes);
	page->number = number;
	page->code = g_strdup("");
	if (record != NULL && paper_look_record(record, count, page))
		g_variant_get_child(record, 1, "b", &drawn);
	if (drawn)
		*out = g_steal_pointer(&page);
	return TRUE;
}

/* As a form's value would be: UTF-8 as the record is in normal form, without control characters. */
static gboolean
is_value(const char *text)
{
	for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
		if (g_unichar_iscntrl(g_utf8_get_char(at)) && *at != '\n' && *at != '\t')
			return FALSE;
	return strlen(text) <= PDF_VALUE_LIMIT;
}

PaperRead *
paper_read_record(GVariant *record)
{
	g_autoptr(PaperRead) read = paper_read_new();
	g_autoptr(GVariant) values = g_variant_get_child_value(record, 5);
	gsize n = g_variant_n_children(values);

	g_variant_get_child(record, 0, "u", &read->page);
	g_variant_get_child(record, 1, "u", &read->count);
	g_variant_get_child(record, 2, "b", &read->ours);
	g_variant_get_child(record, 3, "b", &read->drawn);
	g_variant_get_child(record, 4, "b", &read->beside);
	if (n > VALUES_LIMIT || read->page > read->count)
		return NULL;
	for (gsize i = 0; i < n; i++) {
		const char *name, *value;
		gboolean certain;

		g_variant_get_child(values, i, "(&sb&s)", &name, &certain, &value);
		if (!is_value(name) || !is_value(value))
			return NULL;
		paper_read_add(read, name, certain, value);
	}
	return g_steal_pointer(&read);
}

/* --- a sheet ------------------------------------------------------------------------------------------------------------------------ */

void
paper_sheet_free(PaperSheet *sheet)
{
	if (sheet == NULL)
		return;
	g_clear_pointer(&sheet->values, g_hash_table_unref);
	g_clear_pointer(&sheet->uncertain, g_hash_table_unref);
	g_clear_pointer(&sheet->pages, g_hash_table_unref);
	g_free(sheet);
}

static GBytes *
join(GBytes *first, GBytes *second)
{
	GByteArray *both = g_byte_array_new();

	for (GBytes *const *part = (GBytes *const[]){ first, second, NULL }; *part != NULL;
	     part++) {
		gsize size;
		const guchar *data = g_bytes_get_data(*part, &size);

		g_byte_array_append(both, data, (guint)size);
	}
	return g_byte_array_free_to_bytes(both);
}

/* Has @page done by the task @number beside @sheet. Returns: (transfer full) (nullable): NULL where the child died, or on @error */
static GVariant *
run_pair(
    guint number, GBytes *sheet, const PaperPage *page, const GVariantType *type, GError **error)
{
	g_autoptr(GBytes) both = join(sheet, page->bytes);
	g_autoptr(GError) why = NULL;
	GVariant *record;
	PaperReadTask task = { .sheet = g_bytes_get_size(sheet), .number = page->number };

	memcpy(task.corners, page->corners, sizeof task.corners);
	record = cage_run(number, both, &task, sizeof task, type, &limits, &why);
	if (record == NULL && !g_error_matches(why, PLICO_ERROR, PLICO_ERROR_INPUT))
		g_propagate_error(error, g_steal_pointer(&why));
	return record;
}

/* Returns: (transfer full) (nullable): NULL where it could not be read, or on @error */
static PaperRead *
read_page(GBytes *sheet, const PaperPage *page, GError **error)
{
	g_autoptr(GVariant) record =
	    run_pair(TASK_PAPER_READ, sheet, page, PAPER_READ_RECORD, error);

	return record != NULL ? paper_read_record(record) : NULL;
}

/* Of a page that is there twice neither counts. */
static void
take_page(const PaperRead *read, PaperSheet *out)
{
	gboolean twice = g_hash_table_contains(out->pages, GUINT_TO_POINTER(read->page));

	if (!read->ours || read->page == 0 || twice)
		out->strange++;
	if (!read->ours || read->page == 0)
		return;
	out->count = read->count;
	g_hash_table_add(out->pages, GUINT_TO_POINTER(read->page));
	out->drawn = out->drawn && read->drawn;
	out->beside = out->beside || read->beside;
	for (guint i = 0; i < read->values->len; i++) {
		const PaperValue *value = g_ptr_array_index(read->values, i);

		if (value->certain && !field_set_has(out->values, value->name) &&
		    !g_hash_table_contains(out->uncertain, value->name)) {
			field_set_put(out->values, value->name, value->value);
			continue;
		}
		g_hash_table_remove(out->values, value->name);
		g_hash_table_add(out->uncertain, g_strdup(value->name));
	}
}

PaperSheet *
collect_paper(GBytes *sheet, const GPtrArray *pages, GError **error)
{
	g_autoptr(PaperSheet) out = g_new0(PaperSheet, 1);
	guint64 start = cage_time_taken();

	out->values = field_set_new();
	out->uncertain = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	out->pages = g_hash_table_new(NULL, NULL);
	out->drawn = TRUE;
	for (guint i = 0; i < pages->len; i++) {
		const PaperPage *page = g_ptr_array_index(pages, i);
		gboolean late = cage_time_taken() - start > PAPER_CPU_LIMIT;
		g_autoptr(GError) why = NULL;
		g_autoptr(PaperRead) read =
		    late || *page->code == '\0' ? NULL : read_page(sheet, page, &why);

		if (why != NULL) {
			g_propagate_error(error, g_steal_pointer(&why));
			return NULL;
		}
		if (read != NULL)
			take_page(read, out);
		else
			out->strange++;
	}
	return g_steal_pointer(&out);
}

/* --- for a person ------------------------------------------------------------------------------------------------------------------ */

void
paper_square_free(PaperSquare *square)
{
	if (square == NULL)
		return;
	g_clear_pointer(&square->png, g_bytes_unref);
	g_clear_pointer(&square->places, g_ptr_array_unref);
	g_free(square);
}

static void
place_free(gpointer data)
{
	PaperPlace *place = data;

	g_free(place->name);
	g_free(place);
}

/* FALSE: the record is not in order. */
static gboolean
take_places(GVariant *list, PaperSquare *out)
{
	gsize n = g_variant_n_children(list);

	if (n > VALUES_LIMIT)
		return FALSE;
	for (gsize i = 0; i < n; i++) {
		PaperPlace *place = g_new0(PaperPlace, 1);
		const char *name;

		g_ptr_array_add(out->places, place);
		g_variant_get_child(list, i, "(&sdddd)", &name, &place->left, &place->top,
		    &place->right, &place->bottom);
		place->name = shown_line(name);
		if (!(place->left >= 0 && place->top >= 0 && place->right <= PAPER_WIDTH &&
			place->bottom <= PAPER_HEIGHT))
			return FALSE;
	}
	return TRUE;
}

static gboolean
take_square(GVariant *record, PaperSquare *out)
{
	g_autoptr(GVariant) content = g_variant_get_child_value(record, 1);
	g_autoptr(GVariant) places = g_variant_get_child_value(record, 2);
	const guchar *dots;
	gsize size;

	g_variant_get_child(record, 0, "u", &out->page);
	dots = g_variant_get_fixed_array(content, &size, 1);
	if (out->page == 0 || out->page > COUNT_MOST ||
	    size != (gsize)PAPER_SQUARE_WIDTH * PAPER_SQUARE_HEIGHT || !take_places(places, out))
		return FALSE;
	out->scale = PAPER_SQUARE_RESOLUTION / 72.0;
	out->png = picture_of_grey(PAPER_SQUARE_WIDTH, PAPER_SQUARE_HEIGHT, dots);
	return TRUE;
}

PaperSquare *
collect_paper_square(GBytes *sheet, const PaperPage *page, GError **error)
{
	g_autoptr(PaperSquare) square = g_new0(PaperSquare, 1);
	g_autoptr(GError) why = NULL;
	g_autoptr(GVariant) record = NULL;

	square->places = g_ptr_array_new_with_free_func(place_free);
	if (*page->code != '\0')
		record = run_pair(TASK_PAPER_SQUARE, sheet, page, PAPER_SQUARE_RECORD, &why);
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	if (record == NULL || !take_square(record, square)) {
		square->page = 0;
		g_ptr_array_set_size(square->places, 0);
	}
	return g_steal_pointer(&square);
}

/* The memory of a foreign document: what is taken stays whole, and no more is given than may be. */
#include "collect/heap.h"

#include <string.h>

#define PIECES 2000
#define LIMIT  ((gsize)8 << 20)

typedef struct {
	guint8 *memory;
	gsize size;
	guint8 mark;
} Piece;

static void
check_piece(const Piece *piece)
{
	g_assert_cmpuint((gsize)piece->memory % 16, ==, 0);
	for (gsize i = 0; i < piece->size; i++)
		g_assert_cmpuint(piece->memory[i], ==, piece->mark);
}

/* Takes, resizes or drops @piece. */
static void
change(Heap *heap, Piece *piece, guint8 mark)
{
	gsize size =
	    (gsize)g_test_rand_int_range(0, g_test_rand_int_range(0, 8) == 0 ? 40000 : 600);

	if (piece->memory != NULL && g_test_rand_int_range(0, 2) == 0) {
		heap_drop(heap, piece->memory);
		piece->memory = NULL;
		piece->size = 0;
		return;
	}
	piece->memory = heap_resize(heap, piece->memory, size);
	g_assert_nonnull(piece->memory);
	for (gsize i = 0; i < MIN(size, piece->size); i++)
		g_assert_cmpuint(piece->memory[i], ==, piece->mark);
	memset(piece->memory, mark, size);
	piece->size = size;
	piece->mark = mark;
}

static void
test_whole(void)
{
	g_autoptr(Heap) heap = heap_new((gsize)64 << 20);
	g_autofree Piece *pieces = g_new0(Piece, PIECES);

	for (guint i = 0; i < 20 * PIECES; i++)
		change(heap, &pieces[g_test_rand_int_range(0, PIECES)], (guint8)i);
	for (guint i = 0; i < PIECES; i++)
		check_piece(&pieces[i]);
	g_assert_false(heap_is_exhausted(heap));
}

static void
test_limit(gconstpointer data)
{
	gsize size = GPOINTER_TO_SIZE(data);
	g_autoptr(Heap) heap = heap_new(LIMIT);
	gsize taken = 0;
	void *last = NULL;
	void *memory;

	while ((memory = heap_take(heap, size)) != NULL) {
		taken += size;
		last = memory;
	}
	g_assert_cmpuint(taken, ==, LIMIT / size * size);
	g_assert_true(heap_is_exhausted(heap));
	heap_drop(heap, last);
	last = heap_take(heap, size);
	g_assert_nonnull(last);
	g_assert_null(heap_resize(heap, last, size + LIMIT));
	heap_drop(heap, last);
}

static void
test_absurd(void)
{
	g_autoptr(Heap) heap = heap_new(LIMIT);

	g_assert_null(heap_take(heap, G_MAXSIZE));
	g_assert_null(heap_resize(heap, NULL, G_MAXSIZE - 8));
	g_assert_nonnull(heap_take(heap, 0));
	heap_drop(heap, NULL);
}

static gsize
distance(gconstpointer a, gconstpointer b)
{
	return MAX((gsize)a, (gsize)b) - MIN((gsize)a, (gsize)b);
}

static void
test_parts(void)
{
	g_autoptr(Heap) heap = heap_new(1 << 20);
	gpointer before = heap_take(heap, 24);
	gpointer dropped = heap_take(heap, 24);
	gpointer behind;

	if (distance(before, dropped) > 64) {
		g_test_skip("here each piece is apart");
		return;
	}
	heap_drop(heap, dropped);
	heap_part(heap);
	behind = heap_take(heap, 24);
	g_assert_cmpuint(distance(before, behind), >, 4096);
	g_assert_cmpuint(distance(heap_take(heap, 24), behind), <=, 64);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/heap/what is taken stays whole", test_whole);
	g_test_add_data_func("/heap/small pieces count", GSIZE_TO_POINTER(24), test_limit);
	g_test_add_data_func("/heap/large ones too", GSIZE_TO_POINTER(100000), test_limit);
	g_test_add_func("/heap/absurd sizes are refused", test_absurd);
	g_test_add_func("/heap/parts share no memory", test_parts);
	return g_test_run();
}

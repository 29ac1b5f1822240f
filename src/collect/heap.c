#include "collect/heap.h"

#include <stdlib.h>
#include <string.h>

#define STEP 16 /* sizes of small blocks, and the alignment of all */
#if defined(__SANITIZE_ADDRESS__) || defined(__clang__)
#define SMALL 0 /* each apart, and none used again, so that what looks for overruns finds them */
#define SPARE 0
#else
#define SMALL 512
#define SPARE 8192 /* for each object in a stream mupdf takes 4 KB, and drops them */
#endif
#define SLAB ((gsize)64 << 10) /* that small blocks are cut from */

/* Before each block's memory; of small ones there is only the size. */
typedef struct Large Large;
struct Large {
	Large *next;
	Large **link; /* what points to it */
	gsize keeps_alignment;
	gsize size;
};

struct Heap {
	gsize limit;
	gsize used;
	gboolean exhausted;
	Large *blocks; /* all large ones, slabs too */
	Large *spare;  /* the last of them that was dropped, for the next of its size */
	guint8 *room;  /* of the present slab */
	gsize left;
	gpointer
	    free[SMALL / STEP + 1]; /* small blocks by steps: each begins with where the next is */
};

Heap *
heap_new(gsize limit)
{
	Heap *heap = g_new0(Heap, 1);

	heap->limit = limit;
	return heap;
}

void
heap_free(Heap *heap)
{
	while (heap->blocks != NULL) {
		Large *block = heap->blocks;

		heap->blocks = block->next;
		free(block);
	}
	g_free(heap);
}

void
heap_part(Heap *heap)
{
	memset(heap->free, 0, sizeof heap->free);
	heap->left = 0;
	heap->spare = NULL;
}

gboolean
heap_is_exhausted(const Heap *heap)
{
	return heap->exhausted;
}

static gsize
size_of(void *memory)
{
	return ((gsize *)memory)[-1];
}

static gsize
steps_of(gsize size)
{
	return (size + STEP - 1) / STEP;
}

static void *
take_large(Heap *heap, gsize size)
{
	Large *block = heap->spare;

	if (block != NULL && block->size == size) {
		heap->spare = NULL;
		return block + 1;
	}
	block = malloc(sizeof *block + size);
	if (block == NULL)
		return NULL;
	block->size = size;
	block->next = heap->blocks;
	block->link = &heap->blocks;
	if (block->next != NULL)
		block->next->link = &block->next;
	heap->blocks = block;
	return block + 1;
}

static void
drop_large(Heap *heap, void *memory)
{
	Large *block = (Large *)memory - 1;

	if (block->size <= SPARE) {
		Large *before = heap->spare;

		heap->spare = block;
		block = before;
	}
	if (block == NULL)
		return;
	*block->link = block->next;
	if (block->next != NULL)
		block->next->link = block->link;
	free(block);
}

static void *
take_small(Heap *heap, gsize size)
{
	gsize steps = steps_of(size);
	gsize *memory = heap->free[steps];

	if (memory != NULL) {
		heap->free[steps] = *(gpointer *)memory;
	} else {
		if (heap->left < (steps + 1) * STEP) {
			heap->room = take_large(heap, SLAB);
			heap->left = heap->room != NULL ? SLAB : 0;
		}
		if (heap->left == 0)
			return NULL;
		memory = (gsize *)(gpointer)(heap->room + STEP);
		heap->room += (steps + 1) * STEP;
		heap->left -= (steps + 1) * STEP;
	}
	memory[-1] = size;
	return memory;
}

void *
heap_take(void *opaque, size_t size)
{
	Heap *heap = opaque;
	void *memory = NULL;

	size = MAX(size, 1);
	if (size <= heap->limit - heap->used)
		memory = size <= SMALL ? take_small(heap, size) : take_large(heap, size);
	if (memory == NULL)
		heap->exhausted = TRUE;
	else
		heap->used += size;
	return memory;
}

void
heap_drop(void *opaque, void *memory)
{
	Heap *heap = opaque;
	gsize size = memory != NULL ? size_of(memory) : 0;

	heap->used -= size;
	if (size > SMALL) {
		drop_large(heap, memory);
	} else if (memory != NULL) {
		*(gpointer *)memory = heap->free[steps_of(size)];
		heap->free[steps_of(size)] = memory;
	}
}

/* In its place where there is room: mupdf's largest are buffers that grow. */
static void *
resize_large(Heap *heap, void *old, gsize size)
{
	Large *block = (Large *)old - 1;
	gsize had = block->size;

	block = realloc(block, sizeof *block + size);
	if (block == NULL)
		return NULL;
	block->size = size;
	*block->link = block;
	if (block->next != NULL)
		block->next->link = &block->next;
	heap->used += size - had;
	return block + 1;
}

void *
heap_resize(void *opaque, void *old, size_t size)
{
	Heap *heap = opaque;
	gsize had = old != NULL ? size_of(old) : 0;
	void *memory;

	if (had <= SMALL || size <= SMALL) {
		memory = heap_take(heap, size);
		if (memory != NULL && old != NULL) {
			memcpy(memory, old, MIN(had, size));
			heap_drop(heap, old);
		}
		return memory;
	}
	memory = size <= had || size - had <= heap->limit - heap->used
		     ? resize_large(heap, old, size)
		     : NULL;
	heap->exhausted = heap->exhausted || memory == NULL;
	return memory;
}

/*
 * The memory of one foreign document: limited, and given back as a whole, so that nothing needs to be taken apart. Small pieces are
 * cut from larger ones and used again by their size. Private to collect/.
 */
#ifndef PLICO_COLLECT_HEAP_H
#define PLICO_COLLECT_HEAP_H

#include <glib.h>

typedef struct Heap Heap;

/* @limit: bytes in use at any time. Returns: (transfer full) */
Heap *heap_new(gsize limit);
/* With all that was taken from it. */
void heap_free(Heap *heap);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Heap, heap_free)

/* What is taken from now on shares no slab with what was: before a fork, after which the one is written to and the other is not. */
void heap_part(Heap *heap);

/* Whether it was asked for more than the limit, or than the system has. */
gboolean heap_is_exhausted(const Heap *heap);

/* As malloc(), realloc() and free() with @heap, a Heap, in front; NULL where it is exhausted, never for 0 bytes. */
void *heap_take(void *heap, size_t size);
void *heap_resize(void *heap, void *old, size_t size);
void heap_drop(void *heap, void *memory);

#endif

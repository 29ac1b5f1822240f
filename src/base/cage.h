/*
 * The cage: hostile input is read by a child that can only compute and write its answer to one pipe.
 * It has no files, no network, no other system calls (seccomp, Landlock where the kernel has it), little
 * memory and little time. What comes back is a GVariant of a fixed type, checked again by the parent as if
 * the child were captured.
 *
 * Each input has a child of its own. The children are forked by a keeper (cage_keeper.h), this program started anew: it is small,
 * so that a fork is cheap however much memory its user has; and neither it nor any child ever held a key or an open database.
 */
#ifndef PLICO_BASE_CAGE_H
#define PLICO_BASE_CAGE_H

#include <glib.h>

#define CAGE_DATA_LIMIT 256 /* bytes of data that go to a task beside its input */

/* Runs in the child: reads @input, returns a floating GVariant of the agreed type. @data: a copy of what was given to
 * cage_run(), without anything that it points to: the child shares no memory with its user. It may allocate, no more: whatever it
 * needs of libraries (iconv tables, contexts) must have been opened by cage_prepare(). A function of this program, not of a
 * library. */
typedef GVariant *(*CageTask)(GBytes *input, gconstpointer data);

typedef struct {
	gsize memory;  /* bytes of address space beyond what the keeper has: RLIMIT_AS */
	guint cpu;     /* seconds of processor time: RLIMIT_CPU */
	guint wall_ms; /* milliseconds until SIGKILL */
	gsize answer;  /* largest answer in bytes */
} CageLimits;

/* facts: 192 MiB, 5 s, 8 s; an answer may carry the PDFs of one message. */
extern const CageLimits cage_limits_default;

/* What each keeper opens for all its children, before it gives up its files; a function of this program. @data: (nullable) as it was
 * given to cage_prepare(), a copy. */
typedef void (*CagePrepare)(GBytes *data);

/* From now on inputs are read by children of keepers that were prepared so; those that were not are dismissed. Cheap where it was
 * called with the same function and the same @data (nullable) before. */
void cage_prepare(CagePrepare prepare, GBytes *data);

/* Runs @task on @input in a cage of its own, with a copy of the @size bytes (at most CAGE_DATA_LIMIT) of @data. May be called from
 * several threads: each runs beside the others.
 * Returns: (transfer full): a GVariant of @type in normal form; NULL with PLICO_ERROR_INPUT when the child died,
 * was stopped by a limit or answered something else (the input's fault: quarantine it), or with another code
 * when the cage could not be built (ours: stop). */
GVariant *cage_run(CageTask task, GBytes *input, gconstpointer data, gsize size,
    const GVariantType *type, const CageLimits *limits, GError **error);

/* The processor time that all children of this thread's cage_run() have taken so far, in milliseconds: for limits of several
 * inputs together. */
guint64 cage_time_taken(void);

/* The part of it that believes nothing: the bytes that a child @said as a GVariant of @type in normal form.
 * Returns: (transfer full), NULL with PLICO_ERROR_INPUT */
GVariant *cage_read_answer(GBytes *said, const GVariantType *type, GError **error);

/* Ends the keepers that wait for work; the next cage_run() starts one. For who counts its files and children. */
void cage_dismiss(void);

#endif

/*
 * The cage: hostile input is read by a child that can only compute and write its answer to one pipe.
 * It has no files, no network, no other system calls (seccomp, Landlock where the kernel has it), little
 * memory and little time. What comes back is a GVariant of a fixed type, checked again by the parent as if
 * the child were captured.
 *
 * Each input has a child of its own. The children are forked by a keeper (cage_keeper.h), which is a program of its own,
 * plico-reader: it is small, so that a fork is cheap however much memory its user has; it is linked with what readers need and
 * no more; and neither it nor any child ever held a key or an open database.
 */
#ifndef PLICO_BASE_CAGE_H
#define PLICO_BASE_CAGE_H

#include <glib.h>

#define CAGE_DATA_LIMIT 256 /* bytes of data that go to a task beside its input */

typedef struct {
	gsize memory;  /* bytes of address space beyond what the keeper has: RLIMIT_AS */
	guint cpu;     /* seconds of processor time: RLIMIT_CPU */
	guint wall_ms; /* milliseconds until SIGKILL */
	gsize answer;  /* largest answer in bytes */
} CageLimits;

/* facts: 192 MiB, 5 s, 8 s; an answer may carry the PDFs of one message. */
extern const CageLimits cage_limits_default;

/* From now on inputs are read by children of keepers that were prepared with a copy of @data (nullable); those that were not are
 * dismissed. Cheap where it was called with the same @data before. */
void cage_prepare(GBytes *data);

/* Runs the @task of this number (in the table of the program of readers) on @input in a cage of its own, with a copy of the @size bytes (at most CAGE_DATA_LIMIT) of @data. May be called from
 * several threads: each runs beside the others.
 * Returns: (transfer full): a GVariant of @type in normal form; NULL with PLICO_ERROR_INPUT when the child died,
 * was stopped by a limit or answered something else (the input's fault: quarantine it), or with another code
 * when the cage could not be built, or plico-reader is missing or of another version (ours: stop). */
GVariant *cage_run(guint task, GBytes *input, gconstpointer data, gsize size,
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

/*
 * The cage: hostile input is read by a child that can only compute and write its answer to one pipe.
 * It has no files, no network, no other system calls (seccomp, Landlock where the kernel has it), little
 * memory and little time. What comes back is a GVariant of a fixed type, checked again by the parent as if
 * the child were captured.
 */
#ifndef PLICO_BASE_CAGE_H
#define PLICO_BASE_CAGE_H

#include <glib.h>

/* Runs in the child: reads @input, returns a floating GVariant of the agreed type. It may allocate, no more:
 * whatever it needs of libraries (iconv tables, contexts) must have been opened before. */
typedef GVariant *(*CageTask)(GBytes *input, gpointer data);

typedef struct {
	gsize memory;  /* bytes of address space beyond what the parent has: RLIMIT_AS */
	guint cpu;     /* seconds of processor time: RLIMIT_CPU */
	guint wall_ms; /* milliseconds until SIGKILL */
	gsize answer;  /* largest answer in bytes */
} CageLimits;

/* facts: 192 MiB, 5 s, 8 s; an answer may carry the PDFs of one message. */
extern const CageLimits cage_limits_default;

/* Runs @task on @input in a cage of its own.
 * Returns: (transfer full): a GVariant of @type in normal form; NULL with PLICO_ERROR_INPUT when the child died,
 * was stopped by a limit or answered something else (the input's fault: quarantine it), or with another code
 * when the cage could not be built (ours: stop). */
GVariant *cage_run(CageTask task, GBytes *input, gpointer data, const GVariantType *type,
    const CageLimits *limits, GError **error);

/* The part of it that believes nothing: the bytes that a child @said as a GVariant of @type in normal form.
 * Returns: (transfer full), NULL with PLICO_ERROR_INPUT */
GVariant *cage_read_answer(GBytes *said, const GVariantType *type, GError **error);

#endif

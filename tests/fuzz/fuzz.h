/*
 * What reads bytes from outside, one target each. A target aborts where a promise of the reader is broken; a wrong input is
 * no such thing. libFuzzer invents the bytes (engine.c, `make fuzz`); `make check` gives every target the inputs that are kept
 * (test_seeds.c).
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <glib.h>

typedef struct {
	/* (nullable) once, before the first input */
	void (*prepare)(void);
	void (*run)(const guint8 *data, gsize size);
} FuzzTarget;

#define X(name) extern const FuzzTarget fuzz_##name;
#include "fuzz/targets.def"
#undef X

/* A folder for readers that want files, in memory where the system has such; gone when the program ends.
 * Returns: (transfer none) */
const char *fuzz_folder(void);

/* fuzz_folder()/@name holds exactly these bytes then. Returns: (transfer full): its path */
char *fuzz_file(const char *name, const guint8 *data, gsize size);

/* The bytes as a text, which ends at the first NUL. Returns: (transfer full) */
char *fuzz_text(const guint8 *data, gsize size);

/* Whether @text is what may be shown to a person: UTF-8 of at most @limit characters, no control characters but \n and \t. */
gboolean fuzz_is_shown(const char *text, gsize limit);

#endif

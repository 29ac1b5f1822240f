/*
 * The archive: every received message and every sent document, by SHA-256, write-once
 * (archive/ab/cdef...). Raw is sacred: what is derived from it can be made anew.
 */
#ifndef PLICO_BASE_ARCHIVE_H
#define PLICO_BASE_ARCHIVE_H

#include <glib.h>

/* Keeps @bytes for good: when it returns TRUE they are on stable storage and were read back equal.
 * Keeping the same bytes twice is no error and heals a torn copy. @directory: of the archive, there.
 * @out_sha256: (out) (transfer full): 64 lower-case hexadecimal digits, the name. */
gboolean archive_put(const char *directory, GBytes *bytes, char **out_sha256, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same for several at once, which is much cheaper than one by one. @out_sums: gets the name of each of @all (of GBytes), in order;
 * (transfer full) */
gboolean archive_put_all(const char *directory, const GPtrArray *all, GPtrArray *out_sums,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many bytes are kept by the name @sha256; 0 where there are none. */
gsize archive_size(const char *directory, const char *sha256);

/* The bytes named @sha256; an altered file is an error. Returns: (transfer full) */
GBytes *archive_open(const char *directory, const char *sha256, GError **error);

#endif

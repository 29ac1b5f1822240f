/*
 * Files that must survive a power cut: write, fsync, rename, fsync of the directory. A failed fsync is
 * never retried: the caller reports it and the process ends.
 */
#ifndef PLICO_BASE_DURABLE_H
#define PLICO_BASE_DURABLE_H

#include <glib.h>

typedef int Fd; /* closes itself: g_auto(Fd) fd = -1; */
void fd_close(Fd *fd);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fd, fd_close)

/* Writes all of @size bytes to @fd, through short writes and EINTR. */
gboolean durable_write_all(int fd, const void *data, gsize size, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Makes @path hold exactly @bytes with permission bits @mode: whole or not at all, and for good. */
gboolean durable_replace(const char *path, GBytes *bytes, guint mode, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same for several files, and cheaper than one by one: two flushes of the file system on which they all lie. Each is
 * whole or not there; where it fails, some may be there. */
typedef struct {
	char *path;
	GBytes *bytes;
} DurableFile;
void durable_file_free(DurableFile *file);
/* @files: of DurableFile, all below @directory. */
gboolean durable_replace_all(const char *directory, const GPtrArray *files, guint mode,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes the names in the directory @path last, after a rename by the caller. */
gboolean durable_sync_directory(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* mkdir -p with fsync of each parent that changed. */
gboolean durable_mkdir(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes the file @path this process's own until @lock is closed or the process dies, however it dies.
 * PLICO_ERROR_TRY_AGAIN where another process has it. */
gboolean durable_lock(const char *path, Fd *lock, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The contents of @path, at most @limit bytes: a larger file is an error, not a long wait.
 * Returns: (transfer full) */
GBytes *durable_read(const char *path, gsize limit, GError **error);
/* The same of what is open, called @name in errors: a pipe, standard input. @fd stays open. */
GBytes *durable_read_open(int fd, const char *name, gsize limit, GError **error);

#endif

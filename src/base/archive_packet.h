/*
 * Sent messages in the archive, one file each beside the templates that they share: archive/ab/cdef....sent for the
 * message whose SHA-256 is abcdef.... It holds all that is the message's own, compressed and sealed by the keyring, since a
 * letter shows an access code; and the hashes of the stems, which are kept once as they are. Putting it together again gives
 * the exact bytes, and their hash is compared.
 */
#ifndef PLICO_BASE_ARCHIVE_PACKET_H
#define PLICO_BASE_ARCHIVE_PACKET_H

#include "base/keyring.h"
#include "base/packet.h"

/* Collects messages and keeps them together: what makes a write last costs much more than the write. */
typedef struct ArchiveBatch ArchiveBatch;

/* @directory: of the archive, there. @keyring must outlive it. Returns: (transfer full) */
ArchiveBatch *archive_batch_new(const char *directory, const Keyring *keyring);
void archive_batch_free(ArchiveBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ArchiveBatch, archive_batch_free)

/* @sha256: of packet_join(@packet). Its stems are kept at once. */
gboolean archive_batch_add(ArchiveBatch *batch, const Packet *packet, const char *sha256,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All that was added is on stable storage when it returns TRUE; the batch is empty then. */
gboolean archive_batch_commit(ArchiveBatch *batch, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The exact bytes of the sent message. PLICO_ERROR_NOT_FOUND where none of this hash was kept; an altered file or stem is
 * an error. @stems: (nullable): of archive_stems_new(), for whoever opens many. Returns: (transfer full) */
GBytes *archive_open_sent(const char *directory, const Keyring *keyring, const char *sha256,
    GHashTable *stems, GError **error);

/* Remembers the SHA-256 of each stem that was needed, and the bytes of some. Returns: (transfer full) */
GHashTable *archive_stems_new(void);

#endif

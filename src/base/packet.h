/*
 * A message in the parts that it was made of: bytes of its own, and files of which the beginning is a stem that other
 * messages have too. So it is put together fast, and kept small (archive.h).
 */
#ifndef PLICO_BASE_PACKET_H
#define PLICO_BASE_PACKET_H

#include "base/stem.h"

typedef struct {
	Stem *stem; /* (nullable): stands before @bytes */
	GBytes *bytes;
	gboolean encoded; /* both as base64 lines (stem_encode()) */
} PacketPart;

typedef GPtrArray Packet; /* of PacketPart */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Packet, g_ptr_array_unref)

Packet *packet_new(void);
/* Bytes as they are. */
void packet_add(Packet *packet, GBytes *bytes);
/* A file in base64. @stem: (nullable). */
void packet_add_encoded(Packet *packet, Stem *stem, GBytes *bytes);

/* Bytes of the message. */
gsize packet_size(const Packet *packet);
/* The message. Returns: (transfer full) */
GBytes *packet_join(const Packet *packet);

#endif

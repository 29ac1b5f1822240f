#include "base/packet.h"

static void
part_free(gpointer data)
{
	PacketPart *part = data;

	stem_unref(part->stem);
	g_bytes_unref(part->bytes);
	g_free(part);
}

Packet *
packet_new(void)
{
	return g_ptr_array_new_with_free_func(part_free);
}

static void
add(Packet *packet, Stem *stem, GBytes *bytes, gboolean encoded)
{
	PacketPart *part = g_new0(PacketPart, 1);

	part->stem = stem != NULL ? stem_ref(stem) : NULL;
	part->bytes = g_bytes_ref(bytes);
	part->encoded = encoded;
	g_ptr_array_add(packet, part);
}

void
packet_add(Packet *packet, GBytes *bytes)
{
	add(packet, NULL, bytes, FALSE);
}

void
packet_add_encoded(Packet *packet, Stem *stem, GBytes *bytes)
{
	add(packet, stem, bytes, TRUE);
}

gsize
packet_size(const Packet *packet)
{
	gsize size = 0;

	for (guint i = 0; i < packet->len; i++) {
		const PacketPart *part = g_ptr_array_index(packet, i);
		gsize raw = g_bytes_get_size(part->bytes) +
			    (part->stem != NULL ? g_bytes_get_size(part->stem->bytes) : 0);

		/* RFC 2045, 6.8: four characters for three bytes, lines of 76 and their ends */
		size += part->encoded ? (raw + 2) / 3 * 4 + (raw + 56) / 57 * 2 : raw;
	}
	return size;
}

GBytes *
packet_join(const Packet *packet)
{
	g_autoptr(GByteArray) out = g_byte_array_sized_new((guint)packet_size(packet));

	for (guint i = 0; i < packet->len; i++) {
		const PacketPart *part = g_ptr_array_index(packet, i);

		if (part->encoded)
			stem_encode(part->stem, part->bytes, out);
		else
			g_byte_array_append(out, g_bytes_get_data(part->bytes, NULL),
			    (guint)g_bytes_get_size(part->bytes));
	}
	return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}

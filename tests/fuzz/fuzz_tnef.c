/* winmail.dat, in which Outlook sends sheets (collect/unpack.h). */
#include "fuzz/fuzz.h"
#include "fuzz/package.h"

static void
run(const guint8 *data, gsize size)
{
	fuzz_package(data, size, PIECE_TNEF, unpack_tnef);
}

const FuzzTarget fuzz_tnef = { NULL, run };

/* Zip files that sheets come in (collect/unpack.h). */
#include "fuzz/fuzz.h"
#include "fuzz/package.h"

static void
run(const guint8 *data, gsize size)
{
	fuzz_package(data, size, PIECE_ZIP, unpack_zip);
}

const FuzzTarget fuzz_zip = { NULL, run };

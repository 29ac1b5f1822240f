/* Signed files, DER, BER, PEM and base64 (collect/unpack.h). */
#include "fuzz/fuzz.h"
#include "fuzz/package.h"

static gboolean
open_p7m(GBytes *bytes, GPtrArray *pieces, GPtrArray *names)
{
	(void)names;
	return unpack_cms(bytes, "modulo.pdf.p7m", pieces);
}

static void
run(const guint8 *data, gsize size)
{
	fuzz_package(data, size, PIECE_CMS, open_p7m);
}

const FuzzTarget fuzz_p7m = { NULL, run };

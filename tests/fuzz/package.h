/* What every opener of packages promises (collect/unpack.h). */
#ifndef TESTS_FUZZ_PACKAGE_H
#define TESTS_FUZZ_PACKAGE_H

#include "collect/unpack.h"

typedef gboolean (*PackageOpener)(GBytes *bytes, GPtrArray *pieces, GPtrArray *names);

/* Opens @data twice, if its content says that it is of @kind: the same comes out, within the limits, and every name may be shown. */
void fuzz_package(const guint8 *data, gsize size, PieceKind kind, PackageOpener opener);

#endif

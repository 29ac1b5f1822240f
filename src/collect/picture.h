/* A page as a picture: the task for the cage, and what the parent makes of its answer. Private to collect/. */
#ifndef PLICO_COLLECT_PICTURE_H
#define PLICO_COLLECT_PICTURE_H

#include "base/cage.h"
#include "collect/record.h"

#define PICTURE_SIDE 2000 /* pixels, at most */
#define PICTURE_RECORD                                                                             \
	G_VARIANT_TYPE("(uusay)") /* width, height, or else why not; pixels, three bytes each */

/* Less than for mail: a page that takes longer is not for a viewer either. */
extern const CageLimits picture_limits;

/* Returns: (transfer full): PNG; NULL with PLICO_ERROR_INPUT where the page could not be drawn */
GBytes *picture_read(GVariant *record, GError **error);

/* PNG of @width by @height dots in shades of grey. Returns: (transfer full) */
GBytes *picture_of_grey(guint width, guint height, const guchar *dots);

#endif

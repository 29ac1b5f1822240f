/* The registry of a rehearsal: the shipped sample, and towns made after it where more are wanted. */
#ifndef PLICO_REHEARSE_TOWNS_H
#define PLICO_REHEARSE_TOWNS_H

#include <glib.h>

#define TOWNS_MAX 12000 /* cadastral codes N000-Y999, which no town has, and the sample */

/* Writes @units towns to @path as plico's own CSV, with .example addresses only. Up to the size of the sample they are
 * real towns from all over it; the others are named after these, with sizes distributed as in the country (30 in 100
 * above 5,000 inhabitants). */
gboolean towns_write(guint units, guint64 seed, const char *path, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif

/* Small things about UTF-8 text that GLib does not have. */
#ifndef PLICO_BASE_TEXT_H
#define PLICO_BASE_TEXT_H

#include <glib.h>

/* The form of a town's name for search: no case, accents, apostrophes, hyphens or double blanks, so that
 * "Staletti'", "Stalettì" and "STALETTI" meet. Returns: (transfer full) */
char *text_fold(const char *utf8);

/* @utf8 as an ASCII file name part: "Cantù" -> "cantu". Never empty, never a path. Returns: (transfer full) */
char *text_slug(const char *utf8);

/* @bytes as UTF-8 for showing: invalid bytes and control characters but \n and \t become U+FFFD, at most @limit
 * characters. Returns: (transfer full) */
char *text_printable(const char *bytes, gssize size, gsize limit);

/* @text with each {name} replaced by the value that follows the name; all its names must be given. Values stand as they
 * are. Returns: (transfer full) */
char *text_fill(const char *text, ...) G_GNUC_NULL_TERMINATED;

/* 7.896 and 12,2%, as Italians write them; the share of nothing is "". Returns: (transfer full) */
char *text_number(gint64 number);
char *text_percent(gint64 part, gint64 whole);

#endif

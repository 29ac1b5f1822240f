/* Numbers and texts as PDF writes them (ISO 32000-1, 7.3), put at the end of a buffer. */
#ifndef PLICO_LAYOUT_SYNTAX_H
#define PLICO_LAYOUT_SYNTAX_H

#include <glib.h>

/* A text string (7.9.2.2): "(ASCII)" where nothing in it has a meaning in PDF, otherwise UTF-16BE in hexadecimal.
 * @utf8: anything; what is not UTF-8 becomes U+FFFD. */
void syntax_put_text(GString *out, const char *utf8);
void syntax_put_hex(GString *out, const guint8 *bytes, gsize size);
/* Room for @size bytes behind what is there, of which g_string_truncate() gives back what was not used. */
char *syntax_grow(GString *out, gsize size);
/* Four hexadecimal digits at @at: one code of what Identity-H fonts show. Returns the end. */
char *syntax_code(char *at, guint16 code);
/* The same at the end of @out. */
void syntax_put_code(GString *out, guint16 code);
/* A decimal number with at most two digits behind the point, and a blank. */
void syntax_put_number(GString *out, double number);
void syntax_put_int(GString *out, gint64 number);

#endif

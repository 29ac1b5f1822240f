/* A text with holes, cut once and filled many times. */
#ifndef PLICO_LAYOUT_PATTERN_H
#define PLICO_LAYOUT_PATTERN_H

#include <glib.h>

typedef struct Pattern Pattern;

/* The character that stands for hole @i in the text that a pattern is made of: private use, U+E000 + @i. As UTF-8. */
#define PATTERN_HOLES 16
const char *pattern_hole(guint i);
/* Returns: (transfer full) */
Pattern *pattern_new(const char *text);
void pattern_free(Pattern *pattern);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pattern, pattern_free)

/* Appends the text with @values[i] in hole i, put in by @put. */
typedef void (*PatternPut)(GString *out, const char *value);
void pattern_fill(const Pattern *pattern, GString *out, const char *const *values, PatternPut put);
/* As it is: for texts that are escaped later. A PatternPut. */
void pattern_put_plain(GString *out, const char *value);
/* Escaped for XML, control characters as blanks. A PatternPut. */
void pattern_put_markup(GString *out, const char *value);

#endif

/*
 * Faces, styles, and how wide texts in them are: from a table made of the fonts when the program is built, so that a text can
 * be laid out where nothing is drawn.
 */
#ifndef PLICO_LAYOUT_MEASURE_H
#define PLICO_LAYOUT_MEASURE_H

#include <glib.h>

typedef enum { FACE_REGULAR, FACE_BOLD, FACE_MONO, FACES } Face;

typedef struct {
	double red;
	double green;
	double blue;
} Ink;

typedef struct {
	Face face;
	gboolean oblique; /* slanted: the families have no italic embedded */
	double size;
	double lead; /* from baseline to baseline */
	Ink ink;
} Style;

/* Which characters of a face a file holds. */
typedef enum {
	REPERTOIRE_NONE,
	REPERTOIRE_CODE, /* capitals and digits: an access code */
	REPERTOIRE_ASCII,
	REPERTOIRE_WESTERN, /* what Italian, German and French need */
	REPERTOIRE_ALL
} Repertoire;

/* Whether @text can be drawn whole; @missing: (out) the first character that no font has. */
gboolean measure_can_draw(const char *text, gunichar *missing);
/* @text with what the fonts do not have as its base letter, or as "?". Returns: (transfer full) */
char *measure_drawable(const char *text);
/* The smallest repertoire that @text, a drawable one, needs. */
Repertoire measure_repertoire(const char *text);
/* All characters of @repertoire. Returns: (transfer full) */
char *measure_characters(Repertoire repertoire);

double measure_width(const Style *style, const char *text);
/* Of @size bytes of a drawable text. */
double measure_part(const Style *style, const char *text, gsize size);
/* @text in lines of at most @width; breaks at blanks, after / and -, at last within a word; line feeds stand.
 * Returns: (transfer full), at least one line */
char **measure_wrap(const Style *style, const char *text, double width);
/* @text, cut with an ellipsis where it is wider than @width. Returns: (transfer full) */
char *measure_clip(const Style *style, const char *text, double width);

#endif

/*
 * The column of a document before it is cut into pages. Whatever is to be drawn is first laid out in strips: marks at
 * places (x from the page's left edge, y from the strip's top), and a height. The galley then finds where pages end, and paints.
 */
#ifndef PLICO_LAYOUT_GALLEY_H
#define PLICO_LAYOUT_GALLEY_H

#include "layout/look.h"
#include "layout/qr.h"

typedef enum { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT } Align;

typedef struct Mark Mark;
typedef struct StripSum StripSum;

typedef struct Strip {
	GArray *marks; /* of Mark */
	double before; /* blank above it, but not at the top of a page */
	double height;
	gboolean keep;	   /* no page ends behind it */
	gboolean joined;   /* nor before it */
	gboolean personal; /* so is what is added now: galley_paint() leaves a hole for it */
	gboolean aside;	   /* a line runs down its left side: it depends on another answer */
	const char *
	    lang; /* (nullable) of the elements that are added now, where it is not the document's */
	guint
	    block; /* strips of one block stay together where that leaves no large hole, and are one Sect; 0: alone */
	const struct Strip *head; /* (nullable): comes again above it where it begins a page */
	StripSum *sum; /* (nullable): of one that several galleys have, which changes no more */
} Strip;

typedef struct Galley Galley;

/* Returns: (transfer full) */
Galley *galley_new(void);
void galley_free(Galley *galley);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Galley, galley_free)

/* Adds an empty strip at the end. Returns: (transfer none) */
Strip *galley_add(Galley *galley, double before);
/* An empty strip that stands nowhere by itself: a head. Returns: (transfer none) */
Strip *galley_add_head(Galley *galley);
/* The last strip, NULL in an empty galley. Returns: (transfer none) */
Strip *galley_last(const Galley *galley);
guint galley_length(const Galley *galley);
/* Returns: (transfer none) */
Strip *galley_strip(const Galley *galley, guint position);

/* The strips from @first on, for other galleys to take as they are: nobody changes them any more, and nothing in them is personal.
 * NULL where one of them may have to be cut on pages of @height. Returns: (transfer full) (nullable): of Strip */
GPtrArray *galley_keep(const Galley *galley, guint first, double height);
void galley_add_kept(Galley *galley, const GPtrArray *strips);

/* A wrapped text of structure type @tag (static; NULL: no element of its own, it belongs to the artifacts), whose top
 * left corner is @x, @y. The strip grows to hold it. Returns its height. */
double strip_text(Strip *strip, const char *tag, const Style *style, Align align, double x,
    double y, double width, const char *text);
/* The height that strip_text() would give. */
double strip_text_height(const Style *style, double width, const char *text);
/* The same in pieces: a structure element, and in it words of several styles. @y: of the baseline. */
void strip_begin(Strip *strip, const char *tag);
void strip_end(Strip *strip);
void strip_word(Strip *strip, const Style *style, double x, double y, const char *text);
/* A line that runs upwards from @y; @x: of the baseline. */
void strip_word_upright(Strip *strip, const Style *style, double x, double y, const char *text);
void strip_fill(Strip *strip, Ink ink, Box box);
void strip_frame(Strip *strip, Ink ink, double line, Box box);
void strip_ring(Strip *strip, Ink ink, double line, Box box);
void strip_line(Strip *strip, Ink ink, double line, double x1, double y1, double x2, double y2);
/* The quiet zone is inside @box. In what is personal only. */
void strip_qr(Strip *strip, Box box, const QrCode *code);
/* A field whose box is @box. @widget: (transfer full). */
void strip_widget(Strip *strip, Box box, Widget *widget);
/* Structure elements of type @tag (static) around what follows, over strips. */
void strip_open(Strip *strip, const char *tag);
void strip_close(Strip *strip);

/* Cuts the column into pages whose body reaches from @top to @bottom. Blocks stay whole where
 * they can and blanks are ample, unless a page is saved otherwise. A strip higher than a page goes on on the next one,
 * where that cuts no line of its text. Returns how many. */
guint galley_cut(Galley *galley, double top, double bottom);

/* Draws what stands around the body of one page, on it. */
typedef void (*GalleyFrame)(Canvas *canvas, guint page, guint pages, gpointer data);

/* Paints all pages after galley_cut(). What is personal stays empty: its marked content is reserved, and each run of it
 * on a page is a hole of the drawing. */
void galley_paint(const Galley *galley, Canvas *canvas, GalleyFrame frame, gpointer data);

/* --- what many documents share ------------------------------------------------------------------------ */

/* What galley_paint() draws, but for the frame, follows from this alone, apart from the process that runs: appended to
 * @key. @needs: raised to what the personal texts need of each face. */
void galley_sign(const Galley *galley, GString *key, Repertoire needs[FACES]);
/* Appends the content of each hole, of GString, to @holes: operators (ISO 32000-1, 8.2). @needs: as galley_sign() left it,
 * and as the faces were kept on the canvas. Texts get in as hexadecimal codes only. */
void galley_fill(const Galley *galley, const Repertoire needs[FACES], GPtrArray *holes);

#endif

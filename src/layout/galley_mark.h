/* What strips are made of. Private to galley*.c. */
#ifndef PLICO_LAYOUT_GALLEY_MARK_H
#define PLICO_LAYOUT_GALLEY_MARK_H

#include "base/sum.h"
#include "layout/galley.h"

typedef enum {
	MARK_BEGIN, /* of marked content */
	MARK_END,
	MARK_OPEN, /* of a structure element around others */
	MARK_CLOSE,
	MARK_TEXT,
	MARK_UPRIGHT,
	MARK_FILL,
	MARK_FRAME,
	MARK_RING,
	MARK_LINE,
	MARK_QR,
	MARK_WIDGET
} MarkKind;

struct Mark {
	MarkKind kind;
	Box box; /* a line ends at x + width, y + height; text begins at x, its baseline is y */
	const char *tag;
	const char *lang; /* (nullable) of the element */
	const Style *style;
	char *text;
	Ink ink;
	double line;
	Widget *widget;
	QrCode *qr;
	gboolean personal;
};

/* What a strip is to the key of a document, and to the holes in it. */
struct StripSum {
	guint8 digest[SUM_SIZE]; /* of all that is drawn, as it lies in the strip */
	guint contents;		 /* marked contents that begin in it */
	gboolean ends_hole;
};

typedef struct {
	const Strip *strip;
	guint page;
	double y;
	double above;	/* how far up the line of an aside reaches */
	gboolean again; /* a repeated head: decoration */
} Place;

struct Galley {
	GPtrArray *strips; /* of Strip */
	GPtrArray *heads;  /* of Strip */
	GArray *places;	   /* of Place */
	guint pages;
	double spacing;
	double hole;
};

/* Whether the mark is drawn; the others are structure. */
static inline gboolean
mark_is_shape(const Mark *mark)
{
	return mark->kind >= MARK_TEXT && mark->kind != MARK_WIDGET;
}

/* Whether it is in a hole. Elements around others have no content of their own. */
static inline gboolean
mark_is_personal(const Mark *mark)
{
	return mark->personal && mark->kind != MARK_OPEN && mark->kind != MARK_CLOSE;
}

/* A hole ends where something else is drawn on the page, or begins to be. */
static inline gboolean
mark_ends_hole(const Mark *mark)
{
	return mark_is_shape(mark) || mark->kind == MARK_BEGIN;
}

/* Counted by references. Returns: (transfer full) */
Strip *strip_new(void);
void strip_unref(Strip *strip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Strip, strip_unref)

/* galley_split.c: replaces those of @strips that are too high for a @page by pieces, between lines of text. */
void galley_split_tall(GPtrArray *strips, double page);
/* Whether it would do that. */
gboolean strip_is_tall(const Strip *strip, double page);

/* galley_personal.c. Returns: (transfer full) */
StripSum *strip_sum(const Strip *strip);

#endif

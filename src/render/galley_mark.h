/* What strips are made of. Private to galley*.c. */
#ifndef PLICO_RENDER_GALLEY_MARK_H
#define PLICO_RENDER_GALLEY_MARK_H

#include "render/galley.h"

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
	GBytes *modules;
	guint side;
};

Strip *strip_new(void);
void strip_free(Strip *strip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Strip, strip_free)

/* galley_split.c: replaces those of @strips that are too high for a @page by pieces, between lines of text. */
void galley_split_tall(GPtrArray *strips, double page);

#endif

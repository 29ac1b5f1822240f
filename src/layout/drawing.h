/*
 * What drawing a sheet leaves behind beside its pages: the fields that lie on them and the order in which they are to
 * be read. The form (pdf/template.c) is made from this record; it is the seam between libhpdf and mupdf.
 */
#ifndef PLICO_LAYOUT_DRAWING_H
#define PLICO_LAYOUT_DRAWING_H

#include "form/form.h"

/* A rectangle in points (1/72 inch), from the page's top left corner, downwards. */
typedef struct {
	double x;
	double y;
	double width;
	double height;
} Box;

/* One widget. A radio group is the run of radio widgets with the same name. */
typedef struct {
	char *name; /* of the field: ASCII [A-Za-z0-9_] */
	FieldKind kind;
	char *on;	  /* export name of a button; "" otherwise */
	char *tip;	  /* what the field asks, for tooltips and screen readers; UTF-8 */
	char *group_tip;  /* of a radio group; "" otherwise */
	guint max_length; /* of text; 0: no limit */
	guint positions;  /* of a combo: 1..N */
	gboolean quiet;	  /* of text: shows, in grey, what nobody can change */
	guint page;	  /* from 0 */
	Box box;
} Widget;

/* A piece of the page in reading order (ISO 32000-1, 14.7): a structure element that holds one run of marked content,
 * one widget, or other blocks. */
typedef struct {
	const char *
	    tag; /* standard structure type (14.8.4), static; "L Decimal" is a list with that ListNumbering */
	int parent; /* position in Drawing.blocks; -1: the document */
	guint page;
	int mcid;   /* marked content of the page; -1: none */
	int widget; /* position in Drawing.widgets; -1: none */
	/* (nullable) language of what it holds where that is not the document's ("it", interned): its /Lang (14.9.2) */
	const char *lang;
} Block;

/* Stands in the content of a page where something is drawn later: a comment, on a line of its own. */
#define DRAWING_HOLE "%hole\n"

typedef struct {
	guint pages;
	GPtrArray *widgets; /* of Widget */
	GArray *blocks;	    /* of Block */
	GArray *holes;	    /* of guint: the page of each, in their order */
} Drawing;

Widget *widget_new(FieldKind kind, const char *name, const char *on, const char *tip);
Widget *widget_copy(const Widget *widget);
void widget_free(Widget *widget);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Widget, widget_free)

#endif

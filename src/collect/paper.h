/*
 * Sheets that came back on paper, or as good as: scanned, photographed, or printed to a file without their fields. A page is known by
 * its QR, or where none can be read by the code in letters at its foot; squared by its four corner marks, and numbered by its page
 * mark (layout/page_marks.h); what stands in its fields is read at the places that they have on the sheet as it was sent. Writing by
 * hand is never read. Private to collect/.
 *
 * All of this runs in the cage, one page at a time.
 */
#ifndef PLICO_COLLECT_PAPER_H
#define PLICO_COLLECT_PAPER_H

#include "collect/collect.h"

#define PAPER_RESOLUTION	150.0 /* dots per inch; the QR is made to be read at that */
#define PAPER_SIDE		2000  /* dots, at most */
#define PAPER_SQUARE_RESOLUTION 120.0 /* of pages that a person reads */
#define PAPER_SQUARE_WIDTH	992
#define PAPER_SQUARE_HEIGHT	1403
#define PAPER_CORNERS		8 /* numbers: x and y of four */
#define PAPER_CODES_MOST	8 /* QR on one page */
#define PAPER_WIDTH		595.28
#define PAPER_HEIGHT		841.89

typedef struct {
	double x;
	double y;
} Spot;

typedef struct {
	double x0, y0, x1, y1; /* downwards */
} Area;

/* A picture in shades of grey, 255 is white; rows without gaps. */
typedef struct {
	guint width;
	guint height;
	guchar *at;
} Grey;

void grey_free(Grey *grey);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Grey, grey_free)

/* --- the file (paper_file.c): a PDF, or a picture: JPEG, PNG, TIFF ... ---------------------------------------- */

typedef struct PaperFile PaperFile;

/* Returns: (transfer full) (nullable): NULL where it cannot be opened */
PaperFile *paper_open(GBytes *bytes);
void paper_close(PaperFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PaperFile, paper_close)

/* 0: none that can be drawn */
guint paper_count(PaperFile *file);

typedef enum {
	PAPER_ALL,     /* as a viewer shows it */
	PAPER_NO_TEXT, /* without what is text and no picture of text */
} PaperLayer;

/* Returns: (transfer full) (nullable) */
Grey *paper_draw(PaperFile *file, guint page, PaperLayer layer);

/* A character of a page. Places are dots of paper_draw(). */
typedef struct {
	gunichar c;
	Spot origin; /* on its baseline */
	Area box;
	double size; /* of its font */
} Letter;

typedef enum {
	TEXT_SEEN,     /* as a viewer shows it */
	TEXT_CONTENTS, /* of that, without what its fields and notes show */
	TEXT_HIDDEN    /* what a scanner has recognised too, which lies unseen behind its picture */
} PaperText;

/* The text of a page. Returns: (transfer full) (nullable): of Letter */
GArray *paper_letters(PaperFile *file, guint page, PaperText which);

/* A field as it lies on a sheet of ours. */
typedef struct {
	char *name;
	FieldKind kind;
	char *on;  /* of a button: its value when it is marked */
	Area area; /* points */
} PaperField;

/* Returns: (transfer full) (nullable): of PaperField; those that nobody sees are left out */
GPtrArray *paper_fields(PaperFile *file, guint page);

/* --- the QR (paper_code.c) ------------------------------------------------------------------------------------ */

typedef struct {
	char *text;
	Spot corners[4]; /* dots: as one reads the page, from the upper left one clockwise */
} PaperCode;

/* The QR of @grey whose text begins like ours. Returns: (transfer full): of PaperCode, at most PAPER_CODES_MOST */
GPtrArray *paper_codes(const Grey *grey);

/* --- the marks (paper_marks.c): pure -------------------------------------------------------------------------- */

/* From points of the sheet to dots of a picture of it: a projective map. */
typedef struct {
	double m[9];
	double scale; /* dots of a point, about */
	guchar black; /* of the marks */
	guchar white; /* of the paper */
} PaperMap;

/* By the four corner marks, for which @corners of its QR say where to look. FALSE: they are not all there, or do not fit each other. */
gboolean paper_map_find(const Grey *grey, const Spot corners[4], PaperMap *out);
/* The map and what the page mark says. @corners: all 0 where no QR was read; then the page is taken to fill the picture, any way up, as
 * scanners and printing programs leave it. FALSE: it has not all of our marks. */
gboolean paper_map_both(
    const Grey *grey, const Spot corners[4], PaperMap *out, guint *section, guint *page);
Spot paper_map_place(const PaperMap *map, double x, double y);
/* The page mark. FALSE: there is none that can be read. */
gboolean paper_map_page(const Grey *grey, const PaperMap *map, guint *section, guint *page);
/* The shade about a place, between its four dots; white outside. */
guchar grey_between(const Grey *grey, Spot spot);
/* How much of @area (points) is dark, from 0 to 1. */
double paper_map_darkness(const Grey *grey, const PaperMap *map, Area area);
/* The same by fewer dots. */
double paper_map_shade(const Grey *grey, const PaperMap *map, Area area);
/* About the darkest dot in @area (points), from 0 to 1. */
double paper_map_darkest(const Grey *grey, const PaperMap *map, Area area);

/* --- the page (paper_read.c) ---------------------------------------------------------------------------------- */

typedef struct {
	char *name;
	gboolean certain;
	char *value; /* "" where uncertain */
} PaperValue;

/* What was read of one page. */
typedef struct {
	guint
	    page; /* which of the sheet's it is, from 1; 0: cannot be told, then the rest is empty */
	guint count;	   /* how many the sheet has */
	gboolean ours;	   /* what is printed on the sheet stands at its place */
	gboolean drawn;	   /* it was read from text, not from a picture */
	gboolean beside;   /* something is written beside the fields */
	GPtrArray *values; /* of PaperValue */
} PaperRead;

PaperRead *paper_read_new(void);
void paper_read_free(PaperRead *read);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PaperRead, paper_read_free)
void paper_read_add(PaperRead *read, const char *name, gboolean certain, const char *value);

/* Page @number (from 0) of @file, on which the QR at @corners is (paper_map_both()), beside @sheet, as it was sent. */
void paper_read(
    PaperFile *sheet, PaperFile *file, guint number, const Spot corners[4], PaperRead *out);

/* --- the tasks: paper_task.c in the cage, paper.c for who asks ------------------------------------------------ */

/* How many pages @bytes has, and what is on page @number (from 0). @page: (out) (transfer full) (nullable): NULL where it cannot be
 * drawn. FALSE only where the cage fails. */
gboolean paper_look(GBytes *bytes, guint number, guint *count, PaperPage **page, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The records of both tasks as the parent reads them: nothing in them is believed. NULL, FALSE: not in order. */
#define PAPER_LOOK_RECORD   G_VARIANT_TYPE("(ubbba(sad))")
#define PAPER_SQUARE_RECORD G_VARIANT_TYPE("(uaya(sdddd))")
#define PAPER_READ_RECORD   G_VARIANT_TYPE("(uubbba(sbs))")
gboolean paper_look_record(GVariant *record, guint *count, PaperPage *page);
PaperRead *paper_read_record(GVariant *record);

/* What goes to the second with its input, in which this many bytes of the sheet stand before the file that came back. */
typedef struct {
	guint64 sheet;
	guint number;
	double corners[PAPER_CORNERS];
} PaperReadTask;

/* --- texts (paper_text.c): pure ------------------------------------------------------------------------------- */

/* What a page's text says that the sheet's does not:
 * takes away from @letters what is @printed (points), and blanks. FALSE: that is not all there. */
gboolean paper_match(const PaperMap *map, const GArray *printed, GArray *letters);
/* The text in a field: takes those that lie in @area (dots), which is a little larger than the field, out of @letters. @lines: it may
 * have several. Line ends and blanks are as they look: what a program has broken is not told from what a person has.
 * Returns: (transfer full) (nullable): NULL where it cannot be told for certain */
char *paper_text(GArray *letters, Area area, gboolean lines);
/* The words of @letters that look like the code at the foot of our pages (sheet_code_short()): what is between two blanks, whichever way
 * it runs. Returns: (transfer full): of char *, at most PAPER_CODES_MOST, none twice */
GPtrArray *paper_text_codes(const GArray *letters);

#endif

/*
 * From drawn pages to a fillable form, and from a form to one unit's sheet. mupdf is behind it and no
 * object of it leaves the room.
 */
#ifndef PLICO_PDF_PDF_H
#define PLICO_PDF_PDF_H

#include "layout/layout.h"

typedef struct PdfMaker PdfMaker;
typedef struct PdfTemplate PdfTemplate;

/* One mupdf context and the font of texts written in later. One thread at a time. Returns: (transfer full) */
PdfMaker *pdf_maker_new(GError **error);
void pdf_maker_free(PdfMaker *maker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdfMaker, pdf_maker_free)

/* Where a form XObject shows, in points. */
typedef struct {
	const char *name; /* resource name, static; NULL: there is no such place */
	double width;
	double height;
} PdfPlace;

typedef enum { PLACE_OF_NAME, PLACE_OF_FOOT, PLACE_OF_QR, PLACES } PdfPlaces;

typedef struct {
	const char *title;
	const char *author;
	const char *lang; /* BCP 47 */
	PdfPlace places[PLACES];
} PdfAbout;

/* Adds to @pages (a file of libhpdf, drawn as @drawing says) the form, the structure tree and the metadata.
 * Returns: (transfer full) */
PdfTemplate *pdf_template_new(
    PdfMaker *maker, GBytes *pages, const Drawing *drawing, const PdfAbout *about, GError **error);
void pdf_template_free(PdfTemplate *template);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdfTemplate, pdf_template_free)

/* The blank file that all units share: the beginning of every sheet. Returns: (transfer none) */
GBytes *pdf_template_bytes(const PdfTemplate *template);

/* The same for a document without fields, in which the drawing's holes stay open: the letters that share all the rest.
 * Returns: (transfer full) */
PdfTemplate *pdf_template_holed(
    PdfMaker *maker, GBytes *pages, const Drawing *drawing, const PdfAbout *about, GError **error);

/* What fills them, as an incremental update. @title: (nullable): as the template's; @contents: of GString, operators for each
 * hole. Equal input gives equal bytes. Returns: (transfer full) */
GBytes *pdf_template_fill(
    PdfMaker *maker, const PdfTemplate *template, const char *title, const GPtrArray *contents);

/* The same for a document without fields and holes: a summary. Returns: (transfer full) */
GBytes *pdf_finish(
    PdfMaker *maker, GBytes *pages, const Drawing *drawing, const PdfAbout *about, GError **error);

typedef struct {
	const SheetId *id;
	const char *title; /* of the document */
	const char *name;  /* shown below the band */
	const char *foot;  /* shown at the bottom */
	const QrCode *qr;
} PdfUnit;

/* What makes of the template one unit's sheet: an incremental update (ISO 32000-1, 7.5.6) with identity, texts and
 * @values (nullable); it follows pdf_template_bytes(). Equal input gives equal bytes. Returns: (transfer full) */
GBytes *pdf_template_personalise(PdfMaker *maker, const PdfTemplate *template, const PdfUnit *unit,
    const FieldSet *values, GError **error);

/* Writes @values into a sheet as a viewer would, for render_fill(). Returns: (transfer full) */
GBytes *pdf_fill(PdfMaker *maker, GBytes *pdf, const FieldSet *values, GError **error);

#endif

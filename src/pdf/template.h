/* A template among the files that make and use it. */
#ifndef PLICO_PDF_TEMPLATE_H
#define PLICO_PDF_TEMPLATE_H

#include "pdf/mupdf.h"

#define IDENTITY_FIELDS 8

/* FIELD_VERSION ... FIELD_TAG, in the order of SheetId. */
extern const char *const pdf_identity_fields[IDENTITY_FIELDS];

typedef struct PdfPersonal PdfPersonal;
typedef struct PdfHoles PdfHoles;

struct PdfTemplate {
	GBytes *bytes;
	PdfPersonal *personal; /* of a sheet's: personal.h */
	PdfHoles *holes;       /* of a letter's */
	char *id;	       /* of pdf_pack() */
	char *lang;
	char *author;
	double widths[PLACES];
	double heights[PLACES];
	/* numbers of the objects that change */
	int info;
	int metadata;
	int places[PLACES];
	int identity[IDENTITY_FIELDS];
};

/* The state of making one. */
typedef struct {
	fz_context *ctx;
	PdfMaker *maker;
	pdf_document *doc;
	const Drawing *drawing;
	const PdfAbout *about;
	gboolean fillable; /* a sheet */
	PdfTemplate *template;
	int *pages;	   /* object numbers */
	pdf_obj *fields;   /* borrowed: AcroForm/Fields */
	int own;	   /* the embedded font */
	int *widgets;	   /* object numbers, as in drawing->widgets */
	GHashTable *forms; /* shared appearance streams and dictionaries: key -> object number */
	GHashTable *fonts; /* numbers of those that are repaired */
} PdfBuild;

/* Makes the pages' fonts sound and small, each of them once: fonts.c. Sets build->own. */
void pdf_repair_fonts(PdfBuild *build);
/* Fields and their widgets: fields.c */
void pdf_add_fields(PdfBuild *build);
/* Cuts the pages' contents at the holes (7.8.2): holes.c. What updates of the template then need to know of its file is
 * read from that. */
void pdf_cut_holes(PdfBuild *build);
gboolean pdf_read_holes(PdfMaker *maker, PdfTemplate *template, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void pdf_holes_free(PdfHoles *holes);
/* The structure tree (ISO 32000-1, 14.7): structure.c */
void pdf_add_structure(PdfBuild *build);
/* XMP (ISO 16684-1) of the template (@unit NULL) or of a unit's sheet. Returns: (transfer full) */
char *pdf_xmp(const PdfAbout *about, const PdfUnit *unit);

#endif

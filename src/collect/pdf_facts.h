/*
 * What was seen in a PDF, one bit a fact, and what follows from it. The child finds the facts, the parent decides.
 */
#ifndef PLICO_COLLECT_PDF_FACTS_H
#define PLICO_COLLECT_PDF_FACTS_H

#include "collect/collect.h"

typedef enum {
	PDF_FACT_HEAP = 1 << 0,	      /* mupdf asked for more memory than it may have */
	PDF_FACT_LONG = 1 << 1,	      /* a name or value, or all of them, are too long */
	PDF_FACT_OBJECTS = 1 << 2,    /* more objects than allowed */
	PDF_FACT_FIELDS = 1 << 3,     /* more fields and widgets than allowed */
	PDF_FACT_LOOP = 1 << 4,	      /* fields that contain themselves, or nested too deep */
	PDF_FACT_PASSWORD = 1 << 5,   /* cannot be opened without a password */
	PDF_FACT_BROKEN = 1 << 6,     /* mupdf gave up */
	PDF_FACT_XFA = 1 << 7,	      /* an XFA form: what a viewer shows is not in the fields */
	PDF_FACT_TWO_FILES = 1 << 8,  /* a second header: readers differ in which file they show */
	PDF_FACT_LONG_TAIL = 1 << 9,  /* much behind the last %%EOF */
	PDF_FACT_DIFFERENT = 1 << 10, /* one name, different values */
	PDF_FACT_ODD_VALUE = 1 << 11, /* a value that is a stream or dictionary */
	PDF_FACT_NO_FIELDS = 1 << 12, /* no form */
	PDF_FACT_REPAIRED = 1 << 13,  /* mupdf rebuilt its table of objects */
	PDF_FACT_TAIL = 1 << 14,      /* something behind the last %%EOF */
	PDF_FACT_NO_END = 1 << 15,    /* no %%EOF at all */
	PDF_FACT_PREFIX = 1 << 16,    /* something before the header */
	PDF_FACT_DOUBLED = 1 << 17,   /* one name twice, equal values */
	PDF_FACT_BUTTON = 1 << 18,    /* a button whose value is not the one it shows */
	PDF_FACT_VERSIONS = 1 << 19,  /* saved more often than an honest user does */
	PDF_FACT_WARNED = 1 << 20     /* mupdf complained */
} PdfFact;

typedef struct {
	guint facts;	  /* PdfFact */
	char *note;	  /* the first name or complaint that explains a fact, or NULL */
	FieldSet *fields; /* empty where they could not be read */
} PdfRead;

PdfRead *pdf_read_new(void);
void pdf_read_free(PdfRead *read);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdfRead, pdf_read_free)

/* Adds @fact; the first @note (nullable) is kept. */
void pdf_read_add(PdfRead *read, PdfFact fact, const char *note);

/* What the bytes alone say: header, tail, a second file. */
void pdf_outline(GBytes *pdf, PdfRead *read);

/* In the keeper, once: mupdf's tables, half a megabyte of nothing, which every child would have to clear for itself. */
void pdf_prepare(void);

/* What mupdf says: fields and facts. Runs in the cage. */
void pdf_extract(GBytes *pdf, PdfRead *read);

/* The verdict rule: sets @pdf's verdict, reason and detail from @facts and @note. */
void pdf_judge(guint facts, const char *note, CollectedPdf *pdf);

/* Whether it can be drawn and has no fields. */
gboolean pdf_is_formless(guint facts);

#endif

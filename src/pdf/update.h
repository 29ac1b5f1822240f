/*
 * An incremental update (ISO 32000-1, 7.5.6) written by hand: what changes in a file that is there already, with a
 * cross-reference stream as that file has. mupdf reads a template once (compile.h); after that each update is only
 * text put into one buffer.
 *
 * Two kinds of text get into it and are not to be mixed up: fixed text, which is PDF syntax from this program or from
 * the template, and data, which passes through syntax_put_text(), syntax_put_hex() or a Pattern that escapes.
 */
#ifndef PLICO_PDF_UPDATE_H
#define PLICO_PDF_UPDATE_H

#include "layout/layout.h"

#define PDF_ID_SIZE 16 /* bytes of each half of /ID (ISO 32000-1, 14.4) */

/* What an update must know of the file that it continues. */
typedef struct {
	gsize size;    /* bytes of the file: where the update begins */
	gint64 start;  /* of its last cross-reference stream */
	int count;     /* its /Size: the first number that is free */
	char *trailer; /* "<</Root 1 0 R/Info 3 0 R/ID[<...>": open before the second half of /ID */
} PdfBase;

void pdf_base_free(PdfBase *base);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdfBase, pdf_base_free)

/* A buffer for one update after the other. */
typedef struct PdfUpdate PdfUpdate;
PdfUpdate *update_new(void);
void update_free(PdfUpdate *update);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdfUpdate, update_free)

/* Empties the buffer. @base must stay until update_finish(). */
void update_begin(PdfUpdate *update, const PdfBase *base);

/* The number of an object that the file does not have yet. */
int update_add_number(PdfUpdate *update);

/* The object @num anew: "@num 0 obj" and @head, fixed text. Each number at most once. What follows goes to update_out(),
 * up to update_close(). */
void update_open(PdfUpdate *update, int num, const char *head);
void update_close(PdfUpdate *update);

/* A stream: @head is its dictionary, open at its end and without /Length and /Filter. What goes to update_out() up to
 * update_close_stream() is its content, which is not compressed. */
void update_open_stream(PdfUpdate *update, int num, const char *head);
void update_close_stream(PdfUpdate *update);

/* Where objects are written. Returns: (transfer none) */
GString *update_out(PdfUpdate *update);

/* Cross-reference stream and end. @id: second half of /ID, different for different files. Returns: (transfer none) the
 * update, up to the next update_begin(): with the file before it, the new file. @size: (out) */
const guint8 *update_finish(PdfUpdate *update, const guint8 id[PDF_ID_SIZE], gsize *size);

#endif

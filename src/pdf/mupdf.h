/* What the files of this room share. mupdf throws by longjmp: functions here that take a fz_context may throw, and are called
 * inside fz_try only. */
#ifndef PLICO_PDF_MUPDF_H
#define PLICO_PDF_MUPDF_H

#include "pdf/pdf.h"
#include "pdf/update.h"

#include <mupdf/fitz.h>
#include <mupdf/pdf.h>

typedef struct PdfGlyphs PdfGlyphs;

struct PdfMaker {
	fz_context *ctx;
	GBytes *font_file;
	PdfGlyphs *glyphs;
	PdfUpdate *update;
};

/* Name of the embedded font in the form's resources, and of the one that viewers write with. */
#define PDF_FONT_OWN	"Plico"
#define PDF_FONT_VIEWER "Helv"

/* FALSE with the error of the fz_catch() in which it is called. @what: the file or the act. */
gboolean pdf_caught(fz_context *ctx, GError **error, const char *what);

/* --- objects --------------------------------------------------------------------------------------------- */

/* A new indirect dictionary. @num: (out): its number. Returns: (transfer none), the document's */
pdf_obj *pdf_new_dict_object(fz_context *ctx, pdf_document *doc, int *num);
void pdf_put_ref(fz_context *ctx, pdf_obj *dict, const char *key, int num);
void pdf_push_ref(fz_context *ctx, pdf_obj *array, int num);
/* To the hundredth of a point: what is finer cannot be seen, and would be written again with each answer. */
float pdf_hundredths(double points);
/* A form XObject with @content (ISO 32000-1, 8.10). @font: number of a font named PDF_FONT_OWN in its resources, 0
 * without. Returns its number. */
int pdf_new_form(
    fz_context *ctx, pdf_document *doc, double width, double height, const char *content, int font);
/* Replaces the content of a stream object. */
void pdf_replace_stream(fz_context *ctx, pdf_document *doc, int num, const char *content);

/* --- files ----------------------------------------------------------------------------------------------- */

/* The whole document, objects in object streams (ISO 32000-1, 7.5.7) but for those that updates will change:
 * @plain, a set of numbers. mupdf 1.21 cannot write such streams. Appends to @out. @id: (out) (transfer full): SHA-256 of
 * all before the trailer, whose /ID is made of it. */
void pdf_pack(fz_context *ctx, pdf_document *doc, GHashTable *plain, GByteArray *out, char **id);
/* @before, the file that @doc was opened from, and an update with what changed since. Appends to @out. */
void pdf_append_update(fz_context *ctx, pdf_document *doc, GBytes *before, GByteArray *out);
/* Sets /ID (ISO 32000-1, 14.4) in a trailer: @first is kept from update to update, @last belongs to this one; 64
 * hexadecimal digits each, of which the first half counts. */
void pdf_put_id(fz_context *ctx, pdf_obj *trailer, const char *first, const char *last);

/* --- texts ----------------------------------------------------------------------------------------------- */

/* What texts in @font need: its widths and codes, for Identity-H and Unicode as codes. What the font does not have
 * becomes its base letter or "?". Returns: (transfer full) */
PdfGlyphs *pdf_glyphs_new(fz_context *ctx, fz_font *font);
void pdf_glyphs_free(PdfGlyphs *glyphs);
/* Width of @size bytes of @text (UTF-8) at size 1. */
double pdf_glyphs_width(const PdfGlyphs *glyphs, const char *text, gsize size);
/* Appends "<0041...>", what Tj shows. */
void pdf_glyphs_put(const PdfGlyphs *glyphs, GString *out, const char *text, gsize size);

/* Appends operators that show @text with PDF_FONT_OWN at the left of a place, in the largest size up to @size that fits,
 * then cut; only hexadecimal codes of it get into the content. */
void pdf_show_fitted(
    PdfMaker *maker, GString *content, double size, double width, double height, const char *text);

typedef struct {
	double width;
	double height;
	gboolean multiline;
	gboolean quiet; /* as Widget.quiet: grey, from the left edge, cut with an ellipsis */
	const char *value;
} PdfFieldText;

/* Appends the content of a text field's appearance (12.7.3.3). */
void pdf_put_field_text(PdfMaker *maker, GString *content, const PdfFieldText *field);

/* Writes @values into the fields of an open document. Unknown names and values throw. */
void pdf_fill_fields(PdfMaker *maker, pdf_document *doc, const FieldSet *values);

#endif

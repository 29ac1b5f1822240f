/* Texts written into a finished file, in its embedded fonts: widths and codes from a table, without mupdf. */
#include "pdf/mupdf.h"
#include "pdf/update.h"

#include <string.h>

#define FIELD_SIZE  10.0 /* of the text in a field */
#define FIELD_LEAD  11.6
#define FIELD_INSET 2.0
#define QUIET_SIZE  8.5 /* of what stands beside a question, and its grey: style_hint */
#define QUIET_INK   "0.33 g\n"

#define TABLE_SIZE                                                                                 \
	0x2800 /* the fonts' glyphs lie below; what is above becomes its base letter or "?" */

typedef struct {
	guint16 code; /* shown for the character of this position; 0: not looked up */
	float width;  /* of @code, at size 1 */
} Glyph;

struct PdfGlyphs {
	Glyph table[TABLE_SIZE];
};

PdfGlyphs *
pdf_glyphs_new(fz_context *ctx, fz_font *font)
{
	PdfGlyphs *glyphs = g_new0(PdfGlyphs, 1);

	fz_var(glyphs);
	fz_try(ctx)
	{
		for (gunichar c = 1; c < TABLE_SIZE; c++) {
			int glyph = fz_encode_character(ctx, font, (int)c);

			if (glyph <= 0)
				continue;
			glyphs->table[c].code = (guint16)c;
			glyphs->table[c].width = fz_advance_glyph(ctx, font, glyph, 0);
		}
	}
	fz_catch(ctx)
	{
		g_free(glyphs);
		fz_rethrow(ctx);
	}
	return glyphs;
}

void
pdf_glyphs_free(PdfGlyphs *glyphs)
{
	g_free(glyphs);
}

/* What the font shows for @c: itself, its base letter, or "?". */
static const Glyph *
glyph_of(const PdfGlyphs *glyphs, gunichar c)
{
	gunichar base[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];

	if (c < TABLE_SIZE && glyphs->table[c].code != 0)
		return &glyphs->table[c];
	(void)g_unichar_fully_decompose(c, TRUE, base, G_N_ELEMENTS(base));
	if (base[0] < TABLE_SIZE && glyphs->table[base[0]].code != 0)
		return &glyphs->table[base[0]];
	return &glyphs->table['?'];
}

double
pdf_glyphs_width(const PdfGlyphs *glyphs, const char *text, gsize size)
{
	double width = 0;

	for (const char *at = text; at < text + size; at = g_utf8_next_char(at))
		width += (double)glyph_of(glyphs, g_utf8_get_char(at))->width;
	return width;
}

void
pdf_glyphs_put(const PdfGlyphs *glyphs, GString *out, const char *text, gsize size)
{
	char *at = syntax_grow(out, 4 * size + 2);

	*at++ = '<';
	for (const char *from = text; from < text + size; from = g_utf8_next_char(from))
		at = syntax_code(at, glyph_of(glyphs, g_utf8_get_char(from))->code);
	*at++ = '>';
	g_string_truncate(out, (gsize)(at - out->str));
}

static void
show(PdfMaker *maker, GString *content, double size, double x, double y, const char *text,
    gsize length)
{
	g_string_append(content, "BT /" PDF_FONT_OWN " ");
	syntax_put_number(content, size);
	g_string_append(content, "Tf 1 0 0 1 ");
	syntax_put_number(content, x);
	syntax_put_number(content, y);
	g_string_append(content, "Tm ");
	pdf_glyphs_put(maker->glyphs, content, text, length);
	g_string_append(content, " Tj ET\n");
}

/* The largest size up to @size and not below 0.7 of it, in steps of a quarter, at which @width at size 1 fits. */
static double
fitting_size(double size, double width, double most)
{
	double least = size * 0.7;

	while (size > least && width * size > most)
		size -= 0.25;
	return size;
}

/* How many bytes of @text leave room for an ellipsis. */
static gsize
fitting_length(const PdfGlyphs *glyphs, const char *text, double most)
{
	gsize length = strlen(text);

	most -= pdf_glyphs_width(glyphs, "…", strlen("…"));
	while (length > 0 && pdf_glyphs_width(glyphs, text, length) > most)
		length = (gsize)(g_utf8_prev_char(text + length) - text);
	return length;
}

/* @text on one line of @width, cut with an ellipsis where it is longer. */
static void
show_cut(
    PdfMaker *maker, GString *content, double size, double width, double height, const char *text)
{
	g_autofree char *cut = NULL;

	if (pdf_glyphs_width(maker->glyphs, text, strlen(text)) * size > width) {
		gsize length = fitting_length(maker->glyphs, text, width / size);

		cut = g_strdup_printf("%.*s…", (int)length, text);
		text = cut;
	}
	show(maker, content, size, 0, (height - size * 0.72) / 2, text, strlen(text));
}

void
pdf_show_fitted(
    PdfMaker *maker, GString *content, double size, double width, double height, const char *text)
{
	double natural = pdf_glyphs_width(maker->glyphs, text, strlen(text));

	show_cut(maker, content, fitting_size(size, natural, width), width, height, text);
}

/* --- fields -------------------------------------------------------------------------------------------- */

/* How much of @text goes on a line of @width. */
static gsize
line_length(const PdfGlyphs *glyphs, const char *text, double width)
{
	gsize end = strcspn(text, "\n");
	gsize fits = 0;

	for (gsize i = 0; i <= end; i++) {
		if (i < end && text[i] != ' ')
			continue;
		if (fits > 0 && pdf_glyphs_width(glyphs, text, i) * FIELD_SIZE > width)
			break;
		fits = i;
	}
	return fits;
}

static void
show_lines(PdfMaker *maker, GString *content, const PdfFieldText *field)
{
	double y = field->height - FIELD_INSET - FIELD_SIZE;
	const char *text = field->value;

	while (*text != '\0') {
		gsize size = line_length(maker->glyphs, text, field->width - 2 * FIELD_INSET);

		show(maker, content, FIELD_SIZE, FIELD_INSET, y, text, size);
		text += size;
		text += *text == ' ' || *text == '\n';
		y -= FIELD_LEAD;
	}
}

void
pdf_put_field_text(PdfMaker *maker, GString *content, const PdfFieldText *field)
{
	if (field->quiet) {
		g_string_append(content, "/Tx BMC q " QUIET_INK);
		show_cut(maker, content, QUIET_SIZE, field->width, field->height, field->value);
		g_string_append(content, "Q EMC\n");
		return;
	}
	g_string_append(content, "/Tx BMC q 1 1 ");
	syntax_put_number(content, field->width - 2);
	syntax_put_number(content, field->height - 2);
	g_string_append(content, "re W n 0 g\n");
	if (field->multiline)
		show_lines(maker, content, field);
	else if (*field->value != '\0')
		show(maker, content, FIELD_SIZE, FIELD_INSET,
		    (field->height - FIELD_SIZE * 0.72) / 2, field->value, strlen(field->value));
	g_string_append(content, "Q EMC\n");
}
